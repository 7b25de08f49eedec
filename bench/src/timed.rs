//! Processor time: other programs on the machine do not count, waiting neither.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

pub struct Timed {
    started: Instant,
    used: Duration,
}

impl Timed {
    pub fn start() -> Timed {
        Timed { started: Instant::now(), used: used() }
    }

    /// Prints one line: what was done, processor time, time by the wall.
    pub fn print(&self, what: &str) {
        let (used, passed) = (used() - self.used, self.started.elapsed());
        println!("{what}: {:.2} s of processor, {:.2} s", used.as_secs_f64(), passed.as_secs_f64());
    }
}

/// The processor time of this process.
pub fn used() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}
