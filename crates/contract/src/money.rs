//! Articles 24 to 27: charges, invoices, payments, late interest, credit notes.

pub mod accrued;
pub(crate) mod cash;
pub mod charges;
pub mod credit_note;
pub mod fees;
pub mod invoice;
pub mod late_interest;
pub(crate) mod ledger;
