//! What is wrong with a file, where it is wrong, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One fault in a file, precise enough to be mended without asking back.
///
/// ```
/// use document::Fault;
/// let fault = Fault::new("a.xlsx", "申込書!C7", "郵便番号", "the cell is empty", "write NNN-NNNN");
/// assert_eq!(
///     fault.to_string(),
///     "a.xlsx, 申込書!C7, 郵便番号: the cell is empty; write NNN-NNNN",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub file: String,
    /// `row 17`, `申込書!C7`, `part 2`, or `whole file`.
    pub place: String,
    /// The field by the name that the file itself uses.
    pub field: String,
    pub problem: String,
    pub remedy: String,
}

impl Fault {
    pub fn new(
        file: &str,
        place: impl Into<String>,
        field: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Fault {
        Fault {
            file: file.to_owned(),
            place: place.into(),
            field: field.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { file, place, field, problem, remedy } = self;
        write!(f, "{file}, {place}, {field}: {problem}; {remedy}")
    }
}

impl std::error::Error for Fault {}

/// The faults found so far in one file: reading goes on after the first.
pub(crate) struct Faults {
    file: String,
    found: Vec<Fault>,
}

impl Faults {
    pub(crate) fn of(file: &str) -> Faults {
        Faults { file: file.to_owned(), found: Vec::new() }
    }

    pub(crate) fn add(
        &mut self,
        place: impl Into<String>,
        field: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found.push(Fault::new(&self.file, place, field, problem, remedy));
    }

    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// The content, only if nothing at all was wrong.
    pub(crate) fn refuse_or<T>(self, content: Option<T>) -> Result<T, Vec<Fault>> {
        match content {
            Some(content) if self.found.is_empty() => Ok(content),
            _ => Err(self.found),
        }
    }
}
