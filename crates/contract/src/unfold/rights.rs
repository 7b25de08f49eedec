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
        let receivable = &self.state.receivables[number];
        let due = receivable.due;
        let paid = receivable.settled_at.zip(receivable.paid_on);
        let opens = suspension::right_from(&terms, due, receivable.total);
        let unpaid = opens.map_or(Yen::ZERO, |day| unpaid_before(&terms, receivable, day));
        let arrears = termination::arrears(&terms, due);
        let long_unpaid = unpaid_before(&terms, receivable, arrears.right_from).is_positive();
        let issued_by = receivable.issued_by.clone();
        let because = |rule| Because::rule(rule).fact(&issued_by).number("due", due);
        let closes = [paid, self.contract_end(number)].into_iter().flatten().min();
        if let Some(from) = suspension::right_from(&terms, due, unpaid) {
            let because = because("suspension_right").number("outstanding", unpaid);
            let about = number.to_owned();
            self.open(Right { name: "12-3", about, from, because: because.under(&terms) }, closes);
        }
        if long_unpaid {
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
        let turns = self.turns();
        let ids: Vec<ContractId> = self.state.contracts.keys().cloned().collect();
        for id in ids {
            let stops = self.state.contracts[&id].stops.clone();
            let of_contract =
                if stops.is_empty() { Vec::new() } else { self.turns_of(&id, &turns) };
            for stop in stops {
                let decided = self.acts_of(&id, |act| match act {
                    Act::Resume { contract } if *contract == id => Some(()),
                    _ => None,
                });
                let decided = decided.iter().map(|(h, ())| h.occurred_at);
                let within = |at: &Moment| *at >= stop.from && stop.to.is_none_or(|to| *at <= to);
                let decided = decided.filter(within).min();
                let gone = no_ground_from(&of_contract, stop.from).filter(within);
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

    /// Every opening and closing of a right.
    fn turns(&self) -> Vec<(String, Turn)> {
        let turns = self.followed.iter().filter_map(|followed| match &followed.consequence {
            Consequence::RightOpened { about, .. } => Some((about.clone(), (followed.at, 1))),
            Consequence::RightClosed { about, .. } => Some((about.clone(), (followed.at, -1))),
            _ => None,
        });
        turns.collect()
    }

    /// Those that concern a contract, in the order of time.
    fn turns_of(&self, id: &ContractId, turns: &[(String, Turn)]) -> Vec<Turn> {
        let concerning = turns.iter().filter(|(about, _)| self.concerns(about, id));
        let mut turns: Vec<_> = concerning.map(|(_, turn)| *turn).collect();
        turns.sort_by_key(|(at, change)| (*at, -change));
        turns
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

/// When the number of open rights changes, and by how many.
type Turn = (Moment, i32);

/// The first moment since `stopped` without any open ground among those that there
/// were: a ground may be gone before the upstream stops.
fn no_ground_from(turns: &[Turn], stopped: Moment) -> Option<Moment> {
    let mut open = 0;
    let mut gone_since = None;
    for (at, change) in turns {
        if gone_since.is_some() && *at > stopped {
            break;
        }
        open += change;
        gone_since = (open == 0).then_some(*at);
    }
    gone_since.map(|at| at.max(stopped))
}

/// Items of 16-1 that rest on a recorded fact or judgement.
const GROUNDS: [&str; 9] = [
    "16-1(1)", "16-1(3)", "16-1(4)", "16-1(5)", "16-1(6)", "16-1(7)", "16-1(8)", "16-1(9)",
    "16-1(10)",
];
