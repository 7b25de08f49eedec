//! Read models, replaced row by row.

use std::collections::BTreeMap;

use contract::ids::AccountId;
use engine::{ListPart, ViewRow};
use sqlx::{AnyConnection, AnyPool};

use crate::bulk;
use crate::failure::Result;
use crate::record::parse;

/// Writes rows over those of the same kind and id.
pub(crate) async fn replace(conn: &mut AnyConnection, rows: &[ViewRow]) -> Result<()> {
    // One statement cannot touch a row twice: the last one counts.
    let last: BTreeMap<_, _> = rows.iter().map(|row| ((&row.kind, &row.id), row)).collect();
    let rows: Vec<_> = last.into_values().collect();
    for chunk in rows.chunks(bulk::ROWS) {
        let sql = bulk::insert(
            "view_row (kind, id, account, content)",
            4,
            chunk.len(),
            " ON CONFLICT (kind, id) DO UPDATE SET account = excluded.account, \
             content = excluded.content",
        );
        let mut query = sqlx::query(sql);
        for row in chunk {
            query = query
                .bind(&row.kind)
                .bind(&row.id)
                .bind(&row.account.0)
                .bind(row.content.to_string());
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
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

fn view_row(kind: &str, (id, account, content): (String, String, String)) -> Result<ViewRow> {
    let content = parse(&content)?;
    Ok(ViewRow { kind: kind.to_owned(), id, account: AccountId(account), content })
}
