//! What a page foretells is what then happens: it is read from the code that does it.

use contract::declare::act::{
    AcceptApplication, Act, ConfirmErasure, DeclineRenewal, OrderErasure, Propose,
};
use contract::declare::consequence::Consequence;
use contract::declare::fact::{Fact, MaterialDisposed, NonRenewalStated};
use contract::ending::renewal::{Side, Statement};
use contract::notices::notice::Channel;
use contract::road::stream::{Body, Content, Event};
use document::wording::Language;
use engine::{Ahead, Effect, Registered};

use crate::desk::{Desk, kita};

fn lines<'a>(events: impl IntoIterator<Item = &'a Event>) -> Vec<String> {
    let told = events.into_iter().filter_map(|event| match &event.body {
        Body::Follows { consequence, .. } => Some(consequence.line(Language::English)),
        _ => None,
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

async fn ahead(desk: &Desk, about: &Registered, by: &str, content: Content) -> Ahead {
    let by = desk.person(by);
    let input = desk.engine.input("form-1", &about.account, &by, "desk", content);
    desk.engine.look_ahead(&input).await.unwrap()
}

/// Everything foretold of an act, and everything that was recorded once it was done.
async fn foretold_and_recorded(
    desk: &Desk,
    about: &Registered,
    by: &str,
    content: Content,
) -> (Ahead, Vec<String>) {
    let ahead = ahead(desk, about, by, content.clone()).await;
    let before = desk.engine.records(&about.account).await.unwrap().len();
    match content {
        Content::Act(act) => desk.act(about, by, act).await,
        Content::Fact(fact) => desk.fact(about, by, fact).await,
        _ => unreachable!("a person brings facts and acts"),
    };
    desk.engine.settle().await.unwrap();
    let records = desk.engine.records(&about.account).await.unwrap();
    let recorded = lines(records[before..].iter().flat_map(|record| &record.events));
    (ahead, recorded)
}

fn all_lines(ahead: &Ahead) -> Vec<String> {
    let moved = ahead.motions.iter().flat_map(|motion| &motion.events);
    lines(ahead.decision.events.iter().chain(moved))
}

#[tokio::test]
async fn what_is_foretold_of_an_acceptance_is_what_then_happens() {
    let desk = Desk::open().await;
    let about = desk.apply(&kita("mouri@hokuto.example")).await;
    desk.check(&about).await;
    let application = about.application.clone();
    let accept = Content::Act(Act::AcceptApplication(AcceptApplication { application }));
    let (ahead, recorded) = foretold_and_recorded(&desk, &about, "suzuki", accept).await;
    assert_eq!(all_lines(&ahead), recorded);
    assert!(recorded.iter().any(|line| line.contains("formed")), "{recorded:?}");
    let letters: Vec<_> = ahead.motions.iter().filter_map(|m| m.letter.clone()).collect();
    let sent = desk.mailbox.letters();
    assert_eq!(letters.len(), sent.len());
    for (letter, sent) in letters.iter().zip(&sent) {
        assert_eq!(vec![letter.to.clone()], sent.to);
    }
}

#[tokio::test]
async fn what_is_foretold_of_an_erasure_counts_what_it_destroys() {
    let desk = Desk::open().await;
    let about = desk.running(&kita("mouri@hokuto.example")).await;
    let contract = about.application.contract();
    let at = desk.engine.now();
    let stated = NonRenewalStated {
        contract: contract.clone(),
        statement: Statement {
            by: Side::Customer,
            channel: Channel::Paper,
            sent_at: at,
            arrived_at: Some(at),
            against: None,
        },
    };
    desk.fact(&about, "sato", Fact::NonRenewalStated(stated)).await;
    desk.go_to("2027-06-01T09:00:00").await;
    let disposed = MaterialDisposed {
        contract: contract.clone(),
        on: desk.engine.now().day(),
        document: "返還の連絡".to_owned(),
    };
    desk.fact(&about, "sato", Fact::MaterialDisposed(disposed)).await;
    let order = Content::Act(Act::OrderErasure(OrderErasure { contract: contract.clone() }));
    let (ordered, recorded) = foretold_and_recorded(&desk, &about, "yamamoto", order).await;
    assert_eq!(all_lines(&ordered), recorded);
    assert!(ordered.motions.is_empty(), "an order alone destroys nothing");
    let confirm = Content::Act(Act::ConfirmErasure(ConfirmErasure { contract }));
    let (ahead, recorded) = foretold_and_recorded(&desk, &about, "nakamura", confirm).await;
    assert!(matches!(ahead.motions[0].effect, Effect::Erase { .. }));
    assert!(ahead.motions[0].erases.iter().any(|(class, count)| class == "contact" && *count > 0));
    assert!(matches!(ahead.motions[1].effect, Effect::CertificateMail { .. }));
    assert_eq!(all_lines(&ahead), recorded);
}

#[tokio::test]
async fn of_a_proposal_it_is_told_what_comes_once_it_is_approved() {
    let desk = Desk::open().await;
    let about = desk.running(&kita("mouri@hokuto.example")).await;
    let contract = about.application.contract();
    let against = desk.contract(&about).await.unwrap().period.to;
    let decline = Act::DeclineRenewal(DeclineRenewal { contract, against });
    let propose = Content::Act(Act::Propose(Propose { act: Box::new(decline) }));
    let before = desk.accounts().await;
    let ahead = ahead(&desk, &about, "sato", propose).await;
    assert!(!ahead.decision.refused, "{:?}", ahead.decision.findings);
    let approved = ahead.approved.expect("what comes once it is approved");
    assert!(ahead.motions.is_empty(), "a proposal alone sends nothing");
    let [motion] = approved.motions.as_slice() else { panic!("{:?}", approved.motions) };
    assert!(matches!(motion.effect, Effect::NonRenewalNotice { .. }));
    assert!(lines(&motion.events).iter().any(|line| line.contains("2027-03-31")), "{motion:?}");
    let coming: Vec<_> = approved.coming.iter().map(|one| &one.consequence).collect();
    assert!(coming.iter().any(|one| matches!(one, Consequence::ContractEnded(_))), "{coming:?}");
    assert_eq!(desk.accounts().await, before, "looking changes nothing");
}
