//! The workbook of an existing book (既存の台帳): what running contracts and open
//! receivables were before they are taken over. Format: `docs/migration.md`.

mod charged;
mod layout;
mod link;
mod read;
mod table;
mod write;

use std::collections::BTreeMap;

use contract::money::invoice::InvoiceKind;
use contract::takeover::{
    ChangeToCome, LineStanding, PartPayment, RunningNotice, StandingAgreement,
};
use contract::{ApplicationForm, Person};
use reckon::{Day, Month, Yen};

pub use charged::{ChargedInvoice, ChargedLine, read_charged, write_charged};
pub use layout::{BOOK_SHEETS, BookColumn, BookSheet, CHARGED_SHEETS};
pub use read::read_book;
pub use write::write_book;

use crate::workbook::column_letters;

/// Everything that a workbook says, with the rows that it stands in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    pub contracts: Vec<BookContract>,
    pub receivables: Vec<BookReceivable>,
    pub numbers: Vec<BookNumber>,
    /// Where each column stands, for [`Book::cell`].
    places: BTreeMap<(&'static str, &'static str), u32>,
}

/// A row of the sheet 契約 with everything that other sheets say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BookContract {
    /// Row of the sheet, from 1.
    pub row: u32,
    pub number: String,
    pub form: ApplicationForm,
    pub people: Vec<Person>,
    pub formed_on: Day,
    pub version: String,
    pub charge_from: Month,
    pub suspended_on: Option<Day>,
    /// Rows of the sheet 明細, in the order of `form.lines`.
    pub line_rows: Vec<u32>,
    pub standing: Vec<LineStanding>,
    pub agreements: Vec<(u32, StandingAgreement)>,
    pub changes: Vec<(u32, ChangeToCome)>,
    pub notices: Vec<(u32, RunningNotice)>,
}

/// A row of the sheet 売掛金 with its part payments.
#[derive(Debug, Clone, PartialEq)]
pub struct BookReceivable {
    pub row: u32,
    pub number: String,
    /// Numbers of the earlier book.
    pub contracts: Vec<String>,
    pub kind: InvoiceKind,
    pub month: Month,
    pub issued_on: Day,
    pub due: Day,
    /// With tax.
    pub total: Yen,
    pub outstanding: Yen,
    pub interest_charged: Yen,
    pub payments: Vec<PartPayment>,
}

/// The last number that was given in a series and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookNumber {
    pub row: u32,
    pub series: String,
    pub year: i16,
    pub last: u64,
}

impl Book {
    /// Where a value stands: `契約!C7`.
    pub fn cell(&self, sheet: &'static str, row: u32, head: &'static str) -> String {
        let column = self.places.get(&(sheet, head)).copied().unwrap_or(0);
        format!("{sheet}!{}{row}", column_letters(column))
    }

    pub fn outstanding(&self) -> Yen {
        self.receivables.iter().map(|receivable| receivable.outstanding).sum()
    }
}
