//! Lines of CSV files that people open in a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A line. What a spreadsheet would take for a formula gets an apostrophe before it.
pub fn line(cells: &[&str]) -> String {
    let cell = |text: &&str| {
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let text = format!("{}{text}", if formula { "'" } else { "" });
        match text.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text,
        }
    };
    cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\n"
}

/// A list as a file that a spreadsheet opens: with the mark of UTF-8, without which it
/// takes Japanese for something else.
pub fn file(name: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Response {
    let mut text = format!("\u{FEFF}{}", line(heads));
    for row in rows {
        text += &line(&row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn cells_are_quoted_and_formulas_made_harmless() {
        let line = super::line(&["a", "b,c", "say \"hi\"", "=1+1", ""]);
        assert_eq!(line, "a,\"b,c\",\"say \"\"hi\"\"\",'=1+1,\n");
    }
}
