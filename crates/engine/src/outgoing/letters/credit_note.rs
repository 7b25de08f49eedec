//! 返還請求書, which goes with a mail that says why an invoice is lowered.

mod paper;

use contract::declare::fact::{CreditNote, CreditNoteSent};
use reckon::Yen;
use typeset::Document;

use self::paper::{CreditReason, credit_reason};
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreditNoteMail {
    pub number: String,
}

impl Outgoing for CreditNoteMail {
    const OF: Of = Of::mail(
        "credit-note-",
        Words::new("返還請求書", "credit note"),
        Object::CreditNote,
        &[Role::Billing, Role::ContractApprover],
    );

    fn asked(asked: Asked<'_>) -> Option<CreditNoteMail> {
        let Fact::CreditNoteIssued(note) = asked.fact()? else { return None };
        Some(CreditNoteMail { number: note.number.clone() })
    }

    fn about(&self) -> &str {
        &self.number
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        state.credit_notes.contains_key(&self.number)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        Some(Fact::CreditNoteSent(CreditNoteSent { number: self.number.clone(), message_id }))
    }
}

impl Letter for CreditNoteMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let (state, number) = (desk.state, &self.number);
        let missing = || {
            EngineError::Refused(sentence!(
                "返還請求書{number}はありません。",
                "there is no credit note {number}"
            ))
        };
        let note = state.credit_notes.get(number).ok_or_else(missing)?;
        let id = note.contract().cloned().ok_or_else(missing)?;
        let receivable = state.receivables.get(&note.invoice).ok_or_else(missing)?;
        let reached = desk.reach_billing(&id).await?;
        let paper = paper::credit_note(desk.sender(), state, note).ok_or_else(missing)?;
        let attachment = format!("返還請求書_{number}.pdf");
        let text = text(note, receivable.outstanding, receivable.due, &attachment);
        let draft = reached.draft_of_money(state, note.issued_on, text);
        Ok(draft.with(attachment, Document::CreditNote(paper)))
    }
}

/// With what is left to pay of the invoice, once it is lowered, and by when.
fn text(note: &CreditNote, outstanding: Yen, due: Day, attachment: &str) -> Wording {
    let left = match outstanding.is_positive() {
        true => format!(
            "減額後の未払額は{}です。お支払期日（{}）に変更はありません。",
            yen(outstanding, Language::Japanese),
            written_day(due)
        ),
        false => "減額後のお支払いは不要です。お支払済みの金額のうち減額分は当社でお預かりし、次回以降のご請求と相殺するか、お返しします。"
            .to_owned(),
    };
    let CreditNote { number, invoice, .. } = note;
    let (subject, reason) = match credit_reason(note) {
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
    let invoice_issued_on = written_day(note.invoice_issued_on);
    Wording {
        subject: format!("【返還請求書】{subject}（{number}）"),
        greeting: TO_CUSTOMER,
        paragraphs: vec![reason, left],
        records: vec![
            ("返還請求書番号", number.clone()),
            ("発行日", written_day(note.issued_on)),
            ("対象の請求書", format!("{invoice}（{invoice_issued_on}発行）")),
            ("減額する金額", format!("{}（税込）", yen(-note.total, Language::Japanese))),
            ("添付", format!("返還請求書（{attachment}）")),
        ],
        remarks: vec!["請求書と返還請求書は、あわせて保存してください。".to_owned()],
    }
}
