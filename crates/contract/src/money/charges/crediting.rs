//! From what was charged in excess to credit notes, one for each invoice.

use std::collections::BTreeMap;

use reckon::{Day, Moment, Yen};
use terms::{Law, LawError};

use super::drafting::rate_of;
use super::{Run, open_lines};
use crate::declare::ids::{AccountId, InputId, short_hash};
use crate::declare::reason::Because;
use crate::money::credit_note::CreditNote;
use crate::money::fees::{self, INVOICE_TAX, Taxed};
use crate::money::invoice::{ChargeKey, InvoiceLine, TaxGroup};
use crate::road::unfold::{AccountState, Receivable};

/// Drafts the credit notes of one account: every charge up to the month of the
/// run of which more was charged than should be. The excess comes off the latest
/// invoices that charged it first. Drafting again after they were issued drafts
/// nothing.
///
/// # Errors
/// When an agreement of a contract cannot be laid over the law.
pub fn credit_notes(
    law: &Law,
    account: &AccountId,
    state: &AccountState,
    run: &Run,
    act: &InputId,
) -> Result<Vec<CreditNote>, LawError> {
    let mut by_invoice: BTreeMap<String, Vec<InvoiceLine>> = BTreeMap::new();
    let excess = open_lines(law, state, run)?.lines;
    for line in excess.into_iter().filter(|line| (-line.amount).is_positive()) {
        for (number, amount) in taken_off(state, &line.charge.key, -line.amount) {
            let lines = by_invoice.entry(number).or_default();
            let number = lines.len() as u32 + 1;
            lines.push(InvoiceLine { number, amount: -amount, ..line.clone() });
        }
    }
    let notes = by_invoice.into_iter().map(|(number, lines)| {
        let receivable = &state.receivables[&number];
        note(law, account, state, receivable, run, act, lines)
    });
    let mut notes = notes.collect::<Result<Vec<_>, _>>()?;
    notes.sort_by(|a, b| a.draft.cmp(&b.draft));
    Ok(notes)
}

/// From which invoices an excess comes off, and how much: the latest first, and
/// of none more than it still charges under this key.
fn taken_off(state: &AccountState, key: &ChargeKey, excess: Yen) -> Vec<(String, Yen)> {
    let mut charged: Vec<_> = state
        .receivables
        .values()
        // What an earlier book issued is corrected there.
        .filter(|receivable| receivable.taken_over.is_none())
        .map(|receivable| (&receivable.invoice, still_charged(state, receivable, key)))
        .filter(|(_, amount)| amount.is_positive())
        .collect();
    charged.sort_by(|(a, _), (b, _)| (b.issued_on, &b.number).cmp(&(a.issued_on, &a.number)));
    let mut left = excess;
    let mut parts = Vec::new();
    for (invoice, amount) in charged {
        let part = amount.min(left);
        if part.is_positive() {
            parts.push((invoice.number.clone(), part));
            left -= part;
        }
    }
    parts
}

fn still_charged(state: &AccountState, receivable: &Receivable, key: &ChargeKey) -> Yen {
    let notes = state.notes_on(&receivable.invoice.number).flat_map(|note| &note.lines);
    let lines = receivable.invoice.lines.iter().chain(notes);
    lines.filter(|line| line.charge.key == *key).map(|line| line.amount).sum()
}

fn note(
    law: &Law,
    account: &AccountId,
    state: &AccountState,
    receivable: &Receivable,
    run: &Run,
    act: &InputId,
    lines: Vec<InvoiceLine>,
) -> Result<CreditNote, LawError> {
    let invoice = &receivable.invoice;
    let contract = state.contracts.get(&lines[0].charge.key.contract);
    let agreements = contract.map(|c| c.agreements.as_slice()).unwrap_or_default();
    let terms = law.effective(Moment::start_of(run.issued_on), agreements)?;
    let tax_groups = tax_groups(law, state, receivable, &lines);
    let name = format!("{account} {} {act}", invoice.number);
    Ok(CreditNote {
        number: String::new(),
        act: act.clone(),
        draft: format!("D-{}", short_hash(name.as_bytes())),
        invoice: invoice.number.clone(),
        invoice_issued_on: invoice.issued_on,
        kind: invoice.kind,
        issued_on: run.issued_on,
        lines,
        total: tax_groups.iter().map(|group| group.taxable + group.tax).sum(),
        because_tax: Because::of(&INVOICE_TAX)
            .fact(&receivable.issued_by)
            .fact(act)
            .with(Taxed { groups: tax_groups.clone() })
            .under(&terms),
        tax_groups,
    })
}

/// The tax given back is the tax that the invoice still carries, less the tax on
/// what then remains of it at that rate: one rounding down on the remainder
/// (27-1), so that several notes never give back more or less than all.
fn tax_groups(
    law: &Law,
    state: &AccountState,
    receivable: &Receivable,
    lines: &[InvoiceLine],
) -> Vec<TaxGroup> {
    let mut given: BTreeMap<Option<u32>, Yen> = BTreeMap::new();
    for line in lines {
        *given.entry(rate_of(law, line)).or_default() += line.amount;
    }
    let earlier: Vec<_> = state.notes_on(&receivable.invoice.number).collect();
    let carried = |percent: Option<u32>| {
        let invoice = receivable.invoice.tax_groups.iter();
        let groups = invoice.chain(earlier.iter().flat_map(|note| &note.tax_groups));
        let groups = groups.filter(|group| group.percent == percent);
        groups.fold((Yen::ZERO, Yen::ZERO), |(taxable, tax), group| {
            (taxable + group.taxable, tax + group.tax)
        })
    };
    let group = |(percent, taxable): (Option<u32>, Yen)| {
        let (before, tax_before) = carried(percent);
        let rate = percent.map(|percent| reckon::TaxRate { from: Day::MIN, percent });
        let left = rate.map_or(Yen::ZERO, |rate| fees::tax_on(&[before + taxable], rate));
        TaxGroup { percent, taxable, tax: left - tax_before }
    };
    given.into_iter().map(group).collect()
}
