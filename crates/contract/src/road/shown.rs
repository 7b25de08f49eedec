//! What pages, lists and the API show of a state. It is no part of the state itself, which
//! may be stored and changed without anybody outside seeing it.

use reckon::{Day, Moment, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use crate::application::form::UsePeriod;
use crate::application::quote::{PurchaseOrder, Quote};
use crate::declare::ids::ApplicationId;
use crate::road::state;
use crate::road::state::{
    ApplicationState, ApplicationStatus, ArrivalState, ContractState, ContractStatus, EndState,
    LineState, OpeningState, Provision, QuoteState, TakenOverState,
};
use crate::service::minimum_term::EndCause;

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "ApplicationState")]
pub struct Application {
    pub status: ApplicationStatus,
    pub sent_at: Moment,
    pub received_at: Moment,
    pub formed_at: Option<Moment>,
    pub registered_by: String,
    pub grounds: Vec<String>,
}

impl Application {
    pub fn of(of: &ApplicationState) -> Application {
        Application {
            status: of.status,
            sent_at: of.content.sent_at,
            received_at: of.received_at,
            formed_at: of.formed_at,
            registered_by: of.registered_by.clone(),
            grounds: of.grounds.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "ContractState")]
pub struct Contract {
    pub application: ApplicationId,
    pub formed_at: Moment,
    pub version: String,
    pub status: ContractStatus,
    pub provision: Provision,
    pub period: UsePeriod,
    /// Last day on which a statement against the next extension is in time.
    pub renewal_limit: Option<Day>,
    pub lines: Vec<Line>,
    pub end: Option<End>,
    /// Arrivals that a second person looks at before their receipt notice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub arrivals: Vec<ArrivalState>,
    pub erasure_ordered_by: Option<String>,
    /// Where it comes from, when it was taken over from an earlier book.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_over: Option<TakenOverState>,
    /// an insolvency was found, and legal has not released it.
    pub locked_by_insolvency: bool,
}

impl Contract {
    pub fn of(of: &ContractState) -> Contract {
        Contract {
            application: of.application.clone(),
            formed_at: of.formed_at,
            version: of.version.clone(),
            status: of.status,
            provision: of.provision,
            period: of.period,
            renewal_limit: of.renewal_limit,
            lines: of.lines.iter().map(Line::of).collect(),
            end: of.end.as_ref().map(End::of),
            arrivals: of.arrivals.clone(),
            erasure_ordered_by: of.erasure_ordered_by.clone(),
            taken_over: of.taken_over.clone(),
            locked_by_insolvency: of.locked_by_insolvency,
        }
    }
}

/// An end that is known: past or to come.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "EndState")]
pub struct End {
    pub on: Day,
    pub cause: EndCause,
}

impl End {
    pub fn of(of: &EndState) -> End {
        End { on: of.on, cause: of.cause }
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "LineState")]
pub struct Line {
    pub number: u32,
    pub item: String,
    pub quantity: u32,
    pub started_on: Option<Day>,
    pub minimum_term: Option<UsePeriod>,
    /// Set when a change contract ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal: Option<Removal>,
}

impl Line {
    pub fn of(of: &LineState) -> Line {
        Line {
            number: of.number,
            item: of.item.clone(),
            quantity: of.quantity,
            started_on: of.started_on,
            minimum_term: of.minimum_term,
            removal: of.removal.as_ref().map(Removal::of),
        }
    }
}

/// How a change contract ended a line.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "Removal")]
pub struct Removal {
    pub last_day: Day,
    /// Agreed for the rest of its minimum term (14-2), without tax.
    pub residual: Yen,
}

impl Removal {
    pub fn of(of: &state::Removal) -> Removal {
        Removal { last_day: of.last_day, residual: of.residual }
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "Receivable")]
pub struct Receivable {
    pub total: Yen,
    /// What credit notes took off it.
    pub credited: Yen,
    pub outstanding: Yen,
    pub due: Day,
    /// The day on which nothing was left of it.
    pub paid_on: Option<Day>,
    /// Late interest that is owed for it and not yet invoiced is no part of it.
    pub late_interest: Yen,
    /// Where it comes from, when an earlier book issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_over: Option<OpeningState>,
}

impl Receivable {
    pub fn of(of: &state::Receivable) -> Receivable {
        Receivable {
            total: of.total,
            credited: of.credited,
            outstanding: of.outstanding,
            due: of.due,
            paid_on: of.paid_on,
            late_interest: of.late_interest,
            taken_over: of.taken_over.clone(),
        }
    }
}

/// A quotation, and what came of it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
#[schemars(rename = "QuoteState")]
pub struct Quotation {
    pub quote: Quote,
    /// Applications that name it, or that an order ties to it.
    pub applications: Vec<ApplicationId>,
    pub orders: Vec<PurchaseOrder>,
}

impl Quotation {
    pub fn of(of: &QuoteState) -> Quotation {
        Quotation {
            quote: of.quote.clone(),
            applications: of.applications.clone(),
            orders: of.orders.clone(),
        }
    }
}
