//! 消去証明書: what was erased, what is kept, and until when.

use reckon::{Day, Moment};
use serde::{Deserialize, Serialize};

use super::{Letterhead, Note};

/// The certificate that the data of an ended contract is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureCertificate {
    pub head: Letterhead,
    pub contract_number: String,
    /// Day on which the contract ended.
    pub ended: Day,
    /// Clauses on which the erasure rests.
    #[serde(default)]
    pub clauses: Vec<String>,
    pub erased: Vec<ErasedItem>,
    #[serde(default)]
    pub kept: Vec<KeptItem>,
    /// Day on which the last backup with the data expires.
    #[serde(default)]
    pub last_backup_expires: Option<Day>,
    /// Records held as evidence, one per line, such as a log with its digest.
    #[serde(default)]
    pub evidence: Vec<String>,
    #[serde(default)]
    pub notes: Vec<Note>,
}

/// Data that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedItem {
    /// 区分.
    pub category: String,
    /// 件数.
    pub count: u64,
    /// Unit of the count, such as 件.
    pub unit: String,
    /// 方法.
    pub method: String,
    /// 実施日時.
    pub done_at: Moment,
    /// 実施者, a name.
    pub done_by: String,
    /// 承認者, a name: who approved it beforehand.
    pub approved_by: String,
}

/// Data that the law requires to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptItem {
    /// 区分.
    pub category: String,
    /// 根拠法令.
    pub law: String,
    /// 保存期限.
    pub until: Day,
}
