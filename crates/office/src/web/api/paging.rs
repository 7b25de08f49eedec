//! Lists in pages: a cursor names the last row that was had, so that rows that
//! come or go meanwhile shift nothing.

use contract::declare::ids::AccountId;
use engine::{ListPart, Store};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use crate::web::answer::Trouble;

/// One page of a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listing<T> {
    pub items: Vec<T>,
    /// Path of the next page; null on the last one. With filters a page may have
    /// fewer rows than its limit, or none, and still not be the last.
    pub next: Option<String>,
}

/// Where rows come from.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A read model.
    Views(&'a str),
    Outbox,
    /// Rows that were not taken; of one file, unless it is empty.
    Refused(&'a str),
}

/// Where a page begins, and how long it is.
pub struct Place {
    pub limit: usize,
    pub after: String,
}

/// A page's worth of rows, and after what the next begins.
pub struct Filled<T = Value> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Rows are read in parts of this size, and a request looks at so many at most.
const PART: u32 = 200;
const MOST_SEEN: usize = 5_000;

/// Reads on until the page is full, the list is at its end, or many rows were
/// looked at in vain.
pub async fn fill(
    store: &dyn Store,
    source: Source<'_>,
    account: Option<&AccountId>,
    place: Place,
    keep: impl Fn(&Value) -> bool + Send,
) -> Result<Filled, Trouble> {
    let Place { limit, mut after } = place;
    let mut items = Vec::new();
    let mut seen = 0;
    loop {
        let rows = part(store, source, account, &after).await?;
        let last = rows.len() < PART as usize;
        for (id, row) in rows {
            if items.len() == limit {
                return Ok(Filled { items, next: Some(after) });
            }
            after = id;
            seen += 1;
            if keep(&row) {
                items.push(row);
            }
        }
        if last {
            return Ok(Filled { items, next: None });
        }
        if seen >= MOST_SEEN {
            return Ok(Filled { items, next: Some(after) });
        }
    }
}

async fn part(
    store: &dyn Store,
    source: Source<'_>,
    account: Option<&AccountId>,
    after: &str,
) -> Result<Vec<(String, Value)>, Trouble> {
    let part = ListPart { after, account, limit: PART };
    Ok(match source {
        Source::Views(kind) => {
            let rows = store.views_part(kind, part).await?.into_iter();
            rows.map(|view| (view.id.clone(), with_id(&view.id, &view.account.0, view.content)))
                .collect()
        }
        Source::Outbox => {
            let rows = store.outbox_part(part).await?.into_iter();
            rows.map(|row| (row.id.clone(), json!(row))).collect()
        }
        Source::Refused(file) => {
            let rows = store.refused_part(file, part).await?.into_iter();
            rows.map(|(id, row)| {
                let mut item = json!({ "id": id });
                extend(&mut item, json!(row));
                (id, item)
            })
            .collect()
        }
    })
}

/// What stands in lists within the rows of accounts: rights, tasks, proposals.
pub async fn fill_within(
    store: &dyn Store,
    field: &str,
    account: Option<&AccountId>,
    place: Place,
    keep: impl Fn(&Value) -> bool + Send,
) -> Result<Filled, Trouble> {
    let Place { limit, after } = place;
    let (mut id, had) = split(&after)?;
    let mut items = Vec::new();
    let mut seen = 0;
    if had > 0
        && let Some(view) = store.view("account", &id).await?
        && let Some(next) =
            within(&view.account, &view.content[field], had, limit, &keep, &mut items)
    {
        return Ok(Filled { items, next: Some(next) });
    }
    loop {
        let part = ListPart { after: &id, account, limit: PART };
        let rows = store.views_part("account", part).await?;
        let last = rows.len() < PART as usize;
        for view in rows {
            if items.len() == limit {
                return Ok(Filled { items, next: Some(format!("{id}#0")) });
            }
            id.clone_from(&view.id);
            seen += 1;
            let list = &view.content[field];
            if let Some(next) = within(&view.account, list, 0, limit, &keep, &mut items) {
                return Ok(Filled { items, next: Some(next) });
            }
        }
        if last {
            return Ok(Filled { items, next: None });
        }
        if seen >= MOST_SEEN {
            return Ok(Filled { items, next: Some(format!("{id}#0")) });
        }
    }
}

/// The elements of one account from `had` on. Where the page ends within them, the
/// place to go on from.
fn within(
    account: &AccountId,
    list: &Value,
    had: usize,
    limit: usize,
    keep: &impl Fn(&Value) -> bool,
    items: &mut Vec<Value>,
) -> Option<String> {
    for (at, element) in list.as_array().into_iter().flatten().enumerate().skip(had) {
        if items.len() == limit {
            return Some(format!("{account}#{at}"));
        }
        if keep(element) {
            let mut item = json!({ "account": account });
            extend(&mut item, element.clone());
            items.push(item);
        }
    }
    None
}

/// Account, and how many of its elements were had; none means the account is done.
fn split(after: &str) -> Result<(String, usize), Trouble> {
    if after.is_empty() {
        return Ok((String::new(), 0));
    }
    let place = after.rsplit_once('#').and_then(|(id, at)| Some((id.to_owned(), at.parse().ok()?)));
    place.ok_or_else(bad_cursor)
}

impl Place {
    /// How many rows were had, where a cursor says so.
    fn had(&self) -> Result<usize, Trouble> {
        match self.after.as_str() {
            "" => Ok(0),
            at => at.parse().map_err(|_| bad_cursor()),
        }
    }

    /// How many rows tell this page, and whether there is another.
    pub fn end(&self) -> Result<usize, Trouble> {
        Ok(self.had()?.saturating_add(self.limit).saturating_add(1))
    }
}

/// Pages of what is at hand from its beginning on.
pub fn of_rows<T>(rows: Vec<T>, place: Place) -> Result<Filled<T>, Trouble> {
    let (had, limit) = (place.had()?, place.limit);
    let more = rows.len() > had.saturating_add(limit);
    let items = rows.into_iter().skip(had).take(limit).collect();
    Ok(Filled { items, next: more.then(|| (had + limit).to_string()) })
}

pub fn with_id(id: &str, account: &str, content: Value) -> Value {
    let mut item = json!({ "id": id, "account": account });
    extend(&mut item, content);
    item
}

fn extend(item: &mut Value, content: Value) {
    if let (Value::Object(item), Value::Object(content)) = (item, content) {
        item.extend(content);
    }
}

/// The text of a cursor: of which list it is, and after what it goes on. Callers
/// take it as it is.
pub fn cursor(list: &str, after: &str) -> String {
    format!("{list}\n{after}").bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// After what a page begins; the list's beginning without a cursor.
pub fn after(list: &str, cursor: Option<&str>) -> Result<String, Trouble> {
    let Some(cursor) = cursor else { return Ok(String::new()) };
    let text = unhexed(cursor).and_then(|bytes| String::from_utf8(bytes).ok());
    let place = text.as_deref().and_then(|text| text.split_once('\n'));
    match place {
        Some((of, after)) if of == list && !after.contains('\0') => Ok(after.to_owned()),
        _ => Err(bad_cursor()),
    }
}

fn unhexed(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || text.len() > 2_000 {
        return None;
    }
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    Some(digits?.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

fn bad_cursor() -> Trouble {
    Trouble::unusable("cursor はこの一覧の next に書かれたものをそのまま使ってください。")
}
