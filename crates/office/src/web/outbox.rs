//! What goes outside, and rows of files that were not taken.

use std::sync::Arc;

use axum::extract::State;
use document::wording::{Amounts, without_amounts};
use engine::{OutboxRow, OutboxState};
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::parts::Column::{Number, Text};
use super::parts::{self, Chip, Tone};
use super::{App, mending, words};
use crate::access::Visitor;

/// How many finished effects the page shows; unfinished ones it shows all.
const FINISHED: usize = 200;

/// What a person must look at comes first.
fn rank(state: OutboxState) -> u8 {
    match state {
        OutboxState::Refused => 0,
        OutboxState::Held => 1,
        OutboxState::ByHand => 2,
        OutboxState::Performing => 3,
        OutboxState::Waiting => 4,
        OutboxState::Done | OutboxState::Settled => 5,
    }
}

pub async fn list(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let accounts = app.accounts().await?;
    let mut effects = app.engine.store.outbox().await?;
    effects.sort_by(|a, b| {
        (rank(a.state), std::cmp::Reverse(a.next_at), &a.id).cmp(&(
            rank(b.state),
            std::cmp::Reverse(b.next_at),
            &b.id,
        ))
    });
    let unfinished = effects.iter().filter(|row| rank(row.state) < rank(OutboxState::Done)).count();
    let shown = effects.len().min(unfinished + FINISHED);
    let columns = [
        Text("状態"),
        Text("内容"),
        Text("相手"),
        Text("時刻"),
        Number("試行"),
        Text("最後の返事"),
    ];
    let rows: Vec<_> = effects[..shown]
        .iter()
        .map(|row| {
            let name = accounts.get(&row.account).map_or("—", |account| &account.name);
            effect_row(&visitor, row, name)
        })
        .collect();
    let (open, finished) = rows.split_at(unfinished);
    let body = html! {
        p.note { "自社のメールサーバが拒んだメールは、送っていないものとして扱います。承諾メールなら、契約は成立しません。" (parts::clauses(&["3-2", "9-4"])) }
        (parts::section("対応や送信を待つもの", parts::table(&columns, open, "待っているものはありません。")))
        (parts::section("終わったもの", parts::table(&columns, finished, "終わったものはまだありません。")))
        @if shown < effects.len() { p.note { "終わった " (effects.len() - shown) " 件は省いています。" } }
    };
    Ok(Page::new("送信と外部処理", body))
}

fn effect_row(visitor: &Visitor, row: &OutboxRow, name: &str) -> Vec<Markup> {
    let state = html! {
        (parts::chip(words::outbox_state(row.state)))
        @if row.maybe_sent && row.state != OutboxState::Done {
            " " (parts::chip(Chip("送信済みかもしれない", Tone::Watch)))
        }
    };
    vec![
        state,
        html! { (words::effect(&row.payload)) " " span.id { (row.id) } },
        parts::name(name),
        parts::moment(row.next_at),
        html! { (row.attempts) },
        html! {
            span.reply lang="en" { (row.last_reply) }
            @if mending::mends(visitor, row) { " " (parts::link(&mending::path(&row.id), "対応する")) }
        },
    ]
}

pub async fn refused_rows(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let reason = |text: &str| match visitor.amounts() {
        Amounts::Shown => text.to_owned(),
        Amounts::Hidden => without_amounts(text),
    };
    let refused = app.engine.store.refused_rows().await?;
    let columns = [Text("ファイル"), Number("行"), Text("理由"), Text("内容")];
    let rows: Vec<_> = refused
        .iter()
        .map(|row| {
            vec![
                html! { span.id { (row.file) } },
                html! { (row.row) },
                html! { span.reply { (reason(&row.reason.ja)) } },
                html! { span.id { (row.content) } },
            ]
        })
        .collect();
    let body = html! {
        p.lead { "読み込んだファイルのうち、取り込まなかった行とその理由です。直したファイルをもう一度読み込めます。申込書の不備は、箇所ごとに差出人へ返しています。" (parts::clause("9-10(2)")) }
        (parts::table(&columns, &rows, "取り込まなかった行はありません。"))
    };
    Ok(Page::new("取り込まなかった行", body))
}
