//! The record itself: database, keys, clock against the newest entry, queues.

use std::path::Path;

use engine::OutboxState;
use reckon::Moment;
use store::Inspection;

use super::Finding;

/// Seconds after which something due is late, and after which nobody works.
const LATE: i64 = 3600;
const STUCK: i64 = 86_400;

pub async fn look(data: &Path, database: Option<&str>, now: Moment) -> Vec<Finding> {
    match store::inspect(data, database).await {
        Ok(found) => judge(&found, now),
        Err(error) => vec![Finding::fail(
            "database",
            error.to_string(),
            "check the path and its rights; restore a backup if it is gone (yakkan restore)",
        )],
    }
}

/// Who else on the machine may read the folder, and who serves it.
pub fn findings(data: &Path) -> Vec<Finding> {
    let mut findings = vec![rights("rights", data)];
    let servers = store::servers(data);
    let told = servers.iter().map(|server| {
        format!("pid {} since {} on {}", server.pid, server.since.to_minute_text(), server.listens)
    });
    let told = told.collect::<Vec<_>>().join("; ");
    findings.push(match servers.len() {
        0 => Finding::ok("server", "none is at work"),
        1 => Finding::ok("server", told),
        _ => Finding::warn("server", told, "they share the work; stop one if that is not meant"),
    });
    findings
}

/// Whether only the owner may read a folder or file.
pub fn rights(what: &'static str, path: &Path) -> Finding {
    let exposed = store::exposed(path);
    let Some(first) = exposed.first() else {
        return Finding::ok(what, format!("only the owner may read {}", path.display()));
    };
    Finding::warn(
        what,
        format!("{} files can be read by others, such as {}", exposed.len(), first.display()),
        format!("chmod -R go= {}", path.display()),
    )
}

pub fn judge(found: &Inspection, now: Moment) -> Vec<Finding> {
    let mut findings = vec![integrity(found), schema(found), clock(found, now), keys(found)];
    findings.push(due(found, now));
    findings.extend(effects(found, now));
    findings
}

fn integrity(found: &Inspection) -> Finding {
    if found.faults.is_empty() {
        let text = match &found.checkpoint {
            Some(last) => {
                format!("sound; last checkpoint {} of {}", last.seq, last.made_at.to_minute_text())
            }
            None => "sound; no checkpoint yet".to_owned(),
        };
        return Finding::ok("database", text);
    }
    let remedy = "stop the server, keep the folder as it is, restore the last backup";
    Finding::fail("database", found.faults.join("; "), remedy)
}

fn schema(found: &Inspection) -> Finding {
    let versions = [found.schema, found.keys_schema];
    let text = format!(
        "database {} of {}, keys {} of {}",
        found.schema.0, found.schema.1, found.keys_schema.0, found.keys_schema.1
    );
    if versions.iter().any(|(present, known)| present > known) {
        return Finding::fail(
            "schema",
            text,
            "the folder is newer than this program: use that one",
        );
    }
    if versions.iter().any(|(present, known)| present < known) {
        return Finding::warn("schema", text, "back up; the next start brings it up to date");
    }
    Finding::ok("schema", text)
}

fn clock(found: &Inspection, now: Moment) -> Finding {
    let text = format!("it is {} in Japan", now.to_minute_text());
    match found.newest_entry {
        Some(newest) if newest > now => Finding::fail(
            "clock",
            format!("{text}, but the newest entry is of {}", newest.to_minute_text()),
            "set the machine's clock (NTP) before anything is registered; a record of a manual \
             clock is served with clock = \"manual\"",
        ),
        _ => Finding::ok("clock", text),
    }
}

fn keys(found: &Inspection) -> Finding {
    let rows = found.personal_rows;
    match &found.unreadable[..] {
        [] => Finding::ok("keys", format!("all {rows} personal rows can be read")),
        lines => Finding::fail(
            "keys",
            format!("{} of {rows} personal rows cannot be read: {}", lines.len(), lines[0]),
            "stop the server and put the newest copy of the keys in the place of keys.db",
        ),
    }
}

fn due(found: &Inspection, now: Moment) -> Finding {
    let Some(oldest) = found.oldest_due else {
        return Finding::ok("due", "nothing is due by itself");
    };
    let late = now.unix_seconds() - oldest.unix_seconds();
    let text = format!("the next moment is {}", oldest.to_minute_text());
    let remedy = "is `yakkan serve` running? Its log says why it cannot go on";
    if late >= STUCK {
        return Finding::fail("due", format!("{text}, {} hours ago", late / 3600), remedy);
    }
    if late >= LATE {
        return Finding::warn("due", format!("{text}, {} minutes ago", late / 60), remedy);
    }
    Finding::ok("due", text)
}

fn effects(found: &Inspection, now: Moment) -> Vec<Finding> {
    let mut findings = Vec::new();
    let waiting = found.effects.iter().find(|(state, _, _)| *state == OutboxState::Waiting);
    match waiting {
        None => findings.push(Finding::ok("outbox", "nothing waits to be performed")),
        Some((_, count, oldest)) => {
            let late = now.unix_seconds() - oldest.unix_seconds();
            let text = format!("{count} wait, the oldest since {}", oldest.to_minute_text());
            let remedy = "is `yakkan serve` running, and does the mail server answer?";
            findings.push(if late >= STUCK {
                Finding::fail("outbox", text, remedy)
            } else if late >= LATE {
                Finding::warn("outbox", text, remedy)
            } else {
                Finding::ok("outbox", text)
            });
        }
    }
    for (state, count, _) in &found.effects {
        let (text, remedy) = match state {
            OutboxState::Refused => (
                "refused or given up",
                "mend the cause, then: yakkan outbox again ID, or the page /outbox",
            ),
            OutboxState::ByHand => ("wait for a person", "do them and register that they are done"),
            OutboxState::Held => ("held after a restore", "decide: yakkan restored list"),
            OutboxState::Waiting
            | OutboxState::Performing
            | OutboxState::Done
            | OutboxState::Settled => continue,
        };
        findings.push(Finding::warn("outbox", format!("{count} {text}"), remedy));
    }
    findings
}
