//! How many failed sign-ins one network address may have: whoever tries many names has
//! each of them only once, so the waits by name never begin.
//!
//! A whole office stands behind one address. Only what fails counts, enough is free for
//! a morning of typing errors, and the address gets one attempt back every so often.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// So many failures are free.
const FREE: u32 = 30;

/// One more after so many seconds.
const BACK_AFTER: i64 = 20;

/// Addresses that are remembered at the most; whoever has failed longest ago goes first.
const MOST: usize = 50_000;

/// Failures of an address, as a level that sinks with time.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    failures: u32,
    since: i64,
    /// That the address is refused stands in the log once, not for every attempt.
    is_noted: bool,
}

impl Level {
    fn at(self, now: i64) -> Level {
        let back = (now - self.since).max(0) / BACK_AFTER;
        let failures = self.failures.saturating_sub(u32::try_from(back).unwrap_or(u32::MAX));
        let since = if failures == 0 { now } else { self.since + back * BACK_AFTER };
        Level { failures, since, ..self }
    }
}

/// What becomes of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is looked at; it counts as a failure until [`Throttle::succeeded`].
    Taken,
    /// It is not looked at; another may come after so many seconds. `first` is it after
    /// attempts that were.
    Refused { seconds: i64, first: bool },
}

#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, Level>>);

impl Throttle {
    /// Counts an attempt before it is looked at, so that many at once count too.
    pub fn begin(&self, origin: &str, now: i64) -> Turn {
        let mut levels = self.0.lock().expect("no holder panics");
        if levels.len() >= MOST {
            make_room(&mut levels, now);
        }
        let kept = levels.entry(place(origin)).or_default();
        let mut level = kept.at(now);
        let turn = if level.failures < FREE {
            level.failures += 1;
            level.is_noted = false;
            Turn::Taken
        } else {
            let first = !level.is_noted;
            level.is_noted = true;
            Turn::Refused { seconds: level.since + BACK_AFTER - now, first }
        };
        *kept = level;
        turn
    }

    /// The attempt was no failure after all.
    pub fn succeeded(&self, origin: &str) {
        let mut levels = self.0.lock().expect("no holder panics");
        if let Some(level) = levels.get_mut(&place(origin)) {
            level.failures = level.failures.saturating_sub(1);
        }
    }
}

/// What has sunk to nothing goes; if that is not enough, the half that failed longest
/// ago.
fn make_room(levels: &mut HashMap<String, Level>, now: i64) {
    levels.retain(|_, level| level.at(now).failures > 0);
    if levels.len() >= MOST {
        let mut since: Vec<_> = levels.values().map(|level| level.since).collect();
        let (_, middle, _) = since.select_nth_unstable(MOST / 2);
        let middle = *middle;
        levels.retain(|_, level| level.since > middle);
    }
}

/// One line to the network: of IPv6 a customer has 64 bits of addresses.
fn place(origin: &str) -> String {
    match origin.parse() {
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        _ => origin.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(throttle: &Throttle, origin: &str, now: i64, tries: u32) -> u32 {
        (0..tries).filter(|_| throttle.begin(origin, now) == Turn::Taken).count() as u32
    }

    #[test]
    fn many_failures_from_one_address_end_and_come_back_slowly() {
        let throttle = Throttle::default();
        assert_eq!(failures(&throttle, "192.0.2.7", 100, 150), FREE);
        let refused = throttle.begin("192.0.2.7", 105);
        assert_eq!(refused, Turn::Refused { seconds: 15, first: false });
        assert_eq!(failures(&throttle, "192.0.2.8", 100, 1), 1, "others are heard");
        assert_eq!(failures(&throttle, "192.0.2.7", 120, 5), 1);
        assert_eq!(failures(&throttle, "192.0.2.7", 120 + 20 * 40, 150), FREE, "all are back");
    }

    #[test]
    fn a_refusal_is_noted_once() {
        let throttle = Throttle::default();
        failures(&throttle, "192.0.2.7", 0, FREE);
        let firsts = (0..9).filter(|_| {
            matches!(throttle.begin("192.0.2.7", 1), Turn::Refused { first: true, .. })
        });
        assert_eq!(firsts.count(), 1);
    }

    /// Two hundred people behind one address, a tenth of whom mistype.
    #[test]
    fn an_office_behind_one_address_works() {
        let throttle = Throttle::default();
        for person in 0..200 {
            assert_eq!(throttle.begin("192.0.2.7", person), Turn::Taken, "{person}");
            if person % 10 == 0 {
                assert_eq!(throttle.begin("192.0.2.7", person), Turn::Taken, "{person}");
            }
            throttle.succeeded("192.0.2.7");
        }
    }

    #[test]
    fn one_line_of_ipv6_is_one_address() {
        let throttle = Throttle::default();
        for end in 0..FREE {
            assert_eq!(throttle.begin(&format!("2001:db8:1:2::{end:x}"), 0), Turn::Taken);
        }
        assert_ne!(throttle.begin("2001:db8:1:2:ffff::1", 0), Turn::Taken);
        assert_eq!(throttle.begin("2001:db8:1:3::1", 0), Turn::Taken);
        assert_eq!(place("::ffff:192.0.2.7"), "192.0.2.7");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..MOST * 2 {
            throttle.begin(&format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255), n as i64);
        }
        assert!(throttle.0.lock().unwrap().len() <= MOST);
    }
}
