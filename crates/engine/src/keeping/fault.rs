//! Named points at which a test kills the process, to see that nothing is lost
//! and nothing is done twice. Off unless `YAKKAN_FAULT` names one.

use std::sync::atomic::{AtomicU32, Ordering};

/// The points of a life, in the order in which it passes them.
pub const POINTS: [&str; 14] = [
    "register.before_commit",
    "register.after_commit",
    "outbox.after_claim",
    "outbox.before_send",
    "outbox.after_send",
    "outbox.after_commit",
    "billing.before_numbers",
    "billing.after_numbers",
    "billing.after_issue",
    "usage.after_segment",
    "deposit.after_row",
    "erase.after_inventory",
    "erase.after_destroy",
    "tick.after_account",
];

/// Those that a takeover passes.
pub const OF_TAKEOVER: [&str; 1] = ["takeover.after_chunk"];

/// Those that a notice passes on its way.
pub const OF_NOTICES: [&str; 1] = ["notice.after_customer"];

static PASSED: AtomicU32 = AtomicU32::new(0);

/// Kills the process (signal 9) when `YAKKAN_FAULT` is this point, or this point
/// and a count as in `outbox.after_send:3`.
pub fn point(name: &str) {
    let known = [&POINTS[..], &OF_TAKEOVER, &OF_NOTICES].concat().contains(&name);
    debug_assert!(known, "the point {name} is not in the list");
    let Ok(wanted) = std::env::var("YAKKAN_FAULT") else { return };
    let (point, count) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    let passed = || PASSED.fetch_add(1, Ordering::SeqCst) + 1;
    if point == name && count.parse() == Ok(passed()) {
        kill();
    }
}

fn kill() -> ! {
    let own = std::process::id().to_string();
    let _ = std::process::Command::new("kill").args(["-9", &own]).status();
    loop {
        std::thread::park();
    }
}
