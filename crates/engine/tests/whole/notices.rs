//! Article 3: a notice reaches everybody to whom it goes, once, whatever happens on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::Person;
use contract::declare::ids::{AccountId, ApplicationId, ContractId};
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::Channel;
use document::write_book;
use engine::announcing::{Announcement, Audience, Draft, Standing};
use engine::{Clock, Engine, EngineError, OutboxState};
use reckon::Moment;

use crate::desk::{Desk, at};
use crate::takeover::rows;

/// Customers of an earlier book; of those in `unreachable` the own server takes no mail.
async fn customers(count: u64, unreachable: &[u64]) -> Desk {
    let desk = Desk::open().await;
    let mut book = rows::rows(count);
    for contract in book.get_mut("契約").unwrap() {
        let number: u64 = contract[0].trim_start_matches("MC-").parse().unwrap();
        if unreachable.contains(&number) {
            contract[18] = format!("reject.{number}@mihon.example");
        }
    }
    let book = write_book(&book).unwrap();
    desk.clock.move_to(at("2026-04-20T10:00"));
    let by = desk.person("takahashi");
    desk.engine.load_book("book.xlsx", &book, &by, &mut |_, _| {}).await.unwrap();
    desk.engine.settle().await.unwrap();
    desk
}

fn maintenance(channels: &[Channel]) -> Draft {
    let fields =
        [("from", "2026-05-10T02:00"), ("to", "2026-05-10T05:00"), ("scope", "東日本リージョン")];
    Draft {
        kind: "maintenance".to_owned(),
        title: String::new(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        text: String::new(),
        audience: Audience::All,
        channels: channels.to_vec(),
        withdraws: None,
    }
}

fn withdrawal(of: &NoticeId) -> Draft {
    Draft {
        kind: "general".to_owned(),
        title: "定期点検の取りやめ".to_owned(),
        text: "定期点検は行いません。".to_owned(),
        fields: BTreeMap::new(),
        withdraws: Some(of.clone()),
        ..maintenance(&[Channel::Email])
    }
}

/// Written by operations, who need nobody's approval for it.
async fn written(desk: &Desk, form: &str, draft: &Draft) -> NoticeId {
    desk.engine.write_notice(form, draft, &desk.person("ito")).await.unwrap()
}

async fn announcement(engine: &Engine, id: &NoticeId) -> Announcement {
    engine.announcements().await.unwrap().get(id).unwrap().clone()
}

/// A notice on its way to one customer.
fn to(one: &Announcement, account: &AccountId) -> DeliveryId {
    DeliveryId::of(&one.id, &one.written.text_hash, account)
}

/// How many mails about notices each address got.
fn mails(desk: &Desk) -> BTreeMap<String, u32> {
    let mut mails = BTreeMap::new();
    for letter in desk.mailbox.letters() {
        if letter.message_id.contains("notice-") {
            *mails.entry(letter.to[0].clone()).or_default() += 1;
        }
    }
    mails
}

async fn refused(desk: &Desk) -> usize {
    desk.engine.store.outbox_in(OutboxState::Refused).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_reaches_everybody_once_and_each_refused_mail_can_be_seen() {
    let unreachable = [3, 40, 501];
    let desk = customers(510, &unreachable).await;
    let id = written(&desk, "form-1", &maintenance(&[Channel::Email, Channel::Homepage])).await;
    // The same form again, and a process that works on it beside this one.
    assert_eq!(written(&desk, "form-1", &maintenance(&[Channel::Email])).await, id);
    let beside =
        crate::desk::engine(desk.engine.store.clone(), desk.mailbox.clone(), desk.clock.clone());
    desk.engine.deliver_notices().await.unwrap();
    beside.deliver_notices().await.unwrap();
    beside.settle().await.unwrap();
    desk.engine.settle().await.unwrap();
    let one = announcement(&desk.engine, &id).await;
    assert_eq!((one.standing(), one.given), (Standing::Out, 510));
    let mails = mails(&desk);
    assert_eq!((mails.len(), mails.values().max()), (507, Some(&1)));
    assert_eq!(refused(&desk).await, 3);
    // Whoever could not be mailed has it from the homepage all the same.
    let account = AccountId::of_company(&rows::corporate_number(40));
    let notice = desk.state(&account).await.notices[&to(&one, &account)].clone();
    assert_eq!((notice.sent_at, notice.in_time), (None, Some(true)));
    assert_eq!(notice.effective.as_ref().unwrap().channel, Channel::Homepage);
    let audit = desk.engine.audit().await.unwrap();
    assert_eq!(audit.differences, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_on_its_way_reaches_nobody_else() {
    let desk = customers(70, &[]).await;
    let id = written(&desk, "form-1", &maintenance(&[Channel::Email])).await;
    // Fifty customers in one go: the others wait.
    desk.engine.deliver_notices().await.unwrap();
    assert_eq!(desk.engine.given_so_far(&announcement(&desk.engine, &id).await), 50);
    let by = written(&desk, "form-2", &withdrawal(&id)).await;
    desk.engine.settle().await.unwrap();
    let (old, new) = (announcement(&desk.engine, &id).await, announcement(&desk.engine, &by).await);
    assert_eq!((old.standing(), new.standing()), (Standing::Withdrawn, Standing::Out));
    let mut had = 0;
    for account in desk.engine.store.accounts().await.unwrap() {
        let state = desk.state(&account).await;
        let before = state.notices.get(&to(&old, &account));
        let after = state.notices.get(&to(&new, &account));
        assert_eq!(before.is_some(), after.is_some(), "{account}");
        had += usize::from(before.is_some_and(|one| one.withdrawn.is_some()));
    }
    assert_eq!(had, 50);
    let again = desk.engine.write_notice("form-3", &withdrawal(&id), &desk.person("ito")).await;
    assert!(matches!(again, Err(EngineError::Draft(faults)) if faults[0].at == "withdraws"));
}

#[tokio::test]
async fn a_mail_goes_to_the_address_that_is_registered_when_it_leaves() {
    let desk = customers(1, &[]).await;
    let account = AccountId::of_company(&rows::corporate_number(1));
    let by = desk.person("sato");
    let draft = maintenance(&[Channel::Email]);
    let ahead = desk.engine.notice_ahead(&draft, &desk.person("ito")).await.unwrap();
    assert_eq!((ahead.audience.customers, ahead.audience.without_address.len()), (1, 0));
    let contract = ahead.audience.first[0].to.contracts[0].clone();
    let application: ApplicationId = contract.application();
    let person = Person {
        role: contract::PersonRole::ResponsiblePerson,
        name: "見本　花子".to_owned(),
        department: String::new(),
        mail: "hanako@mihon.example".to_owned(),
        phone: String::new(),
    };
    let changed =
        desk.engine.change_contact("c-1", &account, &application, person, &by, "").await.unwrap();
    assert!(!changed.refused);
    written(&desk, "form-1", &draft).await;
    desk.engine.settle().await.unwrap();
    assert_eq!(mails(&desk), BTreeMap::from([("hanako@mihon.example".to_owned(), 1)]));
}

/// A clock that somebody puts back.
struct PutBack(std::sync::Mutex<Moment>);

impl Clock for PutBack {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

#[tokio::test]
async fn a_clock_that_was_put_back_sends_nothing_before_it_was_approved() {
    let desk = customers(2, &[]).await;
    let id = written(&desk, "form-1", &maintenance(&[Channel::Email])).await;
    let clock = Arc::new(PutBack(std::sync::Mutex::new(at("2026-04-20T09:00"))));
    let mut engine =
        crate::desk::engine(desk.engine.store.clone(), desk.mailbox.clone(), desk.clock.clone());
    engine.clock = clock.clone();
    assert_eq!(engine.deliver_notices().await.unwrap(), 0);
    *clock.0.lock().unwrap() = at("2026-04-20T10:00");
    engine.settle().await.unwrap();
    assert_eq!(mails(&desk).len(), 2);
    assert_eq!(announcement(&engine, &id).await.standing(), Standing::Out);
}

#[tokio::test]
async fn what_is_told_to_one_customer_stands_sealed_and_is_never_posted() {
    let desk = customers(2, &[]).await;
    let view = desk.engine.store.views("contract").await.unwrap().remove(0);
    let contract = ContractId(view.id);
    let fields = [("breach", "田中氏の端末からの再提供"), ("days", "14")];
    let mut draft = Draft {
        kind: "cure_demand".to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        audience: Audience::Contract { contract },
        ..maintenance(&[Channel::Email])
    };
    let by = desk.person("tanaka");
    let id = desk.engine.write_notice("form-1", &draft, &by).await.unwrap();
    let entries = desk.engine.store.operator_stream("notices").await.unwrap();
    assert!(!serde_json::to_string(&entries).unwrap().contains("田中氏"));
    let one = announcement(&desk.engine, &id).await;
    assert_eq!((one.standing(), one.is_public()), (Standing::Waiting, false));
    let said = desk.engine.said_by(&one).await.unwrap().unwrap();
    assert!(said.passages[0].value.contains("田中氏") && said.court.is_some());
    // It waits for another person.
    assert!(desk.engine.approve_notice(&id, &by).await.is_err());
    desk.engine.settle().await.unwrap();
    assert!(mails(&desk).is_empty());
    desk.engine.approve_notice(&id, &desk.person("kobayashi")).await.unwrap();
    desk.engine.approve_notice(&id, &desk.person("kobayashi")).await.unwrap();
    desk.engine.settle().await.unwrap();
    assert_eq!(mails(&desk).len(), 1);
    draft.channels = vec![Channel::Homepage];
    let faults = desk.engine.notice_ahead(&draft, &by).await;
    let Err(EngineError::Draft(faults)) = faults else { panic!("it would be posted") };
    assert!(faults.iter().all(|fault| fault.at == "channels"), "{faults:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_before_it_begins_is_not_announced() {
    let desk = customers(1, &[]).await;
    let mut draft = maintenance(&[Channel::Email]);
    draft.fields.insert("to".to_owned(), "2026-05-10T01:00".to_owned());
    let ahead = desk.engine.notice_ahead(&draft, &desk.person("takahashi")).await;
    let Err(EngineError::Draft(faults)) = ahead else { panic!("it would be announced") };
    assert_eq!(faults.iter().map(|fault| fault.at.as_str()).collect::<Vec<_>>(), ["field.to"]);
}
