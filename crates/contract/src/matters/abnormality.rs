//! 37-1: a customer who finds something wrong with the service equipment tells the
//! provider without delay; when it was told counts as when the provider knew (43-1).

use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::matters::matter::{MatterId, Opening};
use crate::road::unfold::Unfolding;
use crate::who::roles::Role::{Operations, Support};

pub(crate) const ABNORMALITY: Rule =
    Rule::new("abnormality_known", 1, "異常を知った時", "when an abnormality was known")
        .clauses(&["37-1", "43-1"])
        .readings(&["A-66"]);

/// 37-1: the customer told of something wrong (D-34).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AbnormalityReported {
    pub contract: ContractId,
    /// What was seen.
    pub symptom: String,
    /// Since when, in the customer's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The mail, call or page by which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

impl Entry for AbnormalityReported {
    const NAME: &'static str = "abnormality_reported";
    const CLAUSES: &'static [&'static str] = &["37-1"];
    const TITLE: Words = Words::new("異常の連絡", "abnormality reported");
    const BY: Option<Permission> = Some(Permission::SeeToMatters);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "契約者から届いた、サービスの設備の異常の連絡を登録します。届いた時が、当社が知った時の候補になります（43-1）。",
            "The customer told of something wrong with the service. When it was told counts as when the provider knew (43-1).",
        )
        .offer("異常の連絡が届いた", "an abnormality was reported")
        .asks(&[
            Field::line("symptom", "どのような異常か", "What is wrong"),
            Field::line("since", "いつからか", "Since when").optional(),
            Field::document("連絡の記録", "How it was told").optional(),
        ])
        .at("連絡が届いた日時", "When it was told")
        .here(|asked, id, _| Here::going_on(asked, id)),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let contract = &self.contract;
        let told = [Some(&self.symptom), self.since.as_ref(), self.document.as_ref()];
        let told: Vec<_> = told.into_iter().flatten().map(String::as_str).collect();
        let told = told.join(l.pick("、", ", "));
        say!(
            l,
            "契約{contract}のサービスの異常の連絡（{told}）",
            "abnormality of contract {contract} reported ({told})"
        )
    }
}

impl Opening for AbnormalityReported {
    const RESULTS: &'static [(&'static str, Words)] = &[
        ("recovered", Words::new("復旧した", "recovered")),
        ("customer_side", Words::new("契約者側の原因", "caused on the customer's side")),
        ("provider_side", Words::new("当社側の原因", "caused on the provider's side")),
        ("no_fault_found", Words::new("異常は見つからなかった", "no fault found")),
    ];
    const ROLES: &'static [Role] = &[Operations, Support];

    fn contract(&self) -> &ContractId {
        &self.contract
    }

    fn about(&self) -> String {
        match &self.since {
            Some(since) => format!("{}（{since}）", self.symptom),
            None => self.symptom.clone(),
        }
    }
}

/// 43-1: from then on the provider knew, as far as this report goes.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AbnormalityKnown {
    pub matter: MatterId,
    pub contract: ContractId,
}

impl Following for AbnormalityKnown {
    fn line(&self, l: Reader) -> String {
        let matter = &self.matter;
        say!(
            l,
            "異常の連絡を受けた時（当社が知った時の候補、案件{matter}）",
            "an abnormality was told of: when the provider may have known (matter {matter})"
        )
    }
}

impl Unfolding<'_> {
    pub(crate) fn abnormalities(&mut self, id: &ContractId) {
        for (happening, reported) in self.facts_of::<AbnormalityReported>(id) {
            let contract = reported.contract.clone();
            let matter = MatterId::of(&happening.input);
            let because = Because::of(&ABNORMALITY).fact(&happening.input);
            let stream = Stream::Contract(contract.clone());
            let what = Consequence::AbnormalityKnown(AbnormalityKnown { matter, contract });
            self.follow(happening.occurred_at, stream, what, because);
        }
    }
}
