//! Articles 13, 15, 16 and 19: renewal, and how a contract comes to its end.

use terms::Effective;

use crate::application::form::{CancellationForm, UsePeriod};
use crate::application::receiving::Wish;
use crate::application::withdrawal::WITHDRAWAL;
use crate::declare::act::Terminate;
use crate::declare::consequence::{
    AccountsClosed, CancellationDetermined, ChannelWithoutEffect, Consequence, ContractEnded,
    ContractExtended, ExpiryScheduled, SecrecyEnds, StatementLate,
};
use crate::declare::fact::{
    CancellationFormArrived, Fact, MaterialDisposed, MaterialErased, NonRenewalStated,
    TerminationNoticeSent,
};
use crate::declare::prelude::*;
use crate::declare::task::{AlertCode, TaskKind};
use crate::ending::agreed::Agreed;
use crate::ending::arrivals::Arrival;
use crate::ending::calendar::Calendar;
use crate::ending::cancellation;
use crate::ending::cancellation::{CANCEL_CHANNEL, CANCEL_EFFECTIVE, CANCELLED, Counted, Notified};
use crate::ending::ended::{ACCOUNTS_CLOSED, Ended, LastDay, SECRECY, after, secrecy_until};
use crate::ending::erasure::{ERASURE_DUE, MATERIAL_DISPOSAL};
use crate::ending::renewal;
use crate::ending::renewal::{
    EXPIRY, EXTENSION, Effect, Limit, NON_RENEWAL, Objected, STATEMENT_LATE,
};
use crate::ending::termination::TERMINATED;
use crate::road::case::{Happening, What};
use crate::road::unfold::{
    ApplicationStatus, ArrivalState, ContractState, EndState, OpenTask, Unfolding,
};
use crate::service::minimum_term::EndCause;

/// What [`Unfolding::ends`] found besides the period itself.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    pub ended_at: Option<Moment>,
    pub expiry_scheduled: bool,
    pub cancellation_requested: bool,
    pub cancellation_notified: bool,
    pub arrivals: Vec<ArrivalState>,
}

/// An end that has been set in motion.
#[derive(Debug, Clone)]
struct End {
    on: Day,
    /// The instant at which the contract is over.
    at: Moment,
    cause: EndCause,
    /// Since when this end was to come; an extension before that stands.
    known_from: Moment,
    rule: &'static Rule,
    facts: Vec<InputId>,
}

/// A statement against extension, or a cancellation form that names the expiry.
struct Objection {
    effective: Moment,
    against: Option<Day>,
    fact: InputId,
}

impl<'a> Unfolding<'a> {
    pub(crate) fn ends(&mut self, id: &ContractId, state: &mut ContractState) -> Ends {
        let mut found = Ends::default();
        let mut ends = Vec::new();
        self.agreements(id);
        ends.extend(self.withdrawal(state));
        ends.extend(self.cancellations(id, state, &mut found));
        ends.extend(self.termination(id));
        let expiry = self.periods(id, state, &ends);
        found.expiry_scheduled = expiry.as_ref().is_some_and(|e| e.known_from <= self.until);
        let end = ends.into_iter().chain(expiry).min_by_key(|end| (end.at, end.cause));
        if let Some(end) = end {
            found.ended_at = Some(end.at);
            self.end(id, state, &end);
        }
        found
    }

    /// 13-1b: one extension after another, up to an objection or another end.
    fn periods(
        &mut self,
        id: &ContractId,
        state: &mut ContractState,
        others: &[End],
    ) -> Option<End> {
        let stream = Stream::Contract(id.clone());
        let objections = self.objections(id);
        let mut runs_since = state.formed_at;
        while !self.caller.is_set() {
            let expiry = state.period.to;
            let terms =
                self.terms(Moment::start_of(state.period.from), &state.agreements.clone(), &id.0);
            let limit = renewal::renewal_limit(&terms, expiry);
            state.renewal_limit = Some(limit.latest_day);
            let agreed = agreed_end(&terms, state);
            let mut against = objections.iter().filter(|o| speaks_against(o, expiry, limit));
            if let Some(objection) = against.next().or(agreed.as_ref()) {
                let known_from = objection.effective.max(runs_since);
                let limit = limit.latest_day;
                return Some(self.expiry(id, expiry, limit, objection, known_from, &terms));
            }
            let extended_at = Moment::start_of(after(limit.latest_day)).max(state.formed_at);
            let ends_before = |end: &End| end.on <= expiry && end.known_from < extended_at;
            // Also one that another end came before: the extension stays excluded.
            if others.iter().any(ends_before) {
                return None;
            }
            self.late_statements(id, &objections, expiry, limit, &terms);
            let (from, to) = renewal::extension(&terms, expiry);
            let period = UsePeriod { from, to };
            let limit_day = limit.latest_day;
            let what = Consequence::ContractExtended(ContractExtended {
                contract: id.clone(),
                period,
                limit: limit_day,
            });
            let because = Because::of(&EXTENSION)
                .with(Limit { expiry, limit: limit_day, calendar: Calendar::of(&terms, expiry) })
                .under(&terms);
            self.follow(extended_at, stream.clone(), what, because);
            if extended_at > self.until {
                return None;
            }
            state.period = period;
            runs_since = extended_at;
        }
        None
    }

    fn expiry(
        &mut self,
        id: &ContractId,
        expiry: Day,
        limit: Day,
        objection: &Objection,
        known_from: Moment,
        terms: &Effective,
    ) -> End {
        let what =
            Consequence::ExpiryScheduled(ExpiryScheduled { contract: id.clone(), on: expiry });
        let because = Because::of(&NON_RENEWAL)
            .fact(&objection.fact)
            .with(Objected {
                expiry,
                limit,
                statement: Effect { effective_at: objection.effective },
            })
            .under(terms);
        self.follow(known_from, Stream::Contract(id.clone()), what, because);
        End {
            on: expiry,
            at: Moment::start_of(after(expiry)),
            cause: EndCause::Expiry,
            known_from,
            rule: &EXPIRY,
            facts: vec![objection.fact.clone()],
        }
    }

    fn late_statements(
        &mut self,
        id: &ContractId,
        objections: &[Objection],
        expiry: Day,
        limit: reckon::Deadline,
        terms: &Effective,
    ) {
        for objection in objections {
            let day = objection.effective.day();
            let missed = day > limit.latest_day && day <= expiry;
            if missed && objection.against.is_none_or(|against| against == expiry) {
                let limit = limit.latest_day;
                let what = Consequence::StatementLate(StatementLate {
                    contract: id.clone(),
                    expiry,
                    limit,
                });
                let because = Because::of(&STATEMENT_LATE)
                    .fact(&objection.fact)
                    .with(Effect { effective_at: objection.effective })
                    .under(terms);
                self.follow(objection.effective, Stream::Contract(id.clone()), what, because);
            }
        }
    }

    /// Statements of either side, and cancellation forms that name an expiry
    /// a form is an objection on any channel, since 13-1 asks for none.
    fn objections(&self, id: &ContractId) -> Vec<Objection> {
        let found = self.concerning(id).filter_map(|happening| {
            let (effective, against) = match happening.what.as_ref() {
                What::Fact(Fact::NonRenewalStated(NonRenewalStated { statement, .. })) => {
                    (statement.effective_at()?, statement.against)
                }
                What::Fact(Fact::CancellationFormArrived(form)) => {
                    (form.arrived_at, Some(form.form.desired?))
                }
                _ => return None,
            };
            Some(Objection { effective, against, fact: happening.input.clone() })
        });
        let mut objections: Vec<_> = found
            .filter(|objection| !self.is_declined(id, &objection.fact))
            // What was agreed on a form stands in the place of what it says.
            .filter(|objection| self.agreed_on(id, &objection.fact).is_none())
            .collect();
        objections.sort_by(|a, b| (a.effective, &a.fact).cmp(&(b.effective, &b.fact)));
        objections
    }

    /// 9-9, A-13: a withdrawal after formation and before the service began.
    fn withdrawal(&mut self, state: &mut ContractState) -> Option<End> {
        let application = state.application.clone();
        let (happening, costs) = self.withdrawal_of(&application)?;
        let costs = costs.clone();
        let at = happening.occurred_at;
        let started = state.lines.iter().filter_map(|line| line.started_on).min();
        if at < state.formed_at {
            return None;
        }
        if started.is_some_and(|on| on <= at.day()) {
            self.alert(at, AlertCode::WithdrawalTooLate, &application.0, at.day().to_string());
            // A change contract is withdrawn for itself, whatever number it bears.
            if let Some(formed) = self.state.applications.get_mut(&application)
                && matches!(formed.content.wish, Wish::New { .. })
            {
                formed.make_mut().status = ApplicationStatus::Formed;
            }
            return None;
        }
        state.withdrawal_costs = Some((happening.input.clone(), costs));
        Some(End {
            on: at.day(),
            at,
            cause: EndCause::Withdrawal,
            known_from: at,
            rule: &WITHDRAWAL,
            facts: vec![happening.input.clone()],
        })
    }

    /// 15-1: each form on a channel that counts, and the day it comes to.
    fn cancellations(
        &mut self,
        id: &ContractId,
        state: &ContractState,
        found: &mut Ends,
    ) -> Vec<End> {
        let mut ends = Vec::new();
        for (happening, arrived) in self.facts_of::<CancellationFormArrived>(id) {
            let CancellationFormArrived { channel, arrived_at, form, .. } = arrived;
            let (channel, arrived_at) = (*channel, *arrived_at);
            let terms = self.terms(arrived_at, &state.agreements, &id.0);
            if !channel.is_among(&terms.rules.cancel_channels) {
                let what = Consequence::ChannelWithoutEffect(ChannelWithoutEffect {
                    contract: id.clone(),
                    channel,
                });
                let because = Because::of(&CANCEL_CHANNEL).fact(&happening.input).under(&terms);
                self.follow(arrived_at, Stream::Contract(id.clone()), what, because);
                continue;
            }
            if let Some(agreed) = self.agreed_on(id, &happening.input) {
                ends.extend(self.agreed_cancellation(&agreed, happening, found));
                continue;
            }
            let end = self.cancellation(id, happening, form, arrived_at, &terms, found);
            ends.extend(end);
        }
        ends
    }

    fn cancellation(
        &mut self,
        id: &ContractId,
        happening: &'a Happening,
        form: &'a CancellationForm,
        arrived_at: Moment,
        terms: &Effective,
        found: &mut Ends,
    ) -> Option<End> {
        let (arrived_on, desired) = (arrived_at.day(), form.desired);
        let mut answer = cancellation::effective(terms, arrived_on, desired);
        let notified = self.day_notified_before(id, happening, answer.effective);
        if let Some(day) = notified {
            answer = cancellation::Cancellation { effective: day, deemed: desired != Some(day) };
        }
        let effective = answer.effective;
        let label_zone = cancellation::in_label_zone(terms, arrived_on, desired);
        let notice = self.receipt_of(id, effective);
        let arrival =
            Arrival { contract: id, happening, form, arrived_at, answer, label_zone, notice };
        let confirm = self.to_confirm(&arrival, terms);
        found.arrivals.extend(self.confirmation(&arrival, &confirm, terms));
        if self.is_declined(id, &happening.input) {
            return None;
        }
        found.cancellation_requested = true;
        let what = Consequence::CancellationDetermined(CancellationDetermined {
            contract: id.clone(),
            arrived_on,
            desired,
            effective,
            deemed: answer.deemed,
            label_zone,
            confirm,
        });
        let mut because = Because::of(&CANCEL_EFFECTIVE)
            .fact(&happening.input)
            .with(Counted::of(terms, arrived_on, desired, effective))
            .under(terms);
        if notified.is_some() {
            because = because.with(Notified { notified_before: effective });
        }
        self.follow(arrived_at, Stream::Contract(id.clone()), what, because);
        if answer.deemed && terms.rules.offer_month_end {
            self.month_end_offer(id, happening, arrived_at, effective);
        }
        found.cancellation_notified |= notice.is_some();
        let over = Moment::start_of(after(effective));
        let at = match (notice, terms.rules.receipt_required) {
            (Some(notice), _) => over.max(notice.occurred_at),
            (None, false) => over,
            (None, true) => return None,
        };
        let facts =
            [Some(happening.input.clone()), notice.map(|n| n.input.clone())].into_iter().flatten();
        Some(End {
            on: effective,
            at,
            cause: EndCause::CustomerCancellation,
            known_from: arrived_at,
            rule: &CANCELLED,
            facts: facts.collect(),
        })
    }

    /// A cancellation moved by agreement ends the contract on the agreed day, with
    /// no further notice; one that was withdrawn, not at all.
    fn agreed_cancellation(
        &self,
        agreed: &Agreed,
        form: &Happening,
        found: &mut Ends,
    ) -> Option<End> {
        let on = agreed.to?;
        found.cancellation_requested = true;
        found.cancellation_notified = true;
        Some(End {
            on,
            at: Moment::start_of(after(on)),
            cause: EndCause::CustomerCancellation,
            // The end was to come since the form arrived; only its day moved.
            known_from: form.occurred_at,
            rule: &CANCELLED,
            facts: vec![form.input.clone(), agreed.act.input.clone()],
        })
    }

    /// The notice that carries out an act of termination: the one that names it, or,
    /// of those that name none, the first that is not before the act.
    pub(crate) fn termination_notice(
        &self,
        id: &ContractId,
        act: &Happening,
    ) -> Option<&'a Happening> {
        let mut sent = self.facts_of::<TerminationNoticeSent>(id);
        let carries_out = |(notice, sent): &(&Happening, &TerminationNoticeSent)| match &sent.act {
            Some(named) => *named == act.input,
            None => notice.occurred_at >= act.occurred_at,
        };
        sent.find(carries_out).map(|(notice, _)| notice)
    }

    /// 16-1, A-30: by the notice, at its moment or on the later day it names.
    fn termination(&mut self, id: &ContractId) -> Option<End> {
        // An act whose notice never left has ended nothing.
        let mut acts = self.acts_of::<Terminate>(id);
        let (act, on, notice) =
            acts.find_map(|(act, wish)| Some((act, wish.on, self.termination_notice(id, act)?)))?;
        let sent = notice.occurred_at;
        let later = on.filter(|day| *day > sent.day());
        Some(End {
            on: later.unwrap_or(sent.day()),
            at: later.map_or(sent, |day| Moment::start_of(after(day))),
            cause: EndCause::ProviderTermination,
            known_from: sent,
            rule: &TERMINATED,
            facts: vec![act.input.clone(), notice.input.clone()],
        })
    }

    /// The end itself and everything tied to it by law (19, 38-1(2), 41-8).
    fn end(&mut self, id: &ContractId, state: &mut ContractState, end: &End) {
        let stream = Stream::Contract(id.clone());
        let terms = self.terms(end.known_from, &state.agreements, &id.0);
        let what = Consequence::ContractEnded(ContractEnded {
            contract: id.clone(),
            on: end.on,
            cause: end.cause,
        });
        let because =
            Because::of(end.rule).facts(&end.facts).with(LastDay { on: end.on }).under(&terms);
        self.follow(end.at, stream.clone(), what, because);
        let what = Consequence::AccountsClosed(AccountsClosed { contract: id.clone() });
        let because = Because::of(&ACCOUNTS_CLOSED).facts(&end.facts);
        self.follow(end.at, stream.clone(), what, because);
        let until = secrecy_until(&terms, end.on);
        let what = Consequence::SecrecyEnds(SecrecyEnds { contract: id.clone(), until });
        let because = Because::of(&SECRECY).facts(&end.facts).with(Ended { ended_on: end.on });
        self.follow(end.at, stream.clone(), what, because.under(&terms));
        self.closing_tasks(id, end, &terms);
        state.end =
            Some(EndState { on: end.on, cause: end.cause, at: end.at, facts: end.facts.clone() });
    }

    fn closing_tasks(&mut self, id: &ContractId, end: &End, terms: &Effective) {
        let stream = Stream::Contract(id.clone());
        let (opened_at, remind_on) = (end.at, after(end.on));
        let open = |task| OpenTask { task, about: id.0.clone(), opened_at, remind_on };
        let because = Because::of(&MATERIAL_DISPOSAL).facts(&end.facts).under(terms);
        let disposed = self.facts_of::<MaterialDisposed>(id).next();
        let done = disposed.map(|(happening, _)| happening.occurred_at);
        self.task(&stream, open(TaskKind::MaterialDisposal), done, because);
        let erased = self.facts_of::<MaterialErased>(id).next();
        let done = erased.map(|(happening, _)| happening.occurred_at);
        let because = Because::of(&ERASURE_DUE).facts(&end.facts).under(terms);
        self.task(&stream, open(TaskKind::Erasure), done, because);
    }
}

fn speaks_against(objection: &Objection, expiry: Day, limit: reckon::Deadline) -> bool {
    renewal::in_time(limit, Some(objection.effective))
        && objection.against.is_none_or(|against| against == expiry)
}

/// 1-2: a contract that agrees on no extension ends with its period.
fn agreed_end(terms: &Effective, state: &ContractState) -> Option<Objection> {
    (terms.rules.extension_months == 0).then(|| Objection {
        effective: state.formed_at,
        against: None,
        fact: state.formed_by.clone(),
    })
}
