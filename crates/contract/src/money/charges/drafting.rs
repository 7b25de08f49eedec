//! From charge lines to the draft of an invoice: tax, due date and total.

use std::collections::BTreeMap;

use reckon::{Day, Moment, Month, Period, Yen};
use terms::{Law, LawError};

use super::{Group, Run};
use crate::application::form::DueRule;
use crate::declare::ids::{AccountId, short_hash};
use crate::declare::reason::Because;
use crate::money::fees::{self, DUE_DATE, DueDate, INVOICE_TAX, Taxed};
use crate::money::invoice::{Invoice, InvoiceKind, InvoiceLine, TaxGroup};
use crate::road::unfold::AccountState;

/// The draft of one invoice: lines of one kind, with one due rule.
pub(super) fn invoice(
    law: &Law,
    account: &AccountId,
    state: &AccountState,
    run: &Run,
    group: &Group,
    mut lines: Vec<InvoiceLine>,
) -> Result<Invoice, LawError> {
    let Group { kind, due: due_rule, apart } = group;
    for (at, line) in lines.iter_mut().enumerate() {
        line.number = at as u32 + 1;
    }
    let contract = state.contracts.get(&lines[0].charge.key.contract);
    let agreements = contract.map(|c| c.agreements.as_slice()).unwrap_or_default();
    let terms = law.effective(Moment::start_of(run.issued_on), agreements)?;
    let tax_groups = tax_groups(law, &lines);
    let total = tax_groups.iter().map(|group| group.taxable + group.tax).sum();
    // 14-2: what leaving early costs is paid by the provider's date, if there is one.
    let nominal_due = match (kind, terms.rules.early_termination_due_days) {
        (InvoiceKind::EarlyTermination, days @ 1..) => {
            Period::days(run.issued_on, days + 1).last_day()
        }
        _ => nominal_due(*due_rule, run.issued_on),
    };
    let due = fees::due_date(&terms, nominal_due);
    let accepted = contract.map(|c| c.formed_by.clone());
    let mut name = format!("{account} {kind:?} {due_rule:?} {}", run.id);
    if let Some(contract) = apart {
        name += &format!(" {contract}");
    }
    let because_due =
        Because::of(&DUE_DATE).facts(&accepted).with(DueDate { nominal_due, due }).under(&terms);
    Ok(Invoice {
        number: String::new(),
        kind: *kind,
        run: run.id.clone(),
        draft: format!("D-{}", short_hash(name.as_bytes())),
        month: run.month,
        issued_on: run.issued_on,
        nominal_due,
        due,
        lines,
        because_tax: Because::of(&INVOICE_TAX)
            .with(Taxed { groups: tax_groups.clone() })
            .under(&terms),
        tax_groups,
        total,
        because_due,
    })
}

/// The tax on the lines of one invoice.
pub(super) fn tax(law: &Law, lines: &[InvoiceLine]) -> Yen {
    tax_groups(law, lines).iter().map(|group| group.tax).sum()
}

/// One rounding per invoice and rate (27-1); late interest bears no tax.
fn tax_groups(law: &Law, lines: &[InvoiceLine]) -> Vec<TaxGroup> {
    let mut groups: BTreeMap<Option<u32>, Vec<Yen>> = BTreeMap::new();
    for line in lines {
        groups.entry(rate_of(law, line)).or_default().push(line.amount);
    }
    let group = |(percent, amounts): (Option<u32>, Vec<Yen>)| {
        let rate = percent.map(|percent| reckon::TaxRate { from: Day::MIN, percent });
        let tax = rate.map_or(Yen::ZERO, |rate| fees::tax_on(&amounts, rate));
        TaxGroup { percent, taxable: amounts.into_iter().sum(), tax }
    };
    groups.into_iter().map(group).collect()
}

/// The rate of a line in per cent; none for what bears no tax.
pub(super) fn rate_of(law: &Law, line: &InvoiceLine) -> Option<u32> {
    let rate = line.charge.tax_point.and_then(|day| law.tax.at(day).ok());
    rate.map(|rate| rate.percent)
}

fn nominal_due(rule: DueRule, issued_on: Day) -> Day {
    let month = Month::of(issued_on).plus(i64::from(rule.months_after));
    match rule.day {
        Some(day) if i64::from(day) <= month.days() => {
            Day::constant(month.year(), month.number(), day as i8)
        }
        _ => month.last_day(),
    }
}
