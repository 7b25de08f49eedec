//! A password as the set-up link of a page would have set it.

use std::path::Path;

use argon2::{Argon2, Params, PasswordHasher};
use engine::Store;
use store::SqlStore;

pub const PASSWORD: &str = "correct horse battery";

/// Gives a person the password, in a data folder on SQLite.
pub fn give(data: &Path, person: &str) {
    let params = Params::new(64, 1, 1, None).unwrap();
    let argon = Argon2::new(Default::default(), Default::default(), params);
    let hashed = argon.hash_password_with_salt(PASSWORD.as_bytes(), b"sixteen bytes...").unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = SqlStore::open(data).await.unwrap();
        let at = "2026-04-01T09:00:00".parse().unwrap();
        store.identity().set_password(person, &hashed.to_string(), at).await.unwrap();
        store.close().await;
    });
}
