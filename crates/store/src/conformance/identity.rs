//! Credentials, sessions, keys and the access log.

use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::listed::{Field, ListQuery, Order, Test};
use engine::{
    Access, AccessQuery, ApiKey, OperatorEntry, Session, SetUpLink, Stage, Store, Transaction,
    WaysEnded,
};
use serde_json::json;

use super::given::{account, at, step};

pub(super) async fn attempts_are_counted_before_they_are_looked_at(store: &impl Store) {
    let identity = store.identity();
    assert_eq!(identity.credential("sato").await.unwrap(), None);
    assert!(!identity.begin_attempt("sato", 0, None).await.unwrap(), "nobody is there");
    identity.set_password("sato", "phc-1", at(1)).await.unwrap();
    assert!(identity.begin_attempt("sato", 0, None).await.unwrap());
    assert!(!identity.begin_attempt("sato", 0, None).await.unwrap(), "two at once");
    assert!(identity.begin_attempt("sato", 1, Some(at(60))).await.unwrap());
    let blocked = identity.credential("sato").await.unwrap().unwrap();
    assert_eq!((blocked.failures, blocked.blocked_until), (2, Some(at(60))));
    identity.forget_failures("sato").await.unwrap();
    let free = identity.credential("sato").await.unwrap().unwrap();
    assert_eq!((free.failures, free.blocked_until), (0, None));
    identity.set_totp("sato", Some("totp/1"), &["h-1".to_owned(), "h-2".to_owned()]).await.unwrap();
    identity.set_password("sato", "phc-2", at(2)).await.unwrap();
    let changed = identity.credentials().await.unwrap().remove(0);
    assert_eq!((changed.password.as_str(), changed.password_set_at), ("phc-2", at(2)));
    assert_eq!(changed.totp.as_deref(), Some("totp/1"));
}

pub(super) async fn a_code_counts_once(store: &impl Store) {
    let identity = store.identity();
    identity.set_password("sato", "phc", at(1)).await.unwrap();
    identity.set_totp("sato", Some("totp/1"), &["h-1".to_owned(), "h-2".to_owned()]).await.unwrap();
    assert!(identity.use_totp_step("sato", 7).await.unwrap());
    for used in [7, 6] {
        assert!(!identity.use_totp_step("sato", used).await.unwrap());
    }
    assert!(identity.use_totp_step("sato", 8).await.unwrap());
    assert!(identity.use_recovery_code("sato", "h-1").await.unwrap());
    assert!(!identity.use_recovery_code("sato", "h-1").await.unwrap());
    assert!(!identity.use_recovery_code("suzuki", "h-2").await.unwrap());
    assert_eq!(identity.recovery_codes_left("sato").await.unwrap(), 1);
    identity.set_totp("sato", None, &[]).await.unwrap();
    assert_eq!(identity.recovery_codes_left("sato").await.unwrap(), 0);
}

pub(super) async fn a_link_serves_once_and_replaces_the_last(store: &impl Store) {
    let identity = store.identity();
    let link = |hash: &str| SetUpLink {
        token_hash: hash.to_owned(),
        person: "sato".to_owned(),
        expires_at: at(9),
        made_by: format!("maker of {hash}"),
        handed_by: (hash == "l-2").then(|| "hara".to_owned()),
    };
    identity.keep_set_up_link(&link("l-1")).await.unwrap();
    identity.keep_set_up_link(&link("l-2")).await.unwrap();
    assert_eq!(identity.set_up_link("l-1").await.unwrap(), None);
    assert_eq!(identity.set_up_link("l-2").await.unwrap(), Some(link("l-2")));
    assert!(identity.use_set_up_link("l-2").await.unwrap());
    assert!(!identity.use_set_up_link("l-2").await.unwrap());
}

fn session(id: &str, person: &str) -> Session {
    Session {
        id: id.to_owned(),
        token_hash: format!("hash-{id}"),
        person: person.to_owned(),
        stage: Stage::Full,
        opened_at: at(1),
        seen_at: at(1),
        ends_at: at(100),
        origin: "192.0.2.1".to_owned(),
        agent: "ブラウザ".to_owned(),
    }
}

pub(super) async fn an_ended_session_is_gone(store: &impl Store) {
    let identity = store.identity();
    for stage in Stage::ALL {
        let of_stage = Session { stage, ..session(stage.name(), "stages") };
        identity.open_session(&of_stage).await.unwrap();
        assert_eq!(identity.session(&of_stage.token_hash).await.unwrap(), Some(of_stage));
    }
    for (id, person) in [("s-1", "sato"), ("s-2", "sato"), ("s-3", "sato"), ("s-4", "suzuki")] {
        identity.open_session(&session(id, person)).await.unwrap();
    }
    identity.touch_session("s-1", at(50)).await.unwrap();
    identity.touch_session("s-1", at(40)).await.unwrap();
    assert_eq!(identity.session("hash-s-1").await.unwrap().unwrap().seen_at, at(50));
    assert!(!identity.end_session("suzuki", "s-1").await.unwrap(), "it is not theirs");
    assert!(identity.end_session("sato", "s-1").await.unwrap());
    assert_eq!(identity.session("hash-s-1").await.unwrap(), None);
    assert_eq!(identity.end_sessions("sato", Some("s-2")).await.unwrap(), 1);
    let left = identity.sessions_of("sato").await.unwrap();
    assert_eq!(left, [session("s-2", "sato")]);
    assert_eq!(identity.sessions_of("suzuki").await.unwrap().len(), 1);
}

fn key(id: &str, account: Option<AccountId>) -> ApiKey {
    ApiKey {
        id: id.to_owned(),
        secret_hash: format!("hash-{id}"),
        person: "robot".to_owned(),
        role: Role::ContractApprover,
        account,
        label: "会計".to_owned(),
        made_at: at(1),
        made_by: "mori".to_owned(),
        expires_at: at(100),
        revoked_at: None,
        used_at: None,
    }
}

pub(super) async fn a_revoked_key_stays_visible(store: &impl Store) {
    let identity = store.identity();
    let (one, two) = (key("k-1", None), key("k-2", Some(account())));
    identity.keep_key(&one).await.unwrap();
    identity.keep_key(&two).await.unwrap();
    assert_eq!(identity.key("k-1").await.unwrap(), Some(one));
    assert_eq!(identity.key("k-2").await.unwrap(), Some(two));
    assert_eq!(identity.key("k-3").await.unwrap(), None);
    identity.touch_key("k-1", at(5)).await.unwrap();
    assert!(identity.revoke_key("k-1", at(6)).await.unwrap());
    assert!(!identity.revoke_key("k-1", at(7)).await.unwrap());
    assert_eq!(identity.revoke_keys_of("robot", at(8)).await.unwrap(), 1);
    let kept = identity.keys().await.unwrap();
    let ends: Vec<_> = kept.iter().map(|key| (key.revoked_at, key.used_at)).collect();
    assert_eq!(ends, [(Some(at(6)), Some(at(5))), (Some(at(8)), None)]);
}

pub(super) async fn every_way_in_ends_at_once(store: &impl Store) {
    let identity = store.identity();
    identity.set_password("sato", "phc", at(1)).await.unwrap();
    identity.open_session(&session("s-1", "sato")).await.unwrap();
    identity.open_session(&session("s-2", "suzuki")).await.unwrap();
    let link = SetUpLink {
        token_hash: "l-1".to_owned(),
        person: "sato".to_owned(),
        expires_at: at(9),
        made_by: "mori".to_owned(),
        handed_by: None,
    };
    identity.keep_set_up_link(&link).await.unwrap();
    for id in ["k-1", "k-2"] {
        identity.keep_key(&key(id, None)).await.unwrap();
    }
    identity.revoke_key("k-1", at(2)).await.unwrap();
    let ended = identity.end_all_ways(at(5)).await.unwrap();
    assert_eq!(ended, WaysEnded { sessions: 2, links: 1, keys: 1 });
    assert_eq!(identity.session("hash-s-1").await.unwrap(), None);
    assert_eq!(identity.set_up_link("l-1").await.unwrap(), None);
    let revoked: Vec<_> = identity.keys().await.unwrap().iter().map(|key| key.revoked_at).collect();
    assert_eq!(revoked, [Some(at(2)), Some(at(5))], "an earlier end stays as it was");
    assert!(identity.credential("sato").await.unwrap().is_some(), "passwords stay");
    assert_eq!(identity.end_all_ways(at(6)).await.unwrap(), WaysEnded::default());
}

fn access(id: &str, second: i64, person: &str, kind: &str) -> Access {
    Access {
        id: id.to_owned(),
        at: at(second),
        person: person.to_owned(),
        key: String::new(),
        kind: kind.to_owned(),
        what: "GET /契約".to_owned(),
        origin: "192.0.2.1".to_owned(),
        detail: String::new(),
    }
}

pub(super) async fn the_access_log_is_paged_and_ends(store: &impl Store) {
    let identity = store.identity();
    let lines = [
        access("01", 1, "sato", "sign_in"),
        access("02", 2, "sato", "read"),
        access("03", 3, "suzuki", "sign_in"),
        access("04", 4, "sato", "sign_in"),
    ];
    for line in &lines {
        identity.note_access(line).await.unwrap();
    }
    let ids = async |query: AccessQuery| -> Vec<String> {
        let found = identity.access_log(&query).await.unwrap();
        found.into_iter().map(|line| line.id).collect()
    };
    let all = AccessQuery { limit: 3, ..AccessQuery::default() };
    assert_eq!(ids(all.clone()).await, ["04", "03", "02"]);
    assert_eq!(ids(AccessQuery { before: Some("02".to_owned()), ..all.clone() }).await, ["01"]);
    let sato = AccessQuery { person: Some("sato".to_owned()), ..all.clone() };
    let signed_in = AccessQuery { kind: Some("sign_in".to_owned()), ..sato.clone() };
    assert_eq!(ids(signed_in).await, ["04", "01"]);
    let between = AccessQuery { from: Some(at(2)), until: Some(at(3)), ..all.clone() };
    assert_eq!(ids(between).await, ["03", "02"]);
    let by_person = vec![Order::falling(Field::Text("person")), Order::falling(Field::Id)];
    let since = Test::from(Field::Number("at"), at(2).unix_seconds());
    let listed = ListQuery { skip: 1, ..ListQuery::first(9, vec![since], by_person) };
    let listed = identity.list_access(&listed).await.unwrap();
    let rows: Vec<_> = listed.rows.into_iter().map(|listed| listed.row).collect();
    assert_eq!((rows, listed.count), (vec![lines[3].clone(), lines[1].clone()], 3));
    let last = identity.last_sign_ins(at(9)).await.unwrap();
    assert_eq!(last, [("sato".to_owned(), at(4)), ("suzuki".to_owned(), at(3))]);
    let earlier = identity.last_sign_ins(at(3)).await.unwrap();
    assert_eq!(earlier, [("sato".to_owned(), at(1)), ("suzuki".to_owned(), at(3))]);
    assert_eq!(identity.forget_access(at(3)).await.unwrap(), 2);
    let kept = identity.access_log(&all).await.unwrap();
    assert_eq!(kept.last(), Some(&lines[2]));
}

pub(super) async fn doings_are_counted_by_person(store: &impl Store) {
    for (index, id) in ["i-1", "i-2"].into_iter().enumerate() {
        store.commit(&step(id, index as u64)).await.unwrap();
    }
    let identity = store.identity();
    let doings = identity.doings(at(0), at(20)).await.unwrap();
    let (person, counted) = &doings[0];
    assert_eq!((person.as_str(), counted.facts, counted.acts), ("花子", 2, 0));
    assert_eq!(counted.last, Some(at(20)));
    assert!(identity.doings(at(21), at(30)).await.unwrap().is_empty());
}

pub(super) async fn streams_have_a_length(store: &impl Store) {
    let entry = |key: &str| OperatorEntry {
        stream: "people".to_owned(),
        key: key.to_owned(),
        kind: "x".to_owned(),
        payload: json!({}),
    };
    assert_eq!(store.operator_stream_length("people").await.unwrap(), 0);
    let operator = vec![entry("1"), entry("2")];
    store.commit(&Transaction { operator, ..Transaction::default() }).await.unwrap();
    assert_eq!(store.operator_stream_length("people").await.unwrap(), 2);
    assert_eq!(store.operator_stream_length("numbers").await.unwrap(), 0);
}
