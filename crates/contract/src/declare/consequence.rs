//! Consequences: what follows from facts, acts and the law.

use reckon::{Day, Moment, Month, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use terms::ConfirmGround;

use crate::application::form::UsePeriod;
use crate::declare::ids::{ApplicationId, ConsequenceId, ContractId, InputId};
use crate::declare::reason::Audience;
use crate::money::late_interest::Stretch;
use crate::notices::notice::Channel;
use crate::registered::parties::RegisteredItem;
use crate::road::stated::{Order, Receipt, Termination};
use crate::road::stream::Stream;
use crate::service::minimum_term::EndCause;

/// Something that follows. Its id is a hash of its content, stream and moment.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Consequence {
    /// 9-6: deemed acceptance of this version of the terms.
    TermsAssented {
        application: ApplicationId,
        version: String,
    },
    /// 9-10: grounds that a person weighs when deciding.
    GroundsFound {
        application: ApplicationId,
        grounds: Vec<String>,
    },
    /// A task or duty opened; `remind_on` is a reminder, never a legal effect.
    TaskOpened {
        task: TaskKind,
        about: String,
        remind_on: Day,
    },
    TaskClosed {
        task: TaskKind,
        about: String,
    },
    /// 10-1: a change was notified; `limit` is the last day in time, where there
    /// is one.
    DataChangeNoted {
        item: RegisteredItem,
        planned_on: Day,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Day>,
        late: bool,
        unplanned: bool,
    },
    /// 10-1: what was notified holds from this day.
    DataChanged {
        item: RegisteredItem,
        from: Day,
    },
    /// 9-4.
    ContractFormed {
        contract: ContractId,
        application: ApplicationId,
        version: String,
    },
    /// A contract that had been formed before this record began.
    ContractTakenOver {
        contract: ContractId,
        number: String,
        version: String,
        charge_from: Month,
    },
    /// An invoice of an earlier book that was open when it was taken over.
    ReceivableTakenOver {
        number: String,
        outstanding: Yen,
        due: Day,
    },
    /// 9-7, 9-8, 9-4.
    ContractChanged {
        contract: ContractId,
        application: ApplicationId,
        from: Day,
    },
    /// 9-3, 9-5, 9-8: what the acceptance form (申込請書) states.
    OrderDetermined {
        order: Box<Order>,
    },
    /// 14-1, for one service line.
    MinimumTermSet {
        contract: ContractId,
        line: u32,
        from: Day,
        to: Day,
    },
    /// 13-1b: extended, since nobody objected by the limit.
    ContractExtended {
        contract: ContractId,
        period: UsePeriod,
        limit: Day,
    },
    /// 13-1b: an objection in time; the contract will end with its period.
    ExpiryScheduled {
        contract: ContractId,
        on: Day,
    },
    /// 13-1b: an objection that came too late for this expiry.
    StatementLate {
        contract: ContractId,
        expiry: Day,
        limit: Day,
    },
    /// 15-1, 15-1b.
    CancellationDetermined {
        contract: ContractId,
        arrived_on: Day,
        desired: Option<Day>,
        effective: Day,
        deemed: bool,
        /// The everyday way of counting would have decided otherwise.
        label_zone: bool,
        /// Why a second person looks at it before the receipt notice goes out.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        confirm: Vec<ConfirmGround>,
    },
    /// 15-1: what the receipt notice (受領通知) of a form states.
    ReceiptNoticeDetermined {
        notice: Box<Receipt>,
    },
    /// 16-1, 16-2: what the notice of termination (解除通知) of an act states.
    TerminationNoticeDetermined {
        notice: Box<Termination>,
    },
    /// 15-1: a second person found the arrival as registered.
    ArrivalConfirmed {
        contract: ContractId,
        arrival: InputId,
        effective: Day,
    },
    /// 15-1, 30-1: a second person did not; the form has no effect.
    ArrivalDeclined {
        contract: ContractId,
        arrival: InputId,
    },
    /// 15-1: the form came on a channel that has no effect under 15-1.
    ChannelWithoutEffect {
        contract: ContractId,
        channel: Channel,
    },
    /// 15-3, 16-2: what is unpaid becomes payable.
    PayableNow {
        contract: ContractId,
        principal: Yen,
        interest: Yen,
        by: Day,
    },
    /// The contract has ended with this day.
    ContractEnded {
        contract: ContractId,
        on: Day,
        cause: EndCause,
    },
    /// 38-1(2): all accounts under the contract are closed with it.
    AccountsClosed {
        contract: ContractId,
    },
    /// 41-8.
    SecrecyEnds {
        contract: ContractId,
        until: Day,
    },
    /// A part of a payment settled a part of an invoice.
    PaymentApplied {
        payment: InputId,
        number: String,
        amount: Yen,
    },
    /// More was paid than owed: held (仮受金).
    Overpaid {
        payment: InputId,
        amount: Yen,
    },
    /// A part of a payment was taken back from an invoice, and is held.
    ApplicationUndone {
        payment: InputId,
        number: String,
        amount: Yen,
    },
    /// A credit note lowered a receivable.
    CreditApplied {
        note: String,
        number: String,
        amount: Yen,
    },
    /// Late interest of an invoice that is not asked for.
    InterestWaived {
        number: String,
        amount: Yen,
    },
    /// What both sides agreed on a cancellation.
    CancellationAgreed {
        contract: ContractId,
        form: InputId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Day>,
        document: String,
    },
    /// 15-2: the whole month is owed, so its last day costs the customer no more
    /// than the deemed one: offered, and agreed if the customer wants it.
    MonthEndOffered {
        contract: ContractId,
        form: InputId,
        deemed: Day,
        month_end: Day,
    },
    ReceivablePaid {
        number: String,
        on: Day,
    },
    ReceivableOverdue {
        number: String,
        due: Day,
        outstanding: Yen,
    },
    /// 26-1: interest of a debt that has been paid late.
    LateInterestOwed {
        number: String,
        amount: Yen,
        days: i64,
        stretches: Vec<Stretch>,
    },
    /// A right opened: a person may use it, nothing uses it by itself.
    RightOpened {
        right: String,
        about: String,
        from: Day,
    },
    RightClosed {
        right: String,
        about: String,
        on: Day,
    },
    /// A fact without effect, or something that a person must look at.
    Alert {
        code: AlertCode,
        about: String,
        detail: String,
    },
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// 9-3: check the application without delay.
    ReviewApplication,
    /// 9-2b: the customer's paper form.
    PaperForm,
    /// 9-5: send the order acceptance.
    OrderAcceptance,
    /// Suspend or resume upstream by hand.
    SuspendUpstream,
    ResumeUpstream,
    /// A wished start has come: register that the use of the line began.
    RegisterStart,
    /// 15-1: a second person looks at the arrival of a cancellation form.
    ConfirmArrival,
    /// 19-1: the customer discards what it received.
    MaterialDisposal,
    /// 19-2: erase what the customer left.
    Erasure,
    /// Ask the customer whether the contract shall end with the month.
    MonthEndOffer,
    /// Transfer money held back to the customer.
    ReturnHeld,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertCode {
    /// A fact names something that does not exist.
    UnknownSubject,
    /// An acceptance mail, notice or invoice was refused by the own server.
    MailRefused,
    /// The minimum term outlasts the period of use, and no rule is agreed.
    MinimumTermOutlastsPeriod,
    /// An acceptance mail left for an application that had been closed.
    FormedThoughClosed,
    /// A withdrawal after the service began: Article 15 speaks then.
    WithdrawalTooLate,
    /// The law cannot be applied to this contract.
    LawNotApplicable,
    /// A contract or invoice was taken over although it is in the record already.
    TakenOverTwice,
    /// What was taken over is not what the rules give, or its time had passed.
    TakenOverDiffers,
    /// Money was transferred back without an approved act.
    ReturnedWithoutApproval,
    /// The upstream was suspended although nobody had decided so (12-3).
    SuspendedWithoutApproval,
}

impl Consequence {
    /// Grounds, rights, alerts and the provider's own tasks are for staff.
    pub fn audience(&self) -> Audience {
        match self {
            Consequence::GroundsFound { .. }
            | Consequence::RightOpened { .. }
            | Consequence::RightClosed { .. }
            | Consequence::TaskOpened { .. }
            | Consequence::TaskClosed { .. }
            | Consequence::ArrivalConfirmed { .. }
            | Consequence::ArrivalDeclined { .. }
            | Consequence::Alert { .. } => Audience::Staff,
            _ => Audience::Everyone,
        }
    }

    /// The id under which it stands in a stream, made from what it rests on: the
    /// same thing at another moment, or on other facts, is another consequence.
    pub fn id(&self, stream: &Stream, at: Moment, facts: &[InputId]) -> ConsequenceId {
        let text = serde_json::to_string(&(stream, at, self, facts)).expect("plain data");
        ConsequenceId(format!("C-{}", &blake3::hash(text.as_bytes()).to_hex()[..12]))
    }
}
