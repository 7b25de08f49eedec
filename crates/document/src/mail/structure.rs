//! The parts of a mail, found by us and within bounds.
//!
//! A parser of whole mails follows parts within parts as deep as a stranger has
//! written them, and searches the rest of the mail for the boundary of each: a
//! mail of some kilobytes kept it busy for a minute. Here every line is looked at
//! once for each level above it, and the parser only ever sees one block of
//! headers.

use contract::declare::words::{Sentence, Words};
use contract::sentence;
use mail_parser::{Encoding, Message, MessageParser, MimeHeaders};

use super::receive::HEADERS;
use super::{decode, file_name};
use crate::fault::{Fault, Faults};

/// The door takes mails of ten megabytes.
const MOST_BYTES: usize = 32 << 20;
/// Multiparts within one another; an answer to a forwarded mail with pictures has
/// four.
const MOST_LEVELS: usize = 10;
const MOST_PARTS: usize = 200;
/// Of all parts together.
const MOST_HEADER_BYTES: usize = 256 << 10;
const MOST_HEADERS: usize = 2_000;
/// Of one header with its folded lines.
const LONGEST_HEADER: usize = 32 << 10;

const CUT: Words = Words::new(
    "メールを取得し直すか、差出人に送り直すよう依頼してください",
    "fetch the mail again, or ask the sender to send it again",
);
const TOO_MUCH: Words = Words::new(
    "新しいメールにファイルを添付して送り直すよう、差出人に依頼してください",
    "ask the sender to write a new mail with the files attached to it",
);

/// One part: the mail itself, what a multipart holds, or a mail within the mail.
pub(super) struct Part<'a> {
    /// From 1, in the order of the mail; the mail itself is part 1.
    pub number: usize,
    /// `None` for a part without headers.
    pub head: Option<Message<'a>>,
    /// Still encoded.
    pub body: &'a [u8],
    /// What a multipart holds, in its order.
    pub parts: Vec<Part<'a>>,
}

/// A bound was passed. The fault that says so has been added.
pub(super) struct TooMuch;

/// Finds the parts of a mail. Parsers mend a cut mail silently; we must not: half
/// an application is no application. Every sign that the mail ends before its end
/// becomes a fault.
pub(super) fn parts<'a>(bytes: &'a [u8], faults: &mut Faults) -> Result<Part<'a>, TooMuch> {
    let mut walk = Walk { faults, parts: 0, headers: 0, header_bytes: 0 };
    if bytes.len() > MOST_BYTES {
        let size = bytes.len();
        let problem = sentence!(
            "メールが{size}バイトあります。読み取るのは{MOST_BYTES}バイトまでです",
            "the mail has {size} bytes, at most {MOST_BYTES} are read",
        );
        return walk.too_much(Fault::WHOLE_FILE, "メール", problem);
    }
    walk.part(bytes, 0)
}

struct Walk<'f> {
    faults: &'f mut Faults,
    parts: usize,
    headers: usize,
    header_bytes: usize,
}

impl Walk<'_> {
    fn part<'a>(&mut self, bytes: &'a [u8], level: usize) -> Result<Part<'a>, TooMuch> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            let problem = sentence!(
                "メールの部分が{MOST_PARTS}を超えています",
                "the mail has more than {MOST_PARTS} parts",
            );
            return self.too_much(Fault::WHOLE_FILE, "multipart", problem);
        }
        let (head, body) = head_and_body(bytes);
        self.weigh(head)?;
        let head = MessageParser::default().parse_headers(head);
        let mut part =
            Part { number: self.parts, head, body: body.unwrap_or_default(), parts: vec![] };
        if self.parts == 1 && body.is_none() && part.head.is_some() {
            let problem = sentence!(
                "メールがヘッダーの途中で切れています",
                "the mail is cut off in its headers"
            );
            self.faults.add(HEADERS, "メール", problem, CUT);
        } else if part.is_multipart() {
            self.within(&mut part, level)?;
        } else {
            self.contents(&part, level)?;
        }
        Ok(part)
    }

    /// The headers of a part, counted before they are parsed.
    fn weigh(&mut self, head: &[u8]) -> Result<(), TooMuch> {
        let place = part_number(self.parts);
        self.header_bytes += head.len();
        let mut longest = 0;
        let mut length = 0;
        for line in head.split_inclusive(|b| *b == b'\n') {
            if !line.starts_with(b" ") && !line.starts_with(b"\t") {
                self.headers += 1;
                length = 0;
            }
            length += line.len();
            longest = longest.max(length);
        }
        let problem = if longest > LONGEST_HEADER {
            sentence!(
                "{longest}バイトのヘッダーがあります。読み取るのは{LONGEST_HEADER}バイトまでです",
                "a header has {longest} bytes, at most {LONGEST_HEADER} are read",
            )
        } else if self.header_bytes > MOST_HEADER_BYTES {
            sentence!(
                "メールのヘッダーが{MOST_HEADER_BYTES}バイトを超えています",
                "the headers of the mail have more than {MOST_HEADER_BYTES} bytes",
            )
        } else if self.headers > MOST_HEADERS {
            sentence!(
                "メールのヘッダーが{MOST_HEADERS}個を超えています",
                "the mail has more than {MOST_HEADERS} headers",
            )
        } else {
            return Ok(());
        };
        self.too_much(place, "headers", problem)
    }

    /// The parts of a multipart.
    fn within(&mut self, part: &mut Part<'_>, level: usize) -> Result<(), TooMuch> {
        let place = part.place();
        let Some(boundary) = part.attribute("boundary").filter(|text| !text.is_empty()) else {
            let problem =
                sentence!("部分の境界が示されていません", "the multipart names no boundary");
            self.faults.add(place, "multipart", problem, CUT);
            return Ok(());
        };
        if level == MOST_LEVELS {
            let problem = sentence!(
                "メールの部分の入れ子が{MOST_LEVELS}段を超えています",
                "more than {MOST_LEVELS} multiparts lie within one another",
            );
            return self.too_much(place, "multipart", problem);
        }
        let boundary = boundary.to_owned();
        let mut pieces = Pieces { rest: part.body, boundary: &boundary, closed: false };
        pieces.up_to_boundary();
        while let Some(piece) = pieces.next_piece() {
            part.parts.push(self.part(piece, level + 1)?);
        }
        if !pieces.closed {
            let problem = sentence!(
                "メールが途中で切れています（終わりの境界--{boundary}--がありません）",
                "the mail is cut off: the closing boundary --{boundary}-- is missing",
            );
            self.faults.add(place, "multipart", problem, CUT);
        }
        Ok(())
    }

    /// A part that is no multipart: can it be decoded, and is a mail within whole?
    fn contents(&mut self, part: &Part<'_>, level: usize) -> Result<(), TooMuch> {
        let decoded = match part.encoding() {
            Encoding::Base64 if decode::is_cut_base64(part.body) => {
                let problem = sentence!(
                    "メールが途中で切れています",
                    "the mail is cut off: the part ends within a group of base64",
                );
                self.faults.add(part.place(), "base64", problem, CUT);
                return Ok(());
            }
            Encoding::Base64 => decode::base64(part.body).map(Some),
            Encoding::QuotedPrintable | Encoding::None => Some(None),
        };
        let Some(decoded) = decoded else {
            let problem = sentence!(
                "メールが途中で切れているか、壊れています",
                "the mail is cut off or damaged: the part cannot be decoded",
            );
            self.faults.add(part.place(), "Content-Transfer-Encoding", problem, CUT);
            return Ok(());
        };
        if !part.is_mail() {
            return Ok(());
        }
        if level == MOST_LEVELS {
            let problem = sentence!(
                "メールの中のメールが{MOST_LEVELS}段を超えています",
                "more than {MOST_LEVELS} mails lie within one another",
            );
            return self.too_much(part.place(), "message/rfc822", problem);
        }
        self.part(decoded.as_deref().unwrap_or(part.body), level + 1).map(|_| ())
    }

    fn too_much<T>(
        &mut self,
        place: impl Into<Sentence>,
        field: &str,
        problem: Sentence,
    ) -> Result<T, TooMuch> {
        self.faults.add(place, field, problem, TOO_MUCH);
        Err(TooMuch)
    }
}

impl<'a> Part<'a> {
    /// `multipart/mixed` is `("multipart", "mixed")`; a part that says nothing is
    /// plain text (RFC 2045, 5.2).
    pub(super) fn kind(&self) -> (&str, &str) {
        let kind = self.head.as_ref().and_then(|head| head.content_type());
        kind.map_or(("text", "plain"), |kind| (kind.ctype(), kind.subtype().unwrap_or_default()))
    }

    pub(super) fn is_multipart(&self) -> bool {
        self.kind().0 == "multipart"
    }

    fn is_mail(&self) -> bool {
        matches!(self.kind(), ("message", "rfc822" | "global"))
    }

    /// An attribute of the type, such as `charset`.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.head.as_ref()?.content_type()?.attribute(name)
    }

    pub(super) fn encoding(&self) -> Encoding {
        let written = self.head.as_ref().and_then(|head| head.content_transfer_encoding());
        match written {
            Some(name) if name.eq_ignore_ascii_case("base64") => Encoding::Base64,
            Some(name) if name.eq_ignore_ascii_case("quoted-printable") => {
                Encoding::QuotedPrintable
            }
            _ => Encoding::None,
        }
    }

    /// As it is written, put together of its pieces.
    pub(super) fn file_name(&self) -> Option<String> {
        let head = self.head.as_ref()?;
        let pieces = |header: &str, parameter| {
            file_name::of_pieces(head.header_raw(header).unwrap_or_default(), parameter)
        };
        pieces("Content-Disposition", "filename")
            .or_else(|| pieces("Content-Type", "name"))
            .or_else(|| head.attachment_name().map(str::to_owned))
    }

    fn place(&self) -> Sentence {
        let number = self.number;
        match self.file_name().map(|name| file_name::cleaned(&name)) {
            Some(name) => sentence!("第{number}部（{name}）", "part {number} ({name})"),
            None => part_number(number),
        }
    }
}

fn part_number(number: usize) -> Sentence {
    sentence!("第{number}部", "part {number}")
}

/// The headers with the empty line that ends them, and what follows; no body when
/// that line is missing.
fn head_and_body(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut end = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        end += line.len();
        if line == b"\n" || line == b"\r\n" {
            return (&bytes[..end], Some(&bytes[end..]));
        }
    }
    (bytes, None)
}

/// What lies between the boundaries of a multipart (RFC 2046, 5.1.1).
struct Pieces<'a, 'b> {
    rest: &'a [u8],
    boundary: &'b str,
    closed: bool,
}

impl<'a> Pieces<'a, '_> {
    /// The next piece, unless the closing boundary came or nothing is left.
    fn next_piece(&mut self) -> Option<&'a [u8]> {
        if self.closed || self.rest.is_empty() { None } else { Some(self.up_to_boundary()) }
    }

    /// Everything up to the next boundary. Its line and the line end before it
    /// belong to the boundary.
    fn up_to_boundary(&mut self) -> &'a [u8] {
        let whole = self.rest;
        let mut start = 0;
        for line in whole.split_inclusive(|b| *b == b'\n') {
            let after = start + line.len();
            if let Some(closing) = self.is_boundary(line) {
                self.closed = closing;
                self.rest = &whole[after..];
                let piece = &whole[..start];
                let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
                return piece.strip_suffix(b"\r").unwrap_or(piece);
            }
            start = after;
        }
        self.rest = &[];
        whole
    }

    /// Whether the line is a boundary, and if so, whether it is the closing one.
    fn is_boundary(&self, line: &[u8]) -> Option<bool> {
        let rest = line.strip_prefix(b"--")?.strip_prefix(self.boundary.as_bytes())?;
        match rest.trim_ascii_end() {
            b"" => Some(false),
            b"--" => Some(true),
            _ => None,
        }
    }
}
