//! Several workers on one store, each with connections of its own as in a process
//! of its own: every mail leaves once, every month is charged once, numbers have no
//! gap, and the chains are whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contract::declare::act::{AcceptApplication, Act};
use contract::declare::fact::{Fact, ServiceStarted};
use contract::road::case::Case;
use contract::road::stream::Content;
use engine::scenario::Mailbox;
use engine::{Delivery, Engine, Letter, Mail, ManualClock, OutboxState, Registered, Store};
use store::conformance::server::Server;

use crate::desk::{Applicant, Desk, at, deposits, engine, kita, on_disk, on_postgres};
use crate::numbers::{charged, invoices, numbered_without_gap};

/// Customers; more than one worker takes up in one go.
const CUSTOMERS: usize = 24;
const WORKERS: usize = 4;

/// Takes its time, so that others come in between.
struct Slow(Mailbox);

#[async_trait]
impl Mail for Slow {
    async fn send(&self, letter: &Letter) -> Delivery {
        tokio::time::sleep(Duration::from_millis(3)).await;
        self.0.send(letter).await
    }
}

struct Office {
    workers: Vec<Arc<Engine>>,
    desk: Desk,
    mail: Arc<Slow>,
}

impl Office {
    /// A worker for each store, all with one clock and one mail server.
    fn over(stores: Vec<Arc<dyn Store>>) -> Office {
        let mail = Arc::new(Slow(Mailbox::default()));
        let desk = Desk::with_mail(stores[0].clone(), mail.clone());
        let worker = |store: Arc<dyn Store>| {
            let clock: Arc<ManualClock> = desk.clock.clone();
            Arc::new(engine(store, mail.clone(), clock))
        };
        Office { workers: stores.into_iter().map(worker).collect(), mail, desk }
    }

    /// All workers do what is due, until nothing is left for any of them.
    async fn settle(&self) {
        loop {
            let settled = self.workers.iter().map(|worker| {
                let worker = worker.clone();
                tokio::spawn(async move { worker.settle().await.unwrap() })
            });
            for one in settled.collect::<Vec<_>>() {
                one.await.unwrap();
            }
            let rows = self.workers[0].store.outbox().await.unwrap();
            let due = |row: &engine::OutboxRow| {
                row.state == OutboxState::Performing
                    || row.state == OutboxState::Waiting && row.next_at <= self.workers[0].now()
            };
            if !rows.iter().any(due) {
                return;
            }
        }
    }

    async fn bill(&self, month: &str, issued_on: &[&str]) {
        let runs = self.workers.iter().enumerate().map(|(number, worker)| {
            let (worker, month) = (worker.clone(), month.parse().unwrap());
            let day = issued_on[number % issued_on.len()].parse().unwrap();
            tokio::spawn(async move {
                let by = worker.operator.actor("takahashi").unwrap();
                worker.bill(month, day, &by).await.unwrap();
            })
        });
        for run in runs.collect::<Vec<_>>() {
            run.await.unwrap();
        }
        self.settle().await;
    }
}

/// Under which name it pays.
fn payer(number: usize) -> String {
    let letters = ['ア', 'カ', 'サ', 'タ', 'ナ'];
    format!("ホクト{}{}", letters[number / 5], letters[number % 5])
}

/// A company of this number; the check digit of 法人番号 is computed.
fn customer(number: usize) -> Applicant {
    let base = format!("{:012}", 100_012_050_000 + number);
    let digits = base.bytes().rev().enumerate();
    let sum: u32 = digits.map(|(n, d)| u32::from(d - b'0') * (n as u32 % 2 + 1)).sum();
    Applicant {
        corporate_number: format!("{}{base}", 9 - sum % 9).leak(),
        kana: format!("カブシキガイシャ{}", payer(number)).leak(),
        mail: format!("mouri-{number}@hokuto.example"),
        message_id: format!("{number}@hokuto.example"),
        lines: 1,
        ..kita("")
    }
}

/// Applications come in at one worker and are accepted at another.
async fn accepted(office: &Office) -> Vec<Registered> {
    let mut all = Vec::new();
    for number in 0..CUSTOMERS {
        let worker = &office.workers[number % WORKERS];
        let by = worker.operator.actor("sato").unwrap();
        let mail = customer(number).mail();
        let registered =
            worker.receive_application_mail("application.eml", &mail, &by).await.unwrap();
        office.desk.check(&registered).await;
        all.push(registered);
    }
    for (number, registered) in all.iter().enumerate() {
        let other = &office.workers[(number + 1) % WORKERS];
        let by = other.operator.actor("suzuki").unwrap();
        let act = Act::AcceptApplication(AcceptApplication {
            application: registered.application.clone(),
        });
        let id = format!("accept-{number}");
        let input = other.input(id, &registered.account, &by, "desk", Content::Act(act));
        assert!(!other.register(input).await.unwrap().refused);
    }
    all
}

async fn months_of_an_office(office: &Office) {
    let customers = accepted(office).await;
    office.settle().await;
    office.desk.clock.move_to(at("2026-04-10T09:00:00"));
    for registered in &customers {
        let contract = registered.application.contract();
        let fact = Fact::ServiceStarted(ServiceStarted {
            contract,
            line: 1,
            on: "2026-04-10".parse().unwrap(),
        });
        office.desk.fact(registered, "ito", fact).await;
    }
    office.desk.clock.move_to(at("2026-05-02T09:00:00"));
    office.bill("2026-04", &["2026-05-01"]).await;
    office.desk.clock.move_to(at("2026-06-05T09:00:00"));
    office.bill("2026-05", &["2026-06-04", "2026-06-05"]).await;
    let paid: Vec<_> = (0..CUSTOMERS).map(|number| (payer(number), 27_280)).collect();
    let paid: Vec<_> = paid.iter().map(|(payer, yen)| (payer.as_str(), *yen)).collect();
    let file = deposits("2026-06-05", &paid);
    let reads = office.workers.iter().map(|worker| {
        let (worker, file) = (worker.clone(), file.clone());
        tokio::spawn(async move {
            let by = worker.operator.actor("tanaka").unwrap();
            let read = worker.import_deposits("deposits.txt", &file, &by).await.unwrap();
            assert_eq!(read.unmatched, []);
            read
        })
    });
    let reads: Vec<_> = reads.collect();
    let mut new = 0;
    for read in reads {
        new += u32::from(!read.await.unwrap().repeated);
    }
    assert_eq!(new, 1, "the file is new once");
    // Past several ends of the month, with everything that follows by itself.
    office.desk.clock.move_to(at("2026-09-01T09:00:00"));
    office.settle().await;
}

async fn everything_happened_once(office: &Office) {
    let first = &office.workers[0];
    let mut sent: BTreeMap<String, u32> = BTreeMap::new();
    for letter in office.mail.0.letters() {
        *sent.entry(letter.message_id).or_default() += 1;
    }
    assert_eq!(sent.values().filter(|times| **times > 1).count(), 0, "{sent:#?}");
    let rows = first.store.outbox().await.unwrap();
    assert!(rows.iter().all(|row| row.state == OutboxState::Done && !row.maybe_sent));
    assert!(rows.iter().all(|row| row.attempts == 1), "nothing was tried twice");
    assert_eq!(sent.len(), rows.len());
    // An acceptance, an order acceptance and two invoices each.
    assert_eq!(rows.len(), CUSTOMERS * 4);
    numbered_without_gap(first, CUSTOMERS * 2).await;
    let accounts = invoices(first).await.len() / 2;
    assert_eq!(accounts, CUSTOMERS);
    assert_eq!(charged(first).await.len(), CUSTOMERS * 2, "each month of each line once");
    let open: i64 = receivables(first).await.iter().sum();
    assert_eq!(open, 27_280 * CUSTOMERS as i64, "each customer paid once");
    let audit = first.audit().await.unwrap();
    assert_eq!(audit.differences, Vec::<String>::new());
    assert_eq!(audit.accounts as usize, CUSTOMERS);
    each_consequence_stands_once(first).await;
    every_worker_knows_what_is_recorded(&office.workers).await;
}

/// What is left to pay of each invoice, in yen.
async fn receivables(engine: &Engine) -> Vec<i64> {
    let mut open = Vec::new();
    for account in engine.store.accounts().await.unwrap() {
        let state = engine.state(&account).await.unwrap();
        open.extend(state.receivables.values().map(|receivable| receivable.outstanding.0));
    }
    open
}

/// Each carried its cases on with what the others registered.
async fn every_worker_knows_what_is_recorded(workers: &[Arc<Engine>]) {
    for account in workers[0].store.accounts().await.unwrap() {
        let records = workers[0].records(&account).await.unwrap();
        let folded = Case::of(account.clone(), &records);
        for worker in workers {
            assert_eq!(*worker.case(&account).await.unwrap(), folded, "{account}");
        }
    }
}

async fn each_consequence_stands_once(engine: &Engine) {
    for account in engine.store.accounts().await.unwrap() {
        let records = engine.records(&account).await.unwrap();
        let events = records.iter().flat_map(|record| &record.events);
        let ids: Vec<_> = events
            .filter_map(|event| match &event.body {
                contract::road::stream::Body::Follows { id, .. } => Some(id.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{account}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_on_postgres_do_everything_once() {
    let server = Server::of_this_process().await;
    let (folder, address) = (tempfile::tempdir().unwrap(), server.database().await);
    let mut stores = Vec::new();
    for _ in 0..WORKERS {
        stores.push(on_postgres(folder.path(), &address).await);
    }
    let office = Office::over(stores);
    months_of_an_office(&office).await;
    everything_happened_once(&office).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_on_one_folder_do_everything_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut stores = Vec::new();
    for _ in 0..WORKERS {
        stores.push(on_disk(folder.path()).await);
    }
    let office = Office::over(stores);
    months_of_an_office(&office).await;
    everything_happened_once(&office).await;
}

/// A worker is gone in the middle of its work: the next one that looks takes over.
async fn taken_over(stores: [Arc<dyn Store>; 2]) {
    let [first, second] = stores;
    let desk = Desk::over(second);
    let registered = desk.apply(&customer(1)).await;
    desk.accept(&registered).await;
    assert!(!desk.mailbox.letters().is_empty());
    desk.go_to("2026-04-20T09:00:00").await;
    let contract = registered.application.contract();
    let fact = Fact::ServiceStarted(ServiceStarted {
        contract,
        line: 1,
        on: "2026-04-20".parse().unwrap(),
    });
    let by = desk.person("ito");
    let input = desk.engine.input("started", &registered.account, &by, "desk", Content::Fact(fact));
    desk.engine.register(input).await.unwrap();
    desk.clock.move_to(at("2027-06-01T09:00:00"));
    let claimed = first.claim_due(desk.engine.now(), 9).await.unwrap();
    assert_eq!(claimed.len(), 1);
    desk.engine.settle().await.unwrap();
    let due = || async { desk.engine.store.due(desk.engine.now(), 9).await.unwrap().len() };
    assert_eq!(due().await, 1, "the account is in somebody's hand");
    drop(first);
    desk.engine.settle().await.unwrap();
    assert_eq!(due().await, 0);
}

#[tokio::test]
async fn the_work_of_a_gone_worker_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    taken_over([on_disk(folder.path()).await, on_disk(folder.path()).await]).await;
    let server = Server::of_this_process().await;
    let (folder, address) = (tempfile::tempdir().unwrap(), server.database().await);
    let open = async |path: &Path| on_postgres(path, &address).await;
    taken_over([open(folder.path()).await, open(folder.path()).await]).await;
}

/// Whoever looks does not wait for a worker that is at the account.
#[tokio::test]
async fn who_looks_sees_what_is_due_in_a_claimed_account() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::over(on_disk(folder.path()).await);
    desk.running(&customer(1)).await;
    let other = on_disk(folder.path()).await;
    desk.clock.move_to(at("2027-06-01T09:00:00"));
    assert_eq!(other.claim_due(desk.engine.now(), 9).await.unwrap().len(), 1);
    assert_eq!(desk.engine.catch_up().await.unwrap(), 0);
    desk.engine.bring_due().await.unwrap();
    assert!(desk.engine.store.due(desk.engine.now(), 9).await.unwrap().is_empty());
}
