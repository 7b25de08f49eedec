//! What accounts came to, to go on from. Disposable: a row that does not fit is none.

use contract::declare::ids::AccountId;
use engine::{Fold, WorkedOut};
use sqlx::{AnyConnection, AnyPool};

use crate::columns::WORKED_OUT;
use crate::failure::Result;
use crate::seal::{Seals, Stored};

/// What is stored of an account, if its seal says that nobody changed it.
pub(crate) async fn read(
    pool: &AnyPool,
    seals: &Seals,
    account: &AccountId,
) -> Result<Option<WorkedOut>> {
    let sql = "SELECT records, fold, law, body, seal FROM worked_out WHERE account = $1";
    type Row = (i64, i64, String, Vec<u8>, Option<Vec<u8>>);
    let row: Option<Row> = sqlx::query_as(sql).bind(&account.0).fetch_optional(pool).await?;
    let Some((records, fold, law, body, seal)) = row else { return Ok(None) };
    let texts = [account.0.clone(), records.to_string(), fold.to_string(), law.clone()];
    let values = texts.into_iter().map(String::into_bytes).chain([body]).map(Some).collect();
    let mut stored = Stored { key: vec![account.0.clone()], values, seal };
    let is_own = |seal: &Vec<u8>| seals.is_own(&WORKED_OUT, seal);
    if !stored.seal.as_ref().is_some_and(is_own) || !seals.changed(&WORKED_OUT, &stored).is_empty()
    {
        return Ok(None);
    }
    let body = stored.values.pop().flatten().unwrap_or_default();
    let fold = Fold { version: u32::try_from(fold).unwrap_or_default(), law };
    Ok(Some(WorkedOut { records: records.unsigned_abs(), fold, body }))
}

/// Writes it over what was stored before.
pub(crate) async fn put(
    writer: &AnyPool,
    seals: &Seals,
    account: &AccountId,
    row: &WorkedOut,
) -> Result<()> {
    let (records, fold) = (row.records as i64, i64::from(row.fold.version));
    let values = [
        (&account.0).into(),
        records.into(),
        fold.into(),
        (&row.fold.law).into(),
        (&row.body).into(),
    ];
    let seal = seals.of(&WORKED_OUT, &values)?;
    sqlx::query(
        "INSERT INTO worked_out (account, records, fold, law, body, seal) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account) DO UPDATE SET \
         records = excluded.records, fold = excluded.fold, law = excluded.law, \
         body = excluded.body, seal = excluded.seal",
    )
    .bind(&account.0)
    .bind(records)
    .bind(fold)
    .bind(&row.fold.law)
    .bind(&row.body)
    .bind(seal)
    .execute(writer)
    .await?;
    Ok(())
}

/// Accounts after one, in their order, of which nothing is stored that fits, or which
/// have gone on by so many records since; none that has fewer. None at all while a billing
/// run goes on.
pub(crate) async fn behind(
    pool: &AnyPool,
    after: &str,
    by: u64,
    fold: &Fold,
    limit: u32,
) -> Result<Vec<AccountId>> {
    let found: Vec<(String,)> = sqlx::query_as(
        "SELECT a.id FROM account a LEFT JOIN worked_out w ON w.account = a.id \
         WHERE a.id > $1 AND a.inputs >= $2 AND (w.account IS NULL OR w.fold <> $3 \
         OR w.law <> $4 OR a.inputs - w.records >= $2) \
         AND NOT EXISTS (SELECT 1 FROM draft WHERE issued = 0) ORDER BY a.id LIMIT $5",
    )
    .bind(after.to_owned())
    .bind(i64::try_from(by).unwrap_or(i64::MAX))
    .bind(i64::from(fold.version))
    .bind(&fold.law)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    Ok(found.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Throws all of it away: where rows are sealed as they stand, these are not trusted.
pub(crate) async fn clear(conn: &mut AnyConnection) -> Result<()> {
    sqlx::query("DELETE FROM worked_out").execute(conn).await?;
    Ok(())
}
