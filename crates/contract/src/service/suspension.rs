//! Article 12: suspension for unpaid fees, and notice of maintenance.

use reckon::Period;
use terms::Effective;

use crate::declare::prelude::*;
use crate::notices::notice::came_beforehand;

pub(crate) const SUSPENSION_RIGHT: Rule =
    Rule::new("suspension_right", 1, "提供を停止できる時期", "right to suspend")
        .clauses(&["12-3", "24-1b"])
        .readings(&["A-31"])
        .parameters(&["suspension.grace_days", "suspension.min_amount"])
        .told_by::<Unpaid>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Unpaid {
    pub due: Day,
    pub outstanding: Yen,
}

impl Told for Unpaid {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let (due, outstanding) = (day(self.due, l), yen(self.outstanding, l));
        let from = match because.parameter("suspension.grace_days").unwrap_or(0) {
            0 => l.pick("期日の翌日から", "from the day after the due date").to_owned(),
            grace => {
                let grace = days(grace, l);
                say!(
                    l,
                    "期日の翌日からさらに{grace}の猶予の後",
                    "{grace} of grace after the day after the due date"
                )
            }
        };
        Some(vec![say!(
            l,
            "期日 {due}、未払い{outstanding}、{from}",
            "due {due}, {outstanding} unpaid: {from}"
        )])
    }
}

/// 12-3, 24-1b: the first day on which an unpaid debt opens the right to
/// suspend; none below the operator's threshold.
pub fn right_from(terms: &Effective, due: Day, outstanding: Yen) -> Option<Day> {
    let counts = outstanding.is_positive() && outstanding.0 >= terms.rules.suspension_min_amount;
    counts.then(|| Period::days(due, 2 + terms.rules.grace_days).last_day())
}

/// 12-2: maintenance is covered when its notice took effect before it began.
pub fn maintenance_covered(notice_effective: Option<Moment>, stop_from: Moment) -> bool {
    notice_effective.is_some_and(|effective| came_beforehand(effective, stop_from, 0))
}
