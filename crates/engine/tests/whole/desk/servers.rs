//! Outgoing mail servers: the real one of `tests/peers`, and ways around it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use document::{ReceivedMail, read_mail};
use engine::{Delivery, Letter, Mail};
use outside::{Encryption, Secret, SmtpConfig, SmtpMail};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::peer::{PASSWORD, Peer, USER};

impl Peer {
    pub fn config(&self) -> SmtpConfig {
        SmtpConfig {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            encryption: Encryption::StartTls,
            ca_file: Some(self.path("ca.pem")),
            user: Some(USER.to_owned()),
            password: Some(Secret::new(PASSWORD)),
            timeout_seconds: 20,
        }
    }

    /// What the server took, in its order.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        let name = |number: usize| format!("{number:06}.eml");
        let read = |number| std::fs::read(self.path(&name(number))).unwrap();
        let parsed = |number| read_mail(&name(number), &read(number)).unwrap();
        (1..=self.messages()).map(parsed).collect()
    }
}

/// Notes every letter before it passes it on.
pub struct Noted {
    inner: SmtpMail,
    tried: Mutex<Vec<Letter>>,
}

impl Noted {
    pub fn to(config: SmtpConfig) -> Arc<Noted> {
        let inner = SmtpMail::new(config).unwrap();
        Arc::new(Noted { inner, tried: Mutex::default() })
    }

    pub fn tried(&self) -> Vec<Letter> {
        self.tried.lock().unwrap().clone()
    }
}

#[async_trait]
impl Mail for Noted {
    async fn send(&self, letter: &Letter) -> Delivery {
        self.tried.lock().unwrap().push(letter.clone());
        self.inner.send(letter).await
    }
}

/// A port at which nobody listens.
pub async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Opens the port, and passes on to the server behind it.
pub async fn open_port(port: u16, inside: u16) -> JoinHandle<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect(("127.0.0.1", inside)).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    })
}
