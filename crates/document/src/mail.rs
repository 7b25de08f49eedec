//! Mails as bytes (.eml): received ones read, outgoing ones composed.

mod compose;
mod decode;
mod enclosed;
mod encode;
mod file_name;
mod receive;
mod sent;
mod structure;

pub use compose::write_mail;
pub use enclosed::{Enclosed, is_mail, read_application_mail};
pub use receive::read_mail;

use reckon::Moment;
use serde::{Deserialize, Serialize};

/// A mail as it came in. Addresses stand without display names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMail {
    /// Without its angle brackets; empty when the mail has none.
    pub message_id: String,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    /// What the sender's clock said: no proof of when the mail arrived.
    pub date: Option<Moment>,
    /// Why a date that is written names no moment, such as a zone that nobody knows.
    pub date_problem: Option<String>,
    /// When the last server took it, by its `Received` line: the newest stands first.
    pub received: Option<Moment>,
    /// The readable parts with LF line ends; HTML is turned into text.
    pub text: String,
    pub attachments: Vec<Attachment>,
}

/// A file that a mail carries, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    /// Such as `application/pdf`.
    pub mime: String,
    pub bytes: Vec<u8>,
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMail {
    /// Without angle brackets, such as `acceptance-17@cloud.example.jp`.
    pub message_id: String,
    /// `name@example.jp` or `東西クラウド <name@example.jp>`.
    pub from: String,
    pub to: Vec<String>,
    /// Where answers go, when not to the sender; written as `from`.
    pub reply_to: Option<String>,
    /// Written by a program, so that no absence note answers it (RFC 3834).
    pub automatic: bool,
    pub subject: String,
    pub text: String,
    pub date: Moment,
    pub attachments: Vec<Attachment>,
}
