//! Quantities and prices: scaled integers read from decimal text, never floats.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Ratio;

/// A decimal number as it was written: `units / 10^scale`.
///
/// ```
/// use reckon::{Decimal, Ratio};
/// let hours: Decimal = "717.25".parse().unwrap();
/// assert_eq!(hours.ratio(), Ratio::new(71_725, 100));
/// assert_eq!(hours.to_string(), "717.25");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    units: i64,
    scale: u32,
}

/// Why a text is no decimal number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "\"{0}\" is not a decimal number such as 717 or 0.25 (digits, at most one point, at most 12 places)"
)]
pub struct DecimalError(String);

impl Decimal {
    pub fn whole(units: i64) -> Decimal {
        Decimal { units, scale: 0 }
    }

    /// The exact value.
    pub fn ratio(self) -> Ratio {
        Ratio::new(i128::from(self.units), 10i128.pow(self.scale))
    }

    pub fn is_negative(self) -> bool {
        self.units < 0
    }

    /// The same number with more places: 64 bits and 12 places fit into 128.
    fn units_at(self, scale: u32) -> i128 {
        i128::from(self.units) * 10i128.pow(scale - self.scale)
    }
}

/// # Panics
/// When the sum has more digits than 64 bits hold, which no quantity of a month
/// reaches: to wrap around would be an amount of money that nobody owes.
impl std::ops::Add for Decimal {
    type Output = Decimal;

    fn add(self, other: Decimal) -> Decimal {
        let scale = self.scale.max(other.scale);
        let sum = self.units_at(scale).checked_add(other.units_at(scale));
        let units = sum.and_then(|sum| i64::try_from(sum).ok());
        Decimal { units: units.expect("a sum of quantities within 64 bits"), scale }
    }
}

impl std::ops::Neg for Decimal {
    type Output = Decimal;

    fn neg(self) -> Decimal {
        Decimal { units: -self.units, scale: self.scale }
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Decimal, DecimalError> {
        let refuse = || DecimalError(text.to_owned());
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let misplaced_point = digits.contains('.') && fraction.is_empty();
        if whole.is_empty() || misplaced_point || fraction.len() > 12 {
            return Err(refuse());
        }
        if !plain(whole) || !plain(fraction) {
            return Err(refuse());
        }
        let units = format!("{sign}{whole}{fraction}").parse().map_err(|_| refuse())?;
        Ok(Decimal { units, scale: fraction.len() as u32 })
    }
}

impl TryFrom<String> for Decimal {
    type Error = DecimalError;
    fn try_from(text: String) -> Result<Decimal, DecimalError> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> String {
        decimal.to_string()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let width = self.scale as usize + 1;
        let digits = format!("{:0width$}", self.units.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        match self.scale {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}
