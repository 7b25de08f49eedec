//! One input in, events with their reasons out.

use std::collections::HashSet;

use reckon::{Day, Moment, Yen};
use terms::{Law, LawError};

use crate::application::before_acceptance;
use crate::application::formation::{ApplicantHistory, grounds_for_refusal};
use crate::correction::against as correction;
use crate::declare::act::Act;
use crate::declare::consequence::TaskKind;
use crate::declare::fact::{Change, Wish};
use crate::declare::ids::{ContractId, InputId};
use crate::declare::reason::{Because, Finding};
use crate::ending::use_period::may_end_on;
use crate::road::case::Case;
use crate::road::stream::{Body, Content, Event, Input};
use crate::road::unfold::{
    AccountState, ApplicationState, ApplicationStatus, ArrivalState, ArrivalStatus, ContractState,
    ContractStatus, LineState, Provision, Unfolded, unfold,
};
use crate::service::removal::removal_terms;
use crate::who::roles::permission;

/// What an input comes to. An unread decision is a lost one.
#[must_use = "the events of a decision have to be appended"]
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub events: Vec<Event>,
    /// Why an act was refused, or what it should mind.
    pub findings: Vec<Finding>,
    pub refused: bool,
    /// Where the account stands once the events are appended.
    pub state: AccountState,
    pub next_due: Option<Moment>,
}

/// Decides an input: a fact is registered, an act is done or refused, and what
/// follows from all that is then known is recorded, less what is recorded
/// already; what no longer follows is retracted.
///
/// # Errors
/// When an agreement of a contract names a parameter that the law does not have.
pub fn decide(law: &Law, case: &Case, input: &Input) -> Result<Decision, LawError> {
    let (first, findings) = own_event(law, case, input)?;
    Ok(difference(law, case, input, first, findings))
}

/// What an input would come to if it were registered, or done, and what the terms
/// say against it. Nobody's permission is looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// Where the account stands without it.
    pub before: Unfolded,
    pub decision: Decision,
}

/// Looks ahead: as [`decide`], whoever asks and whatever stands against it.
///
/// # Errors
/// As [`decide`].
pub fn foresee(law: &Law, case: &Case, input: &Input) -> Result<Foreseen, LawError> {
    let (id, digest) = (input.id.clone(), input.digest());
    let because = Because::rule("recorded").fact(&input.id);
    let occurred_at = input.occurred_at;
    let before = unfold(law, case, input.known_at);
    let (stream, body, findings) = match &input.content {
        Content::Clock | Content::Edition => (None, None, Vec::new()),
        Content::Fact(fact) => {
            (Some(fact.stream()), Some(Body::Registered { input: id, digest }), Vec::new())
        }
        Content::Act(act) => {
            let findings = against(law, case, &before.state, input.known_at, act)?;
            let body = Body::Done { input: id, digest, warnings: findings.clone() };
            (Some(act.stream()), Some(body), findings)
        }
    };
    let first = stream.zip(body).map(|(stream, body)| Event { stream, occurred_at, body, because });
    let decision = difference(law, case, input, first, findings);
    Ok(Foreseen { before, decision })
}

/// What follows from all that is then known, less what is recorded already.
fn difference(
    law: &Law,
    case: &Case,
    input: &Input,
    first: Option<Event>,
    findings: Vec<Finding>,
) -> Decision {
    let until = case.unfolded_until.map_or(input.known_at, |done| done.max(input.known_at));
    let refused = matches!(first.as_ref().map(|e| &e.body), Some(Body::Refused { .. }));
    let known = (first.is_some() && !refused).then(|| case.with(input));
    let known = known.as_ref().unwrap_or(case);
    let Unfolded { followed, state, next_due } = unfold(law, known, until);
    let mut events: Vec<Event> = first.into_iter().collect();
    let still: HashSet<_> = followed.iter().map(|followed| &followed.id).collect();
    for (id, live) in case.live.iter().filter(|(id, _)| !still.contains(id)) {
        events.push(Event {
            stream: live.stream.clone(),
            occurred_at: input.known_at,
            body: Body::Retracted { of: id.clone() },
            because: match input.content {
                Content::Edition => Because::rule("edition").number("edition", input.edition),
                _ => Because::rule("correction").fact(&input.id),
            },
        });
    }
    for new in followed.into_iter().filter(|f| !case.live.contains_key(&f.id)) {
        events.push(Event {
            stream: new.stream,
            occurred_at: new.at,
            body: Body::Follows { id: new.id, consequence: new.consequence },
            because: new.because,
        });
    }
    Decision { events, findings, refused, state, next_due }
}

fn own_event(
    law: &Law,
    case: &Case,
    input: &Input,
) -> Result<(Option<Event>, Vec<Finding>), LawError> {
    let (id, digest) = (input.id.clone(), input.digest());
    let (stream, body, findings) = match &input.content {
        Content::Clock | Content::Edition => return Ok((None, Vec::new())),
        Content::Fact(fact) => (fact.stream(), Body::Registered { input: id, digest }, Vec::new()),
        Content::Act(act) => {
            let findings = evaluate_act(law, case, input, act)?;
            let body = if findings.iter().any(|f| f.blocks) {
                Body::Refused { input: id, digest, findings: findings.clone() }
            } else {
                Body::Done { input: id, digest, warnings: findings.clone() }
            };
            (act.stream(), body, findings)
        }
    };
    let because = Because::rule("recorded").fact(&input.id);
    let event = Event { stream, occurred_at: input.occurred_at, body, because };
    Ok((Some(event), findings))
}

/// Every ground that speaks against an act now, and every warning.
///
/// # Errors
/// As [`decide`].
pub fn evaluate_act(
    law: &Law,
    case: &Case,
    input: &Input,
    act: &Act,
) -> Result<Vec<Finding>, LawError> {
    let state = unfold(law, case, input.known_at).state;
    let mut findings = permission(&input.actor, act, earlier_person(&state, act));
    if input.actor.role.is_customers() && input.actor.account.as_ref() != Some(&case.account) {
        let detail = case.account.to_string();
        findings.push(Finding::blocking("roles", "other_account", detail));
    }
    findings.extend(against_step(&state, act));
    findings.extend(against(law, case, &state, input.known_at, act)?);
    Ok(findings)
}

/// What stands against proposing, approving or declining as such.
fn against_step(state: &AccountState, act: &Act) -> Vec<Finding> {
    let (proposal, inner) = match act {
        Act::Propose { act: inner } if !inner.needs_approval() => {
            return vec![Finding::blocking("roles", "not_by_proposal", inner.name())];
        }
        Act::Approve { proposal, act } | Act::Decline { proposal, act } => (proposal, act),
        _ => return Vec::new(),
    };
    let open = state.proposals.iter().find(|open| open.id == *proposal);
    match open {
        None => vec![Finding::blocking("roles", "no_open_proposal", proposal.0.clone())],
        Some(open) if open.act != **inner => {
            vec![Finding::blocking("roles", "not_what_was_proposed", proposal.0.clone())]
        }
        Some(_) => Vec::new(),
    }
}

/// What the terms say against an act now.
fn against(
    law: &Law,
    case: &Case,
    state: &AccountState,
    at: Moment,
    act: &Act,
) -> Result<Vec<Finding>, LawError> {
    let mut findings = Vec::new();
    match act {
        Act::Propose { act } | Act::Approve { act, .. } => {
            return against(law, case, state, at, act);
        }
        Act::Decline { .. } => {}
        Act::AcceptApplication { application } => match state.applications.get(application) {
            Some(found) => {
                findings.extend(acceptance(law, state, found)?);
                findings.extend(before_acceptance::check_findings(law, state, found, at)?);
                findings.extend(before_acceptance::quote_findings(law, state, found));
                findings.extend(before_acceptance::resemblances(found));
            }
            None => findings.push(unknown(&application.0)),
        },
        Act::RefuseApplication { application, ground } => {
            match state.applications.get(application) {
                Some(found) => findings.extend(refusal(found, ground)),
                None => findings.push(unknown(&application.0)),
            }
        }
        Act::Suspend { contract, .. }
        | Act::Resume { contract }
        | Act::Terminate { contract, .. }
        | Act::DeclineRenewal { contract, .. }
        | Act::ConfirmArrival { contract, .. }
        | Act::DeclineArrival { contract, .. }
        | Act::OrderErasure { contract }
        | Act::ConfirmErasure { contract }
        | Act::VerifyTakeover { contract } => match state.contracts.get(contract) {
            Some(found) => {
                findings.extend(contract_act(state, contract, found, act));
                findings.extend(unverified(found, act));
            }
            None => findings.push(unknown(&contract.0)),
        },
        correction => findings.extend(correction::against(law, case, state, at, correction)?),
    }
    Ok(findings)
}

fn earlier_person<'a>(state: &'a AccountState, act: &'a Act) -> Option<&'a str> {
    match act {
        Act::AcceptApplication { application } => {
            state.applications.get(application).map(|a| a.registered_by.as_str())
        }
        Act::Suspend { proposed_by, .. } | Act::Terminate { proposed_by, .. } => Some(proposed_by),
        Act::Approve { proposal, .. } => {
            state.proposals.iter().find(|open| open.id == *proposal).map(|open| open.by.as_str())
        }
        Act::ConfirmArrival { contract, arrival } | Act::DeclineArrival { contract, arrival } => {
            arrival_of(state, contract, arrival).map(|found| found.registered_by.as_str())
        }
        Act::ConfirmErasure { contract } => {
            state.contracts.get(contract).and_then(|c| c.erasure_ordered_by.as_deref())
        }
        Act::VerifyTakeover { contract } => {
            let taken_over = state.contracts.get(contract).and_then(|c| c.taken_over.as_ref());
            taken_over.map(|taken| taken.by.as_str())
        }
        _ => None,
    }
}

fn unknown(about: &str) -> Finding {
    Finding::blocking("20-1", "unknown_subject", about)
}

fn acceptance(
    law: &Law,
    state: &AccountState,
    application: &ApplicationState,
) -> Result<Vec<Finding>, LawError> {
    let mut findings = open_application(application);
    for ground in &application.grounds {
        findings.push(Finding::warning(ground, "ground_for_refusal", ""));
    }
    let channel = application.content.channel;
    let terms = law.effective(application.received_at, &[])?;
    if !channel.is_among(&terms.rules.application_channels) {
        findings.push(Finding::blocking("9-2", "channel_not_prescribed", format!("{channel:?}")));
    }
    match &application.content.wish {
        Wish::New { form } => {
            let agreements = form.agreements(application.received_at);
            match law.effective(application.received_at, &agreements) {
                Ok(terms) if !may_end_on(&terms, form.period.to) => {
                    let detail = format!("{} is not the end of a month", form.period.to);
                    findings.push(Finding::blocking("13-2", "ends_in_mid_month", detail));
                }
                Ok(_) => findings.extend(
                    form.special_terms
                        .iter()
                        .filter(|term| !law.is_carried_out(&term.parameter))
                        .map(|term| {
                            let what = term.parameter.clone();
                            Finding::warning("1-2", "agreement_not_carried_out", what)
                        }),
                ),
                Err(error) => {
                    findings.push(Finding::blocking(
                        "1-2",
                        "agreement_not_applicable",
                        error.to_string(),
                    ));
                }
            }
            for line in form.lines.iter().filter(|line| law.prices.item(&line.item).is_none()) {
                findings.push(Finding::blocking("23-1", "item_without_price", line.item.clone()));
            }
        }
        Wish::Faulty { .. } => {
            findings.push(Finding::blocking("9-2", "form_with_faults", ""));
        }
        Wish::Change { contract, changes, .. } => {
            let received_on = application.received_at.day();
            findings.extend(change(law, state, contract, (changes, received_on))?);
        }
    }
    Ok(findings)
}

fn arrival_of<'a>(
    state: &'a AccountState,
    contract: &ContractId,
    arrival: &InputId,
) -> Option<&'a ArrivalState> {
    state.contracts.get(contract)?.arrivals.iter().find(|found| found.arrival == *arrival)
}

/// 15-1: the arrival waits for a second person's word.
fn word_on_arrival(state: &AccountState, id: &ContractId, arrival: &InputId) -> Vec<Finding> {
    let status = arrival_of(state, id, arrival).map(|found| found.status);
    let code = match status {
        Some(ArrivalStatus::Open) => return Vec::new(),
        Some(ArrivalStatus::Confirmed) => "arrival_confirmed",
        Some(ArrivalStatus::Declined) => "arrival_declined",
        None => "no_such_arrival",
    };
    vec![Finding::blocking("15-1", code, arrival.0.clone())]
}

/// 9-7: what stands against a change contract.
fn change(
    law: &Law,
    state: &AccountState,
    contract: &ContractId,
    (changes, received_on): (&[Change], Day),
) -> Result<Vec<Finding>, LawError> {
    let Some(running) = state.contracts.get(contract).filter(|c| !is_over(c)) else {
        return Ok(vec![Finding::blocking("9-7", "contract_not_running", contract.0.clone())]);
    };
    let known = |number: u32| running.lines.iter().any(|line| line.number == number);
    let mut findings = Vec::new();
    if let Some(taken) = running.taken_over.as_ref().filter(|taken| taken.unverified) {
        findings.push(Finding::warning("takeover", "unverified_takeover", taken.number.clone()));
    }
    for change in changes {
        match change {
            Change::AddLine { line } if law.prices.item(&line.item).is_none() => {
                findings.push(Finding::blocking("23-1", "item_without_price", line.item.clone()));
            }
            Change::AddLine { line } if known(line.number) => {
                findings.push(Finding::blocking("9-7", "line_exists", line.number.to_string()));
            }
            Change::SetQuantity { line, .. } | Change::SetAgreedFee { line, .. }
                if !known(*line) =>
            {
                findings.push(Finding::blocking("9-7", "no_such_line", line.to_string()));
            }
            Change::RemoveLine { line, last_day, residual } => {
                let asked = (*line, *last_day, *residual);
                findings.extend(line_removal(law, running, asked, received_on)?);
            }
            _ => {}
        }
    }
    Ok(findings)
}

/// One line ends while the contract goes on: other terms than those of 14-2 and
/// 15-1 can be agreed, and whoever accepts is told.
fn line_removal(
    law: &Law,
    running: &ContractState,
    (number, last_day, residual): (u32, Day, Yen),
    received_on: Day,
) -> Result<Vec<Finding>, LawError> {
    let about = number.to_string();
    let open = |line: &&LineState| line.removal.is_none();
    let Some(line) = running.lines.iter().find(|line| line.number == number).filter(open) else {
        return Ok(vec![Finding::blocking("9-7", "no_such_line", about)]);
    };
    let mut findings = Vec::new();
    if running.lines.iter().filter(open).count() == 1 {
        findings.push(Finding::blocking("15-1", "last_line", about));
    }
    if let Some(terms) = removal_terms(law, running, line, received_on, Some(last_day))? {
        if terms.deemed {
            let earliest = terms.earliest.to_string();
            findings.push(Finding::warning("15-1", "shorter_than_notice", earliest));
        }
        if terms.residual != residual {
            let computed = terms.residual.to_string();
            findings.push(Finding::warning("14-2", "residual_differs", computed));
        }
    }
    Ok(findings)
}

fn open_application(application: &ApplicationState) -> Vec<Finding> {
    if application.status == ApplicationStatus::Received {
        return Vec::new();
    }
    let detail = format!("{:?}", application.status);
    vec![Finding::blocking("9-3", "already_answered", detail)]
}

fn refusal(application: &ApplicationState, ground: &str) -> Vec<Finding> {
    let mut findings = open_application(application);
    let every = ApplicantHistory {
        terminated_for_breach_before: true,
        false_or_missing_entry: true,
        default_risk: true,
        infeasible: true,
        unsuitable: true,
    };
    if !grounds_for_refusal(every).contains(&ground) {
        findings.push(Finding::blocking("9-10", "no_such_ground", ground));
    }
    findings
}

fn is_over(contract: &ContractState) -> bool {
    matches!(contract.status, ContractStatus::Ended | ContractStatus::Erased)
}

fn contract_act(
    state: &AccountState,
    id: &ContractId,
    contract: &ContractState,
    act: &Act,
) -> Vec<Finding> {
    let over = is_over(contract);
    let block = |clause: &str, code: &str| vec![Finding::blocking(clause, code, id.0.clone())];
    match act {
        Act::Suspend { .. } | Act::Terminate { .. } if over => block("16-1", "contract_ended"),
        Act::Suspend { .. } | Act::Terminate { .. } if contract.locked_by_insolvency => {
            block("16-1(5)", "insolvency_lock")
        }
        Act::Suspend { .. } if contract.provision != Provision::InService => {
            block("12-3", "not_in_service")
        }
        Act::Suspend { .. } if is_asked(state, id, TaskKind::SuspendUpstream) => {
            block("12-3", "already_asked")
        }
        Act::Suspend { ground, .. } => open_ground(state, id, ground, &["12-3", "16-1"]),
        Act::Terminate { ground, .. } => open_ground(state, id, ground, &["16-1"]),
        Act::DeclineRenewal { .. } if over => block("13-1b", "contract_ended"),
        Act::DeclineRenewal { .. } if contract.status == ContractStatus::ExpiryScheduled => {
            block("13-1b", "already_asked")
        }
        // After the limit the next period has begun to count (0006).
        Act::DeclineRenewal { against, .. } if *against != contract.period.to => {
            vec![Finding::blocking("13-1b", "not_the_expiry", contract.period.to.to_string())]
        }
        Act::Resume { .. } if contract.provision != Provision::Suspended => {
            block("12-3", "not_suspended")
        }
        Act::Resume { .. } if contract.is_resumption_decided() => block("12-3", "already_asked"),
        Act::ConfirmArrival { arrival, .. } | Act::DeclineArrival { arrival, .. } => {
            word_on_arrival(state, id, arrival)
        }
        Act::VerifyTakeover { .. } if contract.taken_over.is_none() => {
            block("takeover", "not_taken_over")
        }
        Act::VerifyTakeover { .. } if !contract.is_unverified() => {
            block("takeover", "already_verified")
        }
        Act::OrderErasure { .. } if !over => block("19-2", "contract_running"),
        Act::OrderErasure { .. } if contract.erasure_ordered_by.is_some() => {
            block("19-2", "already_ordered")
        }
        Act::ConfirmErasure { .. } if contract.erasure_ordered_by.is_none() => {
            block("19-2", "not_ordered")
        }
        Act::ConfirmErasure { .. } if contract.status == ContractStatus::Erased => {
            block("19-2", "already_erased")
        }
        _ => Vec::new(),
    }
}

/// What a taken-over contract says has not been compared with its papers yet.
fn unverified(contract: &ContractState, act: &Act) -> Option<Finding> {
    let taken = contract.taken_over.as_ref().filter(|taken| taken.unverified)?;
    let clears = matches!(act, Act::VerifyTakeover { .. });
    (!clears).then(|| Finding::warning("takeover", "unverified_takeover", taken.number.clone()))
}

fn is_asked(state: &AccountState, id: &ContractId, task: TaskKind) -> bool {
    state.tasks.iter().any(|open| open.task == task && open.about == id.0)
}

/// The act names a ground; the right that rests on it must be open now.
fn open_ground(
    state: &AccountState,
    id: &ContractId,
    ground: &str,
    clauses: &[&str],
) -> Vec<Finding> {
    let suits = clauses.iter().any(|clause| ground.starts_with(clause));
    let open = state.rights_on(id).any(|right| right.right == ground);
    if suits && open {
        return Vec::new();
    }
    vec![Finding::blocking(ground, "no_open_right", id.0.clone())]
}
