//! What an entry marks lies in rows of its own: the road makes them, and names them.

use contract::declare::fact::{CancellationFormArrived, ContactChanged, Fact};
use contract::declare::sealed::{File, Sealed, Signature};
use contract::notices::notice::Channel;
use contract::road::stream::{Content, Input};
use contract::{CancellationForm, Person, PersonRole};
use engine::Registered;

use crate::desk::{Desk, minami};

fn person(role: PersonRole, name: &str) -> Person {
    let (department, phone) = (String::new(), String::new());
    Person { role, name: name.to_owned(), department, mail: "new@minami.example".into(), phone }
}

fn contact(desk: &Desk, about: &Registered, id: &str, person: Person) -> Input {
    let (application, role) = (about.application.clone(), person.role);
    let person = Sealed::Open(person);
    let fact = Fact::ContactChanged(ContactChanged { application, role, person, kept: None });
    let by = desk.person("sato");
    desk.engine.input(id, &about.account, &by, "desk", Content::Fact(fact))
}

fn arrival(desk: &Desk, about: &Registered, id: &str, signature: Signature) -> Input {
    let form = CancellationForm {
        desired: None,
        signed_by: Sealed::Open(signature),
        signed_by_other: false,
    };
    let fact = Fact::CancellationFormArrived(CancellationFormArrived {
        contract: about.application.contract(),
        channel: Channel::Paper,
        arrived_at: desk.engine.now(),
        form,
    });
    let by = desk.person("sato");
    desk.engine.input(id, &about.account, &by, "desk", Content::Fact(fact))
}

/// The rows of people that a contract has.
async fn rows(desk: &Desk, about: &Registered) -> Vec<String> {
    let contract = about.application.contract();
    let mut rows = Vec::new();
    for subject in ["material", "records"] {
        let kept = desk.engine.store.personal_of(&format!("{contract}/{subject}")).await.unwrap();
        rows.extend(kept.into_iter().map(|(id, _)| id).filter(|id| id.contains("/contact/")));
    }
    rows.sort();
    rows
}

#[tokio::test]
async fn a_person_is_named_by_a_row_and_by_the_same_one_when_the_key_comes_again() {
    let desk = Desk::open().await;
    let about = desk.running(&minami()).await;
    let before = rows(&desk, &about).await;
    let first = contact(&desk, &about, "c-1", person(PersonRole::Technical, "技術　太郎"));
    desk.engine.look_ahead(&first).await.unwrap();
    assert_eq!(rows(&desk, &about).await, before, "looking keeps nothing");
    let sealed = desk.engine.sealed(first.clone()).await.unwrap();
    desk.engine.register(first.clone()).await.unwrap();
    let mut after = before.clone();
    after.push(format!("{}/contact/technical/0000", about.application.contract()));
    after.sort();
    assert_eq!(rows(&desk, &about).await, after);
    let records = desk.engine.records(&about.account).await.unwrap();
    let stored = &records.iter().find(|record| record.input.id.0 == "c-1").unwrap().input;
    assert_eq!(stored.content, sealed.content, "it was looked at as it is stored");
    let text = serde_json::to_string(stored).unwrap();
    assert!(!text.contains("技術") && text.contains("/contact/technical/0000"), "{text}");
    // The same once more is the same; somebody else under this key is not.
    assert_eq!(desk.engine.sealed(first.clone()).await.unwrap().content, stored.content);
    assert!(desk.engine.register(first).await.unwrap().repeated);
    let other = contact(&desk, &about, "c-1", person(PersonRole::Technical, "別人"));
    assert_ne!(desk.engine.sealed(other).await.unwrap().content, stored.content);
    assert_eq!(rows(&desk, &about).await, after);
}

#[tokio::test]
async fn whom_invoices_go_to_is_kept_with_the_accounting_records_too() {
    let desk = Desk::open().await;
    let about = desk.running(&minami()).await;
    let input = contact(&desk, &about, "c-1", person(PersonRole::Billing, "経理　花子"));
    desk.engine.register(input).await.unwrap();
    let rows = rows(&desk, &about).await;
    let kept = |role: &str| rows.iter().filter(|id| id.contains(&format!("/{role}"))).count();
    assert!(kept("accounting") > 1 && kept("billing") > 0, "{rows:?}");
    let state = desk.engine.state(&about.account).await.unwrap();
    let named: Vec<_> = state.parties.contacts.iter().map(|(row, _)| row.0.as_str()).collect();
    assert_eq!(named.len(), 2, "both hold from now on: {named:?}");
}

#[tokio::test]
async fn who_signed_is_found_out_while_the_name_is_open() {
    let desk = Desk::open().await;
    let about = desk.running(&minami()).await;
    desk.go_to("2026-05-08T09:00:00").await;
    let signed = |by: &str| Signature { signer: Some(by.to_owned()), sheet: None };
    let state = desk.engine.state(&about.account).await.unwrap();
    let contract = about.application.contract();
    let own = desk.engine.contract_people(&state, &contract).await.unwrap().remove(0).name;
    for (id, by, other) in [("a-1", own.as_str(), false), ("a-2", "誰か　ほか", true)] {
        let input = arrival(&desk, &about, id, signed(by));
        let sealed = desk.engine.sealed(input.clone()).await.unwrap();
        let Content::Fact(Fact::CancellationFormArrived(arrived)) = sealed.content else {
            panic!("a form arrived")
        };
        assert_eq!(arrived.form.signed_by_other, other, "{by}");
        let row = arrived.form.signed_by.kept().unwrap().clone();
        desk.engine.register(input).await.unwrap();
        let kept = desk.engine.store.personal(&row.0).await.unwrap().unwrap();
        assert_eq!(String::from_utf8(kept.content).unwrap(), by);
    }
    let sheet = Some(File { name: "解約.xlsx".to_owned(), bytes: b"sheet".to_vec() });
    let input = arrival(&desk, &about, "a-3", Signature { signer: None, sheet });
    desk.engine.register(input).await.unwrap();
    let records = desk.engine.records(&about.account).await.unwrap();
    let evidence = &records.iter().find(|one| one.input.id.0 == "a-3").unwrap().input.evidence;
    assert!(evidence[0].contains("/cancellation/") && evidence[0].contains(" blake3:"));
}
