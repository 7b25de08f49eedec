//! The router over a store in memory, after a part of the bundled life.

mod look;
mod register;
mod words_agree;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use engine::scenario::{Mailbox, Player, Scenario};
use engine::{Engine, ManualClock};
use reckon::Moment;
use serde_json::Value;
use tower::ServiceExt;

use super::{App, refuse_other_machines, router};
use crate::open;

/// The pages of a reseller at one moment of the life.
struct Office {
    engine: Arc<Engine>,
    router: Router,
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
        let until: Moment = until.parse().unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/minato");
        let mut life =
            Scenario::read(&std::fs::read_to_string(folder.join("life.toml")).unwrap()).unwrap();
        life.steps.retain(|step| step.at <= until);
        let clock = Arc::new(ManualClock::at(life.start));
        let store = open::store(None).await.unwrap();
        let mail = Arc::new(Mailbox::default());
        let operator = open::operator(None).unwrap();
        let engine = Arc::new(open::engine(store, mail, clock.clone(), operator).unwrap());
        let files = Box::new(move |name: &str| {
            std::fs::read(folder.join(name)).map_err(|error| error.to_string())
        });
        let mut player = Player::new(engine.clone(), clock.clone(), files, &life);
        let report = player.play(&life).await.unwrap();
        let failed =
            report.steps.iter().find(|s| s.error.is_some() || s.checks.iter().any(|c| !c.passed()));
        assert!(failed.is_none(), "{failed:?}");
        let router = router(App::new(engine.clone(), Some(clock)));
        Office { engine, router }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header("host", "127.0.0.1:8080");
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(path)
            .header("host", "localhost:8080")
            .header("content-type", "application/json");
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// The only id of a read model.
    async fn only(&self, kind: &str) -> (String, String) {
        let views = self.engine.store.views(kind).await.unwrap();
        (views[0].id.clone(), views[0].account.0.clone())
    }
}

#[test]
fn listens_on_loopback_only() {
    for own in ["127.0.0.1:8080", "[::1]:8080", "127.9.9.9:0"] {
        assert!(refuse_other_machines(own.parse().unwrap()).is_ok(), "{own}");
    }
    for open in ["0.0.0.0:8080", "[::]:8080", "192.168.0.10:80"] {
        let error = refuse_other_machines(open.parse().unwrap()).unwrap_err().to_string();
        assert!(error.contains("no sign-in") && error.contains("127.0.0.1"), "{error}");
    }
}
