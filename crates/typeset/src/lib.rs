//! Documents of the contract as PDF: plain data in, bytes out.
//!
//! The crate knows how a document looks and nothing else. It decides no amount
//! and no date, it reads no clock, and the same data and fonts always give the
//! same bytes, so that a document can be rendered again and compared.
//!
//! ```no_run
//! # fn print(document: typeset::Document) -> Result<Vec<u8>, typeset::TypesetError> {
//! let fonts = typeset::Fonts::from_system()?;
//! let pdf = typeset::render(&document, &fonts)?;
//! # Ok(pdf)
//! # }
//! ```

mod check;
mod data;
mod error;
mod fonts;
mod model;
mod render;
mod world;

pub use error::TypesetError;
pub use fonts::{FONT_PACKAGE, Fonts};
pub use model::*;
pub use render::render;
