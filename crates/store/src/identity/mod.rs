//! [`engine::Identity`], each question handed to the module of its tables.

mod access;
mod credential;
mod key;
mod session;

use async_trait::async_trait;
use engine::listed::{ListFound, ListQuery};
use engine::{
    Access, AccessQuery, ApiKey, Credential, Doings, Identity, Session, SetUpLink, StoreError,
    WaysEnded,
};
use reckon::Moment;

use crate::sql_store::SqlStore;

type Answer<T> = Result<T, StoreError>;

#[async_trait]
impl Identity for SqlStore {
    async fn credential(&self, person: &str) -> Answer<Option<Credential>> {
        Ok(credential::of(&self.readers, person).await?)
    }

    async fn credentials(&self) -> Answer<Vec<Credential>> {
        Ok(credential::all(&self.readers).await?)
    }

    async fn set_password(&self, person: &str, phc: &str, at: Moment) -> Answer<()> {
        Ok(credential::set_password(self, person, phc, at).await?)
    }

    async fn begin_attempt(
        &self,
        person: &str,
        failures: u32,
        blocked_until: Option<Moment>,
    ) -> Answer<bool> {
        Ok(credential::begin_attempt(self, person, failures, blocked_until).await?)
    }

    async fn forget_failures(&self, person: &str) -> Answer<()> {
        Ok(credential::forget_failures(self, person).await?)
    }

    async fn set_totp(&self, person: &str, row: Option<&str>, recovery: &[String]) -> Answer<()> {
        Ok(credential::set_totp(self, person, row, recovery).await?)
    }

    async fn use_totp_step(&self, person: &str, step: i64) -> Answer<bool> {
        Ok(credential::use_totp_step(self, person, step).await?)
    }

    async fn use_recovery_code(&self, person: &str, hash: &str) -> Answer<bool> {
        Ok(credential::use_recovery_code(&self.writer, person, hash).await?)
    }

    async fn recovery_codes_left(&self, person: &str) -> Answer<u64> {
        Ok(credential::recovery_codes_left(&self.readers, person).await?)
    }

    async fn keep_set_up_link(&self, link: &SetUpLink) -> Answer<()> {
        Ok(credential::keep_link(self, link).await?)
    }

    async fn set_up_link(&self, token_hash: &str) -> Answer<Option<SetUpLink>> {
        Ok(credential::link(&self.readers, token_hash).await?)
    }

    async fn use_set_up_link(&self, token_hash: &str) -> Answer<bool> {
        Ok(credential::use_link(&self.writer, token_hash).await?)
    }

    async fn open_session(&self, session: &Session) -> Answer<()> {
        Ok(session::open(self, session).await?)
    }

    async fn session(&self, token_hash: &str) -> Answer<Option<Session>> {
        Ok(session::of_token(&self.readers, token_hash).await?)
    }

    async fn sessions_of(&self, person: &str) -> Answer<Vec<Session>> {
        Ok(session::of_person(&self.readers, person).await?)
    }

    async fn touch_session(&self, id: &str, at: Moment) -> Answer<()> {
        Ok(session::touch(self, id, at).await?)
    }

    async fn end_session(&self, person: &str, id: &str) -> Answer<bool> {
        Ok(session::end(&self.writer, person, id).await?)
    }

    async fn end_sessions(&self, person: &str, but: Option<&str>) -> Answer<u64> {
        Ok(session::end_all(&self.writer, person, but).await?)
    }

    async fn keep_key(&self, key: &ApiKey) -> Answer<()> {
        Ok(key::keep(self, key).await?)
    }

    async fn key(&self, id: &str) -> Answer<Option<ApiKey>> {
        Ok(key::of(&self.readers, id).await?)
    }

    async fn keys(&self) -> Answer<Vec<ApiKey>> {
        Ok(key::all(&self.readers).await?)
    }

    async fn touch_key(&self, id: &str, at: Moment) -> Answer<()> {
        Ok(key::touch(self, id, at).await?)
    }

    async fn revoke_key(&self, id: &str, at: Moment) -> Answer<bool> {
        Ok(key::revoke(self, id, at).await?)
    }

    async fn revoke_keys_of(&self, person: &str, at: Moment) -> Answer<u64> {
        Ok(key::revoke_of(self, person, at).await?)
    }

    async fn end_all_ways(&self, at: Moment) -> Answer<WaysEnded> {
        Ok(session::end_all_ways(self, at).await?)
    }

    async fn note_access(&self, access: &Access) -> Answer<()> {
        Ok(access::note(self, access).await?)
    }

    async fn access_log(&self, query: &AccessQuery) -> Answer<Vec<Access>> {
        Ok(access::log(&self.readers, query).await?)
    }

    async fn list_access(&self, query: &ListQuery) -> Answer<ListFound<Access>> {
        Ok(access::listed(&self.readers, query).await?)
    }

    async fn last_sign_ins(&self, until: Moment) -> Answer<Vec<(String, Moment)>> {
        Ok(access::last_sign_ins(&self.readers, until).await?)
    }

    async fn forget_access(&self, before: Moment) -> Answer<u64> {
        Ok(access::forget(&self.writer, before).await?)
    }

    async fn doings(&self, from: Moment, until: Moment) -> Answer<Vec<(String, Doings)>> {
        Ok(access::doings(&self.readers, from, until).await?)
    }
}
