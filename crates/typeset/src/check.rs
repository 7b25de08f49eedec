//! Figures that contradict each other are not printed.

use reckon::Yen;

use crate::{
    Document, InterestLine, Invoice, InvoiceKind, InvoiceLine, Quotation, RateSummary, TypesetError,
};

/// Sums only: this crate decides no amount, but a customer adds up what is
/// printed, and an invoice that does not add up is no qualified invoice.
pub(crate) fn check_figures(document: &Document) -> Result<(), TypesetError> {
    match document {
        Document::Invoice(invoice) => check_invoice(invoice),
        Document::OrderAcceptance(order) => {
            let fees = order.lines.iter().filter_map(|line| line.monthly_fee).sum();
            order.monthly_total.map_or(Ok(()), |total| agree("月額料金合計", fees, total))
        }
        Document::CreditNote(note) => {
            check_rates(&note.summary, &note.lines, &[])?;
            let total: Yen = note.summary.iter().map(|row| row.sum.gross).sum();
            agree("返還金額", -total, note.amount)
        }
        Document::ReceiptNotice(notice) => {
            let charges = std::iter::once(&notice.last_month_fee).chain(&notice.remaining_minimum);
            charges
                .map(|charge| charge.sum)
                .try_for_each(|sum| agree("税込金額", sum.net + sum.tax, sum.gross))
        }
        Document::ErasureCertificate(_) | Document::Notice(_) => Ok(()),
        Document::Quotation(quotation) => check_quotation(quotation),
    }
}

fn check_quotation(quotation: &Quotation) -> Result<(), TypesetError> {
    let rows = &quotation.summary;
    for row in rows {
        let name = row.percent.map_or("対象外".to_owned(), |percent| format!("{percent}%対象"));
        agree(&format!("{name} 合計"), row.sum.net + row.sum.tax, row.sum.gross)?;
    }
    let fees = quotation.lines.iter().filter_map(|line| line.monthly_fee).sum();
    agree("税抜金額", fees, rows.iter().map(|row| row.sum.net).sum())?;
    agree("月額合計", rows.iter().map(|row| row.sum.gross).sum(), quotation.monthly_total)
}

fn check_invoice(invoice: &Invoice) -> Result<(), TypesetError> {
    check_rates(&invoice.summary, &invoice.lines, &invoice.interest)?;
    if invoice.kind == InvoiceKind::LateInterest {
        let interest = invoice.interest.iter().map(|line| line.interest).sum();
        agree("延滞利息", interest, invoice.amount_due)?;
    }
    let total = invoice.summary.iter().map(|row| row.sum.gross).sum();
    agree("ご請求金額", total, invoice.amount_due)
}

/// The row of each rate is the sum of its lines, and no line is left out.
fn check_rates(
    summary: &[RateSummary],
    lines: &[InvoiceLine],
    interest: &[InterestLine],
) -> Result<(), TypesetError> {
    for row in summary {
        let name = row.percent.map_or("対象外".to_owned(), |percent| format!("{percent}%対象"));
        agree(&format!("{name} 合計"), row.sum.net + row.sum.tax, row.sum.gross)?;
        let of_rate = lines.iter().filter(|line| line.percent == row.percent);
        let mut parts: Yen = of_rate.map(|line| line.amount).sum();
        if row.percent.is_none() {
            parts += interest.iter().map(|line| line.interest).sum::<Yen>();
        }
        agree(&format!("{name} 金額"), parts, row.sum.net)?;
    }
    for line in lines {
        let listed = summary.iter().any(|row| row.percent == line.percent);
        if !listed {
            agree(&format!("{}（税率別の集計なし）", line.item), line.amount, Yen::ZERO)?;
        }
    }
    Ok(())
}

fn agree(what: &str, parts: Yen, stated: Yen) -> Result<(), TypesetError> {
    if parts == stated {
        return Ok(());
    }
    Err(TypesetError::Figures { what: what.to_owned(), parts, stated })
}
