//! Days and yen: everything that is counted, and nothing that is decided.
//!
//! This crate knows the calendar of Japan, the periods of the Civil Code, exact
//! ratios and the one rounding of the terms (Article 27). It knows no contract,
//! no clock, no file and no floating point: whatever it needs is an argument.

#![deny(clippy::float_arithmetic)]

mod calendar;
mod decimal;
mod era;
mod holidays;
mod interest;
mod moment;
mod month;
mod period;
mod schema;
mod tax;
mod yen;

pub use calendar::{BusinessCalendar, CalendarKind, CountingBack, Deadline, Roll};
pub use decimal::{Decimal, DecimalError};
pub use era::japanese_era;
pub use holidays::{LAST_OFFICIAL_YEAR, holiday_name, is_provisional};
pub use interest::{Interest, InterestRule, YearBasis};
pub use moment::{Moment, MomentError};
pub use month::{Month, MonthError};
pub use period::{Length, Period, days_before};
pub use tax::{NoTaxRate, TaxRate, TaxTable};
pub use yen::{Ratio, Yen};

/// A calendar day in Japan (7-1: Japanese law, so a day begins at 0:00 JST).
pub type Day = jiff::civil::Date;
