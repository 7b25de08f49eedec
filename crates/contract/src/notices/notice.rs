//! Articles 3 and 4: when a notice takes effect, and when it came beforehand.

use reckon::{BusinessCalendar, CountingBack, Day, Moment, Period, days_before};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::LeadDays;

/// How a notice or statement was sent.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Email,
    Homepage,
    Paper,
    Portal,
    Other,
}

impl Channel {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Homepage => "homepage",
            Channel::Paper => "paper",
            Channel::Portal => "portal",
            Channel::Other => "other",
        }
    }

    /// Whether the operator's list of admitted channels names it (A-16, A-87).
    pub fn is_among(self, channels: &[String]) -> bool {
        channels.iter().any(|admitted| admitted == self.name())
    }
}

/// One sending of a notice of the provider.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Sending {
    pub channel: Channel,
    pub at: Moment,
    #[serde(default)]
    pub arrived_at: Option<Moment>,
}

/// 3-2: a mail or a posting takes effect when it is sent or posted, anything
/// else when it arrives (Civil Code 97); the earliest counts. A bounce changes
/// nothing (A-05).
pub fn effective_at(sendings: &[Sending]) -> Option<Moment> {
    sendings.iter().filter_map(Sending::effective_at).min()
}

impl Sending {
    /// When it takes effect by itself.
    pub fn effective_at(&self) -> Option<Moment> {
        match self.channel {
            Channel::Email | Channel::Homepage => Some(self.at),
            Channel::Paper | Channel::Portal | Channel::Other => self.arrived_at,
        }
    }
}

/// 4-1, 12-2, 17-1, 18-1: whether a notice took effect before the change, with
/// at least `min_lead_days` full days between (A-07).
pub fn came_beforehand(effective: Moment, change: Moment, min_lead_days: u32) -> bool {
    if min_lead_days == 0 {
        return effective < change;
    }
    let starts_at_midnight = Moment::start_of(effective.day()) == effective;
    let first_full_day = match starts_at_midnight {
        true => effective.day(),
        false => Period::days(effective.day(), 2).last_day(),
    };
    let lead_over: Day = Period::days(first_full_day, min_lead_days).last_day();
    Moment::start_of(Period::days(lead_over, 2).last_day()) <= change
}

/// 4-1, 12-2, 17-1, 18-1: the last moment at which a notice can take effect and still come
/// beforehand, with so many full days between (A-07).
///
/// ```
/// use contract::notices::notice::latest_effect;
/// use reckon::{BusinessCalendar, Moment};
/// use terms::LeadDays;
/// let calendar = BusinessCalendar::default();
/// let change: Moment = "2026-06-01T00:00".parse().unwrap();
/// let latest = |days| latest_effect(change, days, LeadDays::Calendar, &calendar).to_string();
/// assert_eq!(latest(0), "2026-05-31T23:59:59+09:00");
/// assert_eq!(latest(30), "2026-05-02T00:00:00+09:00");
/// ```
pub fn latest_effect(
    change: Moment,
    min_lead_days: u32,
    counts: LeadDays,
    calendar: &BusinessCalendar,
) -> Moment {
    if min_lead_days == 0 {
        return change.plus_seconds(-1);
    }
    let first_full_day = match counts {
        LeadDays::Calendar => days_before(change.day(), min_lead_days),
        LeadDays::Business => {
            calendar.before(change.day(), min_lead_days, CountingBack::Label).latest_day
        }
    };
    Moment::start_of(first_full_day)
}
