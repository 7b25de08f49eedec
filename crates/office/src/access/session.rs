//! Sessions: opened by a sign-in, known by the token of a cookie.

use engine::{Session, Stage};

use super::log::Came;
use super::token;
use super::visitor::{Via, Visitor};
use super::{Door, DoorError};

/// A request this much later is noted as the last one.
const TOUCH_SECONDS: i64 = 60;

/// A new session: the token that only its cookie holds.
pub struct Opened {
    pub token: String,
}

impl Door {
    /// Opens a session for a person who has proven who they are.
    pub async fn open_session(
        &self,
        person: &str,
        stage: Stage,
        came: &Came,
    ) -> Result<Opened, DoorError> {
        let token = token::draw()?;
        let now = self.now();
        let agent: String = came.agent.chars().filter(|c| !c.is_control()).take(120).collect();
        let session = Session {
            id: token::draw()?[..16].to_owned(),
            token_hash: token::hash_of(&token),
            person: person.to_owned(),
            stage,
            opened_at: now,
            seen_at: now,
            ends_at: now.plus_seconds(i64::from(self.settings.session_hours) * 3_600),
            origin: came.origin.clone(),
            agent,
        };
        self.identity().open_session(&session).await?;
        Ok(Opened { token })
    }

    /// Whoever holds this token, if their session still runs and they still belong
    /// here.
    pub async fn visitor_of_token(&self, token: &str) -> Result<Option<Visitor>, DoorError> {
        let Some(session) = self.identity().session(&token::hash_of(token)).await? else {
            return Ok(None);
        };
        let now = self.now();
        let idle = session.seen_at.plus_seconds(i64::from(self.settings.idle_minutes) * 60);
        if now >= session.ends_at || now >= idle {
            self.identity().end_session(&session.person, &session.id).await?;
            return Ok(None);
        }
        if now.unix_seconds() - session.seen_at.unix_seconds() >= TOUCH_SECONDS {
            self.identity().touch_session(&session.id, now).await?;
        }
        let people = self.people().await?;
        let Some(member) = people.member(&session.person) else { return Ok(None) };
        if member.has_left(self.today()) || self.is_shut(member).await? {
            return Ok(None);
        }
        // The names of a customer's people are sealed, and greet nobody but themselves.
        let sealed = match member.account() {
            Some(_) => self.engine.person_contact(&member.id).await?,
            None => None,
        };
        Ok(Some(Visitor {
            name: sealed.map_or_else(|| people.name_of(&member.id), |contact| contact.name),
            hats: people.hats(&member.id, self.today()),
            account: member.account().cloned(),
            person: session.person,
            via: Via::Session { id: session.id, csrf: token::csrf_of(token)? },
            stage: session.stage,
        }))
    }

    /// The sessions of a person that still run.
    pub async fn sessions_of(&self, person: &str) -> Result<Vec<Session>, DoorError> {
        let mut sessions = self.identity().sessions_of(person).await?;
        sessions.retain(|session| self.now() < session.ends_at);
        Ok(sessions)
    }

    pub async fn end_session(&self, person: &str, id: &str) -> Result<bool, DoorError> {
        Ok(self.identity().end_session(person, id).await?)
    }

    /// Ends every session of somebody; keys stay. Returns how many.
    pub async fn end_sessions_of(&self, person: &str) -> Result<u64, DoorError> {
        Ok(self.identity().end_sessions(person, None).await?)
    }

    /// Ends every session and key of somebody: they left, or lost a password.
    pub async fn shut_out(&self, person: &str) -> Result<(), DoorError> {
        self.identity().end_sessions(person, None).await?;
        self.identity().revoke_keys_of(person, self.now()).await?;
        Ok(())
    }
}
