//! The frame of a Japanese business mail: 宛名, 挨拶, 記, 以上, 署名.

use serde::Serialize;

use crate::wording::columns::{padded, width};

/// A letter, ready to be put into a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterText {
    pub subject: String,
    pub body: String,
}

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addressee {
    pub company: String,
    /// May be empty.
    pub department: String,
    /// Without 様; a letter to nobody in particular goes to ご担当者様.
    pub person: String,
}

/// Who signs, and how the signer is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    pub company: String,
    pub department: String,
    pub mail: String,
    pub phone: String,
}

/// What one letter says between the address and the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    pub subject: String,
    pub greeting: &'static str,
    pub paragraphs: Vec<String>,
    /// The particulars under 記.
    pub records: Vec<(&'static str, String)>,
    /// Remarks after the particulars.
    pub remarks: Vec<String>,
}

/// To a party with which there is a contract.
pub const TO_CUSTOMER: &str = "平素より格別のお引き立てを賜り、誠にありがとうございます。";
/// To an applicant.
pub const TO_APPLICANT: &str = "このたびはお申し込みをいただき、誠にありがとうございます。";
/// Where thanks would be out of place.
pub const PLAIN: &str = "突然のご連絡にて失礼いたします。";

const RULE: &str = "----------------------------------------";
const CENTRE: &str = "　　　　　　　　　　";

impl Wording {
    /// To somebody, and signed.
    pub fn written(self, to: &Addressee, from: &Signature) -> LetterText {
        let mut blocks = vec![addressee(to), greeting(self.greeting, from)];
        blocks.extend(self.paragraphs.iter().cloned());
        blocks.push(format!("{CENTRE}記"));
        blocks.push(records(&self.records));
        blocks.extend(self.remarks.iter().map(|remark| format!("※ {remark}")));
        blocks.push(format!("{CENTRE}{CENTRE}以上"));
        blocks.push(signature(from));
        LetterText { subject: self.subject, body: blocks.join("\n\n") + "\n" }
    }
}

fn addressee(to: &Addressee) -> String {
    let Addressee { company, department, person } = to;
    let person = if person.is_empty() { "ご担当者" } else { person };
    let person = format!("{person} 様");
    let lines = [company.as_str(), department, &person];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn greeting(greeting: &str, from: &Signature) -> String {
    let Signature { company, department, .. } = from;
    let sender = [company.as_str(), department].join(" ");
    format!("{greeting}\n{}でございます。", sender.trim_end())
}

fn signature(from: &Signature) -> String {
    let Signature { company, department, mail, phone } = from;
    let contact = format!("メール：{mail}\n電話　：{phone}");
    let lines = [RULE, company, department, &contact, RULE];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Labels of one width; further lines of a value stand under its first.
fn records(records: &[(&'static str, String)]) -> String {
    let widest = records.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    let line = |(label, value): &(&str, String)| {
        let under = format!("\n{}", " ".repeat(widest + 4));
        format!("{}：{}", padded(&format!("・{label}"), widest + 2), value.replace('\n', &under))
    };
    records.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `16-1(2)` as a letter cites it: 第16条第1項第2号.
pub fn cited(clause: &str) -> String {
    let Some((article, rest)) = clause.split_once('-') else { return format!("第{clause}条") };
    let (paragraph, item) = match rest.split_once('(') {
        Some((paragraph, item)) => (paragraph, item.split(')').next()),
        None => (rest, None),
    };
    let paragraph = paragraph.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let item = item.map(|item| format!("第{item}号")).unwrap_or_default();
    format!("第{article}条第{paragraph}項{item}")
}

#[cfg(test)]
mod tests {
    use super::cited;

    #[test]
    fn clauses_are_cited_in_full() {
        assert_eq!(cited("16-1(2)"), "第16条第1項第2号");
        assert_eq!(cited("9-4"), "第9条第4項");
        assert_eq!(cited("13-1b"), "第13条第1項");
    }
}
