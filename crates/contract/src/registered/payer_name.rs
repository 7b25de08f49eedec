//! A name under which a customer pays, as a person found out from a transfer (25-1b): what
//! a bank writes is cut off, abbreviated, in Latin letters or with a branch behind it.

use crate::declare::prelude::*;

/// A person confirmed that a transfer under this name was of this customer.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct PayerNameLearned {
    pub contract: ContractId,
    /// As the bank writes it.
    pub name: String,
}

impl Entry for PayerNameLearned {
    const NAME: &'static str = "payer_name_learned";
    const CLAUSES: &'static [&'static str] = &["25-1b"];
    const TITLE: Words = Words::new("振込名義の覚え書き", "payer's name learned");
    const BY: Option<Permission> = Some(Permission::RegisterMoney);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "銀行の明細に書かれる名義を、この契約者のものとして覚えます。次の入金から、候補として示します。",
            "Notes a name that stands in bank files as one of this customer: it is proposed for the next transfers.",
        )
        .offer("振込名義を覚える", "learn a payer's name")
        .asks(&[Field::line("name", "銀行が書く振込名義", "The name as the bank writes it")
            .hint("例：ｱｵﾊﾞｾｲｻｸｼﾖ ｹｲﾘﾌﾞ", "Such as ｱｵﾊﾞｾｲｻｸｼﾖ ｹｲﾘﾌﾞ")])
        .at("分かった日時", "When it was found out"),
    );

    fn stream(&self) -> Stream {
        Stream::Company
    }

    fn line(&self, l: Reader) -> String {
        let name = &self.name;
        say!(l, "振込名義「{name}」を覚えた", "learned that the customer pays as 「{name}」")
    }
}
