//! Steps at the desk: quotations and orders, filed documents, registered data.

use contract::application::quote::PurchaseOrder;
use contract::declare::ids::{AccountId, InputId};
use contract::declare::sealed::Sealed;
use contract::declare::words::Sentence;
use contract::registered::filing::ArrivalEvidence;
use contract::registered::parties::{DataChange, RegisteredData};
use contract::who::actor::Actor;
use contract::{Company, Person};
use reckon::{Day, Moment};
use serde_json::{Value, json};

use super::action::{ChangeText, CompanyText, Desk, DocumentText, OrderText};
use super::form::QuoteText;
use super::play::{Player, outcome};

use crate::gates::filing::NewDocument;
use crate::gates::parties::{ToldChange, ToldOn};
use crate::road::outcome::EngineError;

impl Player {
    pub(super) async fn desk(
        &mut self,
        number: usize,
        at: Moment,
        what: Desk,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        match what {
            Desk::Quote { name, quote } => self.quote(number, &name, &quote, actor).await,
            Desk::PurchaseOrder(order) => self.order(number, at, *order, actor).await,
            Desk::FileDocument(document) => self.file(number, at, *document, actor).await,
            Desk::Search { query } => {
                let found = self.engine.search_documents(&query).await?;
                Ok(json!({ "count": found.len(), "found": found }))
            }
            Desk::NotifyChange(change) => self.notify(number, at, *change, actor).await,
        }
    }

    async fn quote(
        &mut self,
        number: usize,
        name: &str,
        text: &QuoteText,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        let id = format!("{}-{number}", self.key);
        let (offer, attention) = text.offer(self.engine.now().day());
        let account = AccountId::of_company(&offer.customer.corporate_number);
        let (quote, _) = self.engine.issue_quote(&id, offer, attention.as_ref(), actor).await?;
        self.quotes.insert(name.to_owned(), (account.clone(), quote.number.clone()));
        self.entries.insert(number, (account, InputId(id)));
        Ok(json!({ "number": quote.number, "total": quote.total }))
    }

    async fn order(
        &mut self,
        number: usize,
        at: Moment,
        what: OrderText,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        let OrderText { quote, number: own, application, on, amount, file } = what;
        let (account, quoted) = self.quotes.get(&quote).cloned().ok_or_else(|| {
            EngineError::Refused(Sentence::same(format!(
                "no step issued a quotation named \"{quote}\""
            )))
        })?;
        let application = match application {
            Some(name) => Some(self.application(&name)?.1),
            None => None,
        };
        let file = match file {
            Some(name) => Some((name.clone(), self.read(&name)?)),
            None => None,
        };
        let order = PurchaseOrder {
            number: own,
            ordered_on: on.unwrap_or(at.day()),
            quote: Some(quoted),
            application,
            amount,
            document: Sealed::file_or(file, ""),
        };
        let id = format!("{}-{number}", self.key);
        self.entries.insert(number, (account.clone(), InputId(id.clone())));
        let received = self.engine.receive_purchase_order(&id, &account, order, actor).await?;
        Ok(outcome(received))
    }

    async fn file(
        &mut self,
        number: usize,
        today: Moment,
        what: DocumentText,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        let DocumentText {
            application,
            kind,
            counterparty,
            dated,
            amount,
            original,
            stamp,
            delivery,
            arrived_at,
            file,
            text,
        } = what;
        let (account, application) = self.application(&application)?;
        let (name, bytes) = match file {
            Some(name) => (name.clone(), self.read(&name)?),
            None => (format!("scan-{number}.txt"), text.into_bytes()),
        };
        let evidenced = arrived_at.is_some() || stamp.is_some() || delivery.is_some();
        let at = arrived_at.unwrap_or(today);
        let new = NewDocument {
            kind,
            dated: dated.unwrap_or(today.day()),
            counterparty,
            amount,
            about: Some(application.contract().0),
            original,
            arrival: evidenced.then_some(ArrivalEvidence { at, stamp, delivery }),
            name,
            bytes,
        };
        let id = format!("{}-{number}", self.key);
        self.entries.insert(number, (account.clone(), InputId(id.clone())));
        let (document, filed) = self.engine.file_document(&id, &account, new, actor).await?;
        let mut value = outcome(filed);
        value["document"] = json!(document);
        Ok(value)
    }

    async fn notify(
        &mut self,
        number: usize,
        today: Moment,
        what: ChangeText,
        actor: &Actor,
    ) -> Result<Value, EngineError> {
        let ChangeText { planned_on, unplanned, told_at, ref contact, .. } = what;
        let (account, contract) = self.contract(&what.application)?;
        let id = format!("{}-{number}", self.key);
        let planned_on = planned_on.unwrap_or(today.day());
        let at = told_at.unwrap_or(today);
        let told_outcome = match contact {
            Some(contact) => {
                let person = Person {
                    role: contact.role,
                    name: contact.person.clone(),
                    department: String::new(),
                    mail: contact.mail.clone(),
                    phone: contact.phone.clone(),
                };
                let on = ToldOn { at, planned_on, unplanned, actor, reason: "" };
                let told = ToldChange::Contact { person };
                self.engine.tell_change(&id, &account, &contract, told, on).await?
            }
            None => {
                let registered = self.registered_anew(what, &account, planned_on).await?;
                let change = DataChange { what: registered, planned_on, unplanned };
                self.engine.notify_change(&id, &account, change, at, actor, "").await?
            }
        };
        self.entries.insert(number, (account, InputId(id)));
        Ok(outcome(told_outcome))
    }

    async fn registered_anew(
        &self,
        what: ChangeText,
        account: &AccountId,
        planned_on: Day,
    ) -> Result<RegisteredData, EngineError> {
        let ChangeText {
            application: name,
            company,
            bill_to,
            bill_to_customer,
            of_contract,
            payers,
            ..
        } = what;
        let contract = self.contract(&name)?.1;
        if let Some(changes) = company {
            let state = self.engine.state(account).await?;
            let missing =
                || EngineError::Refused(Sentence::same(format!("{name} has no contract yet")));
            let running = state.contracts.get(&contract).ok_or_else(missing)?;
            let company = changed(state.company_on(running, planned_on).clone(), changes);
            return Ok(RegisteredData::Company { company });
        }
        if let Some(names) = payers {
            return Ok(RegisteredData::Payers { names });
        }
        if bill_to.is_some() || bill_to_customer {
            let contract = of_contract.then_some(contract);
            return Ok(RegisteredData::BillTo { contract, to: bill_to });
        }
        let fields = "company, bill_to, bill_to_customer, payers or contact";
        Err(EngineError::Refused(Sentence::same(format!("say what changes: {fields}"))))
    }
}

fn changed(company: Company, text: CompanyText) -> Company {
    Company {
        name: text.name.unwrap_or(company.name),
        kana: text.kana.unwrap_or(company.kana),
        postal_code: text.postal_code.unwrap_or(company.postal_code),
        address: text.address.unwrap_or(company.address),
        representative_title: text.representative_title.unwrap_or(company.representative_title),
        ..company
    }
}
