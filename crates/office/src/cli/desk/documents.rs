//! Filed documents: searched and fetched by somebody who may see them, and filed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use contract::declare::ids::{AccountId, short_hash};
use contract::registered::filing::{ArrivalEvidence, DocumentKind, FiledDocument};
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use document::wording::{self, Language};
use engine::{DocumentQuery, Engine, Found, NewDocument};
use reckon::{Day, Moment, Yen};
use serde_json::json;

use super::{Given, Job, from_word, read_file, told};
use crate::access::Noted;
use crate::cli::installation::{Installation, came};
use crate::cli::place::Place;

#[derive(Subcommand)]
pub enum DocumentsCommand {
    /// What fits every condition, as far as the person may see it, by day.
    Search {
        #[command(flatten)]
        conditions: Conditions,
        #[command(flatten)]
        asking: Asking,
    },
    /// Write one document to a file.
    Fetch {
        id: String,
        /// Where to write it.
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        asking: Asking,
    },
}

#[derive(Args)]
pub struct Conditions {
    /// First day.
    #[arg(long)]
    from: Option<Day>,
    /// Last day.
    #[arg(long)]
    to: Option<Day>,
    /// A part of the counterparty's name.
    #[arg(long)]
    counterparty: Option<String>,
    /// The least amount, with tax.
    #[arg(long)]
    least: Option<i64>,
    /// The highest amount, with tax.
    #[arg(long)]
    most: Option<i64>,
    /// Only what states no amount.
    #[arg(long)]
    without_amount: bool,
    /// quotation, purchase-order, agreement, letter, …
    #[arg(long)]
    kind: Option<String>,
}

/// Who looks.
#[derive(Args)]
pub struct Asking {
    #[command(flatten)]
    place: Place,
    /// Who looks: their password is asked for, or stands in YAKKAN_PASSWORD.
    #[arg(long)]
    by: String,
}

#[derive(Args)]
pub struct Filing {
    file: PathBuf,
    /// Whose it is.
    #[arg(long)]
    account: String,
    /// quotation, purchase-order, agreement, change-notice, letter, other, …
    #[arg(long)]
    kind: String,
    /// The day of the transaction.
    #[arg(long)]
    dated: Day,
    /// With whom.
    #[arg(long)]
    counterparty: String,
    /// With tax, if one is written.
    #[arg(long)]
    amount: Option<i64>,
    /// The contract, application, quotation or invoice that it is about.
    #[arg(long)]
    about: Option<String>,
    /// Where the paper original is kept.
    #[arg(long)]
    original: Option<String>,
    /// When it arrived, if there is evidence of it.
    #[arg(long)]
    arrived_at: Option<Moment>,
    /// Number on the receipt stamp.
    #[arg(long, requires = "arrived_at")]
    stamp: Option<String>,
    /// Number of the delivery record.
    #[arg(long, requires = "arrived_at")]
    delivery: Option<String>,
    #[command(flatten)]
    given: Given,
}

impl Filing {
    pub(super) fn read(self: Box<Self>) -> anyhow::Result<(Job, Given)> {
        let (name, bytes) = read_file(&self.file)?;
        if self.amount.is_some_and(|amount| amount < 1) {
            bail!("--amount is 1 yen or more; leave it out when none is written");
        }
        let (stamp, delivery) = (self.stamp, self.delivery);
        let new = NewDocument {
            kind: from_word(&self.kind)?,
            dated: self.dated,
            counterparty: self.counterparty,
            amount: self.amount.map(Yen),
            about: self.about,
            original: self.original,
            arrival: self.arrived_at.map(|at| ArrivalEvidence { at, stamp, delivery }),
            name,
            bytes,
        };
        Ok((Job::File { account: AccountId(self.account), new: Box::new(new) }, self.given))
    }
}

/// Files a document; the same file with the same words again does nothing.
pub(super) async fn file(
    engine: &Engine,
    account: &AccountId,
    new: NewDocument,
    actor: &Actor,
) -> anyhow::Result<ExitCode> {
    if engine.store.view("account", &account.0).await?.is_none() {
        bail!("there is no account {account}");
    }
    let said = json!({
        "account": account, "kind": new.kind, "dated": new.dated, "about": new.about,
        "counterparty": new.counterparty, "amount": new.amount, "original": new.original,
        "arrival": new.arrival,
    });
    let id = format!("filed-{}", short_hash(&[said.to_string().as_bytes(), &new.bytes].concat()));
    let (document, outcome) = engine.file_document(&id, account, new, actor).await?;
    println!("{document}");
    Ok(told(&outcome))
}

/// Whoever looks, once they have given their password, and what they may see.
struct Looker {
    installation: Installation,
    hats: Vec<Actor>,
}

impl Asking {
    async fn open(&self) -> anyhow::Result<Looker> {
        let installation = Installation::at(&self.place).await?;
        let hats = installation.door.people().await?.hats(&self.by, installation.today());
        let looker = Looker { installation, hats };
        if !DocumentKind::ALL.into_iter().any(|kind| looker.may_see(kind)) {
            bail!("{} has no role today that may see filed documents", self.by);
        }
        looker.installation.confirm(&self.by).await?;
        Ok(looker)
    }
}

impl Looker {
    fn may_see(&self, kind: DocumentKind) -> bool {
        may_see(&self.hats, kind)
    }

    async fn note(&self, by: &str, what: &str) -> anyhow::Result<()> {
        Ok(self.installation.door.note(by, "", Noted::Read, what, &came(), "").await?)
    }
}

/// People of a customer see nothing of the provider's files.
fn may_see(hats: &[Actor], kind: DocumentKind) -> bool {
    let asks: Permission = kind.asks();
    hats.iter().any(|hat| !hat.role.is_customers() && hat.role.holds(asks))
}

pub(super) async fn run(command: DocumentsCommand) -> anyhow::Result<ExitCode> {
    match command {
        DocumentsCommand::Search { conditions, asking } => {
            let query = conditions.read()?;
            let looker = asking.open().await?;
            looker.note(&asking.by, "documents search").await?;
            let engine = &looker.installation.door.engine;
            let found = seen(engine, &query, &looker.hats).await?;
            for found in &found {
                println!("{}", line(found));
            }
            println!("{} found", found.len());
        }
        DocumentsCommand::Fetch { id, to, asking } => {
            let looker = asking.open().await?;
            let engine = &looker.installation.door.engine;
            let bytes = fetched(engine, &id, &looker.hats).await?;
            looker.note(&asking.by, &format!("documents fetch {id}")).await?;
            std::fs::write(&to, bytes)
                .with_context(|| format!("{} cannot be written", to.display()))?;
            println!("{}", to.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Conditions {
    fn read(self) -> anyhow::Result<DocumentQuery> {
        Ok(DocumentQuery {
            from: self.from,
            to: self.to,
            counterparty: self.counterparty,
            least: self.least.map(Yen),
            most: self.most.map(Yen),
            without_amount: self.without_amount,
            kind: self.kind.as_deref().map(from_word).transpose()?,
        })
    }
}

/// What fits, and may be seen under these hats.
pub(super) async fn seen(
    engine: &Engine,
    query: &DocumentQuery,
    hats: &[Actor],
) -> anyhow::Result<Vec<Found>> {
    let mut found = engine.search_documents(query).await?;
    found.retain(|found| may_see(hats, found.filed.kind));
    Ok(found)
}

/// The bytes of one document, for somebody who may see it.
pub(super) async fn fetched(engine: &Engine, id: &str, hats: &[Actor]) -> anyhow::Result<Vec<u8>> {
    let missing = || anyhow!("there is no document {id}: `yakkan documents search` finds them");
    let view = engine.store.view("filed", id).await?.ok_or_else(missing)?;
    let filed: FiledDocument = serde_json::from_value(view.content).map_err(|_| missing())?;
    if !may_see(hats, filed.kind) {
        return Err(missing());
    }
    if let Some(document) = engine.store.document(id).await? {
        return Ok(document.bytes);
    }
    let row = engine.store.personal(id).await?;
    Ok(row.with_context(|| format!("the document {id} was erased"))?.content)
}

fn line(found: &Found) -> String {
    let filed = &found.filed;
    let kind = wording::document_kind(filed.kind, Language::English);
    let amount = filed.amount.map_or_else(|| "-".to_owned(), |yen| format!("{yen} yen"));
    let about = filed.about.as_deref().unwrap_or("-");
    let (dated, whom, id) = (filed.dated, &filed.counterparty, filed.document.name());
    format!("{dated}  {kind}  {whom}  {amount}  {about}  {id}")
}
