//! Several real processes serve on one PostgreSQL, and one of them is killed: every
//! mail reaches the mail server once, and a command finds the database by the data
//! folder alone.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use contract::application::checks::{Check, CheckResult};
use contract::declare::act::{AcceptApplication, Act};
use contract::road::stream::Content;
use contract::{ApplicationForm, Company, DueRule, LineWish, Payment, PaymentMethod, Person};
use contract::{PersonRole, Service, UsePeriod};
use document::{Attachment, OutgoingMail, read_mail, write_application, write_mail};
use engine::scenario::Mailbox;
use engine::{
    ByHand, Engine, ManualClock, NoHomepage, Operator, OutboxRow, OutboxState, Registered, Store,
};
use peer::{PASSWORD, Peer, USER};
use store::SqlStore;
use store::conformance::server::Server;
use terms::Pack;

#[path = "../../outside/tests/smtp/peer.rs"]
mod peer;

const OPERATOR: &str = include_str!("../../../samples/minato/operator.toml");

const CUSTOMERS: usize = 16;

/// How long the processes may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

fn engine(store: Arc<dyn Store>) -> Engine {
    let (pack, operator) = (Pack::bundled().clone(), Operator::read(OPERATOR).unwrap());
    let law = operator.law(&pack).unwrap();
    Engine {
        store,
        mail: Arc::new(Mailbox::default()),
        cloud: Arc::new(ByHand),
        clock: Arc::new(ManualClock::at("2026-04-01T09:00:00".parse().unwrap())),
        fonts: Arc::new(typeset::Fonts::from_system().expect("fonts: run `./x setup`")),
        pack,
        operator,
        law,
        unfinished: Default::default(),
        homepage: Arc::new(NoHomepage),
        announcing: Default::default(),
        usage_turn: Default::default(),
        people: Default::default(),
        accounts: Default::default(),
    }
}

/// Applications are in and accepted; no mail has left yet.
async fn waiting_office(folder: &Path, address: &str) -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(SqlStore::connect(folder, address).await.unwrap());
    let engine = engine(store.clone());
    let by = |id: &str| engine.operator.actor(id).unwrap();
    for number in 0..CUSTOMERS {
        let mail = application(number);
        let registered =
            engine.receive_application_mail("a.eml", &mail, &by("sato")).await.unwrap();
        check(&engine, &registered).await;
        let act = Act::AcceptApplication(AcceptApplication {
            application: registered.application.clone(),
        });
        let (id, account) = (format!("accept-{number}"), &registered.account);
        let input = engine.input(id, account, &by("suzuki"), "desk", Content::Act(act));
        assert!(!engine.register(input).await.unwrap().refused);
    }
    store
}

async fn check(engine: &Engine, registered: &Registered) {
    let on = engine.now().day();
    let rules = &engine.law.effective(engine.now(), &[]).unwrap().rules;
    let by = engine.operator.actor("kobayashi").unwrap();
    for kind in rules.required_checks.iter().copied() {
        let check = Check {
            kind,
            on,
            result: CheckResult::Passed,
            by: "kobayashi".to_owned(),
            document: "search of today".into(),
            expires_on: reckon::Period::months(on, 12).last_day(),
        };
        let id = format!("check-{}-{kind:?}", registered.account);
        engine.record_check(&id, &registered.account, check, &by).await.unwrap();
    }
}

fn application(number: usize) -> Vec<u8> {
    let day = |text: &str| text.parse().unwrap();
    let base = format!("{:012}", 100_012_050_000 + number);
    let digits = base.bytes().rev().enumerate();
    let sum: u32 = digits.map(|(n, d)| u32::from(d - b'0') * (n as u32 % 2 + 1)).sum();
    let mail = format!("reader-{number}@hokuto.example");
    let form = ApplicationForm {
        quote: None,
        applicant: Company {
            name: "株式会社北斗計測".to_owned(),
            kana: "カブシキガイシャホクトケイソク".to_owned(),
            corporate_number: format!("{}{base}", 9 - sum % 9),
            postal_code: "060-0001".to_owned(),
            address: "北海道札幌市中央区北一条西2丁目1-1".to_owned(),
            representative_title: "代表取締役".to_owned(),
        },
        lines: vec![LineWish {
            number: 1,
            service: Service::Sdpf,
            item: "SV-4C16G".to_owned(),
            quantity: 1,
            start: day("2026-04-01"),
            min_term_months: None,
            agreed_fee: None,
        }],
        period: UsePeriod { from: day("2026-04-01"), to: day("2027-03-31") },
        payment: Payment {
            method: PaymentMethod::Transfer,
            due: DueRule { months_after: 1, day: None },
            payer_kana: None,
        },
        special_terms: Vec::new(),
    };
    let person = Person {
        role: PersonRole::ResponsiblePerson,
        name: "毛利　小夜子".to_owned(),
        department: "総務部".to_owned(),
        mail: mail.clone(),
        phone: "011-000-4649".to_owned(),
    };
    let file = Attachment {
        name: "利用申込書.xlsx".to_owned(),
        mime: "application/octet-stream".to_owned(),
        bytes: write_application(Some((&form, &[person]))).unwrap(),
    };
    write_mail(&OutgoingMail {
        message_id: format!("{number}@hokuto.example"),
        from: mail,
        to: vec!["contract@minato-cloud.example".to_owned()],
        reply_to: None,
        automatic: false,
        subject: "利用申込".to_owned(),
        text: "申込書を添付いたします。\n".to_owned(),
        date: "2026-04-01T08:30:00".parse().unwrap(),
        attachments: vec![file],
    })
    .unwrap()
}

/// A process that serves; it ends when this is dropped.
struct Serving {
    process: Child,
    port: u16,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Serving {
    fn start(folder: &Path, address: &str, mail: &Peer, fault: Option<&str>) -> Serving {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let file = folder.join(format!("yakkan-{}.toml", free.port()));
        let text = format!(
            "data = {data:?}\noperator = {operator:?}\nlisten = \"{free}\"\n\
             database = \"{address}\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {port}\n\
             ca_file = {ca:?}\nuser = {USER:?}\npassword = {PASSWORD:?}\n",
            data = folder.join("data"),
            operator = folder.join("operator.toml"),
            port = mail.port,
            ca = mail.path("ca.pem"),
        );
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_yakkan"));
        command.arg("serve").arg("--config").arg(&file);
        command.env_remove("YAKKAN_FAULT").env_remove("YAKKAN_DATABASE");
        if let Some(fault) = fault {
            command.env("YAKKAN_FAULT", fault);
        }
        let process = command.stdin(Stdio::null()).spawn().unwrap();
        Serving { process, port: free.port() }
    }

    fn answers(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    fn has_died(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }
}

/// Told to stop, as a service manager does it.
fn stop(serving: &mut Serving) -> bool {
    let id = serving.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    serving.process.wait().unwrap().success()
}

async fn until(what: &str, mut reached: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !reached().await {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How often each Message-ID reached the mail server.
fn received(mail: &Peer) -> BTreeMap<String, u32> {
    let mut times = BTreeMap::new();
    for number in 1..=mail.messages() {
        let bytes = std::fs::read(mail.path(&format!("{number:06}.eml"))).unwrap();
        let read = read_mail("mail", &bytes).unwrap();
        *times.entry(read.message_id).or_default() += 1;
    }
    times
}

/// Whoever is told to stop ends the round, so that nothing is left in doubt.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_told_to_stop_leaves_nothing_half_done() {
    let server = Server::of_this_process().await;
    let (address, mail) = (server.database().await, Peer::start());
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    std::fs::write(root.path().join("operator.toml"), OPERATOR).unwrap();
    let store = waiting_office(&data, &address).await;
    let mut serving = Serving::start(root.path(), &address, &mail, None);
    until("a mail has left", async || mail.messages() > 0).await;
    assert!(stop(&mut serving));
    let rows = store.outbox().await.unwrap();
    let of = |state| rows.iter().filter(|row| row.state == state).count();
    assert_eq!((of(OutboxState::Performing), of(OutboxState::Done)), (0, mail.messages()));
    assert!(rows.iter().all(|row| !row.maybe_sent));
    assert!(of(OutboxState::Waiting) > 0, "it stopped in the middle");
    assert_eq!(store.recover().await.unwrap(), 0);
    let doctor = Command::new(env!("CARGO_BIN_EXE_yakkan"))
        .args(["doctor", "--data"])
        .arg(&data)
        .env_remove("YAKKAN_DATABASE")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&doctor.stdout);
    assert!(text.contains("sound"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_processes_send_each_mail_once_though_one_is_killed() {
    let server = Server::of_this_process().await;
    let (address, mail) = (server.database().await, Peer::start());
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    std::fs::write(root.path().join("operator.toml"), OPERATOR).unwrap();
    let store = waiting_office(&data, &address).await;
    let start = |fault| Serving::start(root.path(), &address, &mail, fault);
    // It has claimed accounts, has sent two mails and is about to send a third.
    let mut killed = start(Some("outbox.before_send:3"));
    until("the first process takes up work and is killed", async || killed.has_died()).await;
    let left = store.outbox().await.unwrap();
    let performing =
        |rows: &[OutboxRow]| rows.iter().filter(|row| row.state == OutboxState::Performing).count();
    assert!(performing(&left) > 0, "it left work behind");
    let others = [start(None), start(None), start(None)];
    let done = async || {
        // An acceptance each, and what follows from it on the day of the test.
        let rows = store.outbox().await.unwrap();
        rows.len() >= CUSTOMERS && rows.iter().all(|row| row.state == OutboxState::Done)
    };
    until("all mails have left", done).await;
    for serving in &others {
        until("each process answers", async || serving.answers()).await;
    }
    let rows = store.outbox().await.unwrap();
    let left: BTreeSet<_> =
        left.iter().filter(|row| row.state == OutboxState::Performing).map(|row| &row.id).collect();
    for row in rows.iter().filter(|row| row.maybe_sent) {
        assert!(left.contains(&row.id), "{} was in nobody's hand", row.id);
    }
    let received = received(&mail);
    assert_eq!(received.len(), rows.len(), "one mail for each effect");
    assert!(received.values().all(|times| *times == 1), "{received:#?}");
    drop(others);
    let audit = Command::new(env!("CARGO_BIN_EXE_yakkan"))
        .args(["audit", "--data"])
        .arg(&data)
        .env_remove("YAKKAN_DATABASE")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&audit.stdout);
    assert!(audit.status.success() && text.contains(" 0 differences"), "{text}");
    assert!(text.starts_with(&format!("{CUSTOMERS} accounts")), "{text}");
}
