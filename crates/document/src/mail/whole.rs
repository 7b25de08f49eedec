//! Is the mail whole? Parsers mend a cut mail silently; we must not: half an
//! application is no application.

use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};

use crate::fault::Faults;

const REMEDY: &str = "fetch the mail again, or ask the sender to send it again";

/// Reports every sign that the mail ends before its end.
pub(super) fn look_for_cuts(message: &Message<'_>, raw: &[u8], faults: &mut Faults) {
    let has_body = raw.windows(2).any(|pair| pair == b"\n\n")
        || raw.windows(4).any(|four| four == b"\r\n\r\n");
    if !has_body {
        faults.add("headers", "メール", "the mail is cut off in its headers", REMEDY);
        return;
    }
    look_at_parts(message, raw, faults);
}

fn look_at_parts(message: &Message<'_>, raw: &[u8], faults: &mut Faults) {
    for (number, part) in (1..).zip(&message.parts) {
        let place = match part.attachment_name() {
            Some(name) => format!("part {number} ({name})"),
            None => format!("part {number}"),
        };
        if let Some(problem) = multipart_problem(part, raw) {
            faults.add(place, "multipart", problem, REMEDY);
        } else if part.encoding == Encoding::Base64 && is_cut_base64(part, raw) {
            let problem = "the mail is cut off: the part ends within a group of base64";
            faults.add(place, "base64", problem, REMEDY);
        } else if part.is_encoding_problem {
            let problem = "the mail is cut off or damaged: the part cannot be decoded";
            faults.add(place, "Content-Transfer-Encoding", problem, REMEDY);
        }
        if let PartType::Message(nested) = &part.body {
            // A forwarded mail that was itself encoded has bytes of its own.
            look_at_parts(nested, &nested.raw_message, faults);
        }
    }
}

fn multipart_problem(part: &MessagePart<'_>, raw: &[u8]) -> Option<String> {
    let kind = part.content_type().filter(|kind| kind.ctype() == "multipart")?;
    match kind.attribute("boundary") {
        None => Some("the multipart names no boundary".to_owned()),
        Some(boundary) if is_closed(raw, boundary) => None,
        Some(boundary) => {
            Some(format!("the mail is cut off: the closing boundary --{boundary}-- is missing"))
        }
    }
}

/// True when some line is the closing boundary (RFC 2046, 5.1.1).
fn is_closed(raw: &[u8], boundary: &str) -> bool {
    let closing = format!("--{boundary}--");
    raw.split(|b| *b == b'\n').any(|line| line.trim_ascii_end() == closing.as_bytes())
}

/// Base64 comes in groups of four, padding included (RFC 4648, 4).
fn is_cut_base64(part: &MessagePart<'_>, raw: &[u8]) -> bool {
    let body = raw.get(part.raw_body_offset() as usize..part.raw_end_offset() as usize);
    let in_groups = |b: &&u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    !body.unwrap_or_default().iter().filter(in_groups).count().is_multiple_of(4)
}
