//! Consequences: what follows from facts, acts and the law.

use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::application::acceptance::{ContractChanged, ContractFormed};
pub use crate::application::grounds::GroundsFound;
pub use crate::application::order_acceptance::OrderDetermined;
pub use crate::application::receiving::TermsAssented;
pub use crate::declare::task::{Alert, TaskClosed, TaskOpened};
pub use crate::ending::agreed::{CancellationAgreed, MonthEndOffered};
pub use crate::ending::arrivals::{ArrivalConfirmed, ArrivalDeclined};
pub use crate::ending::cancellation_form::{CancellationDetermined, ChannelWithoutEffect};
pub use crate::ending::ended::{AccountsClosed, ContractEnded, PayableNow, SecrecyEnds};
pub use crate::ending::judgement::{RightClosed, RightOpened};
pub use crate::ending::notices::ReceiptNoticeDetermined;
pub use crate::ending::renewal::{ContractExtended, ExpiryScheduled, StatementLate};
pub use crate::ending::terminating::TerminationNoticeDetermined;
pub use crate::money::credit_note::CreditApplied;
pub use crate::money::invoice::{ReceivableOverdue, ReceivablePaid};
pub use crate::money::late_interest::LateInterestOwed;
pub use crate::money::payment::{ApplicationUndone, Overpaid, PaymentApplied};
pub use crate::money::waiver::InterestWaived;
pub use crate::registered::notified::{DataChangeNoted, DataChanged};
pub use crate::service::start::MinimumTermSet;
pub use crate::takeover::{ContractTakenOver, ReceivableTakenOver};

use crate::declare::Following;
use crate::declare::ids::{ConsequenceId, InputId};
use crate::declare::reason::Audience;
use crate::declare::words::Reader;
use crate::road::stream::Stream;

consequences! {
    TermsAssented,
    GroundsFound,
    TaskOpened,
    TaskClosed,
    DataChangeNoted,
    DataChanged,
    ContractFormed,
    ContractTakenOver,
    ReceivableTakenOver,
    ContractChanged,
    OrderDetermined,
    MinimumTermSet,
    ContractExtended,
    ExpiryScheduled,
    StatementLate,
    CancellationDetermined,
    ReceiptNoticeDetermined,
    TerminationNoticeDetermined,
    ArrivalConfirmed,
    ArrivalDeclined,
    ChannelWithoutEffect,
    PayableNow,
    ContractEnded,
    AccountsClosed,
    SecrecyEnds,
    PaymentApplied,
    Overpaid,
    ApplicationUndone,
    CreditApplied,
    InterestWaived,
    CancellationAgreed,
    MonthEndOffered,
    ReceivablePaid,
    ReceivableOverdue,
    LateInterestOwed,
    RightOpened,
    RightClosed,
    Alert,
}

impl Consequence {
    /// The id under which it stands in a stream, made from what it rests on: the
    /// same thing at another moment, or on other facts, is another consequence.
    pub fn id(&self, stream: &Stream, at: Moment, facts: &[InputId]) -> ConsequenceId {
        let text = serde_json::to_string(&(stream, at, self, facts)).expect("plain data");
        ConsequenceId(format!("C-{}", &blake3::hash(text.as_bytes()).to_hex()[..12]))
    }
}
