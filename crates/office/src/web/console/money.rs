//! Money that came in: entered by hand, or assigned to an account when nobody knew whose
//! it was.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use contract::declare::fact::{Fact, Payment};
use contract::declare::ids::AccountId;
use contract::road::stream::Content;
use contract::who::roles::Permission;
use engine::{Likeness, MovementDetails, WaitingMovement};
use maud::html;
use serde::Deserialize;

use super::deposits;
use super::desk_form::{again, told};
use super::uploads::hat_with;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::{Bringing, Taken, morning};
use crate::web::field::{self, Reached, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// A deposit of a bank file that waits for its account.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    row: String,
    /// The customer who was proposed for it.
    #[serde(default)]
    account: String,
}

const PAYMENT: &str = "入金の登録";

pub async fn payment(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(chosen): Query<Chosen>,
) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    form.set("on", app.engine.now().day());
    if !chosen.row.is_empty() {
        let missing = || {
            Trouble::not_found("入金の行", &chosen.row, "入金ファイルの一覧から選んでください。")
        };
        let movement = waiting_under(&app, &chosen.row).await?.ok_or_else(missing)?;
        form.set("row", &movement.id);
        match deposits::details(&movement) {
            Some(details) => fill(&app, &mut form, &details, &chosen.account).await?,
            None => {
                if let Some(amount) = deposits::amount_in(&movement.reason) {
                    form.set("amount", amount);
                }
            }
        }
    }
    payment_page(&app, &visitor, &form, Reached::Typing).await
}

/// What the bank says, and of whom it was proposed.
async fn fill(
    app: &App,
    form: &mut Form,
    details: &MovementDetails,
    account: &str,
) -> Result<(), Trouble> {
    form.set("on", details.on);
    form.set("amount", details.amount);
    form.set("payer", &details.payer);
    let chosen = details.candidates.iter().find(|one| one.account.0 == account);
    let Some(candidate) = chosen else { return Ok(()) };
    let number = account.strip_prefix("A-").unwrap_or(account);
    let named = app.account_named(&candidate.name).await?;
    let whose = if named.as_ref() == Some(&candidate.account) { &candidate.name } else { number };
    form.set("whose", whose);
    for one in &candidate.because {
        if let Likeness::Invoice { number } = one {
            form.set("names", number);
        }
    }
    // What its own name is needs no learning.
    if !candidate.because.contains(&Likeness::SameName) {
        form.set("learn", "yes");
    }
    Ok(())
}

/// A movement, while it waits.
async fn waiting_under(app: &App, id: &str) -> Result<Option<WaitingMovement>, Trouble> {
    Ok(deposits::waiting(app).await?.into_iter().find(|movement| movement.id == id))
}

async fn payment_page(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    reached: Reached,
) -> Result<Page, Trouble> {
    let movement = match form.is_set("row") {
        true => waiting_under(app, form.text("row")).await?,
        false => None,
    };
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
        @if movement.is_some() {
            (field::check(form, may("learn", "この名義を、この契約者の振込名義として覚える", "次の入金から候補に示します。違っていれば、契約者の記録から取り消せます。")))
        }
        (field::text(form, may("names", "名指しされた請求書", "請求書番号を空白で区切って。空なら支払期日の古い順に充てます。")))
        (field::reason(form, false))
    };
    let body = html! {
        @if let Some(movement) = &movement {
            p.lead { "相手が分からなかった入金を、契約者に割り当てます。" }
            (deposits::told(movement))
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
        let missing = "会社名、請求書番号、契約番号、法人番号のいずれかを入力してください。";
        let several = "一社に決まりません。会社名をもう少し詳しく、または請求書番号、契約番号、法人番号のいずれかを入力してください。";
        form.fault("whose", if whose.is_empty() { missing } else { several });
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
        Taken::Registered => Ok(told(&parts::path("/customers", &account.0), &form)),
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
    let gone = || {
        Trouble::unusable(
            "この入金はもう割り当てられています。入金ファイルの一覧で確かめてください。",
        )
    };
    let movement = waiting_under(app, form.text("row")).await?.ok_or_else(gone)?;
    let source = format!("{} row {}", movement.file, movement.row);
    let mut input = app.engine.input(movement.id.clone(), account, &actor, &source, content);
    if let Content::Fact(Fact::PaymentCredited(payment)) = &input.content {
        input.occurred_at = morning(app, payment.on);
    }
    if !form.is_confirmed() {
        return Ok(Taken::Looked(Box::new(app.foresee(visitor, &input).await?)));
    }
    let contract = match form.is_set("learn") {
        true => app.account_row(account).await?.and_then(|row| row.contracts.into_iter().next()),
        false => None,
    };
    let name = form.text("payer");
    let learned = contract
        .filter(|_| !name.trim().is_empty())
        .map(|contract| app.engine.name_learned(account, contract, &movement.id, name, &actor));
    let outcome = app.engine.enter_movement(input, learned, form.text("reason")).await?;
    app.finish(visitor, outcome).await
}
