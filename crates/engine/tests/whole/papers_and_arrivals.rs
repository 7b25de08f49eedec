//! Papers and arrivals, over the store: quotations, filed papers, the list
//! of terminations, dated parties, channels, a wish to stop.

use contract::application::quote::{Offer, PurchaseOrder};
use contract::application::receiving::Resemblance;
use contract::declare::act::{AcceptApplication, Act, Approve, DeclineRenewal, Propose, Terminate};
use contract::declare::fact::{CancellationFormArrived, EntryVoided, Fact, JudgementRecorded};
use contract::declare::ids::InputId;
use contract::declare::sealed::Sealed;
use contract::notices::notice::Channel;
use contract::registered::filing::{ArrivalEvidence, DocumentKind};
use contract::registered::parties::{BillTo, DataChange, RegisteredData};
use contract::road::stream::Content;
use contract::{ApplicationStatus, ContractStatus, Interrupt};
use engine::{CancellationArrival, DocumentQuery, EngineError, NewDocument, SubmittedApplication};
use reckon::{Day, Month, Yen};

use crate::desk::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn offer(applicant: &Applicant) -> Offer {
    let (form, _) = applicant.form();
    Offer {
        customer: form.applicant,
        lines: form.lines,
        period: Some(form.period),
        issued_on: day("2026-04-01"),
        valid_until: day("2026-04-30"),
    }
}

#[tokio::test]
async fn quotations_have_a_series_without_gaps_and_an_id_gives_one() {
    let desk = Desk::open().await;
    let by = desk.person("sato");
    let issue = |id: &'static str, applicant: Applicant| {
        let (engine, by) = (desk.engine.clone(), by.clone());
        async move { engine.issue_quote(id, offer(&applicant), None, &by).await.unwrap().0.number }
    };
    let (one, other, same) =
        tokio::join!(issue("q-1", kita("")), issue("q-2", minami()), issue("q-1", kita("")));
    assert_eq!(one, same);
    let mut numbers = [one.clone(), other, issue("q-3", kita("")).await];
    numbers.sort();
    assert_eq!(numbers, ["QUO-2026-000001", "QUO-2026-000002", "QUO-2026-000003"]);
    let paper = desk.engine.store.personal(&format!("paper/{one}")).await.unwrap().unwrap();
    let text = text_of_pdf(&paper.content);
    for part in ["見積書", one.as_str(), "株式会社北斗計測", "27,280", "2026年4月30日"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}

#[tokio::test]
async fn an_offer_that_cannot_be_meant_takes_no_number() {
    let desk = Desk::open().await;
    let by = desk.person("sato");
    let (early, mut empty, mut later, mut unpriced, mut nobody) =
        (offer(&minami()), offer(&minami()), offer(&minami()), offer(&minami()), offer(&minami()));
    let early = Offer { valid_until: day("2026-03-31"), ..early };
    empty.lines.clear();
    later.issued_on = day("2026-04-02");
    unpriced.lines[0].item = "NONE".to_owned();
    nobody.customer.corporate_number = "12".to_owned();
    let parts =
        ["before its own day", "at least one line", "later than today", "NONE", "13 digits"];
    for (offer, part) in [early, empty, later, unpriced, nobody].into_iter().zip(parts) {
        let error = desk.engine.issue_quote("q", offer, None, &by).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
    let (quote, _) = desk.engine.issue_quote("q", offer(&minami()), None, &by).await.unwrap();
    assert_eq!(quote.number, "QUO-2026-000001");
}

fn scan(desk: &Desk, registered: &engine::Registered) -> NewDocument {
    NewDocument {
        kind: DocumentKind::Agreement,
        dated: day("2026-04-01"),
        counterparty: "有限会社南海商店".to_owned(),
        amount: None,
        about: Some(registered.application.contract().0),
        original: Some("cabinet 2".to_owned()),
        arrival: Some(ArrivalEvidence {
            at: desk.engine.now(),
            stamp: Some("R-1".to_owned()),
            delivery: None,
        }),
        name: "覚書.pdf".to_owned(),
        bytes: b"memorandum".to_vec(),
    }
}

#[tokio::test]
async fn an_order_and_a_scan_are_sealed_and_found() {
    let desk = Desk::open().await;
    let by = desk.person("sato");
    let (quote, _) = desk.engine.issue_quote("q", offer(&minami()), None, &by).await.unwrap();
    let registered = desk.apply(&minami()).await;
    let order = PurchaseOrder {
        number: "PO-9".to_owned(),
        ordered_on: day("2026-04-01"),
        quote: Some(quote.number.clone()),
        application: Some(registered.application.clone()),
        amount: Some(Yen(27_280)),
        document: "".into(),
    };
    let account = &registered.account;
    let file = Some(("発注書.pdf".to_owned(), b"order".to_vec()));
    let order = PurchaseOrder { document: Sealed::file_or(file, ""), ..order };
    desk.engine.receive_purchase_order("o", account, order.clone(), &by).await.unwrap();
    let strange = PurchaseOrder { quote: Some("QUO-2026-000099".to_owned()), ..order };
    let refused = desk.engine.receive_purchase_order("o-2", account, strange, &by).await;
    assert!(refused.unwrap_err().to_string().contains("no quotation QUO-2026-000099"));
    let scan = scan(&desk, &registered);
    let nameless = NewDocument { counterparty: " ".to_owned(), ..scan.clone() };
    assert!(desk.engine.file_document("f-0", account, nameless, &by).await.is_err());
    let (document, _) = desk.engine.file_document("f", account, scan, &by).await.unwrap();
    let kept = desk.engine.store.personal(&document).await.unwrap().unwrap();
    assert_eq!(kept.content, b"memorandum");

    let found = |query: DocumentQuery| {
        let engine = desk.engine.clone();
        async move {
            let found = engine.search_documents(&query).await.unwrap();
            found.into_iter().map(|found| found.filed.kind).collect::<Vec<_>>()
        }
    };
    let all = DocumentQuery { counterparty: Some("南海".to_owned()), ..DocumentQuery::default() };
    let kinds = found(all.clone()).await;
    let expected = [
        DocumentKind::Quotation,
        DocumentKind::PurchaseOrder,
        DocumentKind::ApplicationForm,
        DocumentKind::Agreement,
    ];
    assert!(expected.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    let most = DocumentQuery { most: Some(Yen(27_279)), ..all.clone() };
    assert!(found(most).await.is_empty());
    let exact = DocumentQuery {
        least: Some(Yen(27_280)),
        most: Some(Yen(27_280)),
        kind: Some(DocumentKind::PurchaseOrder),
        ..all.clone()
    };
    assert_eq!(found(exact).await, [DocumentKind::PurchaseOrder]);
    let later = DocumentQuery { from: Some(day("2026-04-02")), ..all.clone() };
    assert!(found(later).await.is_empty());
    let of = InputId("f".to_owned());
    let void = Fact::EntryVoided(EntryVoided { of, reason: "another paper".to_owned() });
    desk.fact(&registered, "sato", void).await;
    let agreement = DocumentQuery { kind: Some(DocumentKind::Agreement), ..all };
    assert!(found(agreement).await.is_empty(), "a voided filing is found no more");
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}

/// The first customer, terminated on a judged ground.
async fn terminated(desk: &Desk) -> engine::Registered {
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    let contract = registered.application.contract();
    let judged = Fact::JudgementRecorded(JudgementRecorded {
        clause: "16-1(3)".to_owned(),
        about: contract.0.clone(),
        document: "dishonoured bill".to_owned(),
    });
    desk.fact(&registered, "kobayashi", judged).await;
    let act = Box::new(Act::Terminate(Terminate {
        contract,
        ground: "16-1(3)".to_owned(),
        proposed_by: String::new(),
        on: None,
        payable_by: day("2026-04-30"),
    }));
    let propose = Content::Act(Act::Propose(Propose { act: act.clone() }));
    let by = desk.person("kobayashi");
    let input = desk.engine.input("propose", &registered.account, &by, "desk", propose);
    desk.engine.register(input).await.unwrap();
    let proposal = InputId("propose".to_owned());
    let outcome = desk.act(&registered, "watanabe", Act::Approve(Approve { proposal, act })).await;
    assert!(!outcome.refused, "{:?}", outcome.findings);
    desk.go_to("2026-04-11T09:00:00").await;
    let status = desk.contract(&registered).await.unwrap().status;
    assert_eq!(status, ContractStatus::Ended);
    registered
}

#[tokio::test]
async fn a_new_name_under_the_same_number_meets_its_termination() {
    let desk = Desk::open().await;
    terminated(&desk).await;
    let renamed = Applicant {
        company: "株式会社新北斗",
        kana: "カブシキガイシャシンホクト",
        message_id: "second@hokuto.example".to_owned(),
        ..kita("mouri@hokuto.example")
    };
    let again = desk.apply(&renamed).await;
    let state = desk.state(&again.account).await;
    assert_eq!(state.applications[&again.application].grounds, ["9-10(1)"]);
    assert!(state.applications[&again.application].content.resembles.is_empty());
}

#[tokio::test]
async fn another_number_at_the_same_address_carries_a_hint_and_no_ground() {
    let desk = Desk::open().await;
    let first = terminated(&desk).await;
    let other = desk.apply(&minami()).await;
    let state = desk.state(&other.account).await;
    let application = &state.applications[&other.application];
    assert!(application.grounds.is_empty());
    let hint = &application.content.resembles[0];
    assert_eq!((&hint.account, &hint.same), (&first.account, &vec![Resemblance::Address]));
    desk.check(&other).await;
    let accept =
        Act::AcceptApplication(AcceptApplication { application: other.application.clone() });
    let outcome = desk.act(&other, "suzuki", accept).await;
    let codes: Vec<_> = outcome.findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!((outcome.refused, codes), (false, vec!["resembles_terminated"]));
}

#[tokio::test]
async fn an_invoice_is_addressed_to_who_holds_that_on_its_day() {
    let desk = Desk::open().await;
    let registered = desk.running(&minami()).await;
    let contract = registered.application.contract();
    let change = DataChange {
        what: RegisteredData::BillTo {
            contract: Some(contract),
            to: Some(BillTo {
                name: "南海経理株式会社".to_owned(),
                department: "経理部".to_owned(),
                postal_code: "060-0002".to_owned(),
                address: "北海道札幌市中央区北二条西3丁目".to_owned(),
            }),
        },
        planned_on: day("2026-06-01"),
        unplanned: false,
    };
    let (by, told_at) = (desk.person("sato"), desk.engine.now());
    let account = &registered.account;
    desk.engine.notify_change("n", account, change, told_at, &by, "").await.unwrap();
    let bill = |month: &'static str, on: &'static str| {
        let (engine, by) = (desk.engine.clone(), desk.person("takahashi"));
        async move {
            let month: Month = month.parse().unwrap();
            let run = engine.bill(month, day(on), &by).await.unwrap();
            engine.settle().await.unwrap();
            let number = run.issued[0].clone();
            let paper = engine.store.document(&format!("paper/invoice-{number}")).await.unwrap();
            text_of_pdf(&paper.unwrap().bytes)
        }
    };
    desk.go_to("2026-05-08T09:00:00").await;
    let before = bill("2026-04", "2026-05-08").await;
    assert!(before.contains("有限会社南海商店") && !before.contains("南海経理"), "{before}");
    desk.go_to("2026-06-05T09:00:00").await;
    let after = bill("2026-05", "2026-06-05").await;
    assert!(after.contains("南海経理株式会社") && after.contains("経理部"), "{after}");
}

#[tokio::test]
async fn a_change_that_cannot_be_meant_is_refused() {
    let desk = Desk::open().await;
    let registered = desk.running(&minami()).await;
    let (by, now) = (desk.person("sato"), desk.engine.now());
    let (form, _) = kita("").form();
    let to = Some(BillTo {
        name: String::new(),
        department: String::new(),
        postal_code: String::new(),
        address: String::new(),
    });
    let cases = [
        (RegisteredData::Company { company: form.applicant }, "another company"),
        (RegisteredData::BillTo { contract: Some("K-0".into()), to: None }, "no contract K-0"),
        (RegisteredData::BillTo { contract: None, to }, "no name"),
        (RegisteredData::Payers { names: vec!["　".to_owned()] }, "payer's name"),
    ];
    for (what, part) in cases {
        let change = DataChange { what, planned_on: day("2026-06-01"), unplanned: false };
        let account = &registered.account;
        let refused = desk.engine.notify_change("n", account, change, now, &by, "");
        let error = refused.await.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn a_channel_that_is_not_admitted_gives_the_filled_form() {
    let desk = Desk::open().await;
    let (by, minami) = (desk.person("sato"), minami());
    let (form, people) = minami.form();
    let submitted = desk
        .engine
        .submit_application("web-1", Channel::Homepage, form.clone(), people.clone(), &by)
        .await
        .unwrap();
    let SubmittedApplication::NotYetEffective(filled) = submitted else { panic!("{submitted:?}") };
    assert_eq!(filled.channels, ["paper", "email", "portal"]);
    let (read, _) = document::read_application(&filled.name, &filled.bytes).unwrap();
    assert_eq!(read.applicant.name, minami.company);
    assert!(desk.engine.store.accounts().await.unwrap().is_empty(), "nothing is registered");
    let submitted =
        desk.engine.submit_application("web-1", Channel::Portal, form, people, &by).await.unwrap();
    let SubmittedApplication::Registered(registered) = submitted else { panic!("{submitted:?}") };
    let state = desk.state(&registered.account).await;
    let status = state.applications[&registered.application].status;
    assert_eq!(status, ApplicationStatus::Received);
}

#[tokio::test]
async fn a_wish_that_names_the_expiry_is_an_objection_on_any_channel() {
    let desk = Desk::open().await;
    let applicant = Applicant { period_to: "2026-05-31", ..minami() };
    let registered = desk.running(&applicant).await;
    let contract = registered.application.contract();
    let arrived = CancellationArrival {
        contract: contract.clone(),
        channel: Channel::Email,
        arrived_at: desk.engine.now(),
        desired: Some(day("2026-05-31")),
        signed_by: None,
        file: None,
    };
    let by = desk.person("sato");
    let submitted = desk.engine.submit_cancellation("c-1", arrived, &by).await.unwrap();
    assert_eq!((submitted.effective, submitted.objection), (false, true));
    let form = submitted.form.unwrap();
    let sheet = document::read_cancellation(&form.name, &form.bytes);
    let fields: Vec<_> = sheet.unwrap_err().iter().map(|fault| fault.field.clone()).collect();
    assert_eq!(fields, ["署名者"], "all but the signature is filled in");
    let status = desk.contract(&registered).await.unwrap().status;
    assert_eq!(status, ContractStatus::ExpiryScheduled);
}

#[tokio::test]
async fn a_trial_stores_nothing_and_an_ended_contract_has_none() {
    let desk = Desk::open().await;
    let registered = desk.running(&minami()).await;
    let contract = registered.application.contract();
    let before = desk.accounts().await;
    let trial = desk
        .engine
        .try_to_stop(&contract, Some(day("2026-06-30")), &Interrupt::default())
        .await
        .unwrap();
    let cancelled = trial.cancellation.unwrap();
    assert_eq!((cancelled.ends_on, cancelled.deemed), (day("2026-06-30"), false));
    assert_eq!(trial.non_renewal.unwrap().ends_on, day("2027-03-31"), "not before the period ends");
    assert_eq!(desk.accounts().await, before);
    let gone = terminated(&desk).await.application.contract();
    let refused = desk.engine.try_to_stop(&gone, None, &Interrupt::default()).await.unwrap_err();
    assert!(matches!(refused, EngineError::Refused(_)), "{refused}");
}

#[tokio::test]
async fn every_scenario_of_the_documentation_is_met() {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("run the tests with cargo");
    let folder = std::path::PathBuf::from(here).join("../../docs/scenarios");
    let mut played = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // A scenario of another reseller, or with files beside it, is played by the command.
        if text.contains("\noperator = ") || text.contains("\nfile = ") {
            continue;
        }
        live_alone(&read_scenario(&text), &path.display().to_string()).await;
        played += 1;
    }
    assert!(played >= 8, "{played}");
}

/// Two forms before the first notice has left: each notice names its own day.
#[tokio::test]
async fn each_receipt_notice_speaks_of_its_own_form() {
    let desk = Desk::open().await;
    let registered = desk.running(&minami()).await;
    desk.go_to("2026-05-08T09:00:00").await;
    let contract = registered.application.contract();
    let days = ["2026-07-31", "2026-06-30"];
    for desired in days {
        let form = contract::CancellationForm {
            desired: Some(day(desired)),
            signed_by: "南　一平".into(),
            signed_by_other: false,
        };
        let fact = Fact::CancellationFormArrived(CancellationFormArrived {
            contract: contract.clone(),
            channel: Channel::Paper,
            arrived_at: desk.engine.now(),
            form,
        });
        let (by, id) = (desk.person("sato"), format!("form-{desired}"));
        let input = desk.engine.input(id, &registered.account, &by, "desk", Content::Fact(fact));
        desk.engine.register(input).await.unwrap();
    }
    desk.engine.settle().await.unwrap();
    for (desired, other) in days.iter().zip(days.iter().rev()) {
        let id = format!("paper/receipt-{contract}-{desired}");
        let paper = desk.engine.store.personal(&id).await.unwrap().expect("the notice left");
        let text = text_of_pdf(&paper.content);
        let written = |on: &str| {
            let on = day(on);
            format!("{}年{}月{}日", on.year(), on.month(), on.day())
        };
        assert!(text.contains(&written(desired)), "{text}");
        assert!(!text.contains(&written(other)), "{text}");
    }
}

/// 13-1b, 3-2: two persons decide, and the notice makes the statement.
#[tokio::test]
async fn the_provider_declines_a_renewal_by_two_persons_and_a_notice() {
    let desk = Desk::open().await;
    let registered = desk.running(&minami()).await;
    let contract = registered.application.contract();
    let act = |against: &str| {
        Act::DeclineRenewal(DeclineRenewal { contract: contract.clone(), against: day(against) })
    };
    let propose = |act: Act| Act::Propose(Propose { act: Box::new(act) });
    let wrong = desk.act(&registered, "sato", propose(act("2027-02-28"))).await;
    assert_eq!(wrong.findings[0].code, "not_the_expiry");
    assert!(!desk.act(&registered, "sato", propose(act("2027-03-31"))).await.refused);
    let proposal = desk.state(&registered.account).await.proposals[0].id.clone();
    let approve = Act::Approve(Approve { proposal, act: Box::new(act("2027-03-31")) });
    let own = desk.act(&registered, "sato", approve.clone()).await;
    assert!(own.refused, "one person alone does not");
    desk.go_to("2026-04-13T09:00:00").await;
    let before = desk.mailbox.letters().len();
    let approved = desk.act(&registered, "suzuki", approve).await;
    assert!(!approved.refused, "{:?}", approved.findings);
    let letters = desk.mailbox.letters();
    assert_eq!(letters.len(), before + 1, "the notice leaves");
    let notice = document::read_mail("notice.eml", &letters[before].bytes).unwrap();
    assert!(notice.subject.contains("更新しません"), "{}", notice.subject);
    let status = desk.contract(&registered).await.unwrap().status;
    assert_eq!(status, ContractStatus::ExpiryScheduled);
    desk.go_to("2026-04-14T09:00:00").await;
    let again = desk.act(&registered, "sato", propose(act("2027-03-31"))).await;
    assert_eq!(again.findings[0].code, "already_asked");
}
