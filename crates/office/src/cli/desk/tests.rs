//! The steps of a desk on the bundled life, under a clock that stands.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{FromArgMatches, Subcommand};
use contract::application::quote::{Offer, PurchaseOrder};
use contract::declare::act::{Act, Propose, Resume};
use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ContractId, InputId};
use contract::notices::notice::Channel;
use contract::registered::filing::DocumentKind;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::scenario::{Mailbox, Player, PublicPages, Scenario};
use engine::{DocumentQuery, Engine, ManualClock, NewDocument};
use reckon::Moment;
use serde_json::json;

use super::door::Doing;
use super::{FormCame, Job, Kind, customer, documents, hat, import_of, open_proposals, perform};
use crate::open;

/// June is unpaid, and nobody has suspended yet.
const UNPAID: &str = "2026-09-07T09:00:00";

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples/minato")
}

async fn life_until(until: &str) -> Arc<Engine> {
    let until: Moment = until.parse().unwrap();
    let text = std::fs::read_to_string(samples().join("life.toml")).unwrap();
    let mut life = Scenario::read(&text).unwrap();
    life.steps.retain(|step| step.at <= until);
    let clock = Arc::new(ManualClock::at(life.start));
    let store = open::store(None).await.unwrap();
    let (mail, operator) = (Arc::new(Mailbox::default()), open::operator(None).unwrap());
    let engine = Arc::new(
        open::engine(store, mail, Arc::new(PublicPages::default()), clock.clone(), operator)
            .await
            .unwrap(),
    );
    let files = Box::new(|name: &str| {
        std::fs::read(samples().join(name)).map_err(|error| error.to_string())
    });
    Player::new(engine.clone(), clock.clone(), files, &life).play(&life).await.unwrap();
    clock.move_to(until);
    engine.settle().await.unwrap();
    engine
}

async fn only(engine: &Engine, kind: &str) -> (String, AccountId) {
    let views = engine.store.views(kind).await.unwrap();
    (views[0].id.clone(), views[0].account.clone())
}

fn entry(id: &str, account: &AccountId, content: Content) -> Job {
    Job::Register { id: InputId(id.to_owned()), account: account.clone(), at: None, content }
}

#[tokio::test]
async fn entries_proposals_and_refusals() {
    let engine = life_until(UNPAID).await;
    let (contract, account) = only(&engine, "contract").await;
    let billing = Actor::new("ito", Role::Billing);
    let paid: Fact = serde_json::from_value(json!({
        "type": "payment_credited", "on": "2026-09-07", "amount": 660, "payer": "ｱ",
        "names": ["INV-2026-000002"],
    }))
    .unwrap();
    let step = || entry("cli-1", &account, Content::Fact(paid.clone()));
    let done = perform(&engine, step(), &billing, "通帳で確認").await.unwrap();
    assert_eq!(done, ExitCode::SUCCESS);
    assert_eq!(perform(&engine, step(), &billing, "").await.unwrap(), ExitCode::SUCCESS);
    let given = engine.reason_given(&InputId("cli-1".to_owned())).await.unwrap();
    assert_eq!(given.as_deref(), Some("通帳で確認"));
    let suspend: Act = serde_json::from_value(json!({
        "type": "suspend", "contract": contract, "ground": "12-3",
    }))
    .unwrap();
    let other = entry(
        "cli-1",
        &account,
        Content::Act(Act::Resume(Resume { contract: ContractId(contract.clone()) })),
    );
    assert!(perform(&engine, other, &billing, "").await.is_err(), "the number is another's");
    let propose = Act::Propose(Propose { act: Box::new(suspend) });
    let collector = Actor::new("tanaka", Role::Collections);
    let step = entry("cli-2", &account, Content::Act(propose));
    assert_eq!(perform(&engine, step, &collector, "").await.unwrap(), ExitCode::SUCCESS);
    assert_eq!(open_proposals(&engine).await.unwrap().len(), 1);
    let answer = |approves| Job::Answer { proposal: InputId("cli-2".to_owned()), approves };
    let hats = |role| vec![Actor::new("tanaka", role)];
    let may = hat(&engine, hats(Role::Billing), None, &answer(true), "tanaka").await;
    assert!(may.is_err(), "billing approves no suspension");
    let same = hat(&engine, hats(Role::SuspensionApprover), None, &answer(true), "tanaka").await;
    let same = same.unwrap();
    for again in ["approve-cli-2-tanaka", "approve-cli-2-tanaka-2"] {
        let refused = perform(&engine, answer(true), &same, "").await.unwrap();
        assert_eq!(refused, ExitCode::from(3), "nobody approves their own proposal");
        let known = engine.store.has_input(&InputId(again.to_owned())).await.unwrap();
        assert!(known, "what was refused can be answered again: {again}");
    }
    let back = perform(&engine, answer(false), &collector, "").await.unwrap();
    assert_eq!(back, ExitCode::SUCCESS);
    assert!(perform(&engine, answer(true), &collector, "").await.is_err(), "none is open");
}

#[tokio::test]
async fn files_and_a_billing_run() {
    let engine = life_until("2026-04-01T09:00:00").await;
    let desk = Actor::new("sato", Role::OrderDesk);
    let import = |kind, name: &str, came| import_of(kind, &samples().join(name), came).unwrap();
    let mail = import(Kind::Application, "files/application.eml", FormCame::default());
    assert_eq!(perform(&engine, mail, &desk, "").await.unwrap(), ExitCode::SUCCESS);
    let broken = import(Kind::Usage, "files/usage-broken.csv", FormCame::default());
    let operations = Actor::new("mori", Role::Operations);
    assert!(perform(&engine, broken, &operations, "").await.is_err());
    let form = || import(Kind::Cancellation, "files/cancellation.xlsx", FormCame::default());
    assert!(perform(&engine, form(), &desk, "").await.is_err(), "how did it come?");
    let later = FormCame {
        channel: Some(Channel::Paper),
        at: Some("2199-01-01T00:00:00".parse().unwrap()),
        ..FormCame::default()
    };
    let later = import(Kind::Cancellation, "files/cancellation.xlsx", later);
    assert!(perform(&engine, later, &desk, "").await.is_err(), "it has not come yet");
    let engine = life_until(UNPAID).await;
    let billing = Actor::new("ito", Role::Billing);
    let run = Job::Bill { month: "2026-08".parse().unwrap(), issued_on: None };
    let may = hat(&engine, vec![desk], None, &run, "sato").await;
    assert!(may.is_err(), "the order desk bills nothing");
    assert_eq!(perform(&engine, run, &billing, "").await.unwrap(), ExitCode::SUCCESS);
}

#[tokio::test]
async fn a_quotation_and_the_order_on_it() {
    let engine = life_until("2026-04-01T09:00:00").await;
    let desk = Actor::new("sato", Role::OrderDesk);
    let offer: Offer = serde_json::from_value(json!({
        "customer": {
            "name": "株式会社しおかぜ", "kana": "カブシキガイシャシオカゼ",
            "corporate_number": "9010001000007", "postal_code": "231-0001",
            "address": "神奈川県横浜市中区新港一丁目1番1号", "representative_title": "代表取締役",
        },
        "lines": [{
            "number": 1, "service": "SDPF", "item": "SV-4C16G", "quantity": 1,
            "start": "2026-05-01",
        }],
        "issued_on": "2026-04-01", "valid_until": "2026-04-30",
    }))
    .unwrap();
    let step = || Job::Quote {
        id: "q-1".to_owned(),
        offer: Box::new(offer.clone()),
        attention: Some("汐見　渚".to_owned()),
    };
    let billing = Actor::new("ito", Role::Billing);
    assert!(hat(&engine, vec![billing], None, &step(), "ito").await.is_err());
    for _ in 0..2 {
        assert_eq!(perform(&engine, step(), &desk, "").await.unwrap(), ExitCode::SUCCESS);
    }
    let (number, account) = only(&engine, "quote").await;
    assert_eq!(number, "QUO-2026-000001");
    let order = |quote: &str| PurchaseOrder {
        number: "PO-77".to_owned(),
        ordered_on: "2026-04-01".parse().unwrap(),
        quote: Some(quote.to_owned()),
        application: None,
        amount: None,
        document: "".into(),
    };
    let import = |quote: &str| {
        let came = FormCame { order: Some((account.clone(), order(quote))), ..FormCame::default() };
        import_of(Kind::PurchaseOrder, &samples().join("files/cancellation.xlsx"), came).unwrap()
    };
    assert!(perform(&engine, import("QUO-2026-000009"), &desk, "").await.is_err());
    for _ in 0..2 {
        let done = perform(&engine, import(&number), &desk, "").await.unwrap();
        assert_eq!(done, ExitCode::SUCCESS);
    }
    let view = engine.store.view("quote", &number).await.unwrap().unwrap();
    assert_eq!(view.content["orders"].as_array().unwrap().len(), 1, "the same file once");
}

#[tokio::test]
async fn a_filed_document_is_found_and_fetched_by_who_may_see_it() {
    let engine = life_until(UNPAID).await;
    let (contract, account) = only(&engine, "contract").await;
    let desk = Actor::new("sato", Role::OrderDesk);
    let new = |about: &str| NewDocument {
        kind: DocumentKind::Agreement,
        dated: "2026-09-01".parse().unwrap(),
        counterparty: "青葉製作所株式会社".to_owned(),
        amount: Some(reckon::Yen(33_000)),
        about: Some(about.to_owned()),
        original: Some("書庫A-12".to_owned()),
        arrival: None,
        name: "覚書.pdf".to_owned(),
        bytes: b"%PDF-1.7 memo".to_vec(),
    };
    let step = |about: &str| Job::File { account: account.clone(), new: Box::new(new(about)) };
    assert!(perform(&engine, step("K-000000000000"), &desk, "").await.is_err(), "whose is that?");
    for _ in 0..2 {
        assert_eq!(perform(&engine, step(&contract), &desk, "").await.unwrap(), ExitCode::SUCCESS);
    }
    let agreements =
        DocumentQuery { kind: Some(DocumentKind::Agreement), ..DocumentQuery::default() };
    let sees = |role| vec![Actor::new("somebody", role)];
    let found = documents::seen(&engine, &agreements, &sees(Role::OrderDesk)).await.unwrap();
    assert_eq!(found.len(), 1);
    let id = found[0].filed.document.name();
    let bytes = documents::fetched(&engine, id, &sees(Role::OrderDesk)).await.unwrap();
    assert_eq!(bytes, b"%PDF-1.7 memo");
    for role in [Role::Operations, Role::SuspensionApprover, Role::CustomerAdministrator] {
        let found = documents::seen(&engine, &agreements, &sees(role)).await.unwrap();
        assert!(found.is_empty(), "{role:?}");
        assert!(documents::fetched(&engine, id, &sees(role)).await.is_err(), "{role:?}");
    }
    let invoices = DocumentQuery { kind: Some(DocumentKind::Invoice), ..DocumentQuery::default() };
    let billed = documents::seen(&engine, &invoices, &sees(Role::SuspensionApprover)).await;
    assert!(!billed.unwrap().is_empty(), "money is theirs to see");
    let billed = documents::seen(&engine, &invoices, &sees(Role::OrderDesk)).await.unwrap();
    assert!(billed.is_empty());
}

#[tokio::test]
async fn a_change_of_registered_data_and_a_check_with_its_report() {
    let engine = life_until(UNPAID).await;
    let (contract, account) = only(&engine, "contract").await;
    let desk = Actor::new("sato", Role::OrderDesk);
    let change = |id: &str, change: serde_json::Value| Job::Change {
        contract: ContractId(contract.clone()),
        told: customer::Told {
            id: id.to_owned(),
            change: serde_json::from_value(change).unwrap(),
            planned_on: "2026-10-01".parse().unwrap(),
            unplanned: false,
            at: None,
        },
    };
    let empty = change("c-1", json!({ "item": "payers", "names": [""] }));
    assert!(perform(&engine, empty, &desk, "").await.is_err());
    let payers = change("c-1", json!({ "item": "payers", "names": ["ｱｵﾊﾞﾃｸﾉ"] }));
    assert_eq!(perform(&engine, payers, &desk, "").await.unwrap(), ExitCode::SUCCESS);
    let state = engine.state(&account).await.unwrap();
    assert_eq!(state.parties.payers.last().unwrap().value, ["ｱｵﾊﾞﾃｸﾉ"]);
    let step = || Job::Check {
        account: account.clone(),
        check: serde_json::from_value(json!({
            "kind": "credit", "on": "2026-09-07", "result": "passed", "by": "agency",
            "document": "", "expires_on": "2027-09-06",
        }))
        .unwrap(),
        file: Some(("report.pdf".to_owned(), b"%PDF-1.7 report".to_vec())),
    };
    let before = engine.state(&account).await.unwrap().checks.len();
    let may = hat(&engine, vec![desk], None, &step(), "sato").await;
    assert!(may.is_err(), "the order desk judges nobody");
    let judge = Actor::new("suzuki", Role::ContractApprover);
    for _ in 0..2 {
        assert_eq!(perform(&engine, step(), &judge, "").await.unwrap(), ExitCode::SUCCESS);
    }
    let state = engine.state(&account).await.unwrap();
    let checks = &state.checks;
    assert_eq!(checks.len(), before + 1, "the same check once");
    assert!(checks.last().unwrap().1.document.name().contains("/check/"), "the report is kept");
}

fn typed(words: &[&str]) -> Job {
    let command = Doing::augment_subcommands(clap::Command::new("do"));
    let matches = command.try_get_matches_from([&["do"], words].concat()).unwrap();
    Doing::from_arg_matches(&matches).unwrap().step().0
}

#[tokio::test]
async fn an_entry_is_brought_by_the_fields_of_its_door() {
    let engine = life_until(UNPAID).await;
    let (contract, account) = only(&engine, "contract").await;
    let legal = engine.operator.actor("kobayashi").unwrap();
    let demand = |on: &str, id: &str| {
        let words = ["cure-demand", &contract, "--on", on, "--document", "催告-1"];
        typed(&[words.as_slice(), &["--by", "kobayashi", "--id", id]].concat())
    };
    let before = engine.records(&account).await.unwrap().len();
    let future = perform(&engine, demand("2026-09-30", "do-1"), &legal, "違反").await;
    assert!(future.unwrap_err().to_string().contains("--on 2026-09-30 is to come"));
    let unreasoned = perform(&engine, demand("2026-09-05", "do-1"), &legal, "").await;
    assert!(unreasoned.unwrap_err().to_string().contains("--reason is owed"));
    let ground = ["judgement", &contract, "--clause", "9-9", "--document", "d"];
    let ground = typed(&[ground.as_slice(), &["--by", "kobayashi", "--id", "do-2"]].concat());
    let strange = format!("{:#}", perform(&engine, ground, &legal, "違反").await.unwrap_err());
    assert!(strange.contains("there is: 16-1(1)"), "{strange}");
    assert_eq!(engine.records(&account).await.unwrap().len(), before, "nothing was registered");
    let desk = engine.operator.actor("sato").unwrap();
    let (id, by) = (desk.id.clone(), vec![desk]);
    assert!(hat(&engine, by, None, &demand("2026-09-05", "do-1"), &id).await.is_err());
    let done = perform(&engine, demand("2026-09-05", "do-1"), &legal, "違反").await.unwrap();
    assert_eq!(done, ExitCode::SUCCESS);
    let records = engine.records(&account).await.unwrap();
    let entry = records.iter().find(|record| record.input.id.0 == "do-1").unwrap();
    let Content::Fact(Fact::CureDemanded(demanded)) = &entry.input.content else {
        panic!("{:?}", entry.input.content)
    };
    assert_eq!((demanded.cure_days, demanded.effective_on.to_string()), (14, "2026-09-05".into()));
}

#[tokio::test]
async fn what_takes_a_second_person_is_proposed_by_its_command() {
    let engine = life_until(UNPAID).await;
    let (contract, _) = only(&engine, "contract").await;
    let collections = engine.operator.actor("tanaka").unwrap();
    let words = ["suspend", &contract, "--ground", "12-3", "--by", "tanaka", "--id", "do-1"];
    let done = perform(&engine, typed(&words), &collections, "催告に応じない").await.unwrap();
    assert_eq!(done, ExitCode::SUCCESS);
    assert_eq!(open_proposals(&engine).await.unwrap().len(), 1);
}

#[tokio::test]
async fn registered_data_is_changed_by_its_command() {
    let engine = life_until(UNPAID).await;
    let (contract, account) = only(&engine, "contract").await;
    let desk = engine.operator.actor("sato").unwrap();
    let doing = |mail: &str| {
        let person = ["--contact", "technical", "--name", "新井 空", "--mail", mail];
        let when = ["--phone", "045-000-9999", "--unplanned", "--planned-on", "2026-10-01"];
        let rest = ["--by", "sato", "--id", "do-1"];
        typed(&[&["change-contact", contract.as_str()][..], &person, &when, &rest].concat())
    };
    let wrong = perform(&engine, doing("nobody"), &desk, "").await.unwrap_err();
    assert!(format!("{wrong:#}").contains("--mail: A mail address"), "{wrong:#}");
    let done = perform(&engine, doing("arai@aoba.example"), &desk, "").await.unwrap();
    assert_eq!(done, ExitCode::SUCCESS);
    let records = engine.records(&account).await.unwrap();
    let entry = records.iter().find(|record| record.input.id.0 == "do-1").unwrap();
    let Content::Fact(Fact::DataChangeNotified(told)) = &entry.input.content else {
        panic!("{:?}", entry.input.content)
    };
    assert!(told.unplanned && !format!("{told:?}").contains("新井"), "{told:?}");
    // Half of an addressee is none.
    let bill_to = |rest: &[&str]| {
        let first = ["change-bill-to", contract.as_str(), "--of", "all"];
        let who = ["--planned-on", "2026-10-01", "--by", "sato", "--id", "do-2"];
        typed(&[&first[..], rest, &who].concat())
    };
    let half = perform(&engine, bill_to(&["--name", "見本経理"]), &desk, "").await.unwrap_err();
    assert!(format!("{half:#}").contains("--postal-code is missing"), "{half:#}");
    let back = perform(&engine, bill_to(&["--customer"]), &desk, "").await.unwrap();
    assert_eq!(back, ExitCode::SUCCESS);
}
