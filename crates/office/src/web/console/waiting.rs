//! What waits for this visitor: as a second person, or by the role.

use std::sync::Arc;

use axum::extract::{Query, State};
use contract::declare::act::{
    AcceptApplication, Act, Approve, ConfirmArrival, ConfirmErasure, VerifyTakeover,
};
use contract::declare::ids::{ApplicationId, ContractId, InputId};
use contract::declare::task::TaskKind;
use contract::who::roles::Role;
use document::wording::{Amounts, Language, without_amounts};
use maud::{Markup, html};

use super::proposals::proposal_path;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::may;
use crate::web::paged::Asked;
use crate::web::parts::Column::Text;
use crate::web::rows::{ApplicationRow, ContractRow};
use crate::web::{App, links, mending, parts, words};

/// A thing that waits, with the way to it.
type Line = Vec<Markup>;

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut second = proposals(&app, &visitor).await?;
    second.extend(applications(&app, &visitor).await?);
    second.extend(contracts(&app, &visitor).await?);
    let tasks = tasks(&app, &visitor).await?;
    let columns = [Text("何を"), Text("相手"), Text("誰のあとで"), Text("")];
    let task_columns = [Text("作業"), Text("相手"), Text("対象"), Text("督促の目安")];
    let body = html! {
        (parts::section("二人目として", asked.table("page", &second, &columns, "あなたの判断を待っているものはありません。", Clone::clone)?))
        (parts::section("役割の作業", asked.table("tasks", &tasks, &task_columns, "あなたの役割の作業は残っていません。", Clone::clone)?))
        (refused_effects(&app, &visitor, &asked).await?)
    };
    Ok(Page::new("自分を待っているもの", body))
}

/// Somebody else did the step before.
fn after(visitor: &Visitor, person: &str) -> bool {
    !visitor.hats.iter().any(|hat| hat.stands_for(person))
}

async fn proposals(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    let mut lines = Vec::new();
    for (account, row) in app.accounts().await? {
        for open in row.proposals {
            let act = Act::Approve(Approve {
                proposal: open.id.clone(),
                act: Box::new(open.act.clone()),
            });
            if may(visitor, &act) && after(visitor, &open.by) {
                lines.push(vec![
                    html! { (open.act.line(visitor.reads(Language::Japanese))) },
                    parts::name(&row.name),
                    html! { (app.engine.name_of(&open.by)) },
                    parts::link(&proposal_path(&account, &open.id.0), "決める"),
                ]);
            }
        }
    }
    Ok(lines)
}

async fn applications(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    if !may(
        visitor,
        &Act::AcceptApplication(AcceptApplication { application: ApplicationId(String::new()) }),
    ) {
        return Ok(Vec::new());
    }
    let rows = app.rows::<ApplicationRow>("application").await?;
    let open = rows.iter().filter(|row| {
        row.content.status == "received" && after(visitor, &row.content.registered_by)
    });
    Ok(open
        .map(|row| {
            vec![
                html! { "申込の承諾（" (parts::moment(row.content.received_at)) " 受領）" },
                parts::name(&row.content.name),
                html! { (app.engine.name_of(&row.content.registered_by)) },
                parts::link(&parts::path("/applications", &row.id), "申込を見る"),
            ]
        })
        .collect())
}

async fn contracts(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    let mut lines = Vec::new();
    for row in app.rows::<ContractRow>("contract").await? {
        let contract = ContractId(row.id.clone());
        let path = parts::path("/contracts", &row.id);
        let name = || parts::name(&row.content.name);
        if row.content.is_unverified()
            && may(visitor, &Act::VerifyTakeover(VerifyTakeover { contract: contract.clone() }))
        {
            let to = parts::link(&format!("{path}/verify"), "確認する");
            lines.push(vec![html! { "引き継いだ契約の確認" }, name(), parts::none(), to]);
        }
        let erase = Act::ConfirmErasure(ConfirmErasure { contract: contract.clone() });
        if let Some(by) = &row.content.erasure_ordered_by
            && row.content.status != "erased"
            && may(visitor, &erase)
            && after(visitor, by)
        {
            let by = html! { (app.engine.name_of(by)) };
            let to = parts::link(&format!("{path}/confirm-erasure"), "確認する");
            lines.push(vec![html! { "資料の消去の承認" }, name(), by, to]);
        }
        for arrival in row.content.arrivals.iter().filter(|one| one.status == "open") {
            let of = InputId(String::new());
            let act =
                Act::ConfirmArrival(ConfirmArrival { contract: contract.clone(), arrival: of });
            if may(visitor, &act) && after(visitor, &arrival.registered_by) {
                let by = html! { (app.engine.name_of(&arrival.registered_by)) };
                let to = parts::link(&format!("{path}/arrival"), "確認する");
                lines.push(vec![html! { "解約申込書の到着の確認" }, name(), by, to]);
            }
        }
    }
    Ok(lines)
}

/// Whose task it is.
fn roles_of(task: TaskKind) -> &'static [Role] {
    match task {
        TaskKind::ReviewApplication => &[Role::ContractApprover],
        TaskKind::PaperForm | TaskKind::OrderAcceptance | TaskKind::MonthEndOffer => {
            &[Role::OrderDesk]
        }
        TaskKind::ReturnHeld => &[Role::Billing],
        TaskKind::ConfirmArrival => &[Role::OrderDesk, Role::ContractApprover],
        TaskKind::SuspendUpstream | TaskKind::RegisterStart => &[Role::Operations],
        // one decides, one does it, and one sees what became of the arrears.
        TaskKind::ResumeUpstream => {
            &[Role::SuspensionApprover, Role::Operations, Role::Collections]
        }
        TaskKind::MaterialDisposal | TaskKind::Erasure => &[Role::PrivacyOfficer],
    }
}

async fn tasks(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    let mut lines = Vec::new();
    for row in app.accounts().await?.into_values() {
        for task in &row.tasks {
            let mine = visitor.hats.iter().any(|hat| roles_of(task.task).contains(&hat.role));
            if mine {
                let line = vec![
                    html! { b { (words::task(task.task)) } },
                    parts::name(&row.name),
                    links::about(visitor, &task.about, app.prefix()),
                    parts::day(task.remind_on),
                ];
                lines.push((task.remind_on, line));
            }
        }
    }
    lines.sort_by_key(|(on, _)| *on);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// What could not be done outside and is this visitor's to mend.
async fn refused_effects(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Markup, Trouble> {
    let rows = app.engine.store.outbox().await?;
    let accounts = app.accounts().await?;
    let lines: Vec<_> = rows
        .iter()
        .filter(|row| mending::mends(visitor, row))
        .map(|row| {
            let name = accounts.get(&row.account).map_or("—", |account| account.name.as_str());
            let reply = match visitor.amounts() {
                Amounts::Shown => row.last_reply.clone(),
                Amounts::Hidden => without_amounts(&row.last_reply),
            };
            vec![
                html! { (words::effect(&row.payload)) },
                parts::name(name),
                html! { span.reply { (reply) } },
                parts::link(&mending::path(&row.id), "対応する"),
            ]
        })
        .collect();
    let columns = [Text("送信・処理"), Text("相手"), Text("返事"), Text("")];
    let none = "送れなかったもの、行えなかったものはありません。";
    let table = asked.table("effects", &lines, &columns, none, Clone::clone)?;
    Ok(parts::section("送れなかったもの、行えなかったもの", table))
}
