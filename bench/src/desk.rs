//! The sample reseller's engine, on a clock that is moved by hand.

use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use engine::scenario::Mailbox;
use engine::{ByHand, Engine, ManualClock, NoHomepage, Operator};
use reckon::Moment;
use store::SqlStore;
use terms::Pack;

pub const OPERATOR: &str = include_str!("../../samples/minato/operator.toml");

/// In memory, or in a data folder.
pub async fn open(
    folder: Option<&Path>,
    start: Moment,
) -> anyhow::Result<(Arc<Engine>, Arc<ManualClock>)> {
    let pack = Pack::bundled().clone();
    let operator = Operator::read(OPERATOR).map_err(|error| anyhow!(error))?;
    let law = operator.law(&pack)?;
    let store = match folder {
        Some(folder) => SqlStore::open(folder).await?,
        None => SqlStore::in_memory().await?,
    };
    let clock = Arc::new(ManualClock::at(start));
    let engine = Engine {
        store: Arc::new(store),
        mail: Arc::new(Mailbox::default()),
        cloud: Arc::new(ByHand),
        clock: clock.clone(),
        fonts: Arc::new(typeset::Fonts::from_system()?),
        pack,
        operator,
        law,
        unfinished: Default::default(),
        homepage: Arc::new(NoHomepage),
        announcing: Default::default(),
        usage_turn: Default::default(),
        people: Default::default(),
        accounts: Default::default(),
    };
    Ok((Arc::new(engine), clock))
}
