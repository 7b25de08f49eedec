//! Lists that the database filters, orders, counts and sums up: one statement for all of
//! them, made of the names of fields. Those are constants of the program; what people typed
//! is only ever a parameter.

use engine::listed::{Field, ListFound, ListQuery, Listed, Order, Test, Value};
use engine::{NUMBERED, ShortNumber};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyPool, AssertSqlSafe, Row};

use crate::dialect::Dialect;
use crate::failure::Result;

/// Where the rows of a list stand.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shelf<'a> {
    /// Those of a kind.
    Views(&'a str),
    /// What stands in a list within the rows of accounts.
    Within(&'static str),
    Outbox,
    Refused,
    Inputs,
    /// Those that wait.
    Movements,
    Access,
}

impl Shelf<'_> {
    /// Whether its rows tell of things that have a short number.
    fn is_numbered(self) -> bool {
        matches!(self, Shelf::Views(kind) if NUMBERED.contains(&kind))
    }
}

/// Finds the rows that are asked for.
pub(crate) async fn find<T>(
    pool: &AnyPool,
    shelf: Shelf<'_>,
    query: &ListQuery,
    read: impl Fn(&AnyRow) -> Result<T>,
) -> Result<ListFound<T>> {
    let mut told = Statement::of(Dialect::of_pool(pool), shelf);
    let held = told.held(&query.tests);
    let sums: String =
        query.sums.iter().map(|field| told.summed(*field)).collect::<Vec<_>>().concat();
    let whole = format!("SELECT COUNT(*){sums} FROM {} WHERE {held}", told.from);
    let row = told.bound(AssertSqlSafe(whole)).fetch_one(pool).await?;
    let count: i64 = row.try_get(0)?;
    let sums = (1..=query.sums.len()).map(|at| row.try_get(at));
    let sums = sums.collect::<std::result::Result<Vec<i64>, _>>()?;
    let mut rows = Vec::new();
    if query.limit > 0 && count > 0 {
        let (columns, name, number) = (told.columns(), told.name(), told.short_number());
        let (order, limit) = (told.order(&query.order), told.part(query));
        let part = format!(
            "SELECT {columns}, {name} AS account_name, {number} AS short_number FROM {} WHERE {held} ORDER BY {order} {limit}",
            told.from
        );
        for row in told.bound(AssertSqlSafe(part)).fetch_all(pool).await? {
            let name: Option<String> = row.try_get("account_name")?;
            let (name, number) = (name.unwrap_or_default(), row.try_get("short_number")?);
            rows.push(Listed { row: read(&row)?, name, number });
        }
    }
    Ok(ListFound { rows, count: count.unsigned_abs(), sums })
}

/// A statement in the making, with its parameters.
struct Statement<'a> {
    dialect: Dialect,
    shelf: Shelf<'a>,
    from: String,
    values: Vec<Value>,
}

impl<'a> Statement<'a> {
    fn of(dialect: Dialect, shelf: Shelf<'a>) -> Statement<'a> {
        const NAMED: &str = "LEFT JOIN view_row a ON a.kind = 'account' AND a.id = v.account";
        let from = match shelf {
            Shelf::Views(_) if shelf.is_numbered() => {
                format!("view_row v {NAMED} LEFT JOIN short_number n ON n.id = v.id")
            }
            Shelf::Views(_) => format!("view_row v {NAMED}"),
            Shelf::Within(path) => match dialect {
                Dialect::Sqlite => format!("view_row v JOIN json_each(v.content, '$.{path}') e"),
                Dialect::Postgres => format!(
                    "view_row v CROSS JOIN LATERAL jsonb_array_elements({} -> '{path}') \
                     WITH ORDINALITY AS e(value, key)",
                    as_json("v.content")
                ),
            },
            Shelf::Outbox => format!("outbox v {NAMED}"),
            Shelf::Inputs => format!("input v {NAMED}"),
            Shelf::Refused => "refused_row v".to_owned(),
            Shelf::Movements => "movement v".to_owned(),
            Shelf::Access => "access_log v".to_owned(),
        };
        Statement { dialect, shelf, from, values: Vec::new() }
    }

    /// The place of a parameter.
    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn columns(&self) -> &'static str {
        match (self.shelf, self.dialect) {
            (Shelf::Views(_), _) => "v.id AS id, v.account AS account, v.content AS content",
            (Shelf::Within(_), Dialect::Sqlite) => {
                "v.id AS id, v.account AS account, e.value AS content"
            }
            (Shelf::Within(_), Dialect::Postgres) => {
                "v.id AS id, v.account AS account, CAST(e.value AS TEXT) AS content"
            }
            (Shelf::Outbox, _) => {
                "v.id AS id, v.account AS account, v.kind AS kind, v.payload AS payload, \
                 v.state AS state, v.attempts AS attempts, v.next_at AS next_at, \
                 v.expires_at AS expires_at, v.maybe_sent AS maybe_sent, \
                 v.last_reply AS last_reply"
            }
            (Shelf::Refused, _) => {
                "v.id AS id, v.file AS file, v.line_no AS line_no, v.reason AS reason, \
                 v.content AS content"
            }
            (Shelf::Inputs, _) => "v.payload AS payload",
            (Shelf::Movements, _) => {
                "v.id AS id, v.content AS content, v.file AS file, v.line_no AS line_no, \
                 v.reason AS reason"
            }
            (Shelf::Access, _) => {
                "v.id AS id, v.at AS at, v.person AS person, v.api_key AS api_key, \
                 v.kind AS kind, v.what AS what, v.origin AS origin, v.detail AS detail"
            }
        }
    }

    /// The columns that are more than content; the rest of a path leads into one of them.
    fn column(&self, path: &str) -> Option<&'static str> {
        let columns: &[&str] = match self.shelf {
            Shelf::Views(_) | Shelf::Within(_) => &[],
            Shelf::Outbox => &["kind", "payload", "state", "attempts", "next_at", "maybe_sent"],
            Shelf::Refused => &["file", "line_no", "content"],
            Shelf::Inputs => &["known_at", "position", "payload"],
            Shelf::Movements => &["file", "line_no"],
            Shelf::Access => &["at", "person", "kind", "what", "origin"],
        };
        columns.iter().copied().find(|column| *column == path)
    }

    /// What a path leads to, as text or as a number.
    fn at(&self, path: &str, number: bool) -> String {
        let simple = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
        assert!(path.chars().all(simple), "{path} is no path of a field");
        if let Some(column) = self.column(path) {
            return format!("v.{column}");
        }
        let first = path.split('.').next().and_then(|first| self.column(first));
        let (root, path) = match (self.shelf, first) {
            (_, Some(column)) => {
                (format!("v.{column}"), path.split_once('.').map_or(path, |(_, rest)| rest))
            }
            (Shelf::Within(_), None) => ("e.value".to_owned(), path),
            // Of older programs there is none.
            (Shelf::Movements, None) => {
                ("CASE WHEN v.content = '' THEN '{}' ELSE v.content END".to_owned(), path)
            }
            (_, None) => ("v.content".to_owned(), path),
        };
        match self.dialect {
            Dialect::Sqlite => format!("json_extract({root}, '$.{path}')"),
            Dialect::Postgres => {
                let root = match self.shelf {
                    Shelf::Within(_) => root,
                    _ => as_json(&root),
                };
                let found = format!("({root} #>> '{{{}}}')", path.replace('.', ","));
                match number {
                    true => format!("CAST({found} AS BIGINT)"),
                    false => format!("({found} COLLATE \"C\")"),
                }
            }
        }
    }

    fn field(&self, field: Field) -> String {
        match field {
            Field::Id => "v.id".to_owned(),
            Field::Account => "v.account".to_owned(),
            Field::Name => self.name(),
            // As wide as any series will be in a year.
            Field::ShortNumber if self.shelf.is_numbered() => {
                "n.year * 1000000000 + n.running".to_owned()
            }
            Field::ShortNumber => "CAST(NULL AS BIGINT)".to_owned(),
            Field::Text(path) => self.at(path, false),
            Field::Number(path) => self.at(path, true),
            Field::Has(path) => {
                format!("CASE WHEN {} IS NULL THEN 0 ELSE 1 END", self.at(path, false))
            }
            Field::Unless(path, other) => {
                let (other, path) = (self.at(other, false), self.at(path, false));
                format!("CASE WHEN {other} IS NULL THEN {path} END")
            }
        }
    }

    /// The name of the account of a row.
    fn name(&self) -> String {
        let of = match self.shelf {
            Shelf::Within(_) => "v.content",
            Shelf::Refused | Shelf::Movements | Shelf::Access => {
                return "CAST(NULL AS TEXT)".to_owned();
            }
            _ => "a.content",
        };
        match self.dialect {
            Dialect::Sqlite => format!("json_extract({of}, '$.name')"),
            Dialect::Postgres => format!("(({} #>> '{{name}}') COLLATE \"C\")", as_json(of)),
        }
    }

    fn short_number(&self) -> &'static str {
        if self.shelf.is_numbered() { "n.number" } else { "CAST(NULL AS TEXT)" }
    }

    fn holds(&mut self, within: &str, text: String) -> String {
        let text = self.value(Value::Text(text));
        self.stands_in(within, &text)
    }

    fn stands_in(&self, within: &str, text: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => format!("instr({within}, {text}) > 0"),
            Dialect::Postgres => format!("strpos({within}, {text}) > 0"),
        }
    }

    /// A text of [`Test::Sought`], or a whole line of it.
    fn sought(&mut self, text: &str) -> String {
        let places = match self.shelf {
            Shelf::Views(_) if self.shelf.is_numbered() => {
                let number = "'\n' || lower(n.number) || '\n'";
                vec!["v.sought".to_owned(), "a.sought".to_owned(), number.to_owned()]
            }
            Shelf::Views(_) => vec!["v.sought".to_owned(), "a.sought".to_owned()],
            Shelf::Within(_) => {
                vec!["v.sought".to_owned(), format!("lower({})", self.at("about", false))]
            }
            Shelf::Outbox | Shelf::Inputs => {
                vec!["a.sought".to_owned(), "lower(v.id)".to_owned()]
            }
            Shelf::Refused => vec!["lower(v.file)".to_owned(), "lower(v.content)".to_owned()],
            Shelf::Movements => vec!["lower(v.content)".to_owned(), "lower(v.file)".to_owned()],
            Shelf::Access => vec!["lower(v.what)".to_owned(), "lower(v.origin)".to_owned()],
        };
        let mut found: Vec<_> =
            places.iter().map(|place| self.holds(place, text.to_owned())).collect();
        // What names a thing names its id.
        if let Some(number) = ShortNumber::read(text) {
            let number = self.value(number.to_string().into());
            let named = places.iter().map(|place| self.stands_in(place, "lower(r.id)"));
            let named = named.collect::<Vec<_>>().join(" OR ");
            found.push(format!(
                "EXISTS (SELECT 1 FROM short_number r WHERE r.number = {number} AND ({named}))"
            ));
        }
        format!("({})", found.join(" OR "))
    }

    fn test(&mut self, test: &Test) -> String {
        match test {
            Test::Is(field, value) => self.compared(*field, "=", value),
            Test::From(field, value) => self.compared(*field, ">=", value),
            Test::UpTo(field, value) => self.compared(*field, "<=", value),
            Test::Before(field, value) => self.compared(*field, "<", value),
            Test::Less(one, other) => format!("{} < {}", self.field(*one), self.field(*other)),
            Test::Missing(field) => format!("{} IS NULL", self.field(*field)),
            Test::True(path) => match self.dialect {
                Dialect::Sqlite => format!("{} = 1", self.at(path, false)),
                Dialect::Postgres => format!("{} = 'true'", self.at(path, false)),
            },
            Test::Holds(field, text) => {
                let within = self.field(*field);
                self.holds(&within, text.clone())
            }
            Test::Sought(text) => self.sought(text),
            Test::Named(text) => self.sought(&format!("\n{text}\n")),
            Test::Any(tests) => self.joined(tests, " OR ", "1 = 0"),
            Test::All(tests) => self.joined(tests, " AND ", "1 = 1"),
            Test::Not(test) => format!("({}) IS NOT TRUE", self.test(test)),
        }
    }

    fn compared(&mut self, field: Field, sign: &str, value: &Value) -> String {
        let field = self.field(field);
        format!("{field} {sign} {}", self.value(value.clone()))
    }

    fn joined(&mut self, tests: &[Test], with: &str, none: &str) -> String {
        if tests.is_empty() {
            return none.to_owned();
        }
        let tests: Vec<_> = tests.iter().map(|test| self.test(test)).collect();
        format!("({})", tests.join(with))
    }

    /// All that has to hold.
    fn held(&mut self, tests: &[Test]) -> String {
        let own = match self.shelf {
            Shelf::Views(kind) => {
                let kind = self.value(kind.into());
                format!("v.kind = {kind} AND v.content <> '{{\"status\":\"voided\"}}'")
            }
            Shelf::Within(_) => "v.kind = 'account'".to_owned(),
            // One that was entered under its own id waits no more.
            Shelf::Movements => "v.open = 1 AND NOT EXISTS (SELECT 1 FROM input i \
                                 WHERE i.id = REPLACE(v.id, 'reversal-', ''))"
                .to_owned(),
            Shelf::Outbox | Shelf::Refused | Shelf::Inputs | Shelf::Access => "1 = 1".to_owned(),
        };
        format!("{own} AND {}", self.joined(tests, " AND ", "1 = 1"))
    }

    fn summed(&self, field: Field) -> String {
        format!(", CAST(COALESCE(SUM({}), 0) AS BIGINT)", self.field(field))
    }

    fn order(&self, order: &[Order]) -> String {
        let mut by: Vec<_> = order
            .iter()
            .map(|order| {
                let (field, falls) = (self.field(order.by), if order.falls { " DESC" } else { "" });
                format!("({field}) IS NULL, {field}{falls}")
            })
            .collect();
        by.push(
            match self.shelf {
                Shelf::Within(_) => "v.id, e.key",
                Shelf::Refused | Shelf::Movements => "v.file, v.line_no, v.id",
                Shelf::Inputs => "v.account, v.position",
                Shelf::Views(_) | Shelf::Outbox | Shelf::Access => "v.id",
            }
            .to_owned(),
        );
        by.join(", ")
    }

    fn part(&mut self, query: &ListQuery) -> String {
        let limit = self.value(i64::from(query.limit).into());
        let skip = self.value(i64::from(query.skip).into());
        format!("LIMIT {limit} OFFSET {skip}")
    }

    fn bound(&self, sql: AssertSqlSafe<String>) -> Query<'static, Any, AnyArguments> {
        self.values.iter().cloned().fold(sqlx::query(sql), |query, value| match value {
            Value::Text(text) => query.bind(text.replace('\0', "\u{FFFD}")),
            Value::Number(number) => query.bind(number),
        })
    }
}

/// PostgreSQL refuses a NUL in a text of JSON, which SQLite takes.
fn as_json(text: &str) -> String {
    format!("CAST(replace({text}, '\\u0000', '\\ufffd') AS jsonb)")
}
