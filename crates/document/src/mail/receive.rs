//! Reading a received mail.

use contract::declare::words::Words;
use contract::sentence;
use mail_parser::{Address, Message, MimeHeaders};
use reckon::Moment;

use super::structure::{Part, parts};
use super::{Attachment, ReceivedMail, decode, file_name, sent};
use crate::fault::{Fault, Faults};
use crate::guard::guarded;

pub(super) const HEADERS: Words = Words::new("ヘッダー", "headers");

const SEND_AGAIN: Words = Words::new(
    "メールを送り直すよう、差出人に依頼してください",
    "ask the sender to send the mail again",
);

/// Reads a mail (RFC 5322, MIME; UTF-8, ISO-2022-JP, Shift_JIS and others).
///
/// # Errors
/// When it has no sender, ends before its end (a multipart without its closing
/// boundary, a base64 part with half a group), a part cannot be decoded, or it is
/// larger, deeper or in more parts than any mail that people write.
pub fn read_mail(file: &str, bytes: &[u8]) -> Result<ReceivedMail, Vec<Fault>> {
    guarded(file, || read_parts(file, bytes))
}

fn read_parts(file: &str, bytes: &[u8]) -> Result<ReceivedMail, Vec<Fault>> {
    let mut faults = Faults::of(file);
    let Ok(mail) = parts(bytes, &mut faults) else { return faults.refuse_or(None) };
    let Some(head) = &mail.head else {
        let problem =
            sentence!("ヘッダーがなく、メールではありません", "this is no mail, it has no headers");
        let remedy = sentence!(
            "受信したメールをヘッダーごと保存して登録してください",
            "give the mail as it was received, with its headers",
        );
        faults.add(Fault::WHOLE_FILE, "メール", problem, remedy);
        return faults.refuse_or(None);
    };
    let from = addresses(head.from()).into_iter().next();
    if from.is_none() {
        let problem = sentence!("差出人がありません", "the mail names no sender");
        faults.add(HEADERS, "差出人 (From)", problem, SEND_AGAIN);
    }
    let mut found = Found { texts: Vec::new(), attachments: Vec::new(), faults: &mut faults };
    found.take(&mail, Beside { first: true, apart: false, html_twice: false });
    let Found { texts, attachments, .. } = found;
    let date = sent::moment(head.header_raw("Date").unwrap_or_default());
    let content = from.map(|from| ReceivedMail {
        message_id: head.message_id().unwrap_or_default().to_owned(),
        from,
        to: addresses(head.to()),
        subject: head.subject().unwrap_or_default().to_owned(),
        date_problem: date.as_ref().err().filter(|problem| !problem.is_empty()).cloned(),
        date: date.ok(),
        received: received(head),
        text: texts.join("\n"),
        attachments,
    });
    faults.refuse_or(content)
}

fn addresses(header: Option<&Address<'_>>) -> Vec<String> {
    let listed = header.into_iter().flat_map(Address::iter);
    listed.filter_map(|one| one.address()).map(str::to_owned).collect()
}

fn received(head: &Message<'_>) -> Option<Moment> {
    let (_, date) = head.header_raw("Received")?.rsplit_once(';')?;
    sent::moment(date).ok()
}

/// What the parts come to, gathered in their order.
struct Found<'f> {
    texts: Vec<String>,
    attachments: Vec<Attachment>,
    faults: &'f mut Faults,
}

/// Where a part stands among the parts of its multipart.
#[derive(Clone, Copy)]
struct Beside {
    first: bool,
    /// All but the first belong to the first, such as the pictures of a page.
    apart: bool,
    /// The same is there as plain text.
    html_twice: bool,
}

impl Found<'_> {
    fn take(&mut self, part: &Part<'_>, beside: Beside) {
        if part.is_multipart() {
            let apart = part.kind().1 == "related";
            let alternative = part.kind().1 == "alternative";
            let html_twice = beside.html_twice || (alternative && holds_plain_text(part));
            for (at, one) in part.parts.iter().enumerate() {
                self.take(one, Beside { first: at == 0, apart, html_twice });
            }
        } else if is_body(part, beside) {
            if part.kind().1 != "html" || !beside.html_twice {
                self.texts.push(decode::text(part));
            }
        } else {
            self.attach(part);
        }
    }

    fn attach(&mut self, part: &Part<'_>) {
        let number = self.attachments.len() + 1;
        let Some(bytes) = decode::contents(part) else {
            let place = sentence!("添付{number}", "attachment {number}");
            let problem =
                sentence!("添付ファイルを復号できません", "the attachment cannot be decoded");
            self.faults.add(place, "添付ファイル", problem, SEND_AGAIN);
            return;
        };
        let mime = match part.head.as_ref().and_then(|head| head.content_type()) {
            Some(kind) => match kind.subtype() {
                Some(subtype) => format!("{}/{subtype}", kind.ctype()),
                None => kind.ctype().to_owned(),
            },
            None => "application/octet-stream".to_owned(),
        };
        let name = part.file_name().map(|name| file_name::cleaned(&name)).unwrap_or_default();
        let name = if name.is_empty() { format!("attachment-{number}") } else { name };
        self.attachments.push(Attachment { name, mime, bytes });
    }
}

/// A text that is meant to be read, not a file that is one.
fn is_body(part: &Part<'_>, beside: Beside) -> bool {
    let disposition = part.head.as_ref().and_then(|head| head.content_disposition());
    matches!(part.kind(), ("text", "plain" | "html"))
        && !disposition.is_some_and(|written| written.is_attachment())
        && (beside.first || (!beside.apart && part.attribute("name").is_none()))
}

fn holds_plain_text(part: &Part<'_>) -> bool {
    part.parts.iter().any(|one| one.kind() == ("text", "plain") || holds_plain_text(one))
}
