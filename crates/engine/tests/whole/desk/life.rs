//! The sample life, played through.

use std::path::PathBuf;
use std::sync::Arc;

use engine::scenario::{Files, Mailbox, Player, PublicPages, Scenario};
use engine::{Engine, ManualClock, Registered, Store};

use super::engine;

pub struct Lived {
    pub engine: Arc<Engine>,
    /// The customer by the name that the scenario gives it.
    pub customer: Registered,
}

fn folder() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("run the tests with cargo");
    PathBuf::from(here).join("../../samples/minato")
}

fn files() -> Files {
    Box::new(|name| std::fs::read(folder().join(name)).map_err(|error| format!("{name}: {error}")))
}

/// One contract from the application mail to the certificate of erasure.
pub fn sample_scenario() -> Scenario {
    read_scenario(&std::fs::read_to_string(folder().join("life.toml")).unwrap())
}

pub fn read_scenario(text: &str) -> Scenario {
    Scenario::read(text).unwrap()
}

/// An engine, and what plays a scenario on it.
fn player(
    scenario: &Scenario,
    store: Arc<dyn Store>,
    clock: Arc<ManualClock>,
    files: Files,
) -> (Arc<Engine>, Player) {
    let site = Arc::new(PublicPages::default());
    let mut engine = engine(store, Arc::new(Mailbox::default()), clock.clone());
    engine.homepage = site.clone();
    let engine = Arc::new(engine);
    let player = Player::new(engine.clone(), clock, files, scenario).posting_on(site);
    (engine, player)
}

/// Plays a scenario over a store and gives all that is recorded then.
pub async fn export_of(scenario: &Scenario, store: Arc<dyn Store>) -> serde_json::Value {
    let clock = Arc::new(ManualClock::at(scenario.start));
    let (engine, mut player) = player(scenario, store, clock, files());
    let report = player.play(scenario).await.unwrap();
    assert_eq!(report.failed(), 0, "{report:#?}");
    let audit = engine.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
    engine.export().await.unwrap()
}

/// Every scenario that comes with the program, by its file's name.
pub fn all_scenarios() -> Vec<(String, Scenario)> {
    let documented = std::fs::read_dir(folder().join("../../docs/scenarios")).unwrap();
    let mut paths: Vec<_> = documented.map(|entry| entry.unwrap().path()).collect();
    paths.push(folder().join("life.toml"));
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, read_scenario(&std::fs::read_to_string(path).unwrap()))
    };
    paths.into_iter().map(read).collect()
}

/// Plays a scenario over a store; every expectation of it is met.
pub async fn live(scenario: &Scenario, store: Arc<dyn Store>, customer: &str) -> Lived {
    let clock = Arc::new(ManualClock::at(scenario.start));
    let (engine, mut player) = player(scenario, store, clock, files());
    let report = player.play(scenario).await.unwrap();
    let failed: Vec<_> = report
        .steps
        .iter()
        .filter(|step| step.error.is_some() || step.checks.iter().any(|check| !check.passed()))
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let customer = player.registered(customer).unwrap().clone();
    Lived { engine, customer }
}

/// Plays a scenario that names no files, in memory; every expectation is met.
pub async fn live_alone(scenario: &Scenario, name: &str) {
    let clock = Arc::new(ManualClock::at(scenario.start));
    let store = super::in_memory().await;
    let none: Files = Box::new(|name| Err(format!("{name}: no files here")));
    let (engine, mut player) = player(scenario, store, clock, none);
    let report = player.play(scenario).await.unwrap();
    assert_eq!(report.failed(), 0, "{name}: {report:#?}");
    assert!(engine.audit().await.unwrap().differences.is_empty(), "{name}");
}
