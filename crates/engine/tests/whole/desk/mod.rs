//! A desk with everything on it: an engine over a store, a clock that is moved by
//! hand, a mailbox, and the papers that people bring.

mod failing_store;
mod life;
mod papers;
mod servers;

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use contract::application::checks::{Check, CheckResult};
use contract::declare::act::{AcceptApplication, Act, ConfirmArrival};
use contract::declare::fact::{Fact, ServiceStarted};
use contract::declare::ids::{AccountId, ContractId};
use contract::road::stream::Content;
use contract::who::actor::Actor;
use contract::{AccountState, ArrivalStatus, ContractState, Kept};
use engine::scenario::{Mailbox, PublicPages};
use engine::{ByHand, Engine, Mail, ManualClock, Operator, Outcome, Registered, Store};
use reckon::Moment;
use serde_json::Value;
use store::SqlStore;
use terms::Pack;

pub use failing_store::FailingStore;
pub use life::{Lived, all_scenarios, export_of, live, live_alone, read_scenario, sample_scenario};
pub use papers::*;
pub use servers::*;

const OPERATOR: &str = include_str!("../../../../../samples/minato/operator.toml");

/// What a reader sees of a document.
pub fn text_of_pdf(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, pdf).unwrap();
    let out = Command::new("pdftotext").args(["-layout"]).arg(&path).arg("-").output();
    let out = out.expect("pdftotext is missing: run `./x setup`");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

pub fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// The sample reseller's engine.
pub fn engine(store: Arc<dyn Store>, mail: Arc<dyn Mail>, clock: Arc<ManualClock>) -> Engine {
    static FONTS: OnceLock<Arc<typeset::Fonts>> = OnceLock::new();
    let fonts = || Arc::new(typeset::Fonts::from_system().expect("fonts: run `./x setup`"));
    let pack = Pack::bundled().clone();
    let operator = Operator::read(OPERATOR).unwrap();
    let law = operator.law(&pack).unwrap();
    Engine {
        store,
        mail,
        cloud: Arc::new(ByHand),
        clock,
        fonts: FONTS.get_or_init(fonts).clone(),
        pack,
        operator,
        law,
        unfinished: Default::default(),
        homepage: Arc::new(PublicPages::default()),
        announcing: Default::default(),
        usage_turn: Default::default(),
        people: Default::default(),
        accounts: Default::default(),
    }
}

pub async fn in_memory() -> Arc<dyn Store> {
    Arc::new(SqlStore::in_memory().await.unwrap())
}

pub async fn on_disk(folder: &Path) -> Arc<dyn Store> {
    Arc::new(SqlStore::open(folder).await.unwrap())
}

/// A store over a data folder and a database of PostgreSQL.
pub async fn on_postgres(folder: &Path, address: &str) -> Arc<dyn Store> {
    Arc::new(SqlStore::connect(folder, address).await.unwrap())
}

pub struct Desk {
    pub engine: Arc<Engine>,
    pub clock: Arc<ManualClock>,
    pub mailbox: Arc<Mailbox>,
}

impl Desk {
    /// In memory, at nine on a Wednesday in April 2026.
    pub async fn open() -> Desk {
        Desk::over(in_memory().await)
    }

    pub fn over(store: Arc<dyn Store>) -> Desk {
        let mailbox = Arc::new(Mailbox::default());
        let desk = Desk::with_mail(store, mailbox.clone());
        Desk { mailbox, ..desk }
    }

    pub fn with_mail(store: Arc<dyn Store>, mail: Arc<dyn Mail>) -> Desk {
        let clock = Arc::new(ManualClock::at(at("2026-04-01T09:00:00")));
        let engine = Arc::new(engine(store, mail, clock.clone()));
        Desk { engine, clock, mailbox: Arc::new(Mailbox::default()) }
    }

    pub fn person(&self, id: &str) -> Actor {
        self.engine.operator.actor(id).unwrap()
    }

    /// Moves the clock and does what is due then.
    pub async fn go_to(&self, moment: &str) {
        self.clock.move_to(at(moment));
        self.engine.settle().await.unwrap();
    }

    pub async fn apply(&self, applicant: &Applicant) -> Registered {
        let mail = applicant.mail();
        let desk = self.person("sato");
        self.engine.receive_application_mail("application.eml", &mail, &desk).await.unwrap()
    }

    /// The checks that the sample reseller requires, passed today.
    pub async fn check(&self, registered: &Registered) {
        let on = self.engine.now().day();
        let rules = &self.engine.law.effective(self.engine.now(), &[]).unwrap().rules;
        for kind in rules.required_checks.iter().copied() {
            let check = Check {
                kind,
                on,
                result: CheckResult::Passed,
                by: "kobayashi".to_owned(),
                document: "search of today".into(),
                expires_on: reckon::Period::months(on, 12).last_day(),
            };
            let id = format!("check-{}-{kind:?}-{on}", registered.account);
            let by = self.person("kobayashi");
            self.engine.record_check(&id, &registered.account, check, &by).await.unwrap();
        }
    }

    /// A second person confirms every arrival that waits for one.
    pub async fn confirm_arrivals(&self, registered: &Registered) {
        let contract = registered.application.contract();
        let waiting = self.contract(registered).await.unwrap().arrivals.clone();
        assert!(waiting.iter().any(|arrival| arrival.status == ArrivalStatus::Open));
        for arrival in waiting.iter().filter(|a| a.status == ArrivalStatus::Open) {
            let (contract, arrival) = (contract.clone(), arrival.arrival.clone());
            let act = Act::ConfirmArrival(ConfirmArrival { contract, arrival });
            let outcome = self.act(registered, "suzuki", act).await;
            assert!(!outcome.refused, "{:?}", outcome.findings);
        }
    }

    /// Accepts what was applied for; the mail leaves when it can.
    pub async fn accept(&self, registered: &Registered) -> Outcome {
        self.check(registered).await;
        let application = registered.application.clone();
        let outcome = self
            .act(registered, "suzuki", Act::AcceptApplication(AcceptApplication { application }))
            .await;
        assert!(!outcome.refused, "{:?}", outcome.findings);
        outcome
    }

    /// A contract in service since 10 April, all its lines.
    pub async fn running(&self, applicant: &Applicant) -> Registered {
        let registered = self.apply(applicant).await;
        self.accept(&registered).await;
        self.go_to("2026-04-10T09:00:00").await;
        let contract = registered.application.contract();
        for line in 1..=applicant.lines {
            let on = self.engine.now().day();
            let fact =
                Fact::ServiceStarted(ServiceStarted { contract: contract.clone(), line, on });
            self.fact(&registered, "ito", fact).await;
        }
        registered
    }

    pub async fn fact(&self, about: &Registered, by: &str, fact: Fact) -> Outcome {
        self.register(about, by, Content::Fact(fact)).await
    }

    pub async fn act(&self, about: &Registered, by: &str, act: Act) -> Outcome {
        self.register(about, by, Content::Act(act)).await
    }

    async fn register(&self, about: &Registered, by: &str, content: Content) -> Outcome {
        let text = serde_json::to_string(&content).unwrap();
        let id = format!(
            "desk-{}-{}",
            self.engine.now(),
            contract::declare::ids::short_hash(text.as_bytes())
        );
        let input = self.engine.input(id, &about.account, &self.person(by), "desk", content);
        let outcome = self.engine.register(input).await.unwrap();
        self.engine.settle().await.unwrap();
        outcome
    }

    pub async fn state(&self, account: &AccountId) -> Arc<AccountState> {
        self.engine.state(account).await.unwrap()
    }

    pub async fn contract(&self, registered: &Registered) -> Option<Kept<ContractState>> {
        let id: ContractId = registered.application.contract();
        self.state(&registered.account).await.contracts.get(&id).cloned()
    }

    /// What is recorded of all accounts, without effects and refused rows.
    pub async fn accounts(&self) -> Value {
        self.engine.export().await.unwrap()["accounts"].clone()
    }

    pub async fn refused_rows(&self) -> Vec<String> {
        let rows = self.engine.store.refused_rows().await.unwrap();
        rows.iter().map(|row| format!("{} {}", row.file, row.reason.en)).collect()
    }
}
