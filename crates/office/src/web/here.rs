//! Is this request from this machine's own user?
//!
//! Listening on loopback keeps other machines out, but not the web pages that a
//! browser here has open: they could post a form, or reach us by a name of their
//! own that leads to 127.0.0.1. Both show in the headers.

use std::net::IpAddr;

use axum::http::{HeaderMap, Method, StatusCode, header};

use super::answer::Trouble;

/// # Errors
/// When the request names another host, or another site sent it.
pub fn check(method: &Method, headers: &HeaderMap) -> Result<(), Trouble> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    if !names_this_machine(host) {
        return Err(foreign(format!("宛先の名前「{host}」では受け付けません。")));
    }
    let origin = text(header::ORIGIN);
    let own = format!("http://{host}");
    match origin {
        Some(origin) if *method != Method::GET && origin != own => {
            Err(foreign(format!("別のサイト「{origin}」からの操作は受け付けません。")))
        }
        _ => Ok(()),
    }
}

fn foreign(detail: String) -> Trouble {
    let detail =
        detail + " この計算機のブラウザで http://127.0.0.1 から始まる番地を開いてください。";
    Trouble::new(StatusCode::FORBIDDEN, "foreign", "受け付けられない要求です", detail)
}

fn names_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}
