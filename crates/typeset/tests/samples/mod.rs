//! Documents of an invented company, for tests and for looking at.

mod invoices;
mod letters;

use reckon::{Day, Yen};
use typeset::{Addressee, DayRange, Document, Issuer, Letterhead, Note, Taxed, TermsName};

/// Every sample with the name of its file.
pub fn all() -> Vec<(&'static str, Document)> {
    vec![
        ("invoice_fee", invoices::fee()),
        ("invoice_forty_lines", invoices::forty_lines()),
        ("invoice_long_names", invoices::long_names()),
        ("invoice_zero_and_negative", invoices::zero_and_negative()),
        ("invoice_rare_characters", invoices::rare_characters()),
        ("invoice_early_termination", invoices::early_termination()),
        ("invoice_cost_recovery", invoices::cost_recovery()),
        ("late_interest_invoice", invoices::late_interest()),
        ("order_acceptance", letters::order_acceptance()),
        ("order_of_a_change", letters::order_of_a_change()),
        ("receipt_notice_deemed", letters::receipt_notice_deemed()),
        ("receipt_notice_plain", letters::receipt_notice_plain()),
        ("erasure_certificate", letters::erasure_certificate()),
        ("quotation", letters::quotation()),
        ("notice", letters::notice()),
    ]
}

#[allow(dead_code, reason = "not every test and the example asks for one alone")]
pub fn named(name: &str) -> Document {
    all().into_iter().find(|(n, _)| *n == name).map(|(_, document)| document).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn days(from: &str, to: &str) -> DayRange {
    DayRange { from: day(from), to: day(to) }
}

fn clauses(list: &[&str]) -> Vec<String> {
    list.iter().map(|clause| (*clause).to_owned()).collect()
}

fn taxed(net: i64, tax: i64) -> Taxed {
    Taxed { net: Yen(net), tax: Yen(tax), gross: Yen(net + tax) }
}

fn note(label: &str, text: &str, cited: &[&str]) -> Note {
    Note { label: Some(label.to_owned()), text: text.to_owned(), clauses: clauses(cited) }
}

fn head(number: &str, date: &str) -> Letterhead {
    Letterhead {
        number: number.to_owned(),
        date: day(date),
        issuer: Issuer {
            name: "株式会社みなとクラウド".to_owned(),
            representative: Some("代表取締役　湊　千尋".to_owned()),
            postal_code: "105-0011".to_owned(),
            address: "東京都港区芝公園九丁目8番7号 みなと第一ビル12階".to_owned(),
            phone: "03-0000-1234".to_owned(),
            mail: Some("keiri@minato-cloud.example".to_owned()),
            registration_number: "T1234567890123".to_owned(),
        },
        customer: Addressee {
            postal_code: "220-0012".to_owned(),
            address: "神奈川県横浜市西区みなとみらい九丁目1番1号".to_owned(),
            name: "青葉製作所株式会社".to_owned(),
            honorific: "御中".to_owned(),
            attention: Some("経理部　ご担当者様".to_owned()),
        },
        terms: TermsName {
            name: "SDPFサービス再販約款".to_owned(),
            version: "2026年4月1日版".to_owned(),
        },
    }
}
