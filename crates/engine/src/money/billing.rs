//! The billing run (請求締め): drafts, a block of numbers, then the invoices.
//!
//! Numbers are given in one transaction of the operator, in the order of the
//! draft ids; issuing is keyed by the draft. A run that stopped half way goes on
//! where it stopped; a second run of the same month charges what came in between.

use contract::declare::fact::Fact;
use contract::declare::ids::AccountId;
use contract::declare::words::Language;
use contract::money::charges::{Run, draft};
use contract::money::held_back::HeldBack;
use contract::money::invoice::Invoice;
use contract::road::stream::Content;
use contract::sentence;
use contract::who::actor::Actor;
use reckon::{Day, Moment, Month};
use serde_json::json;

use crate::keeping::fault;
use crate::keeping::store::{DraftRow, OperatorEntry, Store, StoreError, Transaction};
use crate::money::crediting::CREDIT;
use crate::people::operator::Operator;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;
use crate::road::reason::operator_reason;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunResult {
    /// Numbers of the invoices that were issued now, in their order.
    pub issued: Vec<String>,
    /// What could not be priced or must wait.
    pub held_back: Vec<HeldBackOf>,
}

/// What is held back of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldBackOf {
    pub account: AccountId,
    pub what: HeldBack,
}

impl HeldBackOf {
    /// For programs: the account, and what is held back.
    pub fn told(&self) -> String {
        format!("{}: {}", self.account, self.what.line(Language::English))
    }
}

impl Engine {
    /// Charges everything up to `month` on invoices dated `issued_on`.
    ///
    /// # Errors
    /// When the store fails; nothing is numbered then, or the run can be
    /// repeated to go on.
    pub async fn bill(
        &self,
        month: Month,
        issued_on: Day,
        actor: &Actor,
    ) -> Result<RunResult, EngineError> {
        self.bill_because(month, issued_on, actor, "").await
    }

    /// As [`Engine::bill`], with why: it is sealed with the numbers of the run.
    ///
    /// # Errors
    /// As [`Engine::bill`].
    pub async fn bill_because(
        &self,
        month: Month,
        issued_on: Day,
        actor: &Actor,
        reason: &str,
    ) -> Result<RunResult, EngineError> {
        let today = self.now().day();
        if issued_on > today || month > Month::of(today) {
            return Err(EngineError::Refused(sentence!(
                "{issued_on}付の{month}分の請求は、今日（{today}）より先のものです。",
                "a run for {month} dated {issued_on} lies in the future: today is {today}",
            )));
        }
        self.refuse_unknown_numbers().await?;
        // Nothing is stored in the background meanwhile.
        let _billing = self.accounts.storing.billing();
        self.settle().await?;
        let mut issued = Vec::new();
        // What earlier runs of this month and day have numbered and not issued.
        for run in earlier_runs(&*self.store, month, issued_on).await? {
            issued.extend(self.issue_all(&run, actor).await?);
        }
        let (run, held_back) = self.number_drafts(month, issued_on, actor, reason).await?;
        fault::point("billing.after_numbers");
        self.issue_all(&run.id, actor).await?;
        let own = numbers_of(&*self.store, &run.id).await?;
        issued.retain(|number| !own.numbers.contains(number));
        issued.extend(own.numbers);
        self.settle().await?;
        Ok(RunResult { issued, held_back })
    }

    /// Drafts every account and gives the drafts their numbers, all in one go.
    ///
    /// The drafts rest on the numbers given so far: whoever took a block meanwhile
    /// may have charged the same, so its invoices are issued and all drafted again.
    async fn number_drafts(
        &self,
        month: Month,
        issued_on: Day,
        actor: &Actor,
        reason: &str,
    ) -> Result<(Run, Vec<HeldBackOf>), EngineError> {
        let year = issued_on.year();
        loop {
            let given = self.issue_numbered(year, actor).await?;
            let last = last_number(&*self.store, &series(&self.operator, year)).await?;
            let earlier = earlier_runs(&*self.store, month, issued_on).await?;
            // Asked for at this very moment already: it charges nothing more.
            if let Some(id) = earlier.last()
                && numbers_of(&*self.store, id).await?.at == Some(self.now())
            {
                return Ok((Run { id: id.clone(), month, issued_on }, Vec::new()));
            }
            let run = Run { id: run_id(month, issued_on, earlier.len() + 1), month, issued_on };
            let (drafts, held_back) = self.drafts(&run).await?;
            fault::point("billing.before_numbers");
            match self.give_numbers(&run, actor, reason, &drafts, last, given).await {
                // Another run took a block meanwhile, in this year or beside it.
                Err(EngineError::Store(StoreError::Conflict(_))) => {}
                // It was this very run of the day, started by somebody else.
                Err(EngineError::Store(StoreError::Duplicate(key)))
                    if key.contains("billing-run/") => {}
                other => return other.map(|()| (run, held_back)),
            }
        }
    }

    /// Issues whatever has got numbers around this year, invoices and credit notes,
    /// so that new drafts rest on it. Gives each series with its number of blocks:
    /// whoever numbers next says so, and starts again if there is one more.
    pub(crate) async fn issue_numbered(
        &self,
        year: i16,
        actor: &Actor,
    ) -> Result<Vec<(String, u64)>, EngineError> {
        let mut given = Vec::new();
        for of in [year - 1, year, year + 1] {
            for series in [series(&self.operator, of), credit_series(&self.operator, of)] {
                let blocks = self.store.operator_stream(&series).await?;
                for block in &blocks {
                    let run = block.payload["run"].as_str().unwrap_or_default();
                    self.issue_all(run, actor).await?;
                    self.issue_notes(run).await?;
                }
                given.push((series, blocks.len() as u64));
            }
        }
        Ok(given)
    }

    async fn drafts(
        &self,
        run: &Run,
    ) -> Result<(Vec<(AccountId, Invoice)>, Vec<HeldBackOf>), EngineError> {
        let mut drafts: Vec<(AccountId, Invoice)> = Vec::new();
        let mut held_back = Vec::new();
        for account in self.store.accounts().await? {
            let state = self.state(&account).await?;
            let drafted = draft(&self.law, &account, &state, run)?;
            let of = |what| HeldBackOf { account: account.clone(), what };
            held_back.extend(drafted.held_back.into_iter().map(of));
            drafts.extend(drafted.invoices.into_iter().map(|invoice| (account.clone(), invoice)));
        }
        drafts.sort_by(|a, b| a.1.draft.cmp(&b.1.draft));
        Ok((drafts, held_back))
    }

    /// Issues what a run has numbered and not issued yet; gives the numbers.
    async fn issue_all(&self, run: &str, actor: &Actor) -> Result<Vec<String>, EngineError> {
        let mut issued = Vec::new();
        if run.starts_with(CREDIT) {
            return Ok(issued);
        }
        for draft in self.store.unissued(run).await? {
            if self.issue(&draft, actor).await? {
                issued.push(draft.number);
            }
            fault::point("billing.after_issue");
        }
        Ok(issued)
    }

    async fn give_numbers(
        &self,
        run: &Run,
        actor: &Actor,
        reason: &str,
        drafts: &[(AccountId, Invoice)],
        last: u64,
        given: Vec<(String, u64)>,
    ) -> Result<(), EngineError> {
        let year = run.issued_on.year();
        let number = |at: usize| {
            format!("{}-{year}-{:06}", self.operator.invoice.prefix, last + at as u64 + 1)
        };
        let rows: Vec<DraftRow> = drafts
            .iter()
            .enumerate()
            .map(|(at, (account, invoice))| {
                let mut invoice = invoice.clone();
                invoice.number = number(at);
                DraftRow {
                    id: format!("{}-{}", run.id, invoice.draft),
                    run: run.id.clone(),
                    account: account.clone(),
                    number: invoice.number.clone(),
                    content: json!(invoice),
                }
            })
            .collect();
        let numbers: Vec<_> = rows.iter().map(|row| row.number.clone()).collect();
        let (why, evidence) = operator_reason(&format!("billing-run/{}", run.id), reason);
        let mut payload = json!({ "month": run.month, "issued_on": run.issued_on, "by": actor.id, "at": self.now(), "numbers": numbers });
        if !evidence.is_empty() {
            payload["evidence"] = json!(evidence);
        }
        let mut transaction = Transaction {
            recorded_at: Some(self.now()),
            operator_after: given,
            personal: why.into_iter().collect(),
            ..Transaction::default()
        };
        transaction.operator.push(OperatorEntry {
            stream: format!("billing-run/{}", run.id),
            key: run.id.clone(),
            kind: "run".to_owned(),
            payload,
        });
        if !rows.is_empty() {
            // The key is the first number: two runs cannot take one block.
            transaction.operator.push(OperatorEntry {
                stream: series(&self.operator, year),
                key: number(0),
                kind: "block".to_owned(),
                payload: json!({ "run": run.id, "first": last + 1, "last": last + rows.len() as u64 }),
            });
        }
        transaction.drafts = rows;
        Ok(self.store.commit(&transaction).await?)
    }

    /// True when it was issued now.
    async fn issue(&self, draft: &DraftRow, actor: &Actor) -> Result<bool, EngineError> {
        let invoice: Invoice = serde_json::from_value(draft.content.clone())
            .map_err(|error| EngineError::unreadable(&draft.id, &error))?;
        let fact = Fact::InvoiceIssued(Box::new(invoice));
        let source = format!("billing run {}", draft.run);
        let id = format!("issued-{}", draft.id);
        let input = self.input(id, &draft.account, actor, &source, Content::Fact(fact));
        let transaction =
            Transaction { drafts_issued: vec![draft.id.clone()], ..Transaction::default() };
        let outcome = self.register_with(input, transaction.clone()).await?;
        if outcome.repeated {
            self.store.commit(&transaction).await?;
        }
        Ok(!outcome.repeated)
    }
}

/// The same of credit notes.
pub(crate) fn credit_series(operator: &Operator, year: i16) -> String {
    format!("numbers/{}-{year}", operator.invoice.credit_prefix)
}

/// The stream in which the numbers of a year are given.
fn series(operator: &Operator, year: i16) -> String {
    format!("numbers/{}-{year}", operator.invoice.prefix)
}

/// The last number of a series, 0 before the first.
pub(crate) async fn last_number(store: &dyn Store, series: &str) -> Result<u64, EngineError> {
    let blocks = store.operator_stream(series).await?;
    Ok(blocks.last().and_then(|block| block.payload["last"].as_u64()).unwrap_or(0))
}

/// What the entry of a run says.
#[derive(Default)]
struct Numbers {
    /// When the run was made; older entries do not say it.
    at: Option<Moment>,
    numbers: Vec<String>,
}

async fn numbers_of(store: &dyn Store, run: &str) -> Result<Numbers, StoreError> {
    let entries = store.operator_stream(&format!("billing-run/{run}")).await?;
    let Some(entry) = entries.first() else { return Ok(Numbers::default()) };
    let numbers = entry.payload["numbers"].as_array().into_iter().flatten();
    Ok(Numbers {
        at: serde_json::from_value(entry.payload["at"].clone()).ok(),
        numbers: numbers.filter_map(|n| n.as_str().map(str::to_owned)).collect(),
    })
}

/// The id of the how-many-th run of a month and day.
fn run_id(month: Month, issued_on: Day, number: usize) -> String {
    match number {
        1 => format!("{month}@{issued_on}"),
        later => format!("{month}@{issued_on}.{later}"),
    }
}

/// The runs of a month and day that have given their numbers, in their order.
async fn earlier_runs(
    store: &dyn Store,
    month: Month,
    issued_on: Day,
) -> Result<Vec<String>, StoreError> {
    let mut runs = Vec::new();
    loop {
        let id = run_id(month, issued_on, runs.len() + 1);
        if store.operator_stream_length(&format!("billing-run/{id}")).await? == 0 {
            return Ok(runs);
        }
        runs.push(id);
    }
}
