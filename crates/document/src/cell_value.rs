//! What one cell of a form may hold: each reader names the problem and remedy.

use contract::declare::words::Sentence;
use contract::road::bounds::LARGEST_AMOUNT;
use contract::{DueRule, PaymentMethod, Service, sentence};
use reckon::{Day, Yen};

use crate::text::seen;
use crate::written_day::{narrow, read_day};
use crate::zengin::bank_text;

/// Why a text is no value of its field: the problem, and what to write.
pub type Refusal = (Sentence, Sentence);

fn refuse<T>(problem: Sentence, remedy: Sentence) -> Result<T, Refusal> {
    Err((problem, remedy))
}

/// A text that is not what its field holds.
fn is_no<T>(text: &str, what_ja: &str, what_en: &str, remedy: Sentence) -> Result<T, Refusal> {
    refuse(sentence!("「{text}」は{what_ja}ではありません", "「{text}」 is {what_en}"), remedy)
}

/// As the signer saw it: a break within the cell is a space.
pub(crate) fn text(text: &str) -> Result<String, Refusal> {
    let seen = seen(text);
    if seen.is_empty() {
        return refuse(
            sentence!("目に見える文字がありません", "the text holds nothing that can be seen"),
            sentence!("文字でご記入ください", "write it in letters"),
        );
    }
    Ok(seen)
}

pub fn katakana(text: &str) -> Result<String, Refusal> {
    let hiragana_or_kanji = |c: char| matches!(c, '\u{3041}'..='\u{3096}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    if text.chars().any(hiragana_or_kanji) {
        let remedy = sentence!("読みをカタカナでご記入ください", "write the reading in katakana");
        return is_no(text, "カタカナ", "not katakana", remedy);
    }
    self::text(text)
}

/// Name of a payer as banks write it, in half-width kana.
pub fn payer_kana(text: &str) -> Result<String, Refusal> {
    bank_text(text).map_err(|bad| {
        let problem = sentence!(
            "「{bad}」は振込の名義に使えない文字です",
            "「{bad}」 cannot stand in a bank transfer",
        );
        let remedy = sentence!(
            "振込時の名義をｶ)ｱﾙﾌｱのように半角カナでご記入ください",
            "write the name as the bank transfers it, such as ｶ)ｱﾙﾌｱ",
        );
        (problem, remedy)
    })
}

/// 法人番号: the first of 13 digits is 9 − (Σ Pn·Qn mod 9), where Pn counts the
/// other twelve from the right and Qn is 1 for odd n, 2 for even n
/// (平成26年財務省令70号 2条).
pub fn corporate_number(text: &str) -> Result<String, Refusal> {
    let number: String = narrow(text).chars().filter(|c| *c != '-' && *c != ' ').collect();
    // The registration number of an invoice issuer is the same behind a T.
    let number = number.strip_prefix(['T', 't']).map_or(number.clone(), str::to_owned);
    if number.len() != 13 || !number.bytes().all(|b| b.is_ascii_digit()) {
        let remedy =
            sentence!("法人番号13桁をご記入ください", "write the 13 digits of the 法人番号");
        return is_no(text, "13桁の数字", "not 13 digits", remedy);
    }
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    let weighted = digits[1..].iter().rev().zip([1, 2].into_iter().cycle());
    let check = 9 - weighted.map(|(digit, weight)| digit * weight).sum::<u32>() % 9;
    if digits[0] != check {
        let first = digits[0];
        return refuse(
            sentence!(
                "{number}の検査数字が合いません",
                "the check digit of {number} is {first}, it should be {check}",
            ),
            sentence!(
                "法人番号公表サイトの番号と照らし合わせてください",
                "compare with 法人番号公表サイト and write it again",
            ),
        );
    }
    Ok(number)
}

/// `NNN-NNNN`; seven digits without the dash are read as well.
pub fn postal_code(text: &str) -> Result<String, Refusal> {
    let code = narrow(text);
    let digits: String = code.chars().filter(|c| *c != '〒' && *c != '-' && *c != ' ').collect();
    if digits.len() != 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let remedy = sentence!(
            "セルを文字列にして123-4567の形でご記入ください",
            "write NNN-NNNN as text, so that Excel keeps a leading 0",
        );
        return is_no(text, "郵便番号", "no postal code", remedy);
    }
    Ok(format!("{}-{}", &digits[..3], &digits[3..]))
}

pub fn mail_address(text: &str) -> Result<String, Refusal> {
    let address = narrow_mail(text);
    let plain = address.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&b));
    let parts = address.split_once('@').filter(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && domain.split('.').all(|label| !label.is_empty())
    });
    if !plain || parts.is_none() {
        let remedy =
            sentence!("name@example.jpの形でご記入ください", "write one such as name@example.jp");
        return is_no(text, "メールアドレス", "no mail address", remedy);
    }
    Ok(address)
}

/// Unlike [`narrow`], a dash of another kind stays and is refused: it would
/// make another address.
fn narrow_mail(text: &str) -> String {
    text.replace('＠', "@").replace('．', ".")
}

pub fn phone(text: &str) -> Result<String, Refusal> {
    let number = narrow(text);
    let legal = number.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let begins = number.trim_start_matches('(').starts_with(['0', '+']);
    if !legal || !begins || !(10..=15).contains(&digits) {
        let remedy = sentence!(
            "セルを文字列にして03-1234-5678のように0からご記入ください",
            "write it as text from its leading 0, such as 03-1234-5678",
        );
        return is_no(text, "電話番号", "no telephone number", remedy);
    }
    Ok(number)
}

pub(crate) fn day(text: &str) -> Result<Day, Refusal> {
    let Some(day) = read_day(text) else {
        let remedy = sentence!(
            "2026-04-01または令和8年4月1日の形でご記入ください",
            "write a day such as 2026-04-01 or 令和8年4月1日",
        );
        return is_no(text, "日付", "no day", remedy);
    };
    Ok(day)
}

pub(crate) fn payment_method(text: &str) -> Result<PaymentMethod, Refusal> {
    match text {
        "請求書払い" => Ok(PaymentMethod::Transfer),
        "口座振替" => Ok(PaymentMethod::Debit),
        _ => {
            let remedy =
                sentence!("請求書払いか口座振替をお選びください", "choose 請求書払い or 口座振替");
            is_no(text, "支払方法", "no way to pay", remedy)
        }
    }
}

/// 翌月末日, 翌々月末日, 翌月N日 or 翌々月N日.
pub(crate) fn due_rule(text: &str) -> Result<DueRule, Refusal> {
    let wanted = narrow(text).replace(' ', "");
    let (months_after, rest) = match wanted.strip_prefix("翌々月") {
        Some(rest) => (2, Some(rest)),
        None => (1, wanted.strip_prefix("翌月")),
    };
    let number = rest.and_then(|rest| rest.strip_suffix('日'));
    match number.map(|number| (number, number.parse::<u32>())) {
        Some(("末", _)) => Ok(DueRule { months_after, day: None }),
        Some((_, Ok(day))) if (1..=31).contains(&day) => {
            Ok(DueRule { months_after, day: Some(day) })
        }
        _ => {
            let remedy = sentence!(
                "翌月末日、翌々月末日または翌月N日とご記入ください",
                "write 翌月末日, 翌々月末日 or 翌月N日",
            );
            is_no(text, "支払期日", "no due date", remedy)
        }
    }
}

/// Only new applications: a change or a cancellation has a form of its own.
pub(crate) fn application_kind(text: &str) -> Result<(), Refusal> {
    match text {
        "新規" => Ok(()),
        _ => {
            let remedy = sentence!("新規をお選びください", "choose 新規");
            is_no(text, "この様式の種別", "no kind of this form", remedy)
        }
    }
}

pub(crate) fn service(text: &str) -> Result<Service, Refusal> {
    let name: String = narrow(text).chars().filter(|c| *c != ' ').collect();
    match name.as_str() {
        "SDPF" => Ok(Service::Sdpf),
        "SDPFサポ-トサ-ビス" | "SDPF_SUPPORT" => Ok(Service::SdpfSupport),
        _ => {
            let remedy = sentence!(
                "SDPFかSDPFサポートサービスをお選びください",
                "choose SDPF or SDPFサポートサービス",
            );
            is_no(text, "サービス", "no service", remedy)
        }
    }
}

/// A whole number of at least one.
pub(crate) fn count(text: &str) -> Result<u32, Refusal> {
    let number = plain_digits(text).and_then(|digits| digits.parse().ok());
    match number {
        Some(count) if count > 0 => Ok(count),
        _ => {
            let remedy = sentence!("2のように数字でご記入ください", "write digits such as 2");
            is_no(text, "1以上の整数", "no whole number from 1", remedy)
        }
    }
}

/// Whole yen, not negative; separators and 円 may stand with them.
pub(crate) fn yen(text: &str) -> Result<Yen, Refusal> {
    let bare = narrow(text).replace(',', "");
    let bare = bare.trim_start_matches(['¥', '￥', '\\']).trim_end_matches('円').to_owned();
    match plain_digits(&bare).and_then(|digits| digits.parse().ok()) {
        // A million of them still add up.
        Some(amount) if Yen(amount) > LARGEST_AMOUNT => {
            let problem = sentence!(
                "「{text}」は{LARGEST_AMOUNT}円を超えています",
                "「{text}」 is more than {LARGEST_AMOUNT} yen",
            );
            refuse(problem, sentence!("金額をお確かめください", "compare the amount"))
        }
        Some(amount) => Ok(Yen(amount)),
        None => {
            let remedy =
                sentence!("50000のように数字でご記入ください", "write digits such as 50000");
            is_no(text, "円単位の金額", "no amount in whole yen", remedy)
        }
    }
}

/// As [`yen`], and perhaps less than nothing: `-1000`, `△1,000` or `▲1,000`.
pub(crate) fn signed_yen(text: &str) -> Result<Yen, Refusal> {
    let bare = narrow(text);
    match bare.trim_start().strip_prefix(['-', '−', '△', '▲']) {
        Some(amount) => yen(amount).map(|amount| -amount),
        None => yen(text),
    }
}

fn plain_digits(text: &str) -> Option<String> {
    let digits = narrow(text).trim().to_owned();
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then_some(digits)
}

pub(crate) fn json(text: &str) -> Result<serde_json::Value, Refusal> {
    serde_json::from_str(text).map_err(|error| {
        let remedy = sentence!(
            "数値、true、falseまたは引用符で囲んだ文字列でご記入ください",
            "write a JSON value: a number, true, false, or a text in \"quotes\"",
        );
        let problem = sentence!(
            "「{text}」はJSONの値ではありません",
            "「{text}」 is no JSON value ({error})",
        );
        (problem, remedy)
    })
}

/// ○ for yes; an empty cell means no.
pub(crate) fn mark(text: &str) -> Result<bool, Refusal> {
    match text {
        "○" | "◯" | "〇" | "true" => Ok(true),
        "false" => Ok(false),
        _ => {
            let remedy =
                sentence!("○を付けるか空欄にしてください", "write ○ or leave the cell empty");
            is_no(text, "○印", "no mark", remedy)
        }
    }
}
