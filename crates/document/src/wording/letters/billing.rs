//! Letters of Articles 24 to 26: invoices and late interest.

use contract::PaymentMethod;
use contract::declare::reason::Because;
use reckon::{Day, Month, Yen};
use serde::Serialize;

use super::frame::{Addressee, Letter, LetterText, Signature, TO_CUSTOMER};
use crate::wording::Language;
use crate::wording::figures::{written_day, yen};

/// Goes with an invoice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InvoiceLetter {
    pub to: Addressee,
    pub from: Signature,
    pub number: String,
    /// The last service month that it charges.
    pub month: Month,
    pub issued_on: Day,
    /// With tax.
    pub total: Yen,
    pub tax: Yen,
    pub due: Day,
    pub method: PaymentMethod,
    pub attachment: String,
}

/// Goes with an invoice of late interest (26-1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LateInterestLetter {
    pub to: Addressee,
    pub from: Signature,
    pub number: String,
    pub issued_on: Day,
    /// The invoice that was paid late, its due date and the day of payment.
    pub late_invoice: String,
    pub late_due: Day,
    pub paid_on: Day,
    pub amount: Yen,
    /// The reason of the charge: its arithmetic stands in the letter.
    pub because: Because,
    pub due: Day,
    pub method: PaymentMethod,
    pub attachment: String,
}

pub fn invoice_mail(data: &InvoiceLetter) -> LetterText {
    let (total, tax) = (yen(data.total, Language::Japanese), yen(data.tax, Language::Japanese));
    let month = written_month(data.month);
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【請求書】{month}分のご請求（{}）", data.number),
        greeting: TO_CUSTOMER,
        paragraphs: vec![format!(
            "{month}分のご利用について、請求書をお送りします。ご確認のうえ、{}",
            asked(data.method)
        )],
        records: vec![
            ("請求書番号", data.number.clone()),
            ("発行日", written_day(data.issued_on)),
            ("ご請求額", format!("{total}（うち消費税等 {tax}）")),
            ("お支払期日", written_day(data.due)),
            ("添付", format!("請求書（{}）", data.attachment)),
        ],
        remarks: remarks(data.method),
    }
    .written()
}

pub fn late_interest_invoice_mail(data: &LateInterestLetter) -> LetterText {
    let amount = yen(data.amount, Language::Japanese);
    let mut remarks = remarks(data.method);
    remarks.push("延滞利息に消費税は加算しておりません。".to_owned());
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【請求書】延滞利息のご請求（{}）", data.number),
        greeting: TO_CUSTOMER,
        paragraphs: vec![format!(
            "請求書{}のお支払いが期日の後となりましたため、延滞利息（第26条第1項）の請求書をお送りします。{}",
            data.late_invoice,
            asked(data.method)
        )],
        records: vec![
            ("請求書番号", data.number.clone()),
            ("発行日", written_day(data.issued_on)),
            ("対象の請求書", data.late_invoice.clone()),
            ("対象の期日", written_day(data.late_due)),
            ("ご入金日", written_day(data.paid_on)),
            ("延滞利息", amount),
            ("計算", data.because.arithmetic(Language::Japanese).join("\n")),
            ("お支払期日", written_day(data.due)),
            ("添付", format!("請求書（{}）", data.attachment)),
        ],
        remarks,
    }
    .written()
}

fn written_month(month: Month) -> String {
    format!("{}年{}月", month.year(), month.number())
}

///
const WITHOUT_DEBIT: &str =
    "口座振替を当社が手配するまで、お支払いの遅れとしては扱いません（第25条第1項第1号）。";

fn asked(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Transfer => "下記の期日までにお振り込みくださいますようお願いいたします。",
        // Nothing is announced that nobody has ordered.
        PaymentMethod::Debit => {
            "お支払いは口座振替です。振替日は、手続きが整いしだい、あらかじめお知らせします。"
        }
    }
}

fn remarks(method: PaymentMethod) -> Vec<String> {
    let fee = "振込手数料は貴社にてご負担ください（第25条第1項）。";
    match method {
        PaymentMethod::Transfer => vec![fee.to_owned()],
        PaymentMethod::Debit => vec![WITHOUT_DEBIT.to_owned()],
    }
}
