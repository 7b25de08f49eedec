//! The lists: every fact, act and consequence, every rule, and what follows from entries of
//! a contract alone. Whoever adds one adds a line here, and the rest in its own file.

use crate::declare::ids::ContractId;
use crate::declare::rules::Rule;
use crate::road::unfold::Unfolding;
use crate::{
    application, conduct, ending, matters, money, notices, registered, road, service, takeover,
};

/// Facts: what happened. They are never refused; at worst they have no effect.
pub mod fact {
    pub use crate::application::acceptance::AcceptanceMailSent;
    pub use crate::application::checks::Check;
    pub use crate::application::order_acceptance::OrderAcceptanceSent;
    pub use crate::application::quote::{PurchaseOrder, Quote};
    pub use crate::application::receiving::{Application, PaperFormReceived};
    pub use crate::application::refusal::RefusalSent;
    pub use crate::application::withdrawal::ApplicationWithdrawn;
    pub use crate::conduct::environment::EnvironmentDeclared;
    pub use crate::conduct::export::ExportDeclared;
    pub use crate::correction::entry::EntryVoided;
    use crate::declare::Kind;
    use crate::declare::prelude::*;
    pub use crate::ending::agreed::AgreementNoticeSent;
    pub use crate::ending::cancellation::CancellationFormArrived;
    pub use crate::ending::cure::CureDemanded;
    pub use crate::ending::erasure::{CertificateSent, MaterialDisposed, MaterialErased};
    pub use crate::ending::judgement::{GroundLifted, InsolvencyReleased, JudgementRecorded};
    pub use crate::ending::letters::ReceiptNoticeSent;
    pub use crate::ending::renewal::NonRenewalStated;
    pub use crate::ending::termination::{TerminationNoticeSent, TerminationUpheld};
    pub use crate::matters::abnormality::AbnormalityReported;
    pub use crate::matters::information::InformationRequested;
    pub use crate::matters::matter::{MatterClosed, MatterLetterSent, MatterNoted};
    pub use crate::money::credit_note::{CreditNote, CreditNoteSent};
    pub use crate::money::dispute::{PaymentDisputeSettled, PaymentDisputed};
    pub use crate::money::held::HeldReturned;
    pub use crate::money::invoice::{Invoice, InvoiceSent};
    pub use crate::money::payment::Payment;
    pub use crate::money::reversal::PaymentReversed;
    pub use crate::notices::automatic::ContractNoticeSent;
    pub use crate::notices::delivery::{
        NoticeArrived, NoticeBounced, NoticeConfirmed, NoticeDispatched, NoticeMailedAgain,
        NoticeUndeliverable,
    };
    pub use crate::notices::given::{NoticeGiven, NoticeMailSent, NoticePosted, NoticeWithdrawn};
    pub use crate::notices::refused::MailRefused;
    pub use crate::registered::contact::ContactChanged;
    pub use crate::registered::filing::FiledDocument;
    pub use crate::registered::parties::DataChange;
    pub use crate::registered::payer_name::PayerNameLearned;
    pub use crate::registered::transfer::TransferredWithoutConsent;
    pub use crate::service::start::ServiceStarted;
    pub use crate::service::suspension::{UpstreamResumed, UpstreamSuspended};
    pub use crate::service::usage::UsageImported;
    pub use crate::takeover::{TakenOverContract, TakenOverReceivable};

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
        PayerNameLearned(PayerNameLearned),
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
        TerminationUpheld(TerminationUpheld),
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
        PaymentReversed(PaymentReversed),
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
        TransferredWithoutConsent(TransferredWithoutConsent),
        ExportDeclared(ExportDeclared),
        EnvironmentDeclared(EnvironmentDeclared),
        AbnormalityReported(AbnormalityReported),
        InformationRequested(InformationRequested),
        MatterNoted(MatterNoted),
        MatterClosed(MatterClosed),
        MatterLetterSent(MatterLetterSent),
        PaymentDisputed(PaymentDisputed),
        PaymentDisputeSettled(PaymentDisputeSettled),
        NoticeGiven(Box<NoticeGiven>),
        NoticeMailSent(NoticeMailSent),
        NoticePosted(NoticePosted),
        NoticeWithdrawn(NoticeWithdrawn),
        NoticeDispatched(NoticeDispatched),
        NoticeArrived(NoticeArrived),
        NoticeUndeliverable(NoticeUndeliverable),
        NoticeBounced(NoticeBounced),
        NoticeMailedAgain(NoticeMailedAgain),
        NoticeConfirmed(NoticeConfirmed),
        ContractNoticeSent(ContractNoticeSent),
    }
}

/// Acts: what a person wants to do. They may be refused, with every ground.
pub mod act {
    pub use crate::application::acceptance::AcceptApplication;
    pub use crate::application::refusal::RefuseApplication;
    pub use crate::correction::entry::{CorrectEntry, MovePayment, VoidEntry};
    use crate::declare::prelude::*;
    use crate::declare::{DeedKind, Kind};
    pub use crate::ending::agreed::AgreeCancellation;
    pub use crate::ending::arrivals::{ConfirmArrival, DeclineArrival};
    pub use crate::ending::erasure::{ConfirmErasure, OrderErasure};
    pub use crate::ending::renewal::DeclineRenewal;
    pub use crate::ending::termination::Terminate;
    pub use crate::money::amendment_costs::ChargeAmendmentCosts;
    pub use crate::money::credit_note::CorrectInvoices;
    pub use crate::money::held::{OffsetHeld, ReturnHeld};
    pub use crate::money::payment::{ApplyPayment, UndoCashApplication};
    pub use crate::money::waiver::{WaiveFee, WaiveInterest};
    pub use crate::registered::transfer::TransferContract;
    pub use crate::road::proposals::{Approve, Decline, Propose};
    pub use crate::service::suspension::{Resume, Suspend};
    pub use crate::takeover::VerifyTakeover;

    acts! {
        /// Something that a person with the role may do; a right is exercised only so.
        AcceptApplication,
        RefuseApplication,
        Suspend,
        Resume,
        Terminate,
        DeclineRenewal,
        ConfirmArrival,
        DeclineArrival,
        OrderErasure,
        ConfirmErasure,
        VerifyTakeover,
        VoidEntry,
        CorrectEntry,
        MovePayment,
        CorrectInvoices,
        UndoCashApplication,
        ApplyPayment,
        OffsetHeld,
        ReturnHeld,
        WaiveInterest,
        WaiveFee,
        ChargeAmendmentCosts,
        AgreeCancellation,
        Propose,
        Approve,
        Decline,
        TransferContract,
    }
}

/// Consequences: what follows from facts, acts and the law.
pub mod consequence {
    pub use crate::application::acceptance::{ContractChanged, ContractFormed};
    pub use crate::application::grounds::GroundsFound;
    pub use crate::application::order_acceptance::OrderDetermined;
    pub use crate::application::receiving::TermsAssented;
    pub use crate::conduct::environment::EnvironmentNoted;
    pub use crate::conduct::export::ExportNoted;
    use crate::declare::prelude::*;
    pub use crate::declare::task::{Alert, TaskClosed, TaskOpened};
    pub use crate::ending::agreed::{CancellationAgreed, MonthEndOffered};
    pub use crate::ending::arrivals::{ArrivalConfirmed, ArrivalDeclined};
    pub use crate::ending::cancellation::{CancellationDetermined, ChannelWithoutEffect};
    pub use crate::ending::ended::{AccountsClosed, ContractEnded, PayableNow, SecrecyEnds};
    pub use crate::ending::judgement::{RightClosed, RightOpened};
    pub use crate::ending::letters::ReceiptNoticeDetermined;
    pub use crate::ending::renewal::{ContractExtended, ExpiryScheduled, StatementLate};
    pub use crate::ending::termination::TerminationNoticeDetermined;
    pub use crate::matters::abnormality::AbnormalityKnown;
    pub use crate::matters::matter::MatterOverdue;
    pub use crate::money::credit_note::CreditApplied;
    pub use crate::money::invoice::{ReceivableOverdue, ReceivablePaid};
    pub use crate::money::late_interest::LateInterestOwed;
    pub use crate::money::payment::{ApplicationUndone, Overpaid, PaymentApplied};
    pub use crate::money::waiver::InterestWaived;
    pub use crate::notices::effective::{NoticeEffective, NoticeVoid};
    pub use crate::registered::notified::{DataChangeNoted, DataChanged};
    pub use crate::registered::transfer::{ContractTransferred, TransferBreached};
    pub use crate::service::start::MinimumTermSet;
    pub use crate::takeover::{ContractTakenOver, ReceivableTakenOver};

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
        ContractTransferred,
        TransferBreached,
        ExportNoted,
        AbnormalityKnown,
        MatterOverdue,
        EnvironmentNoted,
        NoticeEffective,
        NoticeVoid,
    }
}

/// Every rule.
pub const RULES: &[&Rule] = &[
    &road::decide::RECORDED,
    &application::receiving::TERMS_ASSENT,
    &application::receiving::PAPER_FORM_DUTY,
    &application::receiving::REVIEW,
    &registered::notified::DATA_CHANGE,
    &registered::transfer::TRANSFER,
    &registered::transfer::TRANSFER_BREACH,
    &application::acceptance::FORMATION,
    &takeover::follows::TAKEOVER,
    &takeover::follows::RECEIVABLE_TAKEOVER,
    &takeover::follows::MINIMUM_TERM_TAKEOVER,
    &application::acceptance::CHANGE_FORMATION,
    &application::order_acceptance::ORDER_ACCEPTANCE_DUTY,
    &application::order_acceptance::ORDER_ACCEPTANCE,
    &application::refusal::REFUSAL,
    &application::withdrawal::WITHDRAWAL,
    &service::minimum_term::MINIMUM_TERM,
    &ending::renewal::EXTENSION,
    &ending::renewal::NON_RENEWAL,
    &ending::renewal::STATEMENT_LATE,
    &ending::renewal::EXPIRY,
    &ending::cancellation::CANCEL_EFFECTIVE,
    &ending::arrivals::ARRIVAL_CONFIRMATION,
    &ending::cancellation::CANCEL_CHANNEL,
    &ending::ended::PAYABLE_AT_ARRIVAL,
    &ending::letters::RECEIPT_NOTICE,
    &ending::cancellation::CANCELLED,
    &ending::agreed::CANCELLATION_AGREED,
    &ending::agreed::MONTH_END_OFFER,
    &ending::termination::TERMINATED,
    &ending::letters::TERMINATION_NOTICE,
    &ending::ended::FINAL_SETTLEMENT,
    &service::minimum_term::EARLY_TERMINATION,
    &service::removal::LINE_REMOVAL,
    &money::fees::MONTHLY_FEE,
    &money::fees::LAST_MONTH_FEE,
    &money::fees::FEE_WHILE_STOPPED,
    &money::fees::USAGE_FEE,
    &money::amendment_costs::COST_RECOVERY,
    &money::fees::INVOICE_TAX,
    &money::fees::DUE_DATE,
    &money::payment::CASH_APPLICATION,
    &money::payment::OVERPAYMENT,
    &money::held::OFFSET,
    &money::held::RETURN_OF_HELD,
    &money::payment::APPLICATION_UNDONE,
    &money::credit_note::CREDIT_NOTE,
    &money::waiver::WAIVER,
    &money::invoice::OVERDUE,
    &money::late_interest::LATE_INTEREST,
    &service::suspension::SUSPENSION_RIGHT,
    &ending::termination::ARREARS_RIGHT,
    &ending::judgement::JUDGED_GROUND,
    &ending::cure::UNCURED_BREACH,
    &ending::termination::GROUNDLESS,
    &service::suspension::SUSPENSION,
    &service::start::START_DUE,
    &service::suspension::RESUMPTION,
    &ending::ended::ACCOUNTS_CLOSED,
    &ending::erasure::MATERIAL_DISPOSAL,
    &ending::erasure::ERASURE_DUE,
    &ending::ended::SECRECY,
    &ending::erasure::ERASURE,
    &conduct::environment::ENVIRONMENT,
    &conduct::export::EXPORT,
    &matters::abnormality::ABNORMALITY,
    &matters::information::INFORMATION_OVERDUE,
    &road::decide::CORRECTION,
    &road::decide::EDITION,
    &road::unfold::NO_EFFECT,
    &notices::refused::MAIL_REFUSED,
    &notices::effective::NOTICE_EFFECT,
    &notices::effective::NOTICE_ASTRAY,
];

/// What is declared or done of a contract and follows from that alone.
pub(crate) fn follow_of_contract(unfolding: &mut Unfolding<'_>, id: &ContractId) {
    unfolding.transfers(id);
    unfolding.exports(id);
    unfolding.environments(id);
    unfolding.abnormalities(id);
    unfolding.matters(id);
}
