//! Lists as people work through them: filtered, in an order, a part at a time, counted and
//! summed up by the store.

/// Something that rows have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Id,
    Account,
    /// Of the account, as it is called today.
    Name,
    /// The short number, by its series, year and place.
    ShortNumber,
    /// A text by its path in the content, such as `period.to`. Days and moments are texts
    /// that sort as they do.
    Text(&'static str),
    /// A whole number by its path.
    Number(&'static str),
    /// 1 where there is something at this path, 0 where not: what still waits comes first.
    Has(&'static str),
    /// A text by its path, unless there is something at the second path.
    Unless(&'static str, &'static str),
}

/// With what a field is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}

/// What has to hold of a row. What a row does not have is neither equal, less nor more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Is(Field, Value),
    /// This or more.
    From(Field, Value),
    /// This or less.
    UpTo(Field, Value),
    Before(Field, Value),
    /// The first is less than the second.
    Less(Field, Field),
    Missing(Field),
    /// True by its path.
    True(&'static str),
    /// The text stands in a field.
    Holds(Field, String),
    /// The text, as [`plain`](crate::keeping::sought::plain) gives it, stands in a name or
    /// number of the row or of its account. A short number also finds whatever names the
    /// thing that has it.
    Sought(String),
    /// As [`Test::Sought`], but the text is all of the name or number.
    Named(String),
    Any(Vec<Test>),
    All(Vec<Test>),
    Not(Box<Test>),
}

impl Test {
    pub fn is(field: Field, value: impl Into<Value>) -> Test {
        Test::Is(field, value.into())
    }

    pub fn from(field: Field, value: impl Into<Value>) -> Test {
        Test::From(field, value.into())
    }

    pub fn up_to(field: Field, value: impl Into<Value>) -> Test {
        Test::UpTo(field, value.into())
    }

    pub fn before(field: Field, value: impl Into<Value>) -> Test {
        Test::Before(field, value.into())
    }

    pub fn negated(self) -> Test {
        Test::Not(Box::new(self))
    }

    pub fn present(field: Field) -> Test {
        Test::Missing(field).negated()
    }

    /// The field is one of these.
    pub fn one_of(field: Field, values: &[&str]) -> Test {
        Test::Any(values.iter().map(|value| Test::is(field, *value)).collect())
    }
}

/// By what rows are ordered. What does not have it comes last, either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub by: Field,
    /// The greatest first.
    pub falls: bool,
}

impl Order {
    pub fn rising(by: Field) -> Order {
        Order { by, falls: false }
    }

    pub fn falling(by: Field) -> Order {
        Order { by, falls: true }
    }
}

/// Which rows of a list, in which order. Those that are alike so far come by their ids.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// All of them have to hold.
    pub tests: Vec<Test>,
    pub order: Vec<Order>,
    pub skip: u32,
    /// With 0 the rows are only counted and summed up.
    pub limit: u32,
    /// Of which fields to tell the sum over all rows that hold.
    pub sums: Vec<Field>,
}

impl ListQuery {
    /// Nothing but the number of rows.
    pub fn counting(tests: Vec<Test>) -> ListQuery {
        ListQuery { tests, ..ListQuery::default() }
    }

    /// The first so many.
    pub fn first(limit: u32, tests: Vec<Test>, order: Vec<Order>) -> ListQuery {
        ListQuery { tests, order, limit, ..ListQuery::default() }
    }
}

/// Which list of read models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListOf<'a> {
    /// The rows of a kind. What was voided is not listed.
    Kind(&'a str),
    /// What stands in a list within the rows of accounts (`rights`, `tasks`, `proposals`):
    /// each with the id of its account, and paths within the element.
    Within(&'static str),
}

/// A row, how its account is called today, and the short number of what it tells of.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    pub row: T,
    pub name: String,
    pub number: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListFound<T> {
    pub rows: Vec<Listed<T>>,
    /// How many rows hold, with those that are no part of this one.
    pub count: u64,
    /// In the order in which they were asked for.
    pub sums: Vec<i64>,
}
