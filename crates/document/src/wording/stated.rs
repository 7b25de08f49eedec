//! What the record determined for a letter or paper, in one line each.

use contract::road::stated::{Order, Receipt, Termination};

use super::Reader;
use super::figures::yen;

pub(super) fn order(order: &Order, language: Reader) -> String {
    let application = &order.application;
    match order.change.as_ref().map(|change| change.from) {
        None => say!(
            language,
            "申込請書の内容を確定（申込{application}）",
            "content of the order acceptance determined (application {application})"
        ),
        Some(from) => say!(
            language,
            "変更契約の申込請書の内容を確定（申込{application}、{from}から）",
            "content of the order acceptance of a change determined (application {application}, from {from})"
        ),
    }
}

pub(super) fn receipt(notice: &Receipt, language: Reader) -> String {
    let fee = yen(notice.last_month_fee.net, language);
    let unpaid = yen(notice.unpaid.iter().map(|debt| debt.outstanding).sum(), language);
    let (effective, month) = (notice.effective, notice.last_month);
    say!(
        language,
        "受領通知の内容を確定（解除日 {effective}、{month}分の月額料金 {fee}、未払い {unpaid}）",
        "content of the receipt notice determined (cancellation on {effective}, fee of {month} {fee}, unpaid {unpaid})"
    )
}

pub(super) fn termination(notice: &Termination, language: Reader) -> String {
    let unpaid = yen(notice.unpaid.iter().map(|debt| debt.outstanding).sum(), language);
    let (ground, payable_by) = (&notice.ground, notice.payable_by);
    say!(
        language,
        "解除通知の内容を確定（{ground}、未払い {unpaid}、支払期日 {payable_by}）",
        "content of the notice of termination determined ({ground}, unpaid {unpaid}, payable by {payable_by})"
    )
}
