//! Mails to a person about their own way in. They leave at once and are kept nowhere:
//! what they carry lets somebody in.

use document::wording::letters::{
    Addressee, PasswordSetLetter, SetUpLinkLetter, password_set_mail, set_up_link_mail,
};
use document::{OutgoingMail, write_mail};
use reckon::Moment;

use crate::keeping::ports::Letter;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnMail {
    /// The link, which is for nobody else's eyes.
    SetUpLink { link: String, made_by: String, until: Moment },
    /// It was used, from this network address.
    PasswordSet { made_by: String, origin: String },
}

impl Engine {
    /// The mail to a person, ready to leave; `id` makes its Message-ID.
    ///
    /// # Errors
    /// When the address or the operator's own cannot stand in a mail.
    pub fn own_mail(
        &self,
        person: &str,
        address: &str,
        told: OwnMail,
        id: &str,
        at: Moment,
    ) -> Result<Letter, EngineError> {
        let to = Addressee {
            company: String::new(),
            department: String::new(),
            person: self.name_of(person),
        };
        let (from, person) = (self.signature(), person.to_owned());
        let text = match told {
            OwnMail::SetUpLink { link, made_by, until } => {
                set_up_link_mail(&SetUpLinkLetter { to, from, person, made_by, link, until })
            }
            OwnMail::PasswordSet { made_by, origin } => {
                password_set_mail(&PasswordSetLetter { to, from, person, made_by, at, origin })
            }
        };
        let mail = OutgoingMail {
            message_id: format!("{id}@{}", self.operator.mail.domain),
            from: self.named_sender(),
            to: vec![address.to_owned()],
            reply_to: self.operator.mail.reply_to.clone(),
            automatic: true,
            subject: text.subject,
            text: text.body,
            date: at,
            attachments: Vec::new(),
        };
        let bytes = write_mail(&mail).map_err(|fault| EngineError::Faults(vec![*fault]))?;
        let from = self.operator.mail.from.clone();
        Ok(Letter { message_id: mail.message_id, from, to: mail.to, bytes })
    }
}
