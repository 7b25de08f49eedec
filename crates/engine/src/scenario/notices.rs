//! Steps that write, approve and drop notices of the operator.

use contract::declare::ids::AccountId;
use contract::notices::given::{DeliveryId, NoticeId};
use contract::sentence;
use contract::who::actor::Actor;
use serde_json::{Value, json};

use super::action::{NoticeText, Notices};
use super::play::Player;
use crate::announcing::{Audience, Draft};
use crate::road::outcome::EngineError;

impl Player {
    pub(super) async fn notice_step(
        &mut self,
        number: usize,
        what: Notices,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        match what {
            Notices::Notice { name, notice } => {
                let draft = self.draft(*notice)?;
                let ahead = self.engine.notice_ahead(&draft, actor).await?;
                let form = format!("{}-{number}", self.key);
                let id = self.engine.write_notice(&form, &draft, actor).await?;
                let held = self.engine.announcements().await?;
                let hash = held.get(&id).map(|one| one.written.text_hash.clone());
                self.notices.insert(name, (id.clone(), hash.unwrap_or_default()));
                Ok(json!({
                    "notice": id,
                    "customers": ahead.audience.customers,
                    "contracts": ahead.audience.contracts,
                    "without_address": ahead.audience.without_address.len(),
                    "latest": ahead.latest,
                    "warnings": ahead.warnings.iter().map(|one| &one.en).collect::<Vec<_>>(),
                    "waits": ahead.waits,
                }))
            }
            Notices::ApproveNotice { notice } => {
                self.engine.approve_notice(&self.noticed(&notice)?, actor).await?;
                Ok(json!({}))
            }
            Notices::DropNotice { notice, reason } => {
                self.engine.drop_notice(&self.noticed(&notice)?, actor, &reason).await?;
                Ok(json!({}))
            }
            Notices::Homepage { up } => {
                let none = || {
                    EngineError::Refused(sentence!(
                        "ここではサイトを動かしていません。",
                        "no site is played here"
                    ))
                };
                self.site.as_ref().ok_or_else(none)?.turn(up);
                Ok(json!({}))
            }
        }
    }

    fn draft(&self, written: NoticeText) -> Result<Draft, EngineError> {
        let audience = match &written {
            NoticeText { contract: Some(name), .. } => {
                Audience::Contract { contract: self.contract(name)?.1 }
            }
            NoticeText { customer: Some(name), .. } => {
                Audience::Customer { account: self.registered(name)?.account.clone() }
            }
            NoticeText { service: Some(item), .. } => Audience::Service { item: item.clone() },
            NoticeText { version: Some(version), .. } => {
                Audience::Version { version: version.clone() }
            }
            _ => Audience::All,
        };
        let NoticeText { kind, title, text, fields, channels, withdraws, .. } = written;
        let withdraws = withdraws.map(|name| self.noticed(&name)).transpose()?;
        Ok(Draft { kind, title, fields, text, audience, channels, withdraws })
    }

    /// The notice that a step gave this name.
    pub(super) fn noticed(&self, name: &str) -> Result<NoticeId, EngineError> {
        Ok(self.written(name)?.0.clone())
    }

    fn written(&self, name: &str) -> Result<&(NoticeId, String), EngineError> {
        let missing = || {
            EngineError::Refused(sentence!(
                "「{name}」という通知を書いた手順はありません。",
                "no step wrote a notice \"{name}\""
            ))
        };
        self.notices.get(name).ok_or_else(missing)
    }

    /// A notice as it went to the customer of an application: `NOTICE to NAME`.
    pub(super) fn delivery(&self, of: &str) -> Result<DeliveryId, EngineError> {
        let unreadable = || {
            EngineError::Refused(sentence!(
                "「{of}」は「通知 to 名前」の形ではありません。",
                "\"{of}\" is no NOTICE to NAME"
            ))
        };
        let (notice, name) = of.split_once(" to ").ok_or_else(unreadable)?;
        let account: &AccountId = &self.registered(name)?.account;
        let (id, text_hash) = self.written(notice)?;
        Ok(DeliveryId::of(id, text_hash, account))
    }
}
