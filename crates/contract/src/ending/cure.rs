//! 16-1(7): a demand to cure a breach (是正催告), and what follows when it was not cured.

use reckon::Period;

use crate::declare::prelude::*;

pub(crate) const UNCURED_BREACH: Rule =
    Rule::new("uncured_breach", 1, "是正催告後の不是正", "breach not cured after a demand")
        .clauses(&["16-1(7)", "16-1"])
        .readings(&["A-29", "A-30"])
        .told_by::<Demand>();

/// 16-1(7): the days of the demand, the first one not counted.
#[derive(Serialize, Deserialize)]
pub(crate) struct Demand {
    pub demand_effective: Day,
    pub cure_days: u32,
    pub cure_by: Day,
}

impl Told for Demand {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let (from, to) = (day(self.demand_effective, l), day(self.cure_by, l));
        let days = self.cure_days;
        Some(vec![
            say!(
                l,
                "是正の催告 {from} の翌日から{days}日：{to} まで",
                "{days} days from the day after the demand of {from}: until {to}"
            ),
            l.pick(
                "是正されなければその翌日から解除できる",
                "uncured, the right opens on the day after",
            )
            .to_owned(),
        ])
    }
}

/// 16-1(7): the last day to cure a breach after a demand, and the day from which
/// termination is open if it was not cured. The day of the demand is not counted.
pub fn cure(demand_effective: Day, cure_days: u32) -> (Day, Day) {
    let cure_by = Period::days(demand_effective, cure_days + 1).last_day();
    (cure_by, Period::days(cure_by, 2).last_day())
}

/// 16-1(7): the correction of a breach was demanded (是正催告), with so many days
/// from the day on which the demand took effect.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct CureDemanded {
    pub contract: ContractId,
    pub effective_on: Day,
    pub cure_days: u32,
    pub document: String,
}

impl Entry for CureDemanded {
    const NAME: &'static str = "cure_demanded";
    const CLAUSES: &'static [&'static str] = &["16-1(7)"];
    const TITLE: Words = Words::new("是正の催告", "correction of a breach demanded");
    const BY: Option<Permission> = Some(Permission::RegisterJudgement);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "契約違反の是正を求める書面が届いた日と、是正のための日数を登録します。日数が過ぎても是正されなければ、解除の権利が生じます。書面は、この画面からは送られません。",
            "When the demand to correct a breach took effect, and how many days it gives. Where it is not corrected by then a right to terminate opens. The letter itself does not leave from here.",
        )
        .word("cure_demand")
        .offer("是正の催告", "demand to correct a breach")
        .asks(&[
            Field::past_day("effective_on", "催告が届いた日", "Day on which the demand arrived")
                .called("on")
                .hint("初日は数えません。", "It is not counted itself."),
            Field::count("cure_days", "是正のための日数", "Days to correct it")
                .called("days")
                .hint("書面に書いた日数。14日が目安です（A-29）。", "As the letter says; 14 is usual (A-29).")
                .first(First::Text("14")),
            Field::document("裏付けの文書", "What shows it"),
        ])
        .reason_owed()
        .here(|asked, id, _| Here::going_on(asked, id)),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::day(self.effective_on)]
    }

    fn line(&self, l: Reader) -> String {
        let CureDemanded { contract, effective_on, cure_days, document } = self;
        say!(
            l,
            "契約{contract}の違反の是正を催告（{effective_on}に到達、{cure_days}日以内、{document}）",
            "correction of a breach of contract {contract} demanded (effective {effective_on}, \
             {cure_days} days, {document})"
        )
    }
}
