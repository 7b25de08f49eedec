//! 3-2: from when a notice holds for a customer, by which channel, and whether it came as
//! long before as its kind asks.

use std::vec;

use terms::{Effective, Lead, NoticeKind};

use crate::declare::Among;
use crate::declare::consequence::Consequence;
use crate::declare::fact::{
    ContractNoticeSent, Fact, NoticeArrived, NoticeBounced, NoticeConfirmed, NoticeDispatched,
    NoticeGiven, NoticeMailSent, NoticePosted, NoticeUndeliverable, NoticeWithdrawn,
};
use crate::declare::prelude::*;
use crate::declare::task::{AlertCode, TaskKind};
use crate::notices::given::{DeliveryId, NoticeId};
use crate::notices::notice::{Channel, Sending, latest_effect};
use crate::road::case::Happening;
use crate::road::cells::Touched;
use crate::road::kept::Kept;
use crate::road::unfold::{OpenTask, Unfolding};

pub(crate) const NOTICE_EFFECT: Rule =
    Rule::new("notice_effect", 1, "通知の効力の発生", "effect of a notice")
        .clauses(&["3-1", "3-2"])
        .readings(&["A-05", "A-06", "A-07"])
        .parameters(&["notice.channels"])
        .told_by::<Timing>();
pub(crate) const NOTICE_ASTRAY: Rule =
    Rule::new("notice_astray", 1, "届かなかった通知", "notice that went astray")
        .clauses(&["3-2", "10-2"])
        .readings(&["A-05"]);

/// By when it had to take effect, and when what it announces holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Timing {
    pub takes_effect: Moment,
    pub lead_days: u32,
    pub latest: Moment,
}

impl Told for Timing {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let Timing { takes_effect, lead_days, latest } = self;
        let (from, latest) = (takes_effect.to_minute_text(), latest.to_minute_text());
        Some(vec![say!(
            l,
            "{from} の{lead_days}日前まで（{latest} まで）に効力を生じる必要がある",
            "it has to take effect {lead_days} days before {from}: by {latest}"
        )])
    }
}

/// Where a notice stands that was given to a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// None where it left by itself.
    pub notice: Option<NoticeId>,
    pub kind: String,
    pub title: String,
    pub contracts: Vec<ContractId>,
    pub channels: Vec<Channel>,
    pub given_by: InputId,
    pub given_at: Moment,
    /// From when what it announces holds.
    pub takes_effect: Option<Moment>,
    pub cure_days: Option<u32>,
    /// When its first mail was sent.
    pub sent_at: Option<Moment>,
    pub posted_at: Option<Moment>,
    pub dispatched_at: Option<Moment>,
    pub arrived_at: Option<Moment>,
    pub undeliverable_at: Option<Moment>,
    pub bounced_at: Option<Moment>,
    pub effective: Option<InEffect>,
    /// Whether it took effect long enough before what it announces; none where nothing is
    /// announced, or before it took effect.
    pub in_time: Option<bool>,
    /// Who confirmed it, and when.
    pub confirmed: Vec<Confirmation>,
    pub withdrawn: Option<Withdrawal>,
}

/// Since when a notice holds, and by which channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InEffect {
    pub at: Moment,
    pub channel: Channel,
    /// The entry that shows it.
    pub by: InputId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmation {
    pub by: String,
    pub at: Moment,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawal {
    pub by: NoticeId,
    pub at: Moment,
}

impl Notice {
    /// Nothing is known of it but who gave it, and when.
    fn new(given_by: InputId, given_at: Moment) -> Notice {
        Notice {
            notice: None,
            kind: String::new(),
            title: String::new(),
            contracts: Vec::new(),
            channels: vec![Channel::Email],
            given_by,
            given_at,
            takes_effect: None,
            cure_days: None,
            sent_at: None,
            posted_at: None,
            dispatched_at: None,
            arrived_at: None,
            undeliverable_at: None,
            bounced_at: None,
            effective: None,
            in_time: None,
            confirmed: Vec::new(),
            withdrawn: None,
        }
    }

    /// One that leaves by itself, about one contract.
    pub fn alone(kind: &str, contract: ContractId, by: InputId, at: Moment) -> Notice {
        Notice { kind: kind.to_owned(), contracts: vec![contract], ..Notice::new(by, at) }
    }

    /// Whether somebody may send it on paper now: where it was to go so, or what went before
    /// came back, and paper is enough for its kind.
    pub fn may_leave_on_paper(&self) -> bool {
        let asked_for = self.channels.contains(&Channel::Paper)
            || self.bounced_at.is_some()
            || self.undeliverable_at.is_some();
        let under_way = self
            .dispatched_at
            .is_some_and(|left| self.undeliverable_at.is_none_or(|back| back < left));
        let enough = self.kind().is_none_or(|kind| kind.goes_by(Channel::Paper.name()));
        self.withdrawn.is_none() && asked_for && enough && !under_way && !self.has_arrived()
    }

    pub fn has_arrived(&self) -> bool {
        self.arrived_at.is_some()
    }

    pub fn kind(&self) -> Option<&'static NoticeKind> {
        NoticeKind::of(&self.kind)
    }
}

impl AccountState {
    /// 4-1, 12-2, 16-1(7), 17-1(1), 18-1, 32-5: the first notice of a kind that took effect
    /// for a contract before a moment, and was not withdrawn.
    pub fn notice_before(
        &self,
        contract: &ContractId,
        kind: &str,
        before: Moment,
    ) -> Option<&Notice> {
        let of_kind = self.notices.values().map(Kept::as_ref).filter(|notice| {
            notice.kind == kind && notice.contracts.contains(contract) && notice.withdrawn.is_none()
        });
        let effective = of_kind.filter_map(|notice| Some((notice.effective.as_ref()?.at, notice)));
        let before = effective.filter(|(at, _)| *at < before);
        before.min_by_key(|(at, _)| *at).map(|(_, notice)| notice)
    }
}

/// 3-2: a notice holds for a contract.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeEffective {
    pub delivery: DeliveryId,
    pub contract: ContractId,
    pub title: String,
    /// The clause that it serves.
    pub clause: String,
    pub channel: Channel,
    /// Whether it came as long before as its kind asks; absent where nothing is announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
}

impl Following for NoticeEffective {
    fn line(&self, l: Reader) -> String {
        let NoticeEffective { title, channel, in_time, .. } = self;
        let channel = names::channel(*channel, l);
        let late = match in_time {
            Some(false) => l.pick("。予告の期間には足りない", "; too late for what it announces"),
            _ => "",
        };
        say!(
            l,
            "「{title}」の通知が{channel}により効力を生じた{late}",
            "the notice \"{title}\" took effect by {channel}{late}"
        )
    }
}

/// A notice that was withdrawn before what it announced came to hold.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeVoid {
    pub delivery: DeliveryId,
    pub contract: ContractId,
    pub title: String,
    pub by: NoticeId,
}

impl Following for NoticeVoid {
    fn line(&self, l: Reader) -> String {
        let NoticeVoid { title, by, .. } = self;
        say!(l, "「{title}」の通知は{by}により撤回", "the notice \"{title}\" is withdrawn by {by}")
    }
}

/// A sending with the entry that tells of it.
struct SentBy<'a> {
    by: &'a Happening,
    sending: Sending,
}

impl<'a> Unfolding<'a> {
    pub(crate) fn notice(&mut self, id: &DeliveryId, touched: &mut Touched) {
        let before = self.state.notices.remove(id);
        if let Some(notice) = self.notice_given(id) {
            let notice = self.notice_followed(id, notice);
            self.state.notices.insert(id.clone(), Kept::new(notice));
        }
        let after = self.state.notices.get(id);
        // What a demand to cure gives rests on when it took effect.
        let cures = before.iter().chain(after).filter(|notice| notice.cure_days.is_some());
        touched.judged(cures.flat_map(|notice| notice.contracts.clone()));
    }

    /// As it was given, before anything became of it.
    fn notice_given(&self, id: &DeliveryId) -> Option<Notice> {
        let stream = Stream::Notice(id.clone());
        if let Some((happening, given)) = self.facts_of::<NoticeGiven>(&stream).next() {
            let NoticeGiven { notice, kind, title, contracts, channels, .. } = given.clone();
            return Some(Notice {
                notice: Some(notice),
                kind,
                title,
                contracts,
                channels,
                takes_effect: given.takes_effect,
                cure_days: given.cure_days,
                ..Notice::new(happening.input.clone(), happening.occurred_at)
            });
        }
        let (happening, sent) = self.facts_of::<ContractNoticeSent>(&stream).next()?;
        let ContractNoticeSent { contract, kind, title, .. } = sent.clone();
        let (by, at) = (happening.input.clone(), happening.occurred_at);
        Some(Notice { title, ..Notice::alone(&kind, contract, by, at) })
    }

    /// What became of it.
    fn notice_followed(&mut self, id: &DeliveryId, mut notice: Notice) -> Notice {
        let stream = Stream::Notice(id.clone());
        let alone = self.at_of::<ContractNoticeSent>(&stream);
        notice.sent_at = self.at_of::<NoticeMailSent>(&stream).chain(alone).min();
        notice.posted_at = self.at_of::<NoticePosted>(&stream).min();
        notice.dispatched_at = self.at_of::<NoticeDispatched>(&stream).max();
        notice.arrived_at = self.at_of::<NoticeArrived>(&stream).min();
        notice.undeliverable_at = self.at_of::<NoticeUndeliverable>(&stream).max();
        notice.bounced_at = self.at_of::<NoticeBounced>(&stream).max();
        let confirmed = self.facts_of::<NoticeConfirmed>(&stream);
        notice.confirmed = confirmed
            .map(|(at, _)| Confirmation { by: at.actor.id.clone(), at: at.occurred_at })
            .collect();
        let withdrawn = self.facts_of::<NoticeWithdrawn>(&stream).next();
        notice.withdrawn = withdrawn
            .map(|(at, withdrawn)| Withdrawal { by: withdrawn.by.clone(), at: at.occurred_at });
        let terms = self.terms(notice.given_at, &[], &id.0);
        let latest = latest(&notice, &terms);
        self.notice_takes_effect(id, &mut notice, latest.as_ref(), &terms);
        self.notice_tasks(id, &notice, &terms);
        if let Some((happening, withdrawn)) = self.facts_of::<NoticeWithdrawn>(&stream).next() {
            let because = Because::of(&NOTICE_EFFECT).fact(&happening.input).under(&terms);
            for contract in &notice.contracts {
                let what = Consequence::NoticeVoid(NoticeVoid {
                    delivery: id.clone(),
                    contract: contract.clone(),
                    title: notice.title.clone(),
                    by: withdrawn.by.clone(),
                });
                self.follow(happening.occurred_at, contract.into(), what, because.clone());
            }
        }
        notice
    }

    /// When each fact of a kind happened.
    fn at_of<T: Among<Fact>>(&self, stream: &Stream) -> vec::IntoIter<Moment> {
        let at = self.facts_of::<T>(stream).map(|(happening, _)| happening.occurred_at);
        at.collect::<Vec<_>>().into_iter()
    }

    /// 3-2: by the earliest channel that is enough for its kind.
    fn notice_takes_effect(
        &mut self,
        id: &DeliveryId,
        notice: &mut Notice,
        timing: Option<&Timing>,
        terms: &Effective,
    ) {
        let kind = notice.kind();
        let enough = |channel: Channel| {
            channel.is_among(&terms.rules.notice_channels)
                && kind.is_none_or(|kind| kind.goes_by(channel.name()))
        };
        let sendings = self.sendings(&Stream::Notice(id.clone()));
        let effects = sendings.into_iter().filter(|told| enough(told.sending.channel));
        let effects = effects.filter_map(|told| Some((told.sending.effective_at()?, told)));
        let Some((at, told)) = effects.min_by_key(|(at, _)| *at) else { return };
        let channel = told.sending.channel;
        notice.effective = Some(InEffect { at, channel, by: told.by.input.clone() });
        notice.in_time = timing.map(|timing| at <= timing.latest);
        let mut because = Because::of(&NOTICE_EFFECT).fact(&notice.given_by);
        if told.by.input != notice.given_by {
            because = because.fact(&told.by.input);
        }
        if let Some(Timing { takes_effect, lead_days, latest }) = timing {
            let (takes_effect, lead_days, latest) = (*takes_effect, *lead_days, *latest);
            because = because.with(Timing { takes_effect, lead_days, latest });
        }
        let because = because.under(terms);
        for contract in &notice.contracts {
            let what = Consequence::NoticeEffective(NoticeEffective {
                delivery: id.clone(),
                contract: contract.clone(),
                title: notice.title.clone(),
                clause: kind.map(|kind| kind.clause.clone()).unwrap_or_default(),
                channel,
                in_time: notice.in_time,
            });
            self.follow(at, contract.into(), what, because.clone());
        }
    }

    fn sendings(&self, stream: &Stream) -> Vec<SentBy<'a>> {
        let told = |by: &'a Happening, channel, arrived: bool| {
            let at = by.occurred_at;
            SentBy { by, sending: Sending { channel, at, arrived_at: arrived.then_some(at) } }
        };
        let mails = self.facts_of::<NoticeMailSent>(stream).map(|(by, _)| by);
        let alone = self.facts_of::<ContractNoticeSent>(stream).map(|(by, _)| by);
        let mails = mails.chain(alone).map(|by| told(by, Channel::Email, false));
        let posted = self.facts_of::<NoticePosted>(stream);
        let posted = posted.map(|(by, _)| told(by, Channel::Homepage, false));
        let papers = self.facts_of::<NoticeArrived>(stream);
        mails.chain(posted).chain(papers.map(|(by, _)| told(by, Channel::Paper, true))).collect()
    }

    /// A paper has to leave; what came back has to reach the customer in another way.
    fn notice_tasks(&mut self, id: &DeliveryId, notice: &Notice, terms: &Effective) {
        let stream = Stream::Notice(id.clone());
        let over = notice.withdrawn.as_ref().map(|withdrawn| withdrawn.at);
        let task = |task, opened_at: Moment| OpenTask {
            task,
            about: id.0.clone(),
            opened_at,
            remind_on: terms.calendar.after(opened_at.day(), 1),
        };
        if notice.channels.contains(&Channel::Paper) {
            let left = self.at_of::<NoticeDispatched>(&stream);
            let left = left.chain(notice.arrived_at).chain(over).min();
            let because = Because::of(&NOTICE_EFFECT).fact(&notice.given_by).under(terms);
            self.task(&stream, task(TaskKind::DispatchNotice, notice.given_at), left, because);
        }
        let bounced = self.facts_of::<NoticeBounced>(&stream).map(|(at, _)| at);
        let returned = self.facts_of::<NoticeUndeliverable>(&stream).map(|(at, _)| at);
        let bounced: Vec<_> = bounced.collect();
        for happening in &bounced {
            let detail = notice.title.clone();
            self.alert(happening.occurred_at, AlertCode::NoticeBounced, &id.0, detail);
        }
        let kept = |happening: &&Happening| over.is_none_or(|over| over > happening.occurred_at);
        for happening in bounced.into_iter().chain(returned).filter(kept) {
            let at = happening.occurred_at;
            let again = self.sendings(&stream).into_iter();
            let again = again.map(|told| told.by.occurred_at).filter(|sent| *sent > at);
            let left = self.at_of::<NoticeDispatched>(&stream).filter(|sent| *sent > at);
            let done = again.chain(left).chain(over).min();
            let because = Because::of(&NOTICE_ASTRAY).fact(&happening.input).under(terms);
            self.task(&stream, task(TaskKind::RedeliverNotice, at), done, because);
        }
    }
}

/// By when it has to take effect.
fn latest(notice: &Notice, terms: &Effective) -> Option<Timing> {
    let lead = notice.kind()?.lead.as_ref()?;
    let takes_effect = notice.takes_effect?;
    let (lead_days, latest) = (lead_days(lead, terms), latest_for(lead, takes_effect, terms));
    Some(Timing { takes_effect, lead_days, latest })
}

/// 4-1, 12-2, 17-1, 18-1: the last moment at which a notice with such a lead can take effect
/// and come beforehand.
pub fn latest_for(lead: &Lead, takes_effect: Moment, terms: &Effective) -> Moment {
    latest_effect(takes_effect, lead_days(lead, terms), lead.counts, &terms.calendar)
}

fn lead_days(lead: &Lead, terms: &Effective) -> u32 {
    let days = terms.values.get(&lead.parameter).and_then(serde_json::Value::as_u64);
    u32::try_from(days.unwrap_or(0)).unwrap_or(u32::MAX)
}
