//! What a person minds before accepting an application, besides the form itself:
//! checks of the company (9-10), its quotation, and terminated contracts that
//! resemble it.

use reckon::{Moment, Yen};
use terms::{Law, LawError, MissingCheck};

use crate::application::checks::{self, Standing};
use crate::application::quote::differences;
use crate::application::receiving::{Resemblance, Wish};
use crate::declare::reason::Finding;
use crate::road::unfold::{AccountState, ApplicationState};

/// 9-10(3), 9-10(5): a required check that is missing, failed or expired stands
/// in the way of a new contract, or warns, as the operator says. For a change of
/// a running contract it only warns: the customer is known.
pub(crate) fn check_findings(
    law: &Law,
    state: &AccountState,
    application: &ApplicationState,
    at: Moment,
) -> Result<Vec<Finding>, LawError> {
    let rules = &law.effective(at, &[])?.rules;
    let is_new = matches!(application.content.wish, Wish::New { .. });
    let blocks = is_new && rules.missing_check == MissingCheck::Block;
    let made = || state.checks.iter().map(|(_, check)| check);
    let found = rules.required_checks.iter().filter_map(|kind| {
        let name = checks::name(*kind);
        let (code, detail) = match checks::standing(made(), *kind, at.day()) {
            Standing::Valid => return None,
            Standing::Missing => ("check_missing", name.to_owned()),
            Standing::Failed => ("check_failed", name.to_owned()),
            Standing::Expired(on) => ("check_expired", format!("{name} {on}")),
        };
        let clause = checks::ground(*kind);
        Some(Finding { blocks, ..Finding::warning(clause, code, detail) })
    });
    Ok(found.collect())
}

/// 9-10(1): contracts of other accounts that the provider terminated and that
/// resemble the applicant. A hint only: another corporate number is another company.
pub(crate) fn resemblances(application: &ApplicationState) -> Vec<Finding> {
    let hints = application.content.resembles.iter().map(|earlier| {
        let same: Vec<_> = earlier.same.iter().map(|same| resemblance(*same)).collect();
        let detail = format!("{} {} ({})", earlier.contract, earlier.on, same.join(", "));
        Finding::warning("9-10(1)", "resembles_terminated", detail)
    });
    hints.collect()
}

fn resemblance(same: Resemblance) -> &'static str {
    match same {
        Resemblance::Name => "name",
        Resemblance::Address => "address",
        Resemblance::Payer => "payer",
    }
}

/// 9-2, 9-7: how an application departs from the quotation on which it rests, and
/// from the customer's order. All of it warns: what counts is the application.
pub(crate) fn quote_findings(
    law: &Law,
    state: &AccountState,
    application: &ApplicationState,
) -> Vec<Finding> {
    let warn = |code: &str, detail: String| Finding::warning("9-2", code, detail);
    let mut findings = Vec::new();
    let content = &application.content;
    if let Wish::New { form } = &content.wish
        && let Some(number) = form.quote.as_ref().filter(|n| !state.quotes.contains_key(*n))
    {
        findings.push(warn("no_such_quote", number.clone()));
    }
    let quotes = state.quotes.values();
    for quoted in quotes.filter(|quoted| quoted.applications.contains(&content.application)) {
        let quote = &quoted.quote;
        if !quote.is_valid_on(content.received_at.day()) {
            findings.push(warn("quote_expired", format!("{} {}", quote.number, quote.valid_until)));
        }
        let differing = differences(law, quote, &content.wish);
        findings.extend(differing.into_iter().map(|(code, detail)| warn(code, detail)));
        let amounts = quoted.orders.iter().filter_map(|order| Some((order, order.amount?)));
        let others = amounts.filter(|(_, amount): &(_, Yen)| *amount != quote.total);
        findings.extend(others.map(|(order, amount)| {
            let detail = format!("{}: {amount} / {}", order.number, quote.total);
            warn("order_amount_differs", detail)
        }));
    }
    findings
}
