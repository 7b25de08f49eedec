//! 12-3: suspending and resuming the service, and when unpaid fees open the right to it.

use reckon::Period;
use terms::Effective;

use crate::declare::prelude::*;
use crate::declare::task::TaskKind;
use crate::ending::judgement::open_ground;
use crate::notices::notice::came_beforehand;
use crate::road::state::{OpenRight, OpenTask, Provision};
use crate::who::roles::Role::{Billing, Collections, Operations, Security, SuspensionApprover};

pub(crate) const SUSPENSION: Rule = Rule::new("suspension", 1, "提供停止", "suspension")
    .clauses(&["12-3"])
    .readings(&["A-31"])
    .told_by::<Ground>();
pub(crate) const RESUMPTION: Rule = Rule::new("resumption", 1, "提供再開", "resumption")
    .clauses(&["12-3"])
    .readings(&["A-32"])
    .parameters(&["resume.monitor_bd"]);

#[derive(Serialize, Deserialize)]
pub(crate) struct Ground {
    pub ground: String,
}

impl Told for Ground {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let ground = names::clause_and_ground(&self.ground, l);
        Some(vec![say!(l, "事由 {ground}", "ground {ground}")])
    }
}

/// 12-3: the upstream was suspended, by hand or by an adapter.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UpstreamSuspended {
    pub contract: ContractId,
}

impl Entry for UpstreamSuspended {
    const NAME: &'static str = "upstream_suspended";
    const CLAUSES: &'static [&'static str] = &["12-3"];
    const TITLE: Words = Words::new("サービスの停止の実施", "service suspended upstream");
    const BY: Option<Permission> = Some(Permission::RegisterOperation);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "クラウドの側で停止の作業を終えてから登録します。停止の間も料金は発生します（24-3）。",
            "Registered once the service was stopped upstream. Fees go on meanwhile (24-3).",
        )
        .cites(&["24-3"])
        .word("suspended")
        .offer("クラウドで停止した", "stopped upstream")
        .asks(DONE_UPSTREAM)
        .at("作業を終えた日時", "When it was done")
        .here(|asked, id, l| {
            let ordered =
                |open: &OpenTask| open.task == TaskKind::SuspendUpstream && open.about == id;
            let here = upstream(asked, id, l, Provision::InService);
            let unordered = l.pick(
                "停止の指示がありません。停止は、起案と承認の後に行います。登録すると、決裁のない停止として記録されます。",
                "Nobody has ordered it to stop: registered, it counts as stopped without a decision.",
            );
            match asked.state.tasks.iter().any(ordered) {
                true => here,
                false => Here { offered: false, ..here }.note(unordered),
            }
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let UpstreamSuspended { contract } = self;
        say!(l, "契約{contract}のサービスを停止", "service of contract {contract} suspended")
    }
}

/// What whoever did it by hand has looked at.
const DONE_UPSTREAM: &[Field] = &[Field::tick(
    "checked",
    "契約番号と上流のテナントの番号の一致、承認済みの指示、クラウドの管理画面での状態を確認しました",
    "I have checked the tenant against the contract, the approved order, and the state in the cloud's own console",
)];

fn upstream(asked: &Asked, id: &str, l: Reader, before: Provision) -> Here {
    let Some(contract) = asked.contract(id) else { return Here::default() };
    let open = asked.state.tasks.iter().filter(|open| open.about == id);
    let tasks = open.map(|open| names::task(open.task, l));
    let here = Here::offered(contract.provision == before && !contract.is_over());
    tasks.fold(here, |here, task| {
        here.note(say!(l, "残っている作業：{task}", "Still to be done: {task}"))
    })
}

/// 12-3: the upstream was resumed, by hand or by an adapter.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UpstreamResumed {
    pub contract: ContractId,
}

impl Entry for UpstreamResumed {
    const NAME: &'static str = "upstream_resumed";
    const CLAUSES: &'static [&'static str] = &["12-3"];
    const TITLE: Words = Words::new("サービスの再開の実施", "service resumed upstream");
    const BY: Option<Permission> = Some(Permission::RegisterOperation);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "クラウドの側で再開の作業を終えてから登録します。",
            "Registered once the service runs again upstream.",
        )
        .word("resumed")
        .offer("クラウドで再開した", "resumed upstream")
        .asks(DONE_UPSTREAM)
        .at("作業を終えた日時", "When it was done")
        .here(|asked, id, l| {
            // Somebody ordered it, or what it was stopped for is gone.
            let asked_for =
                |open: &OpenTask| open.task == TaskKind::ResumeUpstream && open.about == id;
            let decided = asked.contract(id).is_some_and(|one| one.is_resumption_decided())
                || asked.state.tasks.iter().any(asked_for);
            // What is known to the minute only resumes after the minute in which it stopped.
            let stopped = asked.contract(id).and_then(|one| one.stops.last());
            let minute = |at: Moment| at.unix_seconds() - at.unix_seconds().rem_euclid(60);
            let not_before = stopped.map(|stop| Moment::from_unix_seconds(minute(stop.from) + 60));
            let here = Here { not_before, ..upstream(asked, id, l, Provision::Suspended) };
            let undecided = l.pick(
                "再開の指示がまだありません。登録しても、提供停止中のままです。",
                "Nobody has ordered it to resume: it stays suspended, though it is registered.",
            );
            match decided {
                true => here,
                false => Here { offered: false, ..here }.note(undecided),
            }
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let UpstreamResumed { contract } = self;
        say!(l, "契約{contract}のサービスを再開", "service of contract {contract} resumed")
    }
}

/// 12-3: suspend on an open ground.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Suspend {
    pub contract: ContractId,
    pub ground: String,
    /// Only in entries from before there were proposals.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proposed_by: String,
}

impl Entry for Suspend {
    const NAME: &'static str = "suspend";
    const CLAUSES: &'static [&'static str] = &["12-3"];
    const TITLE: Words = Words::new("提供の停止", "suspension");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "生じている権利にもとづく提供の停止を、承認する人に諮ります。起案しただけでは何も起こりません。",
            "Puts a suspension on an open right before whoever approves it. The proposal alone does nothing.",
        )
        .offer("停止を起案", "propose to suspend")
        .verb("停止を起案する", "Propose to suspend")
        .asks(&[Field::choice("ground", "使う権利", "On which right")])
        .reason_owed()
        .here(suspending),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let Suspend { contract, ground, proposed_by } = self;
        let ground = names::clause_and_ground(ground, l);
        let by = proposer(proposed_by, l);
        say!(
            l,
            "契約{contract}の提供を停止する（{ground}{by}）",
            "suspend contract {contract} ({ground}{by})"
        )
    }
}

fn suspending(asked: &Asked, id: &str, l: Reader) -> Here {
    let stands = |provision| asked.contract(id).is_some_and(|one| one.provision == provision);
    if stands(Provision::Suspended) {
        let stopped = l.pick("この契約の提供は、停止中です。", "The service is suspended.");
        return Here::default().note(stopped);
    }
    let is_over = asked.contract(id).is_none_or(|contract| contract.is_over());
    on_a_right(asked, id, l, |_| !is_over)
}

/// What can be done on the rights that are open on a contract.
pub(crate) fn on_a_right(
    asked: &Asked,
    id: &str,
    l: Reader,
    allows: impl Fn(&OpenRight) -> bool,
) -> Here {
    let contract = ContractId(id.to_owned());
    let open: Vec<_> = asked.state.rights_on(&contract).filter(|right| allows(right)).collect();
    let mut choices: Vec<Choice> = Vec::new();
    for right in &open {
        if choices.iter().any(|known| known.value == right.right) {
            continue;
        }
        let same = open.iter().filter(|other| other.right == right.right);
        let from = same.clone().map(|other| other.from).min().unwrap_or(right.from);
        let (clause, from) = (names::clause_and_ground(&right.right, l), day(from, l));
        let words = match same.count() {
            1 => say!(l, "{clause}（{from} から）", "{clause} (from {from})"),
            more => {
                say!(l, "{clause}（{from} から、{more}件）", "{clause} (from {from}, {more} of it)")
            }
        };
        choices.push(Choice::new(&right.right, words));
    }
    let none = l.pick(
        "この契約には、いま使える権利がありません。",
        "No right on this contract can be used now.",
    );
    let here = Here::offered(!choices.is_empty());
    let here = if choices.is_empty() { here.note(none) } else { here };
    let invoices = open.iter().filter(|right| right.about != id);
    let here = invoices.fold(here, |here, right| here.invoice(&right.about));
    here.choices("ground", choices)
}

impl Deed for Suspend {
    const DOERS: &'static [Role] = &[SuspensionApprover];
    const PROPOSERS: &'static [Role] = &[Collections, Billing, Security, SuspensionApprover];
    const SECOND: Second = Second::Proposed;

    fn earlier<'a>(&'a self, _state: &'a AccountState) -> Option<&'a str> {
        Some(&self.proposed_by)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let (id, state) = (&self.contract, asked.state);
        let block = |clause: &str, code: &str| vec![Finding::blocking(clause, code, id.0.clone())];
        let asked_already = state
            .tasks
            .iter()
            .any(|open| open.task == TaskKind::SuspendUpstream && open.about == id.0);
        Ok(asked.of_contract(id, |contract| match () {
            () if contract.is_over() => block("16-1", "contract_ended"),
            () if contract.locked_by_insolvency => block("16-1(5)", "insolvency_lock"),
            () if contract.provision != Provision::InService => block("12-3", "not_in_service"),
            () if asked_already => block("12-3", "already_asked"),
            () => open_ground(state, id, &self.ground, &["12-3", "16-1"]),
        }))
    }
}

/// Resume after the ground is gone.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Resume {
    pub contract: ContractId,
}

impl Entry for Resume {
    const NAME: &'static str = "resume";
    const CLAUSES: &'static [&'static str] = &["12-3"];
    const TITLE: Words = Words::new("提供の再開", "resumption");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "停止の事由がなくなった時などに、提供の再開を指示します。クラウドでの作業は運用の人が行います。",
            "Orders the service to run again, as when the ground of its suspension is gone. Operations do the work in the cloud.",
        )
        .offer("再開を指示", "order to resume")
        .verb("再開を指示する", "Order to resume")
        .asks(&[Field::tick("sure", "再開してよいことを確認しました", "I have made sure that it may resume")])
        .here(resuming),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let Resume { contract } = self;
        say!(l, "契約{contract}の提供を再開する", "resume contract {contract}")
    }
}

fn resuming(asked: &Asked, id: &str, l: Reader) -> Here {
    let contract = asked.contract(id).filter(|contract| !contract.is_over());
    let here = Here::offered(contract.is_some_and(|contract| {
        contract.provision == Provision::Suspended && !contract.is_resumption_decided()
    }));
    let unpaid = asked.unpaid(id).join(l.pick("、", ", "));
    match unpaid.as_str() {
        "" => here.note(l.pick("未払いの請求書はありません。", "No invoice of it is unpaid.")),
        unpaid => here.note(say!(l, "未払いの請求書：{unpaid}", "Still unpaid: {unpaid}")),
    }
}

impl Deed for Resume {
    const DOERS: &'static [Role] = &[SuspensionApprover, Operations];

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let block = |code: &str| vec![Finding::blocking("12-3", code, self.contract.0.clone())];
        Ok(asked.of_contract(&self.contract, |contract| match () {
            () if contract.provision != Provision::Suspended => block("not_suspended"),
            () if contract.is_resumption_decided() => block("already_asked"),
            () => Vec::new(),
        }))
    }
}

/// Entries from before there were proposals name the proposer themselves.
pub(crate) fn proposer(person: &str, l: Reader) -> String {
    match person {
        "" => String::new(),
        person => say!(l, "、起案 {person}", ", proposed by {person}"),
    }
}

pub(crate) const SUSPENSION_RIGHT: Rule =
    Rule::new("suspension_right", 1, "提供を停止できる時期", "right to suspend")
        .clauses(&["12-3", "24-1b"])
        .readings(&["A-31"])
        .parameters(&["suspension.grace_days", "suspension.min_amount"])
        .told_by::<Unpaid>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Unpaid {
    pub due: Day,
    pub outstanding: Yen,
}

impl Told for Unpaid {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let (due, outstanding) = (day(self.due, l), yen(self.outstanding, l));
        let from = match because.parameter("suspension.grace_days").unwrap_or(0) {
            0 => l.pick("期日の翌日から", "from the day after the due date").to_owned(),
            grace => {
                let grace = days(grace, l);
                say!(
                    l,
                    "期日の翌日からさらに{grace}の猶予の後",
                    "{grace} of grace after the day after the due date"
                )
            }
        };
        Some(vec![say!(
            l,
            "期日 {due}、未払い{outstanding}、{from}",
            "due {due}, {outstanding} unpaid: {from}"
        )])
    }
}

/// 12-3, 24-1b: the first day on which an unpaid debt opens the right to
/// suspend; none below the operator's threshold.
pub fn right_from(terms: &Effective, due: Day, outstanding: Yen) -> Option<Day> {
    let counts = outstanding.is_positive() && outstanding.0 >= terms.rules.suspension_min_amount;
    counts.then(|| Period::days(due, 2 + terms.rules.grace_days).last_day())
}

/// 12-2: maintenance is covered when its notice took effect before it began.
pub fn maintenance_covered(notice_effective: Option<Moment>, stop_from: Moment) -> bool {
    notice_effective.is_some_and(|effective| came_beforehand(effective, stop_from, 0))
}
