//! 13-1b: the contract is extended or not, and whose statement is in time.

use crate::notices::notice::effective_at;
use reckon::{Deadline, Period};
use terms::{Effective, Law};

use crate::application::form::UsePeriod;
use crate::declare::prelude::*;
use crate::ending::calendar::Calendar;
use crate::ending::ended::LastDay;
use crate::notices::notice::{Channel, Sending};
use crate::road::state::{ContractState, ContractStatus};
use crate::who::roles::Role::{Collections, ContractApprover, Legal, OrderDesk};

pub(crate) const EXTENSION: Rule = Rule::new("extension", 1, "自動延長", "automatic extension")
    .clauses(&["13-1b"])
    .readings(&["A-02", "A-22"])
    .parameters(&[
        "renewal.notice_bd",
        "renewal.extension_months",
        "bd.before_mode",
        "calendar.kind",
    ])
    .told_by::<Limit>();
pub(crate) const NON_RENEWAL: Rule =
    Rule::new("non_renewal", 1, "延長しない旨の申出", "objection to the extension")
        .clauses(&["13-1b", "3-2"])
        .readings(&["A-02", "A-14", "A-86", "A-93"])
        .parameters(&["renewal.notice_bd", "bd.before_mode", "calendar.kind"])
        .told_by::<Objected>();
pub(crate) const STATEMENT_LATE: Rule =
    Rule::new("statement_late", 1, "期限後の申出", "late objection")
        .clauses(&["13-1b"])
        .readings(&["A-02", "A-14"])
        .parameters(&["renewal.notice_bd", "bd.before_mode"])
        .told_by::<Effect>();
pub(crate) const EXPIRY: Rule = Rule::new("expiry", 1, "期間満了", "expiry")
    .clauses(&["13-1"])
    .readings(&["A-25"])
    .told_by::<LastDay>();

/// 13-1b: how an extension was counted.
#[derive(Serialize, Deserialize)]
pub(crate) struct Limit {
    pub expiry: Day,
    pub limit: Day,
    #[serde(flatten)]
    pub calendar: Calendar,
}

impl Told for Limit {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let mut lines = vec![limit(self.expiry, self.limit, because, l)?];
        if let Some(count) = because.parameter("renewal.extension_months") {
            let count = months(count, l);
            lines.push(say!(
                l,
                "満了の翌日から{count}延長",
                "extended by {count} from the day after"
            ));
        }
        lines.extend(self.calendar.lines(because, l));
        Some(lines)
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Objected {
    pub expiry: Day,
    pub limit: Day,
    #[serde(flatten)]
    pub statement: Effect,
}

impl Told for Objected {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let mut lines = vec![limit(self.expiry, self.limit, because, l)?];
        lines.extend(self.statement.lines(because, l)?);
        Some(lines)
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Effect {
    pub effective_at: Moment,
}

impl Told for Effect {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let at = self.effective_at.to_minute_text();
        Some(vec![say!(l, "申出の効力発生 {at}", "the objection took effect {at}")])
    }
}

/// The limit of 13-1b, and how it is counted.
fn limit(expiry: Day, limit: Day, because: &Because, l: Reader) -> Option<String> {
    let (expiry, limit) = (day(expiry, l), day(limit, l));
    let needed: u32 = because.parameter("renewal.notice_bd")?;
    let mode: Option<String> = because.parameter("bd.before_mode");
    let counted = match mode.as_deref() {
        Some("label") => say!(
            l,
            "満了日より前の{needed}番目の営業日まで",
            "up to business day number {needed} before the expiry"
        ),
        Some("clear") => say!(
            l,
            "満了日との間にまる{needed}営業日",
            "{needed} full business days between it and the expiry"
        ),
        _ => say!(
            l,
            "申出の翌日から満了日までに{needed}営業日以上",
            "at least {needed} business days from the day after it up to the expiry"
        ),
    };
    Some(say!(
        l,
        "満了 {expiry}、申出の期限 {limit}（{counted}）",
        "expiry {expiry}, limit for an objection {limit} ({counted})"
    ))
}

/// 13-1b: a statement that the contract shall not be extended.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NonRenewalStated {
    pub contract: ContractId,
    pub statement: Statement,
}

impl Entry for NonRenewalStated {
    const NAME: &'static str = "non_renewal_stated";
    const CLAUSES: &'static [&'static str] = &["13-1b"];
    const TITLE: Words = Words::new("延長しない旨の意思表示", "non-renewal stated");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "契約者から届いた、利用期間を自動で延長しない旨の申出です。期限までに届けば、その期間の末日で契約が終わります。",
            "The customer states that the period of use is not extended. If it arrives by its limit, the contract ends with that period.",
        )
        .word("non_renewal")
        .title("更新しない旨の申出", "Statement of non-renewal")
        .offer("更新しない申出", "statement of non-renewal")
        .asks(&[
            Field::choice("statement/channel", "方法", "Channel")
                .called("channel")
                .first(First::Text("paper"))
                .hint("方式は問いません（A-14）。", "In any form (A-14)."),
            Field::choice("statement/against", "契約が終わる日", "It ends with")
                .called("against")
                .optional()
                .hint(
                    "選ばなければ、期限に間に合う最初の末日です。",
                    "If it is not said, the first end for which it is in time.",
                ),
        ])
        .at("届いた日時", "It arrived")
        .stamps(&["statement/sent_at", "statement/arrived_at"])
        .here(not_extended),
    );

    // What the provider states takes two persons, and is made by its notice.
    fn by(&self) -> Option<Permission> {
        (self.statement.by == Side::Customer).then_some(Permission::RegisterArrival)
    }

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        let stated = [Some(self.statement.sent_at), self.statement.effective_at()];
        stated.into_iter().flatten().map(Reach::Stated).collect()
    }

    fn line(&self, l: Reader) -> String {
        let NonRenewalStated { contract, statement } = self;
        non_renewal(&contract.0, statement, l)
    }
}

/// So many ends of periods to come can be chosen.
const ENDS: usize = 12;

/// The ends against which a customer can object.
fn not_extended(asked: &Asked, id: &str, l: Reader) -> Here {
    let Some(contract) = asked.contract(id) else { return Here::default() };
    let next = |end: &Day| {
        let from = Period::days(*end, 2).last_day();
        expiry_from(asked.law, contract, asked.at, from)
    };
    let ends = std::iter::successors(Some(contract.period.to), next).take(ENDS);
    let last = day(contract.period.to, l);
    let limit = contract.renewal_limit.map_or_else(|| "—".to_owned(), |limit| day(limit, l));
    let channels = [Channel::Paper, Channel::Email, Channel::Portal, Channel::Other];
    Here { offered: !contract.is_over(), ..Here::default() }
        .choices("statement/channel", channels.map(|one| Choice::new(one.name(), names::channel(one, l))))
        .choices("statement/against", ends.map(|end| Choice::new(end, day(end, l))))
        .fixed("statement/by", "customer")
        .note(say!(
            l,
            "決まっている利用期間の末日 {last}、申出の期限 {limit}",
            "The period of use ends on {last}; the limit for a statement is {limit}"
        ))
        .note(say!(
            l,
            "当社が延長しないときは、契約のページの「更新しないことを起案」から行います。承認の後に通知が送られます。",
            "Where the provider does not extend, that is proposed on the page of the contract, and the customer is told once it is approved."
        ))
}

/// 13-1b: the provider states that the contract is not extended beyond this expiry.
/// Takes effect by its notice (3-2).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct DeclineRenewal {
    pub contract: ContractId,
    pub against: Day,
}

impl Entry for DeclineRenewal {
    const NAME: &'static str = "decline_renewal";
    const CLAUSES: &'static [&'static str] = &["13-1b", "3-2"];
    const TITLE: Words = Words::new("当社による延長の拒絶", "declined renewal");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "当社がこの契約を延長しないことを、承認する人に諮ります。承認されると契約者に通知が送られ、期間の末日で終わります。起案しただけでは何も起こりません。",
            "Puts before whoever approves it that the provider does not extend the contract. Once approved the customer is told, and it ends with its period. The proposal alone does nothing.",
        )
        .offer("更新しないことを起案", "propose not to extend")
        .verb("更新しないことを起案する", "Propose not to extend")
        .asks(&[Field::choice("against", "契約が終わる日", "It ends with")])
        .reason_owed()
        .here(not_extending),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let DeclineRenewal { contract, against } = self;
        say!(
            l,
            "契約{contract}を{against}の満了後は延長しないことを当社から通知",
            "state for the provider that contract {contract} is not extended beyond {against}"
        )
    }
}

fn not_extending(asked: &Asked, id: &str, l: Reader) -> Here {
    let Some(contract) = asked.contract(id) else { return Here::default() };
    let open = !contract.is_over() && contract.status != ContractStatus::ExpiryScheduled;
    let last = day(contract.period.to, l);
    let words = say!(l, "今の期間の末日 {last}", "the last day of the present period, {last}");
    Here::offered(open).choices("against", [Choice::new(contract.period.to, words)])
}

impl Deed for DeclineRenewal {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[OrderDesk, Collections, ContractApprover, Legal];
    const SECOND: Second = Second::Proposed;

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let block = |code: &str, detail: String| vec![Finding::blocking("13-1b", code, detail)];
        let id = self.contract.0.clone();
        Ok(asked.of_contract(&self.contract, |contract| match () {
            () if contract.is_over() => block("contract_ended", id),
            () if contract.status == ContractStatus::ExpiryScheduled => block("already_asked", id),
            // After the limit the next period has begun to count (0006).
            () if self.against != contract.period.to => {
                block("not_the_expiry", contract.period.to.to_string())
            }
            () => Vec::new(),
        }))
    }
}

/// 13-1b: extended, since nobody objected by the limit.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContractExtended {
    pub contract: ContractId,
    pub period: UsePeriod,
    pub limit: Day,
}

impl Following for ContractExtended {
    fn line(&self, l: Reader) -> String {
        let ContractExtended { period, limit, .. } = self;
        let (from, to) = (period.from, period.to);
        say!(
            l,
            "契約を{from}〜{to}に自動延長（申出の期限 {limit} までに別段の意思表示なし）",
            "contract extended to {from} … {to} (no objection by the limit, {limit})"
        )
    }
}

/// 13-1b: an objection in time; the contract will end with its period.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ExpiryScheduled {
    pub contract: ContractId,
    pub on: Day,
}

impl Following for ExpiryScheduled {
    fn line(&self, l: Reader) -> String {
        let ExpiryScheduled { on, .. } = self;
        say!(
            l,
            "期限内の申出により、契約は{on}の満了で終わり、延長しない",
            "objection in time: the contract ends with its period on {on}"
        )
    }
}

/// 13-1b: an objection that came too late for this expiry.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct StatementLate {
    pub contract: ContractId,
    pub expiry: Day,
    pub limit: Day,
}

impl Following for StatementLate {
    fn line(&self, l: Reader) -> String {
        let StatementLate { expiry, limit, .. } = self;
        say!(
            l,
            "{expiry}の満了に対する申出は期限 {limit} を過ぎており、この満了には効力なし",
            "objection to the expiry on {expiry} came after the limit, {limit}: without effect on it"
        )
    }
}

fn non_renewal(contract: &str, statement: &Statement, language: Reader) -> String {
    let by = names::side(statement.by, language);
    let channel = names::channel(statement.channel, language);
    let at = statement.arrived_at.unwrap_or(statement.sent_at).to_minute_text();
    say!(
        language,
        "{by}が契約{contract}を延長しない意思を表示（{at}、{channel}）",
        "{by} stated that contract {contract} shall not be extended ({at}, by {channel})"
    )
}

/// Who declares that the contract shall not be extended (13-1b).
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Customer,
    Provider,
}

/// A statement of non-renewal (別段の意思表示), of any form.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Statement {
    pub by: Side,
    pub channel: Channel,
    pub sent_at: Moment,
    #[serde(default)]
    pub arrived_at: Option<Moment>,
    /// The expiry it speaks against; the next one it is in time for when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Day>,
}

impl Statement {
    /// The provider's takes effect by 3-2, the customer's on arrival (Civil Code
    /// 97): 3-2 speaks only of notices of the provider.
    pub fn effective_at(&self) -> Option<Moment> {
        match self.by {
            Side::Customer => self.arrived_at,
            Side::Provider => effective_at(&[Sending {
                channel: self.channel,
                at: self.sent_at,
                arrived_at: self.arrived_at,
            }]),
        }
    }
}

/// 13-1b: the last day on which a statement against extension is in time.
pub fn renewal_limit(terms: &Effective, expiry: Day) -> Deadline {
    terms.calendar.before(expiry, terms.rules.renewal_notice_bd, terms.rules.before_mode)
}

/// Whether a statement that took effect at this moment was in time.
pub fn in_time(limit: Deadline, effective: Option<Moment>) -> bool {
    effective.is_some_and(|at| at.day() <= limit.latest_day)
}

/// 13-1b: the extension that begins the day after an expiry; its end follows
/// Civil Code 143 and so may drift away from a missing day.
pub fn extension(terms: &Effective, expiry: Day) -> (Day, Day) {
    let first = Period::days(expiry, 2).last_day();
    (first, Period::months(first, terms.rules.extension_months).last_day())
}

/// The first end of a period on this day or after it, as the contract is extended until then.
pub fn expiry_from(law: &Law, contract: &ContractState, at: Moment, day: Day) -> Option<Day> {
    let terms = law.effective(at, &contract.agreements).ok()?;
    let mut expiry = contract.period.to;
    while expiry < day {
        let (_, next) = extension(&terms, expiry);
        expiry = Some(next).filter(|next| *next > expiry)?;
    }
    Some(expiry)
}

/// The end of a period that comes after a day on which none ends: a statement against that
/// day would be against nothing (13-1b). None where one ends on it, or has ended by then.
pub fn no_end_on(law: &Law, contract: &ContractState, at: Moment, day: Day) -> Option<Day> {
    let to_come = day >= contract.period.to;
    to_come.then(|| expiry_from(law, contract, at, day)).flatten().filter(|expiry| *expiry != day)
}

/// 13-2: a period of use ends at a month's end, unless agreed otherwise.
pub fn may_end_on(terms: &Effective, expiry: Day) -> bool {
    !terms.rules.period_must_end_at_month_end || expiry == Month::of(expiry).last_day()
}
