//! The clock is an input: the engine asks, and somebody else decides.

use std::sync::Mutex;

use reckon::{Day, Moment};

/// Says what time it is.
pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

/// A clock that stands still until it is moved. It never goes back.
#[derive(Debug)]
pub struct ManualClock(Mutex<Moment>);

impl ManualClock {
    pub fn at(start: Moment) -> ManualClock {
        ManualClock(Mutex::new(start))
    }

    pub fn move_to(&self, to: Moment) {
        let mut now = self.0.lock().expect("no holder panics");
        *now = to.max(*now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        *self.0.lock().expect("no holder panics")
    }
}

/// The day before any case begins, for a clock that a scenario sets.
pub fn beginning() -> Moment {
    Moment::start_of(Day::constant(2000, 1, 1))
}
