//! A movement of the bank account: which one it is, wherever it is read, and why one of
//! them waits for a person.

use std::collections::HashMap;

use contract::declare::ids::InputId;
use contract::declare::words::Sentence;
use contract::sentence;
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

    /// What is wrong and what to do.
    fn reason(&self, row: u32, direction: Direction) -> Sentence {
        let (payer, amount) = (&self.payer, self.amount);
        let field = match direction {
            Direction::In => "振込依頼人名",
            Direction::Out => "取引区分",
        };
        let problem = match &self.why {
            WhyWaiting::Unsure if self.candidates.is_empty() => sentence!(
                "「{payer}」の名義で振り込む契約者は登録されていません",
                "nobody known pays as \"{payer}\"",
            ),
            WhyWaiting::Unsure => sentence!(
                "「{payer}」の名義の契約者が一社に決まりません",
                "it is not certain who pays as \"{payer}\"",
            ),
            WhyWaiting::OthersInvoice { number } => sentence!(
                "「{payer}」が示す{number}は別の契約者の請求書です",
                "\"{payer}\" names {number}, which is of another customer",
            ),
            WhyWaiting::Cheque => sentence!(
                "他店券は、決済されるまで入金になりません",
                "a cheque (他店券) is no payment until it is cleared",
            ),
            WhyWaiting::ReversalOfUnknown => sentence!(
                "訂正ですが、「{payer}」の入金は登録されていません",
                "a correction (訂正), and no payment of \"{payer}\" is known",
            ),
        };
        let remedy = match &self.why {
            WhyWaiting::ReversalOfUnknown => sentence!(
                "取り消された入金を登録してからファイルを読み直すか、除いてください",
                "enter the payment that was taken back and read the file again, or set it aside",
            ),
            _ => sentence!(
                "振り込んだ契約者を確かめ、入金を割り当ててください",
                "find out who paid and enter the payment by hand",
            ),
        };
        let perhaps = listed(
            self.candidates.iter().map(Candidate::told).collect(),
            ("。候補：", "; perhaps "),
            ("、", ", or "),
        );
        Sentence {
            ja: format!(
                "{row}行目「{field}」：{}（{amount}円）{}。{}。",
                problem.ja, perhaps.ja, remedy.ja
            ),
            en: format!(
                "row {row}, {field}: {} ({amount} yen){}; {}",
                problem.en, perhaps.en, remedy.en
            ),
        }
    }
}

/// Sentences one after another behind their head; nothing where there are none.
fn listed(told: Vec<Sentence>, head: (&str, &str), between: (&str, &str)) -> Sentence {
    if told.is_empty() {
        return Sentence::same("");
    }
    let (ja, en): (Vec<_>, Vec<_>) = told.into_iter().map(|one| (one.ja, one.en)).unzip();
    Sentence {
        ja: format!("{}{}", head.0, ja.join(between.0)),
        en: format!("{}{}", head.1, en.join(between.1)),
    }
}

impl Candidate {
    fn told(&self) -> Sentence {
        let (name, account) = (&self.name, &self.account);
        let because = self.because.iter().map(Likeness::told).collect();
        let Sentence { ja, en } = listed(because, ("", ""), ("、", ", "));
        sentence!("{name}（{ja}）", "{name} {account} ({en})")
    }
}

impl Likeness {
    /// What makes it likely.
    pub fn told(&self) -> Sentence {
        match self {
            Likeness::Invoice { number } => {
                sentence!("EDI情報が請求書{number}を指す", "it names {number}")
            }
            Likeness::Learned => sentence!("前に確かめた名義", "confirmed before"),
            Likeness::SameName => sentence!("同じ名義", "the same name"),
            Likeness::OtherForm { stated } => sentence!(
                "名前は同じで、法人の種類が「{stated}」",
                "the same name with the form {stated}",
            ),
            Likeness::CutOff => sentence!("名義の途中までが同じ", "its name cut off"),
            Likeness::Added { text } => {
                sentence!("名義に「{text}」が付いたもの", "its name with {text}")
            }
            Likeness::Latin => sentence!("名義のローマ字", "its name in Latin letters"),
            Likeness::Amount => sentence!("未払いの合計と同額", "owes exactly this"),
        }
    }
}

/// The money stays visible until a person finds out whose it is. Entered by hand under
/// its id, it is not credited again when the movement comes once more, in whatever file.
pub(super) fn waiting(
    file: &str,
    movement: &Movement<'_>,
    details: &MovementDetails,
) -> (WaitingMovement, Sentence) {
    let entry = movement.entry;
    let told = details.reason(entry.row, entry.direction);
    let reason = told.en.clone();
    let waiting = WaitingMovement {
        id: movement.id.0.clone(),
        file: file.to_owned(),
        row: entry.row,
        reason,
        content: json!(details),
    };
    (waiting, told)
}
