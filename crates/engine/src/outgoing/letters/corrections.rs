//! Mails of corrections: credit notes, and what was agreed on a cancellation.

use contract::AccountState;
use contract::declare::act::{Act, AgreeCancellation};
use contract::declare::ids::ContractId;
use contract::road::case::{Case, What};
use contract::sentence;
use document::wording::letters;
use reckon::Day;
use typeset::Document;

use super::{Draft, addressee, billed_to, contract_in};
use crate::outgoing::papers;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

impl Engine {
    pub(super) async fn credit_note(
        &self,
        state: &AccountState,
        number: &str,
    ) -> Result<Draft, EngineError> {
        let missing = || {
            EngineError::Refused(sentence!(
                "返還請求書{number}はありません。",
                "there is no credit note {number}"
            ))
        };
        let note = state.credit_notes.get(number).ok_or_else(missing)?;
        let id = note.contract().cloned().ok_or_else(missing)?;
        let contract = contract_in(state, &id)?;
        let receivable = state.receivables.get(&note.invoice).ok_or_else(missing)?;
        let person = self.contact(state, &id, "billing").await?;
        let paper = Document::CreditNote(
            papers::credit_note(self.sender(), state, note).ok_or_else(missing)?,
        );
        let attachment = format!("返還請求書_{number}.pdf");
        let text = letters::credit_note_mail(&letters::CreditNoteLetter {
            to: billed_to(state, &id, contract, note.issued_on, &person),
            from: self.signature(),
            number: number.to_owned(),
            reason: papers::credit_reason(note),
            issued_on: note.issued_on,
            invoice: note.invoice.clone(),
            invoice_issued_on: note.invoice_issued_on,
            amount: -note.total,
            outstanding: receivable.outstanding,
            due: receivable.due,
            attachment: attachment.clone(),
        });
        Ok(Draft {
            to: vec![person.mail],
            text,
            paper: Some((attachment, paper)),
            contract: Some(id),
        })
    }

    pub(super) async fn agreement(
        &self,
        case: &Case,
        state: &AccountState,
        id: &ContractId,
        to: Option<Day>,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let agreed = case.in_force().iter().rev().find_map(|h| match h.what.as_ref() {
            What::Act(Act::AgreeCancellation(AgreeCancellation {
                contract,
                to: day,
                document,
                ..
            })) if contract == id && *day == to => Some(document.clone()),
            _ => None,
        });
        let document = agreed.ok_or_else(|| {
            EngineError::Refused(sentence!(
                "契約{id}について合意の登録がありません。",
                "{id}: nothing was agreed"
            ))
        })?;
        let text = letters::agreement_notice(&letters::AgreementLetter {
            to: addressee(&self.party(state, contract).name, &person),
            from: self.signature(),
            contract: id.0.clone(),
            document,
            last_day: to,
            period_to: contract.period.to,
            renewal_limit: contract.renewal_limit,
        });
        Ok(Draft { to: vec![person.mail], text, paper: None, contract: Some(id.clone()) })
    }
}
