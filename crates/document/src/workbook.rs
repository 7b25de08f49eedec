//! The one door for workbooks (.xlsx): whatever opens one goes through here.
//!
//! The file is a zip archive, and what it unpacks to has little to do with its
//! size. So it is unpacked once without keeping anything, only to be counted
//! ([`unpack`]); the parser gets it when every bound holds. What the cells come to
//! is bounded as well: a million cells may name the same long text.

mod markup;
mod unpack;

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};
use contract::declare::words::{Sentence, Words};
use contract::sentence;

use crate::cell_value::Refusal;
use crate::fault::{Fault, Faults};
use unpack::Refused;

/// How much a workbook may hold.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// Bytes of the file.
    pub packed: usize,
    /// Bytes of everything that it unpacks to.
    pub unpacked: u64,
    /// Cells with a content, over all sheets that are read.
    pub cells: usize,
    /// Bytes of their texts.
    pub text: usize,
    pub rows: u32,
    pub columns: u32,
    /// A cell beyond `rows` or `columns`: a stray one in a form is ignored, in a
    /// book it may be a contract.
    pub ignores_beyond: bool,
    /// What to do about a file that is too large.
    pub smaller: Words,
    /// What to do about a file that is no workbook.
    pub save_again: Words,
}

/// What a cell shows, or why that is no value.
pub(crate) type Shown = Result<String, Refusal>;

/// By row and column from 0; empty cells are left out.
pub(crate) type Cells = BTreeMap<(u32, u32), Shown>;

/// A workbook within its bounds.
pub(crate) struct Workbook<'a> {
    book: Xlsx<Cursor<&'a [u8]>>,
    bounds: Bounds,
}

/// Why a sheet cannot be read: it is missing, or what is wrong with it.
pub(crate) enum NoSheet {
    Missing,
    Broken(Sentence),
}

impl<'a> Workbook<'a> {
    /// Opens the workbook. `None` after adding the fault that stands against it.
    pub(crate) fn open(
        bytes: &'a [u8],
        bounds: Bounds,
        faults: &mut Faults,
    ) -> Option<Workbook<'a>> {
        let opened = unpack::weigh(bytes, bounds).and_then(|()| {
            let book = Xlsx::new(Cursor::new(bytes));
            book.map_err(|error| Refused::Unreadable(error.to_string()))
        });
        let (problem, remedy) = match opened {
            Ok(book) => return Some(Workbook { book, bounds }),
            Err(Refused::TooMuch(problem)) => (problem, bounds.smaller),
            Err(Refused::Unreadable(why)) => {
                let problem = sentence!(
                    "Excelファイルとして開けません",
                    "this is no readable Excel workbook ({why})",
                );
                (problem, bounds.save_again)
            }
        };
        faults.add(Fault::WHOLE_FILE, "ファイル", problem, remedy);
        None
    }

    pub(crate) fn sheet_names(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    /// The cells of one sheet. What they take is taken from what the next sheets
    /// may hold.
    pub(crate) fn cells(&mut self, name: &str) -> Result<Cells, NoSheet> {
        let bounds = &mut self.bounds;
        let mut reader = self.book.worksheet_cells_reader(name).map_err(|error| match error {
            XlsxError::WorksheetNotFound(_) => NoSheet::Missing,
            other => broken(name, other),
        })?;
        let mut cells = Cells::new();
        while let Some(cell) = reader.next_cell().map_err(|error| broken(name, error))? {
            let (row, column) = cell.get_position();
            if row >= bounds.rows || column >= bounds.columns {
                if bounds.ignores_beyond {
                    continue;
                }
                let at = format!("{}{}", column_letters(column), u64::from(row) + 1);
                let problem = sentence!(
                    "シート「{name}」のセル{at}は、読み取る範囲の外にあります",
                    "the cell {at} lies beyond what is read of 「{name}」",
                );
                return Err(NoSheet::Broken(problem));
            }
            let Some(shown) = shown(cell.get_value()) else { continue };
            let length = shown.as_ref().map_or(0, String::len);
            let within = bounds.cells.checked_sub(1).zip(bounds.text.checked_sub(length));
            let Some((cells_left, text_left)) = within else {
                let problem = sentence!(
                    "シート「{name}」までに記入された文字が多すぎます",
                    "the cells up to 「{name}」 hold more than is read",
                );
                return Err(NoSheet::Broken(problem));
            };
            (bounds.cells, bounds.text) = (cells_left, text_left);
            cells.insert((row, column), shown);
        }
        Ok(cells)
    }
}

fn broken(name: &str, error: XlsxError) -> NoSheet {
    NoSheet::Broken(sentence!(
        "シート「{name}」を読み取れません",
        "the sheet 「{name}」 cannot be read ({error})",
    ))
}

/// Excel's own bound for the text of a cell, in characters.
const LONGEST_TEXT: usize = 32_767;

/// What a cell shows without surrounding space; `None` when that is nothing. Excel
/// dates read as ISO days, numbers as their digits.
fn shown(value: &DataRef<'_>) -> Option<Shown> {
    let written = match value {
        DataRef::SharedString(text) => Some(*text),
        DataRef::String(text) => Some(text.as_str()),
        _ => None,
    };
    // Measured before it is copied: each of a million cells may name this text.
    if written.is_some_and(|text| text.len() > 4 * LONGEST_TEXT) {
        let problem = sentence!(
            "セルの文字数が{LONGEST_TEXT}を超えています",
            "the cell holds more than {LONGEST_TEXT} characters",
        );
        return Some(Err((problem, sentence!("短くご記入ください", "write a shorter text"))));
    }
    match Data::from(value.clone()) {
        Data::Error(error) => {
            let problem = sentence!(
                "Excelのエラー{error}が表示されています",
                "the cell shows the Excel error {error}",
            );
            Some(Err((problem, sentence!("値を直接ご記入ください", "write the value itself"))))
        }
        other => cell_text(&other).map(Ok),
    }
}

fn cell_text(cell: &Data) -> Option<String> {
    let text = match cell {
        Data::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.chars().take(10).collect(),
        // As JSON writes it: the value of a special term may be true or false.
        Data::Bool(value) => value.to_string(),
        Data::Float(number) => digits_shown(*number),
        other => other.to_string(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Excel shows and reckons with 15 digits: what lies behind them comes of a formula
/// and was never seen.
fn digits_shown(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse::<f64>();
    rounded.map_or_else(|_| number.to_string(), |rounded| rounded.to_string())
}

/// A, B, … Z, AA, …: the name of a column that is counted from 0.
pub(crate) fn column_letters(column: u32) -> String {
    let mut letters = String::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        letters.insert(0, char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{column_letters, digits_shown};

    #[test]
    fn numbers_are_read_with_the_digits_that_excel_shows() {
        for (stored, shown) in [
            (27_280.000_000_000_004, "27280"),
            (27_279.999_999_999_996, "27280"),
            (2_010_001_034_837.0, "2010001034837"),
            (717.25, "717.25"),
            (0.1 + 0.2, "0.3"),
            (-1_000.000_000_000_000_1, "-1000"),
            (999_999_999_999_999.0, "999999999999999"),
        ] {
            assert_eq!(digits_shown(stored), shown);
        }
    }

    #[test]
    fn columns_are_named_as_excel_names_them() {
        let names: Vec<_> = [0, 25, 26, 51, 52, 63].map(column_letters).into();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "BL"]);
    }
}
