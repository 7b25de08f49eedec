//! Switches, and the rules about precedence, versions, roles and entitlement.

use std::sync::Arc;

use contract::application::grounds::{ApplicantHistory, grounds_for_refusal};
use contract::application::receiving::{assent_at, formed_at, owes_paper_form};
use contract::money::fees::{FeeVersion, fee_for_month};
use contract::notices::notice::{Sending, came_beforehand, effective_at};
use contract::service::minimum_term::{EndCause, remaining_charge_applies};
use reckon::{Day, Moment, Month, Yen};
use serde::Deserialize;
use serde_json::{Value, json};
use terms::{Effective, Law, Pack, Precedence, PriceTable, prevailing};

use super::given::field;

/// The law of the pack, and how the switches of the format name its parameters.
pub struct Switches {
    law: Law,
}

impl Switches {
    pub fn new(pack: &Pack) -> Switches {
        Switches { law: Law::of(pack, PriceTable::default()) }
    }

    pub fn law(&self) -> &Law {
        &self.law
    }

    /// The terms with the switches of `given.params` set; each name in `known`
    /// stands for the parameters beside it.
    pub fn terms(&self, given: &Value, known: &[(&str, &[&str])]) -> Result<Effective, String> {
        let mut law = self.law.clone();
        let params = given.get("params").and_then(Value::as_object);
        for (name, value) in params.into_iter().flatten() {
            let switch = known.iter().find(|(switch, _)| switch == name);
            let (_, parameters) = switch.ok_or_else(|| format!("params.{name}: no such switch"))?;
            for parameter in *parameters {
                law.set(parameter, value.clone()).map_err(|error| error.to_string())?;
            }
        }
        let at = Moment::start_of(Day::MAX.yesterday().expect("a day"));
        law.effective(at, &[]).map(Arc::unwrap_or_clone).map_err(|error| error.to_string())
    }
}

pub fn answer(switches: &Switches, rule: &str, given: &Value) -> Result<Value, String> {
    match rule {
        "precedence" => precedence(given),
        "notice_effective" => {
            let sendings: Vec<Sending> = field(given, "sendings")?;
            Ok(json!({ "effective_at": effective_at(&sendings).map(local) }))
        }
        "advance_notice_ok" => advance_notice(switches, given),
        "fee_version_for_month" => fee_version(given),
        "formation" => formed(given),
        "application_duties" => duties(given),
        "may_refuse" => {
            let applicant: ApplicantHistory = field(given, "applicant")?;
            let grounds = grounds_for_refusal(applicant);
            Ok(json!({ "may_refuse": !grounds.is_empty(), "grounds": grounds }))
        }
        "min_term_charge_applies" => {
            let cause: String = field(given, "end_cause")?;
            let cause = serde_json::from_value::<EndCause>(json!(cause));
            Ok(json!({ "applies": cause.is_ok_and(remaining_charge_applies) }))
        }
        "maintenance" => {
            let notice: Option<Moment> = field(given, "notice_effective_at")?;
            let stop: Moment = field(given, "stop_from")?;
            let covered = contract::service::suspension::maintenance_covered(notice, stop);
            Ok(json!({ "covered_by_12_2": covered }))
        }
        "terms_version_at" => {
            let at: Moment = field(given, "at")?;
            let version = switches.law().version_at(at).map(|v| v.version.clone());
            Ok(json!({ "version": version }))
        }
        _ => Err(format!("the rule \"{rule}\" is not one of those this version carries out")),
    }
}

/// An instant as the examples write it: Japan time without an offset.
fn local(at: Moment) -> String {
    at.japan().strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn precedence(given: &Value) -> Result<Value, String> {
    let individual: Option<Value> = field(given, "individual")?;
    let between = Precedence {
        terms_notwithstanding: field::<Option<bool>>(given, "terms_notwithstanding")?
            .unwrap_or(false),
        individual_names_clause: field::<Option<bool>>(given, "individual_names_clause")?
            .unwrap_or(false),
    };
    let terms: Value = field(given, "terms")?;
    let source = match &individual {
        None => terms::Prevailing::Terms,
        Some(_) => prevailing(between),
    };
    let value = match (source, individual) {
        (terms::Prevailing::Individual, Some(value)) => value,
        _ => terms,
    };
    Ok(json!({ "value": value, "source": source }))
}

fn advance_notice(switches: &Switches, given: &Value) -> Result<Value, String> {
    /// No rule reads this parameter yet, so the law cannot be set otherwise.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        min_lead_days: u32,
    }
    let params: Option<Params> = field(given, "params")?;
    let of_pack = || switches.law().parameters["terms_change.min_lead_days"].as_u64();
    let lead = params.map(|params| params.min_lead_days);
    let lead = lead.or_else(|| of_pack()?.try_into().ok()).unwrap_or_default();
    let effective: Option<Moment> = field(given, "notice_effective_at")?;
    let change: Moment = field(given, "change_at")?;
    let valid = effective.is_some_and(|effective| came_beforehand(effective, change, lead));
    Ok(json!({ "valid": valid }))
}

fn fee_version(given: &Value) -> Result<Value, String> {
    let month: Month = field(given, "month")?;
    let agreed: Option<Yen> = field(given, "individual_fee")?;
    let rows: Vec<Value> = field(given, "versions")?;
    let versions: Result<Vec<FeeVersion>, String> = rows
        .iter()
        .map(|row| Ok(FeeVersion { from: field(row, "from")?, fee: field(row, "fee")? }))
        .collect();
    Ok(json!({ "monthly_fee": fee_for_month(&versions?, month, agreed) }))
}

fn formed(given: &Value) -> Result<Value, String> {
    let sent: Option<Moment> = field(given, "acceptance_mail_sent_at")?;
    let applied: Moment = field(given, "application_sent_at")?;
    let formed_at = formed_at(sent).map(local);
    Ok(json!({ "formed_at": formed_at, "assent_at": local(assent_at(applied)) }))
}

fn duties(given: &Value) -> Result<Value, String> {
    let sent: Option<Moment> = field(given, "acceptance_mail_sent_at")?;
    let paper: Option<Moment> = field(given, "paper_received_at")?;
    let mut open = Vec::new();
    if owes_paper_form(paper) {
        open.push("9-2:paper_application_form");
    }
    Ok(json!({ "formed_at": formed_at(sent).map(local), "open_duties": open }))
}
