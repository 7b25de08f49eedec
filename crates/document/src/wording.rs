//! Words for people: what happened, what follows, why, and the letters.
//!
//! Everything here is made of stored facts, consequences and reasons; nothing
//! is decided or computed again for display. Sentences are our own: the
//! operator's terms are only cited by their clause.

use serde::{Deserialize, Serialize};

/// The languages in which the software speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    #[serde(rename = "ja")]
    Japanese,
    #[serde(rename = "en")]
    English,
}

impl Language {
    pub(crate) fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Language::Japanese => ja,
            Language::English => en,
        }
    }
}

/// Whether somebody reads amounts that are owed, charged or paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amounts {
    Shown,
    /// A sentence says that there is an amount, and not which.
    Hidden,
}

/// Who reads a sentence: every amount in one goes through [`figures::yen`], which asks
/// this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    pub language: Language,
    pub amounts: Amounts,
}

impl Reader {
    pub(crate) fn pick<T>(self, ja: T, en: T) -> T {
        self.language.pick(ja, en)
    }

    pub(crate) fn sees_amounts(self) -> bool {
        self.amounts == Amounts::Shown
    }
}

/// Commands, letters and the record itself: whoever reads them sees amounts.
impl From<Language> for Reader {
    fn from(language: Language) -> Reader {
        Reader { language, amounts: Amounts::Shown }
    }
}

impl From<Reader> for Language {
    fn from(reader: Reader) -> Language {
        reader.language
    }
}

/// A sentence in the language asked for; both stand side by side, so that a
/// reader can compare them.
macro_rules! say {
    ($language:expr, $ja:literal, $en:literal) => {
        match $crate::wording::Language::from($language) {
            $crate::wording::Language::Japanese => format!($ja),
            $crate::wording::Language::English => format!($en),
        }
    };
}

mod act;
mod arithmetic;
mod columns;
mod consequence;
mod correction;
mod difference;
mod explanation;
mod fact;
mod figures;
mod finding;
pub mod letters;
mod names;
mod rule_title;
mod standing;
mod stated;
mod takeover;

pub use act::act;
pub use arithmetic::arithmetic;
pub use consequence::consequence;
pub use difference::{difference, signed};
pub use explanation::{ExplainedFact, ExplainedReading, Explanation, explain};
pub use fact::fact;
pub use figures::without_amounts;
pub use finding::finding;
pub use letters::{book_warning, fault};
pub use names::{document as document_kind, registered as registered_item};
pub use rule_title::rule_title;
pub use standing::standing;
pub use takeover::verification;
