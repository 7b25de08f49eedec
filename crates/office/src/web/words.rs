//! The Japanese names of states, kinds and roles, with their tone.

use contract::PersonRole;
use contract::declare::task::TaskKind;
use contract::money::invoice::InvoiceKind;
use contract::service::minimum_term::EndCause;
use contract::who::roles::Role;
use document::wording::Language;
use engine::{Effect, OutboxState};
use reckon::Day;
use serde::Serialize;
use serde_json::Value;

use super::parts::{Chip, Tone};
use super::rows::InvoiceRow;
use crate::access::NoLink;

/// The stored word of a state, as read models and the API have it.
pub fn word(state: &impl Serialize) -> String {
    let value = serde_json::to_value(state).expect("plain data");
    value.as_str().unwrap_or_default().to_owned()
}

pub fn contract_status(word: &str) -> Chip<'static> {
    match word {
        "formed" => Chip("成立", Tone::Plain),
        "active" => Chip("継続中", Tone::Good),
        "expiry_scheduled" => Chip("満了予定", Tone::Watch),
        "cancellation_requested" => Chip("解約申込あり", Tone::Watch),
        "cancellation_scheduled" => Chip("解除予定", Tone::Watch),
        "ended" => Chip("終了", Tone::Off),
        "erased" => Chip("終了・消去済み", Tone::Off),
        _ => Chip("不明", Tone::Bad),
    }
}

/// In the order of a contract's life.
pub const CONTRACT_STATUSES: [&str; 7] = [
    "formed",
    "active",
    "expiry_scheduled",
    "cancellation_requested",
    "cancellation_scheduled",
    "ended",
    "erased",
];

pub fn provision(word: &str) -> Chip<'static> {
    match word {
        "not_started" => Chip("開始前", Tone::Plain),
        "in_service" => Chip("提供中", Tone::Good),
        "suspended" => Chip("提供停止中", Tone::Bad),
        "ended" => Chip("提供終了", Tone::Off),
        _ => Chip("不明", Tone::Bad),
    }
}

pub fn application_status(word: &str) -> Chip<'static> {
    match word {
        "received" => Chip("受付", Tone::Watch),
        "accepting" => Chip("承諾メール送信待ち", Tone::Plain),
        "formed" => Chip("成立", Tone::Good),
        "refused" => Chip("不承諾", Tone::Off),
        "withdrawn" => Chip("撤回", Tone::Off),
        "withdrawn_after_formation" => Chip("成立後の撤回", Tone::Off),
        _ => Chip("不明", Tone::Bad),
    }
}

/// In the order of an application's life.
pub const APPLICATION_STATUSES: [&str; 6] =
    ["received", "accepting", "formed", "refused", "withdrawn", "withdrawn_after_formation"];

pub fn invoice_state(invoice: &InvoiceRow, today: Day) -> Chip<'static> {
    invoice_state_of(invoice_state_word(invoice, today))
}

/// As the filter of the list names them.
pub const INVOICE_STATES: [&str; 5] = ["open", "partly_paid", NOT_DUE, "overdue", "paid"];

/// Open or partly paid, and in time.
pub const NOT_DUE: &str = "not_due";

pub fn invoice_state_word(invoice: &InvoiceRow, today: Day) -> &'static str {
    if !invoice.outstanding.is_positive() {
        "paid"
    } else if invoice.due < today {
        "overdue"
    } else if invoice.outstanding < invoice.total {
        "partly_paid"
    } else {
        "open"
    }
}

pub fn invoice_state_of(word: &str) -> Chip<'static> {
    match word {
        "paid" => Chip("入金済み", Tone::Good),
        "overdue" => Chip("期限超過", Tone::Bad),
        "partly_paid" => Chip("一部入金", Tone::Watch),
        "open" => Chip("請求中", Tone::Plain),
        NOT_DUE => Chip("期限前の未収", Tone::Plain),
        _ => Chip("不明", Tone::Bad),
    }
}

pub fn invoice_kind(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::Fee => "利用料金",
        InvoiceKind::EarlyTermination => "最低利用期間の残余分",
        InvoiceKind::LateInterest => "延滞利息",
        InvoiceKind::CostRecovery => "準備等の費用",
    }
}

pub fn end_cause(cause: EndCause) -> &'static str {
    match cause {
        EndCause::Expiry => "期間満了",
        EndCause::CustomerCancellation => "契約者からの解除",
        EndCause::ProviderTermination => "当社からの解除",
        EndCause::Discontinuation => "サービスの廃止",
        EndCause::UserBreach => "認定利用者の違反",
        EndCause::Withdrawal => "利用開始前の撤回",
    }
}

pub fn task(task: TaskKind) -> &'static str {
    match task {
        TaskKind::ReviewApplication => "申込の審査",
        TaskKind::PaperForm => "紙の申込書の受領",
        TaskKind::OrderAcceptance => "申込請書の送付",
        TaskKind::SuspendUpstream => "提供停止の作業",
        TaskKind::ResumeUpstream => "提供再開の作業",
        TaskKind::RegisterStart => "提供開始の登録",
        TaskKind::ConfirmArrival => "解約申込書の到達の確認",
        TaskKind::MaterialDisposal => "契約者による資料の廃棄",
        TaskKind::MonthEndOffer => "月末までの利用の意向確認",
        TaskKind::ReturnHeld => "仮受金の振込による返還",
        TaskKind::DispatchNotice => "通知の書面の発送",
        TaskKind::RedeliverNotice => "届かなかった通知の再送",
        TaskKind::ReviewTermination => "事由のなくなった解除の見直し",
        TaskKind::Erasure => "契約者の資料の消去",
    }
}

/// What a right allows, by the clause that gives it.
pub fn right(clause: &str) -> &'static str {
    match clause {
        "12-3" => "提供停止",
        _ if clause.starts_with("16-1") => "解除",
        _ => "その他の措置",
    }
}

/// The unit of a price; what is written in Latin letters stays.
pub fn unit(unit: &str) -> &str {
    match unit {
        "month" => "か月",
        "day" => "日",
        "hour" => "時間",
        "minute" => "分",
        other => other,
    }
}

/// What somebody is registered for.
pub fn contact_role(role: PersonRole) -> &'static str {
    match role {
        PersonRole::ResponsiblePerson => "利用責任者",
        PersonRole::Billing => "請求先の担当者",
        PersonRole::Technical => "技術担当",
        PersonRole::Emergency => "緊急連絡先",
    }
}

pub fn role(role: Role) -> &'static str {
    match role {
        Role::Applicant => "利用申込者",
        Role::CustomerAdministrator => "利用責任者",
        Role::CustomerStaff => "契約者の担当者",
        Role::AuthorisedUser => "認定利用者",
        Role::OrderDesk => "申込窓口",
        Role::ContractApprover => "契約の承認",
        Role::Billing => "請求",
        Role::Collections => "債権",
        Role::Operations => "運用",
        Role::SuspensionApprover => "停止・解除の承認",
        Role::PrivacyOfficer => "個人情報の管理",
        Role::Security => "セキュリティ",
        Role::Support => "サポート",
        Role::Legal => "法務",
        Role::Publisher => "規約・料金の公表",
        Role::Subcontractor => "再委託先",
        Role::Auditor => "監査",
        Role::Administrator => "システム管理",
        Role::System => "システム",
    }
}

pub fn outbox_state(state: OutboxState) -> Chip<'static> {
    match state {
        OutboxState::Refused => Chip("拒否・中止", Tone::Bad),
        OutboxState::ByHand => Chip("手作業待ち", Tone::Watch),
        OutboxState::Held => Chip("人の確認待ち", Tone::Bad),
        OutboxState::Waiting => Chip("待機", Tone::Plain),
        OutboxState::Performing => Chip("実行中", Tone::Plain),
        OutboxState::Done => Chip("完了", Tone::Good),
        OutboxState::Settled => Chip("対応済み", Tone::Plain),
    }
}

/// What an effect of the outbox is, by its stored payload.
pub fn effect(payload: &Value) -> &'static str {
    let read = serde_json::from_value::<Effect>(payload.clone());
    read.map_or("その他", |effect| effect.title(Language::Japanese))
}

pub fn modality(word: &str) -> &'static str {
    match word {
        "computation" => "計算",
        "condition" => "条件",
        "deeming" => "みなし",
        "definition" => "定義",
        "disclaimer" => "免責",
        "display" => "表示",
        "duty_of_both" => "双方の義務",
        "duty_of_customer" => "契約者の義務",
        "duty_of_provider" => "当社の義務",
        "notice" => "通知",
        "procedure" => "手続",
        "prohibition" => "禁止",
        "right_of_customer" => "契約者の権利",
        "right_of_provider" => "当社の権利",
        _ => "その他",
    }
}

/// Why there is no link for somebody, and what to do instead.
pub fn no_link(why: NoLink) -> &'static str {
    match why {
        NoLink::NotHere => "その利用者はいないか、退任しています。一覧から選んでください。",
        NoLink::Program => "プログラムは API キーで利用します。「API キー」で作ってください。",
        NoLink::Own => {
            "自分のパスワードは「自分のアカウント」で、今のパスワードを使って変更してください。"
        }
        NoLink::Asked => "すでに求められています。もう一人の管理者が発行して本人に渡します。",
        NoLink::NoAdministrator => "リンクを求められるのは管理者だけです。",
        NoLink::NotForTheMachine => "管理者二人で発行できます。",
    }
}
