//! Dates to come, of everybody or of one contract.

use contract::declare::consequence::{Consequence, SecrecyEnds};
use contract::declare::ids::ContractId;
use contract::road::case::Case;
use contract::service::minimum_term::EndCause;
use contract::{AccountState, ContractState};
use engine::listed::{Field, ListOf, ListQuery, Order, Test};
use maud::{Markup, html};
use reckon::Day;

use super::App;
use super::answer::Trouble;
use super::parts::{self, Column};
use super::rows::{ContractRow, InvoiceRow, Line, TaskRow, read_line};
use super::{links, words};
use crate::access::Visitor;

/// Something that a day will bring.
#[derive(Debug, Clone)]
pub struct Coming {
    pub on: Day,
    pub what: String,
    pub about: String,
    /// Whose day it is; empty where the page says so.
    pub whom: String,
    pub clause: &'static str,
}

fn coming(on: Day, what: impl Into<String>, about: &str, clause: &'static str) -> Coming {
    Coming { on, what: what.into(), about: about.to_owned(), whom: String::new(), clause }
}

impl Coming {
    fn whom(self, name: &str) -> Coming {
        Coming { whom: name.to_owned(), ..self }
    }
}

/// Which dates to come.
#[derive(Debug, Clone, Copy)]
pub struct ToCome {
    pub from: Day,
    /// On this day or before.
    pub by: Option<Day>,
    /// How many, the earliest first.
    pub most: u32,
}

impl ToCome {
    /// Rows whose day lies there, the earliest first.
    fn rows(self, field: Field, mut tests: Vec<Test>) -> ListQuery {
        tests.push(Test::from(field, self.from.to_string()));
        tests.extend(self.by.map(|by| Test::up_to(field, by.to_string())));
        ListQuery::first(self.most, tests, vec![Order::rising(field)])
    }
}

impl App {
    /// The first dates of all contracts, invoices and tasks, and how many there are.
    pub async fn dates_to_come(&self, wanted: ToCome) -> Result<(Vec<Coming>, u64), Trouble> {
        let (mut dates, mut count) = (Vec::new(), 0);
        let ended = Field::Text("end.on");
        let goes_on = || vec![Test::Missing(ended)];
        let contracts = [
            (ended, Vec::new()),
            (Field::Text("renewal_limit"), goes_on()),
            (Field::Text("period.to"), goes_on()),
        ];
        for (field, tests) in contracts {
            let query = wanted.rows(field, tests);
            let found = self.engine.store.list_views(ListOf::Kind("contract"), &query).await?;
            count += found.count;
            for listed in found.rows {
                let Line { id, content, .. } = read_line::<ContractRow>(listed)?;
                let end = content.end.as_ref().map(|end| (end.on, end.cause));
                let own = of_period(&id, end, content.renewal_limit, content.period.to);
                let at = match field {
                    Field::Text("renewal_limit") => content.renewal_limit,
                    Field::Text("period.to") => Some(content.period.to),
                    _ => end.map(|(on, _)| on),
                };
                let is_limit = field == Field::Text("renewal_limit");
                let of_field = own
                    .into_iter()
                    .filter(|date| Some(date.on) == at && (date.clause == LIMIT) == is_limit);
                dates.extend(of_field.map(|date| date.whom(&content.name)));
            }
        }
        let open = vec![Test::from(Field::Number("outstanding"), 1)];
        let query = wanted.rows(Field::Text("due"), open);
        let found = self.engine.store.list_views(ListOf::Kind("invoice"), &query).await?;
        count += found.count;
        for listed in found.rows {
            let Line { id, content, name, .. } = read_line::<InvoiceRow>(listed)?;
            dates.push(coming(content.due, DUE, &id, "25-1").whom(&name));
        }
        let mut query = wanted.rows(Field::Text("remind_on"), Vec::new());
        query.order.push(Order::rising(Field::Text("about")));
        let found = self.engine.store.list_views(ListOf::Within("tasks"), &query).await?;
        count += found.count;
        for listed in found.rows {
            let Line { content: task, name, .. } = read_line::<TaskRow>(listed)?;
            let what = reminder(words::task(task.task));
            dates.push(coming(task.remind_on, what, &task.about, "").whom(&name));
        }
        let mut dates = in_order(dates, wanted.from);
        dates.truncate(wanted.most as usize);
        Ok((dates, count))
    }
}

/// Of the limit for an objection to extension.
const LIMIT: &str = "13-1b";

/// Either the end that is known, or the limit and the last day of the period.
fn of_period(id: &str, end: Option<(Day, EndCause)>, limit: Option<Day>, to: Day) -> Vec<Coming> {
    if let Some((on, cause)) = end {
        let what = format!("契約の終了（{}）", words::end_cause(cause));
        return vec![coming(on, what, id, "")];
    }
    let limit = limit.map(|on| coming(on, "更新申出期限", id, LIMIT));
    let last = coming(to, "利用期間の末日", id, "13-1");
    limit.into_iter().chain([last]).collect()
}

const DUE: &str = "請求書の支払期日";

fn reminder(task: &str) -> String {
    format!("督促の目安：{task}")
}

fn in_order(mut dates: Vec<Coming>, today: Day) -> Vec<Coming> {
    dates.retain(|date| date.on >= today);
    dates.sort_by(|a, b| (a.on, &a.about).cmp(&(b.on, &b.about)));
    dates
}

impl App {
    /// Dates of one contract from today on.
    pub fn dates_of(
        &self,
        case: &Case,
        id: &ContractId,
        contract: &ContractState,
        state: &AccountState,
    ) -> Vec<Coming> {
        let end = contract.end.as_ref().map(|end| (end.on, end.cause));
        let mut dates = of_period(&id.0, end, contract.renewal_limit, contract.period.to);
        for line in &contract.lines {
            let what = format!("明細{}の最低利用期間の末日", line.number);
            dates.extend(line.minimum_term.map(|term| coming(term.to, what, &id.0, "14-1")));
        }
        for (number, receivable) in &state.receivables {
            if receivable.outstanding.is_positive() && receivable.invoice.contracts().contains(&id)
            {
                dates.push(coming(receivable.due, DUE, number, "25-1"));
            }
        }
        for task in state.tasks.iter().filter(|task| task.about == id.0) {
            dates.push(coming(task.remind_on, reminder(words::task(task.task)), &task.about, ""));
        }
        dates.extend(case.live_in(id).filter_map(|(_, live)| match &live.consequence {
            Consequence::SecrecyEnds(SecrecyEnds { contract, until }) if contract == id => {
                Some(coming(*until, "秘密保持の義務の末日", &id.0, "41-8"))
            }
            _ => None,
        }));
        in_order(dates, self.engine.now().day())
    }

    pub fn date_table(&self, visitor: &Visitor, dates: &[Coming]) -> Markup {
        let named = dates.iter().any(|date| !date.whom.is_empty());
        let row = |date: &Coming| {
            let clause = html! { @if !date.clause.is_empty() { (parts::clause(date.clause)) } };
            let mut row = vec![
                parts::day(date.on),
                html! { span { (date.what) " " (clause) } },
                links::about(visitor, &date.about, self.prefix()),
            ];
            if named {
                row.insert(2, parts::name(&date.whom));
            }
            row
        };
        let rows: Vec<_> = dates.iter().map(row).collect();
        let mut columns = vec![Column::Text("日"), Column::Text("何の日か"), Column::Text("対象")];
        if named {
            columns.insert(2, Column::Text("相手"));
        }
        let table = parts::table(&columns, &rows, "これからの期日はありません。");
        html! { div.dates { (table) } }
    }
}
