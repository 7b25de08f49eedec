//! The deposit file 03, there, back, and refused.

use document::{
    DepositFile, Direction, Fault, PayerName, payer_key, read_deposits, sound, write_deposits,
};
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
        assert_eq!(
            (fault.place.en.as_str(), fault.field.as_str()),
            (&*format!("row {row}"), field)
        );
    }
    let fault = fault_of(&with(5, 8, b"0000000165441"));
    assert_eq!(fault.problem.en, "found 165441, expected 165440 from the records above");
}

#[test]
fn a_false_field_is_named_by_row_and_field() {
    let cases: [(usize, usize, &[u8], &str, &str); 9] = [
        (1, 2, b"77", "種別コード", "kind 「77」"),
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
        assert_eq!(
            (fault.place.en.as_str(), fault.field.as_str()),
            (&*format!("row {row}"), field)
        );
        assert!(fault.problem.en.contains(problem), "{fault}");
    }
}

#[test]
fn records_of_another_length_kind_or_order_refuse_the_file() {
    let fault = fault_of(&with(2, 1, b"7"));
    assert_eq!((fault.place.en.as_str(), fault.field.as_str()), ("row 2", "データ区分"));
    for (row, kind) in [(1, b"2"), (2, b"1"), (2, b"9"), (5, b"2"), (6, b"8")] {
        let faults = read_deposits("03.txt", &with(row, 1, kind)).unwrap_err();
        assert!(faults.iter().any(|fault| fault.field == "データ区分"), "{faults:#?}");
    }
    let mut longer = SAMPLE.to_vec();
    longer.insert(300, b' ');
    let fault = fault_of(&longer);
    assert_eq!((fault.place.en.as_str(), fault.field.as_str()), ("row 2", "レコード長"));
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
fn what_an_editor_changed_without_harm_is_read_as_before() {
    let lines: Vec<&[u8]> = SAMPLE.split(|b| b"\r\n\x1A".contains(b)).collect();
    let lines: Vec<&[u8]> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    let joined = |end: &[u8]| lines.iter().flat_map(|line| [*line, end].concat()).collect();
    let trimmed: Vec<u8> =
        lines.iter().flat_map(|line| [line.trim_ascii_end(), b"\r\n"].concat()).collect();
    let two_in_a_line: Vec<u8> =
        lines.chunks(2).flat_map(|two| [two.concat(), b"\n".to_vec()].concat()).collect();
    let edited: [Vec<u8>; 8] = [
        joined(b"\n"),
        joined(b"\r"),
        joined(b"\r\n\r\n"),
        [joined(b"\r\n"), b"\x1A\r\n".to_vec()].concat(),
        [joined(b"\n"), b"\n\n".to_vec()].concat(),
        [lines.concat(), b"\x1A".to_vec()].concat(),
        trimmed,
        two_in_a_line,
    ];
    for (at, bytes) in edited.iter().enumerate() {
        assert_eq!(read_deposits("03.txt", bytes).as_ref(), Ok(&sample()), "{at}");
    }
}

#[test]
fn files_that_were_put_together_are_read_one_after_another_each_with_its_totals() {
    let (crlf, marked) = (SAMPLE.strip_suffix(b"\x1A").unwrap(), SAMPLE);
    for first in [crlf, marked] {
        let both = [first, SAMPLE].concat();
        let file = read_deposits("03.txt", &both).unwrap();
        assert_eq!(file.statements.len(), 2);
        assert_eq!(file.statements[1].entries[0].row, 8);
        assert_eq!(file.statements[0].closing_balance, file.statements[1].closing_balance);
        // The end record of the second, with one record too few.
        let wrong = [first, &with(6, 2, b"0000000005")].concat();
        assert_eq!(fault_of(&wrong).place.en, "row 12");
    }
    // The first without its end: its account was never closed.
    let open = [&SAMPLE[..5 * 202], SAMPLE].concat();
    let faults = read_deposits("03.txt", &open).unwrap_err();
    assert_eq!(faults.iter().map(|f| &*f.field).collect::<Vec<_>>(), ["レコード総件数", "口座数"]);
}

#[test]
fn another_file_is_refused_for_what_it_is() {
    let mut result = Vec::new();
    for record in ["191000000012345", "8000000", "9"] {
        result.extend(format!("{record:<120}\r\n").into_bytes());
    }
    let (text, _, _) = encoding_rs::SHIFT_JIS.decode(SAMPLE);
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
    let cases: [(Vec<u8>, &str, &str); 7] = [
        (result, "種別コード", "kind 91 口座振替"),
        (with(1, 2, b"01"), "種別コード", "kind 01 振込入金通知"),
        (text.as_bytes().to_vec(), "文字コード", "saved as UTF-8"),
        ([b"\xEF\xBB\xBF", SAMPLE].concat(), "文字コード", "mark of UTF-8"),
        (b"\xFF\xFE".iter().copied().chain(utf16).collect(), "文字コード", "UTF-16"),
        (b"PK\x03\x04rest".to_vec(), "ファイル", "archive"),
        (b"1,03,0,081228,081201,081228\r\n".to_vec(), "ファイル", "CSV"),
    ];
    // Commas in names of payers make no CSV.
    let joined: Vec<u8> = SAMPLE.iter().copied().filter(|b| !b"\r\n\x1A".contains(b)).collect();
    let mut commas = joined.clone();
    commas[200 + 81..200 + 95].copy_from_slice(b"A,B,C,D CO.,LT");
    assert!(read_deposits("03.txt", &commas).is_ok());
    for (bytes, field, problem) in cases {
        let fault = fault_of(&bytes);
        assert_eq!((fault.place.en.as_str(), fault.field.as_str()), ("whole file", field));
        assert!(fault.problem.en.contains(problem), "{fault}");
    }
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

#[test]
fn every_legal_form_of_the_banks_is_known_in_brackets_and_written_out() {
    for (short, long) in [
        ("ｿ)ﾐﾅﾄｾｲﾒｲ", "湊生命相互会社"),
        ("ﾀﾞｲ)ﾐﾅﾄﾀﾞｲｶﾞｸ", "国立大学法人ミナトダイガク"),
        ("ｷﾞﾖ)ﾐﾅﾄ", "行政書士法人ミナト"),
        ("ﾐﾅﾄ(ｼﾎｳ", "司法書士法人ミナト"),
        ("ﾉｳ)ﾐﾅﾄﾉｳｼﾞﾖｳ", "農事組合法人ミナトノウジョウ"),
        ("ﾎｺﾞ)ﾐﾅﾄ", "更生保護法人ミナト"),
        ("ｲ)ﾐﾅﾄ", "社会医療法人社団ミナト"),
        ("ﾐﾅﾄ(ﾛｳﾑ)ﾖｺﾊﾏ", "社会保険労務士法人ミナトヨコハマ"),
        ("ｶ)ﾐﾅﾄ", "カブシキガイシャミナト"),
    ] {
        let (paid, known) = (PayerName::read(short), PayerName::read(long));
        assert!(paid.form.is_some(), "{short}");
        assert_eq!(paid.form, known.form, "{short} {long}");
        if !long.contains('湊') {
            assert_eq!(paid.key, known.key, "{short} {long}");
        }
    }
    let [one, other] = ["ｶ)ｱｵﾊﾞ", "ﾕ)ｱｵﾊﾞ"].map(PayerName::read);
    assert!(one.key == other.key && one.form != other.form);
    for name in ["ﾆﾎﾝｾｲｶﾂｷﾖｳﾄﾞｳｸﾐｱｲﾚﾝｺﾞｳｶｲ", "ｼﾔｶｲｲﾘﾖｳﾎｳｼﾞﾝｼﾔﾀﾞﾝﾐﾅﾄ", "株式会社有限会社"]
    {
        let key = payer_key(name);
        assert_eq!(payer_key(&key), key, "{name}");
    }
    // A sign alone is part of a name.
    assert_eq!(PayerName::read("有明").form, None);
    assert_eq!(PayerName::read("学研").form, None);
}

#[test]
fn latin_letters_and_kana_that_sound_alike_are_found() {
    for (latin, kana) in [
        ("AOBA SEISAKUSHO", "ｱｵﾊﾞｾｲｻｸｼﾖ"),
        ("Aoba Seisakusyo Co., Ltd.", "ｶ)ｱｵﾊﾞｾｲｻｸｼﾖ"),
        ("TOKYO DENKI KK", "ﾄｳｷﾖｳﾃﾞﾝｷ"),
        ("SHIMBASHI INC.", "ｼﾝﾊﾞｼ"),
    ] {
        assert_eq!(sound(latin), sound(kana), "{latin}");
    }
    assert_ne!(sound("AOBA"), sound("ｱｵﾊﾞｾｲｻｸｼﾖ"));
}
