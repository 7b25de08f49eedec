//! Matters (案件): what somebody has to see to, by kind, with their last days.

use std::sync::Arc;

use axum::extract::{Path, State};
use contract::AccountState;
use contract::declare::ids::{AccountId, ContractId};
use contract::matters::matter::{KINDS, Matter, MatterId, MatterKind};
use document::wording::Language;
use engine::Object;
use engine::listed::{Field, ListOf, Test};
use maud::{Markup, html};

use super::answer::{Page, Trouble};
use super::console::offers;
use super::form::Form;
use super::list::{self, Column, Found, Listing, Named, Seen, Shown, Wanted};
use super::parts::Column::Text;
use super::parts::{Chip, Tone};
use super::rows::Line;
use super::{App, field, links, numbered, parts, unsent};
use crate::access::Visitor;

const JA: Language = Language::Japanese;

/// As the filter of the list names them.
const STATES: [(&str, &str); 3] = [("open", "対応中"), ("late", "期限超過"), ("closed", "終了")];

/// The list of matters: open ones by their last day, then those that are closed.
pub struct Matters;

impl Listing for Matters {
    type Row = Line<Matter>;
    const PATH: &'static str = "/matters";
    const TITLE: &'static str = "案件";
    const EMPTY: &'static str = "案件はありません。";
    const ORDER: &'static str = "state";

    fn columns() -> Vec<Column<Line<Matter>>> {
        const STATE: &[Field] =
            &[Field::Has("closed"), Field::Text("due"), Field::Text("opened_at")];
        vec![
            Self::text("番号", |_, row| Shown::number("/matters", row))
                .by("number", numbered::ORDER),
            Self::text("状態", |_, row| Shown::Chip(state(&row.content))).by("state", STATE),
            Self::text("期限", |_, row| Shown::day(row.content.due))
                .by("due", &[Field::Text("due"), Field::Text("opened_at")]),
            Self::text("種類", |_, row| Shown::Text(title(&row.content).to_owned()))
                .by("kind", &[Field::Text("kind")]),
            Self::text("内容", |_, row| Shown::Text(row.content.about.clone())),
            Self::text("契約者", |_, row| Shown::Name(row.name.clone())).by("name", &[Field::Name]),
            Self::text("契約", |_, row| Shown::Id("/contracts", row.content.contract.0.clone()))
                .by("contract", &[Field::Text("contract")]),
            Self::text("ID", |_, row| Shown::Id("/matters", row.id.clone())).only_in_file(),
            Self::text("始まり", |_, row| Shown::Moment(row.content.opened_at))
                .by("opened", &[Field::Text("opened_at")])
                .only_in_file(),
        ]
    }

    fn fields(_: &Seen<'_>, form: &Form) -> Markup {
        let states = STATES.map(|(state, words)| (state.to_owned(), words.to_owned()));
        let kinds = KINDS.iter().map(|kind| (kind.name.to_owned(), kind.title.ja.to_owned()));
        html! {
            (field::text(form, field::may("q", "契約者または番号", "名称や番号の一部")))
            (list::choice(form, STATE, states))
            (list::choice(form, KIND, kinds))
        }
    }

    async fn find(
        seen: &Seen<'_>,
        form: &mut Form,
        wanted: &Wanted<Line<Matter>>,
    ) -> Result<Found<Line<Matter>>, Trouble> {
        let mut tests: Vec<_> = list::sought(form).into_iter().collect();
        let open = Test::Missing(Field::Text("closed"));
        tests.extend(list::chosen(form, STATE, &STATES.map(|(word, _)| word)).map(|state| {
            match state.as_str() {
                "late" => Test::All(vec![open, Test::True("late")]),
                "closed" => open.negated(),
                _ => open,
            }
        }));
        let kinds: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        let kind = list::chosen(form, KIND, &kinds);
        tests.extend(kind.map(|kind| Test::is(Field::Text("kind"), kind)));
        wanted.views(seen.app, ListOf::Kind("matter"), tests).await
    }
}

const STATE: Named<'static> = Named { name: "state", label: "状態" };
const KIND: Named<'static> = Named { name: "kind", label: "種類" };

/// Open ones by their last day, then those that are closed, the newest first.
fn order(matter: &Matter) -> impl Ord + use<> {
    let closed = matter.closed.as_ref().map(|closed| std::cmp::Reverse(closed.at));
    (matter.closed.is_some(), matter.due.is_none(), matter.due, closed, matter.opened_at)
}

fn is_late(matter: &Matter) -> bool {
    matter.late && matter.closed.is_none()
}

fn state(matter: &Matter) -> Chip<'static> {
    let kind = MatterKind::named(&matter.kind);
    match &matter.closed {
        Some(closed) => {
            let result = kind.map_or("終了", |kind| kind.result(&closed.result, JA));
            Chip(result, Tone::Off)
        }
        None if is_late(matter) => Chip("期限超過", Tone::Bad),
        None => Chip("対応中", Tone::Watch),
    }
}

fn chip(matter: &Matter) -> Markup {
    parts::chip(state(matter))
}

pub fn title(matter: &Matter) -> &'static str {
    MatterKind::named(&matter.kind).map_or("案件", |kind| kind.title.ja)
}

/// Those of one contract, for its page.
pub fn of_contract(visitor: &Visitor, known: &AccountState, id: &ContractId) -> Markup {
    let mut of: Vec<_> = known.matters.iter().filter(|(_, one)| one.contract == *id).collect();
    if of.is_empty() {
        return html! {};
    }
    of.sort_by_key(|(_, matter)| order(matter));
    let opens = links::opens(visitor, "/matters/{id}");
    let rows: Vec<_> = of
        .iter()
        .map(|(id, matter)| {
            vec![
                chip(matter),
                parts::day_or_none(matter.due),
                html! { (title(matter)) },
                html! { (matter.about) },
                if opens {
                    parts::id_link("/matters", &id.0)
                } else {
                    html! { span.id { (id) } }
                },
            ]
        })
        .collect();
    let columns = [Text("状態"), Text("期限"), Text("種類"), Text("内容"), Text("番号")];
    parts::section("案件", parts::table(&columns, &rows, ""))
}

pub async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let missing = || Trouble::not_found("案件", &id, "案件の一覧で番号を確かめてください。");
    let account: AccountId = app.account_of("matter", &id).await?.ok_or_else(missing)?;
    let known = app.engine.account(&account).await?;
    let matter = known.state().matters.get(&MatterId(id.clone())).ok_or_else(missing)?;
    let name = app.account_row(&account).await?.map(|row| row.name).unwrap_or_default();
    let kind = MatterKind::named(&matter.kind);
    let entries = format!("/entries/{account}");
    let notes: Vec<_> = matter
        .notes
        .iter()
        .map(|noted| {
            vec![
                parts::moment(noted.at),
                html! { (noted.note) },
                noted.document.as_ref().map_or_else(parts::none, |paper| html! { (paper) }),
                parts::link(&parts::path(&entries, &noted.by.0), "登録を見る"),
            ]
        })
        .collect();
    let columns = [Text("時刻"), Text("内容"), Text("書類"), Text("登録")];
    let body = html! {
        (links::steps(offers::doors(&app, &visitor, &known, "matter", &id)))
        (parts::list(&[
            ("案件", numbered::itself(&id)),
            ("契約者", html! { (name) }),
            ("契約", parts::id_link("/contracts", &matter.contract.0)),
            ("状態", chip(matter)),
            ("期限", parts::day_or_none(matter.due)),
            ("始まり", html! { (parts::moment(matter.opened_at)) " " (parts::link(&parts::path(&entries, &matter.opened_by.0), "登録を見る")) }),
            ("送付", matter.sent_at.map_or_else(parts::none, parts::moment)),
            ("根拠", parts::clauses(kind.map(|kind| kind.clauses).unwrap_or_default())),
        ]))
        (unsent::of(&app, &visitor, Object::Matter, &[&id]).await?)
        (parts::section("内容", html! { p { (matter.about) } }))
        (parts::section("経過", parts::table(&columns, &notes, "まだ何も書き足されていません。")))
        @if let Some(closed) = &matter.closed {
            (parts::section("結果", html! {
                p { (parts::moment(closed.at)) " " (chip(matter)) " " (closed.note) " " (parts::link(&parts::path(&entries, &closed.by.0), "登録を見る")) }
            }))
        }
    };
    Ok(Page::new(format!("{id} {}", title(matter)), body))
}
