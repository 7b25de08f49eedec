//! Lists as people work through them. A list is declared once ([`Listing`]): its columns,
//! each with its head, what stands in it on the page and in the file, and by what it is
//! ordered. Page, order, parts, sums and the CSV file come of that.

use std::cmp::Ordering;
use std::future::Future;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use document::wording::Amounts;
use engine::listed::{Field, ListFound, ListOf, ListQuery, Order, Test};
use engine::people::People;
use engine::{ViewRow, plain};
use maud::{Markup, html};
use reckon::{Day, Moment, Month, Yen};
use serde::de::DeserializeOwned;

use super::App;
use super::amounts::HIDDEN;
use super::answer::{Page, Trouble};
use super::field::{self, may};
use super::form::Form;
use super::paged::{Asked, Counted};
use super::parts::{self, Chip, Head};
use super::rows::{Line, read_line};
use crate::access::Visitor;
use crate::csv::{self, Cell};

/// For whom a list is made.
pub struct Seen<'a> {
    pub app: &'a App,
    pub visitor: &'a Visitor,
    pub today: Day,
    pub people: Arc<People>,
}

impl<'a> Seen<'a> {
    /// # Errors
    /// When the store fails.
    pub async fn by(app: &'a App, visitor: &'a Visitor) -> Result<Seen<'a>, Trouble> {
        let people = app.engine.people().await?;
        Ok(Seen { app, visitor, today: app.engine.now().day(), people })
    }

    pub fn sees_money(&self) -> bool {
        self.visitor.amounts() == Amounts::Shown
    }

    /// Everybody, to choose one of them.
    pub fn everybody(&self) -> Vec<(String, String)> {
        let named =
            self.people.members().map(|one| (one.id.clone(), self.app.engine.name_of(&one.id)));
        [(String::new(), "すべての人".to_owned())].into_iter().chain(named).collect()
    }
}

/// A list of the desk.
pub trait Listing: Send + Sync + 'static {
    type Row: Send + Sync;
    /// Of its page; the file stands beside it, as `….csv`.
    const PATH: &'static str;
    const TITLE: &'static str;
    /// In what its rows are counted.
    const UNIT: &'static str = "件";
    /// What stands there while there is nothing at all.
    const EMPTY: &'static str;
    /// The order unless another is asked for: the word of a column, with `-` before it where
    /// the greatest comes first.
    const ORDER: &'static str;

    fn columns() -> Vec<Column<Self::Row>>;

    /// A column of texts.
    fn text(head: &'static str, value: Value<Self::Row>) -> Column<Self::Row> {
        Column::under(parts::Column::Text(head), value)
    }

    /// A column of numbers, which stand right.
    fn number(head: &'static str, value: Value<Self::Row>) -> Column<Self::Row> {
        Column::under(parts::Column::Number(head), value)
    }

    /// What stands before the list.
    fn above(_seen: &Seen<'_>) -> Markup {
        html! {}
    }

    /// What stands between that and the list, and has to be asked for.
    fn beside(
        _seen: &Seen<'_>,
        _asked: &Asked,
    ) -> impl Future<Output = Result<Markup, Trouble>> + Send {
        async { Ok(html! {}) }
    }

    /// The fields of the filter.
    fn fields(_seen: &Seen<'_>, _form: &Form) -> Markup {
        html! {}
    }

    /// The rows that the filters let through. A filter that cannot be is a fault of the
    /// form, and nothing is shown then.
    fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Self::Row>,
    ) -> impl Future<Output = Result<Found<Self::Row>, Trouble>> + Send;

    /// Adds what only the page shows, to the few rows that it shows.
    fn dress(
        _seen: &Seen<'_>,
        _rows: &mut [Self::Row],
    ) -> impl Future<Output = Result<(), Trouble>> + Send {
        async { Ok(()) }
    }
}

/// What stands in a cell; on the page as markup, in the file as text or number.
pub enum Shown {
    None,
    Text(String),
    /// Of a company.
    Name(String),
    /// Of a person.
    Person(String),
    /// Words that lead to a path.
    Link(String, String),
    /// An id with the page that it has in a folder.
    Id(&'static str, String),
    /// The same, told by its short number.
    Number(&'static str, String, Option<String>),
    Chip(Chip<'static>),
    Yen(Yen),
    Count(i64),
    Day(Day),
    Moment(Moment),
    Month(Month),
    /// Otherwise on the page than in the file.
    Both(Markup, Cell),
}

impl Shown {
    /// What a row tells of, by its short number.
    pub fn number<T>(folder: &'static str, row: &Line<T>) -> Shown {
        Shown::Number(folder, row.id.clone(), row.number.clone())
    }

    pub fn day(day: Option<Day>) -> Shown {
        day.map_or(Shown::None, Shown::Day)
    }

    pub fn moment(at: Option<Moment>) -> Shown {
        at.map_or(Shown::None, Shown::Moment)
    }

    pub fn yen(amount: Option<Yen>) -> Shown {
        amount.map_or(Shown::None, Shown::Yen)
    }

    pub fn count(number: usize) -> Shown {
        Shown::Count(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Markup, and the words for the file.
    pub fn both(markup: Markup, words: impl Into<String>) -> Shown {
        Shown::Both(markup, Cell::Text(words.into()))
    }

    fn markup(self) -> Markup {
        match self {
            Shown::None => parts::none(),
            Shown::Text(text) => html! { (text) },
            Shown::Name(name) => parts::name(&name),
            Shown::Person(name) => parts::person(name),
            Shown::Link(path, words) => parts::link(&path, parts::name(&words)),
            Shown::Id(folder, id) => parts::id_link(folder, &id),
            Shown::Number(folder, id, number) => {
                parts::id_link_to(&parts::path(folder, &id), &number.unwrap_or(id))
            }
            Shown::Chip(chip) => parts::chip(chip),
            Shown::Yen(amount) => parts::yen(amount),
            Shown::Count(number) => html! { (Yen(number)) },
            Shown::Day(day) => parts::day(day),
            Shown::Moment(at) => parts::moment(at),
            Shown::Month(month) => parts::month(month),
            Shown::Both(markup, _) => markup,
        }
    }

    fn cell(self) -> Cell {
        match self {
            Shown::None => Cell::Text(String::new()),
            Shown::Text(text) | Shown::Name(text) | Shown::Person(text) => Cell::Text(text),
            Shown::Link(_, words) => Cell::Text(words),
            Shown::Id(_, id) => Cell::Text(id),
            Shown::Number(_, id, number) => Cell::Text(number.unwrap_or(id)),
            Shown::Chip(Chip(words, _)) => Cell::Text(words.to_owned()),
            Shown::Yen(amount) => Cell::Number(amount.0),
            Shown::Count(number) => Cell::Number(number),
            Shown::Day(day) => Cell::Text(day.to_string()),
            Shown::Moment(at) => Cell::Text(at.to_minute_text()),
            Shown::Month(month) => Cell::Text(month.to_string()),
            Shown::Both(_, cell) => cell,
        }
    }
}

/// By what the rows are ordered under a column.
enum By {
    /// The store does it.
    Fields(&'static [Field]),
    /// What stands in the cells, of rows that are at hand.
    Cells,
}

/// Where a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Both,
    Page,
    File,
}

/// What stands in a cell of a row.
pub type Value<R> = fn(&Seen<'_>, &R) -> Shown;

/// A column of a list.
pub struct Column<R> {
    head: parts::Column,
    value: Value<R>,
    order: Option<(&'static str, By)>,
    sum: Option<Field>,
    on: On,
    money: bool,
}

impl<R> Column<R> {
    fn under(head: parts::Column, value: Value<R>) -> Column<R> {
        Column { head, value, order: None, sum: None, on: On::Both, money: false }
    }

    /// Rows can be ordered by these fields, under this word of the query.
    pub fn by(self, word: &'static str, fields: &'static [Field]) -> Column<R> {
        Column { order: Some((word, By::Fields(fields))), ..self }
    }

    /// Rows that are at hand can be ordered by what stands here.
    pub fn sorted(self, word: &'static str) -> Column<R> {
        Column { order: Some((word, By::Cells)), ..self }
    }

    /// What all rows that the filters let through come to is told.
    pub fn summed(self, field: Field) -> Column<R> {
        Column { sum: Some(field), ..self }
    }

    /// Amounts that are owed, charged or paid: for those who see money.
    pub fn money(self) -> Column<R> {
        Column { money: true, ..self }
    }

    pub fn only_on_page(self) -> Column<R> {
        Column { on: On::Page, ..self }
    }

    pub fn only_in_file(self) -> Column<R> {
        Column { on: On::File, ..self }
    }

    fn shown(&self, seen: &Seen<'_>, row: &R) -> Shown {
        match self.money && !seen.sees_money() {
            true => Shown::both(html! { span.note { (HIDDEN) } }, HIDDEN),
            false => (self.value)(seen, row),
        }
    }
}

/// The columns that a visitor has, and the order that was asked for.
struct Laid<R> {
    columns: Vec<Column<R>>,
    order: Option<(usize, bool)>,
}

/// Which rows of a list are wanted.
pub struct Wanted<R> {
    order: Vec<Order>,
    cells: Option<(Value<R>, bool)>,
    sums: Vec<Field>,
    skip: usize,
    limit: usize,
}

/// Rows, and how many there are in all.
pub struct Found<R> {
    pub rows: Vec<R>,
    pub count: usize,
    pub sums: Vec<i64>,
}

impl<R> Found<R> {
    /// What the store found, each row made of one of its.
    pub fn of<T>(
        found: ListFound<T>,
        read: impl FnMut(engine::listed::Listed<T>) -> Result<R, Trouble>,
    ) -> Result<Found<R>, Trouble> {
        let rows = found.rows.into_iter().map(read).collect::<Result<_, _>>()?;
        let count = usize::try_from(found.count).unwrap_or(usize::MAX);
        Ok(Found { rows, count, sums: found.sums })
    }
}

impl<R> Wanted<R> {
    /// The same question for the store.
    pub fn query(&self, tests: Vec<Test>) -> ListQuery {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (skip, limit) = (small(self.skip), small(self.limit));
        ListQuery { tests, order: self.order.clone(), skip, limit, sums: self.sums.clone() }
    }

    /// Of rows that are at hand.
    pub fn of(&self, seen: &Seen<'_>, mut rows: Vec<R>) -> Found<R> {
        if let Some((value, falls)) = self.cells {
            rows.sort_by_cached_key(|row| Key::of(value(seen, row).cell(), falls));
        }
        let count = rows.len();
        let rows = rows.into_iter().skip(self.skip).take(self.limit).collect();
        Found { rows, count, sums: Vec::new() }
    }
}

impl<T: DeserializeOwned> Wanted<Line<T>> {
    /// Rows of read models as they are.
    pub async fn views(
        &self,
        app: &App,
        of: ListOf<'_>,
        tests: Vec<Test>,
    ) -> Result<Found<Line<T>>, Trouble> {
        let found: ListFound<ViewRow> = app.engine.store.list_views(of, &self.query(tests)).await?;
        Found::of(found, read_line)
    }
}

/// What rows at hand are ordered by; what is empty comes last, either way.
#[derive(PartialEq, Eq)]
struct Key {
    cell: Option<Result<i64, String>>,
    falls: bool,
}

impl Key {
    fn of(cell: Cell, falls: bool) -> Key {
        let cell = match cell {
            Cell::Number(number) => Some(Ok(number)),
            Cell::Text(text) if text.is_empty() => None,
            Cell::Text(text) => Some(Err(plain(&text))),
        };
        Key { cell, falls }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        match (&self.cell, &other.cell) {
            (Some(one), Some(other)) if self.falls => other.cmp(one),
            (one, other) => one.is_none().cmp(&other.is_none()).then_with(|| one.cmp(other)),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R> Laid<R> {
    fn of<L: Listing<Row = R>>(seen: &Seen<'_>, form: &mut Form) -> Laid<R> {
        let mut columns = L::columns();
        if !seen.sees_money() {
            // The order of amounts, and their sum, would tell them.
            for column in columns.iter_mut().filter(|column| column.money) {
                (column.order, column.sum) = (None, None);
            }
        }
        let find = |asked: &str| {
            let (word, falls) = asked.strip_prefix('-').map_or((asked, false), |word| (word, true));
            let is =
                |column: &Column<R>| column.order.as_ref().is_some_and(|(one, _)| *one == word);
            columns.iter().position(is).map(|at| (at, falls))
        };
        let asked = form.text("sort").to_owned();
        let order = match find(&asked) {
            None if asked.is_empty() => find(L::ORDER),
            None => {
                form.fault("sort", "一覧にある並べ方から選んでください。");
                None
            }
            found => found,
        };
        if asked.is_empty() {
            form.set("sort", L::ORDER);
        }
        Laid { columns, order }
    }

    fn wanted(&self, skip: usize, limit: usize) -> Wanted<R> {
        let sums = self.columns.iter().filter_map(|column| column.sum).collect();
        let mut wanted = Wanted { order: Vec::new(), cells: None, sums, skip, limit };
        if let Some((at, falls)) = self.order {
            let column = &self.columns[at];
            match &column.order {
                Some((_, By::Fields(fields))) => {
                    wanted.order = fields.iter().map(|by| Order { by: *by, falls }).collect();
                }
                _ => wanted.cells = Some((column.value, falls)),
            }
        }
        wanted
    }

    /// The orders to choose from, as the filter shows them.
    fn orders(&self) -> Vec<(String, String)> {
        let ordered = self.columns.iter().filter_map(|column| {
            column.order.as_ref().map(|(word, _)| (*word, column.head.title()))
        });
        let both = ordered.flat_map(|(word, title)| {
            [
                (word.to_owned(), format!("{title}（昇順）")),
                (format!("-{word}"), format!("{title}（降順）")),
            ]
        });
        both.collect()
    }

    fn on_page(&self) -> impl Iterator<Item = (usize, &Column<R>)> {
        self.columns.iter().enumerate().filter(|(_, column)| column.on != On::File)
    }

    /// The heads of the page: those by which the rows can be ordered lead there.
    fn heads(&self, asked: &Asked) -> Vec<Head> {
        let head = |(at, column): (usize, &Column<R>)| {
            let Some((word, _)) = &column.order else { return Head::plain(column.head) };
            let now = self.order.filter(|(by, _)| *by == at).map(|(_, falls)| falls);
            let next = if now == Some(false) { format!("-{word}") } else { (*word).to_owned() };
            Head { column: column.head, to: Some(asked.other("sort", &next)), falls: now }
        };
        self.on_page().map(head).collect()
    }
}

/// The page of a list, for the table of routes.
pub fn get<L: Listing>() -> MethodRouter<Arc<App>> {
    routing::get(show::<L>)
}

/// Its file.
pub fn csv<L: Listing>() -> MethodRouter<Arc<App>> {
    routing::get(file::<L>)
}

async fn show<L: Listing>(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let seen = Seen::by(&app, &visitor).await?;
    let (beside, list) = (L::beside(&seen, &asked).await?, part::<L>(&seen, &asked).await?);
    Ok(Page::new(L::TITLE, html! { (L::above(&seen)) (beside) (list) }))
}

/// The list with its filter, for a page that has more than that.
pub async fn part<L: Listing>(seen: &Seen<'_>, asked: &Asked) -> Result<Markup, Trouble> {
    let mut form = asked.form();
    let laid = Laid::of::<L>(seen, &mut form);
    let (mut at, size) = asked.place("page")?;
    let wanted = laid.wanted((at - 1).saturating_mul(size), size);
    let mut found = L::find(seen, &mut form, &wanted).await?;
    if found.rows.is_empty() && found.count > 0 && form.is_good() {
        // The list has become shorter.
        at = found.count.div_ceil(size);
        found = L::find(seen, &mut form, &laid.wanted((at - 1) * size, size)).await?;
    }
    if !form.is_good() {
        found = Found { rows: Vec::new(), count: 0, sums: Vec::new() };
    }
    L::dress(seen, &mut found.rows).await?;
    let row = |row: &L::Row| -> Vec<Markup> {
        laid.on_page().map(|(_, column)| column.shown(seen, row).markup()).collect()
    };
    let rows: Vec<_> = found.rows.iter().map(row).collect();
    let empty =
        if asked.filters() { "当てはまるものはありません。" } else { L::EMPTY };
    let counted = Counted { at, size, count: found.count, shown: found.rows.len() };
    Ok(html! {
        (filter::<L>(seen, asked, &form, &laid))
        @if found.count > 0 { (summed::<L>(&laid, &found, asked)) }
        (parts::table_under(&laid.heads(asked), &rows, empty))
        (asked.links("page", counted))
    })
}

/// Rows of a list within another page, as they are.
pub fn bare<L: Listing>(seen: &Seen<'_>, rows: &[L::Row]) -> Markup {
    let columns = L::columns();
    let shown: Vec<_> = columns.iter().filter(|column| column.on != On::File).collect();
    let heads: Vec<_> = shown.iter().map(|column| column.head).collect();
    let row = |row: &L::Row| -> Vec<Markup> {
        shown.iter().map(|column| column.shown(seen, row).markup()).collect()
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    parts::table(&heads, &rows, L::EMPTY)
}

fn filter<L: Listing>(seen: &Seen<'_>, asked: &Asked, form: &Form, laid: &Laid<L::Row>) -> Markup {
    html! {
        form.sheet.filter method="get" action=(L::PATH) role="search" {
            div.pair {
                (L::fields(seen, form))
                (field::choice(form, may("sort", "並べ方", ""), &laid.orders()))
            }
            @if let Some(rows) = asked.rows() { input type="hidden" name="rows" value=(rows); }
            div.buttons { button.strong { "絞り込む" } }
        }
    }
}

/// How many there are, what they come to, and the way to the file.
fn summed<L: Listing>(laid: &Laid<L::Row>, found: &Found<L::Row>, asked: &Asked) -> Markup {
    let titles = laid.columns.iter().filter(|column| column.sum.is_some());
    let sums = titles.map(|column| column.head.title()).zip(&found.sums);
    html! {
        p.note {
            (parts::count(found.count)) " " (L::UNIT)
            @for (title, sum) in sums { "　" (title) " " (parts::yen(Yen(*sum))) }
            "　" a href=(asked.csv(&format!("{}.csv", L::PATH))) { "CSV で書き出す" }
        }
    }
}

/// A file is made of parts of this size.
const PART: usize = 2_000;

/// How many rows a file has at the most.
const MOST: usize = 100_000;

/// All that the filters let through, in the order that was asked for.
async fn file<L: Listing>(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let seen = Seen::by(&app, &visitor).await?;
    let mut form = asked.form();
    let laid = Laid::of::<L>(&seen, &mut form);
    let columns: Vec<_> = laid.columns.iter().filter(|column| column.on != On::Page).collect();
    let mut lines: Vec<Vec<Cell>> = Vec::new();
    loop {
        let found = L::find(&seen, &mut form, &laid.wanted(lines.len(), PART)).await?;
        if let Some(why) = form.faults().values().next() {
            return Err(Trouble::unusable(why));
        }
        if found.count > MOST {
            let detail = format!(
                "{} 件あります。一つのファイルに書き出せるのは {} 件までです。一覧で絞り込んでから書き出してください。",
                parts::count(found.count),
                parts::count(MOST)
            );
            return Err(Trouble::unusable(detail));
        }
        let last = found.rows.len() < PART;
        let line = |row: &L::Row| -> Vec<Cell> {
            columns.iter().map(|column| column.shown(&seen, row).cell()).collect()
        };
        lines.extend(found.rows.iter().map(line));
        if last {
            break;
        }
    }
    let heads: Vec<_> = columns.iter().map(|column| column.head.title()).collect();
    let name = L::PATH.rsplit('/').next().unwrap_or("list");
    Ok(csv::file(&format!("{name}.csv"), &heads, &lines))
}

/// Names and numbers, as one field of a filter finds them.
pub fn sought(form: &Form) -> Option<Test> {
    let text = plain(form.text("q"));
    (!text.is_empty()).then_some(Test::Sought(text))
}

/// What was chosen of a few words, if anything. A word that is none of them is a fault.
pub fn chosen(form: &mut Form, field: Named<'_>, words: &[&str]) -> Option<String> {
    let word = form.text(field.name).to_owned();
    if word.is_empty() {
        return None;
    }
    if !words.contains(&word.as_str()) {
        form.fault(field.name, format!("一覧にある{}から選んでください。", field.label));
        return None;
    }
    Some(word)
}

/// A choice of a filter.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub name: &'a str,
    pub label: &'a str,
}

/// The choice that lists have most often.
pub const STATUS: Named<'static> = Named { name: "status", label: "状態" };

/// A choice of a filter, with all before it.
pub fn choice(
    form: &Form,
    Named { name, label }: Named<'_>,
    words: impl IntoIterator<Item = (String, String)>,
) -> Markup {
    let every = [(String::new(), "すべて".to_owned())];
    let options: Vec<_> = every.into_iter().chain(words).collect();
    field::choice(form, may(name, label, ""), &options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_comes_last_either_way() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let ordered = |falls| {
            let mut cells = vec![text(""), text("B"), text("a"), Cell::Number(10), Cell::Number(9)];
            cells.sort_by_cached_key(|cell| Key::of(cell.clone(), falls));
            cells
        };
        let (one, two) = (Cell::Number(9), Cell::Number(10));
        let rising = [one.clone(), two.clone(), text("a"), text("B"), text("")];
        assert_eq!(ordered(false), rising);
        assert_eq!(ordered(true), [text("B"), text("a"), two, one, text("")]);
    }
}
