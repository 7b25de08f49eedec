//! Amounts, days and counts as they are written.

use reckon::{Day, Yen};

use crate::declare::words::{Language, Reader};
use crate::say;

const WEEKDAYS_JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `1,188円` or `1,188 yen`; to whoever sees no amounts, that there is one.
pub fn yen(amount: Yen, reader: impl Into<Reader>) -> String {
    let reader = reader.into();
    if !reader.sees_amounts() {
        return reader.pick("（金額）", "(amount)").to_owned();
    }
    say!(reader, "{amount}円", "{amount} yen")
}

/// A stored sentence as somebody reads it who sees no amounts: it was written for
/// everybody, so each `1,188円` and `1,188 yen` in it is put out of sight.
pub fn without_amounts(text: &str) -> String {
    let mut seen = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(from.len());
        let (figure, after) = from.split_at(end);
        seen.push_str(before);
        rest = if let Some(after) = after.strip_prefix('円') {
            seen.push_str("（金額）");
            after
        } else if let Some(after) = after.strip_prefix(" yen") {
            seen.push_str("(amount)");
            after
        } else {
            seen.push_str(figure);
            after
        };
    }
    // An amount in brackets has those of what stands for it.
    (seen + rest).replace("（（金額））", "（金額）").replace("((amount))", "(amount)")
}

/// `2026-11-30（月）` or `2026-11-30 (Mon)`.
pub fn day(day: Day, language: impl Into<Language>) -> String {
    let language = language.into();
    let weekday = language.pick(WEEKDAYS_JA, WEEKDAYS_EN)[monday_first(day)];
    say!(language, "{day}（{weekday}）", "{day} ({weekday})")
}

/// As letters write it: `2026年4月3日（金）`.
pub fn written_day(day: Day) -> String {
    let weekday = WEEKDAYS_JA[monday_first(day)];
    format!("{}年{}月{}日（{weekday}）", day.year(), day.month(), day.day())
}

/// `27日` or `27 days`.
pub fn days(count: i64, language: impl Into<Language>) -> String {
    let language = language.into();
    let plural = plural(count);
    say!(language, "{count}日", "{count} day{plural}")
}

/// `3か月` or `3 months`.
pub fn months(count: i64, language: impl Into<Language>) -> String {
    let language = language.into();
    let plural = plural(count);
    say!(language, "{count}か月", "{count} month{plural}")
}

fn plural(count: i64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn monday_first(day: Day) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).expect("a weekday counts from 0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::words::Amounts;

    #[test]
    fn whoever_sees_no_amounts_reads_that_there_is_one() {
        let hidden = |language| Reader { language, amounts: Amounts::Hidden };
        assert_eq!(yen(Yen(1_188), Language::Japanese), "1,188円");
        assert_eq!(yen(Yen(1_188), hidden(Language::Japanese)), "（金額）");
        assert_eq!(yen(Yen(1_188), hidden(Language::English)), "(amount)");
    }

    #[test]
    fn stored_sentences_lose_their_amounts_and_nothing_else() {
        for (text, seen) in [
            (
                "入金P-1から1,188円を請求書INV-2026-000001に充当",
                "入金P-1から（金額）を請求書INV-2026-000001に充当",
            ),
            (
                "1,188 yen of payment P-1 applied, 5 yen held",
                "(amount) of payment P-1 applied, (amount) held",
            ),
            ("2026-11-30 まで 3 か月", "2026-11-30 まで 3 か月"),
            ("", ""),
        ] {
            assert_eq!(without_amounts(text), seen);
        }
    }
}
