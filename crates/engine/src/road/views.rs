//! Read models: what lists and look-ups need without folding every account.
//!
//! Whoever changes what stands in a row counts [`VERSION`] up: the rows of older
//! data folders are made again then, and the audit compares every row with what the
//! record gives.

use std::collections::BTreeSet;

use contract::application::receiving::Wish;
use contract::declare::act::{AcceptApplication, Act, Approve, VoidEntry};
use contract::declare::fact::{EntryVoided, Fact};
use contract::declare::ids::{AccountId, ApplicationId, ContractId};
use contract::matters::matter::{Matter, MatterId};
use contract::money::credit_note::CreditNote;
use contract::notices::effective::Notice;
use contract::notices::given::DeliveryId;
use contract::road::case::{Case, What};
use contract::road::cells::Cell;
use contract::road::stream::{Body, Content, Event, Input};
use contract::road::{editions, shown};
use contract::{Account, AccountState, ContractState};
use reckon::{Day, Moment};
use serde_json::{Value, json};

use crate::gates::bank::paid_as;
use crate::gates::filing::{filed_views, form_of};
use crate::keeping::numbered::ToNumber;
use crate::keeping::store::ViewRow;
use crate::road::terminated::terminated;

/// The version of this code and of the rules whose results it shows.
pub(crate) const VERSION: u32 = ROWS * 1000 + editions::PRESENT.0;
const ROWS: u32 = 7;

/// The rows that an input adds to those of the state of its account.
pub(crate) fn views_of_input(
    input: &Input,
    state: &AccountState,
    events: &[Event],
) -> Vec<ViewRow> {
    let mut rows = filed_views(input, state);
    rows.extend(consequence_index(&input.account, events));
    rows
}

/// What these rows tell of that is to have a short number: whatever stands in a list has one.
pub(crate) fn to_number(rows: &[ViewRow], recorded_at: Moment) -> Vec<ToNumber> {
    rows.iter().filter_map(|row| ToNumber::of(&row.kind, &row.id, recorded_at)).collect()
}

/// The contract that an acceptance will form: its number is given with the acceptance, since
/// the mail that forms it names it (9-4).
pub(crate) fn accepted_by(
    input: &Input,
    state: &AccountState,
    events: &[Event],
) -> Option<ContractId> {
    let Content::Act(act) = &input.content else { return None };
    let Act::AcceptApplication(AcceptApplication { application }) = act.done() else { return None };
    let refused = events.iter().any(|event| matches!(event.body, Body::Refused { .. }));
    let wish = &state.applications.get(application)?.content.wish;
    (!refused && matches!(wish, Wish::New { .. })).then(|| application.contract())
}

/// The rows of an account on a day.
pub(crate) fn views(today: Day, account: &AccountId, state: &AccountState) -> Vec<ViewRow> {
    let rows = Rows { today, account, state };
    let mut all = vec![rows.account()];
    all.extend(state.applications.keys().flat_map(|id| rows.application(id)));
    all.extend(state.contracts.keys().flat_map(|id| rows.contract(id)));
    all.extend(state.quotes.keys().flat_map(|number| rows.quote(number)));
    all.extend(state.receivables.keys().flat_map(|number| rows.invoice(number)));
    all.extend(state.credit_notes.values().map(|note| rows.credit_note(note)));
    all.extend(state.matters.iter().map(|(id, matter)| rows.matter(id, matter)));
    all.extend(state.notices.iter().flat_map(|(id, notice)| rows.notice(id, notice)));
    all
}

/// Of these rows, those that a step can have changed.
pub(crate) fn changed_views(today: Day, account: &mut Account) -> Vec<ViewRow> {
    let cells = account.take_looked_at();
    let state = account.state();
    let rows = Rows { today, account: &account.case().account, state };
    let mut changed = vec![rows.account()];
    // A name is that of the company on the day; whoever was terminated has every name
    // that the company had.
    let mut named = false;
    for cell in &cells {
        match cell {
            Cell::Grounds(id) | Cell::Order(id) => changed.extend(rows.application(id)),
            Cell::Judged(about) => changed.extend(rows.contract(&ContractId(about.clone()))),
            Cell::Contract(_) | Cell::Parties => named = true,
            Cell::Notice(id) => {
                let of = state.notices.get(id);
                changed.extend(of.into_iter().flat_map(|notice| rows.notice(id, notice)));
            }
            Cell::Quote(number) => changed.extend(rows.quote(number)),
            Cell::Conduct(id) => {
                let of = state.matters.iter().filter(|(_, matter)| matter.contract == *id);
                changed.extend(of.map(|(id, matter)| rows.matter(id, matter)));
            }
            Cell::Receivable(number) => {
                changed.extend(rows.invoice(number));
                changed.extend(state.notes_on(number).map(|note| rows.credit_note(note)));
            }
            _ => {}
        }
    }
    for (id, contract) in &state.contracts {
        if cells.contains(&Cell::Parties) || named && terminated(state, contract).is_some() {
            changed.extend(rows.contract(id));
        }
    }
    changed
}

struct Rows<'a> {
    today: Day,
    account: &'a AccountId,
    state: &'a AccountState,
}

impl Rows<'_> {
    fn row(&self, kind: &str, id: &str, content: Value) -> ViewRow {
        let (kind, id) = (kind.to_owned(), id.to_owned());
        ViewRow { kind, id, account: self.account.clone(), content }
    }

    fn account(&self) -> ViewRow {
        self.row("account", &self.account.0, account_view(self.state, self.today))
    }

    fn application(&self, id: &ApplicationId) -> Option<ViewRow> {
        let mut content = json!(shown::Application::of(self.state.applications.get(id)?));
        content["name"] = json!(applicant(self.state, id));
        Some(self.row("application", &id.0, content))
    }

    fn contract(&self, id: &ContractId) -> Vec<ViewRow> {
        let Some(contract) = self.state.contracts.get(id) else { return Vec::new() };
        let mut rows = Vec::new();
        let mut content = json!(shown::Contract::of(contract));
        content["name"] = json!(self.state.company_on(contract, self.today).name);
        if let Some(taken) = &contract.taken_over {
            content["unverified"] = json!(taken.unverified);
            content["former_number"] = json!(taken.number);
            rows.push(self.row("former_number", &taken.number, json!({ "contract": id })));
        }
        rows.push(self.row("contract", &id.0, content));
        let terminated = terminated(self.state, contract);
        rows.extend(terminated.map(|content| self.row("terminated", &id.0, content)));
        rows
    }

    fn quote(&self, number: &str) -> Option<ViewRow> {
        let quote = self.state.quotes.get(number)?;
        Some(self.row("quote", number, json!(shown::Quotation::of(quote))))
    }

    fn invoice(&self, number: &str) -> Option<ViewRow> {
        let receivable = self.state.receivables.get(number)?;
        let mut content = json!(shown::Receivable::of(receivable));
        content["kind"] = json!(receivable.invoice.kind);
        content["issued_on"] = json!(receivable.invoice.issued_on);
        content["month"] = json!(receivable.invoice.month);
        Some(self.row("invoice", number, content))
    }

    fn matter(&self, id: &MatterId, matter: &Matter) -> ViewRow {
        self.row("matter", &id.0, json!(matter))
    }

    /// A notice of the operator stands under its number too, so that its page can show to
    /// whom it went.
    fn notice(&self, id: &DeliveryId, notice: &Notice) -> Vec<ViewRow> {
        let mut content = json!(notice);
        content["delivery"] = json!(id);
        let mut rows = vec![self.row("delivery", &id.0, content.clone())];
        if let Some(of) = &notice.notice {
            rows.push(self.row("notice", &format!("{of}/{}", self.account), content));
        }
        rows
    }

    fn credit_note(&self, note: &CreditNote) -> ViewRow {
        self.row("credit_note", &note.number, json!(note))
    }
}

/// The kinds and ids of [`views`]: a row that none of them names any more stays as
/// it was written last.
pub(crate) fn names(account: &AccountId, state: &AccountState) -> BTreeSet<(&'static str, String)> {
    let mut names = BTreeSet::new();
    names.extend(state.applications.keys().map(|id| ("application", id.0.clone())));
    for (id, contract) in &state.contracts {
        let former = contract.taken_over.as_ref().map(|taken| taken.number.clone());
        names.extend(former.map(|number| ("former_number", number)));
        names.insert(("contract", id.0.clone()));
        names.extend(terminated(state, contract).map(|_| ("terminated", id.0.clone())));
    }
    names.extend(state.quotes.keys().map(|number| ("quote", number.clone())));
    names.extend(state.receivables.keys().map(|number| ("invoice", number.clone())));
    names.extend(state.matters.keys().map(|id| ("matter", id.0.clone())));
    for (id, notice) in &state.notices {
        names.insert(("delivery", id.0.clone()));
        names.extend(notice.notice.iter().map(|of| ("notice", format!("{of}/{account}"))));
    }
    names.extend(state.credit_notes.keys().map(|number| ("credit_note", number.clone())));
    names
}

/// Whether [`names`] has the same of both, found out without any of them.
pub(crate) fn names_are_same(one: &AccountState, other: &AccountState) -> bool {
    let mut contracts = one.contracts.iter().zip(&other.contracts);
    let same_contracts = one.contracts.len() == other.contracts.len()
        && contracts.all(|((id, contract), (other_id, other_contract))| {
            let number = |of: &ContractState| of.taken_over.as_ref().map(|of| of.number.clone());
            id == other_id
                && number(contract) == number(other_contract)
                && terminated(one, contract).is_some()
                    == terminated(other, other_contract).is_some()
        });
    same_contracts
        && one.applications.keys().eq(other.applications.keys())
        && one.quotes.keys().eq(other.quotes.keys())
        && one.receivables.keys().eq(other.receivables.keys())
        && one.matters.keys().eq(other.matters.keys())
        && one.notices.keys().eq(other.notices.keys())
        && one.credit_notes.keys().eq(other.credit_notes.keys())
}

fn applicant(state: &AccountState, id: &ApplicationId) -> String {
    let wish = &state.applications[id].content.wish;
    match wish {
        Wish::New { form } => form.applicant.name.clone(),
        Wish::Faulty { applicant } => applicant.clone(),
        Wish::Change { contract, .. } => state
            .contracts
            .get(contract)
            .map(|contract| contract.form.applicant.name.clone())
            .unwrap_or_default(),
    }
}

/// Name, payer keys, open rights and tasks of an account.
fn account_view(state: &AccountState, today: Day) -> Value {
    let applied = state.applications.values().filter_map(|a| form_of(&a.content.wish));
    let taken_over = state.contracts.values().filter(|c| c.taken_over.is_some()).map(|c| &c.form);
    let forms = taken_over.chain(applied);
    let mut name = String::new();
    // A company with many contracts has one name; to read it as banks do costs more.
    let mut names = BTreeSet::new();
    // By what it is found besides: how its names are read, and where it is.
    let mut also = BTreeSet::new();
    for form in forms {
        also.extend([form.applicant.kana.as_str(), &form.applicant.address]);
        name.clone_from(&form.applicant.name);
        names.extend(form.payment.payer_kana.as_deref());
        names.extend([form.applicant.kana.as_str(), form.applicant.name.as_str()]);
    }
    // A company that has only been quoted to has no form yet.
    if name.is_empty()
        && let Some(quoted) = state.quotes.values().next_back()
    {
        name.clone_from(&quoted.quote.customer.name);
    }
    if let Some(company) = state.parties.company_on(today) {
        name.clone_from(&company.name);
    }
    let quoted = state.quotes.values().map(|one| &one.quote.customer);
    also.extend(quoted.flat_map(|company| [company.kana.as_str(), &company.address]));
    let told = state.parties.companies.iter().map(|since| &since.value);
    also.extend(told.flat_map(|company| [company.name.as_str(), &company.kana, &company.address]));
    let companies = state.parties.companies.iter().filter(|since| since.from <= today);
    names.extend(companies.flat_map(|since| [since.value.kana.as_str(), &since.value.name]));
    names.extend(state.parties.payers_up_to(today).map(String::as_str));
    let payers: BTreeSet<_> = names.iter().map(|name| document::payer_key(name)).collect();
    let banks: BTreeSet<_> = names.iter().map(|paid| paid_as(paid, &name)).collect();
    let learned = &state.parties.learned;
    let learned: BTreeSet<_> = learned.iter().map(|since| paid_as(&since.value, &name)).collect();
    json!({
        "name": name,
        "also": also,
        "payers": payers,
        "paid_as": banks,
        "learned": learned,
        "unverified": state.contracts.values().filter(|c| c.is_unverified()).count(),
        "contracts": state.contracts.keys().collect::<Vec<_>>(),
        "applications": state.applications.keys().collect::<Vec<_>>(),
        "rights": state.rights,
        "tasks": state.tasks,
        "proposals": state.proposals,
        "held": state.held,
        "to_return": state.to_return,
        "returned": state.returned,
        "outstanding": state.receivables.outstanding(),
    })
}

/// What was voided is shown as voided; nothing is derived of it any more.
pub(crate) fn voided_view(input: &Input, case: &Case) -> Option<ViewRow> {
    let of = match &input.content {
        Content::Fact(Fact::EntryVoided(EntryVoided { of, .. })) => of,
        Content::Act(Act::Approve(Approve { act, .. })) => match act.as_ref() {
            Act::VoidEntry(VoidEntry { of }) => of,
            _ => return None,
        },
        _ => return None,
    };
    // Of an act that corrects, the fact that happened instead stands before it.
    let voided = case.happenings.iter().rfind(|happening| happening.input == *of)?;
    let (kind, id) = match voided.what.as_ref() {
        What::Fact(Fact::ApplicationReceived(a)) => ("application", a.application.0.clone()),
        What::Fact(Fact::InvoiceIssued(invoice)) => ("invoice", invoice.number.clone()),
        What::Fact(Fact::QuoteIssued(quote)) => ("quote", quote.number.clone()),
        What::Fact(Fact::DocumentFiled(filed)) => ("filed", filed.document.name().to_owned()),
        _ => return None,
    };
    let (kind, account) = (kind.to_owned(), input.account.clone());
    Some(ViewRow { kind, id, account, content: serde_json::json!({ "status": "voided" }) })
}

/// Where each new consequence is to be found, for `explain`.
pub(crate) fn consequence_index(account: &AccountId, events: &[Event]) -> Vec<ViewRow> {
    let found = events.iter().filter_map(|event| match &event.body {
        Body::Follows { id, .. } => Some(ViewRow {
            kind: "consequence".to_owned(),
            id: id.0.clone(),
            account: account.clone(),
            content: serde_json::Value::Null,
        }),
        _ => None,
    });
    found.collect()
}
