//! Letters of matters: what the customer is asked for (36-1).

use reckon::Day;
use serde::Serialize;

use super::frame::{Addressee, Letter, LetterText, Signature, TO_CUSTOMER};
use crate::wording::figures::written_day;

/// Asks the customer for information (情報提供のお願い).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InformationRequestLetter {
    pub to: Addressee,
    pub from: Signature,
    pub matter: String,
    pub contract: String,
    pub question: String,
    pub reply_by: Day,
}

pub fn information_request(data: &InformationRequestLetter) -> LetterText {
    let records = vec![
        ("契約番号", data.contract.clone()),
        ("案件番号", data.matter.clone()),
        ("お尋ねする内容", data.question.clone()),
        ("ご回答の期限", written_day(data.reply_by)),
    ];
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【お願い】情報のご提供について（案件番号 {}）", data.matter),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            "利用規約第36条第1項に基づき、次の情報のご提供をお願いいたします。".to_owned(),
        ],
        records,
        remarks: vec![
            "このメールに返信してお知らせください。ご提供いただけない正当な理由があるときは、その理由をお知らせください。".to_owned(),
        ],
    }
    .written()
}
