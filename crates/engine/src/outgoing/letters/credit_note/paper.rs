//! 返還請求書, the credit note, as it was issued.

use contract::money::credit_note::CreditNote;
use contract::money::invoice::ChargeKind;
use contract::money::waiver::Waived;
use typeset::{RateSummary, Taxed};

use crate::outgoing::letters::invoice::paper::{customer_of, line_of};
use crate::outgoing::papers::{Sender, note};
use crate::outgoing::prelude::*;

/// Why an invoice is lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CreditReason {
    /// It charged what was not owed.
    WrongBill,
    /// What was owed is not asked for.
    Waiver,
    /// Some of it was not owed, some is not asked for.
    Both,
}

pub(super) fn credit_note(
    sender: Sender<'_>,
    state: &AccountState,
    issued: &CreditNote,
) -> Option<typeset::CreditNote> {
    let customer = customer_of(state, &issued.invoice)?;
    let version = sender.version_on(issued.issued_on);
    let lines = issued.lines.iter().map(|line| {
        let mut printed = line_of(sender, line.charge.key.month, line);
        // The note corrects as a whole: its lines need no mark of their own, and
        // what comes off is a sum, not a number of pieces.
        (printed.corrects, printed.quantity, printed.unit_price) = (None, None, None);
        if line.charge.key.kind == ChargeKind::LateInterest {
            printed.detail = None;
        }
        printed
    });
    let summary = issued.tax_groups.iter().map(|group| RateSummary {
        percent: group.percent,
        sum: Taxed { net: group.taxable, tax: group.tax, gross: group.taxable + group.tax },
    });
    Some(typeset::CreditNote {
        head: sender.letterhead(issued.number.clone(), issued.issued_on, customer, &version),
        subject: match credit_reason(issued) {
            CreditReason::WrongBill => format!("請求書 {} の訂正", issued.invoice),
            CreditReason::Waiver => format!("請求書 {} の一部免除", issued.invoice),
            CreditReason::Both => format!("請求書 {} の訂正と一部免除", issued.invoice),
        },
        invoice_number: issued.invoice.clone(),
        invoice_date: issued.invoice_issued_on,
        amount: -issued.total,
        lines: lines.collect(),
        summary: summary.collect(),
        notes: vec![
            note(
                "お支払済みの場合",
                "お支払済みの金額のうち減額分は当社でお預かりし、次回以降のご請求と相殺するか、お返しします。",
                &["24-2"],
            ),
            note(
                "消費税",
                "消費税額は、減額後に残る金額の消費税額との差額です。税率ごとに1円未満を切り捨てて計算しています。",
                &["27-1"],
            ),
        ],
    })
}

/// As the lines of the note say: those that were waived carry how much.
pub(super) fn credit_reason(note: &CreditNote) -> CreditReason {
    let waived = note.lines.iter().filter(|line| line.charge.because.read::<Waived>().is_some());
    match waived.count() {
        0 => CreditReason::WrongBill,
        all if all == note.lines.len() => CreditReason::Waiver,
        _ => CreditReason::Both,
    }
}
