//! The same lives on SQLite and on PostgreSQL leave the same record.

use std::path::Path;

use store::conformance::server::Server;

use crate::desk::{all_scenarios, export_of, in_memory, on_postgres};

#[tokio::test]
async fn every_scenario_leaves_the_same_export_on_both() {
    let server = Server::of_this_process().await;
    let root = tempfile::tempdir().unwrap();
    let scenarios = all_scenarios();
    assert!(scenarios.len() > 6, "the sample life and those of docs/scenarios");
    for (name, scenario) in scenarios {
        let expected = export_of(&scenario, in_memory().await).await;
        assert!(!expected["accounts"].as_array().unwrap().is_empty(), "{name}");
        let folder: &Path = &root.path().join(&name);
        let store = on_postgres(folder, &server.database().await).await;
        assert_eq!(export_of(&scenario, store).await, expected, "{name}");
    }
}
