//! Deposit files (全銀 03): what was credited, matched to accounts by payer.

use std::collections::{BTreeSet, HashMap};

use contract::declare::fact::{Fact, Payment};
use contract::declare::ids::AccountId;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use document::{
    DepositEntry, DepositFile, Direction, Fault, first_faults, payer_key, read_deposits,
};
use serde_json::json;

use crate::gates::reading::read_apart;
use crate::keeping::fault;
use crate::keeping::store::{OperatorEntry, RefusedRow, Store, StoreError, Transaction};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;
use crate::road::reason::operator_reason;

/// What a deposit file came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Deposits {
    pub applied: u32,
    /// Rows whose payer nobody knows, with the reason: they stay visible.
    pub unmatched: Vec<String>,
    /// The file had been read before: what was missing of it was done.
    pub repeated: bool,
}

/// The accounts by the names under which they pay.
struct Payers(HashMap<String, Vec<AccountId>>);

impl Payers {
    /// The one account that pays under this name, or why there is none.
    fn of(&self, entry: &DepositEntry) -> Result<&AccountId, String> {
        let known = self.0.get(&payer_key(&entry.payer_name)).map_or(&[][..], Vec::as_slice);
        match known {
            [one] => Ok(one),
            [] => Err(format!("nobody known pays as \"{}\"", entry.payer_name)),
            several => {
                let names: Vec<_> = several.iter().map(|account| account.0.as_str()).collect();
                Err(format!("{} all pay as \"{}\"", names.join(", "), entry.payer_name))
            }
        }
    }
}

impl Engine {
    /// Reads a deposit file. The whole file is refused when a total or a field
    /// is wrong; each row is registered once, however often the file comes.
    ///
    /// # Errors
    /// [`EngineError::Faults`] naming file, row and field.
    pub async fn import_deposits(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &Actor,
    ) -> Result<Deposits, EngineError> {
        self.import_deposits_because(file, bytes, actor, "").await
    }

    /// As [`Engine::import_deposits`], with why: it is sealed with the first import.
    ///
    /// # Errors
    /// As [`Engine::import_deposits`].
    pub async fn import_deposits_because(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &Actor,
        reason: &str,
    ) -> Result<Deposits, EngineError> {
        let read = match read_apart(read_deposits, file, bytes).await {
            Ok(read) => read,
            Err(faults) => return Err(self.refuse_file(faults, None).await?),
        };
        let later = later_than_today(self.now(), file, &read);
        if !later.is_empty() {
            return Err(self.refuse_file(first_faults(later), None).await?);
        }
        let hash = blake3::hash(bytes).to_hex()[..16].to_owned();
        let mut result = Deposits {
            repeated: !self.note_file(file, &hash, actor, reason).await?,
            ..Deposits::default()
        };
        let entries = read.statements.iter().flat_map(|statement| &statement.entries);
        let payers = payers(&*self.store).await?;
        let mut unmatched = Vec::new();
        for entry in entries.filter(|entry| entry.direction == Direction::In) {
            match payers.of(entry) {
                Ok(account) => {
                    self.credit(account, entry, file, &hash, actor).await?;
                    result.applied += 1;
                    fault::point("deposit.after_row");
                }
                Err(problem) => unmatched.push(unmatched_row(file, &hash, entry, &problem)),
            }
        }
        result.unmatched.extend(unmatched.iter().map(|row| row.reason.clone()));
        let transaction = Transaction { refused_rows: unmatched, ..Transaction::default() };
        self.store.commit(&transaction).await?;
        Ok(result)
    }

    /// True when the file is new.
    async fn note_file(
        &self,
        file: &str,
        hash: &str,
        actor: &Actor,
        reason: &str,
    ) -> Result<bool, EngineError> {
        let (why, evidence) = operator_reason(&format!("bank-files/{hash}"), reason);
        let mut payload = json!({ "file": file, "by": actor.id, "at": self.now() });
        if !evidence.is_empty() {
            payload["evidence"] = json!(evidence);
        }
        let entry = OperatorEntry {
            stream: "bank-files".to_owned(),
            key: hash.to_owned(),
            kind: "deposit_file".to_owned(),
            payload,
        };
        let personal = why.into_iter().collect();
        let transaction = Transaction { operator: vec![entry], personal, ..Transaction::default() };
        match self.store.commit(&transaction).await {
            Ok(()) => Ok(true),
            Err(StoreError::Duplicate(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn credit(
        &self,
        account: &AccountId,
        entry: &DepositEntry,
        file: &str,
        hash: &str,
        actor: &Actor,
    ) -> Result<(), EngineError> {
        let prefix = format!("{}-", self.operator.invoice.prefix);
        let names = entry.edi.split_whitespace().filter(|word| word.starts_with(&prefix));
        let fact = Fact::PaymentCredited(Payment {
            on: entry.value_on,
            amount: entry.amount,
            payer: payer_key(&entry.payer_name),
            names: names.map(str::to_owned).collect(),
        });
        let source = format!("{file} row {}", entry.row);
        let id = format!("deposit-{hash}-{}", entry.row);
        let mut input = self.input(id, account, actor, &source, Content::Fact(fact));
        input.occurred_at = reckon::Moment::start_of(entry.value_on).plus_seconds(9 * 3600);
        input.occurred_at = input.occurred_at.min(self.now());
        self.register(input).await?;
        Ok(())
    }
}

/// Who pays under which names, read once for a whole file: that money arrives
/// changes no name.
async fn payers(store: &dyn Store) -> Result<Payers, EngineError> {
    let mut accounts: HashMap<String, Vec<AccountId>> = HashMap::new();
    for view in store.views("account").await? {
        let names: BTreeSet<String> =
            serde_json::from_value(view.content["payers"].clone()).unwrap_or_default();
        for name in names {
            accounts.entry(name).or_default().push(view.account.clone());
        }
    }
    Ok(Payers(accounts))
}

/// Days that have not come: the file does not name the era, and money that is
/// not there yet is no payment.
fn later_than_today(now: reckon::Moment, file: &str, read: &DepositFile) -> Vec<Fault> {
    let today = now.day();
    let problem = |day| format!("the day {day} is later than today, {today}");
    let remedy = "check the era, or fetch the file again when the day has come";
    let mut faults = Vec::new();
    for statement in &read.statements {
        let made = statement.header.created_on;
        if made > today {
            faults.push(Fault::new(file, "row 1", "作成日", problem(made), remedy));
        }
        for entry in &statement.entries {
            for (field, day) in
                [("勘定日", entry.booked_on), ("預入・払出日(起算日)", entry.value_on)]
            {
                if day > today {
                    let place = format!("row {}", entry.row);
                    faults.push(Fault::new(file, place, field, problem(day), remedy));
                }
            }
        }
    }
    faults
}

/// The money stays visible until a person finds out whose it is. Entered by hand
/// under the id that stands in the row, it is not credited again when the same
/// file comes once more.
fn unmatched_row(file: &str, hash: &str, entry: &DepositEntry, problem: &str) -> RefusedRow {
    let remedy = "find out who paid and enter the payment by hand";
    RefusedRow {
        file: file.to_owned(),
        row: entry.row,
        reason: format!(
            "row {}, 振込依頼人名: {problem} ({} yen); {remedy}",
            entry.row, entry.amount
        ),
        content: format!("deposit-{hash}-{}", entry.row),
    }
}
