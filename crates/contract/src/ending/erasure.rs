//! 19-1, 19-2: what the contract left is returned, destroyed, erased.

use crate::declare::prelude::*;
use crate::declare::task::TaskKind;
use crate::road::state::{ContractState, ContractStatus};
use crate::who::roles::Role::PrivacyOfficer;

pub(crate) const MATERIAL_DISPOSAL: Rule =
    Rule::new("material_disposal", 1, "契約者による資料の廃棄", "disposal by the customer")
        .clauses(&["19-1"])
        .readings(&["A-37"])
        .parameters(&["prompt.immediately_bd"]);
pub(crate) const ERASURE_DUE: Rule = Rule::new("erasure_due", 1, "消去の義務", "duty to erase")
    .clauses(&["19-2"])
    .readings(&["A-38", "A-39"])
    .parameters(&["erase.exceptions", "erase.legal_hold"]);
pub(crate) const ERASURE: Rule = Rule::new("erasure", 1, "消去", "erasure")
    .clauses(&["19-2"])
    .readings(&["A-38"])
    .parameters(&["erase.exceptions"]);

#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct ErasedClass {
    /// `contact`, `application_file`, `usage_detail`, …
    pub class: String,
    pub count: u64,
    pub method: String,
}

/// 19-1: the customer has returned or destroyed what it was lent.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MaterialDisposed {
    pub contract: ContractId,
    pub on: Day,
    pub document: String,
}

impl Entry for MaterialDisposed {
    const NAME: &'static str = "material_disposed";
    const CLAUSES: &'static [&'static str] = &["19-1"];
    const TITLE: Words = Words::new("貸与資料等の返還・廃棄", "material disposed of");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "契約者が、貸与した資料等とその複製を返還または廃棄したことを登録します。この契約の返還・廃棄の確認の作業が終わります。",
            "The customer has returned or destroyed what it was lent, and its copies. The task to see to it is done.",
        )
        .word("disposed")
        .offer("返還・廃棄を確認", "returned or destroyed")
        .asks(&[
            Field::past_day("on", "返還・廃棄の日", "Day of return or destruction"),
            Field::line("document", "確認した書面", "What shows it")
                .hint("契約者からの連絡など、あとで探せる名前。", "As a letter of the customer: a name by which it is found again."),
        ])
        .on("on")
        .here(|asked, id, _| Here::offered(asked.contract(id).is_some_and(is_left))),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let MaterialDisposed { contract, on, document } = self;
        say!(
            l,
            "契約{contract}の貸与資料等の返還・廃棄を確認（{on}、{document}）",
            "return or disposal of material of contract {contract} confirmed ({on}, {document})"
        )
    }
}

const ORDERED_BY: Words = Words::new("消去を指示した人", "ordered by");

/// Ended, and not yet erased.
fn is_left(contract: &ContractState) -> bool {
    contract.status == ContractStatus::Ended
}

/// 19-2: keys and rows were destroyed.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MaterialErased {
    pub contract: ContractId,
    pub erased: Vec<ErasedClass>,
    pub by: String,
    pub confirmed_by: String,
}

impl Entry for MaterialErased {
    const NAME: &'static str = "material_erased";
    const CLAUSES: &'static [&'static str] = &["19-2"];
    const TITLE: Words = Words::new("資料の消去", "material erased");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let MaterialErased { contract, erased, by, confirmed_by } = self;
        let count: u64 = erased.iter().map(|class| class.count).sum();
        let classes = erased.len();
        say!(
            l,
            "契約{contract}の資料を消去（{classes}種{count}件、実施 {by}、確認 {confirmed_by}）",
            "material of contract {contract} erased ({count} items of {classes} kinds, by {by}, confirmed by {confirmed_by})"
        )
    }
}

/// The erasure certificate went out.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CertificateSent {
    pub contract: ContractId,
    pub message_id: String,
}

impl Entry for CertificateSent {
    const NAME: &'static str = "certificate_sent";
    const CLAUSES: &'static [&'static str] = &["19-2"];
    const TITLE: Words = Words::new("消去証明書の送付", "erasure certificate sent");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let CertificateSent { contract, .. } = self;
        say!(
            l,
            "契約{contract}の消去証明書を送付",
            "erasure certificate for contract {contract} sent"
        )
    }
}

/// 19-2: ask for the erasure of what the contract left.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OrderErasure {
    pub contract: ContractId,
}

impl Entry for OrderErasure {
    const NAME: &'static str = "order_erasure";
    const CLAUSES: &'static [&'static str] = &["19-2"];
    const TITLE: Words = Words::new("消去の指示", "erasure ordered");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "終わった契約の連絡先や利用明細の消去を指示します。別の人が承認すると、鍵ごと消去され、元には戻せません。請求書・会計・契約の記録は、法定の期間は残ります。",
            "Orders the erasure of contacts and usage of an ended contract. Once another person confirms it they are gone for good; invoices, books and the record of the contract stay as long as the law demands.",
        )
        .offer("資料の消去を指示", "order the erasure")
        .verb("消去を指示する", "Order the erasure")
        .asks(&[Field::tick("sure", "元に戻せないことを確認しました", "I know that it cannot be undone")])
        .reason_owed()
        .here(|asked, id, l| {
            let ordered = |one: &ContractState| one.erasure_ordered_by.is_some();
            let left = asked.contract(id).is_some_and(|one| is_left(one) && !ordered(one));
            still_owed(asked, id, l, Here::offered(left))
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let OrderErasure { contract } = self;
        say!(l, "契約{contract}の資料の消去を指示する", "order the erasure for contract {contract}")
    }
}

impl Deed for OrderErasure {
    const DOERS: &'static [Role] = &[PrivacyOfficer];

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let block = |code: &str| vec![Finding::blocking("19-2", code, self.contract.0.clone())];
        Ok(asked.of_contract(&self.contract, |contract| match () {
            () if !contract.is_over() => block("contract_running"),
            () if contract.erasure_ordered_by.is_some() => block("already_ordered"),
            () => groundless(asked, &self.contract),
        }))
    }
}

/// Who pays has to be written to: invoices that are unpaid are told before anything is erased.
fn still_owed(asked: &Asked, id: &str, l: Reader, here: Here) -> Here {
    let numbers = asked.unpaid(id);
    if numbers.is_empty() {
        return here;
    }
    let numbers = numbers.join(l.pick("、", ", "));
    here.note(say!(
        l,
        "未払いの請求書が残っています：{numbers}。消去すると、請求の連絡先もなくなります。",
        "Invoices are still unpaid: {numbers}. Once it is erased nobody is left to write to about them."
    ))
}

/// Nothing is final while a person has to look at the termination: its ground turned out
/// not to have been there (16-1).
fn groundless(asked: &Asked, contract: &ContractId) -> Vec<Finding> {
    let mut tasks = asked.state.tasks.iter();
    let waits =
        tasks.any(|open| open.task == TaskKind::ReviewTermination && open.about == contract.0);
    let finding = || Finding::blocking("16-1", "ground_taken_away", contract.0.clone());
    waits.then(finding).into_iter().collect()
}

/// The second person: keys and rows are then destroyed.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ConfirmErasure {
    pub contract: ContractId,
}

impl Entry for ConfirmErasure {
    const NAME: &'static str = "confirm_erasure";
    const CLAUSES: &'static [&'static str] = &["19-2"];
    const TITLE: Words = Words::new("消去の承認", "erasure confirmed");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "別の人が指示した消去を承認します。連絡先や利用明細が鍵ごと消去され、元には戻せません。請求書・会計・契約の記録は、法定の期間は残ります。",
            "Confirms an erasure that another person ordered: contacts and usage are gone for good; invoices, books and the record of the contract stay as long as the law demands.",
        )
        .offer("資料の消去を承認", "confirm the erasure")
        .verb("承認して消去する", "Confirm and erase")
        .asks(&[Field::tick("sure", "元に戻せないことを確認しました", "I know that it cannot be undone")])
        .reason_owed()
        .here(|asked, id, l| {
            let left = asked.contract(id).filter(|contract| is_left(contract));
            let by = left.and_then(|contract| contract.erasure_ordered_by.clone());
            let here = still_owed(asked, id, l, Here::offered(by.is_some()));
            by.into_iter().fold(here, |here, by| here.person(ORDERED_BY, by))
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let ConfirmErasure { contract } = self;
        say!(
            l,
            "契約{contract}の資料の消去を承認する",
            "confirm the erasure for contract {contract}"
        )
    }
}

impl Deed for ConfirmErasure {
    const DOERS: &'static [Role] = &[PrivacyOfficer];
    const SECOND: Second = Second::Other;

    fn earlier<'a>(&'a self, state: &'a AccountState) -> Option<&'a str> {
        state.contracts.get(&self.contract)?.erasure_ordered_by.as_deref()
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let block = |code: &str| vec![Finding::blocking("19-2", code, self.contract.0.clone())];
        Ok(asked.of_contract(&self.contract, |contract| match () {
            () if contract.erasure_ordered_by.is_none() => block("not_ordered"),
            () if contract.status == ContractStatus::Erased => block("already_erased"),
            () => groundless(asked, &self.contract),
        }))
    }
}
