//! 3-1: a notice of the provider as a mail.

use super::frame::{Addressee, Letter, LetterText, Signature, TO_CUSTOMER, cited};

/// What a notice says, to one customer.
#[derive(Debug, Clone)]
pub struct NoticeLetter {
    pub to: Addressee,
    pub from: Signature,
    /// 通知番号.
    pub number: String,
    pub title: String,
    /// The sentence of its kind; may be empty.
    pub lead: String,
    /// What was written besides; may be empty.
    pub text: String,
    pub records: Vec<(&'static str, String)>,
    /// The clause that it serves.
    pub clause: String,
    /// Of a legal notice, the court of 6-1.
    pub court: Option<String>,
}

pub fn notice(data: &NoticeLetter) -> LetterText {
    let paragraphs = [&data.lead, &data.text].into_iter().filter(|text| !text.is_empty());
    let mut records = vec![("通知番号", data.number.clone())];
    records.extend(data.records.iter().cloned());
    let mut remarks = vec![format!("利用規約{}にもとづく通知です。", cited(&data.clause))];
    remarks.extend(data.court.as_ref().map(|court| {
        format!("本契約に関する訴訟は、{court}を専属的合意管轄裁判所とします（第6条第1項）。")
    }));
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【{}】{}", data.number, data.title),
        greeting: TO_CUSTOMER,
        paragraphs: paragraphs.cloned().collect(),
        records,
        remarks,
    }
    .written()
}
