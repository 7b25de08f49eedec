//! The application form and the cancellation form, there and back.

use contract::{
    ApplicationForm, Company, DueRule, LineWish, Payment, PaymentMethod, Person, PersonRole,
    Service, SpecialTerm, UsePeriod,
};
use document::{
    CancellationSheet, Fault, read_application, read_cancellation, read_day, write_application,
    write_cancellation,
};
use reckon::Yen;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;

fn form() -> ApplicationForm {
    ApplicationForm {
        applicant: Company {
            name: "株式会社アルファ".into(),
            kana: "カブシキガイシャアルファ".into(),
            corporate_number: "7000012050002".into(),
            postal_code: "060-0001".into(),
            address: "北海道札幌市中央区北一条西2丁目1-1".into(),
            representative_title: "代表取締役".into(),
        },
        lines: vec![
            line(1, Service::Sdpf, Some(Yen(123_456))),
            line(3, Service::SdpfSupport, Some(Yen(9_876_543_210))),
        ],
        period: UsePeriod { from: day("2026-04-01"), to: day("2027-03-31") },
        payment: Payment {
            method: PaymentMethod::Debit,
            due: DueRule { months_after: 1, day: Some(27) },
            payer_kana: Some("ｶ)ｱﾙﾌｱ".into()),
        },
        quote: Some("QUO-2026-000012".into()),
        special_terms: vec![
            special("late_interest.rate", json!("0.06"), true),
            special("min_term.months", json!(3), false),
            special("support.night", json!(true), false),
        ],
    }
}

fn line(number: u32, service: Service, agreed_fee: Option<Yen>) -> LineWish {
    LineWish {
        number,
        service,
        item: "001".into(),
        quantity: 2,
        start: day("2026-04-15"),
        min_term_months: Some(number),
        agreed_fee,
    }
}

fn special(parameter: &str, value: serde_json::Value, names_clause: bool) -> SpecialTerm {
    SpecialTerm {
        parameter: parameter.into(),
        value,
        document: "覚書 2026-03".into(),
        signed_on: day("2026-03-20"),
        names_clause,
    }
}

fn people() -> Vec<Person> {
    let person = |role, name: &str, department: &str| Person {
        role,
        name: name.into(),
        department: department.into(),
        mail: "tanaka@alpha.example.jp".into(),
        phone: "011-123-4567".into(),
    };
    vec![
        person(PersonRole::ResponsiblePerson, "田中 花子", "情報システム部"),
        person(PersonRole::Billing, "𠮷田 一郎", ""),
    ]
}

fn day(text: &str) -> reckon::Day {
    text.parse().unwrap()
}

/// A filled form in which some cells of column C are written over.
fn form_with(changes: &[(&str, &str)]) -> Vec<u8> {
    changed(|label, value| {
        let change = changes.iter().find(|(field, _)| *field == label);
        change.map_or(value.to_owned(), |(_, text)| (*text).to_owned())
    })
}

/// Reads the filled form cell by cell and writes it anew, as Excel would.
fn changed(value_of: impl Fn(&str, &str) -> String) -> Vec<u8> {
    use calamine::{Reader, Xlsx};
    let bytes = write_application(Some((&form(), &people()))).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("申込書").unwrap();
    let mut copy = Workbook::new();
    let sheet = copy.add_worksheet().set_name("申込書").unwrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let (top, left) = range.start().unwrap();
    for (row, column, cell) in range.cells() {
        let at = (row as u32 + top, column as u16 + left as u16);
        let label = range.get_value((at.0, 1)).unwrap().to_string().replace(" ※", "");
        if let calamine::Data::DateTime(when) = cell {
            let (year, month, number, ..) = when.to_ymd_hms_milli();
            let when = ExcelDateTime::from_ymd(year, month, number).unwrap();
            sheet.write_datetime_with_format(at.0, at.1, when, &date).unwrap();
        }
        let text = cell.to_string();
        let text = if at.1 == 2 { value_of(&label, &text) } else { text };
        if !matches!(cell, calamine::Data::DateTime(_)) || at.1 == 2 && text != cell.to_string() {
            sheet.write_string(at.0, at.1, text).unwrap();
        }
    }
    copy.save_to_buffer().unwrap()
}

fn fields(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.field.as_str()).collect()
}

#[test]
fn a_filled_form_reads_back_as_it_was_written() {
    let bytes = write_application(Some((&form(), &people()))).unwrap();
    assert_eq!(read_application("form.xlsx", &bytes), Ok((form(), people())));
    assert_eq!(write_application(Some((&form(), &people()))).unwrap(), bytes);
}

#[test]
fn a_form_without_billing_contact_and_special_terms_is_complete() {
    let mut form = form();
    form.special_terms.clear();
    form.payment.payer_kana = None;
    let people = &people()[..1];
    let bytes = write_application(Some((&form, people))).unwrap();
    assert_eq!(read_application("form.xlsx", &bytes), Ok((form, people.to_vec())));
}

#[test]
fn a_blank_form_lists_every_required_field_by_its_cell() {
    let blank = write_application(None).unwrap();
    let faults = read_application("blank.xlsx", &blank).unwrap_err();
    assert_eq!(
        fields(&faults),
        [
            "会社名",
            "フリガナ",
            "法人番号",
            "郵便番号",
            "住所",
            "代表者役職",
            "申込種別",
            "利用責任者 氏名",
            "利用責任者 メール",
            "利用責任者 電話",
            "利用期間 開始日",
            "利用期間 終了日",
            "支払方法",
            "支払期日",
            "サービス",
        ]
    );
    assert_eq!(
        faults[2].to_string(),
        "blank.xlsx, 申込書!C9, 法人番号: the cell is empty; fill in 法人番号"
    );
}

#[test]
fn each_false_field_is_named_with_what_was_found() {
    let falsehoods = [
        ("法人番号", "8000012050002", "it should be 7"),
        ("郵便番号", "60-0001", "no postal code"),
        ("フリガナ", "株式会社", "not katakana"),
        ("申込種別", "変更", "no kind of this form"),
        ("利用責任者 メール", "tanaka@alpha", "no mail address"),
        ("利用責任者 電話", "11-123-4567", "no telephone number"),
        ("請求先 電話", "", "the cell is empty"),
        ("利用期間 開始日", "2026年2月30日", "no day"),
        ("支払方法", "現金", "no way to pay"),
        ("支払期日", "翌月32日", "no due date"),
        ("振込名義カナ", "東西", "cannot stand in a bank transfer"),
    ];
    let changes = falsehoods.map(|(field, text, _)| (field, text));
    let faults = read_application("form.xlsx", &form_with(&changes)).unwrap_err();
    for (field, _, problem) in falsehoods {
        let of_field: Vec<&Fault> = faults.iter().filter(|fault| fault.field == field).collect();
        assert_eq!(of_field.len(), 1, "{field}: {faults:#?}");
        assert!(of_field[0].problem.en.contains(problem), "{}", of_field[0]);
        assert!(of_field[0].place.en.starts_with("申込書!C"), "{}", of_field[0]);
    }
    assert_eq!(faults.len(), falsehoods.len());
}

#[test]
fn full_width_digits_and_days_of_the_era_are_read() {
    let bytes = form_with(&[
        ("法人番号", "７００００１２０５０００２"),
        ("郵便番号", "〒０６０ー０００１"),
        ("利用期間 開始日", "令和８年４月１日"),
        ("利用期間 終了日", "2027年3月31日"),
        ("支払期日", "翌月２７日"),
        ("振込名義カナ", "カ）アルファ"),
    ]);
    assert_eq!(read_application("form.xlsx", &bytes), Ok((form(), people())));
}

#[test]
fn a_period_that_ends_before_it_begins_is_a_fault() {
    let faults = read_application("form.xlsx", &form_with(&[("利用期間 終了日", "2026-03-31")]))
        .unwrap_err();
    assert_eq!(fields(&faults), ["利用期間 終了日"]);
}

#[test]
fn false_cells_of_the_tables_are_named_by_row_and_column() {
    let bytes = changed(|label, value| match (label, value) {
        ("3", _) => "SDPP".into(),
        ("min_term.months", _) => "three".into(),
        _ => value.into(),
    });
    let faults = read_application("form.xlsx", &bytes).unwrap_err();
    assert_eq!(fields(&faults), ["サービス", "値(JSON)"]);
    assert!(faults[0].problem.en.contains("SDPP"), "{}", faults[0]);
}

#[test]
fn bytes_that_are_no_form_are_refused_in_one_sentence() {
    let other = write_cancellation(None).unwrap();
    let whole = write_application(None).unwrap();
    let cases: [(&[u8], &str); 3] = [
        (b"PK but no workbook", "no readable Excel workbook"),
        (&whole[..whole.len() / 2], "no readable Excel workbook"),
        (&other, "there is no sheet 「申込書」"),
    ];
    for (bytes, problem) in cases {
        let faults = read_application("form.xlsx", bytes).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(faults[0].problem.en.contains(problem), "{}", faults[0]);
    }
}

#[test]
fn a_person_for_whom_the_form_has_no_cells_is_not_dropped_silently() {
    let mut people = people();
    people[1].role = PersonRole::Emergency;
    assert!(write_application(Some((&form(), &people))).is_err());
}

#[test]
fn a_cancellation_reads_back_with_or_without_its_desired_day() {
    for desired in [None, read_day("令和8年9月30日")] {
        let sheet = CancellationSheet {
            company: "株式会社アルファ".into(),
            contract: "C-2026-0017".into(),
            desired,
            signed_by: "代表取締役 田中 花子".into(),
        };
        let bytes = write_cancellation(Some(&sheet)).unwrap();
        assert_eq!(read_cancellation("cancel.xlsx", &bytes), Ok(sheet));
    }
}

#[test]
fn a_good_form_is_taken_as_the_signer_saw_it() {
    let address = form().applicant.address.clone();
    let (town, rest) = address.split_at(address.char_indices().nth(3).unwrap().0);
    let bytes = form_with(&[
        ("法人番号", "T7000012050002"),
        ("住所", &format!("{town}\n{rest}\u{200B}")),
        ("郵便番号", "060-0001\n"),
        ("支払期日", "翌月27日\u{FEFF}"),
    ]);
    let mut seen = form();
    seen.applicant.address = format!("{town} {rest}");
    assert_eq!(read_application("form.xlsx", &bytes), Ok((seen, people())));
    let fullwidth = form_with(&[("法人番号", "Ｔ７００００１２０５０００２")]);
    assert_eq!(read_application("form.xlsx", &fullwidth), Ok((form(), people())));
    // A cell that holds nothing to be seen is empty.
    let unseen = form_with(&[("会社名", "\u{200B}\n")]);
    let faults = read_application("form.xlsx", &unseen).unwrap_err();
    assert_eq!(faults[0].problem.en, "the cell is empty");
}

/// Every fault of a form is told in Japanese, whatever is wrong with it.
#[test]
fn a_faulty_form_is_answered_without_english() {
    let blank = write_application(None).expect("a blank form");
    let faults = [
        read_application("申込書.xlsx", &blank).expect_err("a blank form has faults"),
        read_application("申込書.xlsx", b"PK\x03\x04").expect_err("this is no workbook"),
        read_cancellation("解約.xlsx", &blank).expect_err("this is another form"),
    ];
    for fault in faults.iter().flatten() {
        let line = fault.line_ja();
        assert!(!line.contains("write ") && !line.contains("the "), "{line}");
        assert!(!fault.problem.ja.is_ascii() && !fault.remedy.ja.is_ascii(), "{line}");
    }
}
