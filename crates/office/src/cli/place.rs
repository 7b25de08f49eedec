//! Where an installation is: from its configuration, or named one by one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use engine::scenario::Mailbox;
use engine::{Clock, Engine};
use outside::Secret;

use crate::config::Config;
use crate::{database, open};

/// The options that every command on a data folder takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Place {
    /// The configuration of the installation.
    #[arg(long, env = "YAKKAN_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data folder, in place of the one that the configuration names.
    #[arg(long, env = "YAKKAN_DATA")]
    pub data: Option<PathBuf>,
    /// The operator's file, in place of the one that the configuration names.
    #[arg(long)]
    pub operator: Option<PathBuf>,
}

impl Place {
    /// The configuration, when one is named.
    pub fn config(&self) -> anyhow::Result<Option<Config>> {
        self.config.as_deref().map(Config::read).transpose()
    }

    pub fn data(&self, config: Option<&Config>) -> anyhow::Result<PathBuf> {
        let named = self.data.clone().or_else(|| config.map(|config| config.data.clone()));
        named.context("say which data folder: --config FILE or --data FOLDER")
    }

    /// The address of the database, when it is on PostgreSQL.
    pub fn database(&self, config: Option<&Config>) -> anyhow::Result<Option<String>> {
        let configured = config.and_then(|config| config.database.as_ref()).map(Secret::reveal);
        database::of_folder(&self.data(config)?, configured)
    }

    /// The operator's file: named, configured, or the copy beside the data.
    pub fn operator(&self, config: Option<&Config>) -> anyhow::Result<Option<PathBuf>> {
        if let Some(named) = &self.operator {
            return Ok(Some(named.clone()));
        }
        match (&self.data, config) {
            (None, Some(config)) => Ok(Some(config.operator.clone())),
            _ => Ok(open::operator_of(&self.data(config)?)),
        }
    }

    /// A folder that holds no installation is not made into one.
    pub fn refuse_other_folder(&self) -> anyhow::Result<()> {
        open::refuse_other_folder(&self.data(self.config()?.as_ref())?)
    }

    /// An engine that registers what a person says. No mail leaves it.
    pub async fn engine(&self, clock: Arc<dyn Clock>) -> anyhow::Result<Engine> {
        self.refuse_other_folder()?;
        self.new_engine(clock).await
    }

    /// As [`Place::engine`]; a folder that a configuration names is made when it is
    /// not there yet, and an empty one that is named by itself is filled.
    pub async fn new_engine(&self, clock: Arc<dyn Clock>) -> anyhow::Result<Engine> {
        let config = self.config()?;
        let data = self.data(config.as_ref())?;
        if config.is_none() && !is_empty(&data) {
            open::refuse_other_folder(&data)?;
        }
        let operator = open::operator(self.operator(config.as_ref())?.as_deref())?;
        let database = config.as_ref().and_then(|config| config.database.as_ref());
        let store = open::store_at(&data, database.map(Secret::reveal)).await?;
        open::engine(
            store,
            Arc::new(Mailbox::default()),
            Arc::new(engine::NoHomepage),
            clock,
            operator,
        )
        .await
    }
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}
