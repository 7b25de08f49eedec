//! What a reader gets out of each document, against the text stored beside it.
//!
//! After a wanted change: `TYPESET_UPDATE=1 cargo test -p typeset`, then read
//! the difference. Needs the Debian packages poppler-utils,
//! fonts-morisawa-bizud-gothic and fonts-noto-cjk.

mod reading;
mod samples;

use std::path::Path;

use reading::text_of;
use typeset::{Fonts, render};

#[test]
fn every_sample_reads_as_stored() {
    let fonts = Fonts::from_system().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let update = std::env::var_os("TYPESET_UPDATE").is_some();
    let mut different = Vec::new();
    for (name, document) in samples::all() {
        let text = text_of(&render(&document, &fonts).unwrap());
        let path = folder.join(name).with_extension("txt");
        if update {
            std::fs::write(&path, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        if text != stored {
            different.push(format!("{name} reads:\n{text}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = samples::named("invoice_fee");
    let first = render(&document, &Fonts::from_system().unwrap()).unwrap();
    // Other documents in between, and fonts loaded anew, leave no trace.
    let fonts = Fonts::from_system().unwrap();
    render(&samples::named("erasure_certificate"), &fonts).unwrap();
    assert!(first == render(&document, &fonts).unwrap());
}

#[test]
fn threads_give_the_same_bytes() {
    let fonts = Fonts::from_system().unwrap();
    let document = samples::named("order_acceptance");
    let alone = render(&document, &fonts).unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| render(&document, &fonts).unwrap())).collect();
        for thread in threads {
            assert!(thread.join().unwrap() == alone);
        }
    });
}

#[test]
fn a_document_survives_json() {
    for (name, document) in samples::all() {
        let json = serde_json::to_string(&document).unwrap();
        let again: typeset::Document = serde_json::from_str(&json).unwrap();
        assert_eq!(again, document, "{name}");
    }
}
