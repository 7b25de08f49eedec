//! The sample life, played through.

use std::path::PathBuf;
use std::sync::Arc;

use engine::scenario::{Files, Mailbox, Player, Scenario};
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

/// Plays a scenario over a store; every expectation of it is met.
pub async fn live(scenario: &Scenario, store: Arc<dyn Store>, customer: &str) -> Lived {
    let clock = Arc::new(ManualClock::at(scenario.start));
    let engine = Arc::new(engine(store, Arc::new(Mailbox::default()), clock.clone()));
    let mut player = Player::new(engine.clone(), clock, files(), scenario);
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
