//! What commands print, and in which language.

use std::process::ExitCode;

use clap::ValueEnum;
use document::wording::Language;
use engine::scenario::Report;

/// The language of answers.
#[derive(Clone, Copy, ValueEnum)]
pub enum LanguageName {
    Ja,
    En,
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Language {
        match name {
            LanguageName::Ja => Language::Japanese,
            LanguageName::En => Language::English,
        }
    }
}

/// Long output; whoever reads it may stop early, as `head` does.
pub fn print(text: &str) -> anyhow::Result<ExitCode> {
    use std::io::{ErrorKind, Write};
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// One line a step; below it each difference.
pub fn print_report(report: &Report, quiet: bool) {
    for step in &report.steps {
        let failed = step.error.is_some() || step.checks.iter().any(|check| !check.passed());
        if quiet && !failed {
            continue;
        }
        let mark = if failed { "✗" } else { "✓" };
        println!("{mark} {:>3}  {}  {}", step.number, step.at.to_minute_text(), step.title);
        if let Some(error) = &step.error {
            println!("       {}", error.replace('\n', "\n       "));
        }
        for check in step.checks.iter().filter(|check| !check.passed()) {
            for difference in &check.differences {
                println!("       {}: {difference}", check.of);
            }
        }
    }
}
