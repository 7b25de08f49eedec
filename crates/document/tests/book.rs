//! The workbook of an existing book: what is read, and every fault by its cell.

use contract::money::invoice::InvoiceKind;
use contract::takeover::RunningNotice;
use document::{BOOK_SHEETS, read_book, write_book};
use reckon::Yen;

use self::rows::{Rows, add, number, rows};

#[path = "../examples/sample_book/rows.rs"]
mod rows;

fn read(rows: &Rows) -> Result<document::Book, Vec<String>> {
    let bytes = write_book(rows).expect("a workbook");
    read_book("book.xlsx", &bytes).map_err(|faults| {
        let text = |fault: &document::Fault| {
            assert!(!fault.remedy.en.is_empty() && fault.file == "book.xlsx");
            format!("{} {}", fault.place.en, fault.problem.en)
        };
        faults.iter().map(text).collect()
    })
}

fn changed(sheet: &str, row: usize, column: usize, text: &str) -> Rows {
    let mut book = rows(12);
    book.get_mut(sheet).expect("the sheet")[row][column] = text.to_owned();
    book
}

#[test]
fn a_book_is_read_as_it_was_written() {
    let book = read(&rows(12)).expect("no fault");
    assert_eq!((book.contracts.len(), book.receivables.len()), (12, 3));
    let second = &book.contracts[1];
    assert_eq!((second.number.as_str(), second.row), ("MC-00002", 3));
    assert_eq!(second.form.lines.len(), 2);
    assert_eq!(second.standing[0].minimum_term_to, "2026-12-31".parse().ok());
    assert!(matches!(second.notices[0].1, RunningNotice::Cancellation { notified: Some(_), .. }));
    assert!(matches!(book.contracts[6].notices[0].1, RunningNotice::NonRenewal { .. }));
    assert_eq!(book.contracts[6].form.lines[1].start, "2026-06-01".parse().expect("a day"));
    assert_eq!(book.contracts[4].changes.len(), 1);
    assert_eq!(book.contracts[2].agreements.len(), 1);
    let part = &book.receivables[1];
    assert_eq!((part.kind, part.outstanding), (InvoiceKind::Fee, part.total - Yen(10_000)));
    assert_eq!(book.cell("売掛金", part.row, "支払期日"), "売掛金!F3");
}

#[test]
fn columns_may_stand_in_any_order_and_months_be_written_in_any_way() {
    for month in ["2026/5", "2026年5月", "２０２６－０５", "2026-05-01", "令和8年5月1日"]
    {
        let book = read(&changed("契約", 0, 14, month)).expect(month);
        assert_eq!(book.contracts[0].charge_from.to_string(), "2026-05");
    }
}

#[test]
fn every_false_cell_is_named() {
    let cases = [
        ("契約", 0, 3, "1234567890123", "契約!D2 the check digit of 1234567890123"),
        ("契約", 0, 4, "10", "契約!E2 「10」 is no postal code"),
        ("契約", 0, 7, "2026-02-30", "契約!H2 「2026-02-30」 is no day"),
        ("契約", 0, 11, "現金", "契約!L2 「現金」 is no way to pay"),
        ("契約", 0, 12, "翌翌月", "契約!M2 「翌翌月」 is no due date"),
        ("契約", 0, 14, "5月", "契約!O2 「5月」 is no month"),
        ("契約", 0, 18, "nobody", "契約!S2 「nobody」 is no mail address"),
        ("契約", 0, 1, "", "契約!B2 the cell is empty"),
        ("契約", 0, 10, "2020-01-01", "契約!K2 the period of use ends on 2020-01-01"),
        ("契約", 1, 0, "MC-00001", "契約!A3 the number MC-00001 stands in row 2 too"),
        ("明細", 0, 0, "MC-99999", "明細!A2 the sheet 「契約」 has no contract MC-99999"),
        ("明細", 0, 4, "0", "明細!E2 「0」 is no whole number from 1"),
        ("明細", 0, 5, "", "明細!F2 the line has no day on which its use begins"),
        ("明細", 0, 8, "2020-01-01", "明細!I2 the minimum term ends on 2020-01-01"),
        ("明細", 2, 1, "1", "明細!B4 the line 1 stands twice"),
        ("個別合意", 0, 2, "{", "個別合意!C2 "),
        ("通知", 0, 1, "電話", "通知!B2 「電話」 is none of the values"),
        ("通知", 0, 4, "", "通知!E2 the cell is empty"),
        ("通知", 0, 6, "", "通知!G2 the notice has no day of sending"),
        ("通知", 0, 7, "", "通知!H2 a receipt notice names a day"),
        ("通知", 0, 6, "2026-04-01", "通知!G2 the receipt notice was sent before"),
        ("変更予定", 0, 3, "", "変更予定!D2 the row changes nothing"),
        ("変更予定", 0, 2, "9", "変更予定!C2 the contract has no line 9"),
        ("変更予定", 0, 1, "2026-04-01", "変更予定!B2 the change is before 2026-05-01"),
        ("売掛金", 0, 5, "2026-01-01", "売掛金!F2 it was due on 2026-01-01, before"),
        (
            "売掛金",
            0,
            6,
            "9223372036854775807",
            "売掛金!G2 「9223372036854775807」 is more than 1,00",
        ),
        ("売掛金", 0, 7, "0", "売掛金!H2 nothing of it is unpaid"),
        ("売掛金", 0, 7, "1", "売掛金!H2 31,680 yen less part payments of 0 yen leave 31,680 yen"),
        ("売掛金", 0, 1, "MC-00001、MC-00002", "売掛金!B2 the contracts belong to several"),
        ("売掛金", 1, 0, "INV-2026-000005", "売掛金!A3 the invoice INV-2026-000005 stands twice"),
        ("一部入金", 0, 0, "?", "一部入金!A2 the sheet 「売掛金」 has no invoice ?"),
        ("一部入金", 0, 2, "0", "一部入金!C2 a payment is more than nothing"),
        ("最終番号", 0, 1, "26", "最終番号!B2 26 is no year"),
        ("検算", 0, 1, "11", "検算!B2 契約数 is 11 here and 12 in the sheets"),
        ("検算", 3, 1, "1", "検算!B5 未収額合計 is 1 here"),
    ];
    for (sheet, row, column, text, expected) in cases {
        let faults = read(&changed(sheet, row, column, text)).expect_err(expected);
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{expected}: {faults:#?}");
    }
}

#[test]
fn all_faults_are_named_at_once() {
    let mut book = changed("契約", 0, 3, "1");
    book.get_mut("売掛金").expect("the sheet")[0][7] = "many".to_owned();
    assert_eq!(read(&book).expect_err("two faults").len(), 2);
}

#[test]
fn a_contract_without_lines_and_one_name_for_a_company() {
    let mut book = rows(3);
    book.get_mut("明細").expect("the sheet").retain(|row| row[0] != number(3));
    book.get_mut("契約").expect("the sheet")[1][3] = rows::corporate_number(1);
    book.remove("検算");
    let faults = read(&book).expect_err("two faults");
    assert_eq!(faults.len(), 2, "{faults:#?}");
    assert!(faults[0].starts_with("契約!B3 row 2 names this company"));
    assert!(faults[1].starts_with("契約!A4 the sheet 「明細」 has no line"));
}

#[test]
fn a_number_stands_once_in_a_series_and_year() {
    let mut book = rows(1);
    add(&mut book, "最終番号", &["INV", "2026", "7"]);
    assert_eq!(read(&book).expect_err("a fault"), ["最終番号!A3 INV of 2026 stands twice"]);
}

#[test]
fn what_is_no_workbook_of_ours_is_refused() {
    let faults = read_book("a.xlsx", b"no workbook").expect_err("a fault");
    assert_eq!(faults[0].place.en, "whole file");
    let form = document::write_application(None).expect("a form");
    let faults = read_book("form.xlsx", &form).expect_err("a fault");
    assert_eq!(faults.len(), 1 + BOOK_SHEETS.len(), "{faults:#?}");
    let book = write_book(&rows(3)).expect("a workbook");
    for cut in (0..book.len()).step_by(997) {
        assert!(read_book("cut.xlsx", &book[..cut]).is_err());
    }
}

/// The page of the format says what the reader reads.
#[test]
fn the_page_of_the_format_names_every_column() {
    let page = include_str!("../../../docs/migration.md");
    for sheet in BOOK_SHEETS {
        let (_, part) = page.split_once(&format!("### {}", sheet.name)).expect(sheet.name);
        let part = part.split("\n### ").next().expect("a part");
        for column in sheet.columns {
            let required = if column.required { " yes " } else { " " };
            let row = format!("| {} |{required}|", column.head);
            assert!(part.contains(&row), "{}: {row}", sheet.name);
        }
    }
}
