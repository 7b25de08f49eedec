//! `yakkan outbox`: what could not be done outside, and what a person says of it.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use contract::who::actor::Actor;
use engine::{Engine, Mending, OutboxState};
use reckon::Moment;

use super::{Given, Job, from_word};
use crate::cli::installation::Installation;
use crate::cli::place::Place;

#[derive(Subcommand)]
pub enum OutboxCommand {
    /// What was refused or given up and waits for a person.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// The cause is mended: it is tried again.
    Again(Of),
    /// It was done in another way.
    Done {
        #[command(flatten)]
        of: Of,
        /// mail (another mail program), post or hand.
        #[arg(long)]
        way: String,
        /// When, in Japan time: 2026-04-03T14:05:00.
        #[arg(long)]
        at: Moment,
        /// What shows it: a Message-ID, the number of a registered letter, a name.
        #[arg(long)]
        reference: String,
    },
    /// Nobody needs it any more.
    Drop(Of),
}

/// Of which effect; `--reason` has to be given.
#[derive(Args)]
pub struct Of {
    id: String,
    #[command(flatten)]
    given: Given,
}

/// What is to be recorded; nothing where the list is asked for, which is printed.
pub(super) async fn of(command: OutboxCommand) -> anyhow::Result<Option<(Job, Given)>> {
    let (of, mending) = match command {
        OutboxCommand::List { place } => {
            let installation = Installation::at(&place).await?;
            print(&installation.door.engine).await?;
            return Ok(None);
        }
        OutboxCommand::Again(of) => (of, Mending::Again),
        OutboxCommand::Done { of, way, at, reference } => {
            let mending = Mending::Elsewhere { way: from_word(&way)?, at, reference };
            (of, mending)
        }
        OutboxCommand::Drop(of) => (of, Mending::LetGo),
    };
    Ok(Some((Job::Mend { id: of.id, mending }, of.given)))
}

async fn print(engine: &Engine) -> anyhow::Result<()> {
    let rows = engine.store.outbox().await?;
    for row in rows.iter().filter(|row| row.state == OutboxState::Refused) {
        println!(
            "{}  {}  {}  {}",
            row.id,
            row.account,
            row.next_at.to_minute_text(),
            row.last_reply
        );
    }
    Ok(())
}

pub(super) async fn mend(
    engine: &Engine,
    id: &str,
    mending: &Mending,
    actor: &Actor,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    match engine.mend(id, mending, actor, reason).await? {
        Some(next) => println!("{next} leaves with the next round"),
        None => println!("{id} is answered"),
    }
    Ok(ExitCode::SUCCESS)
}
