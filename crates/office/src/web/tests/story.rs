//! The story of a contract, told in parts.

use std::collections::BTreeSet;

use contract::declare::fact::{EntryVoided, Fact};
use contract::declare::ids::AccountId;
use contract::road::stream::Content;
use document::wording::Language;
use engine::scenario::Scenario;

use super::coverage::seen::{Played, play};
use super::{EVERYTHING, Office};

/// The contract has ended, and something of it was taken back.
const LATE: &str = "2027-08-01T09:00:00";

#[tokio::test]
async fn page_and_api_lead_through_every_line_once() {
    let office = Office::at(LATE).await;
    let (contract, account) = office.only("contract").await;
    let records = office.engine.records(&AccountId(account.clone())).await.unwrap();
    let started = records.iter().find(|record| {
        matches!(&record.input.content, Content::Fact(Fact::ServiceStarted(one)) if one.line == 3)
    });
    let of = started.unwrap().input.id.clone();
    let voided =
        Content::Fact(Fact::EntryVoided(EntryVoided { of, reason: "別の契約".into() }));
    let by = office.engine.operator.actor("ito").unwrap();
    let input = office.engine.input("v-1", &AccountId(account.clone()), &by, "test", voided);
    office.engine.register(input).await.unwrap();
    let told = office.engine.told(&AccountId(account), Language::Japanese).await.unwrap();
    let own = |stream: &str| stream != "company" && !stream.starts_with("notice/");
    let mut all: Vec<_> =
        told.iter().filter(|one| own(&one.stream)).map(|one| (&*one.id, one.retracted)).collect();
    all.sort();
    let (mut next, mut lines, mut parts) =
        (Some(format!("/api/v1/contracts/{contract}/timeline")), Vec::new(), 0);
    while let Some(path) = next {
        let part = office.get(&path).await.json();
        let items = part["items"].as_array().unwrap();
        assert!(items.windows(2).all(|two| two[0]["at"].as_str() >= two[1]["at"].as_str()));
        lines.extend(items.clone());
        next = part["next"].as_str().map(str::to_owned);
        parts += 1;
    }
    let mut by_api: Vec<_> = lines
        .iter()
        .map(|line| (line["id"].as_str().unwrap(), line["retracted"].as_bool().unwrap()))
        .collect();
    by_api.sort();
    assert_eq!(by_api, all);
    assert!(parts > 2 && all.iter().any(|(_, retracted)| *retracted), "{parts}");

    let pages = whole_story(&office, EVERYTHING, &format!("/contracts/{contract}")).await;
    let shown: usize = pages.iter().map(|page| page.matches("<time>").count()).sum();
    assert_eq!((shown, pages.len()), (all.len(), parts));
    assert!(pages.concat().contains("<s><a href=\"/why/C-"), "what was taken back is struck out");
    let strange = office.get(&format!("/contracts/{contract}?before=x")).await;
    assert!(strange.status == 200 && strange.text.contains(&pages[0]), "as if it were not asked");
    for (at, page) in pages.iter().enumerate() {
        assert_eq!(page.contains(">最新の経過へ<"), at > 0);
    }
}

/// The parts of the story of a page, from the newest on.
pub async fn whole_story(office: &Office, person: &str, page: &str) -> Vec<String> {
    let (mut path, mut parts) = (page.to_owned(), Vec::new());
    loop {
        let shown = office.get_as(person, &path).await.text;
        let story = shown.split_once("id=\"story\"").expect("a story").1.to_owned();
        let before = story.split_once("\" rel=\"next\"").map(|(before, _)| before);
        let link = before.map(|before| before.rsplit("href=\"").next().unwrap().to_owned());
        parts.push(story);
        let Some(link) = link else { return parts };
        path = format!("{page}{}", link.trim_end_matches("#story"));
    }
}

/// A company with two contracts, of which the second is formed when the first is billed and
/// paid already; a payment for the first is taken back.
const TWO: &str = r#"
title = "two contracts of one company"
start = "2026-03-25T09:00:00"
[[step]]
at = "2026-03-25T10:00:00"
by = "sato"
do = "application"
name = "c1"
form = FORM
[[step]]
at = "2026-03-25T10:01:00"
by = "suzuki"
do = "accept"
application = "c1"
[[step]]
at = "2026-03-25T10:02:00"
by = "ito"
do = "start"
contract = "c1"
line = 1
on = "2026-04-01"
[[step]]
at = "2026-05-05T10:00:00"
by = "takahashi"
do = "bill"
month = "2026-04"
[[step]]
at = "2026-05-20T10:00:00"
by = "takahashi"
do = "payment"
account = "c1"
amount = 27280
[[step]]
at = "2026-05-21T10:00:00"
by = "kobayashi"
do = "void_entry"
step = 5
proposed_by = "takahashi"
[[step]]
at = "2026-05-25T10:00:00"
by = "sato"
do = "application"
name = "c2"
form = FORM
[[step]]
at = "2026-05-25T10:01:00"
by = "suzuki"
do = "accept"
application = "c2"
"#;
const FORM: &str = r#"{ company = "見本株式会社", kana = "ミホン", corporate_number = "1990002000006", person = "下田　光", mail = "hikaru@mihon.example", from = "2026-04-01", to = "2026-12-31", lines = [{ service = "SDPF", item = "SV-4C16G", start = "2026-04-01" }] }"#;

#[tokio::test]
async fn the_ledger_is_told_to_the_contract_that_it_bills() {
    let scenario = Scenario::read(&TWO.replace("FORM", FORM)).unwrap();
    let Played { engine, clock, .. } = play("two", &scenario).await;
    let office = Office::over(engine, clock).await;
    let contracts = office.engine.store.views("contract").await.unwrap();
    let mut stories = Vec::new();
    for contract in &contracts {
        let path = format!("/api/v1/contracts/{}/timeline", contract.id);
        let story = office.get_as("takahashi", &path).await.json();
        assert!(story["next"].is_null(), "{story}");
        let items = story["items"].as_array().unwrap();
        let ledger = items.iter().filter(|line| line["stream"] == "ledger");
        let ledger = ledger.map(|line| line["id"].as_str().unwrap().to_owned());
        stories.push(ledger.collect::<BTreeSet<_>>());
    }
    let told = office.engine.told(&contracts[0].account, Language::Japanese).await.unwrap();
    let ledger: BTreeSet<_> =
        told.into_iter().filter(|line| line.stream == "ledger").map(|line| line.id).collect();
    assert!(ledger.len() > 4, "an invoice, a payment, and that it was none: {ledger:?}");
    stories.sort_by_key(BTreeSet::len);
    // That a payment was taken back names no contract: it is told to both.
    let both = stories[0].len();
    assert!(both == 2 && ledger.is_superset(&stories[0]), "{stories:?}");
    assert_eq!(stories[1], ledger, "all of it is told to the first");
}
