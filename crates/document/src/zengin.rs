//! Bank files of 全国銀行協会 (全銀): the deposit file 03 入出金取引明細.

mod bank_text;
mod layout;
mod payer;
mod read;
mod record;
mod write;

pub(crate) use bank_text::bank_text;
pub use payer::{PayerName, payer_key, sound};
pub use read::read_deposits;
pub use write::write_deposits;

use reckon::{Day, Yen};
use serde::{Deserialize, Serialize};

/// One file: the movements of one or more accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositFile {
    pub statements: Vec<DepositStatement>,
}

/// The movements of one account. Totals and counts of the bank's trailer are
/// proven against the entries while reading and are not kept twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositStatement {
    pub header: DepositHeader,
    pub entries: Vec<DepositEntry>,
    /// 取引後残高, as the bank states it; negative when overdrawn.
    pub closing_balance: Yen,
}

/// Whose account, and which days the statement covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositHeader {
    /// 作成日. The file does not name the era: whoever knows today refuses a
    /// file that would be made in the future.
    pub created_on: Day,
    pub from: Day,
    pub to: Day,
    /// Codes are texts: their leading zeros count.
    pub bank_code: String,
    pub bank_name: String,
    pub branch_code: String,
    pub branch_name: String,
    /// 預金種目: 1 普通, 2 当座, 4 貯蓄.
    pub account_kind: String,
    /// Ten digits in this file, seven elsewhere.
    pub account_number: String,
    pub account_name: String,
    /// 取引前残高; negative when overdrawn.
    pub opening_balance: Yen,
}

/// One movement on the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositEntry {
    /// Number of the record in the file, from 1; the header is record 1.
    pub row: u32,
    /// 照会番号.
    pub inquiry: String,
    /// 勘定日.
    pub booked_on: Day,
    /// 起算日; 勘定日 where the bank leaves it empty.
    pub value_on: Day,
    pub direction: Direction,
    /// 取引区分: 10 現金, 11 振込, 12 他店券, 13 交換, 14 振替, 18 その他, 19 訂正.
    pub kind: String,
    pub amount: Yen,
    /// うち他店券金額: cheques within the amount that may still bounce.
    pub uncleared: Yen,
    /// 振込依頼人コード; empty when the bank states none.
    pub payer_code: String,
    /// 振込依頼人名, in half-width kana.
    pub payer_name: String,
    pub sending_bank: String,
    pub sending_branch: String,
    pub summary: String,
    pub edi: String,
}

/// 入払区分.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

impl DepositStatement {
    /// Number and sum of the movements in this direction.
    pub fn total(&self, direction: Direction) -> (u64, Yen) {
        let of_kind = self.entries.iter().filter(|entry| entry.direction == direction);
        of_kind.fold((0, Yen::ZERO), |(count, sum), entry| (count + 1, sum + entry.amount))
    }
}
