//! Parallel months (並行請求の照合): what the earlier way charged beside what the
//! terms say. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use contract::AccountState;
use contract::compare::{Compared, OldInvoice, OldLine, compare};
use contract::declare::ids::{AccountId, ContractId};
use contract::declare::words::Sentence;
use contract::money::invoice::ChargeKind;
use contract::sentence;
use document::wording::{self, Language};
use document::{ChargedInvoice, Fault, first_faults, read_charged};
use reckon::{Month, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use super::sha256_of;
use crate::gates::reading::read_apart;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// Both ways side by side for one service month.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct Comparison {
    pub file: String,
    pub sha256: String,
    pub month: Month,
    /// With tax, of all accounts.
    pub ours: Yen,
    pub theirs: Yen,
    /// Theirs less ours; the sum of the rows.
    pub difference: Yen,
    /// Charges of both sides that agree to the yen.
    pub agreed: usize,
    /// Every yen of difference, by account.
    pub rows: Vec<ComparisonRow>,
    /// Rows that no way of counting explains.
    pub unexplained: usize,
    /// What the price table has no price for: not compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unpriced: Vec<String>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize)]
pub struct ComparisonRow {
    /// None when the contract is not in the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company: String,
    /// A contract, or an invoice of the earlier way when it is about tax.
    pub about: String,
    /// Of a contract that was taken over, its number before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// None when it is about tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ChargeKind>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub item: String,
    /// Without tax; of tax, the tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<Yen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Yen>,
    pub difference: Yen,
    pub reason: contract::compare::Difference,
    /// The reason in words, with its clause.
    pub ja: String,
    pub en: String,
}

/// Invoices of the earlier way by the account whose contracts they name.
type ByAccount = BTreeMap<Option<AccountId>, Vec<OldInvoice>>;

impl Engine {
    /// Compares a workbook of what the earlier way charged for a service month with
    /// what the terms charge for it, whether or not it was invoiced here.
    ///
    /// # Errors
    /// Every fault of the workbook; a month that is not over; a failing store.
    pub async fn compare_charges(
        &self,
        file: &str,
        bytes: &[u8],
        month: Month,
    ) -> Result<Comparison, EngineError> {
        let today = self.now().day();
        if month.last_day() >= today {
            let from = month.plus(1).first_day();
            return Err(EngineError::Refused(sentence!(
                "{month} はまだ終わっていません。照合できるのは {from} からです。",
                "{month} is not over: it can be compared from {from} on",
            )));
        }
        let charged = read_apart(read_charged, file, bytes).await.map_err(EngineError::Faults)?;
        let mut theirs = self.by_account(file, charged).await?;
        let mut found = Comparison {
            file: file.to_owned(),
            sha256: sha256_of(bytes),
            month,
            ours: Yen::ZERO,
            theirs: Yen::ZERO,
            difference: Yen::ZERO,
            agreed: 0,
            rows: Vec::new(),
            unexplained: 0,
            unpriced: Vec::new(),
        };
        for account in self.store.accounts().await? {
            let state = self.state(&account).await?;
            let account = Some(account);
            let invoices = theirs.remove(&account).unwrap_or_default();
            let compared = compare(&self.law, &state, month, &invoices)?;
            found.take(account, &state, compared);
        }
        for (account, invoices) in theirs {
            let state = AccountState::default();
            let compared = compare(&self.law, &state, month, &invoices)?;
            found.take(account, &state, compared);
        }
        found.difference = found.theirs - found.ours;
        Ok(found)
    }

    async fn by_account(
        &self,
        file: &str,
        charged: Vec<ChargedInvoice>,
    ) -> Result<ByAccount, EngineError> {
        let (mut found, mut faults) = (ByAccount::new(), Vec::new());
        for invoice in charged {
            let (mut accounts, mut lines) = (BTreeSet::new(), Vec::new());
            for line in invoice.lines {
                let view = self.contract_named(&line.contract).await?;
                let contract = view.as_ref().map_or(line.contract, |view| view.id.clone());
                accounts.extend(view.map(|view| view.account));
                lines.push(OldLine {
                    contract: ContractId(contract),
                    line: line.line,
                    kind: line.kind,
                    item: line.item,
                    amount: line.amount,
                });
            }
            if accounts.len() > 1 {
                let place = Sentence::same(format!("請求書!A{}", invoice.row));
                let number = &invoice.number;
                let problem = sentence!(
                    "請求 {number} が複数の会社の契約にまたがっています",
                    "invoice {number} charges contracts of several companies",
                );
                let remedy = sentence!(
                    "会社ごとに別の請求にしてください",
                    "give each company an invoice of its own",
                );
                faults.push(Fault::new(file, place, "旧請求番号", problem, remedy));
            }
            let old = OldInvoice { number: invoice.number, lines, tax: invoice.tax };
            found.entry(accounts.pop_first()).or_default().push(old);
        }
        if faults.is_empty() { Ok(found) } else { Err(EngineError::Faults(first_faults(faults))) }
    }
}

impl Comparison {
    fn take(&mut self, account: Option<AccountId>, state: &AccountState, compared: Compared) {
        self.ours += compared.ours;
        self.theirs += compared.theirs;
        let of = account.as_ref().map(|account| format!("{account}: ")).unwrap_or_default();
        self.unpriced.extend(compared.unpriced.iter().map(|what| format!("{of}{what}")));
        let company = |contract: Option<&ContractId>| {
            let found = contract.and_then(|id| state.contracts.get(id));
            let found = found.or_else(|| state.contracts.values().next());
            found.map(|one| one.form.applicant.name.clone()).unwrap_or_default()
        };
        let row = |about: String, reason: contract::compare::Difference| ComparisonRow {
            account: account.clone(),
            company: String::new(),
            about,
            former: None,
            line: None,
            kind: None,
            item: String::new(),
            ours: None,
            theirs: None,
            difference: Yen::ZERO,
            ja: wording::difference(&reason, Language::Japanese),
            en: wording::difference(&reason, Language::English),
            reason,
        };
        for line in compared.lines {
            let Some(reason) = line.reason else {
                self.agreed += 1;
                continue;
            };
            let contract = state.contracts.get(&line.contract);
            let former = contract.and_then(|one| one.taken_over.as_ref());
            self.rows.push(ComparisonRow {
                company: company(Some(&line.contract)),
                former: former.map(|taken| taken.number.clone()),
                line: Some(line.line),
                kind: Some(line.kind),
                item: line.item,
                ours: Some(line.ours),
                theirs: Some(line.theirs),
                difference: line.theirs - line.ours,
                ..row(line.contract.0, reason)
            });
        }
        for tax in compared.taxes {
            self.rows.push(ComparisonRow {
                company: company(None),
                difference: tax.difference,
                ..row(tax.invoice.unwrap_or_default(), tax.reason)
            });
        }
        let unexplained = contract::compare::Difference::Unexplained;
        self.unexplained = self.rows.iter().filter(|row| row.reason == unexplained).count();
    }
}
