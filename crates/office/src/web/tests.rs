//! The router over a store in memory, after a part of the bundled life.

mod amounts;
mod announce;
mod answers;
mod away;
mod bounds;
mod connections;
mod correct;
mod coverage;
mod deposits;
mod desk;
mod desk_month;
mod doors;
mod examples;
mod fill;
mod held;
mod ids;
mod japanese;
mod keys;
mod lists;
mod look;
mod matters;
mod mending;
mod monitoring;
mod numbered;
mod openapi;
mod operations;
mod others;
mod paging;
mod peers;
mod people;
mod plain;
mod portal;
mod quotations;
mod reasons;
mod register;
mod restored;
mod roles;
mod shown;
mod site;
mod steps;
mod story;
mod takeovers;
mod told;
mod way_in;
mod words_agree;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::people::{Belongs, PeopleChange, Wanted};
use engine::scenario::{Mailbox, Player, PublicPages, Scenario};
use engine::{Engine, ManualClock, Operator, Stage, system};
use outside::Secret;
use reckon::Moment;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::AbortHandle;
use tower::ServiceExt;

use super::away::Away;
use super::site::Part;
use super::site::logo::Logo;
use super::{App, Front, Gate, Limits, refuse_other_machines, router};
use crate::access::{Came, Door, OneTimeCodes, Settings, csrf_of};
use crate::open;

/// The token for monitoring.
const MONITORING: &str = "a token of the tests";

/// What the addresses of the public site begin with.
const ADDRESS: &str = "https://www.minato-cloud.example";

/// A person with every role of the provider, which nobody has in earnest.
const EVERYTHING: &str = "everything";

/// The pages of a reseller at one moment of the life.
struct Office {
    engine: Arc<Engine>,
    app: Arc<App>,
    clock: Arc<ManualClock>,
    router: Router,
    /// What people were told of their own way in.
    told: Arc<Mailbox>,
    /// Tokens of sessions, by person.
    tokens: std::sync::Mutex<BTreeMap<String, String>>,
}

/// How an office is served.
struct Site {
    front: Front,
    limits: Limits,
    data: Option<PathBuf>,
    worker: Option<AbortHandle>,
    /// How long somebody waits for an answer that takes long to work out.
    patience: Duration,
}

impl Default for Site {
    fn default() -> Site {
        let (front, limits) = (Front::default(), Limits::default());
        // A machine under load takes its time.
        Site { front, limits, data: None, worker: None, patience: Duration::from_secs(120) }
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }
}

impl Office {
    /// Plays the life up to a moment.
    async fn at(until: &str) -> Office {
        Office::of(open::operator(None).unwrap(), until).await
    }

    /// As [`Office::at`], of an operator who chose otherwise.
    async fn of(operator: Operator, until: &str) -> Office {
        let until: Moment = until.parse().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/minato");
        let mut life =
            Scenario::read(&std::fs::read_to_string(folder.join("life.toml")).unwrap()).unwrap();
        life.steps.retain(|step| step.at <= until);
        let clock = Arc::new(ManualClock::at(life.start));
        let store = open::store(None).await.unwrap();
        let mail = Arc::new(Mailbox::default());
        let engine = Arc::new(
            open::engine(store, mail, Arc::new(PublicPages::default()), clock.clone(), operator)
                .await
                .unwrap(),
        );
        let files = Box::new(move |name: &str| {
            std::fs::read(folder.join(name)).map_err(|error| error.to_string())
        });
        let mut player = Player::new(engine.clone(), clock.clone(), files, &life);
        let report = player.play(&life).await.unwrap();
        let failed =
            report.steps.iter().find(|s| s.error.is_some() || s.checks.iter().any(|c| !c.passed()));
        assert!(failed.is_none(), "{failed:?}");
        clock.move_to(until);
        engine.settle().await.unwrap();
        let office = Office::over(engine, clock).await;
        let roles = Role::ALL.into_iter().filter(|role| {
            !role.is_customers() && !matches!(role, Role::System | Role::Subcontractor)
        });
        office.add(EVERYTHING, Belongs::Staff, &roles.collect::<Vec<_>>()).await;
        office
    }

    async fn over(engine: Arc<Engine>, clock: Arc<ManualClock>) -> Office {
        Office::asking(engine, clock, OneTimeCodes::Optional).await
    }

    async fn asking(
        engine: Arc<Engine>,
        clock: Arc<ManualClock>,
        one_time_codes: OneTimeCodes,
    ) -> Office {
        Office::on(Site::default(), engine, clock, one_time_codes)
    }

    /// With little to hash.
    fn on(
        site: Site,
        engine: Arc<Engine>,
        clock: Arc<ManualClock>,
        one_time_codes: OneTimeCodes,
    ) -> Office {
        let Site { front, limits, data, worker, patience } = site;
        let settings = Settings {
            password_memory_kib: 64,
            password_passes: 1,
            one_time_codes,
            ..Settings::default()
        };
        let told = Arc::new(Mailbox::default());
        let door = Door::new(engine.clone(), clock.clone(), settings).unwrap();
        let door = door.posting_by(Some(told.clone()));
        let app = Arc::new(App {
            engine: engine.clone(),
            clock: Some(clock.clone()),
            moving: Mutex::new(()),
            door: Arc::new(door),
            front,
            gate: Gate::new(limits),
            data,
            worker,
            away: Away::with_patience(patience),
            hint: None,
            monitoring_token: Some(Secret::new(MONITORING)),
            waits: Default::default(),
            afterwards: Default::default(),
            part: Part::Whole,
            site: ADDRESS.to_owned(),
            logo: Some(Logo::of(Path::new("logo.svg"), b"<svg/>".to_vec()).unwrap()),
        });
        let router = router(app.clone());
        Office { engine, app, clock, router, told, tokens: Default::default() }
    }

    /// Takes connections on a free port of this machine, until the test ends.
    async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (app, router) = (self.app.clone(), self.router.clone());
        tokio::spawn(super::connections::serve(listener, app, router, std::future::pending()));
        address
    }

    /// Adds a person with roles.
    async fn add(&self, person: &str, belongs: Belongs, roles: &[Role]) {
        let added =
            PeopleChange::PersonAdded { person: person.into(), name: String::new(), belongs };
        let by = system();
        self.engine.change_people(&by, Wanted::new(added, "", "test")).await.unwrap();
        let from = self.engine.now().day();
        for role in roles {
            let (person, role) = (person.to_owned(), *role);
            let granted = PeopleChange::RoleGranted { person, role, from, until: None };
            self.engine.change_people(&by, Wanted::new(granted, "", "test")).await.unwrap();
        }
    }

    /// The token of a session of this person, opened when none runs.
    async fn token(&self, person: &str) -> String {
        let known = self.tokens.lock().unwrap().get(person).cloned();
        // A test that moves the clock far outlives a session.
        if let Some(token) = known
            && self.app.door.visitor_of_token(&token).await.unwrap().is_some()
        {
            return token;
        }
        let opened = self.app.door.open_session(person, Stage::Full, &Came::default()).await;
        let token = opened.unwrap().token;
        self.tokens.lock().unwrap().insert(person.to_owned(), token.clone());
        token
    }

    /// The router at a port of this machine, as long as the test runs.
    async fn listening(router: Router) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        at
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        self.get_as(EVERYTHING, path).await
    }

    async fn get_as(&self, person: &str, path: &str) -> Answer {
        let token = self.token(person).await;
        let request = Request::get(path)
            .header("host", "127.0.0.1:8080")
            .header("cookie", format!("yakkan={token}"));
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_as(EVERYTHING, path, body).await
    }

    async fn post_as(&self, person: &str, path: &str, body: Value) -> Answer {
        let token = self.token(person).await;
        let request = Request::post(path)
            .header("host", "localhost:8080")
            .header("cookie", format!("yakkan={token}"))
            .header("x-csrf-token", csrf_of(&token).unwrap())
            .header("content-type", "application/json");
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A body of the API under a number of its own.
    async fn post_keyed_as(
        &self,
        person: &str,
        path: &str,
        key: &str,
        (body, kind): (impl Into<Body>, &str),
    ) -> Answer {
        let token = self.token(person).await;
        let request = Request::post(path)
            .header("host", "localhost:8080")
            .header("cookie", format!("yakkan={token}"))
            .header("x-csrf-token", csrf_of(&token).unwrap())
            .header("idempotency-key", key)
            .header("content-type", kind);
        self.ask(request.body(body.into()).unwrap()).await
    }

    /// A form, with the token that it would carry.
    async fn send_as(&self, person: &str, path: &str, fields: &str) -> Answer {
        let token = self.token(person).await;
        let request = Request::post(path)
            .header("host", "127.0.0.1:8080")
            .header("origin", "http://127.0.0.1:8080")
            .header("cookie", format!("yakkan={token}"))
            .header("content-type", "application/x-www-form-urlencoded");
        let body = format!("csrf={}&{fields}", csrf_of(&token).unwrap());
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    fn clock_now(&self) -> Moment {
        self.engine.now()
    }

    /// The account of the life's customer.
    async fn account(&self) -> AccountId {
        AccountId(self.only("contract").await.1)
    }

    /// The only id of a read model.
    async fn only(&self, kind: &str) -> (String, String) {
        let views = self.engine.store.views(kind).await.unwrap();
        (views[0].id.clone(), views[0].account.0.clone())
    }
}

#[test]
fn listens_elsewhere_only_behind_tls() {
    for own in ["127.0.0.1:8080", "[::1]:8080", "127.9.9.9:0"] {
        assert!(refuse_other_machines(own.parse().unwrap(), &Front::default()).is_ok(), "{own}");
    }
    for open in ["0.0.0.0:8080", "[::]:8080", "192.168.0.10:80"] {
        let listen = open.parse().unwrap();
        let error = refuse_other_machines(listen, &Front::default()).unwrap_err().to_string();
        assert!(error.contains("public_url") && error.contains("127.0.0.1"), "{error}");
        let proxies = vec!["10.0.0.2".parse().unwrap()];
        let front = Front::behind("https://desk.example.jp", proxies).unwrap();
        assert!(refuse_other_machines(listen, &front).is_ok());
        let alone = Front::behind("https://desk.example.jp", Vec::new()).unwrap();
        assert!(refuse_other_machines(listen, &alone).is_err(), "no proxy is trusted");
    }
}
