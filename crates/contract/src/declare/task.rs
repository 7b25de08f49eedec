//! Tasks, duties and alerts: what a person has to look at.

use crate::declare::detail;
use crate::declare::prelude::*;

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// 9-3: check the application without delay.
    ReviewApplication,
    /// 9-2b: the customer's paper form.
    PaperForm,
    /// 9-5: send the order acceptance.
    OrderAcceptance,
    /// Suspend or resume upstream by hand.
    SuspendUpstream,
    ResumeUpstream,
    /// A wished start has come: register that the use of the line began.
    RegisterStart,
    /// 15-1: a second person looks at the arrival of a cancellation form.
    ConfirmArrival,
    /// 19-1: the customer discards what it received.
    MaterialDisposal,
    /// 19-2: erase what the customer left.
    Erasure,
    /// Ask the customer whether the contract shall end with the month.
    MonthEndOffer,
    /// Transfer money held back to the customer.
    ReturnHeld,
    /// 3-1: a notice leaves on paper.
    DispatchNotice,
    /// 3-1, 10-2: a notice that came back reaches the customer in another way.
    RedeliverNotice,
    /// 16-1: the ground of a termination turned out not to have been there.
    ReviewTermination,
}

impl TaskKind {
    pub const ALL: [TaskKind; 14] = [
        TaskKind::ReviewApplication,
        TaskKind::PaperForm,
        TaskKind::OrderAcceptance,
        TaskKind::SuspendUpstream,
        TaskKind::ResumeUpstream,
        TaskKind::RegisterStart,
        TaskKind::ConfirmArrival,
        TaskKind::MaterialDisposal,
        TaskKind::Erasure,
        TaskKind::MonthEndOffer,
        TaskKind::ReturnHeld,
        TaskKind::DispatchNotice,
        TaskKind::RedeliverNotice,
        TaskKind::ReviewTermination,
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertCode {
    /// A fact names something that does not exist.
    UnknownSubject,
    /// An acceptance mail, notice or invoice was refused by the own server.
    MailRefused,
    /// The minimum term outlasts the period of use, and no rule is agreed.
    MinimumTermOutlastsPeriod,
    /// An acceptance mail left for an application that had been closed.
    FormedThoughClosed,
    /// A withdrawal after the service began: Article 15 speaks then.
    WithdrawalTooLate,
    /// The law cannot be applied to this contract.
    LawNotApplicable,
    /// A contract or invoice was taken over although it is in the record already.
    TakenOverTwice,
    /// What was taken over is not what the rules give, or its time had passed.
    TakenOverDiffers,
    /// Money was transferred back without an approved act.
    ReturnedWithoutApproval,
    /// The upstream was suspended although nobody had decided so (12-3).
    SuspendedWithoutApproval,
    /// The mail of a notice came back (3-2, 10-2).
    NoticeBounced,
    /// A suspension that was ordered is withdrawn: its ground is gone (12-3).
    SuspensionWithdrawn,
}

/// A task or duty opened; `remind_on` is a reminder, never a legal effect.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TaskOpened {
    pub task: TaskKind,
    pub about: String,
    pub remind_on: Day,
}

impl Following for TaskOpened {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let TaskOpened { task, about, remind_on } = self;
        let task = names::task(*task, l);
        say!(
            l,
            "作業を開始：{task}（{about}、督促の目安 {remind_on}）",
            "task opened: {task} ({about}, reminder on {remind_on})"
        )
    }
}

/// A task or duty is done.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TaskClosed {
    pub task: TaskKind,
    pub about: String,
}

impl Following for TaskClosed {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let TaskClosed { task, about } = self;
        let task = names::task(*task, l);
        say!(l, "作業を完了：{task}（{about}）", "task done: {task} ({about})")
    }
}

// What an alert says besides its code.
crate::details! {
    NAMED_BY: "登録 {}", "input {} names it";
    LINE_NAMED_BY: "明細 {}、登録 {}", "line {}, input {}";
    LINE_TO: "明細{}は{}まで", "line {} to {}";
    CLOSED_BEFORE: "申込を閉じた後に承諾メールが出ました",
        "the acceptance mail left after the application had been closed";
    PERIOD_OVER: "利用期間は{}に終わっています", "the period ended on {}";
    NOTIFIED_OTHERWISE: "通知した解除の日は{}、規則では{}",
        "cancellation notified for {}, the rules give {}";
    ORDERED_ON: "{}に指示", "ordered on {}";
}

/// A fact without effect, or something that a person must look at.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Alert {
    pub code: AlertCode,
    pub about: String,
    pub detail: String,
}

impl Following for Alert {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let Alert { code, about, detail } = self;
        alert(*code, about, detail, l)
    }
}

fn alert(code: AlertCode, about: &str, detail: &str, language: Reader) -> String {
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
        AlertCode::SuspensionWithdrawn => language.pick(
            "事由がなくなったための停止の指示の取り止め",
            "the order to suspend is withdrawn, its ground is gone",
        ),
        AlertCode::NoticeBounced => language.pick(
            "通知のメールの不達。効力は変わらない",
            "the mail of a notice bounced; its effect stays",
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
    let detail = detail::told(detail, DETAILS, language.into());
    say!(
        language,
        "要確認：{words}（{about}：{detail}）",
        "to be checked: {words} ({about}: {detail})"
    )
}

#[cfg(test)]
mod tests {
    use super::{DETAILS, TaskKind};
    use crate::declare::detail::told;
    use crate::declare::words::Language::{English, Japanese};

    #[test]
    fn every_detail_of_an_alert_is_told_in_japanese_and_back_in_english() {
        for detail in DETAILS {
            let stored = detail.of(&[&1, &2]);
            assert_eq!(told(&stored, DETAILS, English), stored);
            let japanese = told(&stored, DETAILS, Japanese);
            assert!(!japanese.contains(|c: char| c.is_ascii_alphabetic()), "{japanese}");
        }
        assert_eq!(told("line 1 of nothing", DETAILS, Japanese), "line 1 of nothing");
    }

    #[test]
    fn every_kind_is_listed_once_and_in_its_order() {
        // A kind that is added at the end has no place of the list.
        let last = TaskKind::ReviewTermination as usize;
        let all: Vec<_> = TaskKind::ALL.iter().map(|kind| *kind as usize).collect();
        assert_eq!(all, (0..=last).collect::<Vec<_>>());
    }
}
