//! `yakkan access`: the quarterly review and the access log.

use std::process::ExitCode;

use clap::Subcommand;
use contract::who::roles::Role;
use engine::AccessQuery;
use engine::people::Wanted;
use reckon::{Day, Moment};

use super::installation::{Installation, came};
use super::place::Place;
use crate::access::{Noted, Quarter};
use crate::csv;

#[derive(Subcommand)]
pub enum AccessCommand {
    /// Who had which right in a quarter, who used it, and what stands out.
    Review {
        /// Such as 2026Q4.
        #[arg(long)]
        quarter: Quarter,
        /// As CSV.
        #[arg(long)]
        csv: bool,
        /// An auditor or administrator who has looked it through: recorded.
        #[arg(long)]
        sign: Option<String>,
        #[arg(long, default_value = "")]
        reason: String,
        #[command(flatten)]
        place: Place,
    },
    /// The access log as CSV, newest first.
    Log {
        #[arg(long)]
        from: Option<Day>,
        /// The last day.
        #[arg(long)]
        until: Option<Day>,
        #[arg(long)]
        person: Option<String>,
        #[arg(long, default_value_t = 100_000)]
        lines: u32,
        #[command(flatten)]
        place: Place,
    },
}

pub async fn run(command: AccessCommand) -> anyhow::Result<ExitCode> {
    match command {
        AccessCommand::Review { quarter, csv, sign, reason, place } => {
            let here = Installation::at(&place).await?;
            if let Some(by) = sign {
                let hat = here.acting(&by, &[Role::Auditor, Role::Administrator]).await?;
                let change = here.door.signing(quarter).await?;
                let wanted = Wanted::new(change, &reason, &came().origin);
                here.door.engine.change_people(&hat, wanted).await?;
            }
            let review = here.door.review(quarter).await?;
            super::print(&if csv { review.csv() } else { review.text() })
        }
        AccessCommand::Log { from, until, person, lines, place } => {
            let here = Installation::at(&place).await?;
            let query = AccessQuery {
                before: None,
                person,
                kind: None,
                from: from.map(Moment::start_of),
                until: until.map(Moment::end_of),
                limit: lines,
            };
            let log = here.door.engine.store.identity().access_log(&query).await?;
            let mut text = "at,person,key,kind,what,origin,detail\n".to_owned();
            for line in &log {
                let at = line.at.to_string();
                let cells = [&at, &line.person, &line.key, &line.kind];
                let rest = [&line.what, &line.origin, &line.detail];
                let cells: Vec<_> = cells.into_iter().chain(rest).map(String::as_str).collect();
                text += &csv::line(&cells);
            }
            here.door.note("", "", Noted::Export, "access log", &came(), "").await?;
            super::print(&text)
        }
    }
}
