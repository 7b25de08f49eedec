//! Issued documents and numbered drafts. Neither is ever written over.

use std::collections::BTreeMap;

use contract::declare::ids::AccountId;
use engine::{DocumentRow, DraftRow};
use sqlx::{AnyConnection, AnyPool, Row};

use crate::bulk;
use crate::columns::{DOCUMENT, DRAFT};
use crate::failure::{Failure, Result};
use crate::record::parse;
use crate::seal::{Seals, Value};

type DocumentColumns = (String, String, String, String, String, Vec<u8>);
type DraftColumns = (String, String, String, String, String);

/// Keeps a document. The same one again is left alone; another under its id is
/// refused.
pub(crate) async fn keep(conn: &mut AnyConnection, seals: &Seals, new: &DocumentRow) -> Result<()> {
    let present: Option<DocumentColumns> =
        sqlx::query_as("SELECT id, account, kind, name, mime, bytes FROM document WHERE id = $1")
            .bind(&new.id)
            .fetch_optional(&mut *conn)
            .await?;
    if let Some(present) = present.map(document_row) {
        return if present == *new { Ok(()) } else { Err(Failure::duplicate(&new.id)) };
    }
    let texts = [&new.id, &new.account.0, &new.kind, &new.name, &new.mime].map(Value::from);
    let values: Vec<_> = texts.into_iter().chain([(&new.bytes).into()]).collect();
    let seal = seals.of(&DOCUMENT, &values)?;
    sqlx::query(
        "INSERT INTO document (id, account, kind, name, mime, bytes, seal) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&new.id)
    .bind(&new.account.0)
    .bind(&new.kind)
    .bind(&new.name)
    .bind(&new.mime)
    .bind(&new.bytes)
    .bind(seal)
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

/// The hash of the bytes of each of some documents.
pub(crate) async fn hashes(pool: &AnyPool, ids: &[&str]) -> Result<BTreeMap<String, String>> {
    let sql = bulk::within("SELECT id, bytes FROM document WHERE id", ids.len());
    let mut query = sqlx::query(sql);
    for id in ids {
        query = query.bind(*id);
    }
    let mut hashes = BTreeMap::new();
    for row in query.fetch_all(pool).await? {
        let bytes: Vec<u8> = row.try_get("bytes")?;
        hashes.insert(row.try_get("id")?, blake3::hash(&bytes).to_string());
    }
    Ok(hashes)
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
pub(crate) async fn keep_draft(
    conn: &mut AnyConnection,
    seals: &Seals,
    new: &DraftRow,
) -> Result<()> {
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
    let content = new.content.to_string();
    let texts = [&new.id, &new.run, &new.account.0, &new.number, &content].map(Value::from);
    let values: Vec<_> = texts.into_iter().chain([0.into()]).collect();
    let seal = seals.of(&DRAFT, &values)?;
    sqlx::query(
        "INSERT INTO draft (id, run, account, number, content, issued, seal) \
         VALUES ($1, $2, $3, $4, $5, 0, $6)",
    )
    .bind(&new.id)
    .bind(&new.run)
    .bind(&new.account.0)
    .bind(&new.number)
    .bind(&content)
    .bind(seal)
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks a draft as issued.
pub(crate) async fn issue_draft(conn: &mut AnyConnection, seals: &Seals, id: &str) -> Result<()> {
    let sql = "UPDATE draft SET issued = 1 WHERE id = $1";
    let changed = sqlx::query(sql).bind(id).execute(&mut *conn).await?;
    match changed.rows_affected() {
        0 => Err(Failure::broken(format!("there is no draft {id} to issue"))),
        _ => seals.written(conn, &DRAFT, &[id], &["issued"]).await,
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

/// All drafts of an account, and whether each is issued.
pub(crate) async fn drafts_of(
    pool: &AnyPool,
    account: &AccountId,
) -> Result<Vec<(DraftRow, bool)>> {
    let rows: Vec<(String, String, String, String, String, i64)> = sqlx::query_as(
        "SELECT id, run, account, number, content, issued FROM draft WHERE account = $1 \
         ORDER BY id",
    )
    .bind(&account.0)
    .fetch_all(pool)
    .await?;
    let draft = |(id, run, account, number, content, issued)| {
        Ok((draft_row((id, run, account, number, content))?, issued != 0))
    };
    rows.into_iter().map(draft).collect()
}

fn document_row((id, account, kind, name, mime, bytes): DocumentColumns) -> DocumentRow {
    DocumentRow { id, account: AccountId(account), kind, name, mime, bytes }
}

fn draft_row((id, run, account, number, content): DraftColumns) -> Result<DraftRow> {
    let content = parse(&content)?;
    Ok(DraftRow { id, run, account: AccountId(account), number, content })
}
