//! A server is killed again and again while payments come in over the API: what it has
//! acknowledged is there, once, and what is sent again does nothing twice.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const MINATO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato");

/// How often it is killed, and after how many further acknowledgements.
const KILLS: usize = 3;
const BETWEEN: usize = 8;
const PAYMENTS: usize = 60;
const CLIENTS: usize = 4;

const PATIENCE: Duration = Duration::from_secs(240);

struct Place {
    folder: tempfile::TempDir,
    address: SocketAddr,
}

impl Place {
    /// A data folder in which one application has arrived.
    fn made() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let scenario = format!(
            "title = \"one application\"\nstart = \"2026-04-01T09:00:00\"\n\
             operator = {operator:?}\n[[step]]\nat = \"2026-04-01T10:00:00\"\nby = \"sato\"\n\
             do = \"application_mail\"\nname = \"aoba\"\nfile = {mail:?}\nchecked = false\n",
            operator = format!("{MINATO}/operator.toml"),
            mail = format!("{MINATO}/files/application.eml"),
        );
        std::fs::write(folder.path().join("life.toml"), scenario).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let place = Place { folder, address };
        let config = format!(
            "data = \"data\"\noperator = {operator:?}\nlisten = \"{address}\"\n\
             clock = \"manual\"\n[smtp]\nhost = \"127.0.0.1\"\nport = 9\n",
            operator = format!("{MINATO}/operator.toml"),
        );
        std::fs::write(place.config(), config).unwrap();
        let data = place.folder.path().join("data");
        let life = place.folder.path().join("life.toml");
        std::fs::create_dir(&data).unwrap();
        place.told(&["scenario", "run", path(&life), "--data", path(&data)]);
        place
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("yakkan.toml")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
        command.env_remove("YAKKAN_FAULT").env_remove("YAKKAN_DATABASE");
        command
    }

    /// What a command says.
    fn told(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).env("YAKKAN_PASSWORD", "").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn serve(&self) -> Serving {
        let mut command = self.command();
        command.arg("serve").arg("--config").arg(self.config());
        let process = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(begun.elapsed() < PATIENCE, "it does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Serving(process)
    }

    /// Whether a payment, known by its amount, was acknowledged.
    fn pays(&self, key: &str, account: &str, amount: usize) -> bool {
        let fact = json!({ "type": "payment_credited", "on": "2026-04-02", "amount": amount, "payer": "ｱ" });
        let body = json!({ "account": account, "content": fact }).to_string();
        let head = format!(
            "POST /api/v1/facts HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {key}\r\n\
             idempotency-key: payment-{amount}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let mut answer = String::new();
        let sent = stream.write_all((head + &body).as_bytes());
        let heard = sent.and_then(|()| stream.read_to_string(&mut answer));
        if heard.is_err() || answer.is_empty() {
            return false;
        }
        let done = ["HTTP/1.1 200", "HTTP/1.1 201"].iter().any(|done| answer.starts_with(done));
        assert!(done, "{answer}");
        true
    }
}

/// A process that serves; it is killed when this is dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The amounts of all payments in an export, one for each time it is there.
fn amounts(value: &Value, found: &mut Vec<u64>) {
    match value {
        Value::Object(fields) if fields.get("type") == Some(&json!("payment_credited")) => {
            found.extend(fields.get("amount").and_then(Value::as_u64));
        }
        Value::Object(fields) => fields.values().for_each(|value| amounts(value, found)),
        Value::Array(items) => items.iter().for_each(|value| amounts(value, found)),
        _ => {}
    }
}

#[test]
fn what_a_killed_server_has_acknowledged_is_there_once() {
    let place = Place::made();
    let config = place.config();
    let new = ["key", "new", "--person", "takahashi", "--role", "billing", "--by", "takahashi"];
    let key = place.told(&[&new[..], &["--config", path(&config)]].concat());
    let (key, account) = (key.trim(), "A-2010001034837");
    let acknowledged = Mutex::new(BTreeSet::new());
    let next = AtomicUsize::new(0);
    for _ in 0..KILLS {
        let serving = place.serve();
        let enough = acknowledged.lock().unwrap().len() + BETWEEN;
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    loop {
                        let amount = 1_000 + next.fetch_add(1, Ordering::SeqCst) % PAYMENTS;
                        if !place.pays(key, account, amount) {
                            break;
                        }
                        acknowledged.lock().unwrap().insert(amount as u64);
                    }
                });
            }
            let begun = Instant::now();
            while acknowledged.lock().unwrap().len() < enough.min(PAYMENTS) {
                assert!(begun.elapsed() < PATIENCE, "no payment is taken");
                std::thread::sleep(Duration::from_millis(1));
            }
            drop(serving);
        });
    }
    let data = place.folder.path().join("data");
    let mut found = Vec::new();
    let export: Value =
        serde_json::from_str(&place.told(&["export", "--data", path(&data)])).unwrap();
    amounts(&export, &mut found);
    let once: BTreeSet<u64> = found.iter().copied().collect();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= KILLS * BETWEEN, "{} payments", acknowledged.len());
    assert!(acknowledged.is_subset(&once), "{acknowledged:?} {once:?}");
    assert_eq!(found.len(), once.len(), "none is there twice");
    let audit = place.told(&["audit", "--data", path(&data)]);
    assert!(audit.contains(" 0 differences"), "{audit}");
}
