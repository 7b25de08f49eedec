//! `yakkan migrate`: an existing book is checked, previewed, loaded and verified.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand, ValueEnum};
use contract::declare::act::{Act, VerifyTakeover};
use contract::declare::ids::ContractId;
use contract::road::stream::Content;
use contract::who::roles::{Permission, Role};
use document::wording::{self, Language};
use engine::scenario::Mailbox;
use engine::{Clock, Engine, EngineError, ManualClock, Preview};
use reckon::Moment;

use super::installation::Installation;
use super::place::Place;
use super::{LanguageName, compare, print};
use crate::open;

#[derive(Subcommand)]
pub enum Command {
    /// Write the empty workbook with its explanations.
    Template {
        file: PathBuf,
        /// Of what: the book to be taken over, or charges to be compared.
        #[arg(long, default_value = "book")]
        of: Workbook,
    },
    /// Check every cell and show what loading would come to. Writes nothing.
    Check {
        file: PathBuf,
        #[command(flatten)]
        place: Takeover,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Without the next dates of each contract.
        #[arg(long)]
        brief: bool,
        #[arg(long, default_value = "ja")]
        language: LanguageName,
    },
    /// Load a workbook in which nothing is wrong. The same command again goes on
    /// after an interruption, and changes nothing once all is loaded.
    Load {
        file: PathBuf,
        #[command(flatten)]
        place: Takeover,
        /// Who loads it: their password is asked for, or stands in YAKKAN_PASSWORD.
        #[arg(long)]
        by: String,
    },
    /// Clear the mark "unverified" of one contract, by its old or new number.
    Verify {
        contract: String,
        #[command(flatten)]
        place: Takeover,
        /// Who has compared it with its papers, with their password; not who loaded it.
        #[arg(long)]
        by: String,
        /// Where the papers are, or what was compared.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

/// Which workbook.
#[derive(Clone, Copy, ValueEnum)]
pub enum Workbook {
    Book,
    Charges,
}

/// Where the record is, and when the takeover is.
#[derive(Args)]
pub struct Takeover {
    #[command(flatten)]
    place: Place,
    /// The moment at which it is done, for trials (2026-05-01T09:00:00); now without it.
    #[arg(long)]
    at: Option<Moment>,
}

pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Template { file, of: Workbook::Charges } => compare::template(&file),
        Command::Template { file, of: Workbook::Book } => {
            let bytes = document::write_book(&BTreeMap::new())?;
            std::fs::write(&file, bytes)
                .with_context(|| format!("{} cannot be written", file.display()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check { file, place, json, brief, language } => {
            check(&file, &place, json, brief, language.into()).await
        }
        Command::Load { file, place, by } => load(&file, &place, &by).await,
        Command::Verify { contract, place, by, reason } => {
            verify(&contract, &place, &by, &reason).await
        }
    }
}

impl Takeover {
    /// An engine on a folder that must be there.
    pub async fn existing(&self) -> anyhow::Result<Engine> {
        self.place.engine(self.clock()).await
    }

    fn clock(&self) -> Arc<dyn Clock> {
        match self.at {
            Some(at) => Arc::new(ManualClock::at(at)),
            None => Arc::new(open::SystemClock),
        }
    }

    async fn installation(&self) -> anyhow::Result<Installation> {
        Installation::with_clock(&self.place, self.clock()).await
    }

    /// An engine that only looks; without a data folder on an empty record.
    async fn looking(&self) -> anyhow::Result<Engine> {
        let config = self.place.config()?;
        if self.place.data(config.as_ref()).is_ok() {
            return self.place.new_engine(self.clock()).await;
        }
        let operator = self.place.operator.as_deref();
        let operator =
            open::operator(Some(operator.context("name the operator's file: --operator")?))?;
        let store = open::store(None).await?;
        open::engine(
            store,
            Arc::new(Mailbox::default()),
            Arc::new(engine::NoHomepage),
            self.clock(),
            operator,
        )
        .await
    }

    /// Explanations later need to know whose record it is.
    fn keep_operator(&self) -> anyhow::Result<()> {
        let (Some(data), Some(operator)) = (&self.place.data, &self.place.operator) else {
            return Ok(());
        };
        let copy = data.join("operator.toml");
        if !copy.exists() {
            std::fs::copy(operator, copy)?;
        }
        Ok(())
    }
}

fn read(file: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let name = file.file_name().unwrap_or(file.as_os_str());
    Ok((name.to_string_lossy().into_owned(), bytes))
}

/// Faults one a line; anything else is an error of the command.
fn refused(error: EngineError) -> anyhow::Result<ExitCode> {
    let EngineError::Faults(faults) = error else { return Err(error.into()) };
    for fault in &faults {
        println!("{fault}");
    }
    println!("{} faults: nothing was loaded", faults.len());
    Ok(ExitCode::FAILURE)
}

async fn check(
    file: &Path,
    place: &Takeover,
    json: bool,
    brief: bool,
    language: Language,
) -> anyhow::Result<ExitCode> {
    let engine = place.looking().await?;
    let (name, bytes) = read(file)?;
    let takeover = match engine.check_book(&name, &bytes, &engine::system()).await {
        Ok(takeover) => takeover,
        Err(error) => return refused(error),
    };
    let preview = engine.preview(&takeover, language)?;
    match json {
        true => print(&serde_json::to_string_pretty(&preview)?),
        false => print(&text(&preview, brief)),
    }
}

fn text(preview: &Preview, brief: bool) -> String {
    let Preview { contracts, lines, receivables, outstanding, .. } = preview;
    let mut out = vec![
        format!("{} (sha256 {})", preview.file, preview.sha256),
        format!("{contracts} contracts, {lines} lines, {} of them new", preview.new_contracts),
        format!(
            "{receivables} open receivables, {outstanding} yen, {} of them new",
            preview.new_receivables
        ),
    ];
    if !preview.numbers.is_empty() {
        out.push(format!("last numbers: {}", preview.numbers.join(", ")));
    }
    if !brief && !preview.dates.is_empty() {
        out.push("\nnext dates".to_owned());
    }
    for dates in preview.dates.iter().filter(|_| !brief) {
        let mut parts = vec![format!("period to {}", dates.period_to)];
        parts.extend(dates.renewal_limit.map(|day| format!("objection by {day}")));
        parts.extend(dates.minimum_term_to.map(|day| format!("minimum term to {day}")));
        parts.push(format!("charged from {}", dates.charge_from));
        parts.extend(dates.ends_on.map(|day| format!("ends with {day}")));
        let (number, contract, name) = (&dates.number, &dates.contract, &dates.name);
        out.push(format!("  {number}  {contract}  {name}: {}", parts.join(", ")));
    }
    let warnings = preview.warnings.iter().map(|line| line.en.clone()).collect();
    let lists = [
        ("what follows at once", &preview.follows),
        ("mails that will leave", &preview.mails),
        ("to be looked at", &warnings),
    ];
    for (title, rows) in lists.iter().filter(|(_, rows)| !rows.is_empty()) {
        out.push(format!("\n{title} ({})", rows.len()));
        out.extend(rows.iter().map(|row| format!("  {row}")));
    }
    out.join("\n")
}

async fn load(file: &Path, place: &Takeover, by: &str) -> anyhow::Result<ExitCode> {
    let here = place.installation().await?;
    place.keep_operator()?;
    let actor = here.speaking(by, |role| role.holds(Permission::TakeOver)).await?;
    let engine = &here.door.engine;
    let (name, bytes) = read(file)?;
    let (live, mut told) = (std::io::stderr().is_terminal(), 0);
    let mut progress = |done: usize, all: usize| match live {
        true => eprint!("\r{done} of {all} rows loaded"),
        // In a log a line for every tenth is enough.
        false if done == all || (done - told) * 10 >= all => {
            told = done;
            eprintln!("{done} of {all} rows loaded");
        }
        false => {}
    };
    let loaded = match engine.load_book(&name, &bytes, &actor, &mut progress).await {
        Ok(loaded) => loaded,
        Err(error) => return refused(error),
    };
    if live && loaded.contracts + loaded.receivables > 0 {
        eprintln!();
    }
    let (book, ledger) = (loaded.open_in_book, loaded.open_in_ledger);
    println!(
        "{} contracts and {} receivables loaded, {} rows had been loaded before",
        loaded.contracts, loaded.receivables, loaded.known
    );
    println!("open in the book {book} yen, in the ledger {ledger} yen");
    if book != ledger {
        println!("they differ by {} yen: money that was held here was applied", book - ledger);
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(
    contract: &str,
    place: &Takeover,
    by: &str,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    let here = place.installation().await?;
    let may = |role| matches!(role, Role::OrderDesk | Role::ContractApprover);
    let actor = here.speaking(by, may).await?;
    let engine = &here.door.engine;
    let view = engine.contract_named(contract).await?;
    let view = view.ok_or_else(|| anyhow!("there is no contract {contract}"))?;
    let act = Act::VerifyTakeover(VerifyTakeover { contract: ContractId(view.id.clone()) });
    let id = format!("verify-{}-{by}-{}", view.id, engine.now().unix_seconds());
    let input = engine.input(id, &view.account, &actor, "command line", Content::Act(act));
    let outcome = engine.register_because(input, reason).await?;
    for finding in &outcome.findings {
        println!("{}", wording::finding(finding, Language::Japanese));
    }
    Ok(if outcome.refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
