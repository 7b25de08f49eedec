//! `yakkan compare`: what the earlier way charged beside what the terms say.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use document::wording::{self, Language};
use engine::{Comparison, ComparisonRow, EngineError};
use reckon::Month;

use super::migrate::Takeover;
use super::{LanguageName, print};

/// Compare what the earlier way charged for a month with what the terms charge:
/// every yen of difference with its reason. Writes nothing. Exit status 3 when a
/// difference is unexplained.
#[derive(Args)]
pub struct Options {
    /// The workbook of what was charged (`yakkan migrate template FILE --of charges`).
    file: PathBuf,
    /// The service month, such as 2026-05.
    #[arg(long)]
    month: Month,
    #[command(flatten)]
    place: Takeover,
    /// As JSON.
    #[arg(long)]
    json: bool,
    #[arg(long, default_value = "ja")]
    language: LanguageName,
}

pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let engine = options.place.existing().await?;
    let bytes = std::fs::read(&options.file)
        .with_context(|| format!("{} cannot be read", options.file.display()))?;
    let name = options.file.file_name().unwrap_or(options.file.as_os_str()).to_string_lossy();
    let found = match engine.compare_charges(&name, &bytes, options.month).await {
        Ok(found) => found,
        Err(EngineError::Faults(faults)) => {
            for fault in &faults {
                println!("{fault}");
            }
            println!("{} faults: nothing was compared", faults.len());
            return Ok(ExitCode::FAILURE);
        }
        Err(other) => return Err(other.into()),
    };
    match options.json {
        true => print(&serde_json::to_string_pretty(&found)?)?,
        false => print(&text(&found, options.language.into()))?,
    };
    Ok(if found.unexplained == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// Writes the empty workbook.
pub fn template(file: &Path) -> anyhow::Result<ExitCode> {
    let bytes = document::write_charged(&std::collections::BTreeMap::new())?;
    std::fs::write(file, bytes).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn text(found: &Comparison, language: Language) -> String {
    let Comparison { file, sha256, month, ours, theirs, agreed, .. } = found;
    let difference = wording::signed(found.difference);
    let mut out = vec![
        format!("{month}  {file} (sha256 {sha256})"),
        format!("terms {ours} yen, earlier way {theirs} yen with tax: {difference}"),
        format!(
            "{agreed} charges agree, {} differences, {} of them unexplained",
            found.rows.len(),
            found.unexplained
        ),
    ];
    for row in &found.rows {
        out.push(line(row, language));
    }
    if !found.unpriced.is_empty() {
        out.push("without a price, not compared".to_owned());
        out.extend(found.unpriced.iter().map(|what| format!("  {what}")));
    }
    out.join("\n")
}

fn line(row: &ComparisonRow, language: Language) -> String {
    let mut about = row.former.as_ref().map(|former| format!("{former} ")).unwrap_or_default();
    about += &row.about;
    if let Some(line) = row.line {
        about += &format!("/{line} {}", row.item);
    }
    let why = match language {
        Language::Japanese => &row.ja,
        Language::English => &row.en,
    };
    let sides = row.ours.zip(row.theirs);
    let sides = sides.map(|(ours, theirs)| format!(" ({ours} → {theirs})")).unwrap_or_default();
    format!("  {:>10}  {} {about}{sides}: {why}", wording::signed(row.difference), row.company)
}
