//! One sheet of an .xlsx file as the texts of its cells.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};

use crate::fault::{Fault, Faults};
use crate::guard::guarded;
use crate::written_day::narrow;

/// A form is a few kilobytes; what is far larger is no form of ours.
const MAX_BYTES: usize = 4 << 20;
/// Cells beyond are ignored: a stray cell in the last row of Excel must not
/// make us allocate the whole grid.
const MAX_ROW: u32 = 1_000;
const MAX_COLUMN: u32 = 26;
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
    /// When the bytes are no workbook, the sheet is missing, or cells show an
    /// Excel error such as `#REF!` (each is listed).
    pub(crate) fn open(file: &str, bytes: &[u8], name: &str) -> Result<Sheet, Vec<Fault>> {
        guarded(file, || Sheet::read(file, bytes, name))
    }

    fn read(file: &str, bytes: &[u8], name: &str) -> Result<Sheet, Vec<Fault>> {
        let mut faults = Faults::of(file);
        if bytes.len() > MAX_BYTES {
            let problem = format!("the file has {} bytes, a form has a few thousand", bytes.len());
            faults.add("whole file", "ファイル", problem, "send the form alone, without pictures");
            return faults.refuse_or(None);
        }
        match cells_of(bytes, name) {
            Ok(cells) => Sheet::from_cells(name, cells, faults),
            Err(XlsxError::WorksheetNotFound(_)) => {
                let remedy = "use the form as published and keep the name of its sheet";
                faults.add("whole file", name, format!("there is no sheet 「{name}」"), remedy);
                faults.refuse_or(None)
            }
            Err(error) => {
                let problem = format!("this is no readable Excel workbook ({error})");
                let remedy = "save the form as .xlsx, without a password, and send it again";
                faults.add("whole file", "ファイル", problem, remedy);
                faults.refuse_or(None)
            }
        }
    }

    fn from_cells(
        name: &str,
        cells: BTreeMap<(u32, u32), Data>,
        mut faults: Faults,
    ) -> Result<Sheet, Vec<Fault>> {
        let mut sheet = Sheet { name: name.to_owned(), cells: BTreeMap::new() };
        for (at, cell) in cells {
            if let Data::Error(error) = &cell {
                let problem = format!("the cell shows the Excel error {error}");
                faults.add(sheet.address(at.0, at.1), "セル", problem, "write the value itself");
            } else if let Some(text) = cell_text(&cell) {
                sheet.cells.insert(at, text);
            }
        }
        faults.refuse_or(Some(sheet))
    }

    /// The text of a cell without surrounding space; `None` when it is empty.
    /// Excel dates read as ISO days, numbers as their digits.
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
    pub(crate) fn address(&self, row: u32, column: u32) -> String {
        let letter = char::from(b'A' + column.min(25) as u8);
        format!("{}!{letter}{}", self.name, row + 1)
    }
}

fn cells_of(bytes: &[u8], name: &str) -> Result<BTreeMap<(u32, u32), Data>, XlsxError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut cells = BTreeMap::new();
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let value: &DataRef<'_> = cell.get_value();
        if row < MAX_ROW && column < MAX_COLUMN {
            cells.insert((row, column), Data::from(value.clone()));
        }
    }
    Ok(cells)
}

pub(crate) fn cell_text(cell: &Data) -> Option<String> {
    let text = match cell {
        Data::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.chars().take(10).collect(),
        // As JSON writes it: the value of a special term may be true or false.
        Data::Bool(value) => value.to_string(),
        other => other.to_string(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn plain_label(text: &str) -> String {
    narrow(text).chars().filter(|c| *c != '※' && !c.is_whitespace()).collect()
}
