//! What a step costs: lives and files of a size, played against the real engine
//! and timed by the processor time of this process. How to run: bench/README.md.

mod desk;
mod files;
mod lives;
mod notices;
mod page;
mod stored;
mod timed;

use std::env::current_exe;
use std::path::PathBuf;

use clap::Parser;

use crate::lives::Payments;

#[derive(Parser)]
#[command(about = "Plays lives and files of a size, and prints what they cost")]
enum Case {
    /// One account, one contract, one invoice and one payment a month.
    LongLife {
        #[arg(long, default_value_t = 120)]
        months: u32,
        #[arg(long, value_enum, default_value = "unnamed")]
        payments: Payments,
        /// How often it is played: the figure is the median.
        #[arg(long, default_value_t = 1)]
        times: u32,
    },
    /// One more payment into a young and an old account.
    OneStep {
        #[arg(long, default_value_t = 120)]
        months: u32,
    },
    /// The page of a young and of an old contract, as the program serves it.
    Page {
        #[arg(long, default_value_t = 120)]
        months: u32,
        /// The program; the one built beside this.
        #[arg(long)]
        yakkan: Option<PathBuf>,
    },
    /// One account with many contracts, formed, started and billed for one month.
    Wide {
        #[arg(long, default_value_t = 80)]
        contracts: u32,
    },
    /// A bank's file, read where many accounts could have paid.
    Deposits {
        #[arg(long, default_value_t = 10_000)]
        accounts: u64,
        #[arg(long, default_value_t = 1_000)]
        rows: u64,
    },
    /// A notice to many customers by mail; some of the mails are refused.
    Notices {
        #[arg(long, default_value_t = 10_000)]
        accounts: u64,
        #[arg(long, default_value_t = 200)]
        refused: u64,
    },
    /// What many accounts came to is stored, and read again.
    Stored {
        #[arg(long, default_value_t = 100_000)]
        accounts: u64,
    },
}

/// Much of a step is small pieces of memory, taken and given back.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Case::parse() {
        Case::LongLife { months, payments, times } => lives::long(months, payments, times).await,
        Case::OneStep { months } => lives::one_step(months).await,
        Case::Page { months, yakkan } => {
            let beside = || Ok::<_, std::io::Error>(current_exe()?.with_file_name("yakkan"));
            page::page(&yakkan.map_or_else(beside, Ok)?, months).await
        }
        Case::Wide { contracts } => lives::wide(contracts).await,
        Case::Deposits { accounts, rows } => files::deposits(accounts, rows).await,
        Case::Notices { accounts, refused } => notices::notices(accounts, refused).await,
        Case::Stored { accounts } => stored::stored(accounts).await,
    }
}
