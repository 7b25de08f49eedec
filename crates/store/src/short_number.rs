//! Short numbers, each given once.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Fault, ShortNumber, ToNumber};
use sqlx::{AnyConnection, AnyPool};

use crate::columns::SHORT_NUMBER;
use crate::failure::Result;
use crate::seal::Seals;
use crate::{bulk, dialect};

/// Gives what has none yet the next number of its series. A step that is taken back
/// takes its numbers with it, so that no series has a gap.
pub(crate) async fn give(
    conn: &mut AnyConnection,
    seals: &Seals,
    things: &[ToNumber],
) -> Result<()> {
    if without(conn, things).await?.is_empty() {
        return Ok(());
    }
    // Only who has something to number waits for the others; who had the last number
    // meanwhile is seen from here on.
    dialect::alone(conn, "short numbers").await?;
    for thing in without(conn, things).await? {
        give_one(conn, seals, thing).await?;
    }
    Ok(())
}

/// Those that have no number, each once, in their order.
async fn without<'a>(
    conn: &mut AnyConnection,
    things: &'a [ToNumber],
) -> Result<Vec<&'a ToNumber>> {
    let mut known = BTreeSet::new();
    for chunk in things.chunks(bulk::ROWS) {
        let sql = bulk::within("SELECT id FROM short_number WHERE id", chunk.len());
        let mut query = sqlx::query_as(sql);
        for thing in chunk {
            query = query.bind(&thing.id);
        }
        let found: Vec<(String,)> = query.fetch_all(&mut *conn).await?;
        known.extend(found.into_iter().map(|(id,)| id));
    }
    Ok(things.iter().filter(|thing| known.insert(thing.id.clone())).collect())
}

async fn give_one(conn: &mut AnyConnection, seals: &Seals, thing: &ToNumber) -> Result<()> {
    let year = i64::from(thing.year);
    let (last,): (i64,) = sqlx::query_as(
        "SELECT COALESCE(MAX(running), 0) FROM short_number WHERE series = $1 AND year = $2",
    )
    .bind(thing.series)
    .bind(year)
    .fetch_one(&mut *conn)
    .await?;
    let number = ShortNumber { series: thing.series.to_owned(), year, running: last + 1 };
    let printed = number.to_string();
    let values = [
        (&thing.id).into(),
        thing.series.into(),
        year.into(),
        number.running.into(),
        (&printed).into(),
    ];
    let seal = seals.of(&SHORT_NUMBER, &values)?;
    sqlx::query(
        "INSERT INTO short_number (id, series, year, running, number, seal) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&thing.id)
    .bind(thing.series)
    .bind(year)
    .bind(number.running)
    .bind(printed)
    .bind(seal)
    .execute(conn)
    .await?;
    Ok(())
}

/// The numbers of things, by their ids.
pub(crate) async fn of(pool: &AnyPool, ids: &[&str]) -> Result<BTreeMap<String, String>> {
    let mut numbers = BTreeMap::new();
    for chunk in ids.chunks(bulk::ROWS) {
        let sql = bulk::within("SELECT id, number FROM short_number WHERE id", chunk.len());
        let mut query = sqlx::query_as(sql);
        for id in chunk {
            query = query.bind((*id).to_owned());
        }
        let found: Vec<(String, String)> = query.fetch_all(pool).await?;
        numbers.extend(found);
    }
    Ok(numbers)
}

/// What has this number.
pub(crate) async fn named(pool: &AnyPool, number: &ShortNumber) -> Result<Option<String>> {
    let found: Option<(String,)> = sqlx::query_as("SELECT id FROM short_number WHERE number = $1")
        .bind(number.to_string())
        .fetch_optional(pool)
        .await?;
    Ok(found.map(|(id,)| id))
}

/// A number is missing between two, or is printed otherwise than it counts.
pub(crate) async fn check(conn: &mut AnyConnection, faults: &mut Vec<Fault>) -> Result<()> {
    let rows: Vec<(String, String, i64, i64, String)> = sqlx::query_as(
        "SELECT id, series, year, running, number FROM short_number ORDER BY series, year, running",
    )
    .fetch_all(conn)
    .await?;
    let mut last = (String::new(), 0, 0);
    for (id, series, year, running, printed) in rows {
        let same = (&last.0, last.1) == (&series, year);
        if running != if same { last.2 + 1 } else { 1 } {
            faults.push(Fault::at(
                "short_number",
                &*id,
                "running",
                "does not follow the one before it",
            ));
        }
        let number = ShortNumber { series, year, running };
        if number.to_string() != printed {
            faults.push(Fault::at("short_number", id, "number", format!("is not {number}")));
        }
        last = (number.series, year, running);
    }
    Ok(())
}
