//! What will really happen when a step is registered: what follows at once, which mails
//! leave to whom, what is done to the cloud or erased, and what follows of that. Read
//! from the code that does it: nothing here is typed beside.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use contract::AccountState;
use contract::declare::act::{
    AcceptApplication, Act, Approve, ConfirmErasure, OrderErasure, Propose,
};
use contract::declare::consequence::Consequence;
use contract::declare::ids::{AccountId, ApplicationId, ConsequenceId};
use contract::declare::reason::Finding;
use contract::declare::words::Language;
use contract::declare::words::Sentence;
use contract::road::account::Account;
use contract::road::case::Case;
use contract::road::decide::Decision;
use contract::road::stream::{Body, Content, Event, Input};
use contract::road::unfold::Followed;
use document::wording;
use reckon::Month;

use crate::asked::preview::{ChargeChange, charge_changes};
use crate::keeping::store::OutboxRow;
use crate::outgoing::compose::LetterAhead;
use crate::outgoing::draft::Desk;
use crate::outgoing::list::{Effect, effects};
use crate::outgoing::outbox::performed;
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What a step comes to, and what it sets in motion.
#[derive(Debug, Clone)]
pub struct Ahead {
    pub decision: Decision,
    /// What is recorded now and would follow no longer.
    pub undone: Vec<Consequence>,
    pub motions: Vec<Motion>,
    /// Where the account stands without it, and with all of it done.
    pub before: Arc<AccountState>,
    pub after: Arc<AccountState>,
    /// What will follow later if nothing else happens, and does not without it.
    pub coming: Vec<Followed>,
    /// Charges of which more or less would be owed than now, up to the next month, without
    /// tax.
    pub charges: Vec<ChargeChange>,
    /// What it comes to once a second person approves it, where it is a proposal.
    pub approved: Option<Box<Ahead>>,
}

/// Why something would not be performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindered {
    /// What it rests on is not there.
    NotWanted,
    /// The mail cannot be written, for want of this.
    NotWritten(Sentence),
}

/// How an account stood before the step.
struct Before {
    case: Arc<Case>,
    state: Arc<AccountState>,
    coming: HashSet<ConsequenceId>,
}

impl Before {
    fn of(account: &Account) -> Before {
        let coming = account.coming().into_iter().map(|one| one.id.clone()).collect();
        let (case, state) = (account.case().clone(), account.state().clone());
        Before { case, state, coming }
    }
}

/// Something that is performed outside of the record once the step is registered.
#[derive(Debug, Clone)]
pub struct Motion {
    pub effect: Effect,
    /// As it would leave now.
    pub letter: Option<LetterAhead>,
    /// How many things of which class would be destroyed.
    pub erases: Vec<(String, u64)>,
    /// Why it could not be performed as things stand.
    pub hindered: Option<Hindered>,
    /// What follows when it is done.
    pub events: Vec<Event>,
}

impl Ahead {
    /// As lines for somebody at a terminal: what stands against it, what follows, what is
    /// done outside, and what comes of that.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let told = |event: &Event| match &event.body {
            Body::Follows { consequence, .. } => Some(consequence.line(language)),
            _ => None,
        };
        let indented = |event: &Event| told(event).map(|line| format!("    {line}"));
        let findings = &self.decision.findings;
        let mut lines: Vec<_> =
            findings.iter().map(|one| format!("! {}", wording::finding(one, language))).collect();
        lines.extend(self.decision.events.iter().filter_map(told));
        lines.extend(self.undone.iter().map(|gone| format!("- {}", gone.line(language))));
        for motion in &self.motions {
            let mut line = format!("> {}", motion.effect.title(language));
            if let Some(letter) = &motion.letter {
                line += &format!(": {}", letter.subject);
            }
            line.extend(motion.erases.iter().map(|(class, count)| format!(" {class}: {count}")));
            line.extend(motion.hindered.iter().map(|why| format!(" ({why:?})")));
            lines.push(line);
            lines.extend(motion.events.iter().filter_map(indented));
        }
        let coming = self.coming.iter();
        lines.extend(coming.map(|one| format!("{}  {}", one.at, one.consequence.line(language))));
        if let Some(approved) = &self.approved {
            lines.push(
                language.pick("別の人が承認すると", "once another person approves").to_owned(),
            );
            lines.extend(approved.lines(language).into_iter().map(|line| format!("  {line}")));
        }
        lines
    }
}

/// One thing leads to another; the chain of the terms is no longer than this.
const LONGEST_CHAIN: usize = 12;

impl Engine {
    /// Looks ahead of a step under the hat of whoever brings it. Nothing is written.
    ///
    /// # Errors
    /// When the store fails, or the law cannot be applied.
    pub async fn look_ahead(&self, input: &Input) -> Result<Ahead, EngineError> {
        let input = &self.sealed(input.clone()).await?;
        self.check_against_record(input).await?;
        let mut account = Arc::unwrap_or_clone(self.account(&input.account).await?);
        let before = Before::of(&account);
        let decision = account.decide(&self.law, input)?;
        let second = match &input.content {
            Content::Act(Act::Propose(Propose { act })) => {
                let proposal = input.id.clone();
                Some(Act::Approve(Approve { proposal, act: act.clone() }))
            }
            Content::Act(Act::OrderErasure(OrderErasure { contract })) => {
                Some(Act::ConfirmErasure(ConfirmErasure { contract: contract.clone() }))
            }
            _ => None,
        };
        let approved = match second.filter(|_| !decision.refused) {
            Some(second) => Some(Box::new(self.approved(account.clone(), input, second).await?)),
            None => None,
        };
        let mut ahead = self.set_in_motion(account, &before, input, decision).await?;
        ahead.approved = approved;
        Ok(ahead)
    }

    /// The checks of the applicant without which an application cannot be accepted now.
    ///
    /// # Errors
    /// When the store fails, or the law cannot be applied.
    pub async fn checks_missing(
        &self,
        account: &AccountId,
        application: &str,
    ) -> Result<Vec<Finding>, EngineError> {
        let mut known = Arc::unwrap_or_clone(self.account(account).await?);
        let application = ApplicationId(application.to_owned());
        let accept = Act::AcceptApplication(AcceptApplication { application });
        let input = self.input("ahead", account, &system(), "ahead", Content::Act(accept));
        let mut findings = known.foresee(&self.law, &input)?.decision.findings;
        findings.retain(|finding| finding.blocks && finding.code.starts_with("check_"));
        Ok(findings)
    }

    /// Whoever approves it, and whatever stands against it by then.
    async fn approved(
        &self,
        mut account: Account,
        proposed: &Input,
        approve: Act,
    ) -> Result<Ahead, EngineError> {
        let before = Before::of(&account);
        let input =
            self.input("ahead", &proposed.account, &system(), "ahead", Content::Act(approve));
        let decision = account.foresee(&self.law, &input)?.decision;
        self.set_in_motion(account, &before, &input, decision).await
    }

    async fn set_in_motion(
        &self,
        mut account: Account,
        before: &Before,
        input: &Input,
        decision: Decision,
    ) -> Result<Ahead, EngineError> {
        let at = input.known_at;
        let mut motions = Vec::new();
        let mut asked: VecDeque<OutboxRow> =
            effects(&self.law, input, &decision.events, self.now()).into_iter().collect();
        while let Some(row) = asked.pop_front().filter(|_| motions.len() < LONGEST_CHAIN) {
            let Ok(effect) = serde_json::from_value::<Effect>(row.payload.clone()) else {
                continue;
            };
            let mut motion = self.motion(&account, &row, effect).await?;
            if motion.hindered.is_none() {
                let (case, state) = (account.case().clone(), account.state().clone());
                let desk = Desk { engine: self, case: &case, state: &state, at: self.now() };
                let facts = motion.effect.comes_of_it(&desk, input).await?;
                for (at, fact) in facts.into_iter().enumerate() {
                    let mut done = performed(&row, fact, self.now());
                    // Each is an entry of its own.
                    done.id.0 += &"+".repeat(at);
                    let events = account.decide(&self.law, &done)?.events;
                    asked.extend(effects(&self.law, &done, &events, self.now()));
                    motion.events.extend(events);
                }
            }
            motions.push(motion);
        }
        let then = motions.iter().flat_map(|motion| &motion.events);
        let undone = undone(&before.case, decision.events.iter().chain(then));
        let coming = account.coming().into_iter();
        let coming = coming.filter(|one| !before.coming.contains(&one.id)).cloned().collect();
        let (before, after) = (before.state.clone(), account.state().clone());
        let charges =
            charge_changes(&self.law, &before, &after, at.day(), Month::of(at.day()).plus(1))?;
        let charges = charges.into_iter().map(|(_, change)| change).collect();
        Ok(Ahead { decision, undone, motions, before, after, coming, charges, approved: None })
    }

    /// An effect as it would be performed now.
    async fn motion(
        &self,
        account: &Account,
        row: &OutboxRow,
        effect: Effect,
    ) -> Result<Motion, EngineError> {
        let (case, state) = (account.case(), account.state());
        let mut motion =
            Motion { effect, letter: None, erases: vec![], hindered: None, events: vec![] };
        if motion.effect.still_wanted(case, state).is_err() {
            motion.hindered = Some(Hindered::NotWanted);
        } else if motion.effect.of().kind == "mail" {
            let desk = Desk { engine: self, case, state, at: self.now() };
            match self.letter_ahead(&motion.effect, &desk).await {
                Ok(letter) => motion.letter = Some(letter),
                Err(EngineError::Store(error)) => return Err(error.into()),
                Err(why) => motion.hindered = Some(Hindered::NotWritten(why.told())),
            }
        } else {
            motion.erases = motion.effect.destroys(self, row).await?;
        }
        Ok(motion)
    }
}

/// What is recorded before and follows no longer.
fn undone<'a>(before: &Case, events: impl Iterator<Item = &'a Event>) -> Vec<Consequence> {
    let gone = events.filter_map(|event| match &event.body {
        Body::Retracted { of } => before.live.get(of),
        _ => None,
    });
    gone.map(|live| live.consequence.clone()).collect()
}
