//! What holds for every life of a contract: the order of registration plays no
//! part, time may pass in one step or in many, and nothing is ahead of time.

mod case;

use case::facts::*;
use case::{account, actor, at, carried_alike, day, input, law};
use contract::application::receiving::Wish;
use contract::declare::act::{Act, Terminate};
use contract::declare::fact::{
    ApplicationWithdrawn, CancellationFormArrived, EntryVoided, Fact, JudgementRecorded,
    NonRenewalStated, Payment, TerminationNoticeSent, UpstreamResumed, UpstreamSuspended,
};
use contract::declare::ids::{ApplicationId, ContractId, InputId};
use contract::ending::renewal::{Side, Statement};
use contract::money::charges::{Run, draft};
use contract::notices::notice::Channel;
use contract::road::case::Case;
use contract::road::lives::Lives;
use contract::road::stream::{Body, Content, Input, Record};
use contract::who::roles::Role;
use contract::{Account, CancellationForm, Decision, decide, unfold};
use proptest::prelude::*;
use reckon::{Day, Moment, Yen};
use terms::Law;

/// Something that may happen between 1 April and 31 August 2026.
#[derive(Debug, Clone)]
enum Happens {
    Paid { amount: i64, days_before: i64 },
    Form { desired_in: Option<i64>, paper: bool },
    Receipt { effective_in: i64 },
    Stated { against: Option<&'static str>, by_provider: bool },
    Suspended,
    Resumed,
    Withdrawn,
    TerminationNotice,
    Judged,
    Voided { of: usize },
    Usage,
}

/// What happens, on which day, after how many days it is known, and to which
/// of the two contracts.
type Entry = (Happens, i64, i64, bool);

fn happens() -> impl Strategy<Value = Happens> {
    let paid = (1i64..250_000, 0i64..6);
    let desired = proptest::option::of(0i64..120);
    let against =
        proptest::option::of(prop::sample::select(vec!["2026-05-31", "2026-06-30", "2026-07-31"]));
    prop_oneof![
        4 => paid.prop_map(|(amount, days_before)| Happens::Paid { amount, days_before }),
        3 => (desired, any::<bool>()).prop_map(|(desired_in, paper)| Happens::Form { desired_in, paper }),
        3 => (0i64..90).prop_map(|effective_in| Happens::Receipt { effective_in }),
        2 => (against, any::<bool>()).prop_map(|(against, by_provider)| Happens::Stated { against, by_provider }),
        2 => Just(Happens::Suspended),
        2 => Just(Happens::Resumed),
        1 => Just(Happens::Withdrawn),
        1 => Just(Happens::TerminationNotice),
        1 => Just(Happens::Judged),
        2 => (0usize..12).prop_map(|of| Happens::Voided { of }),
        1 => Just(Happens::Usage),
    ]
}

fn life() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (happens(), 0i64..150, 0i64..40, any::<bool>());
    proptest::collection::vec(entry, 1..10)
}

fn plus(day: Day, days: i64) -> Day {
    day.checked_add(jiff::Span::new().days(days)).expect("a day")
}

fn contract_of(second: bool) -> ContractId {
    ApplicationId::of_reference(if second { "ref-2" } else { "ref-1" }).contract()
}

fn cancellation_on(on: Day, desired_in: Option<i64>, paper: bool, contract: ContractId) -> Fact {
    let desired = desired_in.map(|days| plus(on, days));
    Fact::CancellationFormArrived(CancellationFormArrived {
        contract,
        channel: if paper { Channel::Paper } else { Channel::Email },
        arrived_at: at(&format!("{on}T10:00")),
        form: CancellationForm { desired, signed_by: "person-1".into(), signed_by_other: false },
    })
}

fn fact_of(what: &Happens, on: Day, contract: ContractId) -> Fact {
    let when = at(&format!("{on}T10:00"));
    match what.clone() {
        Happens::Paid { amount, days_before } => Fact::PaymentCredited(Payment {
            on: plus(on, -days_before),
            amount: Yen(amount),
            payer: "X".into(),
            names: Vec::new(),
        }),
        Happens::Form { desired_in, paper } => cancellation_on(on, desired_in, paper, contract),
        Happens::Receipt { effective_in } => {
            receipt(&contract, &plus(on, effective_in).to_string())
        }
        Happens::Stated { against, by_provider } => Fact::NonRenewalStated(NonRenewalStated {
            contract,
            statement: Statement {
                by: if by_provider { Side::Provider } else { Side::Customer },
                channel: Channel::Email,
                sent_at: when,
                arrived_at: Some(when),
                against: against.map(day),
            },
        }),
        Happens::Suspended => Fact::UpstreamSuspended(UpstreamSuspended { contract }),
        Happens::Resumed => Fact::UpstreamResumed(UpstreamResumed { contract }),
        Happens::Withdrawn => Fact::ApplicationWithdrawn(ApplicationWithdrawn {
            application: ApplicationId::of_reference("ref-2"),
            costs: vec![Yen(1_000)],
        }),
        Happens::TerminationNotice => Fact::TerminationNoticeSent(TerminationNoticeSent {
            contract,
            act: None,
            message_id: "m-end".into(),
        }),
        Happens::Judged => Fact::JudgementRecorded(JudgementRecorded {
            clause: "16-1(5)".into(),
            about: contract.0,
            document: "d".into(),
        }),
        Happens::Voided { of } => {
            Fact::EntryVoided(EntryVoided { of: InputId(format!("R-{of:02}")), reason: "x".into() })
        }
        Happens::Usage => usage("u.csv", &contract, "2026-05", "12.5"),
    }
}

fn random_inputs(life: &[Entry]) -> Vec<Input> {
    let facts = life.iter().enumerate().map(|(number, (what, on, known, second))| {
        let on = plus(day("2026-04-01"), *on);
        let times = (at(&format!("{on}T10:00")), at(&format!("{}T11:00", plus(on, *known))));
        let mut contract = contract_of(*second);
        if let Happens::Receipt { .. } = what {
            // Notices answer a form of the life, when there is one.
            contract = life.iter().find_map(form_of).unwrap_or(contract);
        }
        let fact = receipt_for(what, life).unwrap_or_else(|| fact_of(what, on, contract));
        input(&format!("R-{number:02}"), times, Content::Fact(fact))
    });
    facts.collect()
}

fn form_of((what, _, _, second): &Entry) -> Option<ContractId> {
    matches!(what, Happens::Form { paper: true, .. }).then(|| contract_of(*second))
}

/// The receipt notice of the first form on paper, naming its right day.
fn receipt_for(what: &Happens, life: &[Entry]) -> Option<Fact> {
    let Happens::Receipt { .. } = what else { return None };
    let (form, on, _, second) = life.iter().find(|entry| form_of(entry).is_some())?;
    let Happens::Form { desired_in, .. } = form else { return None };
    let arrived = plus(day("2026-04-01"), *on);
    let terms = law().effective(Moment::start_of(arrived), &[]).expect("a law");
    let desired = desired_in.map(|days| plus(arrived, days));
    let effective = contract::ending::cancellation::effective(&terms, arrived, desired).effective;
    Some(receipt(&contract_of(*second), &effective.to_string()))
}

/// Two contracts, formed and started, with the invoices of April and the act of
/// terminating the first: the acts come first.
fn beginning() -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut put = |when: &str, content: Content| {
        let id = format!("B-{:02}", inputs.len());
        inputs.push(input(&id, (at(when), at(when)), content));
    };
    for reference in ["ref-1", "ref-2"] {
        let id = ApplicationId::of_reference(reference);
        let form = form("2026-04-01", "2026-05-31", vec![line(1, "VM", "2026-04-01")]);
        let received = application(reference, "2026-03-02T10:00", Wish::New { form });
        put("2026-03-02T10:00", Content::Fact(received));
        put("2026-03-06T10:00", Content::Fact(mail_sent(&id)));
    }
    let started = started(&contract_of(false), 1, "2026-04-01");
    put("2026-04-01T09:00", Content::Fact(started));
    inputs
}

fn invoice_input() -> Input {
    let mut told = Told::default();
    for input in beginning() {
        let _ = told.bring(&law(), input);
    }
    let state = told.carried.state();
    let run = Run {
        id: "r".into(),
        month: "2026-04".parse().expect("a month"),
        issued_on: day("2026-04-30"),
    };
    let drafts = draft(&law(), &account(), state, &run).expect("the law applies");
    let mut invoice = drafts.invoices.into_iter().next().expect("an invoice");
    invoice.number = "N-1".into();
    let when = at("2026-04-30T12:00");
    input("B-90", (when, when), Content::Fact(Fact::InvoiceIssued(Box::new(invoice))))
}

fn terminate_input() -> Input {
    let when = at("2026-09-02T10:00");
    let act = Act::Terminate(Terminate {
        contract: contract_of(false),
        ground: "16-1(2)".into(),
        proposed_by: "collector-1".into(),
        on: None,
        payable_by: day("2026-09-30"),
    });
    let mut input = input("B-91", (when, when), Content::Act(act));
    input.actor = actor("suspender-1", Role::SuspensionApprover);
    input
}

/// A case, worked out from the start at each step, and carried from step to step.
struct Told {
    case: Case,
    carried: Account,
}

impl Default for Told {
    fn default() -> Told {
        let case = Case::new(account());
        Told { carried: Account::new(case.clone()), case }
    }
}

impl Told {
    fn bring(&mut self, law: &Law, input: Input) -> Decision {
        let decision = decide(law, &self.case, &input).expect("the law applies");
        carried_alike(&mut self.carried, law, &input, &decision);
        self.case.apply(&Record { input, law: law.id(), events: decision.events.clone() });
        decision
    }
}

fn clock(when: &str) -> Input {
    input(&format!("clock-{when}"), (at(when), at(when)), Content::Clock)
}

fn told(inputs: &[Input]) -> Told {
    let law = law();
    let mut told = Told::default();
    for input in beginning().into_iter().chain([invoice_input(), terminate_input()]) {
        assert!(!told.bring(&law, input).refused);
    }
    for input in inputs {
        let _ = told.bring(&law, input.clone());
    }
    told
}

fn live(told: &Told) -> Lives {
    told.case.live.clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_registration_plays_no_part(
        (life, order) in life().prop_flat_map(|life| {
            let order: Vec<usize> = (0..life.len()).collect();
            (Just(life), Just(order).prop_shuffle())
        })
    ) {
        let law = law();
        let inputs = random_inputs(&life);
        let shuffled: Vec<Input> = order.iter().map(|n| inputs[*n].clone()).collect();
        let end = "2027-01-15T00:00";
        let (mut one, mut other) = (told(&inputs), told(&shuffled));
        let first = one.bring(&law, clock(end));
        let second = other.bring(&law, clock(end));
        prop_assert_eq!(live(&one), live(&other));
        prop_assert_eq!(first.state, second.state);
        prop_assert_eq!(first.next_due, second.next_due);
    }

    #[test]
    fn a_second_look_at_the_same_time_adds_nothing(life in life()) {
        let law = law();
        let mut told = told(&random_inputs(&life));
        let first = told.bring(&law, clock("2027-01-15T00:00"));
        let again = told.bring(&law, clock("2027-01-15T00:00"));
        prop_assert!(again.events.is_empty(), "{:?}", again.events);
        prop_assert_eq!(first.state, again.state);
    }

    #[test]
    fn nothing_comes_about_before_its_time_or_twice(life in life(), days in 0i64..250) {
        let law = law();
        let told = told(&random_inputs(&life));
        let until = Moment::end_of(plus(day("2026-03-15"), days));
        let unfolded = unfold(&law, &told.case, until);
        let mut ids: Vec<_> = unfolded.followed.iter().map(|f| f.id.clone()).collect();
        prop_assert!(unfolded.followed.iter().all(|f| f.at <= until));
        prop_assert!(unfolded.followed.is_sorted_by_key(|f| f.at));
        prop_assert!(unfolded.next_due.is_none_or(|due| due > until));
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), unfolded.followed.len());
    }

    #[test]
    fn the_next_due_moment_is_never_missed(life in life()) {
        // Waking only when something is due comes to the same as every day.
        let law = law();
        let inputs = random_inputs(&life);
        let (mut woken, mut once) = (told(&inputs), told(&inputs));
        let end = at("2027-04-01T00:00");
        let mut due = woken.bring(&law, clock("2026-09-03T00:00")).next_due;
        while let Some(moment) = due.filter(|due| *due <= end) {
            due = woken.bring(&law, clock(&moment.to_string())).next_due;
        }
        let at_once = once.bring(&law, clock("2027-04-01T00:00"));
        prop_assert_eq!(live(&woken), live(&once));
        prop_assert_eq!(due, at_once.next_due);
    }

    #[test]
    fn a_case_read_back_from_its_records_is_the_same(life in life()) {
        let law = law();
        let mut records = Vec::new();
        let mut case = Case::new(account());
        for input in beginning().into_iter().chain(random_inputs(&life)) {
            let decision = decide(&law, &case, &input).expect("the law applies");
            let record = Record { input, law: law.id(), events: decision.events };
            case.apply(&record);
            records.push(record);
        }
        let text = serde_json::to_string(&records).expect("plain data");
        let read: Vec<Record> = serde_json::from_str(&text).expect("what was written");
        prop_assert_eq!(&read, &records);
        prop_assert_eq!(Case::of(account(), &read), case);
        let follows = records.iter().flat_map(|r| &r.events).filter(|e| {
            matches!(e.body, Body::Follows { .. } | Body::Retracted { .. })
        });
        prop_assert!(follows.count() >= 4);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn time_may_pass_in_one_step_or_day_by_day(life in life()) {
        let law = law();
        let inputs = random_inputs(&life);
        let (mut daily, mut once) = (told(&inputs), told(&inputs));
        let start = day("2026-09-03");
        let mut last = None;
        for n in 0..92 {
            last = Some(daily.bring(&law, clock(&format!("{}T06:00", plus(start, n)))));
        }
        let end = format!("{}T06:00", plus(start, 91));
        let at_once = once.bring(&law, clock(&end));
        prop_assert_eq!(live(&daily), live(&once));
        prop_assert_eq!(last.map(|decision| decision.state), Some(at_once.state));
    }
}
