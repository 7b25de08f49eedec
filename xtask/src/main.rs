//! Chores of this repository: `cargo run -p xtask -- tidy`.

use std::path::Path;
use std::process::ExitCode;

mod tidy;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["tidy"] => run_tidy(),
        _ => {
            eprintln!("usage: cargo run -p xtask -- tidy");
            ExitCode::from(2)
        }
    }
}

fn run_tidy() -> ExitCode {
    // Asked at run time: the clone that built this need not be the one it runs for.
    let Some(here) = std::env::var_os("CARGO_MANIFEST_DIR") else {
        eprintln!("tidy: start it with cargo run -p xtask");
        return ExitCode::FAILURE;
    };
    let here = Path::new(&here);
    let root = here.parent().unwrap_or(here);
    let report = match tidy::inspect(root) {
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
