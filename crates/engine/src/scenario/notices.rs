//! Steps that write, approve and drop notices of the operator, and the homepage on which they
//! are posted.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use contract::declare::ids::AccountId;
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::Channel;
use contract::sentence;
use contract::who::actor::Actor;
use serde::Deserialize;
use serde_json::{Value, json};

use super::play::Player;
use super::step::{Action, Step};
use crate::announcing::{Audience, Draft};
use crate::keeping::ports::Homepage;
use crate::road::outcome::EngineError;

/// A homepage in memory, for scenarios: it shows what it is asked for while it is up.
#[derive(Debug, Default)]
pub struct PublicPages {
    down: AtomicBool,
}

impl PublicPages {
    /// From now on its pages can, or cannot, be read.
    pub fn turn(&self, up: bool) {
        self.down.store(!up, Ordering::SeqCst);
    }
}

#[async_trait]
impl Homepage for PublicPages {
    async fn shows(&self, page: &str, mark: &str) -> Result<String, String> {
        if self.down.load(Ordering::SeqCst) {
            return Err(format!("{page} cannot be read"));
        }
        Ok(blake3::hash(format!("{page} {mark}").as_bytes()).to_hex().to_string())
    }
}

/// A notice as a step writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    pub kind: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    pub channels: Vec<Channel>,
    /// One contract, by the name of its application.
    #[serde(default)]
    pub contract: Option<String>,
    /// All contracts of one customer, by the name of an application of it.
    #[serde(default)]
    pub customer: Option<String>,
    /// Those with this service.
    #[serde(default)]
    pub service: Option<String>,
    /// Those under this version of the terms. Without any of the four: everybody.
    #[serde(default)]
    pub version: Option<String>,
    /// The notice that it withdraws, by its name.
    #[serde(default)]
    pub withdraws: Option<String>,
}

impl Player {
    pub(super) async fn notice_step(
        &mut self,
        number: usize,
        step: &Step,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        match step.action.clone() {
            Action::Notice { name, notice } => {
                let draft = self.draft(*notice)?;
                let ahead = self.engine.notice_ahead(&draft, actor).await?;
                let form = format!("{}-{number}", self.key);
                let id = self.engine.write_notice(&form, &draft, actor).await?;
                self.notices.insert(name, id.clone());
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
            Action::ApproveNotice { notice } => {
                self.engine.approve_notice(&self.noticed(&notice)?, actor).await?;
                Ok(json!({}))
            }
            Action::DropNotice { notice, reason } => {
                self.engine.drop_notice(&self.noticed(&notice)?, actor, &reason).await?;
                Ok(json!({}))
            }
            Action::Homepage { up } => {
                let none = || {
                    EngineError::Refused(sentence!(
                        "ここではサイトを動かしていません。",
                        "no site is played here"
                    ))
                };
                self.site.as_ref().ok_or_else(none)?.turn(up);
                Ok(json!({}))
            }
            other => Err(EngineError::damaged(format!("{other:?} is no step of notices"))),
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
        let missing = || {
            EngineError::Refused(sentence!(
                "「{name}」という通知を書いた手順はありません。",
                "no step wrote a notice \"{name}\""
            ))
        };
        self.notices.get(name).cloned().ok_or_else(missing)
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
        Ok(DeliveryId::of(&self.noticed(notice)?, account))
    }
}
