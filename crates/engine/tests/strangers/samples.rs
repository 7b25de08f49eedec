//! The readers of bytes from outside, each with a sample that the project's own
//! writers or people have made.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use document::{
    read_application, read_book, read_cancellation, read_charged, read_deposits, read_mail,
    read_usage,
};
use engine::Operator;
use engine::scenario::Scenario;
use proptest::sample::Index;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::damage::Damage;

pub struct Reader {
    pub name: &'static str,
    pub sample: Sample,
    /// Whether the bytes are taken.
    pub read: fn(&[u8]) -> bool,
}

/// A file, or the entries of an archive: damage to its packed bytes would rarely
/// come further than its checksums.
pub enum Sample {
    File(Vec<u8>),
    Archive(Vec<(String, Vec<u8>)>),
}

impl Sample {
    fn file(bytes: &[u8]) -> Sample {
        Sample::File(bytes.to_vec())
    }

    fn archive(bytes: &[u8]) -> Sample {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let count = archive.len();
        let entry = |at| {
            let mut entry = archive.by_index(at).expect("an entry");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("an entry that unpacks");
            (entry.name().expect("a name").into_owned(), content)
        };
        Sample::Archive((0..count).map(entry).collect())
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.damaged(&[])
    }

    /// The damages one after another. In an archive one of eight befalls the packed
    /// bytes, the others an entry each.
    pub fn damaged(&self, damages: &[(Index, Damage)]) -> Vec<u8> {
        match self {
            Sample::File(bytes) => {
                let mut bytes = bytes.clone();
                damages.iter().for_each(|(_, damage)| damage.done_to(&mut bytes));
                bytes
            }
            Sample::Archive(entries) => {
                let mut entries = entries.clone();
                let (outside, inside): (Vec<_>, Vec<_>) =
                    damages.iter().partition(|(whom, _)| whom.index(8) == 0);
                for (whom, damage) in inside {
                    let at = whom.index(entries.len());
                    damage.done_to(&mut entries[at].1);
                }
                let mut bytes = packed(&entries);
                outside.iter().for_each(|(_, damage)| damage.done_to(&mut bytes));
                bytes
            }
        }
    }
}

fn packed(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        file.start_file(name.as_str(), SimpleFileOptions::default()).expect("an entry");
        file.write_all(content).expect("its content");
    }
    file.finish().expect("an archive").into_inner()
}

const MAIL: &[u8] = include_bytes!("../../../../samples/minato/files/application.eml");
const CANCELLATION: &[u8] = include_bytes!("../../../../samples/minato/files/cancellation.xlsx");
const BOOK: &[u8] = include_bytes!("../../../../samples/minato/takeover.xlsx");
const USAGE: &[u8] = include_bytes!("../../../../samples/minato/files/usage-2026-04.csv");
const DEPOSITS: &[u8] = include_bytes!("../../../../samples/minato/files/deposits-2026-06-30.txt");
const OPERATOR: &[u8] = include_bytes!("../../../../samples/minato/operator.toml");
const SCENARIO: &[u8] = include_bytes!("../../../../samples/minato/life.toml");

/// A mail as it is answered and forwarded, in an older Japanese charset.
const ANSWERED: &[u8] = b"From: =?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <tanaka@alpha.example.jp>\r\n\
    To: sales@cloud.example.jp\r\nSubject: =?ISO-2022-JP?B?GyRCPz05fhsoQg==?=\r\n\
    Date: Wed, 1 Apr 2026 09:30:00 +0900\r\nMessage-ID: <1@alpha.example.jp>\r\n\
    Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n--b1\r\n\
    Content-Type: multipart/alternative; boundary=b2\r\n\r\n--b2\r\n\
    Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1B$B?=9~\x1B(B\r\n--b2\r\n\
    Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    <p>a =E3=81=82 &amp; &#12354; </p>\r\n--b2--\r\n--b1\r\nContent-Type: message/rfc822\r\n\r\n\
    From: b@example.jp\r\nSubject: x\r\n\r\ntext\r\n--b1\r\n\
    Content-Type: text/csv; name*0*=UTF-8''%E5%93%81; name*1=.csv\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nlWmW2g==\r\n--b1--\r\n";

pub fn readers() -> Vec<Reader> {
    let mail = read_mail("a.eml", MAIL).expect("the sample mail");
    let form = &mail.attachments.first().expect("its form").bytes;
    let charges = charges();
    let reader = |name, sample, read| Reader { name, sample, read };
    vec![
        reader("application form", Sample::archive(form), |b| {
            read_application("a.xlsx", b).is_ok()
        }),
        reader("cancellation form", Sample::archive(CANCELLATION), |b| {
            read_cancellation("a.xlsx", b).is_ok()
        }),
        reader("book", Sample::archive(BOOK), |b| read_book("a.xlsx", b).is_ok()),
        reader("charges", Sample::archive(&charges), |b| read_charged("a.xlsx", b).is_ok()),
        reader("mail", Sample::file(MAIL), |b| read_mail("a.eml", b).is_ok()),
        reader("answered mail", Sample::file(ANSWERED), |b| read_mail("a.eml", b).is_ok()),
        reader("usage", Sample::file(USAGE), |b| read_usage("a.csv", b).is_ok()),
        reader("bank file", Sample::file(DEPOSITS), |b| read_deposits("a.txt", b).is_ok()),
        reader("operator", Sample::file(OPERATOR), |b| {
            Operator::read(&String::from_utf8_lossy(b)).is_ok()
        }),
        reader("scenario", Sample::file(SCENARIO), |b| {
            Scenario::read(&String::from_utf8_lossy(b)).is_ok()
        }),
    ]
}

fn charges() -> Vec<u8> {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    let rows = BTreeMap::from([
        ("請求書".to_owned(), vec![row(&["R-1", "1000", "11000"])]),
        ("請求明細".to_owned(), vec![row(&["R-1", "MC-1", "1", "月額料金", "SV-S", "10000"])]),
    ]);
    document::write_charged(&rows).expect("a workbook")
}
