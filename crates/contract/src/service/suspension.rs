//! Article 12: suspension for unpaid fees, and notice of maintenance.

use reckon::{Day, Moment, Period, Yen};
use terms::Effective;

use crate::notices::notice::came_beforehand;

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
