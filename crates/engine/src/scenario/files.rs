//! Files that a scenario writes for itself, as the outside would write them.

use document::{
    DepositEntry, DepositFile, DepositHeader, DepositStatement, Direction, write_deposits,
};
use reckon::{Day, Yen};
use serde::Deserialize;

use crate::road::outcome::EngineError;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepositText {
    /// As the bank writes it, in half-width kana.
    pub payer: String,
    pub amount: Yen,
    #[serde(default)]
    pub on: Option<Day>,
    /// EDI information, such as an invoice number.
    #[serde(default)]
    pub edi: String,
}

/// A 全銀 file (03) with these deposits, made on a day.
pub(super) fn deposit_file(rows: &[DepositText], created_on: Day) -> Result<Vec<u8>, EngineError> {
    let opening_balance = Yen(1_000_000);
    let total: Yen = rows.iter().map(|row| row.amount).sum();
    let entries: Vec<_> = rows.iter().zip(2..).map(|(row, n)| entry(row, n, created_on)).collect();
    let header = DepositHeader {
        created_on,
        from: entries.iter().map(|e| e.booked_on).min().unwrap_or(created_on),
        to: entries.iter().map(|e| e.booked_on).max().unwrap_or(created_on),
        bank_code: "0001".to_owned(),
        bank_name: "ﾐﾅﾄ".to_owned(),
        branch_code: "012".to_owned(),
        branch_name: "ｼﾊﾞ".to_owned(),
        account_kind: "1".to_owned(),
        account_number: "0001234567".to_owned(),
        account_name: "ｶ)ﾐﾅﾄｸﾗｳﾄﾞ".to_owned(),
        opening_balance,
    };
    let closing_balance = opening_balance + total;
    let statement = DepositStatement { header, entries, closing_balance };
    write_deposits(&DepositFile { statements: vec![statement] }).map_err(EngineError::Faults)
}

fn entry(row: &DepositText, number: u32, created_on: Day) -> DepositEntry {
    DepositEntry {
        row: number,
        inquiry: format!("{number:08}"),
        booked_on: row.on.unwrap_or(created_on),
        value_on: row.on.unwrap_or(created_on),
        direction: Direction::In,
        kind: "11".to_owned(),
        amount: row.amount,
        uncleared: Yen::ZERO,
        payer_code: String::new(),
        payer_name: row.payer.clone(),
        sending_bank: "ﾐﾅﾄ".to_owned(),
        sending_branch: "ﾎﾝﾃﾝ".to_owned(),
        summary: "ﾌﾘｺﾐ".to_owned(),
        edi: row.edi.clone(),
    }
}
