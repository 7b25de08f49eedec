//! What was counted before for the time of a row: an interval of a resource is counted
//! once, in whatever files and under whatever ids it is given.

use std::collections::{BTreeMap, BTreeSet};

use contract::Account;
use contract::declare::fact::UsageImported;
use contract::declare::words::Sentence;
use contract::sentence;
use contract::service::usage::UsageTotal;
use document::text_key;
use reckon::{Day, Decimal, Moment, Month};

use super::by_time::ByTime;
use super::doubt::UsageDoubt;
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
    /// It counts, under the spelling that its resource has: so much is added. `rests_on`:
    /// the import of what it replaces or corrects.
    Counts {
        resource: String,
        added: Decimal,
        replaces: bool,
        rests_on: Option<String>,
        overlaps: Option<UsageDoubt>,
    },
    /// The same was counted before, by this import.
    Known { from: Option<String> },
    /// Somebody has to look: the field, what is wrong and what to do.
    Doubtful(Sentence),
}

/// A row that counts, and the import that brought it; none for one of the file itself.
#[derive(Debug, Clone)]
struct Taken {
    row: UsageRow,
    /// The how-many-th import it came with; those of the file come last.
    rank: usize,
    import: Option<String>,
}

/// A total of an import that is in force.
struct Told {
    rank: usize,
    import: String,
    total: UsageTotal,
}

/// The rows of one account that may lie at the time of new ones.
#[derive(Default)]
pub(super) struct Counted {
    /// The times that the file has for each resource.
    file: BTreeMap<Measured, ByTime<()>>,
    rows: BTreeMap<Measured, ByTime<Taken>>,
    /// What every import in force told, by what is charged, in their order.
    told: BTreeMap<Measured, Vec<Told>>,
    /// The imports in force.
    imports: BTreeSet<String>,
    /// Segments that were read.
    read: BTreeSet<String>,
    /// The spelling under which a resource is charged: the first that came.
    spellings: BTreeMap<Measured, String>,
}

impl Counted {
    /// What the record of an account says was counted.
    pub(super) fn of(account: &Account) -> Counted {
        let mut counted = Counted::default();
        for (rank, imported) in in_order(account).into_iter().enumerate() {
            counted.imports.insert(imported.segment.clone());
            for total in &imported.totals {
                let charged = Measured {
                    contract: total.contract.0.clone(),
                    line: total.line,
                    resource: text_key(&total.resource),
                    item: total.item.clone(),
                };
                let spelling = counted.spellings.entry(charged.clone());
                spelling.or_insert_with(|| total.resource.clone());
                let import = imported.segment.clone();
                let told = Told { rank, import, total: total.clone() };
                counted.told.entry(charged).or_default().push(told);
            }
        }
        counted
    }

    /// Reads the rows that were counted for the resource of a row around its time.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn look_up(
        &mut self,
        store: &dyn Store,
        row: &UsageRow,
    ) -> Result<(), StoreError> {
        let told = self.told.get(&Measured::charged(row)).map_or(&[][..], Vec::as_slice);
        let touching = told.iter().filter(|told| told.total.may_touch(row.from, row.to));
        for Told { rank, import, .. } in touching {
            let name = format!("{import}-{}", row.contract);
            if self.read.contains(&name) {
                continue;
            }
            let segment = store.usage_segment(&name).await?;
            for row in segment.map_or(Vec::new(), |segment| segment.rows) {
                let of = self.rows.entry(Measured::by(&row)).or_default();
                let (from, to) = (row.from, row.to);
                of.insert(from, to, Taken { row, rank: *rank, import: Some(import.clone()) });
            }
            self.read.insert(name);
        }
        Ok(())
    }

    /// Takes note of a row of the file, before any of them is looked at.
    pub(super) fn expect(&mut self, row: &UsageRow) {
        self.file.entry(Measured::by(row)).or_default().insert(row.from, row.to, ());
    }

    /// Whether the other rows of the file have all of the time of a row.
    fn file_covers(&self, row: &UsageRow) -> bool {
        let Some(times) = self.file.get(&Measured::by(row)) else { return false };
        let mut covered = row.from;
        for other in times.touching(row.from, row.to) {
            if other.from > covered {
                break;
            }
            if (other.from, other.to) != (row.from, row.to) {
                covered = covered.max(other.to);
            }
        }
        covered >= row.to
    }

    /// Takes a row of the file that counts.
    pub(super) fn take(&mut self, row: UsageRow) {
        let spelling = || row.resource.clone();
        self.spellings.entry(Measured::charged(&row)).or_insert_with(spelling);
        let (of, from, to) = (Measured::by(&row), row.from, row.to);
        let taken = Taken { row, rank: usize::MAX, import: None };
        self.rows.entry(of).or_default().insert(from, to, taken);
    }

    /// Whether an import is in force.
    pub(super) fn stands(&self, import: &str) -> bool {
        self.imports.contains(import)
    }

    /// The import, if another, that took a row under its id already; none when what was
    /// taken is something else.
    pub(super) fn again(&self, row: &UsageRow) -> Option<Option<String>> {
        let at_this_time = self.at_time_of(row);
        let same = at_this_time.into_iter().find(|taken| {
            taken.row.id == row.id
                && same_time(&taken.row, row)
                && quantity(&taken.row).ratio() == quantity(row).ratio()
        })?;
        Some(same.import.clone())
    }

    /// The rows at the time of another, in the order in which they were taken.
    fn at_time_of(&self, row: &UsageRow) -> Vec<&Taken> {
        let Some(rows) = self.rows.get(&Measured::by(row)) else { return Vec::new() };
        let touching = rows.touching(row.from, row.to);
        let mut found: Vec<_> = touching.map(|timed| &timed.thing).collect();
        found.sort_by_key(|taken| taken.rank);
        found
    }

    /// What a row comes to; `priced_from`: the first day on which it can be priced.
    pub(super) fn beside(&self, row: &UsageRow, priced_from: Option<Day>) -> Beside {
        let spelling = self.spellings.get(&Measured::charged(row));
        let resource = spelling.unwrap_or(&row.resource).clone();
        let at_this_time = self.at_time_of(row);
        let quantity = quantity(row);
        if quantity.is_negative() {
            // It lowers its own fee month, and none other.
            let month = fee_month(row.from, priced_from);
            let of_month = |one: &&Taken| fee_month(one.row.from, priced_from) == month;
            let counted: Vec<_> = at_this_time.into_iter().filter(of_month).collect();
            return lowered(row, quantity, resource, &counted);
        }
        let (corrections, measured): (Vec<&Taken>, Vec<&Taken>) =
            at_this_time.into_iter().partition(|one| self::quantity(&one.row).is_negative());
        let (same, others): (Vec<&Taken>, Vec<&Taken>) =
            measured.into_iter().partition(|one| same_time(&one.row, row));
        let overlapped = standing(&others);
        // The whole of it once more, in another cut: a piece of it is late usage.
        if let Some(other) = overlapped.iter().find(|other| self.file_covers(other)) {
            let UsageRow { id, quantity, from, to, .. } = other;
            let (since, until) = (from.to_minute_text(), to.to_minute_text());
            return Beside::Doubtful(sentence!(
                "「from」：同じ資源の{since}から{until}までは、行{id}が{quantity}と数えています。替えるには、先にその時間を数量0で取り込んでください",
                "from: row {id} counts {quantity} from {from} to {to} for the same resource; to replace it, give its time again with the quantity 0 first",
            ));
        }
        let overlaps = overlapped.first().map(|other| UsageDoubt::Overlaps {
            row: row.row,
            other: other.id.clone(),
            from: other.from,
            to: other.to,
        });
        let Some(last) = same.last() else {
            let (added, rests_on) = (quantity, None);
            return Beside::Counts { resource, added, replaces: false, rests_on, overlaps };
        };
        if self::quantity(&last.row).ratio() == quantity.ratio() {
            return Beside::Known { from: last.import.clone() };
        }
        if let Some(correction) = corrections.last() {
            let (UsageRow { id, quantity, .. }, by) = (&last.row, &correction.row.id);
            return Beside::Doubtful(sentence!(
                "「quantity」：この時間は行{id}が{quantity}と数え、行{by}が訂正しています。さらに訂正する行を取り込んでください",
                "quantity: row {id} counts {quantity} for this time, corrected by row {by}; give another correction instead",
            ));
        }
        let added = quantity + -self::quantity(&last.row);
        let rests_on = last.import.clone();
        Beside::Counts { resource, added, replaces: true, rests_on, overlaps: None }
    }
}

/// The imports in force in their order. Of one moment those come later that replaced or
/// corrected something of others.
fn in_order(account: &Account) -> Vec<&UsageImported> {
    let imports = account.case().in_force().facts::<UsageImported>();
    let mut left: Vec<_> = imports.map(|(_, imported)| imported).collect();
    let mut not_yet: BTreeSet<&str> = left.iter().map(|one| one.segment.as_str()).collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_next = |one: &&UsageImported| {
            let mut rests_on = one.totals.iter().flat_map(|total| &total.rests_on);
            rests_on.all(|on| *on == one.segment || !not_yet.contains(on.as_str()))
        };
        let next = left.iter().position(is_next).unwrap_or(0);
        let next = left.remove(next);
        not_yet.remove(next.segment.as_str());
        ordered.push(next);
    }
    ordered
}

/// A correcting row takes off what was counted for its time, and no more.
fn lowered(row: &UsageRow, quantity: Decimal, resource: String, counted: &[&Taken]) -> Beside {
    let is_same = |one: &&&Taken| {
        same_time(&one.row, row) && self::quantity(&one.row).ratio() == quantity.ratio()
    };
    if let Some(known) = counted.iter().find(is_same) {
        return Beside::Known { from: known.import.clone() };
    }
    let mut standing: BTreeMap<(Moment, Moment), Decimal> = BTreeMap::new();
    let mut lowered = quantity;
    for one in counted.iter().map(|taken| &taken.row) {
        match self::quantity(one) {
            correction if correction.is_negative() => lowered = lowered + correction,
            measured => {
                standing.insert((one.from, one.to), measured);
            }
        }
    }
    let sum = standing.values().fold(Decimal::whole(0), |sum, one| sum + *one);
    if (sum + lowered).is_negative() {
        let quantity = &row.quantity;
        return Beside::Doubtful(sentence!(
            "「quantity」：{quantity}は、この時間に数えた{sum}を超えて減らします。訂正される行を先に取り込むか、数量を確かめてください",
            "quantity: {quantity} takes off more than the {sum} that were counted for this time; give the rows that it corrects first, or compare the quantity",
        ));
    }
    let rests_on = counted.last().and_then(|last| last.import.clone());
    Beside::Counts { resource, added: quantity, replaces: false, rests_on, overlaps: None }
}

/// The rows that still count something: one of the same time replaces another.
fn standing<'a>(rows: &[&'a Taken]) -> Vec<&'a UsageRow> {
    let mut last: BTreeMap<(Moment, Moment), &UsageRow> = BTreeMap::new();
    for row in rows.iter().map(|taken| &taken.row) {
        last.insert((row.from, row.to), row);
    }
    let counts = |row: &&UsageRow| quantity(row).ratio() != Decimal::whole(0).ratio();
    last.into_values().filter(counts).collect()
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
