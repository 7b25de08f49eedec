//! One reading under watch: time, memory and panics.

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, Once};
use std::time::Duration;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One reading at a time, so that the memory is its own.
static ALONE: Mutex<()> = Mutex::new(());

/// Where the panics of this program were.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A damaged sample is read in a moment; a busy machine may take longer.
const DEADLINE: Duration = Duration::from_secs(60);
const MEGABYTES: usize = 256;
const READING: &str = "reading";

/// Reads the bytes.
///
/// # Errors
/// When it does not end, panics, or takes too much memory. A panic in a crate of
/// others that the reader turns into a fault is no error: that is what its guard is
/// there for.
pub fn hold(read: fn(&[u8]) -> bool, bytes: &[u8]) -> Result<(), String> {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    listen();
    panics().clear();
    let owned = bytes.to_vec();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let (tell, told) = channel();
    let reading = std::thread::Builder::new().name(READING.to_owned()).spawn(move || {
        let ended = catch_unwind(AssertUnwindSafe(|| read(&owned))).is_ok();
        let _ = tell.send(ended);
    });
    reading.map_err(|error| error.to_string())?;
    match told.recv_timeout(DEADLINE) {
        Ok(true) => {}
        Ok(false) => return Err(format!("it panics: {:?}", panics())),
        Err(RecvTimeoutError::Timeout) => return Err(format!("it takes more than {DEADLINE:?}")),
        Err(RecvTimeoutError::Disconnected) => return Err("its thread ended".to_owned()),
    }
    let used = MEMORY.peak_usage().saturating_sub(before) >> 20;
    if used > MEGABYTES {
        return Err(format!("it takes {used} MB"));
    }
    let ours: Vec<String> = panics().drain(..).filter(|place| is_ours(place)).collect();
    if ours.is_empty() { Ok(()) } else { Err(format!("our own code panics: {ours:?}")) }
}

/// Crates of others are built under their registry, by its whole path.
fn is_ours(place: &str) -> bool {
    Path::new(place).is_relative()
}

fn panics() -> std::sync::MutexGuard<'static, Vec<String>> {
    PANICS.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Notes the panics of readings, which have threads of their own name, instead of
/// printing them: most are caught by the reader's guard.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if std::thread::current().name() != Some(READING) {
                return usual(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            panics().push(format!("{place} {}", info.payload_as_str().unwrap_or_default()));
        }));
    });
}

#[test]
fn a_panic_of_our_own_is_seen_behind_its_guard_and_so_is_too_much_memory() {
    assert_eq!(hold(|bytes| bytes.is_empty(), b"x"), Ok(()));
    let guarded: fn(&[u8]) -> bool = |bytes| catch_unwind(|| bytes[1] == 0).unwrap_or(false);
    assert!(hold(guarded, b"x").unwrap_err().contains("our own code panics"));
    let large: fn(&[u8]) -> bool = |_| vec![1_u8; (MEGABYTES + 8) << 20].len() > 1;
    assert!(hold(large, b"x").unwrap_err().contains("it takes"));
}
