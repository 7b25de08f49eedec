//! Article 14: the minimum term and what leaving it early costs.

use reckon::{Period, Ratio};
use terms::{Effective, MinTermAnchor, Overlap};

use crate::declare::prelude::*;
use crate::money::fees::Product;

pub(crate) const MINIMUM_TERM: Rule = Rule::new("minimum_term", 1, "最低利用期間", "minimum term")
    .clauses(&["14-1", "14-1b", "14-1c"])
    .readings(&["A-26"])
    .parameters(&["min_term.months", "min_term.anchor"])
    .told_by::<Begun>();
pub(crate) const EARLY_TERMINATION: Rule =
    Rule::new("early_termination", 1, "最低利用期間の残余分", "remaining minimum-term charge")
        .clauses(&["14-2", "15-2"])
        .readings(&["A-19", "A-21"])
        .parameters(&["early_termination.overlap", "early_termination.base"])
        .told_by::<LeftEarly>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Begun {
    pub started_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months_agreed: Option<u32>,
}

impl Told for Begun {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let started = day(self.started_on, l);
        let count = self.months_agreed.or_else(|| because.parameter("min_term.months"))?;
        let count = months(count.into(), l);
        let agreed = match self.months_agreed {
            Some(_) => l.pick("（料金表または合意による）", " (by price table or agreement)"),
            None => "",
        };
        let anchor: Option<String> = because.parameter("min_term.anchor");
        Some(vec![match anchor.as_deref() {
            Some("start_day") => say!(
                l,
                "利用開始 {started}、その日から{count}{agreed}",
                "use began {started}: {count} from that day{agreed}"
            ),
            _ => say!(
                l,
                "利用開始 {started}、その月の1日から{count}{agreed}",
                "use began {started}: {count} from the first day of that month{agreed}"
            ),
        }])
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct LeftEarly {
    pub cancelled_on: Day,
    pub minimum_term_to: Day,
    pub monthly_fee: Yen,
    pub months: i64,
    #[serde(flatten)]
    pub product: Product,
}

impl Told for LeftEarly {
    const OF_AMOUNTS: bool = true;

    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let (cancelled, to) = (day(self.cancelled_on, l), day(self.minimum_term_to, l));
        let count = months(self.months, l);
        let (fee, amount) = (yen(self.monthly_fee, l), yen(self.product.amount, l));
        let overlap: Option<String> = because.parameter("early_termination.overlap");
        let total = match overlap.as_deref() {
            Some("include") => say!(
                l,
                "（{count} + 解除月の残りの日数分）× {fee} = {amount}",
                "({count} + the rest of the month of cancellation) × {fee} = {amount}"
            ),
            _ => say!(l, "{count} × {fee} = {amount}", "{count} × {fee} = {amount}"),
        };
        Some(vec![
            say!(
                l,
                "解除 {cancelled}、最低利用期間は{to}まで：解除月の翌月から{count}",
                "cancelled {cancelled}, minimum term up to {to}: {count} after the month of cancellation"
            ),
            total,
        ])
    }
}

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
