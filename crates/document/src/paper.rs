//! The look of our forms: title, sections, labelled cells and tables.

use contract::sentence;
use reckon::Day;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    IgnoreError, Workbook, Worksheet, XlsxError,
};

use crate::fault::Fault;

/// Column B; a form leaves column A as a margin.
const FIRST: u16 = 1;
/// Column H.
const LAST: u16 = 7;
/// Values of single fields span C to E, hints F to H.
const VALUE: u16 = 2;
const VALUE_END: u16 = 4;
const WIDTHS: [u16; 8] = [2, 24, 24, 20, 12, 18, 18, 22];

/// What is written into a cell that the applicant fills.
pub(crate) enum Entry {
    Blank,
    Text(String),
    Day(Day),
    Number(u32),
}

impl Entry {
    pub(crate) fn text(text: &str) -> Entry {
        if text.is_empty() { Entry::Blank } else { Entry::Text(text.to_owned()) }
    }
}

/// A labelled cell of the form.
pub(crate) struct Cell<'a> {
    pub label: &'a str,
    pub required: bool,
    pub hint: &'a str,
    pub choices: &'a [&'a str],
}

/// A form as it grows, row by row.
pub(crate) struct Paper {
    sheet: Worksheet,
    row: u32,
}

impl Paper {
    pub(crate) fn new(name: &str, title: &str, notes: &[&str]) -> Result<Paper, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_print_center_horizontally(true).set_screen_gridlines(false);
        for (column, width) in (0..).zip(WIDTHS) {
            sheet.set_column_width(column, width)?;
        }
        let heading = base().set_bold().set_font_size(16).set_align(FormatAlign::Center);
        sheet.merge_range(1, FIRST, 1, LAST, title, &heading)?.set_row_height(1, 30)?;
        let mut paper = Paper { sheet, row: 2 };
        for note in notes {
            paper.sheet.write_string_with_format(paper.row, FIRST, *note, &small())?;
            paper.row += 1;
        }
        Ok(paper)
    }

    pub(crate) fn section(&mut self, title: &str) -> Result<(), XlsxError> {
        self.row += 1;
        let format = base()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x1F3A5F));
        self.sheet.merge_range(self.row, FIRST, self.row, LAST, title, &format)?;
        self.sheet.set_row_height(self.row, 20)?;
        self.row += 1;
        Ok(())
    }

    pub(crate) fn field(&mut self, cell: &Cell<'_>, entry: &Entry) -> Result<(), XlsxError> {
        let label =
            if cell.required { format!("{} ※", cell.label) } else { cell.label.to_owned() };
        let row = self.row;
        self.sheet.write_string_with_format(row, FIRST, label, &label_format())?;
        self.sheet.merge_range(row, VALUE, row, VALUE_END, "", &value_format(cell.required))?;
        self.sheet.merge_range(row, VALUE_END + 1, row, LAST, cell.hint, &small())?;
        self.write(VALUE, entry, cell.required)?;
        if !cell.choices.is_empty() {
            let list = DataValidation::new().allow_list_strings(cell.choices)?;
            self.sheet.add_data_validation(row, VALUE, row, VALUE, &list)?;
        }
        self.sheet.set_row_height(row, 20)?;
        self.row += 1;
        Ok(())
    }

    /// A table from column B. `choices` of a column become its drop-down list.
    pub(crate) fn table(
        &mut self,
        heads: &[(&str, &[&str])],
        rows: &[Vec<Entry>],
    ) -> Result<(), XlsxError> {
        for (column, (head, choices)) in (FIRST..).zip(heads) {
            let format = label_format().set_align(FormatAlign::Center);
            self.sheet.write_string_with_format(self.row, column, *head, &format)?;
            if !choices.is_empty() && !rows.is_empty() {
                let list = DataValidation::new().allow_list_strings(choices)?;
                let last = self.row + rows.len() as u32;
                self.sheet.add_data_validation(self.row + 1, column, last, column, &list)?;
            }
        }
        for cells in rows {
            self.row += 1;
            self.sheet.set_row_height(self.row, 18)?;
            for (column, entry) in (FIRST..).zip(cells) {
                self.write(column, entry, false)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    fn write(&mut self, column: u16, entry: &Entry, required: bool) -> Result<(), XlsxError> {
        let row = self.row;
        let format = value_format(required);
        match entry {
            // As text, or Excel would drop the leading 0 of what is typed here.
            Entry::Blank => self.sheet.write_blank(row, column, &format.set_num_format("@"))?,
            Entry::Text(text) => {
                let format = format.set_num_format("@");
                self.sheet.write_string_with_format(row, column, text, &format)?
            }
            Entry::Number(number) => {
                let format = format.set_num_format("#,##0");
                self.sheet.write_number_with_format(row, column, *number, &format)?
            }
            Entry::Day(day) => match excel_day(*day) {
                Some(date) => {
                    let format = format.set_num_format("yyyy-mm-dd");
                    self.sheet.write_datetime_with_format(row, column, date, &format)?
                }
                None => {
                    self.sheet.write_string_with_format(row, column, day.to_string(), &format)?
                }
            },
        };
        Ok(())
    }

    /// The workbook. Its creation date is fixed, so that the same form always
    /// has the same bytes.
    pub(crate) fn into_bytes(mut self, title: &str) -> Result<Vec<u8>, XlsxError> {
        self.sheet.set_print_area(0, FIRST, self.row, LAST)?;
        let as_text = IgnoreError::NumberStoredAsText;
        self.sheet.ignore_error_range(0, FIRST, self.row, LAST, as_text)?;
        let fixed = ExcelDateTime::from_ymd(2024, 12, 18)?;
        let properties = DocProperties::new().set_title(title).set_creation_datetime(&fixed);
        let mut book = Workbook::new();
        book.set_properties(&properties);
        book.push_worksheet(self.sheet);
        book.save_to_buffer()
    }
}

/// A form that Excel's limits forbid to write, a text of 40,000 characters say.
pub(crate) fn unwritable(file: &str, error: &XlsxError) -> Box<Fault> {
    let problem = sentence!("様式を作成できません", "the form cannot be written ({error})");
    let remedy = sentence!("長い文字列を短くしてください", "shorten the longest text");
    Box::new(Fault::new(file, Fault::WHOLE_FILE, "ファイル", problem, remedy))
}

pub(crate) fn excel_day(day: Day) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8).ok()
}

fn base() -> Format {
    Format::new()
        .set_font_name("BIZ UDGothic")
        .set_font_size(10)
        .set_align(FormatAlign::VerticalCenter)
}

fn small() -> Format {
    base().set_font_size(9).set_font_color(Color::RGB(0x666666))
}

fn label_format() -> Format {
    base().set_bold().set_background_color(Color::RGB(0xE8EEF4)).set_border(FormatBorder::Thin)
}

/// Cells that must be filled are tinted.
fn value_format(required: bool) -> Format {
    let format = base().set_border(FormatBorder::Thin).set_align(FormatAlign::Left);
    if required { format.set_background_color(Color::RGB(0xFFF9E5)) } else { format }
}
