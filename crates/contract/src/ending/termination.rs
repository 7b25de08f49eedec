//! 16-1, 16-2: the provider terminates, and when arrears open the right to it (16-1(2)).

use reckon::Period;
use terms::Effective;

use crate::declare::prelude::*;
use crate::declare::task::TaskKind;
use crate::ending::ended::LastDay;
use crate::ending::judgement::open_ground;
use crate::road::state::OpenTask;
use crate::road::stated::Termination;
use crate::service::suspension::{Ground, on_a_right, proposer};
use crate::who::roles::Role::{Collections, Legal, Security, SuspensionApprover};

pub(crate) const TERMINATED: Rule =
    Rule::new("terminated", 1, "当社からの解除", "termination by the provider")
        .clauses(&["16-1", "3-2"])
        .readings(&["A-30"])
        .told_by::<LastDay>();

/// 16-1: the ground of a termination turned out not to have been there, and the contract
/// is over all the same, by what both sides agreed.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TerminationUpheld {
    pub contract: ContractId,
    pub document: String,
}

impl Entry for TerminationUpheld {
    const NAME: &'static str = "termination_upheld";
    const CLAUSES: &'static [&'static str] = &["16-1"];
    const TITLE: Words = Words::new("解除の維持の合意", "termination upheld");
    const BY: Option<Permission> = Some(Permission::RegisterJudgement);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "事由がなかったと分かった解除を、契約者との合意により終了したままとします。見直しの作業が終わり、資料の消去を進められます。",
            "The termination had no ground, and both sides agree that the contract is over. The review ends, and what was left can be erased.",
        )
        .offer("解除を維持する合意", "the termination is upheld")
        .asks(&[Field::document("契約者との合意の書面", "What both sides agreed")])
        .at("合意した日時", "When it was agreed")
        .here(|asked, id, _| {
            let is_looked_at = |open: &OpenTask| {
                open.task == TaskKind::ReviewTermination && open.about == id
            };
            Here::offered(asked.state.tasks.iter().any(is_looked_at))
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let TerminationUpheld { contract, document } = self;
        say!(
            l,
            "契約{contract}の解除を合意により維持（{document}）",
            "termination of contract {contract} upheld by agreement ({document})"
        )
    }
}

/// 16-1, 3-2: the notice of termination went out that carries out an act; of
/// older notices it is not known which.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TerminationNoticeSent {
    pub contract: ContractId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<InputId>,
    pub message_id: String,
}

impl Entry for TerminationNoticeSent {
    const NAME: &'static str = "termination_notice_sent";
    const CLAUSES: &'static [&'static str] = &["16-1", "3-2"];
    const TITLE: Words = Words::new("解除通知の送信", "notice of termination sent");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let TerminationNoticeSent { contract, .. } = self;
        say!(
            l,
            "契約{contract}の解除通知を送信",
            "notice of termination of contract {contract} sent"
        )
    }
}

/// 16-1: terminate on an open ground. Takes effect by the notice.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Terminate {
    pub contract: ContractId,
    pub ground: String,
    /// Only in entries from before there were proposals.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub proposed_by: String,
    /// A later end than the notice, if one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// 16-2: by when what is unpaid shall be paid.
    pub payable_by: Day,
}

impl Entry for Terminate {
    const NAME: &'static str = "terminate";
    const CLAUSES: &'static [&'static str] = &["16-1", "16-2"];
    const TITLE: Words = Words::new("当社からの解除", "termination");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "生じている権利にもとづく契約の解除を、承認する人に諮ります。承認されると解除の通知が送られます。起案しただけでは何も起こりません。",
            "Puts a termination on an open right before whoever approves it; the notice leaves once it is approved. The proposal alone does nothing.",
        )
        .offer("解除を起案", "propose to terminate")
        .verb("解除を起案する", "Propose to terminate")
        .asks(&[
            Field::choice("ground", "使う権利", "On which right"),
            Field::day("payable_by", "未払いの支払期日", "What is unpaid is due by")
                .hint("解除の通知に書く期日です（16-2）。", "It stands in the notice (16-2)."),
            Field::day("on", "効力の日", "Takes effect on")
                .hint("空なら通知の時に効力が生じます。", "With the notice, if nothing is said.")
                .optional(),
        ])
        .reason_owed()
        .here(terminating),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let Terminate { contract, ground, proposed_by, on, payable_by } = self;
        let ground = names::clause_and_ground(ground, l);
        let effect = match on {
            Some(day) => say!(l, "{day}付", "on {day}"),
            None => l.pick("通知の時", "by the notice").to_owned(),
        };
        let by = proposer(proposed_by, l);
        say!(
            l,
            "契約{contract}を解除する（{ground}、効力 {effect}、支払期日 {payable_by}{by}）",
            "terminate contract {contract} ({ground}, effective {effect}, payable by {payable_by}{by})"
        )
    }
}

fn terminating(asked: &Asked, id: &str, l: Reader) -> Here {
    let next_month = Month::of(asked.at.day()).plus(1).last_day();
    on_a_right(asked, id, l, |right| right.right.starts_with("16-1"))
        .first("payable_by", next_month)
}

impl Deed for Terminate {
    const DOERS: &'static [Role] = &[SuspensionApprover];
    const PROPOSERS: &'static [Role] = &[Collections, Legal, Security, SuspensionApprover];
    const SECOND: Second = Second::Proposed;
    /// Only while its ground is found not to have been there.
    const VOIDABLE: bool = true;

    fn earlier<'a>(&'a self, _state: &'a AccountState) -> Option<&'a str> {
        Some(&self.proposed_by)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let id = &self.contract;
        let block = |clause: &str, code: &str| vec![Finding::blocking(clause, code, id.0.clone())];
        Ok(asked.of_contract(id, |contract| match () {
            () if contract.is_over() => block("16-1", "contract_ended"),
            () if contract.locked_by_insolvency => block("16-1(5)", "insolvency_lock"),
            () => open_ground(asked.state, id, &self.ground, &["16-1"]),
        }))
    }
}

/// 16-1, 16-2: what the notice of termination (解除通知) of an act states.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TerminationNoticeDetermined {
    pub notice: Box<Termination>,
}

impl Following for TerminationNoticeDetermined {
    fn line(&self, l: Reader) -> String {
        let TerminationNoticeDetermined { notice } = self;
        termination_line(notice, l)
    }
}

fn termination_line(notice: &Termination, language: Reader) -> String {
    let unpaid = yen(notice.unpaid.iter().map(|debt| debt.outstanding).sum(), language);
    let (ground, payable_by) = (&notice.ground, notice.payable_by);
    say!(
        language,
        "解除通知の内容を確定（{ground}、未払い {unpaid}、支払期日 {payable_by}）",
        "content of the notice of termination determined ({ground}, unpaid {unpaid}, payable by {payable_by})"
    )
}

pub(crate) const GROUNDLESS: Rule =
    Rule::new("groundless_termination", 1, "事由のなくなった解除", "groundless termination")
        .clauses(&["16-1", "19-2"])
        .told_by::<Ground>();
pub(crate) const ARREARS_RIGHT: Rule =
    Rule::new("arrears_right", 1, "滞納により解除できる時期", "right to terminate for arrears")
        .clauses(&["16-1(2)"])
        .readings(&["A-28", "A-43"])
        .parameters(&["arrears.months"])
        .told_by::<Late>();

/// 16-1(2): since when it is owed, and the months that must have passed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Late {
    pub due: Day,
    pub period_from: Day,
    pub period_to: Day,
}

impl Told for Late {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let Late { due, period_from: from, period_to: to } = *self;
        let due = day(due, l);
        let count: Option<i64> = because.parameter("arrears.months");
        let count = count.map(|count| months(count, l)).unwrap_or_default();
        Some(vec![
            say!(
                l,
                "期日 {due} の翌日から{count}：{from} … {to}",
                "{count} from the day after the due date {due}: {from} … {to}"
            ),
            l.pick("その満了の翌日から解除できる", "the right opens on the day after").to_owned(),
        ])
    }
}

/// 16-1(2): the three months that must have passed, and the first day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Arrears {
    pub period_from: Day,
    pub period_to: Day,
    pub right_from: Day,
}

/// 16-1(2): counted from the day after the due date by Civil Code 143; `due` is
/// the day already moved off a closed bank day.
pub fn arrears(terms: &Effective, due: Day) -> Arrears {
    let period_from = Period::days(due, 2).last_day();
    let period_to = Period::months(period_from, terms.rules.arrears_months).last_day();
    Arrears { period_from, period_to, right_from: Period::days(period_to, 2).last_day() }
}
