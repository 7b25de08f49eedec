//! Journal entries (仕訳) as CSV for the accountants' software.

use reckon::{Day, Yen};
use serde::{Deserialize, Serialize};

const HEADS: [&str; 8] =
    ["日付", "伝票番号", "借方科目", "貸方科目", "金額", "税区分", "摘要", "参照番号"];

/// One entry: one debit, one credit, one amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    pub date: Day,
    /// 伝票番号.
    pub number: String,
    /// 借方科目.
    pub debit: String,
    /// 貸方科目.
    pub credit: String,
    pub amount: Yen,
    /// 税区分, such as 課税売上10%.
    pub tax_class: String,
    /// 摘要.
    pub summary: String,
    /// What the entry follows from, such as the number of an invoice.
    pub reference: String,
}

/// Writes the journal: UTF-8 with a byte order mark (Excel needs it), CR LF,
/// amounts as digits without separators, days as `2026/04/01`.
///
/// ```
/// let bytes = document::write_journal(&[]);
/// let text = String::from_utf8(bytes).unwrap();
/// assert_eq!(text, "\u{FEFF}日付,伝票番号,借方科目,貸方科目,金額,税区分,摘要,参照番号\r\n");
/// ```
pub fn write_journal(entries: &[JournalEntry]) -> Vec<u8> {
    let mut text = String::from("\u{FEFF}");
    push_row(&mut text, &HEADS.map(str::to_owned));
    for entry in entries {
        push_row(
            &mut text,
            &[
                entry.date.strftime("%Y/%m/%d").to_string(),
                entry.number.clone(),
                entry.debit.clone(),
                entry.credit.clone(),
                entry.amount.0.to_string(),
                entry.tax_class.clone(),
                entry.summary.clone(),
                entry.reference.clone(),
            ],
        );
    }
    text.into_bytes()
}

fn push_row(text: &mut String, fields: &[String; 8]) {
    let quoted = fields.each_ref().map(|field| quoted(field));
    text.push_str(&quoted.join(","));
    text.push_str("\r\n");
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
