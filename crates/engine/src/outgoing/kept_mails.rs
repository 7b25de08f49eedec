//! Mails that left for a customer (3-1), as they are kept with the records of the
//! contract: the mail as the outgoing server took it.

use contract::declare::ids::{AccountId, ContractId};
use document::read_mail;
use reckon::Moment;

use crate::keeping::store::PersonalRow;
use crate::keeping::subjects::records_subject;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// One mail that left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMail {
    pub id: String,
    pub subject: String,
    pub sent_at: Option<Moment>,
    /// It speaks of what is owed.
    pub is_invoice: bool,
}

impl Engine {
    /// The mails of a contract that left, the newest first. What has been erased is
    /// not among them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn kept_mails(&self, contract: &ContractId) -> Result<Vec<KeptMail>, EngineError> {
        let mut mails = Vec::new();
        for (id, class) in self.store.personal_of(&records_subject(contract)).await? {
            if class != "mail" {
                continue;
            }
            let Some(row) = self.store.personal(&id).await? else { continue };
            let mail = read_mail(&row.name, &row.content).map_err(EngineError::Faults)?;
            let is_invoice = is_invoice(&id);
            mails.push(KeptMail { id, subject: mail.subject, sent_at: mail.date, is_invoice });
        }
        mails.sort_by(|a, b| (b.sent_at, &b.id).cmp(&(a.sent_at, &a.id)));
        Ok(mails)
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
    let of_arrears = id.starts_with("mail/told-") && id.contains("-suspension-");
    id.starts_with("mail/invoice-") || of_arrears
}
