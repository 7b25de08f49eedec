//! By what a row of a list is found: names and numbers, as people type them.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::keeping::numbered::{SERIES, ShortNumber};
use crate::keeping::store::ViewRow;

/// Where names and numbers stand in the rows of read models.
const SOUGHT: [&str; 10] = [
    "/name",
    // A list: readings and addresses of a customer.
    "/also",
    "/former_number",
    "/taken_over/number",
    "/quote/customer/name",
    "/counterparty",
    "/about",
    "/invoice",
    "/contract",
    "/title",
];

/// Full-width letters, digits and signs as narrow ones.
pub fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    };
    text.chars().map(narrow).collect()
}

/// Without blanks and in one case; full-width letters and digits as narrow ones, kana of
/// any width and both kinds as full-width katakana.
pub fn plain(text: &str) -> String {
    let katakana = |c: char| match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        c => c,
    };
    let folded = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
    folded.map(katakana).collect()
}

impl ShortNumber {
    /// A number as people type it: in either case and width, with any of the dashes that a
    /// keyboard has, or none, and without the noughts before it.
    pub fn read(text: &str) -> Option<ShortNumber> {
        let text = plain(text);
        let (_, series) =
            SERIES.iter().find(|(_, series)| text.starts_with(&series.to_lowercase()))?;
        let is_dash = |c: char| "-‐‑–—―−ーｰ".contains(c);
        let rest = text[series.len()..].trim_start_matches(is_dash);
        let year = rest.get(..4)?;
        let running = rest[4..].trim_start_matches(is_dash);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year) || !digits(running) {
            return None;
        }
        let (year, running) = (year.parse().ok()?, running.parse().ok()?);
        Some(ShortNumber { series: (*series).to_owned(), year, running })
    }
}

impl ViewRow {
    /// Its names and numbers as [`plain`] gives them, each on a line of its own.
    pub fn sought(&self) -> String {
        // Nothing but a place where something else is to be found.
        if self.content.is_null() {
            return String::new();
        }
        let found = SOUGHT.iter().filter_map(|at| self.content.pointer(at));
        let texts = found.flat_map(|value| match value {
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            one => Vec::from_iter(one.as_str()),
        });
        let mut lines = "\n".to_owned();
        for text in [self.id.as_str(), &self.account.0].into_iter().chain(texts) {
            lines += &plain(text);
            lines.push('\n');
        }
        // PostgreSQL has no such sign in a text.
        lines.replace('\0', "")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn width_case_and_blanks_play_no_part() {
        assert_eq!(plain(" ＩＮＶ－２０２６ a"), "inv-2026a");
        for typed in ["カキツバタ", "ｶｷﾂﾊﾞﾀ", "かきつばた", "かき つばた"]
        {
            assert_eq!(plain(typed), "カキツバタ", "{typed}");
        }
        let content = json!({ "name": "株式会社　青葉商事", "also": ["ｱｵﾊﾞｼｮｳｼﾞ", "東京都港区"], "taken_over": { "number": "ＯＬＤ-7" } });
        let (kind, id) = ("contract".to_owned(), "K-1".to_owned());
        let row = ViewRow { kind, id, account: "A-1".into(), content };
        assert_eq!(
            row.sought(),
            "\nk-1\na-1\n株式会社青葉商事\nアオバショウジ\n東京都港区\nold-7\n"
        );
    }

    #[test]
    fn a_number_is_read_as_people_type_it() {
        let read = |text: &str| ShortNumber::read(text).map(|number| number.to_string());
        for typed in [
            "CTR-2026-0001",
            " ctr-2026-0001 ",
            "ＣＴＲ－２０２６－０００１",
            "ctrー2026ー1",
            "CTR−2026−0001",
            "ctr20260001",
        ] {
            assert_eq!(read(typed).as_deref(), Some("CTR-2026-0001"), "{typed}");
        }
        assert_eq!(read("app-2027-12345").as_deref(), Some("APP-2027-12345"));
        for typed in
            ["", "CTR", "CTR-2026", "CTR-2026-", "CTR-2026-x", "K-2026-0001", "ctr-２０二六-1"]
        {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
