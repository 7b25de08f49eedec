//! Read models, replaced row by row.

use std::collections::BTreeMap;

use contract::declare::ids::AccountId;
use engine::listed::{ListFound, ListOf, ListQuery};
use engine::{ListPart, StoreError, StoredView, ViewRow};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row};

use crate::dialect::Dialect;
use crate::failure::Result;
use crate::list::{self, Shelf};
use crate::record::parse;
use crate::{bulk, dialect};

/// Writes rows over those of the same kind and id.
pub(crate) async fn replace(conn: &mut AnyConnection, rows: &[ViewRow]) -> Result<()> {
    // One statement cannot touch a row twice: the last one counts.
    let last: BTreeMap<_, _> = rows.iter().map(|row| ((&row.kind, &row.id), row)).collect();
    let rows: Vec<_> = last.into_values().collect();
    for chunk in rows.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "view_row (kind, id, account, content, sought)",
            5,
            chunk.len(),
            " ON CONFLICT (kind, id) DO UPDATE SET account = excluded.account, \
             content = excluded.content, sought = excluded.sought",
        );
        let mut query = sqlx::query(sql);
        for row in chunk {
            query = query
                .bind(&row.kind)
                .bind(&row.id)
                .bind(&row.account.0)
                .bind(row.content.to_string())
                .bind(row.sought());
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Every row of an account as it is stored.
pub(crate) async fn of_account(pool: &AnyPool, account: &AccountId) -> Result<Vec<StoredView>> {
    let bytes_of = |column| Dialect::of_pool(pool).bytes_of(column);
    let (content, sought) = (bytes_of("content"), bytes_of("sought"));
    let sql = format!(
        "SELECT kind, id, {content}, {sought} FROM view_row WHERE account = $1 ORDER BY kind, id"
    );
    let rows: Vec<(String, String, Vec<u8>, Vec<u8>)> =
        sqlx::query_as(AssertSqlSafe(sql)).bind(&account.0).fetch_all(pool).await?;
    let stored = |(kind, id, content, sought)| StoredView { kind, id, content, sought };
    Ok(rows.into_iter().map(stored).collect())
}

/// Puts rows in the place of all those of an account, unless somebody has written
/// to it since its records were read.
pub(crate) async fn replace_all(
    writer: &AnyPool,
    account: &AccountId,
    records: u64,
    rows: &[ViewRow],
) -> Result<()> {
    let mut tx = dialect::begin(writer).await?;
    let unchanged = sqlx::query("UPDATE account SET inputs = inputs WHERE id = $1 AND inputs = $2")
        .bind(&account.0)
        .bind(records as i64)
        .execute(&mut *tx)
        .await?;
    if unchanged.rows_affected() == 0 {
        return Err(StoreError::Conflict(account.clone()).into());
    }
    sqlx::query("DELETE FROM view_row WHERE account = $1")
        .bind(&account.0)
        .execute(&mut *tx)
        .await?;
    replace(&mut tx, rows).await?;
    Ok(tx.commit().await?)
}

/// The version of the code that made all rows.
pub(crate) async fn version(pool: &AnyPool) -> Result<Option<u32>> {
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT version FROM read_models").fetch_optional(pool).await?;
    Ok(found.map(|(version,)| u32::try_from(version).unwrap_or_default()))
}

pub(crate) async fn note_version(writer: &AnyPool, version: u32) -> Result<()> {
    let mut tx = dialect::begin(writer).await?;
    dialect::alone(&mut tx, "read models").await?;
    sqlx::query("DELETE FROM read_models").execute(&mut *tx).await?;
    sqlx::query("INSERT INTO read_models (version) VALUES ($1)")
        .bind(i64::from(version))
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

/// All rows of a kind, by id.
pub(crate) async fn of_kind(pool: &AnyPool, kind: &str) -> Result<Vec<ViewRow>> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, account, content FROM view_row WHERE kind = $1 ORDER BY id")
            .bind(kind)
            .fetch_all(pool)
            .await?;
    rows.into_iter().map(|row| view_row(kind, row)).collect()
}

/// A part of the rows of a kind, by id.
pub(crate) async fn part(pool: &AnyPool, kind: &str, part: ListPart<'_>) -> Result<Vec<ViewRow>> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT id, account, content FROM view_row \
         WHERE kind = $1 AND id > $2 AND ($3 = '' OR account = $3) ORDER BY id LIMIT $4",
    )
    .bind(kind)
    .bind(part.after)
    .bind(part.account.map_or("", |account| &account.0))
    .bind(i64::from(part.limit))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(|row| view_row(kind, row)).collect()
}

/// One row.
pub(crate) async fn one(pool: &AnyPool, kind: &str, id: &str) -> Result<Option<ViewRow>> {
    let row: Option<(String, String, String)> =
        sqlx::query_as("SELECT id, account, content FROM view_row WHERE kind = $1 AND id = $2")
            .bind(kind)
            .bind(id)
            .fetch_optional(pool)
            .await?;
    row.map(|row| view_row(kind, row)).transpose()
}

/// Rows of a kind, or what stands in a list within the rows of accounts.
pub(crate) async fn listed(
    pool: &AnyPool,
    of: ListOf<'_>,
    query: &ListQuery,
) -> Result<ListFound<ViewRow>> {
    let (shelf, kind) = match of {
        ListOf::Kind(kind) => (Shelf::Views(kind), kind),
        ListOf::Within(path) => (Shelf::Within(path), path),
    };
    list::find(pool, shelf, query, |row| {
        let of = (row.try_get("id")?, row.try_get("account")?, row.try_get("content")?);
        view_row(kind, of)
    })
    .await
}

fn view_row(kind: &str, (id, account, content): (String, String, String)) -> Result<ViewRow> {
    let content = parse(&content)?;
    Ok(ViewRow { kind: kind.to_owned(), id, account: AccountId(account), content })
}
