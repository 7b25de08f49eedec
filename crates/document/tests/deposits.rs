//! The deposit file 03, there, back, and refused.

use document::{DepositFile, Direction, Fault, payer_key, read_deposits, write_deposits};
use reckon::Yen;

/// Made by a program of its own: CP932, CR LF, a final 0x1A.
const SAMPLE: &[u8] = include_bytes!("data/03_deposits.txt");

/// The sample with these bytes from `first` (1-based, within the record) on.
fn with(row: usize, first: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = SAMPLE.to_vec();
    let at = (row - 1) * 202 + first - 1;
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

/// The one fault of a file.
fn fault_of(bytes: &[u8]) -> Fault {
    let mut faults = read_deposits("03.txt", bytes).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.remove(0)
}

fn sample() -> DepositFile {
    read_deposits("03.txt", SAMPLE).unwrap()
}

#[test]
fn the_sample_of_a_bank_is_read_with_its_days_of_the_era() {
    let file = sample();
    let statement = &file.statements[0];
    assert_eq!(statement.header.created_on.to_string(), "2026-12-28");
    assert_eq!(statement.header.account_number, "0007654321");
    assert_eq!(statement.total(Direction::In), (2, Yen(165_440)));
    assert_eq!(statement.closing_balance, Yen(2_165_000));
    let entry = &statement.entries[1];
    assert_eq!((entry.row, entry.amount), (3, Yen(55_440)));
    assert_eq!(entry.booked_on.to_string(), "2026-12-15");
    assert_eq!(entry.value_on.to_string(), "2026-12-14");
    assert_eq!(entry.payer_name, "ﾍﾞ-ﾀｼﾖｳｼﾞ(ﾕ");
    assert_eq!(entry.payer_code, "0000123456");
    assert_eq!(entry.edi, "INV-2026-0017");
    // The bank leaves the value date of its own fee empty.
    assert_eq!(statement.entries[2].value_on.to_string(), "2026-12-28");
}

#[test]
fn a_file_reads_back_as_it_was_written_with_or_without_line_ends() {
    let mut file = sample();
    file.statements.push(file.statements[0].clone());
    for (row, entry) in (7..).zip(&mut file.statements[1].entries) {
        entry.row = row;
    }
    file.statements[1].closing_balance = Yen(-5);
    let bytes = write_deposits(&file).unwrap();
    assert_eq!(read_deposits("03.txt", &bytes).unwrap(), file);
    let joined: Vec<u8> = bytes.into_iter().filter(|b| !b"\r\n".contains(b)).collect();
    assert_eq!(read_deposits("03.txt", &joined).unwrap(), file);
}

#[test]
fn a_wrong_trailer_names_row_field_found_and_expected() {
    let cases: [(usize, usize, &[u8], &str); 7] = [
        (5, 2, b"000003", "入金件数"),
        (5, 8, b"0000000165441", "入金額合計"),
        (5, 21, b"000000", "出金件数"),
        (5, 27, b"0000000000441", "出金額合計"),
        (5, 55, b"0000004", "データ・レコード件数"),
        (6, 2, b"0000000005", "レコード総件数"),
        (6, 12, b"00002", "口座数"),
    ];
    for (row, first, bytes, field) in cases {
        let fault = fault_of(&with(row, first, bytes));
        assert_eq!((fault.place.as_str(), fault.field.as_str()), (&*format!("row {row}"), field));
    }
    let fault = fault_of(&with(5, 8, b"0000000165441"));
    assert_eq!(fault.problem, "found 165441, expected 165440 from the records above");
}

#[test]
fn a_false_field_is_named_by_row_and_field() {
    let cases: [(usize, usize, &[u8], &str, &str); 9] = [
        (1, 2, b"01", "種別コード", "kind 「01」"),
        (1, 4, b"1", "コード区分", "EBCDIC"),
        (1, 5, b"081301", "作成日", "no day"),
        (2, 10, b"080231", "勘定日", "no day"),
        (2, 10, b"081130", "勘定日", "outside the statement"),
        (3, 16, b"261214", "預入・払出日(起算日)", ""),
        (3, 22, b"3", "入払区分", "neither 1 入金 nor 2 出金"),
        (3, 25, b"00000005544O", "取引金額", "not all digits"),
        (3, 82, b"\x81\x20", "振込依頼人名/契約者番号", "no CP932"),
    ];
    for (row, first, bytes, field, problem) in cases {
        let file = with(row, first, bytes);
        // A year of the century would be 2044: only a clock can tell.
        if problem.is_empty() {
            let read = read_deposits("03.txt", &file).unwrap();
            assert_eq!(read.statements[0].entries[1].value_on.to_string(), "2044-12-14");
            continue;
        }
        let fault = fault_of(&file);
        assert_eq!((fault.place.as_str(), fault.field.as_str()), (&*format!("row {row}"), field));
        assert!(fault.problem.contains(problem), "{fault}");
    }
}

#[test]
fn records_of_another_length_kind_or_order_refuse_the_file() {
    let fault = fault_of(&with(2, 1, b"7"));
    assert_eq!((fault.place.as_str(), fault.field.as_str()), ("row 2", "データ区分"));
    for (row, kind) in [(1, b"2"), (2, b"1"), (2, b"9"), (5, b"2"), (6, b"8")] {
        let faults = read_deposits("03.txt", &with(row, 1, kind)).unwrap_err();
        assert!(faults.iter().any(|fault| fault.field == "データ区分"), "{faults:#?}");
    }
    let mut longer = SAMPLE.to_vec();
    longer.insert(300, b' ');
    let fault = fault_of(&longer);
    assert_eq!((fault.place.as_str(), fault.field.as_str()), ("row 2", "レコード長"));
}

#[test]
fn a_file_cut_off_at_any_byte_is_refused() {
    let joined: Vec<u8> = SAMPLE.iter().copied().filter(|b| !b"\r\n\x1A".contains(b)).collect();
    assert!(read_deposits("03.txt", &joined).is_ok());
    for end in 0..joined.len() {
        assert!(read_deposits("03.txt", &joined[..end]).is_err(), "{end} bytes were accepted");
    }
    // Without the final CR LF and 0x1A the file is whole.
    for end in 0..SAMPLE.len() - 3 {
        assert!(read_deposits("03.txt", &SAMPLE[..end]).is_err(), "{end} bytes were accepted");
    }
}

#[test]
fn a_file_with_changed_line_ends_is_refused() {
    let edited: Vec<u8> = SAMPLE.iter().copied().filter(|b| *b != b'\r').collect();
    assert_eq!(fault_of(&edited).field, "改行");
}

#[test]
fn what_no_field_can_hold_is_not_written() {
    let mut file = sample();
    let entry = &mut file.statements[0].entries[0];
    entry.payer_name = "東西クラウド".into();
    entry.amount = Yen(-1);
    entry.summary = "ｱ".repeat(21);
    entry.booked_on = "1999-01-01".parse().unwrap();
    let faults = write_deposits(&file).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["勘定日", "取引金額", "振込依頼人名/契約者番号", "摘要内容"]);
}

#[test]
fn one_payer_has_one_key_however_the_name_is_written() {
    let same = [
        ["ﾍﾞ-ﾀｼﾖｳｼﾞ(ﾕ", "有限会社ベータショウジ", "ベ－タ ショウジ㈲", "べーたしょうじ（有）"],
        ["ｶ)ｱﾙﾌｱ", "ｱﾙﾌｧ(ｶ", "0000123456ｶ)ｱﾙﾌｱ", "カブシキガイシャ　アルファ"],
        ["ｱﾙﾌｱ(ｶ)ﾁﾊﾞｼﾃﾝ", "アルファチバシテン", "ｱﾙﾌｱ ﾁﾊﾞｼﾃﾝ", "ｱﾙﾌｱ･ﾁﾊﾞｼﾃﾝ"],
        ["ｴﾇﾋﾟ-ｵ-ABC", "エヌピーオーａｂｃ", "ｴﾇﾋﾟｰｵｰabc", "ｴﾇﾋﾟ‐ｵ‐ABC"],
    ];
    for names in same {
        for name in names {
            assert_eq!(payer_key(name), payer_key(names[0]), "{name}");
        }
    }
    assert_ne!(payer_key("ｶﾞﾏ"), payer_key("ｶﾏ"));
    assert_ne!(payer_key("3Mジャパン"), payer_key("Mジャパン"));
    assert_eq!(payer_key("株式会社"), "株式会社");
}
