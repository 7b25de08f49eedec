//! Lines of CSV files that people open in a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// What stands in a cell of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// A number stays one, also below zero: it is made of a number here and never of what
    /// somebody wrote.
    Number(i64),
}

/// A line of texts. What a spreadsheet would take for a formula gets an apostrophe before it.
pub fn line(cells: &[&str]) -> String {
    cells.iter().map(|text| safe(text)).collect::<Vec<_>>().join(",") + "\n"
}

fn safe(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = format!("{}{text}", if formula { "'" } else { "" });
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => safe(text),
        Cell::Number(number) => number.to_string(),
    }
}

/// A list as a file that a spreadsheet opens: with the mark of UTF-8, without which it
/// takes Japanese for something else.
pub fn file(name: &str, heads: &[&str], rows: &[Vec<Cell>]) -> Response {
    let mut text = format!("\u{FEFF}{}", line(heads));
    for row in rows {
        text += &row.iter().map(cell).collect::<Vec<_>>().join(",");
        text.push('\n');
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_made_harmless() {
        let line = super::line(&["a", "b,c", "say \"hi\"", "=1+1", ""]);
        assert_eq!(line, "a,\"b,c\",\"say \"\"hi\"\"\",'=1+1,\n");
    }

    #[test]
    fn numbers_are_numbers_and_texts_that_look_like_them_are_not() {
        let text = |text: &str| cell(&Cell::Text(text.to_owned()));
        assert_eq!([cell(&Cell::Number(-3300)), cell(&Cell::Number(0))], ["-3300", "0"]);
        assert_eq!([text("-3300"), text("-2+3")], ["'-3300", "'-2+3"]);
    }
}
