//! `yakkan backup`: a copy while others serve, and the end of old ones.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use engine::Clock;
use store::backup::{self, Kept, Made, Order};

use super::place::Place;
use crate::config::Config;
use crate::open;

/// Name and version, as manifests and metrics give them.
pub const PROGRAM: &str = concat!("yakkan ", env!("CARGO_PKG_VERSION"));

/// Copies the data folder while it is served: one folder for each backup, and
/// one file of keys elsewhere.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// The folder that gets a folder for each backup.
    #[arg(long)]
    to: Option<PathBuf>,
    /// The file of keys, in another place than the backups; each backup replaces it.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// Make no copy of the keys: personal rows cannot be read after a restore.
    #[arg(long, conflicts_with = "keys")]
    without_keys: bool,
    /// Afterwards destroy the backups whose day has come (`backup_days`).
    #[arg(long)]
    prune: bool,
    /// Only list the backups.
    #[arg(long, conflicts_with_all = ["prune", "without_keys"])]
    list: bool,
}

/// Where backups and keys go.
fn targets(
    options: &Options,
    config: Option<&Config>,
) -> anyhow::Result<(PathBuf, Option<PathBuf>)> {
    let configured = config.and_then(|config| config.backup.as_ref());
    let to = options.to.clone().or_else(|| configured.map(|backup| backup.folder.clone()));
    let to = to.context("say where backups go: --to FOLDER, or [backup] in the configuration")?;
    let keys = options.keys.clone().or_else(|| configured.map(|backup| backup.keys.clone()));
    if options.without_keys {
        return Ok((to, None));
    }
    let keys = keys.or(if options.list { Some(PathBuf::new()) } else { None }).context(
        "say where the copy of the keys goes: --keys FILE in another place than the backups \
         (or --without-keys, if you keep keys.db in another way)",
    )?;
    Ok((to, Some(keys)))
}

pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let config = options.place.config()?;
    let (to, keys) = targets(options, config.as_ref())?;
    if options.list {
        return super::print(&list(&to)?.join("\n"));
    }
    let data = options.place.data(config.as_ref())?;
    let database = options.place.database(config.as_ref())?;
    let operator_file = options.place.operator(config.as_ref())?;
    let operator = open::operator(operator_file.as_deref())?;
    let now = open::SystemClock.now();
    let order = Order {
        data: &data,
        database: database.as_deref(),
        to: &to,
        keys: keys.as_deref(),
        operator: operator_file.as_deref(),
        at: now,
        backup_days: operator.invoice.backup_days,
        program: PROGRAM,
    };
    let made = backup::make(&order).await?;
    let mut lines = tell(&made, keys.as_deref());
    if options.prune {
        for removed in backup::prune(&to, now.day())? {
            lines.push(format!("destroyed {}: its day had come", removed.display()));
        }
    }
    super::print(&lines.join("\n"))
}

fn tell(made: &Made, keys: Option<&Path>) -> Vec<String> {
    let manifest = &made.manifest;
    let contents = &manifest.contents;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let mut lines = vec![format!(
        "{}: {} accounts, {} entries, {} documents, {} MB in {} files, verified",
        made.folder.display(),
        contents.accounts,
        contents.inputs,
        contents.documents,
        bytes.div_ceil(1 << 20),
        manifest.files.len(),
    )];
    if let Some(checkpoint) = &manifest.checkpoint {
        lines.push(format!("checkpoint {} {}", checkpoint.seq, checkpoint.hash));
    }
    lines.push(format!("it is destroyed on {} (backup --prune)", manifest.expires));
    lines.push(match keys {
        Some(keys) => format!("keys: {}", keys.display()),
        None => "no keys were copied: without keys.db no personal row can be read".to_owned(),
    });
    lines
}

fn list(to: &Path) -> anyhow::Result<Vec<String>> {
    let told = |Kept { folder, manifest }: Kept| match manifest {
        Some(manifest) => format!(
            "{}  {} entries, newest {}; destroyed on {}",
            folder.display(),
            manifest.contents.inputs,
            manifest.contents.newest_entry.map_or_else(String::new, |at| at.to_minute_text()),
            manifest.expires
        ),
        None => format!("{}  its manifest cannot be read", folder.display()),
    };
    Ok(backup::kept(to)?.into_iter().map(told).collect())
}
