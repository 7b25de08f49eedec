//! Reading the files of a pack.

use std::collections::BTreeMap;

use thiserror::Error;

/// Why the files are no pack.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackError {
    #[error("{file} of the terms pack cannot be read: {problem}")]
    Syntax { file: &'static str, problem: String },
    #[error("{file} of the terms pack has {id} twice: remove one")]
    Twice { file: &'static str, id: String },
    #[error("{file} of the terms pack, row {row}: {problem}")]
    Row { file: &'static str, row: String, problem: String },
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(
    file: &'static str,
    text: &str,
) -> Result<T, PackError> {
    toml::from_str(text).map_err(|error| PackError::Syntax { file, problem: error.to_string() })
}

pub(crate) fn by_id<T>(
    file: &'static str,
    rows: Vec<T>,
    id: impl Fn(&T) -> String,
) -> Result<BTreeMap<String, T>, PackError> {
    let mut found = BTreeMap::new();
    for row in rows {
        let key = id(&row);
        if found.insert(key.clone(), row).is_some() {
            return Err(PackError::Twice { file, id: key });
        }
    }
    Ok(found)
}
