//! One sheet of an .xlsx file as the texts of its cells.

use std::collections::BTreeMap;

use contract::declare::words::{Sentence, Words};
use contract::sentence;

use crate::fault::{Fault, Faults};
use crate::guard::guarded;
use crate::text::seen;
use crate::workbook::{Bounds, Cells, NoSheet, Workbook, column_letters};
use crate::written_day::narrow;

/// A form is a few kilobytes; what is far larger is no form of ours.
const FORM: Bounds = Bounds {
    packed: 4 << 20,
    unpacked: 16 << 20,
    cells: 26_000,
    text: 4 << 20,
    rows: 1_000,
    columns: 26,
    ignores_beyond: true,
    smaller: Words::new("画像などを除いてお送りください", "send the form alone, without pictures"),
    save_again: Words::new(
        "パスワードを付けず.xlsx形式で保存し直してください",
        "save the form as .xlsx, without a password, and send it again",
    ),
};
/// Labels stand in column B.
pub(crate) const LABELS: u32 = 1;

/// The cells of one sheet; rows and columns count from 0, as in the file.
pub(crate) struct Sheet {
    name: String,
    cells: BTreeMap<(u32, u32), String>,
}

impl Sheet {
    /// Reads the sheet `name` of the workbook.
    ///
    /// # Errors
    /// When the bytes are no workbook, hold more than a form does, the sheet is
    /// missing, or cells show an Excel error such as `#REF!` (each is listed).
    pub(crate) fn open(file: &str, bytes: &[u8], name: &str) -> Result<Sheet, Vec<Fault>> {
        guarded(file, || Sheet::read(file, bytes, name))
    }

    /// Whether the bytes are a workbook with this sheet.
    pub(crate) fn stands_in(bytes: &[u8], name: &str) -> bool {
        let mut faults = Faults::of("");
        let looked = guarded("", || {
            let book = Workbook::open(bytes, FORM, &mut faults);
            Ok(book.is_some_and(|book| book.sheet_names().iter().any(|one| one == name)))
        });
        looked.unwrap_or(false)
    }

    fn read(file: &str, bytes: &[u8], name: &str) -> Result<Sheet, Vec<Fault>> {
        let mut faults = Faults::of(file);
        let Some(mut book) = Workbook::open(bytes, FORM, &mut faults) else {
            return faults.refuse_or(None);
        };
        match book.cells(name) {
            Ok(cells) => Sheet::from_cells(name, cells, faults),
            Err(NoSheet::Missing) => {
                let problem =
                    sentence!("シート「{name}」がありません", "there is no sheet 「{name}」");
                let remedy = sentence!(
                    "公開中の様式を、シート名を変えずにお使いください",
                    "use the form as published and keep the name of its sheet",
                );
                faults.add(Fault::WHOLE_FILE, name, problem, remedy);
                faults.refuse_or(None)
            }
            Err(NoSheet::Broken(problem)) => {
                faults.add(Fault::WHOLE_FILE, "ファイル", problem, FORM.save_again);
                faults.refuse_or(None)
            }
        }
    }

    fn from_cells(name: &str, cells: Cells, mut faults: Faults) -> Result<Sheet, Vec<Fault>> {
        let mut sheet = Sheet { name: name.to_owned(), cells: BTreeMap::new() };
        for (at, cell) in cells {
            match cell {
                Ok(text) => {
                    // As the signer saw it; what cannot be seen leaves the cell empty.
                    let seen = seen(&text);
                    if !seen.is_empty() {
                        sheet.cells.insert(at, seen);
                    }
                }
                Err((problem, remedy)) => {
                    faults.add(sheet.address(at.0, at.1), "セル", problem, remedy);
                }
            }
        }
        faults.refuse_or(Some(sheet))
    }

    /// The text of a cell as it is seen, in one line; `None` when it is empty. Excel dates
    /// read as ISO days, numbers as their digits.
    pub(crate) fn text(&self, row: u32, column: u32) -> Option<&str> {
        self.cells.get(&(row, column)).map(String::as_str)
    }

    /// The first row whose label in column B is `label`, apart from spaces and
    /// the mark ※ of a required field.
    pub(crate) fn row_of(&self, label: &str) -> Option<u32> {
        let wanted = plain_label(label);
        let mut labelled = self.cells.iter().filter(|((_, column), _)| *column == LABELS);
        labelled.find(|(_, text)| plain_label(text) == wanted).map(|((row, _), _)| *row)
    }

    /// The last row that holds anything.
    pub(crate) fn last_row(&self) -> u32 {
        self.cells.keys().next_back().map_or(0, |(row, _)| *row)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where a fault lies: `申込書!C7`.
    pub(crate) fn address(&self, row: u32, column: u32) -> Sentence {
        Sentence::same(format!("{}!{}{}", self.name, column_letters(column), row + 1))
    }
}

fn plain_label(text: &str) -> String {
    narrow(text).chars().filter(|c| *c != '※' && !c.is_whitespace()).collect()
}
