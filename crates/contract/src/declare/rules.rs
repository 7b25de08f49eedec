//! The rules: which clauses a reason cites, resting on which readings and parameters,
//! under which title, and how its numbers are told. Each stands in the file of its
//! clause; one list here for what goes over all of them.

use serde::Serialize;
use terms::{Law, Reading};

use crate::declare::reason::{Because, Told, told};
use crate::declare::words::{Reader, Words};
use crate::{application, ending, money, notices, registered, road, service, takeover};

/// Puts the numbers of a reason into lines, where it has those of a rule.
type Tell = fn(&Because, Reader) -> Option<Vec<String>>;

/// What a reason names. A rule whose answer changes gets a higher version.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub id: &'static str,
    pub version: u32,
    pub clauses: &'static [&'static str],
    pub readings: &'static [&'static str],
    pub parameters: &'static [&'static str],
    /// What it decides, as a short name.
    pub title: Words,
    pub(crate) told: Option<Tell>,
}

impl Rule {
    pub(crate) const fn new(
        id: &'static str,
        version: u32,
        ja: &'static str,
        en: &'static str,
    ) -> Rule {
        let title = Words::new(ja, en);
        Rule { id, version, clauses: &[], readings: &[], parameters: &[], title, told: None }
    }

    pub(crate) const fn clauses(self, clauses: &'static [&'static str]) -> Rule {
        Rule { clauses, ..self }
    }

    pub(crate) const fn readings(self, readings: &'static [&'static str]) -> Rule {
        Rule { readings, ..self }
    }

    pub(crate) const fn parameters(self, parameters: &'static [&'static str]) -> Rule {
        Rule { parameters, ..self }
    }

    /// Its numbers are told as these tell themselves.
    pub(crate) const fn told_by<N: Told>(self) -> Rule {
        Rule { told: Some(told::<N>), ..self }
    }
}

/// How far rules rest on a reading or a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reliance {
    /// It is read: another choice changes what follows.
    Chosen,
    /// A rule rests on it as it stands here; nothing else can be chosen.
    Fixed,
    /// No rule reads it.
    Nothing,
}

/// How far rules rest on a parameter of the terms.
pub fn reliance_on_parameter(law: &Law, name: &str) -> Reliance {
    if law.is_carried_out(name) {
        Reliance::Chosen
    } else if RULES.iter().any(|rule| rule.parameters.contains(&name)) {
        Reliance::Fixed
    } else {
        Reliance::Nothing
    }
}

/// How far rules rest on a reading: on its parameter, where it has one.
pub fn reliance_on_reading(law: &Law, reading: &Reading) -> Reliance {
    let parameter = reading.parameter.as_deref();
    let parameter = parameter.map_or(Reliance::Nothing, |name| reliance_on_parameter(law, name));
    let is_cited = RULES.iter().any(|rule| rule.readings.contains(&&*reading.id));
    parameter.min(if is_cited { Reliance::Fixed } else { Reliance::Nothing })
}

/// The rule that a stored reason names.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Every rule.
pub const RULES: &[&Rule] = &[
    &road::decide::RECORDED,
    &application::receiving::TERMS_ASSENT,
    &application::receiving::PAPER_FORM_DUTY,
    &application::receiving::REVIEW,
    &registered::notified::DATA_CHANGE,
    &application::acceptance::FORMATION,
    &takeover::follows::TAKEOVER,
    &takeover::follows::RECEIVABLE_TAKEOVER,
    &takeover::follows::MINIMUM_TERM_TAKEOVER,
    &application::acceptance::CHANGE_FORMATION,
    &application::order_acceptance::ORDER_ACCEPTANCE_DUTY,
    &application::order_acceptance::ORDER_ACCEPTANCE,
    &application::refusal::REFUSAL,
    &application::withdrawal::WITHDRAWAL,
    &service::minimum_term::MINIMUM_TERM,
    &ending::renewal::EXTENSION,
    &ending::renewal::NON_RENEWAL,
    &ending::renewal::STATEMENT_LATE,
    &ending::renewal::EXPIRY,
    &ending::cancellation_form::CANCEL_EFFECTIVE,
    &ending::arrivals::ARRIVAL_CONFIRMATION,
    &ending::cancellation_form::CANCEL_CHANNEL,
    &ending::ended::PAYABLE_AT_ARRIVAL,
    &ending::notices::RECEIPT_NOTICE,
    &ending::cancellation_form::CANCELLED,
    &ending::agreed::CANCELLATION_AGREED,
    &ending::agreed::MONTH_END_OFFER,
    &ending::terminating::TERMINATED,
    &ending::notices::TERMINATION_NOTICE,
    &ending::ended::FINAL_SETTLEMENT,
    &service::minimum_term::EARLY_TERMINATION,
    &service::removal::LINE_REMOVAL,
    &money::fees::MONTHLY_FEE,
    &money::fees::LAST_MONTH_FEE,
    &money::fees::FEE_WHILE_STOPPED,
    &money::fees::USAGE_FEE,
    &money::amendment_costs::COST_RECOVERY,
    &money::fees::INVOICE_TAX,
    &money::fees::DUE_DATE,
    &money::payment::CASH_APPLICATION,
    &money::payment::OVERPAYMENT,
    &money::held::OFFSET,
    &money::held::RETURN_OF_HELD,
    &money::payment::APPLICATION_UNDONE,
    &money::credit_note::CREDIT_NOTE,
    &money::waiver::WAIVER,
    &money::invoice::OVERDUE,
    &money::late_interest::LATE_INTEREST,
    &service::suspension::SUSPENSION_RIGHT,
    &ending::termination::ARREARS_RIGHT,
    &ending::judgement::JUDGED_GROUND,
    &ending::termination::UNCURED_BREACH,
    &service::suspending::SUSPENSION,
    &service::start::START_DUE,
    &service::suspending::RESUMPTION,
    &ending::ended::ACCOUNTS_CLOSED,
    &ending::erasure::MATERIAL_DISPOSAL,
    &ending::erasure::ERASURE_DUE,
    &ending::ended::SECRECY,
    &ending::erasure::ERASURE,
    &road::decide::CORRECTION,
    &road::decide::EDITION,
    &road::unfold::NO_EFFECT,
    &notices::refused::MAIL_REFUSED,
];
