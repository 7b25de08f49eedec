//! The name of an attached file: read as it is written, and cleaned of what is no name.

use encoding_rs::Encoding;

use crate::text::seen;

/// As many characters of a name are kept.
const LONGEST: usize = 120;

/// The name in parameters of RFC 2231 (`filename*0*=UTF-8''…`): its pieces are put
/// together as bytes before they are decoded, since a piece may end within a letter.
/// `None` when the header has no such parameters; `plain` of it is read elsewhere.
pub(super) fn of_pieces(header: &str, parameter: &str) -> Option<String> {
    let mut pieces: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut charset = String::new();
    for (name, value) in parameters(header) {
        let Some(rest) = name.strip_prefix(parameter).and_then(|rest| rest.strip_prefix('*'))
        else {
            continue;
        };
        let (number, encoded) = match rest.strip_suffix('*') {
            Some(number) => (number, true),
            None if rest.is_empty() => ("", true),
            None => (rest, false),
        };
        let at: usize = if number.is_empty() { 0 } else { number.parse().ok()? };
        let text = match value.splitn(3, '\'').collect::<Vec<_>>()[..] {
            [named, _, text] if encoded && at == 0 => {
                charset = named.to_owned();
                text
            }
            _ => &value,
        };
        let bytes = if encoded { unescaped(text) } else { text.as_bytes().to_vec() };
        pieces.push((at, bytes));
    }
    if pieces.is_empty() {
        return None;
    }
    pieces.sort_by_key(|(at, _)| *at);
    let bytes: Vec<u8> = pieces.into_iter().flat_map(|(_, bytes)| bytes).collect();
    let encoding = Encoding::for_label(charset.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    Some(encoding.decode_without_bom_handling(&bytes).0.into_owned())
}

/// Names and values behind the `;` of a header, quotes and folds taken off.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').unwrap_or((rest, ""));
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => {
                let (mut value, mut escaped, mut end) = (String::new(), false, quoted.len());
                for (at, c) in quoted.char_indices() {
                    match c {
                        '"' if !escaped => {
                            end = at + 1;
                            break;
                        }
                        '\\' if !escaped => escaped = true,
                        '\r' | '\n' => {}
                        other => {
                            value.push(other);
                            escaped = false;
                        }
                    }
                }
                (value, quoted[end..].split_once(';').map_or("", |(_, next)| next))
            }
            None => {
                let (value, next) = after.split_once(';').unwrap_or((after, ""));
                (value.split_whitespace().collect(), next)
            }
        };
        found.push((name.trim().to_ascii_lowercase(), value));
        rest = next;
    }
    found
}

/// `%E3` as its byte.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

/// The last part of a path, without what cannot be seen or would be a path or a mark
/// somewhere else; empty when nothing is left.
pub(super) fn cleaned(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !seen(part).is_empty()).unwrap_or_default();
    let plain = seen(last).replace(['<', '>', ':', '"', '|', '?', '*'], "_");
    plain.trim_start_matches('.').trim().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_put_together_before_they_are_decoded() {
        let header =
            "attachment;\r\n filename*1*=%E8%BE%BC%E6%9B%B8.xlsx;\r\n filename*0*=UTF-8''%E7%94%B3";
        assert_eq!(of_pieces(header, "filename").as_deref(), Some("申込書.xlsx"));
        // A letter torn between two pieces.
        let torn = "attachment; filename*0*=UTF-8''%E7%94; filename*1*=%B3.xlsx";
        assert_eq!(of_pieces(torn, "filename").as_deref(), Some("申.xlsx"));
        // In Shift_JIS, the second byte of which looks like a letter.
        let sjis = "attachment; filename*0*=Shift_JIS'ja'%83; filename*1*=%5C.xlsx";
        assert_eq!(of_pieces(sjis, "filename").as_deref(), Some("ソ.xlsx"));
        let mixed = "attachment; filename*0*=UTF-8''%E7%94%B3; filename*1=\"-100%.xlsx\"";
        assert_eq!(of_pieces(mixed, "filename").as_deref(), Some("申-100%.xlsx"));
        assert_eq!(of_pieces("attachment; filename=\"a.xlsx\"", "filename"), None);
        assert_eq!(
            of_pieces("attachment; filename*=\"UTF-8''a%20b\"", "filename").as_deref(),
            Some("a b")
        );
    }

    #[test]
    fn a_name_is_no_path_and_holds_nothing_unseen() {
        for (written, clean) in [
            ("../../x.xlsx", "x.xlsx"),
            ("C:\\temp\\申込書.xlsx", "申込書.xlsx"),
            ("\u{1B}]0;pwned\u{7}\u{1B}[31mred\n../../x.xlsx", "x.xlsx"),
            ("a\u{1B}[31m\nb.xlsx", "a[31m b.xlsx"),
            ("\u{202E}xslx.exe", "xslx.exe"),
            ("..", ""),
            ("/", ""),
            (".hidden", "hidden"),
            ("a:b.xlsx", "a_b.xlsx"),
        ] {
            assert_eq!(cleaned(written), clean, "{written:?}");
        }
        assert_eq!(cleaned(&"あ".repeat(1_000)).chars().count(), LONGEST);
    }
}
