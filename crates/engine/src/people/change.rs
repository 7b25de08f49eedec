//! What may change about the people, as it is stored.

use contract::declare::ids::AccountId;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use reckon::{Day, Moment, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::approver::is_approver;
use super::fold::People;

/// On whose side somebody stands.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum Belongs {
    Staff,
    /// Of a customer: sees and does what is of this account only.
    Customer {
        account: AccountId,
    },
    /// Of a subcontractor (22-1).
    Subcontractor,
    /// No human: another program, which comes with a key.
    Program,
}

/// One change. Days are days in Japan; `until` is the last day, `from` the first.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum PeopleChange {
    /// `name` is empty for people of customers: theirs is kept sealed.
    PersonAdded {
        person: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        name: String,
        belongs: Belongs,
    },
    RoleGranted {
        person: String,
        role: Role,
        from: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
    },
    /// From this day on the role is held no longer.
    RoleEnded {
        person: String,
        role: Role,
        from: Day,
    },
    /// `deputy` may exercise a role of `stands_for` (代理).
    DeputyNamed {
        deputy: String,
        stands_for: String,
        role: Role,
        from: Day,
        until: Day,
    },
    /// What the person may approve at the most; `None`: any amount.
    LimitSet {
        person: String,
        up_to: Option<Yen>,
        from: Day,
    },
    /// From this day on the person has no role and no entry.
    PersonLeft {
        person: String,
        from: Day,
    },
    /// Where the person's own mails go from now on; the address is a sealed row.
    AddressSet {
        person: String,
    },
    /// A link with which the person sets a password, handed over by the second
    /// administrator because no mail can carry it.
    LinkWanted {
        person: String,
    },
    /// The person set a password with a link: what is done as a second person sleeps
    /// until an administrator who had no part in the link wakes it.
    LinkUsed {
        person: String,
        made_by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handed_by: Option<String>,
    },
    /// An administrator has made sure that the person themselves set the password.
    RolesWoken {
        person: String,
    },
    /// One-time codes are set up anew.
    CodesCleared {
        person: String,
    },
    /// A change that needs a second administrator, put before them.
    Proposed {
        wanted: Box<PeopleChange>,
    },
    /// The proposal with this key takes effect.
    Approved {
        proposal: String,
    },
    Declined {
        proposal: String,
    },
    /// The list of a quarter was looked through; `digest` is the hash of it.
    AccessReviewed {
        quarter: String,
        digest: String,
    },
}

/// An entry of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleEntry {
    pub at: Moment,
    pub by: Actor,
    /// A page, the API, or a command and the user of the machine.
    pub source: String,
    /// The reason, sealed, with the hash of its bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    #[serde(flatten)]
    pub change: PeopleChange,
}

impl PeopleChange {
    /// The kind under which it is stored.
    pub fn name(&self) -> &'static str {
        match self {
            PeopleChange::PersonAdded { .. } => "person_added",
            PeopleChange::RoleGranted { .. } => "role_granted",
            PeopleChange::RoleEnded { .. } => "role_ended",
            PeopleChange::DeputyNamed { .. } => "deputy_named",
            PeopleChange::LimitSet { .. } => "limit_set",
            PeopleChange::PersonLeft { .. } => "person_left",
            PeopleChange::AddressSet { .. } => "address_set",
            PeopleChange::LinkWanted { .. } => "link_wanted",
            PeopleChange::LinkUsed { .. } => "link_used",
            PeopleChange::RolesWoken { .. } => "roles_woken",
            PeopleChange::CodesCleared { .. } => "codes_cleared",
            PeopleChange::Proposed { .. } => "proposed",
            PeopleChange::Approved { .. } => "approved",
            PeopleChange::Declined { .. } => "declined",
            PeopleChange::AccessReviewed { .. } => "access_reviewed",
        }
    }

    /// Who gains or loses by it.
    pub fn person(&self) -> Option<&str> {
        match self {
            PeopleChange::PersonAdded { person, .. }
            | PeopleChange::RoleGranted { person, .. }
            | PeopleChange::RoleEnded { person, .. }
            | PeopleChange::LimitSet { person, .. }
            | PeopleChange::PersonLeft { person, .. }
            | PeopleChange::AddressSet { person }
            | PeopleChange::LinkWanted { person }
            | PeopleChange::LinkUsed { person, .. }
            | PeopleChange::RolesWoken { person }
            | PeopleChange::CodesCleared { person } => Some(person),
            PeopleChange::DeputyNamed { deputy, .. } => Some(deputy),
            PeopleChange::Proposed { wanted } => wanted.person(),
            PeopleChange::Approved { .. }
            | PeopleChange::Declined { .. }
            | PeopleChange::AccessReviewed { .. } => None,
        }
    }

    /// Whether it gives so much that a second administrator must agree: a role
    /// that approves, standing in for one, a higher limit, or a way to become somebody
    /// else.
    pub fn needs_second_person(&self, people: &People) -> bool {
        match self {
            PeopleChange::RoleGranted { role, .. } | PeopleChange::DeputyNamed { role, .. } => {
                is_approver(*role)
            }
            PeopleChange::LimitSet { person, up_to, from } => {
                match (people.limit(person, *from), up_to) {
                    (Some(_), None) => true,
                    (Some(now), Some(then)) => *then > now,
                    (None, _) => false,
                }
            }
            PeopleChange::AddressSet { .. }
            | PeopleChange::LinkWanted { .. }
            | PeopleChange::CodesCleared { .. } => true,
            _ => false,
        }
    }
}
