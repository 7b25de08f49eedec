//! Mails that left for a customer (3-1), as they are kept with the records of the
//! contract: the mail as the outgoing server took it.

use contract::declare::ids::AccountId;
use document::read_mail;
use reckon::Moment;

use crate::keeping::listed::{Field, ListQuery, Order, Test};
use crate::keeping::store::PersonalRow;
use crate::outgoing::declare::{Object, Of};
use crate::outgoing::list::Effect;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// One mail that left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMail {
    pub id: String,
    /// Nothing where it has been erased.
    pub subject: Option<String>,
    pub sent_at: Moment,
}

/// Which mails of an account.
#[derive(Debug, Clone, Copy)]
pub struct MailsPart {
    /// Those too that speak of what is owed.
    pub of_money: bool,
    pub skip: u32,
    pub limit: u32,
}

/// A part of the mails, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMails {
    pub mails: Vec<KeptMail>,
    pub count: u64,
}

impl Engine {
    /// Mails of an account that left, the newest first; only those of the part are opened.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn kept_mails(
        &self,
        account: &AccountId,
        part: MailsPart,
    ) -> Result<KeptMails, EngineError> {
        let holds = |text: &str| Test::Holds(Field::Id, text.to_owned());
        let mut tests = vec![
            Test::is(Field::Account, &*account.0),
            Test::is(Field::Text("kind"), "mail"),
            Test::is(Field::Text("state"), "done"),
            // What goes back to whoever sent a faulty form is no notice of a contract.
            Test::Missing(Object::File.field()),
        ];
        if !part.of_money {
            let speak = Effect::KINDS.iter().filter_map(|of| Some((of.begins, of.of_money?)));
            tests.extend(
                speak.map(|(begins, what)| Test::All(vec![holds(begins), holds(what)]).negated()),
            );
        }
        let order = vec![Order::falling(Field::Number("next_at")), Order::falling(Field::Id)];
        let MailsPart { skip, limit, .. } = part;
        let query = ListQuery { tests, order, skip, limit, sums: Vec::new() };
        let found = self.store.list_effects(&query).await?;
        let mut mails = Vec::new();
        for listed in found.rows {
            let id = format!("mail/{}", listed.row.id);
            let mut mail = KeptMail { id, subject: None, sent_at: listed.row.next_at };
            if let Some(row) = self.store.personal(&mail.id).await? {
                let read = read_mail(&row.name, &row.content).map_err(EngineError::Faults)?;
                mail.subject = Some(read.subject);
                mail.sent_at = read.date.unwrap_or(mail.sent_at);
            }
            mails.push(mail);
        }
        Ok(KeptMails { mails, count: found.count })
    }

    /// A mail of an account as it left; another account's is as if it were not there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn kept_mail(
        &self,
        account: &AccountId,
        id: &str,
    ) -> Result<Option<PersonalRow>, EngineError> {
        let row = self.store.personal(id).await?;
        Ok(row.filter(|row| row.class == "mail" && row.account == *account))
    }
}

/// Whether a kept mail speaks of what is owed, which not everybody of a customer sees.
pub fn is_invoice(id: &str) -> bool {
    let speaks = |of: &&Of| {
        let rest = id.strip_prefix("mail/").and_then(|row| row.strip_prefix(of.begins));
        rest.zip(of.of_money).is_some_and(|(rest, what)| rest.contains(what))
    };
    Effect::KINDS.iter().any(speaks)
}
