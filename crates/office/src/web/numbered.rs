//! Short numbers on pages: wherever the id of an application, contract or matter would be
//! read, its number stands. Addresses, fields and what programs read keep the id.

use std::collections::{BTreeMap, BTreeSet};

use engine::StoreError;
use engine::listed::Field;
use maud::{Markup, PreEscaped, html};

use super::App;
use super::answer::{Page, Trouble};

/// By what a list is ordered under its column of numbers.
pub const ORDER: &[Field] = &[Field::ShortNumber, Field::Id];

/// The thing itself on its own page: by its number, and by its id as programs have it.
pub fn itself(id: &str) -> Markup {
    html! { span.id { (id) } " " small.itself { (id) } }
}

/// Elements within which an id stays as it is.
const KEPT: [(&str, &str); 5] = [
    ("small class=\"itself\"", "</small>"),
    ("textarea", "</textarea>"),
    ("pre", "</pre>"),
    ("code", "</code>"),
    ("style", "</style>"),
];

/// A part of a page: an id that is read, or anything else.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Other(&'a str),
    Id(&'a str),
}

impl App {
    /// Tells whatever has a short number by it. A page is shown with its ids when the
    /// numbers cannot be read.
    pub async fn tell_numbers(&self, page: &mut Page) {
        let found = [pieces(&page.body.0), of_text(&page.title)].into_iter().flatten();
        let ids = found.filter_map(|piece| match piece {
            Piece::Id(id) => Some(id),
            Piece::Other(_) => None,
        });
        let ids: Vec<_> = ids.collect::<BTreeSet<_>>().into_iter().collect();
        if ids.is_empty() {
            return;
        }
        match self.engine.store.short_numbers(&ids).await {
            Ok(numbers) => {
                page.body = PreEscaped(told(&pieces(&page.body.0), &numbers));
                page.title = told(&of_text(&page.title), &numbers);
            }
            Err(error) => tracing::error!("short numbers could not be read: {error}"),
        }
    }

    /// The short number of one thing, if it has one.
    pub async fn number_of(&self, id: &str) -> Result<Option<String>, Trouble> {
        let found: Result<_, StoreError> = self.engine.store.short_numbers(&[id]).await;
        Ok(found?.remove(id))
    }
}

fn told(pieces: &[Piece<'_>], numbers: &BTreeMap<String, String>) -> String {
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Other(text) => text,
        Piece::Id(id) => numbers.get(*id).map_or(*id, String::as_str),
    });
    texts.collect()
}

/// Of a page: what stands in tags, and within some elements, is not read.
fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(begins) = rest.find('<') {
        pieces.extend(of_text(&rest[..begins]));
        let tag = &rest[begins..];
        let opens = |(open, _): &&(&str, &str)| {
            let after = tag[1..].strip_prefix(open);
            after.is_some_and(|after| after.starts_with([' ', '>']))
        };
        let ends = match KEPT.iter().find(opens) {
            Some((_, close)) => tag.find(close).map(|at| at + close.len()),
            None => tag.find('>').map(|at| at + 1),
        };
        let (tag, after) = tag.split_at(ends.unwrap_or(tag.len()));
        pieces.push(Piece::Other(tag));
        rest = after;
    }
    pieces.extend(of_text(rest));
    pieces
}

/// How long an id is: a letter, a dash and twelve hexadecimal digits.
const LENGTH: usize = 14;

/// Of a text without tags.
fn of_text(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices('-') {
        let Some(begins) = at.checked_sub(1).filter(|begins| *begins >= from) else { continue };
        let Some(id) = text.get(begins..begins + LENGTH).filter(|id| is_id(id)) else { continue };
        // A part of a path, of a longer word or of another id.
        let goes_on = |c: char| c.is_ascii_alphanumeric() || "-_/~@#".contains(c);
        let ends = begins + LENGTH;
        if text[..begins].ends_with(goes_on) || text[ends..].starts_with(goes_on) {
            continue;
        }
        pieces.extend([Piece::Other(&text[from..begins]), Piece::Id(id)]);
        from = ends;
    }
    pieces.push(Piece::Other(&text[from..]));
    pieces
}

fn is_id(text: &str) -> bool {
    let hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    text.starts_with(['K', 'P', 'M']) && text.as_bytes()[2..].iter().all(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> String {
        let numbers = [("K-0123456789ab".to_owned(), "CTR-2026-0001".to_owned())];
        told(&pieces(html), &numbers.into())
    }

    #[test]
    fn an_id_that_is_read_is_told_by_its_number() {
        let link = "<a class=\"id\" href=\"/contracts/K-0123456789ab\">K-0123456789ab</a>";
        let expected = "<a class=\"id\" href=\"/contracts/K-0123456789ab\">CTR-2026-0001</a>";
        assert_eq!(read(link), expected);
        let sentence = "契約K-0123456789abと、K-0123456789ab。";
        assert_eq!(read(sentence), "契約CTR-2026-0001と、CTR-2026-0001。");
    }

    #[test]
    fn whatever_is_no_id_that_is_read_stays() {
        for other in [
            "K-0123456789ac",
            "K-0123456789",
            "K-0123456789abc",
            "xK-0123456789ab",
            "contract/K-0123456789ab",
            "K-0123456789ab/line-1",
            "-",
            "K-",
            "年-月",
            "<input value=\"K-0123456789ab\">",
            "<textarea name=\"x\">K-0123456789ab</textarea>",
            "<pre>{\"contract\": \"K-0123456789ab\"} <b>K-0123456789ab</b></pre>",
            "<small class=\"itself\">K-0123456789ab</small>",
            "<a",
        ] {
            assert_eq!(read(other), other);
        }
        assert_eq!(read("<preface>K-0123456789ab</preface>"), "<preface>CTR-2026-0001</preface>");
    }
}
