//! `yakkan`: the binary. Commands, pages and the API; nothing is decided here.

mod access;
mod cli;
mod config;
mod csv;
mod database;
mod demo;
mod logs;
mod metered;
mod open;
mod web;

use std::process::ExitCode;

use clap::Parser;

/// Much of a step is small pieces of memory, taken and given back.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    if let Some(problem) = cli::beyond(std::env::args().skip(1)) {
        eprintln!("yakkan: {problem}");
        return ExitCode::from(2);
    }
    let cli = cli::Cli::parse();
    logs::start(&cli.log());
    match cli::run(cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("yakkan: {error:#}");
            ExitCode::from(cli::FAILED)
        }
    }
}
