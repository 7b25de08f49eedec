//! Invoice numbers are unique and without a gap, and nothing is charged twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::money::invoice::{ChargeKey, ChargeKind, Invoice};
use engine::{Engine, Store};
use proptest::prelude::*;
use reckon::{Decimal, Moment, Month, Yen};

use crate::desk::{Desk, engine, in_memory, kita, minami, on_disk, usage_of};

pub async fn invoices(engine: &Engine) -> Vec<Arc<Invoice>> {
    let mut invoices = Vec::new();
    for account in engine.store.accounts().await.unwrap() {
        let state = engine.state(&account).await.unwrap();
        invoices.extend(state.receivables.values().map(|receivable| receivable.invoice.clone()));
    }
    invoices.sort_by(|a, b| a.number.cmp(&b.number));
    invoices
}

/// `INV-2026-000001` and on, each once.
pub async fn numbered_without_gap(engine: &Engine, count: usize) {
    let numbers: Vec<_> =
        invoices(engine).await.into_iter().map(|one| one.number.clone()).collect();
    let expected: Vec<_> = (1..=count).map(|n| format!("INV-2026-{n:06}")).collect();
    assert_eq!(numbers, expected);
}

pub async fn charged(engine: &Engine) -> BTreeMap<ChargeKey, Yen> {
    let mut sums = BTreeMap::new();
    for line in invoices(engine).await.iter().flat_map(|invoice| &invoice.lines) {
        *sums.entry(line.charge.key.clone()).or_insert(Yen::ZERO) += line.amount;
    }
    sums
}

/// Two customers with a server since April, in May.
async fn two_customers(store: Arc<dyn Store>) -> Desk {
    let desk = Desk::over(store);
    desk.running(&kita("mouri@hokuto.example")).await;
    desk.running(&minami()).await;
    desk.go_to("2026-06-05T09:00:00").await;
    desk
}

async fn bill(engine: &Engine, month: &str, issued_on: &str) -> Vec<String> {
    let (month, day) = (month.parse().unwrap(), issued_on.parse().unwrap());
    let by = engine.operator.actor("takahashi").unwrap();
    engine.bill(month, day, &by).await.unwrap().issued
}

/// A second process on the same data folder.
fn another(desk: &Desk) -> Engine {
    engine(desk.engine.store.clone(), desk.mailbox.clone(), desk.clock.clone())
}

async fn two_runs_at_once_share_the_numbers(store: Arc<dyn Store>) {
    let desk = two_customers(store).await;
    let other = another(&desk);
    let (april, may) = tokio::join!(
        bill(&desk.engine, "2026-04", "2026-06-05"),
        bill(&other, "2026-05", "2026-06-05")
    );
    numbered_without_gap(&desk.engine, april.len() + may.len()).await;
    let sums = charged(&desk.engine).await;
    assert_eq!(sums.len(), 4, "{sums:#?}");
    assert!(sums.values().all(|sum| *sum == Yen(24_800)), "{sums:#?}");
}

#[tokio::test]
async fn two_runs_at_once_share_the_numbers_in_memory() {
    two_runs_at_once_share_the_numbers(in_memory().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_at_once_share_the_numbers_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    two_runs_at_once_share_the_numbers(on_disk(folder.path()).await).await;
}

#[tokio::test]
async fn the_same_month_by_two_runs_of_two_days_is_charged_once() {
    let desk = two_customers(in_memory().await).await;
    let other = another(&desk);
    let (one, two) = tokio::join!(
        bill(&desk.engine, "2026-05", "2026-06-04"),
        bill(&other, "2026-05", "2026-06-05")
    );
    assert_eq!(one.len() + two.len(), 2, "{one:?} {two:?}");
    numbered_without_gap(&desk.engine, 2).await;
    assert!(charged(&desk.engine).await.values().all(|sum| *sum == Yen(24_800)));
}

#[tokio::test]
async fn one_run_twice_at_once_is_one_run() {
    let desk = two_customers(in_memory().await).await;
    let other = another(&desk);
    let (one, two) = tokio::join!(
        bill(&desk.engine, "2026-05", "2026-06-05"),
        bill(&other, "2026-05", "2026-06-05")
    );
    assert_eq!((one.len(), two.len()), (2, 2));
    numbered_without_gap(&desk.engine, 2).await;
}

#[tokio::test]
async fn a_run_repeated_gives_nothing_new() {
    let desk = two_customers(in_memory().await).await;
    let first = bill(&desk.engine, "2026-05", "2026-06-05").await;
    let before = desk.engine.export().await.unwrap();
    assert_eq!(bill(&desk.engine, "2026-05", "2026-06-05").await, first);
    assert_eq!(desk.engine.export().await.unwrap(), before);
    assert!(bill(&desk.engine, "2026-05", "2026-06-04").await.is_empty());
    assert_eq!(desk.engine.export().await.unwrap(), before);
    numbered_without_gap(&desk.engine, first.len()).await;
}

/// The time of one use, in seconds.
const SLOT: i64 = 40 * 3600;

/// One measured use: month from April, tenths of an hour, and how many runs
/// later than its month it becomes known.
type Use = (u32, u32, u32);

fn runs() -> [(&'static str, &'static str); 4] {
    [
        ("2026-04", "2026-05-08"),
        ("2026-05", "2026-06-08"),
        ("2026-06", "2026-07-08"),
        ("2026-07", "2026-08-07"),
    ]
}

/// Imports each use before the run in which it becomes known, and bills.
async fn billed_with_late_usage(uses: &[Use]) -> Desk {
    let desk = Desk::open().await;
    let registered = desk.running(&kita("mouri@hokuto.example")).await;
    for (run, (month, issued_on)) in (0..).zip(runs()) {
        desk.go_to(&format!("{issued_on}T09:00:00")).await;
        let known = uses.iter().enumerate().filter(|(_, one)| (one.0 + one.2).min(3) == run);
        let rows: Vec<_> = known
            .map(|(number, (month, tenths, _))| {
                let hours = format!("{}.{}", tenths / 10, tenths % 10);
                // Each in its own time: an interval counts once.
                let first: Moment = format!("2026-{:02}-11T00:00:00", month + 4).parse().unwrap();
                let from = first.plus_seconds(number as i64 * SLOT);
                let to = from.plus_seconds(SLOT);
                (format!("u-{number}"), hours, from.to_string(), to.to_string())
            })
            .collect();
        let rows: Vec<_> = rows
            .iter()
            .map(|(a, b, c, d)| (a.as_str(), b.as_str(), c.as_str(), d.as_str()))
            .collect();
        let by = desk.person("takahashi");
        let file = usage_of(&registered, &rows);
        let usage = desk.engine.import_usage(&format!("{month}.csv"), &file, &by).await.unwrap();
        assert_eq!(usage.accepted as usize, rows.len(), "{usage:?}");
        bill(&desk.engine, month, issued_on).await;
    }
    desk
}

/// What the price table says of each month's whole quantity.
fn should_be_charged(engine: &Engine, uses: &[Use]) -> BTreeMap<Month, Yen> {
    let mut tenths: BTreeMap<u32, u32> = BTreeMap::new();
    for (month, quantity, _) in uses {
        *tenths.entry(*month).or_default() += quantity;
    }
    let month = |number: u32| -> Month { format!("2026-{:02}", number + 4).parse().unwrap() };
    let amount = |number: u32, tenths: u32| {
        let quantity: Decimal = format!("{}.{}", tenths / 10, tenths % 10).parse().unwrap();
        let prices = &engine.law.prices;
        rating::rate(prices, "BS-H", month(number), quantity, None, None).unwrap().amount
    };
    let amounts = tenths.iter().map(|(number, tenths)| (month(*number), amount(*number, *tenths)));
    amounts.filter(|(_, amount)| !amount.is_zero()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_add_up_to_what_should_be_charged_however_late_usage_comes(
        uses in prop::collection::vec((0..4_u32, 0..400_u32, 0..4_u32), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = billed_with_late_usage(&uses).await;
            let sums = charged(&desk.engine).await;
            let usage = sums.iter().filter(|(key, _)| key.kind == ChargeKind::Usage);
            let found: BTreeMap<_, _> = usage.map(|(key, sum)| (key.month, *sum)).collect();
            assert_eq!(found, should_be_charged(&desk.engine, &uses));
            let fees = sums.iter().filter(|(key, _)| key.kind == ChargeKind::MonthlyFee);
            assert_eq!(fees.map(|(_, sum)| *sum).collect::<Vec<_>>(), [Yen(24_800); 4]);
            let count = invoices(&desk.engine).await.len();
            numbered_without_gap(&desk.engine, count).await;
        });
    }
}
