//! Articles 12-3 and 16-1: the grounds that are open, from when until when.

use reckon::{Day, Moment, Yen};

use super::ledger::unpaid_before;
use super::{OpenRight, Unfolding};
use crate::act::Act;
use crate::consequence::{Consequence, TaskKind};
use crate::fact::Fact;
use crate::ids::ContractId;
use crate::reason::Because;
use crate::stream::Stream;
use crate::{suspension, termination};

/// A right with its first day and the reason for it.
struct Right {
    name: &'static str,
    about: String,
    from: Day,
    because: Because,
}

impl<'a> Unfolding<'a> {
    pub(super) fn rights(&mut self) {
        let numbers: Vec<_> = self.state.receivables.keys().cloned().collect();
        for number in numbers {
            self.rights_of(&number);
        }
        self.judged_grounds();
        self.resumptions();
    }

    /// 12-3 from the day after the due date, 16-1(2) after three months; both
    /// end with the payment or with the contract.
    fn rights_of(&mut self, number: &str) {
        let terms = self.terms_of(number);
        let receivable = self.state.receivables[number].clone();
        let paid = receivable.settled_at.zip(receivable.paid_on);
        let closes = [paid, self.contract_end(number)].into_iter().flatten().min();
        let because =
            |rule| Because::rule(rule).fact(&receivable.issued_by).number("due", receivable.due);
        let opens = suspension::right_from(&terms, receivable.due, receivable.total);
        let unpaid = opens.map_or(Yen::ZERO, |day| unpaid_before(&terms, &receivable, day));
        if let Some(from) = suspension::right_from(&terms, receivable.due, unpaid) {
            let because = because("suspension_right").number("outstanding", unpaid);
            let about = number.to_owned();
            self.open(Right { name: "12-3", about, from, because: because.under(&terms) }, closes);
        }
        let arrears = termination::arrears(&terms, receivable.due);
        if unpaid_before(&terms, &receivable, arrears.right_from).is_positive() {
            let because = because("arrears_right")
                .number("period_from", arrears.period_from)
                .number("period_to", arrears.period_to);
            let right = Right {
                name: "16-1(2)",
                about: number.to_owned(),
                from: arrears.right_from,
                because: because.under(&terms),
            };
            self.open(right, closes);
        }
    }

    /// Other grounds of 16-1 are facts that a person recorded with a document.
    fn judged_grounds(&mut self) {
        let judged = self.facts(|fact| match fact {
            Fact::JudgementRecorded { clause, about, .. } if clause.starts_with("16-1(") => {
                Some((clause.clone(), about.clone()))
            }
            _ => None,
        });
        for (happening, (clause, about)) in judged {
            let Some(name) = GROUNDS.iter().copied().find(|ground| **ground == *clause) else {
                continue;
            };
            let because = Because::rule("judged_ground").fact(&happening.input);
            let closes = self.state.contracts.get(&ContractId(about.clone()));
            let closes = closes.and_then(|c| c.end.as_ref()).map(|end| (end.at, end.on));
            self.open(Right { name, about, from: happening.occurred_at.day(), because }, closes);
        }
    }

    /// Opens a right, and closes it at a moment for what came about on a day.
    fn open(&mut self, right: Right, closes: Option<(Moment, Day)>) {
        if closes.is_some_and(|(_, day)| day < right.from) {
            return;
        }
        let opens_at = Moment::start_of(right.from);
        let (name, about) = (right.name.to_owned(), right.about);
        let what = Consequence::RightOpened {
            right: name.clone(),
            about: about.clone(),
            from: right.from,
        };
        self.follow(opens_at, Stream::Ledger, what, right.because.clone());
        let closes_at = closes.map(|(at, _)| at.max(opens_at));
        if let (Some(at), Some((_, on))) = (closes_at, closes) {
            let what = Consequence::RightClosed { right: name.clone(), about: about.clone(), on };
            self.follow(at, Stream::Ledger, what, right.because);
        }
        if opens_at <= self.until && closes_at.is_none_or(|at| at > self.until) {
            self.state.rights.push(OpenRight { right: name, about, from: right.from });
        }
    }

    /// When every contract of an invoice is over, and the last day of the last.
    fn contract_end(&self, number: &str) -> Option<(Moment, Day)> {
        let invoice = &self.state.receivables[number].invoice;
        let ends: Option<Vec<(Moment, Day)>> = invoice
            .contracts()
            .into_iter()
            .map(|id| self.state.contracts.get(id)?.end.as_ref().map(|end| (end.at, end.on)))
            .collect();
        ends?.into_iter().max()
    }

    /// when no ground is open any more, or a person decided so, somebody
    /// resumes the service; the task is done when the upstream runs again.
    fn resumptions(&mut self) {
        let ids: Vec<ContractId> = self.state.contracts.keys().cloned().collect();
        for id in ids {
            for stop in self.state.contracts[&id].stops.clone() {
                let decided = self.acts(|act| match act {
                    Act::Resume { contract } if *contract == id => Some(()),
                    _ => None,
                });
                let decided = decided.iter().map(|(h, ())| h.occurred_at);
                let within = |at: &Moment| *at >= stop.from && stop.to.is_none_or(|to| *at <= to);
                let decided = decided.filter(within).min();
                let gone = self.no_ground_from(&id, stop.from).filter(within);
                let Some(opened_at) = decided.into_iter().chain(gone).min() else { continue };
                let terms = self.terms(opened_at, &[], &id.0);
                let remind = terms.calendar.after(opened_at.day(), terms.rules.resume_monitor_bd);
                let because = Because::rule("resumption").fact(&stop.fact).under(&terms);
                let task = (TaskKind::ResumeUpstream, id.0.as_str());
                let stream = Stream::Contract(id.clone());
                self.task(&stream, task, (opened_at, remind), stop.to, because);
            }
        }
    }

    /// The first moment since `stopped` without any open ground concerning a
    /// contract that had one: a ground may be gone before the upstream stops.
    fn no_ground_from(&self, id: &ContractId, stopped: Moment) -> Option<Moment> {
        let mut turns: Vec<(Moment, i32)> = Vec::new();
        for followed in &self.followed {
            match &followed.consequence {
                Consequence::RightOpened { about, .. } if self.concerns(about, id) => {
                    turns.push((followed.at, 1));
                }
                Consequence::RightClosed { about, .. } if self.concerns(about, id) => {
                    turns.push((followed.at, -1));
                }
                _ => {}
            }
        }
        turns.sort_by_key(|(at, change)| (*at, -change));
        let mut open = 0;
        let mut gone_since = None;
        for (at, change) in turns {
            if gone_since.is_some() && at > stopped {
                break;
            }
            open += change;
            gone_since = (open == 0).then_some(at);
        }
        gone_since.map(|at| at.max(stopped))
    }

    pub(super) fn concerns(&self, about: &str, id: &ContractId) -> bool {
        about == id.0
            || self
                .state
                .receivables
                .get(about)
                .is_some_and(|r| r.invoice.contracts().contains(&id))
    }
}

/// Items of 16-1 that rest on a recorded fact or judgement.
const GROUNDS: [&str; 9] = [
    "16-1(1)", "16-1(3)", "16-1(4)", "16-1(5)", "16-1(6)", "16-1(7)", "16-1(8)", "16-1(9)",
    "16-1(10)",
];
