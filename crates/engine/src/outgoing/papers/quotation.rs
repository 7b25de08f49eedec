//! 見積書, the quotation.

use contract::Service;
use contract::application::quote::{Quote, QuoteLine};
use typeset::{DayRange, Document, Quotation, QuotationLine, RateSummary, Taxed};

use super::sender::{Sender, addressee, note};

/// The quotation as it is printed, for the attention of a person if one is named.
pub(crate) fn quotation(sender: Sender<'_>, quote: &Quote, attention: Option<&str>) -> Document {
    let version = sender.version_on(quote.issued_on);
    let attention = attention.map(|name| format!("{name} 様"));
    let summary = quote.tax_groups.iter().map(|group| RateSummary {
        percent: group.percent,
        sum: Taxed { net: group.taxable, tax: group.tax, gross: group.taxable + group.tax },
    });
    Document::Quotation(Quotation {
        head: sender.letterhead(
            quote.number.clone(),
            quote.issued_on,
            addressee(&quote.customer, attention),
            &version,
        ),
        valid_until: quote.valid_until,
        use_period: quote.period.map(|period| DayRange { from: period.from, to: period.to }),
        lines: quote.lines.iter().map(line).collect(),
        summary: summary.collect(),
        monthly_total: quote.total,
        notes: vec![
            note(
                "契約の成立",
                "本見積書は申込みではありません。契約は、申込書等による申込みに対し、当社が承諾メールを送付した時に成立します。",
                &["9-2", "9-4"],
            ),
            note(
                "従量料金",
                "従量課金の品目は、ご利用量に単価を乗じて月ごとに計算します。月額合計には含みません。",
                &["23-1"],
            ),
        ],
    })
}

fn line(line: &QuoteLine) -> QuotationLine {
    let service = match line.wish.service {
        Service::Sdpf => "Smart Data Platform",
        Service::SdpfSupport => "SDPFサポート",
    };
    QuotationLine {
        service: service.to_owned(),
        item: line.name.clone(),
        quantity: line.wish.quantity,
        unit: line.unit.clone(),
        unit_price: line.unit_price,
        start: line.wish.start,
        minimum_months: line.wish.min_term_months,
        monthly_fee: line.amount,
    }
}
