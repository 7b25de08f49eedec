//! One line for everything that may follow.

use contract::declare::consequence::{AlertCode, Consequence};
use contract::registered::parties::RegisteredItem;
use reckon::Day;

use super::figures::{days, yen};
use super::{Reader, names, stated};

/// What follows, in one line. The line names no contract where the stream in
/// which it stands does; it says nothing that only staff may know, save
/// [`Consequence::GroundsFound`], rights and alerts, which only staff see.
/// One arm a variant: a table rather than a procedure.
pub fn consequence(consequence: &Consequence, reader: impl Into<Reader>) -> String {
    use Consequence as C;
    let l: Reader = reader.into();
    let yen = |amount| yen(amount, l);
    match consequence {
        C::TermsAssented { application, version } if version.is_empty() => say!(
            l,
            "申込{application}：送信の時に施行中の利用規約がなく、承諾とみなす版なし",
            "application {application}: no terms were in force when it was sent, so none are deemed accepted"
        ),
        C::TermsAssented { application, version } => say!(
            l,
            "申込{application}の送信により利用規約{version}版を承諾済みとみなす",
            "application {application}: terms {version} deemed accepted by sending it"
        ),
        C::GroundsFound { application, grounds } => {
            let grounds: Vec<_> = grounds.iter().map(|g| names::clause_and_ground(g, l)).collect();
            let grounds = grounds.join(l.pick("、", "; "));
            say!(
                l,
                "申込{application}について判断を要する事由：{grounds}",
                "application {application}: grounds to weigh: {grounds}"
            )
        }
        C::TaskOpened { task, about, remind_on } => {
            let task = names::task(*task, l);
            say!(
                l,
                "作業を開始：{task}（{about}、督促の目安 {remind_on}）",
                "task opened: {task} ({about}, reminder on {remind_on})"
            )
        }
        C::TaskClosed { task, about } => {
            let task = names::task(*task, l);
            say!(l, "作業を完了：{task}（{about}）", "task done: {task} ({about})")
        }
        C::ContractFormed { contract, application, version } => say!(
            l,
            "契約{contract}が成立（申込{application}、利用規約{version}版）",
            "contract {contract} formed (application {application}, terms {version})"
        ),
        C::ContractChanged { application, from, .. } => say!(
            l,
            "契約内容を{from}から変更（変更申込{application}）",
            "contract changed from {from} (application {application})"
        ),
        C::OrderDetermined { order } => stated::order(order, l),
        C::ReceiptNoticeDetermined { notice } => stated::receipt(notice, l),
        C::TerminationNoticeDetermined { notice } => stated::termination(notice, l),
        C::MinimumTermSet { line, from, to, .. } => say!(
            l,
            "明細{line}の最低利用期間は{from}〜{to}",
            "minimum term of line {line}: {from} to {to}"
        ),
        C::ContractExtended { period, limit, .. } => {
            let (from, to) = (period.from, period.to);
            say!(
                l,
                "契約を{from}〜{to}に自動延長（申出の期限 {limit} までに別段の意思表示なし）",
                "contract extended to {from} … {to} (no objection by the limit, {limit})"
            )
        }
        C::ExpiryScheduled { on, .. } => say!(
            l,
            "期限内の申出により、契約は{on}の満了で終わり、延長しない",
            "objection in time: the contract ends with its period on {on}"
        ),
        C::StatementLate { expiry, limit, .. } => say!(
            l,
            "{expiry}の満了に対する申出は期限 {limit} を過ぎており、この満了には効力なし",
            "objection to the expiry on {expiry} came after the limit, {limit}: without effect on it"
        ),
        C::CancellationDetermined { arrived_on, desired, effective, deemed, .. } => {
            cancellation((*arrived_on, *desired), (*effective, *deemed), l)
        }
        C::DataChangeNoted { item, planned_on, limit, late, unplanned } => {
            change_noted((*item, *planned_on), (*limit, *late, *unplanned), l)
        }
        C::DataChanged { item, from } => {
            let item = names::registered(*item, l);
            say!(
                l,
                "登録内容（{item}）の変更が{from}から有効",
                "registered data ({item}) as notified hold from {from}"
            )
        }
        C::ArrivalConfirmed { effective, .. } => say!(
            l,
            "解約申込書の到達を別の担当者が確認（解除日 {effective}）",
            "arrival of the cancellation form confirmed by a second person (cancellation on {effective})"
        ),
        C::ArrivalDeclined { .. } => l
            .pick(
                "解約申込書の到達を別の担当者が認めず、申込書には効力なし",
                "arrival of the cancellation form declined by a second person: the form has no effect",
            )
            .to_owned(),
        C::ChannelWithoutEffect { channel, .. } => {
            let channel = names::channel(*channel, l);
            say!(
                l,
                "{channel}で届いた解約申込書には、第15条の解除の効力なし",
                "a cancellation form by {channel} has no effect under Article 15"
            )
        }
        C::PayableNow { principal, interest, by, .. } => {
            let (principal, interest) = (yen(*principal), yen(*interest));
            say!(
                l,
                "未払いの元本{principal}と延滞利息{interest}の支払期日は{by}",
                "unpaid principal of {principal} and late interest of {interest} payable by {by}"
            )
        }
        C::ContractEnded { on, cause, .. } => {
            let cause = names::end_cause(*cause, l);
            say!(l, "契約は{on}をもって終了（{cause}）", "contract ended with {on} ({cause})")
        }
        // 0031: what is closed here.
        C::AccountsClosed { .. } => l
            .pick(
                "契約に属するアカウントは終了。ほかに続く契約がなければ、契約者の利用者とAPIキーは以後入れない（クラウド側のアカウントはここでは管理していない）",
                "the accounts under the contract end: unless another contract goes on, the customer's people and keys come in no more (accounts in the cloud are not kept here)",
            )
            .to_owned(),
        C::SecrecyEnds { until, .. } => {
            say!(l, "秘密保持の義務は{until}まで続く", "secrecy is owed up to {until}")
        }
        C::PaymentApplied { payment, number, amount } => {
            let amount = yen(*amount);
            say!(
                l,
                "入金{payment}から{amount}を請求書{number}に充当",
                "{amount} of payment {payment} applied to invoice {number}"
            )
        }
        C::Overpaid { payment, amount } => {
            let amount = yen(*amount);
            say!(
                l,
                "入金{payment}のうち{amount}は請求を超えるため仮受金とする",
                "{amount} of payment {payment} exceeds what was owed: held"
            )
        }
        C::ApplicationUndone { payment, number, amount } => {
            let amount = yen(*amount);
            say!(
                l,
                "請求書{number}への入金{payment}の充当{amount}を取り消し、仮受金とする",
                "{amount} of payment {payment} taken back from invoice {number}: held"
            )
        }
        C::CreditApplied { note, number, amount } => {
            let amount = yen(*amount);
            say!(
                l,
                "返還請求書{note}により請求書{number}を{amount}減額",
                "invoice {number} lowered by {amount} (credit note {note})"
            )
        }
        C::InterestWaived { number, amount } => {
            let amount = yen(*amount);
            say!(
                l,
                "請求書{number}の延滞利息のうち{amount}を免除",
                "{amount} of late interest on invoice {number} waived"
            )
        }
        C::CancellationAgreed { to: Some(day), document, .. } => say!(
            l,
            "合意により解除日を{day}に変更（{document}）",
            "cancellation moved to {day} by agreement ({document})"
        ),
        C::CancellationAgreed { to: None, document, .. } => say!(
            l,
            "合意により解除を撤回し、契約を継続（{document}）",
            "cancellation withdrawn by agreement: the contract goes on ({document})"
        ),
        C::MonthEndOffered { deemed, month_end, .. } => say!(
            l,
            "解除日は{deemed}とみなされるが、追加の料金なしで{month_end}までの利用を案内",
            "deemed to end on {deemed}; use up to {month_end} offered at no further fee"
        ),
        C::ReceivablePaid { number, on } => {
            say!(l, "請求書{number}は{on}に完済", "invoice {number} paid in full on {on}")
        }
        C::ReceivableOverdue { number, due, outstanding } => {
            let outstanding = yen(*outstanding);
            say!(
                l,
                "請求書{number}は期日 {due} を過ぎ、{outstanding}が未払い",
                "invoice {number} overdue since {due}: {outstanding} unpaid"
            )
        }
        C::LateInterestOwed { number, amount, days: count, .. } => {
            let (amount, count) = (yen(*amount), days(*count, l));
            say!(
                l,
                "請求書{number}の遅れた支払に延滞利息{amount}（{count}分）",
                "late interest of {amount} on invoice {number} ({count})"
            )
        }
        C::RightOpened { right, about, from } => {
            let what = names::right(right, l);
            say!(
                l,
                "{from}から{what}ができる（{right}、対象 {about}）",
                "right of {what} open from {from} ({right}, on {about})"
            )
        }
        C::RightClosed { right, about, on } => {
            let what = names::right(right, l);
            say!(
                l,
                "{what}の事由が{on}に消滅（{right}、対象 {about}）",
                "right of {what} closed on {on} ({right}, on {about})"
            )
        }
        C::ContractTakenOver { contract, number, version, charge_from } => say!(
            l,
            "契約{contract}を引継ぎ（旧番号 {number}、規約{version}版、請求は{charge_from}分から）",
            "contract {contract} taken over (formerly {number}, terms {version}, charged from {charge_from})"
        ),
        C::ReceivableTakenOver { number, outstanding, due } => {
            let outstanding = yen(*outstanding);
            say!(
                l,
                "請求{number}の未収{outstanding}を引継ぎ（期日 {due}）",
                "invoice {number} taken over, {outstanding} unpaid (due {due})"
            )
        }
        C::Alert { code, about, detail } => alert(*code, (about, detail), l),
    }
}

fn change_noted(
    (item, planned_on): (RegisteredItem, Day),
    (limit, late, unplanned): (Option<Day>, bool, bool),
    language: Reader,
) -> String {
    let item = names::registered(item, language);
    match limit {
        Some(limit) if late => say!(
            language,
            "登録内容（{item}）の変更届：変更予定日 {planned_on}の期限 {limit} に遅れた",
            "change of registered data ({item}) for {planned_on} notified late (limit {limit})"
        ),
        Some(limit) => say!(
            language,
            "登録内容（{item}）の変更届：変更予定日 {planned_on}、期限 {limit} 内",
            "change of registered data ({item}) for {planned_on} notified in time (limit {limit})"
        ),
        None if unplanned => say!(
            language,
            "登録内容（{item}）の予定外の変更（{planned_on}）の届出",
            "unplanned change of registered data ({item}) of {planned_on} notified"
        ),
        None => say!(
            language,
            "登録内容（{item}）の変更届：変更日 {planned_on}",
            "change of registered data ({item}) for {planned_on} notified"
        ),
    }
}

fn cancellation(
    (arrived_on, desired): (Day, Option<Day>),
    (effective, deemed): (Day, bool),
    language: Reader,
) -> String {
    match (desired, deemed) {
        (Some(_), false) => say!(
            language,
            "解除日は希望どおり{effective}（申込書の到達 {arrived_on}）",
            "cancellation on {effective}, as desired (form arrived {arrived_on})"
        ),
        (Some(desired), true) => say!(
            language,
            "解除日は{effective}とみなす（申込書の到達 {arrived_on}、希望日 {desired} には日数が足りない）",
            "cancellation deemed to be on {effective} (form arrived {arrived_on}, too late for {desired})"
        ),
        (None, _) => say!(
            language,
            "解除日は{effective}とみなす（申込書の到達 {arrived_on}、希望日の記載なし）",
            "cancellation deemed to be on {effective} (form arrived {arrived_on}, no day desired)"
        ),
    }
}

fn alert(code: AlertCode, (about, detail): (&str, &str), language: Reader) -> String {
    let words = match code {
        AlertCode::UnknownSubject => {
            language.pick("存在しない対象への登録", "an entry names something that does not exist")
        }
        AlertCode::MailRefused => language.pick(
            "自社の送信サーバがメールを拒否（未送信）",
            "the own server refused a mail, so it was not sent",
        ),
        AlertCode::MinimumTermOutlastsPeriod => language.pick(
            "最低利用期間が利用期間より長く、扱いの合意がない",
            "the minimum term outlasts the period of use, and no rule for it is agreed",
        ),
        AlertCode::FormedThoughClosed => language.pick(
            "終了した申込に承諾メールが送られた",
            "an acceptance mail left for an application that had been closed",
        ),
        AlertCode::WithdrawalTooLate => language.pick(
            "利用開始後の撤回には第9条第9項の効力がない",
            "a withdrawal after the service began has no effect under 9-9",
        ),
        AlertCode::TakenOverTwice => language.pick(
            "既に登録のある契約・請求の引継ぎ",
            "a contract or invoice was taken over that is in the record already",
        ),
        AlertCode::TakenOverDiffers => language.pick(
            "引き継いだ内容が規則による結果と異なる、又は期日を過ぎている",
            "what was taken over is not what the rules give, or its time had passed",
        ),
        AlertCode::SuspendedWithoutApproval => {
            language.pick("決裁のない提供停止", "suspended without an approved decision")
        }
        AlertCode::ReturnedWithoutApproval => language
            .pick("承認のない仮受金の返還", "money held was transferred back without approval"),
        AlertCode::LawNotApplicable => language.pick(
            "個別合意をこの契約に適用できない",
            "an individual agreement cannot be applied to this contract",
        ),
    };
    say!(
        language,
        "要確認：{words}（{about}：{detail}）",
        "to be checked: {words} ({about}: {detail})"
    )
}
