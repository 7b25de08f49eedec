//! What letters and papers state is determined by the record (Articles 9, 15, 16),
//! and is what follows afterwards.

mod case;

use case::facts::*;
use case::two::CLERK;
use case::{Story, account, day, law, yen};
use contract::application::receiving::{Change, Wish};
use contract::declare::act::{Act, Terminate, WaiveInterest};
use contract::declare::consequence::{
    Consequence, OrderDetermined, PayableNow, ReceiptNoticeDetermined, TerminationNoticeDetermined,
};
use contract::declare::fact::{
    Fact, JudgementRecorded, OrderAcceptanceSent, TerminationNoticeSent,
};
use contract::declare::ids::{ApplicationId, ContractId};
use contract::declare::task::TaskKind;
use contract::money::charges::{Run, draft};
use contract::money::invoice::{ChargeKind, Invoice};
use contract::notices::notice::Channel;
use contract::road::stated::{Circumstance, Order, Receipt, Termination};
use contract::service::minimum_term::EndCause;
use contract::who::roles::Role;
use contract::{LineWish, UsePeriod};
use reckon::{Day, Month, Period, Yen};
use serde_json::json;

const APPROVER: (&str, Role) = ("approver-1", Role::ContractApprover);
const TERMINATOR: (&str, Role) = ("terminator-1", Role::SuspensionApprover);

fn order(story: &Story, id: &ApplicationId) -> Order {
    let mut orders = story.case.live.values().filter_map(|live| match &live.consequence {
        Consequence::OrderDetermined(OrderDetermined { order }) if order.application == *id => {
            Some(order.as_ref())
        }
        _ => None,
    });
    let order = orders.next().expect("an order").clone();
    assert!(orders.next().is_none(), "one order");
    order
}

fn receipt(story: &Story) -> Receipt {
    let mut notices = story.case.live.values().filter_map(|live| match &live.consequence {
        Consequence::ReceiptNoticeDetermined(ReceiptNoticeDetermined { notice }) => {
            Some(notice.as_ref().clone())
        }
        _ => None,
    });
    notices.next().expect("a receipt notice")
}

fn terminations(story: &Story) -> Vec<Termination> {
    let mut notices: Vec<_> = story
        .case
        .live
        .values()
        .filter_map(|live| match &live.consequence {
            Consequence::TerminationNoticeDetermined(TerminationNoticeDetermined { notice }) => {
                Some((live.occurred_at, notice.as_ref().clone()))
            }
            _ => None,
        })
        .collect();
    notices.sort_by_key(|(at, _)| *at);
    notices.into_iter().map(|(_, notice)| notice).collect()
}

fn owes_order(story: &Story, about: &str) -> bool {
    story.state.tasks.iter().any(|t| t.task == TaskKind::OrderAcceptance && t.about == about)
}

/// `VM` and `SUPPORT`, both started on 1 April 2026, for a year.
fn two_lines(terms: &[(u32, Option<u32>)]) -> (Story, ContractId) {
    let mut story = Story::new();
    let months = |number: u32| terms.iter().find(|(n, _)| *n == number).and_then(|(_, m)| *m);
    let wish = |number: u32, item: &str| LineWish {
        min_term_months: months(number),
        ..line(number, item, "2026-04-01")
    };
    let form = form("2026-04-01", "2027-03-31", vec![wish(1, "VM"), wish(2, "SUPPORT")]);
    let id = story.formed("ref-1", form);
    for line in [1, 2] {
        story.fact("2026-04-01T09:00", started(&id, line, "2026-04-01"));
    }
    (story, id)
}

impl Story {
    /// A change contract: applied for, accepted, and its mail sent a minute later.
    fn changed(&mut self, when: &str, reference: &str, wish: Wish) -> ApplicationId {
        let id = ApplicationId::of_reference(reference);
        self.fact(&format!("{when}T10:00"), application(reference, &format!("{when}T10:00"), wish));
        let accepted = self.act(&format!("{when}T11:00"), APPROVER, accept(&id));
        assert!(!accepted.refused, "{:?}", accepted.findings);
        self.fact(&format!("{when}T11:01"), mail_sent(&id));
        id
    }
}

fn remove(line: u32, last_day: &str) -> Change {
    Change::RemoveLine { line, last_day: day(last_day), residual: Yen::ZERO }
}

#[test]
fn the_order_of_a_change_states_what_changes_from_when_and_how_the_contract_then_stands() {
    let (mut story, id) = two_lines(&[]);
    let changes = vec![
        Change::SetQuantity { line: 1, quantity: 3 },
        remove(2, "2026-07-31"),
        Change::AddLine { line: line(3, "TRAFFIC", "2026-07-01") },
    ];
    let wish = change(&id, "2026-07-01", changes.clone());
    let application = story.changed("2026-06-08", "ref-2", wish);
    let order = order(&story, &application);
    assert_eq!(order.contract, id);
    let changed = order.change.as_ref().expect("a change");
    assert_eq!((changed.from, &changed.changes), (day("2026-07-01"), &changes));
    assert_eq!(
        changed.ended.iter().map(|line| line.item.as_str()).collect::<Vec<_>>(),
        ["SUPPORT"]
    );
    let lines: Vec<_> = order
        .lines
        .iter()
        .map(|line| (line.number, line.quantity, line.start.to_string(), line.monthly_fee))
        .collect();
    let (vm, traffic) = ("2026-04-01".to_owned(), "2026-07-01".to_owned());
    assert_eq!(lines, [(1, 3, vm, Some(yen(300_000))), (3, 1, traffic, None)]);
    assert_eq!(order.period, UsePeriod { from: day("2026-04-01"), to: day("2027-03-31") });
}

#[test]
fn an_order_stays_as_it_was_accepted_whatever_follows() {
    let (mut story, id) = two_lines(&[]);
    let first = ApplicationId::of_reference("ref-1");
    let more = |quantity| vec![Change::SetQuantity { line: 1, quantity }];
    let second = story.changed("2026-05-08", "ref-2", change(&id, "2026-06-01", more(2)));
    let before = (order(&story, &first), order(&story, &second));
    assert_eq!(before.0.lines[0].quantity, 1);
    let third = story.changed("2026-06-08", "ref-3", change(&id, "2026-07-01", more(5)));
    story.changed("2026-06-09", "ref-4", change(&id, "2026-07-01", vec![remove(2, "2026-08-31")]));
    story.clock("2027-06-01T00:00");
    assert_eq!((order(&story, &first), order(&story, &second)), before);
    assert_eq!(order(&story, &third).lines[0].quantity, 5);
}

#[test]
fn what_is_accepted_is_stated_before_its_mail_leaves_and_the_same_after_it() {
    let (mut story, id) = two_lines(&[]);
    let application_id = ApplicationId::of_reference("ref-2");
    let wish =
        change(&id, "2026-07-01", vec![Change::AddLine { line: line(3, "VM", "2026-07-01") }]);
    story.fact("2026-06-08T10:00", application("ref-2", "2026-06-08T10:00", wish));
    story.act("2026-06-08T11:00", APPROVER, accept(&application_id));
    let stated = order(&story, &application_id);
    assert_eq!(stated.lines.len(), 3);
    story.fact("2026-06-08T11:01", mail_sent(&application_id));
    assert_eq!(order(&story, &application_id), stated);
}

#[test]
fn a_change_contract_owes_an_acceptance_form_of_its_own() {
    let (mut story, id) = two_lines(&[]);
    let sent = |change: Option<&ApplicationId>| {
        Fact::OrderAcceptanceSent(OrderAcceptanceSent {
            contract: id.clone(),
            change: change.cloned(),
            message_id: "m-order".into(),
        })
    };
    assert!(owes_order(&story, &id.0));
    let more = vec![Change::SetQuantity { line: 1, quantity: 2 }];
    let application = story.changed("2026-06-08", "ref-2", change(&id, "2026-07-01", more));
    assert!(owes_order(&story, &application.0));
    story.fact("2026-06-08T11:02", sent(None));
    assert!(!owes_order(&story, &id.0) && owes_order(&story, &application.0));
    story.fact("2026-06-08T11:03", sent(Some(&application)));
    assert!(!owes_order(&story, &application.0));
}

/// What is invoiced of the last month and of minimum terms, each with its tax.
fn invoiced_at_the_end(story: &mut Story, id: &ContractId, last: Day) -> [(Yen, Yen); 2] {
    let end = Period::days(last, 2).last_day();
    story.fact(&format!("{end}T00:00:01"), case::facts::receipt(id, &last.to_string()));
    let run = Run { id: "r".into(), month: Month::of(last), issued_on: end };
    let drafts = draft(&story.law, &account(), &story.state, &run).expect("the law applies");
    let sum = |kind: ChargeKind| {
        let lines = drafts.invoices.iter().flat_map(|invoice| &invoice.lines);
        let lines = lines.filter(|line| line.charge.key.kind == kind);
        let net: Yen = lines
            .filter(|line| line.charge.key.month == Month::of(last))
            .map(|line| line.amount)
            .sum();
        (net, story.law.tax.at(last).expect("a rate").on(net))
    };
    [sum(ChargeKind::MonthlyFee), sum(ChargeKind::EarlyTermination)]
}

#[test]
fn a_receipt_notice_states_the_charges_that_are_invoiced_afterwards() {
    type Kind = (&'static str, Vec<Change>, [(u32, Option<u32>); 2]);
    let none = [(1, None), (2, None)];
    let long = [(1, Some(12)), (2, Some(12))];
    let kinds: Vec<Kind> = vec![
        ("nothing changed", vec![], none),
        ("a line removed before", vec![remove(2, "2026-06-30")], none),
        ("a line removed before, in its minimum term", vec![remove(2, "2026-06-30")], long),
        ("a line removed in the last month", vec![remove(2, "2026-08-10")], long),
        ("more of a line", vec![Change::SetQuantity { line: 1, quantity: 4 }], long),
        ("another fee", vec![Change::SetAgreedFee { line: 2, fee: yen(9_999) }], long),
        (
            "a line not yet started",
            vec![Change::AddLine { line: line(3, "VM", "2026-09-01") }],
            long,
        ),
        ("a metered line", vec![Change::AddLine { line: line(3, "TRAFFIC", "2026-06-01") }], long),
    ];
    for (name, changes, terms) in kinds {
        let (mut story, id) = two_lines(&terms);
        if !changes.is_empty() {
            story.changed("2026-05-08", "ref-2", change(&id, "2026-06-01", changes));
        }
        let arrived = cancellation(&id, Channel::Paper, "2026-07-01T10:00", Some("2026-08-20"));
        story.fact("2026-07-01T10:00", arrived);
        let notice = receipt(&story);
        assert_eq!(notice.effective, day("2026-08-20"), "{name}");
        let fee = (notice.last_month_fee.net, notice.last_month_fee.tax);
        let remaining = notice.remaining.map_or((Yen::ZERO, Yen::ZERO), |c| (c.net, c.tax));
        let invoiced = invoiced_at_the_end(&mut story, &id, notice.effective);
        assert_eq!([fee, remaining], invoiced, "{name}");
    }
}

#[test]
fn a_receipt_notice_names_the_lines_that_end_with_the_contract_and_no_others() {
    let (mut story, id) = two_lines(&[]);
    story.changed("2026-05-08", "ref-2", change(&id, "2026-06-01", vec![remove(2, "2026-06-30")]));
    let arrived = cancellation(&id, Channel::Paper, "2026-07-01T10:00", Some("2026-08-20"));
    story.fact("2026-07-01T10:00", arrived);
    let notice = receipt(&story);
    assert_eq!(notice.items, ["VM"]);
    assert_eq!(notice.last_month_fee.net, yen(100_000));
    // What is changed later does not reach back into it.
    let more = vec![Change::SetQuantity { line: 1, quantity: 7 }];
    story.changed("2026-07-08", "ref-3", change(&id, "2026-08-01", more));
    assert_eq!(receipt(&story), notice);
}

/// An invoice of so much that falls due on a day.
fn invoice(story: &Story, number: &str, total: i64, due: &str) -> Invoice {
    let mut invoice = story.drafts(number, "2026-04", "2026-04-30").invoices.remove(0);
    invoice.number = number.to_owned();
    (invoice.total, invoice.due) = (yen(total), day(due));
    invoice
}

fn waive(number: &str, amount: i64) -> Act {
    Act::WaiveInterest(WaiveInterest { number: number.to_owned(), amount: yen(amount) })
}

#[test]
fn what_is_payable_at_once_is_to_the_yen_what_is_invoiced_later() {
    /// What happened of N-1 (300,000 due 30 April) before the form arrived on 1 June.
    type Kind = (&'static str, fn(&mut Story));
    let kinds: [Kind; 6] = [
        ("nothing was paid", |_| {}),
        // X-16.
        ("a part was paid late", |story| {
            story.fact("2026-05-11T10:00", paid("2026-05-11", 100_000, &["N-1"]));
        }),
        ("two parts were paid, one in time", |story| {
            story.fact("2026-04-28T10:00", paid("2026-04-28", 50_000, &["N-1"]));
            story.fact("2026-05-20T10:00", paid("2026-05-20", 77_777, &["N-1"]));
        }),
        ("all was paid late, its interest not invoiced", |story| {
            story.fact("2026-05-20T10:00", paid("2026-05-20", 300_000, &["N-1"]));
        }),
        ("its interest is invoiced and unpaid", |story| {
            story.fact("2026-05-05T10:00", paid("2026-05-05", 300_000, &["N-1"]));
            story.invoiced_interest("N-2", "2026-05-06", "2026-05-10");
        }),
        ("its interest was waived in part", |story| {
            story.fact("2026-05-20T10:00", paid("2026-05-20", 300_000, &["N-1"]));
            story.mended("2026-05-21T10:00", CLERK, waive("N-1", 280));
        }),
    ];
    for (name, happened) in kinds {
        let mut story = Story::new();
        let id = story.running_until("2027-03-31");
        let invoice = invoice(&story, "N-1", 300_000, "2026-04-30");
        story.issue(invoice);
        happened(&mut story);
        let arrived = cancellation(&id, Channel::Paper, "2026-06-01T10:00", Some("2026-12-31"));
        story.fact("2026-06-01T10:00", arrived);
        let notice = receipt(&story);
        let principal: Yen = notice.unpaid.iter().map(|debt| debt.outstanding).sum();
        let interest: Yen = notice.unpaid.iter().map(|debt| debt.interest).sum();
        let payable = story.case.live.values().find_map(|live| match &live.consequence {
            Consequence::PayableNow(PayableNow { principal, interest, .. }) => {
                Some((*principal, *interest))
            }
            _ => None,
        });
        assert_eq!(payable, Some((principal, interest)), "{name}");
        if principal.is_positive() {
            story.fact("2026-06-01T15:00", paid("2026-06-01", principal.0, &[]));
        }
        let run = story.drafts("later", "2026-06", "2026-06-30");
        let lines = run.invoices.iter().flat_map(|invoice| &invoice.lines);
        let later = lines.filter(|line| line.charge.key.kind == ChargeKind::LateInterest);
        assert_eq!(interest, later.map(|line| line.amount).sum(), "{name}");
    }
}

impl Story {
    /// Issues the invoice of interest, due on a day.
    fn invoiced_interest(&mut self, number: &str, issued_on: &str, due: &str) {
        let drafts = self.drafts(number, "2026-05", issued_on);
        let of_interest = drafts.invoices.into_iter().find(|invoice| {
            invoice.lines.iter().all(|line| line.charge.key.kind == ChargeKind::LateInterest)
        });
        let mut invoice = of_interest.expect("interest is owed");
        (invoice.number, invoice.due) = (number.to_owned(), day(due));
        self.issue(invoice);
    }

    fn terminated(&mut self, when: &str, id: &ContractId, ground: &str, payable_by: &str) {
        let act = Act::Terminate(Terminate {
            contract: id.clone(),
            ground: ground.to_owned(),
            proposed_by: "collector-1".into(),
            on: None,
            payable_by: day(payable_by),
        });
        let done = self.act(when, TERMINATOR, act);
        assert!(!done.refused, "{:?}", done.findings);
    }

    fn judged(&mut self, when: &str, id: &ContractId, clause: &str) {
        let (clause, about) = (clause.to_owned(), id.0.clone());
        self.fact(
            when,
            Fact::JudgementRecorded(JudgementRecorded { clause, about, document: "J-1".into() }),
        );
    }
}

#[test]
fn each_termination_states_its_own_ground_day_and_unpaid_invoices() {
    let (mut story, id) = two_lines(&[]);
    let other = {
        let form = form("2026-04-01", "2027-03-31", vec![line(1, "VM", "2026-04-01")]);
        let other = story.formed("ref-9", form);
        story.fact("2026-04-01T09:00", started(&other, 1, "2026-04-01"));
        other
    };
    let mut foreign = invoice(&story, "N-9", 777_777, "2026-05-31");
    foreign.lines.retain(|line| line.charge.key.contract == other);
    story.issue(foreign);
    let mut own = invoice(&story, "N-1", 110_000, "2026-05-31");
    own.lines.retain(|line| line.charge.key.contract == id);
    story.issue(own);
    story.clock("2026-09-01T09:00");
    story.terminated("2026-09-01T10:00", &id, "16-1(2)", "2026-09-30");
    // Paid before the notice could leave: that termination comes to nothing.
    story.fact("2026-09-02T10:00", paid("2026-09-02", 110_000, &["N-1"]));
    story.judged("2026-10-05T10:00", &id, "16-1(3)");
    story.terminated("2026-10-06T10:00", &id, "16-1(3)", "2026-11-30");
    let [first, second] = terminations(&story).try_into().expect("two notices");
    let numbers = |notice: &Termination| -> Vec<String> {
        notice.unpaid.iter().map(|debt| debt.number.clone()).collect()
    };
    assert_eq!((first.ground.as_str(), first.payable_by), ("16-1(2)", day("2026-09-30")));
    assert_eq!(numbers(&first), ["N-1"]);
    assert!(
        matches!(&first.circumstances[..], [Circumstance::Arrears { number, .. }] if number == "N-1")
    );
    assert_eq!((second.ground.as_str(), second.payable_by), ("16-1(3)", day("2026-11-30")));
    assert!(
        matches!(&second.circumstances[..], [Circumstance::Recorded { on, .. }] if *on == day("2026-10-05"))
    );

    let message_id = "m-end".into();
    let notice = Fact::TerminationNoticeSent(TerminationNoticeSent {
        contract: id.clone(),
        act: Some(second.act),
        message_id,
    });
    story.fact("2026-10-06T10:05", notice);
    let end = story.contract(&id).end.clone().expect("it ended");
    assert_eq!((end.on, end.cause), (day("2026-10-06"), EndCause::ProviderTermination));
    let by: Vec<_> = story.case.live.values().filter(|live| matches!(&live.consequence, Consequence::PayableNow(PayableNow { by, .. }) if *by == day("2026-09-30"))).collect();
    assert!(by.is_empty(), "nothing is payable by the day of the dropped termination: {by:?}");
}

#[test]
fn every_ground_of_16_1_that_can_be_recorded_states_its_circumstances() {
    let pack = terms::Pack::bundled();
    let grounds: Vec<_> = pack.clauses.keys().filter(|id| id.starts_with("16-1(")).collect();
    assert_eq!(grounds.len(), 10);
    let mut stated = 0;
    for ground in grounds {
        let (mut story, id) = two_lines(&[]);
        story.judged("2026-10-05T10:00", &id, ground);
        if !story.has_right(ground) {
            continue;
        }
        story.terminated("2026-10-06T10:00", &id, ground, "2026-11-30");
        let notices = terminations(&story);
        assert_eq!(notices.len(), 1, "{ground}");
        assert!(!notices[0].circumstances.is_empty(), "{ground}");
        stated += 1;
    }
    assert!(stated > 4, "{stated}");
}

#[test]
fn the_version_of_the_terms_is_by_the_rule_at_formation_and_then_what_comes_into_force() {
    // Sent on 2 March, formed on 6 March; 1.2 is in force from the 4th.
    let formed = |rule: &str, published_on: Option<&str>| {
        let mut law = law();
        law.set("assent.version_rule", json!(rule)).expect("a rule that is carried out");
        law.change(|law| {
            let mut next = law.versions.last().expect("a version").clone();
            (next.version, next.in_force_from) = ("1.2".into(), day("2026-03-04"));
            next.published_on = published_on.map(day);
            law.versions.push(next.clone());
            (next.version, next.in_force_from) = ("1.3".into(), day("2026-09-01"));
            law.versions.push(next);
        });
        let mut story = Story::under(law);
        let id = story.running_until("2027-03-31");
        let contract = story.contract(&id);
        let later = contract.version_on(&story.law, day("2026-09-01"));
        let order = order(&story, &ApplicationId::of_reference("ref-1"));
        assert_eq!(order.version, contract.version);
        (contract.version.clone(), contract.version_on(&story.law, day("2026-08-31")), later)
    };
    let at_sending = ("1.1".to_owned(), "1.1".to_owned(), "1.3".to_owned());
    let at_formation = ("1.2".to_owned(), "1.2".to_owned(), "1.3".to_owned());
    assert_eq!(formed("a", Some("2026-02-01")), at_sending);
    assert_eq!(formed("b", None), at_formation);
    assert_eq!(formed("c", Some("2026-02-01")), at_formation);
    assert_eq!(formed("c", Some("2026-03-03")), at_sending);
    assert_eq!(formed("c", None), at_sending);
}
