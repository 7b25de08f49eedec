//! When a mail says that it was sent (RFC 5322, 3.3 and 4.3).

use mail_parser::DateTime;
use reckon::Moment;

/// Zones of letters and their hours from UTC: those of RFC 5322, 4.3, and that of
/// Japan, which mail programs there write.
const ZONES: [(&str, i64); 12] = [
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("JST", 9),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// The moment of a date as it is written in a header.
///
/// # Errors
/// Why it names none, such as a zone that nobody knows; an empty text where there is no
/// date at all.
pub(super) fn moment(written: &str) -> Result<Moment, String> {
    let written = written.trim();
    if written.is_empty() {
        return Err(String::new());
    }
    let no_date = || format!("「{written}」 is no date");
    let mut date = DateTime::parse_rfc822(written).ok_or_else(no_date)?;
    let hours_and_minutes =
        offset(zone(written)).ok_or_else(|| format!("the zone of 「{written}」 is unknown"))?;
    // A leap second is the first of the next minute.
    let leap = i64::from(date.second == 60);
    date.second -= leap as u8;
    (date.tz_hour, date.tz_minute, date.tz_before_gmt) = (0, 0, false);
    if !date.is_valid() {
        return Err(no_date());
    }
    Ok(Moment::from_unix_seconds(date.to_timestamp() + leap - hours_and_minutes))
}

/// What follows the time of the day, without the comment that may stand behind it.
fn zone(written: &str) -> &str {
    let mut rest = written.split('(').next().unwrap_or_default().trim();
    while let Some((word, after)) = rest.split_once(char::is_whitespace) {
        rest = after.trim_start();
        if is_time(word) {
            return rest;
        }
    }
    ""
}

fn is_time(word: &str) -> bool {
    word.contains(':') && word.bytes().all(|b| b.is_ascii_digit() || b == b':')
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    let zone = zone.to_ascii_uppercase();
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == zone) {
        return Some(hours * 3600);
    }
    if zone == "Z" {
        return Some(0);
    }
    let bare = ["GMT", "UTC"].iter().find_map(|name| zone.strip_prefix(name)).unwrap_or(&zone);
    let sign = match bare.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = bare[1..].trim().chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = (digits[..2].parse::<i64>().ok()?, digits[2..].parse::<i64>().ok()?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_is_known_is_counted_from_utc() {
        let at = |zone: &str| moment(&format!("Wed, 1 Apr 2026 09:30:12 {zone}")).unwrap();
        let japan = at("+0900");
        for same in ["JST", "jst", "+0900 (JST)", "GMT+09:00", "GMT+0900", "+09:00", "UTC+09:00"] {
            assert_eq!(at(same), japan, "{same}");
        }
        for utc in ["GMT", "UT", "Z", "+0000", "-0000", "UTC (Coordinated Universal Time)"] {
            assert_eq!(at(utc), japan.plus_seconds(9 * 3600), "{utc}");
        }
        assert_eq!(at("EST"), japan.plus_seconds(14 * 3600));
        assert_eq!(at("-0530"), japan.plus_seconds(14 * 3600 + 1800));
        assert_eq!(moment("1 Apr 2026 09:30:12 JST").unwrap(), japan);
        assert_eq!(moment("1 Apr 2026 09:30:60 JST").unwrap(), japan.plus_seconds(48));
    }

    #[test]
    fn what_names_no_moment_says_why() {
        for (written, why) in [
            ("Wed, 1 Apr 2026 09:30:12 XYZ", "zone"),
            ("Wed, 1 Apr 2026 09:30:12", "no date"),
            ("Wed, 1 Apr 2026 09:30:12 +9", "zone"),
            ("Wed, 1 Apr 2026 09:30:12 +2500", "zone"),
            ("Wed, 32 Apr 2026 09:30:12 +0900", "no date"),
            ("Wed, 1 Apr 2026 25:30:12 +0900", "no date"),
            ("yesterday", "no date"),
        ] {
            assert!(moment(written).unwrap_err().contains(why), "{written}");
        }
        assert_eq!(moment(" ").unwrap_err(), "");
    }
}
