//! What letters and papers say agrees with the record (Articles 9, 15, 16).

use contract::application::receiving::Change;
use contract::declare::act::{AcceptApplication, Act, Approve, Propose, Terminate};
use contract::declare::fact::{CancellationFormArrived, EntryVoided, Fact, JudgementRecorded};
use contract::declare::ids::{ApplicationId, ContractId, InputId};
use contract::declare::task::TaskKind;
use contract::notices::notice::Channel;
use contract::registered::parties::{DataChange, RegisteredData};
use contract::road::stream::Content;
use contract::{CancellationForm, ContractStatus, OpenTask};
use engine::{ChangeCame, Registered};
use reckon::{Day, Yen};

use crate::desk::{Desk, kita, minami, text_of_pdf};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The text of a mail and of the PDF that it carried. With a folder to look at in
/// `YAKKAN_LOOK`, the PDF is left there too.
async fn letter(desk: &Desk, row: &str) -> (String, String) {
    let kept = |class: &str| format!("{class}/{row}");
    let mail = desk.engine.store.personal(&kept("mail")).await.unwrap();
    let mail = mail.unwrap_or_else(|| panic!("{row} left"));
    let (text, subject) = plain(&mail.content);
    let paper = desk.engine.store.personal(&kept("paper")).await.unwrap();
    if let Some(folder) = std::env::var_os("YAKKAN_LOOK") {
        let place = std::path::Path::new(&folder).join(row);
        std::fs::write(place.with_extension("txt"), format!("{subject}\n\n{text}")).unwrap();
        if let Some(paper) = &paper {
            std::fs::write(place.with_extension("pdf"), &paper.content).unwrap();
        }
    }
    let paper = paper.map(|paper| text_of_pdf(&paper.content)).unwrap_or_default();
    (format!("{subject}\n\n{text}"), paper)
}

fn plain(bytes: &[u8]) -> (String, String) {
    let mail = document::read_mail("a.eml", bytes).unwrap();
    (mail.text, mail.subject)
}

async fn rows(desk: &Desk, beginning: &str) -> Vec<String> {
    let rows = desk.engine.store.outbox().await.unwrap();
    rows.into_iter().map(|row| row.id).filter(|id| id.starts_with(beginning)).collect()
}

/// A change contract: applied for, and accepted.
async fn change(
    desk: &Desk,
    about: &Registered,
    name: &str,
    changes: Vec<Change>,
) -> ApplicationId {
    let contract = about.application.contract();
    let (from, by) = (day("2026-06-01"), desk.person("sato"));
    let changed = desk
        .engine
        .receive_change(
            &about.account,
            ChangeCame { reference: name, channel: Channel::Email, contract, from, changes },
            &by,
        )
        .await
        .unwrap();
    let application = changed.application;
    let act = Act::AcceptApplication(AcceptApplication { application: application.clone() });
    let outcome = desk.act(about, "suzuki", act).await;
    assert!(!outcome.refused, "{:?}", outcome.findings);
    application
}

fn of_the_change() -> Vec<Change> {
    vec![
        Change::SetQuantity { line: 1, quantity: 3 },
        Change::RemoveLine { line: 2, last_day: day("2026-05-31"), residual: Yen::ZERO },
    ]
}

async fn renamed(desk: &Desk, about: &Registered, name: &str) {
    let mut company = kita("").form().0.applicant;
    name.clone_into(&mut company.name);
    let change = DataChange {
        what: RegisteredData::Company { company },
        planned_on: desk.engine.now().day(),
        unplanned: true,
    };
    desk.fact(about, "sato", Fact::DataChangeNotified(Box::new(change))).await;
}

#[tokio::test]
async fn mail_and_paper_of_a_change_state_the_change_under_the_contract_and_the_name_of_the_day() {
    let desk = Desk::open().await;
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    renamed(&desk, &registered, "株式会社北斗新計測").await;
    desk.go_to("2026-05-08T09:00:00").await;
    let application = change(&desk, &registered, "change-1", of_the_change()).await;
    let contract = registered.application.contract();
    let acceptance = rows(&desk, &format!("acceptance-{application}")).await.remove(0);
    let order = format!("order-acceptance-{contract}-{application}");
    for row in [acceptance, order] {
        let (mail, paper) = letter(&desk, &row).await;
        for text in [&mail, &paper] {
            assert!(text.contains("CTR-2026-0001"), "{row}: {text}");
            assert!(!text.contains(&contract.0), "{row}: {text}");
            assert!(!text.contains(&application.contract().0), "{row}: {text}");
            assert!(text.contains("2026年6月1日"), "{row}: {text}");
            assert!(text.contains("株式会社北斗新計測"), "{row}: {text}");
            assert!(text.contains("数量を3に変更"), "{row}: {text}");
        }
        assert!(paper.contains("74,400"), "{row}: three servers: {paper}");
        assert!(mail.contains("変更契約"), "{row}: {mail}");
    }
    let state = desk.state(&registered.account).await;
    let owed = |task: &OpenTask| task.task == TaskKind::OrderAcceptance;
    assert!(!state.tasks.iter().any(owed), "{:?}", state.tasks);
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}

async fn cancelled(desk: &Desk, about: &Registered, desired: &str) -> String {
    let contract = about.application.contract();
    let fact = Fact::CancellationFormArrived(CancellationFormArrived {
        contract: contract.clone(),
        channel: Channel::Paper,
        arrived_at: desk.engine.now(),
        form: CancellationForm {
            desired: Some(day(desired)),
            signed_by: "毛利　小夜子".into(),
            signed_by_other: false,
        },
    });
    desk.fact(about, "sato", fact).await;
    format!("receipt-{contract}-{desired}")
}

#[tokio::test]
async fn a_receipt_notice_leaves_out_lines_that_a_change_removed_and_other_contracts() {
    let desk = Desk::open().await;
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    change(&desk, &registered, "change-1", of_the_change()).await;
    desk.go_to("2026-05-07T09:00:00").await;
    let (month, by) = ("2026-04".parse().unwrap(), desk.person("tanaka"));
    desk.engine.bill(month, day("2026-05-07"), &by).await.unwrap();
    desk.go_to("2026-07-10T09:00:00").await;
    let row = cancelled(&desk, &registered, "2026-08-31").await;
    let (mail, paper) = letter(&desk, &row).await;
    assert!(paper.contains("74,400"), "{paper}");
    assert!(!paper.contains("ブロックストレージ"), "{paper}");
    for text in [&mail, &paper] {
        assert!(text.contains("2026年7月10日"), "{text}");
        assert!(text.contains("お支払い"), "{text}");
    }
}

async fn judged(desk: &Desk, about: &Registered, clause: &str) {
    let judged = Fact::JudgementRecorded(JudgementRecorded {
        clause: clause.to_owned(),
        about: about.application.contract().0,
        document: "J-1".to_owned(),
    });
    desk.fact(about, "kobayashi", judged).await;
}

/// Proposed and approved; the notice leaves when the outbox is looked at.
async fn terminate(desk: &Desk, about: &Registered, ground: &str, payable_by: &str) {
    let act = Box::new(Act::Terminate(Terminate {
        contract: about.application.contract(),
        ground: ground.to_owned(),
        proposed_by: String::new(),
        on: None,
        payable_by: day(payable_by),
    }));
    let name = format!("propose-{ground}");
    let propose = Content::Act(Act::Propose(Propose { act: act.clone() }));
    let input =
        desk.engine.input(name.clone(), &about.account, &desk.person("kobayashi"), "desk", propose);
    desk.engine.register(input).await.unwrap();
    let proposal = InputId(name.clone());
    let approve = Content::Act(Act::Approve(Approve { proposal, act }));
    let id = format!("approve-{ground}");
    let input = desk.engine.input(id, &about.account, &desk.person("watanabe"), "desk", approve);
    let outcome = desk.engine.register(input).await.unwrap();
    assert!(!outcome.refused, "{:?}", outcome.findings);
}

#[tokio::test]
async fn a_second_termination_states_its_own_ground_and_date_after_the_first_was_dropped() {
    let desk = Desk::open().await;
    let registered = desk.running(&minami()).await;
    judged(&desk, &registered, "16-1(3)").await;
    let judgement = last_input(&desk, &registered).await;
    terminate(&desk, &registered, "16-1(3)", "2026-05-31").await;
    // Before its notice leaves, the judgement turns out to be wrong.
    let void =
        Fact::EntryVoided(EntryVoided { of: judgement, reason: "another company".to_owned() });
    desk.fact(&registered, "kobayashi", void).await;
    let contract: ContractId = registered.application.contract();
    let status = desk.contract(&registered).await.unwrap().status;
    assert_ne!(status, ContractStatus::Ended, "the notice was dropped");
    desk.go_to("2026-06-01T09:00:00").await;
    judged(&desk, &registered, "16-1(8)").await;
    terminate(&desk, &registered, "16-1(8)", "2026-07-31").await;
    desk.engine.settle().await.unwrap();
    let mut left = Vec::new();
    for row in rows(&desk, &format!("termination-{contract}")).await {
        if desk.engine.store.personal(&format!("mail/{row}")).await.unwrap().is_some() {
            left.push(letter(&desk, &row).await.0);
        }
    }
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].contains("第16条第1項第8号"), "{}", left[0]);
    assert!(left[0].contains("2026年6月1日"), "the day of the judgement: {}", left[0]);
    assert!(!left[0].contains("2026年5月31日"), "{}", left[0]);
    let contract = desk.contract(&registered).await.unwrap();
    assert_eq!(contract.end.as_ref().map(|end| end.on), Some(day("2026-06-01")));
    assert!(desk.engine.audit().await.unwrap().differences.is_empty());
}

async fn last_input(desk: &Desk, about: &Registered) -> InputId {
    let case = desk.engine.case(&about.account).await.unwrap();
    case.happenings.last().unwrap().input.clone()
}
