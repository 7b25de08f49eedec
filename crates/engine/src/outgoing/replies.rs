//! What a row of the outbox says came last: stored in English, told in the reader's
//! language. What a server outside answered stays as it was said.

use contract::declare::detail::Detail;
use contract::declare::words::Language;

use crate::road::engine::Engine;

pub(crate) const CHANGED: Detail = Detail::new(
    "もとになったことが変わったため、行いませんでした",
    "what it rested on has changed: not performed",
);
pub(crate) const AGAIN: Detail = Detail::new("もう一度行うことにしました", "tried again as {}");
pub(crate) const ELSEWHERE: Detail = Detail::new("{}で{}に済みました：{}", "done {} on {}: {}");
pub(crate) const LET_GO: Detail = Detail::new("もう要らないことにしました", "let go");
pub(crate) const RELEASED: Detail = Detail::new("復元の後、行うことにしました", "released by {}");
pub(crate) const DROPPED: Detail = Detail::new("復元の後、行わないことにしました", "dropped by {}");
pub(crate) const HELD: Detail = Detail::new(
    "復元の後で止めています。バックアップの後に行った可能性があります",
    "held after a restore: it may have been performed since the backup",
);
pub(crate) const OTHER_EDITION: Detail =
    Detail::new("規則の第{}版でだけ生じます", "follows only under edition {} of the rules");
pub(crate) const GIVEN_UP: Detail =
    Detail::new("{}回試してやめました：{}", "given up after {} attempts: {}");
pub(crate) const PERHAPS_SENT: Detail = Detail::new(
    "{}回試してやめました。届いている可能性があります：{}",
    "given up after {} attempts; it may have been sent: {}",
);
pub(crate) const OTHER_CREDIT: Detail = Detail::new(
    "承認された返還請求は{}円ですが、いまは{}円になります。改めて起案してください",
    "credit notes of {} yen were approved, but by now they would come to {}: propose it anew",
);

const ALL: [Detail; 11] = [
    CHANGED,
    AGAIN,
    ELSEWHERE,
    LET_GO,
    RELEASED,
    DROPPED,
    HELD,
    OTHER_EDITION,
    PERHAPS_SENT,
    GIVEN_UP,
    OTHER_CREDIT,
];

/// By which way something was done, as it is stored.
const WAYS: [Detail; 3] = [
    Detail::new("別のメール", "by another mail"),
    Detail::new("郵送", "by post"),
    Detail::new("手渡し・手作業", "by hand"),
];

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
            return told(stored, language);
        };
        let said = match said.rsplit_once(SAYS) {
            Some((what, by)) => {
                let (what, by) = (told(what, language), self.name_of(by));
                language.pick(format!("{what}（{by}）"), format!("{what}, says {by}"))
            }
            None => told(said, language),
        };
        said + language.pick("。その前：", BEFORE) + &self.reply_in(before, language)
    }
}

fn told(stored: &str, language: Language) -> String {
    let found = ALL.iter().find_map(|detail| detail.told(stored, language));
    let told = found.unwrap_or_else(|| stored.to_owned());
    if ELSEWHERE.told(stored, language).is_none() {
        return told;
    }
    let way = WAYS.iter().find(|way| stored.starts_with(&format!("done {} on ", way.stored())));
    let words = way.and_then(|way| Some((way.stored(), way.told(way.stored(), language)?)));
    words.map_or(told.clone(), |(stored, words)| told.replacen(stored, &words, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_of_our_own_is_told_in_japanese() {
        for detail in ALL {
            let stored = detail.of(&[&"1", &"2", &"3"]);
            let words = told(&stored, Language::Japanese);
            assert!(!words.contains(|c: char| c.is_ascii_alphabetic()), "{words}");
            assert_eq!(told(&stored, Language::English), stored);
        }
        let post = ELSEWHERE.of(&[&"by post", &"2026-04-01 10:00", &"123"]);
        assert_eq!(told(&post, Language::Japanese), "郵送で2026-04-01 10:00に済みました：123");
    }

    #[test]
    fn what_a_server_said_stays() {
        let given_up = GIVEN_UP.of(&[&8, &"451 try again"]);
        assert_eq!(told(&given_up, Language::Japanese), "8回試してやめました：451 try again");
        for heard in ["250 2.0.0 kept", "550 5.7.1 rejected by postmaster, says nobody"] {
            assert_eq!(told(heard, Language::Japanese), heard);
        }
    }
}
