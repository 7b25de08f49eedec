//! 24-2, 25-1b: money that is held: set off, or returned.

use crate::declare::prelude::*;
use crate::money::payment::owed;
use crate::who::roles::Role::{Billing, ContractApprover, Legal};

pub(crate) const OFFSET: Rule =
    Rule::new("offset", 1, "仮受金との相殺", "set-off against money held")
        .clauses(&["25-1b"])
        .readings(&["A-50"])
        .parameters(&["overpayment.return"]);
pub(crate) const RETURN_OF_HELD: Rule =
    Rule::new("return_of_held", 1, "仮受金の返還", "return of money held")
        .clauses(&["24-2"])
        .readings(&["A-50"])
        .parameters(&["overpayment.return"]);

/// Money held was transferred back to the customer.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct HeldReturned {
    pub on: Day,
    pub amount: Yen,
    /// Of the transfer, as the bank names it.
    pub reference: String,
}

impl Entry for HeldReturned {
    const NAME: &'static str = "held_returned";
    const CLAUSES: &'static [&'static str] = &["24-2"];
    const TITLE: Words = Words::new("仮受金の返還の実施", "money held returned");
    const BY: Option<Permission> = Some(Permission::RegisterMoney);
    const DOOR: Option<Door> = Some(
        Door::of(
            Of::Customer,
            Words::new(
                "承認された返還の振込を終えてから登録します。この登録で、返還の作業が終わります。",
                "Registered once the approved return has been transferred; it ends the task of the return.",
            ),
        )
        .offer("仮受金を返還した", "money held was returned")
        .asks(&[
            Field::past_day("on", "振り込んだ日", "Transferred on"),
            Field::yen("amount", "金額（円）", "Amount (yen)"),
            Field::line("reference", "振込の番号", "Number of the transfer").hint(
                "銀行の受付番号など、あとで探せる名前。",
                "As the bank names it, or another name by which it is found again.",
            ),
        ])
        .on("on")
        .here(to_return),
    );

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Money(None), Reach::LeftOver]
    }

    fn line(&self, l: Reader) -> String {
        let HeldReturned { on, amount, reference } = self;
        let amount = yen(*amount, l);
        say!(
            l,
            "仮受金{amount}を{on}に振込で返還（{reference}）",
            "{amount} held transferred back on {on} ({reference})"
        )
    }
}

/// What is held of the customer's money, and how much of it is to go back.
fn to_return(asked: &Asked, _: &str, l: Reader) -> Here {
    let (held, approved) = (asked.state.held, asked.state.to_return);
    let here = Here::offered(approved.is_positive());
    let here = if approved.is_positive() { here.first("amount", approved) } else { here };
    let (held, approved) = (yen(held, l), yen(approved, l));
    here.note(say!(
        l,
        "預かっている額 {held}、うち返還を承認済み {approved}",
        "{held} held, of which {approved} is approved for return"
    ))
}

/// Money held (仮受金) is set off against a receivable.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OffsetHeld {
    pub number: String,
    pub amount: Yen,
}

impl Entry for OffsetHeld {
    const NAME: &'static str = "offset_held";
    const CLAUSES: &'static [&'static str] = &["25-1b"];
    const TITLE: Words = Words::new("仮受金との相殺", "money held set off");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Money(None), Reach::Invoice(&self.number), Reach::LeftOver]
    }

    fn line(&self, l: Reader) -> String {
        let OffsetHeld { number, .. } = self;
        let sum = yen(self.amount, l);
        say!(
            l,
            "仮受金{sum}を請求書{number}と相殺する",
            "set {sum} of money held off against invoice {number}"
        )
    }
}

impl Deed for OffsetHeld {
    const DOERS: &'static [Role] = &[Billing, ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        Some(self.amount)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let mut findings = held(asked.state, self.amount);
        findings.extend(owed(asked.state, &self.number, self.amount));
        Ok(findings)
    }
}

/// money held is to be transferred back. The transfer is a fact.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ReturnHeld {
    pub amount: Yen,
}

impl Entry for ReturnHeld {
    const NAME: &'static str = "return_held";
    const CLAUSES: &'static [&'static str] = &["24-2"];
    const TITLE: Words = Words::new("仮受金の返還", "return of money held");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let sum = yen(self.amount, l);
        say!(l, "仮受金{sum}を返還する", "return {sum} of money held")
    }
}

impl Deed for ReturnHeld {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[Billing];
    const SECOND: Second = Second::Correction;

    fn amount(&self) -> Option<Yen> {
        Some(self.amount)
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(held(asked.state, self.amount))
    }
}

/// 24-2: no more is set off or returned than is held and not promised.
pub(crate) fn held(state: &AccountState, amount: Yen) -> Vec<Finding> {
    let free = state.held - state.to_return;
    if amount > free {
        vec![Finding::blocking("24-2", "not_so_much_held", free)]
    } else {
        Vec::new()
    }
}
