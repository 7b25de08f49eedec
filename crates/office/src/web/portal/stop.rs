//! Every wish to stop is tested as a cancellation (15-1) and as a statement against
//! the next extension (13-1); the customer sees both with their yen, then chooses.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use contract::act::Actor;
use contract::fact::Fact;
use contract::ids::{ContractId, InputId};
use contract::notice::Channel;
use contract::roles::Permission;
use contract::stream::{Content, Input};
use contract::use_period::{Side, Statement};
use contract::{AccountState, CancellationForm};
use document::{CancellationSheet, write_cancellation};
use engine::CancellationArrival;
use maud::{Markup, html};
use reckon::Day;

use super::agreement::{clause_note, day, own_contract};
use super::what_if::{Ending, ending};
use crate::web::answer::{Page, Trouble};
use crate::web::console::step::{again, done};
use crate::web::console::uploads::hat_with;
use crate::web::field::{self, Reached, may, must};
use crate::web::form::Form;
use crate::web::own::Own;
use crate::web::{App, parts, words};

const TITLE: &str = "解約・更新しない";

pub async fn show(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let (id, state) = own_contract(&own, &id).await?;
    let mut form = Form::fresh()?;
    form.set("way", "cancel");
    Ok(page(&app, &own, (&id, &state), &form, Reached::Typing))
}

fn page(
    app: &App,
    own: &Own,
    (id, state): (&ContractId, &AccountState),
    form: &Form,
    reached: Reached,
) -> Page {
    let contract = &state.contracts[id];
    let ways = [
        (
            "cancel",
            html! { b { "解約する" } "　希望する日で契約を終えます。届いた日から一定の営業日が必要です。 " (clause_note("15-1")) },
        ),
        (
            "expire",
            html! { b { "更新しない" } "　利用期間の末日で契約を終えます。期限までに届く必要があります。 " (clause_note("13-1")) },
        ),
    ];
    let inside = html! {
        (field::radios(form, must("way", "終え方", "どちらで送る場合も、両方の結果をお見せします。"), &ways))
        (field::day(form, may("desired", "解約を希望する日", "空なら、最も早い日になります。")))
    };
    let body = html! {
        p.subject { "契約 " span.id { (id) } "　今の利用期間の末日 " (day(contract.period.to)) }
        @if !admits(app, contract, "portal") {
            p.warning { "この画面から送ることはできません。記入済みの解約申込書をお作りしますので、署名して送ってください。"
                b { "届くまでは効力がありません。" } }
        }
        (field::frame(&own.visitor, &format!("{}/stop", parts::path("/my/contracts", &id.0)), form, ("この内容で送る", reached), inside))
        p.back { a href=(parts::path("/my/contracts", &id.0)) { "送らずに戻る" } }
    };
    Page::new(TITLE, body)
}

/// whether a cancellation counts on a channel.
fn admits(app: &App, contract: &contract::ContractState, channel: &str) -> bool {
    let terms = app.engine.law.effective(app.engine.now(), &contract.agreements);
    terms.is_ok_and(|terms| terms.rules.cancel_channels.iter().any(|one| one == channel))
}

pub async fn take(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let (id, state) = own_contract(&own, &id).await?;
    let contract = &state.contracts[&id];
    let actor = hat_with(&own.visitor, Permission::AskOwn)?;
    let key = format!("form-{}", form.key()?);
    let back = parts::path("/my/contracts", &id.0);
    if app.engine.store.has_input(&InputId(key.clone())).await? {
        return Ok(done(&back));
    }
    let desired = form.day_if_set("desired");
    let cancels = match form.text("way") {
        "cancel" => true,
        "expire" => false,
        _ => {
            form.fault("way", "どちらで終えるかを選んでください。");
            false
        }
    };
    if desired.is_some_and(|day| day < app.engine.now().day()) {
        form.fault("desired", "過ぎた日は選べません。今日以降の日を入力してください。");
    }
    if contract.end.is_some() {
        form.fault(
            "way",
            "この契約はすでに終わる日が決まっています。契約の内容で確かめてください。",
        );
    }
    if !form.is_good() {
        return Ok(again(page(&app, &own, (&id, &state), &form, Reached::Typing)));
    }
    let by_portal = admits(&app, contract, "portal");
    if form.text("step") == "paper" && cancels {
        return paper(&own, &id, contract, desired);
    }
    if !form.is_confirmed() || (cancels && !by_portal) {
        let wishes = wishes(&app, &own, &id, desired, &actor);
        let both = both(&app, &own, &id, cancels, &wishes).await?;
        let reached = match cancels && !by_portal {
            true => Reached::Paper(both),
            false => Reached::Looked(both),
        };
        return Ok(page(&app, &own, (&id, &state), &form, reached).into_response());
    }
    let (cancellation, statement) = wishes(&app, &own, &id, desired, &actor);
    if cancels {
        let arrived_at = cancellation.occurred_at;
        let arrival = CancellationArrival {
            contract: id.clone(),
            channel: Channel::Portal,
            arrived_at,
            desired,
            signed_by: None,
            file: None,
        };
        app.engine
            .receive_cancellation(&key, own.account(), arrival, ("portal", &actor, ""))
            .await?;
    } else {
        app.engine.register(Input { id: InputId(key), ..statement }).await?;
    }
    app.bring().await?;
    Ok(done(&back))
}

/// The same wish, as a cancellation and as a statement against extension.
fn wishes(
    app: &App,
    own: &Own,
    id: &ContractId,
    desired: Option<Day>,
    actor: &Actor,
) -> (Input, Input) {
    let now = app.engine.now();
    let contract = id.clone();
    let cancellation = Fact::CancellationFormArrived {
        contract: contract.clone(),
        channel: Channel::Portal,
        arrived_at: now,
        form: CancellationForm { desired, signed_by: String::new(), signed_by_other: false },
    };
    let statement = Statement {
        by: Side::Customer,
        channel: Channel::Portal,
        sent_at: now,
        arrived_at: Some(now),
        against: None,
    };
    let statement = Fact::NonRenewalStated { contract, statement };
    let input =
        |id: &str, fact| app.engine.input(id, own.account(), actor, "portal", Content::Fact(fact));
    (input("what-if-15-1", cancellation), input("what-if-13-1", statement))
}

async fn both(
    app: &App,
    own: &Own,
    id: &ContractId,
    cancels: bool,
    (cancellation, statement): &(Input, Input),
) -> Result<Markup, Trouble> {
    let case = app.engine.case(own.account()).await?;
    let of = |input: &Input| {
        ending(&app.engine.law, &case, (own.account(), id), input)
            .map_err(|error| Trouble::from(engine::EngineError::Law(error)))
    };
    // As if it had come on paper: the comparison holds, whatever the channel.
    let mut on_paper = cancellation.clone();
    if let Content::Fact(Fact::CancellationFormArrived { channel, .. }) = &mut on_paper.content
        && !admits(app, &app.engine.account_state(own.account()).await?.contracts[id], "portal")
    {
        *channel = Channel::Paper;
    }
    let (cancelled, expired) = (of(&on_paper)?, of(statement)?);
    Ok(html! {
        h2 { "今日届いた場合の結果" }
        div.compare {
            (result("解約する", "15-1", &cancelled, cancels))
            (result("更新しない", "13-1", &expired, !cancels))
        }
        p.note { "金額は税込の見込みで、従量の利用料金は含みません。実際の金額は請求書でお知らせします。" }
    })
}

fn result(title: &str, clause: &str, ending: &Ending, chosen: bool) -> Markup {
    html! {
        section.option.chosen[chosen] {
            h3 { (title) " " (clause_note(clause)) @if chosen { " " (parts::chip(("選択中", parts::Tone::Plain))) } }
            @match ending.end {
                None => p { "この方法では契約は終わりません。" },
                Some((on, cause)) => {
                    dl.totals {
                        div { dt { "契約が終わる日" } dd { (day(on)) } }
                        div { dt { "終わり方" } dd { (words::end_cause(cause)) } }
                        div { dt { "その日までの月額料金（未請求分）" } dd { (parts::yen(ending.fees)) } }
                        div { dt { "最低利用期間の残余分" } dd { (parts::yen(ending.early)) } }
                        div { dt { "請求済みで未払いのもの" } dd { (parts::yen(ending.unpaid)) } }
                        div.sum { dt { "合計" } dd { (parts::yen(ending.total())) } }
                    }
                }
            }
        }
    }
}

/// The filled form: it takes effect when it arrives signed.
fn paper(
    own: &Own,
    id: &ContractId,
    contract: &contract::ContractState,
    desired: Option<Day>,
) -> Result<Response, Trouble> {
    let form =
        CancellationForm { desired, signed_by: own.visitor.name.clone(), signed_by_other: false };
    let company = contract.form.applicant.name.clone();
    let sheet = CancellationSheet { company, contract: id.0.clone(), form };
    let bytes =
        write_cancellation(Some(&sheet)).map_err(|fault| Trouble::unusable(fault.to_string()))?;
    Ok(xlsx("解約申込書.xlsx", bytes))
}

/// A workbook to be kept.
pub fn xlsx(name: &str, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let place = format!("attachment; filename*=UTF-8''{}", parts::escaped(name));
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, place)], bytes)
        .into_response()
}
