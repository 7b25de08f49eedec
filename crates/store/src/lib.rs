//! Where everything is kept: the store of [`engine::Store`] on SQLite.
//!
//! A data folder holds `yakkan.db` (streams, effects, read models, documents,
//! personal rows under encryption), `keys.db` (the key of every subject, so that
//! a copy of the first holds none), and `segments/` (usage, one Parquet file for
//! each import). The statements are standard SQL, so that PostgreSQL can follow
//! and pass the same [`conformance`] suite.

mod audit;
mod bulk;
mod chain;
mod checkpoint;
mod commit;
pub mod conformance;

mod document;
mod failure;
mod keyring;
mod operator;
mod outbox;
mod parquet_file;
mod personal;
mod queue;
mod record;
mod refused;
mod schema;
mod sealed;
mod shelf;
mod sqlite;
mod trait_impl;
mod usage;
mod usage_erasure;
mod view;

#[cfg(test)]
mod full_disk_test;

pub use sqlite::SqliteStore;
