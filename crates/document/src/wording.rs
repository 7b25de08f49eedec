//! Words for people: what happened, what follows, why, and the letters.
//!
//! Everything here is made of stored facts, consequences and reasons; nothing
//! is decided or computed again for display. Sentences are our own: the
//! operator's terms are only cited by their clause.

pub use contract::declare::words::{Amounts, Language, Reader};
use contract::declare::{figures, names};

mod columns;
mod difference;
mod explanation;
mod finding;
pub mod letters;
mod standing;
mod takeover;

pub use contract::declare::figures::without_amounts;
pub use contract::declare::names::{document as document_kind, registered as registered_item};
pub use difference::{difference, signed};
pub use explanation::{ExplainedFact, ExplainedReading, Explanation, explain};
pub use finding::finding;
pub use standing::standing;
pub use takeover::verification;

/// Where an entry came from, by the word that is kept: the door, or the name of a file.
pub fn source(source: &str, language: impl Into<Language>) -> &str {
    if language.into() == Language::English {
        return source;
    }
    match source {
        "desk" => "画面",
        "portal" => "契約者の画面",
        "api" => "API",
        "cli" => "コマンド",
        "outbox" => "送信・処理の結果",
        "billing" => "請求の実行",
        "scenario" => "シナリオ",
        "clock" | "the calendar" => "暦",
        file => file,
    }
}
