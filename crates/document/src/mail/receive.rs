//! Reading a received mail.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Address, Encoding, Message, MessageParser, MessagePart, MimeHeaders};
use reckon::Moment;

use super::whole::look_for_cuts;
use super::{Attachment, ReceivedMail};
use crate::fault::{Fault, Faults};
use crate::guard::guarded;

/// Reads a mail (RFC 5322, MIME; UTF-8, ISO-2022-JP, Shift_JIS and others).
///
/// # Errors
/// When it has no sender, ends before its end (a multipart without its closing
/// boundary, a base64 part with half a group), or a part cannot be decoded.
pub fn read_mail(file: &str, bytes: &[u8]) -> Result<ReceivedMail, Vec<Fault>> {
    guarded(file, || read_parts(file, bytes))
}

fn read_parts(file: &str, bytes: &[u8]) -> Result<ReceivedMail, Vec<Fault>> {
    let mut faults = Faults::of(file);
    let Some(message) = MessageParser::default().parse(bytes) else {
        let remedy = "give the mail as it was received, with its headers";
        faults.add("whole file", "メール", "this is no mail, it has no headers", remedy);
        return faults.refuse_or(None);
    };
    look_for_cuts(&message, bytes, &mut faults);
    let from = addresses(message.from()).into_iter().next();
    if from.is_none() {
        let remedy = "ask the sender to send the mail again";
        faults.add("headers", "差出人 (From)", "the mail names no sender", remedy);
    }
    let mut attachments = Vec::new();
    for (number, part) in (1..).zip(message.attachments()) {
        match contents(part, bytes) {
            Some(bytes) => attachments.push(attachment(number, part, bytes)),
            None => {
                let remedy = "ask the sender to send the mail again";
                let place = format!("attachment {number}");
                faults.add(place, "添付ファイル", "the attachment cannot be decoded", remedy);
            }
        }
    }
    let content = from.map(|from| ReceivedMail {
        message_id: message.message_id().unwrap_or_default().to_owned(),
        from,
        to: addresses(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: date(&message),
        text: text(&message),
        attachments,
    });
    faults.refuse_or(content)
}

fn addresses(header: Option<&Address<'_>>) -> Vec<String> {
    let listed = header.into_iter().flat_map(Address::iter);
    listed.filter_map(|one| one.address()).map(str::to_owned).collect()
}

fn date(message: &Message<'_>) -> Option<Moment> {
    let date = message.date().filter(|date| date.is_valid())?;
    Some(Moment::from_unix_seconds(date.to_timestamp()))
}

fn text(message: &Message<'_>) -> String {
    let parts: Vec<String> = (0..message.text_body_count())
        .filter_map(|at| message.body_text(at))
        .map(|text| text.replace("\r\n", "\n"))
        .collect();
    parts.join("\n")
}

fn attachment(number: u32, part: &MessagePart<'_>, bytes: Vec<u8>) -> Attachment {
    let mime = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    Attachment {
        name: part.attachment_name().map_or(format!("attachment-{number}"), str::to_owned),
        mime: mime.unwrap_or_else(|| "application/octet-stream".to_owned()),
        bytes,
    }
}

/// The bytes as they were attached. The parser's own view of a text attachment
/// is already turned into UTF-8, which would spoil a CP932 file.
fn contents(part: &MessagePart<'_>, raw: &[u8]) -> Option<Vec<u8>> {
    let body = raw.get(part.raw_body_offset() as usize..part.raw_end_offset() as usize)?;
    match part.encoding {
        Encoding::None => Some(body.to_vec()),
        Encoding::Base64 => base64_decode(body),
        Encoding::QuotedPrintable => quoted_printable_decode(body),
    }
}
