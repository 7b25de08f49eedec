//! Text as people see it: what cannot be seen makes no difference, neither in a
//! comparison nor where it is shown.

use unicode_normalization::UnicodeNormalization;

/// The text as it is seen, in one line: a break or tab is a space, and what has no width
/// or no look (control characters, marks of direction, zero-width spaces) is left out.
///
/// ```
/// assert_eq!(document::seen("高崎市\n栄町1-1\u{200B}"), "高崎市 栄町1-1");
/// assert_eq!(document::seen("a\u{1B}[31mred\r\n b"), "a[31mred b");
/// ```
pub fn seen(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut broke = false;
    // What Excel writes for a carriage return in a cell.
    for c in text.replace("_x000D_", "").chars() {
        if matches!(c, '\n' | '\r' | '\t' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
        {
            broke = true;
        } else if !(c.is_control() || is_unseen(c) || broke && c.is_whitespace()) {
            if broke && !shown.ends_with(char::is_whitespace) {
                shown.push(' ');
            }
            broke = false;
            shown.push(c);
        }
    }
    shown.trim().to_owned()
}

/// True of a text that is shown as it is stored.
pub fn is_seen_whole(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || is_unseen(c))
}

/// Characters without a width, and those that turn the direction of what follows.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
    )
}

/// What two spellings of one text have in common: wide or narrow letters, composed or
/// not, and the pairs that CP932 and Unicode write differently (〜 and ～, − and －).
/// For comparing; what is shown stays as it came.
///
/// ```
/// let key = document::text_key("vol〜ガ");
/// for same in ["vol～ガ", "ｖｏｌ～ｶﾞ", "vol〜カ\u{3099}"] {
///     assert_eq!(document::text_key(same), key);
/// }
/// assert_ne!(document::text_key("vol-1"), document::text_key("vol-2"));
/// ```
pub fn text_key(text: &str) -> String {
    let one_of_each = |c: char| match c {
        '\u{301C}' => '~',
        '\u{2016}' => '\u{2225}',
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2212}' => '-',
        '\u{2014}' => '\u{2015}',
        '\u{A2}' => '\u{FFE0}',
        '\u{A3}' => '\u{FFE1}',
        '\u{AC}' => '\u{FFE2}',
        '\u{A5}' | '\u{FFE5}' => '\\',
        other => other,
    };
    let same = seen(text).chars().map(one_of_each).nfkc().collect::<String>();
    same.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_that_cp932_and_unicode_write_differently_has_one_key() {
        let pairs = ["〜～", "‖∥", "−－", "—―", "¢￠", "£￡", "¬￢", "¥￥"];
        for pair in pairs {
            let mut two = pair.chars().map(|c| text_key(&format!("a{c}b")));
            assert_eq!(two.next(), two.next(), "{pair}");
        }
    }

    #[test]
    fn a_text_that_is_seen_stays_and_is_seen_once() {
        for text in ["株式会社　青葉", "葛\u{E0100}城", "a b"] {
            assert_eq!(seen(text), text);
            assert!(is_seen_whole(text));
        }
        assert_eq!(seen("\u{202E}moc\u{7}"), "moc");
        assert!(!is_seen_whole("a\u{200B}"));
        assert_eq!(seen("a \r\n b_x000D_\nc"), "a b c");
    }
}
