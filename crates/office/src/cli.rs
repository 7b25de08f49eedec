//! The commands.

mod access;
mod backup;
mod bounded;
mod clauses;
mod compare;
mod desk;
mod doctor;
mod installation;
mod key;
mod migrate;
mod place;
mod printed;
pub mod restore;
mod restored;
mod user;
mod work_out;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::{Parser, Subcommand};
use contract::declare::reason::Audience;
use contract::road::stream::Content;
use document::wording::{self, Language};
use engine::scenario::{Mailbox, Player, PublicPages, Scenario};
use engine::{ManualClock, examples};
use outside::Secret;
use terms::Pack;

pub use self::bounded::beyond;
pub use self::printed::{LanguageName, print, print_report};
use crate::access::Door;
use crate::config::{ClockKind, Config, LogConfig};
use crate::{demo, open, web};

/// The exit status of a command that could not do what was asked, with the reason on
/// standard error. 1 is that of one that found something wrong, 2 that of a command
/// line that cannot be read, and 3 that of an act that was refused.
pub const FAILED: u8 = 4;

/// What the exit statuses mean, below the help of the program.
const EXIT_STATUSES: &str = "Exit status: 0 done; 1 something was found (a difference, a fault, an \
     expectation that is not met, a file that is refused); 2 the command line cannot be read; \
     3 an act was refused by the terms or the rights, or yen stay unexplained; 4 it could not be \
     done, the message says why";

/// Runs a resold cloud service by its written terms.
#[derive(Parser)]
#[command(version, after_help = EXIT_STATUSES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play the bundled life (--check) or the sample reseller, and serve it.
    Demo(demo::Options),
    /// Worked examples of single rules.
    #[command(subcommand)]
    Examples(RunFile),
    /// A whole life on a manual clock, with expectations.
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Why? Of an invoice (INV-…), a line (INV-…/1), a contract or a C-… id.
    Explain {
        id: String,
        /// Data folder.
        #[arg(long, env = "YAKKAN_DATA")]
        data: PathBuf,
        #[arg(long, default_value = "ja")]
        language: LanguageName,
        /// What a customer may see: no alternatives, no signatures.
        #[arg(long)]
        public: bool,
    },
    /// What an act or a fact would change, without doing it.
    Preview {
        account: String,
        /// JSON: `{"act": {"type": "void_entry", "of": "…"}}` or `{"fact": {…}}`.
        file: PathBuf,
        #[arg(long, env = "YAKKAN_DATA")]
        data: PathBuf,
        #[arg(long, default_value = "ja")]
        language: LanguageName,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check every hash, decide every stored input again, print differences.
    Audit {
        #[arg(long, env = "YAKKAN_DATA")]
        data: PathBuf,
    },
    /// Everything recorded as JSON, without recorded times and hashes.
    Export {
        #[arg(long, env = "YAKKAN_DATA")]
        data: PathBuf,
    },
    /// Take over an existing book from a workbook.
    #[command(subcommand)]
    Migrate(migrate::Command),
    Compare(compare::Options),
    Terms(clauses::Options),
    Backup(backup::Options),
    Restore(restore::Options),
    Restored(restored::Options),
    WorkOut(work_out::Options),
    Doctor(doctor::Options),
    /// The people: roles, deputies, limits, links for passwords.
    #[command(subcommand)]
    User(user::UserCommand),
    /// The quarterly review of who may do what, and the access log.
    #[command(subcommand)]
    Access(access::AccessCommand),
    /// The keys of programs.
    #[command(subcommand)]
    Key(key::KeyCommand),
    #[command(flatten)]
    Desk(desk::DeskCommand),
    /// The document of the API (OpenAPI 3.1).
    Openapi,
    /// Serve the API and the pages.
    Serve {
        #[arg(long, env = "YAKKAN_CONFIG")]
        config: PathBuf,
        /// Overrides the clock of the configuration.
        #[arg(long)]
        clock: Option<ClockKind>,
    },
}

#[derive(Subcommand)]
enum RunFile {
    /// Run a file of examples; exit status 1 on any difference.
    Run { file: PathBuf },
}

#[derive(Subcommand)]
enum ScenarioCommand {
    /// Play a scenario file; exit status 1 when an expectation is not met.
    Run {
        file: PathBuf,
        /// Keep the data in this folder; a second run goes on where the first stopped.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Say only what failed.
        #[arg(long)]
        quiet: bool,
    },
}

impl Cli {
    /// How the server logs; a configuration that cannot be read is told later.
    pub fn log(&self) -> LogConfig {
        match &self.command {
            Command::Serve { config, .. } => {
                Config::read(config).map(|config| config.log).unwrap_or_default()
            }
            _ => LogConfig::default(),
        }
    }
}

async fn preview(
    engine: &engine::Engine,
    account: &str,
    file: &Path,
) -> anyhow::Result<engine::EntryPreview> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the file {} cannot be read", file.display()))?;
    let content: Content = serde_json::from_str(&text).with_context(|| {
        format!(
            "{} is no act or fact in JSON, such as {{\"act\": {{\"type\": …}}}}",
            file.display()
        )
    })?;
    Ok(engine.preview_entry(&account.into(), &content).await?)
}

pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Demo(options) => demo::run(options).await,
        Command::Examples(RunFile::Run { file }) => run_examples(&file),
        Command::Scenario(ScenarioCommand::Run { file, data, quiet }) => {
            run_scenario(&file, data.as_deref(), quiet).await
        }
        Command::Explain { id, data, language, public } => {
            let language: Language = language.into();
            let audience = if public { Audience::Everyone } else { Audience::Staff };
            let engine = open::reader(&data).await?;
            let explanations = engine.explain(&id, language).await?;
            let texts = explanations.iter().map(|e| wording::explain(e, language, audience));
            let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
            print(&texts.join("\n"))
        }
        Command::Preview { account, file, data, language, json } => {
            let engine = open::reader(&data).await?;
            let preview = preview(&engine, &account, &file).await?;
            let words = || preview.words(language.into()).join("\n");
            print(&if json { serde_json::to_string_pretty(&preview)? } else { words() })
        }
        Command::Audit { data } => audit(&data).await,
        Command::Export { data } => {
            let export = open::reader(&data).await?.export().await?;
            print(&serde_json::to_string_pretty(&export)?)
        }
        Command::Migrate(command) => migrate::run(command).await,
        Command::Compare(options) => compare::run(&options).await,
        Command::Terms(options) => clauses::run(&options),
        Command::Backup(options) => backup::run(&options).await,
        Command::Restore(options) => restore::run(&options).await,
        Command::Restored(options) => restored::run(&options).await,
        Command::WorkOut(options) => work_out::run(&options).await,
        Command::Doctor(options) => doctor::run(&options).await,
        Command::User(command) => user::run(command).await,
        Command::Access(command) => access::run(command).await,
        Command::Key(command) => key::run(command).await,
        Command::Desk(command) => desk::run(command).await,
        Command::Openapi => {
            print(&serde_json::to_string_pretty(&web::openapi_document(&web::Front::default()))?)
        }
        Command::Serve { config, clock } => serve(&config, clock).await,
    }
}

fn run_examples(file: &Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the examples {} cannot be read", file.display()))?;
    let read = examples::read(&text).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    // A case beyond the calendar is reported as a failed case, not as a crash.
    std::panic::set_hook(Box::new(|_| {}));
    let outcomes = examples::run(Pack::bundled(), &read);
    let _ = std::panic::take_hook();
    for outcome in outcomes.iter().filter(|outcome| !outcome.passed()) {
        println!("{} {} ({})", outcome.id, outcome.title, outcome.rule);
        println!("  expected {}", outcome.expected);
        match &outcome.answer {
            Ok(answer) => println!("  answered {answer}"),
            Err(why) => println!("  no answer: {why}"),
        }
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    println!("{} passed, {failed} failed", outcomes.len() - failed);
    Ok(exit(failed))
}

fn exit(failed: usize) -> ExitCode {
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn run_scenario(file: &Path, data: Option<&Path>, quiet: bool) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the scenario {} cannot be read", file.display()))?;
    let scenario = Scenario::read(&text).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    let operator_file = scenario.operator.as_ref().map(|name| folder.join(name));
    let operator = open::operator(operator_file.as_deref())?;
    let clock = Arc::new(ManualClock::at(scenario.start));
    let store = open::store(data).await?;
    store.recover().await?;
    if let Some(data) = data {
        let text =
            operator_file.map_or(Ok(open::SAMPLE_OPERATOR.to_owned()), std::fs::read_to_string)?;
        std::fs::write(data.join("operator.toml"), text)?;
    }
    let site = Arc::new(PublicPages::default());
    let engine =
        open::engine(store, Arc::new(Mailbox::default()), site.clone(), clock.clone(), operator)
            .await?;
    let files = Box::new(move |name: &str| {
        std::fs::read(folder.join(name)).map_err(|error| format!("the file {name}: {error}"))
    });
    let mut player = Player::new(Arc::new(engine), clock, files, &scenario).posting_on(site);
    let report = player.play(&scenario).await?;
    print_report(&report, quiet);
    println!("{} passed, {} failed", report.passed(), report.failed());
    Ok(exit(report.failed()))
}

async fn audit(data: &Path) -> anyhow::Result<ExitCode> {
    let audit = open::reader(data).await?.audit().await?;
    for difference in &audit.differences {
        println!("{difference}");
    }
    for (edition, entries) in &audit.explained {
        println!("{entries} entries explained by edition {edition} of the rules");
    }
    println!(
        "{} accounts, {} inputs, {} events: {} differences. Checkpoint {}",
        audit.accounts,
        audit.inputs,
        audit.events,
        audit.differences.len(),
        audit.checkpoint
    );
    Ok(exit(audit.differences.len()))
}

async fn serve(path: &Path, clock: Option<ClockKind>) -> anyhow::Result<ExitCode> {
    let config = Config::read(path)?;
    let operator = open::operator(Some(&config.operator))?;
    let logo = operator.company.logo.as_ref().map(|logo| config.operator.with_file_name(logo));
    let logo = logo.map(|path| web::Logo::read(&path)).transpose()?;
    let database = config.database.as_ref().map(Secret::reveal);
    let store = open::store_at(&config.data, database).await?;
    store.recover().await?;
    let smtp = config.smtp.as_ref().context("[smtp] is missing in the configuration")?;
    let mail = Arc::new(outside::SmtpMail::new(smtp.clone())?);
    let (front, site) = (config.front()?, web::PublicSite { logo, ..config.public_site()? });
    let manual = match clock.unwrap_or(config.clock) {
        ClockKind::System => None,
        ClockKind::Manual => {
            let now = engine::Clock::now(&open::SystemClock);
            let last = open::last_known(&*store).await?;
            Some(Arc::new(ManualClock::at(last.map_or(now, |last| last.max(now)))))
        }
    };
    let of_business: Arc<dyn engine::Clock> = match &manual {
        Some(clock) => clock.clone(),
        None => Arc::new(open::SystemClock),
    };
    let pages = Arc::new(web::OwnPages::default());
    let engine = Arc::new(open::engine(store, mail, pages.clone(), of_business, operator).await?);
    let _serving = told_of_others(&config)?;
    let door = Door::new(engine, Arc::new(open::SystemClock), config.access.clone())?
        .reached_at(config.address());
    let listen = config.listen;
    let (limits, monitoring_token) = (config.connections, config.monitoring.token);
    let (clock, hint, data) = (manual, None, Some(config.data));
    let serving = web::Serving {
        listen,
        data,
        front,
        limits,
        door,
        pages,
        clock,
        hint,
        monitoring_token,
        site,
    };
    web::serve(serving).await?;
    Ok(ExitCode::SUCCESS)
}

/// Notes this server in its folder, and says which others work there: that may be
/// meant, and then they share the work.
fn told_of_others(config: &Config) -> anyhow::Result<store::Serving> {
    let own = store::Server {
        pid: std::process::id(),
        since: engine::Clock::now(&open::SystemClock),
        listens: config.listen.to_string(),
    };
    let (serving, others) = store::serve_beside(&config.data, &own)?;
    for other in others {
        tracing::warn!(
            "another server works on {}: pid {}, since {}, on {}. Both share the work; stop one of \
             them if that is not meant",
            config.data.display(),
            other.pid,
            other.since.to_minute_text(),
            other.listens
        );
    }
    Ok(serving)
}
