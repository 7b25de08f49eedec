//! Around the contract: what is registered of a customer, and checks of a company.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use contract::Interrupt;
use contract::application::checks::Check;
use contract::declare::ids::{AccountId, ContractId, short_hash};
use contract::declare::sealed::Sealed;
use contract::road::what_if::StopResult;
use contract::who::actor::Actor;
use engine::{Engine, ToldChange, ToldOn};
use reckon::{Day, Moment};

use super::{Given, Job, from_word, read_file, read_json, told};

#[derive(Args)]
pub struct Change {
    contract: String,
    /// `{"item": "company", "company": {…}}`, or bill_to, payers, contact, as the API
    /// takes it in `change`; `-` reads it from standard input.
    json: String,
    /// The day from which it holds; it may be to come.
    #[arg(long)]
    planned_on: Day,
    /// The customer had not planned it: no limit of 10-1 applies.
    #[arg(long)]
    unplanned: bool,
    /// When it was told; now, if it is not said.
    #[arg(long)]
    told_at: Option<Moment>,
    /// Number of this entry: the same one again does nothing.
    #[arg(long)]
    id: String,
    #[command(flatten)]
    given: Given,
}

/// A change of registered data, read.
pub struct Told {
    pub id: String,
    pub change: ToldChange,
    pub planned_on: Day,
    pub unplanned: bool,
    pub at: Option<Moment>,
}

#[derive(Args)]
pub struct Checking {
    account: String,
    /// anti-social or credit.
    #[arg(long)]
    kind: String,
    /// passed, conditional or failed.
    #[arg(long)]
    result: String,
    #[arg(long)]
    on: Day,
    /// Up to when it may be relied on.
    #[arg(long)]
    expires_on: Day,
    /// The person or agency that checked.
    #[arg(long)]
    checked_by: String,
    /// The report: it is kept sealed.
    #[arg(long, conflicts_with = "document")]
    file: Option<PathBuf>,
    /// The reference of a report that is kept elsewhere.
    #[arg(long)]
    document: Option<String>,
    #[command(flatten)]
    given: Given,
}

impl Change {
    pub(super) fn read(self) -> anyhow::Result<(Job, Given)> {
        let told = Told {
            id: self.id,
            change: read_json(&self.json)?,
            planned_on: self.planned_on,
            unplanned: self.unplanned,
            at: self.told_at,
        };
        Ok((Job::Change { contract: ContractId(self.contract), told }, self.given))
    }
}

impl Checking {
    pub(super) fn read(self) -> anyhow::Result<(Job, Given)> {
        let file = self.file.as_deref().map(read_file).transpose()?;
        let document = self.document.unwrap_or_default();
        if file.is_none() && document.trim().is_empty() {
            bail!("say what shows it: --file REPORT, or --document REFERENCE");
        }
        let check = Check {
            kind: from_word(&self.kind)?,
            on: self.on,
            result: from_word(&self.result)?,
            by: self.checked_by,
            document: Sealed::row(document),
            expires_on: self.expires_on,
        };
        Ok((Job::Check { account: AccountId(self.account), check, file }, self.given))
    }
}

pub(super) async fn change(
    engine: &Engine,
    contract: &ContractId,
    change: Told,
    actor: &Actor,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    let view = engine.store.view("contract", &contract.0).await?;
    let account = view.with_context(|| format!("there is no contract {contract}"))?.account;
    let Told { planned_on, unplanned, .. } = change;
    let at = change.at.unwrap_or(engine.now());
    let on = ToldOn { at, planned_on, unplanned, actor, reason };
    let found = engine.tell_change(&change.id, &account, contract, change.change, on).await?;
    Ok(told(&found))
}

/// Records a check; the same one with the same report again does nothing.
pub(super) async fn check(
    engine: &Engine,
    account: &AccountId,
    check: Check,
    file: Option<(String, Vec<u8>)>,
    actor: &Actor,
) -> anyhow::Result<ExitCode> {
    if engine.store.view("account", &account.0).await?.is_none() {
        bail!("there is no account {account}");
    }
    let said = serde_json::to_vec(&(account, &check))?;
    let bytes = file.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
    let id = format!("check-{}", short_hash(&[&said, bytes].concat()));
    let document = Sealed::file_or(file, check.document.name());
    let check = Check { document, ..check };
    Ok(told(&engine.record_check(&id, account, check, actor).await?))
}

/// Both roads of a wish to stop, with days and yen.
pub(super) async fn trial(
    engine: &Engine,
    contract: &str,
    desired: Option<Day>,
) -> anyhow::Result<String> {
    let today = engine.now().day();
    if let Some(past) = desired.filter(|day| *day < today) {
        bail!("--desired {past} is over: today is {today}");
    }
    let (id, caller) = (ContractId(contract.to_owned()), Interrupt::default());
    let trial = engine.try_to_stop(&id, desired, &caller).await?;
    let asked = desired.map_or_else(|| "as early as it can be".to_owned(), |day| day.to_string());
    let mut lines = vec![format!("{contract}, asked on {today}: {asked}")];
    lines.extend(road("15-1   cancellation", trial.cancellation.as_ref()));
    lines.extend(road("13-1b  no extension", trial.non_renewal.as_ref()));
    lines.push(format!("unpaid invoices of the account today: {} yen", trial.unpaid));
    Ok(lines.join("\n"))
}

fn road(name: &str, result: Option<&StopResult>) -> Vec<String> {
    let Some(result) = result else {
        return vec![format!("{name}: does not end the contract")];
    };
    let limit = result.limit.map_or_else(String::new, |limit| format!(", to be told by {limit}"));
    let deemed = if result.deemed { ", deemed: the wish is too early" } else { "" };
    vec![
        format!("{name}: ends on {}{limit}{deemed}", result.ends_on),
        format!("       fee of {}  {} yen", result.last_month, result.last_month_fee),
        format!("       remaining minimum-term charge  {} yen", result.remaining_charge),
        format!("       still to be invoiced, both included  {} yen", result.to_invoice),
        format!("       with tax of {} yen  {} yen", result.tax, result.total),
    ]
}
