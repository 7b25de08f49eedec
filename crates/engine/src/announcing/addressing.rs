//! To whom a notice goes: counted and listed before it leaves, and kept as it was approved.

use std::collections::BTreeMap;

use contract::ContractStatus;
use contract::declare::ids::{AccountId, ContractId};
use contract::notices::given::NoticeId;
use contract::road::state::version_on;
use reckon::{Day, Moment};
use serde_json::Value;

use super::audience::{Addressed, Audience};
use super::entries::addressed_chunk;
use crate::gates::intake::mail_address;
use crate::keeping::store::{ListPart, ViewRow};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// Rows of contracts that are read at a time.
const ROWS: u32 = 500;

/// Those to whom a notice would go, with their names.
pub(super) type Named = BTreeMap<AccountId, (String, Vec<ContractId>)>;

impl Engine {
    /// The customers whom an audience is made of now, by account.
    pub(super) async fn customers_of(
        &self,
        audience: &Audience,
        at: Moment,
    ) -> Result<Named, EngineError> {
        let mut found = Named::new();
        let account = match audience {
            Audience::Customer { account } => Some(account),
            _ => None,
        };
        if let Audience::Contract { contract } = audience {
            let row = self.store.view("contract", &contract.0).await?;
            for row in row.into_iter().filter(|row| has(audience, self, row, at)) {
                put(&mut found, row);
            }
            return Ok(found);
        }
        let mut after = String::new();
        loop {
            let part = ListPart { after: &after, account, limit: ROWS };
            let rows = self.store.views_part("contract", part).await?;
            let Some(last) = rows.last() else { return Ok(found) };
            after = last.id.clone();
            for row in rows.into_iter().filter(|row| has(audience, self, row, at)) {
                put(&mut found, row);
            }
        }
    }

    /// To whom a notice went: those of an earlier notice, who hear that it is withdrawn.
    pub(super) async fn customers_told(&self, notice: &NoticeId) -> Result<Named, EngineError> {
        let mut found = Named::new();
        let mut number = 0;
        while let Some(chunk) = addressed_chunk(&*self.store, notice, number).await? {
            number += 1;
            for Addressed { account, contracts } in chunk {
                let row = self.store.view("account", &account.0).await?;
                let name = row.and_then(|row| row.content["name"].as_str().map(str::to_owned));
                found.insert(account, (name.unwrap_or_default(), contracts));
            }
        }
        Ok(found)
    }

    /// Whether a mail about a contract has somewhere to go.
    pub(super) async fn can_be_mailed(
        &self,
        contracts: &[ContractId],
    ) -> Result<bool, EngineError> {
        for contract in contracts {
            if mail_address(&*self.store, contract).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn put(found: &mut Named, row: ViewRow) {
    let name = row.content["name"].as_str().unwrap_or_default().to_owned();
    let entry = found.entry(row.account).or_insert_with(|| (name, Vec::new()));
    entry.1.push(ContractId(row.id));
}

/// Whether a contract is of an audience.
fn has(audience: &Audience, engine: &Engine, row: &ViewRow, at: Moment) -> bool {
    let text = |name: &str| row.content[name].as_str().unwrap_or_default();
    let status: Option<ContractStatus> = serde_json::from_value(row.content["status"].clone()).ok();
    if matches!(status, None | Some(ContractStatus::Ended | ContractStatus::Erased)) {
        return false;
    }
    match audience {
        Audience::Contract { contract } => row.id == contract.0,
        Audience::Customer { account } => row.account == *account,
        Audience::Service { item } => {
            let lines = row.content["lines"].as_array();
            lines.is_some_and(|lines| lines.iter().any(|line| is_used(line, item, at.day())))
        }
        Audience::Version { version } => {
            let formed: Option<Moment> = text("formed_at").parse().ok();
            let formed = formed.map(Moment::day);
            formed.is_some_and(|formed| {
                version_on(&engine.law, formed, text("version"), at.day()) == *version
            })
        }
        Audience::All => true,
    }
}

/// Whether a line of a contract is for an item, and not over: one that is to be removed on a
/// later day is used until then.
fn is_used(line: &Value, item: &str, today: Day) -> bool {
    let last_day = line["removal"]["last_day"].as_str().and_then(|day| day.parse::<Day>().ok());
    line["item"] == item && last_day.is_none_or(|last_day| last_day >= today)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_removed_later_is_used_until_its_last_day() {
        let line = json!({ "item": "SP-STD", "removal": { "last_day": "2026-06-30" } });
        let day = |day: &str| day.parse::<Day>().unwrap();
        assert!(is_used(&line, "SP-STD", day("2026-06-30")));
        assert!(!is_used(&line, "SP-STD", day("2026-07-01")));
        assert!(!is_used(&line, "SV-4C16G", day("2026-06-30")));
        assert!(is_used(
            &json!({ "item": "SP-STD", "removal": null }),
            "SP-STD",
            day("2026-07-01")
        ));
    }
}
