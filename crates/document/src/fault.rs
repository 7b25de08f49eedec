//! What is wrong with a file, where it is wrong, and what to do about it.

use std::fmt;

use contract::declare::words::{Sentence, Words};
use contract::sentence;
use serde::{Deserialize, Serialize};

/// One fault in a file, precise enough to be mended without asking back.
///
/// ```
/// use contract::{declare::words::Sentence, sentence};
/// let empty = sentence!("記入がありません", "the cell is empty");
/// let write = sentence!("123-4567の形で記入してください", "write NNN-NNNN");
/// let place = Sentence::same("申込書!C7");
/// let fault = document::Fault::new("a.xlsx", place, "郵便番号", empty, write);
/// assert_eq!(
///     fault.to_string(),
///     "a.xlsx, 申込書!C7, 郵便番号: the cell is empty; write NNN-NNNN",
/// );
/// assert_eq!(
///     fault.line_ja(),
///     "申込書!C7「郵便番号」：記入がありません。123-4567の形で記入してください。",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub file: String,
    /// `row 17`, `申込書!C7`, `part 2`, or `whole file`.
    pub place: Sentence,
    /// The field by the name that the file itself uses.
    pub field: String,
    pub problem: Sentence,
    pub remedy: Sentence,
}

impl Fault {
    pub const WHOLE_FILE: Words = Words::new("ファイル全体", "whole file");

    pub fn new(
        file: &str,
        place: impl Into<Sentence>,
        field: impl Into<String>,
        problem: impl Into<Sentence>,
        remedy: impl Into<Sentence>,
    ) -> Fault {
        Fault {
            file: file.to_owned(),
            place: place.into(),
            field: field.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// Of a line of a text file, or a record of a bank file.
    pub fn row(number: impl fmt::Display) -> Sentence {
        sentence!("{number}行目", "row {number}")
    }

    /// Place, field, problem and remedy in Japanese; whoever reads it knows the file.
    pub fn line_ja(&self) -> String {
        let Fault { place, field, problem, remedy, .. } = self;
        format!("{}「{field}」：{}。{}。", place.ja, problem.ja, remedy.ja)
    }

    /// The fault in both languages.
    pub fn told(&self) -> Sentence {
        Sentence { ja: self.line_ja(), en: self.to_string() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { file, place, field, problem, remedy } = self;
        write!(f, "{file}, {}, {field}: {}; {}", place.en, problem.en, remedy.en)
    }
}

impl std::error::Error for Fault {}

/// As many faults of one file are listed; nobody mends more before trying again,
/// and each is kept, shown and sent.
const MOST: usize = 100;

/// As many characters of what a file says are repeated in a fault.
const LONGEST: usize = 300;

/// The first hundred faults, and one that says how many more there are.
pub fn first_faults(mut faults: Vec<Fault>) -> Vec<Fault> {
    let more = faults.len().saturating_sub(MOST);
    if more > 0 {
        faults.truncate(MOST);
        faults.push(unlisted(&faults[0].file, more));
    }
    faults
}

fn unlisted(file: &str, more: usize) -> Fault {
    let problem = sentence!("ほかに{more}か所あります", "{more} more faults are not listed");
    let remedy = Words::new(
        "ここまでを直してから、もう一度お送りください",
        "mend these first, then give it again",
    );
    Fault::new(file, Fault::WHOLE_FILE, "ファイル", problem, remedy)
}

/// The faults found so far in one file: reading goes on after the first.
pub(crate) struct Faults {
    file: String,
    found: Vec<Fault>,
    unlisted: usize,
}

impl Faults {
    pub(crate) fn of(file: &str) -> Faults {
        Faults { file: file.to_owned(), found: Vec::new(), unlisted: 0 }
    }

    pub(crate) fn add(
        &mut self,
        place: impl Into<Sentence>,
        field: impl Into<String>,
        problem: impl Into<Sentence>,
        remedy: impl Into<Sentence>,
    ) {
        if self.found.len() == MOST {
            self.unlisted += 1;
            return;
        }
        let Sentence { ja, en } = problem.into();
        let problem = Sentence { ja: shortened(ja), en: shortened(en) };
        let field = shortened(field.into());
        self.found.push(Fault::new(&self.file, place, field, problem, remedy));
    }

    pub(crate) fn count(&self) -> usize {
        self.found.len() + self.unlisted
    }

    /// The content, only if nothing at all was wrong.
    pub(crate) fn refuse_or<T>(self, content: Option<T>) -> Result<T, Vec<Fault>> {
        match content {
            Some(content) if self.found.is_empty() => Ok(content),
            _ => {
                let mut found = self.found;
                if self.unlisted > 0 {
                    found.push(unlisted(&self.file, self.unlisted));
                }
                Err(found)
            }
        }
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
