//! Adapters to the world outside: the mail server so far.

mod secret;
mod smtp;

pub use secret::Secret;
pub use smtp::{Encryption, SmtpConfig, SmtpMail, SmtpSetupError};
