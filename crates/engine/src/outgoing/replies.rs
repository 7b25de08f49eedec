//! What a row of the outbox says came last: stored in English, told in the reader's
//! language. What a server outside answered stays as it was said.

use contract::declare::detail::{Detail, told};
use contract::declare::words::Language;

use crate::outgoing::said::Way;
use crate::road::engine::Engine;

contract::details! {
    CHANGED: "もとになったことが変わったため、行いませんでした",
        "what it rested on has changed: not performed";
    AGAIN: "もう一度行うことにしました", "tried again as {}";
    BY_MAIL: "別のメールで{}に済みました：{}", "done by another mail on {}: {}";
    BY_POST: "郵送で{}に済みました：{}", "done by post on {}: {}";
    BY_HAND: "手渡し・手作業で{}に済みました：{}", "done by hand on {}: {}";
    LET_GO: "もう要らないことにしました", "let go";
    RELEASED: "復元の後、行うことにしました", "released by {}";
    DROPPED: "復元の後、行わないことにしました", "dropped by {}";
    HELD: "復元の後で止めています。バックアップの後に行った可能性があります",
        "held after a restore: it may have been performed since the backup";
    OTHER_EDITION: "規則の第{}版でだけ生じます", "follows only under edition {} of the rules";
    PERHAPS_SENT: "{}回試してやめました。届いている可能性があります：{}",
        "given up after {} attempts; it may have been sent: {}";
    GIVEN_UP: "{}回試してやめました：{}", "given up after {} attempts: {}";
    OTHER_CREDIT: "承認された返還請求は{}円ですが、いまは{}円になります。改めて起案してください",
        "credit notes of {} yen were approved, but by now they would come to {}: propose it anew";
}

/// That something was done in another way.
pub(crate) fn done(way: Way) -> Detail {
    match way {
        Way::Mail => BY_MAIL,
        Way::Post => BY_POST,
        Way::Hand => BY_HAND,
    }
}

const BEFORE: &str = "; before: ";
const SAYS: &str = ", says ";

/// What a person said of a row, before what came before it.
pub(crate) fn said(told: &str, by: &str, before: &str) -> String {
    format!("{told}{SAYS}{by}{BEFORE}{before}")
}

impl Engine {
    /// What came last of a row, as somebody reads it.
    pub fn reply_in(&self, stored: &str, language: Language) -> String {
        // What a person said stands before what came before it; the last is of nobody here.
        let Some((said, before)) = stored.split_once(BEFORE) else {
            return told(stored, DETAILS, language);
        };
        let said = match said.rsplit_once(SAYS) {
            Some((what, by)) => {
                let (what, by) = (told(what, DETAILS, language), self.name_of(by));
                language.pick(format!("{what}（{by}）"), format!("{what}, says {by}"))
            }
            None => told(said, DETAILS, language),
        };
        said + language.pick("。その前：", BEFORE) + &self.reply_in(before, language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_of_our_own_is_told_in_japanese() {
        for detail in DETAILS {
            let stored = detail.of(&[&"1", &"2"]);
            let words = told(&stored, DETAILS, Language::Japanese);
            assert!(!words.contains(|c: char| c.is_ascii_alphabetic()), "{words}");
            assert_eq!(told(&stored, DETAILS, Language::English), stored);
        }
        let post = done(Way::Post).of(&[&"2026-04-01 10:00", &"123"]);
        assert_eq!(
            told(&post, DETAILS, Language::Japanese),
            "郵送で2026-04-01 10:00に済みました：123"
        );
    }

    #[test]
    fn what_a_server_said_stays() {
        let given_up = GIVEN_UP.of(&[&8, &"451 try again"]);
        assert_eq!(
            told(&given_up, DETAILS, Language::Japanese),
            "8回試してやめました：451 try again"
        );
        for heard in ["250 2.0.0 kept", "550 5.7.1 rejected by postmaster, says nobody"] {
            assert_eq!(told(heard, DETAILS, Language::Japanese), heard);
        }
    }
}
