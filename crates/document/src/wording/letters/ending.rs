//! Letters of Articles 15, 16 and 19: how a contract comes to its end.

use contract::ending::erasure::ErasedClass;
use contract::road::stated::{Circumstance, Counted};
use reckon::{Day, Moment, Month, Yen};
use serde::Serialize;

use super::frame::{Addressee, Letter, LetterText, PLAIN, Signature, TO_CUSTOMER, cited};
use crate::wording::Language;
use crate::wording::figures::{written_day, yen};
use crate::wording::names::{erased, ground};

/// 受領通知 of a cancellation form (15-1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CancellationReceiptLetter {
    pub to: Addressee,
    pub from: Signature,
    pub contract: String,
    pub arrived_at: Moment,
    pub desired: Option<Day>,
    pub effective: Day,
    /// True when the terms put another day in place of the desired one (15-1b).
    pub deemed: bool,
    /// How the business days were counted.
    pub counted: Counted,
    /// What was unpaid on arrival (15-3), and its late interest if paid that day.
    pub unpaid: Yen,
    pub interest: Yen,
    /// The last day of the month, where the deemed day is earlier: its fee is owed
    /// in full, so the customer may have the rest of it.
    pub month_end: Option<Day>,
}

/// 解除通知 of the provider (16-1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TerminationLetter {
    pub to: Addressee,
    pub from: Signature,
    pub contract: String,
    /// `16-1(2)`.
    pub ground: String,
    /// What the ground rests on.
    pub circumstances: Vec<Circumstance>,
    /// A later end; none when the contract ends as this mail is sent (3-2).
    pub on: Option<Day>,
    /// What was unpaid when it was decided, and its late interest if paid that day.
    pub unpaid: Yen,
    pub interest: Yen,
    pub interest_to: Day,
    /// 16-2.
    pub payable_by: Day,
}

/// 13-1b: the provider does not extend the contract.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NonRenewalLetter {
    pub to: Addressee,
    pub from: Signature,
    pub contract: String,
    pub expiry: Day,
}

/// Goes with a 消去証明書 (19-2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErasureLetter {
    pub to: Addressee,
    pub from: Signature,
    pub contract: String,
    pub ended_on: Day,
    pub erased_on: Day,
    pub erased: Vec<ErasedClass>,
    /// What is kept, each with its reason.
    pub kept: Vec<String>,
    pub attachment: String,
}

/// 13-1b: the statement of the provider, by mail (3-2).
pub fn non_renewal_notice(data: &NonRenewalLetter) -> LetterText {
    let expiry = written_day(data.expiry);
    let month = Month::of(data.expiry);
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【通知】利用契約を更新しません（契約番号 {}）", data.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![format!(
            "利用期間の満了にあたり、当社は利用契約を延長しないことをお知らせします。利用契約は{expiry}をもって終了します（第13条第1項）。"
        )],
        records: vec![
            ("契約番号", data.contract.clone()),
            ("利用期間の満了日", expiry.clone()),
            ("最終月の料金", format!("{}年{}月分まで全額", month.year(), month.number())),
        ],
        remarks: vec!["保存されている資料が必要なときは、満了日までにお手元にお移しください。".to_owned()],
    }
    .written()
}

/// 15-1: the notice by which the cancellation comes to its day.
pub fn cancellation_receipt(data: &CancellationReceiptLetter) -> LetterText {
    let effective = written_day(data.effective);
    let month = Month::of(data.effective);
    let mut records = vec![
        ("契約番号", data.contract.clone()),
        ("申込書の到達日", written_day(data.arrived_at.day())),
        ("解除希望日", data.desired.map_or_else(|| "記載なし".to_owned(), written_day)),
        ("解除日", format!("{effective}{}", if data.deemed { "（みなし）" } else { "" })),
        ("最終月の料金", format!("{}年{}月分まで全額", month.year(), month.number())),
    ];
    if (data.unpaid + data.interest).is_positive() {
        records.push(("未払いの額", unpaid(data.unpaid)));
        records.push(("延滞利息", interest(data.interest, data.arrived_at.day())));
    }
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【受領通知】解約申込書を受領しました（契約番号 {}）", data.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            format!("解約申込書を受領しましたので、お知らせします。利用契約は{effective}をもって終了します（第15条第1項）。"),
            why_this_day(data),
        ],
        records,
        remarks: cancellation_remarks(data),
    }
    .written()
}

fn why_this_day(data: &CancellationReceiptLetter) -> String {
    let Counted { left, needed, deemed_after, .. } = data.counted;
    match (data.desired, data.deemed) {
        (Some(_), false) => "解除日は、ご希望のとおりです。".to_owned(),
        (Some(desired), true) => {
            let counted = left.map(|days| format!("{days}営業日で、"));
            format!(
                "ご希望の{}は、申込書の到達から{}必要な{needed}営業日を満たしません。そのため、到達から{deemed_after}営業日後を解除日とみなします。",
                written_day(desired),
                counted.unwrap_or_default()
            )
        }
        (None, _) => format!(
            "申込書に解除希望日の記載がありませんでしたので、到達から{deemed_after}営業日後を解除日とみなします。"
        ),
    }
}

fn cancellation_remarks(data: &CancellationReceiptLetter) -> Vec<String> {
    let mut remarks =
        vec!["解除日が月の途中でも、その月の料金は日割りになりません（第15条第2項）。".to_owned()];
    if let Some(day) = data.month_end {
        remarks.push(format!(
            "ご希望でしたら、追加の料金なしで解除日を{}に変更できます。解除日までに書面でお申し付けください。",
            written_day(day)
        ));
    }
    if (data.unpaid + data.interest).is_positive() {
        remarks.push(
            "未払いの額は、直ちにお支払いいただく必要があります（第15条第3項）。延滞利息はご入金日により変わります。"
                .to_owned(),
        );
    }
    remarks
}

/// Interest, and the day of payment for which it was worked out.
fn interest(amount: Yen, paid_on: Day) -> String {
    format!("{}（{}にお支払いの場合）", unpaid(amount), written_day(paid_on))
}

fn unpaid(amount: Yen) -> String {
    yen(amount, Language::Japanese)
}

/// 16-1: takes effect by this mail, or on the later day that it names.
pub fn termination_notice(data: &TerminationLetter) -> LetterText {
    let ground = cited(&data.ground);
    let effect = match data.on {
        Some(day) => format!("{}の終了時", written_day(day)),
        None => "このメールの送信時（第3条第2項）".to_owned(),
    };
    let mut records = vec![
        ("契約番号", data.contract.clone()),
        ("解除の根拠", ground.clone()),
        ("事情", circumstances(data)),
        ("解除の効力", effect),
    ];
    let mut remarks = vec![
        "契約の終了後は、当社からお渡しした資料を直ちに廃棄し、貴社の設備からも消去してください（第19条第1項）。"
            .to_owned(),
    ];
    if (data.unpaid + data.interest).is_positive() {
        records.push(("未払いの額", unpaid(data.unpaid)));
        records.push(("延滞利息", interest(data.interest, data.interest_to)));
        records.push(("お支払期日", format!("{}（第16条第2項）", written_day(data.payable_by))));
        remarks
            .push("延滞利息はご入金日により計算し、別にご請求します（第26条第1項）。".to_owned());
    }
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【重要】利用契約の解除について（契約番号 {}）", data.contract),
        greeting: PLAIN,
        paragraphs: vec![format!(
            "当社は{ground}に基づき、貴社との利用契約を下記のとおり解除します。"
        )],
        records,
        remarks,
    }
    .written()
}

fn circumstances(data: &TerminationLetter) -> String {
    let told = data.circumstances.iter().map(|one| match one {
        Circumstance::Arrears { number, due, outstanding } => format!(
            "請求書 {number}（支払期日 {}、未払額 {}）が支払われていないこと。",
            written_day(*due),
            unpaid(*outstanding)
        ),
        Circumstance::Recorded { on, .. } => {
            let ground = ground(&data.ground, Language::Japanese).unwrap_or("この事由");
            format!("「{ground}」に当たる事実を、{}に当社が確認したこと。", written_day(*on))
        }
    });
    told.collect::<Vec<_>>().join("\n")
}

/// 19-2: what was erased, and what is kept for which reason.
pub fn erasure_certificate_mail(data: &ErasureLetter) -> LetterText {
    let erased = |one: &ErasedClass| {
        format!("{}　{}件（{}）", erased(&one.class, Language::Japanese), one.count, one.method)
    };
    let mut records = vec![
        ("契約番号", data.contract.clone()),
        ("契約の終了日", written_day(data.ended_on)),
        ("消去日", written_day(data.erased_on)),
        ("消去したもの", data.erased.iter().map(erased).collect::<Vec<_>>().join("\n")),
    ];
    if !data.kept.is_empty() {
        records.push(("保存するもの", data.kept.join("\n")));
    }
    records.push(("添付", format!("消去証明書（{}）", data.attachment)));
    Letter {
        to: &data.to,
        from: &data.from,
        subject: format!("【消去証明書】送付のご案内（契約番号 {}）", data.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            "終了した利用契約についてお預かりした資料を消去しましたので、証明書をお送りします（第19条第2項）。"
                .to_owned(),
        ],
        records,
        remarks: Vec::new(),
    }
    .written()
}
