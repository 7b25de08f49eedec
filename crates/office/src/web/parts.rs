//! The small parts of which pages are made.

use document::wording::signed;
use maud::{Markup, Render, html};
use reckon::{Day, Decimal, Moment, Month, Yen};

/// How a chip, and what it says, is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Plain,
    Watch,
    Bad,
    Off,
}

/// Texts stand left, numbers right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Text(&'static str),
    Number(&'static str),
}

/// An amount with its unit, which nothing parts.
pub fn yen(amount: Yen) -> Markup {
    in_yen(with_minus(amount))
}

/// A difference, with its sign also where it is more.
pub fn difference(amount: Yen) -> Markup {
    in_yen(signed(amount))
}

/// What costs so much, which may be parts of a yen.
pub fn price(price: Decimal) -> Markup {
    in_yen(decimal(price))
}

fn in_yen(figures: String) -> Markup {
    html! { span.yen { (figures) span.unit { "円" } } }
}

/// A minus is as wide as a figure on every page, and no hyphen, at which lines break.
fn with_minus(number: impl std::fmt::Display) -> String {
    number.to_string().replacen('-', "−", 1)
}

/// A rate of tax.
pub fn percent(rate: impl Render) -> Markup {
    html! { (rate) "％" }
}

/// A price or quantity with its separators: `24,800`, `3.75`.
pub fn decimal(number: Decimal) -> String {
    let text = number.to_string();
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    with_minus(match whole.parse::<i64>() {
        Ok(whole) if !text.starts_with("-0") => format!("{}{rest}", Yen(whole)),
        _ => text,
    })
}

/// How many, with separators: `5,000`.
pub fn count(number: usize) -> String {
    i64::try_from(number).map_or_else(|_| number.to_string(), |number| Yen(number).to_string())
}

pub fn day(day: Day) -> Markup {
    html! { time.day { (day.to_string()) } }
}

pub fn month(month: Month) -> Markup {
    html! { time.day { (month.to_string()) } }
}

/// The name of a company, kept together where there is room.
pub fn name(name: &str) -> Markup {
    html! { span.name { (name) } }
}

/// The name of a person: never broken.
pub fn person(name: impl Render) -> Markup {
    html! { span.person { (name) } }
}

pub fn day_or_none(of: Option<Day>) -> Markup {
    of.map_or_else(none, day)
}

pub fn moment(at: Moment) -> Markup {
    html! { time.day { (at.to_minute_text()) } }
}

/// Nothing to say here.
pub fn none() -> Markup {
    html! { span.none { "—" } }
}

/// A word on the ground of its tone.
pub struct Chip<'a>(pub &'a str, pub Tone);

pub fn chip(Chip(text, tone): Chip<'_>) -> Markup {
    let tone = match tone {
        Tone::Good => "good",
        Tone::Plain => "plain",
        Tone::Watch => "watch",
        Tone::Bad => "bad",
        Tone::Off => "off",
    };
    html! { span class={ "chip " (tone) } { (text) } }
}

/// A clause, leading to our summary of it.
pub fn clause(id: &str) -> Markup {
    html! { a.clause href=(path("/terms", id)) { (id) } }
}

pub fn clauses<T: AsRef<str>>(ids: &[T]) -> Markup {
    html! { span.clauses { @for id in ids { (clause(id.as_ref())) " " } } }
}

pub fn link(to: &str, text: impl Render) -> Markup {
    html! { a href=(to) { (text) } }
}

/// An id as it is typed, leading to its page.
pub fn id_link(folder: &str, id: &str) -> Markup {
    html! { a.id href=(path(folder, id)) { (id) } }
}

/// What an id speaks of, if it has a page of its own.
pub fn about(id: &str, invoice_prefix: &str) -> Markup {
    if id.starts_with("K-") {
        id_link("/contracts", id)
    } else if id.starts_with("P-") {
        id_link("/applications", id)
    } else if id.starts_with("T-") {
        id_link("/deliveries", id)
    } else if id.strip_prefix(invoice_prefix).is_some_and(|rest| rest.starts_with('-')) {
        id_link("/invoices", id)
    } else {
        html! { span.id { (id) } }
    }
}

/// An id as it is typed, leading anywhere.
pub fn id_link_to(to: &str, id: &str) -> Markup {
    html! { a.id href=(to) { (id) } }
}

/// An id that may be longer than its box, where it then breaks.
pub fn long_id(id: impl std::fmt::Display) -> Markup {
    html! { span.id.long { (id.to_string()) } }
}

/// A path with an id whose characters may be anything.
pub fn path(folder: &str, id: &str) -> String {
    format!("{folder}/{}", escaped(id))
}

/// A text within a path or a query.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b'('
            | b')' => {
                escaped.push(char::from(byte));
            }
            _ => escaped += &format!("%{byte:02X}"),
        }
    }
    escaped
}

/// The head of a column of a list: it may lead to the list in its order.
pub struct Head {
    pub column: Column,
    pub to: Option<String>,
    /// Whether the rows are in its order now, the greatest first.
    pub falls: Option<bool>,
}

impl Head {
    pub fn plain(column: Column) -> Head {
        Head { column, to: None, falls: None }
    }

    /// As assistive technology is told of the order.
    fn order(&self) -> Option<&'static str> {
        self.falls.map(|falls| if falls { "descending" } else { "ascending" })
    }
}

/// A table that becomes a list of cards where the window is narrow.
pub fn table(columns: &[Column], rows: &[Vec<Markup>], when_empty: &str) -> Markup {
    let heads: Vec<_> = columns.iter().copied().map(Head::plain).collect();
    table_under(&heads, rows, when_empty)
}

/// As [`table`], under heads by which it can be ordered.
pub fn table_under(heads: &[Head], rows: &[Vec<Markup>], when_empty: &str) -> Markup {
    if rows.is_empty() {
        return html! { p.empty { (when_empty) } };
    }
    // A cell too many would stand under the head of another.
    debug_assert!(rows.iter().all(|row| row.len() == heads.len()), "a row does not fit");
    html! {
        div.table { table {
            thead { tr { @for head in heads { (head_cell(head)) } } }
            tbody { @for row in rows { tr {
                @for (Head { column, .. }, cell) in heads.iter().zip(row) {
                    td.number[column.is_number()] data-label=(column.title()) { div.cell { (cell) } }
                }
            } } }
        } }
    }
}

fn head_cell(head: &Head) -> Markup {
    let title = head.column.title();
    html! {
        th.number[head.column.is_number()] scope="col" aria-sort=[head.order()] {
            @if let Some(to) = &head.to {
                a.order href=(to) { (title) @match head.falls { Some(true) => " ▼", Some(false) => " ▲", None => "" } }
            } @else if title.is_empty() { span.unseen { "手続" } }
            @else { (title) }
        }
    }
}

/// Labels and what they are.
pub fn list(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl.list { @for (label, value) in pairs { div { dt { (label) } dd { (value) } } } } }
}

/// A part of a page under its own heading.
pub fn section(title: &str, inside: Markup) -> Markup {
    html! { section { h2 { (title) } (inside) } }
}

impl Column {
    pub fn title(self) -> &'static str {
        match self {
            Column::Text(title) | Column::Number(title) => title,
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Column::Number(_))
    }
}
