//! Asking a sheet for labelled fields, and keeping account of what is wrong.

use contract::declare::words::Sentence;
use contract::sentence;

use crate::cell_value::Refusal;
use crate::fault::Faults;
use crate::sheet::{LABELS, Sheet};

/// Values stand beside their label, in column C.
const VALUES: u32 = LABELS + 1;

/// A form being read. Each question that has no true answer leaves a fault.
pub(crate) struct FormReader<'a> {
    pub sheet: &'a Sheet,
    pub faults: Faults,
}

impl<'a> FormReader<'a> {
    pub(crate) fn required<T>(
        &mut self,
        label: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        let row = self.labelled_row(label)?;
        self.required_at(row, VALUES, label, read)
    }

    /// `None` when the cell is empty, or false and reported. A missing label is
    /// a fault here too: what stood beside it must not pass for empty.
    pub(crate) fn optional<T>(
        &mut self,
        label: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        let row = self.labelled_row(label)?;
        self.optional_at(row, VALUES, label, read)
    }

    /// What stands beside a label, if it can be read: faults are not counted again.
    pub(crate) fn readable<T>(
        &self,
        label: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        let row = self.sheet.row_of(label)?;
        read(self.sheet.text(row, VALUES)?).ok()
    }

    pub(crate) fn is_filled(&self, label: &str) -> bool {
        let row = self.sheet.row_of(label);
        row.is_some_and(|row| self.sheet.text(row, VALUES).is_some())
    }

    /// The row that holds exactly these heads from column B on.
    pub(crate) fn table_head(&mut self, heads: &[&str]) -> Option<u32> {
        let row = self.sheet.row_of(heads[0]);
        let missing = heads.iter().zip(LABELS..).find(|(head, column)| {
            row.and_then(|row| self.sheet.text(row, *column)) != Some(**head)
        });
        if let Some((head, column)) = missing {
            let place = match row {
                Some(row) => self.sheet.address(row, column),
                None => Sentence::same(self.sheet.name()),
            };
            let problem = sentence!(
                "表の見出し「{head}」がありません",
                "the head 「{head}」 of the table is missing"
            );
            let remedy = sentence!(
                "公開中の様式を、表の形を変えずにお使いください",
                "use the form as published and keep its tables",
            );
            self.faults.add(place, *head, problem, remedy);
            return None;
        }
        row
    }

    /// A cell of a table, by its column within the table.
    pub(crate) fn required_cell<T>(
        &mut self,
        row: u32,
        column: u32,
        head: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        self.required_at(row, LABELS + column, head, read)
    }

    pub(crate) fn optional_cell<T>(
        &mut self,
        row: u32,
        column: u32,
        head: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        self.optional_at(row, LABELS + column, head, read)
    }

    /// Reports what is wrong with a labelled field as a whole.
    pub(crate) fn refuse(&mut self, label: &str, refusal: Refusal) {
        if let Some(row) = self.sheet.row_of(label) {
            self.refuse_cell(row, VALUES, label, refusal);
        }
    }

    pub(crate) fn refuse_cell(&mut self, row: u32, column: u32, field: &str, refusal: Refusal) {
        let (problem, remedy) = refusal;
        self.faults.add(self.sheet.address(row, column), field, problem, remedy);
    }

    fn labelled_row(&mut self, label: &str) -> Option<u32> {
        let row = self.sheet.row_of(label);
        if row.is_none() {
            let remedy = sentence!(
                "公開中の様式を、項目名を変えずにお使いください",
                "use the form as published and keep its labels",
            );
            let problem = sentence!(
                "B列に項目名「{label}」がありません",
                "the label 「{label}」 is missing in column B",
            );
            self.faults.add(Sentence::same(self.sheet.name()), label, problem, remedy);
        }
        row
    }

    fn required_at<T>(
        &mut self,
        row: u32,
        column: u32,
        field: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        if self.sheet.text(row, column).is_none() {
            self.refuse_cell(row, column, field, empty(field));
        }
        self.optional_at(row, column, field, read)
    }

    fn optional_at<T>(
        &mut self,
        row: u32,
        column: u32,
        field: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        match read(self.sheet.text(row, column)?) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refuse_cell(row, column, field, refusal);
                None
            }
        }
    }
}

/// What is wrong with a field that must be filled and is not.
pub(crate) fn empty(field: &str) -> Refusal {
    (
        sentence!("記入がありません", "the cell is empty"),
        sentence!("{field}をご記入ください", "fill in {field}"),
    )
}
