//! The languages in which the software speaks, who reads, and words in both languages.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// Words in both languages, side by side, so that a reader can compare them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub ja: &'static str,
    pub en: &'static str,
}

impl Words {
    pub const fn new(ja: &'static str, en: &'static str) -> Words {
        Words { ja, en }
    }

    /// Those of a language.
    pub fn of(self, language: Language) -> &'static str {
        language.pick(self.ja, self.en)
    }
}

/// A sentence in both languages, made where its cause is known, so that nobody has to
/// translate it where it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Sentence {
    pub ja: String,
    pub en: String,
}

impl Sentence {
    /// A name, code or address: the same in both languages.
    pub fn same(text: impl Into<String>) -> Sentence {
        let text = text.into();
        Sentence { ja: text.clone(), en: text }
    }

    /// That of a language.
    pub fn of(&self, language: Language) -> &str {
        language.pick(&self.ja, &self.en)
    }
}

impl From<Words> for Sentence {
    fn from(words: Words) -> Sentence {
        Sentence { ja: words.ja.to_owned(), en: words.en.to_owned() }
    }
}

/// Older programs kept one text, in English.
impl<'de> Deserialize<'de> for Sentence {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Sentence, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Kept {
            Both { ja: String, en: String },
            One(String),
        }
        Ok(match Kept::deserialize(from)? {
            Kept::Both { ja, en } => Sentence { ja, en },
            Kept::One(text) => Sentence::same(text),
        })
    }
}

/// The languages in which the software speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    #[serde(rename = "ja")]
    Japanese,
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// What belongs to this language.
    pub fn pick<T>(self, ja: T, en: T) -> T {
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

/// Who reads a sentence: every amount in one goes through [`yen`](crate::declare::figures::yen), which asks
/// this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    pub language: Language,
    pub amounts: Amounts,
}

impl Reader {
    /// What belongs to the language of this reader.
    pub fn pick<T>(self, ja: T, en: T) -> T {
        self.language.pick(ja, en)
    }

    /// Whether this reader may know amounts.
    pub fn sees_amounts(self) -> bool {
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
#[macro_export]
macro_rules! say {
    ($language:expr, $ja:literal, $en:literal) => {
        match $crate::declare::words::Language::from($language) {
            $crate::declare::words::Language::Japanese => format!($ja),
            $crate::declare::words::Language::English => format!($en),
        }
    };
}

/// A [`Sentence`](crate::declare::words::Sentence) from its two texts, side by side.
#[macro_export]
macro_rules! sentence {
    ($ja:literal, $en:literal $(,)?) => {
        $crate::declare::words::Sentence { ja: format!($ja), en: format!($en) }
    };
}
