//! Articles 12-3 and 16-1: the grounds that are open, from when until when.

use terms::{Effective, ListRow, RowEffect};

use crate::declare::act::{Suspend, Terminate};
use crate::declare::consequence::{Consequence, RightClosed, RightOpened};
use crate::declare::fact::{
    CureDemanded, GroundLifted, InsolvencyReleased, JudgementRecorded, MaterialErased,
    TerminationNoticeSent, TerminationUpheld, UpstreamSuspended,
};
use crate::declare::prelude::*;
use crate::declare::task::{self, AlertCode, TaskKind};
use crate::ending::cure::{Demand, UNCURED_BREACH};
use crate::ending::judgement::JUDGED_GROUND;
use crate::ending::termination::{self, ARREARS_RIGHT, GROUNDLESS, Late};
use crate::money::invoice::Invoice;
use crate::money::ledger::unpaid_before;
use crate::road::case::Happening;
use crate::road::cells::Cell;
use crate::road::editions;
use crate::road::unfold::{Followed, OpenRight, OpenTask, Receivable, Unfolding};
use crate::service::suspension::{self, Ground, RESUMPTION, SUSPENSION, SUSPENSION_RIGHT, Unpaid};

/// A right with its first day and the reason for it.
struct Right {
    name: &'static str,
    about: String,
    from: Day,
    because: Because,
}

/// A demand to cure a breach, whether it left from here as a notice or was recorded.
struct Demanded {
    by: InputId,
    at: Moment,
    effective_on: Day,
    days: u32,
}

impl<'a> Unfolding<'a> {
    /// 12-3 from the day after the due date, 16-1(2) after three months; both
    /// end with the payment or with the contract.
    pub(crate) fn rights_of(&mut self, number: &str, receivable: &Receivable, terms: &Effective) {
        let due = receivable.due;
        let paid = receivable.settled_at.zip(receivable.paid_on);
        let opens = suspension::right_from(terms, due, receivable.total);
        let unpaid = opens.map_or(Yen::ZERO, |day| unpaid_before(terms, receivable, day));
        let arrears = termination::arrears(terms, due);
        let long_unpaid = unpaid_before(terms, receivable, arrears.right_from).is_positive();
        let issued_by = receivable.issued_by.clone();
        let because = |rule| Because::of(rule).fact(&issued_by);
        let closes = [paid, self.contract_end(&receivable.invoice)].into_iter().flatten().min();
        if let Some(from) = suspension::right_from(terms, due, unpaid) {
            let because = because(&SUSPENSION_RIGHT).with(Unpaid { due, outstanding: unpaid });
            let about = number.to_owned();
            self.open(Right { name: "12-3", about, from, because: because.under(terms) }, closes);
        }
        if long_unpaid {
            let because = because(&ARREARS_RIGHT).with(Late {
                due,
                period_from: arrears.period_from,
                period_to: arrears.period_to,
            });
            let right = Right {
                name: "16-1(2)",
                about: number.to_owned(),
                from: arrears.right_from,
                because: because.under(terms),
            };
            self.open(right, closes);
        }
    }

    /// Other grounds of 16-1 are facts that a person recorded with a document.
    pub(crate) fn judged_grounds(&mut self, about: &str) {
        let id = ContractId(about.to_owned());
        if let Some(contract) = self.state.contracts.get_mut(&id) {
            contract.make_mut().locked_by_insolvency = false;
        }
        let judged = self.facts::<JudgementRecorded>().filter(|(_, judged)| judged.about == about);
        for (happening, judged) in judged {
            let row = ListRow::of(&judged.clause).filter(|row| row.effect.is_judged());
            let Some(ground) = row else { continue };
            let (name, about) = (ground.clause.as_str(), about.to_owned());
            let contract = self.state.contracts.get(&id);
            let ended = contract.and_then(|c| c.end.as_ref()).map(|end| (end.at, end.on));
            let lifted = self.lifted(&id, name, happening.occurred_at);
            let closes = ended.into_iter().chain(lifted).min();
            let Some((from, because)) = self.judged_from(&id, ground, happening) else {
                // Only an insolvency waits for somebody, and only while it lasts.
                let over = closes.is_some_and(|(at, _)| at <= self.until);
                if ground.effect == RowEffect::InsolvencyLock && !over {
                    self.lock(&id);
                }
                continue;
            };
            self.open(Right { name, about, from, because }, closes);
        }
    }

    /// when somebody found that a ground is gone.
    fn lifted(&self, id: &ContractId, ground: &str, judged: Moment) -> Option<(Moment, Day)> {
        let at = self.lifted_at(id, ground).find(|at| *at >= judged)?;
        Some((at, at.day()))
    }

    /// When somebody found that a ground was gone, each time.
    fn lifted_at(&self, id: &ContractId, ground: &str) -> impl Iterator<Item = Moment> {
        let lifted = self.facts_of::<GroundLifted>(id);
        let of_this = lifted.filter(move |(_, lifted)| lifted.clause == ground);
        of_this.map(|(happening, _)| happening.occurred_at)
    }

    /// The first day of the right that a judgement opens: of a breach when a demand
    /// to cure it has run out (16-1(7)), of an insolvency when legal released it
    /// else the day of the judgement.
    fn judged_from(
        &mut self,
        id: &ContractId,
        ground: &ListRow,
        judged: &'a Happening,
    ) -> Option<(Day, Because)> {
        let because = Because::of(&JUDGED_GROUND).fact(&judged.input);
        let on = judged.occurred_at.day();
        match ground.effect {
            _ if !judged.edition.has(editions::JUDGED_GROUNDS) => Some((on, because)),
            RowEffect::CureDemand => {
                let demand = self.cure_demand(id, &ground.clause, judged.occurred_at)?;
                let Demanded { effective_on, days, .. } = demand;
                let (cure_by, from) = crate::ending::cure::cure(effective_on, days);
                let because = Because::of(&UNCURED_BREACH)
                    .fact(&judged.input)
                    .fact(&demand.by)
                    .with(Demand { demand_effective: effective_on, cure_days: days, cure_by });
                Some((from.max(on), because))
            }
            RowEffect::InsolvencyLock if self.locks(id, judged) => {
                let mut releases = self.facts_of::<InsolvencyReleased>(id).map(|(at, _)| at);
                // An earlier release was of an earlier insolvency.
                let released = releases.find(|at| at.occurred_at >= judged.occurred_at)?;
                let is_known = released.occurred_at <= self.until;
                is_known.then(|| (released.occurred_at.day(), because.fact(&released.input)))
            }
            _ => Some((on, because)),
        }
    }

    /// The first demand to cure this breach, when it took effect and how long it gave:
    /// one from before an earlier breach was cured was of that one.
    fn cure_demand(&self, id: &ContractId, breach: &str, judged: Moment) -> Option<Demanded> {
        let cured = self.lifted_at(id, breach).filter(|at| *at < judged).max();
        let recorded = self.facts_of::<CureDemanded>(id).map(|(demand, demanded)| Demanded {
            by: demand.input.clone(),
            at: demand.occurred_at,
            effective_on: demanded.effective_on,
            days: demanded.cure_days,
        });
        let notices = self.state.notices.values().filter_map(|notice| {
            let of_this = notice.contracts.contains(id) && notice.withdrawn.is_none();
            let (days, effective) = notice.cure_days.zip(notice.effective.as_ref())?;
            let (by, at) = (effective.by.clone(), effective.at);
            of_this.then_some(Demanded { by, at, effective_on: at.day(), days })
        });
        let of_this =
            recorded.chain(notices).filter(|demand| cured.is_none_or(|at| demand.at > at));
        of_this.min_by_key(|demand| (demand.effective_on, demand.days))
    }

    fn locks(&mut self, id: &ContractId, judged: &Happening) -> bool {
        let agreements = self.state.contracts.get(id).map(|c| c.agreements.clone());
        self.terms(judged.occurred_at, &agreements.unwrap_or_default(), &id.0).rules.insolvency_lock
    }

    /// Nobody suspends or terminates the contract before legal has looked at it.
    fn lock(&mut self, id: &ContractId) {
        if let Some(contract) = self.state.contracts.get_mut(id) {
            contract.make_mut().locked_by_insolvency = true;
        }
    }

    /// Opens a right, and closes it at a moment for what came about on a day.
    fn open(&mut self, right: Right, closes: Option<(Moment, Day)>) {
        if closes.is_some_and(|(_, day)| day < right.from) {
            return;
        }
        let opens_at = Moment::start_of(right.from);
        let (name, about) = (right.name.to_owned(), right.about);
        let what = Consequence::RightOpened(RightOpened {
            right: name.clone(),
            about: about.clone(),
            from: right.from,
        });
        self.follow(opens_at, Stream::Ledger, what, right.because.clone());
        let closes_at = closes.map(|(at, _)| at.max(opens_at));
        if let (Some(at), Some((_, on))) = (closes_at, closes) {
            let what = Consequence::RightClosed(RightClosed {
                right: name.clone(),
                about: about.clone(),
                on,
            });
            self.follow(at, Stream::Ledger, what, right.because);
        }
        if opens_at <= self.until && closes_at.is_none_or(|at| at > self.until) {
            self.found.rights.push(OpenRight { right: name, about, from: right.from });
        }
    }

    /// When every contract of an invoice is over, and the last day of the last.
    fn contract_end(&self, invoice: &Invoice) -> Option<(Moment, Day)> {
        let ends: Option<Vec<(Moment, Day)>> = invoice
            .contracts()
            .into_iter()
            .map(|id| self.state.contracts.get(id)?.end.as_ref().map(|end| (end.at, end.on)))
            .collect();
        ends?.into_iter().max()
    }

    /// when no ground is open any more, or a person decided so, somebody decides on
    /// resuming and resumes the service; the task is done when the upstream runs again.
    pub(crate) fn resumptions(&mut self, id: &ContractId) {
        let Some(contract) = self.state.contracts.get(id).cloned() else { return };
        if contract.stops.is_empty() {
            return;
        }
        let turns = self.turns_of(id);
        for stop in &contract.stops {
            let decided = stop.resumption_decided;
            let within = |at: &Moment| *at >= stop.from && stop.to.is_none_or(|to| *at <= to);
            let gone = no_ground_from(&turns, stop.from).filter(within);
            let Some(opened_at) = decided.into_iter().chain(gone).min() else { continue };
            let terms = self.terms(opened_at, &[], &id.0);
            let remind = terms.calendar.after(opened_at.day(), terms.rules.resume_monitor_bd);
            let because = Because::of(&RESUMPTION).fact(&stop.fact).under(&terms);
            let (task, about) = (TaskKind::ResumeUpstream, id.0.clone());
            let task = OpenTask { task, about, opened_at, remind_on: remind };
            self.task(&id.into(), task, stop.to, because);
        }
    }

    /// 12-3: somebody suspends upstream what was ordered; an order whose ground is gone
    /// before that was done is withdrawn, which is told.
    pub(crate) fn suspension_orders(&mut self, id: &ContractId) {
        let turns = self.turns_of(id);
        for (happening, asked) in self.acts_of::<Suspend>(id) {
            let (at, ground) = (happening.occurred_at, asked.ground.clone());
            let terms = self.terms(at, &[], &id.0);
            let mut stopped = self.facts_of::<UpstreamSuspended>(id).map(|(done, _)| done);
            let done = stopped.find(|done| done.occurred_at >= at).map(|done| done.occurred_at);
            let until = self.until;
            let gone = no_ground_from(&turns, at).filter(|at| done.is_none() && *at <= until);
            let because = Because::of(&SUSPENSION).fact(&happening.input).with(Ground { ground });
            let remind = terms.calendar.after(at.day(), terms.rules.resume_monitor_bd);
            let (task, about) = (TaskKind::SuspendUpstream, id.0.clone());
            let task = OpenTask { task, about, opened_at: at, remind_on: remind };
            self.task(&id.into(), task, done.or(gone), because.under(&terms));
            if let Some(gone) = gone {
                let detail = task::ORDERED_ON.of(&[&at.day()]);
                self.alert(gone, AlertCode::SuspensionWithdrawn, &id.0, detail);
            }
        }
    }

    /// 16-1: a termination whose ground turned out not to have been there is looked at by
    /// a person before anything of it is final, with the notices that left on it.
    pub(crate) fn groundless_terminations(&mut self, id: &ContractId) {
        for (happening, terminated) in self.acts_of::<Terminate>(id) {
            let at = happening.occurred_at;
            if self.was_open(id, &terminated.ground, at) {
                continue;
            }
            let terms = self.terms(at, &[], &id.0);
            let notices = self.facts_of::<TerminationNoticeSent>(id);
            let of_this = notices
                .filter(|(_, sent)| sent.act.as_ref().is_none_or(|act| *act == happening.input));
            let notices: Vec<_> = of_this.map(|(notice, _)| notice.input.clone()).collect();
            let ground = terminated.ground.clone();
            let because = Because::of(&GROUNDLESS)
                .fact(&happening.input)
                .facts(&notices)
                .with(Ground { ground })
                .under(&terms);
            let erased = self.facts_of::<MaterialErased>(id).map(|(at, _)| at.occurred_at);
            let upheld = self.facts_of::<TerminationUpheld>(id).map(|(at, _)| at.occurred_at);
            let done = erased.chain(upheld).filter(|done| *done >= at).min();
            let remind = terms.calendar.after(at.day(), 1);
            let (task, about) = (TaskKind::ReviewTermination, id.0.clone());
            let task = OpenTask { task, about, opened_at: at, remind_on: remind };
            self.task(&id.into(), task, done, because);
        }
    }

    /// Whether a right of this name was open on a contract at a moment.
    fn was_open(&self, id: &ContractId, ground: &str, at: Moment) -> bool {
        let mut open = 0;
        for followed in self.rights_concerning(id) {
            match &followed.consequence {
                Consequence::RightOpened(one) if one.right == ground && followed.at <= at => {
                    open += 1;
                }
                // Of the same day nobody can say which was first.
                Consequence::RightClosed(one)
                    if one.right == ground && followed.at < Moment::start_of(at.day()) =>
                {
                    open -= 1;
                }
                _ => {}
            }
        }
        open > 0
    }

    /// Every opening and closing of a right on a contract, in the order of time.
    fn turns_of(&self, id: &ContractId) -> Vec<Turn> {
        let turns = self.rights_concerning(id).filter_map(|followed| match &followed.consequence {
            Consequence::RightOpened(_) => Some((followed.at, 1)),
            Consequence::RightClosed(_) => Some((followed.at, -1)),
            _ => None,
        });
        let mut turns: Vec<_> = turns.collect();
        turns.sort_by_key(|(at, change)| (*at, -change));
        turns
    }

    /// What opens and closes rights on a contract: its invoices, and what a person found.
    pub(crate) fn rights_concerning(&self, id: &ContractId) -> impl Iterator<Item = &Followed> {
        let invoices = self.cash.openings_of(id).map(|(number, _)| Cell::Receivable(number));
        let cells = invoices.chain([Cell::Judged(id.0.clone())]);
        cells.flat_map(|cell| self.cells.followed_with_rights(&cell).collect::<Vec<_>>())
    }
}

/// When the number of open rights changes, and by how many.
type Turn = (Moment, i32);

/// The first moment since `stopped` without any open ground: it may be gone before the
/// upstream stops, and one that was retracted never was.
fn no_ground_from(turns: &[Turn], stopped: Moment) -> Option<Moment> {
    let mut open = 0;
    let mut gone_since = Some(stopped);
    for (at, change) in turns {
        if gone_since.is_some() && *at > stopped {
            break;
        }
        open += change;
        gone_since = (open == 0).then_some(*at);
    }
    gone_since.map(|at| at.max(stopped))
}
