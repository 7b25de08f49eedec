//! Issued documents and numbered drafts. Neither is ever written over.

use contract::ids::AccountId;
use engine::{DocumentRow, DraftRow};
use sqlx::{AnyConnection, AnyPool};

use crate::failure::{Failure, Result};
use crate::record::parse;

type DocumentColumns = (String, String, String, String, String, Vec<u8>);
type DraftColumns = (String, String, String, String, String);

/// Keeps a document. The same one again is left alone; another under its id is
/// refused.
pub(crate) async fn keep(conn: &mut AnyConnection, new: &DocumentRow) -> Result<()> {
    let present: Option<DocumentColumns> =
        sqlx::query_as("SELECT id, account, kind, name, mime, bytes FROM document WHERE id = $1")
            .bind(&new.id)
            .fetch_optional(&mut *conn)
            .await?;
    if let Some(present) = present.map(document_row) {
        return if present == *new { Ok(()) } else { Err(Failure::duplicate(&new.id)) };
    }
    sqlx::query(
        "INSERT INTO document (id, account, kind, name, mime, bytes) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&new.id)
    .bind(&new.account.0)
    .bind(&new.kind)
    .bind(&new.name)
    .bind(&new.mime)
    .bind(&new.bytes)
    .execute(conn)
    .await?;
    Ok(())
}

/// One document with its bytes.
pub(crate) async fn read(pool: &AnyPool, id: &str) -> Result<Option<DocumentRow>> {
    let row: Option<DocumentColumns> =
        sqlx::query_as("SELECT id, account, kind, name, mime, bytes FROM document WHERE id = $1")
            .bind(id)
            .fetch_optional(pool)
            .await?;
    Ok(row.map(document_row))
}

/// Ids, kinds and names of an account's documents.
pub(crate) async fn list(
    pool: &AnyPool,
    account: &AccountId,
) -> Result<Vec<(String, String, String)>> {
    let sql = "SELECT id, kind, name FROM document WHERE account = $1 ORDER BY id";
    Ok(sqlx::query_as(sql).bind(&account.0).fetch_all(pool).await?)
}

/// Keeps a draft under its number. The same one again is left alone; another
/// under its id or number is refused.
pub(crate) async fn keep_draft(conn: &mut AnyConnection, new: &DraftRow) -> Result<()> {
    let present: Vec<DraftColumns> = sqlx::query_as(
        "SELECT id, run, account, number, content FROM draft WHERE id = $1 OR number = $2",
    )
    .bind(&new.id)
    .bind(&new.number)
    .fetch_all(&mut *conn)
    .await?;
    for columns in &present {
        if draft_row(columns.clone())? != *new {
            let shared = if columns.0 == new.id { &new.id } else { &new.number };
            return Err(Failure::duplicate(shared));
        }
    }
    if !present.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO draft (id, run, account, number, content, issued) \
         VALUES ($1, $2, $3, $4, $5, 0)",
    )
    .bind(&new.id)
    .bind(&new.run)
    .bind(&new.account.0)
    .bind(&new.number)
    .bind(new.content.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks a draft as issued.
pub(crate) async fn issue_draft(conn: &mut AnyConnection, id: &str) -> Result<()> {
    let changed =
        sqlx::query("UPDATE draft SET issued = 1 WHERE id = $1").bind(id).execute(conn).await?;
    match changed.rows_affected() {
        0 => Err(Failure::broken(format!("there is no draft {id} to issue"))),
        _ => Ok(()),
    }
}

/// Drafts of a run that wait to be issued, in the order of their numbers.
pub(crate) async fn unissued(pool: &AnyPool, run: &str) -> Result<Vec<DraftRow>> {
    let rows: Vec<DraftColumns> = sqlx::query_as(
        "SELECT id, run, account, number, content FROM draft \
         WHERE run = $1 AND issued = 0 ORDER BY number",
    )
    .bind(run)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(draft_row).collect()
}

fn document_row((id, account, kind, name, mime, bytes): DocumentColumns) -> DocumentRow {
    DocumentRow { id, account: AccountId(account), kind, name, mime, bytes }
}

fn draft_row((id, run, account, number, content): DraftColumns) -> Result<DraftRow> {
    let content = parse(&content)?;
    Ok(DraftRow { id, run, account: AccountId(account), number, content })
}
