//! Days as people in Japan write them.

use std::str::FromStr;

use reckon::{Day, japanese_era};

/// First year of each era minus one, by its name and its letter.
const ERAS: [(&str, char, i16); 3] =
    [("令和", 'R', 2018), ("平成", 'H', 1988), ("昭和", 'S', 1925)];

/// Reads `2026-04-01`, `2026/4/1`, `2026年4月1日`, `令和8年4月1日` or `R8.4.1`,
/// in half-width or full-width digits. `None` when it is no day of the calendar
/// or of its era, or outside the years 1926 to 2199.
///
/// ```
/// use document::read_day;
/// let day = "2026-04-01".parse().ok();
/// assert_eq!(read_day("2026/4/1"), day);
/// assert_eq!(read_day("令和８年４月１日"), day);
/// assert_eq!(read_day("平成32年4月1日"), None); // 平成 ended in its 31st year
/// ```
pub fn read_day(text: &str) -> Option<Day> {
    let text: String = narrow(text).split_whitespace().collect();
    let (era, rest) = split_era(&text);
    let mut parts = rest.splitn(3, ['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let day: i8 = number(day.strip_suffix('日').unwrap_or(day))?;
    let month: i8 = number(month)?;
    let read = match era {
        None if year.len() == 4 => Day::new(number(year)?, month, day).ok()?,
        None => return None,
        Some((name, before)) => {
            let count: i16 = if year == "元" { 1 } else { number(year)? };
            let read = Day::new(before + count, month, day).ok()?;
            // A year such as 平成32年 names a day that this era never had.
            japanese_era(read)?.starts_with(name).then_some(read)?
        }
    };
    (1926..=2199).contains(&read.year()).then_some(read)
}

fn split_era(text: &str) -> (Option<(&'static str, i16)>, &str) {
    for (name, letter, before) in ERAS {
        let rest = text.strip_prefix(name).or_else(|| text.strip_prefix(letter));
        if let Some(rest) = rest {
            return (Some((name, before)), rest);
        }
    }
    (None, text)
}

/// One to four digits; longer runs are no part of a day.
fn number<T: FromStr>(text: &str) -> Option<T> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// Full-width digits, letters and marks as ASCII, and every dash as `-`. For
/// fields of digits and codes only: in a name `ー` is no dash.
pub(crate) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'ー' | 'ｰ' | '－' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
            '\u{3000}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .collect()
}
