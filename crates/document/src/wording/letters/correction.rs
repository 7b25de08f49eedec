//! Letters of corrections: a credit note, and what was agreed on a cancellation.

use reckon::{Day, Month, Yen};
use serde::Serialize;

use super::frame::{Addressee, Letter, LetterText, Signature, TO_CUSTOMER};
use crate::wording::Language;
use crate::wording::figures::{written_day, yen};

/// Why an invoice is lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum CreditReason {
    /// It charged what was not owed.
    WrongBill,
    /// What was owed is not asked for.
    Waiver,
    /// Some of it was not owed, some is not asked for.
    Both,
}

/// Goes with a credit note (返還請求書).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CreditNoteLetter {
    pub to: Addressee,
    pub from: Signature,
    pub number: String,
    pub reason: CreditReason,
    pub issued_on: Day,
    pub invoice: String,
    pub invoice_issued_on: Day,
    /// With tax, as a positive amount.
    pub amount: Yen,
    /// What is left to pay of the invoice, once it is lowered.
    pub outstanding: Yen,
    pub due: Day,
    pub attachment: String,
}

/// States the agreement that moves a cancellation, or ends it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgreementLetter {
    pub to: Addressee,
    pub from: Signature,
    pub contract: String,
    /// The paper with the customer's consent.
    pub document: String,
    /// The agreed last day; none when the contract goes on.
    pub last_day: Option<Day>,
    /// Where the contract goes on: the end of its present period, and up to when
    /// the next extension can be declined (13-1).
    pub period_to: Day,
    pub renewal_limit: Option<Day>,
}

pub fn credit_note_mail(data: &CreditNoteLetter) -> LetterText {
    let left = match data.outstanding.is_positive() {
        true => format!(
            "減額後の未払額は{}です。お支払期日（{}）に変更はありません。",
            yen(data.outstanding, Language::Japanese),
            written_day(data.due)
        ),
        false => "減額後のお支払いは不要です。お支払済みの金額のうち減額分は当社でお預かりし、次回以降のご請求と相殺するか、お返しします。"
            .to_owned(),
    };
    let invoice = &data.invoice;
    let (subject, reason) = match data.reason {
        CreditReason::WrongBill => (
            "ご請求額の訂正",
            format!(
                "お送りした請求書{invoice}のご請求額に誤りがありました。お詫びのうえ、返還請求書をお送りして減額いたします。"
            ),
        ),
        CreditReason::Waiver => (
            "ご請求の一部免除",
            format!(
                "請求書{invoice}のうち次の金額を、当社の判断によりご請求しないこととし、返還請求書をお送りして減額いたします。"
            ),
        ),
        CreditReason::Both => (
            "ご請求額の訂正と一部免除",
            format!(
                "請求書{invoice}のご請求額に誤りがあったこと、また一部をご請求しないこととしたことにより、返還請求書をお送りして減額いたします。誤りについてお詫びいたします。"
            ),
        ),
    };
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【返還請求書】{subject}（{}）", data.number),
        greeting: TO_CUSTOMER,
        paragraphs: vec![reason, left],
        records: vec![
            ("返還請求書番号", data.number.clone()),
            ("発行日", written_day(data.issued_on)),
            (
                "対象の請求書",
                format!("{}（{}発行）", data.invoice, written_day(data.invoice_issued_on)),
            ),
            ("減額する金額", format!("{}（税込）", yen(data.amount, Language::Japanese))),
            ("添付", format!("返還請求書（{}）", data.attachment)),
        ],
        remarks: vec!["請求書と返還請求書は、あわせて保存してください。".to_owned()],
    }
    .written()
}

pub fn agreement_notice(data: &AgreementLetter) -> LetterText {
    let mut records =
        vec![("契約番号", data.contract.clone()), ("合意の書面", data.document.clone())];
    let (subject, paragraph, remark) = match data.last_day {
        Some(day) => {
            let month = Month::of(day);
            records.push(("解除日", written_day(day)));
            records.push((
                "最終月の料金",
                format!("{}年{}月分まで全額", month.year(), month.number()),
            ));
            (
                "解除日を変更しました",
                format!("合意に基づき、利用契約の解除日を{}に変更しました。", written_day(day)),
                "さきにお送りした受領通知の解除日は、この通知の解除日に置き換わります。",
            )
        }
        None => {
            records.push(("利用期間の満了日", written_day(data.period_to)));
            if let Some(limit) = data.renewal_limit {
                records.push(("延長しない旨の申出の期限", written_day(limit)));
            }
            (
                "解除の撤回を承りました",
                "合意に基づき、解除の申込を撤回として取り扱います。利用契約は継続します。"
                    .to_owned(),
                "期限までに別段の意思表示がないときは、利用期間は自動的に延長されます（第13条第1項）。",
            )
        }
    };
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【通知】{subject}（契約番号 {}）", data.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![paragraph],
        records,
        remarks: vec![remark.to_owned()],
    }
    .written()
}
