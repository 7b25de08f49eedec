//! What a failed SMTP step means for the letter, by how far the dialogue was.

use engine::Delivery;
use lettre::transport::smtp::response::Response;

/// Why a step of the dialogue failed.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server said no: 4xx or 5xx.
    Reply { code: u16, text: String },
    /// No usable answer: no connection, TLS failure, time-out, line cut.
    Broken(String),
}

impl From<lettre::transport::smtp::Error> for Trouble {
    fn from(error: lettre::transport::smtp::Error) -> Trouble {
        let Some(code) = error.status() else {
            return Trouble::Broken(error.to_string());
        };
        let said = std::error::Error::source(&error).map(ToString::to_string);
        let text = format!("{code} {}", said.unwrap_or_default());
        Trouble::Reply { code: code.into(), text: text.trim_end().to_owned() }
    }
}

/// Before MAIL the server knows nothing of the letter: always worth another try.
pub(crate) fn about_us(step: &str, trouble: Trouble) -> Delivery {
    let (Trouble::Reply { text, .. } | Trouble::Broken(text)) = trouble;
    Delivery::Deferred { reply: format!("{step}: {text}") }
}

/// From MAIL to the 354 after DATA: nothing of the text has left.
pub(crate) fn about_letter(step: &str, trouble: Trouble) -> Delivery {
    match trouble {
        // Sign in first, stronger mechanism, encrypt first: the operator's
        // set-up, not the letter.
        Trouble::Reply { code: 530 | 534 | 535 | 538, .. } => about_us(step, trouble),
        Trouble::Reply { code, text } => by_code(code, text),
        Trouble::Broken(_) => about_us(step, trouble),
    }
}

/// Once the text has begun to leave, only a reply settles what became of it.
pub(crate) fn about_text(trouble: Trouble) -> Delivery {
    match trouble {
        Trouble::Reply { code, text } => by_code(code, text),
        Trouble::Broken(why) => Delivery::Unclear { why },
    }
}

/// A letter that cannot be put into SMTP at all was never sent and never will be.
pub(crate) fn local_refusal(why: &str) -> Delivery {
    Delivery::Refused { reply: format!("not handed to the mail server: {why}") }
}

/// The code and every line of a positive reply.
pub(crate) fn reply_text(reply: &Response) -> String {
    let lines: Vec<&str> = reply.message().collect();
    format!("{} {}", reply.code(), lines.join(" ")).trim_end().to_owned()
}

fn by_code(code: u16, reply: String) -> Delivery {
    if code / 100 == 5 { Delivery::Refused { reply } } else { Delivery::Deferred { reply } }
}
