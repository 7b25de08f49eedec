//! Rows of files that were not taken.

use contract::declare::words::Sentence;
use engine::listed::{ListFound, ListQuery};
use engine::{ListPart, RefusedRow};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, FromRow, Row};

use crate::chain::digest_of;
use crate::columns::REFUSED_ROW;
use crate::dialect::storable;
use crate::failure::Result;
use crate::list::{self, Shelf};
use crate::seal::Seals;

/// Keeps a row that was not taken; the same one for the same reason once.
pub(crate) async fn keep(conn: &mut AnyConnection, seals: &Seals, row: &RefusedRow) -> Result<()> {
    let id = digest_of(&[
        row.file.as_bytes(),
        &row.row.to_be_bytes(),
        row.reason.en.as_bytes(),
        row.content.as_bytes(),
    ]);
    let (file, line) = (storable(&row.file), i64::from(row.row));
    let (reason, content) = (storable(&kept(&row.reason)), storable(&row.content));
    let values = [(&id).into(), (&file).into(), line.into(), (&reason).into(), (&content).into()];
    let seal = seals.of(&REFUSED_ROW, &values)?;
    sqlx::query(
        "INSERT INTO refused_row (id, file, line_no, reason, content, seal) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
    )
    .bind(id)
    .bind(file)
    .bind(line)
    .bind(reason)
    .bind(content)
    .bind(seal)
    .execute(conn)
    .await?;
    Ok(())
}

/// Both languages in one column, as JSON.
fn kept(reason: &Sentence) -> String {
    serde_json::to_string(reason).expect("plain data")
}

/// A row with its id in the table.
struct Kept {
    id: String,
    row: RefusedRow,
}

impl FromRow<'_, AnyRow> for Kept {
    fn from_row(row: &AnyRow) -> sqlx::Result<Kept> {
        let (line, reason): (i64, String) = (row.try_get("line_no")?, row.try_get("reason")?);
        Ok(Kept {
            id: row.try_get("id")?,
            row: RefusedRow {
                file: row.try_get("file")?,
                row: u32::try_from(line).unwrap_or(u32::MAX),
                // Older programs kept the English sentence alone.
                reason: serde_json::from_str(&reason).unwrap_or_else(|_| Sentence::same(reason)),
                content: row.try_get("content")?,
            },
        })
    }
}

/// Every row that was not taken, by file and row.
pub(crate) async fn all(pool: &AnyPool) -> Result<Vec<RefusedRow>> {
    let rows: Vec<Kept> = sqlx::query_as(
        "SELECT id, file, line_no, reason, content FROM refused_row \
         ORDER BY file, line_no, id",
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|kept| kept.row).collect())
}

/// Those that are asked for.
pub(crate) async fn listed(pool: &AnyPool, query: &ListQuery) -> Result<ListFound<RefusedRow>> {
    list::find(pool, Shelf::Refused, query, |row| Ok(Kept::from_row(row)?.row)).await
}

/// A part of them, by id; of one file unless it is empty.
pub(crate) async fn part(
    pool: &AnyPool,
    file: &str,
    part: ListPart<'_>,
) -> Result<Vec<(String, RefusedRow)>> {
    let rows: Vec<Kept> = sqlx::query_as(
        "SELECT id, file, line_no, reason, content FROM refused_row \
         WHERE id > $1 AND ($2 = '' OR file = $2) ORDER BY id LIMIT $3",
    )
    .bind(part.after)
    .bind(file)
    .bind(i64::from(part.limit))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|kept| (kept.id, kept.row)).collect())
}
