//! Article 15: cancellation by the customer: its form, the day it comes to, and the days that
//! are counted for it.

use reckon::CountingBack;
use terms::{ConfirmGround, Effective};

use crate::application::form::CancellationForm;
use crate::declare::prelude::*;
use crate::ending::calendar::Calendar;
use crate::ending::ended::LastDay;
use crate::money::late_interest;
use crate::notices::notice::Channel;

pub(crate) const CANCEL_EFFECTIVE: Rule =
    Rule::new("cancel_effective", 1, "解除日の決定", "cancellation day")
        .clauses(&["15-1", "15-1b"])
        .readings(&["A-01", "A-02", "A-03", "A-17"])
        .parameters(&[
            "cancel.notice_bd",
            "cancel.deemed_bd",
            "cancel.count_arrival_day",
            "cancel.threshold",
            "calendar.kind",
        ])
        .told_by::<Counted>();
pub(crate) const CANCEL_CHANNEL: Rule =
    Rule::new("cancel_channel", 1, "解除の申込方法", "channel of cancellation")
        .clauses(&["15-1", "9-2"])
        .readings(&["A-16"])
        .parameters(&["cancel.channels"]);
pub(crate) const CANCELLED: Rule =
    Rule::new("cancelled", 1, "契約者からの解除", "cancellation by the customer")
        .clauses(&["15-1"])
        .readings(&["A-18", "A-25"])
        .parameters(&["cancel.effective_time", "cancel.receipt_required"])
        .told_by::<LastDay>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Counted {
    arrived_on: Day,
    earliest: Day,
    #[serde(flatten)]
    desired: Option<Desired>,
    #[serde(flatten)]
    calendar: Calendar,
}

#[derive(Serialize, Deserialize)]
struct Desired {
    desired: Day,
    business_days: u32,
}

impl Counted {
    pub(crate) fn of(
        terms: &Effective,
        arrived_on: Day,
        desired: Option<Day>,
        effective: Day,
    ) -> Counted {
        let counted = |desired| Desired {
            desired,
            business_days: terms.calendar.count_between(arrived_on, desired),
        };
        Counted {
            arrived_on,
            earliest: earliest(terms, arrived_on),
            desired: desired.map(counted),
            calendar: Calendar::of(terms, effective),
        }
    }
}

/// The day that was notified before a takeover, which stands.
#[derive(Serialize)]
pub(crate) struct Notified {
    pub notified_before: Day,
}

impl Told for Counted {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let (arrived, earliest) = (day(self.arrived_on, l), day(self.earliest, l));
        let mut lines = vec![say!(l, "申込書の到達 {arrived}", "form arrived {arrived}")];
        if let Some(Desired { desired, business_days: counted }) = self.desired {
            let desired = day(desired, l);
            let needed: Option<u32> = because.parameter("cancel.notice_bd");
            let needed = needed.map_or_else(|| "?".to_owned(), |needed| needed.to_string());
            lines.push(say!(
                l,
                "到達の翌日から希望日 {desired} まで{counted}営業日（必要 {needed}営業日）",
                "from the day after arrival to the desired day {desired}: {counted} business days ({needed} needed)"
            ));
        }
        let deemed: u32 = because.parameter("cancel.deemed_bd")?;
        let first = match because.parameter("cancel.count_arrival_day") {
            Some(true) => l.pick("到達日を含めて", ", the day of arrival counted"),
            _ => l.pick("到達の翌日から", " from the day after arrival"),
        };
        lines.push(say!(
            l,
            "{first}{deemed}営業日目 {earliest}",
            "business day number {deemed}{first}: {earliest}"
        ));
        lines.extend(self.calendar.lines(because, l));
        Some(lines)
    }
}

/// 15-1: a cancellation form arrived.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CancellationFormArrived {
    pub contract: ContractId,
    pub channel: Channel,
    pub arrived_at: Moment,
    pub form: CancellationForm,
}

impl Entry for CancellationFormArrived {
    const NAME: &'static str = "cancellation_form_arrived";
    const CLAUSES: &'static [&'static str] = &["15-1"];
    const TITLE: Words = Words::new("解約申込書の到達", "cancellation form arrived");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Stated(self.arrived_at)]
    }

    fn line(&self, l: Reader) -> String {
        let CancellationFormArrived { contract, channel, arrived_at, form } = self;
        let (channel, at) = (names::channel(*channel, l), arrived_at.to_minute_text());
        let none = || l.pick("なし", "none").to_owned();
        let desired = form.desired.map_or_else(none, |day| day.to_string());
        say!(
            l,
            "契約{contract}の解約申込書が{at}に到達（{channel}、解除希望日 {desired}）",
            "cancellation form for contract {contract} arrived {at} (by {channel}, desired day: {desired})"
        )
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        vec![Mark::Signature { contract: self.contract.clone(), form: &mut self.form }]
    }
}

/// 15-1, 15-1b.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CancellationDetermined {
    pub contract: ContractId,
    pub arrived_on: Day,
    pub desired: Option<Day>,
    pub effective: Day,
    pub deemed: bool,
    /// The everyday way of counting would have decided otherwise.
    pub label_zone: bool,
    /// Why a second person looks at it before the receipt notice goes out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirm: Vec<ConfirmGround>,
}

impl Following for CancellationDetermined {
    fn line(&self, l: Reader) -> String {
        let CancellationDetermined { arrived_on, desired, effective, deemed, .. } = self;
        match (desired, *deemed) {
            (Some(_), false) => say!(
                l,
                "解除日は希望どおり{effective}（申込書の到達 {arrived_on}）",
                "cancellation on {effective}, as desired (form arrived {arrived_on})"
            ),
            (Some(desired), true) => say!(
                l,
                "解除日は{effective}とみなす（申込書の到達 {arrived_on}、希望日 {desired} には日数が足りない）",
                "cancellation deemed to be on {effective} (form arrived {arrived_on}, too late for {desired})"
            ),
            (None, _) => say!(
                l,
                "解除日は{effective}とみなす（申込書の到達 {arrived_on}、希望日の記載なし）",
                "cancellation deemed to be on {effective} (form arrived {arrived_on}, no day desired)"
            ),
        }
    }
}

/// 15-1: the form came on a channel that has no effect under 15-1.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ChannelWithoutEffect {
    pub contract: ContractId,
    pub channel: Channel,
}

impl Following for ChannelWithoutEffect {
    fn line(&self, l: Reader) -> String {
        let ChannelWithoutEffect { channel, .. } = self;
        let channel = names::channel(*channel, l);
        say!(
            l,
            "{channel}で届いた解約申込書には、第15条の解除の効力なし",
            "a cancellation form by {channel} has no effect under Article 15"
        )
    }
}

/// 15-1, 15-1b: the day at whose end the contract is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cancellation {
    pub effective: Day,
    /// True when the terms put another day in place of the desired one.
    pub deemed: bool,
}

/// The desired day when it leaves the business days that 15-1 asks for, counted
/// from the arrival of the form; otherwise the day those business days later.
pub fn effective(terms: &Effective, arrival: Day, desired: Option<Day>) -> Cancellation {
    match desired.filter(|day| leaves_enough_time(terms, arrival, *day)) {
        Some(day) => Cancellation { effective: day, deemed: false },
        None => Cancellation { effective: earliest(terms, arrival), deemed: true },
    }
}

/// 15-1b: the day that is deemed desired, counted from arrival.
pub fn earliest(terms: &Effective, arrival: Day) -> Day {
    let days = terms.rules.cancel_deemed_bd;
    let counted_already = u32::from(counts_as_day_one(terms, arrival)).min(days);
    terms.calendar.after(arrival, days - counted_already)
}

fn leaves_enough_time(terms: &Effective, arrival: Day, desired: Day) -> bool {
    let needed = terms.rules.cancel_notice_bd;
    match terms.rules.cancel_threshold {
        CountingBack::Elapsed => {
            let counted = terms.calendar.count_between(arrival, desired)
                + u32::from(counts_as_day_one(terms, arrival) && arrival <= desired);
            arrival <= desired && counted >= needed
        }
        mode => arrival <= terms.calendar.before(desired, needed, mode).latest_day,
    }
}

fn counts_as_day_one(terms: &Effective, arrival: Day) -> bool {
    terms.rules.count_arrival_day && terms.calendar.is_open(arrival)
}

/// True in the zone of A-02 where the everyday way of counting would have kept
/// the desired day: a person looks at it before the notice leaves.
pub fn in_label_zone(terms: &Effective, arrival: Day, desired: Option<Day>) -> bool {
    let Some(day) = desired else { return false };
    let label = terms.calendar.before(day, terms.rules.cancel_notice_bd, CountingBack::Label);
    let everyday = arrival <= label.latest_day;
    everyday != leaves_enough_time(terms, arrival, day)
}

/// 15-2: the month whose fee is owed in full, even when the day is in the middle
/// of it.
pub fn final_month(end: Day) -> Month {
    Month::of(end)
}

/// A debt as it stood at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpaid {
    pub outstanding: Yen,
    pub due: Day,
}

/// 15-3: what is payable at once on arrival of the form, with late interest as
/// if paid on `paid`, each debt for itself.
pub fn payable_at_arrival(terms: &Effective, debts: &[Unpaid], paid: Day) -> (Yen, Yen) {
    let principal = debts.iter().map(|debt| debt.outstanding).sum();
    let interest = debts
        .iter()
        .map(|debt| late_interest::on(terms, debt.outstanding, debt.due, paid).amount)
        .sum();
    (principal, interest)
}
