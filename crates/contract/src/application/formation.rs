//! Article 9: from an application to a contract.

use reckon::{Moment, TaxRate, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Law, LawError, ListRow, Pack, RowEffect, TermsVersion, VersionRule};

/// 9-4: the contract is formed at the moment the acceptance mail is sent, and by
/// nothing else; 9-5b: the order acceptance does not change that moment.
pub fn formed_at(acceptance_mail_sent_at: Option<Moment>) -> Option<Moment> {
    acceptance_mail_sent_at
}

/// 9-6: the terms are deemed accepted when the applicant sent the form.
pub fn assent_at(application_sent_at: Moment) -> Moment {
    application_sent_at
}

/// 9-6, A-10: the version under which a contract is formed, when a new one may have
/// come into force between the sending of the form and the acceptance.
///
/// # Errors
/// When the law has no rules for the moment of sending.
pub fn version_assented(
    law: &Law,
    sent_at: Moment,
    formed_at: Moment,
) -> Result<Option<&TermsVersion>, LawError> {
    let (read, later) = (law.version_at(sent_at), law.version_at(formed_at));
    let published = |version: &&TermsVersion| {
        version.published_on.is_some_and(|day| Moment::start_of(day) <= sent_at)
    };
    Ok(match law.effective(sent_at, &[])?.rules.version_rule {
        VersionRule::AtSending => read,
        VersionRule::AtFormation => later,
        VersionRule::IfPublished => later.filter(published).or(read),
    })
}

/// 9-2b: whoever applied by mail owes the paper form; without effect on 9-4.
pub fn owes_paper_form(paper_received_at: Option<Moment>) -> bool {
    paper_received_at.is_none()
}

/// 9-9: what a withdrawal or amendment costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct WithdrawalCost {
    pub payable: bool,
    pub cost: Yen,
    pub tax: Yen,
}

/// 9-9: all costs of preparation and their tax, but only after formation.
pub fn withdrawal_cost(
    formed_at: Option<Moment>,
    withdrawn_at: Moment,
    costs: &[Yen],
    rate: TaxRate,
) -> WithdrawalCost {
    let payable = formed_at.is_some_and(|formed| formed <= withdrawn_at);
    if !payable {
        return WithdrawalCost { payable, cost: Yen::ZERO, tax: Yen::ZERO };
    }
    let cost = costs.iter().copied().sum();
    WithdrawalCost { payable, cost, tax: rate.on(cost) }
}

/// What is known of an applicant that may speak against a contract (9-10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplicantHistory {
    pub terminated_for_breach_before: bool,
    pub false_or_missing_entry: bool,
    pub default_risk: bool,
    pub infeasible: bool,
    pub unsuitable: bool,
}

/// 9-10: every ground on which the provider may refuse; a person decides.
pub fn grounds_for_refusal(applicant: ApplicantHistory) -> Vec<&'static str> {
    let holds = |row: &&ListRow| match row.effect {
        RowEffect::TerminatedForBreachBefore => applicant.terminated_for_breach_before,
        RowEffect::FalseOrMissingEntry => applicant.false_or_missing_entry,
        RowEffect::DefaultRisk => applicant.default_risk,
        RowEffect::Infeasible => applicant.infeasible,
        RowEffect::Unsuitable => applicant.unsuitable,
        _ => false,
    };
    let grounds = Pack::bundled().lists["9-10"].rows.iter().filter(holds);
    grounds.map(|row| row.clause.as_str()).collect()
}
