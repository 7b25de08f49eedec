//! Names of payers: the many ways in which one arrives, and how alike two are.

use unicode_normalization::UnicodeNormalization;
use wana_kana::ConvertJapanese;

use super::bank_text::fold;

/// A legal form: what banks write for it in brackets (法人略語), and it written out.
struct LegalForm {
    short: &'static str,
    /// In kanji, in brackets too, and in the kana of banks.
    long: &'static [&'static str],
}

const fn form(short: &'static str, long: &'static [&'static str]) -> LegalForm {
    LegalForm { short, long }
}

/// Of forms that share a beginning or an end the longer stands first.
const FORMS: [LegalForm; 33] = [
    form("ｶ", &["株式会社", "株", "ｶﾌﾞｼｷｶﾞｲｼﾔ", "ｶﾌﾞｼｷｶｲｼﾔ"]),
    form("ﾕ", &["特例有限会社", "有限会社", "有", "ﾕｳｹﾞﾝｶﾞｲｼﾔ", "ﾕｳｹﾞﾝｶｲｼﾔ"]),
    form("ﾄﾞ", &["合同会社", "同", "ｺﾞｳﾄﾞｳｶﾞｲｼﾔ", "ｺﾞｳﾄﾞｳｶｲｼﾔ"]),
    form("ｼ", &["合資会社", "資", "ｺﾞｳｼｶﾞｲｼﾔ", "ｺﾞｳｼｶｲｼﾔ"]),
    form("ﾒ", &["合名会社", "名", "ｺﾞｳﾒｲｶﾞｲｼﾔ", "ｺﾞｳﾒｲｶｲｼﾔ"]),
    form("ｿ", &["相互会社", "相", "ｿｳｺﾞｶﾞｲｼﾔ", "ｿｳｺﾞｶｲｼﾔ"]),
    form(
        "ｲ",
        &[
            "社会医療法人財団",
            "社会医療法人社団",
            "社会医療法人",
            "医療法人財団",
            "医療法人社団",
            "医療法人",
            "医",
            "ｲﾘﾖｳﾎｳｼﾞﾝｼﾔﾀﾞﾝ",
            "ｲﾘﾖｳﾎｳｼﾞﾝｻﾞｲﾀﾞﾝ",
            "ｲﾘﾖｳﾎｳｼﾞﾝ",
        ],
    ),
    form(
        "ｻﾞｲ",
        &[
            "一般財団法人",
            "公益財団法人",
            "特例財団法人",
            "財団法人",
            "財",
            "ｲﾂﾊﾟﾝｻﾞｲﾀﾞﾝﾎｳｼﾞﾝ",
            "ｺｳｴｷｻﾞｲﾀﾞﾝﾎｳｼﾞﾝ",
            "ｻﾞｲﾀﾞﾝﾎｳｼﾞﾝ",
        ],
    ),
    form(
        "ｼﾔ",
        &[
            "一般社団法人",
            "公益社団法人",
            "特例社団法人",
            "社団法人",
            "社",
            "ｲﾂﾊﾟﾝｼﾔﾀﾞﾝﾎｳｼﾞﾝ",
            "ｺｳｴｷｼﾔﾀﾞﾝﾎｳｼﾞﾝ",
            "ｼﾔﾀﾞﾝﾎｳｼﾞﾝ",
        ],
    ),
    form("ｼﾕｳ", &["宗教法人", "宗", "ｼﾕｳｷﾖｳﾎｳｼﾞﾝ"]),
    form("ｶﾞｸ", &["学校法人", "準学校法人", "学", "ｶﾞﾂｺｳﾎｳｼﾞﾝ"]),
    form("ﾌｸ", &["社会福祉法人", "福", "ｼﾔｶｲﾌｸｼﾎｳｼﾞﾝ"]),
    form("ﾎｺﾞ", &["更生保護法人", "ｺｳｾｲﾎｺﾞﾎｳｼﾞﾝ"]),
    form("ﾄｸﾋ", &["特定非営利活動法人", "NPO法人", "ﾄｸﾃｲﾋｴｲﾘｶﾂﾄﾞｳﾎｳｼﾞﾝ"]),
    form("ﾁﾄﾞｸ", &["地方独立行政法人", "ﾁﾎｳﾄﾞｸﾘﾂｷﾞﾖｳｾｲﾎｳｼﾞﾝ"]),
    form("ﾄﾞｸ", &["独立行政法人", "独", "ﾄﾞｸﾘﾂｷﾞﾖｳｾｲﾎｳｼﾞﾝ"]),
    form(
        "ﾀﾞｲ",
        &["国立大学法人", "公立大学法人", "大学共同利用機関法人", "ｺｸﾘﾂﾀﾞｲｶﾞｸﾎｳｼﾞﾝ", "ｺｳﾘﾂﾀﾞｲｶﾞｸﾎｳｼﾞﾝ"],
    ),
    form("ﾓｸ", &["中期目標管理法人"]),
    form("ｹﾝ", &["国立研究開発法人", "ｺｸﾘﾂｹﾝｷﾕｳｶｲﾊﾂﾎｳｼﾞﾝ"]),
    form("ｼﾂ", &["行政執行法人"]),
    form("ﾁﾕｳ", &["有限責任中間法人", "無限責任中間法人", "中間法人"]),
    form("ﾍﾞﾝ", &["弁護士法人", "外国法事務弁護士法人", "ﾍﾞﾝｺﾞｼﾎｳｼﾞﾝ"]),
    form("ｷﾞﾖ", &["行政書士法人", "ｷﾞﾖｳｾｲｼﾖｼﾎｳｼﾞﾝ"]),
    form("ｼﾎｳ", &["司法書士法人", "ｼﾎｳｼﾖｼﾎｳｼﾞﾝ"]),
    form("ｾﾞｲ", &["税理士法人", "ｾﾞｲﾘｼﾎｳｼﾞﾝ"]),
    form("ﾛｳﾑ", &["社会保険労務士法人", "ｼﾔｶｲﾎｹﾝﾛｳﾑｼﾎｳｼﾞﾝ"]),
    form("ﾉｳ", &["農事組合法人", "ﾉｳｼﾞｸﾐｱｲﾎｳｼﾞﾝ"]),
    form("ｶﾝﾘ", &["管理組合法人", "団地管理組合法人", "ｶﾝﾘｸﾐｱｲﾎｳｼﾞﾝ"]),
    form("ﾛｳｸﾐ", &["労働組合", "ﾛｳﾄﾞｳｸﾐｱｲ"]),
    form("ｾｲｷﾖｳ", &["生活協同組合", "ｾｲｶﾂｷﾖｳﾄﾞｳｸﾐｱｲ"]),
    form("ｷﾖｳｸﾐ", &["協同組合", "ｷﾖｳﾄﾞｳｸﾐｱｲ"]),
    form("ﾕｳｸﾐ", &["有限責任事業組合", "ﾕｳｹﾞﾝｾｷﾆﾝｼﾞｷﾞﾖｳｸﾐｱｲ"]),
    form("ﾚﾝ", &["連合会", "ﾚﾝｺﾞｳｶｲ"]),
];

/// A payer's name: what names it, and its legal form where one is stated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PayerName {
    /// For comparison ([`payer_key`]); no name to show.
    pub key: String,
    /// As banks abbreviate it, such as `ｶ` of 株式会社.
    pub form: Option<&'static str>,
}

impl PayerName {
    /// ```
    /// use document::PayerName;
    /// let name = PayerName::read("有限会社アルファ");
    /// assert_eq!(name, PayerName::read("ﾕ)ｱﾙﾌｱ"));
    /// assert_eq!(name.form, Some("ﾕ"));
    /// assert_eq!(PayerName::read("ｱﾙﾌｱ").form, None);
    /// ```
    pub fn read(name: &str) -> PayerName {
        let folded = fold(name);
        let bare: String =
            folded.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | ',')).collect();
        let (mut key, mut form) = without_legal_form(without_payer_number(&bare));
        // A form within another, until none is left: a key has no other key.
        loop {
            let (next, more) = without_legal_form(&key);
            form = form.or(more);
            if next == key || next.is_empty() {
                break;
            }
            key = next;
        }
        // A name that is nothing but a legal form keeps it.
        if key.is_empty() { PayerName { key: bare, form: None } } else { PayerName { key, form } }
    }

    /// The form by the abbreviation under which it was kept.
    pub fn form_of(short: &str) -> Option<&'static str> {
        FORMS.iter().map(|form| form.short).find(|known| *known == short)
    }
}

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
    PayerName::read(name).key
}

fn without_payer_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = name.len() - rest.len();
    if (4..=10).contains(&digits) && !rest.is_empty() { rest } else { name }
}

/// The name without its legal forms, and the first of them.
fn without_legal_form(name: &str) -> (String, Option<&'static str>) {
    let mut name = name.to_owned();
    let mut stated = None;
    for form in &FORMS {
        // In brackets anywhere, or in one bracket at an end.
        for short in [form.short].iter().chain(form.long).filter(|text| text.chars().count() < 6) {
            let middle = name.replace(&format!("({short})"), "");
            let leading = middle.strip_prefix(&format!("{short})")).unwrap_or(&middle);
            let rest = leading.strip_suffix(&format!("({short}")).unwrap_or(leading);
            if rest.len() < name.len() {
                stated = stated.or(Some(form.short));
                name = rest.to_owned();
            }
        }
    }
    for form in &FORMS {
        // One sign alone is part of a name.
        for long in form.long.iter().filter(|text| text.chars().count() > 1) {
            let rest = name.strip_prefix(long).unwrap_or(&name);
            let rest = rest.strip_suffix(long).unwrap_or(rest);
            if rest.len() < name.len() && !rest.is_empty() {
                stated = stated.or(Some(form.short));
                name = rest.to_owned();
            }
        }
    }
    (name, stated)
}

/// A name in Latin letters and one in kana, as far as they sound alike: long vowels,
/// doubled consonants and the words for a company are left out.
///
/// ```
/// use document::sound;
/// assert_eq!(sound("AOBA SEISAKUSHO CO.,LTD."), sound("ｱｵﾊﾞｾｲｻｸｼﾖ"));
/// assert_eq!(sound("Toukyou Denki K.K."), sound("ﾄｳｷﾖｳﾃﾞﾝｷ"));
/// assert_ne!(sound("AOBA"), sound("ｱｶﾊﾞ"));
/// ```
pub fn sound(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| c.is_whitespace() || ",.".contains(c));
    let words: Vec<_> =
        words.filter(|word| !word.is_empty() && !COMPANY_WORDS.contains(word)).collect();
    let (bare, _) = without_legal_form(&words.concat());
    let mut sound = softened(&bare).to_romaji().to_ascii_uppercase();
    sound.retain(|c| c.is_ascii_alphanumeric());
    for (spelt, alike) in ALIKE {
        sound = sound.replace(spelt, alike);
    }
    let mut sounds: Vec<char> = sound.chars().collect();
    sounds.dedup();
    sounds.into_iter().collect()
}

/// Whole kana, small ones where a row can have them: bank files write all of them large.
fn softened(half_width: &str) -> String {
    let mut kana: Vec<char> = half_width.nfkc().collect();
    for at in 1..kana.len() {
        let softens = "キシチニヒミリギジヂビピ".contains(kana[at - 1]);
        let small = match kana[at] {
            'ヤ' => 'ャ',
            'ユ' => 'ュ',
            'ヨ' => 'ョ',
            _ => continue,
        };
        if softens {
            kana[at] = small;
        }
    }
    kana.into_iter().collect()
}

/// What companies write behind their names in Latin letters.
const COMPANY_WORDS: [&str; 13] = [
    "CO",
    "LTD",
    "COLTD",
    "INC",
    "KK",
    "K",
    "CORP",
    "CORPORATION",
    "LLC",
    "GK",
    "COMPANY",
    "LIMITED",
    "THE",
];

/// Spellings of one sound; long vowels are short.
const ALIKE: [(&str, &str); 15] = [
    ("SY", "SH"),
    ("TY", "CH"),
    ("ZY", "J"),
    ("JY", "J"),
    ("SI", "SHI"),
    ("TI", "CHI"),
    ("ZI", "JI"),
    ("TU", "TSU"),
    ("HU", "FU"),
    ("OU", "O"),
    ("OO", "O"),
    ("UU", "U"),
    ("MB", "NB"),
    ("MM", "NM"),
    ("MP", "NP"),
];
