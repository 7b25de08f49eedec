//! Articles 19, 38-1(2) and 41-8: what follows when a contract has ended.

use reckon::Period;
use terms::Effective;

use crate::declare::prelude::*;
use crate::service::minimum_term::EndCause;

pub(crate) const PAYABLE_AT_ARRIVAL: Rule =
    Rule::new("payable_at_arrival", 1, "申込書到達時の未払い", "payable on arrival of the form")
        .clauses(&["15-3", "26-1"])
        .readings(&["A-24", "A-48"])
        .parameters(&["final.accelerate", "interest.rate"])
        .told_by::<InterestTo>();
pub(crate) const FINAL_SETTLEMENT: Rule =
    Rule::new("final_settlement", 1, "解除時の清算", "settlement on termination")
        .clauses(&["16-2"])
        .readings(&["A-24"])
        .parameters(&["final.accelerate"])
        .told_by::<InterestTo>();
pub(crate) const ACCOUNTS_CLOSED: Rule =
    Rule::new("accounts_closed", 1, "アカウントの閉鎖", "closing of accounts")
        .clauses(&["38-1(2)"]);
pub(crate) const SECRECY: Rule = Rule::new("secrecy", 1, "秘密保持の期間", "period of secrecy")
    .clauses(&["41-8"])
    .readings(&["A-64"])
    .parameters(&["secrecy.years"])
    .told_by::<Ended>();

/// The last day of a contract, whatever ended it.
#[derive(Serialize, Deserialize)]
pub(crate) struct LastDay {
    pub on: Day,
}

impl Told for LastDay {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let on = day(self.on, l);
        Some(vec![say!(l, "契約の最終日 {on}", "last day of the contract {on}")])
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Ended {
    pub ended_on: Day,
}

impl Told for Ended {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let ended = day(self.ended_on, l);
        let years: u32 = because.parameter("secrecy.years")?;
        Some(vec![say!(
            l,
            "契約の終了 {ended}、その翌日から{years}年",
            "contract ended {ended}: {years} years from the day after"
        )])
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct InterestTo {
    pub interest_to: Day,
}

impl Told for InterestTo {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let on = day(self.interest_to, l);
        Some(vec![say!(l, "{on}に支払うものとした利息", "interest as if paid on {on}")])
    }
}

/// The day after.
pub(crate) fn after(day: Day) -> Day {
    Period::days(day, 2).last_day()
}

/// 41-8: the last day of the secrecy duty, counted from the day after the end.
pub fn secrecy_until(terms: &Effective, ended_on: Day) -> Day {
    Period::months(after(ended_on), 12 * terms.rules.secrecy_years).last_day()
}

/// 15-3, 16-2: what is unpaid becomes payable.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct PayableNow {
    pub contract: ContractId,
    pub principal: Yen,
    pub interest: Yen,
    pub by: Day,
}

impl Following for PayableNow {
    fn line(&self, l: Reader) -> String {
        let PayableNow { principal, interest, by, .. } = self;
        let (principal, interest) = (yen(*principal, l), yen(*interest, l));
        say!(
            l,
            "未払いの元本{principal}と延滞利息{interest}の支払期日は{by}",
            "unpaid principal of {principal} and late interest of {interest} payable by {by}"
        )
    }
}

/// The contract has ended with this day.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContractEnded {
    pub contract: ContractId,
    pub on: Day,
    pub cause: EndCause,
}

impl Following for ContractEnded {
    fn line(&self, l: Reader) -> String {
        let ContractEnded { on, cause, .. } = self;
        let cause = names::end_cause(*cause, l);
        say!(l, "契約は{on}をもって終了（{cause}）", "contract ended with {on} ({cause})")
    }
}

/// 38-1(2): all accounts under the contract are closed with it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AccountsClosed {
    pub contract: ContractId,
}

impl Following for AccountsClosed {
    fn line(&self, l: Reader) -> String {
        l
            .pick(
                "契約に属するアカウントは終了。ほかに続く契約がなければ、契約者の利用者とAPIキーは以後入れない（クラウド側のアカウントはここでは管理していない）",
                "the accounts under the contract end: unless another contract goes on, the customer's people and keys come in no more (accounts in the cloud are not kept here)",
            )
            .to_owned()
    }
}

/// 41-8.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct SecrecyEnds {
    pub contract: ContractId,
    pub until: Day,
}

impl Following for SecrecyEnds {
    fn line(&self, l: Reader) -> String {
        let SecrecyEnds { until, .. } = self;
        say!(l, "秘密保持の義務は{until}まで続く", "secrecy is owed up to {until}")
    }
}
