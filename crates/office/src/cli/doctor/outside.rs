//! What the record rests on: disk, mail server, calendars, backups.

use std::path::Path;

use engine::Operator;
use outside::{SmtpConfig, SmtpMail};
use reckon::{Day, LAST_OFFICIAL_YEAR, Moment};
use store::backup;

use super::Finding;
use crate::config::BackupConfig;

const MB: u64 = 1 << 20;
/// Below this nothing is safe to write; below the second one somebody acts.
const LEAST_SPACE: u64 = 500 * MB;
const LITTLE_SPACE: u64 = 5_000 * MB;

/// A day and some, so that a nightly backup may take its time.
const OLD_BACKUP: i64 = 36 * 3600;

/// Deadlines reach this far ahead: 20 business days, notices of three months.
const AHEAD: u32 = 120;

pub fn disk(what: &'static str, folder: &Path) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(disk) => space(what, disk.f_bavail * disk.f_frsize),
        Err(error) => Finding::fail(
            what,
            format!("{}: {error}", folder.display()),
            "check the path and its rights",
        ),
    }
}

pub fn space(what: &'static str, free: u64) -> Finding {
    let text = format!("{} MB free", free / MB);
    let remedy = "free space or move the folder: a full disk refuses every step";
    if free < LEAST_SPACE {
        return Finding::fail(what, text, remedy);
    }
    if free < LITTLE_SPACE {
        return Finding::warn(what, text, remedy);
    }
    Finding::ok(what, text)
}

/// The server is greeted and left again: no sign-in, no mail.
pub async fn mail(config: Option<&SmtpConfig>) -> Finding {
    let Some(config) = config else {
        return Finding::fail("mail server", "[smtp] is missing", "name it in the configuration");
    };
    let server = format!("{}:{}", config.host, config.port);
    let greeted = match SmtpMail::new(config.clone()) {
        Ok(mail) => mail.greet().await,
        Err(error) => Err(error.to_string()),
    };
    match greeted {
        Ok(()) => Finding::ok("mail server", format!("{server} answers")),
        Err(why) => Finding::fail(
            "mail server",
            format!("{server}: {why}"),
            "check [smtp], the network and the server; mails wait in the outbox meanwhile",
        ),
    }
}

pub fn calendars(operator: &Operator, today: Day) -> Vec<Finding> {
    vec![official(today), closures(operator, today)]
}

fn ahead(today: Day) -> Day {
    reckon::Period::days(today, AHEAD).last_day()
}

fn official(today: Day) -> Finding {
    let text = format!("published up to {}", LAST_OFFICIAL_YEAR);
    let remedy = "install a newer version, which brings the table of the Cabinet Office";
    if reckon::is_provisional(today) {
        return Finding::fail(
            "holidays",
            format!("{text}: deadlines rest on computed days"),
            remedy,
        );
    }
    if reckon::is_provisional(ahead(today)) {
        return Finding::warn("holidays", format!("{text}: deadlines soon reach beyond"), remedy);
    }
    Finding::ok("holidays", text)
}

/// The closing days that the operator publishes, such as those of the new year.
fn closures(operator: &Operator, today: Day) -> Finding {
    let days = operator.calendars.iter().flat_map(|calendar| &calendar.closures);
    let Some(last) = days.max() else {
        return Finding::warn(
            "closing days",
            "the operator has published none",
            "if it closes at the turn of the year, publish a [[calendar]] in the operator's file",
        );
    };
    let text = format!("published up to {last}");
    // Ahead of the turn of a year of which nothing is published.
    if ahead(today).year() > today.year() && *last < ahead(today) && last.year() <= today.year() {
        let remedy = "publish next year's closing days before deadlines reach into them";
        return Finding::warn("closing days", text, remedy);
    }
    Finding::ok("closing days", text)
}

pub fn backups(config: Option<&BackupConfig>, now: Moment) -> Vec<Finding> {
    let Some(config) = config else {
        let remedy = "name [backup] folder and keys, and run `yakkan backup` every night";
        return vec![Finding::warn("backup", "none is configured", remedy)];
    };
    let kept = match backup::kept(&config.folder) {
        Ok(kept) => kept,
        Err(error) => {
            let remedy = "make the folder, or run `yakkan backup` for the first time";
            return vec![Finding::warn("backup", error.to_string(), remedy)];
        }
    };
    let mut findings = vec![newest(&kept, now), keys_copy(config)];
    findings.push(super::record::rights("backup rights", &config.folder));
    findings.push(super::record::rights("keys rights", &config.keys));
    findings.extend(expired(&kept, now.day()));
    findings.push(super::outside::disk("backup disk", &config.folder));
    findings
}

fn newest(kept: &[backup::Kept], now: Moment) -> Finding {
    let made = kept.iter().filter_map(|kept| kept.manifest.as_ref()).map(|m| m.made_at).max();
    let remedy = "run `yakkan backup`; look at the log of the nightly one";
    let Some(made) = made else { return Finding::warn("backup", "there is none", remedy) };
    let text = format!("the newest is of {}, {} are kept", made.to_minute_text(), kept.len());
    if now.unix_seconds() - made.unix_seconds() > OLD_BACKUP {
        return Finding::warn("backup", text, remedy);
    }
    Finding::ok("backup", text)
}

fn keys_copy(config: &BackupConfig) -> Finding {
    if config.keys.exists() {
        return Finding::ok("copy of keys", config.keys.display().to_string());
    }
    let text = format!("{} is missing", config.keys.display());
    let remedy = "without it a restore can read no name or mail: run `yakkan backup`";
    Finding::fail("copy of keys", text, remedy)
}

/// Certificates of erasure name the day on which the last backup is destroyed.
fn expired(kept: &[backup::Kept], today: Day) -> Vec<Finding> {
    let mut findings = Vec::new();
    let due = |kept: &&backup::Kept| kept.manifest.as_ref().is_some_and(|m| m.expires <= today);
    let count = kept.iter().filter(due).count();
    if count > 0 {
        let text = format!("{count} backups should have been destroyed");
        let remedy = "yakkan backup --prune: certificates of erasure promise that day";
        findings.push(Finding::fail("retention", text, remedy));
    }
    for unreadable in kept.iter().filter(|kept| kept.manifest.is_none()) {
        let text = format!("{}: its manifest cannot be read", unreadable.folder.display());
        let remedy = "it cannot be restored: find out why, then remove it";
        findings.push(Finding::warn("backup", text, remedy));
    }
    findings
}
