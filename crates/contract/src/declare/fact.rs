//! Facts: what happened. They are never refused; at worst they have no effect.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::application::acceptance::AcceptanceMailSent;
pub use crate::application::checks::Check;
pub use crate::application::order_acceptance::OrderAcceptanceSent;
pub use crate::application::quote::{PurchaseOrder, Quote};
pub use crate::application::receiving::{Application, PaperFormReceived};
pub use crate::application::refusal::RefusalSent;
pub use crate::application::withdrawal::ApplicationWithdrawn;
pub use crate::correction::entry::EntryVoided;
pub use crate::ending::agreed::AgreementNoticeSent;
pub use crate::ending::cancellation_form::CancellationFormArrived;
pub use crate::ending::erasure::{CertificateSent, MaterialDisposed, MaterialErased};
pub use crate::ending::judgement::{
    CureDemanded, GroundLifted, InsolvencyReleased, JudgementRecorded,
};
pub use crate::ending::notices::ReceiptNoticeSent;
pub use crate::ending::renewal::NonRenewalStated;
pub use crate::ending::terminating::TerminationNoticeSent;
pub use crate::money::credit_note::{CreditNote, CreditNoteSent};
pub use crate::money::held::HeldReturned;
pub use crate::money::invoice::{Invoice, InvoiceSent};
pub use crate::money::payment::Payment;
pub use crate::notices::refused::MailRefused;
pub use crate::registered::contact::ContactChanged;
pub use crate::registered::filing::FiledDocument;
pub use crate::registered::parties::DataChange;
pub use crate::service::start::ServiceStarted;
pub use crate::service::suspending::{UpstreamResumed, UpstreamSuspended};
pub use crate::service::usage::UsageImported;
pub use crate::takeover::{TakenOverContract, TakenOverReceivable};

use crate::declare::words::Reader;
use crate::declare::{Entry, Kind};
use crate::road::stream::Stream;
use crate::who::roles::{Permission, Role};

entries! {
    /// Something that happened, as it was registered.
    Fact:
    /// 9-2, 9-7: an application or an application for a change came in.
    ApplicationReceived(Box<Application>),
    PaperFormReceived(PaperFormReceived),
    AcceptanceMailSent(AcceptanceMailSent),
    RefusalSent(RefusalSent),
    OrderAcceptanceSent(OrderAcceptanceSent),
    MailRefused(MailRefused),
    ApplicationWithdrawn(ApplicationWithdrawn),
    ContactChanged(ContactChanged),
    /// 10-1: a change of registered data was notified, with its planned day.
    DataChangeNotified(Box<DataChange>),
    /// A quotation (見積書) was issued. It never changes.
    QuoteIssued(Box<Quote>),
    /// The customer's order on a quotation (発注書) came in.
    PurchaseOrderReceived(Box<PurchaseOrder>),
    /// A paper or file was filed, to be found by day, counterparty and amount.
    DocumentFiled(Box<FiledDocument>),
    ServiceStarted(ServiceStarted),
    NonRenewalStated(NonRenewalStated),
    CancellationFormArrived(CancellationFormArrived),
    ReceiptNoticeSent(ReceiptNoticeSent),
    TerminationNoticeSent(TerminationNoticeSent),
    JudgementRecorded(JudgementRecorded),
    CureDemanded(CureDemanded),
    GroundLifted(GroundLifted),
    InsolvencyReleased(InsolvencyReleased),
    MaterialDisposed(MaterialDisposed),
    /// 9-10(3), 9-10(5): a check of the applicant was made (反社, 与信).
    CheckRecorded(Check),
    /// An invoice was issued. It never changes.
    InvoiceIssued(Box<Invoice>),
    InvoiceSent(InvoiceSent),
    /// Money was credited to the provider's account.
    PaymentCredited(Payment),
    /// Usage of a file, summed up for this account.
    UsageImported(UsageImported),
    UpstreamSuspended(UpstreamSuspended),
    UpstreamResumed(UpstreamResumed),
    MaterialErased(MaterialErased),
    CertificateSent(CertificateSent),
    /// A running contract of an earlier book.
    ContractTakenOver(Box<TakenOverContract>),
    /// An open invoice of an earlier book.
    ReceivableTakenOver(Box<TakenOverReceivable>),
    /// A credit note (返還請求書) was issued. It never changes.
    CreditNoteIssued(Box<CreditNote>),
    CreditNoteSent(CreditNoteSent),
    HeldReturned(HeldReturned),
    AgreementNoticeSent(AgreementNoticeSent),
    EntryVoided(EntryVoided),
}

impl Fact {
    /// Whether a person of this role may register it by hand.
    pub fn may_be_registered_by(&self, role: Role) -> bool {
        self.by().is_some_and(|permission| role.holds(permission))
    }
}
