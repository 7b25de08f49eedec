//! Lines of CSV files that people open in a spreadsheet.

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

#[cfg(test)]
mod tests {
    #[test]
    fn cells_are_quoted_and_formulas_made_harmless() {
        let line = super::line(&["a", "b,c", "say \"hi\"", "=1+1", ""]);
        assert_eq!(line, "a,\"b,c\",\"say \"\"hi\"\"\",'=1+1,\n");
    }
}
