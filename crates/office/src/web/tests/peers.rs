//! Programs of others against the API as it is served over HTTP: a property-based
//! tester, and a validator of JSON Schema for the examples.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Output;

use contract::who::roles::Role;
use engine::people::Belongs;
use tokio::process::Command;

use super::Office;
use crate::access::NewKey;
use crate::web::Front;
use crate::web::openapi::document;

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

/// The environment of `./x setup`.
fn python() -> String {
    std::env::var("YAKKAN_PYTHON").expect("YAKKAN_PYTHON is set by ./x test")
}

fn peer(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers").join(name)
}

fn told(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}\n{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

#[tokio::test]
async fn the_document_is_openapi_and_its_examples_fit_their_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    std::fs::write(&file, document(&Front::default()).to_string()).unwrap();
    let checked =
        Command::new(python()).arg(peer("examples_fit.py")).arg(&file).output().await.unwrap();
    assert!(checked.status.success(), "{}", told(&checked));
    assert!(told(&checked).contains("examples fit"), "{}", told(&checked));
}

/// A server on a free port, with a key of somebody in each role.
async fn served(roles: &[Role]) -> (Office, SocketAddr, Vec<String>) {
    let office = Office::at(SUSPENDED).await;
    let mut keys = Vec::new();
    for role in roles {
        let person = format!("tester-{role:?}").to_lowercase();
        office.add(&person, Belongs::Staff, &[*role]).await;
        let wanted = NewKey {
            person: person.clone(),
            role: *role,
            account: None,
            label: "tester".to_owned(),
            expires_at: office.engine.now().plus_seconds(86_400),
        };
        keys.push(office.app.door.new_key(&person, wanted).await.unwrap().0);
    }
    let address = office.serve().await;
    (office, address, keys)
}

/// What the tester sends is made from the document alone; it asks of every answer
/// whether the document allows it. Moving the clock by chance would only end the
/// life under test; its bounds have a test of their own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_sent_the_answer_is_one_of_the_document() {
    let roles = [Role::OrderDesk, Role::Billing, Role::Legal, Role::Operations, Role::Auditor];
    let (_office, address, keys) = served(&roles).await;
    let folder = tempfile::tempdir().unwrap();
    for (role, key) in roles.iter().zip(&keys) {
        let tested = Command::new(python())
            .args(["-m", "schemathesis.cli", "run"])
            .arg(format!("http://{address}/api/v1/openapi.json"))
            .args(["--header", &format!("Authorization: Bearer {key}")])
            .args(["--checks", CHECKS, "--phases", "examples,fuzzing", "--max-examples", "5"])
            .args(["--exclude-operation-id", "move_clock"])
            .arg("--generation-deterministic")
            .args(["--suppress-health-check", "all", "--request-timeout", "60"])
            .args(["--max-failures", "5", "--no-shrink", "--no-color", "--warnings", "off"])
            .current_dir(folder.path())
            .output()
            .await
            .unwrap();
        assert!(tested.status.success(), "as {role:?}:\n{}", told(&tested));
        assert!(told(&tested).contains("generated"), "as {role:?}:\n{}", told(&tested));
    }
}

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";
