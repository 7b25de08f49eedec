//! From the rows of a workbook to the inputs that record them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ContractId, InputId, short_hash};
use contract::declare::sealed::Sealed;
use contract::declare::words::{Sentence, Words};
use contract::road::case::Case;
use contract::road::stream::{Content, Input};
use contract::sentence;
use contract::takeover::{Origin, TakenOverContract, TakenOverReceivable};
use contract::who::actor::Actor;
use document::{BookContract, BookReceivable};
use reckon::Moment;

use super::Entry;
use super::check::Checked;
use crate::keeping::store::Transaction;
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::EngineError;

type Entries = BTreeMap<AccountId, Vec<Entry>>;

impl Engine {
    /// What is to be recorded of the book and how much of it is recorded already.
    /// A contract or invoice that is recorded with another content is a fault.
    pub(super) async fn entries(
        &self,
        checked: &mut Checked<'_>,
        file: &str,
        sha256: &str,
        actor: &Actor,
    ) -> Result<(Entries, usize), EngineError> {
        let book = checked.book;
        let origin = |sheet: &str, row| Origin {
            file: file.to_owned(),
            sha256: sha256.to_owned(),
            sheet: sheet.to_owned(),
            row,
        };
        let accounts: BTreeSet<_> = self.store.accounts().await?.into_iter().collect();
        let mut cases: BTreeMap<AccountId, Arc<Case>> = BTreeMap::new();
        let mut contracts: BTreeMap<&str, (AccountId, ContractId)> = BTreeMap::new();
        let (mut entries, mut known) = (Entries::new(), 0);
        for row in &book.contracts {
            let account = AccountId::of_company(&row.form.applicant.corporate_number);
            if accounts.contains(&account) && !cases.contains_key(&account) {
                cases.insert(account.clone(), self.case(&account).await?);
            }
            let id = ContractId::taken_over(&account, &row.number);
            contracts.insert(&row.number, (account.clone(), id.clone()));
            let case = cases.get(&account).map(Arc::as_ref);
            let origin = origin("契約", row.row);
            let entry = self.contract_entry(row, &account, &id, origin, actor).await?;
            let place = ("契約", row.row, "旧契約番号");
            match recorded(case, &entry.input) {
                Recorded::No => entries.entry(account).or_default().push(entry),
                Recorded::Same => known += 1,
                Recorded::Otherwise(why) => checked.refuse(place, why, RECORDED_REMEDY),
            }
        }
        for row in &book.receivables {
            let named = row.contracts.iter().filter_map(|number| contracts.get(number.as_str()));
            let named: Vec<_> = named.cloned().collect();
            let Some((account, _)) = named.first().cloned() else { continue };
            let ids = named.into_iter().map(|(_, id)| id).collect();
            let origin = origin("売掛金", row.row);
            let entry = self.receivable_entry(row, &account, ids, origin, actor);
            let place = ("売掛金", row.row, "旧請求番号");
            match recorded(cases.get(&account).map(Arc::as_ref), &entry.input) {
                Recorded::No if self.store.view("invoice", &row.number).await?.is_some() => {
                    let number = &row.number;
                    let problem = sentence!(
                        "{number} はここで発行した請求書の番号です",
                        "{number} is the number of an invoice here",
                    );
                    let remedy = sentence!(
                        "旧-… のような別の番号にしてください",
                        "give it another number, such as 旧-…",
                    );
                    checked.refuse(place, problem, remedy);
                }
                Recorded::No => entries.entry(account).or_default().push(entry),
                Recorded::Same => known += 1,
                Recorded::Otherwise(why) => checked.refuse(place, why, RECORDED_REMEDY),
            }
        }
        Ok((entries, known))
    }

    async fn contract_entry(
        &self,
        row: &BookContract,
        account: &AccountId,
        id: &ContractId,
        origin: Origin,
        actor: &Actor,
    ) -> Result<Entry, EngineError> {
        let people = row.people.iter().cloned();
        let people = people.map(|person| (person.role.key(), Sealed::Open(person))).collect();
        let taken = TakenOverContract {
            contract: id.clone(),
            number: row.number.clone(),
            origin: origin.clone(),
            formed_at: Moment::start_of(row.formed_on),
            version: row.version.clone(),
            form: row.form.clone(),
            charge_from: row.charge_from,
            standing: row.standing.clone(),
            agreements: row.agreements.iter().map(|(_, agreed)| agreed.clone()).collect(),
            changes: row.changes.iter().map(|(_, change)| change.clone()).collect(),
            notices: row.notices.iter().map(|(_, notice)| notice.clone()).collect(),
            suspended_at: row.suspended_on.map(Moment::start_of),
            people,
        };
        let name = format!("taken-over-{id}-{}", taken.content_hash());
        let content = Content::Fact(Fact::ContractTakenOver(Box::new(taken)));
        let mut input = self.input(name, account, actor, &source(&origin), content);
        let personal = self.seal(&mut input).await?;
        let transaction = Transaction { personal, ..Transaction::default() };
        input.evidence = evidence(&transaction);
        Ok(Entry { input, personal: transaction.personal, opens: None })
    }

    fn receivable_entry(
        &self,
        row: &BookReceivable,
        account: &AccountId,
        contracts: Vec<ContractId>,
        origin: Origin,
        actor: &Actor,
    ) -> Entry {
        let taken = TakenOverReceivable {
            number: row.number.clone(),
            origin: origin.clone(),
            kind: row.kind,
            contracts,
            month: row.month,
            issued_on: row.issued_on,
            due: row.due,
            total: row.total,
            payments: row.payments.clone(),
            interest_charged: row.interest_charged,
        };
        let (number, hash) = (short_hash(row.number.as_bytes()), taken.content_hash());
        let name = format!("taken-over-receivable-{number}-{hash}");
        let opens = Some((row.number.clone(), taken.outstanding()));
        let content = Content::Fact(Fact::ReceivableTakenOver(Box::new(taken)));
        let input = self.input(name, account, actor, &source(&origin), content);
        Entry { input, personal: Vec::new(), opens }
    }
}

const RECORDED_REMEDY: Words = Words::new(
    "その後の変更を登録するか、先に登録の取消しを起案してください",
    "register what has changed since, or have the entry voided first",
);

enum Recorded {
    No,
    Same,
    Otherwise(Sentence),
}

/// Whether this contract or invoice has been taken over before.
fn recorded(case: Option<&Case>, input: &Input) -> Recorded {
    let Some(case) = case else { return Recorded::No };
    if case.has(&input.id) {
        return match case.voided.contains(&input.id) {
            true => Recorded::Otherwise(sentence!(
                "同じ行を前に引き継ぎ、取り消しています",
                "the same row was loaded and voided before",
            )),
            false => Recorded::Same,
        };
    }
    let subject = |id: &InputId| id.0.rsplit_once('-').map(|(subject, _)| subject.to_owned());
    let earlier = case.in_force().iter().find(|happening| {
        happening.input.0.starts_with("taken-over-")
            && subject(&happening.input) == subject(&input.id)
    });
    match earlier {
        Some(happening) => {
            let on = happening.known_at.day();
            Recorded::Otherwise(sentence!(
                "{on} に別の内容で引き継いでいます",
                "it was taken over on {on} with another content",
            ))
        }
        None => Recorded::No,
    }
}

fn source(origin: &Origin) -> String {
    let Origin { file, sha256, sheet, row } = origin;
    format!("{file}, {sheet}!{row} (sha256 {})", &sha256[..12.min(sha256.len())])
}
