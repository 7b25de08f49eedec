//! Every seal again, over the bytes as they are stored.

use engine::Fault;
use sqlx::AnyConnection;

use crate::columns::{self, Table};
use crate::failure::Result;
use crate::seal::{self, Seals};
use crate::sql_store::SqlStore;

const BROKEN: &str = "is not the seal of this row";

pub(super) async fn main(
    conn: &mut AnyConnection,
    seals: &Seals,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    tables(conn, seals, columns::MAIN, faults).await
}

/// Names the columns of these tables that are not what was written.
pub(super) async fn tables(
    conn: &mut AnyConnection,
    seals: &Seals,
    tables: &[Table],
    faults: &mut Vec<Fault>,
) -> Result<()> {
    for table in tables.iter().filter(|table| table.has_seal()) {
        let mut after: Option<Vec<String>> = None;
        loop {
            let rows = seal::page(conn, table, after.as_deref()).await?;
            let last = rows.last().map(|row| row.key.clone());
            // A key that is no text would come again and again.
            if last.is_none() || last == after {
                break;
            }
            after = last;
            for row in &rows {
                let name = row.key.join("/");
                if !seals.is_own(table, row.seal.as_deref().unwrap_or_default()) {
                    faults.push(Fault::at(table.name, name, "seal", BROKEN));
                    continue;
                }
                for column in seals.changed(table, row) {
                    faults.push(Fault::at(table.name, &name, column, "is not what was written"));
                }
            }
        }
    }
    Ok(())
}

/// Where not one seal is whole, it is the key that was changed, and said once.
pub(super) async fn name_lost_key(store: &SqlStore, mut faults: Vec<Fault>) -> Result<Vec<Fault>> {
    let is_seal = |fault: &Fault| fault.column == "seal" && fault.problem == BROKEN;
    let broken = faults.iter().filter(|fault| is_seal(fault)).count();
    if broken > 0 && broken == count(store).await? {
        faults.retain(|fault| !is_seal(fault));
        let problem = "opens no seal of either database: keys.db is damaged or another one";
        faults.push(Fault::at("seal_key", "keys.db", "secret", problem));
    }
    Ok(faults)
}

async fn count(store: &SqlStore) -> Result<usize> {
    let mut count = 0;
    for (pool, tables) in [(&store.readers, columns::MAIN), (store.keys.pool(), columns::KEYS)] {
        for table in tables.iter().filter(|table| table.has_seal()) {
            let sql = format!("SELECT COUNT(*) FROM {}", table.name);
            let (rows,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await?;
            count += rows as usize;
        }
    }
    Ok(count)
}
