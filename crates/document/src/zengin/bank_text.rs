//! Names in the characters of bank files: half-width kana, ASCII capitals.

/// Full-width kana and, at the same place, what a bank writes for it. Small
/// kana become large.
const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ\
ヤユヨラリルレロワヲンァィゥェォッャュョヮヵヶヰヱ「」。・゛゜";
const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓ\
ﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｱｲｳｴｵﾂﾔﾕﾖﾜｶｹｲｴ｢｣..ﾞﾟ";
const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ";
const UNVOICED: &str = "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ";
const HALF_VOICED: &str = "パピプペポ";
const HALF_UNVOICED: &str = "ﾊﾋﾌﾍﾎ";
const SMALL: &str = "ｧｨｩｪｫｬｭｮｯ";
const LARGE: &str = "ｱｲｳｴｵﾔﾕﾖﾂ";

/// The text as a bank writes it: half-width kana with ﾞ and ﾟ apart, large kana
/// for small, capitals, `-` for ー.
///
/// # Errors
/// The first character that no bank file may hold.
pub(crate) fn bank_text(text: &str) -> Result<String, char> {
    let folded = fold(text);
    let legal = |c: char| {
        c.is_ascii_uppercase()
            || c.is_ascii_digit()
            || " ()-./\\｢｣".contains(c)
            || matches!(c, '\u{FF66}'..='\u{FF9F}' if c != 'ｰ')
    };
    match folded.chars().find(|c| !legal(*c)) {
        Some(bad) => Err(bad),
        None => Ok(folded),
    }
}

/// [`bank_text`] without judging: characters that it does not know stay.
pub(super) fn fold(text: &str) -> String {
    text.chars().fold(String::new(), |mut folded, c| {
        fold_char(c, &mut folded);
        folded
    })
}

fn fold_char(c: char, folded: &mut String) {
    let c = match c {
        // Hiragana stand 0x60 before katakana.
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        'ー' | 'ｰ' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '￥' | '¥' => '\\',
        '\u{3099}' => 'ﾞ',
        '\u{309A}' => 'ﾟ',
        '･' => '.',
        other => other,
    };
    match c {
        '㈱' => folded.push_str("(株)"),
        '㈲' => folded.push_str("(有)"),
        _ => {
            let plain = paired(c, FULL, HALF).or_else(|| paired(c, SMALL, LARGE));
            let voiced = paired(c, VOICED, UNVOICED).map(|base| (base, 'ﾞ'));
            let half_voiced = || paired(c, HALF_VOICED, HALF_UNVOICED).map(|base| (base, 'ﾟ'));
            match voiced.or_else(half_voiced) {
                Some((base, mark)) => folded.extend([base, mark]),
                None => folded.push(plain.unwrap_or(c.to_ascii_uppercase())),
            }
        }
    }
}

fn paired(c: char, from: &str, to: &str) -> Option<char> {
    from.chars().position(|one| one == c).and_then(|at| to.chars().nth(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kana_has_its_partner_in_the_tables() {
        let length = |text: &str| text.chars().count();
        for (from, to) in
            [(FULL, HALF), (VOICED, UNVOICED), (HALF_VOICED, HALF_UNVOICED), (SMALL, LARGE)]
        {
            assert_eq!(length(from), length(to), "{from}");
        }
        assert_eq!(fold("ガッツパーティヴ"), "ｶﾞﾂﾂﾊﾟ-ﾃｲｳﾞ");
    }

    #[test]
    fn a_name_in_kanji_cannot_stand_in_a_bank_file() {
        assert_eq!(bank_text("カ）アルファ").as_deref(), Ok("ｶ)ｱﾙﾌｱ"));
        assert_eq!(bank_text("東西クラウド"), Err('東'));
    }
}
