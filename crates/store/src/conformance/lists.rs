//! Lists that come in parts, in the order of ids.

use contract::declare::ids::AccountId;
use engine::{ListPart, RefusedRow, Store, Transaction, ViewRow};
use serde_json::json;

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
