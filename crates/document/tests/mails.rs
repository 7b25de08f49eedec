//! Received mails and composed mails.

use document::{Attachment, OutgoingMail, read_application_mail, read_mail, write_mail};
use encoding_rs::{ISO_2022_JP, SHIFT_JIS};
use reckon::Moment;

const LONG_NAME: &str =
    "パートナークラウドサービス利用申込書（株式会社アルファ様・2026年4月分）.xlsx";

fn outgoing() -> OutgoingMail {
    OutgoingMail {
        message_id: "acceptance-17@cloud.example.jp".into(),
        from: "東西クラウド, 営業部 <sales@cloud.example.jp>".into(),
        to: vec!["tanaka@alpha.example.jp".into(), "Yoshida <yoshida@alpha.example.jp>".into()],
        reply_to: None,
        automatic: false,
        subject:
            "【承諾】パートナークラウドサービス利用契約のお申込みについて（契約番号 C-2026-0017）"
                .into(),
        text: "田中様\n\nお申込みを承諾いたします。\n--=_yakkan_\n.\n".into(),
        date: "2026-04-01T10:00:00".parse::<Moment>().unwrap(),
        attachments: vec![
            attachment(LONG_NAME, "application/octet-stream", (0..=255).collect()),
            attachment("usage.csv", "text/csv", SHIFT_JIS.encode("品目,数量").0.into_owned()),
            attachment("empty.txt", "text/plain", Vec::new()),
        ],
    }
}

fn attachment(name: &str, mime: &str, bytes: Vec<u8>) -> Attachment {
    Attachment { name: name.into(), mime: mime.into(), bytes }
}

#[test]
fn a_composed_mail_reads_back_whole() {
    let mail = outgoing();
    let bytes = write_mail(&mail).unwrap();
    let read = read_mail("mail.eml", &bytes).unwrap();
    assert_eq!(read.message_id, mail.message_id);
    assert_eq!(read.from, "sales@cloud.example.jp");
    assert_eq!(read.to, ["tanaka@alpha.example.jp", "yoshida@alpha.example.jp"]);
    assert_eq!(read.subject, mail.subject);
    assert_eq!(read.date, Some(mail.date));
    assert_eq!(read.text, mail.text);
    assert_eq!(read.attachments, mail.attachments);
}

#[test]
fn the_same_mail_has_the_same_bytes_and_short_ascii_lines() {
    let bytes = write_mail(&outgoing()).unwrap();
    assert_eq!(write_mail(&outgoing()).unwrap(), bytes);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.is_ascii());
    assert!(text.split("\r\n").all(|line| line.len() <= 78 && !line.contains(['\r', '\n'])));
}

#[test]
fn a_mail_without_attachment_reads_back() {
    let mail = OutgoingMail { attachments: Vec::new(), ..outgoing() };
    let read = read_mail("mail.eml", &write_mail(&mail).unwrap()).unwrap();
    assert_eq!((read.text, read.attachments.len()), (mail.text, 0));
}

#[test]
fn a_mail_of_a_program_says_so_and_where_answers_go() {
    let head = |mail: &OutgoingMail| {
        let text = String::from_utf8(write_mail(mail).unwrap()).unwrap();
        text.split("\r\n\r\n").next().unwrap().to_owned()
    };
    let plain = head(&outgoing());
    assert!(!plain.contains("Reply-To") && !plain.contains("Auto-Submitted"), "{plain}");
    let reply_to = Some("窓口 <desk@cloud.example.jp>".to_owned());
    let told = head(&OutgoingMail { automatic: true, reply_to, ..outgoing() });
    assert!(told.contains("\r\nAuto-Submitted: auto-generated"), "{told}");
    assert!(told.contains("\r\nReply-To: =?UTF-8?B?") && told.contains(" <desk@cloud.example.jp>"));
    let wrong = OutgoingMail { reply_to: Some("nobody".to_owned()), ..outgoing() };
    assert_eq!(write_mail(&wrong).unwrap_err().field, "返信先 (Reply-To)");
}

#[test]
fn a_header_cannot_be_smuggled_in() {
    let injected = "x\r\nBcc: thief@example.com";
    let with = |change: fn(&mut OutgoingMail, String)| {
        let mut mail = outgoing();
        change(&mut mail, injected.to_owned());
        write_mail(&mail)
    };
    assert!(with(|mail, text| mail.subject = text).is_err());
    assert!(with(|mail, text| mail.from = format!("{text} <a@example.jp>")).is_err());
    assert!(with(|mail, text| mail.to = vec![format!("a@example.jp{text}")]).is_err());
    assert!(with(|mail, text| mail.message_id = format!("a@{text}")).is_err());
    assert!(with(|mail, text| mail.attachments[0].name = text).is_err());
    assert!(with(|mail, text| mail.attachments[0].mime = format!("text/{text}")).is_err());
    assert!(with(|mail, _| mail.to.clear()).is_err());
}

/// A mail as older Japanese mailers send it.
fn japanese_mail() -> Vec<u8> {
    let jis = |text: &str| ISO_2022_JP.encode(text).0.into_owned();
    let name: String = jis("申込書.csv").iter().map(|b| format!("%{b:02X}")).collect();
    let mut mail = b"From: =?ISO-2022-JP?B?GyRCRURDZhsoQg==?= <tanaka@alpha.example.jp>\r\n\
        To: sales@cloud.example.jp\r\n\
        Subject: =?ISO-2022-JP?B?GyRCPz05fhsoQg==?=\r\n\
        Date: Wed, 1 Apr 2026 09:30:00 +0900\r\n\
        Message-ID: <1@alpha.example.jp>\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n\
        --b1\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\n\r\n"
        .to_vec();
    mail.extend(jis("お申込みします。"));
    mail.extend(b"\r\n--b1\r\nContent-Type: text/csv\r\nContent-Transfer-Encoding: base64\r\n");
    mail.extend(
        format!("Content-Disposition: attachment; filename*=ISO-2022-JP''{name}\r\n\r\n").bytes(),
    );
    // 「品目」 in CP932.
    mail.extend(b"lWmW2g==\r\n--b1--\r\n");
    mail
}

#[test]
fn a_mail_in_iso_2022_jp_is_read_and_its_cp932_attachment_kept_byte_for_byte() {
    let read = read_mail("mail.eml", &japanese_mail()).unwrap();
    assert_eq!(read.subject, "申込");
    assert_eq!(read.text.trim_end(), "お申込みします。");
    assert_eq!(read.date, "2026-04-01T09:30:00".parse().ok());
    assert_eq!(read.attachments[0].name, "申込書.csv");
    assert_eq!(read.attachments[0].bytes, SHIFT_JIS.encode("品目").0.as_ref());
}

#[test]
fn a_mail_cut_off_anywhere_is_refused() {
    for whole in [write_mail(&outgoing()).unwrap(), japanese_mail()] {
        // Without its last line end the mail is still whole.
        for end in 0..whole.len() - 2 {
            let faults = read_mail("cut.eml", &whole[..end])
                .expect_err(&format!("{end} of {} bytes were accepted", whole.len()));
            assert!(!faults.is_empty());
        }
        let faults = read_mail("cut.eml", &whole[..whole.len() - 20]).unwrap_err();
        assert!(
            faults.iter().any(|fault| fault.problem.en.contains("the mail is cut off")),
            "{faults:?}"
        );
    }
}

#[test]
fn half_a_group_of_base64_is_a_cut_even_when_the_boundary_closes() {
    let whole = String::from_utf8_lossy(&japanese_mail()).into_owned();
    let cut = whole.replace("lWmW2g==", "lWmW2");
    let faults = read_mail("cut.eml", cut.as_bytes()).unwrap_err();
    assert_eq!(faults[0].field, "base64");
}

#[test]
fn a_mail_without_sender_or_headers_is_refused() {
    let faults = read_mail("mail.eml", b"Subject: x\r\n\r\ntext\r\n").unwrap_err();
    assert_eq!(faults[0].field, "差出人 (From)");
    assert!(read_mail("mail.eml", b"").is_err());
}

/// A mail with these files, of one sender under one Message-ID.
fn with_files(id: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let files = files.iter().map(|(name, bytes)| {
        let mime = if name.ends_with(".eml") { "message/rfc822" } else { "application/x-thing" };
        attachment(name, mime, bytes.to_vec())
    });
    let mail = OutgoingMail {
        message_id: format!("{id}@alpha.example.jp"),
        attachments: files.collect(),
        ..outgoing()
    };
    write_mail(&mail).unwrap()
}

/// The published form, filled by nobody: it is the form by its sheet.
fn form() -> Vec<u8> {
    document::write_application(None).unwrap()
}

/// A workbook that is no application form.
fn quotation() -> Vec<u8> {
    document::write_cancellation(None).unwrap()
}

#[test]
fn the_form_is_found_by_what_it_is_and_every_other_part_is_named() {
    let (form, quotation) = (form(), quotation());
    let beside = |files: &[(&str, &[u8])]| {
        let (_, found) = read_application_mail("m.eml", &with_files("a", files)).unwrap();
        assert_eq!(found.form.bytes, form);
        found.beside.iter().map(|file| file.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(beside(&[("申込書", &form)]), [""; 0]);
    assert_eq!(beside(&[("見積.xlsx", &quotation), ("申込書.xlsx", &form)]), ["見積.xlsx"]);
    assert_eq!(beside(&[("form.bin", &form), ("会社案内.pdf", b"%PDF-1.7")]), ["会社案内.pdf"]);
    // The same form twice is one.
    assert_eq!(beside(&[("a.xlsx", &form), ("a (1).xlsx", &form)]), [""; 0]);
}

#[test]
fn two_forms_or_none_are_refused_with_what_each_part_is() {
    let (one, quotation) = (form(), quotation());
    let filled = include_bytes!("../../../samples/minato/files/application.eml");
    let other = document::read_mail("a.eml", filled).unwrap().attachments.remove(0).bytes;
    let problem = |files: &[(&str, &[u8])]| {
        let faults = read_application_mail("m.eml", &with_files("b", files)).unwrap_err();
        assert_eq!(faults.len(), 1);
        faults[0].problem.en.clone()
    };
    let two = problem(&[("a.xlsx", &one), ("b.xlsx", &other)]);
    assert!(two.contains("2 application forms: a.xlsx, b.xlsx"), "{two}");
    let spoilt = b"PK\x03\x04xl/workbook.xml".as_slice();
    let none = problem(&[
        ("見積.xlsx", &quotation),
        ("旧.xls", b"\xD0\xCF\x11\xE0rest"),
        ("winmail.dat", b"\x78\x9F\x3E\x22rest"),
        ("全部.zip", b"PK\x03\x04rest"),
        ("申込書.xlsx", spoilt),
    ]);
    for part in ["見積.xlsx (a workbook", "旧.xls (an old", "Outlook", "全部.zip (an archive"]
    {
        assert!(none.contains(part), "{part}: {none}");
    }
    assert_eq!(problem(&[]), "no form is attached");
}

#[test]
fn a_forwarded_mail_is_looked_into() {
    let inner = with_files("customer", &[("申込書.xlsx", &form()), ("地図.png", b"\x89PNG")]);
    let outer = with_files("sales", &[("転送.eml", &inner)]);
    let (mail, found) = read_application_mail("m.eml", &outer).unwrap();
    assert_eq!(mail.message_id, "sales@alpha.example.jp");
    let forwarded = found.forwarded.unwrap();
    assert_eq!(forwarded.message_id, "customer@alpha.example.jp");
    assert_eq!(found.beside[0].name, "地図.png");
    // Mails within mails are followed a few levels deep, and no further.
    let mut deep = outer;
    for _ in 0..4 {
        deep = with_files("chain", &[("転送.eml", &deep)]);
    }
    assert!(read_application_mail("m.eml", &deep).is_err());
}

#[test]
fn the_date_of_a_mail_is_read_in_the_zone_that_it_names_or_not_at_all() {
    let bytes = String::from_utf8(with_files("d", &[])).unwrap();
    let with_date = |date: &str| {
        let bytes = bytes.replace("Date: Wed, 01 Apr 2026 10:00:00 +0900", date);
        read_mail("m.eml", bytes.as_bytes()).unwrap()
    };
    let at = outgoing().date;
    assert_eq!(with_date("Date: Wed, 01 Apr 2026 10:00:00 JST").date, Some(at));
    assert_eq!(with_date("Date: Wed, 01 Apr 2026 10:00:00\r\n GMT+09:00").date, Some(at));
    let unknown = with_date("Date: Wed, 01 Apr 2026 10:00:00 XST");
    assert_eq!(unknown.date, None);
    assert!(unknown.date_problem.unwrap().contains("zone"));
    let none = with_date("X-No-Date: 1");
    assert_eq!((none.date, none.date_problem), (None, None));
    let received = "Received: from a by b; Wed, 01 Apr 2026 10:00:00 JST\r\nDate: x";
    assert_eq!(with_date(received).received, Some(at));
}

#[test]
fn a_file_is_a_mail_by_its_name_or_by_how_it_begins() {
    let mail = with_files("kind", &[]);
    assert!(document::is_mail("a.eml", &mail) && document::is_mail("no-name", &mail));
    assert!(document::is_mail("cut.eml", b"cut"));
    assert!(!document::is_mail("form", &form()) && !document::is_mail("form.eml", &form()));
    assert!(!document::is_mail("scan.pdf", b"%PDF-1.7\n1 0 obj"));
    assert!(!document::is_mail("note.txt", "申込: お願いします".as_bytes()));
}
