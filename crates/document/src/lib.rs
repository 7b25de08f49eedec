//! Bytes in, bytes out: the files that reach the provider and leave it.
//!
//! Forms (.xlsx), mails (.eml), bank files (全銀), usage and journal CSV, and the
//! words of pages and letters ([`wording`]). This crate knows no network, no clock,
//! no file system and no randomness: the same argument always gives the same
//! bytes. A file with a fault is refused whole, and its faults are named, the first
//! hundred one by one ([`Fault`]). How much a file may hold is bounded while it is
//! read: these are the bytes of strangers.

#![deny(clippy::float_arithmetic)]

mod application_form;
mod book;
mod cancellation_form;
mod cell_value;
mod encoding;
mod fault;
pub mod field;
mod form_reader;
mod guard;
mod journal;
mod mail;
mod paper;
mod sheet;
mod text;
mod typed;
mod usage;
pub mod wording;
mod workbook;
mod written_day;
mod zengin;

pub use application_form::{
    FaultyApplicant, FaultyForm, read_application, read_faulty_application, write_application,
};
pub use book::{
    BOOK_SHEETS, Book, BookColumn, BookContract, BookNumber, BookReceivable, BookSheet,
    CHARGED_SHEETS, ChargedInvoice, ChargedLine, read_book, read_charged, write_book,
    write_charged,
};
pub use cancellation_form::{CancellationSheet, read_cancellation, write_cancellation};
pub use fault::{Fault, first_faults};
pub use journal::{JournalEntry, write_journal};
pub use mail::{
    Attachment, Enclosed, OutgoingMail, ReceivedMail, is_mail, read_application_mail, read_mail,
    write_mail,
};
pub use text::{is_seen_whole, seen, text_key};
pub use typed::typed;
pub use usage::{UsageFile, UsageRow, read_usage};
pub use written_day::read_day;
pub use zengin::{
    DepositEntry, DepositFile, DepositHeader, DepositStatement, Direction, PayerName, payer_key,
    read_deposits, sound, write_deposits,
};
