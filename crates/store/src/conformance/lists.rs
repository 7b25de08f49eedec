//! Lists that come in parts: in the order of ids, or as people ask for them.

use contract::declare::ids::AccountId;
use engine::listed::{Field, ListFound, ListOf, ListQuery, Order, Test};
use engine::{ListPart, MovementMark, RefusedRow, Store, Transaction, ViewRow, WaitingMovement};
use serde_json::{Value, json};

use super::given::{account, at, effect};

pub(super) async fn read_models_come_in_parts(store: &impl Store) {
    let other = "A-2".into();
    let row = |id: &str, account: &AccountId| ViewRow {
        kind: "contract".to_owned(),
        id: id.to_owned(),
        account: account.clone(),
        content: json!({ "status": "active" }),
    };
    let rows =
        [row("K-1", &account()), row("K-2", &other), row("K-3", &account()), row("K-4", &other)];
    let step = Transaction { views: rows.to_vec(), ..Transaction::default() };
    store.commit(&step).await.unwrap();
    let all = |after, limit| ListPart { after, account: None, limit };
    assert_eq!(store.views_part("contract", all("", 3)).await.unwrap(), rows[..3]);
    assert_eq!(store.views_part("contract", all("K-3", 3)).await.unwrap(), rows[3..]);
    assert_eq!(store.views_part("contract", all("K-4", 3)).await.unwrap(), []);
    // The last row that was had need not be there any more.
    assert_eq!(store.views_part("contract", all("K-11", 1)).await.unwrap(), rows[1..2]);
    assert_eq!(store.views_part("invoice", all("", 3)).await.unwrap(), []);
    let own = |after| ListPart { after, account: Some(&other), limit: 1 };
    assert_eq!(store.views_part("contract", own("")).await.unwrap(), rows[1..2]);
    assert_eq!(store.views_part("contract", own("K-2")).await.unwrap(), rows[3..]);
}

pub(super) async fn the_outbox_and_refused_rows_come_in_parts(store: &impl Store) {
    let refused = |file: &str, row| RefusedRow {
        file: file.to_owned(),
        row,
        reason: contract::sentence!("不可", "no"),
        content: "u-1".to_owned(),
    };
    let rows = [refused("a.csv", 1), refused("a.csv", 2), refused("b.csv", 1)];
    let step = Transaction {
        outbox: vec![effect("m-2", at(1)), effect("m-1", at(2)), effect("m-3", at(0))],
        refused_rows: rows.to_vec(),
        ..Transaction::default()
    };
    store.commit(&step).await.unwrap();
    fn part<'a>(after: &'a str, account: Option<&'a AccountId>) -> ListPart<'a> {
        ListPart { after, account, limit: 2 }
    }
    let ids = |rows: Vec<engine::OutboxRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    let (own, other) = (account(), "A-2".into());
    assert_eq!(ids(store.outbox_part(part("", Some(&own))).await.unwrap()), ["m-1", "m-2"]);
    assert_eq!(ids(store.outbox_part(part("m-2", None)).await.unwrap()), ["m-3"]);
    assert_eq!(ids(store.outbox_part(part("", Some(&other))).await.unwrap()), [""; 0]);
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let found = store.refused_part("", part(&after, None)).await.unwrap();
        let Some((last, _)) = found.last() else { break };
        after.clone_from(last);
        seen.extend(found.into_iter().map(|(_, row)| row));
    }
    seen.sort_by(|a, b| (&a.file, a.row).cmp(&(&b.file, b.row)));
    assert_eq!(seen, rows);
    let of_file = store.refused_part("b.csv", part("", None)).await.unwrap();
    assert_eq!(of_file.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), rows[2..]);
}

fn view(kind: &str, id: &str, account: &str, content: Value) -> ViewRow {
    let (kind, id) = (kind.to_owned(), id.to_owned());
    ViewRow { kind, id, account: account.into(), content }
}

/// Two customers; the first has two invoices, one of which is paid, and a voided one.
async fn invoices(store: &impl Store) {
    let tasks = |name: &str, days: &[&str]| {
        let tasks: Vec<_> = days.iter().map(|day| json!({ "task": "x", "on": day })).collect();
        json!({ "name": name, "tasks": tasks, "about": "K-1" })
    };
    // Some names cannot stand in a text of PostgreSQL as they are.
    let odd = "株式会社\u{0}\\u0000青葉";
    let rows = vec![
        view("account", "A-1", "A-1", tasks(odd, &["2026-03-01", "2026-01-01"])),
        view("account", "A-2", "A-2", tasks("Ｍｉｄｏｒｉ", &["2026-02-01"])),
        view("invoice", "I-1", "A-1", json!({ "total": 300, "left": 0, "due": "2026-05-31" })),
        view("invoice", "I-2", "A-1", json!({ "total": 200, "left": 50, "due": "2026-04-30" })),
        view(
            "invoice",
            "I-3",
            "A-2",
            json!({ "total": -9, "left": -9, "end": { "on": "2026-01-01" } }),
        ),
        view("invoice", "I-4", "A-2", json!({ "status": "voided" })),
        view("contract", "K-1", "A-2", json!({ "total": "no number", "late": true })),
        view("contract", "K-2", "A-2", json!({ "late": false })),
    ];
    let step = Transaction { views: rows, ..Transaction::default() };
    store.commit(&step).await.unwrap();
}

fn ids(found: &ListFound<ViewRow>) -> Vec<&str> {
    found.rows.iter().map(|listed| listed.row.id.as_str()).collect()
}

pub(super) async fn read_models_are_listed_filtered_in_an_order_and_summed_up(store: &impl Store) {
    invoices(store).await;
    let invoices = async |tests: Vec<Test>, order: Vec<Order>| {
        let query = ListQuery { tests, order, limit: 9, ..ListQuery::default() };
        store.list_views(ListOf::Kind("invoice"), &query).await.unwrap()
    };
    let total = Field::Number("total");
    let due = Field::Text("due");
    assert_eq!(ids(&invoices(vec![], vec![]).await), ["I-1", "I-2", "I-3"]);
    let by_total = invoices(vec![], vec![Order::rising(total)]).await;
    assert_eq!(ids(&by_total), ["I-3", "I-2", "I-1"]);
    assert_eq!(by_total.rows[0].name, "Ｍｉｄｏｒｉ");
    // What has no day comes last, either way.
    assert_eq!(ids(&invoices(vec![], vec![Order::rising(due)]).await), ["I-2", "I-1", "I-3"]);
    assert_eq!(ids(&invoices(vec![], vec![Order::falling(due)]).await), ["I-1", "I-2", "I-3"]);
    let named = [Order::rising(Field::Name), Order::falling(Field::Id)];
    let named = invoices(vec![], named.to_vec()).await;
    assert_eq!(ids(&named), ["I-2", "I-1", "I-3"], "texts are compared byte by byte");

    let unended = [Order::rising(Field::Has("end.on")), Order::falling(total)];
    assert_eq!(ids(&invoices(vec![], unended.to_vec()).await), ["I-1", "I-2", "I-3"]);
    let unless = Order::falling(Field::Unless("due", "status"));
    assert_eq!(ids(&invoices(vec![], vec![unless]).await), ["I-1", "I-2", "I-3"]);
    let paid_last = Order::rising(Field::Unless("end.on", "due"));
    assert_eq!(ids(&invoices(vec![], vec![paid_last]).await), ["I-3", "I-1", "I-2"]);

    let left = Field::Number("left");
    let cases = [
        (Test::from(left, 1), vec!["I-2"]),
        (Test::up_to(left, 0), vec!["I-1", "I-3"]),
        (Test::before(left, 0), vec!["I-3"]),
        (Test::Less(left, total), vec!["I-1", "I-2"]),
        (Test::Missing(due), vec!["I-3"]),
        (Test::present(Field::Text("end.on")), vec!["I-3"]),
        (Test::is(due, "2026-05-31").negated(), vec!["I-2", "I-3"]),
        (Test::one_of(Field::Id, &["I-1", "I-3"]), vec!["I-1", "I-3"]),
        (Test::one_of(Field::Id, &[]), vec![]),
        (Test::is(Field::Account, "A-2"), vec!["I-3"]),
        (Test::Holds(due, "-04-".to_owned()), vec!["I-2"]),
        (Test::Sought("midori".to_owned()), vec!["I-3"]),
        (Test::Sought("i-1".to_owned()), vec!["I-1"]),
        (Test::Named("mido".to_owned()), vec![]),
        (Test::Named("midori".to_owned()), vec!["I-3"]),
    ];
    for (test, expected) in cases {
        let told = format!("{test:?}");
        assert_eq!(ids(&invoices(vec![test], vec![]).await), expected, "{told}");
    }
    let flagged = ListQuery::first(9, vec![Test::True("late")], vec![]);
    let flagged = store.list_views(ListOf::Kind("contract"), &flagged).await.unwrap();
    assert_eq!(ids(&flagged), ["K-1"]);

    let (order, sums) = (vec![Order::falling(total)], vec![total, left]);
    let part = ListQuery { order, skip: 1, limit: 1, sums, ..ListQuery::default() };
    let part = store.list_views(ListOf::Kind("invoice"), &part).await.unwrap();
    assert_eq!((ids(&part), part.count, &*part.sums), (vec!["I-2"], 3, &[491, 41][..]));
    let none = ListQuery { sums: vec![total], ..ListQuery::counting(vec![Test::from(left, 99)]) };
    let none = store.list_views(ListOf::Kind("invoice"), &none).await.unwrap();
    assert_eq!((none.rows.len(), none.count, &*none.sums), (0, 0, &[0][..]));
}

pub(super) async fn what_stands_within_accounts_is_listed(store: &impl Store) {
    invoices(store).await;
    let tasks = async |tests: Vec<Test>| {
        let query = ListQuery::first(2, tests, vec![Order::rising(Field::Text("on"))]);
        store.list_views(ListOf::Within("tasks"), &query).await.unwrap()
    };
    let all = tasks(vec![]).await;
    assert_eq!((ids(&all), all.count), (vec!["A-1", "A-2"], 3));
    assert_eq!(all.rows[0].row.content, json!({ "task": "x", "on": "2026-01-01" }));
    assert_eq!((all.rows[1].name.as_str(), &*all.rows[1].row.account.0), ("Ｍｉｄｏｒｉ", "A-2"));
    let later = tasks(vec![Test::from(Field::Text("on"), "2026-02-01")]).await;
    assert_eq!(ids(&later), ["A-2", "A-1"]);
    assert_eq!(ids(&tasks(vec![Test::Sought("midori".to_owned())]).await), ["A-2"]);
}

pub(super) async fn effects_refused_rows_and_movements_are_listed(store: &impl Store) {
    invoices(store).await;
    let mut told = effect("m-2", at(2));
    told.payload = json!({ "notice": "N-1" });
    let refused = |file: &str, row| RefusedRow {
        file: file.to_owned(),
        row,
        reason: contract::sentence!("不可", "no"),
        content: format!("u-{row}"),
    };
    let moved = |id: &str, content| WaitingMovement {
        id: id.to_owned(),
        file: "a.txt".to_owned(),
        row: 1,
        reason: String::new(),
        content,
    };
    let step = Transaction {
        outbox: vec![effect("m-1", at(1)), told, effect("m-3", at(3))],
        refused_rows: vec![refused("b.csv", 1), refused("a.csv", 10), refused("a.csv", 9)],
        movements: vec![
            moved("d-1", json!({ "on": "2026-02-01", "amount": 5 })),
            moved("d-2", json!({ "on": "2026-01-01", "amount": 700 })),
            moved("d-3", Value::Null),
            moved("d-4", json!({ "amount": 9 })),
        ],
        movement_marks: vec![MovementMark { id: "d-4".to_owned(), waits: false }],
        ..Transaction::default()
    };
    store.commit(&step).await.unwrap();
    let next = vec![Order::falling(Field::Number("next_at"))];
    let all = store.list_effects(&ListQuery::first(2, vec![], next)).await.unwrap();
    let of = |listed: &engine::listed::Listed<engine::OutboxRow>| listed.row.id.clone();
    assert_eq!(
        (all.rows.iter().map(of).collect::<Vec<_>>(), all.count),
        (vec!["m-3".to_owned(), "m-2".to_owned()], 3)
    );
    let notice = Test::is(Field::Text("payload.notice"), "N-1");
    let waits = Test::is(Field::Text("state"), "waiting");
    let found =
        store.list_effects(&ListQuery::first(9, vec![notice, waits], vec![])).await.unwrap();
    assert_eq!(found.rows.iter().map(of).collect::<Vec<_>>(), ["m-2"]);
    assert_eq!(found.rows[0].row.payload, json!({ "notice": "N-1" }));

    let rows = store.list_refused(&ListQuery::first(9, vec![], vec![])).await.unwrap().rows;
    let rows: Vec<_> = rows.iter().map(|one| (one.row.file.as_str(), one.row.row)).collect();
    assert_eq!(rows, [("a.csv", 9), ("a.csv", 10), ("b.csv", 1)]);
    let of_file = vec![Test::is(Field::Text("file"), "b.csv")];
    assert_eq!(store.list_refused(&ListQuery::counting(of_file)).await.unwrap().count, 1);

    let amount = Field::Number("amount");
    let by_amount = ListQuery {
        sums: vec![amount],
        ..ListQuery::first(9, vec![], vec![Order::rising(amount)])
    };
    let waiting = store.list_movements(&by_amount).await.unwrap();
    let rows: Vec<_> = waiting.rows.iter().map(|one| one.row.id.as_str()).collect();
    assert_eq!((rows, waiting.count, &*waiting.sums), (vec!["d-1", "d-2", "d-3"], 3, &[705][..]));
}
