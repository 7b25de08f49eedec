//! `yakkan restore`: a backup becomes a data folder, whole or not at all.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use engine::scenario::Mailbox;
use engine::{Clock, Held, ManualClock, WaysEnded};
use store::backup::{self, BackupError, Request, Restored};

use crate::{database, open};

/// How many lines of a list are printed; the file in the folder has them all.
const PRINTED: usize = 10;

/// Makes a data folder out of a backup and the keys; prints what the backup did
/// not have and what a person has to decide.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The folder of one backup.
    backup: PathBuf,
    /// The data folder to be made; nothing may be in it.
    #[arg(long)]
    to: PathBuf,
    /// The newest copy of the keys.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// The keys are lost: no personal row can be read any more.
    #[arg(long, conflicts_with = "keys")]
    without_keys: bool,
    /// An empty PostgreSQL database, for a backup that was made of one.
    #[arg(long, env = "YAKKAN_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The operator's file, in place of the one in the backup.
    #[arg(long)]
    operator: Option<PathBuf>,
    /// The last checkpoint that you kept: says whether the backup reaches it.
    #[arg(long)]
    known: Option<String>,
}

pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    if options.keys.is_none() && !options.without_keys {
        anyhow::bail!(
            "name the newest copy of the keys with --keys FILE; if it is lost, say \
             --without-keys: names, addresses and mails cannot be read then"
        );
    }
    let report = restore(options, Arc::new(open::SystemClock)).await?;
    super::print(report.trim_end())
}

/// Restores, and returns what a person has to know.
pub async fn restore(options: &Options, clock: Arc<dyn Clock>) -> anyhow::Result<String> {
    let restored = backup::stage(&Request {
        backup: &options.backup,
        keys: options.keys.as_deref(),
        to: &options.to,
        database: options.database.as_deref(),
        known: options.known.as_deref(),
    })
    .await?;
    let staging = restored.staging.clone();
    match settle(options, &restored, clock).await {
        Ok((held, ended)) => {
            let full = report(options, &restored, &held, ended, usize::MAX);
            std::fs::write(staging.join("restored.txt"), full)
                .map_err(|why| at_fault(&staging, why))?;
            restored.store.close().await;
            backup::put_in_place(&staging, &options.to)?;
            Ok(report(options, &restored, &held, ended, PRINTED))
        }
        Err(error) => {
            restored.store.close().await;
            backup::take_back(&staging, options.database.as_deref()).await;
            Err(error.context("nothing was restored"))
        }
    }
}

fn at_fault(path: &Path, why: std::io::Error) -> BackupError {
    let what = "this folder cannot be written:";
    BackupError::File { what, path: path.to_owned(), why: why.to_string() }
}

/// Opens the review: every way in is ended, time is brought up to now, and every
/// effect is held.
async fn settle(
    options: &Options,
    restored: &Restored,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<(Vec<Held>, WaysEnded)> {
    if let Some(address) = &options.database {
        database::note(&restored.staging, address)?;
    }
    let own = restored.staging.join("operator.toml");
    if let Some(file) = &options.operator {
        std::fs::copy(file, &own)
            .with_context(|| format!("the operator's file {} cannot be read", file.display()))?;
    }
    let operator = open::operator(own.exists().then_some(own.as_path()))?;
    // A record may be ahead of this machine: its clock never goes back.
    let newest = restored.manifest.contents.newest_entry;
    let now = newest.map_or(clock.now(), |newest| newest.max(clock.now()));
    let clock = Arc::new(ManualClock::at(now));
    let store = Arc::new(restored.store.clone());
    let engine = open::engine(
        store,
        Arc::new(Mailbox::default()),
        Arc::new(engine::NoHomepage),
        clock,
        operator,
    )
    .await?;
    let opening = engine.open_review(restored.manifest.made_at).await?;
    Ok((engine.held().await?, opening.ended))
}

fn report(
    options: &Options,
    restored: &Restored,
    held: &[Held],
    ended: WaysEnded,
    most: usize,
) -> String {
    let mut text = String::new();
    let out = &mut text;
    let manifest = &restored.manifest;
    let data = options.to.display();
    line(
        out,
        format_args!(
            "{data}: the backup of {} is restored; every hash and chain was checked",
            manifest.made_at.to_minute_text()
        ),
    );
    if let Some(checkpoint) = &manifest.checkpoint {
        line(out, format_args!("checkpoint {} {}", checkpoint.seq, checkpoint.hash));
    }
    what_is_missing(out, options, restored, most);
    if restored.erased > 0 {
        let count = restored.erased;
        line(out, format_args!("{count} personal rows were erased after the backup: erased again"));
    }
    ways_in(out, ended);
    held_effects(out, held, most);
    what_to_do(out, &data);
    text
}

/// What the backup brought back of people and programs.
fn ways_in(out: &mut String, ended: WaysEnded) {
    let WaysEnded { sessions, links, keys } = ended;
    line(
        out,
        format_args!(
            "\n{sessions} sessions, {links} set-up links and {keys} keys of the backup were ended: \
             some may have been ended after it. Passwords, one-time codes and roles are those of \
             the backup: end again what was ended since, and make keys anew (yakkan key new)"
        ),
    );
}

fn what_to_do(out: &mut String, data: &std::path::Display<'_>) {
    line(out, format_args!("\nWhat to do now:"));
    line(
        out,
        format_args!(
            "  1. yakkan restored list --data {data}: look for each Message-ID in the mail \
             server's log and say: restored sent, release or drop"
        ),
    );
    line(
        out,
        format_args!(
            "  2. yakkan restored numbers --data {data}: --from the first invoice number that \
             nobody got, or --repeat when none was given or the same runs are repeated"
        ),
    );
    line(
        out,
        format_args!("  3. enter again what is missing; mails that it asks for are held too"),
    );
    line(out, format_args!("  4. yakkan restored close --data {data}: mails leave again"));
    line(
        out,
        format_args!("All lists are in {data}/restored.txt; yakkan audit looks at the rest."),
    );
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a text takes everything");
}

fn what_is_missing(out: &mut String, options: &Options, restored: &Restored, most: usize) {
    line(out, format_args!("\nThe backup has nothing after these entries:"));
    for entry in restored.last_entries.iter().take(most) {
        line(
            out,
            format_args!(
                "  {}  {} entries, the last of {}: {}",
                entry.account,
                entry.entries,
                entry.known_at.to_minute_text(),
                entry.input
            ),
        );
    }
    more(out, restored.last_entries.len(), most);
    match (&options.known, restored.known) {
        (Some(_), Some(seq)) => line(
            out,
            format_args!(
                "your checkpoint is number {seq} of this record: nothing up to it is missing"
            ),
        ),
        (Some(hash), None) => line(
            out,
            format_args!(
                "your checkpoint {hash} is not in this record: what came before it and after \
                 the backup is missing"
            ),
        ),
        (None, _) => {}
    }
    if !restored.unknown_subjects.is_empty() {
        line(
            out,
            format_args!("The keys are newer; these came in after the backup and are missing:"),
        );
        for subject in restored.unknown_subjects.iter().take(most) {
            line(out, format_args!("  {subject}"));
        }
        more(out, restored.unknown_subjects.len(), most);
    }
}

fn held_effects(out: &mut String, held: &[Held], most: usize) {
    if held.is_empty() {
        return line(out, format_args!("No effect was waiting in the backup."));
    }
    line(
        out,
        format_args!(
            "\n{} effects may have been performed since the backup and are held:",
            held.len()
        ),
    );
    for one in held.iter().take(most) {
        line(out, format_args!("  {}", told(one)));
    }
    more(out, held.len(), most);
}

/// One held effect in one line.
pub fn told(held: &Held) -> String {
    let id = held.message_id.as_deref().unwrap_or("no mail");
    format!("{}  {}  {}", held.row.id, held.row.account, id)
}

fn more(out: &mut String, count: usize, most: usize) {
    if count > most {
        line(out, format_args!("  and {} more", count - most));
    }
}
