//! Whether what was taken over has been verified, in words.

use contract::say;
use reckon::Day;

use super::Language;

/// Said after the source of what was taken over: who verified it when, or that
/// nobody has.
pub fn verification(verified: Option<(&str, Day)>, language: impl Into<Language>) -> String {
    let language = language.into();
    match verified {
        Some((by, on)) => {
            say!(language, "から引継ぎ、{on} {by} 確認", " taken over, verified by {by} on {on}")
        }
        None => language.pick("から引継ぎ、未確認", " taken over, unverified").to_owned(),
    }
}
