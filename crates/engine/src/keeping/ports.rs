//! What the engine needs of the world, as traits; adapters live in `store` and
//! `outside`.

use async_trait::async_trait;

/// A mail that is ready to leave, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Stable over every attempt, with angle brackets.
    pub message_id: String,
    pub from: String,
    pub to: Vec<String>,
    /// The whole message (RFC 5322), CRLF line ends.
    pub bytes: Vec<u8>,
}

/// What became of one attempt to hand a letter to the outgoing server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The server took responsibility (250): the mail is sent (3-2, A-05).
    Accepted { reply: String },
    /// Not now (4xx, no connection): try again later.
    Deferred { reply: String },
    /// Never (5xx): a message the own server refuses was never sent.
    Refused { reply: String },
    /// The connection broke after DATA: it may have been sent.
    Unclear { why: String },
}

/// The outgoing mail server.
#[async_trait]
pub trait Mail: Send + Sync {
    async fn send(&self, letter: &Letter) -> Delivery;
}

/// What a contract's upstream tenant should be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    Suspended,
    Running,
}

/// What became of a change asked of the upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloudOutcome {
    Done,
    /// A person has to do it, step by step, and say so.
    ByHand {
        check_list: Vec<String>,
    },
}

/// The upstream cloud of the contracts.
#[async_trait]
pub trait Cloud: Send + Sync {
    async fn apply(&self, contract: &str, wanted: Wanted) -> CloudOutcome;
}

/// The homepage on which notices are posted (3-1, A-06).
#[async_trait]
pub trait Homepage: Send + Sync {
    /// Fetches a page of the own site and looks for a mark in it. Returns the hash of the
    /// page as it was fetched.
    ///
    /// # Errors
    /// Why it cannot be read, or does not show the mark.
    async fn shows(&self, page: &str, mark: &str) -> Result<String, String>;
}

/// No server that serves pages: nothing is posted.
#[derive(Debug, Default)]
pub struct NoHomepage;

#[async_trait]
impl Homepage for NoHomepage {
    async fn shows(&self, page: &str, _mark: &str) -> Result<String, String> {
        Err(format!("{page} is served by nobody"))
    }
}

/// No adapter: every change is a task with a check list.
#[derive(Debug, Default)]
pub struct ByHand;

#[async_trait]
impl Cloud for ByHand {
    async fn apply(&self, contract: &str, wanted: Wanted) -> CloudOutcome {
        let (what, check) = match wanted {
            Wanted::Suspended => ("停止", "利用者がログインできないこと"),
            Wanted::Running => ("再開", "利用者がログインできること"),
        };
        let check_list = vec![
            format!("上流ポータルに管理者でログインする（契約 {contract}）"),
            format!("テナントを{what}する。データは削除しない"),
            format!("{check}を確認する"),
            "実施日時を本システムに登録する".to_owned(),
        ];
        CloudOutcome::ByHand { check_list }
    }
}
