//! Who may do what, from when until when, and who may change it.

use contract::declare::act::{Act, ConfirmErasure};
use contract::declare::fact::{Fact, MaterialErased};
use contract::declare::ids::AccountId;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::people::{Belongs, PeopleChange, PersonContact, Wanted};
use engine::{ApplicationCame, Engine, EngineError};
use reckon::{Day, Yen};

use crate::desk::{Desk, at, in_memory, live, sample_scenario};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

async fn change(engine: &Engine, by: &Actor, change: PeopleChange) -> Result<String, String> {
    let wanted = Wanted::new(change, "人事異動", "test");
    match engine.change_people(by, wanted).await {
        Ok((key, _)) => Ok(key),
        Err(EngineError::Refused(why)) => Err(why.en),
        Err(other) => panic!("{other}"),
    }
}

fn added(person: &str) -> PeopleChange {
    PeopleChange::PersonAdded {
        person: person.to_owned(),
        name: format!("{person} さん"),
        belongs: Belongs::Staff,
    }
}

fn granted(person: &str, role: Role, from: &str, until: Option<&str>) -> PeopleChange {
    PeopleChange::RoleGranted {
        person: person.to_owned(),
        role,
        from: day(from),
        until: until.map(day),
    }
}

/// The two administrators of the sample, in April 2026.
async fn desk() -> (Desk, Actor, Actor) {
    let desk = Desk::open().await;
    desk.clock.move_to(at("2026-04-10T09:00:00"));
    let admin = |id| Actor::new(id, Role::Administrator);
    (desk, admin("mori"), admin("hara"))
}

async fn roles(engine: &Engine, person: &str, on: &str) -> Vec<Role> {
    let people = engine.people().await.unwrap();
    people.hats(person, day(on)).into_iter().map(|hat| hat.role).collect()
}

#[tokio::test]
async fn a_role_is_held_from_its_first_to_its_last_day() {
    let (desk, mori, _) = desk().await;
    let engine = &desk.engine;
    change(engine, &mori, added("nomura")).await.unwrap();
    let role = granted("nomura", Role::Billing, "2026-05-01", Some("2026-06-30"));
    change(engine, &mori, role).await.unwrap();
    for (on, held) in [("2026-04-30", 0), ("2026-05-01", 1), ("2026-06-30", 1), ("2026-07-01", 0)] {
        assert_eq!(roles(engine, "nomura", on).await.len(), held, "{on}");
    }
    let ended = PeopleChange::RoleEnded {
        person: "nomura".to_owned(),
        role: Role::Billing,
        from: day("2026-06-01"),
    };
    change(engine, &mori, ended).await.unwrap();
    assert!(roles(engine, "nomura", "2026-06-01").await.is_empty());
    assert_eq!(roles(engine, "nomura", "2026-05-31").await, [Role::Billing]);
    let left = PeopleChange::PersonLeft { person: "nomura".to_owned(), from: day("2026-05-15") };
    change(engine, &mori, left).await.unwrap();
    assert_eq!(roles(engine, "nomura", "2026-05-14").await, [Role::Billing]);
    assert!(roles(engine, "nomura", "2026-05-15").await.is_empty());
    let entries = engine.people_entries().await.unwrap();
    let (key, last) = entries.last().unwrap();
    assert_eq!((last.by.id.as_str(), last.at), ("mori", at("2026-04-10T09:00:00")));
    assert_eq!(engine.people_reason(key).await.unwrap().as_deref(), Some("人事異動"));
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}

#[tokio::test]
async fn what_gives_a_right_to_approve_takes_two_administrators() {
    let (desk, mori, hara) = desk().await;
    let engine = &desk.engine;
    change(engine, &mori, added("nomura")).await.unwrap();
    let role = || granted("nomura", Role::ContractApprover, "2026-04-10", None);
    let proposal = change(engine, &mori, role()).await.unwrap();
    assert!(roles(engine, "nomura", "2026-04-10").await.is_empty(), "it waits");
    let approved = || PeopleChange::Approved { proposal: proposal.clone() };
    assert!(change(engine, &mori, approved()).await.unwrap_err().contains("another"));
    let deputy = Actor { deputy_for: Some("mori".to_owned()), ..hara.clone() };
    assert!(change(engine, &deputy, approved()).await.is_err(), "in the proposer's place");
    let desk_person = Actor::new("sato", Role::OrderDesk);
    assert!(change(engine, &desk_person, approved()).await.is_err());
    change(engine, &hara, approved()).await.unwrap();
    assert_eq!(roles(engine, "nomura", "2026-04-10").await, [Role::ContractApprover]);
    assert!(change(engine, &hara, approved()).await.is_err(), "once");
    let lower = PeopleChange::LimitSet {
        person: "nomura".to_owned(),
        up_to: Some(Yen(100_000)),
        from: day("2026-04-10"),
    };
    change(engine, &mori, lower).await.unwrap();
    let limit = async || engine.people().await.unwrap().limit("nomura", day("2026-04-10"));
    assert_eq!(limit().await, Some(Yen(100_000)), "lower at once");
    let higher = PeopleChange::LimitSet {
        person: "nomura".to_owned(),
        up_to: None,
        from: day("2026-04-10"),
    };
    let proposal = change(engine, &mori, higher).await.unwrap();
    assert_eq!(limit().await, Some(Yen(100_000)), "higher by two");
    change(engine, &hara, PeopleChange::Declined { proposal }).await.unwrap();
    assert_eq!(engine.people().await.unwrap().proposals().count(), 0);
}

#[tokio::test]
async fn nobody_gives_themselves_rights_or_takes_the_last_administrator_away() {
    let (desk, mori, hara) = desk().await;
    let engine = &desk.engine;
    let own = granted("mori", Role::Billing, "2026-04-10", None);
    assert!(change(engine, &mori, own).await.unwrap_err().contains("themselves"));
    let past = granted("sato", Role::Billing, "2026-04-09", None);
    assert!(change(engine, &mori, past).await.unwrap_err().contains("past"));
    let customers = granted("sato", Role::CustomerAdministrator, "2026-04-10", None);
    assert!(change(engine, &mori, customers).await.is_err());
    for wrong in ["", "A", "森", "system", "sato", "-x"] {
        assert!(change(engine, &mori, added(wrong)).await.is_err(), "{wrong}");
    }
    let left = |person: &str| PeopleChange::PersonLeft {
        person: person.to_owned(),
        from: day("2026-04-10"),
    };
    change(engine, &mori, left("hara")).await.unwrap();
    assert!(change(engine, &hara, left("mori")).await.unwrap_err().contains("last"));
}

#[tokio::test]
async fn a_deputy_acts_in_the_place_and_under_the_limit_of_somebody() {
    let (desk, mori, hara) = desk().await;
    let engine = &desk.engine;
    let named = PeopleChange::DeputyNamed {
        deputy: "sato".to_owned(),
        stands_for: "suzuki".to_owned(),
        role: Role::ContractApprover,
        from: day("2026-05-01"),
        until: day("2026-05-07"),
    };
    let proposal = change(engine, &mori, named).await.unwrap();
    change(engine, &hara, PeopleChange::Approved { proposal }).await.unwrap();
    let limit = PeopleChange::LimitSet {
        person: "suzuki".to_owned(),
        up_to: Some(Yen(500_000)),
        from: day("2026-05-01"),
    };
    change(engine, &mori, limit).await.unwrap();
    let people = engine.people().await.unwrap();
    let hats = people.hats("sato", day("2026-05-07"));
    assert_eq!(hats[0].role, Role::OrderDesk);
    assert_eq!(hats[1].deputy_for.as_deref(), Some("suzuki"));
    assert_eq!(hats[1].approves_up_to, Some(Yen(500_000)));
    assert_eq!(people.hats("sato", day("2026-05-08")).len(), 1);
    assert_eq!(people.hats("sato", day("2026-04-30")).len(), 1);
}

#[tokio::test]
async fn people_of_customers_are_bound_to_an_account_that_exists() {
    let (desk, mori, _) = desk().await;
    let engine = &desk.engine;
    let person = PeopleChange::PersonAdded {
        person: "aoba-tanaka".to_owned(),
        name: String::new(),
        belongs: Belongs::Customer { account: "A-none".into() },
    };
    let contact =
        PersonContact { name: "田中　花子".to_owned(), mail: "t@example.jp".to_owned() };
    let wanted = Wanted { contact: Some(contact), ..Wanted::new(person, "", "test") };
    let refused = engine.change_people(&mori, wanted).await.unwrap_err().to_string();
    assert!(refused.contains("A-none"), "{refused}");
    assert_eq!(engine.person_contact("aoba-tanaka").await.unwrap(), None);
}

/// Two at once: the second looks again and finds what the first did.
#[tokio::test]
async fn two_changes_at_once_are_both_recorded_or_one_is_refused() {
    let (desk, mori, hara) = desk().await;
    let (one, other) = tokio::join!(
        change(&desk.engine, &mori, added("nomura")),
        change(&desk.engine, &hara, added("nomura"))
    );
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let entries = desk.engine.people_entries().await.unwrap();
    assert_eq!(entries.len(), 1);
}

/// A customer's own user with a sealed name, added before a moment of the life.
async fn own_user(engine: &Engine, account: &AccountId) {
    let belongs = Belongs::Customer { account: account.clone() };
    let added =
        PeopleChange::PersonAdded { person: "tanto".to_owned(), name: String::new(), belongs };
    let contact =
        PersonContact { name: "青葉　担当".to_owned(), mail: "t@aoba.example".to_owned() };
    let wanted = Wanted { contact: Some(contact), ..Wanted::new(added, "", "test") };
    engine.change_people(&engine::system(), wanted).await.unwrap();
}

async fn own_users_erased(engine: &Engine, account: &AccountId) -> Option<u64> {
    let records = engine.records(account).await.unwrap();
    let erased = records.iter().find_map(|record| match &record.input.content {
        Content::Fact(Fact::MaterialErased(MaterialErased { erased, .. })) => Some(erased),
        _ => None,
    })?;
    erased.iter().find(|class| class.class == "own_user").map(|class| class.count)
}

/// 19-2: nothing of the customer goes on, so its own users are erased with it.
#[tokio::test]
async fn names_of_a_customers_users_go_with_its_last_contract() {
    let mut life = sample_scenario();
    life.steps.retain(|step| step.at < at("2026-11-10T00:00:00"));
    let lived = live(&life, in_memory().await, "aoba").await;
    let (engine, account) = (&lived.engine, &lived.customer.account);
    own_user(engine, account).await;
    assert!(engine.person_contact("tanto").await.unwrap().is_some());
    let by = engine.operator.actor("nakamura").unwrap();
    let act = Content::Act(Act::ConfirmErasure(ConfirmErasure {
        contract: lived.customer.application.contract(),
    }));
    let confirmed = engine.input("confirmed", account, &by, "desk", act);
    assert!(!engine.register(confirmed).await.unwrap().refused);
    engine.settle().await.unwrap();
    assert_eq!(engine.person_contact("tanto").await.unwrap(), None, "key and row are gone");
    assert_eq!(own_users_erased(engine, account).await, Some(1), "and the certificate says so");
    assert!(engine.people().await.unwrap().member("tanto").is_some(), "the id stays");
    assert_eq!(engine.audit().await.unwrap().differences, Vec::<String>::new());
}

/// Another application is open: the same people are still needed.
#[tokio::test]
async fn users_stay_while_something_of_the_customer_goes_on() {
    let mut life = sample_scenario();
    life.steps.retain(|step| step.at < at("2026-11-10T00:00:00"));
    let lived = live(&life, in_memory().await, "aoba").await;
    let (engine, account) = (&lived.engine, &lived.customer.account);
    own_user(engine, account).await;
    let records = engine.records(account).await.unwrap();
    let again = records.iter().find_map(|record| match &record.input.content {
        Content::Fact(Fact::ApplicationReceived(application)) => Some(application.clone()),
        _ => None,
    });
    let sato = engine.operator.actor("sato").unwrap();
    let contract::application::receiving::Wish::New { form } = again.unwrap().wish else {
        panic!("a first one")
    };
    let now = engine.now();
    let channel = contract::notices::notice::Channel::Paper;
    engine
        .receive_application(
            ApplicationCame {
                reference: "P-AGAIN",
                channel,
                sent_at: now,
                received_at: now,
                sent_doubt: None,
                files: Vec::new(),
            },
            form,
            Vec::new(),
            &sato,
        )
        .await
        .unwrap();
    let by = engine.operator.actor("nakamura").unwrap();
    let act = Content::Act(Act::ConfirmErasure(ConfirmErasure {
        contract: lived.customer.application.contract(),
    }));
    let confirmed = engine.input("confirmed", account, &by, "desk", act);
    assert!(!engine.register(confirmed).await.unwrap().refused);
    engine.settle().await.unwrap();
    assert!(engine.person_contact("tanto").await.unwrap().is_some());
    assert_eq!(own_users_erased(engine, account).await, None);
}
