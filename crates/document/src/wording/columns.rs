//! Columns of a terminal, where a full-width character takes two.

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_full_width(c) { 2 } else { 1 }).sum()
}

/// The text with blanks up to this column.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

/// Wide and full-width characters of Unicode (UAX 11) that occur in Japanese.
fn is_full_width(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{303E}'
        | '\u{3041}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::{padded, width};

    #[test]
    fn full_width_characters_take_two_columns() {
        assert_eq!(width("延滞利息 1,188円"), 8 + 1 + 5 + 2);
        assert_eq!(width("ｶ)ｱﾙﾌｱ"), 6);
        assert_eq!(padded("条項", 6), "条項  ");
    }
}
