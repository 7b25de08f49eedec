//! The small parts of which pages are made.

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

pub fn yen(amount: Yen) -> Markup {
    html! { span.yen { (amount.to_string()) span.unit { "円" } } }
}

/// A price or quantity with its separators: `24,800`, `3.75`.
pub fn decimal(number: Decimal) -> String {
    let text = number.to_string();
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    match whole.parse::<i64>() {
        Ok(whole) if !text.starts_with("-0") => format!("{}{rest}", Yen(whole)),
        _ => text,
    }
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

/// A table that becomes a list of cards where the window is narrow.
pub fn table(columns: &[Column], rows: &[Vec<Markup>], when_empty: &str) -> Markup {
    if rows.is_empty() {
        return html! { p.empty { (when_empty) } };
    }
    // A cell too many would stand under the head of another.
    let fits = |row: &Vec<Markup>| row.len() == columns.len();
    debug_assert!(rows.iter().all(fits), "a row does not fit under {columns:?}");
    html! {
        div.table { table {
            thead { tr { @for column in columns { th.number[column.is_number()] scope="col" { (column.head()) } } } }
            tbody { @for row in rows { tr {
                @for (column, cell) in columns.iter().zip(row) {
                    td.number[column.is_number()] data-label=(column.title()) { div.cell { (cell) } }
                }
            } } }
        } }
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
    fn title(self) -> &'static str {
        match self {
            Column::Text(title) | Column::Number(title) => title,
        }
    }

    /// A column of links and buttons has a head for those who hear it.
    fn head(self) -> Markup {
        match self.title() {
            "" => html! { span.unseen { "手続" } },
            title => html! { (title) },
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Column::Number(_))
    }
}
