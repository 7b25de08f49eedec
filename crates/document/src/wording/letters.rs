//! Letters: subject and plain text of every business mail in Japanese.
//!
//! Sentences are our own; clauses of the terms are cited by their number.

mod billing;
mod change;
mod correction;
mod ending;
mod formation;
mod frame;
mod matters;
mod notice;
mod way_in;

pub use billing::{InvoiceLetter, LateInterestLetter, invoice_mail, late_interest_invoice_mail};
pub use change::change_in_words;
pub use correction::{
    AgreementLetter, CreditNoteLetter, CreditReason, agreement_notice, credit_note_mail,
};
pub use ending::{
    CancellationReceiptLetter, ErasureLetter, NonRenewalLetter, TerminationLetter,
    cancellation_receipt, erasure_certificate_mail, non_renewal_notice, termination_notice,
};
pub use formation::{
    AcceptanceLetter, FormFaultsLetter, LetterChange, LetterLine, OrderAcceptanceLetter,
    RefusalLetter, acceptance_mail, form_faults_mail, order_acceptance_mail, refusal_mail,
};
pub use frame::{Addressee, LetterText, Signature, cited};
pub use matters::{InformationRequestLetter, information_request};
pub use notice::{NoticeLetter, notice};
pub use way_in::{PasswordSetLetter, SetUpLinkLetter, password_set_mail, set_up_link_mail};
