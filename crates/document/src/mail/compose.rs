//! Composing a mail. Done by hand because the bytes must depend on the content
//! alone: the same mail composed again is the same file.

use contract::declare::words::Sentence;
use contract::sentence;
use reckon::Moment;

use super::encode::{base64_lines, file_name, header_text};
use super::receive::HEADERS;
use super::{Attachment, OutgoingMail};
use crate::fault::Fault;

/// Composes a mail: UTF-8, bodies in base64, no line over 78 characters for
/// ordinary addresses. The same mail always gives the same bytes.
///
/// # Errors
/// An address that is none, no recipient, or a header text with a line break
/// (which could smuggle in another header).
pub fn write_mail(mail: &OutgoingMail) -> Result<Vec<u8>, Box<Fault>> {
    if mail.to.is_empty() {
        let problem = sentence!("宛先がありません", "the mail has no recipient");
        let remedy = sentence!("宛先を一つ以上指定してください", "name at least one");
        return Err(fault(mail, "宛先 (To)", problem, remedy));
    }
    let from =
        mailbox(&mail.from).map_err(|problem| bad_address(mail, "差出人 (From)", problem))?;
    let to: Result<Vec<String>, Sentence> = mail.to.iter().map(|one| mailbox(one)).collect();
    let to = to.map_err(|problem| bad_address(mail, "宛先 (To)", problem))?;
    let reply_to = mail.reply_to.as_deref().map(mailbox).transpose();
    let reply_to = reply_to.map_err(|problem| bad_address(mail, "返信先 (Reply-To)", problem))?;
    bare_address(&mail.message_id).map_err(|problem| bad_address(mail, "Message-ID", problem))?;
    one_line(mail, "件名 (Subject)", &mail.subject)?;
    for attachment in &mail.attachments {
        one_line(mail, "添付ファイル", &attachment.name)?;
        mime_type(mail, &attachment.mime)?;
    }
    let mut headers = vec![
        format!("From: {from}"),
        format!("To: {}", to.join(",\r\n ")),
        format!("Subject: {}", header_text(&mail.subject)),
        format!("Date: {}", date(mail.date)),
        format!("Message-ID: <{}>", mail.message_id),
        "MIME-Version: 1.0".to_owned(),
    ];
    headers.extend(reply_to.map(|reply_to| format!("Reply-To: {reply_to}")));
    if mail.automatic {
        headers.push("Auto-Submitted: auto-generated".to_owned());
    }
    let head = headers.join("\r\n");
    Ok(format!("{head}\r\n{}", body(mail)).into_bytes())
}

fn body(mail: &OutgoingMail) -> String {
    let text = text_part(&mail.text);
    if mail.attachments.is_empty() {
        return text;
    }
    let boundary = boundary(&mail.message_id);
    let mut body = format!("Content-Type: multipart/mixed;\r\n boundary=\"{boundary}\"\r\n\r\n");
    let files = mail.attachments.iter().map(file_part);
    for part in [text].into_iter().chain(files) {
        body.push_str(&format!("--{boundary}\r\n{part}"));
    }
    body + &format!("--{boundary}--\r\n")
}

fn text_part(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let coded = base64_lines(lines.as_bytes());
    format!(
        "Content-Type: text/plain; charset=UTF-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{coded}"
    )
}

fn file_part(file: &Attachment) -> String {
    let (mime, name, coded) = (&file.mime, file_name(&file.name), base64_lines(&file.bytes));
    format!(
        "Content-Type: {mime}\r\n\
         Content-Disposition: attachment{name}\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{coded}"
    )
}

/// Derived from the message id (64-bit FNV-1a). It cannot occur in a part: every
/// part is base64, which has no `_`.
fn boundary(message_id: &str) -> String {
    let hash = message_id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("=_yakkan_{hash:016x}")
}

/// In Japan time, such as `Wed, 01 Apr 2026 10:00:00 +0900` (RFC 5322, 3.3).
fn date(moment: Moment) -> String {
    moment.japan().strftime("%a, %d %b %Y %H:%M:%S +0900").to_string()
}

/// `name@example.jp` or `display name <name@example.jp>` as header text.
fn mailbox(text: &str) -> Result<String, Sentence> {
    let Some((name, rest)) = text.rsplit_once('<') else {
        return bare_address(text.trim());
    };
    let address = rest.trim_end().strip_suffix('>').ok_or_else(|| no_address(text))?;
    let address = bare_address(address)?;
    let name = name.trim().trim_matches('"');
    if name.chars().any(char::is_control) {
        return Err(no_address(text));
    }
    if name.is_empty() {
        return Ok(address);
    }
    let plain = name.len() <= 60 && name.bytes().all(|b| b == b' ' || b.is_ascii_alphanumeric());
    // Encoded always when not plain words: a comma must not part the list.
    let shown = if plain { name.to_owned() } else { encoded_name(name) };
    Ok(format!("{shown}\r\n <{address}>"))
}

fn encoded_name(name: &str) -> String {
    let shown = header_text(name);
    if shown.starts_with("=?") {
        return shown;
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn bare_address(text: &str) -> Result<String, Sentence> {
    let legal = |b: u8| b.is_ascii_graphic() && !b"<>()[],;:\"\\".contains(&b);
    let parts = text.split_once('@');
    let whole = parts.is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if whole && text.bytes().all(legal) { Ok(text.to_owned()) } else { Err(no_address(text)) }
}

fn no_address(text: &str) -> Sentence {
    let text = text.escape_debug();
    sentence!("「{text}」はアドレスではありません", "「{text}」 is no address")
}

fn bad_address(mail: &OutgoingMail, field: &str, problem: Sentence) -> Box<Fault> {
    let remedy =
        sentence!("name@example.jpの形で書いてください", "write one such as name@example.jp");
    fault(mail, field, problem, remedy)
}

fn one_line(mail: &OutgoingMail, field: &str, text: &str) -> Result<(), Box<Fault>> {
    if text.chars().any(char::is_control) {
        let problem = sentence!(
            "改行または制御文字が含まれています",
            "the text holds a line break or control character",
        );
        let remedy = sentence!("1行で書いてください", "write it in one line");
        return Err(fault(mail, field, problem, remedy));
    }
    Ok(())
}

fn mime_type(mail: &OutgoingMail, mime: &str) -> Result<(), Box<Fault>> {
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    if mime.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype)) {
        return Ok(());
    }
    let mime = mime.escape_debug();
    let problem =
        sentence!("「{mime}」はメディアタイプではありません", "「{mime}」 is no media type");
    let remedy =
        sentence!("application/pdfのように書いてください", "write one such as application/pdf");
    Err(fault(mail, "添付ファイル", problem, remedy))
}

fn fault(mail: &OutgoingMail, field: &str, problem: Sentence, remedy: Sentence) -> Box<Fault> {
    let file = format!("{}.eml", mail.message_id);
    Box::new(Fault::new(&file, HEADERS, field, problem, remedy))
}
