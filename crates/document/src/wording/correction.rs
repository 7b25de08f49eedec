//! One line for every correction that a person may propose.

use contract::declare::act::Act;

use super::figures::yen;
use super::{Reader, fact, names};

/// What a correction does, in one line.
pub(super) fn correction(act: &Act, l: Reader) -> String {
    match act {
        Act::VoidEntry { of } => say!(l, "登録{of}を取り消す", "void entry {of}"),
        Act::CorrectEntry { of, by, .. } => {
            let by = fact(by, l);
            say!(l, "登録{of}を次のとおり訂正する：{by}", "correct entry {of}: {by}")
        }
        Act::AgreeCancellation { contract, to: Some(day), document, .. } => say!(
            l,
            "契約{contract}の解除日を合意により{day}に変える（{document}）",
            "move the cancellation of contract {contract} to {day} by agreement ({document})"
        ),
        Act::AgreeCancellation { contract, document, .. } => say!(
            l,
            "契約{contract}の解除を合意により撤回する（{document}）",
            "withdraw the cancellation of contract {contract} by agreement ({document})"
        ),
        money => of_money(money, l),
    }
}

fn of_money(act: &Act, l: Reader) -> String {
    let sum = yen(act.amount().unwrap_or_default(), l);
    match act {
        Act::MovePayment { payment, to, .. } => say!(
            l,
            "入金{payment}（{sum}）を契約者{to}のものとして移す",
            "move payment {payment} of {sum} to account {to}"
        ),
        Act::CorrectInvoices { month, .. } => say!(
            l,
            "{month}までに請求しすぎた{sum}について返還請求書を発行する",
            "issue credit notes of {sum} for what was charged in excess up to {month}"
        ),
        Act::UndoCashApplication { payment, number, .. } => say!(
            l,
            "請求書{number}への入金{payment}の充当{sum}を取り消す",
            "take {sum} of payment {payment} back from invoice {number}"
        ),
        Act::ApplyPayment { payment, to } => {
            let parts = to.iter().map(|part| format!("{} {}", part.number, yen(part.amount, l)));
            let parts = parts.collect::<Vec<_>>().join(l.pick("、", ", "));
            say!(l, "入金{payment}を充当する（{parts}）", "apply payment {payment} ({parts})")
        }
        Act::OffsetHeld { number, .. } => say!(
            l,
            "仮受金{sum}を請求書{number}と相殺する",
            "set {sum} of money held off against invoice {number}"
        ),
        Act::ReturnHeld { .. } => {
            say!(l, "仮受金{sum}を返還する", "return {sum} of money held")
        }
        Act::WaiveInterest { number, .. } => say!(
            l,
            "請求書{number}の延滞利息{sum}を免除する",
            "waive {sum} of late interest on invoice {number}"
        ),
        Act::WaiveFee { kind, contract, line, month, .. } => {
            let kind = names::charge_kind(*kind, l);
            say!(
                l,
                "契約{contract}の明細{line}の{month}の{kind}のうち{sum}（税抜）を免除する",
                "waive {sum} without tax of the {kind} of {month} for line {line} of contract {contract}"
            )
        }
        Act::ChargeAmendmentCosts { application, .. } => say!(
            l,
            "変更申込{application}の準備等の費用{sum}を請求する",
            "charge costs of {sum} for the amendment {application}"
        ),
        other => other.name().to_owned(),
    }
}
