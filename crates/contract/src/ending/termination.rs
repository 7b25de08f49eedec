//! Article 16: when the provider may terminate.

use reckon::Period;
use terms::Effective;

use crate::declare::prelude::*;

pub(crate) const ARREARS_RIGHT: Rule =
    Rule::new("arrears_right", 1, "滞納により解除できる時期", "right to terminate for arrears")
        .clauses(&["16-1(2)"])
        .readings(&["A-28", "A-43"])
        .parameters(&["arrears.months"])
        .told_by::<Late>();
pub(crate) const UNCURED_BREACH: Rule =
    Rule::new("uncured_breach", 1, "是正催告後の不是正", "breach not cured after a demand")
        .clauses(&["16-1(7)", "16-1"])
        .readings(&["A-29", "A-30"])
        .told_by::<Demand>();

/// 16-1(2): since when it is owed, and the months that must have passed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Late {
    pub due: Day,
    pub period_from: Day,
    pub period_to: Day,
}

impl Told for Late {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let Late { due, period_from: from, period_to: to } = *self;
        let due = day(due, l);
        let count: Option<i64> = because.parameter("arrears.months");
        let count = count.map(|count| months(count, l)).unwrap_or_default();
        Some(vec![
            say!(
                l,
                "期日 {due} の翌日から{count}：{from} … {to}",
                "{count} from the day after the due date {due}: {from} … {to}"
            ),
            l.pick("その満了の翌日から解除できる", "the right opens on the day after").to_owned(),
        ])
    }
}

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

/// 16-1(2): the three months that must have passed, and the first day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Arrears {
    pub period_from: Day,
    pub period_to: Day,
    pub right_from: Day,
}

/// 16-1(2): counted from the day after the due date by Civil Code 143; `due` is
/// the day already moved off a closed bank day.
pub fn arrears(terms: &Effective, due: Day) -> Arrears {
    let period_from = Period::days(due, 2).last_day();
    let period_to = Period::months(period_from, terms.rules.arrears_months).last_day();
    Arrears { period_from, period_to, right_from: Period::days(period_to, 2).last_day() }
}

/// 16-1(7): the last day to cure a breach after a demand, and the day from which
/// termination is open if it was not cured. The day of the demand is not counted.
pub fn cure(demand_effective: Day, cure_days: u32) -> (Day, Day) {
    let cure_by = Period::days(demand_effective, cure_days + 1).last_day();
    (cure_by, Period::days(cure_by, 2).last_day())
}
