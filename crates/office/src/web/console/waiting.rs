//! What waits for this visitor: as a second person, or by the role.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use contract::declare::act::{
    AcceptApplication, Act, Approve, ConfirmArrival, ConfirmErasure, VerifyTakeover,
};
use contract::declare::door::{Doorway, Of};
use contract::declare::ids::{AccountId, ApplicationId, ContractId, InputId};
use contract::declare::task::TaskKind;
use contract::matters::matter::{KINDS, Matter, MatterKind};
use contract::money::invoice::InvoiceKind;
use contract::road::stream::Stream;
use contract::who::roles::{Permission, Role};
use document::wording::{self, Language};
use engine::OutboxState;
use engine::announcing::Standing;
use engine::listed::{Field, ListOf, ListQuery, Order, Test};
use maud::{Markup, html};
use reckon::Month;

use super::proposals::proposal_path;
use super::{announce, deposits};
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::may;
use crate::web::paged::Asked;
use crate::web::parts::Column::{self, Text};
use crate::web::rows::{
    AccountRow, ApplicationRow, ContractRow, InvoiceRow, Line as Listed, read_line,
};
use crate::web::{App, announcements, door, links, matters, mending, outbox, parts, words};

type Accounts = BTreeMap<AccountId, AccountRow>;

/// A thing that waits, with the way to it.
type Line = Vec<Markup>;

/// What waits for the same reason.
pub struct Queue {
    /// By which the query names a part of it.
    name: &'static str,
    title: &'static str,
    columns: &'static [Column],
    lines: Vec<Line>,
}

/// How many of a queue the start page shows.
const FIRST: usize = 5;

pub async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Page, Trouble> {
    let mut parts = Vec::new();
    for queue in queues(&app, &visitor).await? {
        let table = asked.table(queue.name, &queue.lines, queue.columns, "", Clone::clone)?;
        parts.push(parts::section(&queue.heading(), table));
    }
    Ok(Page::new("自分を待つもの", html! { @for part in &parts { (part) } (nothing(&parts)) }))
}

/// For the start page: the first of each queue.
pub async fn first(app: &App, visitor: &Visitor) -> Result<Markup, Trouble> {
    let queues = queues(app, visitor).await?;
    let parts: Vec<_> = queues
        .iter()
        .map(|queue| {
            let shown = &queue.lines[..queue.lines.len().min(FIRST)];
            let more = queue.lines.len() - shown.len();
            let inside = html! {
                (parts::table(queue.columns, shown, ""))
                @if more > 0 { p { a href="/waiting" { "ほかに " (more) " 件" } } }
            };
            parts::section(&queue.heading(), inside)
        })
        .collect();
    Ok(html! { @for part in &parts { (part) } (nothing(&parts)) })
}

/// How many things wait.
pub async fn count(app: &App, visitor: &Visitor) -> Result<usize, Trouble> {
    Ok(queues(app, visitor).await?.iter().map(|queue| queue.lines.len()).sum())
}

/// What the menu says waits for whom, as it was a short while ago.
#[derive(Default)]
pub struct Counts(Mutex<HashMap<String, (Instant, usize)>>);

/// So long a count in the menu may be behind.
const BEHIND: Duration = Duration::from_secs(15);

impl App {
    /// How many things wait for whoever has a page for them; `anew` after something was
    /// registered. The menu does without where it cannot be known.
    pub async fn waiting(&self, visitor: &Visitor, anew: bool) -> Option<usize> {
        if !links::opens(visitor, "/waiting") {
            return None;
        }
        let counts = || self.waits.0.lock().expect("no holder panics");
        let known = counts().get(&visitor.person).copied();
        if let Some((_, count)) = known.filter(|(at, _)| !anew && at.elapsed() < BEHIND) {
            return Some(count);
        }
        let count = count(self, visitor).await.ok()?;
        counts().insert(visitor.person.clone(), (Instant::now(), count));
        Some(count)
    }
}

fn nothing(parts: &[Markup]) -> Markup {
    html! { @if parts.is_empty() { p.empty { "あなたを待っているものはありません。" } } }
}

impl Queue {
    fn heading(&self) -> String {
        format!("{}（{}）", self.title, self.lines.len())
    }
}

/// Everything that waits for this visitor, queue by queue; those in which nothing waits
/// are left out.
async fn queues(app: &App, visitor: &Visitor) -> Result<Vec<Queue>, Trouble> {
    let accounts = &open_accounts(app).await?;
    let mut second = proposals(app, visitor, accounts);
    second.extend(applications(app, visitor).await?);
    second.extend(contracts(app, visitor).await?);
    let queue = |name, title, columns, lines| Queue { name, title, columns, lines };
    let queues = [
        queue("page", "二人目として決めるもの", SECOND, second),
        queue("rights", "使うかどうかを決める権利", RIGHTS, rights(app, visitor, accounts).await?),
        queue("checks", "審査が足りない申込", CHECKS, checks(app, visitor).await?),
        queue("tasks", "役割の作業", TASKS, tasks(app, visitor, accounts).await?),
        queue("notices", "決めるか待つ通知", NOTICES, notices(app, visitor).await?),
        queue("matters", "案件", MATTERS, open_matters(app, visitor).await?),
        queue("money", "相手が分からない入金", deposits::COLUMNS, money(app, visitor).await?),
        queue("months", "請求していない月", MONTHS, months(app, visitor).await?),
        queue(
            "effects",
            "送れなかったもの、行えなかったもの",
            EFFECTS,
            effects(app, visitor).await?,
        ),
    ];
    Ok(queues.into_iter().filter(|queue| !queue.lines.is_empty()).collect())
}

const SECOND: &[Column] = &[Text("何を"), Text("相手"), Text("誰のあとで"), Text("")];
const RIGHTS: &[Column] = &[Text("権利"), Text("生じた日"), Text("相手"), Text("対象"), Text("")];
const CHECKS: &[Column] = &[Text("足りない確認"), Text("申込者"), Text("受領"), Text("")];
const TASKS: &[Column] = &[Text("作業"), Text("相手"), Text("対象"), Text("督促の目安"), Text("")];
const MATTERS: &[Column] = &[Text("種類"), Text("内容"), Text("相手"), Text("期限"), Text("")];
const NOTICES: &[Column] =
    &[Text("通知"), Text("書いた人"), Text("承認の期限"), Text("過ぎると"), Text("")];
const MONTHS: &[Column] = &[Text("月"), Text("契約"), Text("")];
const EFFECTS: &[Column] = &[Text("送信・処理"), Text("相手"), Text("返事"), Text("")];

/// The accounts in which something is open.
async fn open_accounts(app: &App) -> Result<Accounts, Trouble> {
    let open = |list| Test::is(Field::Text(list), "[]").negated();
    let any = Test::Any(["proposals", "rights", "tasks"].map(open).to_vec());
    let rows = app.listed::<AccountRow>(ListOf::Kind("account"), vec![any], Vec::new()).await?;
    Ok(rows.into_iter().map(|row| (row.account, row.content)).collect())
}

/// Applications that nobody has answered.
async fn received(app: &App) -> Result<Vec<Listed<ApplicationRow>>, Trouble> {
    let open = vec![Test::is(Field::Text("status"), "received")];
    app.listed(ListOf::Kind("application"), open, Vec::new()).await
}

/// Somebody else did the step before.
fn after(visitor: &Visitor, person: &str) -> bool {
    !visitor.hats.iter().any(|hat| hat.stands_for(person))
}

fn proposals(app: &App, visitor: &Visitor, accounts: &Accounts) -> Vec<Line> {
    let mut lines = Vec::new();
    for (account, row) in accounts {
        for open in &row.proposals {
            let act = Act::Approve(Approve {
                proposal: open.id.clone(),
                act: Box::new(open.act.clone()),
            });
            if may(visitor, &act) && after(visitor, &open.by) {
                lines.push(vec![
                    html! { (open.act.line(visitor.reads(Language::Japanese))) },
                    parts::name(&row.name),
                    parts::person(app.engine.name_of(&open.by)),
                    links::action(&proposal_path(account, &open.id.0), "決める"),
                ]);
            }
        }
    }
    lines
}

async fn applications(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    if !may(
        visitor,
        &Act::AcceptApplication(AcceptApplication { application: ApplicationId(String::new()) }),
    ) {
        return Ok(Vec::new());
    }
    let rows = received(app).await?;
    let open = rows.iter().filter(|row| after(visitor, &row.content.registered_by));
    Ok(open
        .map(|row| {
            vec![
                html! { "申込の承諾（" (parts::moment(row.content.received_at)) " 受領）" },
                parts::name(&row.content.name),
                parts::person(app.engine.name_of(&row.content.registered_by)),
                links::action(&parts::path("/applications", &row.id), "申込を見る"),
            ]
        })
        .collect())
}

async fn contracts(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    let mut lines = Vec::new();
    let open = Test::Any(vec![
        Test::True("taken_over.unverified"),
        Test::present(Field::Text("erasure_ordered_by")),
        Test::present(Field::Text("arrivals")),
    ]);
    let rows: Vec<Listed<ContractRow>> =
        app.listed(ListOf::Kind("contract"), vec![open], Vec::new()).await?;
    for row in rows {
        let contract = ContractId(row.id.clone());
        let path = parts::path("/contracts", &row.id);
        let name = || parts::name(&row.content.name);
        if row.content.is_unverified()
            && may(visitor, &Act::VerifyTakeover(VerifyTakeover { contract: contract.clone() }))
        {
            let to = links::action(&format!("{path}/verify"), "確認する");
            lines.push(vec![html! { "引き継いだ契約の確認" }, name(), parts::none(), to]);
        }
        let erase = Act::ConfirmErasure(ConfirmErasure { contract: contract.clone() });
        if let Some(by) = &row.content.erasure_ordered_by
            && row.content.status != "erased"
            && may(visitor, &erase)
            && after(visitor, by)
        {
            let by = parts::person(app.engine.name_of(by));
            let to = links::action(&format!("{path}/confirm-erasure"), "確認する");
            lines.push(vec![html! { "資料の消去の承認" }, name(), by, to]);
        }
        for arrival in row.content.arrivals.iter().filter(|one| one.status == "open") {
            let of = InputId(String::new());
            let act =
                Act::ConfirmArrival(ConfirmArrival { contract: contract.clone(), arrival: of });
            if may(visitor, &act) && after(visitor, &arrival.registered_by) {
                let by = parts::person(app.engine.name_of(&arrival.registered_by));
                let to = links::action(&format!("{path}/confirm-arrival"), "確認する");
                lines.push(vec![html! { "解約申込書の到達の確認" }, name(), by, to]);
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
        TaskKind::DispatchNotice | TaskKind::RedeliverNotice => &[Role::OrderDesk, Role::Legal],
        TaskKind::ConfirmArrival => &[Role::OrderDesk, Role::ContractApprover],
        TaskKind::SuspendUpstream | TaskKind::RegisterStart => &[Role::Operations],
        // one decides, one does it, and one sees what became of the arrears.
        TaskKind::ResumeUpstream => {
            &[Role::SuspensionApprover, Role::Operations, Role::Collections]
        }
        TaskKind::ReviewTermination => &[Role::SuspensionApprover, Role::Legal],
        TaskKind::MaterialDisposal | TaskKind::Erasure => &[Role::PrivacyOfficer],
    }
}

/// Through which door a task is done.
fn doors_of(task: TaskKind) -> &'static [&'static str] {
    match task {
        TaskKind::ReviewApplication => &["accept"],
        TaskKind::PaperForm => &["paper_form"],
        TaskKind::DispatchNotice => &["notice_dispatched"],
        TaskKind::RedeliverNotice => &["notice_mailed_again", "notice_dispatched"],
        TaskKind::ReviewTermination => &["termination_upheld"],
        TaskKind::SuspendUpstream => &["suspended"],
        TaskKind::RegisterStart => &["start"],
        TaskKind::ResumeUpstream => &["resume", "resumed"],
        TaskKind::MaterialDisposal => &["disposed"],
        TaskKind::Erasure => &["order_erasure", "confirm_erasure"],
        TaskKind::ConfirmArrival => &["confirm_arrival", "decline_arrival"],
        TaskKind::OrderAcceptance | TaskKind::MonthEndOffer | TaskKind::ReturnHeld => &[],
    }
}

/// The first of some doors that leads somewhere now, as a button.
pub async fn button(
    app: &App,
    visitor: &Visitor,
    account: &AccountId,
    about: &str,
    words: &[&str],
) -> Result<Option<Markup>, Trouble> {
    let known = app.engine.account(account).await?;
    for doorway in words.iter().filter_map(|word| Doorway::of(word)) {
        let id = match doorway.door.of {
            Of::Application(_) => about.replacen('K', "P", 1),
            _ => about.to_owned(),
        };
        if door::opens(visitor, &doorway) && door::here(app, visitor, &doorway, &known, &id).offered
        {
            return Ok(Some(links::action(&door::path(&doorway, &id), doorway.door.offer.ja)));
        }
    }
    Ok(None)
}

async fn tasks(app: &App, visitor: &Visitor, accounts: &Accounts) -> Result<Vec<Line>, Trouble> {
    let mut lines = Vec::new();
    for (account, row) in accounts {
        for task in &row.tasks {
            // What a second person decides stands in a queue of its own.
            let decided = [TaskKind::ReviewApplication, TaskKind::ConfirmArrival];
            let mine = visitor.hats.iter().any(|hat| roles_of(task.task).contains(&hat.role));
            if mine && !decided.contains(&task.task) {
                let held = (task.task == TaskKind::ReturnHeld).then(|| row.contracts.first());
                let (about, way) = match held.flatten() {
                    Some(id) => {
                        let path = format!("{}/held-returned", parts::path("/contracts", &id.0));
                        let way = Some(links::action(&path, "返還した"));
                        (id.0.clone(), way)
                    }
                    None => {
                        let doors = doors_of(task.task);
                        let way = button(app, visitor, account, &task.about, doors).await?;
                        (task.about.clone(), way)
                    }
                };
                let line = vec![
                    html! { b { (words::task(task.task)) } },
                    parts::name(&row.name),
                    links::about(visitor, &about, app.prefix()),
                    parts::day(task.remind_on),
                    way.unwrap_or_else(parts::none),
                ];
                lines.push((task.remind_on, line));
            }
        }
    }
    lines.sort_by_key(|(on, _)| *on);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// The door through which a right is used, for what it allows.
pub fn used_by(right: &str) -> &'static str {
    if right.starts_with("16-1") { "terminate" } else { "suspend" }
}

/// Rights that this visitor may put before whoever decides, and that nobody has yet.
async fn rights(app: &App, visitor: &Visitor, accounts: &Accounts) -> Result<Vec<Line>, Trouble> {
    let mut doors = ["16-1", "12-3"].map(used_by).into_iter().filter_map(Doorway::of);
    if !doors.any(|doorway| door::opens(visitor, &doorway)) {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    for (account, row) in accounts {
        if row.rights.is_empty() {
            continue;
        }
        let state = app.engine.state(account).await?;
        for (id, contract) in &state.contracts {
            let streams = row.proposals.iter().map(|open| open.act.done().stream());
            if contract.is_over()
                || streams.into_iter().any(|one| one == Stream::Contract(id.clone()))
            {
                continue;
            }
            for right in state.rights_on(id) {
                // What is stopped already cannot be stopped again.
                let doors = [used_by(&right.right)];
                let Some(used) = button(app, visitor, account, &id.0, &doors).await? else {
                    continue;
                };
                let line = vec![
                    html! { (words::right(&right.right)) " " (parts::clause(&right.right)) },
                    parts::day(right.from),
                    parts::name(&row.name),
                    links::about(visitor, &right.about, app.prefix()),
                    used,
                ];
                lines.push((right.from, line));
            }
        }
    }
    lines.sort_by_key(|(from, _)| *from);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// Applications that cannot be accepted while a check of the applicant is missing.
async fn checks(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    if !visitor.holds(Permission::RegisterJudgement) {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    for row in received(app).await? {
        let missing = app.engine.checks_missing(&row.account, &row.id).await?;
        if missing.is_empty() {
            continue;
        }
        let path = format!("{}/check", parts::path("/applications", &row.id));
        lines.push(vec![
            html! { @for finding in &missing { p { (wording::finding(finding, Language::Japanese)) } } },
            parts::name(&row.content.name),
            parts::moment(row.content.received_at),
            links::action(&path, "確認を記録"),
        ]);
    }
    Ok(lines)
}

/// Notices that wait for their approval, for whoever gives it or wrote them: by when they
/// have to take effect, and what cannot be done any more after that.
async fn notices(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    let held = app.engine.announcements().await?;
    let waiting = held.all.values().filter(|one| one.standing() == Standing::Waiting);
    let mut lines = Vec::new();
    for one in waiting {
        let approves = announce::approves(visitor, one).is_some();
        if !approves && !announce::wrote(visitor, one) {
            continue;
        }
        let by = app.engine.announce_by(one)?;
        let late = by.is_some_and(|by| by < app.engine.now());
        let then = one.written.takes_effect.map(|from| {
            html! { (parts::moment(from)) " からの" (announcements::kind_words(one)) @if late { "は、もうできません" } @else { "はできなくなります" } }
        });
        let path = format!("{}/decide", parts::path("/announcements", &one.id.0));
        lines.push(vec![
            html! { (parts::id_link("/announcements", &one.id.0)) " " (one.written.title) },
            html! { (app.engine.name_of(&one.written_by.id)) },
            by.map_or_else(parts::none, parts::moment),
            then.unwrap_or_else(parts::none),
            links::action(&path, if approves { "決める" } else { "開く" }),
        ]);
    }
    Ok(lines)
}

/// Matters that are open, for whoever sees to their kind.
async fn open_matters(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    let sees = |kind: &str| {
        MatterKind::named(kind)
            .is_some_and(|kind| visitor.hats.iter().any(|hat| kind.roles.contains(&hat.role)))
    };
    if !KINDS.iter().any(|kind| sees(kind.name)) {
        return Ok(Vec::new());
    }
    let order = vec![Order::rising(Field::Text("due")), Order::rising(Field::Text("opened_at"))];
    let open = vec![Test::Missing(Field::Text("closed"))];
    let mut rows: Vec<Listed<Matter>> = app.listed(ListOf::Kind("matter"), open, order).await?;
    rows.retain(|row| sees(&row.content.kind));
    let line = |row: &Listed<Matter>| {
        vec![
            html! { (matters::title(&row.content)) },
            html! { (row.content.about) },
            parts::name(&row.name),
            parts::day_or_none(row.content.due),
            links::action(&parts::path("/matters", &row.id), "開く"),
        ]
    };
    Ok(rows.iter().map(line).collect())
}

async fn money(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    if !visitor.holds(Permission::RegisterMoney) {
        return Ok(Vec::new());
    }
    Ok(deposits::waiting(app).await?.iter().map(deposits::line).collect())
}

/// Months that are over and not invoiced: a run charges everything up to its month.
async fn months(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    if !visitor.holds(Permission::RunBilling) {
        return Ok(Vec::new());
    }
    let last = Month::of(app.engine.now().day()).plus(-1);
    let fees = vec![Test::is(Field::Text("kind"), words::word(&InvoiceKind::Fee))];
    let newest = ListQuery::first(1, fees, vec![Order::falling(Field::Text("month"))]);
    let newest = app.engine.store.list_views(ListOf::Kind("invoice"), &newest).await?.rows.pop();
    let newest = newest.map(read_line::<InvoiceRow>).transpose()?;
    let billed = newest.map(|row| row.content.month);
    // Of those that had ended when the last month was billed nothing is left.
    let mut tests = vec![Test::is(Field::Text("provision"), "not_started").negated()];
    tests.extend(billed.map(|month| {
        let over = Test::before(Field::Text("end.on"), month.plus(1).first_day().to_string());
        over.negated()
    }));
    if billed == Some(last) {
        return Ok(Vec::new());
    }
    let running: Vec<Listed<ContractRow>> =
        app.listed(ListOf::Kind("contract"), tests, Vec::new()).await?;
    let runs: Vec<_> = running
        .iter()
        .map(|row| {
            let ends = row.content.end.as_ref().map_or(last, |end| Month::of(end.on));
            Month::of(row.content.period.from)..=ends
        })
        .collect();
    let begun = runs.iter().map(|run| *run.start()).min();
    let Some(mut month) = billed.map(|month| month.plus(1)).or(begun) else {
        return Ok(Vec::new());
    };
    let mut lines = Vec::new();
    while month <= last {
        let count = runs.iter().filter(|run| run.contains(&month)).count();
        if count > 0 {
            lines.push(vec![
                parts::month(month),
                html! { (count) " 件" },
                links::action("/billing", "請求する"),
            ]);
        }
        month = month.plus(1);
    }
    Ok(lines)
}

/// What could not be done outside and is this visitor's to mend.
async fn effects(app: &App, visitor: &Visitor) -> Result<Vec<Line>, Trouble> {
    let refused = vec![Test::is(Field::Text("state"), words::word(&OutboxState::Refused))];
    let query = ListQuery::first(u32::MAX, refused, vec![Order::rising(Field::Number("next_at"))]);
    let found = app.engine.store.list_effects(&query).await?;
    let own = found.rows.iter().filter(|listed| mending::mends(visitor, &listed.row));
    let lines = own.map(|listed| {
        let (row, name) = (&listed.row, &listed.name);
        vec![
            html! { (words::effect(&row.payload)) },
            parts::name(name),
            outbox::replied(app, visitor, row),
            links::action(&mending::path(&row.id), "対応する"),
        ]
    });
    Ok(lines.collect())
}
