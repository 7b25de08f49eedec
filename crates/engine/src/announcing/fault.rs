//! What is wrong with a notice that somebody writes, approves or drops.

/// What is wrong with a draft, at which field, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFault {
    /// `title`, `text`, `audience`, `channels`, `withdraws`, or `field.` and the name of one.
    pub at: String,
    pub ja: String,
    pub en: String,
}

impl DraftFault {
    pub(super) fn new(at: &str, ja: impl Into<String>, en: impl Into<String>) -> DraftFault {
        DraftFault { at: at.to_owned(), ja: ja.into(), en: en.into() }
    }
}
