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
