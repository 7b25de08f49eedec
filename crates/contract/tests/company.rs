//! Around the contract: quotations and orders (9-2), registered data (10-1).

mod case;

use std::collections::BTreeSet;

use case::facts::*;
use case::{Story, at, day, law, yen};
use contract::application::receiving::{Change, EarlierTermination, Resemblance, Wish};
use contract::declare::consequence::{Consequence, DataChangeNoted};
use contract::declare::fact::Fact;
use contract::money::charges::{Run, draft};

use contract::application::quote::{Offer, PurchaseOrder, Quote, draw_up};
use contract::declare::ids::{ApplicationId, ContractId};
use contract::registered::parties::{BillTo, DataChange, RegisteredData, RegisteredItem};
use contract::who::roles::Role;
use contract::{ApplicationForm, LineWish, PersonRole};
use reckon::{Decimal, Month, Yen};

const APPROVER: (&str, Role) = ("approver-1", Role::ContractApprover);
const APPLIED: &str = "2026-03-02T10:00";

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn offer(lines: Vec<LineWish>) -> Offer {
    let form = form("2026-04-01", "2026-04-30", Vec::new());
    Offer {
        customer: form.applicant,
        lines,
        period: Some(form.period),
        issued_on: day("2026-02-20"),
        valid_until: day("2026-03-01"),
    }
}

fn quoted(lines: Vec<LineWish>) -> Quote {
    let mut quote = draw_up(&law(), offer(lines)).expect("prices");
    quote.number = "QUO-2026-000001".into();
    quote
}

fn applying(form: ApplicationForm, quote: &Quote) -> (Story, ApplicationId) {
    let mut story = Story::new();
    story.fact("2026-02-20T10:00", Fact::QuoteIssued(Box::new(quote.clone())));
    story.fact(APPLIED, application("ref-1", APPLIED, Wish::New { form }));
    (story, ApplicationId::of_reference("ref-1"))
}

fn findings(story: &mut Story, id: &ApplicationId) -> Vec<(String, String)> {
    let answer = story.act("2026-03-03T10:00", APPROVER, accept(id));
    assert!(!answer.refused, "all of them warn");
    answer.findings.iter().map(|f| (f.code.clone(), f.detail.clone())).collect()
}

#[test]
fn a_quotation_prices_its_lines_and_taxes_their_sum_once() {
    let mut two = line(1, "SUPPORT", "2026-04-01");
    two.quantity = 2;
    let mut agreed = line(2, "VM", "2026-04-01");
    agreed.agreed_fee = Some(yen(90_001));
    let quote = quoted(vec![two, agreed, line(3, "TRAFFIC", "2026-04-01")]);
    let amounts: Vec<_> = quote.lines.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, [Some(yen(66_666)), Some(yen(90_001)), None]);
    assert_eq!(quote.lines[2].unit_price, "12.5".parse::<Decimal>().unwrap());
    // 10 % of 156,667 is 15,666.7, rounded down once.
    assert_eq!(quote.tax_groups[0].tax, yen(15_666));
    assert_eq!(quote.total, yen(172_333));
    assert!(draw_up(&law(), offer(vec![line(1, "NONE", "2026-04-01")])).is_err());
}

#[test]
fn an_application_as_quoted_gives_no_finding() {
    let quote = quoted(vec![line(1, "VM", "2026-04-01")]);
    let mut form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    form.quote = Some(quote.number.clone());
    let mut quote = quote;
    quote.valid_until = day("2026-03-02");
    let (mut story, id) = applying(form, &quote);
    assert_eq!(findings(&mut story, &id), []);
    assert_eq!(story.state.quotes[&quote.number].applications, [id]);
}

#[test]
fn every_departure_from_the_quotation_is_named() {
    let quote = quoted(vec![line(1, "VM", "2026-04-01"), line(2, "SUPPORT", "2026-04-01")]);
    let mut first = line(1, "VM", "2026-04-02");
    (first.quantity, first.agreed_fee, first.min_term_months) = (3, Some(yen(95_000)), Some(12));
    let mut form = form("2026-04-01", "2026-05-31", vec![first, line(3, "VM", "2026-04-01")]);
    form.quote = Some(quote.number.clone());
    let (mut story, id) = applying(form, &quote);
    let expected = [
        ("quote_expired", "QUO-2026-000001 2026-03-01"),
        ("quote_period_differs", "2026-04-01..2026-04-30 / 2026-04-01..2026-05-31"),
        ("quote_quantity_differs", "1: 1 / 3"),
        ("quote_start_differs", "1: 2026-04-01 / 2026-04-02"),
        ("quote_term_differs", "1: - / 12"),
        ("quote_price_differs", "1: 100000 / 95000"),
        ("quote_line_missing", "2"),
        ("quote_line_added", "3"),
    ];
    let found = findings(&mut story, &id);
    let found: Vec<_> =
        found.iter().map(|(code, detail)| (code.as_str(), detail.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_quotation_that_does_not_exist_or_is_anothers_is_named() {
    let mut form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    form.quote = Some("QUO-2026-000009".into());
    let mut quote = quoted(vec![line(1, "VM", "2026-04-01")]);
    let (mut story, id) = applying(form.clone(), &quote);
    assert_eq!(findings(&mut story, &id)[0].0, "no_such_quote");
    quote.customer.corporate_number = "1234567890123".into();
    quote.valid_until = day("2026-12-31");
    form.quote = Some(quote.number.clone());
    let (mut story, id) = applying(form, &quote);
    assert_eq!(findings(&mut story, &id)[0].0, "quote_of_another_company");
}

#[test]
fn an_order_ties_a_change_to_its_quotation() {
    let mut story = Story::new();
    let id = story.running();
    let mut quote = quoted(vec![line(3, "VM", "2026-06-01")]);
    (quote.valid_until, quote.period) = (day("2026-12-31"), None);
    story.fact("2026-05-01T10:00", Fact::QuoteIssued(Box::new(quote.clone())));
    let mut added = line(3, "VM", "2026-06-01");
    added.quantity = 2;
    let wish = change(&id, "2026-06-01", vec![Change::AddLine { line: added }]);
    story.fact("2026-05-07T10:00", application("ref-9", "2026-05-07T10:00", wish));
    let changed = ApplicationId::of_reference("ref-9");
    let order = PurchaseOrder {
        number: "PO-1".into(),
        ordered_on: day("2026-05-07"),
        quote: Some(quote.number.clone()),
        application: Some(changed.clone()),
        amount: Some(yen(100_000)),
        document: "d".into(),
    };
    story.fact("2026-05-07T11:00", Fact::PurchaseOrderReceived(Box::new(order)));
    let answer = story.act("2026-05-08T10:00", APPROVER, accept(&changed));
    let codes: Vec<_> = answer.findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, ["quote_quantity_differs", "order_amount_differs"]);
}

#[test]
fn a_resemblance_to_a_terminated_customer_only_warns() {
    let mut story = Story::new();
    let form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    let mut fact = application("ref-1", APPLIED, Wish::New { form });
    if let Fact::ApplicationReceived(received) = &mut fact {
        received.resembles.push(EarlierTermination {
            account: "A-1".into(),
            contract: "K-1".into(),
            on: day("2025-12-31"),
            same: vec![Resemblance::Name, Resemblance::Address],
        });
    }
    story.fact(APPLIED, fact);
    let id = ApplicationId::of_reference("ref-1");
    let found = findings(&mut story, &id);
    let expected = ("resembles_terminated".to_owned(), "K-1 2025-12-31 (name, address)".to_owned());
    assert_eq!(found, [expected]);
    assert!(story.state.applications[&id].grounds.is_empty(), "no ground of 9-10(1)");
}

fn told(what: RegisteredData, planned_on: &str) -> Fact {
    let change = DataChange { what, planned_on: day(planned_on), unplanned: false };
    Fact::DataChangeNotified(Box::new(change))
}

fn renamed(name: &str) -> RegisteredData {
    let mut company = form("2026-04-01", "2026-04-30", Vec::new()).applicant;
    company.name = name.into();
    RegisteredData::Company { company }
}

fn noted(story: &Story) -> Vec<(RegisteredItem, Option<String>, bool)> {
    let mut found: Vec<_> = story
        .case
        .live
        .values()
        .filter_map(|live| match &live.consequence {
            Consequence::DataChangeNoted(DataChangeNoted { item, limit, late, .. }) => {
                Some((*item, limit.map(|day| day.to_string()), *late))
            }
            _ => None,
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_change_is_in_time_up_to_five_business_days_before_its_day() {
    // 10-1-a: planned for 11 May 2026, after Golden Week: up to 29 April.
    for (when, late) in [("2026-04-29T23:59", false), ("2026-04-30T00:00", true)] {
        let mut story = Story::new();
        story.running();
        story.fact(when, told(renamed("新見本株式会社"), "2026-05-11"));
        let limit = Some("2026-04-29".to_owned());
        assert_eq!(noted(&story), [(RegisteredItem::Company, limit, late)]);
    }
}

#[test]
fn a_change_holds_from_its_planned_day_and_the_history_stays() {
    let mut story = Story::new();
    let id = story.running();
    story.fact("2026-04-20T10:00", told(renamed("新見本株式会社"), "2026-05-11"));
    let name =
        |story: &Story, on: &str| story.state.company_on(story.contract(&id), day(on)).name.clone();
    assert_eq!(name(&story, "2026-05-10"), "見本商事株式会社");
    assert_eq!(name(&story, "2026-05-11"), "新見本株式会社");
    assert!(!story.has(|c| matches!(c, Consequence::DataChanged(_))));
    story.clock("2026-05-11T00:00");
    let begun = story.when(|c| matches!(c, Consequence::DataChanged(_)));
    assert_eq!(begun, Some(at("2026-05-11T00:00")));
    story.fact("2026-05-20T10:00", told(renamed("再新見本株式会社"), "2026-06-01"));
    assert_eq!(name(&story, "2026-05-31"), "新見本株式会社");
    assert_eq!(name(&story, "2026-06-01"), "再新見本株式会社");
}

#[test]
fn unplanned_changes_and_the_responsible_person_have_no_limit() {
    let mut story = Story::new();
    let id = story.running();
    let mut change = told(renamed("新見本株式会社"), "2026-04-01");
    if let Fact::DataChangeNotified(change) = &mut change {
        change.unplanned = true;
    }
    story.fact("2026-04-20T10:00", change);
    let contact = |role, row: &str| RegisteredData::Contact {
        contract: id.clone(),
        role,
        person: row.into(),
        kept: None,
    };
    story.fact(
        "2026-04-20T10:01",
        told(contact(PersonRole::ResponsiblePerson, "H-1"), "2026-04-21"),
    );
    story.fact("2026-04-20T10:02", told(contact(PersonRole::Billing, "H-2"), "2026-04-21"));
    let expected = [
        (RegisteredItem::Company, None, false),
        (RegisteredItem::ResponsiblePerson, None, false),
        (RegisteredItem::Contact, Some("2026-04-14".to_owned()), true),
    ];
    assert_eq!(noted(&story), expected);
    assert_eq!(story.state.parties.contacts[0], ("H-1".into(), at("2026-04-21T00:00")));
}

#[test]
fn what_is_said_of_one_contract_goes_before_what_is_said_of_all() {
    let mut story = Story::new();
    let id = story.running();
    let other: ContractId = "K-other".into();
    let to = |name: &str| {
        let (postal_code, address) = ("100-0002".into(), "東京都千代田区2-2".into());
        Some(BillTo { name: name.into(), department: String::new(), postal_code, address })
    };
    let say = |contract: Option<&ContractId>, to, on: &str| {
        told(RegisteredData::BillTo { contract: contract.cloned(), to }, on)
    };
    story.fact("2026-04-01T10:00", say(None, to("全社経理"), "2026-05-01"));
    story.fact("2026-04-02T10:00", say(Some(&id), to("事業部"), "2026-06-01"));
    story.fact("2026-04-03T10:00", say(Some(&id), None, "2026-07-01"));
    let name = |of: &ContractId, on: &str| {
        story.state.parties.bill_to_on(of, day(on)).map(|to| to.name.clone())
    };
    assert_eq!(name(&id, "2026-04-30"), None);
    assert_eq!(name(&id, "2026-05-01").as_deref(), Some("全社経理"));
    assert_eq!(name(&id, "2026-06-01").as_deref(), Some("事業部"));
    assert_eq!(name(&other, "2026-06-01").as_deref(), Some("全社経理"));
    assert_eq!(name(&id, "2026-07-01").as_deref(), Some("全社経理"), "as for all again");
}

#[test]
fn a_contract_with_an_addressee_of_its_own_is_invoiced_apart() {
    let mut story = Story::new();
    let id = story.running();
    let form = form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]);
    story.fact(APPLIED, application("ref-2", APPLIED, Wish::New { form }));
    let second = ApplicationId::of_reference("ref-2");
    story.act("2026-03-03T10:00", APPROVER, accept(&second));
    story.fact("2026-03-04T10:00", mail_sent(&second));
    story.fact("2026-04-01T10:00", started(&second.contract(), 1, "2026-04-01"));
    let invoices = |story: &Story| {
        let run = Run { id: "R".into(), month: month("2026-04"), issued_on: day("2026-05-08") };
        let drafts = draft(&story.law, &story.case.account, &story.state, &run).expect("drafts");
        let ids: BTreeSet<_> = drafts.invoices.iter().map(|i| i.draft.clone()).collect();
        assert_eq!(ids.len(), drafts.invoices.len(), "each draft has an id of its own");
        let contracts = drafts.invoices.iter().map(|i| i.contracts().len()).collect::<Vec<_>>();
        (contracts, drafts.invoices.iter().map(|i| i.total).sum::<Yen>())
    };
    let together = invoices(&story);
    assert_eq!(together.0, [2]);
    let (name, department) = ("事業部".into(), String::new());
    let (postal_code, address) = ("100-0002".into(), "東京都千代田区2-2".into());
    let to = Some(BillTo { name, department, postal_code, address });
    let change = RegisteredData::BillTo { contract: Some(id), to };
    story.fact("2026-04-20T10:00", told(change, "2026-05-08"));
    assert_eq!(invoices(&story), (vec![1, 1], together.1));
}
