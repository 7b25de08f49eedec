//! A sheet as rows under headings, and the questions that are asked of a row.

use std::collections::BTreeMap;

use contract::declare::words::{Sentence, Words};
use contract::sentence;

use super::layout::BookSheet;
use crate::cell_value::Refusal;
use crate::fault::{Fault, Faults};
use crate::form_reader::empty;
use crate::workbook::{Bounds, Cells, NoSheet, Workbook, column_letters};

/// A book of 5,000 contracts has about three megabytes.
const BOOK: Bounds = Bounds {
    packed: 32 << 20,
    unpacked: 128 << 20,
    cells: 1_000_000,
    text: 64 << 20,
    rows: 200_000,
    columns: 64,
    ignores_beyond: false,
    smaller: Words::new("ワークブックを分けてください", "split the book into several workbooks"),
    save_again: Words::new(
        "パスワードを付けずに .xlsx 形式で保存してください",
        "save it as .xlsx, without a password",
    ),
};

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
    let Some(mut book) = Workbook::open(bytes, BOOK, faults) else { return Vec::new() };
    let known = |name: &str| name == "説明" || sheets.iter().any(|sheet| sheet.name == name);
    for name in book.sheet_names().iter().filter(|name| !known(name)) {
        let problem = sentence!(
            "シート「{name}」は読み取りません",
            "nothing is read from a sheet 「{name}」"
        );
        let remedy = sentence!(
            "シートを削除するか、ひな形の名前にしてください",
            "delete the sheet, or give it the name of the template",
        );
        faults.add(Sentence::same(name), name, problem, remedy);
    }
    let mut tables = Vec::new();
    for layout in sheets {
        let problem = match book.cells(layout.name) {
            Ok(cells) => {
                tables.extend(table(layout, cells, faults));
                continue;
            }
            Err(NoSheet::Missing) => {
                let name = layout.name;
                sentence!("シート「{name}」がありません", "there is no sheet 「{name}」")
            }
            Err(NoSheet::Broken(problem)) => problem,
        };
        faults.add(Fault::WHOLE_FILE, layout.name, problem, KEEP_SHEETS);
    }
    tables
}

const KEEP_SHEETS: Words = Words::new(
    "ひな形のシートは、使わないものも残してください",
    "keep every sheet of the template, also those that stay empty",
);

fn table(layout: &'static BookSheet, mut cells: Cells, faults: &mut Faults) -> Option<Table> {
    let sheet = layout.name;
    let mut heads = BTreeMap::new();
    let mut sound = true;
    let below = cells.split_off(&(1, 0));
    for ((_, column), cell) in cells {
        let place = Sentence::same(format!("{sheet}!{}1", column_letters(column)));
        let text = match cell {
            Ok(text) => text.trim_end_matches(['※', ' ']).to_owned(),
            Err((problem, remedy)) => {
                sound = false;
                faults.add(place, "セル", problem, remedy);
                continue;
            }
        };
        match layout.columns.iter().find(|known| known.head == text) {
            Some(known) if heads.insert(known.head, column).is_some() => {
                sound = false;
                let problem = sentence!("見出しが二度あります", "the heading stands twice");
                let remedy = sentence!("一方の列を削除してください", "delete one of the columns");
                faults.add(place, &text, problem, remedy);
            }
            Some(_) => {}
            None => {
                sound = false;
                let problem =
                    sentence!("この見出しはワークブックにありません", "nobody knows this heading");
                let remedy = sentence!(
                    "ひな形の見出しにするか、列を削除してください",
                    "use a heading of the template, or delete the column",
                );
                faults.add(place, &text, problem, remedy);
            }
        }
    }
    for known in layout.columns.iter().filter(|column| column.required) {
        if !heads.contains_key(known.head) {
            sound = false;
            let head = known.head;
            let problem =
                sentence!("見出し「{head}」がありません", "the heading 「{head}」 is missing");
            let remedy = sentence!("1行目の見出しを残してください", "keep the headings of row 1");
            faults.add(Sentence::same(format!("{sheet}!A1")), head, problem, remedy);
        }
    }
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    for ((row, column), cell) in below {
        match cell {
            Ok(text) => {
                rows.entry(row + 1).or_default().insert(column, text);
            }
            Err((problem, remedy)) => {
                let place =
                    Sentence::same(format!("{sheet}!{}{}", column_letters(column), row + 1));
                faults.add(place, "セル", problem, remedy);
            }
        }
    }
    sound.then_some(Table { sheet, heads, rows })
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
            let (problem, remedy) = empty(head);
            self.refuse(head, problem, remedy);
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
                self.refuse(head, problem, remedy);
                None
            }
        }
    }

    pub(super) fn refuse(&mut self, head: &str, problem: Sentence, remedy: Sentence) {
        let column = self.table.heads.get(head).copied().unwrap_or(0);
        let place = format!("{}!{}{}", self.table.sheet, column_letters(column), self.row);
        self.faults.add(Sentence::same(place), head, problem, remedy);
    }
}
