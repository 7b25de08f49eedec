//! 25-2: what the customer and its bank dispute about a payment is theirs to solve. It is
//! noted on the invoice; due date, interest and the rights of 12-3 go on as they are.

use crate::declare::prelude::*;

/// 25-2: the customer told of a dispute with its bank about paying an invoice.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct PaymentDisputed {
    pub number: String,
    /// The bank, or whoever else was to pay.
    pub with: String,
    /// What the dispute is about.
    pub about: String,
    pub document: String,
}

impl Entry for PaymentDisputed {
    const NAME: &'static str = "payment_disputed";
    const CLAUSES: &'static [&'static str] = &["25-2"];
    const TITLE: Words = Words::new("決済をめぐる紛争の記録", "dispute about a payment noted");
    const BY: Option<Permission> = Some(Permission::RegisterMoney);
    const DOOR: Option<Door> = Some(
        Door::of(
            Of::Invoice("number"),
            Words::new(
                "契約者と金融機関等との間の紛争を、請求書に書き留めます。当事者の間で解決するもので、支払期日も延滞利息も停止の権利も変わりません。",
                "Notes on an invoice what the customer and its bank dispute. It is theirs to solve: due date, late interest and the right to suspend stay as they are.",
            ),
        )
        .offer("決済の紛争を記録", "note a dispute")
        .asks(&[
            Field::line("with", "相手方（金融機関等）", "With whom (a bank)"),
            Field::line("about", "紛争の内容", "What it is about"),
            Field::document("契約者からの連絡", "What the customer wrote"),
        ])
        .at("連絡が届いた日時", "When it was told")
        .here(|asked, number, _| {
            let receivable = asked.state.receivables.get(number);
            Here::offered(receivable.is_some_and(|one| one.outstanding.is_positive()))
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let PaymentDisputed { number, with, about, document } = self;
        say!(
            l,
            "請求書{number}の支払いについて{with}との紛争の連絡（{about}、{document}）",
            "dispute with {with} about paying invoice {number} ({about}, {document})"
        )
    }
}

/// 25-2: the dispute is over.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct PaymentDisputeSettled {
    pub number: String,
    pub outcome: String,
    pub document: String,
}

impl Entry for PaymentDisputeSettled {
    const NAME: &'static str = "payment_dispute_settled";
    const CLAUSES: &'static [&'static str] = &["25-2"];
    const TITLE: Words = Words::new("決済をめぐる紛争の解決", "dispute about a payment settled");
    const BY: Option<Permission> = Some(Permission::RegisterMoney);
    const DOOR: Option<Door> = Some(
        Door::of(
            Of::Invoice("number"),
            Words::new(
                "契約者と金融機関等との間の紛争が解決したことを、請求書に書き留めます。",
                "Notes on an invoice that the dispute about paying it is over.",
            ),
        )
        .offer("決済の紛争が解決した", "a dispute is settled")
        .asks(&[
            Field::line("outcome", "結果", "Outcome"),
            Field::document("契約者からの連絡", "What the customer wrote"),
        ])
        .at("連絡が届いた日時", "When it was told")
        .here(|asked, number, _| Here::offered(is_disputed(asked, number))),
    );

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let PaymentDisputeSettled { number, outcome, document } = self;
        say!(
            l,
            "請求書{number}の支払いをめぐる紛争の解決（{outcome}、{document}）",
            "dispute about paying invoice {number} settled ({outcome}, {document})"
        )
    }
}

/// More was told of disputes than of their end.
fn is_disputed(asked: &Asked, number: &str) -> bool {
    let known = asked.case.in_force();
    let told = known.facts::<PaymentDisputed>().filter(|(_, told)| told.number == number);
    let over = known.facts::<PaymentDisputeSettled>().filter(|(_, over)| over.number == number);
    told.count() > over.count()
}
