//! Articles 3 and 4: when a notice takes effect, and when it came beforehand.

use reckon::{Day, Moment, Period};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Whether the operator's list of admitted channels names it.
    pub fn is_among(self, channels: &[String]) -> bool {
        let name = serde_json::to_value(self).expect("a plain name");
        channels.iter().any(|admitted| name == admitted.as_str())
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
/// nothing.
pub fn effective_at(sendings: &[Sending]) -> Option<Moment> {
    let effect = |sending: &Sending| match sending.channel {
        Channel::Email | Channel::Homepage => Some(sending.at),
        Channel::Paper | Channel::Portal | Channel::Other => sending.arrived_at,
    };
    sendings.iter().filter_map(effect).min()
}

/// 4-1, 12-2, 17-1, 18-1: whether a notice took effect before the change, with
/// at least `min_lead_days` full days between.
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
