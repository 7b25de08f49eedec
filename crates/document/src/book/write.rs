//! The workbook as it goes out: the empty template, or filled with rows.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::layout::{BOOK_SHEETS, BookColumn, BookSheet};
use crate::fault::Fault;
use crate::paper::{excel_day, unwritable};

const FILE: &str = "引継ぎ台帳.xlsx";
const TITLE: &str = "既存の台帳の引継ぎ";
/// Rows of the template that get drop-down lists.
const LISTED_ROWS: u32 = 20_000;

/// Writes the workbook of an existing book: the documented template when `rows`
/// is empty, or with these rows, by sheet and in the order of its columns. The
/// same rows always give the same bytes.
///
/// ```
/// let template = document::write_book(&Default::default()).unwrap();
/// let book = document::read_book("template.xlsx", &template).unwrap();
/// assert!(book.contracts.is_empty());
/// ```
///
/// # Errors
/// When a text exceeds what an Excel cell can hold.
pub fn write_book(rows: &BTreeMap<String, Vec<Vec<String>>>) -> Result<Vec<u8>, Box<Fault>> {
    let notes = [
        KEEP_HEADINGS,
        "1か所でも誤りがあれば何も登録されません。yakkan migrate check で誤りの場所を確かめられます。",
        "日付は 2026-04-01、2026/4/1、令和8年4月1日 のいずれでも読めます。",
    ];
    build(TITLE, &notes, BOOK_SHEETS, rows).map_err(|error| unwritable(FILE, &error))
}

pub(super) const KEEP_HEADINGS: &str =
    "見出し（各シートの1行目）とシート名は変えないでください。列の順序は自由です。";

/// A workbook of these sheets, its explanations first.
pub(super) fn build(
    title: &str,
    notes: &[&str],
    sheets: &[BookSheet],
    rows: &BTreeMap<String, Vec<Vec<String>>>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let fixed = ExcelDateTime::from_ymd(2024, 12, 18)?;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&fixed));
    book.push_worksheet(explanations(title, notes, sheets)?);
    for layout in sheets {
        let filled = rows.get(layout.name).map(Vec::as_slice).unwrap_or_default();
        book.push_worksheet(sheet(layout, filled)?);
    }
    book.save_to_buffer()
}

fn explanations(title: &str, notes: &[&str], sheets: &[BookSheet]) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("説明")?;
    for (column, width) in (0..).zip([16_u16, 22, 8, 26, 80]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, title, &base().set_bold().set_font_size(14))?;
    let mut row = 1;
    for note in notes {
        sheet.write_string_with_format(row, 0, *note, &base())?;
        row += 1;
    }
    for layout in sheets {
        row += 1;
        sheet.write_string_with_format(row, 0, layout.name, &base().set_bold())?;
        sheet.write_string_with_format(row, 1, layout.about, &base())?;
        row += 1;
        for (column, head) in (0..).zip(["シート", "列", "必須", "書き方", "意味"]) {
            sheet.write_string_with_format(row, column, head, &head_format(false))?;
        }
        row += 1;
        for column in layout.columns {
            let required = if column.required { "必須" } else { "" };
            let form = if column.choices.is_empty() {
                column.form.to_owned()
            } else {
                column.choices.join("、")
            };
            let cells = [layout.name, column.head, required, &form, column.about];
            for (at, text) in (0..).zip(cells) {
                sheet.write_string_with_format(row, at, text, &base())?;
            }
            row += 1;
        }
    }
    Ok(sheet)
}

fn sheet(layout: &BookSheet, rows: &[Vec<String>]) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(layout.name)?.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(layout.columns) {
        let width = 2 * column.head.chars().count() as u16 + 4;
        sheet.set_column_width(at, width.max(12))?;
        sheet.write_string_with_format(0, at, column.head, &head_format(column.required))?;
        if !column.choices.is_empty() {
            let list = DataValidation::new().allow_list_strings(column.choices)?;
            sheet.add_data_validation(1, at, LISTED_ROWS, at, &list)?;
        }
    }
    let (plain, date) = (base().set_num_format("@"), base().set_num_format("yyyy-mm-dd"));
    let figure = base().set_num_format("#,##0");
    for (row, cells) in (1..).zip(rows) {
        for ((at, column), text) in (0..).zip(layout.columns).zip(cells) {
            if text.is_empty() {
                continue;
            }
            match value(column, text) {
                Value::Day(day) => sheet.write_datetime_with_format(row, at, day, &date)?,
                Value::Number(number) => {
                    sheet.write_number_with_format(row, at, number, &figure)?
                }
                Value::Text => sheet.write_string_with_format(row, at, text, &plain)?,
            };
        }
    }
    Ok(sheet)
}

enum Value {
    Day(ExcelDateTime),
    Number(u32),
    Text,
}

/// Days and amounts as Excel's own where they can be: what cannot stays text, and
/// whoever reads it names the fault.
fn value(column: &BookColumn, text: &str) -> Value {
    match column.form {
        "日付" => text.parse().ok().and_then(excel_day).map_or(Value::Text, Value::Day),
        "円（整数）" | "1以上の整数" | "整数" => {
            text.parse().map_or(Value::Text, Value::Number)
        }
        _ => Value::Text,
    }
}

fn base() -> Format {
    Format::new().set_font_name("BIZ UDGothic").set_font_size(10)
}

/// Headings of columns that must be filled are tinted.
fn head_format(required: bool) -> Format {
    let colour = if required { 0x00FF_F2CC } else { 0x00E8_EEF4 };
    base().set_bold().set_background_color(Color::RGB(colour)).set_border(FormatBorder::Thin)
}
