//! Where everything is kept: the store of [`engine::Store`] on SQLite or PostgreSQL.
//!
//! A data folder holds `yakkan.db` (streams, effects, read models, documents,
//! personal rows under encryption), `keys.db` (the key of every subject, so that
//! a copy of the first holds none), and `segments/` (usage, one Parquet file for
//! each import). With PostgreSQL the first of the three is a database there.
//!
//! **To add a table:** a new file `schema/main_N.sql`, named at the end of
//! `schema::MAIN`. It is written for SQLite with `TEXT`, `BIGINT` and `BLOB` only
//! (instants as unix seconds, truth as 0 and 1) and translated for PostgreSQL; a
//! step that was released never changes.
//!
//! **To add a statement:** one text for both databases, on [`sqlx::AnyPool`] or
//! [`sqlx::AnyConnection`], with `$1` parameters and `ON CONFLICT` (PostgreSQL has
//! neither `INSERT OR …` nor `rowid`). A whole number is an `i64`; sums need
//! `CAST(… AS BIGINT)`; texts hold no NUL. Reads go to `store.readers`. Writes go
//! to `store.writer`, several of them as one step after [`dialect::begin`]. In
//! PostgreSQL steps run side by side: what is read and then written must be a row
//! that the step has changed before, a unique key, or stand behind
//! [`dialect::alone`]. What differs at all belongs into [`dialect`].
//!
//! **To prove it:** a check in [`conformance`], which runs on both.

mod audit;
pub mod backup;
mod bulk;
mod chain;
mod checkpoint;
mod claim;
pub mod columns;
mod commit;
pub mod conformance;

mod dialect;
mod document;
mod failure;
mod identity;
mod inspect;
mod installation;
mod keyring;
mod list;
mod movement;
mod operator;
mod outbox;
mod parquet_file;
mod personal;
mod postgres;
mod private;
mod queue;
mod record;
mod refused;
mod schema;
mod seal;
mod sealed;
mod servers;
mod shelf;
mod short_number;
mod sql_store;
mod sqlite;
mod trait_impl;
mod usage;
mod usage_erasure;
mod usage_keys;
mod view;
mod worked_out;
mod worker;

#[cfg(test)]
mod full_disk_test;

pub use inspect::{Inspection, inspect};
pub use private::exposed;
pub use servers::{Server, Serving, serve_beside, servers};
pub use sql_store::SqlStore;
pub use trait_impl::COMMIT_SECONDS;
