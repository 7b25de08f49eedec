//! Articles 19, 38-1(2) and 41-8: what follows when a contract has ended.

use reckon::Period;
use terms::Effective;

use crate::declare::prelude::*;
use crate::service::minimum_term::EndCause;

/// 41-8: the last day of the secrecy duty, counted from the day after the end.
pub fn secrecy_until(terms: &Effective, ended_on: Day) -> Day {
    let first = Period::days(ended_on, 2).last_day();
    Period::months(first, 12 * terms.rules.secrecy_years).last_day()
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
