//! What it takes to store what many accounts came to, and to go on from it.

use std::sync::Arc;

use anyhow::{anyhow, ensure};
use contract::declare::ids::AccountId;
use document::write_book;
use engine::{AccountCache, Engine};

use crate::desk;
use crate::files::rows;
use crate::timed::Timed;

/// A workbook holds so many accounts at most.
const BOOK: usize = 20_000;

/// So many accounts, taken over before: stored, looked for by the background, and read
/// again as after a start of the program, from their records and from what is stored.
pub async fn stored(accounts: u64) -> anyhow::Result<()> {
    let (mut engine, _) = desk::open(None, "2026-04-20T10:00:00".parse()?).await?;
    let by = engine.operator.actor("takahashi").ok_or_else(|| anyhow!("nobody bills"))?;
    let timed = Timed::start();
    for first in (1..=accounts).step_by(BOOK) {
        let last = accounts.min(first + BOOK as u64 - 1);
        let book =
            write_book(&rows::rows_of(first..=last)).map_err(|error| anyhow!("{error:?}"))?;
        engine.load_book(&format!("book-{first}.xlsx"), &book, &by, &mut |_, _| {}).await?;
    }
    engine.settle().await?;
    timed.print(&format!("{accounts} accounts taken over"));

    let ids = engine.store.accounts().await?;
    read(&mut engine, &ids, "each read from its records").await?;
    let timed = Timed::start();
    let mut bytes = 0;
    for id in &ids {
        ensure!(engine.store_worked_out(id).await?, "{id} waits for a step");
        bytes += engine.store.worked_out(id).await?.map_or(0, |row| row.body.len());
    }
    timed.print(&format!("each stored, in {} kB together", bytes / 1_000));
    read(&mut engine, &ids, "each read from what is stored").await?;
    let timed = Timed::start();
    engine.store_next_chapter().await?;
    timed.print("the background looks which are behind");
    Ok(())
}

async fn read(engine: &mut Arc<Engine>, ids: &[AccountId], what: &str) -> anyhow::Result<()> {
    let held = || anyhow!("somebody holds the engine");
    Arc::get_mut(engine).ok_or_else(held)?.accounts = AccountCache::default();
    let timed = Timed::start();
    for id in ids {
        engine.account(id).await?;
    }
    timed.print(what);
    Ok(())
}
