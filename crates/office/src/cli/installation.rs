//! The installation on which a command works, and who gives it.

use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{anyhow, bail};
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::{Clock, Mail};
use outside::SmtpMail;
use reckon::Day;

use super::place::Place;
use crate::access::{Came, Door, Settings};
use crate::open::SystemClock;

/// An open installation.
pub struct Installation {
    pub door: Door,
}

impl Installation {
    pub async fn at(place: &Place) -> anyhow::Result<Installation> {
        Installation::with_clock(place, Arc::new(SystemClock)).await
    }

    /// As [`Installation::at`]; the business may have another clock than the door.
    pub async fn with_clock(place: &Place, clock: Arc<dyn Clock>) -> anyhow::Result<Installation> {
        let engine = Arc::new(place.new_engine(clock).await?);
        let wall = Arc::new(SystemClock);
        let Some(config) = place.config()? else {
            let door = Door::new(engine, wall, Settings::default())?;
            return Ok(Installation { door: door.posting_by(None) });
        };
        // The engine of a command sends nothing; what tells a person of their own way
        // in leaves by the installation's mail server.
        let post = match &config.smtp {
            Some(smtp) => Some(Arc::new(SmtpMail::new(smtp.clone())?) as Arc<dyn Mail>),
            None => None,
        };
        let door = Door::new(engine, wall, config.access.clone())?;
        Ok(Installation { door: door.reached_at(config.address()).posting_by(post) })
    }

    pub fn today(&self) -> Day {
        self.door.engine.now().day()
    }

    /// Whoever gives a command, with a role that it needs; they give their password.
    pub async fn acting(&self, by: &str, roles: &[Role]) -> anyhow::Result<Actor> {
        let hats = self.door.people().await?.hats(by, self.today());
        let hat = hats.into_iter().find(|hat| roles.contains(&hat.role));
        let hat = hat.ok_or_else(|| anyhow!("{by} does not have the role {:?}", roles[0]))?;
        self.confirm(by).await?;
        Ok(hat)
    }

    /// Whoever gives a command, in the role that may; somebody in no such role is
    /// heard too, so that the refusal is recorded where the step records one.
    pub async fn speaking(&self, by: &str, may: impl Fn(Role) -> bool) -> anyhow::Result<Actor> {
        let hats = self.door.people().await?.hats(by, self.today());
        let hat = hats.iter().find(|hat| may(hat.role)).or(hats.first()).cloned();
        let hat = hat
            .ok_or_else(|| anyhow!("nobody is called \"{by}\" here, or they have no role today"))?;
        self.confirm(by).await?;
        Ok(hat)
    }

    /// Asks for the password of somebody. As long as nobody at all has one, there
    /// is none to ask for: whoever can read and write the data folder is believed.
    pub async fn confirm(&self, by: &str) -> anyhow::Result<()> {
        if !self.door.has_passwords().await? {
            eprintln!("nobody has a password here yet: {by} is believed");
            return Ok(());
        }
        let password = match std::env::var("YAKKAN_PASSWORD") {
            Ok(password) => password,
            Err(_) => ask(&format!("password of {by}: "))?,
        };
        if self.door.confirms(by, &password).await? {
            return Ok(());
        }
        bail!("the password is wrong, or no attempt is heard just now")
    }
}

/// From where a command came, for the log.
pub fn came() -> Came {
    let user = std::env::var("USER").unwrap_or_default();
    Came { origin: format!("cli {user}").trim_end().to_owned(), agent: String::new() }
}

/// Reads a line that is not shown where it is typed.
fn ask(what: &str) -> anyhow::Result<String> {
    let terminal = std::io::stdin().is_terminal();
    eprint!("{what}");
    std::io::stderr().flush()?;
    let echo = |mode: &str| Command::new("stty").arg(mode).stdin(Stdio::inherit()).status();
    if terminal {
        echo("-echo")?;
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if terminal {
        echo("echo")?;
        eprintln!();
    }
    read?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
