//! Seals: what no chain covers and nothing else can tell again is bound to a key
//! that lies outside the database.
//!
//! A seal is a nonce of its row, a code for each sealed column in the order of
//! [`crate::columns`], and a code over all of it. So a changed byte is found together
//! with the name of its column, and no value can be moved from row to row. An update
//! makes the codes of what it wrote anew and of nothing else: it never covers up
//! what somebody had changed beside it.

use std::sync::Arc;

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Executor, Row};

use crate::columns::{Column, Holds, Table};
use crate::dialect::Dialect;
use crate::failure::{Failure, Result};
use crate::sealed;

/// Bytes of a nonce and of a code: nobody can try codes but by writing them into
/// the database and having them audited.
const CODE: usize = 8;

type Code = [u8; CODE];

/// What is bound to a column.
pub(crate) enum Value<'a> {
    Null,
    Text(&'a str),
    Number(i64),
    Bytes(&'a [u8]),
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Value<'a> {
        Value::Text(text)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Value<'a> {
        Value::Text(text)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Value<'a> {
        Value::Bytes(bytes)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Value<'a> {
        value.map_or(Value::Null, Into::into)
    }
}

/// The key of all seals.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Seals(Arc<[u8; 32]>);

impl std::fmt::Debug for Seals {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Seals")
    }
}

/// A row as it is stored: its key, the bytes of its sealed columns and its seal.
pub(crate) struct Stored {
    pub key: Vec<String>,
    pub values: Vec<Option<Vec<u8>>>,
    pub seal: Option<Vec<u8>>,
}

impl Seals {
    /// The key of an installation, if it has drawn one.
    pub(crate) async fn of_keys<'c>(
        keys: impl Executor<'c, Database = Any>,
    ) -> Result<Option<Seals>> {
        let found: Option<(Vec<u8>,)> =
            sqlx::query_as("SELECT secret FROM seal_key").fetch_optional(keys).await?;
        let Some((secret,)) = found else { return Ok(None) };
        // A changed length is a changed key too: the audit names it.
        Ok(Some(Seals(Arc::new(*blake3::hash(&secret).as_bytes()))))
    }

    /// Draws the key of a new installation.
    pub(crate) async fn draw(keys: &mut AnyConnection) -> Result<Seals> {
        let secret = sealed::new_secret()?;
        sqlx::query("INSERT INTO seal_key (secret) VALUES ($1)")
            .bind(&secret)
            .execute(keys)
            .await?;
        Ok(Seals(Arc::new(*blake3::hash(&secret).as_bytes())))
    }

    /// The seal of a new row with these values in its sealed columns.
    pub(crate) fn of(&self, table: &Table, values: &[Value<'_>]) -> Result<Vec<u8>> {
        let numbers: Vec<String> = values
            .iter()
            .map(|value| if let Value::Number(n) = value { n.to_string() } else { String::new() })
            .collect();
        let bytes = values.iter().zip(&numbers).map(|(value, number)| match value {
            Value::Null => None,
            Value::Text(text) => Some(text.as_bytes()),
            Value::Number(_) => Some(number.as_bytes()),
            Value::Bytes(bytes) => Some(*bytes),
        });
        self.of_bytes(table, bytes)
    }

    fn of_bytes<'a>(
        &self,
        table: &Table,
        values: impl ExactSizeIterator<Item = Option<&'a [u8]>>,
    ) -> Result<Vec<u8>> {
        debug_assert_eq!(table.sealed().count(), values.len(), "{}", table.name);
        let mut seal = sealed::new_secret()?[..CODE].to_vec();
        let nonce = seal.clone();
        for ((_, column), value) in table.sealed().zip(values) {
            seal.extend(self.code(&nonce, table, column.name, value));
        }
        self.close(table, &mut seal);
        Ok(seal)
    }

    fn close(&self, table: &Table, seal: &mut Vec<u8>) {
        let whole = self.code(&seal[..CODE], table, "", Some(&seal[CODE..]));
        seal.extend(whole);
    }

    fn code(&self, nonce: &[u8], table: &Table, column: &str, value: Option<&[u8]>) -> Code {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in [nonce, table.name.as_bytes(), column.as_bytes()] {
            hasher.update(&(part.len() as u64).to_be_bytes()).update(part);
        }
        hasher.update(&[u8::from(value.is_some())]).update(value.unwrap_or_default());
        let mut code = [0; CODE];
        code.copy_from_slice(&hasher.finalize().as_bytes()[..CODE]);
        code
    }

    /// True when the seal was made under this key and is whole.
    pub(crate) fn is_own(&self, table: &Table, seal: &[u8]) -> bool {
        let length = CODE * (table.sealed().count() + 2);
        seal.len() == length && {
            let (codes, whole) = seal.split_at(length - CODE);
            self.code(&codes[..CODE], table, "", Some(&codes[CODE..])) == whole
        }
    }

    /// The columns of a row that are not what was written; its seal must be whole.
    pub(crate) fn changed(&self, table: &Table, row: &Stored) -> Vec<&'static str> {
        let seal = row.seal.as_deref().unwrap_or_default();
        let codes = seal[CODE..].chunks(CODE);
        let columns = table.sealed().zip(&row.values).zip(codes);
        columns
            .filter(|(((_, column), value), code)| {
                self.code(&seal[..CODE], table, column.name, value.as_deref()) != *code
            })
            .map(|(((_, column), _), _)| column.name)
            .collect()
    }

    /// After an update: seals these columns of the row anew, and no other.
    pub(crate) async fn written(
        &self,
        conn: &mut AnyConnection,
        table: &Table,
        key: &[&str],
        columns: &[&str],
    ) -> Result<()> {
        let dialect = Dialect::of(conn);
        let written: Vec<(usize, &Column)> =
            table.sealed().filter(|(_, column)| columns.contains(&column.name)).collect();
        debug_assert_eq!(written.len(), columns.len(), "{}", table.name);
        let exprs: Vec<_> =
            written.iter().map(|(_, column)| stored_bytes(dialect, column)).collect();
        let place = place_of(table, 1);
        let sql = format!("SELECT {}, seal FROM {} WHERE {place}", exprs.join(", "), table.name);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for part in key {
            query = query.bind((*part).to_owned());
        }
        let Some(row) = query.fetch_optional(&mut *conn).await? else {
            return Err(Failure::broken(format!(
                "no row {} to seal in {}",
                key.join("/"),
                table.name
            )));
        };
        let seal: Option<Vec<u8>> = row.try_get(written.len())?;
        // One that is not whole stays as it is, for the audit to find.
        let Some(mut seal) = seal.filter(|seal| self.is_own(table, seal)) else { return Ok(()) };
        seal.truncate(seal.len() - CODE);
        for (at, (place, column)) in written.iter().enumerate() {
            let value: Option<Vec<u8>> = row.try_get(at)?;
            let code = self.code(&seal[..CODE], table, column.name, value.as_deref());
            seal[CODE * (place + 1)..CODE * (place + 2)].copy_from_slice(&code);
        }
        self.close(table, &mut seal);
        put(conn, table, key, &seal).await
    }

    /// Seals every row as it stands: for tables that were brought up to date, and
    /// where the key was lost.
    pub(crate) async fn everything(
        &self,
        conn: &mut AnyConnection,
        tables: &[Table],
    ) -> Result<()> {
        for table in tables.iter().filter(|table| table.has_seal()) {
            let mut after: Option<Vec<String>> = None;
            loop {
                let rows = page(conn, table, after.as_deref()).await?;
                let Some(last) = rows.last() else { break };
                after = Some(last.key.clone());
                for row in &rows {
                    let values = row.values.iter().map(Option::as_deref);
                    let seal = self.of_bytes(table, values)?;
                    let key: Vec<_> = row.key.iter().map(String::as_str).collect();
                    put(conn, table, &key, &seal).await?;
                }
            }
        }
        Ok(())
    }
}

async fn put(conn: &mut AnyConnection, table: &Table, key: &[&str], seal: &[u8]) -> Result<()> {
    let sql = format!("UPDATE {} SET seal = $1 WHERE {}", table.name, place_of(table, 2));
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(seal.to_vec());
    for part in key {
        query = query.bind((*part).to_owned());
    }
    query.execute(conn).await?;
    Ok(())
}

/// Rows that are read at once: documents may be large.
const PAGE: usize = 100;

/// The rows after one, in the order of their keys.
pub(crate) async fn page(
    conn: &mut AnyConnection,
    table: &Table,
    after: Option<&[String]>,
) -> Result<Vec<Stored>> {
    let dialect = Dialect::of(conn);
    let keys = table.key_columns();
    let sealed: Vec<_> = table.sealed().map(|(_, column)| column).collect();
    let exprs: Vec<_> =
        keys.iter().chain(sealed.iter().copied()).map(|c| stored_bytes(dialect, c)).collect();
    let names: Vec<_> = keys.iter().map(|column| column.name).collect();
    let begin = after.map(|_| {
        let parts: Vec<_> = (1..).zip(keys).map(|(at, column)| bound(column, at)).collect();
        format!("WHERE ({}) > ({})", names.join(", "), parts.join(", "))
    });
    let sql = format!(
        "SELECT {}, seal FROM {} {} ORDER BY {} LIMIT {PAGE}",
        exprs.join(", "),
        table.name,
        begin.unwrap_or_default(),
        names.join(", "),
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for part in after.unwrap_or_default() {
        query = query.bind(part.clone());
    }
    let rows = query.fetch_all(conn).await?;
    rows.iter().map(|row| stored(row, keys.len(), sealed.len())).collect()
}

fn stored(row: &AnyRow, keys: usize, sealed: usize) -> Result<Stored> {
    let at = |at: usize| row.try_get::<Option<Vec<u8>>, _>(at);
    let key = (0..keys).map(|n| Ok(String::from_utf8_lossy(&at(n)?.unwrap_or_default()).into()));
    let values = (keys..keys + sealed).map(|n| Ok(at(n)?));
    Ok(Stored {
        key: key.collect::<Result<_>>()?,
        values: values.collect::<Result<_>>()?,
        seal: at(keys + sealed)?,
    })
}

fn stored_bytes(dialect: Dialect, column: &Column) -> String {
    match column.holds {
        Holds::Text => dialect.bytes_of(column.name),
        Holds::Number => dialect.bytes_of(&format!("CAST({} AS TEXT)", column.name)),
        Holds::Bytes => column.name.to_owned(),
    }
}

fn place_of(table: &Table, first: usize) -> String {
    let parts = (first..).zip(table.key_columns());
    let parts = parts.map(|(at, column)| format!("{} = {}", column.name, bound(column, at)));
    parts.collect::<Vec<_>>().join(" AND ")
}

/// A part of a key, which is bound as a text.
fn bound(column: &Column, at: usize) -> String {
    match column.holds {
        Holds::Number => format!("CAST(CAST(${at} AS TEXT) AS BIGINT)"),
        Holds::Text | Holds::Bytes => format!("${at}"),
    }
}
