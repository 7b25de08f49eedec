//! 受領通知 of a cancellation form (15-1), by which the cancellation comes to its day.

mod paper;

use contract::declare::consequence::{
    ArrivalConfirmed, CancellationDetermined, ReceiptNoticeDetermined,
};
use contract::declare::fact::ReceiptNoticeSent;
use contract::road::stated::{Counted, Receipt, UnpaidInvoice};
use contract::road::stream::{Content, Input};
use reckon::{Month, Yen};
use typeset::Document;

use crate::outgoing::determined::latest;
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReceiptNotice {
    pub contract: ContractId,
    pub effective: Day,
}

impl Outgoing for ReceiptNotice {
    const OF: Of = Of::mail(
        "receipt-",
        Words::new("解約申込書の受領通知", "receipt notice"),
        Object::Contract,
        &[Role::OrderDesk, Role::ContractApprover],
    );

    fn asked(asked: Asked<'_>) -> Option<ReceiptNotice> {
        let (contract, effective) = match asked.consequence()? {
            Consequence::CancellationDetermined(CancellationDetermined {
                contract,
                effective,
                confirm,
                ..
            // With a ground to confirm, the notice waits for the second person.
            }) if confirm.is_empty() && !notified_before(asked.input, *effective) => {
                (contract, effective)
            }
            Consequence::ArrivalConfirmed(ArrivalConfirmed { contract, effective, .. }) => {
                (contract, effective)
            }
            _ => return None,
        };
        Some(ReceiptNotice { contract: contract.clone(), effective: *effective })
    }

    fn names(&self) -> String {
        format!("{}-{}", self.contract, self.effective)
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    fn is_wanted(&self, case: &Case, _: &AccountState) -> bool {
        // Whatever form the cancellation to this day rests on.
        case.live_in(&self.contract).any(|(_, live)| {
            matches!(
                &live.consequence,
                Consequence::CancellationDetermined(CancellationDetermined { contract, effective, .. })
                    if *contract == self.contract && *effective == self.effective
            )
        })
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let ReceiptNotice { contract, effective } = self.clone();
        Some(Fact::ReceiptNoticeSent(ReceiptNoticeSent { contract, effective, message_id }))
    }
}

/// The receipt notice that a taken-over form is owed has left already.
fn notified_before(input: &Input, day: Day) -> bool {
    matches!(&input.content, Content::Fact(Fact::ContractTakenOver(taken)) if taken.has_notified(day))
}

impl Letter for ReceiptNotice {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let ReceiptNotice { contract: id, effective } = self;
        let reached = desk.reach(id).await?;
        let found = latest(desk.case, id, |consequence| match consequence {
            Consequence::ReceiptNoticeDetermined(ReceiptNoticeDetermined { notice })
                if notice.contract == *id && notice.effective == *effective =>
            {
                Some(notice.as_ref())
            }
            _ => None,
        });
        let notice = found.ok_or_else(|| {
            EngineError::Refused(sentence!(
                "契約{id}に通知すべき解約はありません。",
                "{id} has no cancellation to notify",
            ))
        })?;
        let paper =
            paper::receipt_notice(desk.sender(), desk.case, notice, reached.recipient(), desk.at);
        let name = format!("解約申込書受領通知書_{id}.pdf");
        Ok(reached.draft(text(notice)).with(name, Document::ReceiptNotice(paper)))
    }
}

pub(super) fn text(notice: &Receipt) -> Wording {
    let effective = written_day(notice.effective);
    let month = Month::of(notice.effective);
    let mut records = vec![
        ("契約番号", notice.contract.to_string()),
        ("申込書の到達日", written_day(notice.arrived_on)),
        ("解除希望日", notice.desired.map_or_else(|| "記載なし".to_owned(), written_day)),
        ("解除日", format!("{effective}{}", if notice.deemed { "（みなし）" } else { "" })),
        ("最終月の料金", format!("{}年{}月分まで全額", month.year(), month.number())),
    ];
    let mut remarks =
        vec!["解除日が月の途中でも、その月の料金は日割りになりません（第15条第2項）。".to_owned()];
    if let Some(day) = notice.month_end {
        remarks.push(format!(
            "ご希望でしたら、追加の料金なしで解除日を{}に変更できます。解除日までに書面でお申し付けください。",
            written_day(day)
        ));
    }
    // 15-3, and the late interest if paid on the day of arrival.
    if let Some(unpaid) = unpaid(&notice.unpaid, notice.arrived_on) {
        records.extend(unpaid);
        remarks.push(
            "未払いの額は、直ちにお支払いいただく必要があります（第15条第3項）。延滞利息はご入金日により変わります。"
                .to_owned(),
        );
    }
    Wording {
        subject: format!("【受領通知】解約申込書を受領しました（契約番号 {}）", notice.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            format!(
                "解約申込書を受領しましたので、お知らせします。利用契約は{effective}をもって終了します（第15条第1項）。"
            ),
            why_this_day(notice),
        ],
        records,
        remarks,
    }
}

fn why_this_day(notice: &Receipt) -> String {
    let Counted { left, needed, deemed_after, .. } = notice.counted;
    match (notice.desired, notice.deemed) {
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

/// What was unpaid, and its late interest if it is paid on a day; nothing where nothing was.
pub(super) fn unpaid(
    invoices: &[UnpaidInvoice],
    paid_on: Day,
) -> Option<[(&'static str, String); 2]> {
    let outstanding: Yen = invoices.iter().map(|debt| debt.outstanding).sum();
    let interest: Yen = invoices.iter().map(|debt| debt.interest).sum();
    let amount = |amount| yen(amount, Language::Japanese);
    let late = format!("{}（{}にお支払いの場合）", amount(interest), written_day(paid_on));
    (outstanding + interest)
        .is_positive()
        .then(|| [("未払いの額", amount(outstanding)), ("延滞利息", late)])
}
