//! 20-1(2), 31-1: the customer sets up and keeps the environment that the specification
//! recommends, and says so.

use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::road::unfold::Unfolding;

pub(crate) const ENVIRONMENT: Rule =
    Rule::new("environment_declaration", 1, "推奨環境の申告", "declaration of environment")
        .clauses(&["20-1(2)", "31-1"]);

/// 20-1(2): the customer declared that what it connects with is as recommended.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct EnvironmentDeclared {
    pub contract: ContractId,
    /// Version of the specification (仕様書) against which it was declared.
    pub specification: String,
    /// What differs from it, where something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
    pub document: String,
}

impl Entry for EnvironmentDeclared {
    const NAME: &'static str = "environment_declared";
    const CLAUSES: &'static [&'static str] = &["20-1(2)", "31-1"];
    const TITLE: Words = Words::new("推奨環境の申告の受領", "declaration of environment received");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "契約者の設備が仕様書の推奨環境にかなうとの申告を登録します。障害の切分けで参照します。",
            "The customer declared that its equipment is as the specification recommends. Fault analysis looks it up.",
        )
        .offer("推奨環境の申告が届いた", "a declaration of environment arrived")
        .asks(&[
            Field::line("specification", "仕様書の版", "Version of the specification"),
            Field::line("differs", "推奨環境と異なる点", "What differs from it")
                .hint("なければ空のままにします。", "Nothing, where all is as recommended.")
                .optional(),
            Field::document("申告の書面", "The declaration"),
        ])
        .at("届いた日時", "When it arrived")
        .here(|asked, id, _| Here::going_on(asked, id)),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let EnvironmentDeclared { contract, specification, document, .. } = self;
        let differs = self.differs.as_deref().unwrap_or_else(|| l.pick("なし", "nothing"));
        say!(
            l,
            "契約{contract}の推奨環境の申告を受領（仕様書 {specification}、異なる点 {differs}、{document}）",
            "declaration of environment for contract {contract} received (specification {specification}, differs: {differs}, {document})"
        )
    }
}

/// 20-1(2): the environment stands declared against a version of the specification.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct EnvironmentNoted {
    pub contract: ContractId,
    pub specification: String,
}

impl Following for EnvironmentNoted {
    fn line(&self, l: Reader) -> String {
        let version = &self.specification;
        say!(
            l,
            "仕様書 {version} の推奨環境について申告済み",
            "environment stands declared against specification {version}"
        )
    }
}

impl Unfolding<'_> {
    pub(crate) fn environments(&mut self, id: &ContractId) {
        for (happening, declared) in self.facts_of::<EnvironmentDeclared>(id) {
            let EnvironmentDeclared { contract, specification, .. } = declared.clone();
            let stream = Stream::Contract(contract.clone());
            let because = Because::of(&ENVIRONMENT).fact(&happening.input);
            let what = Consequence::EnvironmentNoted(EnvironmentNoted { contract, specification });
            self.follow(happening.occurred_at, stream, what, because);
        }
    }
}
