//! A machine that slept: what follows, and when, is as if it had been awake.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::ContractStatus;
use contract::declare::consequence::Consequence;
use contract::declare::fact::{Fact, NonRenewalStated};
use contract::declare::ids::ConsequenceId;
use contract::ending::renewal::{Side, Statement};
use contract::notices::notice::Channel;
use contract::road::case::Case;
use contract::road::lives::Live;
use contract::road::stream::{Body, Content, Event};
use document::{CancellationSheet, write_cancellation};
use engine::{Outcome, Registered};
use reckon::Day;

use crate::desk::{
    Applicant, Desk, Lived, at, in_memory, kita, live, read_scenario, sample_scenario,
};

/// An invoice falls overdue and four extensions follow in its quiet months.
const QUIET_MONTHS: &str = r#"
title = "Quiet months"
start = "2026-04-01T09:00:00"
[[step]]
at = "2026-04-01T10:00:00"
do = "application"
name = "kita"
form = { company = "株式会社北斗計測", kana = "カブシキガイシャホクトケイソク", corporate_number = "7000012050002", person = "毛利　小夜子", mail = "mouri@hokuto.example", from = "2026-04-01", to = "2026-06-30", lines = [{ service = "SDPF", item = "SV-4C16G", start = "2026-04-01" }] }
[[step]]
at = "2026-04-03T10:00:00"
by = "suzuki"
do = "accept"
application = "kita"
[[step]]
at = "2026-04-10T10:00:00"
by = "ito"
do = "start"
contract = "kita"
line = 1
[[step]]
at = "2026-05-08T10:00:00"
by = "takahashi"
do = "bill"
month = "2026-04"
[[step]]
at = "2026-09-10T10:00:00"
note = "Nothing happened meanwhile"
asleep = ASLEEP
expect = [
    { of = "contract kita", is = { period = { from = "2026-10-01", to = "2026-10-31" } } },
    { of = "account kita", is = { rights = [{ right = "12-3", from = "2026-07-01" }] } },
]
"#;

async fn quiet_months(asleep: bool) -> Lived {
    let scenario = read_scenario(&QUIET_MONTHS.replace("ASLEEP", &asleep.to_string()));
    live(&scenario, in_memory().await, "kita").await
}

async fn case(lived: &Lived) -> Arc<Case> {
    lived.engine.case(&lived.customer.account).await.unwrap()
}

/// All but from when notices hold that leave by themselves: whose machine slept sends them
/// when it wakes, and of several extensions tells the last (3-2).
async fn what_follows(lived: &Lived) -> BTreeMap<ConsequenceId, Live> {
    let case = case(lived).await;
    let is_other = |one: &Live| !matches!(one.consequence, Consequence::NoticeEffective(_));
    let live = case.live.iter().filter(|(_, one)| is_other(one));
    live.map(|(id, one)| (id.clone(), one.clone())).collect()
}

#[tokio::test]
async fn three_months_of_sleep_change_no_consequence_and_no_moment() {
    let (awake, asleep) = (quiet_months(false).await, quiet_months(true).await);
    let expected = what_follows(&awake).await;
    assert!(expected.len() > 8, "{expected:#?}");
    assert_eq!(what_follows(&asleep).await, expected);
    let ticks = async |lived: &Lived| {
        let records = lived.engine.records(&lived.customer.account).await.unwrap();
        records.iter().filter(|record| record.input.content == Content::Clock).count()
    };
    assert!(ticks(&awake).await > ticks(&asleep).await);
}

#[tokio::test]
async fn a_whole_life_between_naps_is_the_same_life() {
    let mut scenario = sample_scenario();
    let awake = live(&scenario, in_memory().await, "aoba").await;
    scenario.steps.iter_mut().for_each(|step| step.asleep = true);
    let asleep = live(&scenario, in_memory().await, "aoba").await;
    assert_eq!(what_follows(&asleep).await, what_follows(&awake).await);
}

#[tokio::test]
async fn catching_up_again_does_nothing() {
    let lived = quiet_months(true).await;
    let before = lived.engine.export().await.unwrap();
    assert_eq!(lived.engine.catch_up().await.unwrap(), 0);
    lived.engine.settle().await.unwrap();
    assert_eq!(lived.engine.export().await.unwrap(), before);
    let account = &lived.customer.account;
    let tick = lived.engine.input(
        "another-tick",
        account,
        &lived.engine.operator.actor("sato").unwrap(),
        "the calendar",
        Content::Clock,
    );
    assert!(lived.engine.register(tick).await.unwrap().events.is_empty());
    assert_eq!(lived.engine.export().await.unwrap(), before);
}

/// A contract to the end of June that was extended in the middle of June.
async fn extended() -> (Desk, Registered) {
    let desk = Desk::open().await;
    let applicant = Applicant { period_to: "2026-06-30", ..kita("mouri@hokuto.example") };
    let registered = desk.running(&applicant).await;
    desk.go_to("2026-06-17T09:00:00").await;
    assert_eq!(period_end(&desk, &registered).await, day("2026-07-31"));
    (desk, registered)
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

async fn period_end(desk: &Desk, registered: &Registered) -> Day {
    desk.contract(registered).await.unwrap().period.to
}

/// Which extensions an outcome took back.
async fn taken_back(desk: &Desk, registered: &Registered, events: &[Event]) -> usize {
    let records = desk.engine.records(&registered.account).await.unwrap();
    let extensions: Vec<_> = records
        .iter()
        .flat_map(|record| &record.events)
        .filter_map(|event| match &event.body {
            Body::Follows { id, consequence: Consequence::ContractExtended(_) } => Some(id),
            _ => None,
        })
        .collect();
    let retracted = |event: &&Event| match &event.body {
        Body::Retracted { of } => extensions.contains(&of),
        _ => false,
    };
    events.iter().filter(retracted).count()
}

#[tokio::test]
async fn a_statement_registered_late_undoes_an_extension() {
    let (desk, registered) = extended().await;
    let sent_at = at("2026-05-20T10:00:00");
    let statement = Statement {
        by: Side::Customer,
        channel: Channel::Paper,
        sent_at,
        arrived_at: Some(sent_at),
        against: Some(day("2026-06-30")),
    };
    let contract = registered.application.contract();
    let fact = Content::Fact(Fact::NonRenewalStated(NonRenewalStated { contract, statement }));
    let by = desk.person("sato");
    let mut input = desk.engine.input("found", &registered.account, &by, "a drawer", fact);
    input.occurred_at = sent_at;
    let Outcome { events, .. } = desk.engine.register(input).await.unwrap();
    assert_eq!(taken_back(&desk, &registered, &events).await, 1);
    assert_eq!(period_end(&desk, &registered).await, day("2026-06-30"));
    desk.go_to("2026-07-01T00:00:00").await;
    assert_eq!(desk.contract(&registered).await.unwrap().status, ContractStatus::Ended);
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}

#[tokio::test]
async fn a_cancellation_form_registered_late_undoes_the_extensions_after_its_end() {
    let (desk, registered) = extended().await;
    desk.go_to("2026-08-05T09:00:00").await;
    assert_eq!(period_end(&desk, &registered).await, day("2026-09-30"));
    let sheet = CancellationSheet {
        company: "株式会社北斗計測".to_owned(),
        contract: registered.application.contract().0,
        desired: Some(day("2026-06-25")),
        signed_by: "毛利　小夜子".to_owned(),
    };
    let bytes = write_cancellation(Some(&sheet)).unwrap();
    let (channel, arrived_at) = (Channel::Paper, at("2026-05-20T10:00:00"));
    let by = desk.person("sato");
    let outcome = desk
        .engine
        .receive_cancellation_file("解約.xlsx", &bytes, channel, arrived_at, &by, "")
        .await
        .unwrap();
    desk.engine.settle().await.unwrap();
    desk.confirm_arrivals(&registered).await;
    let records = desk.engine.records(&registered.account).await.unwrap();
    let found = records.iter().position(|record| record.input.id.0.starts_with("cancellation-"));
    let events: Vec<_> =
        records[found.unwrap()..].iter().flat_map(|record| record.events.clone()).collect();
    assert!(!outcome.refused);
    assert!(taken_back(&desk, &registered, &events).await > 0, "{events:#?}");
    let contract = desk.contract(&registered).await.unwrap();
    assert_eq!(contract.status, ContractStatus::Ended, "{contract:#?}");
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}
