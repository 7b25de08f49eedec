//! Keys of programs on their pages, and people and keys over the API.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use contract::who::roles::Role;
use serde_json::{Value, json};

use super::{Answer, Office};
use crate::web::parts::escaped;

const PASSWORD: &str = "correct horse battery";

async fn keyed(office: &Office, person: &str, path: &str, key: &str, body: Value) -> Answer {
    office.post_keyed_as(person, path, key, (body.to_string(), "application/json")).await
}

async fn with_key(office: &Office, method: &str, path: &str, key: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost:8080")
        .header("authorization", format!("Bearer {key}"));
    office.ask(request.body(Body::empty()).unwrap()).await
}

/// The key that a page or an answer shows.
fn key_in(text: &str) -> String {
    let from = text.find("yk_").and_then(|at| text[at..].find('_').map(|_| &text[at..]));
    let rest = from.unwrap_or_else(|| panic!("no key in {text}"));
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

async fn program(office: &Office, role: &str) {
    let path = "/api/v1/people";
    let add = json!({ "step": { "type": "add_person", "person": "erp", "name": "ERP", "side": "program" }, "reason": "会計" });
    let added = keyed(office, "mori", path, "p-1", add.clone()).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let twice = keyed(office, "mori", path, "p-1", add).await;
    assert_eq!((twice.status, &twice.json()["repeated"]), (StatusCode::OK, &json!(true)));
    let grant = json!({ "step": { "type": "grant_role", "person": "erp", "role": role } });
    let granted = keyed(office, "mori", path, "p-2", grant).await;
    assert_eq!(granted.status, StatusCode::CREATED, "{}", granted.text);
}

#[tokio::test]
async fn a_key_is_made_with_a_password_shown_once_and_ended() {
    let office = Office::at("2026-04-01T10:00:00").await;
    office.app.door.set_password("mori", PASSWORD, None).await.unwrap();
    program(&office, "billing").await;
    let form = |password: &str| {
        let password = escaped(password);
        format!("what=new&person=erp&role=billing&label=ERP&days=30&present={password}")
    };
    let wrong = office.send_as("mori", "/keys", &form("another one of them")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(office.app.door.keys().await.unwrap().is_empty());
    let made = office.send_as("mori", "/keys", &form(PASSWORD)).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let key = key_in(&made.text);
    let me = with_key(&office, "GET", "/api/v1/me", &key).await;
    assert_eq!((me.status, &me.json()["person"]), (StatusCode::OK, &json!("erp")));
    let page = office.get_as("mori", "/keys").await.text;
    assert!(!page.contains(&key), "it is not shown again");
    let listed = office.get_as("mori", "/api/v1/keys").await;
    let id = listed.json()["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(key.contains(&id) && !listed.text.contains("secret"), "{}", listed.text);
    for person in ["suzuki", "kato"] {
        assert_eq!(office.get_as(person, "/keys").await.status, StatusCode::FORBIDDEN, "{person}");
    }
    let ended = office.send_as("mori", "/keys", &format!("what=revoke&key_id={id}")).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
    assert_eq!(with_key(&office, "GET", "/api/v1/me", &key).await.status, StatusCode::UNAUTHORIZED);
    let log = office.get_as("kato", "/access-log?kind=admin&person=mori").await.text;
    for noted in [format!("key {id} of erp"), format!("key {id}"), "role_granted erp".to_owned()] {
        assert!(log.contains(&noted), "{noted}");
    }
}

#[tokio::test]
async fn everybody_makes_and_ends_their_own_keys_and_nobody_elses() {
    let office = Office::at("2026-04-01T10:00:00").await;
    for person in ["suzuki", "sato"] {
        office.app.door.set_password(person, PASSWORD, None).await.unwrap();
    }
    let form = |role: &str| {
        format!("what=new&role={role}&label=own&days=30&person=mori&present={}", escaped(PASSWORD))
    };
    let other = office.send_as("suzuki", "/account/keys", &form("billing")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "a role that is not held");
    let made = office.send_as("suzuki", "/account/keys", &form("contract_approver")).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let key = office.app.door.keys().await.unwrap().remove(0);
    assert_eq!((key.person.as_str(), key.role), ("suzuki", Role::ContractApprover));
    let end = format!("what=revoke&key_id={}", key.id);
    assert_eq!(office.send_as("sato", "/account/keys", &end).await.status, StatusCode::NOT_FOUND);
    assert!(office.get_as("suzuki", "/account").await.text.contains(&key.id));
    assert!(!office.get_as("sato", "/account").await.text.contains(&key.id));
    let ended = office.send_as("suzuki", "/account/keys", &end).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
    assert!(office.app.door.keys().await.unwrap()[0].revoked_at.is_some());
}

#[tokio::test]
async fn people_are_changed_over_the_api_by_the_rules_of_the_page() {
    let office = Office::at("2026-04-01T10:00:00").await;
    program(&office, "billing").await;
    let path = "/api/v1/people";
    let add = json!({ "step": { "type": "add_person", "person": "nomura", "name": "野村", "side": "staff" } });
    assert_eq!(keyed(&office, "mori", path, "n-1", add).await.status, StatusCode::CREATED);
    let grant = json!({ "step": { "type": "grant_role", "person": "nomura", "role": "contract_approver" } });
    assert_eq!(keyed(&office, "mori", path, "n-2", grant).await.json()["waits"], json!(true));
    let open = office.get_as("hara", "/api/v1/people/proposals").await.json();
    let proposal = open["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(open["items"][0]["by"], "mori");
    let approve = json!({ "step": { "type": "approve", "proposal": proposal } });
    let own = keyed(&office, "mori", path, "p-3", approve.clone()).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", own.text);
    let agreed = keyed(&office, "hara", path, "p-4", approve).await;
    assert_eq!(agreed.status, StatusCode::CREATED, "{}", agreed.text);
    let people = office.get_as("kato", "/api/v1/people?limit=200").await.json();
    let nomura =
        people["items"].as_array().unwrap().iter().find(|one| one["id"] == "nomura").unwrap();
    assert_eq!(nomura["roles"][0]["role"], "contract_approver");
    let first = office.get_as("kato", "/api/v1/people?limit=2").await.json();
    assert!(first["next"].is_string() && first["items"].as_array().unwrap().len() == 2);
    assert_eq!(office.get_as("sato", path).await.status, StatusCode::FORBIDDEN);
    // Somebody is sent away: sessions first, then they leave.
    let token = office.token("sato").await;
    let ended = office.post_as("mori", "/api/v1/people/sato/sessions/end", json!({})).await;
    assert_eq!(ended.json()["sessions"], 1, "{}", ended.text);
    assert_eq!(office.app.door.visitor_of_token(&token).await.unwrap(), None);
    let nobody = office.post_as("mori", "/api/v1/people/nobody/set-up-link", json!({})).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let leave = json!({ "step": { "type": "leave", "person": "sato" }, "reason": "異動" });
    assert_eq!(keyed(&office, "mori", path, "p-5", leave).await.status, StatusCode::CREATED);
    assert!(
        office.engine.people().await.unwrap().hats("sato", office.engine.now().day()).is_empty()
    );
}

/// Whoever steals a key gets no second way in; and a program, whose key is known to
/// whoever made it, decides nothing.
#[tokio::test]
async fn a_key_makes_no_way_in() {
    let office = Office::at("2026-04-01T10:00:00").await;
    program(&office, "billing").await;
    for role in ["administrator", "contract_approver", "legal"] {
        let step = json!({ "step": { "type": "grant_role", "person": "erp", "role": role } });
        let refused = keyed(&office, "mori", "/api/v1/people", role, step).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{role}: {}", refused.text);
    }
    office.app.door.set_password("mori", PASSWORD, None).await.unwrap();
    let form =
        format!("what=new&role=administrator&label=own&days=9&present={}", escaped(PASSWORD));
    let made = office.send_as("mori", "/account/keys", &form).await;
    let key = key_in(&made.text);
    let asks = async |path: &str, body: Value| {
        let request = Request::post(path)
            .header("host", "localhost:8080")
            .header("authorization", format!("Bearer {key}"))
            .header("idempotency-key", body.to_string())
            .header("content-type", "application/json");
        office.ask(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let step =
        |kind: &str| json!({ "step": { "type": kind, "person": "hara", "mail": "x@example.jp" } });
    for (path, body) in [
        ("/api/v1/people/hara/set-up-link", json!({})),
        ("/api/v1/keys", json!({ "person": "erp", "role": "billing", "label": "x", "days": 9 })),
        ("/api/v1/people", step("set_address")),
        ("/api/v1/people", step("clear_codes")),
        ("/api/v1/people", step("wake_roles")),
    ] {
        let refused = asks(path, body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {}", refused.text);
    }
    let id = office.app.door.keys().await.unwrap()[0].id.clone();
    let path = format!("/api/v1/keys/{id}/revoke");
    assert_eq!(with_key(&office, "POST", &path, &key).await.status, StatusCode::OK, "it may end");
    assert_eq!(with_key(&office, "GET", "/api/v1/me", &key).await.status, StatusCode::UNAUTHORIZED);
}

/// Its key is known to whoever made it: two keys would be one person.
#[tokio::test]
async fn a_program_is_nobodys_second_person() {
    let office = Office::at("2026-04-01T10:00:00").await;
    program(&office, "order_desk").await;
    let wanted = json!({ "person": "erp", "role": "order_desk", "label": "x", "days": 9 });
    let made = office.post_as("mori", "/api/v1/keys", wanted).await;
    let key = key_in(&made.text);
    let account = office.only("application").await.1;
    let sends = async |id: &str, content: Value| {
        let body = json!({ "account": account, "id": id, "content": content });
        let request = Request::post("/api/v1/acts")
            .header("host", "localhost:8080")
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json");
        office.ask(request.body(Body::from(body.to_string())).unwrap()).await
    };
    for kind in ["confirm_arrival", "decline_arrival"] {
        let act = json!({ "type": kind, "contract": "K-0", "arrival": "I-1" });
        let refused = sends(kind, act).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{kind}: {}", refused.text);
        assert!(refused.text.contains("by-person"), "{kind}: {}", refused.text);
    }
}
