//! 仕訳: what invoices and payments come to in the books, for an accountant.

use contract::declare::consequence::{ApplicationUndone, Consequence, Overpaid, PaymentApplied};
use contract::declare::fact::{Fact, HeldReturned, Payment};
use contract::declare::ids::InputId;
use contract::money::credit_note::CreditNote;
use contract::money::invoice::{Invoice, InvoiceKind};
use contract::road::case::What;
use contract::{Followed, Unfolded};
use document::{JournalEntry, write_journal};
use reckon::Yen;

use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

impl Engine {
    /// The journal of every account, in the order of its days, as a CSV file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn journal(&self) -> Result<Vec<u8>, EngineError> {
        let mut entries = Vec::new();
        for account in self.store.accounts().await? {
            let account = self.account(&account).await?;
            let unfolded = account.unfolded();
            for happening in account.case().in_force().iter() {
                match happening.what.as_ref() {
                    What::Fact(Fact::InvoiceIssued(invoice)) => entries.extend(issued(invoice)),
                    What::Fact(Fact::CreditNoteIssued(note)) => entries.extend(credited(note)),
                    What::Fact(Fact::HeldReturned(HeldReturned { on, amount, reference })) => {
                        entries.push(entry(*on, HELD, BANK, *amount, "仮受金返還", reference));
                    }
                    What::Fact(Fact::PaymentCredited(payment)) => {
                        entries.extend(moved(&unfolded, &happening.input, payment));
                    }
                    _ => {}
                }
            }
        }
        entries.sort_by(|a, b| (a.date, &a.reference).cmp(&(b.date, &b.reference)));
        for (number, entry) in entries.iter_mut().enumerate() {
            entry.number = format!("{:06}", number + 1);
        }
        Ok(write_journal(&entries))
    }
}

/// Debit receivable; credit revenue, and output tax once per rate.
fn issued(invoice: &Invoice) -> Vec<JournalEntry> {
    let revenue = revenue(invoice.kind);
    let entry = |credit: &str, amount: Yen, tax_class: String| JournalEntry {
        date: invoice.issued_on,
        number: String::new(),
        debit: RECEIVABLE.to_owned(),
        credit: credit.to_owned(),
        amount,
        tax_class,
        summary: format!("請求書 {}（{}）", invoice.number, invoice.month),
        reference: invoice.number.clone(),
    };
    let mut entries = Vec::new();
    for group in &invoice.tax_groups {
        let class = group.percent.map_or("対象外".to_owned(), |p| format!("課税売上{p}%"));
        entries.push(entry(revenue, group.taxable, class.clone()));
        if group.tax.is_positive() {
            entries.push(entry("仮受消費税", group.tax, class));
        }
    }
    entries
}

/// A credit note: what the invoice came to, the other way round.
fn credited(note: &CreditNote) -> Vec<JournalEntry> {
    let summary = format!("返還請求書 {}（請求書 {}）", note.number, note.invoice);
    let mut entries = Vec::new();
    for group in &note.tax_groups {
        let class = group.percent.map_or("対象外".to_owned(), |p| format!("課税売上{p}%"));
        let accounts = [(revenue(note.kind), -group.taxable), ("仮受消費税", -group.tax)];
        for (account, amount) in accounts.into_iter().filter(|(_, amount)| !amount.is_zero()) {
            let mut row =
                entry(note.issued_on, account, RECEIVABLE, amount, &summary, &note.number);
            row.tax_class.clone_from(&class);
            entries.push(row);
        }
    }
    entries
}

/// What became of a payment, in the order of its days: applied or held when it was
/// credited, and moved between the two by acts later.
fn moved(unfolded: &Unfolded, id: &InputId, payment: &Payment) -> Vec<JournalEntry> {
    let (payer, on) = (&payment.payer, payment.on);
    let row = |followed: &Followed| {
        let later = followed.at.day();
        Some(match &followed.consequence {
            Consequence::PaymentApplied(PaymentApplied { payment, number, amount })
                if payment == id =>
            {
                let summary = format!("{payer} 入金消込 {number}");
                // An act beside the payment and the invoice: it had been held.
                match followed.because.facts.len() > 2 {
                    true => entry(later, HELD, RECEIVABLE, *amount, &summary, &id.0),
                    false => entry(on, BANK, RECEIVABLE, *amount, &summary, &id.0),
                }
            }
            Consequence::Overpaid(Overpaid { payment, amount }) if payment == id => {
                entry(on, BANK, HELD, *amount, &format!("{payer} 過入金"), &id.0)
            }
            Consequence::ApplicationUndone(ApplicationUndone { payment, number, amount })
                if payment == id =>
            {
                let summary = format!("{payer} 消込取消 {number}");
                entry(later, RECEIVABLE, HELD, *amount, &summary, &id.0)
            }
            _ => return None,
        })
    };
    unfolded.followed.iter().filter_map(row).collect()
}

const BANK: &str = "普通預金";
const RECEIVABLE: &str = "売掛金";
const HELD: &str = "仮受金";

fn revenue(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::LateInterest => "受取利息",
        InvoiceKind::EarlyTermination | InvoiceKind::CostRecovery => "雑収入",
        InvoiceKind::Fee => "売上高",
    }
}

fn entry(
    date: reckon::Day,
    debit: &str,
    credit: &str,
    amount: Yen,
    summary: &str,
    reference: &str,
) -> JournalEntry {
    JournalEntry {
        date,
        number: String::new(),
        debit: debit.to_owned(),
        credit: credit.to_owned(),
        amount,
        tax_class: "対象外".to_owned(),
        summary: summary.to_owned(),
        reference: reference.to_owned(),
    }
}
