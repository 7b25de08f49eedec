//! What an act would change and what has left already, as a page shows it.

use std::collections::BTreeMap;

use contract::who::roles::Permission;
use document::read_mail;
use document::wording::{self, Language, signed};
use engine::{DatedSentence, Effect, EntryPreview};
use maud::{Markup, html};

use crate::access::Visitor;
use crate::web::answer::Trouble;
use crate::web::parts::Column::{Number, Text};
use crate::web::{App, parts, words};

const JA: Language = Language::Japanese;

/// Everything of a preview, in the order in which people ask for it.
/// `leaves` tells what is set in motion.
pub fn shown(preview: &EntryPreview, sent: &Sent, leaves: Markup) -> Markup {
    let nothing = preview.follows.is_empty()
        && preview.retracted.is_empty()
        && preview.charges.is_empty()
        && preview.changes.is_empty()
        && preview.leaves.is_empty();
    html! {
        @if !preview.findings.is_empty() {
            ul.findings { @for finding in &preview.findings {
                li.blocks[finding.blocks] { (wording::finding(finding, JA)) }
            } }
        }
        @if nothing { p { "料金、日付、状態に変わるものはありません。" } }
        (changes(preview))
        (charges(preview))
        (told("新たに生じること", &preview.follows))
        (told("なくなること", &preview.retracted))
        (papers(preview, sent))
        (leaves)
    }
}

/// What leaves, by its titles, as it was looked at then.
pub fn leaving(preview: &EntryPreview) -> Markup {
    html! {
        @if !preview.leaves.is_empty() {
            h3 { "送付・処理されるもの" }
            ul.follows { @for name in &preview.leaves { li { (Effect::titled(name, JA)) } } }
        }
    }
}

fn told(title: &str, sentences: &[DatedSentence]) -> Markup {
    html! {
        @if !sentences.is_empty() {
            h3 { (title) }
            ul.follows { @for one in sentences { li { (parts::moment(one.at)) " " (one.ja) } } }
        }
    }
}

fn changes(preview: &EntryPreview) -> Markup {
    let columns = [Text("対象"), Text("項目"), Text("今"), Text("承認後")];
    let value = |name: &str, value: &Option<String>| match value.as_deref() {
        Some(word) if name == "status" => parts::chip(words::contract_status(word)),
        Some(text) if !text.is_empty() => html! { (text) },
        _ => parts::none(),
    };
    let rows: Vec<_> = preview
        .changes
        .iter()
        .map(|change| {
            let about = match change.about.as_str() {
                "account" => html! { "契約者" },
                about => html! { span.id { (about) } },
            };
            let name = wording::standing(&change.name, JA).to_owned();
            let of = |side| value(&change.name, side);
            vec![about, html! { (name) }, of(&change.before), of(&change.after)]
        })
        .collect();
    html! { @if !rows.is_empty() { h3 { "変わる日付・状態・金額" } (parts::table(&columns, &rows, "")) } }
}

fn charges(preview: &EntryPreview) -> Markup {
    let columns = [Text("契約・明細"), Text("利用月"), Text("内容"), Number("増減（税抜）")];
    let rows: Vec<_> = preview
        .charges
        .iter()
        .map(|charge| {
            vec![
                html! { span.id { (charge.contract) "/" (charge.line) } },
                parts::month(charge.month),
                html! { (charge.name) },
                html! { (signed(charge.difference)) "円" },
            ]
        })
        .collect();
    html! { @if !rows.is_empty() { h3 { "料金の増減" } (parts::table(&columns, &rows, "")) } }
}

/// What was sent already: which mail it is, and who got it, as far as the visitor may read.
fn papers(preview: &EntryPreview, sent: &Sent) -> Markup {
    html! {
        @if !preview.papers.is_empty() {
            h3 { "これに基づいてすでに送ったもの" }
            ul.follows { @for paper in &preview.papers { li {
                (parts::moment(paper.sent_at)) " " (Effect::titled(&paper.id, JA))
                "（" (paper.about) "）"
                @if let Some(to) = sent.get(&paper.id) { "　宛先 " span.verbatim { (to) } }
                @if let Some(name) = &paper.paper { "　添付 " (name) }
            } } }
        }
    }
}

/// Who got the mails of a preview, by their ids.
pub type Sent = BTreeMap<String, String>;

impl App {
    /// To whom the mails that a preview names have left: for those who read personal data.
    pub async fn sent_to(
        &self,
        visitor: &Visitor,
        preview: &EntryPreview,
    ) -> Result<Sent, Trouble> {
        let mut sent = Sent::new();
        if !visitor.holds(Permission::ReadPersonal) {
            return Ok(sent);
        }
        for paper in &preview.papers {
            let id = format!("mail/{}", paper.id);
            let Some(row) = self.engine.kept_mail(&preview.account, &id).await? else { continue };
            if let Ok(mail) = read_mail(&row.name, &row.content) {
                sent.insert(paper.id.clone(), mail.to.join("、"));
            }
        }
        Ok(sent)
    }
}
