//! The billing run: every draft is shown before a number is given.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contract::AccountState;
use contract::declare::words::Language;
use contract::money::charges::{Run, draft};
use contract::money::held_back::HeldBack;
use contract::money::invoice::{Invoice, InvoiceKind};
use contract::who::roles::Permission;
use engine::Effect;
use engine::effect::InvoiceMail;
use maud::{Markup, html};
use reckon::{Day, Month, Yen};

use super::desk_form::again;
use super::uploads::hat_with;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, Reached, must};
use crate::web::form::Form;
use crate::web::parts::Column::{Number, Text};
use crate::web::rows::{InvoiceRow, read_rows};
use crate::web::{App, parts, words};

const TITLE: &str = "請求";

pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    let today = app.engine.now().day();
    form.set("month", Month::of(today).plus(-1));
    form.set("issued_on", today);
    Ok(page(&visitor, &form, Reached::Typing))
}

fn page(visitor: &Visitor, form: &Form, reached: Reached) -> Page {
    let inside = html! {
        (field::month(form, must("month", "どの月までを請求するか", "この月までに生じ、まだ請求していないものを請求します。延滞利息は、今日までに完済した請求書のものを、完済した月を問わず合わせて請求します。")))
        (field::day(form, must("issued_on", "請求書の日付", "支払期日はこの日付の月から数えます。")))
        (field::reason(form, false))
    };
    let body = html! {
        p.lead { "請求すべきものから、請求済みのものを引いた差額だけを請求します。二度行っても重ねて請求しません。" (parts::clause("24-1")) }
        (field::frame(visitor, "/billing", form, "番号を付けて発行し、送る", reached, inside))
    };
    Page::new(TITLE, body)
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RunBilling)?;
    let today = app.engine.now().day();
    let month: Option<Month> = form.number("month", "月を 2026-04 のように入力してください。");
    let issued_on = form.day("issued_on");
    let reason = form.reason(false);
    if month.is_some_and(|month| month > Month::of(today)) {
        form.fault("month", "まだ来ていない月です。今月までの月を選んでください。");
    }
    if issued_on.is_some_and(|day| day > today) {
        form.fault("issued_on", "まだ来ていない日です。今日までの日を選んでください。");
    }
    let (Some(month), Some(issued_on), true) = (month, issued_on, form.is_good()) else {
        return Ok(again(page(&visitor, &form, Reached::Typing)));
    };
    if !form.is_confirmed() {
        let drafts = drafts(&app, &visitor, month, issued_on).await?;
        return Ok(page(&visitor, &form, Reached::Looked(drafts)).into_response());
    }
    let result = app.engine.bill_because(month, issued_on, &actor, &reason).await?;
    app.bring().await?;
    let accounts = app.accounts().await?;
    let waiting = result.held_back.iter().map(|one| {
        let name = accounts.get(&one.account).map_or(one.account.0.as_str(), |row| &row.name);
        said(name, &one.what)
    });
    let waiting: Vec<_> = waiting.collect();
    let body = html! {
        div.done role="status" { (result.issued.len()) " 通の請求書を発行しました。" }
        (issued(&app, &result.issued).await?)
        (held_back(&waiting))
        p.back { a href="/invoices" { "請求書の一覧" } }
    };
    Ok(Page::new(TITLE, body).into_response())
}

/// Of so many invoices the pages tell to whom they go and what became of them.
const TOLD: usize = 100;

/// What was issued to whom, and what became of its mail.
async fn issued(app: &App, numbers: &[String]) -> Result<Markup, Trouble> {
    let mut rows = Vec::new();
    for number in numbers.iter().take(TOLD) {
        let Some(view) = app.engine.store.view("invoice", number).await? else { continue };
        let Some(row) = read_rows::<InvoiceRow>("invoice", vec![view])?.pop() else { continue };
        let customer = app.account_row(&row.account).await?;
        let row = row.content;
        let mail = Effect::from(InvoiceMail { number: number.clone() }).name();
        let sent = app.engine.store.effect(&mail).await?;
        rows.push(vec![
            parts::id_link("/invoices", number),
            parts::name(&customer.map(|row| row.name).unwrap_or_default()),
            parts::yen(row.total),
            parts::day(row.due),
            sent.map_or_else(parts::none, |sent| parts::chip(words::outbox_state(sent.state))),
        ]);
    }
    let columns =
        [Text("請求書"), Text("契約者"), Number("合計"), Text("支払期日"), Text("メール")];
    Ok(html! {
        (parts::table(&columns, &rows, "新しく請求するものはありませんでした。"))
        @if numbers.len() > TOLD {
            p.note { "ほか " (numbers.len() - TOLD) " 通。" a href="/invoices" { "請求書の一覧" } "で見られます。" }
        }
    })
}

/// What the run would issue, as of now; the numbers are given when it runs.
async fn drafts(
    app: &App,
    visitor: &Visitor,
    month: Month,
    issued_on: Day,
) -> Result<Markup, Trouble> {
    let run = Run { id: format!("{month}@{issued_on}"), month, issued_on };
    let accounts = app.accounts().await?;
    let (mut rows, mut waiting, mut total) = (Vec::new(), Vec::new(), Yen::ZERO);
    for (account, row) in &accounts {
        let state = app.engine.state(account).await?;
        let drafted = draft(&app.engine.law, account, &state, &run)
            .map_err(|error| Trouble::from(engine::EngineError::Law(error)))?;
        waiting.extend(drafted.held_back.iter().map(|what| said(&row.name, what)));
        total += drafted.invoices.iter().map(|invoice| invoice.total).sum::<Yen>();
        for invoice in &drafted.invoices {
            let to = match rows.len() < TOLD {
                true => addressee(app, visitor, &state, invoice).await?,
                false => parts::none(),
            };
            rows.push(draft_row(&row.name, invoice, to));
        }
    }
    let columns = [
        Text("契約者"),
        Text("宛先"),
        Text("種類"),
        Text("内容"),
        Number("税抜"),
        Number("消費税"),
        Number("合計"),
        Text("支払期日"),
    ];
    Ok(html! {
        h2 { "発行される請求書の下書き" }
        p { (rows.len()) " 通、合計 " b { (parts::yen(total)) } }
        (parts::table(&columns, &rows, "新しく請求するものはありません。"))
        @if rows.len() > TOLD { p.note { "宛先は、はじめの " (TOLD) " 通について示しています。" } }
        (held_back(&waiting))
    })
}

/// To whom it is addressed, where that is not the customer, and where its mail goes.
async fn addressee(
    app: &App,
    visitor: &Visitor,
    state: &AccountState,
    invoice: &Invoice,
) -> Result<Markup, Trouble> {
    let Some(contract) = invoice.contracts().first().map(|id| (*id).clone()) else {
        return Ok(parts::none());
    };
    let to = state.parties.bill_to_on(&contract, invoice.issued_on).map(|to| to.name.clone());
    let mail = app.engine.invoices_go_to(state, &contract).await?;
    let sees_people = visitor.holds(Permission::ReadPersonal);
    Ok(html! {
        @if let Some(to) = to { div { (to) } }
        @match mail {
            Some(mail) if sees_people => span.verbatim { (mail) },
            Some(_) => "登録されている連絡先",
            None => b { "メールの宛先がありません" },
        }
    })
}

fn draft_row(name: &str, invoice: &Invoice, to: Markup) -> Vec<Markup> {
    let taxable: Yen = invoice.tax_groups.iter().map(|group| group.taxable).sum();
    let tax: Yen = invoice.tax_groups.iter().map(|group| group.tax).sum();
    let lines = html! {
        details {
            summary { (invoice.lines.len()) " 件" }
            ul { @for line in &invoice.lines {
                li { (line.charge.name) " " (parts::month(line.charge.key.month)) " " (parts::yen(line.amount))
                    @if line.is_correction() { span.note { "（訂正）" } } }
            } }
        }
    };
    vec![
        parts::name(name),
        to,
        html! {
            (words::invoice_kind(invoice.kind))
            @if invoice.kind == InvoiceKind::LateInterest {
                @let months: BTreeSet<_> = invoice.lines.iter().map(|line| line.charge.key.month).collect();
                span.note { @for month in months { (parts::month(month)) " " } "に完済した分" }
            }
        },
        lines,
        parts::yen(taxable),
        parts::yen(tax),
        parts::yen(invoice.total),
        parts::day(invoice.due),
    ]
}

/// Whose it is and what is held back.
fn said(name: &str, what: &HeldBack) -> String {
    format!("{name}：{}", what.line(Language::Japanese))
}

fn held_back(held_back: &[String]) -> Markup {
    html! {
        @if !held_back.is_empty() {
            h3 { "請求しないで残すもの" }
            ul { @for why in held_back { li { (why) } } }
        }
    }
}
