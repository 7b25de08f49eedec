//! A movement of the bank account: which one it is, wherever it is read, and why one of
//! them waits for a person.

use std::collections::HashMap;

use contract::declare::ids::InputId;
use document::{DepositEntry, DepositFile, DepositHeader, Direction};
use reckon::{Day, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::payers::{Candidate, Likeness};
use crate::keeping::store::WaitingMovement;

/// A movement of the bank account, wherever it was read: what the bank says of it, and
/// the how-many-th it is of those of its day of which the bank says the same. The number
/// of its row is that of the file, and no part of it.
pub(super) struct Movement<'a> {
    pub entry: &'a DepositEntry,
    pub id: InputId,
    /// From 1.
    pub among_equals: usize,
    /// Under which rows were entered before movements had an identity of their own.
    pub old_id: InputId,
}

/// The movements of a file. Equals are counted within a statement: two statements of one
/// day in one file tell of the same movements, as two files would.
pub(super) fn movements<'a>(read: &'a DepositFile, file_hash: &str) -> Vec<Movement<'a>> {
    let mut movements = Vec::new();
    for statement in &read.statements {
        let mut seen: HashMap<String, usize> = HashMap::new();
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

/// What is known of a movement that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MovementDetails {
    /// 起算日.
    pub on: Day,
    pub amount: Yen,
    /// As the bank writes it.
    pub payer: String,
    /// EDI情報.
    pub edi: String,
    /// 摘要.
    pub summary: String,
    pub why: WhyWaiting,
    /// Whose it may be, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// Why nobody booked a movement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyWaiting {
    /// No customer is known to pay so, or more than one may be meant.
    Unsure,
    /// The invoice that it names is of another customer than its name.
    OthersInvoice { number: String },
    /// A cheque (他店券) is no payment before it is cleared.
    Cheque,
    /// 訂正: the bank took back a payment that is not known.
    ReversalOfUnknown,
}

impl MovementDetails {
    pub(super) fn of(
        entry: &DepositEntry,
        why: WhyWaiting,
        candidates: Vec<Candidate>,
    ) -> MovementDetails {
        MovementDetails {
            on: entry.value_on,
            amount: entry.amount,
            payer: entry.payer_name.clone(),
            edi: entry.edi.clone(),
            summary: entry.summary.clone(),
            why,
            candidates,
        }
    }

    /// Whether it took money off the account.
    pub fn is_reversal(&self) -> bool {
        self.why == WhyWaiting::ReversalOfUnknown
    }

    /// What is wrong and what to do, in English.
    fn reason(&self, row: u32, direction: Direction) -> String {
        let (payer, amount) = (&self.payer, self.amount);
        let field = match direction {
            Direction::In => "振込依頼人名",
            Direction::Out => "取引区分",
        };
        let problem = match &self.why {
            WhyWaiting::Unsure if self.candidates.is_empty() => {
                format!("nobody known pays as \"{payer}\"")
            }
            WhyWaiting::Unsure => format!("it is not certain who pays as \"{payer}\""),
            WhyWaiting::OthersInvoice { number } => {
                format!("\"{payer}\" names {number}, which is of another customer")
            }
            WhyWaiting::Cheque => "a cheque (他店券) is no payment until it is cleared".to_owned(),
            WhyWaiting::ReversalOfUnknown => {
                format!("a correction (訂正), and no payment of \"{payer}\" is known")
            }
        };
        let remedy = match &self.why {
            WhyWaiting::ReversalOfUnknown => {
                "enter the payment that was taken back and read the file again, or set it aside"
            }
            _ => "find out who paid and enter the payment by hand",
        };
        let candidates: Vec<_> = self.candidates.iter().map(Candidate::told).collect();
        let perhaps = match candidates.is_empty() {
            true => String::new(),
            false => format!("; perhaps {}", candidates.join(", or ")),
        };
        format!("row {row}, {field}: {problem} ({amount} yen){perhaps}; {remedy}")
    }
}

impl Candidate {
    fn told(&self) -> String {
        let because: Vec<_> = self.because.iter().map(Likeness::told).collect();
        format!("{} {} ({})", self.name, self.account, because.join(", "))
    }
}

impl Likeness {
    fn told(&self) -> String {
        match self {
            Likeness::Invoice { number } => format!("it names {number}"),
            Likeness::Learned => "confirmed before".to_owned(),
            Likeness::SameName => "the same name".to_owned(),
            Likeness::OtherForm { stated } => format!("the same name with the form {stated}"),
            Likeness::CutOff => "its name cut off".to_owned(),
            Likeness::Added { text } => format!("its name with {text}"),
            Likeness::Latin => "its name in Latin letters".to_owned(),
            Likeness::Amount => "owes exactly this".to_owned(),
        }
    }
}

/// The money stays visible until a person finds out whose it is. Entered by hand under
/// its id, it is not credited again when the movement comes once more, in whatever file.
pub(super) fn waiting(
    file: &str,
    movement: &Movement<'_>,
    details: &MovementDetails,
) -> WaitingMovement {
    let entry = movement.entry;
    WaitingMovement {
        id: movement.id.0.clone(),
        file: file.to_owned(),
        row: entry.row,
        reason: details.reason(entry.row, entry.direction),
        content: json!(details),
    }
}
