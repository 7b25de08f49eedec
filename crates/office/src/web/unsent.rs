//! 「送れなかったもの」: on the page of an object the effects of it that were refused or given
//! up, each with the way to where it is tried again, or said how it was done instead.

use engine::listed::{Field, ListQuery, Order, Test};
use engine::{Object, OutboxState};
use maud::{Markup, html};

use super::answer::Trouble;
use super::outbox::replied;
use super::parts::Column::Text;
use super::{App, links, mending, parts, words};
use crate::access::Visitor;

/// More than these are looked at in the list of all.
const SHOWN: u32 = 50;

/// The section of an object; nothing where nothing was refused.
pub async fn of(
    app: &App,
    visitor: &Visitor,
    object: Object,
    ids: &[&str],
) -> Result<Markup, Trouble> {
    section(app, visitor, Test::one_of(object.field(), ids)).await
}

/// Of forms that were not taken: the mails that tell their faults.
pub async fn of_forms(app: &App, visitor: &Visitor) -> Result<Markup, Trouble> {
    section(app, visitor, Test::present(Object::File.field())).await
}

async fn section(app: &App, visitor: &Visitor, of: Test) -> Result<Markup, Trouble> {
    let refused = Test::is(Field::Text("state"), words::word(&OutboxState::Refused));
    let tests = vec![refused, of];
    let query = ListQuery::first(SHOWN, tests, vec![Order::rising(Field::Number("next_at"))]);
    let found = app.engine.store.list_effects(&query).await?;
    if found.count == 0 {
        return Ok(html! {});
    }
    let opens = links::opens(visitor, "/outbox/{id}");
    let rows: Vec<_> = found
        .rows
        .iter()
        .map(|listed| {
            let (row, path) = (&listed.row, mending::path(&listed.row.id));
            vec![
                html! { (words::effect(&row.payload)) " " (parts::long_id(&row.id)) },
                parts::moment(row.next_at),
                replied(app, visitor, row),
                match (opens, mending::mends(visitor, row)) {
                    (true, true) => links::action(&path, "対応する"),
                    (true, false) => parts::link(&path, "見る"),
                    (false, _) => parts::none(),
                },
            ]
        })
        .collect();
    let columns = [Text("内容"), Text("時刻"), Text("最後の返事"), Text("対応")];
    Ok(parts::section(
        "送れなかったもの",
        html! {
            p.note { "拒まれたか、行えなかったものです。メールであれば、送っていないものとして扱います。原因を直してもう一度行うか、別の方法で済ませたことを記録します。" (parts::clause("3-2")) }
            (parts::table(&columns, &rows, ""))
            @if found.count > u64::from(SHOWN) {
                p { "全部で " (found.count) " 件あります。"
                    @if links::opens(visitor, "/outbox") { (parts::link("/outbox?state=refused", "すべて見る")) } }
            }
        },
    ))
}
