//! Nobody becomes somebody else: links for passwords reach their person alone, and what
//! one decides as a second person sleeps until a second administrator wakes it.

use axum::http::StatusCode;
use contract::who::roles::Role;
use document::read_mail;
use engine::people::{Belongs, PeopleChange, Wanted};
use engine::{AccessQuery, Engine, system};
use serde_json::json;

use super::doors::{Browser, PASSWORD};
use super::{Answer, Office};
use crate::open;

const NEW: &str = "password=another+horse+battery&again=another+horse+battery";

/// Approvers and both administrators have an address.
async fn office() -> Office {
    let mut operator = open::operator(None).unwrap();
    for person in &mut operator.people {
        person.mail = format!("{}@minato.example.jp", person.id);
    }
    Office::of(operator, "2026-04-01T09:00:00").await
}

async fn roles(engine: &Engine, person: &str) -> Vec<Role> {
    let people = engine.people().await.unwrap();
    people.hats(person, engine.now().day()).into_iter().map(|hat| hat.role).collect()
}

/// The way of a link in the last mail to somebody.
fn mailed(office: &Office, person: &str) -> String {
    let to = format!("{person}@minato.example.jp");
    let letters = office.told.letters();
    let letter = letters.iter().rev().find(|letter| letter.to == [to.clone()]);
    let letter = letter.unwrap_or_else(|| panic!("no mail to {person}"));
    link_in(&read_mail("link.eml", &letter.bytes).unwrap().text)
}

fn link_in(text: &str) -> String {
    let (_, rest) = text.split_once("/set-up/").unwrap_or_else(|| panic!("no link in {text}"));
    format!("/set-up/{}", &rest[..64])
}

async fn log(office: &Office) -> String {
    let query = AccessQuery { limit: 1_000, ..AccessQuery::default() };
    let lines = office.engine.store.identity().access_log(&query).await.unwrap();
    serde_json::to_string(&lines).unwrap()
}

async fn by_page(office: &Office, by: &str, person: &str) -> Answer {
    office.send_as(by, "/people", &format!("what=link&person={person}&reason=x")).await
}

async fn by_api(office: &Office, by: &str, person: &str) -> Answer {
    office.post_as(by, &format!("/api/v1/people/{person}/set-up-link"), json!({})).await
}

/// Somebody opens a link where nobody is signed in and sets a password.
async fn used(office: &Office, link: &str) {
    let mut browser = Browser::at(office);
    assert_eq!(browser.get(link).await.status, StatusCode::OK);
    let set = browser.send(link, NEW).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
}

async fn wakes(office: &Office, by: &str, person: &str) -> bool {
    let form = format!("what=wake&person={person}&reason=asked");
    office.send_as(by, "/people", &form).await.status == StatusCode::SEE_OTHER
}

/// As it was found: the maker received the link, became an approver or the other
/// administrator, and approved what they had proposed.
#[tokio::test]
async fn whoever_makes_a_link_never_sees_it() {
    let office = office().await;
    for person in ["hara", "suzuki"] {
        let page = by_page(&office, "mori", person).await;
        let api = by_api(&office, "mori", person).await;
        let token = mailed(&office, person).replace("/set-up/", "");
        assert_eq!(api.json(), json!({ "way": "mailed", "hours": 72 }));
        for seen in [page.text, api.text, log(&office).await] {
            assert!(!seen.contains("/set-up/") && !seen.contains(&token), "{seen}");
        }
    }
    let to: Vec<_> = office.told.letters().into_iter().flat_map(|letter| letter.to).collect();
    assert!(to.iter().all(|to| !to.starts_with("mori")), "{to:?}");
    assert!(log(&office).await.contains("set-up link for hara"));
}

#[tokio::test]
async fn a_link_can_never_be_used_by_whoever_made_it() {
    let office = office().await;
    by_page(&office, "mori", "suzuki").await;
    let link = mailed(&office, "suzuki");
    let other = office.get_as("takahashi", &link).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert!(other.text.contains("サインアウト"), "{}", other.text);
    let own = office.send_as("mori", &link, NEW).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND, "{}", own.text);
    assert!(own.text.contains("発行した人"), "{}", own.text);
    let mut browser = Browser::at(&office);
    assert_eq!(browser.get(&link).await.status, StatusCode::NOT_FOUND, "and it has ended");
    assert!(log(&office).await.contains("its own maker"));
    assert!(office.engine.store.identity().credential("suzuki").await.unwrap().is_none());
}

#[tokio::test]
async fn without_an_address_a_second_administrator_hands_the_link_over() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let asked = by_page(&office, "mori", "suzuki").await;
    assert!(!asked.text.contains("/set-up/") && asked.text.contains("もう一人の管理者"));
    let again = by_api(&office, "mori", "suzuki").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
    let (proposal, _) = office
        .engine
        .people()
        .await
        .unwrap()
        .wish_for_link("suzuki")
        .map(|(key, by)| (key.to_owned(), by.to_owned()))
        .unwrap();
    let approve = json!({ "step": { "type": "approve", "proposal": proposal } });
    let plainly = office
        .post_keyed_as("hara", "/api/v1/people", "a", (approve.to_string(), "application/json"))
        .await;
    assert_eq!(plainly.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", plainly.text);
    let page = office.get_as("hara", "/people").await.text;
    assert!(page.contains("リンクを受け取って本人に渡す"), "{page}");
    let handed = by_page(&office, "hara", "suzuki").await;
    let link = link_in(&handed.text);
    assert_eq!(office.get_as("hara", &link).await.status, StatusCode::NOT_FOUND, "not her own");
    by_api(&office, "mori", "suzuki").await;
    let handed = by_api(&office, "hara", "suzuki").await.json();
    assert_eq!(handed["way"], "handed");
    used(&office, &link_in(handed["link"].as_str().unwrap())).await;
    assert!(roles(&office.engine, "suzuki").await.is_empty());
    assert!(!wakes(&office, "hara", "suzuki").await, "she had it in hand");
    assert!(wakes(&office, "mori", "suzuki").await, "he never saw it");
    assert_eq!(roles(&office.engine, "suzuki").await, [Role::ContractApprover]);
}

#[tokio::test]
async fn roles_that_approve_sleep_until_a_second_administrator_wakes_them() {
    let office = office().await;
    let before = office.token("suzuki").await;
    by_page(&office, "mori", "suzuki").await;
    assert_eq!(roles(&office.engine, "suzuki").await, [Role::ContractApprover], "until it is used");
    used(&office, &mailed(&office, "suzuki")).await;
    assert_eq!(office.app.door.visitor_of_token(&before).await.unwrap(), None, "signed out");
    assert!(roles(&office.engine, "suzuki").await.is_empty());
    let mut browser = Browser::at(&office);
    assert_eq!(
        browser.sign_in("suzuki", "another horse battery").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(browser.get("/contracts").await.status, StatusCode::FORBIDDEN);
    let page = office.get_as("mori", "/people").await.text;
    assert!(page.contains("休止中") && !page.contains("value=\"wake\""), "no button for the maker");
    assert!(office.get_as("hara", "/people").await.text.contains("value=\"wake\""));
    assert!(!wakes(&office, "mori", "suzuki").await);
    assert!(wakes(&office, "hara", "suzuki").await);
    assert!(!wakes(&office, "hara", "suzuki").await, "once");
    assert_eq!(browser.get("/contracts").await.status, StatusCode::OK);
    let told = office.told.letters();
    let last = read_mail("told.eml", &told.last().unwrap().bytes).unwrap();
    assert_eq!(last.to, ["suzuki@minato.example.jp"]);
    assert!(last.text.contains("設定されました") && last.text.contains("森　薫"), "{}", last.text);
    let log = log(&office).await;
    assert!(log.contains("set-up link used") && log.contains("told by mail"), "{log}");
    assert!(office.engine.audit().await.unwrap().differences.is_empty());
}

/// Whoever sleeps wakes nobody and agrees to nothing.
#[tokio::test]
async fn two_links_of_one_administrator_do_not_help_each_other() {
    let office = office().await;
    for person in ["hara", "suzuki"] {
        by_page(&office, "mori", person).await;
        used(&office, &mailed(&office, person)).await;
    }
    let grant = "what=grant&person=takahashi&role=legal&from=2026-04-01&until=&reason=x";
    office.send_as("mori", "/people", grant).await;
    let people = office.engine.people().await.unwrap();
    let proposal = people.proposals().next().unwrap().0.to_owned();
    let approve = format!("what=approve&proposal={proposal}&reason=x");
    let mut hara = Browser::at(&office);
    hara.sign_in("hara", "another horse battery").await;
    assert_eq!(hara.get("/people").await.status, StatusCode::FORBIDDEN);
    for person in ["hara", "suzuki", "mori"] {
        assert!(!wakes(&office, person, "suzuki").await, "{person}");
        assert!(!wakes(&office, person, "hara").await, "{person}");
        assert!(
            office.send_as(person, "/people", &approve).await.status != StatusCode::SEE_OTHER,
            "{person}"
        );
    }
    assert!(!roles(&office.engine, "takahashi").await.contains(&Role::Legal));
}

/// The address is part of it: whoever put it on record may read what is sent there.
#[tokio::test]
async fn whoever_chose_the_address_wakes_nobody_and_a_new_one_takes_two() {
    let office = office().await;
    let add =
        "what=add&person=nomura&name=Nomura&side=staff&mail=nomura@minato.example.jp&reason=x";
    assert_eq!(office.send_as("mori", "/people", add).await.status, StatusCode::SEE_OTHER);
    let grant = "what=grant&person=nomura&role=contract_approver&from=2026-04-01&until=&reason=x";
    office.send_as("hara", "/people", grant).await;
    let approve = async |by: &str| {
        let people = office.engine.people().await.unwrap();
        let proposal = people.proposals().next().unwrap().0.to_owned();
        let form = format!("what=approve&proposal={proposal}&reason=x");
        office.send_as(by, "/people", &form).await.status
    };
    assert_eq!(approve("mori").await, StatusCode::SEE_OTHER);
    by_page(&office, "hara", "nomura").await;
    used(&office, &mailed(&office, "nomura")).await;
    assert!(roles(&office.engine, "nomura").await.is_empty(), "a first password is no other");
    for person in ["mori", "hara"] {
        assert!(!wakes(&office, person, "nomura").await, "{person}");
    }
    let address = "what=address&person=hara&mail=elsewhere@minato.example.jp&reason=x";
    office.send_as("mori", "/people", address).await;
    let now = async || office.engine.address_of("hara").await.unwrap().unwrap();
    assert_eq!(now().await, "hara@minato.example.jp", "it waits");
    assert!(office.get_as("hara", "/people").await.text.contains("elsewhere@minato"), "shown");
    assert_ne!(approve("mori").await, StatusCode::SEE_OTHER);
    let by =
        office.engine.people().await.unwrap().hats(super::EVERYTHING, office.engine.now().day());
    let admin = by.into_iter().find(|hat| hat.role == Role::Administrator).unwrap();
    let people = office.engine.people().await.unwrap();
    let proposal = people.proposals().next().unwrap().0.to_owned();
    let agreed = Wanted::new(PeopleChange::Approved { proposal }, "", "test");
    office.app.door.change_people(&admin, agreed).await.unwrap();
    assert_eq!(now().await, "elsewhere@minato.example.jp");
    let wrong = office.send_as("mori", "/people", "what=address&person=sato&mail=sato&reason=x");
    assert_eq!(wrong.await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn one_time_codes_outlive_a_reset_and_two_administrators_clear_them() {
    let office = office().await;
    office.app.door.set_password("suzuki", PASSWORD, None).await.unwrap();
    let drawn = office.app.door.draw_enrolment("suzuki").unwrap();
    let code = office.app.door.shown_code(&drawn.secret);
    office.app.door.enrol("suzuki", &drawn.secret, &code).await.unwrap();
    by_page(&office, "mori", "suzuki").await;
    used(&office, &mailed(&office, "suzuki")).await;
    let mut browser = Browser::at(&office);
    browser.sign_in("suzuki", "another horse battery").await;
    let asked = browser.get("/account").await;
    assert_eq!(asked.headers["location"], "/sign-in/code");
    let clear = "what=codes&person=suzuki&reason=lost";
    assert_eq!(office.send_as("mori", "/people", clear).await.status, StatusCode::SEE_OTHER);
    assert!(office.app.door.codes_of("suzuki").await.unwrap().is_some(), "it waits");
    let people = office.engine.people().await.unwrap();
    let proposal = people.proposals().next().unwrap().0.to_owned();
    let approve = format!("what=approve&proposal={proposal}&reason=agreed");
    assert_ne!(office.send_as("mori", "/people", &approve).await.status, StatusCode::SEE_OTHER);
    assert_eq!(office.send_as("hara", "/people", &approve).await.status, StatusCode::SEE_OTHER);
    assert_eq!(office.app.door.codes_of("suzuki").await.unwrap(), None);
}

#[tokio::test]
async fn a_link_serves_once_and_for_a_while() {
    let office = office().await;
    by_page(&office, "mori", "sato").await;
    let link = mailed(&office, "sato");
    let mut browser = Browser::at(&office);
    assert!(browser.get(&link).await.text.contains("sato"));
    let short = browser.send(&link, "password=short&again=short").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.send(&link, NEW).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(&link).await.status, StatusCode::NOT_FOUND);
    by_page(&office, "mori", "sato").await;
    let late = mailed(&office, "sato");
    office.clock.move_to(office.clock_now().plus_seconds(73 * 3_600));
    assert_eq!(browser.get(&late).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn there_is_no_link_for_a_program_oneself_or_somebody_who_left() {
    let office = office().await;
    office.add("erp", Belongs::Program, &[Role::Billing]).await;
    let left = PeopleChange::PersonLeft { person: "sato".into(), from: office.engine.now().day() };
    office.engine.change_people(&system(), Wanted::new(left, "", "test")).await.unwrap();
    for (person, why) in
        [("erp", "API キー"), ("mori", "自分のアカウント"), ("sato", "退任"), ("nobody", "いない")]
    {
        let refused = by_page(&office, "mori", person).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{person}");
        assert!(refused.text.contains(why), "{person}: {}", refused.text);
    }
    assert!(office.told.letters().is_empty());
}

/// A mail that the server does not take lets nobody in.
#[tokio::test]
async fn a_mail_that_cannot_leave_leaves_no_link_behind() {
    let mut operator = open::operator(None).unwrap();
    let person = operator.people.iter_mut().find(|person| person.id == "suzuki").unwrap();
    person.mail = "reject.suzuki@minato.example.jp".to_owned();
    let office = Office::of(operator, "2026-04-01T09:00:00").await;
    let asked = by_api(&office, "mori", "suzuki").await.json();
    assert_eq!(asked["way"], "waits", "a second administrator takes over");
    assert!(office.told.letters().is_empty());
}
