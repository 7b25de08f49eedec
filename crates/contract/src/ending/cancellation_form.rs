//! 15-1: the cancellation form of the customer, and the day it comes to.

use terms::{ConfirmGround, Effective};

use crate::application::form::CancellationForm;
use crate::declare::prelude::*;
use crate::ending::calendar::Calendar;
use crate::ending::cancellation::earliest;
use crate::ending::ended::LastDay;
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
