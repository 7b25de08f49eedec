//! Pages are Japanese: no sentence on them is English.

use axum::body::Body;
use axum::http::Request;
use contract::who::roles::Role;
use engine::people::Belongs;

use super::deposits::unknown_deposits;
use super::ids::Ids;
use super::matters::reported;
use super::quotations::quoted;
use super::{EVERYTHING, Office};
use crate::web::routes::{Kind, ROUTES};

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

/// Latin words of Japanese pages that are no code, number or address: products, formats,
/// and the names of columns and fields that stand in files.
const NAMES: &[&str] = &[
    "AOBA",
    "API",
    "Atom",
    "CSV",
    "EDI",
    "English",
    "EXCEL",
    "Excel",
    "HTML",
    "ID",
    "JSON",
    "NTT",
    "Outlook",
    "PDF",
    "Public",
    "SDPF",
    "SEISAKUSHO",
    "SHA",
    "Staff",
    "TLS",
    "TOTP",
    "URL",
    "UTC",
    "Yakkan",
    "aoba",
    "csv",
    "dat",
    "eml",
    "line",
    "to",
    "txt",
    "xlsx",
];

/// What parameters and readings are set to, as the terms list it.
const VALUES: &[&str] =
    &["anti_social", "block", "court", "credit", "law", "none", "true", "tz", "vm", "warn"];

/// Pages on which people are told apart by what they type when they sign in.
const OF_PEOPLE: [&str; 5] = ["/people", "/keys", "/access", "/account", "/sign-in"];

/// What is in front of people: the texts of a page, one by one.
fn texts(page: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), page);
    while let Some((text, tag)) = rest.split_once('<') {
        found.push(text.to_owned());
        let name = tag.split([' ', '>']).next().unwrap_or_default();
        let is_english = tag.split('>').next().is_some_and(|tag| tag.contains("lang=\"en\""));
        let apart = ["style", "script", "code", "head"].contains(&name) || is_english;
        let end = apart.then_some(name);
        rest = match end {
            Some(name) => tag.split_once(&format!("</{name}>")).map_or("", |(_, after)| after),
            None => tag.split_once('>').map_or("", |(_, after)| after),
        };
    }
    found.push(rest.to_owned());
    found.retain(|text| !text.trim().is_empty());
    found
}

/// Words of Latin letters that nobody has named: a token with a figure or a mark inside
/// is a code, a file or an address.
fn english(text: &str) -> Vec<String> {
    let is_of_token = |c: char| c.is_ascii_graphic() && !"(),;:\"'[]{}".contains(c);
    let tokens = text.split(|c: char| !is_of_token(c));
    let words = tokens.map(|token| token.trim_matches(['.', '!', '?', '-', '*', '/']));
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic());
    let unnamed =
        words.filter(is_word).filter(|word| !NAMES.contains(word) && !VALUES.contains(word));
    unnamed.map(str::to_owned).collect()
}

/// What stands in 「…」 is what somebody wrote.
fn unquoted(text: &str) -> String {
    let parts = text.split('「').map(|part| part.split_once('」').map_or(part, |(_, rest)| rest));
    parts.collect()
}

/// What is wrong with a page: its words, and the text in which they stand.
fn faults(path: &str, page: &str) -> Vec<String> {
    let of_people = OF_PEOPLE.iter().any(|page| path.starts_with(page));
    // Whoever looks has no other name here; entries are filtered by person.
    let is_id = |text: &str| ["everything", "kyaku"].contains(&text.trim());
    let told =
        texts(page).into_iter().filter(|text| !of_people && !is_id(text)).filter_map(|text| {
            let words = english(&unquoted(&text));
            (!words.is_empty()).then(|| format!("{path}: {words:?} in {:?}", text.trim()))
        });
    told.collect()
}

#[tokio::test]
async fn no_sentence_on_a_page_is_english() {
    let office = Office::at(SUSPENDED).await;
    quoted(&office).await;
    reported(&office).await;
    unknown_deposits(&office).await;
    let mut found = refused_files(&office).await;
    let account = office.account().await;
    office.add("kyaku", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    let ids = Ids::of(&office).await;
    let pages = ROUTES.iter().filter(|route| {
        let apart =
            ["/set-up", "/sign-out", "/looks"].iter().any(|own| route.path.starts_with(own));
        route.method == "GET" && matches!(route.kind, Kind::Page) && !apart
    });
    let mut seen = 0;
    for route in pages {
        let person = if route.path.starts_with("/my") { "kyaku" } else { EVERYTHING };
        for path in ids.paths(route).into_iter().take(12) {
            let answer = office.get_as(person, &path).await;
            let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok());
            if kind.is_some_and(|kind| kind.starts_with("text/html")) {
                seen += 1;
                found.extend(faults(&path, &answer.text));
            }
        }
    }
    assert!(seen > 100, "only {seen} pages were seen");
    assert!(found.is_empty(), "{} texts:\n{}", found.len(), found.join("\n"));
}

/// Path, fields, and a file with its name.
type Upload<'a> = (&'a str, &'a [(&'a str, &'a str)], (&'a str, &'a [u8]));

/// The answers to files that cannot be read, or not whole.
async fn refused_files(office: &Office) -> Vec<String> {
    let usage = b"id,account,contract,line,resource,item,quantity,unit,from,to\n\
        u-1,A-1,K-1,x,vm,SV-S,9.1234567,h,2026-08-01,2026-07-01T00:00:00\n\
        u-2,A-1,K-1,1,vm,SV-S,1,h,2026-08-01T00:00:00";
    let unknown = b"id,account,contract,line,resource,item,quantity,unit,from,to\n\
        u-1,A-1,K-1,1,vm,SV-S,1,h,2026-08-01T00:00:00,2026-08-02T00:00:00\n";
    let mail = b"From: a@example.jp\r\nTo: b@example.jp\r\n\r\nnothing enclosed\r\n";
    let cut =
        b"From: a@example.jp\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx";
    let mut wrong_bank = b"1030810301".to_vec();
    wrong_bank.resize(190, b' ');
    let blank = document::write_application(None).unwrap();
    let cancellation = document::write_cancellation(None).unwrap();
    let book = document::write_book(&Default::default()).unwrap();
    let (sent, arrived) = ("2026-09-07T09:00", "2026-09-07T09:00");
    let form = [("reference", "紙-1"), ("at", sent), ("received", arrived)];
    let came = [("channel", "paper"), ("at", arrived)];
    let (contract, _) = office.only("contract").await;
    let stopping = format!("/contracts/{contract}/cancellation-file");
    let files: [Upload<'_>; 11] = [
        ("/usage", &[], ("a.csv", usage)),
        ("/usage", &[], ("b.csv", unknown)),
        ("/usage", &[], ("c.csv", b"\xFF\xFEa\0")),
        ("/deposits", &[], ("bank.txt", &wrong_bank)),
        ("/deposits", &[], ("bank.txt", b"a,b,c,d,e,f")),
        ("/applications/file", &[], ("a.eml", mail)),
        ("/applications/file", &[], ("b.eml", cut)),
        ("/applications/file", &form, ("a.xlsx", &blank)),
        (&stopping, &came, ("a.xlsx", &cancellation)),
        ("/takeovers", &[], ("book.xlsx", &cancellation)),
        ("/takeovers", &[], ("book.xlsx", &book)),
    ];
    let mut found = Vec::new();
    for (path, fields, file) in files {
        let answer = office.upload(EVERYTHING, path, fields, file).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
        found.extend(faults(path, &answer.text));
    }
    let missing = Request::get("/contracts/X-0").header("host", "127.0.0.1:8080");
    let missing = office.ask(missing.body(Body::empty()).unwrap()).await;
    found.extend(faults("a page without sign-in", &missing.text));
    found
}

#[test]
fn a_word_of_latin_letters_is_seen_among_codes() {
    let page = "<head><title>hidden</title></head><header>no</header>\
        <p>行<b>the</b> K-0a1b a@example.jp <code>yakkan do</code> INV-2026-1</p>";
    assert_eq!(faults("x", page), ["x: [\"no\"] in \"no\"", "x: [\"the\"] in \"the\""]);
}
