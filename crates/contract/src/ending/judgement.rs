//! 12-3, 16-1: grounds that a person found, and the rights that they open.

use terms::{ListRow, RowEffect};

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
    const DOOR: Option<Door> = Some(
        Door::of(
            Of::Contract("about"),
            Words::new(
                "人が確かめた事由を、裏付けとなる文書とともに記録します。解除の権利が生じますが、使うかどうかは別の手続で人が決めます。",
                "Records a ground that a person made sure of, with the document that shows it. A right to terminate opens; whether it is used is decided elsewhere.",
            ),
        )
        .word("judgement")
        .title("解除の事由の記録", "A ground to terminate")
        .offer("解除の事由を記録", "record a ground")
        .asks(&[
            Field::choice("clause", "事由", "Ground").hint(
                "未払い（16-1(2)）は請求と入金から自動で分かります。",
                "Arrears (16-1(2)) show in the ledger by themselves.",
            ),
            Field::document("裏付けの文書", "What shows it"),
        ])
        .at("生じた日時", "When it came about")
        .reason_owed()
        .here(|asked, id, l| {
            // 32-3b opens no right: it lets usage be waived.
            let usage = Choice::new("32-3b", names::clause_and_ground("32-3b", l));
            let breach = l.pick(
                "契約違反（16-1(7)）の権利は、是正の催告を登録し、その日数が過ぎてから生じます。",
                "For a breach (16-1(7)) the right opens once a demand to correct it has run out.",
            );
            let insolvency = l.pick(
                "倒産手続の申立て等（16-1(5)）を記録すると、法務が制限を解除するまで、この契約の停止も解除もできません（A-91）。",
                "After a petition in insolvency (16-1(5)) nothing can be suspended or terminated until legal releases it (A-91).",
            );
            let here = Here::going_on(asked, id).note(breach).note(insolvency);
            here.choices("clause", judged(l).chain([usage]))
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::ItsDay]
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

/// Items of 16-1 that a person judges; arrears show in the ledger.
fn judged(l: Reader) -> impl Iterator<Item = Choice> {
    let rows = ListRow::all("16-1").filter(|row| row.effect.is_judged());
    rows.map(move |row| Choice::new(&row.clause, names::clause_and_ground(&row.clause, l)))
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
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "記録した事由がなくなったこと（是正された、差押えが解かれたなど）を登録します。その事由による権利は終わり、停止中なら再開の作業が求められます。",
            "A recorded ground is gone (cured, lifted). The right that rests on it ends; a suspended service is to resume.",
        )
        .word("ground_lifted")
        .offer("事由が解消した", "a ground is gone")
        .asks(&[
            Field::choice("clause", "解消した事由", "Ground that is gone"),
            Field::document("裏付けの文書", "What shows it"),
        ])
        .at("解消した日時", "When it was gone")
        .reason_owed()
        .here(|asked, id, l| {
            let here = Here::going_on(asked, id).choices("clause", judged(l));
            let open = asked.state.rights.iter().filter(|right| right.about == id);
            open.fold(here, |here, right| {
                let right = names::clause_and_ground(&right.right, l);
                here.note(say!(l, "生じている権利：{right}", "Open right: {right}"))
            })
        }),
    );

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

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::ItsDay]
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
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "倒産手続の申立て等の記録により、停止と解除が制限されています。法務が権利を使ってよいと確かめたら登録します。",
            "After a petition in insolvency nothing can be suspended or terminated. Registered once legal has made sure that the rights may be used.",
        )
        .word("insolvency_released")
        .offer("倒産の制限を解除", "release the insolvency lock")
        .asks(&[Field::document("裏付けの文書", "What shows it")])
        .reason_owed()
        .here(|asked, id, l| {
            let locked = asked.contract(id).is_some_and(|contract| contract.locked_by_insolvency);
            let none = l.pick("今、この契約に制限はありません。", "Nothing is locked on this contract.");
            let here = Here::offered(locked);
            if locked { here } else { here.note(none) }
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::ItsDay]
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
