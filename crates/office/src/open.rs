//! Putting an engine together: store, mail, clock, fonts, operator.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use engine::listed::{Field, ListQuery, Order};
use engine::{ByHand, Clock, Engine, Homepage, Mail, ManualClock, NoHomepage, Operator, Store};
use reckon::Moment;
use store::SqlStore;
use terms::Pack;

use crate::database;

/// The sample reseller that comes with the program.
pub const SAMPLE_OPERATOR: &str = include_str!("../../../samples/minato/operator.toml");

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Moment::from_unix_seconds(since.map_or(0, |since| since.as_secs() as i64))
    }
}

/// Reads an operator's file, or the sample without one.
pub fn operator(path: Option<&Path>) -> anyhow::Result<Operator> {
    let text = match path {
        None => SAMPLE_OPERATOR.to_owned(),
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("the operator's file {} cannot be read", path.display()))?,
    };
    Operator::read(&text).map_err(|error| anyhow!(error))
}

/// The store of a data folder, or one in memory.
pub async fn store(folder: Option<&Path>) -> anyhow::Result<Arc<dyn Store>> {
    match folder {
        Some(folder) => store_at(folder, None).await,
        None => Ok(Arc::new(SqlStore::in_memory().await?)),
    }
}

/// The store of a data folder whose database the configuration may name.
pub async fn store_at(folder: &Path, configured: Option<&str>) -> anyhow::Result<Arc<dyn Store>> {
    let Some(address) = database::of_folder(folder, configured)? else {
        return Ok(Arc::new(SqlStore::open(folder).await?));
    };
    let store = SqlStore::connect(folder, &address).await?;
    database::note(folder, &address)?;
    Ok(Arc::new(store))
}

/// An engine on an opened store, whose read models an older program may have made.
pub async fn engine(
    store: Arc<dyn Store>,
    mail: Arc<dyn Mail>,
    homepage: Arc<dyn Homepage>,
    clock: Arc<dyn Clock>,
    operator: Operator,
) -> anyhow::Result<Engine> {
    let pack = Pack::bundled().clone();
    let law = operator.law(&pack)?;
    let fonts = Arc::new(typeset::Fonts::from_system()?);
    let engine = Engine {
        store,
        mail,
        cloud: Arc::new(ByHand),
        homepage,
        clock,
        fonts,
        pack,
        operator,
        law,
        unfinished: Default::default(),
        usage_turn: Default::default(),
        people: Default::default(),
        accounts: Default::default(),
        announcing: Default::default(),
    };
    engine.bring_up_to_date().await?;
    Ok(engine)
}

/// An engine that only looks: its clock stands at the last thing recorded, and no
/// mail can leave.
pub async fn reader(folder: &Path) -> anyhow::Result<Engine> {
    refuse_other_folder(folder)?;
    let store = store(Some(folder)).await?;
    let last = last_known(&*store).await?.unwrap_or_else(engine::beginning);
    let clock = Arc::new(ManualClock::at(last));
    let operator = operator(operator_of(folder).as_deref())?;
    let mail = Arc::new(engine::scenario::Mailbox::default());
    engine(store, mail, Arc::new(NoHomepage), clock, operator).await
}

/// When the newest entry was known: a clock that is moved by hand is never before it.
pub async fn last_known(store: &dyn Store) -> anyhow::Result<Option<Moment>> {
    let newest = ListQuery::first(1, Vec::new(), vec![Order::falling(Field::Number("known_at"))]);
    Ok(store.list_inputs(&newest).await?.rows.first().map(|newest| newest.row.known_at))
}

/// # Errors
/// When a folder is none of ours: opening it would make it one.
pub fn refuse_other_folder(folder: &Path) -> anyhow::Result<()> {
    if database::is_data_folder(folder) {
        return Ok(());
    }
    Err(anyhow!(
        "{} is no data folder of Yakkan: yakkan.db is missing, and no database is named",
        folder.display()
    ))
}

/// The copy of the operator's file that a demo, a scenario or a restore left with
/// its data.
pub fn operator_of(folder: &Path) -> Option<PathBuf> {
    let path = folder.join("operator.toml");
    path.exists().then_some(path)
}
