//! Parallel months: what an earlier way charged beside what the terms say.

use std::collections::BTreeMap;

use contract::compare::{Difference, Rounding};
use contract::money::invoice::ChargeKind;
use engine::{Comparison, EngineError};
use reckon::Yen;

use crate::desk::Desk;
use crate::takeover::rows::{self, rows};

/// What the earlier way charged, by sheet.
type Charged = BTreeMap<String, Vec<Vec<String>>>;

/// A book of twelve contracts after its first parallel month.
async fn desk() -> Desk {
    let desk = Desk::open().await;
    desk.go_to("2026-04-20T10:00:00").await;
    let by = desk.person("sato");
    let book = document::write_book(&rows(12)).unwrap();
    desk.engine.load_book("book.xlsx", &book, &by, &mut |_, _| {}).await.unwrap();
    desk.go_to("2026-06-03T10:00:00").await;
    desk
}

async fn compare(desk: &Desk, charged: &Charged) -> Result<Comparison, EngineError> {
    let bytes = document::write_charged(charged).unwrap();
    desk.engine.compare_charges("old.xlsx", &bytes, "2026-05".parse().unwrap()).await
}

/// An earlier way that charged exactly what the terms charge, one invoice for each
/// contract; the row of a contract `MC-…` and line is found by [`row`].
async fn same(desk: &Desk) -> Charged {
    let nothing = compare(desk, &Charged::new()).await.unwrap();
    let mut charged = Charged::new();
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in nothing.rows.iter().filter(|row| row.kind == Some(ChargeKind::MonthlyFee)) {
        assert_eq!(row.reason, Difference::NotCharged);
        let number = row.former.clone().unwrap();
        let (line, amount) = (row.line.unwrap(), row.ours.unwrap().0);
        *sums.entry(number.clone()).or_default() += amount;
        let cells = [
            &format!("旧-{number}"),
            &number,
            &line.to_string(),
            "月額料金",
            &row.item,
            &amount.to_string(),
        ];
        rows::add(&mut charged, "請求明細", &cells);
    }
    for (number, net) in sums {
        let tax = net / 10;
        let cells = [format!("旧-{number}"), tax.to_string(), (net + tax).to_string()];
        rows::add(&mut charged, "請求書", &cells);
    }
    charged
}

fn row<'a>(charged: &'a mut Charged, number: &str, line: &str) -> &'a mut Vec<String> {
    let rows = charged.get_mut("請求明細").unwrap();
    rows.iter_mut().find(|row| row[1] == number && row[2] == line).unwrap()
}

/// Sets tax and total of an invoice by its lines, and this much more tax.
fn tax(charged: &mut Charged, number: &str, more: i64) {
    let of_contract = charged["請求明細"].iter().filter(|row| row[1] == number);
    let net: i64 = of_contract.map(|row| row[5].parse::<i64>().unwrap()).sum();
    let tax = net / 10 + more;
    let invoices = charged.get_mut("請求書").unwrap();
    let invoice = invoices.iter_mut().find(|row| row[0] == format!("旧-{number}")).unwrap();
    (invoice[1], invoice[2]) = (tax.to_string(), (net + tax).to_string());
}

/// The rows of a comparison, as contract, difference and reason.
fn told(found: &Comparison) -> Vec<(String, i64, Difference)> {
    let sum: Yen = found.rows.iter().map(|row| row.difference).sum();
    assert_eq!(sum, found.difference, "the rows explain every yen");
    let told = found.rows.iter().map(|row| {
        let about = row.former.clone().unwrap_or_else(|| row.about.clone());
        (about, row.difference.0, row.reason.clone())
    });
    told.collect()
}

#[tokio::test]
async fn the_same_charges_have_no_difference() {
    let desk = desk().await;
    let charged = same(&desk).await;
    let before = desk.engine.export().await.unwrap();
    let found = compare(&desk, &charged).await.unwrap();
    assert_eq!(told(&found), []);
    assert_eq!((found.agreed, found.ours), (charged["請求明細"].len(), found.theirs));
    // It does not matter whether the month has been invoiced here.
    let by = desk.person("takahashi");
    let (month, on) = ("2026-05".parse().unwrap(), "2026-06-03".parse().unwrap());
    assert_eq!(desk.engine.export().await.unwrap(), before, "comparing writes nothing");
    desk.engine.bill(month, on, &by).await.unwrap();
    assert_eq!(told(&compare(&desk, &charged).await.unwrap()), []);
}

#[tokio::test]
async fn every_yen_of_difference_has_its_reason() {
    let desk = desk().await;
    let base = same(&desk).await;
    let one = |number: &str, amount: i64, reason| vec![(number.to_owned(), amount, reason)];
    // MC-00004: one server at an agreed 23,000 in place of 24,800, and support.
    let agreed = base["請求明細"].iter().find(|row| row[1] == "MC-00004").unwrap();
    assert_eq!(agreed[5], "23000");
    let listed = Difference::ListPrice { yen: "24800".parse().unwrap() };
    // MC-00001: two servers.
    let cases: Vec<(&str, &str, i64, Difference)> = vec![
        ("MC-00004", "1", 24_800, listed),
        ("MC-00001", "1", 3 * 24_800, Difference::Quantity { theirs: 3 }),
        ("MC-00001", "1", 54_560, Difference::WithTax),
        ("MC-00001", "1", 49_000, Difference::Unexplained),
        ("MC-00001", "1", 0, Difference::NotCharged),
    ];
    for (number, line, amount, reason) in cases {
        let mut charged = base.clone();
        let cell = &mut row(&mut charged, number, line)[5];
        let more = amount - cell.parse::<i64>().unwrap();
        *cell = amount.to_string();
        tax(&mut charged, number, 0);
        let found = compare(&desk, &charged).await.unwrap();
        let mut expected = one(number, more, reason.clone());
        expected.push((String::new(), more / 10, Difference::TaxOfLines));
        assert_eq!(told(&found), expected);
        let unexplained = usize::from(reason == Difference::Unexplained);
        assert_eq!(found.unexplained, unexplained);
    }
}

#[tokio::test]
async fn tax_that_was_rounded_otherwise_is_told_apart() {
    let desk = desk().await;
    let mut charged = same(&desk).await;
    // 24,805 of tax base: 2,480.5 yen.
    row(&mut charged, "MC-00001", "1")[5] = "49605".to_owned();
    tax(&mut charged, "MC-00001", 1);
    let found = told(&compare(&desk, &charged).await.unwrap());
    let by = |how| Difference::TaxRounded { how };
    assert_eq!(
        found,
        [
            ("MC-00001".to_owned(), 5, Difference::Unexplained),
            ("旧-MC-00001".to_owned(), 1, by(Rounding::HalfUp)),
        ]
    );
}

#[tokio::test]
async fn what_is_on_one_side_only_is_told_with_its_reason() {
    let desk = desk().await;
    let mut charged = same(&desk).await;
    let add = |charged: &mut Charged, number: &str, cells: [&str; 4]| {
        let invoice = format!("旧-{number}");
        let [line, kind, item, amount] = cells;
        rows::add(charged, "請求明細", &[&invoice, number, line, kind, item, amount]);
    };
    add(&mut charged, "MC-00007", ["3", "月額料金", "NW-100M", "3000"]);
    add(&mut charged, "MC-00001", ["9", "月額料金", "SV-4C16G", "1000"]);
    add(&mut charged, "MC-00001", ["", "延滞利息", "", "77"]);
    for number in ["MC-00007", "MC-00001"] {
        tax(&mut charged, number, 0);
    }
    add(&mut charged, "MC-09999", ["1", "月額料金", "SV-4C16G", "24800"]);
    rows::add(&mut charged, "請求書", &["旧-MC-09999", "2480", "27280"]);
    let found = told(&compare(&desk, &charged).await.unwrap());
    let reasons: Vec<_> = found.iter().map(|(about, _, why)| (about.as_str(), why)).collect();
    for expected in [
        ("MC-00007", &Difference::OutsideOfUse),
        ("MC-00001", &Difference::UnknownLine),
        ("MC-00001", &Difference::NothingDue),
        ("MC-09999", &Difference::UnknownContract),
        ("旧-MC-00001", &Difference::TaxOnUntaxed),
    ] {
        assert!(reasons.contains(&expected), "{expected:?} in {reasons:?}");
    }
}

#[tokio::test]
async fn a_workbook_with_a_fault_is_not_compared() {
    let desk = desk().await;
    let base = same(&desk).await;
    type Spoil = fn(&mut Charged);
    let cases: [(Spoil, &str); 5] = [
        (|charged| row(charged, "MC-00001", "1")[5] = "many".to_owned(), "請求明細!F 「many」"),
        (|charged| row(charged, "MC-00001", "1")[4].clear(), "請求明細!E a fee is charged"),
        (|charged| row(charged, "MC-00001", "1")[0] = "旧-0".to_owned(), "請求明細!A the sheet"),
        (|charged| tax(charged, "MC-00001", 0), ""),
        (|charged| charged.get_mut("請求書").unwrap()[0][2] = "1".to_owned(), "請求書!C its lines"),
    ];
    for (spoil, expected) in cases {
        let mut charged = base.clone();
        spoil(&mut charged);
        let told = match compare(&desk, &charged).await {
            Err(EngineError::Faults(faults)) => {
                let column = faults[0].place.en.trim_end_matches(|c: char| c.is_ascii_digit());
                format!("{column} {}", faults[0].problem.en)
            }
            Err(other) => panic!("{other}"),
            Ok(_) => String::new(),
        };
        assert!(told.starts_with(expected) && told.is_empty() == expected.is_empty(), "{told}");
    }
    let (bytes, june) = (document::write_charged(&base).unwrap(), "2026-06".parse().unwrap());
    let too_early = desk.engine.compare_charges("old.xlsx", &bytes, june).await;
    assert!(matches!(too_early, Err(EngineError::Refused(_))));
}
