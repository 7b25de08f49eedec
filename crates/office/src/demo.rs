//! `yakkan demo`: the bundled life checked from mail to certificate, or the
//! sample reseller played and served.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use document::wording::Language;
use engine::scenario::{Files, Mailbox, Player, PublicPages, Report, Scenario};
use engine::{Engine, Homepage, ManualClock};

use crate::{cli, open, web};

mod mail_server;
mod outputs;
mod people;

/// Where the page is served.
#[derive(clap::Args)]
pub struct Options {
    /// Play one contract's whole life, write every file it gives into this
    /// folder, and end.
    #[arg(long, value_name = "OUTDIR")]
    check: Option<PathBuf>,
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: std::net::SocketAddr,
    /// Keep the sample reseller's data in this folder.
    #[arg(long)]
    data: Option<PathBuf>,
}

const LIFE: &str = include_str!("../../../samples/minato/life.toml");
const BOOK: &str = include_str!("../../../samples/minato/book.toml");
const MARK: &str = "made-by-yakkan-demo";

/// The files of the bundled life.
const FILES: [(&str, &[u8]); 7] = [
    ("files/application.eml", include_bytes!("../../../samples/minato/files/application.eml")),
    ("files/cancellation.xlsx", include_bytes!("../../../samples/minato/files/cancellation.xlsx")),
    ("files/usage-2026-04.csv", include_bytes!("../../../samples/minato/files/usage-2026-04.csv")),
    ("files/usage-2026-05.csv", include_bytes!("../../../samples/minato/files/usage-2026-05.csv")),
    ("files/usage-broken.csv", include_bytes!("../../../samples/minato/files/usage-broken.csv")),
    (
        "files/deposits-2026-06-30.txt",
        include_bytes!("../../../samples/minato/files/deposits-2026-06-30.txt"),
    ),
    (
        "files/deposits-2026-07-31.txt",
        include_bytes!("../../../samples/minato/files/deposits-2026-07-31.txt"),
    ),
];

fn bundled_files() -> Files {
    Box::new(|name| {
        let found = FILES.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| format!("the file {name} is not bundled"))
    })
}

pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    match options.check {
        Some(folder) => check(&folder).await,
        None => serve(options.data.as_deref(), options.listen).await,
    }
}

fn scenario(text: &str) -> anyhow::Result<Scenario> {
    Scenario::read(text).map_err(|error| anyhow!(error))
}

/// Plays the life with real mail, writes its files, prints what happened.
async fn check(folder: &Path) -> anyhow::Result<ExitCode> {
    prepare(folder)?;
    let life = scenario(LIFE)?;
    let server = mail_server::start(&folder.join("mails")).await?;
    let mail = Arc::new(outside::SmtpMail::new(server.config())?);
    let clock = Arc::new(ManualClock::at(life.start));
    let data = folder.join("data");
    let store = open::store(Some(&data)).await?;
    store.recover().await?;
    std::fs::write(data.join("operator.toml"), open::SAMPLE_OPERATOR)?;
    let (site, operator) = (Arc::new(PublicPages::default()), open::operator(None)?);
    let engine = Arc::new(open::engine(store, mail, site, clock.clone(), operator).await?);
    let mut player = Player::new(engine.clone(), clock, bundled_files(), &life);
    let report = player.play(&life).await?;
    outputs::write(&engine, folder).await?;
    outputs::table(&engine, Language::Japanese).await?;
    println!();
    cli::print_report(&report, true);
    let audit = engine.audit().await?;
    for difference in &audit.differences {
        println!("audit: {difference}");
    }
    println!("{}", closing_line(folder, &report, audit.differences.len()));
    let failed = report.failed() + audit.differences.len();
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn closing_line(folder: &Path, report: &Report, differences: usize) -> String {
    format!(
        "Files in {}. Audit: {differences} differences. Life: {} passed, {} failed",
        folder.display(),
        report.passed(),
        report.failed()
    )
}

/// Makes the folder; what an earlier demo left there is removed, nothing else is.
fn prepare(folder: &Path) -> anyhow::Result<()> {
    let mark = folder.join(MARK);
    if mark.exists() {
        for name in ["data", "mails", "documents"] {
            let part = folder.join(name);
            if part.exists() {
                std::fs::remove_dir_all(&part)
                    .with_context(|| format!("{} cannot be removed", part.display()))?;
            }
        }
    } else if folder.exists() && folder.read_dir()?.next().is_some() {
        return Err(anyhow!(
            "{} is not empty and not from an earlier demo: name another folder",
            folder.display()
        ));
    }
    std::fs::create_dir_all(folder.join("documents"))
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    std::fs::write(mark, "")?;
    Ok(())
}

/// The homepage of the demo: that of the scenario while the year is played, and what is
/// really served from then on.
#[derive(Default)]
struct DemoPages {
    own: Arc<web::OwnPages>,
    played: PublicPages,
}

#[async_trait::async_trait]
impl Homepage for DemoPages {
    async fn shows(&self, page: &str, mark: &str) -> Result<String, String> {
        match self.own.are_served() {
            true => self.own.shows(page, mark).await,
            false => self.played.shows(page, mark).await,
        }
    }
}

/// Plays a year of the sample reseller and serves it on a manual clock.
async fn serve(data: Option<&Path>, listen: std::net::SocketAddr) -> anyhow::Result<ExitCode> {
    web::refuse_other_machines(listen, &web::Front::default())?;
    let book = scenario(BOOK)?;
    let clock = Arc::new(ManualClock::at(book.start));
    let store = open::store(data).await?;
    store.recover().await?;
    if let Some(data) = data {
        std::fs::write(data.join("operator.toml"), open::SAMPLE_OPERATOR)?;
    }
    let mail = Arc::new(Mailbox::default());
    let (pages, operator) = (Arc::new(DemoPages::default()), open::operator(None)?);
    let engine: Arc<Engine> =
        Arc::new(open::engine(store, mail, pages.clone(), clock.clone(), operator).await?);
    eprintln!("playing a year of the sample reseller …");
    let report =
        Player::new(engine.clone(), clock.clone(), bundled_files(), &book).play(&book).await?;
    cli::print_report(&report, true);
    println!("sample reseller: {} passed, {} failed", report.passed(), report.failed());
    if report.failed() > 0 {
        return Ok(ExitCode::FAILURE);
    }
    let door = people::door(engine.clone())?.reached_at(format!("http://{listen}"));
    let (password, hint) = people::prepare(&door).await?;
    println!("serving on http://{listen} — the clock stands at {}", engine.now().to_minute_text());
    println!("sign in as any of the people there; the password of all of them is {password}");
    let (front, hint) = (web::Front::default(), Some(hint));
    let (limits, monitoring_token) = (web::Limits::default(), None);
    let (clock, data) = (Some(clock), data.map(Path::to_owned));
    let pages = pages.own.clone();
    let site = web::PublicSite { address: format!("http://{listen}"), apart: None, logo: None };
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
