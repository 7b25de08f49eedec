//! Amounts, days and counts as they are written.

use reckon::{Day, Yen};

use super::Language;

const WEEKDAYS_JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `1,188円` or `1,188 yen`.
pub(super) fn yen(amount: Yen, language: Language) -> String {
    say!(language, "{amount}円", "{amount} yen")
}

/// `2026-11-30（月）` or `2026-11-30 (Mon)`.
pub(super) fn day(day: Day, language: Language) -> String {
    let weekday = language.pick(WEEKDAYS_JA, WEEKDAYS_EN)[monday_first(day)];
    say!(language, "{day}（{weekday}）", "{day} ({weekday})")
}

/// As letters write it: `2026年4月3日（金）`.
pub(super) fn written_day(day: Day) -> String {
    let weekday = WEEKDAYS_JA[monday_first(day)];
    format!("{}年{}月{}日（{weekday}）", day.year(), day.month(), day.day())
}

/// `27日` or `27 days`.
pub(super) fn days(count: i64, language: Language) -> String {
    let plural = plural(count);
    say!(language, "{count}日", "{count} day{plural}")
}

/// `3か月` or `3 months`.
pub(super) fn months(count: i64, language: Language) -> String {
    let plural = plural(count);
    say!(language, "{count}か月", "{count} month{plural}")
}

fn plural(count: i64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn monday_first(day: Day) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).expect("a weekday counts from 0")
}
