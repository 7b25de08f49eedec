//! Money: whole yen, exact ratios between them, and the one way back to yen.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An amount in whole Japanese yen.
///
/// Displays with thousands separators: `Yen(1234567)` is `1,234,567`.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    JsonSchema,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct Yen(pub i64);

impl Yen {
    pub const ZERO: Yen = Yen(0);

    /// The exact product of this amount and a ratio, still unrounded.
    ///
    /// ```
    /// use reckon::{Ratio, Yen};
    /// assert_eq!(Yen(105).times(Ratio::new(10, 100)).rounded_down(), Yen(10));
    /// ```
    pub fn times(self, ratio: Ratio) -> Ratio {
        Ratio::from(self) * ratio
    }

    pub fn is_zero(&self) -> bool {
        self.0 == 0
    }

    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl fmt::Display for Yen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if self.0 < 0 {
            text.push('-');
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

impl Add for Yen {
    type Output = Yen;
    fn add(self, other: Yen) -> Yen {
        Yen(self.0 + other.0)
    }
}

impl Sub for Yen {
    type Output = Yen;
    fn sub(self, other: Yen) -> Yen {
        Yen(self.0 - other.0)
    }
}

impl Neg for Yen {
    type Output = Yen;
    fn neg(self) -> Yen {
        Yen(-self.0)
    }
}

impl AddAssign for Yen {
    fn add_assign(&mut self, other: Yen) {
        self.0 += other.0;
    }
}

impl SubAssign for Yen {
    fn sub_assign(&mut self, other: Yen) {
        self.0 -= other.0;
    }
}

impl Sum for Yen {
    fn sum<I: Iterator<Item = Yen>>(amounts: I) -> Yen {
        amounts.fold(Yen::ZERO, Add::add)
    }
}

/// An exact fraction of yen (or a rate), kept in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    over: i128,
    under: i128,
}

impl Ratio {
    pub const ZERO: Ratio = Ratio { over: 0, under: 1 };

    /// `over / under` in lowest terms.
    ///
    /// # Panics
    /// When `under` is zero: a caller that divides by a count checks it first.
    pub fn new(over: i128, under: i128) -> Ratio {
        assert!(under != 0, "a ratio over zero");
        let divisor = greatest_common_divisor(over.unsigned_abs(), under.unsigned_abs()) as i128;
        let sign = if under < 0 { -1 } else { 1 };
        Ratio { over: sign * over / divisor, under: sign * under / divisor }
    }

    /// The only rounding of the terms: a fraction under one yen is cut off
    /// (27-1, 切捨て), toward zero for a negative correction as well.
    ///
    /// ```
    /// use reckon::{Ratio, Yen};
    /// assert_eq!(Ratio::new(315, 10).rounded_down(), Yen(31));
    /// assert_eq!(Ratio::new(-315, 10).rounded_down(), Yen(-31));
    /// ```
    ///
    /// # Panics
    /// When the amount does not fit in 64 bits, which no yen amount reaches.
    pub fn rounded_down(self) -> Yen {
        let whole = self.over / self.under;
        Yen(i64::try_from(whole).expect("an amount of yen within 64 bits"))
    }

    /// True when nothing is lost by [`Ratio::rounded_down`].
    pub fn is_whole(self) -> bool {
        self.under == 1
    }

    pub fn numerator(self) -> i128 {
        self.over
    }

    pub fn denominator(self) -> i128 {
        self.under
    }

    /// The ratio as decimal text, cut after `places` digits and marked `…` when
    /// digits follow. For display only.
    pub fn to_decimal_text(self, places: u32) -> String {
        let sign = if self.over < 0 { "-" } else { "" };
        let over = self.over.unsigned_abs();
        let under = self.under.unsigned_abs();
        let scaled = over % under * 10u128.pow(places);
        let more = if scaled.is_multiple_of(under) { "" } else { "…" };
        let fraction = format!("{:0width$}", scaled / under, width = places as usize);
        format!("{sign}{}.{fraction}{more}", Yen((over / under) as i64))
    }
}

impl From<Yen> for Ratio {
    fn from(amount: Yen) -> Ratio {
        Ratio { over: i128::from(amount.0), under: 1 }
    }
}

impl Mul for Ratio {
    type Output = Ratio;
    fn mul(self, other: Ratio) -> Ratio {
        Ratio::new(self.over * other.over, self.under * other.under)
    }
}

impl Add for Ratio {
    type Output = Ratio;
    fn add(self, other: Ratio) -> Ratio {
        Ratio::new(self.over * other.under + other.over * self.under, self.under * other.under)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> std::cmp::Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
}

impl Sum for Ratio {
    fn sum<I: Iterator<Item = Ratio>>(parts: I) -> Ratio {
        parts.fold(Ratio::ZERO, Add::add)
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
