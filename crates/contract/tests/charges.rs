//! What is charged, once, and what is mended later (Articles 14-2, 23, 24, 27).

mod case;

use case::facts::*;
use case::{Story, day, yen};
use contract::LineWish;
use contract::application::receiving::Change;
use contract::declare::fact::{EntryVoided, Fact, UpstreamResumed, UpstreamSuspended};
use contract::declare::ids::{ApplicationId, ContractId};
use contract::declare::words::Language;
use contract::money::held_back::HeldBack;
use contract::money::invoice::{ChargeKind, InvoiceKind};
use contract::notices::notice::Channel;
use contract::who::roles::Role;
use reckon::Yen;

/// `VM` and `TRAFFIC` from 1 April 2026, both started.
fn metered() -> (Story, ContractId) {
    let mut story = Story::new();
    let lines = vec![line(1, "VM", "2026-04-01"), line(2, "TRAFFIC", "2026-04-01")];
    let id = story.formed("ref-1", form("2026-04-01", "2026-04-30", lines));
    story.fact("2026-04-01T09:00", started(&id, 1, "2026-04-01"));
    story.fact("2026-04-01T09:01", started(&id, 2, "2026-04-01"));
    (story, id)
}

fn lines(story: &Story, month: &str, issued_on: &str) -> Vec<(String, String, i64)> {
    let drafts = story.drafts("r", month, issued_on);
    let lines = drafts.invoices.iter().flat_map(|invoice| &invoice.lines);
    lines.map(|l| (l.charge.key.item.clone(), l.charge.key.month.to_string(), l.amount.0)).collect()
}

fn cancelled(story: &mut Story, id: &ContractId, arrived: &str, on: &str) {
    story.fact(arrived, cancellation(id, Channel::Paper, arrived, Some(on)));
    story.fact(arrived, receipt(id, on));
}

#[test]
fn a_month_is_charged_once() {
    let mut story = Story::new();
    story.running();
    story.invoiced("N-1", "2026-04", "2026-04-30");
    let again = story.drafts("r-2", "2026-04", "2026-05-10");
    assert!(again.invoices.is_empty() && again.held_back.is_empty(), "{again:?}");
    assert_eq!(lines(&story, "2026-05", "2026-05-31"), [("VM".into(), "2026-05".into(), 100_000)]);
}

#[test]
fn a_run_for_an_earlier_month_takes_nothing_back_from_a_later_one() {
    let mut story = Story::new();
    story.running();
    story.invoiced("N-1", "2026-06", "2026-06-30");
    let earlier = story.drafts("r-2", "2026-04", "2026-07-01");
    assert!(earlier.invoices.is_empty() && earlier.held_back.is_empty(), "{earlier:?}");
}

#[test]
fn late_usage_is_a_correction_of_its_own_service_month() {
    let (mut story, id) = metered();
    story.fact("2026-05-01T03:00", usage("a.csv", &id, "2026-04", "100.5"));
    // 100.5 GB at 12.5 yen: 1,256.25, rounded down once.
    let first = story.invoiced("N-1", "2026-04", "2026-05-01");
    let amounts: Vec<_> = first.lines.iter().map(|l| (l.amount.0, l.is_correction())).collect();
    assert_eq!(amounts, [(100_000, false), (1_256, false)]);
    story.fact("2026-06-20T03:00", usage("b.csv", &id, "2026-04", "0.1"));
    let drafts = story.drafts("r-2", "2026-05", "2026-05-31");
    let line = &drafts.invoices[0].lines[1];
    assert_eq!(line.charge.key.month.to_string(), "2026-04");
    assert_eq!((line.charged_before, line.amount), (yen(1_256), yen(1)));
    assert!(line.is_correction());
    assert_eq!(line.charge.because.facts.len(), 2);
}

#[test]
fn a_voided_import_comes_back_as_a_negative_line() {
    let (mut story, id) = metered();
    story.fact("2026-05-01T03:00", usage("a.csv", &id, "2026-04", "80"));
    let imported = story.last_input();
    story.invoiced("N-1", "2026-04", "2026-05-01");
    let void = Fact::EntryVoided(EntryVoided { of: imported, reason: "wrong file".into() });
    story.fact("2026-05-02T03:00", void);
    let only_credit = story.drafts("r-2", "2026-04", "2026-05-02");
    assert!(only_credit.invoices.is_empty());
    assert_eq!(only_credit.held_back, [HeldBack::Credit { amount: yen(1_000) }]);
    let next = story.drafts("r-3", "2026-05", "2026-05-31");
    assert_eq!(next.invoices[0].total, yen(108_900));
}

#[test]
fn the_fee_runs_while_the_service_is_suspended() {
    let mut story = Story::new();
    let id = story.running();
    story.fact(
        "2026-05-03T12:00",
        Fact::UpstreamSuspended(UpstreamSuspended { contract: id.clone() }),
    );
    story.fact("2026-06-20T12:00", Fact::UpstreamResumed(UpstreamResumed { contract: id.clone() }));
    let drafts = story.drafts("r", "2026-07", "2026-07-31");
    let charged: Vec<_> = drafts.invoices[0]
        .lines
        .iter()
        .map(|l| (l.amount.0, l.charge.because.rule_id().to_owned()))
        .collect();
    let fee = |rule: &str| (100_000, rule.to_owned());
    let stopped = fee("fee_while_stopped");
    assert_eq!(charged, [fee("monthly_fee"), stopped.clone(), stopped, fee("monthly_fee")]);
}

#[test]
fn the_last_month_is_charged_in_full_and_none_after_it() {
    // X-02: a desired day in mid-month.
    let mut story = Story::new();
    let id = story.running();
    cancelled(&mut story, &id, "2026-05-01T10:00", "2026-06-15");
    story.clock("2026-09-01T00:00");
    let expected = ["2026-04", "2026-05", "2026-06"].map(|m| ("VM".into(), m.into(), 100_000));
    assert_eq!(lines(&story, "2026-08", "2026-09-01"), expected);
}

#[test]
fn leaving_within_the_minimum_term_costs_the_months_after_the_last() {
    // X-05: 12 months from September; the month of cancellation is not counted.
    let mut law = case::law();
    law.change(|law| law.prices.item.iter_mut().for_each(|item| item.unit = "set".to_owned()));
    let mut story = Story::under(law);
    let mut wish = line(1, "SUPPORT", "2026-05-01");
    wish.min_term_months = Some(12);
    wish.agreed_fee = Some(Yen(100_000));
    let id = story.formed("ref-1", form("2026-05-01", "2027-04-30", vec![wish]));
    story.fact("2026-05-01T09:00", started(&id, 1, "2026-05-01"));
    cancelled(&mut story, &id, "2026-08-17T10:00", "2026-09-15");
    story.clock("2026-09-16T00:00");
    let drafts = story.drafts("r", "2026-09", "2026-09-30");
    let early: Vec<_> =
        drafts.invoices.iter().filter(|i| i.kind == InvoiceKind::EarlyTermination).collect();
    assert_eq!(early.len(), 1);
    // October to April: 7 months of 100,000, and the tax.
    assert_eq!((early[0].lines[0].amount, early[0].total), (yen(700_000), yen(770_000)));
    let charge = &early[0].lines[0].charge;
    assert_eq!((charge.quantity.to_string(), charge.unit.as_str()), ("7".to_owned(), "month"));
    assert_eq!(early[0].nominal_due, day("2026-10-31"), "as the fees, where nothing is said");
    story.law.set("early_termination.due_days", serde_json::json!(10)).expect("a known parameter");
    let own_date = story.drafts("r", "2026-09", "2026-09-30").invoices;
    let early_due = own_date.iter().find(|i| i.kind == InvoiceKind::EarlyTermination);
    assert_eq!(early_due.map(|i| i.nominal_due), Some(day("2026-10-10")), "the provider's date");
    story.issue(contract::money::invoice::Invoice { number: "N-1".into(), ..early[0].clone() });
    let again = story.drafts("r-2", "2026-09", "2026-10-31").invoices;
    assert!(again.iter().all(|i| i.kind == InvoiceKind::Fee), "{again:?}");
}

#[test]
fn an_expiry_within_the_minimum_term_costs_nothing_more() {
    // X-06, A-86
    let mut story = Story::new();
    let mut wish = line(1, "VM", "2026-04-01");
    wish.min_term_months = Some(12);
    let id = story.formed("ref-1", form("2026-04-01", "2026-06-30", vec![wish]));
    story.fact("2026-04-01T09:00", started(&id, 1, "2026-04-01"));
    cancelled(&mut story, &id, "2026-05-01T10:00", "2026-06-30");
    story.clock("2026-07-01T00:00");
    let kinds = story.drafts("r", "2026-06", "2026-07-01").invoices;
    assert_eq!(kinds.len(), 1);
    assert!(kinds[0].lines.iter().all(|l| l.charge.key.kind == ChargeKind::MonthlyFee));
}

#[test]
fn tax_is_rounded_once_for_an_invoice_and_rate() {
    let mut story = Story::new();
    let priced = |n| LineWish { agreed_fee: Some(Yen(105)), ..line(n, "VM", "2026-04-01") };
    let lines = (1..=3).map(priced).collect();
    let id = story.formed("ref-1", form("2026-04-01", "2026-04-30", lines));
    for n in 1..=3 {
        story.fact(&format!("2026-04-01T09:0{n}"), started(&id, n, "2026-04-01"));
    }
    let invoice = story.invoiced("N-1", "2026-04", "2026-04-30");
    // Line by line it would be three times 10.
    assert_eq!(invoice.tax_groups.len(), 1);
    assert_eq!((invoice.tax_groups[0].taxable, invoice.tax_groups[0].tax), (yen(315), yen(31)));
    assert_eq!(invoice.total, yen(346));
}

#[test]
fn two_contracts_with_one_due_rule_share_an_invoice_and_its_rounding() {
    let mut story = Story::new();
    let ids = ["ref-1", "ref-2"].map(|reference| {
        let form = form("2026-04-01", "2026-04-30", vec![line(1, "SUPPORT", "2026-04-01")]);
        story.formed(reference, form)
    });
    for id in &ids {
        story.fact("2026-04-01T09:00", started(id, 1, "2026-04-01"));
    }
    let invoice = story.invoiced("N-1", "2026-04", "2026-04-30");
    // 66,666 together: 6,666 of tax, where each alone would give 3,333.
    assert_eq!((invoice.contracts().len(), invoice.tax_groups[0].tax), (2, yen(6_666)));
}

#[test]
fn each_service_month_bears_the_rate_of_its_end() {
    let mut story = Story::new();
    let mut wish = line(1, "VM", "2026-04-01");
    wish.agreed_fee = Some(Yen(1_000));
    let id = story.formed("ref-1", form("2026-04-01", "2026-04-30", vec![wish]));
    story.fact("2026-04-01T09:00", started(&id, 1, "2019-09-01"));
    let invoice = &story.drafts("r", "2019-10", "2026-04-30").invoices[0];
    let groups: Vec<_> = invoice.tax_groups.iter().map(|g| (g.percent, g.tax.0)).collect();
    assert_eq!(groups, [(Some(8), 80), (Some(10), 100)]);
}

#[test]
fn a_month_without_a_price_is_held_back_and_said() {
    let mut story = Story::new();
    story.law.change(|law| law.prices.item[0].price[0].from = day("2026-05-01"));
    story.running();
    let drafts = story.drafts("r", "2026-05", "2026-05-31");
    assert_eq!(drafts.held_back.len(), 1);
    assert!(drafts.held_back[0].line(Language::English).contains("2026-04"), "{drafts:?}");
    assert!(drafts.held_back[0].line(Language::Japanese).contains("2026-04の単価がありません"));
    assert_eq!(drafts.invoices[0].total, yen(110_000));
}

#[test]
fn a_price_that_goes_missing_takes_nothing_back() {
    let (mut story, id) = metered();
    story.fact("2026-05-01T03:00", usage("a.csv", &id, "2026-04", "80"));
    story.invoiced("N-1", "2026-04", "2026-05-01");
    story.law.change(|law| law.prices.item.iter_mut().for_each(|item| item.price.clear()));
    story.clock("2026-05-02T00:00");
    let drafts = story.drafts("r", "2026-04", "2026-05-02");
    assert!(drafts.invoices.is_empty(), "{drafts:?}");
    assert_eq!(drafts.held_back.len(), 2);
    let of_contract = |said: &HeldBack| said.line(Language::English).contains(&id.0);
    assert!(drafts.held_back.iter().all(of_contract), "{drafts:?}");
}

#[test]
fn a_quantity_changed_in_mid_month_counts_from_the_next_month() {
    let mut story = Story::new();
    let id = story.running();
    let wish = change(&id, "2026-05-10", vec![Change::SetQuantity { line: 1, quantity: 3 }]);
    story.fact("2026-04-10T10:00", application("ref-2", "2026-04-10T10:00", wish));
    let application = ApplicationId::of_reference("ref-2");
    story.act("2026-04-13T10:00", ("approver-1", Role::ContractApprover), accept(&application));
    story.fact("2026-04-13T10:00", mail_sent(&application));
    let amounts: Vec<i64> = lines(&story, "2026-06", "2026-06-30").iter().map(|l| l.2).collect();
    assert_eq!(amounts, [100_000, 100_000, 300_000]);
}

#[test]
fn a_service_that_has_not_started_costs_nothing() {
    let mut story = Story::new();
    story.formed("ref-1", form("2026-04-01", "2026-04-30", vec![line(1, "VM", "2026-04-01")]));
    assert!(story.drafts("r", "2026-06", "2026-06-30").invoices.is_empty());
}

#[test]
fn interest_is_invoiced_once_and_bears_neither_tax_nor_interest() {
    let mut story = Story::new();
    story.running();
    story.invoiced("N-1", "2026-04", "2026-04-30");
    story.fact("2026-07-13T10:00", paid("2026-07-13", 110_000, &[]));
    // 2 June to 12 July: 41 days of 44 yen.
    let interest = story.invoiced("N-2", "2026-04", "2026-07-31");
    assert_eq!((interest.total, interest.tax_groups[0].percent), (yen(1_804), None));
    assert!(story.drafts("r", "2026-04", "2026-08-31").invoices.is_empty());
    story.fact("2026-12-01T10:00", paid("2026-12-01", 1_804, &["N-2"]));
    assert_eq!(story.state.receivables["N-2"].late_interest, yen(0));
    assert!(story.drafts("r", "2026-04", "2026-12-31").invoices.is_empty());
}
