//! The content of the documents: plain data, already decided elsewhere.

mod credit_note;
mod erasure;
mod invoice;
mod notice;
mod order;
mod quotation;
mod receipt;

use reckon::{Day, Yen};
use serde::{Deserialize, Serialize};

pub use credit_note::CreditNote;
pub use erasure::{ErasedItem, ErasureCertificate, KeptItem};
pub use invoice::{BankAccount, InterestLine, Invoice, InvoiceKind, InvoiceLine, RateSummary};
pub use notice::{NoticePaper, Particular};
pub use order::{ChangeOfContract, OrderAcceptance, OrderLine, SpecialTerm};
pub use quotation::{Quotation, QuotationLine};
pub use receipt::{Counting, Deemed, NoticeCharge, ReceiptNotice, Unpaid};

/// A document to render.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// 申込請書.
    OrderAcceptance(OrderAcceptance),
    /// 請求書, or 延滞利息請求書 by its kind.
    Invoice(Invoice),
    /// 返還請求書.
    CreditNote(CreditNote),
    /// 解約申込書受領通知書.
    ReceiptNotice(ReceiptNotice),
    /// 消去証明書.
    ErasureCertificate(ErasureCertificate),
    /// 見積書.
    Quotation(Quotation),
    /// 通知書.
    Notice(NoticePaper),
}

impl Document {
    /// The title as printed and as in the metadata of the PDF.
    pub fn title(&self) -> &'static str {
        match self {
            Document::OrderAcceptance(_) => "申込請書",
            Document::Invoice(invoice) => invoice.kind.title(),
            Document::CreditNote(_) => "返還請求書",
            Document::ReceiptNotice(_) => "解約申込書受領通知書",
            Document::ErasureCertificate(_) => "消去証明書",
            Document::Quotation(_) => "見積書",
            Document::Notice(_) => "通知書",
        }
    }

    /// What stands at the head of every document.
    pub fn head(&self) -> &Letterhead {
        match self {
            Document::OrderAcceptance(order) => &order.head,
            Document::Invoice(invoice) => &invoice.head,
            Document::CreditNote(note) => &note.head,
            Document::ReceiptNotice(notice) => &notice.head,
            Document::ErasureCertificate(certificate) => &certificate.head,
            Document::Quotation(quotation) => &quotation.head,
            Document::Notice(notice) => &notice.head,
        }
    }
}

/// The head of a document: which one, of when, from whom, to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// Number of the document; stands on every page.
    pub number: String,
    /// Day of the document, and creation date of the PDF.
    pub date: Day,
    pub issuer: Issuer,
    pub customer: Addressee,
    /// The terms whose clauses the document cites.
    pub terms: TermsName,
}

/// The company that sends the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    pub name: String,
    /// Title and name of who represents the company, as one line.
    #[serde(default)]
    pub representative: Option<String>,
    /// `100-0001`, without 〒.
    pub postal_code: String,
    pub address: String,
    pub phone: String,
    #[serde(default)]
    pub mail: Option<String>,
    /// 登録番号 of a qualified invoice issuer: `T` and 13 digits.
    pub registration_number: String,
}

/// The company to which the document goes, placed for a window envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    pub postal_code: String,
    pub address: String,
    pub name: String,
    /// Word after the name: 御中, or empty when `attention` has its own 様.
    pub honorific: String,
    /// Department or person, printed as it is below the name.
    #[serde(default)]
    pub attention: Option<String>,
}

/// Name and version of the terms (約款).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsName {
    pub name: String,
    /// As it is called: `2026年4月1日版`.
    pub version: String,
}

/// A remark with the clauses on which it rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Short heading, such as 振込手数料.
    #[serde(default)]
    pub label: Option<String>,
    pub text: String,
    /// Clauses such as `25-1`.
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// A period of days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRange {
    pub from: Day,
    pub to: Day,
}

/// An amount without its tax, the tax, and both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taxed {
    pub net: Yen,
    pub tax: Yen,
    pub gross: Yen,
}
