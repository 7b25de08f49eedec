//! 12-3, 16-1: grounds that a person found, and the rights that they open.

use terms::RowEffect;

use crate::declare::prelude::*;

pub(crate) const JUDGED_GROUND: Rule =
    Rule::new("judged_ground", 1, "解除の事由の判断", "ground judged by a person")
        .clauses(&["16-1"])
        .readings(&["A-30", "A-91"])
        .parameters(&["insolvency.lock"]);

/// A ground that a person found, with the document that shows it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct JudgementRecorded {
    pub clause: String,
    pub about: String,
    pub document: String,
}

impl Entry for JudgementRecorded {
    const NAME: &'static str = "judgement_recorded";
    const CLAUSES: &'static [&'static str] = &["9-10", "16-1", "32-3b"];
    const TITLE: Words = Words::new("事由の判断", "judgement recorded");
    const BY: Option<Permission> = Some(Permission::RegisterJudgement);

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let JudgementRecorded { clause, about, document } = self;
        let ground = names::clause_and_ground(clause, l);
        say!(
            l,
            "{about}に{ground}の事由があると判断（根拠資料 {document}）",
            "judged that {ground} holds for {about} (shown by {document})"
        )
    }
}

/// A judged ground is gone: it was cured, lifted, or never was.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct GroundLifted {
    pub clause: String,
    pub contract: ContractId,
    pub document: String,
}

impl Entry for GroundLifted {
    const NAME: &'static str = "ground_lifted";
    const CLAUSES: &'static [&'static str] = &["12-3", "16-1"];
    const TITLE: Words = Words::new("事由の解消", "ground lifted");
    const BY: Option<Permission> = Some(Permission::RegisterJudgement);

    // Lifting 16-1(5) ends the insolvency lock as well.
    fn by(&self) -> Option<Permission> {
        match RowEffect::of(&self.clause) {
            Some(RowEffect::InsolvencyLock) => Some(Permission::ReleaseInsolvency),
            _ => Self::BY,
        }
    }

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let GroundLifted { clause, contract, document } = self;
        let ground = names::clause_and_ground(clause, l);
        say!(
            l,
            "契約{contract}の{ground}の事由が解消（根拠資料 {document}）",
            "{ground} no longer holds for contract {contract} (shown by {document})"
        )
    }
}

/// legal has looked at an insolvency and the rights may be used.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct InsolvencyReleased {
    pub contract: ContractId,
    pub document: String,
}

impl Entry for InsolvencyReleased {
    const NAME: &'static str = "insolvency_released";
    const CLAUSES: &'static [&'static str] = &["16-1(5)"];
    const TITLE: Words = Words::new("倒産手続による制限の解除", "insolvency lock released");
    const BY: Option<Permission> = Some(Permission::ReleaseInsolvency);

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let InsolvencyReleased { contract, document } = self;
        say!(
            l,
            "契約{contract}の倒産手続による停止・解除の制限を法務が解除（根拠資料 {document}）",
            "legal released the insolvency lock of contract {contract} (shown by {document})"
        )
    }
}

/// A right opened: a person may use it, nothing uses it by itself.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct RightOpened {
    pub right: String,
    pub about: String,
    pub from: Day,
}

impl Following for RightOpened {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let RightOpened { right, about, from } = self;
        let what = names::right(right, l);
        say!(
            l,
            "{from}から{what}ができる（{right}、対象 {about}）",
            "right of {what} open from {from} ({right}, on {about})"
        )
    }
}

/// The ground of a right is gone.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct RightClosed {
    pub right: String,
    pub about: String,
    pub on: Day,
}

impl Following for RightClosed {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let RightClosed { right, about, on } = self;
        let what = names::right(right, l);
        say!(
            l,
            "{what}の事由が{on}に消滅（{right}、対象 {about}）",
            "right of {what} closed on {on} ({right}, on {about})"
        )
    }
}

/// The act names a ground; the right that rests on it must be open now.
pub(crate) fn open_ground(
    state: &AccountState,
    id: &ContractId,
    ground: &str,
    clauses: &[&str],
) -> Vec<Finding> {
    let suits = clauses.iter().any(|clause| ground.starts_with(clause));
    let open = state.rights_on(id).any(|right| right.right == ground);
    if suits && open {
        return Vec::new();
    }
    vec![Finding::blocking(ground, "no_open_right", id.0.clone())]
}
