//! Which servers have a data folder open. Several may (docs/decisions/0022), and each
//! is told of the others: a second one is more often a mistake than meant.

use std::fs;
use std::path::Path;

use engine::StoreError;
use reckon::Moment;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::worker::Worker;

/// A server at work on a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    pub pid: u32,
    pub since: Moment,
    /// Where it listens.
    pub listens: String,
}

/// Noted as a server for as long as it lives.
#[derive(Debug)]
pub struct Serving(#[expect(dead_code, reason = "holds the lock")] Worker);

/// Notes this process as a server of a folder; returns the others that are alive.
///
/// # Errors
/// When the folder cannot be written.
pub fn serve_beside(
    folder: &Path,
    own: &Server,
) -> std::result::Result<(Serving, Vec<Server>), StoreError> {
    Ok(note(folder, own)?)
}

/// The servers that have a folder open.
pub fn servers(folder: &Path) -> Vec<Server> {
    let entries = fs::read_dir(folder.join(FOLDER)).into_iter().flatten().flatten();
    let alive = entries.map(|entry| entry.path()).filter(|file| Worker::holds(file));
    let read = alive.filter_map(|file| serde_json::from_slice(&fs::read(file).ok()?).ok());
    let mut servers: Vec<Server> = read.collect();
    servers.sort_by_key(|server| (server.since, server.pid));
    servers
}

const FOLDER: &str = "servers";

fn note(folder: &Path, own: &Server) -> Result<(Serving, Vec<Server>)> {
    let worker = Worker::in_folder(folder.join(FOLDER))?;
    let others = servers(folder);
    let text = serde_json::to_vec(own).map_err(|error| Failure::broken(error.to_string()))?;
    fs::write(folder.join(FOLDER).join(&worker.id), text)?;
    Ok((Serving(worker), others))
}
