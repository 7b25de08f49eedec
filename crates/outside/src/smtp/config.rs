//! How the outgoing mail server is reached, as the operator writes it down.

use std::path::PathBuf;

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use serde::Deserialize;

use crate::Secret;

/// How the line to the mail server is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Plain at first, then STARTTLS before anything else; required (port 587).
    #[default]
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
    /// Plain text, for a server on the same machine; no password may be set.
    None,
}

/// The outgoing mail server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Name or address; the server's certificate must be issued to it.
    pub host: String,
    pub port: u16,
    #[serde(default)]
    pub encryption: Encryption,
    /// PEM file of an authority to trust besides the public ones.
    pub ca_file: Option<PathBuf>,
    pub user: Option<String>,
    pub password: Option<Secret>,
    /// How long each answer may take.
    #[serde(default = "one_minute")]
    pub timeout_seconds: u64,
}

fn one_minute() -> u64 {
    60
}

/// Why a mail server cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSetupError {
    #[error("the certificate file {path} of the mail server's authority cannot be read: {why}")]
    CaFile { path: PathBuf, why: String },
    #[error("TLS to the mail server cannot be set up: {0}")]
    Tls(String),
    #[error("the mail server's user and password must be given together")]
    HalfCredentials,
    #[error("a password for the mail server needs encryption \"starttls\" or \"tls\"")]
    PasswordInClear,
    #[error("the mail server's timeout_seconds must be from 1 to 3600")]
    Timeout,
}

/// Checks the configuration; `None` when the line is to be plain.
pub(crate) fn tls_parameters(config: &SmtpConfig) -> Result<Option<TlsParameters>, SmtpSetupError> {
    if config.user.is_some() != config.password.is_some() {
        return Err(SmtpSetupError::HalfCredentials);
    }
    if !(1..=3600).contains(&config.timeout_seconds) {
        return Err(SmtpSetupError::Timeout);
    }
    if config.encryption == Encryption::None {
        return if config.password.is_some() {
            Err(SmtpSetupError::PasswordInClear)
        } else {
            Ok(None)
        };
    }
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(path) = &config.ca_file {
        builder = builder.add_root_certificate(authority(path)?);
    }
    let tls = builder.build_rustls().map_err(|e| SmtpSetupError::Tls(e.to_string()))?;
    Ok(Some(tls))
}

fn authority(path: &std::path::Path) -> Result<Certificate, SmtpSetupError> {
    let fault = |why: String| SmtpSetupError::CaFile { path: path.to_owned(), why };
    let pem = std::fs::read(path).map_err(|e| fault(e.to_string()))?;
    // lettre takes a file without any certificate for an empty list.
    if !pem.windows(27).any(|w| w == b"-----BEGIN CERTIFICATE-----") {
        return Err(fault("it holds no PEM certificate".to_owned()));
    }
    Certificate::from_pem(&pem).map_err(|e| fault(e.to_string()))
}
