//! Moments as a file has them.

use reckon::{Day, Moment};
use serde::{Deserialize, Deserializer};

/// An instant as text; a day alone means 9:00 of it.
pub(super) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_moment(&text).map_err(serde::de::Error::custom)
}

pub(super) fn optional_moment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Moment>, D::Error> {
    moment(deserializer).map(Some)
}

fn read_moment(text: &str) -> Result<Moment, reckon::MomentError> {
    match text.parse::<Day>() {
        Ok(day) if text.len() == 10 => Ok(Moment::start_of(day).plus_seconds(9 * 3600)),
        _ => text.parse(),
    }
}
