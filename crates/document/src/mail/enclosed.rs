//! Which part of a mail is the application form: the one that is it, by what it holds.

use super::{Attachment, ReceivedMail, read_mail};
use crate::application_form::is_application_form;
use contract::declare::words::Sentence;
use contract::sentence;

use crate::fault::Fault;

/// Mails within mails that are looked into.
const MOST_LEVELS: usize = 3;
/// Workbooks are unpacked to be looked at: nobody applies with so many.
const MOST_WORKBOOKS: usize = 20;

/// The application form that a mail carries, and what else came with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Enclosed {
    pub form: Attachment,
    /// The mail within the mail that carries the form, where it was forwarded.
    pub forwarded: Option<ReceivedMail>,
    /// Every other file: a person looks at them.
    pub beside: Vec<Attachment>,
}

/// A mail and the application form in it.
///
/// # Errors
/// As [`read_mail`]; and where there is no form or more than one, what each part is.
pub fn read_application_mail(
    file: &str,
    bytes: &[u8],
) -> Result<(ReceivedMail, Enclosed), Vec<Fault>> {
    let mail = read_mail(file, bytes)?;
    let enclosed = enclosed_form(file, &mail)?;
    Ok((mail, enclosed))
}

/// Finds the form in a mail, also in one that was forwarded in it.
///
/// # Errors
/// Where there is none or more than one: what each part is, and what to do.
fn enclosed_form(file: &str, mail: &ReceivedMail) -> Result<Enclosed, Vec<Fault>> {
    let mut found = Found::default();
    found.look_into(mail, None, 0);
    let fault = |problem: Sentence, remedy: Sentence| {
        let place = sentence!("添付ファイル", "attachments");
        Err(vec![Fault::new(file, place, "申込書", problem, remedy)])
    };
    if found.forms.len() + found.workbooks.len() > MOST_WORKBOOKS {
        let problem = sentence!(
            "Excelファイルが{MOST_WORKBOOKS}個を超えて添付されています",
            "more than {MOST_WORKBOOKS} workbooks are attached",
        );
        let remedy = sentence!(
            "申込書だけを送るよう、差出人に依頼してください",
            "ask the sender to send the application form alone",
        );
        return fault(problem, remedy);
    }
    let names: Vec<_> = found.forms.iter().map(|form| form.file.name.as_str()).collect();
    if names.len() > 1 {
        let (count, names) = (names.len(), names.join(", "));
        let problem = sentence!(
            "申込書が{count}件添付されています（{names}）",
            "the mail holds {count} application forms: {names}",
        );
        let remedy = sentence!(
            "一件ずつ保存して登録するか、どれが正しいかを確かめてください",
            "save each and register it by itself, or ask which of them holds",
        );
        return fault(problem, remedy);
    }
    // A single workbook that is no form is one that was spoilt: it is answered with
    // what is wrong with it.
    let mut candidates = found.workbooks;
    if !found.forms.is_empty() {
        found.others.extend(candidates.into_iter().map(|one| one.file));
        candidates = found.forms;
    }
    match (candidates.pop(), candidates.is_empty()) {
        (Some(form), true) => {
            let forwarded = form.within.map(|at| found.mails.swap_remove(at));
            let beside = found.others;
            Ok(Enclosed { form: form.file, forwarded, beside })
        }
        (last, _) => {
            let workbooks = candidates.iter().chain(&last).map(|one| &one.file);
            let parts: Vec<_> = workbooks.chain(&found.others).map(named).collect();
            let listed = |of: fn(&Sentence) -> &str, parted: &str| {
                parts.iter().map(of).collect::<Vec<_>>().join(parted)
            };
            let (ja, en) = (listed(|part| &part.ja, "、"), listed(|part| &part.en, "; "));
            let problem = match parts.is_empty() {
                true => sentence!("申込書が添付されていません", "no form is attached"),
                false => sentence!(
                    "添付ファイルに申込書がありません（{ja}）",
                    "no attachment is the application form: {en}",
                ),
            };
            let remedy = sentence!(
                "申込書を.xlsxファイルで添付するよう、差出人に依頼してください",
                "ask the sender for the application form as an .xlsx attachment",
            );
            fault(problem, remedy)
        }
    }
}

/// A workbook, and in which of the mails within the mail it came.
struct Placed {
    file: Attachment,
    within: Option<usize>,
}

#[derive(Default)]
struct Found {
    /// Each other than those before it.
    forms: Vec<Placed>,
    /// Workbooks that are no forms.
    workbooks: Vec<Placed>,
    others: Vec<Attachment>,
    mails: Vec<ReceivedMail>,
}

impl Found {
    fn look_into(&mut self, mail: &ReceivedMail, within: Option<usize>, level: usize) {
        for file in &mail.attachments {
            let inner = (level < MOST_LEVELS && file.mime.eq_ignore_ascii_case("message/rfc822"))
                .then(|| read_mail(&file.name, &file.bytes).ok())
                .flatten();
            if let Some(inner) = inner {
                let at = self.mails.len();
                self.mails.push(inner.clone());
                self.look_into(&inner, Some(at), level + 1);
            } else if is_workbook(&file.bytes) {
                self.workbook(Placed { file: file.clone(), within });
            } else {
                self.others.push(file.clone());
            }
        }
    }

    fn workbook(&mut self, one: Placed) {
        let looked_at = self.forms.len() + self.workbooks.len();
        if looked_at > MOST_WORKBOOKS || !is_application_form(&one.file.bytes) {
            self.workbooks.push(one);
        } else if self.forms.iter().all(|form| form.file.bytes != one.file.bytes) {
            self.forms.push(one);
        }
    }
}

/// True of a file that came as a mail: by its name, or because it begins with a header
/// and is no workbook.
pub fn is_mail(name: &str, bytes: &[u8]) -> bool {
    let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let field = first.split(|b| *b == b':').next().unwrap_or_default();
    let is_header = !field.is_empty()
        && field.len() < first.len()
        && field.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    !is_workbook(bytes) && (is_header || name.to_lowercase().ends_with(".eml"))
}

/// True of an .xlsx file, whatever it is called: a zip archive that holds a workbook.
fn is_workbook(bytes: &[u8]) -> bool {
    const PART: &[u8] = b"xl/workbook.xml";
    const TYPES: &[u8] = b"[Content_Types].xml";
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    bytes.starts_with(b"PK\x03\x04") && (holds(PART) || holds(TYPES))
}

/// A part by its name and by what it is.
fn named(part: &Attachment) -> Sentence {
    let (name, bytes) = (&part.name, &part.bytes);
    let Sentence { ja, en } = if is_workbook(bytes) {
        sentence!("「申込書」シートのないExcelファイル", "a workbook without the sheet 申込書")
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        sentence!(
            "古い形式（.xls）かパスワード付きのExcelファイル。パスワードなしの.xlsxで保存が必要",
            "an old Excel file (.xls), or one with a password: to be saved as .xlsx without one",
        )
    } else if bytes.starts_with(b"\x78\x9F\x3E\x22") || name.eq_ignore_ascii_case("winmail.dat") {
        sentence!(
            "Outlook独自の添付形式。差出人がHTML形式かテキスト形式で送る必要あり",
            "Outlook's own wrapping of attachments: the sender has to send it as HTML or plain text",
        )
    } else if bytes.starts_with(b"PK\x03\x04") {
        sentence!("圧縮ファイル。先に展開が必要", "an archive: to be unpacked first")
    } else if bytes.starts_with(b"%PDF") {
        sentence!("PDFファイル", "a PDF")
    } else {
        Sentence::same(part.mime.clone())
    };
    sentence!("{name}：{ja}", "{name} ({en})")
}
