//! The sample reseller's engine, in memory, on a clock that is moved by hand.

use std::sync::Arc;

use anyhow::anyhow;
use engine::scenario::Mailbox;
use engine::{ByHand, Engine, ManualClock, NoHomepage, Operator};
use reckon::Moment;
use store::SqlStore;
use terms::Pack;

const OPERATOR: &str = include_str!("../../samples/minato/operator.toml");

pub async fn open(start: Moment) -> anyhow::Result<(Arc<Engine>, Arc<ManualClock>)> {
    let pack = Pack::bundled().clone();
    let operator = Operator::read(OPERATOR).map_err(|error| anyhow!(error))?;
    let law = operator.law(&pack)?;
    let clock = Arc::new(ManualClock::at(start));
    let engine = Engine {
        store: Arc::new(SqlStore::in_memory().await?),
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
