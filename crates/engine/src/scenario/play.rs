//! Playing a scenario: the clock moves, people act, expectations are checked.

use contract::declare::words::Language;
use contract::declare::words::Sentence;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::declare::act::{Act, Approve, Propose};
use contract::declare::door::{ALL, Ask, Doorway, First, Of};
use contract::declare::fact::{EntryVoided, Fact, NonRenewalStated, Payment};
use contract::declare::ids::{AccountId, ApplicationId, ContractId, InputId};
use contract::ending::renewal::Statement;
use contract::matters::matter::MatterId;
use contract::notices::given::NoticeId;
use contract::notices::notice::Channel;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use contract::{Person, PersonRole};
use reckon::Moment;
use serde_json::{Map, Value, json};

use super::action::{Action, Dated, Import, Receiving, Typed, UsageText};
use super::correction::Entry;
use super::expect::{Check, compare};
use super::files::deposit_file;
use super::public_pages::PublicPages;
use super::step::{Scenario, Step};
use crate::gates::bank::{Deposits, MovementDetails};
use crate::gates::intake::{ApplicationCame, ChangeCame, Registered};
use crate::gates::usage::Usage;
use crate::keeping::clock::ManualClock;
use crate::money::billing::HeldBackOf;
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};

/// Reads the files that a scenario names.
pub type Files = Box<dyn Fn(&str) -> Result<Vec<u8>, String> + Send + Sync>;

/// Plays one scenario on an engine whose clock it moves.
pub struct Player {
    pub(super) engine: Arc<Engine>,
    clock: Arc<ManualClock>,
    files: Files,
    /// Prefix of the input ids: the same file played again does nothing twice.
    pub(super) key: String,
    named: BTreeMap<String, Registered>,
    /// The entry that each step made, for a step that voids it.
    pub(super) entries: BTreeMap<usize, (AccountId, InputId)>,
    /// Numbers of quotations by the name that a step gave.
    pub(super) quotes: BTreeMap<String, (AccountId, String)>,
    /// Notices of the operator by the name that a step gave.
    pub(super) notices: BTreeMap<String, (NoticeId, String)>,
    pub(super) site: Option<Arc<PublicPages>>,
    /// Numbers of invoices in the order in which they were issued.
    invoices: Vec<String>,
    result: Value,
}

/// How a scenario came out.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub steps: Vec<StepReport>,
}

#[derive(Debug, Clone)]
pub struct StepReport {
    pub number: usize,
    pub at: Moment,
    pub title: String,
    pub checks: Vec<Check>,
    /// Why the step could not be done, when no expectation took notice of it.
    pub error: Option<String>,
}

impl Report {
    pub fn passed(&self) -> usize {
        self.steps.iter().flat_map(|s| &s.checks).filter(|c| c.passed()).count()
    }

    pub fn failed(&self) -> usize {
        let errors = self.steps.iter().filter(|s| s.error.is_some()).count();
        errors + self.steps.iter().flat_map(|s| &s.checks).filter(|c| !c.passed()).count()
    }
}

impl Player {
    pub fn new(
        engine: Arc<Engine>,
        clock: Arc<ManualClock>,
        files: Files,
        scenario: &Scenario,
    ) -> Player {
        let key = contract::declare::ids::short_hash(scenario.title.as_bytes());
        let (named, entries) = (BTreeMap::new(), BTreeMap::new());
        let (invoices, result) = (Vec::new(), Value::Null);
        let (quotes, notices, site) = (BTreeMap::new(), BTreeMap::new(), None);
        Player {
            engine,
            clock,
            files,
            key,
            named,
            entries,
            quotes,
            notices,
            site,
            invoices,
            result,
        }
    }

    /// With the site on which notices are posted, for steps that take it down.
    #[must_use]
    pub fn posting_on(self, site: Arc<PublicPages>) -> Player {
        Player { site: Some(site), ..self }
    }

    /// Plays every step in order.
    ///
    /// # Errors
    /// When the store fails. What a step refuses is part of the report.
    pub async fn play(&mut self, scenario: &Scenario) -> Result<Report, EngineError> {
        let mut report = Report::default();
        self.clock.move_to(scenario.start);
        for (at, step) in scenario.steps.iter().enumerate() {
            report.steps.push(self.step(at + 1, step).await?);
        }
        Ok(report)
    }

    /// Plays one step, of this number, and checks what it expects.
    ///
    /// # Errors
    /// As [`Player::play`].
    pub async fn step(&mut self, number: usize, step: &Step) -> Result<StepReport, EngineError> {
        if !step.asleep {
            self.advance(step.at).await?;
        }
        self.clock.move_to(step.at);
        self.engine.settle().await?;
        self.result = json!({});
        let error = match self.act(number, step).await {
            Ok(result) => {
                self.result = result;
                None
            }
            Err(EngineError::Store(error)) => return Err(error.into()),
            Err(error) => {
                self.result = json!({ "error": error.to_string() });
                Some(error.to_string())
            }
        };
        self.engine.settle().await?;
        let mut checks = Vec::new();
        for expectation in &step.expect {
            let seen = self.seen(&expectation.of).await?;
            checks.push(match seen {
                Ok(seen) => compare(&expectation.of, &expectation.is, &seen),
                Err(why) => Check { of: expectation.of.clone(), differences: vec![why] },
            });
        }
        let noticed = step.expect.iter().any(|e| e.of == "result" && e.is.get("error").is_some());
        let title = title(step);
        Ok(StepReport { number, at: step.at, title, checks, error: error.filter(|_| !noticed) })
    }

    /// Moves the clock from one due moment to the next, up to `to`.
    async fn advance(&self, to: Moment) -> Result<(), EngineError> {
        while let Some(due) = self.engine.store.next_due().await?.filter(|due| *due <= to) {
            self.clock.move_to(due);
            self.engine.settle().await?;
        }
        Ok(())
    }

    async fn act(&mut self, number: usize, step: &Step) -> Result<Value, EngineError> {
        let actor = self.actor(step)?;
        match step.action.clone() {
            Action::Wait {} => Ok(json!({})),
            Action::Receiving(what) => self.receive(number, what, &actor).await,
            Action::Desk(what) => self.desk(number, step.at, what, &actor).await,
            Action::Notices(what) => self.notice_step(number, what, &actor).await,
            Action::Arrivals(what) => self.arrivals(number, step.at, what, &actor).await,
            Action::Import(what) => self.import(number, step.at, what, &actor).await,
            Action::Bill { month, issued_on } => {
                let issued_on = issued_on.unwrap_or(step.at.day());
                let run = self.engine.bill(month, issued_on, &actor).await?;
                self.invoices.extend(
                    run.issued
                        .iter()
                        .filter(|n| !self.invoices.contains(n))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
                let held_back: Vec<_> = run.held_back.iter().map(HeldBackOf::told).collect();
                Ok(json!({ "issued": run.issued.len(), "held_back": held_back }))
            }
            Action::CancellationFile { file, arrived_at } => {
                let bytes = self.read(&file)?;
                let (channel, at) = (Channel::Paper, arrived_at.unwrap_or(step.at));
                let came =
                    self.engine.receive_cancellation_file(&file, &bytes, channel, at, &actor, "");
                Ok(outcome(came.await?))
            }
            Action::Dated(what) => {
                let entry = self.dated(what, step.at)?;
                self.entry_step(number, step, &actor, entry).await
            }
            Action::Correction(what) => {
                let entry = self.correction(what, step.at)?;
                self.entry_step(number, step, &actor, entry).await
            }
            Action::OfMoney(what) => {
                let (account, act) = self.money(what)?;
                let entry = (account, Content::Act(act), step.at);
                self.entry_step(number, step, &actor, entry).await
            }
            Action::Entry(typed) => {
                let (account, content) = self.typed(*typed, step.at)?;
                self.entry_step(number, step, &actor, (account, content, step.at)).await
            }
        }
    }

    /// An entry that is registered as it stands.
    async fn entry_step(
        &mut self,
        number: usize,
        step: &Step,
        actor: &Actor,
        entry: Entry,
    ) -> Result<Value, EngineError> {
        let (account, content, occurred_at) = entry;
        let id = format!("{}-{number}", self.key);
        self.entries.insert(number, (account.clone(), InputId(id.clone())));
        let content = match self.proposed(&id, &account, step, content).await? {
            Ok(content) => content,
            Err(refused) => return Ok(outcome(refused)),
        };
        let proposal = proposal_in(&content);
        let mut input = self.engine.input(id, &account, actor, "scenario", content);
        input.occurred_at = occurred_at;
        let mut result = outcome(self.engine.register(input).await?);
        if let Some(proposal) = proposal {
            result["preview"] = json!(self.engine.preview_of(&proposal).await?);
        }
        Ok(result)
    }

    /// What needs two persons is proposed first: the step itself then approves.
    async fn proposed(
        &self,
        id: &str,
        account: &AccountId,
        step: &Step,
        content: Content,
    ) -> Result<Result<Content, Outcome>, EngineError> {
        let (Content::Act(act), Some(proposer)) = (&content, &step.proposed_by) else {
            return Ok(Ok(content));
        };
        let proposer = self.person(proposer)?;
        let act = Box::new(act.clone());
        let propose = Content::Act(Act::Propose(Propose { act: act.clone() }));
        let id = format!("{id}-proposal");
        let input = self.engine.input(id, account, &proposer, "scenario", propose);
        let proposal = input.id.clone();
        let outcome = self.engine.register(input).await?;
        Ok(match outcome.refused {
            true => Err(outcome),
            false => Ok(Content::Act(Act::Approve(Approve { proposal, act }))),
        })
    }

    /// What comes in about an application.
    async fn receive(
        &mut self,
        number: usize,
        what: Receiving,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        match &what {
            Receiving::Application { name, channel, reference, checked, form } => {
                let (mut content, people) = form.content();
                content.quote = content.quote.map(|name| self.quote_number(&name));
                let reference = reference.clone().unwrap_or_else(|| format!("{}/{name}", self.key));
                let now = self.engine.now();
                let registered = self
                    .engine
                    .receive_application(
                        ApplicationCame {
                            reference: &reference,
                            channel: *channel,
                            sent_at: now,
                            received_at: now,
                            sent_doubt: None,
                            files: Vec::new(),
                        },
                        content,
                        people,
                        actor,
                    )
                    .await?;
                self.checked(number, *checked, &registered, actor).await?;
                Ok(self.name(number, name, registered))
            }
            Receiving::ApplicationMail { name, file, checked } => {
                let bytes = self.read(file)?;
                let registered = self.engine.receive_application_mail(file, &bytes, actor).await?;
                self.checked(number, *checked, &registered, actor).await?;
                Ok(self.name(number, name, registered))
            }
            Receiving::Change { name, contract, channel, from, changes } => {
                let (account, contract) = self.contract(contract)?;
                let reference = format!("{}/{name}", self.key);
                let came = ChangeCame {
                    reference: &reference,
                    channel: *channel,
                    contract,
                    from: *from,
                    changes: changes.clone(),
                };
                let registered = self.engine.receive_change(&account, came, actor).await?;
                Ok(self.name(number, name, registered))
            }
            Receiving::Contact { application, person, mail, phone } => {
                let (account, application) = self.application(application)?;
                let person = Person {
                    role: PersonRole::ResponsiblePerson,
                    name: person.clone(),
                    department: String::new(),
                    mail: mail.clone(),
                    phone: phone.clone(),
                };
                let id = format!("{}-{number}", self.key);
                let changed = self
                    .engine
                    .change_contact(&id, &account, &application, person, actor, "")
                    .await?;
                Ok(outcome(changed))
            }
        }
    }

    async fn import(
        &mut self,
        number: usize,
        at: Moment,
        what: Import,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        match &what {
            Import::DepositFile { file } => {
                let deposits = self.engine.import_deposits(file, &self.read(file)?, actor).await?;
                Ok(told_deposits(&deposits))
            }
            Import::Deposits { rows } => {
                let bytes = deposit_file(rows, at.day())?;
                let name = format!("deposits-{number}.txt");
                let deposits = self.engine.import_deposits(&name, &bytes, actor).await?;
                Ok(told_deposits(&deposits))
            }
            Import::UsageFile { file } => {
                let usage = self.engine.import_usage(file, &self.read(file)?, actor).await?;
                self.note_posted(number, &usage);
                Ok(told_usage(&usage))
            }
            Import::Usage { rows } => {
                let bytes = self.usage_file(rows)?;
                let name = format!("usage-{number}.csv");
                let usage = self.engine.import_usage(&name, &bytes, actor).await?;
                self.note_posted(number, &usage);
                Ok(told_usage(&usage))
            }
        }
    }

    /// The first of what a file entered, so that a later step can void it.
    fn note_posted(&mut self, step: usize, usage: &Usage) {
        let first = usage.posted.first_key_value();
        self.entries.extend(first.map(|(account, id)| (step, (account.clone(), id.clone()))));
    }

    /// The fact of a step that may stand in the place of a wrong entry.
    pub(super) fn instead(&self, action: Action, at: Moment) -> Result<Entry, EngineError> {
        match action {
            Action::Dated(what) => self.dated(what, at),
            Action::Entry(typed) => {
                let (account, content) = self.typed(*typed, at)?;
                Ok((account, content, at))
            }
            Action::Correction(what) => self.correction(what, at),
            Action::Wait {}
            | Action::CancellationFile { .. }
            | Action::Bill { .. }
            | Action::Receiving(_)
            | Action::Desk(_)
            | Action::Arrivals(_)
            | Action::Notices(_)
            | Action::Import(_)
            | Action::OfMoney(_) => {
                let why = "it is not an entry of its own";
                Err(EngineError::Refused(Sentence::same(why.to_owned())))
            }
        }
    }

    /// What may have happened before it is known.
    fn dated(&self, what: Dated, at: Moment) -> Result<Entry, EngineError> {
        Ok(match what {
            Dated::NonRenewal { contract, by, channel, sent_at, arrived_at, against } => {
                let (account, contract) = self.contract(&contract)?;
                let sent_at = sent_at.unwrap_or(at);
                let arrived_at = arrived_at.or(Some(at));
                let statement = Statement { by, channel, sent_at, arrived_at, against };
                let happened = statement.effective_at().unwrap_or(at).min(at);
                (
                    account,
                    Content::Fact(Fact::NonRenewalStated(NonRenewalStated { contract, statement })),
                    happened,
                )
            }
            Dated::Payment { account, amount, on, names } => {
                let named = self.registered(&account)?;
                let names = names.iter().map(|name| self.invoice_number(name)).collect();
                let payer = account.clone();
                let on = on.unwrap_or(at.day());
                let payment = Payment { on, amount, payer, names };
                let happened = Moment::start_of(on).plus_seconds(9 * 3600).min(at);
                (named.account.clone(), Content::Fact(Fact::PaymentCredited(payment)), happened)
            }
            Dated::Void { step, reason } => {
                let (account, of) = self.entries.get(&step).cloned().ok_or_else(|| {
                    EngineError::Refused(Sentence::same(format!(
                        "step {step} registered nothing that can be voided"
                    )))
                })?;
                (account, Content::Fact(Fact::EntryVoided(EntryVoided { of, reason })), at)
            }
        })
    }

    /// What a step does an entry to, by the names of the scenario; what follows from that
    /// for other fields goes into `fixed`.
    fn done_to(
        &self,
        doorway: Doorway,
        fields: &mut Map<String, Value>,
        fixed: &mut Map<String, Value>,
    ) -> Result<(AccountId, String), EngineError> {
        let (word, of) = (doorway.word(), doorway.door.of);
        let wrong = |why: String| EngineError::Refused(Sentence::same(format!("{word}: {why}")));
        let name = fields.remove(of.name()).or_else(|| fields.remove(of.field()));
        let name = name.and_then(|name| name.as_str().map(str::to_owned));
        let name = name.ok_or_else(|| wrong(format!("{} is missing", of.name())))?;
        Ok(match of {
            // Its invoices are those of the account that the step names besides.
            Of::Invoice(_) => {
                let account =
                    fields.remove("account").and_then(|name| name.as_str().map(str::to_owned));
                let account = account.ok_or_else(|| wrong("account is missing".to_owned()))?;
                (self.registered(&account)?.account.clone(), self.invoice_number(&name))
            }
            // A matter has the number of the step that opened it.
            Of::Matter(_) => {
                let step = name.parse().ok().and_then(|step| self.entry_of(step));
                let opened =
                    step.ok_or_else(|| wrong(format!("no step {name} opened a matter")))?;
                let contract = fields.get("contract").and_then(Value::as_str).unwrap_or_default();
                fixed.insert("contract".to_owned(), json!(self.contract(contract)?.1));
                (opened.0, MatterId::of(&opened.1).0)
            }
            Of::Delivery(_) => {
                let (notice, to) = name.split_once(" to ").unwrap_or_default();
                let account = self.registered(to)?.account.clone();
                fixed.insert("notice".to_owned(), json!(self.noticed(notice)?));
                (account, self.delivery(&name)?.0)
            }
            Of::Application(_) => {
                let (account, application) = self.application(&name)?;
                (account, application.0)
            }
            // 9-10 is about an application, whatever else the same fact is about.
            Of::Contract(_) if is_of_9_10(fields) => {
                let (account, application) = self.application(&name)?;
                (account, application.0)
            }
            Of::Contract(_) | Of::Customer => {
                let (account, contract) = self.contract(&name)?;
                (account, contract.0)
            }
        })
    }

    /// An entry as its door asks for it.
    fn typed(&self, typed: Typed, at: Moment) -> Result<(AccountId, Content), EngineError> {
        let Typed { doorway, mut fields } = typed;
        let word = doorway.word();
        let wrong = |why: String| EngineError::Refused(Sentence::same(format!("{word}: {why}")));
        let mut fixed = Map::new();
        let (account, id) = self.done_to(doorway, &mut fields, &mut fixed)?;
        let mut asked = fixed;
        // What is ticked leaves out what stands with it.
        let boxes = doorway.door.fields.iter().filter(|field| field.ask == Ask::Without);
        let boxes: BTreeSet<_> = boxes
            .map(|field| field.called)
            .filter(|called| fields.remove(*called) == Some(json!(true)))
            .collect();
        for field in doorway.door.fields.iter().filter(|field| field.is_stored()) {
            let left_out_by = doorway.door.left_out_by(field);
            if left_out_by.is_some_and(|one| boxes.contains(one.called)) {
                continue;
            }
            let given = fields.remove(field.called).or_else(|| fields.remove(field.name));
            let first = match (field.ask, field.first) {
                (Ask::Yens, _) => Some(json!([])),
                (_, First::Today) => Some(json!(at.day())),
                (_, First::Text(_) | First::Nothing | First::Shown) => None,
            };
            let given = match given {
                Some(Value::String(text)) if field.ask == Ask::ContractOrAll => match &*text {
                    ALL => None,
                    name => Some(json!(self.contract(name)?.1)),
                },
                Some(Value::String(text)) => Some(json!(match field.ask {
                    Ask::Text(form) => {
                        document::typed(form, &text).map_err(|why| wrong(why.en))?
                    }
                    _ => text,
                })),
                other => other,
            };
            asked.extend(given.or(first).map(|value| (field.name.to_owned(), value)));
        }
        let content = doorway.entry(&id, at, asked).map_err(|error| wrong(error.to_string()))?;
        Ok((account, content))
    }

    fn actor(&self, step: &Step) -> Result<Actor, EngineError> {
        let operator = &self.engine.operator;
        match &step.by {
            None => Ok(operator
                .people
                .first()
                .and_then(|p| operator.actor(&p.id))
                .unwrap_or_else(system)),
            Some(id) => self.person(id),
        }
    }

    fn person(&self, id: &str) -> Result<Actor, EngineError> {
        self.engine.operator.actor(id).ok_or_else(|| {
            EngineError::Refused(Sentence::same(format!("the operator has no person \"{id}\"")))
        })
    }

    pub(super) fn read(&self, file: &str) -> Result<Vec<u8>, EngineError> {
        (self.files)(file).map_err(|why| EngineError::Refused(Sentence::same(why)))
    }

    fn name(&mut self, step: usize, name: &str, registered: Registered) -> Value {
        let input = InputId(format!("received-{}", registered.application));
        self.entries.insert(step, (registered.account.clone(), input));
        let value = json!({
            "account": registered.account,
            "application": registered.application,
            "contract": registered.application.contract(),
        });
        self.named.insert(name.to_owned(), registered);
        value
    }

    /// The ids behind a name that a step gave.
    ///
    /// # Errors
    /// When no step gave that name.
    pub fn registered(&self, name: &str) -> Result<&Registered, EngineError> {
        self.named.get(name).ok_or_else(|| {
            let known: Vec<_> = self.named.keys().cloned().collect();
            EngineError::Refused(Sentence::same(format!(
                "no step is named \"{name}\", only {}",
                known.join(", ")
            )))
        })
    }

    pub(super) fn application(
        &self,
        name: &str,
    ) -> Result<(AccountId, ApplicationId), EngineError> {
        let named = self.registered(name)?;
        Ok((named.account.clone(), named.application.clone()))
    }

    pub(super) fn contract(&self, name: &str) -> Result<(AccountId, ContractId), EngineError> {
        let named = self.registered(name)?;
        Ok((named.account.clone(), named.application.contract()))
    }

    /// The number of a quotation by its name, or a number itself.
    pub(super) fn quote_number(&self, name: &str) -> String {
        self.quotes.get(name).map_or_else(|| name.to_owned(), |(_, number)| number.clone())
    }

    /// What an earlier step registered.
    pub(super) fn entry_of(&self, step: usize) -> Option<(AccountId, InputId)> {
        self.entries.get(&step).cloned()
    }

    /// `3` is the third invoice of this scenario; anything else a number itself.
    pub(super) fn invoice_number(&self, name: &str) -> String {
        let ordinal = name.parse::<usize>().ok().and_then(|n| self.invoices.get(n.checked_sub(1)?));
        ordinal.cloned().unwrap_or_else(|| name.to_owned())
    }

    fn usage_file(&self, rows: &[UsageText]) -> Result<Vec<u8>, EngineError> {
        let mut text = "id,account,contract,line,resource,item,quantity,unit,from,to\n".to_owned();
        for row in rows {
            let (account, contract) = self.contract(&row.contract)?;
            let UsageText { id, line, resource, item, quantity, from, to, .. } = row;
            let unit = self.engine.law.prices.item(item).map_or("", |item| item.unit.as_str());
            text += &format!(
                "{id},{account},{contract},{line},{resource},{item},{quantity},{unit},{from},{to}\n"
            );
        }
        Ok(text.into_bytes())
    }

    /// What an expectation can speak of.
    async fn seen(&self, of: &str) -> Result<Result<Value, String>, EngineError> {
        let (what, name) = of.split_once(' ').unwrap_or((of, ""));
        let named = || self.registered(name).map_err(|error| error.to_string());
        let (kind, id) = match what {
            "result" => return Ok(Ok(self.result.clone())),
            "mails" => return Ok(Ok(self.mails().await?)),
            "refused_rows" => return Ok(Ok(json!(self.engine.store.refused_rows().await?))),
            "invoice" => ("invoice", self.invoice_number(name)),
            "quote" => ("quote", self.quote_number(name)),
            "credit_note" => ("credit_note", name.to_owned()),
            "delivery" => match self.delivery(name) {
                Ok(id) => ("delivery", id.0),
                Err(why) => return Ok(Err(why.to_string())),
            },
            "account" => match named() {
                Ok(named) => ("account", named.account.0.clone()),
                Err(why) => return Ok(Err(why)),
            },
            "application" => match named() {
                Ok(named) => ("application", named.application.0.clone()),
                Err(why) => return Ok(Err(why)),
            },
            "contract" => match named() {
                Ok(named) => ("contract", named.application.contract().0),
                Err(why) => return Ok(Err(why)),
            },
            "consequences" => match named() {
                Ok(named) => return Ok(Ok(self.consequences(&named.account.clone()).await?)),
                Err(why) => return Ok(Err(why)),
            },
            _ => return Ok(Err(format!("nothing is called \"{what}\""))),
        };
        let view = self.engine.store.view(kind, &id).await?;
        Ok(view.map(|view| view.content).ok_or_else(|| format!("there is no {kind} {id}")))
    }

    /// Every mail that left or was refused, in the order of its time.
    async fn mails(&self) -> Result<Value, EngineError> {
        let mut rows = self.engine.store.outbox().await?;
        rows.retain(|row| row.kind == "mail");
        rows.sort_by(|a, b| (a.next_at, &a.id).cmp(&(b.next_at, &b.id)));
        let mails: Vec<_> = rows
            .iter()
            .map(|row| json!({ "id": row.id, "state": row.state, "attempts": row.attempts, "reply": row.last_reply }))
            .collect();
        Ok(json!({ "count": mails.len(), "last": mails.last(), "all": mails }))
    }

    /// How often each kind of consequence stands in an account.
    async fn consequences(&self, account: &AccountId) -> Result<Value, EngineError> {
        let case = self.engine.case(account).await?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for live in case.live.values() {
            let value = json!(live.consequence);
            *counts.entry(value["type"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        Ok(json!(counts))
    }
}

fn proposal_in(content: &Content) -> Option<InputId> {
    match content {
        Content::Act(Act::Approve(Approve { proposal, .. })) => Some(proposal.clone()),
        _ => None,
    }
}

pub(super) fn outcome(outcome: Outcome) -> Value {
    let findings: Vec<_> =
        outcome.findings.iter().map(|f| json!({ "clause": f.clause, "code": f.code })).collect();
    json!({ "refused": outcome.refused, "findings": findings })
}

fn is_of_9_10(fields: &Map<String, Value>) -> bool {
    fields.get("clause").and_then(Value::as_str).is_some_and(|clause| clause.starts_with("9-10"))
}

fn title(step: &Step) -> String {
    if !step.note.is_empty() {
        return step.note.clone();
    }
    if let Action::Entry(typed) = &step.action {
        return typed.doorway.kind.title.en.to_owned();
    }
    let debug = format!("{:?}", step.action);
    debug.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}

/// What a bank file came to, as expectations see it.
fn told_deposits(deposits: &Deposits) -> Value {
    let proposed = |details: &MovementDetails| -> Vec<String> {
        details.candidates.iter().map(|one| one.name.clone()).collect()
    };
    json!({
        "applied": deposits.applied,
        "known": deposits.known,
        "unmatched": deposits.unmatched.iter().map(|one| &one.en).collect::<Vec<_>>(),
        "proposed": deposits.waiting.iter().map(proposed).collect::<Vec<_>>(),
        "doubts": deposits.doubts,
    })
}

/// What a usage file came to, as expectations see it.
fn told_usage(usage: &Usage) -> Value {
    json!({
        "accepted": usage.accepted,
        "replaced": usage.replaced,
        "known": usage.known,
        "refused": usage.refused.iter().map(|one| &one.en).collect::<Vec<_>>(),
        "doubts": usage.doubts.iter().map(|one| one.line(Language::English)).collect::<Vec<_>>(),
    })
}
