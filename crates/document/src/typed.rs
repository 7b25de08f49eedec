//! What was typed where an entry asks for a text that has a form of its own.

use contract::declare::door::TextForm;
use contract::declare::words::Sentence;
use contract::sentence;

use crate::field::{self, Refusal};

/// The text as the entry holds it.
///
/// # Errors
/// When it has another form, with what to write instead.
///
/// ```
/// use contract::declare::door::TextForm;
/// use document::typed;
/// assert_eq!(typed(TextForm::PostalCode, "1000001").unwrap(), "100-0001");
/// assert!(typed(TextForm::Mail, "nobody").is_err());
/// ```
pub fn typed(form: TextForm, text: &str) -> Result<String, Sentence> {
    let of = |read: Result<String, Refusal>, instead: Sentence| {
        read.ok().filter(|read| !read.is_empty()).ok_or(instead)
    };
    let bare = text.trim();
    match form {
        TextForm::Katakana => of(
            field::katakana(bare),
            sentence!(
                "フリガナを全角カタカナで入力してください。",
                "The reading is to be in katakana."
            ),
        ),
        TextForm::PayerKana => of(
            field::payer_kana(bare),
            sentence!(
                "振込名義を ｶ)ｱﾙﾌｱ のように、銀行の振込に使える文字で入力してください。",
                "The name of a payer has the letters that a bank transfer can have, as ｶ)ｱﾙﾌｱ.",
            ),
        ),
        TextForm::CorporateNumber => of(
            field::corporate_number(bare),
            sentence!(
                "法人番号13桁を入力してください。検査数字が合っているかも確かめてください。",
                "A corporate number has 13 digits, the first of which checks the others.",
            ),
        ),
        TextForm::PostalCode => of(
            field::postal_code(bare),
            sentence!(
                "郵便番号を 100-0001 のように入力してください。",
                "A postal code is to be as 100-0001.",
            ),
        ),
        TextForm::Mail => of(
            field::mail_address(bare),
            sentence!(
                "メールアドレスを name@example.jp のように入力してください。",
                "A mail address is to be as name@example.jp.",
            ),
        ),
        TextForm::Phone => of(
            field::phone(bare),
            sentence!(
                "電話番号を 03-1234-5678 のように、0 から入力してください。",
                "A phone number is to begin with 0, as 03-1234-5678.",
            ),
        ),
    }
}
