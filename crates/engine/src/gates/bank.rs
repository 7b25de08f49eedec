//! Deposit files (全銀 03): what was credited, matched to accounts by payer.

mod movement;
mod payers;
mod set_aside;

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::declare::fact::{Fact, Payment, PaymentReversed};
use contract::declare::ids::{AccountId, InputId};
use contract::declare::words::{Sentence, Words};
use contract::road::case::Case;
use contract::road::stream::{Content, Event, Input};
use contract::sentence;
use contract::who::actor::Actor;
use contract::{Account, AccountState};
use document::{
    DepositEntry, DepositFile, Direction, Fault, PayerName, first_faults, payer_key, read_deposits,
};
use reckon::{Day, Moment, Yen};
use serde_json::json;

use crate::gates::reading::read_apart;
use crate::keeping::fault;
use crate::keeping::store::{
    MovementMark, OperatorEntry, RefusedRow, StoreError, Transaction, WaitingMovement,
};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;
use crate::road::reason::operator_reason;
use movement::{Movement, movements, waiting};
pub use movement::{MovementDetails, WhyWaiting};
pub(crate) use payers::paid_as;
pub use payers::{Candidate, Likeness};
use payers::{Payers, account_of_invoice, invoices_named};
pub use set_aside::SetAside;

/// What a deposit file came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Deposits {
    /// Movements that were booked now: payments, and payments that the bank took back.
    pub applied: u32,
    /// The same, each under its account.
    pub booked: Vec<(AccountId, InputId)>,
    /// Movements that had been booked before, from this file or another.
    pub known: u32,
    /// Rows that a person has to look at, with the reason: they stay visible.
    pub unmatched: Vec<Sentence>,
    /// The same, as it is known of each movement.
    pub waiting: Vec<MovementDetails>,
    /// What was booked and does not go by all that its row says.
    pub doubts: Vec<String>,
    /// The file had been read before: what was missing of it was done.
    pub repeated: bool,
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
        let payers = Payers::read(&*self.store).await?;
        let set_aside = self.set_aside_now().await?;
        let mut unmatched = Vec::new();
        for movement in movements(&read, &hash) {
            // A person said that nothing is booked of it.
            if set_aside.contains(&movement.id.0) {
                result.known += 1;
                continue;
            }
            match self.judge(&movement, &payers, file, actor, &BTreeMap::new()).await? {
                Judged::Books(input, doubt) => {
                    let account = input.account.clone();
                    self.register_with(*input, waits_no_more(&movement.id.0)).await?;
                    result.applied += 1;
                    result.booked.push((account, movement.id.clone()));
                    result.doubts.extend(doubt);
                    fault::point("deposit.after_row");
                }
                Judged::Before => result.known += 1,
                Judged::Nothing => {}
                Judged::Not(details) => {
                    let (movement_waits, told) = waiting(file, &movement, &details);
                    result.unmatched.push(told.clone());
                    result.waiting.push(*details);
                    // One that an older program asked about by its row is asked about.
                    let older = [movement.old_id.0.clone(), format!("reversal-{}", movement.id)];
                    let mut asked = false;
                    for id in older {
                        asked |= self.store.movement(&id).await?.is_some();
                    }
                    if !asked {
                        unmatched.push((movement_waits, told));
                    }
                }
            }
        }
        self.keep_waiting(unmatched).await?;
        Ok(result)
    }

    /// The same movement under another file is the same question, asked once.
    async fn keep_waiting(
        &self,
        unmatched: Vec<(WaitingMovement, Sentence)>,
    ) -> Result<(), EngineError> {
        let mut transaction = Transaction::default();
        for (movement, reason) in unmatched {
            if self.store.movement(&movement.id).await?.is_none() {
                transaction.refused_rows.push(RefusedRow {
                    file: movement.file.clone(),
                    row: movement.row,
                    reason,
                    content: movement.id.clone(),
                });
                transaction.movements.push(movement);
            }
        }
        Ok(self.store.commit(&transaction).await?)
    }

    /// What a file would come to if it were read now; nothing is written. Of the first
    /// movements that would be booked it says what each would be applied to.
    ///
    /// # Errors
    /// When the store fails, or the law cannot be applied.
    pub async fn deposits_ahead(
        &self,
        file: &str,
        bytes: &[u8],
        read: &DepositFile,
        actor: &Actor,
    ) -> Result<DepositsAhead, EngineError> {
        let hash = blake3::hash(bytes).to_hex()[..16].to_owned();
        let payers = Payers::read(&*self.store).await?;
        let set_aside = self.set_aside_now().await?;
        let mut ahead = DepositsAhead::default();
        let mut accounts: BTreeMap<AccountId, Account> = BTreeMap::new();
        for movement in movements(read, &hash) {
            if set_aside.contains(&movement.id.0) {
                ahead.known += 1;
                continue;
            }
            match self.judge(&movement, &payers, file, actor, &accounts).await? {
                Judged::Books(input, _) => {
                    ahead.books += 1;
                    if ahead.first.len() == LOOKED_AHEAD {
                        continue;
                    }
                    let entry = movement.entry;
                    if !accounts.contains_key(&input.account) {
                        let known = Arc::unwrap_or_clone(self.account(&input.account).await?);
                        accounts.insert(input.account.clone(), known);
                    }
                    let Some(account) = accounts.get_mut(&input.account) else { continue };
                    let events = account.decide(&self.law, &input)?.events;
                    ahead.first.push(MovementAhead {
                        account: input.account.clone(),
                        on: entry.value_on,
                        amount: entry.amount,
                        payer: entry.payer_name.clone(),
                        events,
                    });
                }
                Judged::Before => ahead.known += 1,
                Judged::Nothing => {}
                Judged::Not(_) => ahead.waiting += 1,
            }
        }
        Ok(ahead)
    }

    /// What is to become of a movement, in an account as it is carried on from those before
    /// it, or as it is stored.
    async fn judge(
        &self,
        movement: &Movement<'_>,
        payers: &Payers,
        file: &str,
        actor: &Actor,
        carried: &BTreeMap<AccountId, Account>,
    ) -> Result<Judged, EngineError> {
        let entry = movement.entry;
        let is_reversal = entry.direction == Direction::Out && entry.kind == CORRECTION;
        if entry.direction == Direction::Out && !is_reversal {
            return Ok(Judged::Nothing);
        }
        for id in [&movement.id, &movement.old_id] {
            if self.store.has_input(id).await? {
                return Ok(Judged::Before);
            }
        }
        let named = self.invoice_named(entry).await?;
        let not = |why, candidates| {
            Ok(Judged::Not(Box::new(MovementDetails::of(entry, why, candidates))))
        };
        let is_cheque = entry.uncleared.is_positive() || CHEQUES.contains(&entry.kind.as_str());
        if is_cheque && !is_reversal {
            return not(WhyWaiting::Cheque, payers.like(entry, named));
        }
        let name = PayerName::read(&entry.payer_name);
        let Some(id) = payers.of(&name, self.operator.bank.learned_names_book) else {
            let why = match is_reversal {
                true => WhyWaiting::ReversalOfUnknown,
                false => WhyWaiting::Unsure,
            };
            return not(why, payers.like(entry, named));
        };
        let stored;
        let account = match carried.get(id) {
            Some(account) => account,
            None => {
                stored = self.account(id).await?;
                &*stored
            }
        };
        if is_booked_as_row(account.case(), movement) {
            return Ok(Judged::Before);
        }
        let (fact, doubt) = match (is_reversal, named) {
            (true, named) => match reversed(account.case(), entry) {
                Some(fact) => (fact, None),
                None => {
                    return not(WhyWaiting::ReversalOfUnknown, payers.like(entry, named));
                }
            },
            // It pays an invoice of somebody else, or it names a wrong one.
            (false, Some((other, number))) if other != *id => {
                let why = WhyWaiting::OthersInvoice { number: number.clone() };
                return not(why, payers.like(entry, Some((other, number))));
            }
            (false, _) => self.payment(account.state(), entry),
        };
        let source = format!("{file} row {}", entry.row);
        let content = Content::Fact(fact);
        let mut input = self.input(movement.id.0.clone(), id, actor, &source, content);
        let morning = Moment::start_of(entry.value_on).plus_seconds(9 * 3600);
        input.occurred_at = morning.min(self.now());
        Ok(Judged::Books(Box::new(input), doubt))
    }

    /// The first invoice that exists of those that the EDI text names.
    async fn invoice_named(
        &self,
        entry: &DepositEntry,
    ) -> Result<Option<(AccountId, String)>, EngineError> {
        for number in invoices_named(&entry.edi, &self.operator.invoice.prefix) {
            if let Some(account) = account_of_invoice(&*self.store, &number).await? {
                return Ok(Some((account, number)));
            }
        }
        Ok(None)
    }

    /// A payment, and what is doubtful of it: an invoice that it names and that nobody
    /// has counts as not named.
    fn payment(&self, state: &AccountState, entry: &DepositEntry) -> (Fact, Option<String>) {
        let said = invoices_named(&entry.edi, &self.operator.invoice.prefix);
        let (names, unknown): (Vec<_>, Vec<_>) =
            said.into_iter().partition(|name| state.receivables.contains_key(name));
        // Something like a number that nobody gave.
        let begins = format!("{}-", self.operator.invoice.prefix);
        let is_like = names.is_empty() && entry.edi.contains(&begins);
        let doubt = (!unknown.is_empty() || is_like).then(|| {
            let (row, said) = (entry.row, entry.edi.trim());
            format!("row {row}, EDI情報: the customer has no invoice {said}: as if not named")
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

/// What a deposit file would come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DepositsAhead {
    /// Movements that would be booked by themselves.
    pub books: u32,
    /// The first of them, each with what would follow.
    pub first: Vec<MovementAhead>,
    /// Movements that are booked already, or were set aside.
    pub known: u32,
    /// Movements at which a person would have to look.
    pub waiting: u32,
}

/// A movement that would be booked.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementAhead {
    pub account: AccountId,
    pub on: Day,
    pub amount: Yen,
    pub payer: String,
    pub events: Vec<Event>,
}

/// Of so many movements it is looked ahead to what they would be applied.
const LOOKED_AHEAD: usize = 50;

/// What is to become of a movement.
enum Judged {
    /// With what is doubtful of it.
    Books(Box<Input>, Option<String>),
    Before,
    /// It is not for these books: money that leaves is registered where it is sent.
    Nothing,
    /// A person has to look.
    Not(Box<MovementDetails>),
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

/// A movement that was entered waits no more.
fn waits_no_more(id: &str) -> Transaction {
    let marks = vec![MovementMark { id: id.to_owned(), waits: false }];
    Transaction { movement_marks: marks, ..Transaction::default() }
}

/// Days that have not come: the file does not name the era, and money that is
/// not there yet is no payment.
fn later_than_today(now: Moment, file: &str, read: &DepositFile) -> Vec<Fault> {
    let today = now.day();
    let problem = |day| {
        sentence!("{day}は今日（{today}）より後です", "the day {day} is later than today, {today}")
    };
    let remedy = Words::new(
        "元号を確かめるか、その日が来てから取得し直してください",
        "check the era, or fetch the file again when the day has come",
    );
    let mut faults = Vec::new();
    for statement in &read.statements {
        let made = statement.header.created_on;
        if made > today {
            faults.push(Fault::new(file, Fault::row(1), "作成日", problem(made), remedy));
        }
        for entry in &statement.entries {
            for (field, day) in
                [("勘定日", entry.booked_on), ("預入・払出日(起算日)", entry.value_on)]
            {
                if day > today {
                    let place = Fault::row(entry.row);
                    faults.push(Fault::new(file, place, field, problem(day), remedy));
                }
            }
        }
    }
    faults
}
