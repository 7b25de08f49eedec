//! The steps of a contract's life for a desk that scripts: facts, acts, files,
//! billing runs and proposals, each by a person who gives their password.
//!
//! Exit status: 0 done, 1 nothing was done, 3 refused by the terms or the roles (the
//! refusal is recorded).

mod customer;
mod documents;
mod door;
mod outbox;
mod quotes;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use contract::application::checks::Check;
use contract::application::quote::{Offer, PurchaseOrder};
use contract::declare::act::{Act, Approve, Decline};
use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ContractId, InputId};
use contract::notices::notice::Channel;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use contract::who::roles::{Permission, Role};
use document::wording::{self, Language};
use engine::{ApplicationCame, Engine, ListPart, Mending, NewDocument, Outcome};
use reckon::{Day, Moment, Month};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::installation::Installation;
use super::place::Place;

/// Refused, and the refusal is recorded.
const REFUSED: u8 = 3;

#[derive(Subcommand)]
pub enum DeskCommand {
    /// Register something that happened.
    Fact(Entry),
    /// Do something; what speaks against it is printed, ground by ground.
    Act(Entry),
    /// Bring one kind of entry to a contract or application, by the fields that its
    /// clause asks for: `yakkan do --help` lists them.
    Do {
        #[command(subcommand)]
        doing: door::Doing,
    },
    /// Charge everything up to a month.
    Bill {
        month: Month,
        /// Date of the invoices; today, if it is not said.
        #[arg(long)]
        issued_on: Option<Day>,
        #[command(flatten)]
        given: Given,
    },
    /// Bring in a file as it came.
    Import {
        kind: Kind,
        file: PathBuf,
        #[command(flatten)]
        order: quotes::OrderArgs,
        /// How a form came: email, homepage, paper, portal or other.
        #[arg(long)]
        channel: Option<String>,
        /// When a form arrived or was sent; now, if it is not said.
        #[arg(long)]
        at: Option<Moment>,
        /// The number stamped on an application form that came without a mail.
        #[arg(long)]
        reference: Option<String>,
        #[command(flatten)]
        given: Given,
    },
    /// Quotations (見積書): issue one, list them, look at one.
    #[command(subcommand)]
    Quote(quotes::QuoteCommand),
    /// Filed documents: search them, or fetch one.
    #[command(subcommand)]
    Documents(documents::DocumentsCommand),
    /// File a document or its scan.
    File(Box<documents::Filing>),
    /// A change of what is registered of a customer (10-1, 30-2), from a day on.
    Change(customer::Change),
    /// Record a check of a company (反社, 与信) with its report.
    Check(customer::Checking),
    /// What a wish to stop would come to by both roads (15-1, 13-1b). Nothing is
    /// registered.
    StopTrial {
        contract: String,
        /// The day on which the customer wishes to stop; as early as it can be, if it is not said.
        #[arg(long)]
        desired: Option<Day>,
        #[command(flatten)]
        place: Place,
    },
    /// What could not be done outside: have it tried again, or say how it was done.
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// What waits for a second person.
    Proposals {
        #[command(flatten)]
        place: Place,
    },
    /// Approve what somebody else proposed.
    Approve(Answer),
    /// Turn a proposal down, or take back one's own.
    Decline(Answer),
}

/// An entry as JSON, as the API takes it in `content`.
#[derive(Args)]
pub struct Entry {
    account: String,
    /// `{"type": "…", …}`; `-` reads it from standard input.
    json: String,
    /// Number of this entry: the same one again does nothing.
    #[arg(long)]
    id: String,
    /// When it happened; now, if it is not said.
    #[arg(long)]
    at: Option<Moment>,
    #[command(flatten)]
    given: Given,
}

#[derive(Args)]
pub struct Answer {
    proposal: String,
    #[command(flatten)]
    given: Given,
}

/// Who does it, and why.
#[derive(Args)]
pub struct Given {
    #[command(flatten)]
    place: Place,
    /// Who does it: their password is asked for, or stands in YAKKAN_PASSWORD.
    #[arg(long)]
    by: String,
    /// In which of their roles; the first that may, if it is not said.
    #[arg(long)]
    role: Option<String>,
    /// Why, in own words: kept sealed.
    #[arg(long, default_value = "")]
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Deposits,
    Usage,
    Application,
    Cancellation,
    /// A customer's order (発注書): --account, --number and --on say what it is.
    PurchaseOrder,
}

/// What is to be done, read and without its place.
pub(super) enum Job {
    Register { id: InputId, account: AccountId, at: Option<Moment>, content: Content },
    Bill { month: Month, issued_on: Option<Day> },
    Import { kind: Kind, name: String, bytes: Vec<u8>, came: FormCame },
    Quote { id: String, offer: Box<Offer>, attention: Option<String> },
    File { account: AccountId, new: Box<NewDocument> },
    Change { contract: ContractId, told: customer::Told },
    Check { account: AccountId, check: Check, file: Option<(String, Vec<u8>)> },
    Answer { proposal: InputId, approves: bool },
    Bring(Box<door::Brought>),
    Mend { id: String, mending: Mending },
}

/// How a form came.
#[derive(Default)]
pub(super) struct FormCame {
    pub channel: Option<Channel>,
    pub at: Option<Moment>,
    pub reference: Option<String>,
    /// What a purchase order says, and of whom it is.
    pub order: Option<(AccountId, PurchaseOrder)>,
}

pub async fn run(command: DeskCommand) -> anyhow::Result<ExitCode> {
    let (step, given) = match command {
        DeskCommand::Quote(command) => match quotes::of(command).await? {
            Some(told) => told,
            None => return Ok(ExitCode::SUCCESS),
        },
        DeskCommand::Outbox(command) => match outbox::of(command).await? {
            Some(told) => told,
            None => return Ok(ExitCode::SUCCESS),
        },
        DeskCommand::StopTrial { contract, desired, place } => {
            let installation = Installation::at(&place).await?;
            let trial = customer::trial(&installation.door.engine, &contract, desired).await?;
            return super::print(&trial);
        }
        DeskCommand::Documents(command) => return documents::run(command).await,
        DeskCommand::File(filing) => filing.read()?,
        DeskCommand::Change(change) => change.read()?,
        DeskCommand::Check(checking) => checking.read()?,
        DeskCommand::Proposals { place } => {
            let installation = Installation::at(&place).await?;
            for (account, proposal) in open_proposals(&installation.door.engine).await? {
                println!("{}", proposal_line(&account, &proposal));
            }
            return Ok(ExitCode::SUCCESS);
        }
        DeskCommand::Fact(entry) => {
            let fact: Fact = read_json(&entry.json)?;
            (entry.step(Content::Fact(fact)), entry.given)
        }
        DeskCommand::Act(entry) => {
            let act: Act = read_json(&entry.json)?;
            (entry.step(Content::Act(act)), entry.given)
        }
        DeskCommand::Do { doing } => doing.step(),
        DeskCommand::Bill { month, issued_on, given } => (Job::Bill { month, issued_on }, given),
        DeskCommand::Import { kind, file, order, channel, at, reference, given } => {
            let channel = channel.as_deref().map(from_word).transpose()?;
            let order = if kind == Kind::PurchaseOrder { Some(order.read()?) } else { None };
            (import_of(kind, &file, FormCame { channel, at, reference, order })?, given)
        }
        DeskCommand::Approve(answer) => (answer.step(true), answer.given),
        DeskCommand::Decline(answer) => (answer.step(false), answer.given),
    };
    let installation = Installation::at(&given.place).await?;
    let engine = &installation.door.engine;
    let role: Option<Role> = given.role.as_deref().map(from_word).transpose()?;
    let hats = installation.door.people().await?.hats(&given.by, installation.today());
    let actor = hat(engine, hats, role, &step, &given.by).await?;
    installation.confirm(&given.by).await?;
    engine.catch_up().await?;
    perform(engine, step, &actor, &given.reason).await
}

impl Entry {
    fn step(&self, content: Content) -> Job {
        let (id, account) = (InputId(self.id.clone()), AccountId(self.account.clone()));
        Job::Register { id, account, at: self.at, content }
    }
}

impl Answer {
    fn step(&self, approves: bool) -> Job {
        Job::Answer { proposal: InputId(self.proposal.clone()), approves }
    }
}

/// The hat under which somebody may do this.
pub(super) async fn hat(
    engine: &Engine,
    hats: Vec<Actor>,
    asked: Option<Role>,
    step: &Job,
    by: &str,
) -> anyhow::Result<Actor> {
    let answered = match step {
        Job::Answer { proposal, approves } => Some(answer_of(engine, proposal, *approves).await?.1),
        _ => None,
    };
    let menders = match step {
        Job::Mend { id, .. } => engine.refused_effect(id).await?.1.of().menders,
        _ => &[],
    };
    let may = |role: Role| match step {
        Job::Mend { .. } => menders.contains(&role),
        Job::Bring(brought) => brought.doorway.may(role),
        Job::Register { content: Content::Fact(fact), .. } => fact.may_be_registered_by(role),
        Job::Register { content: Content::Act(act), .. } => act.may(role),
        Job::Register { content: Content::Clock | Content::Edition, .. } => false,
        Job::Bill { .. } => role.holds(Permission::RunBilling),
        Job::Import { kind: Kind::Deposits, .. } => role.holds(Permission::RegisterMoney),
        Job::Import { kind: Kind::Usage, .. } => role.holds(Permission::RegisterOperation),
        Job::Check { .. } => role.holds(Permission::RegisterJudgement),
        Job::Import { .. } | Job::Quote { .. } | Job::File { .. } | Job::Change { .. } => {
            role.holds(Permission::RegisterArrival)
        }
        Job::Answer { .. } => answered.as_ref().is_some_and(|act| act.may(role)),
    };
    let fits = |hat: &Actor| asked.is_none_or(|role| hat.role == role) && may(hat.role);
    let found = hats.into_iter().find(|hat| fits(hat) && !hat.role.is_customers());
    found.ok_or_else(|| anyhow!("{by} has no role today that may do this"))
}

/// Does a step and prints what came of it.
pub(super) async fn perform(
    engine: &Engine,
    step: Job,
    actor: &Actor,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    match step {
        Job::Register { id, account, at, content } => {
            let begins = matches!(&content, Content::Fact(Fact::ApplicationReceived(_)));
            if !begins && engine.store.view("account", &account.0).await?.is_none() {
                bail!("there is no account {account}");
            }
            register(engine, id, account, at, content, actor, reason).await
        }
        Job::Answer { proposal, approves } => {
            let (account, act) = answer_of(engine, &proposal, approves).await?;
            let word = if approves { "approve" } else { "decline" };
            let id = free_id(engine, &format!("{word}-{proposal}-{}", actor.id)).await?;
            register(engine, id, account, None, Content::Act(act), actor, reason).await
        }
        Job::Bring(brought) => door::bring(engine, *brought, actor, reason).await,
        Job::Mend { id, mending } => outbox::mend(engine, &id, &mending, actor, reason).await,
        Job::Bill { month, issued_on } => {
            let issued_on = issued_on.unwrap_or(engine.now().day());
            let run = engine.bill_because(month, issued_on, actor, reason).await?;
            run.issued.iter().for_each(|number| println!("{number}"));
            run.held_back.iter().for_each(|why| eprintln!("held back: {}", why.told()));
            println!("{} issued, {} held back", run.issued.len(), run.held_back.len());
            Ok(ExitCode::SUCCESS)
        }
        Job::Import { kind, name, bytes, came } => {
            import(engine, kind, &name, &bytes, came, actor, reason).await
        }
        Job::Quote { id, offer, attention } => {
            no_reason(reason)?;
            quotes::issue(engine, &id, *offer, attention, actor).await
        }
        Job::Change { contract, told } => {
            customer::change(engine, &contract, told, actor, reason).await
        }
        Job::Check { account, check, file } => {
            no_reason(reason)?;
            customer::check(engine, &account, check, file, actor).await
        }
        Job::File { account, new } => {
            no_reason(reason)?;
            documents::file(engine, &account, *new, actor).await
        }
    }
}

async fn register(
    engine: &Engine,
    id: InputId,
    account: AccountId,
    at: Option<Moment>,
    content: Content,
    actor: &Actor,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    let mut input = engine.input(id.0, &account, actor, "cli", content);
    input.occurred_at = at.unwrap_or(input.occurred_at);
    let outcome = engine.register_because(input.clone(), reason).await?;
    if outcome.repeated {
        let records = engine.records(&account).await?;
        let earlier = records.iter().find(|record| record.input.id == input.id);
        if earlier.is_none_or(|record| record.input.content != input.content) {
            bail!("{} is the number of another entry: give this one its own", input.id);
        }
    }
    Ok(told(&outcome))
}

/// One line a finding; the closing line counts.
fn told(outcome: &Outcome) -> ExitCode {
    for finding in &outcome.findings {
        let words = |language| wording::finding(finding, language);
        let (ja, en) = (words(Language::Japanese), words(Language::English));
        eprintln!("{}  {}  {ja}  ({en})", finding.clause, finding.code);
    }
    match (outcome.refused, outcome.repeated) {
        (true, _) => println!("refused: {} grounds", outcome.findings.len()),
        (_, true) => println!("done before"),
        _ => println!("done: {} events", outcome.events.len()),
    }
    if outcome.refused { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS }
}

async fn import(
    engine: &Engine,
    kind: Kind,
    name: &str,
    bytes: &[u8],
    came: FormCame,
    actor: &Actor,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    if matches!(kind, Kind::Application | Kind::PurchaseOrder) {
        no_reason(reason)?;
    }
    let now = engine.now();
    let at = came.at.unwrap_or(now);
    if at > now {
        bail!("--at {at} is later than now, {now}");
    }
    match kind {
        Kind::Deposits => {
            let found = engine.import_deposits_because(name, bytes, actor, reason).await?;
            found.unmatched.iter().for_each(|why| eprintln!("{}", why.en));
            found.doubts.iter().for_each(|why| eprintln!("{why}"));
            println!(
                "{} credited, {} known already, {} unmatched",
                found.applied,
                found.known,
                found.unmatched.len()
            );
        }
        Kind::Usage => {
            let found = engine.import_usage_because(name, bytes, actor, reason).await?;
            found.refused.iter().for_each(|why| eprintln!("{}", why.en));
            found.doubts.iter().for_each(|one| eprintln!("{}", one.line(Language::English)));
            println!(
                "{} accepted (of them {} in the place of others), {} known already, {} refused",
                found.accepted,
                found.replaced,
                found.known,
                found.refused.len()
            );
        }
        Kind::Application => {
            let found = application(engine, name, bytes, &came, at, actor).await?;
            println!("{} of {}", found.application, found.account);
            return Ok(told(&found.outcome));
        }
        Kind::Cancellation => {
            let channel = came.channel.context("say how the form came: --channel paper, …")?;
            let found = engine.receive_cancellation_file(name, bytes, channel, at, actor, reason);
            return Ok(told(&found.await?));
        }
        Kind::PurchaseOrder => {
            let (account, order) =
                came.order.context("say what the order is: --account, --number, --on")?;
            return quotes::take_order(engine, account, order, name, bytes, actor).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What is kept of an application or order has no place for it: a reason must not get lost.
fn no_reason(reason: &str) -> anyhow::Result<()> {
    if reason.trim().is_empty() {
        return Ok(());
    }
    bail!("--reason is not kept with this step: leave it out")
}

async fn application(
    engine: &Engine,
    name: &str,
    bytes: &[u8],
    came: &FormCame,
    sent_at: Moment,
    actor: &Actor,
) -> anyhow::Result<engine::Registered> {
    if document::is_mail(name, bytes) {
        return Ok(engine.receive_application_mail(name, bytes, actor).await?);
    }
    let (Some(reference), Some(channel)) = (&came.reference, came.channel) else {
        bail!("a form without its mail needs --reference and --channel");
    };
    let (received_at, files) = (engine.now(), Vec::new());
    let came =
        ApplicationCame { reference, channel, sent_at, received_at, sent_doubt: None, files };
    Ok(engine.receive_application_file(came, name, bytes, actor).await?)
}

/// Every proposal that nobody has answered, with its account.
pub(super) async fn open_proposals(engine: &Engine) -> anyhow::Result<Vec<(AccountId, Value)>> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let part = ListPart { after: &after, account: None, limit: 200 };
        let views = engine.store.views_part("account", part).await?;
        let Some(last) = views.last().map(|view| view.id.clone()) else { return Ok(found) };
        after = last;
        for view in views {
            let open = view.content["proposals"].as_array().cloned().unwrap_or_default();
            found.extend(open.into_iter().map(|proposal| (view.account.clone(), proposal)));
        }
    }
}

fn proposal_line(account: &AccountId, proposal: &Value) -> String {
    let text = |field: &str| proposal[field].as_str().unwrap_or_default().to_owned();
    let act = serde_json::from_value::<Act>(proposal["act"].clone());
    let act = act.map_or_else(|_| String::new(), |act| act.line(Language::Japanese));
    format!("{}  {account}  {}  {}  {act}", text("id"), text("proposed_at"), text("by"))
}

/// The account of a proposal, and the act that answers it.
async fn answer_of(
    engine: &Engine,
    proposal: &InputId,
    approves: bool,
) -> anyhow::Result<(AccountId, Act)> {
    for (account, open) in open_proposals(engine).await? {
        if open["id"] == json!(proposal) {
            let act: Box<Act> = serde_json::from_value(open["act"].clone())?;
            let proposal = proposal.clone();
            let act = match approves {
                true => Act::Approve(Approve { proposal, act }),
                false => Act::Decline(Decline { proposal, act }),
            };
            return Ok((account, act));
        }
    }
    bail!("no proposal {proposal} is open: `yakkan proposals` lists them")
}

/// The proposal is open still: an answer of this name was refused, and may be given
/// again now.
async fn free_id(engine: &Engine, name: &str) -> anyhow::Result<InputId> {
    let mut id = InputId(name.to_owned());
    let mut times = 1;
    while engine.store.has_input(&id).await? {
        times += 1;
        id = InputId(format!("{name}-{times}"));
    }
    Ok(id)
}

fn import_of(kind: Kind, file: &Path, came: FormCame) -> anyhow::Result<Job> {
    let (name, bytes) = read_file(file)?;
    Ok(Job::Import { kind, name, bytes, came })
}

/// A file with its name.
fn read_file(file: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes = std::fs::read(file)
        .with_context(|| format!("the file {} cannot be read", file.display()))?;
    let name = file.file_name().and_then(|name| name.to_str());
    Ok((name.with_context(|| format!("{} has no name", file.display()))?.to_owned(), bytes))
}

fn read_json<T: DeserializeOwned>(given: &str) -> anyhow::Result<T> {
    let mut text = given.to_owned();
    if given == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text)?;
    }
    serde_json::from_str(&text).context("the JSON is no such entry (docs/api.md has examples)")
}

/// A word of an enumeration as it stands in JSON: `order_desk` or `order-desk`.
fn from_word<T: DeserializeOwned>(word: &str) -> anyhow::Result<T> {
    serde_json::from_value(json!(word.replace('-', "_")))
        .map_err(|_| anyhow!("\"{word}\" is not known"))
}
