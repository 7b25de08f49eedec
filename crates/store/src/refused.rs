//! Rows of files that were not taken.

use contract::declare::words::Sentence;
use engine::{ListPart, RefusedRow};
use sqlx::{AnyConnection, AnyPool};

use crate::chain::digest_of;
use crate::columns::REFUSED_ROW;
use crate::dialect::storable;
use crate::failure::Result;
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

/// Older programs kept the English sentence alone.
fn read(kept: &str) -> Sentence {
    serde_json::from_str(kept).unwrap_or_else(|_| Sentence::same(kept))
}

/// Every row that was not taken, by file and row.
pub(crate) async fn all(pool: &AnyPool) -> Result<Vec<RefusedRow>> {
    let rows: Vec<(String, i64, String, String)> = sqlx::query_as(
        "SELECT file, line_no, reason, content FROM refused_row ORDER BY file, line_no, id",
    )
    .fetch_all(pool)
    .await?;
    let row = |(file, line, reason, content): (String, i64, String, String)| RefusedRow {
        file,
        row: u32::try_from(line).unwrap_or(u32::MAX),
        reason: read(&reason),
        content,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// A part of them, by id; of one file unless it is empty.
pub(crate) async fn part(
    pool: &AnyPool,
    file: &str,
    part: ListPart<'_>,
) -> Result<Vec<(String, RefusedRow)>> {
    let rows: Vec<(String, String, i64, String, String)> = sqlx::query_as(
        "SELECT id, file, line_no, reason, content FROM refused_row \
         WHERE id > $1 AND ($2 = '' OR file = $2) ORDER BY id LIMIT $3",
    )
    .bind(part.after)
    .bind(file)
    .bind(i64::from(part.limit))
    .fetch_all(pool)
    .await?;
    let row = |(id, file, line, reason, content): (String, String, i64, String, String)| {
        let (row, reason) = (u32::try_from(line).unwrap_or(u32::MAX), read(&reason));
        (id, RefusedRow { file, row, reason, content })
    };
    Ok(rows.into_iter().map(row).collect())
}
