//! 請求書 and 延滞利息請求書 (Articles 24 to 26).

pub(super) mod paper;

use contract::PaymentMethod;
use contract::declare::fact::InvoiceSent;
use contract::money::invoice::{Invoice, InvoiceKind};
use reckon::Yen;

use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoiceMail {
    pub number: String,
}

impl Outgoing for InvoiceMail {
    const OF: Of = Of {
        of_money: Some(""),
        ..Of::mail(
            "invoice-",
            Words::new("請求書", "invoice"),
            Object::Invoice,
            &[Role::Billing, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<InvoiceMail> {
        let Fact::InvoiceIssued(invoice) = asked.fact()? else { return None };
        Some(InvoiceMail { number: invoice.number.clone() })
    }

    fn about(&self) -> &str {
        &self.number
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        state.receivables.contains_key(&self.number)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        Some(Fact::InvoiceSent(InvoiceSent { number: self.number.clone(), message_id }))
    }
}

impl Letter for InvoiceMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let (state, number) = (desk.state, &self.number);
        let missing = || {
            EngineError::Refused(sentence!(
                "請求書{number}はありません。",
                "there is no invoice {number}"
            ))
        };
        let invoice = &state.receivables.get(number).ok_or_else(missing)?.invoice;
        let id = invoice.contracts().first().map(|id| (*id).clone()).ok_or_else(missing)?;
        let reached = desk.reach_billing(&id).await?;
        let paper = paper::invoice(desk.sender(), state, number).ok_or_else(missing)?;
        let attachment = format!("{}_{number}.pdf", paper.title());
        let method = reached.contract.form.payment.method;
        let text = match invoice.kind {
            InvoiceKind::LateInterest => {
                let late = state.receivables.get(&invoice.lines[0].charge.key.resource);
                let due = late.map_or(invoice.due, |receivable| receivable.due);
                let paid_on = late.and_then(|receivable| receivable.paid_on);
                let late = Late { due, paid_on: paid_on.unwrap_or(invoice.issued_on) };
                late_interest_text(invoice, late, method, &attachment)
            }
            _ => text(invoice, method, &attachment),
        };
        Ok(reached.draft_of_money(state, invoice.issued_on, text).with(attachment, paper))
    }
}

pub(super) fn text(invoice: &Invoice, method: PaymentMethod, attachment: &str) -> Wording {
    let tax: Yen = invoice.tax_groups.iter().map(|group| group.tax).sum();
    let (total, tax) = (yen(invoice.total, Language::Japanese), yen(tax, Language::Japanese));
    let month = format!("{}年{}月", invoice.month.year(), invoice.month.number());
    Wording {
        subject: format!("【請求書】{month}分のご請求（{}）", invoice.number),
        greeting: TO_CUSTOMER,
        paragraphs: vec![format!(
            "{month}分のご利用について、請求書をお送りします。ご確認のうえ、{}",
            asked(method)
        )],
        records: vec![
            ("請求書番号", invoice.number.clone()),
            ("発行日", written_day(invoice.issued_on)),
            ("ご請求額", format!("{total}（うち消費税等 {tax}）")),
            ("お支払期日", written_day(invoice.due)),
            ("添付", format!("請求書（{attachment}）")),
        ],
        remarks: remarks(method),
    }
}

/// Of the invoice that was paid late: its due date and the day of payment.
pub(super) struct Late {
    pub due: Day,
    pub paid_on: Day,
}

pub(super) fn late_interest_text(
    invoice: &Invoice,
    late: Late,
    method: PaymentMethod,
    attachment: &str,
) -> Wording {
    let charge = &invoice.lines[0].charge;
    let paid_late = &charge.key.resource;
    let mut remarks = remarks(method);
    remarks.push("延滞利息に消費税は加算しておりません。".to_owned());
    Wording {
        subject: format!("【請求書】延滞利息のご請求（{}）", invoice.number),
        greeting: TO_CUSTOMER,
        paragraphs: vec![format!(
            "請求書{paid_late}のお支払いが期日の後となりましたため、延滞利息（第26条第1項）の請求書をお送りします。{}",
            asked(method)
        )],
        records: vec![
            ("請求書番号", invoice.number.clone()),
            ("発行日", written_day(invoice.issued_on)),
            ("対象の請求書", paid_late.clone()),
            ("対象の期日", written_day(late.due)),
            ("ご入金日", written_day(late.paid_on)),
            ("延滞利息", yen(invoice.total, Language::Japanese)),
            ("計算", charge.because.arithmetic(Language::Japanese).join("\n")),
            ("お支払期日", written_day(invoice.due)),
            ("添付", format!("請求書（{attachment}）")),
        ],
        remarks,
    }
}

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
    let remark = match method {
        PaymentMethod::Transfer => "振込手数料は貴社にてご負担ください（第25条第1項）。",
        //
        PaymentMethod::Debit => {
            "口座振替を当社が手配するまで、お支払いの遅れとしては扱いません（第25条第1項第1号）。"
        }
    };
    vec![remark.to_owned()]
}
