//! Passwords, one-time codes, recovery codes and set-up links.

use engine::{Credential, SetUpLink};
use reckon::Moment;
use sqlx::{Any, AnyPool, Transaction};

use crate::columns::{CREDENTIAL, RECOVERY_CODE, SET_UP_LINK};
use crate::dialect;
use crate::failure::Result;
use crate::seal::Value;
use crate::sql_store::SqlStore;

const COLUMNS: &str = "SELECT person, password, password_set_at, failures, blocked_until, totp, \
                       totp_step FROM credential";

type Row = (String, String, i64, i64, Option<i64>, Option<String>, i64);

fn credential(row: Row) -> Credential {
    let (person, password, set_at, failures, blocked_until, totp, totp_step) = row;
    Credential {
        person,
        password,
        password_set_at: Moment::from_unix_seconds(set_at),
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        blocked_until: blocked_until.map(Moment::from_unix_seconds),
        totp,
        totp_step,
    }
}

pub(super) async fn of(pool: &AnyPool, person: &str) -> Result<Option<Credential>> {
    let sql = from_table(" WHERE person = $1");
    let row: Option<Row> = sqlx::query_as(sql).bind(person).fetch_optional(pool).await?;
    Ok(row.map(credential))
}

pub(super) async fn all(pool: &AnyPool) -> Result<Vec<Credential>> {
    let rows: Vec<Row> = sqlx::query_as(from_table(" ORDER BY person")).fetch_all(pool).await?;
    Ok(rows.into_iter().map(credential).collect())
}

fn from_table(rest: &'static str) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("{COLUMNS}{rest}"))
}

pub(super) async fn set_password(
    store: &SqlStore,
    person: &str,
    phc: &str,
    at: Moment,
) -> Result<()> {
    let at = at.unix_seconds();
    let new = [person.into(), phc.into(), at.into(), 0.into(), Value::Null, Value::Null, 0.into()];
    let seal = store.seals.of(&CREDENTIAL, &new)?;
    let mut tx = dialect::begin(&store.writer).await?;
    let new = sqlx::query(
        "INSERT INTO credential (person, password, password_set_at, failures, totp_step, seal) \
         VALUES ($1, $2, $3, 0, 0, $4) ON CONFLICT (person) DO NOTHING",
    )
    .bind(person)
    .bind(phc)
    .bind(at)
    .bind(seal)
    .execute(&mut *tx)
    .await?;
    if new.rows_affected() == 0 {
        sqlx::query(
            "UPDATE credential SET password = $2, password_set_at = $3, failures = 0, \
             blocked_until = NULL WHERE person = $1",
        )
        .bind(person)
        .bind(phc)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        let columns = ["password", "password_set_at", "failures", "blocked_until"];
        store.seals.written(&mut tx, &CREDENTIAL, &[person], &columns).await?;
    }
    Ok(tx.commit().await?)
}

pub(super) async fn begin_attempt(
    store: &SqlStore,
    person: &str,
    failures: u32,
    blocked_until: Option<Moment>,
) -> Result<bool> {
    let mut tx = dialect::begin(&store.writer).await?;
    let done = sqlx::query(
        "UPDATE credential SET failures = failures + 1, blocked_until = $1 \
         WHERE person = $2 AND failures = $3",
    )
    .bind(blocked_until.map(Moment::unix_seconds))
    .bind(person)
    .bind(i64::from(failures))
    .execute(&mut *tx)
    .await?;
    seal_one(store, tx, person, done.rows_affected(), &["failures", "blocked_until"]).await
}

pub(super) async fn forget_failures(store: &SqlStore, person: &str) -> Result<()> {
    let sql = "UPDATE credential SET failures = 0, blocked_until = NULL WHERE person = $1";
    let mut tx = dialect::begin(&store.writer).await?;
    let done = sqlx::query(sql).bind(person).execute(&mut *tx).await?.rows_affected();
    seal_one(store, tx, person, done, &["failures", "blocked_until"]).await?;
    Ok(())
}

/// Seals what an update wrote, if it found its row, and ends the step.
async fn seal_one(
    store: &SqlStore,
    mut tx: Transaction<'static, Any>,
    person: &str,
    found: u64,
    columns: &[&str],
) -> Result<bool> {
    if found == 1 {
        store.seals.written(&mut tx, &CREDENTIAL, &[person], columns).await?;
    }
    tx.commit().await?;
    Ok(found == 1)
}

pub(super) async fn set_totp(
    store: &SqlStore,
    person: &str,
    row: Option<&str>,
    recovery: &[String],
) -> Result<()> {
    let mut tx = dialect::begin(&store.writer).await?;
    let done = sqlx::query("UPDATE credential SET totp = $1, totp_step = 0 WHERE person = $2")
        .bind(row)
        .bind(person)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM recovery_code WHERE person = $1")
        .bind(person)
        .execute(&mut *tx)
        .await?;
    for hash in recovery {
        sqlx::query("INSERT INTO recovery_code (person, code_hash, seal) VALUES ($1, $2, $3)")
            .bind(person)
            .bind(hash)
            .bind(store.seals.of(&RECOVERY_CODE, &[person.into(), hash.into()])?)
            .execute(&mut *tx)
            .await?;
    }
    seal_one(store, tx, person, done.rows_affected(), &["totp", "totp_step"]).await?;
    Ok(())
}

pub(super) async fn use_totp_step(store: &SqlStore, person: &str, step: i64) -> Result<bool> {
    let mut tx = dialect::begin(&store.writer).await?;
    let done =
        sqlx::query("UPDATE credential SET totp_step = $1 WHERE person = $2 AND totp_step < $1")
            .bind(step)
            .bind(person)
            .execute(&mut *tx)
            .await?;
    seal_one(store, tx, person, done.rows_affected(), &["totp_step"]).await
}

pub(super) async fn use_recovery_code(pool: &AnyPool, person: &str, hash: &str) -> Result<bool> {
    let done = sqlx::query("DELETE FROM recovery_code WHERE person = $1 AND code_hash = $2")
        .bind(person)
        .bind(hash)
        .execute(pool)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn recovery_codes_left(pool: &AnyPool, person: &str) -> Result<u64> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM recovery_code WHERE person = $1")
        .bind(person)
        .fetch_one(pool)
        .await?;
    Ok(count.unsigned_abs())
}

pub(super) async fn keep_link(store: &SqlStore, link: &SetUpLink) -> Result<()> {
    let expires_at = link.expires_at.unix_seconds();
    let row = [
        (&link.person).into(),
        (&link.token_hash).into(),
        expires_at.into(),
        (&link.made_by).into(),
        link.handed_by.as_ref().into(),
    ];
    sqlx::query(
        "INSERT INTO set_up_link (person, token_hash, expires_at, made_by, handed_by, seal) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (person) DO UPDATE SET token_hash = excluded.token_hash, \
         expires_at = excluded.expires_at, made_by = excluded.made_by, \
         handed_by = excluded.handed_by, seal = excluded.seal",
    )
    .bind(&link.person)
    .bind(&link.token_hash)
    .bind(expires_at)
    .bind(&link.made_by)
    .bind(&link.handed_by)
    .bind(store.seals.of(&SET_UP_LINK, &row)?)
    .execute(&store.writer)
    .await?;
    Ok(())
}

pub(super) async fn link(pool: &AnyPool, token_hash: &str) -> Result<Option<SetUpLink>> {
    let row: Option<(String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT person, expires_at, made_by, handed_by FROM set_up_link WHERE token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(person, expires_at, made_by, handed_by)| SetUpLink {
        token_hash: token_hash.to_owned(),
        person,
        expires_at: Moment::from_unix_seconds(expires_at),
        made_by,
        handed_by,
    }))
}

pub(super) async fn use_link(pool: &AnyPool, token_hash: &str) -> Result<bool> {
    let done = sqlx::query("DELETE FROM set_up_link WHERE token_hash = $1")
        .bind(token_hash)
        .execute(pool)
        .await?;
    Ok(done.rows_affected() == 1)
}
