//! Chores of this repository: `cargo run -p xtask -- tidy`, `… -- map`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod map;
mod tidy;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["tidy"] => run_tidy(),
        ["map"] => print_map(""),
        ["map", under] => print_map(under),
        _ => {
            eprintln!("usage: cargo run -p xtask -- tidy | map [FOLDER]");
            ExitCode::from(2)
        }
    }
}

/// The root of the clone for which this runs, which need not be the one that built it.
fn root() -> Option<PathBuf> {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    here.parent().map(Path::to_owned)
}

fn print_map(under: &str) -> ExitCode {
    let Some(root) = root() else {
        eprintln!("map: start it with cargo run -p xtask");
        return ExitCode::FAILURE;
    };
    match tidy::Tree::read(&root) {
        // Whoever reads the first lines only may close the pipe.
        Ok(tree) => drop(std::io::stdout().write_all(map::of(&tree, under).as_bytes())),
        Err(why) => {
            eprintln!("map: {why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn run_tidy() -> ExitCode {
    let Some(root) = root() else {
        eprintln!("tidy: start it with cargo run -p xtask");
        return ExitCode::FAILURE;
    };
    let report = match tidy::inspect(&root) {
        Ok(report) => report,
        Err(why) => {
            eprintln!("tidy: {why}");
            return ExitCode::FAILURE;
        }
    };
    for finding in &report.findings {
        println!("{finding}");
    }
    if report.findings.is_empty() {
        println!("tidy: {} files, nothing to do", report.files);
        return ExitCode::SUCCESS;
    }
    println!("tidy: {} to mend", report.findings.len());
    ExitCode::FAILURE
}
