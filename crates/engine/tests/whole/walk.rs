//! `docs/walk.md`: what it shows of the sample life is what the program says.

use std::path::Path;

use contract::declare::reason::Audience;
use document::wording::{self, Language};
use engine::Engine;

use crate::desk::{in_memory, live, sample_scenario};

/// The blocks of the page after a mark such as `<!-- explain C-… -->`.
struct Page(String);

impl Page {
    /// Each mark with the place of its block.
    fn blocks(&self) -> Vec<(String, std::ops::Range<usize>)> {
        const FENCE: &str = "```\n";
        let mut blocks = Vec::new();
        let mut at = 0;
        while let Some(found) = self.0[at..].find("<!-- ") {
            let mark = at + found + "<!-- ".len();
            let end = mark + self.0[mark..].find(" -->").expect("a mark is closed");
            let from = end + self.0[end..].find(FENCE).expect("a block follows") + FENCE.len();
            let to = from + self.0[from..].find(FENCE).expect("the block is closed");
            blocks.push((self.0[mark..end].to_owned(), from..to));
            at = to;
        }
        blocks
    }
}

async fn said(engine: &Engine, mark: &str) -> String {
    match mark.split_once(' ') {
        Some(("explain", id)) => {
            let found = engine.explain(id, Language::English).await.unwrap();
            let told = |e: &_| {
                wording::explain(e, Language::English, Audience::Everyone).trim().to_owned()
            };
            found.iter().map(told).collect::<Vec<_>>().join("\n\n") + "\n"
        }
        _ if mark == "audit" => {
            let audit = engine.audit().await.unwrap();
            let (inputs, events) = (audit.inputs, audit.events);
            let differences = audit.differences.len();
            format!(
                "{} accounts, {inputs} inputs, {events} events: {differences} differences.\n",
                audit.accounts
            )
        }
        _ => panic!("docs/walk.md asks for \"{mark}\", which this test does not know"),
    }
}

/// `UPDATE_GOLDEN=1` writes the blocks anew.
#[tokio::test]
async fn every_block_of_the_walk_is_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/walk.md");
    let mut page = Page(std::fs::read_to_string(&path).unwrap());
    let lived = live(&sample_scenario(), in_memory().await, "aoba").await;
    let blocks = page.blocks();
    assert!(blocks.len() > 8, "{}", blocks.len());
    let stored = page.0.clone();
    for (mark, place) in blocks.into_iter().rev() {
        page.0.replace_range(place, &said(&lived.engine, &mark).await);
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(&path, &page.0).unwrap();
    }
    assert!(stored == page.0, "docs/walk.md shows what the program does not say: UPDATE_GOLDEN=1");
}
