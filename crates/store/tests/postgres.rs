//! The store on PostgreSQL passes the suite of the store on SQLite.

use store::SqlStore;
use store::conformance::run_all;
use store::conformance::server::Server;

#[tokio::test]
async fn it_conforms() {
    let server = Server::of_this_process().await;
    let root = tempfile::tempdir().unwrap();
    let made = std::cell::Cell::new(0);
    run_all(async || {
        made.set(made.get() + 1);
        let folder = root.path().join(made.get().to_string());
        SqlStore::connect(&folder, &server.database().await).await.unwrap()
    })
    .await;
}
