//! `yakkan work-out`: stores what every account comes to, at once.

use std::process::ExitCode;
use std::sync::Arc;

use super::place::Place;
use crate::open::SystemClock;

/// Store what every account comes to, so that its next step reads only what it touches:
/// after an update, or before a month close. The server does the same by and by.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
}

pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let engine = options.place.engine(Arc::new(SystemClock)).await?;
    let all = engine
        .store_all_worked_out(|so_far| eprintln!("{} accounts stored", so_far.stored))
        .await?;
    let waiting = match all.left {
        0 => String::new(),
        left => format!(", {left} wait for their next step"),
    };
    super::print(&format!("{} accounts stored{waiting}", all.stored))
}
