//! Files that are small to send and would be dear to read: each is refused while it
//! is read, with a sentence, in little time and memory.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use document::{
    Fault, read_application, read_book, read_cancellation, read_charged, read_deposits, read_mail,
    read_usage,
};
use peak_alloc::PeakAlloc;
use zip::write::SimpleFileOptions;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One test at a time, from its first line on: the memory is that of the whole
/// program.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Far more than a build without optimisation needs, far less than it took.
const SOON: Duration = Duration::from_secs(30);

/// The faults of a file that must be refused soon and within so many megabytes,
/// the file itself not counted.
fn refused<T>(megabytes: usize, read: impl FnOnce() -> Result<T, Vec<Fault>>) -> Vec<Fault> {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let start = Instant::now();
    let faults = read().err().expect("the file is refused");
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    let used = (MEMORY.peak_usage() - before) >> 20;
    assert!(used <= megabytes, "{used} MB were used");
    for fault in &faults {
        assert!(!fault.problem.en.is_empty() && !fault.remedy.en.is_empty(), "{fault:?}");
        assert!(fault.to_string().len() < 5_000, "{fault}");
    }
    faults
}

fn refused_with<T>(megabytes: usize, problem: &str, read: impl FnOnce() -> Result<T, Vec<Fault>>) {
    let faults = refused(megabytes, read);
    assert!(
        faults.iter().any(|fault| fault.problem.en.contains(problem)),
        "{problem}: {faults:#?}"
    );
}

const HEADERS: &str = "From: a@example.jp\r\nMIME-Version: 1.0\r\n";

/// Multiparts within one another, all closed, with a text in the innermost.
fn nested(levels: usize) -> String {
    let mut mail = HEADERS.to_owned();
    for level in 0..levels {
        let _ =
            write!(mail, "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
    }
    mail.push_str("Content-Type: text/plain\r\n\r\nwithin\r\n");
    for level in (0..levels).rev() {
        let _ = write!(mail, "--b{level}--\r\n");
    }
    mail
}

#[test]
fn parts_within_parts_are_followed_to_a_depth_that_people_write() {
    let _alone = alone();
    let read = read_mail("a.eml", nested(10).as_bytes()).unwrap();
    assert_eq!(read.text, "within");
    for levels in [11, 100, 5_000, 50_000] {
        let mail = nested(levels);
        refused_with(8, "lie within one another", || read_mail("a.eml", mail.as_bytes()));
    }
}

#[test]
fn mails_within_mails_are_followed_to_a_depth_too() {
    let _alone = alone();
    let forwarded = "Content-Type: message/rfc822\r\n\r\n";
    let mail = |levels| format!("{HEADERS}{}From: b@example.jp\r\n\r\nx", forwarded.repeat(levels));
    assert!(read_mail("a.eml", mail(10).as_bytes()).is_ok());
    let deep = mail(50_000);
    refused_with(8, "lie within one another", || read_mail("a.eml", deep.as_bytes()));
}

#[test]
fn the_parts_of_a_mail_are_counted_also_when_their_boundaries_never_come() {
    let _alone = alone();
    let parts = |part: &str| {
        let head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
        format!("{HEADERS}{head}{}--b--\r\n", part.repeat(100_000))
    };
    let plain = parts("--b\r\n\r\nx\r\n");
    refused_with(8, "more than 200 parts", || read_mail("a.eml", plain.as_bytes()));
    let open = parts("--b\r\nContent-Type: multipart/mixed; boundary=none\r\n\r\nx\r\n");
    let faults = refused(8, || read_mail("a.eml", open.as_bytes()));
    assert_eq!(faults.len(), 101);
    assert_eq!(faults[100].problem.en, "100 more faults are not listed");
}

#[test]
fn headers_are_bounded_in_length_in_number_and_in_all() {
    let _alone = alone();
    let mail = |headers: String| format!("{HEADERS}{headers}\r\nx");
    let long = mail(format!("To: {}\r\n", "a@example.jp,\r\n ".repeat(100_000)));
    refused_with(8, "a header has", || read_mail("a.eml", long.as_bytes()));
    let many = mail("X: y\r\n".repeat(100_000));
    refused_with(8, "the headers of the mail have", || read_mail("a.eml", many.as_bytes()));
    let small = mail("X:\r\n".repeat(3_000));
    refused_with(8, "more than 2000 headers", || read_mail("a.eml", small.as_bytes()));
    let attributes = format!("Content-Type: text/plain{}\r\n", ";a=b".repeat(8_000));
    let read = mail(attributes);
    let start = Instant::now();
    assert!(read_mail("a.eml", read.as_bytes()).is_ok());
    assert!(start.elapsed() < SOON);
}

/// A workbook by its entries; what is repeated is packed well.
fn packed(entries: &[(&str, &[&[u8]])]) -> Vec<u8> {
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, pieces) in entries {
        file.start_file(*name, SimpleFileOptions::default()).unwrap();
        for piece in *pieces {
            file.write_all(piece).unwrap();
        }
    }
    file.finish().unwrap().into_inner()
}

const PARTS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const SHEETS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook whose one sheet is all the sheets that a reader asks for.
fn workbook(strings: &[&[u8]], sheet: &[&[u8]]) -> Vec<u8> {
    let named = |name| format!(r#"<sheet name="{name}" sheetId="1" r:id="rId1"/>"#);
    let names: String = ["申込書", "解約申込書", "契約", "請求書", "請求明細"].map(named).concat();
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{names}</sheets></workbook>"#
    );
    packed(&[
        ("_rels/.rels", &[PARTS]),
        ("xl/_rels/workbook.xml.rels", &[SHEETS]),
        ("xl/workbook.xml", &[book.as_bytes()]),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

const NO_CELLS: &[&[u8]] = &[b"<worksheet><sheetData></sheetData></worksheet>"];

/// Every reader of workbooks refuses these bytes, saying `problem`.
fn refused_by_every_reader(megabytes: usize, problem: &str, bytes: &[u8]) {
    refused_with(megabytes, problem, || read_application("a.xlsx", bytes));
    refused_with(megabytes, problem, || read_cancellation("a.xlsx", bytes));
    refused_with(megabytes, problem, || read_book("a.xlsx", bytes));
    refused_with(megabytes, problem, || read_charged("a.xlsx", bytes));
}

#[test]
fn a_workbook_is_measured_by_what_it_unpacks_to() {
    let _alone = alone();
    let spaces = vec![b' '; 1 << 20];
    let many = vec![spaces.as_slice(); 256];
    for bytes in [workbook(&many, NO_CELLS), packed(&[("xl/media/picture.png", many.as_slice())])] {
        assert!(bytes.len() < 1 << 20);
        refused_by_every_reader(4, "unpacks to more than", &bytes);
    }
}

#[test]
fn the_entries_of_a_workbook_are_counted_before_they_are_listed() {
    let _alone = alone();
    let names: Vec<String> = (0..5_000).map(|at| format!("xl/{at}.xml")).collect();
    let entries: Vec<(&str, &[&[u8]])> =
        names.iter().map(|name| (name.as_str(), NO_CELLS)).collect();
    refused_by_every_reader(4, "5000 entries", &packed(&entries));
}

/// The parser would ask for this memory at once, which ends the whole program.
#[test]
fn room_for_texts_is_not_made_because_a_file_says_so() {
    let _alone = alone();
    let stated: &[&[u8]] = &[b"<sst uniqueCount=\"1000000000000\"></sst>"];
    refused_by_every_reader(4, "states 1000000000000 texts", &workbook(stated, NO_CELLS));
}

#[test]
fn tags_depth_types_and_numbers_of_elements_are_bounded() {
    let _alone = alone();
    let long = [b"<sst a='".as_slice(), &[b'x'; 100_000], b"'></sst>"];
    refused_by_every_reader(4, "a tag of more than", &workbook(&long, NO_CELLS));
    let deep = vec![b"<a>".as_slice(); 100_000];
    refused_by_every_reader(4, "in one another", &workbook(&deep, NO_CELLS));
    let typed: &[&[u8]] = &[b"<!DOCTYPE sst [<!ENTITY a 'a'>]><sst>&a;</sst>"];
    refused_by_every_reader(4, "document type", &workbook(typed, NO_CELLS));
    let texts = [b"<si/>".repeat(1_000)];
    let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).cycle().take(600).collect();
    refused_by_every_reader(4, "500000 texts", &workbook(&texts, NO_CELLS));
}

#[test]
fn one_long_text_named_by_many_cells_is_not_copied_for_each() {
    let _alone = alone();
    let text = vec![b'x'; 32_000];
    let strings: &[&[u8]] = &[b"<sst><si><t>", &text, b"</t></si></sst>"];
    let cell = r#"<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>"#.repeat(100);
    let mut sheet = vec![b"<worksheet><sheetData>".as_slice()];
    sheet.extend(vec![cell.as_bytes(); 100]);
    sheet.push(b"</sheetData></worksheet>");
    let bytes = workbook(strings, &sheet);
    refused_with(16, "hold more than is read", || read_application("a.xlsx", &bytes));
    refused_with(100, "hold more than is read", || read_book("a.xlsx", &bytes));
    let text = vec![b'x'; 200_000];
    let strings: &[&[u8]] = &[b"<sst><si><t>", &text, b"</t></si></sst>"];
    let bytes = workbook(strings, &sheet);
    refused_with(100, "more than 32767 characters", || read_application("a.xlsx", &bytes));
}

#[test]
fn of_very_many_faults_the_first_are_listed_and_the_others_counted() {
    let _alone = alone();
    let head = "id,account,contract,line,resource,item,quantity,unit,from,to\n";
    let rows = format!("{head}{}", "u,A,C,1,r,i,x,h,y,z\n".repeat(200_000));
    let faults = refused(64, || read_usage("u.csv", rows.as_bytes()));
    assert_eq!(faults.len(), 101);
    assert_eq!(faults[100].problem.en, "599900 more faults are not listed");
    let many = format!("{head}{}", "u,A,C,1,r,i,1,h,2026-04-01T00,2026-05-01T00\n".repeat(300_001));
    refused_with(256, "more than 300000 rows", || read_usage("u.csv", many.as_bytes()));
    let records = b"x\r\n".repeat(150_000);
    assert_eq!(refused(64, || read_deposits("b.txt", &records)).len(), 101);
    let records = b"x\r\n".repeat(200_000);
    refused_with(64, "more than 167772 records", || read_deposits("b.txt", &records));
}

#[test]
fn a_field_that_swallows_the_file_is_not_repeated_in_its_fault() {
    let _alone = alone();
    let head = "id,account,contract,line,resource,item,quantity,unit,from,to\n";
    let open = format!("{head}\"{}", "u,A,C,1,r,i,x,h,y,z\n".repeat(100_000));
    refused(64, || read_usage("u.csv", open.as_bytes()));
    let header = format!("{}\n", "x".repeat(1 << 20));
    refused(64, || read_usage("u.csv", header.as_bytes()));
}
