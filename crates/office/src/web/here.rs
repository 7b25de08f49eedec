//! By which way a request may come: from this machine, or through the proxy that
//! keeps TLS.
//!
//! Listening on loopback keeps other machines out, but not the web pages that a
//! browser here has open: they could post a form, or reach us by a name of their
//! own that leads to 127.0.0.1. Both show in the headers.

use std::net::IpAddr;

use anyhow::bail;
use axum::http::{HeaderMap, Method, StatusCode, header};

use super::answer::Trouble;

/// The ways in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Front {
    /// Host and port under which people reach us by https.
    public: Option<String>,
    /// Machines whose `X-Forwarded-…` headers are believed.
    proxies: Vec<IpAddr>,
    /// The address of this machine that is listened on.
    own: Option<IpAddr>,
}

impl Front {
    /// Through a proxy that people reach as `https://…`.
    ///
    /// # Errors
    /// When the address is no https address of a host alone.
    pub fn behind(public_url: &str, proxies: Vec<IpAddr>) -> anyhow::Result<Front> {
        let host = public_url.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        match host {
            Some(host) if !host.is_empty() && host.chars().all(plain) => {
                Ok(Front { public: Some(host.to_ascii_lowercase()), proxies, own: None })
            }
            _ => bail!("public_url must be https:// and a host, as https://desk.example.jp"),
        }
    }

    /// Who comes from the address that is listened on is this machine.
    pub fn listening_on(self, address: IpAddr) -> Front {
        Front { own: Some(address), ..self }
    }

    /// Whether cookies must not travel in clear.
    pub fn is_secure(&self) -> bool {
        self.public.is_some()
    }

    /// Whether other machines may be listened to at all.
    pub fn admits_others(&self) -> bool {
        self.public.is_some() && !self.proxies.is_empty()
    }

    /// # Errors
    /// When the request comes another way, names another host, or another site sent
    /// it.
    pub fn check(
        &self,
        method: &Method,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
    ) -> Result<(), Trouble> {
        let is_here = |peer: IpAddr| peer.is_loopback() || self.own == Some(peer);
        if peer.is_some_and(|peer| !is_here(peer) && !self.proxies.contains(&peer)) {
            return Err(foreign(
                "この計算機か、設定された中継サーバーからの要求だけを受け付けます。",
            ));
        }
        let host = text(headers, header::HOST.as_str()).unwrap_or_default();
        let own = self
            .origin(host)
            .ok_or_else(|| foreign(&format!("宛先の名前「{host}」では受け付けません。")))?;
        let forwarded = text(headers, "x-forwarded-proto");
        if own.starts_with("https:") && forwarded != Some("https") {
            return Err(foreign("https で中継されていない要求は受け付けません。"));
        }
        if *method == Method::GET || *method == Method::HEAD {
            return Ok(());
        }
        if let Some(origin) = text(headers, header::ORIGIN.as_str())
            && origin != own
        {
            return Err(foreign(&format!("別のサイト「{origin}」からの操作は受け付けません。")));
        }
        match text(headers, "sec-fetch-site") {
            None | Some("same-origin" | "none") => Ok(()),
            Some(_) => Err(foreign("別のサイトからの操作は受け付けません。")),
        }
    }

    /// The origin of pages that were asked for under this host, if it is ours.
    fn origin(&self, host: &str) -> Option<String> {
        if self.public.as_deref().is_some_and(|public| public.eq_ignore_ascii_case(host)) {
            return Some(format!("https://{}", host.to_ascii_lowercase()));
        }
        names_this_machine(host).then(|| format!("http://{host}"))
    }

    /// The network address of whoever sent a request, for the log: behind a proxy
    /// the last one that it added.
    pub fn sender(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> String {
        let sender = self.client(headers, peer).or(peer);
        sender.map(|sender| sender.to_string()).unwrap_or_default()
    }

    /// Whoever is behind a trusted proxy.
    pub fn client(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
        peer.filter(|peer| self.proxies.contains(peer))?;
        text(headers, "x-forwarded-for")?.rsplit(',').next()?.trim().parse().ok()
    }

    /// Whether many people may come from this address: a trusted proxy, or this
    /// machine where one stands before us.
    pub fn may_be_proxy(&self, peer: IpAddr) -> bool {
        self.proxies.contains(&peer) || (self.is_secure() && peer.is_loopback())
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn foreign(detail: &str) -> Trouble {
    Trouble::new(StatusCode::FORBIDDEN, "foreign", "受け付けられない要求です", detail)
}

fn names_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn passes(front: &Front, method: Method, peer: &str, pairs: &[(&'static str, &str)]) -> bool {
        front.check(&method, &headers(pairs), Some(peer.parse().unwrap())).is_ok()
    }

    #[test]
    fn behind_a_proxy_only_https_and_the_public_name_pass() {
        let front =
            Front::behind("https://Desk.example.jp/", vec!["10.0.0.2".parse().unwrap()]).unwrap();
        let secure = [("host", "desk.example.jp"), ("x-forwarded-proto", "https")];
        assert!(passes(&front, Method::GET, "10.0.0.2", &secure));
        assert!(!passes(&front, Method::GET, "10.0.0.3", &secure));
        assert!(!passes(&front, Method::GET, "10.0.0.2", &[("host", "desk.example.jp")]));
        assert!(!passes(&front, Method::GET, "10.0.0.2", &[("host", "other.example.jp")]));
        let posted = [secure[0], secure[1], ("origin", "https://desk.example.jp")];
        assert!(passes(&front, Method::POST, "10.0.0.2", &posted));
        let strange = [secure[0], secure[1], ("sec-fetch-site", "cross-site")];
        assert!(!passes(&front, Method::POST, "10.0.0.2", &strange));
        let forwarded = headers(&[("x-forwarded-for", "6.6.6.6, 192.0.2.7")]);
        assert_eq!(front.sender(&forwarded, Some("10.0.0.2".parse().unwrap())), "192.0.2.7");
        assert_eq!(front.sender(&forwarded, Some("127.0.0.1".parse().unwrap())), "127.0.0.1");
    }

    #[test]
    fn whoever_comes_from_the_address_that_is_listened_on_is_this_machine() {
        let proxies = vec!["10.0.0.2".parse().unwrap()];
        let front = Front::behind("https://desk.example.jp", proxies).unwrap();
        let local = [("host", "localhost")];
        assert!(!passes(&front, Method::GET, "10.0.0.9", &local));
        let front = front.listening_on("10.0.0.9".parse().unwrap());
        assert!(passes(&front, Method::GET, "10.0.0.9", &local));
        assert!(!passes(&front, Method::GET, "10.0.0.8", &local));
    }

    #[test]
    fn the_public_address_is_https_and_a_host() {
        for wrong in ["http://desk.example.jp", "https://", "https://a.example/path", "desk"] {
            assert!(Front::behind(wrong, Vec::new()).is_err(), "{wrong}");
        }
    }
}
