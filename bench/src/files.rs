//! Files of a size.

#[path = "../../crates/document/examples/sample_book/rows.rs"]
pub mod rows;

use anyhow::{anyhow, ensure};
use document::{
    DepositEntry, DepositFile, DepositHeader, DepositStatement, Direction, write_book,
    write_deposits,
};
use reckon::{Day, Yen};

use crate::desk;
use crate::timed::Timed;

/// A file of so many credits, each by another of so many customers.
pub async fn deposits(accounts: u64, credits: u64) -> anyhow::Result<()> {
    let (engine, clock) = desk::open(None, "2026-04-20T10:00:00".parse()?).await?;
    let by = engine.operator.actor("takahashi").ok_or_else(|| anyhow!("nobody bills"))?;
    let timed = Timed::start();
    let book = write_book(&rows::rows(accounts)).map_err(|error| anyhow!("{error:?}"))?;
    engine.load_book("book.xlsx", &book, &by, &mut |_, _| {}).await?;
    timed.print(&format!("{accounts} accounts taken over"));
    let day: Day = "2026-04-30".parse()?;
    clock.move_to("2026-05-01T10:00:00".parse()?);
    engine.settle().await?;
    let file =
        write_deposits(&file(accounts, credits, day)).map_err(|error| anyhow!("{error:?}"))?;
    let timed = Timed::start();
    let read = engine.import_deposits("deposits.txt", &file, &by).await?;
    ensure!(u64::from(read.applied) == credits, "{} rows were applied", read.applied);
    timed.print(&format!("a bank file of {credits} rows into {accounts} accounts"));
    Ok(())
}

fn file(accounts: u64, credits: u64, day: Day) -> DepositFile {
    let entries: Vec<_> =
        (0..credits).map(|at| entry(at, at * accounts / credits + 1, day)).collect();
    let opening_balance = Yen(1_000_000);
    let closing_balance = opening_balance + entries.iter().map(|entry| entry.amount).sum();
    let header = DepositHeader {
        created_on: day,
        from: day,
        to: day,
        bank_code: "0001".to_owned(),
        bank_name: "ﾐﾅﾄ".to_owned(),
        branch_code: "012".to_owned(),
        branch_name: "ｼﾊﾞ".to_owned(),
        account_kind: "1".to_owned(),
        account_number: "0001234567".to_owned(),
        account_name: "ｶ)ﾐﾅﾄｸﾗｳﾄﾞ".to_owned(),
        opening_balance,
    };
    DepositFile { statements: vec![DepositStatement { header, entries, closing_balance }] }
}

fn entry(at: u64, payer: u64, day: Day) -> DepositEntry {
    DepositEntry {
        row: u32::try_from(at).unwrap_or(u32::MAX) + 2,
        inquiry: format!("{at:08}"),
        booked_on: day,
        value_on: day,
        direction: Direction::In,
        kind: "11".to_owned(),
        amount: Yen(27_280),
        uncleared: Yen::ZERO,
        payer_code: String::new(),
        payer_name: format!("ﾐﾎﾝ{payer}"),
        sending_bank: "ﾐﾅﾄ".to_owned(),
        sending_branch: "ﾎﾝﾃﾝ".to_owned(),
        summary: "ﾌﾘｺﾐ".to_owned(),
        edi: String::new(),
    }
}
