//! What has a door is brought over the API as on its page.

use axum::http::StatusCode;
use contract::declare::door::{Doorway, When};
use contract::declare::fact::Fact;
use contract::road::stream::Content;
use reckon::Yen;
use serde_json::{Value, json};

use super::Office;
use crate::web::Front;
use crate::web::api::doors;
use crate::web::openapi::document;

/// June is unpaid, and nobody has suspended yet.
const UNPAID: &str = "2026-09-07T09:00:00";

fn problem(answer: &super::Answer) -> String {
    answer.json()["detail"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn every_door_is_an_operation_that_asks_for_what_its_page_asks() {
    let document = document(&Front::default());
    let mut doors_seen = 0;
    for doorway in Doorway::all() {
        let path = doors::template(&doorway);
        let operation = &document["paths"][&path]["post"];
        let word = doorway.word();
        assert_eq!(operation["operationId"], word, "{path}");
        assert_eq!(operation["x-clauses"], json!(doorway.kind.clauses), "{word}");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let asked = schema["properties"].as_object().expect("fields").keys();
        let mut asked: Vec<_> = asked.map(String::as_str).collect();
        let fields = doorway.door.fields.iter().filter(|field| field.is_named());
        let mut declared: Vec<_> = fields.map(|field| field.called).collect();
        let at = matches!(doorway.door.when, When::Asked(_)).then_some("at");
        declared.extend(at.into_iter().chain(["reason", "role"]));
        asked.sort_unstable();
        declared.sort_unstable();
        assert_eq!(asked, declared, "{word}");
        doors_seen += 1;
    }
    assert!(doors_seen > 30, "{doors_seen}");
}

#[tokio::test]
async fn a_fact_is_brought_by_the_fields_of_its_door() {
    let office = Office::at(UNPAID).await;
    let path = "/api/v1/invoices/INV-2026-000002/payment-disputed";
    let whole = json!({
        "with": "カード会社", "about": "二重の請求", "document": "メール 9月5日",
        "at": "2026-09-05T10:11:12+09:00",
    });
    let without = |field: &str| {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(field);
        body
    };
    let with = |field: &str, value: Value| {
        let mut body = whole.clone();
        body[field] = value;
        body
    };
    for (body, said) in [
        (without("about"), "about：紛争の内容"),
        (with("amount", json!(3)), "項目：with, about, document"),
        (with("about", json!(["a"])), "文字か数"),
        (with("at", json!("2026-09-08T10:00:00+09:00")), "より後です"),
    ] {
        let answer = office.post_keyed(path, "dispute-1", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(problem(&answer).contains(said), "{said}: {}", problem(&answer));
    }
    let done = office.post_keyed(path, "dispute-1", whole.clone()).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let again = office.post_keyed(path, "dispute-1", whole.clone()).await;
    assert_eq!((again.status, &again.json()["repeated"]), (StatusCode::OK, &json!(true)));
    let other = office.post_keyed(path, "dispute-1", with("about", json!("別のこと"))).await;
    assert_eq!(other.json()["type"], "urn:yakkan:problem:key-used", "{}", other.text);
    let account = office.account().await;
    let entries = office.get(&format!("/api/v1/accounts/{account}/entries?limit=200")).await;
    let entries = entries.json();
    let entries = entries["items"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["input"]["id"] == "dispute-1").expect("there");
    assert_eq!(entry["input"]["occurred_at"], "2026-09-05T10:11:12+09:00", "to the second");
    let nowhere = "/api/v1/invoices/INV-2026-999999/payment-disputed";
    let nothing = office.post_keyed(nowhere, "dispute-2", whole).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND, "{}", nothing.text);
}

/// What an entry holds of its moment cannot be another one when it is sent again.
#[tokio::test]
async fn a_statement_owes_when_it_arrived_and_is_the_same_when_it_comes_again() {
    let office = Office::at(UNPAID).await;
    let (contract, _) = office.only("contract").await;
    let path = format!("/api/v1/contracts/{contract}/non-renewal");
    let without = office.post_keyed(&path, "stated-1", json!({ "channel": "email" })).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", without.text);
    assert!(problem(&without).contains("届いた日時"), "{}", problem(&without));
    let body = json!({ "channel": "email", "at": "2026-09-05T10:11:12+09:00" });
    let done = office.post_keyed(&path, "stated-1", body.clone()).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    office.clock.move_to("2026-09-07T11:00:00".parse().unwrap());
    let again = office.post_keyed(&path, "stated-1", body).await;
    assert_eq!((again.status, &again.json()["repeated"]), (StatusCode::OK, &json!(true)));
    let account = office.account().await;
    let entries = office.get(&format!("/api/v1/accounts/{account}/entries?limit=200")).await;
    let entries = entries.json();
    let mut entries = entries["items"].as_array().unwrap().iter();
    let entry = entries.find(|entry| entry["input"]["id"] == "stated-1").expect("there");
    let statement = &entry["input"]["content"]["fact"]["statement"];
    assert_eq!((&statement["by"], &statement["channel"]), (&json!("customer"), &json!("email")));
    for at in ["sent_at", "arrived_at"] {
        assert_eq!(statement[at], "2026-09-05T10:11:12+09:00", "{statement}");
    }
    assert!(statement["against"].is_null(), "the first end in time: {statement}");
}

/// Of the customer, on the page of a contract: the entry names neither.
#[tokio::test]
async fn money_held_goes_back_on_the_page_of_a_contract() {
    let office = Office::at(UNPAID).await;
    let (contract, account) = office.only("contract").await;
    let path = format!("/contracts/{contract}/held-returned");
    let fields = [("on", "2026-09-07"), ("amount", "500"), ("reference", "FB-17")];
    office.done("takahashi", &path, &fields).await;
    let records = office.engine.records(&account.as_str().into()).await.unwrap();
    let returned = records.iter().find_map(|record| match &record.input.content {
        Content::Fact(Fact::HeldReturned(returned)) => Some((record, returned)),
        _ => None,
    });
    let (record, returned) = returned.expect("it is registered");
    assert_eq!((returned.amount, returned.reference.as_str()), (Yen(500), "FB-17"));
    assert_eq!(record.input.occurred_at, "2026-09-07T09:00:00".parse().unwrap());
}

/// What of the registered data was told last, as it is stored.
async fn last_told(office: &Office) -> Value {
    let account = office.account().await;
    let records = office.engine.records(&account).await.unwrap();
    let mut told = records.iter().rev().filter_map(|record| match &record.input.content {
        Content::Fact(fact @ Fact::DataChangeNotified(_)) => Some(json!(fact)),
        _ => None,
    });
    told.next().expect("something was told")
}

#[tokio::test]
async fn registered_data_is_changed_by_what_is_said_and_never_by_what_is_left_out() {
    let office = Office::at(UNPAID).await;
    let (contract, _) = office.only("contract").await;
    let path = |door: &str| format!("/api/v1/contracts/{contract}/{door}");
    let send =
        async |door: &str, key: &str, body: Value| office.post_keyed(&path(door), key, body).await;
    let address = "神奈川県横浜市中区新港二丁目2番2号";
    let moved = json!({
        "company": "青葉製作所株式会社", "kana": "アオバセイサクショ", "title": "代表取締役",
        "corporate_number": "2010001034837", "postal_code": "2310001", "address": address,
        "planned_on": "2026-10-01",
    });
    let mut part = moved.clone();
    part.as_object_mut().unwrap().remove("company");
    let refused = send("change-company", "part", part).await;
    assert!(problem(&refused).contains("会社名"), "not that of today: {}", refused.text);
    let mut other = moved.clone();
    other["corporate_number"] = json!("9010001000007");
    let refused = send("change-company", "other", other).await;
    assert!(problem(&refused).contains("別の法人番号は別の会社です"), "{}", refused.text);
    let done = send("change-company", "moved", moved).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let company = &last_told(&office).await["what"]["company"];
    assert_eq!(
        (&company["address"], &company["postal_code"]),
        (&json!(address), &json!("231-0001"))
    );
    assert_eq!(company["name"], "青葉製作所株式会社", "{company}");

    let half = json!({ "of": "all", "name": "見本経理株式会社", "planned_on": "2026-10-01" });
    let half = send("change-bill-to", "half", half).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", half.text);
    let said = problem(&half);
    assert!(said.contains("郵便番号") && said.contains("住所") && !said.contains("部署"), "{said}");
    let whole = json!({
        "of": contract, "name": "見本経理株式会社", "postal_code": "100-0002",
        "address": "東京都千代田区2-2", "unplanned": true, "planned_on": "2026-09-07",
    });
    let done = send("change-bill-to", "whole", whole).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let told = last_told(&office).await;
    assert_eq!((&told["what"]["contract"], &told["unplanned"]), (&json!(contract), &json!(true)));
    let part = json!({ "of": contract, "name": "別の経理株式会社", "planned_on": "2026-09-07" });
    let part = send("change-bill-to", "part", part).await;
    assert!(problem(&part).contains("住所"), "not that of before: {}", part.text);
    let nothing = send("change-bill-to", "nothing", json!({ "planned_on": "2026-10-01" })).await;
    let said = problem(&nothing);
    assert!(said.contains("of：") && said.contains("name："), "{said}");
    let back = |is_so: Value| json!({ "of": "all", "customer": is_so, "planned_on": "2026-10-01" });
    let text = send("change-bill-to", "text", back(json!("true"))).await;
    assert!(problem(&text).contains("true か false"), "{}", text.text);
    let back = send("change-bill-to", "back", back(json!(true))).await;
    assert_eq!(back.status, StatusCode::CREATED, "{}", back.text);
    assert_eq!(last_told(&office).await["what"], json!({ "item": "bill_to" }), "of all contracts");

    let names = json!({
        "payer1": "アオバケイリ", "payer3": "ｱｵﾊﾞｼﾖｳｼﾞ", "planned_on": "2026-10-01",
    });
    let done = send("change-payers", "payers", names).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let told = last_told(&office).await;
    assert_eq!(told["what"]["names"], json!(["ｱｵﾊﾞｹｲﾘ", "ｱｵﾊﾞｼﾖｳｼﾞ"]), "no gap");
}

/// A box leaves out what is prefilled; without it half of an addressee is none.
#[tokio::test]
async fn invoices_go_back_to_the_customer_by_one_box() {
    let office = Office::at(UNPAID).await;
    let (contract, _) = office.only("contract").await;
    let path = format!("/contracts/{contract}/change-bill-to");
    let when = [("at", "2026-09-07T08:30"), ("planned_on", "2026-10-01")];
    let of = [("of", contract.as_str()), ("name", "見本経理株式会社")];
    let half: Vec<_> = when.into_iter().chain(of).collect();
    let refused = office.look("sato", &path, &half).await;
    assert!(refused.text.contains("住所を入力してください"), "{}", refused.text);
    let box_ticked: Vec<_> = half.iter().copied().chain([("customer", "yes")]).collect();
    office.done("sato", &path, &box_ticked).await;
    let told = last_told(&office).await;
    assert_eq!(told["what"], json!({ "item": "bill_to", "contract": contract }));
}

#[tokio::test]
async fn a_person_who_is_brought_open_is_sealed_by_the_road() {
    let office = Office::at(UNPAID).await;
    let (contract, account) = office.only("contract").await;
    let application = contract.replace("K-", "P-");
    let of = |mail: &str| {
        json!({
            "contact": "technical", "name": "新井　空", "mail": mail, "phone": "045-000-9999",
        })
    };
    let from = |mail: &str| {
        let mut body = of(mail);
        body["planned_on"] = json!("2026-09-07");
        body
    };
    let now =
        (format!("/api/v1/applications/{application}/contact"), &of as &dyn Fn(&str) -> Value);
    let planned = (format!("/api/v1/contracts/{contract}/change-contact"), &from as _);
    for (path, person) in [now, planned] {
        let wrong = office.post_keyed(&path, "wrong", person("nobody")).await;
        assert!(problem(&wrong).contains("メールアドレス"), "{}", wrong.text);
        let done = office.post_keyed(&path, &path, person("arai@aoba.example")).await;
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
        let again = office.post_keyed(&path, &path, person("arai@aoba.example")).await;
        assert_eq!(again.json()["repeated"], true, "{}", again.text);
        let other = office.post_keyed(&path, &path, person("sora@aoba.example")).await;
        assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text);
    }
    // Only a door takes somebody who is not sealed.
    let fact = json!({
        "type": "contact_changed", "application": application, "role": "technical",
        "person": { "role": "technical", "name": "新井", "mail": "a@b.example", "phone": "1" },
    });
    let correction = json!({
        "type": "correct_entry", "of": "x", "by": fact, "occurred_at": "2026-09-07T08:00:00",
    });
    for (path, body) in [
        ("/api/v1/facts", json!({ "account": account, "content": fact })),
        ("/api/v1/proposals", json!({ "account": account, "content": correction })),
    ] {
        let raw = office.post_keyed(path, "raw", body).await;
        assert_eq!(raw.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", raw.text);
    }
    let entries = office.get(&format!("/api/v1/accounts/{account}/entries?limit=200")).await.text;
    assert!(!entries.contains("arai@") && !entries.contains("新井"), "the record names a row only");
    let people = office.get(&format!("/api/v1/contracts/{contract}/people")).await.text;
    assert!(people.contains("arai@"), "{people}");
}

#[tokio::test]
async fn what_takes_a_second_person_is_proposed_and_waits_once() {
    let office = Office::at(UNPAID).await;
    let contract = office.only("contract").await.0;
    let path = format!("/api/v1/contracts/{contract}/suspend");
    let body = json!({ "role": "collections", "reason": "六月分が未払い" });
    let proposed = office.post_keyed(&path, "suspend-1", body.clone()).await;
    assert_eq!(proposed.status, StatusCode::CREATED, "{}", proposed.text);
    let waiting = office.get("/api/v1/proposals").await.json();
    let act = &waiting["items"][0];
    assert!(act.to_string().contains("\"suspend\""), "{act}");
    let again = office.post_keyed(&path, "suspend-1", body.clone()).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
    let other = office.post_keyed(&path, "suspend-2", body).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(problem(&other).contains("承認を待っています"), "{}", other.text);
}

#[tokio::test]
async fn whoever_may_not_bring_it_is_turned_away() {
    let office = Office::at(UNPAID).await;
    let contract = office.only("contract").await.0;
    let path = format!("/api/v1/contracts/{contract}/suspended");
    let body = json!({ "role": "billing" });
    let answer = office.post_keyed(&path, "suspended-1", body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
}
