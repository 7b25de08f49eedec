//! The encodings that a composed mail needs: base64, encoded words, RFC 2231.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 without line ends (RFC 4648, 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for at in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// Base64 in lines of 76 characters (RFC 2045, 6.8).
pub(super) fn base64_lines(bytes: &[u8]) -> String {
    // 57 bytes make a line; no group is torn, since 57 is a multiple of 3.
    bytes.chunks(57).map(|line| base64(line) + "\r\n").collect()
}

/// The text of a header: as it is when short and ASCII, else encoded words of at
/// most 75 characters, one a line (RFC 2047, 2).
pub(super) fn header_text(text: &str) -> String {
    let plain = text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    if plain && text.len() <= 60 && !text.contains("=?") && text.trim() == text {
        return text.to_owned();
    }
    let words = pieces(text, 39).into_iter();
    let words: Vec<String> =
        words.map(|piece| format!("=?UTF-8?B?{}?=", base64(piece.as_bytes()))).collect();
    words.join("\r\n ")
}

/// The parameters of a file name: for readers of RFC 2231 the true name, for
/// others one in ASCII.
pub(super) fn file_name(name: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || " .-_()".contains(c);
    let plain: String = name.chars().map(|c| if harmless(c) { c } else { '_' }).collect();
    if plain == name && name.len() <= 60 {
        return format!(";\r\n filename=\"{name}\"");
    }
    // 18 bytes become at most 54 characters; longer names go on in the next.
    let pieces = pieces(name, 18);
    let mut parameters = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        let charset = if at == 0 { "UTF-8''" } else { "" };
        let section = if pieces.len() == 1 { "*".to_owned() } else { format!("*{at}*") };
        let encoded = percent(piece);
        parameters.push_str(&format!(";\r\n filename{section}={charset}{encoded}"));
    }
    let plain: String = plain.chars().take(60).collect();
    parameters + &format!(";\r\n filename=\"{plain}\"")
}

fn percent(text: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b".-_".contains(&b);
    text.bytes()
        .map(|b| if safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// The text in pieces of at most `most` bytes that tear no character.
fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in text.chars() {
        let full = pieces.last().is_none_or(|piece| piece.len() + c.len_utf8() > most);
        if full {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_examples_of_rfc_4648() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
