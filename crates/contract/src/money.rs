//! Articles 24 to 27: charges, invoices, payments, late interest, credit notes.

pub mod accrued;
pub mod amendment_costs;
pub mod cash;
pub mod charges;
pub mod credit_note;
pub mod dispute;
pub mod fees;
pub mod held;
pub mod held_back;
pub mod invoice;
pub mod late_interest;
pub mod ledger;
pub mod payment;
pub mod receivables;
pub mod reversal;
pub(crate) mod reversible;
pub mod waiver;
