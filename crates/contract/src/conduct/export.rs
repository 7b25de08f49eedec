//! 33-1: whoever takes the service or its software abroad, or lets a non-resident use it,
//! obtains the permits, and declares so.

use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::road::unfold::Unfolding;

pub(crate) const EXPORT: Rule =
    Rule::new("export_declaration", 1, "輸出管理の申告", "export declaration").clauses(&["33-1"]);

/// 33-1: the customer declared an export, or use by a non-resident.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ExportDeclared {
    pub contract: ContractId,
    /// What it is for.
    pub purpose: String,
    pub country: String,
    /// Number of the permit (Foreign Exchange and Foreign Trade Act), where one is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    pub document: String,
}

impl Entry for ExportDeclared {
    const NAME: &'static str = "export_declared";
    const CLAUSES: &'static [&'static str] = &["33-1"];
    const TITLE: Words = Words::new("輸出管理の申告の受領", "export declaration received");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let ExportDeclared { contract, purpose, country, document, .. } = self;
        let licence = self.licence.as_deref().unwrap_or_else(|| l.pick("不要", "none needed"));
        say!(
            l,
            "契約{contract}の輸出管理の申告を受領（{country}、{purpose}、許可番号 {licence}、{document}）",
            "export declaration for contract {contract} received ({country}, {purpose}, licence: {licence}, {document})"
        )
    }
}

/// 33-1: use in this country, or from it, stands declared from now on.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ExportNoted {
    pub contract: ContractId,
    pub country: String,
}

impl Following for ExportNoted {
    fn line(&self, l: Reader) -> String {
        let country = &self.country;
        say!(l, "{country}での利用は申告済み", "use in {country} stands declared")
    }
}

impl Unfolding<'_> {
    pub(crate) fn exports(&mut self, id: &ContractId) {
        for (happening, declared) in self.facts_of::<ExportDeclared>(id) {
            let ExportDeclared { contract, country, .. } = declared.clone();
            let stream = Stream::Contract(contract.clone());
            let because = Because::of(&EXPORT).fact(&happening.input);
            let what = Consequence::ExportNoted(ExportNoted { contract, country });
            self.follow(happening.occurred_at, stream, what, because);
        }
    }
}
