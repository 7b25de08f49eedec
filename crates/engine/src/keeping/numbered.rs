//! Short numbers of applications, contracts and matters: what people say on the phone,
//! beside the id. A number is given once, in the step that brings the thing about, and
//! never changes; each series runs through a year without a gap.

use std::fmt;

use reckon::Moment;

use crate::keeping::sought::plain;
use crate::keeping::store::ViewRow;

/// Of what there is a series: the kind of its row, and what its numbers begin with.
const SERIES: [(&str, &str); 3] = [("application", "APP"), ("contract", "CTR"), ("matter", "MAT")];

/// The kinds of rows whose things have a number.
pub const NUMBERED: [&str; 3] = [SERIES[0].0, SERIES[1].0, SERIES[2].0];

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

    /// What the rows of a step tell of: whatever stands in a list has a number.
    pub(crate) fn all_of(rows: &[ViewRow], recorded_at: Moment) -> Vec<ToNumber> {
        rows.iter().filter_map(|row| ToNumber::of(&row.kind, &row.id, recorded_at)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_year_is_that_of_japan() {
        let at: Moment = "2026-12-31T23:59:59".parse().unwrap();
        assert_eq!(ToNumber::of("contract", "K-1", at).unwrap().year, 2026);
        assert_eq!(ToNumber::of("matter", "M-1", at.plus_seconds(1)).unwrap().year, 2027);
        assert_eq!(ToNumber::of("invoice", "INV-1", at), None);
    }
}
