//! Short numbers of applications, contracts and matters: what people say on the phone,
//! beside the id. A number is given once, in the step that brings the thing about, and
//! never changes; each series runs through a year without a gap.

use std::fmt;

use reckon::Moment;

/// Of what there is a series: the kind of its row, and what its numbers begin with.
pub(crate) const SERIES: [(&str, &str); 3] =
    [("application", "APP"), ("contract", "CTR"), ("matter", "MAT")];

/// The kinds of rows whose things have a number.
pub const NUMBERED: [&str; 3] = [SERIES[0].0, SERIES[1].0, SERIES[2].0];

/// How many hexadecimal digits follow the letter of an id.
const DIGITS: usize = 12;

/// Whether a word is the id of what may have a number: a letter, a dash and twelve
/// hexadecimal digits.
pub fn is_numbered(word: &str) -> bool {
    let hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let digits = word.strip_prefix(['K', 'P', 'M']).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.as_bytes().iter().all(hex))
}

/// The ids of what may have a number that stand in a text.
pub(crate) fn numbered_in(text: &str) -> impl Iterator<Item = &str> {
    let is_letter = |c: char| c.is_ascii_hexdigit();
    text.match_indices('-').filter_map(move |(dash, _)| {
        let rest = &text[dash + 1..];
        let length = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        let word = text.get(dash.checked_sub(1)?..dash + 1 + length)?;
        is_numbered(word).then_some(word)
    })
}

/// What is to get the next number of its series, unless it has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToNumber {
    pub id: String,
    pub series: &'static str,
    /// In which it was recorded, in Japan.
    pub year: i16,
}

impl ToNumber {
    /// A thing of this kind, if such things have numbers.
    pub(crate) fn of(kind: &str, id: &str, recorded_at: Moment) -> Option<ToNumber> {
        let (_, series) = SERIES.iter().find(|(of, _)| *of == kind)?;
        Some(ToNumber { id: id.to_owned(), series, year: recorded_at.day().year() })
    }
}

/// `CTR-2026-0001`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShortNumber {
    pub series: String,
    pub year: i64,
    pub running: i64,
}

impl fmt::Display for ShortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ShortNumber { series, year, running } = self;
        write!(f, "{series}-{year}-{running:04}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_where_they_stand() {
        let text =
            "【STP-K-0259c3faa18d】申込P-045827adcf33（K-0259c3faa18d0、K-12、K-、-x、PK-x）";
        let found: Vec<_> = numbered_in(text).collect();
        assert_eq!(found, ["K-0259c3faa18d", "P-045827adcf33"]);
    }

    #[test]
    fn the_year_is_that_of_japan() {
        let at: Moment = "2026-12-31T23:59:59".parse().unwrap();
        assert_eq!(ToNumber::of("contract", "K-1", at).unwrap().year, 2026);
        assert_eq!(ToNumber::of("matter", "M-1", at.plus_seconds(1)).unwrap().year, 2027);
        assert_eq!(ToNumber::of("invoice", "INV-1", at), None);
    }
}
