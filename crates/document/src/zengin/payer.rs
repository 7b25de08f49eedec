//! One key for the many ways in which a payer's name arrives.

use super::bank_text::fold;

/// Abbreviations of legal forms in transfers (R-5.8), with the kanji in brackets
/// that people write.
const SHORT: [&str; 22] = [
    "ｶ",
    "ﾕ",
    "ﾒ",
    "ｼ",
    "ﾄﾞ",
    "ｲ",
    "ｻﾞｲ",
    "ｼﾔ",
    "ｼﾕｳ",
    "ｶﾞｸ",
    "ﾌｸ",
    "ﾄﾞｸ",
    "ﾄｸﾋ",
    "ﾍﾞﾝ",
    "ｾﾞｲ",
    "株",
    "有",
    "同",
    "資",
    "名",
    "財",
    "社",
];

/// Legal forms written out, at either end of a name.
const LONG: [&str; 10] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "ｶﾌﾞｼｷｶﾞｲｼﾔ",
    "ﾕｳｹﾞﾝｶﾞｲｼﾔ",
    "ｺﾞｳﾄﾞｳｶﾞｲｼﾔ",
    "ｺﾞｳｼｶﾞｲｼﾔ",
    "ｺﾞｳﾒｲｶﾞｲｼﾔ",
];

/// A payer's name for comparison: half-width, large kana, every dash `-`, no
/// spaces or points, no legal form, no 振込依頼人番号 (four to ten digits) before
/// it. Two names that give the same key may be the same payer; the key proves
/// nothing more, and is no name to show.
///
/// ```
/// use document::payer_key;
/// let key = payer_key("株式会社アルファ");
/// for name in ["ｶ)ｱﾙﾌｱ", "カ）アルファ", "ｱﾙﾌｧ(ｶ", "0000123456ｶ) ｱﾙﾌｱ", "アルファ㈱"] {
///     assert_eq!(payer_key(name), key);
/// }
/// ```
pub fn payer_key(name: &str) -> String {
    let folded = fold(name);
    let bare: String =
        folded.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | ',')).collect();
    let stripped = without_legal_form(without_payer_number(&bare));
    // A name that is nothing but a legal form keeps it.
    if stripped.is_empty() { bare } else { stripped }
}

fn without_payer_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = name.len() - rest.len();
    if (4..=10).contains(&digits) && !rest.is_empty() { rest } else { name }
}

fn without_legal_form(name: &str) -> String {
    let mut name = name.to_owned();
    for form in SHORT {
        name = name.replace(&format!("({form})"), "");
    }
    for form in SHORT {
        let (leading, trailing) = (format!("{form})"), format!("({form}"));
        let rest = name.strip_prefix(&leading).unwrap_or(&name);
        name = rest.strip_suffix(&trailing).unwrap_or(rest).to_owned();
    }
    for form in LONG {
        let rest = name.strip_prefix(form).unwrap_or(&name);
        name = rest.strip_suffix(form).unwrap_or(rest).to_owned();
    }
    name
}
