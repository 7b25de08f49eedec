//! Movements of the bank account that wait for a person.

use engine::listed::{ListFound, ListQuery};
use engine::{MovementMark, WaitingMovement};
use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::columns::MOVEMENT;
use crate::dialect::storable;
use crate::failure::{Failure, Result};
use crate::list::{self, Shelf};
use crate::record::parse;
use crate::seal::Seals;

/// Keeps a movement; one that waits or waited already is left alone.
pub(crate) async fn keep(
    conn: &mut AnyConnection,
    seals: &Seals,
    new: &WaitingMovement,
) -> Result<()> {
    let content = storable(&new.content.to_string());
    let (file, line, reason) = (storable(&new.file), i64::from(new.row), storable(&new.reason));
    let values = [
        (&new.id).into(),
        (&content).into(),
        (&file).into(),
        line.into(),
        (&reason).into(),
        1.into(),
    ];
    let seal = seals.of(&MOVEMENT, &values)?;
    sqlx::query(
        "INSERT INTO movement (id, content, file, line_no, reason, open, seal) \
         VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&new.id)
    .bind(content)
    .bind(file)
    .bind(line)
    .bind(reason)
    .bind(seal)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a movement waits from now on, if it is known.
pub(crate) async fn mark(
    conn: &mut AnyConnection,
    seals: &Seals,
    mark: &MovementMark,
) -> Result<()> {
    let open = i64::from(mark.waits);
    let sql = "UPDATE movement SET open = $2 WHERE id = $1 AND open <> $2";
    let changed = sqlx::query(sql).bind(&mark.id).bind(open).execute(&mut *conn).await?;
    match changed.rows_affected() {
        0 => Ok(()),
        _ => seals.written(conn, &MOVEMENT, &[&mark.id], &["open"]).await,
    }
}

type Row = (String, String, String, i64, String);

const COLUMNS: &str = "id, content, file, line_no, reason";

/// Those that wait, by file and row.
pub(crate) async fn waiting(pool: &AnyPool) -> Result<Vec<WaitingMovement>> {
    let sql = format!("SELECT {COLUMNS} FROM movement WHERE open = 1 ORDER BY file, line_no, id");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await?;
    rows.into_iter().map(movement).collect()
}

/// Those of them that are asked for.
pub(crate) async fn listed(
    pool: &AnyPool,
    query: &ListQuery,
) -> Result<ListFound<WaitingMovement>> {
    list::find(pool, Shelf::Movements, query, |row| movement(Row::from_row(row)?)).await
}

/// How many wait.
pub(crate) async fn count(pool: &AnyPool) -> Result<u64> {
    let sql = "SELECT COUNT(*) FROM movement WHERE open = 1";
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(pool).await?;
    Ok(count.unsigned_abs())
}

/// One of them, whether or not it waits.
pub(crate) async fn one(pool: &AnyPool, id: &str) -> Result<Option<WaitingMovement>> {
    let sql = format!("SELECT {COLUMNS} FROM movement WHERE id = $1");
    let row: Option<Row> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(pool).await?;
    row.map(movement).transpose()
}

fn movement((id, content, file, line, reason): Row) -> Result<WaitingMovement> {
    let content = match content.as_str() {
        "" => serde_json::Value::Null,
        content => parse(content)?,
    };
    let row = u32::try_from(line).map_err(|_| Failure::broken("a row of a file below 0"))?;
    Ok(WaitingMovement { id, file, row, reason, content })
}
