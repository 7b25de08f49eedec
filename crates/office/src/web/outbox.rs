//! What goes outside, and rows of files that were not taken.

use document::wording::{Amounts, Language, without_amounts};
use engine::listed::{Field, ListQuery, Listed, Test};
use engine::{OutboxRow, OutboxState, RefusedRow};
use maud::{Markup, html};

use super::answer::Trouble;
use super::field::{self, may};
use super::form::Form;
use super::list::{self, Column, Found, Listing, Named, Seen, Shown, Wanted};
use super::paged::Asked;
use super::parts::{self, Chip, Tone};
use super::{App, links, mending, unsent, words};
use crate::access::Visitor;

/// What waits for somebody or is to be sent, by the word of the filter.
const WAITS: &str = "open";
/// What is over.
const OVER: &str = "over";

/// Those that a person must look at stand first.
const STATES: [OutboxState; 7] = [
    OutboxState::Refused,
    OutboxState::Held,
    OutboxState::ByHand,
    OutboxState::Performing,
    OutboxState::Waiting,
    OutboxState::Done,
    OutboxState::Settled,
];

/// What was done, or needs nothing any more.
const FINISHED: [&str; 2] = ["done", "settled"];

/// The list of effects.
pub struct Effects;

impl Listing for Effects {
    type Row = Listed<OutboxRow>;
    const PATH: &'static str = "/outbox";
    const TITLE: &'static str = "送信と外部処理";
    const EMPTY: &'static str = "待っているものはありません。";
    const ORDER: &'static str = "-at";

    fn columns() -> Vec<Column<Listed<OutboxRow>>> {
        vec![
            Self::text("状態", |_, one| {
                let (state, maybe) = (words::outbox_state(one.row.state), one.row.maybe_sent);
                let word = state.0;
                let markup = html! {
                    (parts::chip(state))
                    @if maybe && one.row.state != OutboxState::Done {
                        " " (parts::chip(Chip("送信済みかもしれない", Tone::Watch)))
                    }
                };
                Shown::both(markup, word)
            })
            .by("state", &[Field::Text("state"), Field::Number("next_at")]),
            Self::text("内容", |seen, one| {
                let what = words::effect(&one.row.payload);
                let payload = &one.row.payload;
                let about = ["number", "contract", "application"].map(|of| payload[of].as_str());
                let about = about.into_iter().flatten().next();
                let about = about.map(|id| links::about(seen.visitor, id, seen.app.prefix()));
                Shown::both(html! { (what) @if let Some(about) = about { " " (about) } }, what)
            })
            .by("what", &[Field::Text("payload.effect"), Field::Id]),
            Self::text("番号", |_, one| Shown::Text(one.row.id.clone()))
                .by("id", &[Field::Id])
                .only_in_file(),
            Self::text("相手", |_, one| Shown::Name(one.name.clone())).by("name", &[Field::Name]),
            Self::text("時刻", |_, one| Shown::Moment(one.row.next_at))
                .by("at", &[Field::Number("next_at"), Field::Id]),
            Self::number("試した回数", |_, one| Shown::Count(i64::from(one.row.attempts)))
                .by("attempts", &[Field::Number("attempts")]),
            Self::text("最後の返事", |seen, one| {
                let reply = reply(seen.app, seen.visitor, &one.row);
                let markup = html! {
                    (replied(seen.app, seen.visitor, &one.row))
                    @if mending::mends(seen.visitor, &one.row) {
                        " " (parts::link(&mending::path(&one.row.id), "対応する"))
                    }
                };
                Shown::both(markup, reply)
            }),
        ]
    }

    fn above(_: &Seen<'_>) -> Markup {
        html! {
            p.lead { "契約者などへ送るメールと、クラウドなど社外で行う作業の一覧です。「拒否・中止」は相手のサーバに断られたか、前提がなくなって止めたもので、「対応する」から直します。「手作業待ち」は、担当者が社外で行ってから登録するものです。" }
            p.note { "自社のメールサーバが拒んだメールは、送っていないものとして扱います。承諾メールなら、契約は成立しません。" (parts::clauses(&["3-2", "9-4"])) }
        }
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let groups = [(WAITS, "対応や送信を待つもの"), (OVER, "終わったもの")];
        let groups = groups.map(|(word, words)| (word.to_owned(), words.to_owned()));
        let states =
            STATES.map(|state| (words::word(&state), words::outbox_state(state).0.to_owned()));
        let all = [("all".to_owned(), "すべて".to_owned())];
        let states: Vec<_> = groups.into_iter().chain(states).chain(all).collect();
        html! {
            (field::text(form, may("q", "相手または番号", "名称や番号の一部")))
            (field::choice(form, may("state", "状態", ""), &states))
        }
    }

    /// What is over stands apart from what waits: without a choice only that is shown.
    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Listed<OutboxRow>>,
    ) -> Result<Found<Listed<OutboxRow>>, Trouble> {
        if !form.is_set("state") {
            form.set("state", WAITS);
        }
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let words = STATES.map(|state| words::word(&state));
        let words = words.iter().map(String::as_str).chain([WAITS, OVER, "all"]);
        let state = list::chosen(form, STATE, &words.collect::<Vec<_>>());
        tests.extend(state.and_then(|state| in_state(&state)));
        let found = seen.app.engine.store.list_effects(&wanted.query(tests)).await?;
        Found::of(found, Ok)
    }

    async fn beside(seen: &Seen<'_>, _: &Asked) -> Result<Markup, Trouble> {
        let mut counts = Vec::new();
        for state in STATES {
            let word = words::word(&state);
            let query = ListQuery::counting(in_state(&word).into_iter().collect());
            let count = seen.app.engine.store.list_effects(&query).await?.count;
            counts.push((word, words::outbox_state(state), count));
        }
        Ok(html! {
            p.counts {
                @for (word, chip, count) in counts {
                    @if count > 0 { a href={ "/outbox?state=" (word) } { (parts::chip(chip)) b { (count) } } }
                }
            }
        })
    }
}

const STATE: Named<'static> = Named { name: "state", label: "状態" };

fn in_state(word: &str) -> Option<Test> {
    let state = Field::Text("state");
    match word {
        "all" => None,
        WAITS => Some(Test::one_of(state, &FINISHED).negated()),
        OVER => Some(Test::one_of(state, &FINISHED)),
        word => Some(Test::is(state, word)),
    }
}

/// What came last of a row, in words, without its amounts for those who see no money.
fn reply(app: &App, visitor: &Visitor, row: &OutboxRow) -> String {
    told(visitor, &app.engine.reply_in(&row.last_reply, Language::Japanese))
}

/// The same on a page: what a server outside answered is in its own language.
pub fn replied(app: &App, visitor: &Visitor, row: &OutboxRow) -> Markup {
    let reply = reply(app, visitor, row);
    let pieces = reply.split_inclusive("。その前：").collect::<Vec<_>>();
    html! {
        span.reply { @for piece in pieces {
            @if piece.is_ascii() { span lang="en" { (piece) } } @else { (piece) }
        } }
    }
}

/// What was said from outside, without its amounts for those who see no money.
pub fn told(visitor: &Visitor, text: &str) -> String {
    match visitor.amounts() {
        Amounts::Shown => text.to_owned(),
        Amounts::Hidden => without_amounts(text),
    }
}

/// The list of rows that were not taken.
pub struct RefusedRows;

impl Listing for RefusedRows {
    type Row = Listed<RefusedRow>;
    const PATH: &'static str = "/refused";
    const TITLE: &'static str = "取り込まなかった行";
    const UNIT: &'static str = "行";
    const EMPTY: &'static str = "取り込まなかった行はありません。";
    const ORDER: &'static str = "file";

    fn columns() -> Vec<Column<Listed<RefusedRow>>> {
        vec![
            Self::text("ファイル", |_, one| {
                Shown::both(html! { span.id { (one.row.file) } }, &one.row.file)
            })
            .by("file", &[Field::Text("file"), Field::Number("line_no")]),
            // The reason says where in the file it is, as people count.
            Self::number("行", |_, one| Shown::Count(i64::from(one.row.row)))
                .by("row", &[Field::Number("line_no")])
                .only_in_file(),
            Self::text("理由", |seen, one| {
                let reason = told(seen.visitor, &one.row.reason.ja);
                Shown::both(html! { span.reply { (reason) } }, reason)
            }),
            Self::text("内容", |_, one| {
                Shown::both(html! { span.id { (one.row.content) } }, &one.row.content)
            })
            .by("content", &[Field::Text("content")]),
        ]
    }

    fn above(_: &Seen<'_>) -> Markup {
        html! {
            p.lead { "読み込んだファイルのうち、取り込まなかった行とその理由です。直したファイルをもう一度読み込めます。申込書の不備は、箇所ごとに差出人へ返しています。" (parts::clause("9-10(2)")) }
        }
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        field::text(form, may("q", "ファイルまたは内容", "ファイルの名前や内容の一部"))
    }

    /// What could not be sent back to whoever sent a form.
    async fn beside(seen: &Seen<'_>, _: &Asked) -> Result<Markup, Trouble> {
        unsent::of_forms(seen.app, seen.visitor).await
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Listed<RefusedRow>>,
    ) -> Result<Found<Listed<RefusedRow>>, Trouble> {
        let query = wanted.query(list::sought(form).into_iter().collect());
        Found::of(seen.app.engine.store.list_refused(&query).await?, Ok)
    }
}
