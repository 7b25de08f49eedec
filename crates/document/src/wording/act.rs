//! One line for every act.

use contract::declare::act::Act;

use super::{Reader, correction, names};

/// What a person wants to do, in one line. The ground of a refusal stands in
/// it: a page for customers shows the refusal itself, not the act.
pub fn act(act: &Act, reader: impl Into<Reader>) -> String {
    let l: Reader = reader.into();
    match act {
        Act::AcceptApplication { application } => {
            say!(l, "申込{application}を承諾する", "accept application {application}")
        }
        Act::RefuseApplication { application, ground } => {
            let ground = names::clause_and_ground(ground, l);
            say!(
                l,
                "申込{application}を承諾しない（{ground}）",
                "refuse application {application} ({ground})"
            )
        }
        Act::Suspend { contract, ground, proposed_by } => {
            let ground = names::clause_and_ground(ground, l);
            let by = proposer(proposed_by, l);
            say!(
                l,
                "契約{contract}の提供を停止する（{ground}{by}）",
                "suspend contract {contract} ({ground}{by})"
            )
        }
        Act::Resume { contract } => {
            say!(l, "契約{contract}の提供を再開する", "resume contract {contract}")
        }
        Act::DeclineRenewal { contract, against } => say!(
            l,
            "契約{contract}を{against}の満了後は延長しないことを当社から通知",
            "state for the provider that contract {contract} is not extended beyond {against}"
        ),
        Act::Terminate { contract, ground, proposed_by, on, payable_by } => {
            let ground = names::clause_and_ground(ground, l);
            let effect = match on {
                Some(day) => say!(l, "{day}付", "on {day}"),
                None => l.pick("通知の時", "by the notice").to_owned(),
            };
            let by = proposer(proposed_by, l);
            say!(
                l,
                "契約{contract}を解除する（{ground}、効力 {effect}、支払期日 {payable_by}{by}）",
                "terminate contract {contract} ({ground}, effective {effect}, payable by {payable_by}{by})"
            )
        }
        Act::ConfirmArrival { contract, .. } => {
            say!(
                l,
                "契約{contract}の解約申込書の到達を確認する",
                "confirm the arrival of the cancellation form for contract {contract}"
            )
        }
        Act::DeclineArrival { contract, .. } => {
            say!(
                l,
                "契約{contract}の解約申込書の到達を認めない",
                "decline the arrival of the cancellation form for contract {contract}"
            )
        }
        Act::OrderErasure { contract } => {
            say!(
                l,
                "契約{contract}の資料の消去を指示する",
                "order the erasure for contract {contract}"
            )
        }
        Act::VerifyTakeover { contract } => {
            say!(
                l,
                "引き継いだ契約{contract}の内容を確認済みとする",
                "mark the taken-over contract {contract} as verified"
            )
        }
        Act::ConfirmErasure { contract } => {
            say!(
                l,
                "契約{contract}の資料の消去を承認する",
                "confirm the erasure for contract {contract}"
            )
        }
        correction if correction.is_correction() => correction::correction(correction, l),
        Act::Propose { act: inner } => {
            let inner = self::act(inner, l);
            say!(l, "起案：{inner}", "proposed: {inner}")
        }
        Act::Approve { act: inner, .. } => {
            let inner = self::act(inner, l);
            say!(l, "承認：{inner}", "approved: {inner}")
        }
        Act::Decline { act: inner, .. } => {
            let inner = self::act(inner, l);
            say!(l, "却下：{inner}", "declined: {inner}")
        }
        other => other.name().to_owned(),
    }
}

/// Entries from before there were proposals name the proposer themselves.
fn proposer(person: &str, l: Reader) -> String {
    match person {
        "" => String::new(),
        person => say!(l, "、起案 {person}", ", proposed by {person}"),
    }
}
