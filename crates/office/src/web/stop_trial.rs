//! What a wish to stop would come to by both roads, in words: for the customer who
//! chooses, and for the desk that is asked.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use contract::Interrupt;
use contract::declare::ids::ContractId;
use contract::road::what_if::{StopResult, StopTrial};
use contract::who::roles::Permission;
use maud::{Markup, html};
use reckon::{Day, Month, Yen};
use serde::Deserialize;

use super::answer::{Page, Trouble};
use super::field::{self, may};
use super::form::Form;
use super::parts::{Chip, Tone};
use super::{App, parts};
use crate::access::Visitor;

/// Who reads it, and what they chose.
pub struct Reader<'a> {
    /// How a clause is shown to them.
    pub clause: fn(&str) -> Markup,
    pub day: fn(Day) -> Markup,
    /// The road that was chosen: `true` is cancellation.
    pub chosen: Option<bool>,
    /// The day that they named.
    pub wished: Option<Day>,
    /// What is invoiced and unpaid, for those who see money.
    pub unpaid: Option<Yen>,
    pub title: &'a str,
}

pub fn both(trial: &StopTrial, reader: &Reader<'_>) -> Markup {
    html! {
        h2 { (reader.title) }
        div.compare {
            (way("解約する", "15-1", true, trial.cancellation.as_ref(), reader))
            (way("更新しない", "13-1", false, trial.non_renewal.as_ref(), reader))
        }
        @if let Some(unpaid) = reader.unpaid {
            p { "このほかに、請求済みで未払いのもの（会社全体、税込） " (parts::yen(unpaid)) }
        }
        p.note { "毎月請求し、期限までに支払われた場合の金額です。これからの従量の利用料金は含みません。" }
    }
}

fn way(
    title: &str,
    clause: &str,
    cancels: bool,
    result: Option<&StopResult>,
    reader: &Reader<'_>,
) -> Markup {
    let chosen = reader.chosen == Some(cancels);
    html! {
        section.option.chosen[chosen] {
            h3 { (title) " " ((reader.clause)(clause)) @if chosen { " " (parts::chip(Chip("選択中", Tone::Plain))) } }
            @match result {
                None => p { "この方法では契約は終わりません。" },
                Some(result) => (outcome(result, cancels, reader)),
            }
        }
    }
}

fn outcome(result: &StopResult, cancels: bool, reader: &Reader<'_>) -> Markup {
    html! {
        dl.totals {
            div { dt { "契約が終わる日" } dd { ((reader.day)(result.ends_on)) } }
            @if let Some(limit) = result.limit {
                div { dt { "この日に終えるための申出の期限" } dd { ((reader.day)(limit)) } }
            }
            div { dt { "最後の月（" (parts::month(result.last_month)) "）の月額料金（税抜）" } dd { (parts::yen(result.last_month_fee)) } }
            div { dt { "最低利用期間の残余分（税抜）" } dd { (parts::yen(result.remaining_charge)) } }
            div { dt { "これから請求する額（上の二つを含む、税抜）" } dd { (parts::yen(result.to_invoice)) } }
            div { dt { "消費税" } dd { (parts::yen(result.tax)) } }
            div.sum { dt { "これから請求する合計（税込）" } dd { (parts::yen(result.total)) } }
        }
        @match reader.wished.filter(|day| *day != result.ends_on) {
            Some(_) if result.deemed => p.note { "希望する日には間に合わないため、届いた日から数えて最も早い日になります。" },
            Some(wished) if !cancels => p.note {
                ((reader.day)(wished)) " は利用期間の末日ではないか、期限に間に合いません。その後で最初に間に合う末日の " ((reader.day)(result.ends_on)) " になります。"
            },
            _ => {},
        }
        @if cancels && result.ends_on != Month::of(result.ends_on).last_day() {
            p.note { "月の途中で終わります。最後の月の月額料金は、上の額のとおりです。 " ((reader.clause)("15-2")) }
        }
        @if !result.confirm.is_empty() {
            p.note { "当社で到達を確認してから、受領の通知を送ります。" }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    desired: String,
}

/// For the desk: nothing is registered.
pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Extension(caller): Extension<Interrupt>,
) -> Result<Page, Trouble> {
    let (_, id, state) = app.contract(&id).await?;
    let contract = &state.contracts[&id];
    let mut form = Form::default();
    form.set("desired", &asked.desired);
    let desired = form.wished_if_set("desired", app.engine.now().day(), contract.period.to);
    let page = parts::path("/contracts", &id.0);
    let over = contract.end.as_ref().filter(|end| end.at <= app.engine.now());
    let name = &state.company_on(contract, app.engine.now().day()).name;
    let body = html! {
        p.subject { (parts::name(name)) " " (parts::id_link("/contracts", &id.0)) "　決まっている利用期間の末日 " (parts::day(contract.period.to)) }
        p.lead { "契約者が終えたいとき、両方の方法で何がいつ、いくらになるかを試算します。何も登録しません。" (parts::clauses(&["15-1", "13-1b", "14-2"])) }
        form.sheet.filter method="get" action={ (page) "/stop-trial" } {
            (field::day(&form, may("desired", "終わりを希望する日", "空なら、最も早い日です。")))
            div.buttons { button.strong { "試算する" } }
        }
        @if let Some(end) = over {
            p.warning { "この契約は " (parts::day(end.on)) " で終わっています。" }
        } @else if form.is_good() {
            @if let Some(end) = &contract.end {
                p.warning { "この契約は " (parts::day(end.on)) " で終わることがすでに決まっています。試算はそれを前提にしています。" }
            }
            (result(&app, &visitor, &id, desired, &caller).await?)
        }
        p.back { a href=(page) { "契約に戻る" } }
    };
    Ok(Page::new("解約の試算", body))
}

async fn result(
    app: &App,
    visitor: &Visitor,
    id: &ContractId,
    desired: Option<Day>,
    caller: &Interrupt,
) -> Result<Markup, Trouble> {
    let trial = app.engine.try_to_stop(id, desired, caller).await?;
    let unpaid = visitor.holds(Permission::ReadMoney).then_some(trial.unpaid);
    let title = "今日届いた場合の結果";
    let (clause, day) = (parts::clause as fn(&str) -> Markup, parts::day as fn(Day) -> Markup);
    let wished = desired;
    Ok(both(&trial, &Reader { clause, day, chosen: None, wished, unpaid, title }))
}
