//! The terms as data: packs, the law that holds for a case, and who prevails.
//!
//! Nothing here decides anything about a contract. A pack is read from its
//! files (the caller brings the text), and [`Law`] puts together what is in
//! force: versions, chosen readings, calendars, tax and prices.

#![deny(clippy::float_arithmetic)]

mod coverage;
mod effective;
mod law;
mod lists;
mod notices;
mod pack;
mod precedence;
mod price;
mod reading;
mod rules;

pub use coverage::{Coverage, Extent, Obligation, Sighting, in_text_order};
pub use effective::{Effective, Override, Source};
pub use law::{CalendarVersion, Change, ChosenReading, Law, LawContent, LawError, LawId};
pub use lists::{CodeList, ListRow, RowEffect};
pub use notices::{Lead, LeadDays, NoticeAsk, NoticeField, NoticeKind, PublicList};
pub use pack::{Article, Clause, Pack, PackFiles, Parameter, Reading, ReadingOption, TermsVersion};
pub use precedence::{Precedence, Prevailing, prevailing};
pub use price::{Price, PriceItem, PriceKind, PriceTable};
pub use reading::PackError;
pub use rules::{
    Allocation, CheckKind, ConfirmGround, MinTermAnchor, MissingCheck, Overlap, Rules, VersionRule,
};
