//! The few places where SQLite and PostgreSQL need different words; every other
//! statement is one text for both.

use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Transaction};

use crate::failure::Result;

/// Which of the two a pool or a connection leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(crate) fn of_pool(pool: &AnyPool) -> Dialect {
        Dialect::named(pool.connect_options().database_url.scheme())
    }

    pub(crate) fn of(conn: &AnyConnection) -> Dialect {
        Dialect::named(conn.backend_name())
    }

    fn named(name: &str) -> Dialect {
        match name.eq_ignore_ascii_case("sqlite") {
            true => Dialect::Sqlite,
            false => Dialect::Postgres,
        }
    }

    /// The tables as this database declares them. They are written down as SQLite
    /// has them; texts are compared byte by byte in either.
    pub(crate) fn schema(self, step: &'static str) -> AssertSqlSafe<String> {
        AssertSqlSafe(match self {
            Dialect::Sqlite => step.to_owned(),
            Dialect::Postgres => step
                .replace(" TEXT", " TEXT COLLATE \"C\"")
                .replace(" BLOB", " BYTEA")
                .replace(") WITHOUT ROWID", ")"),
        })
    }

    /// The stored bytes of a text column, whatever they are.
    pub(crate) fn bytes_of(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("CAST({column} AS BLOB)"),
            Dialect::Postgres => format!("convert_to({column}, 'UTF8')"),
        }
    }
}

/// A text from outside as both can keep it: PostgreSQL has no NUL in a text.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// Begins a step that writes.
///
/// SQLite lets in one writer at a time, and is asked at once since a step that
/// began as a reader could not go on as a writer. In PostgreSQL writers meet at
/// the rows that both change, and each statement sees what was committed before.
pub(crate) async fn begin(pool: &AnyPool) -> Result<Transaction<'static, Any>> {
    let statement = match Dialect::of_pool(pool) {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
    };
    Ok(pool.begin_with(statement).await?)
}

/// Begins a look at everything as it stands at one instant.
pub(crate) async fn begin_look(pool: &AnyPool) -> Result<Transaction<'static, Any>> {
    let statement = match Dialect::of_pool(pool) {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    Ok(pool.begin_with(statement).await?)
}

/// Lets only one step at a time go on from here, up to its end. In SQLite a step
/// that writes is alone from its beginning.
pub(crate) async fn alone(conn: &mut AnyConnection, with: &str) -> Result<()> {
    lock(conn, "SELECT pg_advisory_xact_lock($1)", with).await
}

/// Keeps out those that go on [`alone`], but not each other.
pub(crate) async fn beside(conn: &mut AnyConnection, with: &str) -> Result<()> {
    lock(conn, "SELECT pg_advisory_xact_lock_shared($1)", with).await
}

async fn lock(conn: &mut AnyConnection, statement: &'static str, with: &str) -> Result<()> {
    if Dialect::of(conn) == Dialect::Postgres {
        let mut number = [0; 8];
        number.copy_from_slice(&blake3::hash(with.as_bytes()).as_bytes()[..8]);
        sqlx::query(statement).bind(i64::from_be_bytes(number)).execute(conn).await?;
    }
    Ok(())
}
