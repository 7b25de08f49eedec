//! Every wish to stop is tested as a cancellation (15-1) and as a statement against
//! the next extension (13-1); the customer sees both with their yen, then chooses.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use contract::declare::fact::{Fact, NonRenewalStated};
use contract::declare::ids::{ContractId, InputId};
use contract::ending::renewal::{Side, Statement};
use contract::notices::notice::Channel;
use contract::road::stream::{Content, Input};
use contract::road::what_if::{StopResult, StopTrial, spoken_against};
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use contract::{AccountState, Interrupt};
use document::{CancellationSheet, write_cancellation};
use engine::CancellationArrival;
use maud::{Markup, html};
use reckon::Day;

use super::agreement::{clause_note, day, own_contract};
use crate::web::answer::{Page, Trouble};
use crate::web::console::desk_form::{again, done, told};
use crate::web::console::uploads::hat_with;
use crate::web::field::{self, Reached, may, must};
use crate::web::form::Form;
use crate::web::own::Own;
use crate::web::stop_trial::{self, Reader};
use crate::web::{App, parts};

const TITLE: &str = "解約・更新しない";

pub async fn show(
    State(app): State<Arc<App>>,
    own: Own,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let (id, state) = own_contract(&own, &id).await?;
    let mut form = Form::fresh()?;
    form.set("way", "cancel");
    Ok(page(&app, &own, &id, &state, &form, Reached::Typing))
}

fn page(
    app: &App,
    own: &Own,
    id: &ContractId,
    state: &AccountState,
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
        (field::day(form, may("desired", "終わりを希望する日", "空なら、最も早い日になります。更新しない場合は、この日以後で最初に来る利用期間の末日です。")))
    };
    let body = html! {
        p.subject { "契約 " span.id { (id) } "　決まっている利用期間の末日 " (day(contract.period.to)) }
        @if !admits(app, contract, "portal") {
            p.warning { "この画面から送ることはできません。記入済みの解約申込書をお作りしますので、署名して送ってください。"
                b { "届くまでは効力がありません。" } }
        }
        (field::frame(&own.visitor, &format!("{}/stop", parts::path("/my/contracts", &id.0)), form, "この内容で送る", reached, inside))
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
    Extension(caller): Extension<Interrupt>,
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
    let (cancels, desired) = read(&app, contract, &mut form);
    if !form.is_good() {
        return Ok(again(page(&app, &own, &id, &state, &form, Reached::Typing)));
    }
    let by_portal = admits(&app, contract, "portal");
    if form.text("step") == "paper" && cancels {
        let company = state.company_on(contract, app.engine.now().day()).name.clone();
        return paper(&own, &id, company, desired);
    }
    let trial = app.engine.try_to_stop(&id, desired, &caller).await?;
    // What was shown is part of what is confirmed: if it is another result by now,
    // it is shown again.
    form.set("result", shown(&trial));
    if !form.is_confirmed() || (cancels && !by_portal) {
        let both = both(&trial, cancels, desired);
        let reached = match cancels && !by_portal {
            true => Reached::Paper(both),
            false => Reached::Looked(both),
        };
        return Ok(page(&app, &own, &id, &state, &form, reached).into_response());
    }
    if cancels {
        let arrival = CancellationArrival {
            contract: id.clone(),
            channel: Channel::Portal,
            arrived_at: app.engine.now(),
            desired,
            signed_by: None,
            file: None,
        };
        app.engine.receive_cancellation(&key, own.account(), arrival, "portal", &actor, "").await?;
    } else if let Some(result) = &trial.non_renewal {
        let against = spoken_against(desired, result.ends_on);
        let input = statement(&app, &own, &key, &id, against, &actor);
        app.engine.register(input).await?;
    } else {
        form.fault("way", "この契約は、この方法では終わりません。もう一方を選んでください。");
        return Ok(again(page(&app, &own, &id, &state, &form, Reached::Typing)));
    }
    app.bring().await?;
    app.afterwards.keep(form.key()?, &own.visitor.person, both(&trial, cancels, desired));
    Ok(told(&back, &form))
}

/// Which way was chosen, and for which day.
fn read(app: &App, contract: &contract::ContractState, form: &mut Form) -> (bool, Option<Day>) {
    let desired = form.wished_if_set("desired", app.engine.now().day(), contract.period.to);
    let cancels = match form.text("way") {
        "cancel" => true,
        "expire" => false,
        _ => {
            form.fault("way", "どちらで終えるかを選んでください。");
            false
        }
    };
    if contract.end.is_some() {
        form.fault(
            "way",
            "この契約はすでに終わる日が決まっています。契約の内容で確かめてください。",
        );
    }
    (cancels, desired)
}

/// 13-1b: the statement that the trial was made of.
fn statement(
    app: &App,
    own: &Own,
    key: &str,
    contract: &ContractId,
    against: Option<Day>,
    actor: &Actor,
) -> Input {
    let now = app.engine.now();
    let statement = Statement {
        by: Side::Customer,
        channel: Channel::Portal,
        sent_at: now,
        arrived_at: Some(now),
        against,
    };
    let fact = Fact::NonRenewalStated(NonRenewalStated { contract: contract.clone(), statement });
    app.engine.input(key, own.account(), actor, "portal", Content::Fact(fact))
}

/// Days and yen of both ways, as one text.
fn shown(trial: &StopTrial) -> String {
    let of = |result: &Option<StopResult>| {
        result.as_ref().map_or_else(String::new, |one| format!("{} {}", one.ends_on, one.total))
    };
    format!("{} / {}", of(&trial.cancellation), of(&trial.non_renewal))
}

fn both(trial: &StopTrial, cancels: bool, wished: Option<Day>) -> Markup {
    let reader = Reader {
        clause: clause_note,
        day,
        chosen: Some(cancels),
        wished,
        unpaid: Some(trial.unpaid),
        title: "今日届いた場合の結果",
    };
    stop_trial::both(trial, &reader)
}

/// The filled form: it takes effect when it arrives signed.
fn paper(
    own: &Own,
    id: &ContractId,
    company: String,
    desired: Option<Day>,
) -> Result<Response, Trouble> {
    let (contract, signed_by) = (id.0.clone(), own.visitor.name.clone());
    let sheet = CancellationSheet { company, contract, desired, signed_by };
    let bytes =
        write_cancellation(Some(&sheet)).map_err(|fault| Trouble::unusable(fault.line_ja()))?;
    Ok(xlsx("解約申込書.xlsx", bytes))
}

/// A workbook to be kept.
pub fn xlsx(name: &str, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let place = format!("attachment; filename*=UTF-8''{}", parts::escaped(name));
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, place)], bytes)
        .into_response()
}
