//! A preview: what an act or a fact would change, and what has left the house
//! already that rests on it. Nothing is stored by looking.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::declare::act::{Act, Approve, Propose};
use contract::declare::consequence::Consequence;
use contract::declare::ids::AccountId;
use contract::declare::reason::Finding;
use contract::money::charges::{Run, open_lines};
use contract::money::invoice::{ChargeKey, ChargeKind};
use contract::road::case::Case;
use contract::road::plausible::implausible;
use contract::road::stream::{Body, Content, Input};
use contract::{AccountState, Foreseen};
use document::wording::{self, Amounts, Language};
use reckon::{Day, Moment, Month, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Law, LawError};

use crate::keeping::store::{OutboxRow, OutboxState, PersonalRow, Store};
use crate::outgoing::list::{Effect, effects};
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// Everything that would change. As JSON it is kept with the proposal.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct EntryPreview {
    pub account: AccountId,
    /// The moment at which it was looked at: later it may come to something else.
    pub at: Moment,
    pub what: DatedSentence,
    /// What the terms say against it.
    pub findings: Vec<Finding>,
    /// What follows now and would follow no longer.
    pub retracted: Vec<DatedSentence>,
    /// What would follow anew.
    pub follows: Vec<DatedSentence>,
    /// Charges of which more or less would be owed, without tax.
    pub charges: Vec<ChargeChange>,
    /// Dates, states and sums that would be others.
    pub changes: Vec<AccountChange>,
    /// What was sent already and rests on what would change.
    pub papers: Vec<SentPaper>,
    /// What would leave, by the names of the outbox.
    pub leaves: Vec<String>,
}

/// One line in both languages.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct DatedSentence {
    /// When it comes about.
    pub at: Moment,
    pub ja: String,
    pub en: String,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ChargeChange {
    pub kind: ChargeKind,
    pub contract: String,
    pub line: u32,
    pub name: String,
    pub month: Month,
    /// More to be charged than now, or less: then a credit note or the next
    /// invoice gives it back.
    pub difference: Yen,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AccountChange {
    /// A contract, an invoice, or the account.
    pub about: String,
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct SentPaper {
    /// Of the outbox.
    pub id: String,
    pub about: String,
    pub sent_at: Moment,
    /// File name of the paper that went with it.
    pub paper: Option<String>,
}

/// What a change names that is an amount.
const SUMS: [&str; 6] =
    ["outstanding", "credited", "late_interest", "held", "to_return", "returned"];

impl EntryPreview {
    /// By which a proposal names what its proposer had looked at.
    pub fn digest(&self) -> String {
        let bytes = serde_json::to_vec(self).expect("plain data");
        contract::declare::ids::short_hash(&bytes)
    }

    /// The same for whoever sees no amounts: what changes, without the sums.
    pub fn seen_with(mut self, amounts: Amounts) -> EntryPreview {
        if amounts == Amounts::Shown {
            return self;
        }
        let sentences = self.retracted.iter_mut().chain(&mut self.follows);
        for sentence in sentences.chain([&mut self.what]) {
            sentence.ja = wording::without_amounts(&sentence.ja);
            sentence.en = wording::without_amounts(&sentence.en);
        }
        self.charges.clear();
        self.changes.retain(|change| !SUMS.contains(&change.name.as_str()));
        self
    }

    /// The preview as lines for a person.
    pub fn words(&self, language: Language) -> Vec<String> {
        let pick = |ja: &str, en: &str| match language {
            Language::Japanese => ja.to_owned(),
            Language::English => en.to_owned(),
        };
        let mut lines = vec![pick(&self.what.ja, &self.what.en)];
        let mut section = |title: String, rows: Vec<String>| {
            if !rows.is_empty() {
                lines.push(title);
                lines.extend(rows.into_iter().map(|row| format!("  {row}")));
            }
        };
        let told = |sentences: &[DatedSentence]| {
            let told =
                |s: &DatedSentence| format!("{}  {}", s.at.to_minute_text(), pick(&s.ja, &s.en));
            sentences.iter().map(told).collect::<Vec<_>>()
        };
        let findings = self.findings.iter().map(|f| wording::finding(f, language)).collect();
        section(pick("支障・注意", "against it"), findings);
        section(pick("なくなること", "no longer follows"), told(&self.retracted));
        section(pick("新たに生じること", "would follow"), told(&self.follows));
        let charges = self
            .charges
            .iter()
            .map(|c| format!("{}/{} {} {}: {}", c.contract, c.line, c.month, c.name, c.difference));
        section(pick("料金の増減（税抜・円）", "charges (yen without tax)"), charges.collect());
        let none = || "–".to_owned();
        let changes = self.changes.iter().map(|c| {
            let (before, after) = (c.before.clone(), c.after.clone());
            let (before, after) = (before.unwrap_or_else(none), after.unwrap_or_else(none));
            let name = wording::standing(&c.name, language);
            format!("{} {name}: {before} → {after}", c.about)
        });
        section(pick("変わる日付・状態・金額", "dates, states and sums"), changes.collect());
        let papers = self.papers.iter().map(|p| {
            let paper = p.paper.clone().unwrap_or_else(none);
            format!("{}  {}  {paper}", p.sent_at.to_minute_text(), p.id)
        });
        section(pick("送付済みの書類", "sent already"), papers.collect());
        section(pick("送付されるもの", "would leave"), self.leaves.clone());
        lines
    }
}

impl Engine {
    /// What a fact or an act would come to, whoever brings it and whatever stands
    /// against it. A proposal is looked at as the act that it proposes.
    ///
    /// # Errors
    /// When it cannot be meant, the store fails, or the law cannot be applied.
    pub async fn preview_entry(
        &self,
        account: &AccountId,
        content: &Content,
    ) -> Result<EntryPreview, EngineError> {
        let content = match content {
            Content::Act(Act::Propose(Propose { act }) | Act::Approve(Approve { act, .. })) => {
                Content::Act(act.as_ref().clone())
            }
            other => other.clone(),
        };
        let input = self.input("preview", account, &system(), "preview", content);
        let input = self.sealed(input).await?;
        if let Some(problem) = implausible(&input.content) {
            return Err(EngineError::beyond(problem));
        }
        let mut looked = Arc::unwrap_or_clone(self.account(account).await?);
        let case = looked.case().clone();
        let foreseen = looked.foresee(&self.law, &input)?;
        let (before, after) = (&foreseen.before, &foreseen.decision.state);
        let at = input.known_at;
        let charges = charge_changes(&self.law, before, after, at.day(), Month::of(at.day()))?;
        let papers = self.papers_that_rest_on(account, &case, &foreseen, &charges).await?;
        Ok(EntryPreview {
            account: account.clone(),
            at,
            what: told(&input),
            findings: foreseen.decision.findings.clone(),
            retracted: foreseen.retracted(&case),
            follows: foreseen.follows(),
            charges: charges.into_iter().map(|(_, change)| change).collect(),
            changes: differences(standing(before), standing(after)),
            papers,
            leaves: effects(&self.law, &input, &foreseen.decision.events, self.now())
                .into_iter()
                .map(|r| r.id)
                .collect(),
        })
    }

    /// The row that keeps with a proposal what its proposer could see.
    pub(crate) async fn preview_row(
        &self,
        input: &Input,
    ) -> Result<Option<PersonalRow>, EngineError> {
        let Content::Act(Act::Propose(_)) = &input.content else { return Ok(None) };
        let preview = self.preview_entry(&input.account, &input.content).await?;
        Ok(Some(PersonalRow {
            id: format!("preview/{}", input.id),
            subject: format!("{}/reasons", input.account),
            account: input.account.clone(),
            class: "preview".to_owned(),
            name: format!("preview-{}.json", preview.digest()),
            content: serde_json::to_vec(&preview).expect("plain data"),
        }))
    }

    /// What was kept with a proposal.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn preview_of(
        &self,
        proposal: &contract::declare::ids::InputId,
    ) -> Result<Option<EntryPreview>, EngineError> {
        let row = self.store.personal(&format!("preview/{proposal}")).await?;
        Ok(row.and_then(|row| serde_json::from_slice(&row.content).ok()))
    }

    /// Mails that left after something came about that would come about no longer,
    /// and about the same; and those with invoices of charges that would change.
    async fn papers_that_rest_on(
        &self,
        account: &AccountId,
        case: &Case,
        foreseen: &Foreseen,
        charges: &[(ChargeKey, ChargeChange)],
    ) -> Result<Vec<SentPaper>, EngineError> {
        let mut touched: BTreeMap<String, Moment> = BTreeMap::new();
        for (at, consequence) in foreseen.gone(case) {
            for subject in subjects(consequence) {
                let first = touched.entry(subject).or_insert(at);
                *first = at.min(*first);
            }
        }
        let keys: BTreeSet<_> = charges.iter().map(|(key, _)| key).collect();
        let state = &foreseen.before;
        let billed = |number: &str| {
            let invoice = state.receivables.get(number).map(|receivable| &receivable.invoice);
            invoice.is_some_and(|i| i.lines.iter().any(|line| keys.contains(&line.charge.key)))
        };
        let mut papers = Vec::new();
        for row in self.store.outbox().await? {
            if row.account != *account || row.kind != "mail" || row.state != OutboxState::Done {
                continue;
            }
            let Ok(effect) = serde_json::from_value::<Effect>(row.payload.clone()) else {
                continue;
            };
            let about = effect.about().to_owned();
            let rests = touched.get(&about).is_some_and(|since| row.next_at >= *since);
            if rests || billed(&about) {
                papers.push(sent_paper(&*self.store, row, about).await?);
            }
        }
        papers.sort_by(|a, b| (a.sent_at, &a.id).cmp(&(b.sent_at, &b.id)));
        Ok(papers)
    }
}

async fn sent_paper(
    store: &dyn Store,
    row: OutboxRow,
    about: String,
) -> Result<SentPaper, EngineError> {
    let id = format!("paper/{}", row.id);
    let paper = match store.document(&id).await? {
        Some(document) => Some(document.name),
        None => store.personal(&id).await?.map(|row| row.name),
    };
    Ok(SentPaper { id: row.id, about, sent_at: row.next_at, paper })
}

/// Charges up to a month, after less before.
pub(crate) fn charge_changes(
    law: &Law,
    before: &AccountState,
    after: &AccountState,
    issued_on: Day,
    month: Month,
) -> Result<Vec<(ChargeKey, ChargeChange)>, LawError> {
    let run = Run { id: String::new(), month, issued_on };
    let open = |state| open_lines(law, state, &run);
    let mut sums: BTreeMap<ChargeKey, (String, Yen)> = BTreeMap::new();
    for (lines, sign) in [(open(before)?.lines, -1), (open(after)?.lines, 1)] {
        for line in lines {
            let sum = sums.entry(line.charge.key).or_insert((line.charge.name, Yen::ZERO));
            sum.1 += Yen(line.amount.0 * sign);
        }
    }
    let changed = sums.into_iter().filter(|(_, (_, difference))| !difference.is_zero());
    Ok(changed
        .map(|(key, (name, difference))| {
            let (kind, contract, line) = (key.kind, key.contract.0.clone(), key.line);
            let month = key.month;
            (key, ChargeChange { kind, contract, line, name, month, difference })
        })
        .collect())
}

/// Reading what a decision would add and take away.
trait Story {
    fn gone<'a>(&self, case: &'a Case) -> Vec<(Moment, &'a Consequence)>;
    fn retracted(&self, case: &Case) -> Vec<DatedSentence>;
    fn follows(&self) -> Vec<DatedSentence>;
}

impl Story for Foreseen {
    fn gone<'a>(&self, case: &'a Case) -> Vec<(Moment, &'a Consequence)> {
        let taken = self.decision.events.iter().filter_map(|event| match &event.body {
            Body::Retracted { of } => case.live.get(of),
            _ => None,
        });
        taken.map(|live| (live.occurred_at, &live.consequence)).collect()
    }

    fn retracted(&self, case: &Case) -> Vec<DatedSentence> {
        let gone = self.gone(case).into_iter();
        let mut told: Vec<_> = gone.map(|(at, consequence)| sentence(at, consequence)).collect();
        told.sort_by_key(|sentence| sentence.at);
        told
    }

    fn follows(&self) -> Vec<DatedSentence> {
        let new = self.decision.events.iter().filter_map(|event| match &event.body {
            Body::Follows { consequence, .. } => Some(sentence(event.occurred_at, consequence)),
            _ => None,
        });
        new.collect()
    }
}

fn sentence(at: Moment, consequence: &Consequence) -> DatedSentence {
    DatedSentence {
        at,
        ja: consequence.line(Language::Japanese),
        en: consequence.line(Language::English),
    }
}

fn told(input: &Input) -> DatedSentence {
    let words = |language| match &input.content {
        Content::Fact(fact) => fact.line(language),
        Content::Act(act) => act.line(language),
        Content::Clock | Content::Edition => String::new(),
    };
    let (ja, en) = (words(Language::Japanese), words(Language::English));
    DatedSentence { at: input.known_at, ja, en }
}

/// The contracts, applications and invoices of which a consequence speaks.
fn subjects(consequence: &Consequence) -> Vec<String> {
    let value = serde_json::to_value(consequence).expect("plain data");
    let named = ["application", "contract", "number", "about"].map(|name| value[name].as_str());
    named.into_iter().flatten().map(str::to_owned).collect()
}

/// Dates, states and sums of an account, by what they are about.
fn standing(state: &AccountState) -> BTreeMap<(String, &'static str), String> {
    let mut found = BTreeMap::new();
    let mut put = |about: &str, name: &'static str, value: Option<String>| {
        if let Some(value) = value {
            found.insert((about.to_owned(), name), value);
        }
    };
    for (id, contract) in &state.contracts {
        let status = serde_json::to_value(contract.status).expect("plain data");
        put(&id.0, "status", status.as_str().map(str::to_owned));
        put(&id.0, "period_to", Some(contract.period.to.to_string()));
        put(&id.0, "renewal_limit", contract.renewal_limit.map(|day| day.to_string()));
        put(&id.0, "last_day", contract.end.as_ref().map(|end| end.on.to_string()));
    }
    for (number, receivable) in &state.receivables {
        put(number, "outstanding", Some(receivable.outstanding.to_string()));
        put(number, "credited", Some(receivable.credited.to_string()));
        put(number, "paid_on", receivable.paid_on.map(|day| day.to_string()));
        put(number, "late_interest", Some(receivable.late_interest.to_string()));
    }
    let rights = state.rights.iter().map(|right| format!("{} {}", right.right, right.about));
    put("account", "rights", Some(rights.collect::<Vec<_>>().join(", ")));
    put("account", "held", Some(state.held.to_string()));
    put("account", "to_return", Some(state.to_return.to_string()));
    put("account", "returned", Some(state.returned.to_string()));
    found
}

fn differences(
    before: BTreeMap<(String, &'static str), String>,
    after: BTreeMap<(String, &'static str), String>,
) -> Vec<AccountChange> {
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = keys.into_iter().filter(|key| before.get(key) != after.get(key));
    changed
        .map(|key| AccountChange {
            about: key.0.clone(),
            name: key.1.to_owned(),
            before: before.get(key).cloned(),
            after: after.get(key).cloned(),
        })
        .collect()
}
