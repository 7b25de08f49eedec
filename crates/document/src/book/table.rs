//! A sheet as rows under headings, and the questions that are asked of a row.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, DataRef, Reader, Xlsx};

use super::layout::BookSheet;
use crate::cell_value::Refusal;
use crate::fault::Faults;
use crate::sheet::cell_text;

/// A book of 5,000 contracts has about three megabytes.
const MAX_BYTES: usize = 64 << 20;
const MAX_ROW: u32 = 200_000;
const MAX_COLUMN: u32 = 64;

/// The filled rows of one sheet.
pub(super) struct Table {
    pub sheet: &'static str,
    /// Column of each heading, from 0.
    pub heads: BTreeMap<&'static str, u32>,
    /// By row from 1, the headings left out.
    pub rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

/// Reads every sheet of the layout. A sheet that is missing or has other headings
/// is a fault; the others are read all the same.
pub(super) fn tables(
    bytes: &[u8],
    sheets: &'static [BookSheet],
    faults: &mut Faults,
) -> Vec<Table> {
    if bytes.len() > MAX_BYTES {
        let problem = format!("the file has {} bytes, at most {MAX_BYTES} are read", bytes.len());
        faults.add("whole file", "ファイル", problem, "split the book into several workbooks");
        return Vec::new();
    }
    let mut book: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(error) => {
            let problem = format!("this is no readable Excel workbook ({error})");
            let remedy = "save it as .xlsx, without a password";
            faults.add("whole file", "ファイル", problem, remedy);
            return Vec::new();
        }
    };
    let known = |name: &str| name == "説明" || sheets.iter().any(|sheet| sheet.name == name);
    for name in book.sheet_names().iter().filter(|name| !known(name)) {
        let problem = format!("nothing is read from a sheet 「{name}」");
        faults.add(name, name, problem, "delete the sheet, or give it the name of the template");
    }
    let mut tables = Vec::new();
    for layout in sheets {
        match cells_of(&mut book, layout.name) {
            Ok(cells) => tables.extend(table(layout, cells, faults)),
            Err(problem) => faults.add("whole file", layout.name, problem, KEEP_SHEETS),
        }
    }
    tables
}

const KEEP_SHEETS: &str = "keep every sheet of the template, also those that stay empty";

type Cells = BTreeMap<u32, BTreeMap<u32, Data>>;

fn cells_of(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Cells, String> {
    let missing = |_| format!("there is no sheet 「{name}」");
    let broken = |error| format!("the sheet 「{name}」 cannot be read ({error})");
    let mut reader = book.worksheet_cells_reader(name).map_err(missing)?;
    let mut cells = Cells::new();
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let value: &DataRef<'_> = cell.get_value();
        if row >= MAX_ROW || column >= MAX_COLUMN {
            let at = format!("{}{}", column_letters(column), row + 1);
            return Err(format!("the cell {at} lies beyond what is read of 「{name}」"));
        }
        cells.entry(row).or_default().insert(column, Data::from(value.clone()));
    }
    Ok(cells)
}

fn table(layout: &'static BookSheet, mut cells: Cells, faults: &mut Faults) -> Option<Table> {
    let sheet = layout.name;
    let mut heads = BTreeMap::new();
    let mut sound = true;
    for (column, cell) in cells.remove(&0).unwrap_or_default() {
        let Some(text) = cell_text(&cell) else { continue };
        let text = text.trim_end_matches(['※', ' ']).to_owned();
        let place = format!("{sheet}!{}1", column_letters(column));
        match layout.columns.iter().find(|known| known.head == text) {
            Some(known) if heads.insert(known.head, column).is_some() => {
                sound = false;
                faults.add(place, &text, "the heading stands twice", "delete one of the columns");
            }
            Some(_) => {}
            None => {
                sound = false;
                let remedy = "use a heading of the template, or delete the column";
                faults.add(place, &text, "nobody knows this heading", remedy);
            }
        }
    }
    for known in layout.columns.iter().filter(|column| column.required) {
        if !heads.contains_key(known.head) {
            sound = false;
            let problem = format!("the heading 「{}」 is missing", known.head);
            faults.add(format!("{sheet}!A1"), known.head, problem, "keep the headings of row 1");
        }
    }
    let mut rows = BTreeMap::new();
    for (row, cells) in cells {
        let mut texts = BTreeMap::new();
        for (column, cell) in cells {
            if let Data::Error(error) = &cell {
                let place = format!("{sheet}!{}{}", column_letters(column), row + 1);
                let problem = format!("the cell shows the Excel error {error}");
                faults.add(place, "セル", problem, "write the value itself");
            } else if let Some(text) = cell_text(&cell) {
                texts.insert(column, text);
            }
        }
        if !texts.is_empty() {
            rows.insert(row + 1, texts);
        }
    }
    sound.then_some(Table { sheet, heads, rows })
}

/// A, B, … Z, AA, …: the name of a column that is counted from 0.
pub(super) fn column_letters(column: u32) -> String {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        letters.insert(0, char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters
}

/// One row being read. Each question without a true answer leaves a fault.
pub(super) struct RowReader<'a> {
    pub table: &'a Table,
    pub row: u32,
    pub faults: &'a mut Faults,
}

impl RowReader<'_> {
    pub(super) fn text(&self, head: &str) -> Option<&str> {
        let column = self.table.heads.get(head)?;
        self.table.rows.get(&self.row)?.get(column).map(String::as_str)
    }

    pub(super) fn required<T>(
        &mut self,
        head: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        if self.text(head).is_none() {
            self.refuse(head, ("the cell is empty", &format!("fill in {head}")));
        }
        self.optional(head, read)
    }

    pub(super) fn optional<T>(
        &mut self,
        head: &str,
        read: fn(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        match read(self.text(head)?) {
            Ok(value) => Some(value),
            Err((problem, remedy)) => {
                self.refuse(head, (&problem, &remedy));
                None
            }
        }
    }

    pub(super) fn refuse(&mut self, head: &str, (problem, remedy): (&str, &str)) {
        let column = self.table.heads.get(head).copied().unwrap_or(0);
        let place = format!("{}!{}{}", self.table.sheet, column_letters(column), self.row);
        self.faults.add(place, head, problem, remedy);
    }
}

#[cfg(test)]
mod tests {
    use super::column_letters;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        let names: Vec<_> = [0, 25, 26, 51, 52, 63].map(column_letters).into();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "BL"]);
    }
}
