//! 23-1: usage as the upstream counted it.

use std::collections::BTreeSet;

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
    /// Rows that count: each adds its quantity, or the difference to what it replaces.
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
    /// Negative where rows correct or replace what was counted before.
    pub quantity: Decimal,
    /// Which time its rows are of, together; older records do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<UsageTime>,
    /// Imports of which its rows replace or correct some: they stand while it does.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rests_on: BTreeSet<String>,
}

/// From the beginning of the first interval to the end of the last.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct UsageTime {
    pub from: Moment,
    /// Exclusive.
    pub to: Moment,
}

impl UsageTotal {
    /// Whether a row of it may be of a time.
    pub fn may_touch(&self, from: Moment, to: Moment) -> bool {
        match self.time {
            Some(time) => time.from < to && from < time.to,
            // Its month in UTC, and what begins in it.
            None => {
                let (first, last) = (self.month.first_day(), self.month.plus(1).last_day());
                Moment::start_of(first) <= to && from <= Moment::end_of(last)
            }
        }
    }
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
