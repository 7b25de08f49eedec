//! What is read on pages in place of ids: wherever that of an application, contract or
//! matter would be read, its short number stands, and in sentences a customer's name and a
//! payment's day and payer. Addresses, fields and what programs read keep the id.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Uri;
use contract::declare::fact::{Fact, Payment};
use contract::road::stream::{Content, Input};
use document::wording::Language;
use engine::listed::{Field, ListOf, ListQuery, Test};
use engine::{Effect, ShortNumber, is_numbered};
use maud::{Markup, PreEscaped, html};

use super::App;
use super::answer::{Page, Trouble};

/// By what a list is ordered under its column of numbers.
pub const ORDER: &[Field] = &[Field::ShortNumber, Field::Id];

/// The thing itself on its own page: by its number, and by its id as programs have it.
pub fn itself(id: &str) -> Markup {
    html! { span.id { (id) } " " small.itself { (id) } }
}

/// What was written, or will be, letter by letter: the subject of a mail.
pub fn verbatim(text: &str) -> Markup {
    html! { span.verbatim { (text) } }
}

/// Elements within which an id stays as it is.
const KEPT: [(&str, &str); 6] = [
    ("small class=\"itself\"", "</small>"),
    ("span class=\"verbatim\"", "</span>"),
    ("textarea", "</textarea>"),
    ("pre", "</pre>"),
    ("code", "</code>"),
    ("style", "</style>"),
];

/// After these a sentence names somebody of ours: who proposed, did or confirmed it.
const DID: [&str; 3] = ["、起案 ", "、実施 ", "、確認 "];

/// A part of a page: an id that is read, or anything else.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Piece<'a> {
    Other(&'a str),
    /// Of what may have a short number.
    Thing(&'a str),
    /// After the word for a payment.
    Payment(&'a str),
    /// After the word for a customer.
    Account(&'a str),
    /// After the word for a mail: an effect.
    Mail(&'a str),
    /// After the word for what somebody of ours did.
    Person(&'a str),
}

/// What is read in place of ids.
type Words = BTreeMap<String, String>;

impl App {
    /// The address of a thing that was asked for by its short number, as somebody says it on
    /// the phone: `/contracts/CTR-2026-0001`.
    pub async fn by_id(&self, uri: &Uri) -> Result<Option<String>, Trouble> {
        let mut address = Vec::new();
        let mut found = false;
        for part in uri.path().split('/') {
            let thing = match ShortNumber::read(part) {
                Some(number) => self.engine.store.numbered(&number).await?,
                None => None,
            };
            found |= thing.is_some();
            address.push(thing.unwrap_or_else(|| part.to_owned()));
        }
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(found.then(|| address.join("/") + &query))
    }

    /// Tells ids of a page in words. It is shown with its ids when those cannot be read.
    pub async fn tell_ids(&self, page: &mut Page) {
        if page.is_verbatim {
            return;
        }
        let (body, title) = (pieces(&page.body.0), of_text(&page.title));
        let named = body.iter().chain(&title).copied();
        let named: BTreeSet<_> = named.filter(|piece| !matches!(piece, Piece::Other(_))).collect();
        if named.is_empty() {
            return;
        }
        match self.words_for(&named).await {
            Ok(words) => {
                let escaped = words.iter().map(|(id, words)| (id.clone(), escaped(words)));
                let (body, title) = (told(&body, &escaped.collect()), told(&title, &words));
                page.body = PreEscaped(body);
                page.title = title;
            }
            Err(trouble) => tracing::error!("ids are shown as they are: {}", trouble.detail.en),
        }
    }

    async fn words_for(&self, named: &BTreeSet<Piece<'_>>) -> Result<Words, Trouble> {
        let store = &self.engine.store;
        let (mut things, mut payments, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
        let mut words = Words::new();
        for piece in named {
            match piece {
                Piece::Other(_) => {}
                Piece::Mail(id) => {
                    let title = Effect::titled(id, Language::Japanese);
                    // What is no effect has the title of what nobody knows.
                    if title != Effect::titled("", Language::Japanese) {
                        words.insert((*id).to_owned(), title.to_owned());
                    }
                }
                Piece::Person(id) => {
                    words.insert((*id).to_owned(), self.engine.name_of(id));
                }
                Piece::Thing(id) => things.push(*id),
                Piece::Payment(id) => payments.push(*id),
                Piece::Account(id) => accounts.push(*id),
            }
        }
        if !accounts.is_empty() {
            let found = store.list_views(ListOf::Kind("account"), &those(&accounts)).await?;
            let named = found.rows.into_iter().filter(|listed| !listed.name.is_empty());
            words.extend(named.map(|listed| (listed.row.id, listed.name)));
        }
        if !payments.is_empty() {
            let found = store.list_inputs(&those(&payments)).await?;
            words.extend(found.rows.into_iter().filter_map(|listed| payment(listed.row)));
        }
        words.extend(store.short_numbers(&things).await?);
        Ok(words)
    }

    /// The short number of one thing, if it has one.
    pub async fn number_of(&self, id: &str) -> Result<Option<String>, Trouble> {
        Ok(self.engine.store.short_numbers(&[id]).await?.remove(id))
    }
}

/// Rows by their ids, all in one question.
fn those(ids: &[&str]) -> ListQuery {
    let most = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    ListQuery::first(most, vec![Test::one_of(Field::Id, ids)], Vec::new())
}

/// A payment by its day, and by whose it was said to be.
fn payment(input: Input) -> Option<(String, String)> {
    let Content::Fact(Fact::PaymentCredited(Payment { on, payer, .. })) = input.content else {
        return None;
    };
    let words =
        if payer.is_empty() { format!("「{on}」") } else { format!("「{on} {payer}」") };
    Some((input.id.0, words))
}

fn escaped(text: &str) -> String {
    html! { (text) }.into_string()
}

fn told(pieces: &[Piece<'_>], words: &Words) -> String {
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Other(text) => text,
        Piece::Thing(id)
        | Piece::Payment(id)
        | Piece::Account(id)
        | Piece::Mail(id)
        | Piece::Person(id) => words.get(*id).map_or(*id, String::as_str),
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

/// Of a text without tags: its words of the kind that ids are, each by what stands before.
fn of_text(text: &str) -> Vec<Piece<'_>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_/~@#.:".contains(c);
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(begins) = text[from..].find(is_part).map(|at| from + at) {
        let rest = &text[begins..];
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = rest[..length].trim_end_matches(['.', ':']);
        from = begins + length;
        let before = &text[..begins];
        let piece = match () {
            () if is_numbered(whole_of(word)) => Piece::Thing(whole_of(word)),
            () if before.ends_with("入金") && word.len() > 2 => Piece::Payment(word),
            () if before.ends_with("メール（") && word.len() > 2 => Piece::Mail(word),
            () if before.ends_with("契約者") && word.starts_with("A-") => Piece::Account(word),
            () if DID.iter().any(|did| before.ends_with(did)) => Piece::Person(word),
            () => continue,
        };
        pieces.extend([Piece::Other(&text[done..begins]), piece]);
        let (Piece::Other(read)
        | Piece::Thing(read)
        | Piece::Payment(read)
        | Piece::Account(read)
        | Piece::Mail(read)
        | Piece::Person(read)) = piece;
        done = begins + read.len();
    }
    pieces.push(Piece::Other(&text[done..]));
    pieces
}

/// The contract of a line, which is named by both (`K-0123456789ab/1`); else all of it.
fn whole_of(word: &str) -> &str {
    let is_line = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    word.split_once('/').filter(|(_, line)| is_line(line)).map_or(word, |(contract, _)| contract)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> String {
        let words = [
            ("K-0123456789ab", "CTR-2026-0001"),
            ("movement-1", "「2026-06-30 ｱｵﾊﾞ」"),
            ("A-1990002000001", "青葉"),
            ("acceptance-P-1", "承諾メール"),
            ("sato", "佐藤　花"),
        ];
        let words = words.map(|(id, words)| (id.to_owned(), words.to_owned()));
        told(&pieces(html), &words.into())
    }

    #[test]
    fn an_id_that_is_read_is_told_by_its_number() {
        let link = "<a class=\"id\" href=\"/contracts/K-0123456789ab\">K-0123456789ab</a>";
        let expected = "<a class=\"id\" href=\"/contracts/K-0123456789ab\">CTR-2026-0001</a>";
        assert_eq!(read(link), expected);
        let sentence = "契約K-0123456789abと、K-0123456789ab。";
        assert_eq!(read(sentence), "契約CTR-2026-0001と、CTR-2026-0001。");
        let sentence = "入金movement-1から10円を、契約者A-1990002000001のものとして";
        assert_eq!(read(sentence), "入金「2026-06-30 ｱｵﾊﾞ」から10円を、契約者青葉のものとして");
        assert_eq!(
            read("宛てのメール（acceptance-P-1）を拒否"),
            "宛てのメール（承諾メール）を拒否"
        );
        assert_eq!(read("（2種3件、実施 sato、確認 ito）"), "（2種3件、実施 佐藤　花、確認 ito）");
        assert_eq!(read("<td>K-0123456789ab/12</td>"), "<td>CTR-2026-0001/12</td>");
        assert_eq!(read("<b>契約</b>K-0123456789ab: a."), "<b>契約</b>CTR-2026-0001: a.");
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
            "<span class=\"verbatim\">契約番号 K-0123456789ab</span>",
            "movement-1、A-1990002000001",
            "入金movement-2から",
            "<a",
        ] {
            assert_eq!(read(other), other);
        }
        assert_eq!(read("<preface>K-0123456789ab</preface>"), "<preface>CTR-2026-0001</preface>");
    }
}
