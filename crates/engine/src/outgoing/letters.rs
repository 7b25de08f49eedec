//! The letters, each with all that is known of it: what asks for it, its guard, its text, its
//! paper, and the fact that comes of it. They read what the record determined, and never the
//! law.

pub(super) mod acceptance;
pub(super) mod agreement;
pub(super) mod certificate;
pub(super) mod contract_notice;
pub(super) mod credit_note;
pub(super) mod form_faults;
pub(super) mod invoice;
pub(super) mod matter;
pub(super) mod non_renewal;
pub(crate) mod notice;
pub(super) mod order_acceptance;
pub(super) mod receipt;
pub(super) mod refusal;
pub(super) mod termination;
#[cfg(test)]
mod tests;

pub use order_acceptance::paper::agreement as agreement_words;
