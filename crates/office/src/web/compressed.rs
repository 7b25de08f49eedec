//! Which answers travel compressed: text that is long enough to be worth it. Papers
//! are compressed already.
//!
//! What is secret in a page, the token of its forms, stands there under a mask that is
//! new each time ([`crate::access::csrf_of`]): the length of a page tells nothing of it.

use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Below this an answer fits into one packet as it is.
const LEAST: u64 = 1_200;

const TEXTS: [&str; 8] = [
    "text/html",
    "text/css",
    "text/csv",
    "application/json",
    "application/atom+xml",
    "application/xml",
    "application/problem+json",
    "image/svg+xml",
];

pub fn layer() -> CompressionLayer<impl Predicate> {
    let when = SizeAbove::new(LEAST).and(is_text);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(when)
}

fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    kind.is_some_and(|kind| TEXTS.iter().any(|text| kind.starts_with(text.as_bytes())))
}
