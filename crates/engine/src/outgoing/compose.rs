//! A drafted letter becomes a mail: its enclosure is set, and both are kept.

use document::wording::letters::Signature;
use document::{Attachment, OutgoingMail, write_mail};
use reckon::Moment;
use typeset::{Document, render};

use crate::keeping::store::{DocumentRow, OutboxRow, PersonalRow};
use crate::keeping::subjects::records_subject;
use crate::outgoing::draft::{Desk, Draft};
use crate::outgoing::list::Effect;
use crate::outgoing::{papers, tries};
use crate::people::operator::Operator;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// A mail that is ready, with the rows that keep it.
pub(crate) struct Composed {
    pub mail: OutgoingMail,
    pub bytes: Vec<u8>,
    pub personal: Vec<PersonalRow>,
    pub documents: Vec<DocumentRow>,
}

/// A mail that would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterAhead {
    pub to: String,
    pub subject: String,
    /// File name of what is enclosed.
    pub paper: Option<String>,
}

impl Engine {
    pub(crate) async fn compose(
        &self,
        row: &OutboxRow,
        effect: &Effect,
        desk: &Desk<'_>,
    ) -> Result<Composed, EngineError> {
        let draft = self.told_by_numbers(effect.draft(desk).await?).await?;
        self.finish(row, draft, desk.at)
    }

    /// To whom a mail would leave, and under which subject.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub(crate) async fn letter_ahead(
        &self,
        effect: &Effect,
        desk: &Desk<'_>,
    ) -> Result<LetterAhead, EngineError> {
        let draft = self.told_by_numbers(effect.draft(desk).await?).await?;
        let Draft { to, text, paper, .. } = draft;
        Ok(LetterAhead {
            to: to.join("、"),
            subject: text.subject,
            paper: paper.map(|(name, _)| name),
        })
    }

    /// Renders the enclosure and writes the mail; both are kept with the contract's
    /// records, an invoice with the tax records, which hold no personal data.
    fn finish(&self, row: &OutboxRow, draft: Draft, at: Moment) -> Result<Composed, EngineError> {
        let mut attachments = Vec::new();
        let (mut personal, mut documents) = (Vec::new(), Vec::new());
        let subject = draft.contract.as_ref().map(records_subject);
        let keep = |id: String, class: &str, name: String, content: Vec<u8>| {
            subject.clone().map(|subject| PersonalRow {
                id,
                subject,
                account: row.account.clone(),
                class: class.to_owned(),
                name,
                content,
            })
        };
        if let Some((name, paper)) = draft.paper {
            let bytes = render(&paper, &self.fonts)?;
            let id = format!("paper/{}", row.id);
            let mime = "application/pdf".to_owned();
            attachments.push(Attachment {
                name: name.clone(),
                mime: mime.clone(),
                bytes: bytes.clone(),
            });
            let kind = match paper {
                Document::Invoice(_) => Some("invoice".to_owned()),
                Document::CreditNote(_) => Some("credit_note".to_owned()),
                _ => None,
            };
            if let Some(kind) = kind {
                let account = row.account.clone();
                documents.push(DocumentRow { id, account, kind, name, mime, bytes });
            } else {
                personal.extend(keep(id, "paper", name, bytes));
            }
        }
        let text = draft.text.written(&draft.addressee, &self.signature());
        let mail = OutgoingMail {
            message_id: message_id(&self.operator, row),
            from: self.named_sender(),
            to: draft.to,
            reply_to: self.operator.mail.reply_to.clone(),
            automatic: true,
            subject: text.subject,
            text: text.body,
            date: at,
            attachments,
        };
        let bytes = write_mail(&mail).map_err(|fault| EngineError::Faults(vec![*fault]))?;
        let name = format!("{}.eml", row.id);
        personal.extend(keep(format!("mail/{}", row.id), "mail", name, bytes.clone()));
        Ok(Composed { mail, bytes, personal, documents })
    }

    /// The sender as mail programs show it: the company before its address.
    pub(crate) fn named_sender(&self) -> String {
        format!("{} <{}>", self.operator.company.name, self.operator.mail.from)
    }

    /// Who sends the papers that go with mails.
    pub(crate) fn sender(&self) -> papers::Sender<'_> {
        papers::Sender::new(&self.operator, &self.pack, &self.law)
    }

    pub(crate) fn signature(&self) -> Signature {
        let company = &self.operator.company;
        Signature {
            company: company.name.clone(),
            department: company.department.clone(),
            mail: self.operator.mail.from.clone(),
            phone: company.phone.clone(),
        }
    }
}

/// The same at every attempt, and when a person has it sent again though it may have
/// left, so that a second copy can be told.
pub(crate) fn message_id(operator: &Operator, row: &OutboxRow) -> String {
    format!("{}@{}", tries::named_as(&row.id), operator.mail.domain)
}
