//! 23-1: usage as the upstream counted it.

use reckon::Decimal;

use crate::declare::prelude::*;

/// What a usage file added for one account (23-1).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UsageImported {
    pub file: String,
    /// With what the names of its segments begin: one a contract.
    pub segment: String,
    /// Of the file, as it came.
    pub sha256: String,
    pub accepted: u64,
    pub refused: u64,
    pub totals: Vec<UsageTotal>,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UsageTotal {
    pub contract: ContractId,
    pub line: u32,
    pub resource: String,
    pub item: String,
    /// The upstream's fee month (UTC).
    pub month: Month,
    pub quantity: Decimal,
}

impl Entry for UsageImported {
    const NAME: &'static str = "usage_imported";
    const CLAUSES: &'static [&'static str] = &["23-1", "24-1"];
    const TITLE: Words = Words::new("利用実績の取込み", "usage imported");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let (file, accepted, refused) = (&self.file, self.accepted, self.refused);
        say!(
            l,
            "利用実績ファイル{file}を取込み（採用{accepted}行、不採用{refused}行）",
            "usage file {file} imported ({accepted} rows accepted, {refused} refused)"
        )
    }
}
