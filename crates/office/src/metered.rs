//! Metrics for Prometheus. What is counted has kinds and outcomes as labels, and
//! never an id, a name or a path with one.

use std::sync::OnceLock;
use std::time::Duration;

use engine::{Backlog, MAILS, OutboxState, REGISTRATIONS, WORKED_OUT};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use reckon::Moment;
use store::COMMIT_SECONDS;

const REQUESTS: &str = "yakkan_http_requests_total";
const REQUEST_SECONDS: &str = "yakkan_http_request_seconds";
const BODY_BYTES: &str = "yakkan_http_body_bytes_total";
const EFFECTS: &str = "yakkan_outbox_effects";
const QUEUE_AGE: &str = "yakkan_queue_age_seconds";
const BUILD: &str = "yakkan_build_info";
const STARTED: &str = "process_start_time_seconds";

const SECONDS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The states in which an effect can be; each has a series even at zero.
const STATES: [(OutboxState, &str); 7] = [
    (OutboxState::Waiting, "waiting"),
    (OutboxState::Performing, "performing"),
    (OutboxState::Done, "done"),
    (OutboxState::Refused, "refused"),
    (OutboxState::ByHand, "by_hand"),
    (OutboxState::Held, "held"),
    (OutboxState::Settled, "settled"),
];

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts counting, once in a process.
pub fn handle() -> &'static PrometheusHandle {
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .expect("there are buckets")
            .build_recorder();
        let handle = recorder.handle();
        // Another recorder can only have been set by a test in this process.
        let _ = metrics::set_global_recorder(recorder);
        describe();
        handle
    })
}

fn describe() {
    describe_counter!(REQUESTS, "Requests by route, method and status");
    describe_histogram!(REQUEST_SECONDS, "How long requests take, by route");
    describe_counter!(BODY_BYTES, "Bytes of request bodies that were read");
    describe_counter!(REGISTRATIONS, "Inputs registered, by kind; refused counts acts");
    describe_counter!(MAILS, "Attempts to hand a mail to the outgoing server, by outcome");
    describe_counter!(WORKED_OUT, "Accounts stored as they stand, to go on from");
    describe_histogram!(COMMIT_SECONDS, "How long transactions take");
    describe_gauge!(EFFECTS, "Effects in the outbox, by state");
    describe_gauge!(QUEUE_AGE, "For how long something has been due and not done");
    describe_gauge!(BUILD, "1, with the version");
    describe_gauge!(STARTED, "When the process started, in unix seconds");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    gauge!(STARTED).set(since.map_or(0.0, |since| since.as_secs() as f64));
}

pub fn request(route: &'static str, method: &str, status: u16, took: Duration) {
    let labels = [
        ("route", route.to_owned()),
        ("method", method.to_owned()),
        ("status", status.to_string()),
    ];
    counter!(REQUESTS, &labels).increment(1);
    histogram!(REQUEST_SECONDS, "route" => route).record(took);
}

pub fn body(bytes: usize) {
    counter!(BODY_BYTES).increment(bytes as u64);
}

/// Everything counted so far, with the queues as they are now.
pub fn text(backlog: &Backlog, now: Moment) -> String {
    let handle = handle();
    for (state, name) in STATES {
        let found = backlog.effects.iter().find(|(other, _, _)| *other == state);
        gauge!(EFFECTS, "state" => name).set(found.map_or(0.0, |(_, count, _)| *count as f64));
    }
    gauge!(QUEUE_AGE).set(backlog.age(now) as f64);
    handle.run_upkeep();
    handle.render()
}
