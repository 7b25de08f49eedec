//! What was counted before for the time of a row: an interval of a resource is counted
//! once, in whatever files and under whatever ids it is given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::Account;
use contract::declare::fact::UsageImported;
use contract::service::usage::UsageTotal;
use document::text_key;
use reckon::{Day, Decimal, Moment, Month};

use crate::keeping::store::{Store, StoreError, UsageRow};

/// What is measured: one resource of a line by one item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Measured {
    contract: String,
    line: u32,
    resource: String,
    item: String,
}

impl Measured {
    /// As the row spells it: two spellings at one time are two measurements.
    fn by(row: &UsageRow) -> Measured {
        Measured {
            contract: row.contract.clone(),
            line: row.line,
            resource: row.resource.clone(),
            item: row.item.clone(),
        }
    }

    /// As it is charged: 〜 and ～ are one name, with one cap.
    fn charged(row: &UsageRow) -> Measured {
        Measured { resource: text_key(&row.resource), ..Measured::by(row) }
    }
}

/// What a row comes to beside those that were counted before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Beside {
    /// It counts, under the spelling that its resource has: so much is added.
    Counts { resource: String, added: Decimal, replaces: bool, doubt: Option<String> },
    /// The same was counted before.
    Known,
    /// Somebody has to look: the field, what is wrong and what to do.
    Doubtful(String),
}

/// The rows of one account that may lie at the time of new ones, in the order in which
/// they were taken.
#[derive(Default)]
pub(super) struct Counted {
    /// The times that the file has for each resource.
    file: BTreeMap<Measured, BTreeSet<(Moment, Moment)>>,
    rows: BTreeMap<Measured, Vec<UsageRow>>,
    /// Segments that were read.
    read: BTreeSet<String>,
    /// The spelling under which a resource is charged: the first that came.
    spellings: BTreeMap<Measured, String>,
}

impl Counted {
    /// Reads what the record says was counted for the resource of a row around its time.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn look_up(
        &mut self,
        store: &dyn Store,
        account: &Arc<Account>,
        row: &UsageRow,
    ) -> Result<(), StoreError> {
        let charged = Measured::charged(row);
        let of_it = |total: &&UsageTotal| {
            let is_same =
                total.resource == row.resource || text_key(&total.resource) == charged.resource;
            total.contract.0 == row.contract
                && (total.line, &total.item) == (row.line, &row.item)
                && is_same
        };
        for (_, imported) in account.case().in_force().facts::<UsageImported>() {
            let name = format!("{}-{}", imported.segment, row.contract);
            let mut touches = false;
            for total in imported.totals.iter().filter(of_it) {
                let spelling = || total.resource.clone();
                self.spellings.entry(charged.clone()).or_insert_with(spelling);
                touches |= total.may_touch(row.from, row.to);
            }
            if touches && !self.read.contains(&name) {
                let segment = store.usage_segment(&name).await?;
                let taken = segment.map_or(Vec::new(), |segment| segment.rows);
                taken.into_iter().for_each(|row| self.take(row));
                self.read.insert(name);
            }
        }
        Ok(())
    }

    /// Takes note of a row of the file, before any of them is looked at.
    pub(super) fn expect(&mut self, row: &UsageRow) {
        self.file.entry(Measured::by(row)).or_default().insert((row.from, row.to));
    }

    /// Whether the other rows of the file have all of the time of a row.
    fn file_covers(&self, row: &UsageRow) -> bool {
        let Some(times) = self.file.get(&Measured::by(row)) else { return false };
        let mut covered = row.from;
        for (from, to) in times.iter().filter(|time| **time != (row.from, row.to)) {
            if *from > covered {
                break;
            }
            covered = covered.max(*to);
        }
        covered >= row.to
    }

    /// Takes a row that counts.
    pub(super) fn take(&mut self, row: UsageRow) {
        let spelling = || row.resource.clone();
        self.spellings.entry(Measured::charged(&row)).or_insert_with(spelling);
        self.rows.entry(Measured::by(&row)).or_default().push(row);
    }

    /// The row that was taken under an id.
    pub(super) fn named(&self, like: &UsageRow) -> Option<&UsageRow> {
        let rows = self.rows.get(&Measured::by(like))?;
        rows.iter().find(|row| row.id == like.id)
    }

    /// What a row comes to; `priced_from`: the first day on which it can be priced.
    pub(super) fn beside(&self, row: &UsageRow, priced_from: Option<Day>) -> Beside {
        let none = Vec::new();
        let rows = self.rows.get(&Measured::by(row)).unwrap_or(&none);
        let spelling = self.spellings.get(&Measured::charged(row));
        let resource = spelling.unwrap_or(&row.resource).clone();
        let at_this_time: Vec<_> = rows.iter().filter(|one| overlap(one, row)).collect();
        let quantity = quantity(row);
        if quantity.is_negative() {
            // It lowers its own fee month, and none other.
            let month = fee_month(row.from, priced_from);
            let of_month = |one: &&&UsageRow| fee_month(one.from, priced_from) == month;
            let counted: Vec<_> = at_this_time.iter().filter(of_month).copied().collect();
            return lowered(row, quantity, resource, &counted);
        }
        let (same, others): (Vec<&UsageRow>, Vec<&UsageRow>) =
            at_this_time.into_iter().partition(|one| same_time(one, row));
        let overlapped = standing(&others);
        // The whole of it once more, in another cut: a piece of it is late usage.
        if let Some(other) = overlapped.iter().find(|other| self.file_covers(other)) {
            return Beside::Doubtful(format!(
                "from: row {} counts {} from {} to {} for the same resource; to replace it, give \
                 its time again with the quantity 0 first",
                other.id, other.quantity, other.from, other.to
            ));
        }
        let doubt = overlapped.first().map(|other| {
            format!(
                "row {}, from: its time overlaps that of row {}, from {} to {}; counted beside it",
                row.row, other.id, other.from, other.to
            )
        });
        let (corrections, measured): (Vec<&UsageRow>, Vec<&UsageRow>) =
            same.into_iter().partition(|one| self::quantity(one).is_negative());
        match measured.last() {
            None => Beside::Counts { resource, added: quantity, replaces: false, doubt },
            Some(last) if self::quantity(last).ratio() == quantity.ratio() => Beside::Known,
            Some(last) => match corrections.last() {
                Some(correction) => Beside::Doubtful(format!(
                    "quantity: row {} counts {} for this time, corrected by row {}; give another \
                     correction instead",
                    last.id, last.quantity, correction.id
                )),
                None => {
                    let added = quantity + -self::quantity(last);
                    Beside::Counts { resource, added, replaces: true, doubt: None }
                }
            },
        }
    }
}

/// A correcting row takes off what was counted for its time, and no more.
fn lowered(row: &UsageRow, quantity: Decimal, resource: String, counted: &[&UsageRow]) -> Beside {
    let is_same =
        |one: &&&UsageRow| same_time(one, row) && self::quantity(one).ratio() == quantity.ratio();
    if counted.iter().find(is_same).is_some() {
        return Beside::Known;
    }
    let mut standing: BTreeMap<(Moment, Moment), Decimal> = BTreeMap::new();
    let mut lowered = quantity;
    for one in counted {
        match self::quantity(one) {
            correction if correction.is_negative() => lowered = lowered + correction,
            measured => {
                standing.insert((one.from, one.to), measured);
            }
        }
    }
    let counted = standing.values().fold(Decimal::whole(0), |sum, one| sum + *one);
    if (counted + lowered).is_negative() {
        return Beside::Doubtful(format!(
            "quantity: {} takes off more than the {counted} that were counted for this time; give \
             the rows that it corrects first, or compare the quantity",
            row.quantity
        ));
    }
    Beside::Counts { resource, added: quantity, replaces: false, doubt: None }
}

/// The rows that still count something: one of the same time replaces another.
fn standing<'a>(rows: &[&'a UsageRow]) -> Vec<&'a UsageRow> {
    let mut last: BTreeMap<(Moment, Moment), &UsageRow> = BTreeMap::new();
    for row in rows.iter().filter(|row| !quantity(row).is_negative()) {
        last.insert((row.from, row.to), row);
    }
    let counts = |row: &&UsageRow| quantity(row).ratio() != Decimal::whole(0).ratio();
    last.into_values().filter(counts).collect()
}

fn overlap(one: &UsageRow, other: &UsageRow) -> bool {
    one.from < other.to && other.from < one.to
}

fn same_time(one: &UsageRow, other: &UsageRow) -> bool {
    (one.from, one.to) == (other.from, other.to)
}

/// The fee month of the upstream (UTC), and none before a row can be priced (Japan time):
/// nothing is priced before its contract or its price.
pub(super) fn fee_month(from: Moment, priced_from: Option<Day>) -> Month {
    let month = from.utc_month();
    priced_from.map_or(month, |day| month.max(Month::of(day)))
}

/// The quantity of a row as it is written in it.
pub(super) fn quantity(row: &UsageRow) -> Decimal {
    row.quantity.parse().expect("written from a decimal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_night_is_charged_in_the_month_in_which_it_can_be_priced() {
        let night: Moment = "2026-05-01T00:30:00".parse().unwrap();
        let month = |priced_from: &str| fee_month(night, Some(priced_from.parse().unwrap()));
        assert_eq!(month("2026-05-01"), "2026-05".parse().unwrap());
        // A line that runs already: the month of the upstream is not over yet.
        assert_eq!(month("2026-04-10"), "2026-04".parse().unwrap());
    }
}
