//! Whether a row can be used at all: its contract, its time, its unit, its size.

use contract::declare::ids::ContractId;
use contract::declare::words::Sentence;
use contract::road::state::{ContractState, LineState};
use contract::{AccountState, ContractStatus, sentence};
use document::text_key;
use reckon::{Day, Moment, Ratio};
use terms::Law;

use super::counted::quantity;
use super::doubt::UsageDoubt;
use crate::keeping::store::UsageRow;

/// The first day on which a row can be priced: that on which its line began, and that of
/// the first price of its item, where the row is not older (Japan time).
pub(super) fn priced_from(law: &Law, state: &AccountState, row: &UsageRow) -> Option<Day> {
    let contract = state.contracts.get(&ContractId(row.contract.clone()))?;
    let begun = contract.lines.iter().find(|line| line.number == row.line)?.started_on?;
    let prices = law.prices.item(&row.item).map_or(&[][..], |item| &item.price);
    let first = prices.iter().map(|price| price.from).min();
    Some(first.filter(|first| *first <= row.from.day()).map_or(begun, |first| begun.max(first)))
}

/// Units of time by their spellings in [`plain`], with their seconds.
const TIMES: [(&[&str], i128); 4] = [
    (&["s", "sec", "secs", "second", "seconds", "秒"], 1),
    (&["min", "mins", "minute", "minutes", "分"], 60),
    (&["h", "hr", "hrs", "hour", "hours", "時間"], 3_600),
    (&["day", "days", "日"], 86_400),
];

/// Capitals and full-width letters are no other unit.
fn plain(unit: &str) -> String {
    text_key(unit).to_lowercase()
}

/// The seconds of a unit of time.
fn seconds_of(unit: &str) -> Option<i128> {
    let unit = plain(unit);
    let found = TIMES.iter().find(|(spellings, _)| spellings.contains(&unit.as_str()));
    found.map(|(_, seconds)| *seconds)
}

/// Why a quantity cannot be counted: it is in another unit than its price.
fn uncountable(row: &UsageRow, priced_in: &str) -> Option<Sentence> {
    let (item, unit) = (&row.item, &row.unit);
    let time = seconds_of(unit);
    let same = plain(unit) == plain(priced_in) || (time.is_some() && time == seconds_of(priced_in));
    (!same).then(|| {
        sentence!(
            "「unit」：{item}の単価は{priced_in}当たりで、{unit}当たりではありません。数量を{priced_in}にしてください",
            "unit: {item} is priced by {priced_in}, not by {unit}; give the quantity in {priced_in}",
        )
    })
}

/// As many things of one name may be counted together, such as the volumes of a group.
/// More hours than that in a row are of another time, or a mistake.
const MOST_TOGETHER: i128 = 24;

/// How many times the quantity of a row fits into its time, where it is one of time; for
/// each piece of the line.
fn times_its_time(row: &UsageRow, line: &LineState, priced_in: &str) -> Option<Ratio> {
    let unit = seconds_of(priced_in)?;
    let passed = i128::from(row.to.unix_seconds() - row.from.unix_seconds());
    // A line that is set to none still has what ran.
    let pieces = i128::from(line.at(row.from.day()).quantity.max(1));
    let quantity = quantity(row);
    let size = if quantity.is_negative() { -quantity } else { quantity };
    Some(size.ratio() * Ratio::new(unit, passed * pieces))
}

/// Why a quantity of time cannot have been used.
fn too_long(row: &UsageRow, line: &LineState, priced_in: &str) -> Option<Sentence> {
    let times = times_its_time(row, line, priced_in)?;
    (times > Ratio::new(MOST_TOGETHER, 1)).then(|| {
        let (quantity, from, to) = (&row.quantity, row.from, row.to);
        let (since, until) = (from.to_minute_text(), to.to_minute_text());
        let times = times.to_decimal_text(2);
        sentence!(
            "「quantity」：{quantity} {priced_in} は、{since}から{until}までの時間の{times}倍です。上流に確かめてください",
            "quantity: {quantity} {priced_in} are {times} times the time from {from} to {to}; compare them with the upstream",
        )
    })
}

/// What is doubtful of a row that can be taken: it says more than one thing can have
/// used in its time.
pub(super) fn doubt(law: &Law, row: &UsageRow, state: &AccountState) -> Option<UsageDoubt> {
    let contract = state.contracts.get(&ContractId(row.contract.clone()))?;
    let line = contract.lines.iter().find(|line| line.number == row.line)?;
    let priced_in = &law.prices.item(&row.item)?.unit;
    let times = times_its_time(row, line, priced_in)?;
    (times > Ratio::new(1, 1)).then(|| UsageDoubt::Longer {
        row: row.row,
        quantity: row.quantity.clone(),
        unit: priced_in.clone(),
        times: times.to_decimal_text(2),
    })
}

/// Why a row cannot be taken: its field, what is wrong and what to do.
pub(super) fn unusable(
    law: &Law,
    row: &UsageRow,
    state: &AccountState,
    now: Moment,
) -> Option<Sentence> {
    let Some(contract) = state.contracts.get(&ContractId(row.contract.clone())) else {
        let (account, contract) = (&row.account, &row.contract);
        return Some(sentence!(
            "「contract」：契約者{account}に契約{contract}はありません。申込請書と照らし合わせてください",
            "contract: account {account} has no contract {contract}; compare it with the order acceptance",
        ));
    };
    let Some(line) = contract.lines.iter().find(|line| line.number == row.line) else {
        let (contract, line) = (&row.contract, row.line);
        return Some(sentence!(
            "「line」：契約{contract}に明細{line}はありません。申込請書と照らし合わせてください",
            "line: contract {contract} has no line {line}; compare it with the order acceptance",
        ));
    };
    if line.started_on.is_none_or(|start| row.from.day() < start) {
        return Some(sentence!(
            "「from」：サービスの利用開始より前です。先に利用開始を登録するか、上流に確かめてください",
            "from: the use is earlier than the start of the service; register the start of the line first, or ask the upstream",
        ));
    }
    if let Some(removal) = &line.removal
        && row.from.day() > removal.last_day
    {
        let last_day = removal.last_day;
        return Some(sentence!(
            "「from」：明細の最終日{last_day}より後です。動き続けた理由を上流に確かめてください",
            "from: the use is later than the last day of the line, {last_day}; ask the upstream why it ran on",
        ));
    }
    if row.to > now {
        let (to, until) = (row.to, row.to.to_minute_text());
        return Some(sentence!(
            "「to」：利用の終わり{until}は今より後です。その時間が終わってから取り込んでください",
            "to: the use ends at {to}, later than now; give the row when its time is over",
        ));
    }
    if contract.status == ContractStatus::Erased {
        return Some(sentence!(
            "「contract」：契約は終了し、データは消去済みです。もう請求できません。上流に確かめてください",
            "contract: the contract has ended and its data are erased; it cannot be charged any more; ask the upstream",
        ));
    }
    if contract.end.as_ref().is_some_and(|end| row.from.day() > end.on) {
        return Some(sentence!(
            "「from」：契約の終了より後です。動き続けた理由を上流に確かめてください",
            "from: the use is later than the end of the contract; ask the upstream why it ran on",
        ));
    }
    goes_beyond(row, line, contract).or_else(|| {
        let Some(item) = law.prices.item(&row.item) else {
            let item = &row.item;
            return Some(sentence!(
                "「item」：料金表に品目{item}がありません。先に価格を登録し、行を新しいファイルで取り込んでください",
                "item: the price table has no item {item}; enter its price first, then give the rows in a new file",
            ));
        };
        uncountable(row, &item.unit).or_else(|| too_long(row, line, &item.unit))
    })
}

/// A row that begins before the last day and goes on after it.
fn goes_beyond(row: &UsageRow, line: &LineState, contract: &ContractState) -> Option<Sentence> {
    let last_days = [
        line.removal.as_ref().map(|removal| removal.last_day),
        contract.end.as_ref().map(|end| end.on),
    ];
    let last_day = last_days.into_iter().flatten().min()?;
    (row.to > Moment::end_of(last_day).plus_seconds(1)).then(|| {
        sentence!(
            "「to」：最終日{last_day}を越えて続いています。最終日までの分だけにしてください",
            "to: the use goes on after the last day, {last_day}; give only what lies within",
        )
    })
}
