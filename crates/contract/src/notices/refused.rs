//! 3-2, 9-4: a mail that the own server refused was never sent.

use crate::declare::prelude::*;

pub(crate) const MAIL_REFUSED: Rule =
    Rule::new("mail_refused", 1, "メールの不送信", "mail that was not sent")
        .clauses(&["3-2", "9-4"])
        .readings(&["A-05"])
        .parameters(&["mail.sent_means"]);

/// The own server refused a mail for good: it was never sent.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct MailRefused {
    pub about: String,
    pub mail: String,
    pub reply: String,
}

impl Entry for MailRefused {
    const NAME: &'static str = "mail_refused";
    const CLAUSES: &'static [&'static str] = &["3-2", "9-4"];
    const TITLE: Words =
        Words::new("自社サーバによるメールの拒否", "mail refused by the own server");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn line(&self, l: Reader) -> String {
        let MailRefused { about, mail, reply } = self;
        say!(
            l,
            "自社の送信サーバが{about}宛てのメール（{mail}）を拒否：{reply}",
            "the own server refused the mail {mail} about {about}: {reply}"
        )
    }
}
