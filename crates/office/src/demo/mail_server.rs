//! The SMTP server of the demo: the same program that the tests use, on this
//! machine only, with STARTTLS and a password.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, anyhow};
use outside::{Encryption, Secret, SmtpConfig};

const PROGRAM: &str = include_str!("../../../../tests/peers/smtp.py");
const USER: &str = "yakkan";
const PASSWORD: &str = "only-for-the-demo";

/// A running server; it stops when this is dropped.
pub struct MailServer {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl MailServer {
    pub fn config(&self) -> SmtpConfig {
        SmtpConfig {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            encryption: Encryption::StartTls,
            ca_file: Some(self.folder.join("ca.pem")),
            user: Some(USER.to_owned()),
            password: Some(Secret::new(PASSWORD.to_owned())),
            timeout_seconds: 10,
        }
    }
}

/// Starts the server on a free port; accepted mails are kept in `folder`.
pub async fn start(folder: &Path) -> anyhow::Result<MailServer> {
    std::fs::create_dir_all(folder)?;
    let program = folder.join("smtp.py");
    std::fs::write(&program, PROGRAM)?;
    let python = std::env::var("YAKKAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut child = Command::new(&python)
        .arg(&program)
        .arg("--folder")
        .arg(folder)
        .args(["--port", "0", "--user", USER, "--password", PASSWORD])
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{python} cannot be started: run the demo by ./x demo"))?;
    let stdout = child.stdout.take().context("the mail server has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
    let port = port.ok_or_else(|| {
        anyhow!("the mail server did not start: run the demo by ./x demo, which installs aiosmtpd and trustme")
    })?;
    std::fs::remove_file(&program)?;
    Ok(MailServer { child, port, folder: folder.to_owned() })
}
