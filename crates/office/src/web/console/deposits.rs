//! Files of the bank: what was booked of them, and the movements that wait for a person,
//! each with the customers whose it may be.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use contract::declare::fact::Payment;
use contract::who::roles::Permission;
use document::read_deposits;
use engine::listed::{Field, Listed, Test};
use engine::{Candidate, Deposits, MovementDetails, WaitingMovement, WhyWaiting, read_apart};
use maud::{Markup, html};
use reckon::Yen;

use super::desk_form::{again, done};
use super::looked_file;
use super::uploads::{faults, hat_with, required};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::field::{self, Reached, may};
use crate::web::form::Form;
use crate::web::list::{self, Found, Listing, Seen, Shown, Wanted};
use crate::web::paged::Asked;
use crate::web::parts::Column::{self, Number, Text};
use crate::web::{App, links, parts};

const TITLE: &str = "入金ファイル";

/// What is shown of a movement that waits.
pub const COLUMNS: &[Column] = &[
    Text("入金日"),
    Number("金額"),
    Text("振込名義・EDI情報"),
    Text("確かめること"),
    Text("契約者の候補"),
    Text("ファイル"),
    Text(""),
];

/// Movements that wait.
pub async fn waiting(app: &App) -> Result<Vec<WaitingMovement>, Trouble> {
    Ok(app.engine.waiting_movements().await?)
}

/// What is known of it; older programs kept a sentence only.
pub fn details(movement: &WaitingMovement) -> Option<MovementDetails> {
    serde_json::from_value(movement.content.clone()).ok()
}

/// `… (110,000 yen); …`, as older programs kept it.
pub fn amount_in(reason: &str) -> Option<Yen> {
    let (before, _) = reason.split_once(" yen)")?;
    let (_, amount) = before.rsplit_once('(')?;
    amount.replace(',', "").parse().ok().map(Yen)
}

/// The list of movements that wait.
pub struct Waiting;

impl Listing for Waiting {
    type Row = Listed<WaitingMovement>;
    const PATH: &'static str = "/deposits";
    const TITLE: &'static str = "相手が分からない入金";
    const EMPTY: &'static str = "相手が分からない入金はありません。";
    const ORDER: &'static str = "file";

    fn columns() -> Vec<list::Column<Listed<WaitingMovement>>> {
        vec![
            Self::text("入金日", |_, one| Shown::day(details(&one.row).map(|known| known.on)))
                .by("on", &[Field::Text("on")]),
            Self::number("金額", |_, one| {
                let known = details(&one.row).map(|known| known.amount);
                Shown::yen(known.or_else(|| amount_in(&one.row.reason)))
            })
            .by("amount", &[Field::Number("amount")])
            .summed(Field::Number("amount")),
            Self::text("振込名義・EDI情報", |_, one| match details(&one.row) {
                Some(known) => {
                    let words = format!("{} {}", known.payer, known.edi.trim());
                    Shown::both(payer(&known), words.trim_end())
                }
                None => Shown::None,
            })
            .by("payer", &[Field::Text("payer")]),
            Self::text("確かめること", |_, one| match details(&one.row) {
                Some(known) => Shown::Text(why(&known.why)),
                None => {
                    let reason = &one.row.reason;
                    Shown::both(html! { span.reply { (reason) } }, reason)
                }
            }),
            Self::text("契約者の候補", |_, one| match details(&one.row) {
                Some(known) => {
                    let names = known.candidates.iter().map(|one| one.name.as_str());
                    Shown::both(candidates(&one.row, &known), names.collect::<Vec<_>>().join("、"))
                }
                None => Shown::None,
            }),
            Self::text("ファイル", |_, one| {
                Shown::Text(format!("{} {}行目", one.row.file, one.row.row))
            })
            .by("file", &[Field::Text("file"), Field::Number("line_no")]),
            Self::text("", |_, one| {
                let known = details(&one.row);
                let is_reversal = known.map_or_else(
                    || one.row.id.starts_with("reversal-"),
                    |known| known.is_reversal(),
                );
                let aside = format!("{}/set-aside", parts::path("/deposits", &one.row.id));
                Shown::both(links::steps(ways(&one.row, is_reversal, &aside)), "")
            })
            .only_on_page(),
        ]
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        field::text(form, may("q", "名義またはファイル", "名義や名前の一部"))
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Listed<WaitingMovement>>,
    ) -> Result<Found<Listed<WaitingMovement>>, Trouble> {
        let text = form.text("q").trim().to_owned();
        let places = ["payer", "edi", "file"].map(Field::Text);
        let holds = places.map(|place| Test::Holds(place, text.clone())).to_vec();
        let tests = if text.is_empty() { Vec::new() } else { vec![Test::Any(holds)] };
        let found = seen.app.engine.store.list_movements(&wanted.query(tests)).await?;
        Found::of(found, Ok)
    }
}

fn payer(details: &MovementDetails) -> Markup {
    html! {
        (details.payer)
        @if !details.edi.trim().is_empty() { br; span.note { "EDI " (details.edi) } }
    }
}

/// A movement that waits, with the ways to settle it.
pub fn line(movement: &WaitingMovement) -> Vec<Markup> {
    let aside = format!("{}/set-aside", parts::path("/deposits", &movement.id));
    let file = html! { (movement.file) " " (movement.row) "行目" };
    let Some(details) = details(movement) else {
        let amount = amount_in(&movement.reason);
        return vec![
            parts::none(),
            amount.map_or_else(parts::none, parts::yen),
            parts::none(),
            html! { span.reply { (movement.reason) } },
            parts::none(),
            file,
            links::steps(ways(movement, movement.id.starts_with("reversal-"), &aside)),
        ];
    };
    vec![
        parts::day(details.on),
        parts::yen(details.amount),
        payer(&details),
        html! { (why(&details.why)) },
        candidates(movement, &details),
        file,
        links::steps(ways(movement, details.is_reversal(), &aside)),
    ]
}

fn ways(movement: &WaitingMovement, is_reversal: bool, aside: &str) -> Vec<Markup> {
    let assign = format!("/payments/new?row={}", parts::escaped(&movement.id));
    let assign = (!is_reversal).then(|| links::action(&assign, "割り当てる"));
    assign.into_iter().chain([links::action(aside, "除く")]).collect()
}

fn candidates(movement: &WaitingMovement, details: &MovementDetails) -> Markup {
    let row = parts::escaped(&movement.id);
    html! {
        @if details.candidates.is_empty() { (parts::none()) }
        @for one in &details.candidates {
            div {
                @if details.is_reversal() { (one.name) }
                @else {
                    a href=(format!("/payments/new?row={row}&account={}", parts::escaped(&one.account.0))) {
                        (one.name)
                    }
                }
                span.note { "（" (because(one)) "）" }
            }
        }
    }
}

/// Why a movement waits.
pub fn why(why: &WhyWaiting) -> String {
    match why {
        WhyWaiting::Unsure => "契約者が一社に決まりません。".to_owned(),
        WhyWaiting::OthersInvoice { number } => {
            format!("EDI情報の請求書{number}は、この名義とは別の契約者のものです。")
        }
        WhyWaiting::Cheque => "他店券（小切手・手形）は、決済されるまで入金ではありません。".to_owned(),
        WhyWaiting::ReversalOfUnknown => {
            "銀行の訂正ですが、取り消された入金が見つかりません。その入金を登録してからファイルをもう一度読み込むか、両方を除きます。".to_owned()
        }
    }
}

/// Why it may be of a customer.
pub fn because(candidate: &Candidate) -> String {
    let reasons: Vec<_> = candidate.because.iter().map(|likeness| likeness.told().ja).collect();
    reasons.join("、")
}

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    whole(&app, &visitor, &Form::fresh()?, &asked, html! {}, Reached::Typing).await
}

async fn page(app: &App, visitor: &Visitor, form: &Form, result: Markup) -> Result<Page, Trouble> {
    whole(app, visitor, form, &Asked::default(), result, Reached::Typing).await
}

/// The page with a part of what waits.
async fn whole(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    asked: &Asked,
    result: Markup,
    reached: Reached,
) -> Result<Page, Trouble> {
    let seen = Seen::by(app, visitor).await?;
    let list = list::part::<Waiting>(&seen, asked).await?;
    let inside = looked_file::choose(
        form,
        "入出金明細（全銀形式）",
        "合計や項目が合わなければ、ファイル全体を取り込みません。同じ入出金は、別のファイルで読み込んでも一度だけ数えます。",
        ".txt,.dat",
    );
    let inside = html! { (inside) (field::reason(form, false)) };
    let body = html! {
        (result)
        p.lead { "銀行の入出金明細を読み込み、入金を請求書に充てます。名義が一社に決まらない入金は、候補を示して確かめていただきます。EDI情報は、振り込んだ人が振込に添えた文字（請求書番号など）です。" (parts::clause("25-1")) }
        (looked_file::frame(visitor, "/deposits", form, "読み込む", &reached, inside))
        (parts::section(Waiting::TITLE, list))
        (set_aside(app).await?)
    };
    Ok(Page::new(TITLE, body))
}

/// The last movements that were set aside, each with the way back.
async fn set_aside(app: &App) -> Result<Markup, Trouble> {
    let told = app.engine.set_aside().await?;
    let mut rows = Vec::new();
    for (at, one) in told.iter().enumerate().rev() {
        let is_last = !told[at + 1..].iter().any(|later| later.movement == one.movement);
        if !one.taken_up && is_last && rows.len() < 20 {
            let back = format!("{}/take-up", parts::path("/deposits", &one.movement));
            let movement = app.engine.store.movement(&one.movement).await?;
            let known = movement.as_ref().and_then(details);
            rows.push(vec![
                known.as_ref().map_or_else(parts::none, |known| parts::day(known.on)),
                known.as_ref().map_or_else(parts::none, |known| parts::yen(known.amount)),
                known.map_or_else(parts::none, |known| html! { (known.payer) }),
                html! { (one.file) " " (one.row) "行目" },
                parts::moment(one.at),
                parts::person(app.engine.name_of(&one.by)),
                links::action(&back, "戻す"),
            ]);
        }
    }
    let columns = [
        Text("入金日"),
        Number("金額"),
        Text("振込名義"),
        Text("ファイル"),
        Text("除いた日時"),
        Text("除いた人"),
        Text(""),
    ];
    Ok(html! {
        @if !rows.is_empty() { (parts::section("除いた入出金", parts::table(&columns, &rows, ""))) }
    })
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RegisterMoney)?;
    let reason = form.reason(false);
    let file = required(&mut form, "file", "ファイルを選んでください。");
    let Some(file) = file.filter(|_| form.is_good()) else {
        return Ok(again(page(&app, &visitor, &form, html! {}).await?));
    };
    if !looked_file::is_confirmed(&mut form, &file)
        && let Ok(read) = read_apart(read_deposits, &file.name, &file.bytes).await
    {
        let ahead = app.engine.deposits_ahead(&file.name, &file.bytes, &read, &actor).await?;
        let matched = looked_file::matched(&app, &visitor, &ahead).await?;
        let looked = Reached::Looked(html! { (looked_file::deposits(&read)) (matched) });
        let asked = Asked::default();
        let page = whole(&app, &visitor, &form, &asked, html! {}, looked).await?;
        return Ok(page.into_response());
    }
    match app.engine.import_deposits_because(&file.name, &file.bytes, &actor, &reason).await {
        Ok(deposits) => {
            app.bring().await?;
            let booked = booked(&app, &deposits).await?;
            let result = html! { (result(&deposits)) (booked) };
            Ok(page(&app, &visitor, &Form::fresh()?, result).await?.into_response())
        }
        Err(error) => {
            faults(&mut form, "file", error)?;
            let what_to_do = "銀行のサイトで「全銀形式」の「入出金取引明細」を選び、.txt か .dat のファイルを取得してください。";
            looked_file::other_kind(&mut form, &file, &[".txt", ".dat"], what_to_do);
            Ok(again(page(&app, &visitor, &form, html! {}).await?))
        }
    }
}

fn result(deposits: &Deposits) -> Markup {
    html! {
        div.done role="status" {
            @if deposits.repeated { "このファイルは前に読み込んだものです。二重には数えません。 " }
            "契約者が分かった入金 " (deposits.applied) " 件、登録済みの入金 " (deposits.known)
            " 件、人が確かめる入金 " (deposits.unmatched.len()) " 件。"
            @if !deposits.doubts.is_empty() {
                " うち " (deposits.doubts.len())
                " 件は、EDI情報の請求書番号が見つからないため、支払期日の早い請求書に充てました。"
            }
        }
    }
}

/// Of so many movements of a file the page tells where they went; the others stand on
/// the pages of their invoices.
const TOLD: usize = 50;

/// What was booked now: whose it is, and which invoices it went to.
async fn booked(app: &App, deposits: &Deposits) -> Result<Markup, Trouble> {
    let mut rows = Vec::new();
    for (account, id) in deposits.booked.iter().take(TOLD) {
        let name = app.name_of_account(account).await?;
        let known = app.engine.account(account).await?;
        let case = known.case();
        let payment = case.in_force().facts::<Payment>().rev().find(|(one, _)| one.input == *id);
        let settled = known.state().receivables.iter().flat_map(|(number, receivable)| {
            let of = receivable.payments.iter().filter(|part| part.payment == *id);
            of.map(move |part| (number, part.amount))
        });
        let settled: Vec<_> = settled.collect();
        let entry = parts::path(&format!("/entries/{account}"), &id.0);
        rows.push(vec![
            payment.map_or_else(parts::none, |(_, paid)| parts::day(paid.on)),
            payment.map_or_else(parts::none, |(_, paid)| parts::yen(paid.amount)),
            payment.map_or_else(parts::none, |(_, paid)| html! { (paid.payer) }),
            parts::name(&name),
            html! {
                @if settled.is_empty() { "充てた請求書はありません（仮受金など）" }
                @for (number, amount) in settled {
                    div { (parts::id_link("/invoices", number)) " " (parts::yen(amount)) }
                }
            },
            parts::link(&entry, "登録を見る"),
        ]);
    }
    let columns = [
        Text("入金日"),
        Number("金額"),
        Text("振込名義"),
        Text("契約者"),
        Text("充てた請求書"),
        Text("登録"),
    ];
    Ok(html! {
        @if !rows.is_empty() {
            (parts::section("今回登録した入金", html! {
                (parts::table(&columns, &rows, ""))
                @if deposits.booked.len() > TOLD {
                    p.note { "ほか " (deposits.booked.len() - TOLD) " 件も登録しました。充てた先は、請求書の一覧で見られます。" }
                }
            }))
        }
    })
}

/// What is to become of a movement that is no payment.
#[derive(Clone, Copy)]
struct Verdict {
    title: &'static str,
    path: &'static str,
    /// Whether the movement waits from then on.
    waits: bool,
    verb: &'static str,
    follows: &'static str,
}

const SET_ASIDE: Verdict = Verdict {
    title: "入出金を除く",
    path: "set-aside",
    waits: false,
    verb: "除く",
    follows: "この入出金からは何も登録しません。同じ入出金をもう一度読み込んでも、確かめる一覧には出ません。入金ファイルのページから、いつでも戻せます。",
};
const TAKE_UP: Verdict = Verdict {
    title: "除いた入出金を戻す",
    path: "take-up",
    waits: true,
    verb: "戻す",
    follows: "この入出金を、人が確かめる一覧に戻します。",
};

pub async fn ask_aside(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    verdict(&app, &visitor, &id, SET_ASIDE, &Form::fresh()?, Reached::Typing).await
}

pub async fn put_aside(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    settle(&app, &visitor, &id, SET_ASIDE, form).await
}

pub async fn ask_up(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    verdict(&app, &visitor, &id, TAKE_UP, &Form::fresh()?, Reached::Typing).await
}

pub async fn take_up(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    settle(&app, &visitor, &id, TAKE_UP, form).await
}

async fn settle(
    app: &App,
    visitor: &Visitor,
    id: &str,
    verdict_of: Verdict,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(visitor, Permission::RegisterMoney)?;
    let reason = form.reason(true);
    if !form.is_good() {
        return Ok(again(verdict(app, visitor, id, verdict_of, &form, Reached::Typing).await?));
    }
    if !form.is_confirmed() {
        let looked = Reached::Looked(html! { p { (verdict_of.follows) } });
        return Ok(verdict(app, visitor, id, verdict_of, &form, looked).await?.into_response());
    }
    let done_now = match verdict_of.waits {
        true => app.engine.take_movement_up(id, &actor, &reason).await,
        false => app.engine.set_movement_aside(id, &actor, &reason).await,
    };
    match done_now {
        Ok(()) => Ok(done("/deposits")),
        Err(engine::EngineError::Refused(_)) => Err(Trouble::unusable(
            "この入出金は、いまは別の状態です。入金ファイルのページで確かめてください。",
        )),
        Err(error) => Err(error.into()),
    }
}

async fn verdict(
    app: &App,
    visitor: &Visitor,
    id: &str,
    of: Verdict,
    form: &Form,
    reached: Reached,
) -> Result<Page, Trouble> {
    let missing = || Trouble::not_found("入出金", id, "入金ファイルの一覧から選んでください。");
    let movement = app.engine.store.movement(id).await?.ok_or_else(missing)?;
    let path = format!("{}/{}", parts::path("/deposits", id), of.path);
    let body = html! {
        (told(&movement))
        (field::frame(visitor, &path, form, of.verb, reached, field::reason(form, true)))
        p.back { a href="/deposits" { "入金ファイル" } }
    };
    Ok(Page::new(of.title, body))
}

/// What the bank says of a movement.
pub fn told(movement: &WaitingMovement) -> Markup {
    let file = html! { (movement.file) " " (movement.row) "行目" };
    let Some(details) = details(movement) else {
        return html! { p.empty { (file) "：" (movement.reason) } };
    };
    parts::list(&[
        ("入金日", parts::day(details.on)),
        ("金額", parts::yen(details.amount)),
        ("振込名義", html! { (details.payer) }),
        (
            "EDI情報",
            html! { @if details.edi.trim().is_empty() { (parts::none()) } @else { (details.edi) } },
        ),
        (
            "摘要",
            html! { @if details.summary.trim().is_empty() { (parts::none()) } @else { (details.summary) } },
        ),
        ("確かめること", html! { (why(&details.why)) }),
        ("ファイル", file),
    ])
}
