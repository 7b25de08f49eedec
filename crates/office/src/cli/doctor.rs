//! `yakkan doctor`: is this installation well, and what is to be done if not?

mod outside;
mod record;

use std::fmt;
use std::process::ExitCode;

use engine::{Clock, Operator};
use reckon::Moment;

use super::place::Place;
use crate::config::Config;
use crate::open;

/// Looks at clock, disk, mail server, calendars, keys, queues, backups and the
/// database, without changing anything. Exit status 1 when anything has failed.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Ok,
    Warn,
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub mark: Mark,
    pub what: &'static str,
    pub found: String,
    /// What to do about it; empty when it is well.
    pub remedy: String,
}

impl Finding {
    fn ok(what: &'static str, found: impl Into<String>) -> Finding {
        Finding { mark: Mark::Ok, what, found: found.into(), remedy: String::new() }
    }

    fn warn(what: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { mark: Mark::Warn, what, found: found.into(), remedy: remedy.into() }
    }

    fn fail(what: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Finding {
        Finding { mark: Mark::Fail, what, found: found.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.mark {
            Mark::Ok => "OK  ",
            Mark::Warn => "WARN",
            Mark::Fail => "FAIL",
        };
        write!(f, "{mark}  {:<14}  {}", self.what, self.found)?;
        if !self.remedy.is_empty() {
            write!(f, "\n                      → {}", self.remedy)?;
        }
        Ok(())
    }
}

pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let findings = examine(&options.place, open::SystemClock.now()).await?;
    let mut lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let of = |mark| findings.iter().filter(|finding| finding.mark == mark).count();
    let (well, warned, failed) = (of(Mark::Ok), of(Mark::Warn), of(Mark::Fail));
    lines.push(format!("{well} well, {warned} warnings, {failed} failed"));
    super::print(&lines.join("\n"))?;
    Ok(if of(Mark::Fail) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Looks at everything, as far as it can be reached.
async fn examine(place: &Place, now: Moment) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let config = match place.config() {
        Ok(config) => {
            let named = if config.is_some() { "readable" } else { "none named" };
            findings.push(Finding::ok("configuration", named));
            config
        }
        Err(error) => {
            let remedy = "mend the file; the message names the line";
            findings.push(Finding::fail("configuration", format!("{error:#}"), remedy));
            None
        }
    };
    let operator = operator(place, config.as_ref(), &mut findings);
    if let Ok(data) = place.data(config.as_ref()) {
        let database = place.database(config.as_ref())?;
        findings.extend(record::look(&data, database.as_deref(), now).await);
        findings.extend(record::findings(&data));
        findings.push(outside::disk("data disk", &data));
    } else {
        let remedy = "name it with --data, or mend the configuration";
        findings.push(Finding::fail("data folder", "not known", remedy));
    }
    if let Some(operator) = &operator {
        findings.extend(outside::calendars(operator, now.day()));
    }
    if let Some(config) = &config {
        findings.push(outside::mail(config.smtp.as_ref()).await);
        findings.extend(outside::backups(config.backup.as_ref(), now));
    }
    Ok(findings)
}

fn operator(
    place: &Place,
    config: Option<&Config>,
    findings: &mut Vec<Finding>,
) -> Option<Operator> {
    let read = || -> anyhow::Result<Operator> {
        let path = place.operator(config)?;
        let path = path.ok_or_else(|| anyhow::anyhow!("none is named"))?;
        let operator = open::operator(Some(&path))?;
        operator.law(terms::Pack::bundled())?;
        Ok(operator)
    };
    match read() {
        Ok(operator) => {
            let (name, people) = (&operator.company.name, operator.people.len());
            findings.push(Finding::ok("operator", format!("{name}, {people} people")));
            Some(operator)
        }
        Err(error) => {
            let remedy = "mend the operator's file: nothing is decided without it";
            findings.push(Finding::fail("operator", format!("{error:#}"), remedy));
            None
        }
    }
}

#[cfg(test)]
mod tests;
