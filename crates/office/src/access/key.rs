//! Keys of programs: `yk_` and the id, `_` and the secret. The secret is shown once.

use contract::declare::ids::AccountId;
use contract::declare::words::Sentence;
use contract::sentence;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::people::Belongs;
use engine::{ApiKey, Stage};
use reckon::Moment;

use super::token;
use super::visitor::{Via, Visitor};
use super::{Door, DoorError};

/// A key may live this long at the most.
const MOST_DAYS: i64 = 400;

/// A use this much later is noted as the last one.
const TOUCH_SECONDS: i64 = 3_600;

/// What a new key shall be.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub person: String,
    pub role: Role,
    pub account: Option<AccountId>,
    pub label: String,
    pub expires_at: Moment,
}

impl Door {
    /// Makes a key; the text is returned and can never be had again.
    pub async fn new_key(&self, by: &str, wanted: NewKey) -> Result<(String, ApiKey), DoorError> {
        let refuse = |why: Sentence| Err(DoorError::Refused(why));
        let people = self.people().await?;
        let (person, role) = (&wanted.person, wanted.role);
        let Some(member) = people.member(person) else {
            return refuse(sentence!(
                "「{person}」は登録されていません。",
                "there is no person \"{person}\""
            ));
        };
        if member.belongs != Belongs::Program && by != member.id {
            return refuse(sentence!(
                "{person}のキーを発行できるのは{person}本人だけです。",
                "only {person} can have a key that acts as {person}",
            ));
        }
        let own = |hat: &Actor| hat.role == wanted.role && hat.deputy_for.is_none();
        if !people.hats(&member.id, self.today()).iter().any(own) {
            return refuse(sentence!(
                "{person}はこの役割を持っていません。",
                "{person} does not hold the role {role:?}",
            ));
        }
        if wanted.account.is_some() && !wanted.role.is_customers() {
            return refuse(sentence!(
                "契約者を指定できるのは、契約者側の役割のキーだけです。",
                "only keys of customers are bound to an account",
            ));
        }
        let account = match (member.account(), wanted.account) {
            (Some(own), Some(other)) if *own != other => {
                return refuse(sentence!(
                    "{person}は別の契約者の利用者です。",
                    "{person} is of account {own}"
                ));
            }
            (own, asked) => asked.or_else(|| own.cloned()),
        };
        let now = self.now();
        if wanted.expires_at <= now {
            let at = wanted.expires_at;
            return refuse(sentence!("{at}は過ぎています。", "{at} is past"));
        }
        if wanted.expires_at > now.plus_seconds(MOST_DAYS * 86_400) {
            return refuse(sentence!(
                "キーの期限は{MOST_DAYS}日以内にしてください。",
                "a key lives {MOST_DAYS} days at the most",
            ));
        }
        let secret = token::draw()?;
        let key = ApiKey {
            id: token::draw()?[..12].to_owned(),
            secret_hash: token::hash_of(&secret),
            person: wanted.person,
            role: wanted.role,
            account,
            label: wanted.label,
            made_at: now,
            made_by: by.to_owned(),
            expires_at: wanted.expires_at,
            revoked_at: None,
            used_at: None,
        };
        self.identity().keep_key(&key).await?;
        Ok((format!("yk_{}_{secret}", key.id), key))
    }

    pub async fn keys(&self) -> Result<Vec<ApiKey>, DoorError> {
        Ok(self.identity().keys().await?)
    }

    /// Ends a key at once.
    pub async fn revoke_key(&self, id: &str) -> Result<(), DoorError> {
        match self.identity().revoke_key(id, self.now()).await? {
            true => Ok(()),
            false => Err(DoorError::Refused(sentence!(
                "有効なキー{id}はありません。",
                "there is no key {id} that still holds"
            ))),
        }
    }

    /// Whoever comes with this key, if it holds and its person still has the role.
    pub async fn visitor_of_key(&self, text: &str) -> Result<Option<Visitor>, DoorError> {
        let parts = text.strip_prefix("yk_").and_then(|rest| rest.split_once('_'));
        let Some((id, secret)) = parts else { return Ok(None) };
        let Some(key) = self.identity().key(id).await? else { return Ok(None) };
        let now = self.now();
        let holds = token::same(&key.secret_hash, &token::hash_of(secret))
            && key.revoked_at.is_none()
            && now < key.expires_at;
        if !holds {
            return Ok(None);
        }
        let people = self.people().await?;
        let Some(member) = people.member(&key.person) else { return Ok(None) };
        let own = |hat: &Actor| hat.role == key.role && hat.deputy_for.is_none();
        let mut hats = people.hats(&member.id, self.today());
        hats.retain(own);
        if hats.is_empty() || self.is_over(key.account.as_ref().or(member.account())).await? {
            return Ok(None);
        }
        let noted = |used: Moment| now.unix_seconds() - used.unix_seconds() < TOUCH_SECONDS;
        if !key.used_at.is_some_and(noted) {
            self.identity().touch_key(&key.id, now).await?;
        }
        Ok(Some(Visitor {
            name: people.name_of(&member.id),
            account: key.account.or_else(|| member.account().cloned()),
            person: key.person,
            hats,
            via: Via::Key { id: key.id },
            stage: Stage::Full,
        }))
    }
}
