//! Outgoing mail over SMTP submission.
//!
//! Under the terms a mail counts from the moment it was sent, so the one thing
//! this file must get right is what became of a letter. It therefore leads the
//! dialogue step by step instead of using lettre's transport: only so can it
//! tell whether the text of the letter had begun to leave.
//!
//! | until then                          | 4xx or line broken | 5xx       |
//! |-------------------------------------|--------------------|-----------|
//! | connect, EHLO, STARTTLS, AUTH       | deferred           | deferred  |
//! | MAIL, RCPT, DATA (before its 354)   | deferred           | refused   |
//! | the text, and the reply to it       | 4xx: deferred, broken: unclear | refused |
//!
//! A 5xx before MAIL is no answer about the letter but about us (535 wrong
//! password, 554 no service for this address): an operator mends it and the
//! letter goes out then.

use std::time::Duration;

use async_trait::async_trait;
use engine::{Delivery, Letter, Mail};
use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use self::config::tls_parameters;
use self::trouble::{Trouble, about_letter, about_text, about_us, local_refusal, reply_text};

mod config;
mod trouble;

pub use self::config::{Encryption, SmtpConfig, SmtpSetupError};

/// RFC 5321 (4.5.3.2) gives the reply to the text ten minutes where other
/// replies get about one; giving up early would only make letters unclear.
const PATIENCE_FOR_THE_TEXT: u32 = 10;

/// A polite QUIT must not hold up the next letter.
const GOODBYE: Duration = Duration::from_secs(2);

/// Hands letters to one submission server, one connection for each.
pub struct SmtpMail {
    config: SmtpConfig,
    tls: Option<TlsParameters>,
}

/// The addresses of a letter, checked to be writable in SMTP.
struct Envelope {
    from: Option<Address>,
    to: Vec<Address>,
}

impl SmtpMail {
    /// Checks the configuration and reads the extra authority's certificate.
    pub fn new(config: SmtpConfig) -> Result<SmtpMail, SmtpSetupError> {
        let tls = tls_parameters(&config)?;
        Ok(SmtpMail { config, tls })
    }

    /// Connects, reads the greeting and what the server offers, and leaves: no
    /// sign-in and no letter.
    ///
    /// # Errors
    /// Why the server cannot be used as configured.
    pub async fn greet(&self) -> Result<(), String> {
        let mut connection = match self.connect().await {
            Ok(connection) => connection,
            Err(Trouble::Reply { text, .. } | Trouble::Broken(text)) => return Err(text),
        };
        let offered = connection.server_info().supports_feature(Extension::StartTls);
        let lacking = self.config.encryption == Encryption::StartTls && !offered;
        let _ = tokio::time::timeout(GOODBYE, connection.abort()).await;
        if lacking { Err("it does not offer STARTTLS".to_owned()) } else { Ok(()) }
    }

    async fn deliver(&self, letter: &Letter) -> Result<String, Delivery> {
        let envelope = Envelope::of(letter)?;
        let mut connection = self.open().await?;
        let outcome = self.converse(&mut connection, &envelope, letter).await;
        // The letter's fate is decided; what QUIT brings changes nothing.
        let _ = tokio::time::timeout(GOODBYE, connection.abort()).await;
        outcome
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let hello = ClientId::default();
        let server = (self.config.host.as_str(), self.config.port);
        let wrapped = match self.config.encryption {
            Encryption::Tls => self.tls.clone(),
            Encryption::StartTls | Encryption::None => None,
        };
        self.once(AsyncSmtpConnection::connect_tokio1(server, None, &hello, wrapped, None)).await
    }

    /// Connects, secures the line and signs in.
    async fn open(&self) -> Result<AsyncSmtpConnection, Delivery> {
        let hello = ClientId::default();
        let mut connection = self.connect().await.map_err(|t| about_us("connecting", t))?;
        if let (Encryption::StartTls, Some(tls)) = (self.config.encryption, &self.tls) {
            // lettre fails here when the server does not offer STARTTLS: there
            // is no way on in plain text.
            self.once(connection.starttls(tls.clone(), &hello))
                .await
                .map_err(|t| about_us("STARTTLS", t))?;
        }
        if let (Some(user), Some(password)) = (&self.config.user, &self.config.password) {
            let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            self.once(connection.auth(&mechanisms, &credentials))
                .await
                .map_err(|t| about_us("signing in (check user and password)", t))?;
        }
        Ok(connection)
    }

    /// From MAIL to the reply that settles it.
    async fn converse(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        letter: &Letter,
    ) -> Result<String, Delivery> {
        let parameters = mail_parameters(connection, envelope, &letter.bytes)?;
        let from = MailFrom::new(envelope.from.clone(), parameters);
        self.once(connection.command(from)).await.map_err(|t| about_letter("MAIL", t))?;
        for to in &envelope.to {
            // One recipient refused means the whole letter stays here: a letter
            // that reached only some of its readers could not be tried again.
            self.once(connection.command(Rcpt::new(to.clone(), vec![])))
                .await
                .map_err(|t| about_letter("RCPT", t))?;
        }
        let go = self.once(connection.command(Data)).await.map_err(|t| about_letter("DATA", t))?;
        if !go.has_code(354) {
            let reply = format!("DATA was answered without 354: {}", reply_text(&go));
            return Err(Delivery::Deferred { reply });
        }
        self.send_text(connection, &letter.bytes).await
    }

    /// From the first byte on, silence means that the letter may have been sent.
    async fn send_text(
        &self,
        connection: &mut AsyncSmtpConnection,
        bytes: &[u8],
    ) -> Result<String, Delivery> {
        // lettre ends the text with CRLF . CRLF whatever it ends with; without
        // this the letter would arrive with an empty line added.
        let text = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
        let limit = self.limit() * PATIENCE_FOR_THE_TEXT;
        let reply = within(limit, connection.message(text)).await.map_err(about_text)?;
        if u16::from(reply.code()) / 100 == 2 {
            return Ok(reply_text(&reply));
        }
        let why = format!("an answer that settles nothing: {}", reply_text(&reply));
        Err(Delivery::Unclear { why })
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(self.config.timeout_seconds)
    }

    async fn once<T>(
        &self,
        step: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
    ) -> Result<T, Trouble> {
        within(self.limit(), step).await
    }
}

#[async_trait]
impl Mail for SmtpMail {
    async fn send(&self, letter: &Letter) -> Delivery {
        let delivery = match self.deliver(letter).await {
            Ok(reply) => Delivery::Accepted { reply },
            Err(delivery) => delivery,
        };
        // Replies repeat addresses: they stand in the outbox, not in a log.
        let outcome = match &delivery {
            Delivery::Accepted { .. } => "accepted",
            Delivery::Deferred { .. } => "deferred",
            Delivery::Refused { .. } => "refused",
            Delivery::Unclear { .. } => "unclear",
        };
        tracing::info!(message_id = %letter.message_id, outcome, "mail handed to the server");
        delivery
    }
}

impl Envelope {
    fn of(letter: &Letter) -> Result<Envelope, Delivery> {
        if letter.to.is_empty() {
            return Err(local_refusal("the letter has no recipient"));
        }
        // An empty sender is the null reverse-path of automatic notices.
        let from = match letter.from.as_str() {
            "" => None,
            text => Some(address(text)?),
        };
        let to = letter.to.iter().map(|text| address(text)).collect::<Result<_, _>>()?;
        Ok(Envelope { from, to })
    }

    fn is_ascii(&self) -> bool {
        self.from.iter().chain(&self.to).all(|a| a.to_string().is_ascii())
    }
}

fn address(text: &str) -> Result<Address, Delivery> {
    text.parse().map_err(|_| local_refusal(&format!("not a mail address: {text:?}")))
}

/// What MAIL must announce; a server that lacks it cannot carry the letter now.
fn mail_parameters(
    connection: &AsyncSmtpConnection,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<Vec<MailParameter>, Delivery> {
    let lacking = |what: &str| Delivery::Deferred {
        reply: format!("the mail server does not offer {what}, which this letter needs"),
    };
    let mut parameters = Vec::new();
    if !envelope.is_ascii() {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(lacking("SMTPUTF8"));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !bytes.is_ascii() {
        if !connection.server_info().supports_feature(Extension::EightBitMime) {
            return Err(lacking("8BITMIME"));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

/// lettre limits only the time of connecting; everything else is limited here.
async fn within<T>(
    limit: Duration,
    step: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Trouble> {
    match tokio::time::timeout(limit, step).await {
        Ok(result) => result.map_err(Trouble::from),
        Err(_) => Err(Trouble::Broken(format!("no answer for {} seconds", limit.as_secs()))),
    }
}
