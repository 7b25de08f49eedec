//! What an entry says of a person, or rests on, and does not hold itself (42-3, A-38): it is
//! brought open, and stored as the name of a row under the key of its subject. The road
//! seals what an entry marks, before anything rests on it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Deserializer;
use serde::ser::{Error, Serializer};
use serde::{Deserialize, Serialize};

use crate::application::form::{CancellationForm, Person};
use crate::declare::ids::{ContractId, PersonId};

/// Something that is kept apart from the entry that brings it.
///
/// ```
/// use contract::declare::sealed::Sealed;
/// let kept: Sealed<String> = Sealed::row("K-1/contact/billing");
/// assert_eq!(serde_json::to_string(&kept).unwrap(), "\"K-1/contact/billing\"");
/// // What is open is stored nowhere.
/// assert!(serde_json::to_string(&Sealed::Open("髙﨑".to_owned())).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealed<T> {
    /// As it was brought.
    Open(T),
    /// The name of the row that holds it; empty where nothing is kept.
    Row(PersonId),
}

/// A file that shows what is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// 30-1: whoever signed a form, by name, perhaps with a title; and the sheet, where it
/// came as a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// None where the responsible person (利用責任者) is known to have brought it.
    pub signer: Option<String>,
    pub sheet: Option<File>,
}

/// What an entry marks, with what says where its row belongs.
pub enum Mark<'e> {
    /// 10-1, 30-2: whom to write to about a contract from now on, or from a later day.
    /// Where invoices go there, the accounting records keep it too (A-38).
    Contact { contract: ContractId, person: &'e mut Sealed<Person>, kept: &'e mut Option<PersonId> },
    /// 9-2: the people whom the form of a contract names, and the files that show it.
    Form {
        contract: ContractId,
        people: Vec<&'e mut Sealed<Person>>,
        files: Option<&'e mut Vec<File>>,
    },
    /// 15-1, 30-1: who signed; whether that is somebody else than the responsible person
    /// is found out while the name is open.
    Signature { contract: ContractId, form: &'e mut CancellationForm },
    /// A paper of the company, or of a contract.
    Paper { folder: Folder, of: Option<ContractId>, document: &'e mut Sealed<File> },
}

/// Where a paper is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Reports on a company (9-10).
    Check,
    /// 電子帳簿保存法施行規則 4条.
    Filed,
}

impl Folder {
    /// Part of the row's name, and the class by which it is erased.
    pub const fn name(self) -> &'static str {
        match self {
            Folder::Check => "check",
            Folder::Filed => "filed",
        }
    }
}

impl<T> Sealed<T> {
    pub fn row(name: impl Into<String>) -> Sealed<T> {
        Sealed::Row(PersonId(name.into()))
    }

    /// The row that holds it; none while it is open, or where nothing is kept.
    pub fn kept(&self) -> Option<&PersonId> {
        match self {
            Sealed::Row(row) if !row.0.is_empty() => Some(row),
            Sealed::Row(_) | Sealed::Open(_) => None,
        }
    }

    /// The name of the row, or nothing.
    pub fn name(&self) -> &str {
        self.kept().map_or("", |row| &row.0)
    }

    pub fn open(&self) -> Option<&T> {
        match self {
            Sealed::Open(open) => Some(open),
            Sealed::Row(_) => None,
        }
    }
}

impl<T> From<&str> for Sealed<T> {
    fn from(name: &str) -> Sealed<T> {
        Sealed::row(name)
    }
}

impl Sealed<File> {
    /// A file, or the words by which its paper is found.
    pub fn file_or(file: Option<(String, Vec<u8>)>, words: impl Into<String>) -> Sealed<File> {
        match file {
            Some((name, bytes)) => Sealed::Open(File { name, bytes }),
            None => Sealed::row(words),
        }
    }
}

impl<T> Serialize for Sealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Sealed::Row(row) => row.serialize(serializer),
            Sealed::Open(_) => Err(S::Error::custom("it is open: an entry is sealed first")),
        }
    }
}

impl<'de, T> Deserialize<'de> for Sealed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PersonId::deserialize(deserializer).map(Sealed::Row)
    }
}

/// As programs see it: the name of the row.
macro_rules! seen_as { ($($what:ty as $name:ty),*) => { $(
    impl JsonSchema for Sealed<$what> {
        fn inline_schema() -> bool {
            <$name>::inline_schema()
        }

        fn schema_name() -> Cow<'static, str> {
            <$name>::schema_name()
        }

        fn schema_id() -> Cow<'static, str> {
            <$name>::schema_id()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            <$name>::json_schema(generator)
        }
    }
)* } }

seen_as! { Person as PersonId, Signature as String, File as String }
