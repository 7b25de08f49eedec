//! What could not be sent is mended on its page, or over the API.

use axum::http::StatusCode;
use contract::declare::ids::AccountId;
use contract::road::stream::Content;
use engine::effect::InvoiceMail;
use engine::{Effect, Object, OutboxRow, OutboxState, Transaction, system};
use serde_json::{Value, json};

use super::announce::announced;
use super::matters::reported;
use super::{EVERYTHING, Office};

/// The first invoices have been issued.
const BILLED: &str = "2026-09-08T10:30:00";

/// The mail of an invoice that the own server refused.
pub async fn refused(office: &Office, id: &str) -> String {
    let (_, account) = office.only("contract").await;
    let effect = Effect::from(InvoiceMail { number: "INV-2026-000001".to_owned() });
    let row = row(office, id, account.as_str().into(), &effect);
    let step = Transaction { outbox: vec![row], ..Transaction::default() };
    office.engine.store.commit(&step).await.unwrap();
    format!("/outbox/{id}")
}

fn row(office: &Office, id: &str, account: AccountId, effect: &Effect) -> OutboxRow {
    OutboxRow {
        id: id.to_owned(),
        account,
        kind: effect.of().kind.to_owned(),
        payload: json!(effect),
        state: OutboxState::Refused,
        attempts: 1,
        next_at: office.engine.now(),
        expires_at: None,
        maybe_sent: false,
        last_reply: "550 5.1.1 no such user".to_owned(),
    }
}

async fn state(office: &Office, id: &str) -> OutboxState {
    let rows = office.engine.store.outbox().await.unwrap();
    rows.into_iter().find(|row| row.id == id).unwrap().state
}

#[tokio::test]
async fn whoever_is_told_of_a_refused_mail_can_send_it_again_from_there() {
    let office = Office::at(BILLED).await;
    let path = refused(&office, "invoice-a").await;
    for page in ["/waiting", "/outbox"] {
        let person = if page == "/outbox" { "suzuki" } else { "takahashi" };
        let shown = office.get_as(person, page).await.text;
        assert!(shown.contains(&format!("href=\"{path}\"")), "{page}: {shown}");
    }
    let shown = office.get_as("sato", "/waiting").await.text;
    assert!(!shown.contains(&path), "it is not for the order desk");
    let looked = office.look("takahashi", &path, &[("what", "again")]).await;
    assert_eq!(looked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(looked.text.contains("理由を入力してください"), "{}", looked.text);
    let owed = [("what", "let_go"), ("reason", "不要")];
    let refused = office.fill("takahashi", &path, &owed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("まだ行う必要があります"), "{}", refused.text);
    let again = [("what", "again"), ("reason", "宛先を直した")];
    office.done("takahashi", &path, &again).await;
    office.engine.settle().await.unwrap();
    assert_eq!(state(&office, "invoice-a").await, OutboxState::Settled);
    assert_eq!(state(&office, "invoice-a~2").await, OutboxState::Done);
    assert!(office.get_as("takahashi", &path).await.text.contains("対応済み"));
}

#[tokio::test]
async fn what_rests_on_nothing_any_more_is_not_offered_again() {
    let office = Office::at(BILLED).await;
    let (_, account) = office.only("contract").await;
    let effect = Effect::from(InvoiceMail { number: "INV-2026-999999".to_owned() });
    let row = row(&office, "invoice-gone", account.as_str().into(), &effect);
    let step = Transaction { outbox: vec![row], ..Transaction::default() };
    office.engine.store.commit(&step).await.unwrap();
    let page = office.get_as("takahashi", "/outbox/invoice-gone").await.text;
    assert!(page.contains("もとになったことが変わったため"), "{page}");
    assert!(!page.contains("もう一度送る") && page.contains("もう要らない"), "{page}");
    let let_go = [("what", "let_go"), ("reason", "請求書がない")];
    office.done("takahashi", "/outbox/invoice-gone", &let_go).await;
    let page = office.get_as("takahashi", "/outbox/invoice-gone").await.text;
    assert!(page.contains("もう要らないことにしました（"), "{page}");
    assert!(
        page.contains("その前：<span lang=\"en\">550 5.1.1 no such user"),
        "a server is heard as it spoke: {page}"
    );
    let other = refused(&office, "invoice-still").await;
    let page = office.get_as("takahashi", &other).await.text;
    assert!(page.contains("いまの宛先") && page.contains("もう一度送る"), "{page}");
}

fn json_of(body: &serde_json::Value) -> (String, &'static str) {
    (body.to_string(), "application/json")
}

#[tokio::test]
async fn a_program_says_how_it_was_done_and_a_stranger_to_it_is_refused() {
    let office = Office::at(BILLED).await;
    refused(&office, "invoice-b").await;
    let body = json!({
        "mending": { "type": "elsewhere", "way": "post", "at": "2026-09-08T10:00:00+09:00",
                     "reference": "引受番号 123" },
        "reason": "郵送した",
    });
    let path = "/api/v1/outbox/invoice-b/mending";
    let refused = office.post_keyed_as("sato", path, "m-1", json_of(&body)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let done = office.post_keyed_as("takahashi", path, "m-2", json_of(&body)).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    assert_eq!(done.json()["tried_as"], json!(null));
    assert_eq!(state(&office, "invoice-b").await, OutboxState::Done);
    let other = office.post_keyed_as("takahashi", path, "m-3", json_of(&body)).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.text);
}

/// whoever decides on resuming is told, and collections with them.
#[tokio::test]
async fn a_ground_that_falls_away_stands_in_the_lists_of_approver_and_collections() {
    let office = Office::at(BILLED).await;
    let (contract, account) = office.only("contract").await;
    let decides = "提供再開の作業";
    for person in ["watanabe", "tanaka"] {
        assert!(!office.get_as(person, "/waiting").await.text.contains(decides), "{person}");
    }
    let state = office.engine.state(&account.as_str().into()).await.unwrap();
    let owed: i64 = state.receivables.values().map(|one| one.outstanding.0).sum();
    let paid = json!({
        "account": account,
        "content": { "type": "payment_credited", "on": "2026-09-08", "amount": owed, "payer": "ｱ" },
    });
    let taken =
        office.post_keyed_as("takahashi", "/api/v1/facts", "paid-all", json_of(&paid)).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
    for person in ["watanabe", "tanaka"] {
        assert!(office.get_as(person, "/waiting").await.text.contains(decides), "{person}");
    }
    let page = format!("/contracts/{contract}");
    let resume = format!("href=\"{page}/resume\"");
    assert!(office.get_as("watanabe", &page).await.text.contains(&resume));
    office
        .done("watanabe", &format!("{page}/resume"), &[("sure", "yes"), ("reason", "入金を確認")])
        .await;
    assert!(!office.get_as("watanabe", &page).await.text.contains(&resume), "it is decided");
}

/// A credit note that lowers the first invoice.
async fn credited(office: &Office, account: &AccountId) {
    let state = office.engine.state(account).await.unwrap();
    let invoice = &state.receivables["INV-2026-000001"].invoice;
    let mut note = golden("contract/tests/golden/fact.credit_note_issued.json");
    note["invoice"] = json!(invoice.number);
    note["lines"] = json!([invoice.lines[0]]);
    note["lines"][0]["amount"] = json!(-100_000);
    let note = Content::Fact(serde_json::from_value(note).unwrap());
    let input = office.engine.input("credited", account, &system(), "test", note);
    office.engine.register(input).await.unwrap();
}

fn golden(path: &str) -> Value {
    let path = format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The golden sample of every kind of effect, which tests of the engine hold complete.
fn samples() -> Vec<Value> {
    let folder = format!("{}/../engine/tests/whole/golden", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let names: Vec<_> = files.map(|name| name.into_string().unwrap()).collect();
    let effects = names.iter().filter(|name| name.starts_with("effect."));
    effects.map(|name| golden(&format!("engine/tests/whole/golden/{name}"))).collect()
}

#[tokio::test]
async fn every_letter_that_was_refused_is_found_and_mended_from_the_page_of_its_object() {
    let office = Office::at(BILLED).await;
    let (contract, account) = office.only("contract").await;
    let account = AccountId(account);
    let application = office.only("application").await.0;
    let (matter, notice) = (reported(&office).await, announced(&office).await);
    credited(&office, &account).await;
    let samples = samples();
    assert_eq!(samples.len(), Effect::KINDS.len());
    for (number, mut payload) in samples.into_iter().enumerate() {
        let ids = [
            ("contract", &contract),
            ("application", &application),
            ("matter", &matter),
            ("notice", &notice),
        ];
        for (field, id) in ids {
            if payload[field].is_string() {
                payload[field] = json!(id);
            }
        }
        let effect: Effect = serde_json::from_value(payload.clone()).unwrap();
        let page = match effect.of().object {
            Object::Application => format!("/applications/{application}"),
            Object::Contract => format!("/contracts/{contract}"),
            Object::Invoice | Object::CreditNote => "/invoices/INV-2026-000001".to_owned(),
            Object::Matter => format!("/matters/{matter}"),
            Object::Notice => format!("/announcements/{notice}"),
            Object::Customer => format!("/customers/{account}"),
            Object::File => "/refused".to_owned(),
        };
        let is_of_operator = effect.of().object == Object::File;
        let of = if is_of_operator { "operator".into() } else { account.clone() };
        let id = format!("{}-test-{number}", effect.name());
        let row = row(&office, &id, of, &effect);
        let step = Transaction { outbox: vec![row], ..Transaction::default() };
        office.engine.store.commit(&step).await.unwrap();

        let link = format!("href=\"/outbox/{id}\"");
        let section = async |page: &str| {
            let shown = office.get(page).await;
            assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text);
            let section = shown.text.split("<h2>送れなかったもの</h2>").nth(1).unwrap_or_default();
            section.split("</section>").next().unwrap_or_default().to_owned()
        };
        let shown = section(&page).await;
        assert!(shown.contains(&link) && shown.contains("対応する"), "{id} on {page}: {shown}");
        if !is_of_operator {
            let of_customer = section(&format!("/customers/{account}")).await;
            assert!(of_customer.contains(&link), "{id}: {of_customer}");
        }
        // Mended from there, it stands there no longer.
        let how = match effect.of().ways.first() {
            Some(way) => vec![
                ("what", "elsewhere".to_owned()),
                ("way", json!(way).as_str().unwrap().to_owned()),
                ("at", office.engine.now().to_minute_text().replace(' ', "T")),
                ("reference", "控え 1".to_owned()),
            ],
            None => vec![("what", "let_go".to_owned())],
        };
        let mut form: Vec<_> = how.iter().map(|(name, value)| (*name, value.as_str())).collect();
        form.push(("reason", "確かめた"));
        office.done(EVERYTHING, &format!("/outbox/{id}"), &form).await;
        assert!(!section(&page).await.contains(&link), "{id} on {page}");
    }
}
