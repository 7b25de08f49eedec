//! The documents that leave the house, put together from what is recorded.

mod certificate;
mod credit_note;
mod invoice;
mod notice;
mod order;
mod quotation;
mod receipt;
mod sender;

pub use order::agreement;

pub(crate) use certificate::{Erasure, certificate};
pub(crate) use credit_note::{credit_note, credit_reason};
pub(crate) use invoice::invoice;
pub(crate) use notice::{NoticeOf, notice};
pub(crate) use order::{Accepted, letter_change, order_acceptance};
pub(crate) use quotation::quotation;
pub(crate) use receipt::receipt_notice;
pub(crate) use sender::{Recipient, Sender};
