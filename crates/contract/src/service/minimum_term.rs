//! Article 14: the minimum term and what leaving it early costs.

use reckon::{Day, Month, Period, Ratio, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Effective, MinTermAnchor, Overlap};

/// Why a contract ended.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    /// 13: not extended.
    Expiry,
    /// 15: by the customer.
    CustomerCancellation,
    /// 16-1: by the provider.
    ProviderTermination,
    /// 17-1: the service was discontinued.
    Discontinuation,
    /// 39-2(2): breach by an authorised user.
    UserBreach,
    /// 9-9: withdrawn after formation, before the service began.
    Withdrawal,
}

/// 14-1: first and last day of the minimum term of one service line, of so many
/// months as were agreed for it, or as the terms have it.
pub fn minimum_term(terms: &Effective, agreed: Option<u32>, start: Day) -> (Day, Day) {
    let from = match terms.rules.min_term_anchor {
        MinTermAnchor::FirstOfStartMonth => Month::of(start).first_day(),
        MinTermAnchor::StartDay => start,
    };
    let months = agreed.unwrap_or(terms.rules.min_term_months);
    (from, Period::months(from, months).last_day())
}

/// 14-2: the remaining minimum-term charge (最低利用期間残余分), without tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    pub within: bool,
    pub whole_months: i64,
    pub exact: Ratio,
    pub amount: Yen,
}

/// 14-2: the fixed fee of the months after the cancellation month, up to the end
/// of the minimum term; the month in which it ends counts in full.
pub fn remaining_charge(
    terms: &Effective,
    cancelled_on: Day,
    minimum_term_to: Day,
    monthly_fee: Yen,
) -> Remaining {
    let within = cancelled_on <= minimum_term_to;
    if !within {
        return Remaining { within, whole_months: 0, exact: Ratio::ZERO, amount: Yen::ZERO };
    }
    let month = Month::of(cancelled_on);
    let whole_months = Month::of(minimum_term_to).since(month);
    let overlap = match terms.rules.overlap {
        Overlap::Exclude => Ratio::ZERO,
        Overlap::Include => {
            let days = month.days() - i64::from(cancelled_on.day()) + 1;
            Ratio::new(i128::from(days), i128::from(month.days()))
        }
    };
    let exact = monthly_fee.times(Ratio::new(i128::from(whole_months), 1) + overlap);
    Remaining { within, whole_months, exact, amount: exact.rounded_down() }
}

/// 14-2 speaks of cancellation by the customer only: not of expiry, termination,
/// discontinuation or withdrawal.
pub fn remaining_charge_applies(cause: EndCause) -> bool {
    cause == EndCause::CustomerCancellation
}

/// A minimum term that outlasts the use period is accepted, with a warning that
/// no rule for it is agreed.
pub fn outlasts_period(expiry: Day, minimum_term_to: Day, agreed: bool) -> bool {
    minimum_term_to > expiry && !agreed
}
