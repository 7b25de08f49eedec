//! The own public site, as this program reads it over the network: a notice is posted once
//! its page can be read there (3-2).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use engine::Homepage;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// So long a page may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// So large it may be.
const MOST: usize = 4 << 20;

/// The pages that this program serves, once it does.
#[derive(Debug, Default)]
pub struct OwnPages(OnceLock<SocketAddr>);

impl OwnPages {
    /// From now on they are served at this address.
    pub fn served_at(&self, mut address: SocketAddr) {
        // Listened to everywhere, it is reached here.
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        let _ = self.0.set(address);
    }

    /// Whether they are served yet.
    pub fn are_served(&self) -> bool {
        self.0.get().is_some()
    }

    async fn fetch(&self, page: &str) -> Result<Bytes, String> {
        let address = self.0.get().ok_or("nothing is served yet")?;
        let told = |error: &dyn std::fmt::Display| format!("{page} at {address}: {error}");
        let stream = TcpStream::connect(address).await.map_err(|error| told(&error))?;
        let shaken = http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = shaken.map_err(|error| told(&error))?;
        let running = tokio::spawn(connection);
        let request = Request::get(page)
            .header("host", "localhost")
            .body(Empty::<Bytes>::new())
            .map_err(|error| told(&error))?;
        let answer = sender.send_request(request).await.map_err(|error| told(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MOST).collect().await;
        running.abort();
        let body = body.map_err(|error| told(&error))?.to_bytes();
        if status.is_success() { Ok(body) } else { Err(told(&status)) }
    }
}

#[async_trait]
impl Homepage for OwnPages {
    async fn shows(&self, page: &str, mark: &str) -> Result<String, String> {
        let fetched = tokio::time::timeout(PATIENCE, self.fetch(page)).await;
        let body = fetched.map_err(|_| format!("{page} did not come in time"))??;
        let is_there = body.windows(mark.len()).any(|part| part == mark.as_bytes());
        if !is_there {
            return Err(format!("{page} does not show {mark}"));
        }
        Ok(blake3::hash(&body).to_hex().to_string())
    }
}
