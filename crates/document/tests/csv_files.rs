//! Usage in, journal out.

use document::{Fault, JournalEntry, read_usage, write_journal};
use encoding_rs::SHIFT_JIS;
use reckon::Yen;

const HEAD: &str = "id,account,contract,line,resource,item,quantity,unit,from,to";
const GOOD: &str =
    "u1,A-1,C-1,1,仮想サーバー1,SV-S,717.25,時間,2026-04-01T00:00:00,2026-05-01T00:00:00+09:00";

fn usage(rows: &[&str]) -> String {
    format!("{HEAD}\r\n{}\r\n", rows.join("\r\n"))
}

fn faults_of(text: &str) -> Vec<Fault> {
    read_usage("usage.csv", text.as_bytes()).unwrap_err()
}

fn places(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.place.en.as_str(), fault.field.as_str())).collect()
}

#[test]
fn usage_is_the_same_in_utf_8_with_and_without_mark_and_in_cp932() {
    let text = usage(&[GOOD]);
    let plain = read_usage("usage.csv", text.as_bytes()).unwrap();
    assert_eq!(plain.rows[0].row, 2);
    assert_eq!(plain.rows[0].resource, "仮想サーバー1");
    assert_eq!(plain.rows[0].quantity.to_string(), "717.25");
    let zeros = read_usage("u.csv", text.replace("717.25", "717.250000000000").as_bytes()).unwrap();
    assert_eq!(zeros.rows[0].quantity, plain.rows[0].quantity);
    assert_eq!(plain.rows[0].to.to_string(), "2026-05-01T00:00:00+09:00");
    let marked = format!("\u{FEFF}{text}");
    assert_eq!(read_usage("usage.csv", marked.as_bytes()).unwrap(), plain);
    let (cp932, _, lossy) = SHIFT_JIS.encode(&text);
    assert!(!lossy);
    assert_eq!(read_usage("usage.csv", &cp932).unwrap(), plain);
}

#[test]
fn the_columns_may_stand_in_any_order() {
    let text = "to,from,unit,quantity,item,resource,line,contract,account,id\n\
                2026-05-01T00:00:00,2026-04-01T00:00:00,h,1,SV-S,vm,1,C-1,A-1,u1\n";
    let file = read_usage("usage.csv", text.as_bytes()).unwrap();
    assert_eq!((file.rows[0].id.as_str(), file.rows[0].unit.as_str()), ("u1", "h"));
}

#[test]
fn one_bad_row_refuses_the_file_and_names_all_its_fields() {
    let bad = ",A-1,C-1,0,vm,SV-S,\"1,000\",h,2026-04-31T00:00:00,2026-05-01";
    let faults = faults_of(&usage(&[GOOD, bad, GOOD]));
    assert_eq!(
        places(&faults),
        ["id", "line", "quantity", "from", "to"].map(|field| ("row 3", field))
    );
}

#[test]
fn each_kind_of_false_row_is_a_fault() {
    let with = |from: &str, to: &str| faults_of(&usage(&[&GOOD.replace(from, to)]));
    assert_eq!(places(&with("717.25", "--1")), [("row 2", "quantity")]);
    assert_eq!(places(&with("717.25", "1e3")), [("row 2", "quantity")]);
    assert_eq!(places(&with("717.25", "0.0000001")), [("row 2", "quantity")]);
    assert_eq!(places(&with("2026-05-01T", "2026-04-01T")), [("row 2", "to")]);
    assert_eq!(places(&with("2026-05-01T", "9999-12-31T")), [("row 2", "to")]);
    assert_eq!(places(&with("SV-S,", "")), [("row 2", "CSV")]);
    // An empty line counts in the row number.
    assert_eq!(
        places(&faults_of(&usage(&[GOOD, "", &GOOD.replace("C-1", "")]))),
        [("row 4", "contract")]
    );
    // A quote that is not closed swallows the rest of the file.
    let open = GOOD.replace("仮想", "\"仮想");
    assert!(!faults_of(&usage(&[GOOD, &open, GOOD])).is_empty());
}

#[test]
fn a_false_header_is_a_fault() {
    let with = |from: &str, to: &str| faults_of(&usage(&[GOOD]).replacen(from, to, 1));
    assert_eq!(places(&with("quantity", "amount")), [("row 1", "amount"), ("row 1", "quantity")]);
    assert_eq!(places(&with("unit", "item")), [("row 1", "item"), ("row 1", "unit")]);
    for another_kind in ["", "登録番号,名称\n1,青葉\n"] {
        let faults = faults_of(another_kind);
        assert_eq!(faults.len(), 1, "it is said once, and not of each column: {faults:?}");
    }
    let neither = [HEAD.as_bytes(), b"\n\xFF\xFE\x80"].concat();
    assert_eq!(read_usage("usage.csv", &neither).unwrap_err()[0].field, "文字コード");
}

#[test]
fn the_journal_is_csv_that_excel_and_accounting_software_read() {
    let entry = JournalEntry {
        date: "2026-04-30".parse().unwrap(),
        number: "J-1".into(),
        debit: "売掛金".into(),
        credit: "売上高".into(),
        amount: Yen(1_234_567),
        tax_class: "課税売上10%".into(),
        summary: "株式会社アルファ, 4月分 \"SDPF\"".into(),
        reference: "INV-2026-0017".into(),
    };
    let text = String::from_utf8(write_journal(&[entry])).unwrap();
    assert_eq!(
        text,
        "\u{FEFF}日付,伝票番号,借方科目,貸方科目,金額,税区分,摘要,参照番号\r\n\
         2026/04/30,J-1,売掛金,売上高,1234567,課税売上10%,\"株式会社アルファ, 4月分 \"\"SDPF\"\"\",INV-2026-0017\r\n"
    );
}
