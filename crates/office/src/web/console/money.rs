//! Money that came in: entered by hand, from a file of the bank, or assigned to an
//! account when nobody knew whose it was.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use contract::declare::fact::{Fact, Payment};
use contract::declare::ids::{AccountId, InputId};
use contract::road::stream::Content;
use contract::who::roles::Permission;
use engine::RefusedRow;
use maud::{Markup, html};
use reckon::Yen;
use serde::Deserialize;

use super::desk_form::{again, done};
use super::uploads::{faults, hat_with, required};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::{Bringing, Taken, morning};
use crate::web::field::{self, Reached, may, must};
use crate::web::form::Form;
use crate::web::parts::Column::{Number, Text};
use crate::web::{App, links, parts};

/// A deposit of a bank file that waits for its account.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    row: String,
}

const PAYMENT: &str = "入金の登録";
const DEPOSITS: &str = "入金ファイル";

pub async fn payment(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(chosen): Query<Chosen>,
) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    form.set("on", app.engine.now().day());
    if !chosen.row.is_empty() {
        let rows = unmatched(&app).await?;
        let missing = || {
            Trouble::not_found("入金の行", &chosen.row, "入金ファイルの一覧から選んでください。")
        };
        let row = rows.iter().find(|row| row.content == chosen.row).ok_or_else(missing)?;
        form.set("row", &row.content);
        if let Some(amount) = amount_of(row) {
            form.set("amount", amount);
        }
    }
    payment_page(&app, &visitor, &form, Reached::Typing).await
}

async fn payment_page(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    reached: Reached,
) -> Result<Page, Trouble> {
    let rows = unmatched(app).await?;
    let row = rows.iter().find(|row| row.content == form.text("row"));
    let account = app.account_named(form.text("whose")).await?;
    let named = match account {
        Some(account) => app.account_row(&account).await?.map(|row| row.name),
        None => None,
    };
    let inside = html! {
        @if form.is_set("row") { input type="hidden" name="row" value=(form.text("row")); }
        @if let Some(name) = &named { p { "契約者：" b { (name) } } }
        (field::text(form, must("whose", "契約者", "会社名、請求書番号、契約番号、法人番号のいずれか。")))
        (field::day(form, must("on", "入金日", "銀行の口座に入った日（A-44）。")))
        (field::number(form, must("amount", "金額（円）", "振込手数料が差し引かれていれば、実際に入った金額。")))
        (field::text(form, may("payer", "振込名義", "")))
        (field::text(form, may("names", "名指しされた請求書", "請求書番号を空白で区切って。空なら支払期日の古い順に充てます。")))
        (field::reason(form, false))
    };
    let body = html! {
        @if let Some(row) = row {
            p.lead { "相手が分からなかった入金を、契約者に割り当てます。" }
            p.empty { (row.file) " " (row.row) " 行目：" (row.reason) }
        } @else {
            p.lead { "銀行のファイルによらない入金を登録します。" (parts::clause("25-1")) }
        }
        (field::frame(visitor, "/payments/new", form, "登録する", reached, inside))
        p.back { a href="/deposits" { "入金ファイルを読み込む" } }
    };
    Ok(Page::new(PAYMENT, body))
}

pub async fn take_payment(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let whose = form.text("whose").to_owned();
    let account = app.account_named(&whose).await?;
    if account.is_none() {
        form.fault(
            "whose",
            "一社に決まりません。会社名をもう少し詳しく、または請求書番号、契約番号、法人番号のいずれかを入力してください。",
        );
    }
    let on = form.past_day("on", app.engine.now().day());
    let amount = form.yen("amount");
    form.reason(false);
    let names: Vec<String> = form.text("names").split_whitespace().map(str::to_owned).collect();
    for name in &names {
        let found = app.account_of("invoice", name).await?;
        if found.is_none() || found != account {
            form.fault(
                "names",
                format!("「{name}」はこの契約者の請求書ではありません。番号を確かめてください。"),
            );
        }
    }
    let (Some(account), Some(on), Some(amount), true) = (account, on, amount, form.is_good())
    else {
        return Ok(again(payment_page(&app, &visitor, &form, Reached::Typing).await?));
    };
    let payer = document::payer_key(form.text("payer"));
    let content = Content::Fact(Fact::PaymentCredited(Payment { on, amount, payer, names }));
    let taken = match form.is_set("row") {
        true => assign(&app, &visitor, &form, &account, content).await?,
        false => {
            let occurred_at = morning(&app, on);
            let bringing = Bringing { account: &account, content, occurred_at, source: "desk" };
            app.take(&visitor, &form, bringing).await?
        }
    };
    match taken {
        Taken::Registered => Ok(done(&format!("/search?q={}", parts::escaped(&whose)))),
        Taken::Looked(foreseen) => {
            Ok(payment_page(&app, &visitor, &form, foreseen.reached()).await?.into_response())
        }
    }
}

/// Under the id that stands in the row: the same file brings it no second time.
async fn assign(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    account: &AccountId,
    content: Content,
) -> Result<Taken, Trouble> {
    let actor = hat_with(visitor, Permission::RegisterMoney)?;
    let rows = unmatched(app).await?;
    let gone = || {
        Trouble::unusable(
            "この入金はもう割り当てられています。入金ファイルの一覧で確かめてください。",
        )
    };
    let row = rows.iter().find(|row| row.content == form.text("row")).ok_or_else(gone)?;
    let source = format!("{} row {}", row.file, row.row);
    let mut input = app.engine.input(row.content.clone(), account, &actor, &source, content);
    if let Content::Fact(Fact::PaymentCredited(payment)) = &input.content {
        input.occurred_at = morning(app, payment.on);
    }
    if !form.is_confirmed() {
        return Ok(Taken::Looked(app.foresee(visitor, &input).await?));
    }
    let outcome = app.engine.register_because(input, form.text("reason")).await?;
    app.finish(visitor, outcome).await
}

/// Rows of bank files whose payer nobody knew, and that nobody has assigned since.
pub async fn unmatched(app: &App) -> Result<Vec<RefusedRow>, Trouble> {
    let mut open = Vec::new();
    for row in app.engine.store.refused_rows().await? {
        let is_money = ["deposit-", "movement-", REVERSAL];
        let is_money = is_money.iter().any(|of| row.content.starts_with(of));
        let id = row.content.strip_prefix(REVERSAL).unwrap_or(&row.content);
        let waits = is_money && !app.engine.store.has_input(&InputId(id.to_owned())).await?;
        if waits && !open.iter().any(|one: &RefusedRow| one.content == row.content) {
            open.push(row);
        }
    }
    Ok(open)
}

/// Before the id of a movement by which the bank took a payment back.
const REVERSAL: &str = "reversal-";

/// A row that waits, with the way to assign it; `numbered` with its place in the file.
pub fn unmatched_line(row: &RefusedRow, numbered: bool) -> Vec<Markup> {
    let path = format!("/payments/new?row={}", parts::escaped(&row.content));
    let mut line = vec![
        html! { span.id { (row.file) } },
        amount_of(row).map_or_else(parts::none, parts::yen),
        html! { span.reply { (row.reason) } },
        match row.content.starts_with(REVERSAL) {
            true => parts::none(),
            false => links::action(&path, "契約者に割り当てる"),
        },
    ];
    if numbered {
        line.insert(1, html! { (row.row) });
    }
    line
}

/// `… (110,000 yen); …`
fn amount_of(row: &RefusedRow) -> Option<Yen> {
    let (before, _) = row.reason.split_once(" yen)")?;
    let (_, amount) = before.rsplit_once('(')?;
    amount.replace(',', "").parse().ok().map(Yen)
}

pub async fn deposits(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    deposits_page(&app, &visitor, &Form::fresh()?, html! {}).await
}

async fn deposits_page(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    result: Markup,
) -> Result<Page, Trouble> {
    let columns =
        [Text("ファイル"), Number("行"), Number("金額"), Text("分かっていること"), Text("")];
    let rows = unmatched(app).await?;
    let rows: Vec<_> = rows.iter().map(|row| unmatched_line(row, true)).collect();
    let inside = field::file(
        form,
        must(
            "file",
            "入出金明細（全銀形式）",
            "合計や項目が合わなければ、ファイル全体を取り込みません。同じ入出金は、別のファイルで読み込んでも一度だけ数えます。",
        ),
        ".txt,.dat",
    );
    let inside = html! { (inside) (field::reason(form, false)) };
    let body = html! {
        (result)
        p.lead { "銀行の入出金明細を読み込み、入金を請求書に充てます。" (parts::clause("25-1")) }
        (field::frame_with_files(visitor, "/deposits", form, "読み込む", inside))
        (parts::section("相手が分からない入金", parts::table(&columns, &rows, "相手が分からない入金はありません。")))
    };
    Ok(Page::new(DEPOSITS, body))
}

pub async fn take_deposits(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RegisterMoney)?;
    let reason = form.reason(false);
    let file = required(&mut form, "file", "ファイルを選んでください。");
    let Some(file) = file.filter(|_| form.is_good()) else {
        return Ok(again(deposits_page(&app, &visitor, &form, html! {}).await?));
    };
    match app.engine.import_deposits_because(&file.name, &file.bytes, &actor, &reason).await {
        Ok(deposits) => {
            app.bring().await?;
            let result = html! {
                div.done role="status" {
                    @if deposits.repeated { "このファイルは前に読み込んだものです。二重には数えません。 " }
                    "契約者が分かった入金 " (deposits.applied) " 件、登録済みの入金 " (deposits.known)
                    " 件、人が確かめる入金 " (deposits.unmatched.len()) " 件。"
                    @if !deposits.doubts.is_empty() {
                        " うち " (deposits.doubts.len())
                        " 件は、EDI情報の請求書番号がこの契約者のものでないため、支払期日の早い請求書に充てました。"
                    }
                }
            };
            Ok(deposits_page(&app, &visitor, &Form::fresh()?, result).await?.into_response())
        }
        Err(error) => {
            faults(&mut form, "file", error)?;
            Ok(again(deposits_page(&app, &visitor, &form, html! {}).await?))
        }
    }
}
