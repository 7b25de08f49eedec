//! Deposit files (全銀 03): what was credited, matched to accounts by payer.

use std::collections::{BTreeSet, HashMap};

use contract::AccountState;
use contract::declare::fact::{Fact, Payment, PaymentReversed};
use contract::declare::ids::{AccountId, InputId};
use contract::road::case::Case;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use document::{
    DepositEntry, DepositFile, DepositHeader, Direction, Fault, first_faults, payer_key,
    read_deposits,
};
use reckon::Moment;
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
    /// Movements that were booked now: payments, and payments that the bank took back.
    pub applied: u32,
    /// Movements that had been booked before, from this file or another.
    pub known: u32,
    /// Rows that a person has to look at, with the reason: they stay visible.
    pub unmatched: Vec<String>,
    /// What was booked and does not go by all that its row says.
    pub doubts: Vec<String>,
    /// The file had been read before: what was missing of it was done.
    pub repeated: bool,
}

/// A movement of the bank account, wherever it was read: what the bank says of it, and
/// the how-many-th it is of those of its day of which the bank says the same. The number
/// of its row is that of the file, and no part of it.
struct Movement<'a> {
    entry: &'a DepositEntry,
    id: InputId,
    /// From 1.
    among_equals: usize,
    /// Under which rows were entered before movements had an identity of their own.
    old_id: InputId,
}

fn movements<'a>(read: &'a DepositFile, file_hash: &str) -> Vec<Movement<'a>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut movements = Vec::new();
    for statement in &read.statements {
        for entry in &statement.entries {
            let hash = said(&statement.header, entry);
            let among_equals = seen.entry(hash.clone()).or_default();
            *among_equals += 1;
            movements.push(Movement {
                entry,
                id: InputId(format!("movement-{hash}-{among_equals}")),
                among_equals: *among_equals,
                old_id: InputId(format!("deposit-{file_hash}-{}", entry.row)),
            });
        }
    }
    movements
}

/// A hash of what the bank says of a movement: its row and its running number (照会番号)
/// are those of the file.
fn said(header: &DepositHeader, entry: &DepositEntry) -> String {
    let account = (&header.bank_code, &header.branch_code, &header.account_kind);
    let entry = DepositEntry { row: 0, inquiry: String::new(), ..entry.clone() };
    let text = json!([account, header.account_number, entry]).to_string();
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
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
        let payers = payers(&*self.store).await?;
        let mut unmatched = Vec::new();
        for movement in movements(&read, &hash) {
            match self.book(&movement, &payers, file, actor).await? {
                Booked::Now(doubt) => {
                    result.applied += 1;
                    result.doubts.extend(doubt);
                    fault::point("deposit.after_row");
                }
                Booked::Before => result.known += 1,
                Booked::Nothing => {}
                Booked::Not(problem) => unmatched.push(unmatched_row(file, &movement, &problem)),
            }
        }
        result.unmatched.extend(unmatched.iter().map(|row| row.reason.clone()));
        if !unmatched.is_empty() {
            // The same movement under another file is the same question.
            let known = self.store.refused_rows().await?;
            unmatched.retain(|row| !known.iter().any(|one| one.content == row.content));
        }
        let transaction = Transaction { refused_rows: unmatched, ..Transaction::default() };
        self.store.commit(&transaction).await?;
        Ok(result)
    }

    async fn book(
        &self,
        movement: &Movement<'_>,
        payers: &Payers,
        file: &str,
        actor: &Actor,
    ) -> Result<Booked, EngineError> {
        let entry = movement.entry;
        let is_reversal = entry.direction == Direction::Out && entry.kind == CORRECTION;
        if entry.direction == Direction::Out && !is_reversal {
            return Ok(Booked::Nothing);
        }
        for id in [&movement.id, &movement.old_id] {
            if self.store.has_input(id).await? {
                return Ok(Booked::Before);
            }
        }
        if entry.uncleared.is_positive() || CHEQUES.contains(&entry.kind.as_str()) {
            let problem = "a cheque (他店券) is no payment until it is cleared".to_owned();
            return Ok(Booked::Not(problem));
        }
        let id = match payers.of(entry) {
            Ok(account) => account,
            Err(problem) => return Ok(Booked::Not(problem)),
        };
        let account = self.account(id).await?;
        if is_booked_as_row(account.case(), movement) {
            return Ok(Booked::Before);
        }
        let (fact, doubt) = match is_reversal {
            true => match reversed(account.case(), entry) {
                Some(fact) => (fact, None),
                None => {
                    let problem = format!("no payment of \"{}\" is known", entry.payer_name);
                    return Ok(Booked::Not(format!("a correction (訂正), and {problem}")));
                }
            },
            false => self.payment(account.state(), entry),
        };
        let source = format!("{file} row {}", entry.row);
        let content = Content::Fact(fact);
        let mut input = self.input(movement.id.0.clone(), id, actor, &source, content);
        let morning = Moment::start_of(entry.value_on).plus_seconds(9 * 3600);
        input.occurred_at = morning.min(self.now());
        self.register(input).await?;
        Ok(Booked::Now(doubt))
    }

    /// A payment, and what is doubtful of it: an invoice that it names and that the
    /// account does not have counts as not named.
    fn payment(&self, state: &AccountState, entry: &DepositEntry) -> (Fact, Option<String>) {
        let prefix = format!("{}-", self.operator.invoice.prefix);
        let said = entry.edi.split_whitespace().filter(|word| word.starts_with(&prefix));
        let (names, unknown): (Vec<_>, Vec<_>) =
            said.map(str::to_owned).partition(|name| state.receivables.contains_key(name));
        let doubt = (!unknown.is_empty()).then(|| {
            let unknown = unknown.join(", ");
            let row = entry.row;
            format!("row {row}, EDI情報: the customer has no invoice {unknown}: as if not named")
        });
        let payer = payer_key(&entry.payer_name);
        let payment = Payment { on: entry.value_on, amount: entry.amount, payer, names };
        (Fact::PaymentCredited(payment), doubt)
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
}

/// What became of a movement.
enum Booked {
    /// With what is doubtful of it.
    Now(Option<String>),
    Before,
    /// It is not for these books: money that leaves is registered where it is sent.
    Nothing,
    /// A person has to look.
    Not(String),
}

/// 取引区分 訂正: of money that leaves, the bank takes an earlier credit back.
const CORRECTION: &str = "19";
/// 取引区分 他店券, 交換.
const CHEQUES: [&str; 2] = ["12", "13"];

/// The last payment of this payer and amount that the bank has not taken back yet.
fn reversed(case: &Case, entry: &DepositEntry) -> Option<Fact> {
    let in_force = case.in_force();
    let payer = payer_key(&entry.payer_name);
    let (found, payment) = in_force.facts::<Payment>().rfind(|(_, payment)| {
        payment.amount == entry.amount
            && payer_key(&payment.payer) == payer
            && payment.on <= entry.booked_on
    })?;
    let (payment, amount) = (found.input.clone(), payment.amount);
    Some(Fact::PaymentReversed(PaymentReversed { payment, on: entry.value_on, amount }))
}

/// Whether a file that was read before movements had an identity of their own brought
/// it: as many equal payments stand under ids of rows, those included that were voided
/// or moved since.
fn is_booked_as_row(case: &Case, movement: &Movement<'_>) -> bool {
    let entry = movement.entry;
    let payer = payer_key(&entry.payer_name);
    let by_row = case.happenings.iter().filter(|one| one.input.0.starts_with("deposit-"));
    let equal = by_row.filter_map(|one| one.fact::<Payment>()).filter(|payment| {
        (payment.on, payment.amount) == (entry.value_on, entry.amount)
            && payer_key(&payment.payer) == payer
    });
    entry.direction == Direction::In && equal.count() >= movement.among_equals
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
fn later_than_today(now: Moment, file: &str, read: &DepositFile) -> Vec<Fault> {
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
/// under the id that stands in the row, it is not credited again when the movement
/// comes once more, in whatever file.
fn unmatched_row(file: &str, movement: &Movement<'_>, problem: &str) -> RefusedRow {
    let entry = movement.entry;
    let (row, amount) = (entry.row, entry.amount);
    let (field, remedy, content) = match entry.direction {
        Direction::In => {
            let remedy = "find out who paid and enter the payment by hand";
            ("振込依頼人名", remedy, movement.id.0.clone())
        }
        Direction::Out => {
            let remedy = "enter the payment that was taken back, then read the file again";
            ("取引区分", remedy, format!("reversal-{}", movement.id))
        }
    };
    let reason = format!("row {row}, {field}: {problem} ({amount} yen); {remedy}");
    RefusedRow { file: file.to_owned(), row, reason, content }
}
