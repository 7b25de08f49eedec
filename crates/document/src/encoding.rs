//! Which encoding a text file was saved in. What could be two things is refused:
//! a damaged UTF-8 file reads as CP932 too, with other words.

use contract::declare::words::Words;
use encoding_rs::SHIFT_JIS;

pub(crate) const UTF_16: Words =
    Words::new("ファイルがUTF-16で保存されています", "the file was saved as UTF-16");

/// The text of a file in UTF-8, with or without its mark, or CP932.
///
/// # Errors
/// What is wrong with it, to be said as it stands.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, Words> {
    const NEITHER: Words = Words::new(
        "ファイルの文字コードがUTF-8でもCP932でもないか、壊れています",
        "the file is neither valid UTF-8 nor plausible CP932",
    );
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(UTF_16);
    }
    let marked = bytes.strip_prefix(b"\xEF\xBB\xBF");
    if let Ok(text) = std::str::from_utf8(marked.unwrap_or(bytes)) {
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(Words::new(
                "文字化けした箇所（�）があります",
                "the file holds the sign � in the place of characters that were lost",
            ));
        }
        return Ok(text.to_owned());
    }
    if marked.is_some() {
        return Err(NEITHER);
    }
    let (text, damaged) = SHIFT_JIS.decode_without_bom_handling(bytes);
    let mixed = is_mixed_up(&text) && is_damaged_utf8(bytes);
    if damaged || mixed || is_of_western_letters(&text) {
        return Err(NEITHER);
    }
    Ok(text.into_owned())
}

/// UTF-8 that is read as CP932 has half-width kana in the middle of kanji, which nobody
/// writes.
fn is_mixed_up(text: &str) -> bool {
    let is_half = |c: char| matches!(c, '\u{FF61}'..='\u{FF9F}');
    let letters: Vec<char> = text.chars().collect();
    let beside = |pair: &[char]| !pair[0].is_ascii() && !pair[1].is_ascii();
    letters.windows(2).any(|pair| beside(pair) && is_half(pair[0]) != is_half(pair[1]))
}

/// CP932 hardly ever makes the three bytes of a Japanese letter in UTF-8 by chance.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut gaps) = (0, 0);
    let mut within_gap = false;
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| ('\u{2000}'..='\u{FFFF}').contains(c)).count();
        within_gap &= chunk.valid().is_empty();
        if !chunk.invalid().is_empty() {
            gaps += usize::from(!within_gap);
            within_gap = true;
        }
    }
    whole > 0 && whole >= gaps
}

/// An é of Latin-1 reads with the letter behind it as one rare kanji: alone among Latin
/// letters, where no Japanese stands.
fn is_of_western_letters(text: &str) -> bool {
    let mut before = ' ';
    let mut alone = 0;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        if !c.is_ascii() {
            let among = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
            let is_single = (before.is_ascii() && after.is_ascii()) && among;
            let rare = matches!(c, '\u{E000}'..='\u{F8FF}') || {
                let mut room = [0; 4];
                let (bytes, _, _) = SHIFT_JIS.encode(c.encode_utf8(&mut room));
                bytes[0] >= 0xE0 && bytes.get(1).is_some_and(u8::is_ascii_alphabetic)
            };
            if !(is_single && rare) {
                return false;
            }
            alone += 1;
        }
        before = c;
    }
    alone > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cp932(text: &str) -> Vec<u8> {
        SHIFT_JIS.encode(text).0.into_owned()
    }

    #[test]
    fn utf8_and_cp932_are_read_as_what_they_are() {
        let texts = [
            "u1,監視サーバ,vol-表",
            "u1,A棟,ｱｵﾊﾞ",
            "u1,ｱ,vol",
            "u1,ソフト予約,申込",
            "plain",
            "u1,齊藤,vol",
            "u1,邊見,齊木,豐島,讚岐,渡邊様",
            "u1,diskｱ,vol",
        ];
        for text in texts {
            assert_eq!(decode(text.as_bytes()).as_deref(), Ok(text));
            assert_eq!(decode(&cp932(text)).as_deref(), Ok(text));
            assert_eq!(decode(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn any_one_broken_byte_of_utf8_is_seen() {
        let text = "u1,監視サーバ,volume,第二棟\nu2,青葉,vol,高崎";
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            if bytes[at].is_ascii() {
                continue;
            }
            bytes[at] = b'?';
            assert!(decode(&bytes).is_err(), "{at}");
            bytes.remove(at);
            assert!(decode(&bytes).is_err(), "{at} left out");
        }
        assert!(decode("a,\u{FFFD},b".as_bytes()).is_err());
    }

    #[test]
    fn a_letter_that_lost_its_first_byte_is_seen_beside_a_single_whole_one() {
        let mut bytes = "a,東京-01,1".as_bytes().to_vec();
        bytes[2] = 0x9D;
        assert!(decode(&bytes).is_err());
    }

    #[test]
    fn latin_1_and_utf16_are_no_japanese() {
        for western in ["u1,Café-é1,vol", "u1,Müller,vol", "résumé", "niño"] {
            let latin: Vec<u8> = western.chars().map(|c| u32::from(c) as u8).collect();
            assert!(decode(&latin).is_err(), "{western}");
        }
        assert!(decode(b"\xFF\xFEa\0").unwrap_err().en.contains("UTF-16"));
    }
}
