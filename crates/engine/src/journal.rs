//! 仕訳: what invoices and payments come to in the books, for an accountant.

use contract::fact::Fact;
use contract::invoice::{Invoice, InvoiceKind};
use contract::stream::Content;
use document::{JournalEntry, write_journal};
use reckon::Yen;

use crate::engine::{Engine, EngineError};

impl Engine {
    /// The journal of every account, in the order of its days, as a CSV file.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn journal(&self) -> Result<Vec<u8>, EngineError> {
        let mut entries = Vec::new();
        for account in self.store.accounts().await? {
            let state = self.state(&account).await?;
            for record in self.records(&account).await? {
                match &record.input.content {
                    Content::Fact(Fact::InvoiceIssued(invoice)) => entries.extend(issued(invoice)),
                    Content::Fact(Fact::PaymentCredited(payment)) => {
                        let id = &record.input.id;
                        let mut left = payment.amount;
                        for (number, receivable) in &state.receivables {
                            for applied in receivable.payments.iter().filter(|p| p.payment == *id) {
                                left -= applied.amount;
                                let summary = format!("{} 入金消込 {number}", payment.payer);
                                entries.push(credited(
                                    payment.on,
                                    "売掛金",
                                    applied.amount,
                                    summary,
                                    &id.0,
                                ));
                            }
                        }
                        if left.is_positive() {
                            let summary = format!("{} 過入金", payment.payer);
                            entries.push(credited(payment.on, "仮受金", left, summary, &id.0));
                        }
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
    let revenue = match invoice.kind {
        InvoiceKind::LateInterest => "受取利息",
        InvoiceKind::EarlyTermination | InvoiceKind::CostRecovery => "雑収入",
        InvoiceKind::Fee => "売上高",
    };
    let entry = |credit: &str, amount: Yen, tax_class: String| JournalEntry {
        date: invoice.issued_on,
        number: String::new(),
        debit: "売掛金".to_owned(),
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

fn credited(
    date: reckon::Day,
    credit: &str,
    amount: Yen,
    summary: String,
    reference: &str,
) -> JournalEntry {
    JournalEntry {
        date,
        number: String::new(),
        debit: "普通預金".to_owned(),
        credit: credit.to_owned(),
        amount,
        tax_class: "対象外".to_owned(),
        summary,
        reference: reference.to_owned(),
    }
}
