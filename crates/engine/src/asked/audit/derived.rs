//! What is stored beside the records and follows from them, compared with what they
//! give now: read models, effects, drafts that were issued, the queue.

use std::collections::{BTreeMap, BTreeSet};

use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, InputId};
use contract::road::case::Case;
use contract::road::editions;
use contract::road::stored::FOLD;
use contract::road::stream::{Content, Input, Record};
use contract::{Account, decide};
use reckon::Moment;
use serde_json::{Value, json};
use terms::{Law, LawId};

use crate::keeping::store::{DraftRow, Fault, ListPart, OutboxRow, StoredView};
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::laws::Laws;
use crate::road::outcome::EngineError;
use crate::road::read_models::{Came, Made};

/// Effects that are read at once.
const PART: u32 = 1000;

/// Moments at which nothing followed after all: more in a row than any life has.
const MOST_IDLE: usize = 1000;

impl Engine {
    pub(super) async fn compare_read_models(
        &self,
        account: &AccountId,
        mut made: BTreeMap<(String, String), Made>,
    ) -> Result<Vec<Fault>, EngineError> {
        let mut faults = Vec::new();
        let mut unknown = Vec::new();
        for stored in self.store.views_of(account).await? {
            match made.remove(&(stored.kind.clone(), stored.id.clone())) {
                None => unknown.push(stored),
                Some(made) if made.row.content.to_string().as_bytes() != stored.content => {
                    faults.push(at_view(&stored, "content", "is not what the record gives"));
                }
                Some(made) if made.row.sought().as_bytes() != stored.sought => {
                    faults.push(at_view(&stored, "sought", "is not what the content gives"));
                }
                Some(_) => {}
            }
        }
        made.retain(|_, made| made.must_stand);
        for stored in unknown {
            let column = odd_column(&stored, &made);
            faults.push(at_view(&stored, column, "the record gives no such row"));
        }
        for (kind, id) in made.into_keys() {
            let problem = "the record gives this row, and it is not there";
            faults.push(Fault::at("view_row", format!("{kind}/{id}"), "id", problem));
        }
        Ok(faults)
    }

    /// Every cell of what was stored against what the records give, then and now.
    pub(super) async fn compare_worked_out(
        &self,
        id: &AccountId,
        records: &[Record],
        laws: &mut Laws,
    ) -> Result<Option<Fault>, EngineError> {
        let Some(row) = self.store.worked_out(id).await? else { return Ok(None) };
        let fault = |problem: String| Ok(Some(Fault::at("worked_out", &*id.0, "body", problem)));
        // Of an older program, or under a law under which nothing was recorded.
        if row.fold.version != FOLD || self.store.law(&row.fold.law).await?.is_none() {
            return Ok(None);
        }
        let Ok(law) = laws.of(&*self.store, &LawId(row.fold.law.clone())).await? else {
            return Ok(None);
        };
        let Some(mut account) = Account::of_stored(id, &law, row.body) else {
            return fault("cannot be read".to_owned());
        };
        let first = usize::try_from(row.records).unwrap_or(usize::MAX);
        let Some(folded) = records.get(..first) else {
            return fault("has more records than there are".to_owned());
        };
        if *account.case().as_ref() != Case::of(id.clone(), folded) {
            return fault("is not what the records give".to_owned());
        }
        if let Some(cell) = account.differs_from_whole(&law).first() {
            return fault(format!("{cell:?} comes out otherwise from the records"));
        }
        for record in &records[first..] {
            account.apply(record);
        }
        if let Some(until) = account.case().unfolded_until {
            account.bring(&law, until);
        }
        match account.differs_from_whole(&law).first() {
            Some(cell) => fault(format!("{cell:?} is carried on otherwise from it")),
            None => Ok(None),
        }
    }

    /// Whatever came about has a short number, also when it is gone.
    pub(super) async fn compare_numbers(&self, came: &[Came]) -> Result<Vec<Fault>, EngineError> {
        let ids: BTreeSet<_> = came.iter().map(|one| one.what.id.as_str()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let numbers = self.store.short_numbers(&ids).await?;
        let without = ids.into_iter().filter(|id| !numbers.contains_key(*id));
        let fault = |id| Fault::at("short_number", id, "id", "the record gives it a number");
        Ok(without.map(fault).collect())
    }

    /// What events ask for stands in the outbox, whatever became of it.
    pub(super) async fn compare_effects(
        &self,
        account: &AccountId,
        asked: Vec<OutboxRow>,
    ) -> Result<Vec<Fault>, EngineError> {
        let mut stored: BTreeMap<String, OutboxRow> = BTreeMap::new();
        loop {
            let after = stored.last_key_value().map(|(id, _)| id.clone()).unwrap_or_default();
            let part = ListPart { after: &after, account: Some(account), limit: PART };
            let rows = self.store.outbox_part(part).await?;
            if rows.is_empty() {
                break;
            }
            stored.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
        }
        let mut faults = Vec::new();
        for row in asked {
            let mut report = |column, problem| {
                faults.push(Fault::at("outbox", &row.id, column, problem));
            };
            let Some(found) = stored.get(&row.id) else {
                report("id", "an event asked for this effect, and it is not there");
                continue;
            };
            if found.kind != row.kind {
                report("kind", "is not what the event asked for");
            }
            if found.payload != row.payload {
                report("payload", "is not what the event asked for");
            }
        }
        Ok(faults)
    }

    /// A draft that was issued says what was issued.
    pub(super) async fn compare_drafts(
        &self,
        account: &AccountId,
        records: &[Record],
    ) -> Result<Vec<Fault>, EngineError> {
        let issued = records.iter().filter_map(|record| issued(&record.input));
        let mut issued: BTreeMap<&str, (&str, Value)> = issued.collect();
        let mut faults = Vec::new();
        for (draft, is_issued) in self.store.drafts_of(account).await? {
            let mut report = |column, problem| {
                faults.push(Fault::at("draft", &draft.id, column, problem));
            };
            let Some((number, content)) = issued.remove(draft.id.as_str()) else {
                if is_issued {
                    report("issued", "nothing was issued of it");
                }
                continue;
            };
            let DraftRow { number: stored, content: stored_content, .. } = &draft;
            if stored != number {
                report("number", "is not the number that was issued");
            }
            if *stored_content != content {
                report("content", "is not what was issued");
            }
        }
        for id in issued.into_keys() {
            let problem = "it was issued from this draft, which is not there";
            faults.push(Fault::at("draft", id, "id", problem));
        }
        Ok(faults)
    }

    /// The queue holds what the last record left, or one of the moments after it at
    /// which nothing followed.
    pub(super) async fn compare_queue(
        &self,
        case: &Case,
        law: &Law,
        due: Option<Moment>,
    ) -> Result<Option<Fault>, EngineError> {
        let stored = self.store.due_of(&case.account).await?;
        for law in [law, &self.law] {
            if comes_to(law, case, due, stored)? {
                return Ok(None);
            }
        }
        let said = |at: Option<Moment>| at.map_or("nothing".to_owned(), |at| at.to_string());
        let problem = format!("is {}, and the record gives {}", said(stored), said(due));
        Ok(Some(Fault::at("account", &*case.account.0, "next_due", problem)))
    }
}

fn at_view(stored: &StoredView, column: &str, problem: &str) -> Fault {
    Fault::at("view_row", format!("{}/{}", stored.kind, stored.id), column, problem)
}

/// Which part of a row nobody wrote is wrong, by the row that is missing.
fn odd_column(stored: &StoredView, missing: &BTreeMap<(String, String), Made>) -> &'static str {
    if missing.keys().any(|(_, id)| *id == stored.id) {
        return "kind";
    }
    let same_kind = missing.keys().any(|(kind, _)| *kind == stored.kind);
    if same_kind { "id" } else { "account" }
}

/// The draft that an input issued, with its number and content.
fn issued(input: &Input) -> Option<(&str, (&str, Value))> {
    let draft = input.id.0.strip_prefix("issued-")?;
    match &input.content {
        Content::Fact(Fact::InvoiceIssued(invoice)) => {
            Some((draft, (invoice.number.as_str(), json!(invoice))))
        }
        Content::Fact(Fact::CreditNoteIssued(note)) => {
            Some((draft, (note.number.as_str(), json!(note))))
        }
        _ => None,
    }
}

/// Whether the queue of an account comes to a moment without a new record.
fn comes_to(
    law: &Law,
    case: &Case,
    mut due: Option<Moment>,
    stored: Option<Moment>,
) -> Result<bool, EngineError> {
    for _ in 0..MOST_IDLE {
        if due == stored {
            return Ok(true);
        }
        let Some(at) = due else { return Ok(false) };
        let tick = Input {
            id: InputId("tick".to_owned()),
            account: case.account.clone(),
            occurred_at: at,
            known_at: at,
            actor: system(),
            source: String::new(),
            evidence: Vec::new(),
            edition: editions::PRESENT,
            content: Content::Clock,
        };
        let decision = decide(law, case, &tick)?;
        if !decision.events.is_empty() {
            return Ok(false);
        }
        due = decision.next_due;
    }
    Ok(false)
}
