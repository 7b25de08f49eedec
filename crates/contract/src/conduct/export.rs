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
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "サービスやソフトウェアの国外への持出し、または非居住者による利用について、契約者から届いた申告を登録します。",
            "The customer declared that it takes the service or its software abroad, or lets a non-resident use it.",
        )
        .offer("輸出管理の申告が届いた", "an export declaration arrived")
        .asks(&[
            Field::line("purpose", "用途", "Purpose"),
            Field::line("country", "国・地域", "Country"),
            Field::line("licence", "輸出許可の番号", "Number of the permit")
                .hint("許可が要らなければ空のままにします。", "Nothing, where none is needed.")
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
