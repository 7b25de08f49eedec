//! What was found wrong once, as scenarios in `tests/mended`: each names the clauses
//! and the edition that mended it.

use std::path::Path;

use crate::desk::{live_alone, read_scenario};

#[tokio::test]
async fn every_mended_fault_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/mended");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let scenario = read_scenario(&std::fs::read_to_string(&path).unwrap());
        live_alone(&scenario, &path.display().to_string()).await;
    }
}
