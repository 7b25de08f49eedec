//! What the life leaves: files in a folder, and a table of what happened.

use std::path::Path;

use document::wording::Language;
use engine::Engine;

/// Writes every document, kept paper and the journal into `folder/documents`.
pub async fn write(engine: &Engine, folder: &Path) -> anyhow::Result<()> {
    let out = folder.join("documents");
    for account in engine.store.accounts().await? {
        for (id, _, _) in engine.store.documents(&account).await? {
            if let Some(document) = engine.store.document(&id).await? {
                std::fs::write(out.join(&document.name), &document.bytes)?;
            }
        }
        let state = engine.state(&account).await?;
        for contract in state.contracts.keys() {
            let kept = engine.store.personal_of(&format!("{contract}/records")).await?;
            for (id, _) in kept.into_iter().filter(|(_, class)| class != "billing_contact") {
                if let Some(kept) = engine.store.personal(&id).await? {
                    let name = kept.name.rsplit('/').next().unwrap_or(&kept.name);
                    std::fs::write(out.join(name), &kept.content)?;
                }
            }
        }
    }
    std::fs::write(out.join("仕訳.csv"), engine.journal().await?)?;
    Ok(())
}

/// Prints what happened, when, and by which clause.
pub async fn table(engine: &Engine, language: Language) -> anyhow::Result<()> {
    for account in engine.store.accounts().await? {
        println!("{account}");
        for told in engine.told(&account, language).await? {
            let mark = match (told.kind, told.retracted) {
                (_, true) => "−",
                ("fact", _) => "●",
                ("act", _) => "▶",
                ("refused", _) => "✗",
                _ => "→",
            };
            let clauses = told.clauses.join(" ");
            println!("{}  {mark} {}  [{clauses}]", told.at.to_minute_text(), told.text);
        }
    }
    Ok(())
}
