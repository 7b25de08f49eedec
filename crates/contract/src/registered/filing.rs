//! Filed documents: papers and files received or sent, found again by day,
//! counterparty and amount as 電子帳簿保存法施行規則 4条 asks for. The bytes are
//! sealed elsewhere; what stands here is what they are searched by.

use crate::declare::prelude::*;
use crate::declare::sealed::File;

#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct FiledDocument {
    /// The bytes, in a row of their own.
    pub document: Sealed<File>,
    pub kind: DocumentKind,
    /// The day of the transaction (取引年月日).
    pub dated: Day,
    pub counterparty: String,
    /// With tax; none where the document states none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Yen>,
    /// The application, contract, quotation or invoice that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Where the paper original is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// What shows when it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<ArrivalEvidence>,
}

/// How the arrival of a document can be shown.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct ArrivalEvidence {
    pub at: Moment,
    /// Number on the receipt stamp (受付印).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<String>,
    /// Number of the delivery record (配達記録).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 12] = [
        DocumentKind::Quotation,
        DocumentKind::PurchaseOrder,
        DocumentKind::ApplicationForm,
        DocumentKind::OrderAcceptance,
        DocumentKind::Agreement,
        DocumentKind::ChangeNotice,
        DocumentKind::CancellationForm,
        DocumentKind::Invoice,
        DocumentKind::CreditNote,
        DocumentKind::CheckReport,
        DocumentKind::Letter,
        DocumentKind::Other,
    ];

    /// What somebody must hold to find a paper of this kind, or to see it.
    pub fn asks(self) -> Permission {
        match self {
            DocumentKind::Invoice | DocumentKind::CreditNote => Permission::ReadMoney,
            _ => Permission::ReadPersonal,
        }
    }
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 見積書.
    Quotation,
    /// 発注書.
    PurchaseOrder,
    /// 申込書.
    ApplicationForm,
    /// 申込請書.
    OrderAcceptance,
    /// 契約書・覚書.
    Agreement,
    /// 登録内容の変更届.
    ChangeNotice,
    /// 解約申込書.
    CancellationForm,
    /// 請求書.
    Invoice,
    /// 返還請求書.
    CreditNote,
    /// 調査報告 on a company.
    CheckReport,
    Letter,
    Other,
}

impl Entry for FiledDocument {
    const NAME: &'static str = "document_filed";
    const CLAUSES: &'static [&'static str] = &["9-2"];
    const TITLE: Words = Words::new("書類の保存", "document filed");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);

    fn stream(&self) -> Stream {
        Stream::Company
    }

    fn line(&self, l: Reader) -> String {
        let (kind, on, party) = (names::document(self.kind, l), self.dated, &self.counterparty);
        say!(l, "{kind}（{on}、{party}）を保存", "{kind} of {on} filed ({party})")
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        let contract = self.about.as_ref().filter(|about| about.starts_with("K-"));
        let of = contract.map(|id| ContractId(id.clone()));
        vec![Mark::Paper { folder: Folder::Filed, of, document: &mut self.document }]
    }
}
