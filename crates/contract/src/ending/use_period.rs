//! Article 13: the period of use, its automatic extension and its end.

use reckon::{Day, Deadline, Moment, Month, Period};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::Effective;

use crate::notices::notice::{Channel, Sending, effective_at};

/// Who declares that the contract shall not be extended (13-1b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Customer,
    Provider,
}

/// A statement of non-renewal (別段の意思表示), of any form.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Statement {
    pub by: Side,
    pub channel: Channel,
    pub sent_at: Moment,
    #[serde(default)]
    pub arrived_at: Option<Moment>,
    /// The expiry it speaks against; the next one it is in time for when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Day>,
}

impl Statement {
    /// The provider's takes effect by 3-2, the customer's on arrival (Civil Code
    /// 97): 3-2 speaks only of notices of the provider.
    pub fn effective_at(&self) -> Option<Moment> {
        match self.by {
            Side::Customer => self.arrived_at,
            Side::Provider => effective_at(&[Sending {
                channel: self.channel,
                at: self.sent_at,
                arrived_at: self.arrived_at,
            }]),
        }
    }
}

/// 13-1b: the last day on which a statement against extension is in time.
pub fn renewal_limit(terms: &Effective, expiry: Day) -> Deadline {
    terms.calendar.before(expiry, terms.rules.renewal_notice_bd, terms.rules.before_mode)
}

/// Whether a statement that took effect at this moment was in time.
pub fn in_time(limit: Deadline, effective: Option<Moment>) -> bool {
    effective.is_some_and(|at| at.day() <= limit.latest_day)
}

/// 13-1b: the extension that begins the day after an expiry; its end follows
/// Civil Code 143 and so may drift away from a missing day.
pub fn extension(terms: &Effective, expiry: Day) -> (Day, Day) {
    let first = Period::days(expiry, 2).last_day();
    (first, Period::months(first, terms.rules.extension_months).last_day())
}

/// 13-2: a period of use ends at a month's end, unless agreed otherwise.
pub fn may_end_on(terms: &Effective, expiry: Day) -> bool {
    !terms.rules.period_must_end_at_month_end || expiry == Month::of(expiry).last_day()
}
