//! `keys.db`: the key of every subject, apart from what is encrypted under it.
//!
//! Every key has a mark, a random name that the rows under it carry. Erasures
//! list marks, so that an old copy of either database loses exactly what had
//! been destroyed, and what came in later under a new key stays.

use reckon::Moment;
use sqlx::AnyPool;

use crate::columns::{ERASURE, SUBJECT_KEY, USAGE_ERASURE};
use crate::failure::{Failure, Result};
use crate::seal::Seals;
use crate::{dialect, sealed};

/// The keys of all subjects.
#[derive(Debug, Clone)]
pub(crate) struct Keyring {
    pool: AnyPool,
    seals: Seals,
}

/// The key of one subject.
pub(crate) struct SubjectKey {
    pub mark: String,
    pub secret: Vec<u8>,
}

/// A destroyed key: subject, mark and when.
pub(crate) type Erasure = (String, String, i64);

impl Keyring {
    pub(crate) fn new(pool: AnyPool, seals: Seals) -> Keyring {
        Keyring { pool, seals }
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// The key of a subject, drawn now when it has none.
    pub(crate) async fn of_subject(&self, subject: &str) -> Result<SubjectKey> {
        let secret = sealed::new_secret()?;
        // The mark tells nothing of the key: both are drawn apart.
        let mark = blake3::hash(&sealed::new_secret()?).to_hex()[..32].to_owned();
        let row = [subject.into(), (&mark).into(), (&secret).into()];
        let seal = self.seals.of(&SUBJECT_KEY, &row)?;
        sqlx::query(
            "INSERT INTO subject_key (subject, key_mark, secret, seal) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (subject) DO NOTHING",
        )
        .bind(subject)
        .bind(mark)
        .bind(secret)
        .bind(seal)
        .execute(&self.pool)
        .await?;
        let key: Option<(String, Vec<u8>)> =
            sqlx::query_as("SELECT key_mark, secret FROM subject_key WHERE subject = $1")
                .bind(subject)
                .fetch_optional(&self.pool)
                .await?;
        let (mark, secret) = key.ok_or_else(|| Failure::broken("a new key was not kept"))?;
        Ok(SubjectKey { mark, secret })
    }

    /// The secret with this mark, unless it was destroyed.
    pub(crate) async fn secret(&self, mark: &str) -> Result<Option<Vec<u8>>> {
        let found: Option<(Vec<u8>,)> =
            sqlx::query_as("SELECT secret FROM subject_key WHERE key_mark = $1")
                .bind(mark)
                .fetch_optional(&self.pool)
                .await?;
        Ok(found.map(|(secret,)| secret))
    }

    /// Destroys the key of a subject and lists it, with the other marks that
    /// rows of the subject carry. Returns what was listed.
    pub(crate) async fn destroy(
        &self,
        subject: &str,
        marks: Vec<String>,
        at: Moment,
    ) -> Result<Vec<Erasure>> {
        let own: Option<(String,)> =
            sqlx::query_as("SELECT key_mark FROM subject_key WHERE subject = $1")
                .bind(subject)
                .fetch_optional(&self.pool)
                .await?;
        let mut marks: Vec<_> = own.into_iter().map(|(mark,)| mark).chain(marks).collect();
        if marks.is_empty() {
            marks.push(String::new());
        }
        let row = |mark| (subject.to_owned(), mark, at.unix_seconds());
        let erasures: Vec<Erasure> = marks.into_iter().map(row).collect();
        self.list(&erasures).await?;
        Ok(erasures)
    }

    /// Lists erasures and destroys every key that is listed.
    pub(crate) async fn list(&self, erasures: &[Erasure]) -> Result<()> {
        let mut tx = dialect::begin(&self.pool).await?;
        insert_erasures(&mut tx, &self.seals, erasures).await?;
        sqlx::query("DELETE FROM subject_key WHERE key_mark IN (SELECT key_mark FROM erasure)")
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Every erasure that was ever listed here.
    pub(crate) async fn erasures(&self) -> Result<Vec<Erasure>> {
        Ok(sqlx::query_as(ALL_ERASURES).fetch_all(&self.pool).await?)
    }

    /// Lists a contract whose usage is to be destroyed.
    pub(crate) async fn list_usage(&self, contract: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO usage_erasure (contract, seal) VALUES ($1, $2) \
             ON CONFLICT (contract) DO NOTHING",
        )
        .bind(contract)
        .bind(self.seals.of(&USAGE_ERASURE, &[contract.into()])?)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Contracts whose usage was ever destroyed.
    pub(crate) async fn usage_erasures(&self) -> Result<Vec<(String,)>> {
        let sql = "SELECT contract FROM usage_erasure ORDER BY contract";
        Ok(sqlx::query_as(sql).fetch_all(&self.pool).await?)
    }
}

/// Both databases hold the list under the same table.
pub(crate) const ALL_ERASURES: &str = "SELECT subject, key_mark, erased_at FROM erasure";

pub(crate) async fn insert_erasures(
    conn: &mut sqlx::AnyConnection,
    seals: &Seals,
    erasures: &[Erasure],
) -> Result<()> {
    for (subject, mark, at) in erasures {
        sqlx::query(
            "INSERT INTO erasure (subject, key_mark, erased_at, seal) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (subject, key_mark) DO NOTHING",
        )
        .bind(subject)
        .bind(mark)
        .bind(at)
        .bind(seals.of(&ERASURE, &[subject.into(), mark.into(), (*at).into()])?)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
