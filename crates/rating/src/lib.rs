//! Price tables and quantities become charge lines.
//!
//! A charge line is resource × price item × service month, and one result: the
//! cap is compared before rounding, then the line is rounded down once (27-1,
//! Nothing here knows a contract or what was charged before.

#![deny(clippy::float_arithmetic)]

use reckon::{Day, Decimal, Month, Ratio, Yen};
use serde::{Deserialize, Serialize};
use terms::{PriceItem, PriceTable};
use thiserror::Error;

/// What one line costs without tax, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    pub item: String,
    pub name: String,
    pub month: Month,
    pub quantity: Decimal,
    pub unit: String,
    pub unit_price: Decimal,
    pub amount: Yen,
    /// True when the monthly cap of the item decided the amount.
    pub capped: bool,
}

/// Why a quantity cannot be priced.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unpriced {
    #[error("the price table has no item \"{0}\": add it, or correct the code")]
    UnknownItem(String),
    #[error("the item \"{item}\" has no price in force on the first of {month}")]
    NoPrice { item: String, month: Month },
}

/// Prices a quantity of one item in one service month, by the price in force on
/// the first of that month, or by an individually agreed unit price (1-2).
/// The month in which use began is prorated from `first_day` only where the
/// price table says so.
///
/// # Errors
/// [`Unpriced`] when the table has no such item or no price for that month.
pub fn rate(
    prices: &PriceTable,
    code: &str,
    month: Month,
    quantity: Decimal,
    agreed: Option<Yen>,
    first_day: Option<Day>,
) -> Result<Rated, Unpriced> {
    let item = prices.item(code).ok_or_else(|| Unpriced::UnknownItem(code.to_owned()))?;
    let unit_price = match agreed {
        Some(yen) => Decimal::whole(yen.0),
        None => listed_price(item, month)?,
    };
    let share = match first_day {
        Some(day) if item.prorate_first_month && Month::of(day) == month => {
            let used = month.days() - i64::from(day.day()) + 1;
            Ratio::new(i128::from(used), i128::from(month.days()))
        }
        _ => Ratio::new(1, 1),
    };
    let exact = quantity.ratio() * unit_price.ratio() * share;
    let cap = item.monthly_cap.map(Decimal::ratio).filter(|cap| *cap < exact);
    let charged: Ratio = cap.unwrap_or(exact);
    Ok(Rated {
        item: item.code.clone(),
        name: item.name.clone(),
        month,
        quantity,
        unit: item.unit.clone(),
        unit_price,
        amount: charged.rounded_down(),
        capped: cap.is_some(),
    })
}

fn listed_price(item: &PriceItem, month: Month) -> Result<Decimal, Unpriced> {
    let price = item.at(month.first_day());
    price.map(|price| price.yen).ok_or_else(|| Unpriced::NoPrice { item: item.code.clone(), month })
}
