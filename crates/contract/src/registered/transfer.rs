//! 5-1: the contract passes to somebody else only with the provider's written consent
//! (書面による承諾), given before.

use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::road::unfold::Unfolding;
use crate::who::roles::Role::{ContractApprover, Legal, OrderDesk};

pub(crate) const TRANSFER: Rule = Rule::new("transfer", 1, "契約の譲渡", "transfer of a contract")
    .clauses(&["5-1"])
    .readings(&["A-76"])
    .parameters(&["assignment.consent_form"]);
pub(crate) const TRANSFER_BREACH: Rule =
    Rule::new("transfer_breach", 1, "承諾のない譲渡", "transfer without consent")
        .clauses(&["5-1"])
        .readings(&["A-76"]);

/// 5-1: the contract passes to another company, on the provider's written consent.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TransferContract {
    pub contract: ContractId,
    /// The company to which it passes, by its name.
    pub to: String,
    /// The first day on which it is the party.
    pub from: Day,
    /// The paper with the consent, and the day on which it was given.
    pub consent: String,
    pub consented_on: Day,
}

impl Entry for TransferContract {
    const NAME: &'static str = "transfer_contract";
    const CLAUSES: &'static [&'static str] = &["5-1"];
    const TITLE: Words = Words::new("契約の譲渡", "transfer of a contract");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "当社の書面による承諾を得て、契約を別の会社に移すことを、承認する人に諮ります。",
            "Puts before whoever approves it that the contract passes to another company on the provider's written consent.",
        )
        .offer("契約の譲渡を起案", "propose a transfer")
        .verb("譲渡を起案する", "Propose the transfer")
        .asks(&[
            Field::line("to", "譲り受ける会社", "Company to which it passes"),
            Field::day("from", "譲渡の日", "First day as the party"),
            Field::line("consent", "承諾書の番号", "Paper with the consent"),
            Field::past_day("consented_on", "承諾の日", "Day of the consent"),
        ])
        .reason_owed()
        .here(|asked, id, _| {
            let here = Here::going_on(asked, id);
            Here { offered: here.offered && !is_transferred(asked, id), ..here }
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let TransferContract { contract, to, from, consent, consented_on } = self;
        say!(
            l,
            "契約{contract}を{from}から{to}に譲渡する（{consented_on}付の承諾書 {consent}）",
            "transfer contract {contract} to {to} from {from} (consent of {consented_on}: {consent})"
        )
    }
}

impl Deed for TransferContract {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];
    const PROPOSERS: &'static [Role] = &[OrderDesk, ContractApprover, Legal];
    const SECOND: Second = Second::Proposed;
    const VOIDABLE: bool = true;

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let block = |code: &str, about: &dyn ToString| {
            vec![Finding::blocking("5-1", code, about.to_string())]
        };
        let passed = is_transferred(asked, &self.contract.0);
        Ok(asked.of_contract(&self.contract, |contract| match () {
            () if contract.is_over() => block("contract_ended", &self.contract),
            () if passed => block("already_transferred", &self.contract),
            () if self.consent.trim().is_empty() => block("no_written_consent", &self.to),
            () if self.consented_on > self.from => block("consent_too_late", &self.consented_on),
            () if self.consented_on > asked.at.day() => block("in_the_future", &self.consented_on),
            () => Vec::new(),
        }))
    }
}

/// Whether a transfer of it was done already.
fn is_transferred(asked: &Asked, id: &str) -> bool {
    let mut done = asked.case.in_force().acts::<TransferContract>();
    done.any(|(_, done)| done.contract.0 == id)
}

/// 5-1: the customer passed the contract on, or a right or duty of it, without consent.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TransferredWithoutConsent {
    pub contract: ContractId,
    pub to: String,
    pub on: Day,
    /// What shows it.
    pub document: String,
}

impl Entry for TransferredWithoutConsent {
    const NAME: &'static str = "transferred_without_consent";
    const CLAUSES: &'static [&'static str] = &["5-1"];
    const TITLE: Words = Words::new("承諾のない譲渡の発覚", "transfer without consent found");
    const BY: Option<Permission> = Some(Permission::RegisterJudgement);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "契約やその権利義務が承諾なく譲渡されたと分かったことを、契約違反として記録します。停止や解除には、別に事由の判断が要ります。",
            "The contract, or a right or duty of it, was passed on without consent: recorded as a breach. Suspension or termination takes a judgement of its own.",
        )
        .offer("承諾のない譲渡を記録", "transfer without consent")
        .asks(&[
            Field::line("to", "譲り受けた者", "To whom"),
            Field::past_day("on", "譲渡の日", "Day of the transfer"),
            Field::document("裏付けの文書", "What shows it"),
        ])
        .reason_owed()
        .here(|asked, id, _| Here::going_on(asked, id)),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let TransferredWithoutConsent { contract, to, on, document } = self;
        say!(
            l,
            "契約{contract}が承諾なく{on}に{to}へ譲渡されたと判明（根拠資料 {document}）",
            "contract {contract} was found to have been transferred to {to} on {on} without consent (shown by {document})"
        )
    }
}

/// 5-1: the contract has another party from this day on.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContractTransferred {
    pub contract: ContractId,
    pub to: String,
    pub from: Day,
}

impl Following for ContractTransferred {
    fn line(&self, l: Reader) -> String {
        let ContractTransferred { to, from, .. } = self;
        say!(l, "契約は{from}から{to}に移転", "the contract has passed to {to} from {from}")
    }
}

/// 5-1: a breach. What follows of it (12-3, 16-1(7)) takes a judgement of its own.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TransferBreached {
    pub contract: ContractId,
    pub to: String,
    pub on: Day,
}

impl Following for TransferBreached {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let TransferBreached { to, on, .. } = self;
        say!(
            l,
            "承諾のない{to}への譲渡（{on}）を契約違反として記録",
            "transfer to {to} on {on} without consent recorded as a breach"
        )
    }
}

impl Unfolding<'_> {
    pub(crate) fn transfers(&mut self, id: &ContractId) {
        for (happening, agreed) in self.acts_of::<TransferContract>(id) {
            let TransferContract { contract, to, from, .. } = agreed.clone();
            let end = self.state.contracts.get(&contract).and_then(|known| known.end.as_ref());
            // A contract that ends before passes to nobody.
            if end.is_some_and(|end| end.on < from) {
                continue;
            }
            let at = happening.occurred_at.max(Moment::start_of(from));
            let terms = self.terms(happening.occurred_at, &[], &contract.0);
            let because = Because::of(&TRANSFER).fact(&happening.input).under(&terms);
            let stream = Stream::Contract(contract.clone());
            let what = ContractTransferred { contract, to, from };
            self.follow(at, stream, Consequence::ContractTransferred(what), because);
        }
        for (happening, found) in self.facts_of::<TransferredWithoutConsent>(id) {
            let TransferredWithoutConsent { contract, to, on, .. } = found.clone();
            let stream = Stream::Contract(contract.clone());
            let what = Consequence::TransferBreached(TransferBreached { contract, to, on });
            let because = Because::of(&TRANSFER_BREACH).fact(&happening.input);
            self.follow(happening.occurred_at, stream, what, because);
        }
    }
}
