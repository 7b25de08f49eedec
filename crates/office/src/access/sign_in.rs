//! Signing in: password, then the one-time code where there is one.

use engine::{Credential, Stage};
use reckon::Moment;
use thiserror::Error;

use super::log::{Came, Noted};
use super::session::Opened;
use super::throttle::Turn;
use super::visitor::Visitor;
use super::{Door, DoorError};

/// So many failures are free of a wait.
const FREE_FAILURES: u32 = 5;

const FIRST_WAIT: i64 = 30;

/// Nobody is kept out longer by the failures of somebody else.
const LONGEST_WAIT: i64 = 900;

#[derive(Debug, Error)]
pub enum SignInError {
    /// One answer for all: a wrong name, a wrong password, a wait that still runs.
    #[error("利用者 ID かパスワードが違うか、しばらく受け付けられません。")]
    Failed,
    /// Too many failed from this network address, whatever the names were.
    #[error(
        "この接続元からのサインインの失敗が続きました。{seconds} 秒後にもう一度お試しください。"
    )]
    TooMany { seconds: i64 },
    #[error(transparent)]
    Door(#[from] DoorError),
}

/// What became of a one-time code.
pub enum CodeAnswer {
    Right(Opened),
    Wrong,
    /// Too many were wrong: sign in again.
    Over,
}

/// How long nobody is heard after so many failures, in seconds.
fn wait_after(failures: u32) -> Option<i64> {
    let more = failures.checked_sub(FREE_FAILURES)?;
    Some((FIRST_WAIT << more.min(10)).min(LONGEST_WAIT))
}

impl Door {
    /// # Errors
    /// [`SignInError::Failed`] without saying what was wrong, after the same time;
    /// [`SignInError::TooMany`] without looking at it.
    pub async fn sign_in(
        &self,
        person: &str,
        password: &str,
        came: &Came,
    ) -> Result<Opened, SignInError> {
        if let Turn::Refused { seconds, first } =
            self.throttle.begin(&came.origin, self.now().unix_seconds())
        {
            if first {
                let (who, what) = (shown(person), "address_limit");
                self.note(&who, "", Noted::SignInFailed, "password", came, what).await?;
            }
            return Err(SignInError::TooMany { seconds });
        }
        let known = self.identity().credential(person).await.map_err(DoorError::from)?;
        let counted = match &known {
            Some(credential) => self.begin(credential).await?,
            None => false,
        };
        let phc = known.as_ref().filter(|_| counted).map(|found| found.password.as_str());
        let right = self.is_password(password, phc).await?;
        let people = self.people().await?;
        let member = people.member(person).filter(|member| !member.has_left(self.today()));
        let (Some(credential), Some(member), true) = (known, member, right) else {
            let detail = if counted { "" } else { "no_attempt" };
            self.note(&shown(person), "", Noted::SignInFailed, "password", came, detail).await?;
            return Err(SignInError::Failed);
        };
        if self.is_shut(member).await? {
            self.note(person, "", Noted::SignInFailed, "password", came, "contract_over").await?;
            return Err(SignInError::Failed);
        }
        self.throttle.succeeded(&came.origin);
        // Roles that sleep ask for codes too: they may wake within the session.
        let roles = people.roles(&member.id, self.today()).into_iter();
        let stage = match credential.totp {
            Some(_) => Stage::Code,
            None if self.settings.asks_for_codes(roles) => Stage::Enrol,
            None => Stage::Full,
        };
        // With a code still to come the failures stand: it is guessed under the
        // same count.
        if stage != Stage::Code {
            self.identity().forget_failures(person).await.map_err(DoorError::from)?;
            self.note(person, "", Noted::SignIn, "password", came, stage.name()).await?;
        }
        Ok(self.open_session(person, stage, came).await?)
    }

    /// Counts an attempt before it is looked at, so that many at once count too.
    /// False while a wait runs.
    async fn begin(&self, credential: &Credential) -> Result<bool, DoorError> {
        let now = self.now();
        if credential.blocked_until.is_some_and(|until| now < until) {
            return Ok(false);
        }
        let wait = wait_after(credential.failures + 1);
        let until: Option<Moment> = wait.map(|seconds| now.plus_seconds(seconds));
        let (person, failures) = (&credential.person, credential.failures);
        Ok(self.identity().begin_attempt(person, failures, until).await?)
    }

    /// Looks at the one-time code of somebody whose password was right, and gives
    /// them a new session with a new token.
    pub async fn take_code(
        &self,
        visitor: &Visitor,
        typed: &str,
        came: &Came,
    ) -> Result<CodeAnswer, DoorError> {
        let (person, session) = (&visitor.person, visitor.session().unwrap_or_default());
        let known = self.identity().credential(person).await?;
        let Some((credential, row)) = known.and_then(|c| c.totp.clone().map(|row| (c, row))) else {
            return Ok(CodeAnswer::Over);
        };
        if !self.begin(&credential).await? {
            self.identity().end_session(person, session).await?;
            self.note(person, "", Noted::SignInFailed, "code", came, "no_attempt").await?;
            return Ok(CodeAnswer::Over);
        }
        if !self.is_code(person, &row, typed).await? {
            self.note(person, "", Noted::SignInFailed, "code", came, "").await?;
            return Ok(CodeAnswer::Wrong);
        }
        self.identity().forget_failures(person).await?;
        self.identity().end_session(person, session).await?;
        self.note(person, "", Noted::SignIn, "code", came, "").await?;
        Ok(CodeAnswer::Right(self.open_session(person, Stage::Full, came).await?))
    }

    /// Whether anybody has a password.
    pub async fn has_passwords(&self) -> Result<bool, DoorError> {
        Ok(!self.identity().credentials().await?.is_empty())
    }

    /// Whether this is the password of somebody who is signed in: asked again before
    /// it is changed. Failures count as at the door.
    pub async fn confirms(&self, person: &str, password: &str) -> Result<bool, DoorError> {
        let known = self.identity().credential(person).await?;
        let counted = match &known {
            Some(credential) => self.begin(credential).await?,
            None => false,
        };
        let phc = known.as_ref().filter(|_| counted).map(|found| found.password.as_str());
        let right = self.is_password(password, phc).await?;
        if right {
            self.identity().forget_failures(person).await?;
        }
        Ok(right)
    }
}

/// A name that was typed at the door: a password typed into the wrong field must
/// not stand in the log for ever, so only what looks like an id is kept.
fn shown(typed: &str) -> String {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    let looks = typed.len() <= 40 && typed.chars().all(fits);
    if looks { typed.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = (1..=12).map(wait_after).collect();
        assert_eq!(waits[..4], [None; 4]);
        assert_eq!(waits[4..9], [Some(30), Some(60), Some(120), Some(240), Some(480)]);
        assert!(waits[9..].iter().all(|wait| *wait == Some(LONGEST_WAIT)));
        assert_eq!(wait_after(u32::MAX), Some(LONGEST_WAIT));
    }

    #[test]
    fn what_is_no_id_does_not_reach_the_log() {
        assert_eq!(shown("sato"), "sato");
        assert_eq!(shown("My Secret Passphrase"), "");
    }
}
