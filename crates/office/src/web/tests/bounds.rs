//! Every field of the API and of the pages with values that nobody can mean: each is
//! answered with a sentence, nothing fails or hangs, and the house stays open.

mod api;
mod forms;
mod instance;

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tokio::task::JoinSet;

use super::{Answer, Office};

/// Days that no field means.
const DAYS: [&str; 3] = ["2199-12-31", "9999-01-01", "0001-01-01"];

/// How many ask at once.
const AT_ONCE: usize = 8;

/// No answer takes longer, on a machine with much else to do and without
/// optimisation. What it really took is printed.
const LONGEST: Duration = Duration::from_secs(60);

/// One request, and where in it which value stands.
struct Asked {
    what: String,
    /// Made when its turn comes: some are large.
    request: Box<dyn FnOnce() -> Request<Body> + Send>,
}

/// What was found out while all of it was asked.
#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    slowest: Vec<(Duration, String)>,
    /// How often each status was answered.
    statuses: BTreeMap<u16, usize>,
    health: Vec<Duration>,
}

fn long_text() -> String {
    "x".repeat(10_000_000)
}

/// A refusal says what is wrong; anything else is done or led on.
fn is_well(answer: &Answer) -> bool {
    match answer.status {
        status if status.is_server_error() => false,
        status if status.is_client_error() => {
            let json = serde_json::from_str::<serde_json::Value>(&answer.text);
            let detail = json.map(|json| json["detail"].as_str().unwrap_or_default().to_owned());
            detail.map_or_else(|_| answer.text.contains('。'), |detail| !detail.is_empty())
        }
        _ => true,
    }
}

/// Asks all of it, eight at once, while somebody else looks at `/health`.
async fn ask_all(office: Arc<Office>, all: Vec<Asked>) -> Found {
    let count = all.len();
    let (queue, found) = (Arc::new(Mutex::new(VecDeque::from(all))), Arc::new(Mutex::default()));
    let over = Arc::new(AtomicBool::new(false));
    let health = tokio::spawn(look_at_health(office.clone(), over.clone()));
    let mut asking = JoinSet::new();
    for _ in 0..AT_ONCE {
        asking.spawn(ask_on(office.clone(), queue.clone(), found.clone()));
    }
    while let Some(asked) = asking.join_next().await {
        asked.expect("no request may panic");
    }
    over.store(true, Ordering::Relaxed);
    let mut found: Found = std::mem::take(&mut found.lock().unwrap());
    found.health = health.await.unwrap();
    found.slowest.sort_by_key(|(took, _)| std::cmp::Reverse(*took));
    found.slowest.truncate(5);
    println!("{count} requests: {:?}; slowest {:?}", found.statuses, found.slowest);
    found.health.sort();
    let at = |part: usize| found.health.get(found.health.len() * part / 100).copied();
    println!(
        "/health {} times: half {:?}, 99 % {:?}, {:?}",
        found.health.len(),
        at(50),
        at(99),
        found.health.last()
    );
    found
}

async fn ask_on(office: Arc<Office>, queue: Arc<Mutex<VecDeque<Asked>>>, found: Arc<Mutex<Found>>) {
    loop {
        let next = queue.lock().unwrap().pop_front();
        let Some(Asked { what, request }) = next else { return };
        let began = Instant::now();
        let answer = office.ask(request()).await;
        let took = began.elapsed();
        let mut found = found.lock().unwrap();
        *found.statuses.entry(answer.status.as_u16()).or_default() += 1;
        if !is_well(&answer) || took > LONGEST {
            let text = answer.text.split("</h1>").last().unwrap_or_default();
            let text: String = text.chars().take(300).collect();
            found.wrong.push(format!("{what}: {} after {took:?}: {text}", answer.status));
        }
        found.slowest.push((took, what));
    }
}

async fn look_at_health(office: Arc<Office>, over: Arc<AtomicBool>) -> Vec<Duration> {
    let mut took = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let request = Request::get("/health").header("host", "localhost").body(Body::empty());
        let began = Instant::now();
        let answer = office.ask(request.unwrap()).await;
        took.push(began.elapsed());
        assert_eq!(answer.status, StatusCode::OK);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    took
}

impl Found {
    fn verdict(self) {
        let wrong = self.wrong.len();
        let shown: Vec<_> = self.wrong.into_iter().take(30).collect();
        assert!(shown.is_empty(), "{wrong} answers:\n{}", shown.join("\n"));
        let longest = self.health.last().copied().unwrap_or_default();
        assert!(longest < Duration::from_secs(10), "/health took {longest:?}");
    }
}
