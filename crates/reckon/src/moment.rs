//! An instant, spoken of in Japan time.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Day, Month};

const JAPAN: Offset = jiff::tz::offset(9);

/// An instant to the second, written and read in Japan time (+09:00).
///
/// Text without an offset is Japan time; text with one is converted.
///
/// ```
/// use reckon::Moment;
/// let sent: Moment = "2026-04-01T00:30:00".parse().unwrap();
/// assert_eq!(sent.to_string(), "2026-04-01T00:30:00+09:00");
/// assert_eq!(sent.day().to_string(), "2026-04-01");
/// // The upstream counts fee months in UTC, where it is still March.
/// assert_eq!(sent.utc_month().to_string(), "2026-03");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(Timestamp);

/// Why a text is no instant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{0}\" is not an instant such as 2026-04-01T10:00:00 (Japan time)")]
pub struct MomentError(String);

impl Moment {
    /// The instant at which this Japanese day begins (0:00 JST).
    pub fn start_of(day: Day) -> Moment {
        Moment::from_japan(day.at(0, 0, 0, 0))
    }

    /// The last second of this Japanese day (its end is 24:00, Civil Code 141).
    pub fn end_of(day: Day) -> Moment {
        Moment::from_japan(day.at(23, 59, 59, 0))
    }

    /// The last hours of the year 9999 have no instant of their own.
    pub fn from_japan(local: DateTime) -> Moment {
        let since = local.duration_since(DateTime::new(1970, 1, 1, 9, 0, 0, 0).expect("a time"));
        Moment::from_unix_seconds(since.as_secs())
    }

    /// Seconds from 1970 on; what no calendar reaches is its first or last instant.
    pub fn from_unix_seconds(seconds: i64) -> Moment {
        let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let within = Timestamp::from_second(seconds.clamp(first, last));
        Moment(within.expect("a second of the calendar"))
    }

    pub fn unix_seconds(self) -> i64 {
        self.0.as_second()
    }

    pub fn japan(self) -> DateTime {
        JAPAN.to_datetime(self.0)
    }

    pub fn day(self) -> Day {
        self.japan().date()
    }

    /// The calendar month in which this instant falls for the upstream (UTC).
    pub fn utc_month(self) -> Month {
        Month::of(Offset::UTC.to_datetime(self.0).date())
    }

    pub fn plus_seconds(self, seconds: i64) -> Moment {
        Moment::from_unix_seconds(self.unix_seconds().saturating_add(seconds))
    }

    /// Japan time as in a Japanese document: `2026-04-01 10:00`.
    pub fn to_minute_text(self) -> String {
        self.japan().strftime("%Y-%m-%d %H:%M").to_string()
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Moment, MomentError> {
        let refuse = |_| MomentError(text.to_owned());
        let tail = text.get(10..).unwrap_or_default();
        if tail.contains(['+', '-', 'Z', 'z']) {
            let exact: Timestamp = text.parse().map_err(refuse)?;
            return Ok(Moment::from_unix_seconds(exact.as_second()));
        }
        let local: DateTime = text.parse().map_err(refuse)?;
        let exact = JAPAN.to_timestamp(local).map_err(refuse)?;
        Ok(Moment::from_unix_seconds(exact.as_second()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zoned = self.0.to_zoned(TimeZone::fixed(JAPAN));
        write!(f, "{}", zoned.strftime("%Y-%m-%dT%H:%M:%S%:z"))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Moment {
    type Error = MomentError;
    fn try_from(text: String) -> Result<Moment, MomentError> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> String {
        moment.to_string()
    }
}
