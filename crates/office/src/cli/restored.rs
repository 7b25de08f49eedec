//! `yakkan restored`: what people decide after a restore.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{ArgGroup, Args, Subcommand};
use contract::who::actor::Actor;
use contract::who::roles::Permission;
use engine::{Clock, Engine, NumbersSince};
use reckon::Moment;

use super::installation::{Installation, came};
use super::place::Place;
use super::restore::told;
use crate::access::Noted;
use crate::open;

/// After a restore: what was sent since the backup, and which numbers are free.
#[derive(Debug, Args)]
pub struct Options {
    #[command(subcommand)]
    step: Review,
}

#[derive(Debug, Subcommand)]
enum Review {
    /// The review that is open and the effects that are held.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// The mail server's log says that this mail left.
    Sent {
        id: String,
        /// When, as the log says (Japan time): 2026-04-03T14:05:00.
        #[arg(long)]
        at: Moment,
        #[command(flatten)]
        decided: Decided,
    },
    /// It did not leave, or has to again.
    Release {
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// Everything that is held.
        #[arg(long, conflicts_with = "id")]
        all: bool,
        #[command(flatten)]
        decided: Decided,
    },
    /// It is not to be sent.
    Drop {
        id: String,
        #[command(flatten)]
        decided: Decided,
    },
    /// Which document numbers were given after the backup.
    #[command(group(ArgGroup::new("numbers").required(true)))]
    Numbers {
        /// The first number that nobody got: INV-2026-000431.
        #[arg(long, group = "numbers")]
        from: Option<String>,
        /// None was given, or the same billing runs are repeated with their dates.
        #[arg(long, group = "numbers")]
        repeat: bool,
        #[command(flatten)]
        decided: Decided,
    },
    /// Everything is decided: effects are performed by themselves again.
    Close {
        #[command(flatten)]
        decided: Decided,
    },
}

impl Review {
    fn word(&self) -> &'static str {
        match self {
            Review::List { .. } => "list",
            Review::Sent { .. } => "sent",
            Review::Release { .. } => "release",
            Review::Drop { .. } => "drop",
            Review::Numbers { .. } => "numbers",
            Review::Close { .. } => "close",
        }
    }
}

#[derive(Debug, Args)]
struct Decided {
    /// Who decides: their password is asked for, or stands in YAKKAN_PASSWORD.
    #[arg(long)]
    by: String,
    #[command(flatten)]
    place: Place,
}

pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let clock: Arc<dyn Clock> = Arc::new(open::SystemClock);
    let done = match &options.step {
        Review::List { place } => {
            let lines = list(&place.engine(clock).await?).await?;
            return super::print(&lines.join("\n"));
        }
        Review::Sent { decided, .. }
        | Review::Release { decided, .. }
        | Review::Drop { decided, .. }
        | Review::Numbers { decided, .. }
        | Review::Close { decided } => {
            decided.place.refuse_other_folder()?;
            let here = Installation::with_clock(&decided.place, clock).await?;
            let roles = Permission::SettleRestore.roles();
            let by = here.acting(&decided.by, roles).await?;
            let done = decide(&here.door.engine, &options.step, &by).await?;
            let what = format!("restored {}", options.step.word());
            here.door.note(&by.id, "", Noted::Admin, &what, &came(), &done).await?;
            done
        }
    };
    println!("{done}");
    Ok(ExitCode::SUCCESS)
}

async fn decide(engine: &Engine, step: &Review, by: &Actor) -> anyhow::Result<String> {
    Ok(match step {
        Review::List { .. } => String::new(),
        Review::Sent { id, at, .. } => {
            engine.was_sent(id, *at, by).await?;
            format!("{id} is registered as sent at {}", at.to_minute_text())
        }
        Review::Release { id: Some(id), .. } => {
            engine.release(id, by).await?;
            format!("{id} leaves with the next round")
        }
        Review::Release { id: None, .. } => {
            let held = engine.held().await?;
            for one in &held {
                engine.release(&one.row.id, by).await?;
            }
            format!("{} effects leave with the next round", held.len())
        }
        Review::Drop { id, .. } => {
            engine.drop_held(id, by).await?;
            format!("{id} is dropped")
        }
        Review::Numbers { from, .. } => {
            let since = from.clone().map_or(NumbersSince::Repeat, NumbersSince::From);
            engine.state_numbers(&since, by).await?;
            "billing runs can be made again".to_owned()
        }
        Review::Close { .. } => {
            engine.close_review(by).await?;
            "the review is closed: effects are performed by themselves again".to_owned()
        }
    })
}

async fn list(engine: &Engine) -> anyhow::Result<Vec<String>> {
    let mut lines = vec![match engine.review().await? {
        None => "no review is open".to_owned(),
        Some(review) => format!(
            "restored {} from a backup of {}; {}",
            review.restored_at.to_minute_text(),
            review.backup_at.to_minute_text(),
            if review.numbers_known { "numbers are known" } else { "numbers are not known yet" }
        ),
    }];
    lines.extend(engine.held().await?.iter().map(told));
    Ok(lines)
}
