//! Font files in memory, and where Debian keeps them.

use std::fmt;
use std::path::Path;
use std::sync::Mutex;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::{Document, TypesetError};

/// The Debian package with the fonts of every document.
pub const FONT_PACKAGE: &str = "fonts-morisawa-bizud-gothic";

/// Families without which nothing is rendered: text, and figures in columns.
const REQUIRED: [&str; 2] = ["BIZ UDPGothic", "BIZ UDGothic"];

/// Families for characters that the required ones lack. Only the faces of
/// Japan: the same code point looks different in a Chinese face.
const FALLBACK: [&str; 1] = ["Noto Sans CJK JP"];

const SYSTEM_FILES: [&str; 6] = [
    "/usr/share/fonts/truetype/bizud-gothic/BIZUDGothic-Regular.ttf",
    "/usr/share/fonts/truetype/bizud-gothic/BIZUDGothic-Bold.ttf",
    "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf",
    "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
];

/// The fonts of the documents. Load once, share, and render with it often.
pub struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) faces: Vec<Font>,
    /// The document that was rendered with them last, and its PDF: an acceptance mail
    /// and the order acceptance after it enclose the same paper (9-3, 9-5).
    pub(crate) last: Mutex<Option<(Document, Vec<u8>)>>,
}

impl Fonts {
    /// Reads the faces it needs from the bytes of font files (TTF, OTF, TTC).
    /// Faces of other families are left out, so that what else is installed on
    /// a machine cannot change a document.
    ///
    /// # Errors
    /// [`TypesetError::FontMissing`] when a required family is in none of them.
    pub fn load(files: Vec<Vec<u8>>) -> Result<Fonts, TypesetError> {
        let wanted = |face: &Font| {
            let family = face.info().family.as_str();
            REQUIRED.contains(&family) || FALLBACK.contains(&family)
        };
        let faces: Vec<Font> = files
            .into_iter()
            .flat_map(|file| Font::iter(Bytes::new(file)))
            .filter(wanted)
            .collect();
        let book = FontBook::from_fonts(&faces);
        for family in REQUIRED {
            if !book.contains_family(&family.to_lowercase()) {
                return Err(TypesetError::FontMissing { family });
            }
        }
        Ok(Fonts { book: LazyHash::new(book), faces, last: Mutex::default() })
    }

    /// Reads the files of the Debian packages fonts-morisawa-bizud-gothic and
    /// (for rare characters, if it is installed) fonts-noto-cjk.
    ///
    /// # Errors
    /// [`TypesetError::FontMissing`] names the package to install;
    /// [`TypesetError::FontUnreadable`] a file that is there and no use.
    pub fn from_system() -> Result<Fonts, TypesetError> {
        let mut files = Vec::new();
        for path in SYSTEM_FILES.map(Path::new) {
            match std::fs::read(path) {
                Ok(bytes) => files.push(bytes),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => {
                    return Err(TypesetError::FontUnreadable { path: path.to_owned(), source });
                }
            }
        }
        Fonts::load(files)
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.faces.iter().map(|face| face.info().family.as_str());
        f.debug_list().entries(names).finish()
    }
}
