//! Articles 9-4, 9-7 and 12 to 14: a formed contract, its lines and its state.

use std::collections::BTreeMap;

use terms::Override;

use crate::application::acceptance::{CHANGE_FORMATION, Changed, FORMATION, Formed};
use crate::application::form::{ApplicationForm, LineWish, UsePeriod};
use crate::application::order_acceptance::ORDER_ACCEPTANCE_DUTY;
use crate::application::receiving::{Change, Wish};
use crate::declare::act::{ChargeAmendmentCosts, OrderErasure, Resume, Suspend};
use crate::declare::consequence::{Consequence, ContractChanged, ContractFormed, MinimumTermSet};
use crate::declare::fact::{
    AcceptanceMailSent, Fact, MaterialErased, OrderAcceptanceSent, ServiceStarted,
};
use crate::declare::prelude::*;
use crate::declare::task::{self, AlertCode, TaskKind};
use crate::ending::ends::Ends;
use crate::road::case::{Happening, What};
use crate::road::editions;
use crate::road::kept::Kept;
use crate::road::unfold::{
    AmendmentCosts, ApplicationState, ApplicationStatus, ContractState, ContractStatus, LineState,
    LineVersion, OpenTask, Provision, Removal, Stop, Unfolding,
};
use crate::service::minimum_term::{Begun, MINIMUM_TERM, minimum_term, outlasts_period};
use crate::service::start::{START_DUE, Wished};

impl<'a> Unfolding<'a> {
    /// A contract that was formed here, or taken over.
    pub(crate) fn contract(&mut self, id: &ContractId) {
        self.state.contracts.remove(id);
        if let Some(application) = self.state.applications.get(&id.application()).cloned()
            && let Some(formed_at) = application.formed_at
            && let Wish::New { form } = &application.content.wish
        {
            self.formed_contract(formed_at, &application, form.clone());
        }
        self.taken_over_contracts(id);
    }

    fn formed_contract(
        &mut self,
        formed_at: Moment,
        application: &ApplicationState,
        form: ApplicationForm,
    ) {
        let id = application.content.application.contract();
        let stream = Stream::Contract(id.clone());
        let sent = self.acceptance_of(application);
        let version = self.version_assented(application, formed_at);
        let what = Consequence::ContractFormed(ContractFormed {
            contract: id.clone(),
            application: application.content.application.clone(),
            version: version.clone(),
        });
        let because = Because::of(&FORMATION).fact(&sent).fact(&application.input);
        self.follow(formed_at, stream.clone(), what, because.with(Formed { sent_at: formed_at }));

        let mut agreements = form.agreements(formed_at);
        let mut lines = first_lines(&form, &application.input);
        self.changes(&id, &mut agreements, &mut lines);
        self.order_acceptance(&id, None, formed_at, &sent, &agreements);
        self.start_lines(&id, &mut lines, &agreements);
        self.unknown_lines(&id, &lines);
        let stops = self.stops(&id);
        let mut state = ContractState {
            application: application.content.application.clone(),
            formed_at,
            version,
            status: ContractStatus::Formed,
            provision: Provision::NotStarted,
            period: form.period,
            renewal_limit: None,
            lines,
            end: None,
            arrivals: Vec::new(),
            erasure_ordered_by: None,
            taken_over: None,
            form,
            agreements,
            stops,
            formed_by: sent,
            locked_by_insolvency: false,
            withdrawal_costs: None,
            amendment_costs: self.amendment_costs(&id),
        };
        let ends = self.ends(&id, &mut state);
        state.arrivals.clone_from(&ends.arrivals);
        self.warn_of_long_minimum_term(&id, &state);
        self.start_tasks(&id, &state, ends.ended_at);
        self.settle_status(&id, &mut state, &ends);
        self.state.contracts.insert(id, Kept::new(state));
    }

    /// 9-6, A-10.
    pub(crate) fn version_assented(
        &mut self,
        application: &ApplicationState,
        formed_at: Moment,
    ) -> String {
        let (law, sent_at) = (self.law, application.content.sent_at);
        let mail = self.acceptance_mail(application);
        if mail.is_some_and(|mail| !mail.edition.has(editions::VERSION_BY_RULE)) {
            return law.version_at(formed_at).map(|v| v.version.clone()).unwrap_or_default();
        }
        let version = crate::application::acceptance::version_assented(law, sent_at, formed_at);
        let version = version.unwrap_or_else(|error| {
            let about = application.content.application.0.clone();
            self.alert(sent_at, AlertCode::LawNotApplicable, &about, error.to_string());
            None
        });
        version.map(|v| v.version.clone()).unwrap_or_default()
    }

    pub(crate) fn acceptance_mail(&self, application: &ApplicationState) -> Option<&'a Happening> {
        let id = &application.content.application;
        self.facts_of::<AcceptanceMailSent>(id).next().map(|(sent, _)| sent)
    }

    fn acceptance_of(&self, application: &ApplicationState) -> InputId {
        let sent = self.acceptance_mail(application);
        sent.map_or_else(|| application.input.clone(), |happening| happening.input.clone())
    }

    /// 9-7, 9-8: change contracts in the order of their formation.
    pub(crate) fn changes(
        &mut self,
        id: &ContractId,
        agreements: &mut Vec<Override>,
        lines: &mut Vec<LineState>,
    ) {
        let mut formed: Vec<_> = self
            .state
            .applications
            .values()
            // A change contract that was withdrawn before it was carried out (SM-3).
            .filter(|a| a.status == ApplicationStatus::Formed)
            .filter_map(|a| match &a.content.wish {
                Wish::Change { contract, from, changes } if contract == id => {
                    Some((a.formed_at?, *from, changes.clone(), a.clone()))
                }
                _ => None,
            })
            .collect();
        formed.sort_by_key(|(at, _, _, a)| (*at, a.input.clone()));
        for (at, from, changes, application) in formed {
            let what = Consequence::ContractChanged(ContractChanged {
                contract: id.clone(),
                application: application.content.application.clone(),
                from,
            });
            let sent = self.acceptance_of(&application);
            let because = Because::of(&CHANGE_FORMATION).fact(&sent).fact(&application.input);
            self.follow(at, Stream::Contract(id.clone()), what, because.with(Changed { from }));
            let mail = self.acceptance_mail(&application);
            if mail.is_some_and(|mail| mail.edition.has(editions::LETTERS_ARE_DETERMINED)) {
                let of = Some(&application.content.application);
                self.order_acceptance(id, of, at, &sent, agreements);
            }
            for change in changes {
                apply_change(change, from, &application.input, agreements, lines);
            }
        }
    }

    /// 9-9: what change contracts of this contract cost, as approved, and as told when
    /// one was withdrawn.
    pub(crate) fn amendment_costs(&self, id: &ContractId) -> Vec<AmendmentCosts> {
        let mut costs = self.approved_costs(id);
        costs.extend(self.costs_of_withdrawn_changes(id));
        costs
    }

    fn costs_of_withdrawn_changes(&self, id: &ContractId) -> Vec<AmendmentCosts> {
        let changes = self.state.applications.iter().filter(|(_, change)| {
            change.status == ApplicationStatus::WithdrawnAfterFormation
                && matches!(&change.content.wish, Wish::Change { contract, .. } if contract == id)
        });
        let costs = changes.filter_map(|(application, change)| {
            let (withdrawn, costs) = self.withdrawal_of(application)?;
            let charged = withdrawn.edition.has(editions::WITHDRAWN_CHANGE) && !costs.is_empty();
            charged.then(|| AmendmentCosts {
                fact: withdrawn.input.clone(),
                application: change.input.clone(),
                approved_on: withdrawn.occurred_at.day(),
                costs: costs.clone(),
            })
        });
        costs.collect()
    }

    fn approved_costs(&self, id: &ContractId) -> Vec<AmendmentCosts> {
        let approved = self.acts::<ChargeAmendmentCosts>();
        let of_contract = approved.filter_map(|(happening, approved)| {
            let ChargeAmendmentCosts { application, costs } = approved;
            let change = self.state.applications.get(application)?;
            let Wish::Change { contract, .. } = &change.content.wish else { return None };
            (contract == id).then(|| AmendmentCosts {
                fact: happening.input.clone(),
                application: change.input.clone(),
                approved_on: happening.occurred_at.day(),
                costs: costs.clone(),
            })
        });
        of_contract.collect()
    }

    /// 9-5, and 9-8 for a change contract: its own acceptance form is owed.
    fn order_acceptance(
        &mut self,
        id: &ContractId,
        change: Option<&ApplicationId>,
        formed_at: Moment,
        sent: &InputId,
        agreements: &[Override],
    ) {
        let about = change.map_or(&id.0, |application| &application.0);
        let stream = Stream::Contract(id.clone());
        let terms = self.terms(formed_at, agreements, &id.0);
        let remind = terms.calendar.after(formed_at.day(), terms.rules.speedily_bd);
        let mut sent_since = self.facts_of::<OrderAcceptanceSent>(id);
        let done = sent_since.find(|(_, sent)| sent.change.as_ref() == change);
        let because = Because::of(&ORDER_ACCEPTANCE_DUTY).fact(sent).under(&terms);
        let done = done.map(|(happening, _)| happening.occurred_at);
        let (task, about) = (TaskKind::OrderAcceptance, about.clone());
        let task = OpenTask { task, about, opened_at: formed_at, remind_on: remind };
        self.task(&stream, task, done, because);
    }

    /// 14-1c: the minimum term runs for each line from its own start.
    pub(crate) fn start_lines(
        &mut self,
        id: &ContractId,
        lines: &mut [LineState],
        agreements: &[Override],
    ) {
        for line in lines {
            if line.started_on.is_some() {
                continue;
            }
            let Some((happening, on)) = self.started(id, line.number) else { continue };
            let terms = self.terms(Moment::start_of(on), agreements, &id.0);
            let listed = self.law.prices.item(&line.item).and_then(|item| item.min_term_months);
            let agreed = line.wish.min_term_months.or(listed);
            let (from, to) = minimum_term(&terms, agreed, on);
            let because = Because::of(&MINIMUM_TERM)
                .fact(&happening.input)
                .with(Begun { started_on: on, months_agreed: agreed })
                .under(&terms);
            let what = Consequence::MinimumTermSet(MinimumTermSet {
                contract: id.clone(),
                line: line.number,
                from,
                to,
            });
            let at = happening.occurred_at.max(Moment::start_of(on));
            self.follow(at, Stream::Contract(id.clone()), what, because);
            line.started_on = Some(on);
            line.started_by = Some(happening.input.clone());
            line.minimum_term = Some(UsePeriod { from, to });
        }
    }

    /// The first start of a line that was registered.
    fn started(&self, id: &ContractId, line: u32) -> Option<(&'a Happening, Day)> {
        let mut started = self.facts_of::<ServiceStarted>(id);
        let (happening, started) = started.find(|(_, started)| started.line == line)?;
        Some((happening, started.on))
    }

    /// A start of a line that the contract does not have.
    pub(crate) fn unknown_lines(&mut self, id: &ContractId, lines: &[LineState]) {
        for (happening, started) in self.facts_of::<ServiceStarted>(id) {
            let number = started.line;
            if !lines.iter().any(|line| line.number == number) {
                let detail = task::LINE_NAMED_BY.of(&[&number, &happening.input]);
                self.alert(happening.occurred_at, AlertCode::UnknownSubject, &id.0, detail);
            }
        }
    }

    /// When the service was suspended upstream; acts only ask for it (12-3).
    pub(crate) fn stops(&mut self, id: &ContractId) -> Vec<Stop> {
        let mut stops: Vec<Stop> = Vec::new();
        for happening in self.concerning(id) {
            let suspended = match happening.what.as_ref() {
                What::Fact(Fact::UpstreamSuspended(_)) => true,
                What::Fact(Fact::UpstreamResumed(_)) => false,
                _ => continue,
            };
            match stops.last_mut().filter(|stop| stop.to.is_none()) {
                None if suspended => stops.push(Stop {
                    from: happening.occurred_at,
                    to: None,
                    resumption_decided: None,
                    fact: happening.input.clone(),
                }),
                Some(open) if !suspended => open.to = Some(happening.occurred_at),
                _ => {}
            }
        }
        for stop in &mut stops {
            let within = |at: &Moment| *at >= stop.from && stop.to.is_none_or(|to| *at <= to);
            let decided = self.acts_of::<Resume>(id).map(|(happening, _)| happening.occurred_at);
            stop.resumption_decided = decided.filter(within).min();
        }
        self.unapproved_stops(id, &stops);
        stops
    }

    /// 12-3: two persons decide on a suspension before it is done. One that was done
    /// without them stands, and somebody must look.
    fn unapproved_stops(&mut self, id: &ContractId, stops: &[Stop]) {
        let mut since = None;
        for stop in stops {
            let decided = self.acts_of::<Suspend>(id).any(|(happening, _)| {
                let at = happening.occurred_at;
                at <= stop.from && since.is_none_or(|since| at >= since)
            });
            if !decided {
                let (code, detail) = (AlertCode::SuspendedWithoutApproval, stop.fact.0.clone());
                self.alert(stop.from, code, &id.0, detail);
            }
            since = stop.to;
        }
    }

    /// From the day before the wished start of a line on, somebody sees that it is
    /// registered: without it nothing of the line is charged.
    fn start_tasks(&mut self, id: &ContractId, state: &ContractState, ended: Option<Moment>) {
        let mut by_day: BTreeMap<Day, Vec<&LineState>> = BTreeMap::new();
        for line in &state.lines {
            by_day.entry(line.wish.start).or_default().push(line);
        }
        for (wished, lines) in by_day {
            let day_before = Moment::start_of(wished).plus_seconds(-86_400);
            let opened = day_before.max(state.formed_at);
            let started: Option<Vec<Moment>> =
                lines.iter().map(|line| self.start_registered(id, line)).collect();
            let started = started.and_then(|all| all.into_iter().max());
            let done = [started, ended].into_iter().flatten().min();
            if done.is_some_and(|at| at <= opened) {
                continue;
            }
            let because = Because::of(&START_DUE).fact(&state.formed_by).with(Wished { wished });
            let (task, about) = (TaskKind::RegisterStart, id.0.clone());
            let task = OpenTask { task, about, opened_at: opened, remind_on: wished };
            self.task(&Stream::Contract(id.clone()), task, done, because);
        }
    }

    /// When the start of a line was registered; one that ended before its wished start
    /// needs none.
    fn start_registered(&self, id: &ContractId, line: &LineState) -> Option<Moment> {
        let registered = self.started(id, line.number);
        let removed = line.removal.as_ref().filter(|removal| removal.last_day < line.wish.start);
        let removed = removed.map(|removal| Moment::start_of(removal.last_day));
        registered.map(|(happening, _)| happening.occurred_at).or(removed)
    }

    fn warn_of_long_minimum_term(&mut self, id: &ContractId, state: &ContractState) {
        for line in &state.lines {
            let Some(term) = line.minimum_term else { continue };
            let agreed = state.agreements.iter().any(|a| a.parameter.starts_with("min_term"));
            if outlasts_period(state.form.period.to, term.to, agreed)
                && line.wish.min_term_months.is_some()
            {
                let detail = task::LINE_TO.of(&[&line.number, &term.to]);
                let code = AlertCode::MinimumTermOutlastsPeriod;
                self.alert(state.formed_at.max(Moment::start_of(term.from)), code, &id.0, detail);
            }
        }
    }

    pub(crate) fn settle_status(
        &mut self,
        id: &ContractId,
        state: &mut ContractState,
        ends: &Ends,
    ) {
        let started = state
            .lines
            .iter()
            .any(|line| line.started_on.is_some_and(|on| Moment::start_of(on) <= self.until));
        let ended = ends.ended_at.is_some_and(|at| at <= self.until);
        let erased = self.facts_of::<MaterialErased>(id).next();
        let suspended = state.stops.last().is_some_and(|stop| stop.to.is_none());
        state.status = match () {
            () if ended && erased.is_some() => ContractStatus::Erased,
            () if ended => ContractStatus::Ended,
            () if ends.cancellation_notified => ContractStatus::CancellationScheduled,
            () if ends.cancellation_requested => ContractStatus::CancellationRequested,
            () if ends.expiry_scheduled => ContractStatus::ExpiryScheduled,
            () if started => ContractStatus::Active,
            () => ContractStatus::Formed,
        };
        state.provision = match () {
            () if ended => Provision::Ended,
            () if suspended => Provision::Suspended,
            () if started => Provision::InService,
            () => Provision::NotStarted,
        };
        let ordered = self.acts_of::<OrderErasure>(id).next();
        state.erasure_ordered_by = ordered.map(|(happening, _)| happening.actor.id.clone());
    }
}

pub(crate) fn first_lines(form: &ApplicationForm, input: &InputId) -> Vec<LineState> {
    form.lines.iter().map(|wish| new_line(wish, wish.start, input)).collect()
}

pub(crate) fn new_line(wish: &LineWish, from: Day, input: &InputId) -> LineState {
    LineState {
        number: wish.number,
        item: wish.item.clone(),
        quantity: wish.quantity,
        started_on: None,
        minimum_term: None,
        started_by: None,
        removal: None,
        versions: vec![LineVersion {
            from,
            quantity: wish.quantity,
            agreed_fee: wish.agreed_fee,
            fact: input.clone(),
        }],
        wish: wish.clone(),
    }
}

pub(crate) fn apply_change(
    change: Change,
    from: Day,
    input: &InputId,
    agreements: &mut Vec<Override>,
    lines: &mut Vec<LineState>,
) {
    let mut revise = |number: u32, revision: &dyn Fn(&mut LineVersion)| {
        if let Some(line) = lines.iter_mut().find(|line| line.number == number) {
            let mut version = line.at(from).clone();
            version.from = from;
            version.fact = input.clone();
            revision(&mut version);
            line.quantity = version.quantity;
            line.versions.push(version);
            line.versions.sort_by_key(|v| v.from);
        }
    };
    match change {
        Change::SetQuantity { line, quantity } => revise(line, &|v| v.quantity = quantity),
        Change::SetAgreedFee { line, fee } => revise(line, &|v| v.agreed_fee = Some(fee)),
        Change::AddLine { line } => lines.push(new_line(&line, from, input)),
        Change::RemoveLine { line, last_day, residual } => {
            if let Some(line) = lines.iter_mut().find(|l| l.number == line) {
                line.removal = Some(Removal { last_day, residual, fact: input.clone() });
            }
        }
        Change::SpecialTerm { term } => agreements.push(term.from(Moment::start_of(from))),
    }
}
