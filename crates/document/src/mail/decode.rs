//! The body of one part as bytes and as text.

use mail_parser::Encoding;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::html::html_to_text;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::parsers::MessageStream;

use super::structure::Part;

/// Base64 comes in groups of four, padding included (RFC 4648, 4).
pub(super) fn is_cut_base64(body: &[u8]) -> bool {
    let in_groups = |b: &&u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    !body.iter().filter(in_groups).count().is_multiple_of(4)
}

/// `None` when the body holds what is no base64.
pub(super) fn base64(body: &[u8]) -> Option<Vec<u8>> {
    let (end, bytes) = MessageStream::new(body).decode_base64_mime(b"");
    (end != usize::MAX).then(|| bytes.into_owned())
}

/// The bytes as they were attached: text is not turned into UTF-8, which would
/// spoil a CP932 file.
pub(super) fn contents(part: &Part<'_>) -> Option<Vec<u8>> {
    match part.encoding() {
        Encoding::None => Some(part.body.to_vec()),
        Encoding::Base64 => base64(part.body),
        Encoding::QuotedPrintable => quoted_printable_decode(part.body),
    }
}

/// A part to be read by people, with LF line ends; HTML is turned into text. A
/// wrong `=` of quoted-printable stays as it is written.
pub(super) fn text(part: &Part<'_>) -> String {
    let bytes = match part.encoding() {
        Encoding::None => part.body.to_vec(),
        Encoding::Base64 => base64(part.body).unwrap_or_default(),
        Encoding::QuotedPrintable => {
            MessageStream::new(part.body).decode_quoted_printable_mime(b"").1.into_owned()
        }
    };
    let decoder = part.attribute("charset").and_then(|name| charset_decoder(name.as_bytes()));
    let text = match decoder {
        Some(decoded) => decoded(&bytes),
        None => String::from_utf8_lossy(&bytes).into_owned(),
    };
    let text = if part.kind() == ("text", "html") { html_to_text(&text) } else { text };
    text.replace("\r\n", "\n")
}
