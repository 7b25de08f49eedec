//! Names of the things that sentences speak about.

use terms::{ConfirmGround, ListRow};

use crate::application::checks::{CheckKind, CheckResult};
use crate::declare::task::TaskKind;
use crate::declare::words::Language;
use crate::ending::renewal::Side;
use crate::money::invoice::{ChargeKind, InvoiceKind};
use crate::notices::notice::Channel;
use crate::registered::filing::DocumentKind;
use crate::registered::parties::RegisteredItem;
use crate::service::minimum_term::EndCause;

pub fn channel(channel: Channel, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match channel {
        Channel::Email => language.pick("電子メール", "mail"),
        Channel::Homepage => language.pick("ホームページ", "the homepage"),
        Channel::Paper => language.pick("書面", "paper"),
        Channel::Portal => language.pick("ポータル", "the portal"),
        Channel::Other => language.pick("その他の方法", "another channel"),
    }
}

pub fn task(task: TaskKind, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match task {
        TaskKind::ReviewApplication => language.pick("申込の審査", "review the application"),
        TaskKind::PaperForm => language.pick("紙の申込書の受領", "receive the paper form"),
        TaskKind::OrderAcceptance => language.pick("申込請書の送付", "send the order acceptance"),
        TaskKind::SuspendUpstream => {
            language.pick("提供停止の作業", "suspend the service upstream")
        }
        TaskKind::RegisterStart => {
            language.pick("提供開始の登録", "register the start of the service")
        }
        TaskKind::ResumeUpstream => language.pick("提供再開の作業", "resume the service upstream"),
        TaskKind::ConfirmArrival => {
            language.pick("解約申込書の到達の確認", "confirm the arrival of the cancellation form")
        }
        TaskKind::MaterialDisposal => {
            language.pick("契約者による資料の廃棄", "disposal of materials by the customer")
        }
        TaskKind::MonthEndOffer => {
            language.pick("月末までの利用の意向確認", "ask whether to end with the month")
        }
        TaskKind::ReturnHeld => language.pick("仮受金の振込による返還", "transfer money held back"),
        TaskKind::DispatchNotice => language.pick("通知の書面の発送", "send a notice on paper"),
        TaskKind::RedeliverNotice => {
            language.pick("届かなかった通知の再送", "deliver a notice that went astray")
        }
        TaskKind::ReviewTermination => {
            language.pick("事由のなくなった解除の見直し", "review a termination without its ground")
        }
        TaskKind::Erasure => language.pick("契約者の資料の消去", "erase what the customer left"),
    }
}

pub fn end_cause(cause: EndCause, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match cause {
        EndCause::Expiry => language.pick("期間満了", "expiry"),
        EndCause::CustomerCancellation => {
            language.pick("契約者からの解除", "cancellation by the customer")
        }
        EndCause::ProviderTermination => {
            language.pick("当社からの解除", "termination by the provider")
        }
        EndCause::Discontinuation => language.pick("サービスの廃止", "abolition of the service"),
        EndCause::UserBreach => language.pick("認定利用者の違反", "breach by an authorised user"),
        EndCause::Withdrawal => {
            language.pick("利用開始前の撤回", "withdrawal before the service began")
        }
    }
}

pub fn invoice_kind(kind: InvoiceKind, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match kind {
        InvoiceKind::Fee => language.pick("利用料金", "fees"),
        InvoiceKind::EarlyTermination => {
            language.pick("最低利用期間の残余分", "remaining minimum-term charge")
        }
        InvoiceKind::LateInterest => language.pick("延滞利息", "late interest"),
        InvoiceKind::CostRecovery => language.pick("準備等の費用", "costs of preparation"),
    }
}

pub fn charge_kind(kind: ChargeKind, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match kind {
        ChargeKind::MonthlyFee => language.pick("月額料金", "monthly fee"),
        ChargeKind::Usage => language.pick("従量料金", "usage fee"),
        ChargeKind::EarlyTermination | ChargeKind::LateInterest | ChargeKind::CostRecovery => {
            invoice_kind(kind.invoice_kind(), language)
        }
    }
}

pub fn side(side: Side, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match side {
        Side::Customer => language.pick("契約者", "the customer"),
        Side::Provider => language.pick("当社", "the provider"),
    }
}

pub fn check(kind: CheckKind, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match kind {
        CheckKind::AntiSocial => {
            language.pick("反社会的勢力の確認", "check for anti-social forces")
        }
        CheckKind::Credit => language.pick("与信の確認", "credit check"),
    }
}

pub fn check_result(result: CheckResult, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match result {
        CheckResult::Passed => language.pick("問題なし", "passed"),
        CheckResult::Conditional => language.pick("条件付きで問題なし", "passed under conditions"),
        CheckResult::Failed => language.pick("問題あり", "failed"),
    }
}

/// Why a second person looks at an arrival (15-1, 30-1).
pub fn confirm_ground(ground: ConfirmGround, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match ground {
        ConfirmGround::BackDated => language.pick("登録より前の到達", "arrived before its entry"),
        ConfirmGround::Deemed => language.pick("みなし解除日", "deemed day"),
        ConfirmGround::LabelZone => {
            language.pick("数え方により結論が分かれる", "ways of counting disagree")
        }
        ConfirmGround::OtherSigner => {
            language.pick("利用責任者以外の署名", "signed by somebody else")
        }
    }
}

/// A class of what a contract left, as 19-2 erases it.
pub fn erased(class: &str, language: impl Into<Language>) -> &str {
    let language = language.into();
    match class {
        "contact" => language.pick("担当者の連絡先", "contacts"),
        "own_user" => language
            .pick("お客様の利用者の氏名と連絡先", "names and addresses of the customer's users"),
        "application_file" => language.pick("申込書の原本", "application forms"),
        "usage_detail" => language.pick("利用明細・ログ", "usage records and logs"),
        "file" => language.pick("お預かりした資料", "materials left with us"),
        "mail" => language.pick("お問い合わせの記録", "records of inquiries"),
        other => other,
    }
}

/// What is registered of the customer (10-1).
pub fn registered(item: RegisteredItem, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match item {
        RegisteredItem::Company => language.pick("商号・所在地等", "company"),
        RegisteredItem::BillTo => language.pick("請求先", "addressee of invoices"),
        RegisteredItem::Payers => language.pick("支払名義", "payers' names"),
        RegisteredItem::ResponsiblePerson => language.pick("利用責任者", "responsible person"),
        RegisteredItem::Contact => language.pick("連絡先", "contact"),
    }
}

/// What a paper is.
pub fn document(kind: DocumentKind, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match kind {
        DocumentKind::Quotation => language.pick("見積書", "quotation"),
        DocumentKind::PurchaseOrder => language.pick("発注書", "purchase order"),
        DocumentKind::ApplicationForm => language.pick("申込書", "application form"),
        DocumentKind::OrderAcceptance => language.pick("申込請書", "order acceptance"),
        DocumentKind::Agreement => language.pick("契約書・覚書", "agreement"),
        DocumentKind::ChangeNotice => language.pick("登録内容の変更届", "notice of a change"),
        DocumentKind::CancellationForm => language.pick("解約申込書", "cancellation form"),
        DocumentKind::Invoice => language.pick("請求書", "invoice"),
        DocumentKind::CreditNote => language.pick("返還請求書", "credit note"),
        DocumentKind::CheckReport => language.pick("調査報告", "report of a check"),
        DocumentKind::Letter => language.pick("通知・書簡", "letter"),
        DocumentKind::Other => language.pick("その他の書類", "other document"),
    }
}

/// What a right allows, by the clause that gives it.
pub fn right(clause: &str, language: impl Into<Language>) -> &'static str {
    let language = language.into();
    match clause {
        "12-3" => language.pick("提供停止", "suspension"),
        _ if clause.starts_with("16-1") => language.pick("解除", "termination"),
        _ => language.pick("その他の措置", "another measure"),
    }
}

/// A ground, in our own words: what a list of the terms has, and those that stand alone.
pub fn ground(clause: &str, language: impl Into<Language>) -> Option<&'static str> {
    let alone = match clause {
        "12-3" => Some(("未払い等による提供停止", "suspension for non-payment or breach")),
        "32-3b" => Some((
            "当社の故意・過失による第三者の利用",
            "use by others through a fault of the provider",
        )),
        _ => None,
    };
    let row = || ListRow::of(clause).map(|row| (row.ja.as_str(), row.en.as_str()));
    let (ja, en) = alone.or_else(row)?;
    Some(language.into().pick(ja, en))
}

/// `9-10(2) 申込書の虚偽・誤記・記入もれ`, or the clause alone.
pub fn clause_and_ground(clause: &str, language: impl Into<Language>) -> String {
    let language = language.into();
    match ground(clause, language) {
        Some(words) => format!("{clause} {words}"),
        None => clause.to_owned(),
    }
}
