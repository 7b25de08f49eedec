//! A record decided again: equal, otherwise because a rule was mended since, or
//! otherwise without a cause.

use contract::Decision;
use contract::declare::reason::Finding;
use contract::road::case::Case;
use contract::road::editions::{self, Edition, kind_of};
use contract::road::stream::{Body, Event, Record};

pub(super) enum Compared {
    /// Everything that comes out otherwise is what editions since are about; the
    /// newest of them.
    Explained(Edition),
    Differs(Vec<String>),
}

pub(super) fn compared(record: &Record, again: &Decision, before: &Case) -> Compared {
    explanation(record, again, before)
        .map_or_else(|| Compared::Differs(decided_otherwise(record, again)), Compared::Explained)
}

/// The newest edition that is needed to explain all of it.
fn explanation(record: &Record, again: &Decision, before: &Case) -> Option<Edition> {
    let then = record.events.iter().filter(|event| !again.events.contains(event));
    let now = again.events.iter().filter(|event| !record.events.contains(event));
    let kinds = then.chain(now).flat_map(|event| kinds(event, before));
    let by = kinds.map(|kind| editions::explaining(&kind?, record.input.edition));
    by.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// What an event is about: nothing for one that no edition can explain.
fn kinds(event: &Event, before: &Case) -> Vec<Option<String>> {
    let finding = |finding: &Finding| Some(format!("finding/{}", finding.code));
    match &event.body {
        Body::Follows { consequence, .. } => vec![Some(kind_of(consequence))],
        Body::Retracted { of } => {
            vec![before.live.get(of).map(|live| kind_of(&live.consequence))]
        }
        // Refused then and done now has findings on one side only.
        Body::Refused { findings, .. } | Body::Done { warnings: findings, .. } => {
            findings.iter().map(finding).collect()
        }
        Body::Registered { .. } => vec![None],
    }
}

fn decided_otherwise(record: &Record, again: &Decision) -> Vec<String> {
    let id = &record.input.id;
    let differs = |(at, (then, now)): (usize, (&_, &_))| {
        (then != now).then(|| format!("{id}, event {}: decided otherwise now", at + 1))
    };
    let mut differences: Vec<_> =
        record.events.iter().zip(&again.events).enumerate().filter_map(differs).collect();
    if record.events.len() != again.events.len() {
        let (then, now) = (record.events.len(), again.events.len());
        differences.push(format!("{id}: {then} events then, {now} now"));
    }
    differences
}
