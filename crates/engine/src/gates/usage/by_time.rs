//! What lies at some time, found without looking at all the rest: a file may have every
//! minute of a resource.

use std::collections::BTreeMap;

use reckon::Moment;

/// Things with a time each, by their start.
#[derive(Debug)]
pub(super) struct ByTime<T> {
    by_start: BTreeMap<(Moment, usize), Timed<T>>,
    /// The seconds of the longest: nothing that began earlier than that goes on.
    longest: i64,
}

/// A thing from a moment on, to another that is not of it any more.
#[derive(Debug)]
pub(super) struct Timed<T> {
    pub from: Moment,
    pub to: Moment,
    pub thing: T,
}

impl<T> Default for ByTime<T> {
    fn default() -> ByTime<T> {
        ByTime { by_start: BTreeMap::new(), longest: 0 }
    }
}

impl<T> ByTime<T> {
    pub(super) fn insert(&mut self, from: Moment, to: Moment, thing: T) {
        self.longest = self.longest.max(to.unix_seconds() - from.unix_seconds());
        self.by_start.insert((from, self.by_start.len()), Timed { from, to, thing });
    }

    /// Those that have some of a time, by their start and then as they were inserted.
    pub(super) fn touching(&self, from: Moment, to: Moment) -> impl Iterator<Item = &Timed<T>> {
        let earliest = from.plus_seconds(-self.longest);
        let begun = self.by_start.range((earliest, 0)..(to, 0));
        begun.map(|(_, timed)| timed).filter(move |timed| timed.to > from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_found_that_a_look_at_all_of_them_finds() {
        let start: Moment = "2026-05-01T00:00:00".parse().unwrap();
        let at = |minutes: i64| start.plus_seconds(minutes * 60);
        // Lengths of 1 to 40 minutes, some twice, some enclosed in others.
        let times: Vec<_> =
            (0..200_i64).map(|n| (n * 7 % 120, n * 7 % 120 + 1 + n * 11 % 40)).collect();
        let mut kept = ByTime::default();
        for (from, to) in &times {
            kept.insert(at(*from), at(*to), ());
        }
        for (from, to) in (0..160).flat_map(|from| [(from, from + 1), (from, from + 30)]) {
            let all = times.iter().filter(|time| time.0 < to && from < time.1).count();
            assert_eq!(kept.touching(at(from), at(to)).count(), all, "{from} to {to}");
        }
    }
}
