//! Read models: what lists and look-ups need without folding every account.

use contract::AccountState;
use contract::ids::AccountId;
use reckon::Day;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::register::terminated;
use crate::store::ViewRow;

/// The rows of an account, replaced at every commit.
pub(crate) fn views(engine: &Engine, account: &AccountId, state: &AccountState) -> Vec<ViewRow> {
    let row = |kind: &str, id: &str, content: Value| ViewRow {
        kind: kind.to_owned(),
        id: id.to_owned(),
        account: account.clone(),
        content,
    };
    let mut rows = vec![row("account", &account.0, account_view(state, engine.now().day()))];
    for (id, application) in &state.applications {
        let mut content = json!(application);
        content["name"] = json!(applicant(state, id));
        rows.push(row("application", &id.0, content));
    }
    let today = engine.now().day();
    for (id, contract) in &state.contracts {
        let mut content = json!(contract);
        content["name"] = json!(state.company_on(contract, today).name);
        if let Some(taken) = &contract.taken_over {
            content["unverified"] = json!(taken.unverified);
            content["former_number"] = json!(taken.number);
            let named = json!({ "contract": id });
            rows.push(row("former_number", &taken.number, named));
        }
        rows.push(row("contract", &id.0, content));
        rows.extend(terminated(state, contract).map(|content| row("terminated", &id.0, content)));
    }
    for (number, quote) in &state.quotes {
        rows.push(row("quote", number, json!(quote)));
    }
    for (number, receivable) in &state.receivables {
        let mut content = json!(receivable);
        content["kind"] = json!(receivable.invoice.kind);
        content["issued_on"] = json!(receivable.invoice.issued_on);
        content["month"] = json!(receivable.invoice.month);
        rows.push(row("invoice", number, content));
    }
    for (number, note) in &state.credit_notes {
        rows.push(row("credit_note", number, json!(note)));
    }
    rows
}

fn applicant(state: &AccountState, id: &contract::ids::ApplicationId) -> String {
    let wish = &state.applications[id].content.wish;
    match wish {
        contract::fact::Wish::New { form } => form.applicant.name.clone(),
        contract::fact::Wish::Change { contract, .. } => state
            .contracts
            .get(contract)
            .map(|contract| contract.form.applicant.name.clone())
            .unwrap_or_default(),
    }
}

/// Name, payer keys, open rights and tasks of an account.
fn account_view(state: &AccountState, today: Day) -> Value {
    let applied =
        state.applications.values().filter_map(|a| crate::papers::form_of(&a.content.wish));
    let taken_over = state.contracts.values().filter(|c| c.taken_over.is_some()).map(|c| &c.form);
    let forms = taken_over.chain(applied);
    let mut name = String::new();
    let mut payers = Vec::new();
    for form in forms {
        name.clone_from(&form.applicant.name);
        let names = [
            Some(&form.applicant.kana),
            form.payment.payer_kana.as_ref(),
            Some(&form.applicant.name),
        ];
        payers.extend(names.into_iter().flatten().map(|name| document::payer_key(name)));
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
    let companies = state.parties.companies.iter().filter(|since| since.from <= today);
    payers.extend(companies.flat_map(|since| {
        [document::payer_key(&since.value.kana), document::payer_key(&since.value.name)]
    }));
    payers.extend(state.parties.payers_up_to(today).map(|name| document::payer_key(name)));
    payers.sort();
    payers.dedup();
    json!({
        "name": name,
        "payers": payers,
        "unverified": state.contracts.values().filter(|c| c.is_unverified()).count(),
        "contracts": state.contracts.keys().collect::<Vec<_>>(),
        "applications": state.applications.keys().collect::<Vec<_>>(),
        "rights": state.rights,
        "tasks": state.tasks,
        "proposals": state.proposals,
        "held": state.held,
        "to_return": state.to_return,
        "returned": state.returned,
        "outstanding": state.receivables.values().map(|r| r.outstanding).sum::<reckon::Yen>(),
    })
}
