//! 14-1: the use of a line begins, and its minimum term.

use crate::declare::prelude::*;

pub(crate) const START_DUE: Rule =
    Rule::new("start_due", 1, "提供開始の登録", "start to be registered")
        .clauses(&["14-1", "24-1"]);

#[derive(Serialize)]
pub(crate) struct Wished {
    pub wished: Day,
}

/// The use of a service line began.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ServiceStarted {
    pub contract: ContractId,
    pub line: u32,
    pub on: Day,
}

impl Entry for ServiceStarted {
    const NAME: &'static str = "service_started";
    const CLAUSES: &'static [&'static str] = &["14-1", "24-1"];
    const TITLE: Words = Words::new("サービスの利用開始", "service started");
    const BY: Option<Permission> = Some(Permission::RegisterOperation);

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let ServiceStarted { contract, line, on } = self;
        say!(
            l,
            "契約{contract}の明細{line}の利用を{on}に開始",
            "use of line {line} of contract {contract} began on {on}"
        )
    }
}

/// 14-1, for one service line.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MinimumTermSet {
    pub contract: ContractId,
    pub line: u32,
    pub from: Day,
    pub to: Day,
}

impl Following for MinimumTermSet {
    fn line(&self, l: Reader) -> String {
        let MinimumTermSet { line, from, to, .. } = self;
        say!(
            l,
            "明細{line}の最低利用期間は{from}〜{to}",
            "minimum term of line {line}: {from} to {to}"
        )
    }
}
