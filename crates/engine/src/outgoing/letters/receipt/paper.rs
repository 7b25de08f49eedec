//! 受領通知, the receipt notice of a cancellation (15-1).

use contract::declare::fact::{CancellationFormArrived, Fact};
use contract::declare::ids::InputId;
use contract::notices::notice::Channel;
use contract::road::case::{Case, What};
use contract::road::stated::{Charged, Counted, Receipt, UnpaidInvoice};
use reckon::{CalendarKind, Moment};
use typeset::{Counting, Deemed, NoticeCharge, ReceiptNotice, Taxed, Unpaid};

use crate::outgoing::papers::{Recipient, Sender, note, owned};

/// The receipt notice as the record determined it.
pub(super) fn receipt_notice(
    sender: Sender<'_>,
    case: &Case,
    notice: &Receipt,
    to: Recipient<'_>,
    sent_at: Moment,
) -> ReceiptNotice {
    let id = notice.contract.0.trim_start_matches("K-").to_uppercase();
    let (number, date) = (format!("RCV-{id}"), sent_at.day());
    let month = notice.last_month;
    let counted = notice.counted;
    ReceiptNotice {
        head: sender.letterhead(number, date, to.addressee(), &notice.version),
        contract_number: notice.contract.0.clone(),
        services: notice.items.iter().map(|item| sender.item_name(item)).collect(),
        arrived: notice.arrived_on,
        channel: channel(case, &notice.form).to_owned(),
        desired: notice.desired,
        deemed: notice.deemed.then(|| Deemed {
            reason: deemed_reason(notice.desired.is_some(), counted),
            clauses: owned(&["15-1b"]),
        }),
        counting: Counting {
            business_days: counted.deemed_after,
            reached: counted.earliest,
            calendar: calendar_name(counted.calendar).to_owned(),
            clauses: owned(&["15-1b"]),
        },
        effective: notice.effective,
        effective_clauses: owned(&["15-1"]),
        last_month: month,
        last_month_fee: NoticeCharge {
            basis: format!("{}月分の月額料金の全額（日割りなし）", month.number()),
            sum: taxed(notice.last_month_fee),
            clauses: owned(&["15-2"]),
        },
        remaining_minimum: notice.remaining.map(|charged| NoticeCharge {
            basis: "最低利用期間の残余月数分の月額料金".to_owned(),
            sum: taxed(charged),
            clauses: owned(&["14-2"]),
        }),
        unpaid: notice.unpaid.iter().map(unpaid).collect(),
        unpaid_clauses: owned(&["15-3"]),
        interest_to: Some(notice.interest_to),
        notes: notice.month_end.map(offer).into_iter().collect(),
    }
}

/// How the form came on which a notice rests.
fn channel(case: &Case, form: &InputId) -> &'static str {
    let came = case.happenings.iter().filter(|happening| happening.input == *form);
    let channel = came.into_iter().find_map(|happening| match happening.what.as_ref() {
        What::Fact(Fact::CancellationFormArrived(CancellationFormArrived { channel, .. })) => {
            Some(*channel)
        }
        _ => None,
    });
    match channel {
        None | Some(Channel::Paper) => "書面",
        Some(Channel::Email) => "電子メール",
        Some(Channel::Portal) => "ポータル",
        Some(Channel::Homepage) => "ホームページ",
        Some(Channel::Other) => "その他の方法",
    }
}

fn offer(day: reckon::Day) -> typeset::Note {
    note(
        "月末までのご利用",
        format!(
            "最終月の料金は全額となるため、ご希望でしたら、追加の料金なしで解除日を{}年{}月{}日に変更できます。解除日までに書面でお申し付けください。",
            day.year(),
            day.month(),
            day.day()
        ),
        &["15-2"],
    )
}

fn calendar_name(kind: CalendarKind) -> &'static str {
    match kind {
        CalendarKind::National => "土曜・日曜・国民の祝日を除く日",
        CalendarKind::YearEnd => "土曜・日曜・国民の祝日・12月29日から1月3日を除く日",
        CalendarKind::Bank => "土曜・日曜・国民の祝日・12月31日から1月3日を除く日",
    }
}

fn deemed_reason(desired: bool, counted: Counted) -> String {
    let Counted { needed, deemed_after, .. } = counted;
    match desired {
        true => format!(
            "解除希望日が到達日から{needed}営業日未満のため、到達日の{deemed_after}営業日後を解除日とみなします。"
        ),
        false => format!(
            "解除希望日の記載がないため、到達日の{deemed_after}営業日後を解除日とみなします。"
        ),
    }
}

fn taxed(charged: Charged) -> Taxed {
    let Charged { net, tax } = charged;
    Taxed { net, tax, gross: net + tax }
}

fn unpaid(debt: &UnpaidInvoice) -> Unpaid {
    Unpaid {
        invoice_number: debt.number.clone(),
        due: debt.due,
        amount: debt.outstanding,
        interest: debt.interest,
        clauses: owned(&["26-1"]),
    }
}
