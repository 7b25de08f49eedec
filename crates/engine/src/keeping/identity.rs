//! How people and programs prove who they are, and what is noted of it: tables of
//! the store that are no part of any chain. Their rows are sealed instead.
//!
//! No secret stands here in clear: passwords as Argon2id hashes, tokens and keys as
//! hashes of their random bits, the secret of one-time codes as a sealed row.

use async_trait::async_trait;
use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use reckon::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::keeping::listed::{ListFound, ListQuery};
use crate::keeping::store::StoreError;

/// What a person signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub person: String,
    /// PHC text of Argon2id.
    pub password: String,
    pub password_set_at: Moment,
    /// Failures since the last success; counted before a password is looked at.
    pub failures: u32,
    /// No attempt is looked at before.
    pub blocked_until: Option<Moment>,
    /// The sealed row with the secret of one-time codes (RFC 6238).
    pub totp: Option<String>,
    /// The last step whose code was used: none is taken twice.
    pub totp_step: i64,
}

/// How far somebody has proven who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The password was right; the one-time code is still asked for.
    Code,
    /// The role asks for one-time codes, and none are set up yet.
    Enrol,
    Full,
}

impl Stage {
    pub const ALL: [Stage; 3] = [Stage::Code, Stage::Enrol, Stage::Full];

    pub fn name(self) -> &'static str {
        match self {
            Stage::Code => "code",
            Stage::Enrol => "enrol",
            Stage::Full => "full",
        }
    }
}

/// A sign-in that lasts for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Public: by it the session is listed and revoked.
    pub id: String,
    pub token_hash: String,
    pub person: String,
    pub stage: Stage,
    pub opened_at: Moment,
    pub seen_at: Moment,
    /// At the latest.
    pub ends_at: Moment,
    /// Network address, as far as it is known.
    pub origin: String,
    pub agent: String,
}

/// A key of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The part of the key that is not secret.
    pub id: String,
    pub secret_hash: String,
    pub person: String,
    /// The one role in which it acts.
    pub role: Role,
    /// Only this account, if set.
    pub account: Option<AccountId>,
    pub label: String,
    pub made_at: Moment,
    pub made_by: String,
    pub expires_at: Moment,
    pub revoked_at: Option<Moment>,
    pub used_at: Option<Moment>,
}

/// A link with which a person sets a password, once. Nobody but that person may ever
/// use it, least of all whoever brought it about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUpLink {
    pub token_hash: String,
    pub person: String,
    pub expires_at: Moment,
    /// Who asked for it; `system` where the machine's own user did.
    pub made_by: String,
    /// The second administrator, who handed it over where no mail could carry it.
    pub handed_by: Option<String>,
}

impl SetUpLink {
    /// Whether somebody asked for the link or had it in hand.
    pub fn is_of(&self, person: &str) -> bool {
        self.made_by == person || self.handed_by.as_deref() == Some(person)
    }
}

/// How many ways in were ended at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct WaysEnded {
    pub sessions: u64,
    pub links: u64,
    pub keys: u64,
}

/// A line of the access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// In the order of time; the cursor of pages.
    pub id: String,
    pub at: Moment,
    /// Empty where nobody was recognised.
    pub person: String,
    /// The key with which a program came.
    pub key: String,
    /// `sign_in`, `sign_in_failed`, `sign_out`, `refused`, `read`, `export`, `admin`.
    pub kind: String,
    /// Of a route its method and path.
    pub what: String,
    /// Network address, as far as it is known.
    pub origin: String,
    pub detail: String,
}

/// Which lines of the access log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessQuery {
    /// Only lines before this id, newest first.
    pub before: Option<String>,
    pub person: Option<String>,
    pub kind: Option<String>,
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub limit: u32,
}

/// What the record holds of a person within a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doings {
    pub facts: u64,
    pub acts: u64,
    pub last: Option<Moment>,
}

/// Credentials, sessions, keys and the access log.
#[async_trait]
pub trait Identity: Send + Sync {
    async fn credential(&self, person: &str) -> Result<Option<Credential>, StoreError>;

    /// Everybody who has a password.
    async fn credentials(&self) -> Result<Vec<Credential>, StoreError>;

    /// Sets or replaces the password and forgets failures; one-time codes stay.
    async fn set_password(&self, person: &str, phc: &str, at: Moment) -> Result<(), StoreError>;

    /// Takes note of an attempt before it is looked at. False when somebody else
    /// attempted meanwhile (`failures` is no longer right): the attempt is void.
    async fn begin_attempt(
        &self,
        person: &str,
        failures: u32,
        blocked_until: Option<Moment>,
    ) -> Result<bool, StoreError>;

    async fn forget_failures(&self, person: &str) -> Result<(), StoreError>;

    /// Sets up one-time codes with a sealed row and hashes of recovery codes, or
    /// takes both away.
    async fn set_totp(
        &self,
        person: &str,
        row: Option<&str>,
        recovery: &[String],
    ) -> Result<(), StoreError>;

    /// True once for each step: a code counts one time, and none before it.
    async fn use_totp_step(&self, person: &str, step: i64) -> Result<bool, StoreError>;

    /// True once for each recovery code.
    async fn use_recovery_code(&self, person: &str, hash: &str) -> Result<bool, StoreError>;

    async fn recovery_codes_left(&self, person: &str) -> Result<u64, StoreError>;

    /// Keeps a link; earlier ones of the person end.
    async fn keep_set_up_link(&self, link: &SetUpLink) -> Result<(), StoreError>;

    async fn set_up_link(&self, token_hash: &str) -> Result<Option<SetUpLink>, StoreError>;

    /// True once: the link is gone.
    async fn use_set_up_link(&self, token_hash: &str) -> Result<bool, StoreError>;

    async fn open_session(&self, session: &Session) -> Result<(), StoreError>;

    async fn session(&self, token_hash: &str) -> Result<Option<Session>, StoreError>;

    async fn sessions_of(&self, person: &str) -> Result<Vec<Session>, StoreError>;

    async fn touch_session(&self, id: &str, at: Moment) -> Result<(), StoreError>;

    /// Ends one session of a person. False when there is none.
    async fn end_session(&self, person: &str, id: &str) -> Result<bool, StoreError>;

    /// Ends all sessions of a person but one. Returns how many.
    async fn end_sessions(&self, person: &str, but: Option<&str>) -> Result<u64, StoreError>;

    async fn keep_key(&self, key: &ApiKey) -> Result<(), StoreError>;

    async fn key(&self, id: &str) -> Result<Option<ApiKey>, StoreError>;

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError>;

    async fn touch_key(&self, id: &str, at: Moment) -> Result<(), StoreError>;

    /// False when there is no such key, or it was revoked before.
    async fn revoke_key(&self, id: &str, at: Moment) -> Result<bool, StoreError>;

    /// Revokes all keys of a person. Returns how many.
    async fn revoke_keys_of(&self, person: &str, at: Moment) -> Result<u64, StoreError>;

    /// Ends every session and set-up link, and revokes every key, in one step.
    async fn end_all_ways(&self, at: Moment) -> Result<WaysEnded, StoreError>;

    async fn note_access(&self, access: &Access) -> Result<(), StoreError>;

    /// Newest first.
    async fn access_log(&self, query: &AccessQuery) -> Result<Vec<Access>, StoreError>;

    /// Lines of the access log, by its columns (`at` in seconds).
    async fn list_access(&self, query: &ListQuery) -> Result<ListFound<Access>, StoreError>;

    /// When each person last signed in, up to a moment.
    async fn last_sign_ins(&self, until: Moment) -> Result<Vec<(String, Moment)>, StoreError>;

    /// Removes lines, sessions and links from before a moment. Returns how many
    /// lines of the log.
    async fn forget_access(&self, before: Moment) -> Result<u64, StoreError>;

    /// What each person registered and did, by when it was known.
    async fn doings(
        &self,
        from: Moment,
        until: Moment,
    ) -> Result<Vec<(String, Doings)>, StoreError>;
}
