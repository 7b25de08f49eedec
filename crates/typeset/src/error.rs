//! Why a document could not be rendered.

use std::path::PathBuf;

use reckon::Yen;
use thiserror::Error;

use crate::fonts::FONT_PACKAGE;

/// Why a document could not be rendered. Nothing is ever rendered in part.
#[derive(Debug, Error)]
pub enum TypesetError {
    /// A font family without which no document looks as it should.
    #[error("font \"{family}\" is missing: install the Debian package {FONT_PACKAGE}")]
    FontMissing {
        /// Name of the family.
        family: &'static str,
    },
    /// A font file is there and cannot be read.
    #[error("font file {} cannot be read: {source}", path.display())]
    FontUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No font has this character; an empty box in a contract is no option.
    #[error(
        "no font has the character \"{character}\" (U+{code:04X}) in \"{text}\": \
         the Debian package fonts-noto-cjk has the most",
        code = u32::from(*character)
    )]
    GlyphMissing {
        /// The character.
        character: char,
        /// The text run in which it stands.
        text: String,
    },
    /// A character that cannot be seen, and would change or hide its neighbours.
    #[error("the character U+{code:04X} in \"{text}\" cannot be printed", code = u32::from(*character))]
    Unprintable {
        /// The character.
        character: char,
        /// The whole text, escaped.
        text: String,
    },
    /// The figures of one document contradict each other.
    #[error("{what}: the parts sum up to {parts}, the document says {stated}")]
    Figures {
        /// Which figures.
        what: String,
        /// Sum of the parts.
        parts: Yen,
        /// What the document states.
        stated: Yen,
    },
    /// The data could not be written as JSON.
    #[error("data of the document: {0}")]
    Data(#[from] serde_json::Error),
    /// A fault of the templates of this crate.
    #[error("template: {0}")]
    Template(String),
}
