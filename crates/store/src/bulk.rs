//! Statements over many rows at once.

use sqlx::AssertSqlSafe;

/// Rows of one statement: well below the limit of parameters of either database
/// (32766 and 65535) for the widest table.
pub(crate) const ROWS: usize = 500;

/// `INSERT INTO {table} VALUES ($1, $2), ($3, $4) …{tail}`, to be bound row by row.
///
/// The texts are constants of this crate, and values only ever parameters.
pub(crate) fn insert(
    table: &'static str,
    columns: usize,
    rows: usize,
    tail: &'static str,
) -> AssertSqlSafe<String> {
    let row = |at: usize| list(at * columns + 1, columns);
    let rows: Vec<_> = (0..rows).map(row).collect();
    AssertSqlSafe(format!("INSERT INTO {table} VALUES {}{tail}", rows.join(", ")))
}

/// `{select} IN ($1, $2 …)`.
pub(crate) fn within(select: &'static str, values: usize) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("{select} IN {}", list(1, values)))
}

/// `($3, $4 …)`.
pub(crate) fn list(first: usize, count: usize) -> String {
    let names: Vec<_> = (first..first + count).map(|n| format!("${n}")).collect();
    format!("({})", names.join(", "))
}
