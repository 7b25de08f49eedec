//! What comes in by mail or over the desk: applications and forms.

use std::collections::BTreeMap;

use contract::act::Actor;
use contract::fact::{Application, Change, Fact, Wish};
use contract::ids::{AccountId, ApplicationId, ContractId, PersonId};
use contract::notice::Channel;
use contract::stream::Content;
use contract::{ApplicationForm, Person, PersonRole};
use document::{Fault, read_application, read_cancellation, read_mail};
use reckon::{Day, Moment};
use serde::{Deserialize, Serialize};

use crate::arrivals::CancellationArrival;
use crate::effects::{Effect, row};
use crate::engine::{Engine, EngineError, Outcome};
use crate::evidence::evidence;
use crate::outbox::{material_subject, operator_account, records_subject};
use crate::store::{PersonalRow, RefusedRow, Transaction};

/// What was registered, with the names that it got.
#[derive(Debug, Clone)]
pub struct Registered {
    pub account: AccountId,
    pub application: ApplicationId,
    pub outcome: Outcome,
}

impl Engine {
    /// 9-2: an application mail with the form attached. A form with faults is
    /// answered cell by cell, and nothing of it is registered.
    ///
    /// # Errors
    /// [`EngineError::Faults`] with every fault; they stay visible as refused rows.
    pub async fn receive_application_mail(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        let mail = match read_mail(file, bytes) {
            Ok(mail) => mail,
            Err(faults) => return Err(self.refuse_file(faults, None).await?),
        };
        let form = mail.attachments.iter().find(|part| part.name.to_lowercase().ends_with(".xlsx"));
        let Some(form) = form else {
            let fault = Fault::new(
                file,
                "attachments",
                "申込書",
                "no .xlsx form is attached",
                "ask the sender for the application form as an .xlsx attachment",
            );
            return Err(self.refuse_file(vec![fault], None).await?);
        };
        let reference = match mail.message_id.as_str() {
            "" => format!("sha:{}", &blake3::hash(bytes).to_hex()[..24]),
            id => id.to_owned(),
        };
        let (content, people) = match read_application(&form.name, &form.bytes) {
            Ok(read) => read,
            Err(faults) => {
                let answer = FormAnswer { to: mail.from.clone(), faults: faults.clone() };
                return Err(self.refuse_file(faults, Some((reference, answer))).await?);
            }
        };
        let sent_at = mail.date.unwrap_or(self.now()).min(self.now());
        let files =
            vec![(file.to_owned(), bytes.to_vec()), (form.name.clone(), form.bytes.clone())];
        self.receive_application(&reference, Channel::Email, sent_at, content, people, files, actor)
            .await
    }

    /// A new application, however it came, with the files that show it.
    ///
    /// # Errors
    /// When the store fails.
    #[allow(clippy::too_many_arguments)]
    pub async fn receive_application(
        &self,
        reference: &str,
        channel: Channel,
        sent_at: Moment,
        form: ApplicationForm,
        people: Vec<Person>,
        files: Vec<(String, Vec<u8>)>,
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        let application = ApplicationId::of_reference(reference);
        let account = AccountId::of_company(&form.applicant.corporate_number);
        let contract = application.contract();
        let (people, mut personal) = keep_people(&contract, &account, &people);
        personal.extend(files.into_iter().map(|(name, content)| PersonalRow {
            id: format!("{contract}/application/{name}"),
            subject: records_subject(&contract),
            account: account.clone(),
            class: "application_file".to_owned(),
            name,
            content,
        }));
        let fact = Fact::ApplicationReceived(Box::new(Application {
            application: application.clone(),
            reference: reference.to_owned(),
            channel,
            sent_at,
            received_at: self.now(),
            wish: Wish::New { form },
            form_faults: Vec::new(),
            people,
            registered_by: actor.id.clone(),
        }));
        let mut input = self.input(
            format!("received-{application}"),
            &account,
            actor,
            reference,
            Content::Fact(fact),
        );
        input.occurred_at = sent_at;
        self.check_entry(&input)?;
        let step = Transaction { personal, ..Transaction::default() };
        input.evidence = evidence(&step);
        let outcome = self.register_with(input, step).await?;
        Ok(Registered { account, application, outcome })
    }

    /// 9-7: an application for a change of a running contract.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn receive_change(
        &self,
        reference: &str,
        account: &AccountId,
        contract: &ContractId,
        (from, changes): (Day, Vec<Change>),
        channel: Channel,
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        let application = ApplicationId::of_reference(reference);
        let fact = Fact::ApplicationReceived(Box::new(Application {
            application: application.clone(),
            reference: reference.to_owned(),
            channel,
            sent_at: self.now(),
            received_at: self.now(),
            wish: Wish::Change { contract: contract.clone(), from, changes },
            form_faults: Vec::new(),
            people: BTreeMap::new(),
            registered_by: actor.id.clone(),
        }));
        let id = format!("received-{application}");
        let input = self.input(id, account, actor, reference, Content::Fact(fact));
        let outcome = self.register(input).await?;
        Ok(Registered { account: account.clone(), application, outcome })
    }

    /// 10-1, 30-2: another person, or another address, from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn change_contact(
        &self,
        id: &str,
        account: &AccountId,
        application: &ApplicationId,
        person: Person,
        actor: &Actor,
    ) -> Result<Outcome, EngineError> {
        let contract = application.contract();
        let earlier = self.contacts(&contract, &person.role.key()).await?.len();
        let row = PersonalRow {
            id: format!("{}/{:04}", contact_id(&contract, &person.role.key()), earlier),
            subject: material_subject(&contract),
            account: account.clone(),
            class: "contact".to_owned(),
            name: person.role.key(),
            content: serde_json::to_vec(&person).expect("plain data"),
        };
        let fact = Fact::ContactChanged {
            application: application.clone(),
            role: person.role,
            person: PersonId(row.id.clone()),
        };
        let mut input = self.input(id, account, actor, "desk", Content::Fact(fact));
        self.check_entry(&input)?;
        input.evidence = vec![row.id.clone()];
        let mut personal = vec![row];
        if self.is_payer(&contract, &person).await? {
            personal.push(self.accounting_row(&contract, account, &person).await?);
        }
        self.register_with(input, Transaction { personal, ..Transaction::default() }).await
    }

    /// Invoices go to the billing contact, or to the responsible person without one.
    async fn is_payer(&self, contract: &ContractId, person: &Person) -> Result<bool, EngineError> {
        let billing = self.contacts(contract, &PersonRole::Billing.key()).await?;
        Ok(match person.role {
            PersonRole::Billing => true,
            PersonRole::ResponsiblePerson => billing.is_empty(),
            PersonRole::Technical | PersonRole::Emergency => false,
        })
    }

    /// The payer as it is kept with the accounting records, beside the earlier ones.
    async fn accounting_row(
        &self,
        contract: &ContractId,
        account: &AccountId,
        person: &Person,
    ) -> Result<PersonalRow, EngineError> {
        let earlier = self.contacts(contract, ACCOUNTING).await?.len();
        Ok(PersonalRow {
            id: format!("{}/{earlier:04}", contact_id(contract, ACCOUNTING)),
            subject: records_subject(contract),
            account: account.clone(),
            class: "billing_contact".to_owned(),
            name: ACCOUNTING.to_owned(),
            content: serde_json::to_vec(person).expect("plain data"),
        })
    }

    /// The rows of a role under a contract, the newest last.
    async fn contacts(
        &self,
        contract: &ContractId,
        role: &str,
    ) -> Result<Vec<String>, EngineError> {
        let first = contact_id(contract, role);
        let mut kept = self.store.personal_of(&material_subject(contract)).await?;
        kept.extend(self.store.personal_of(&records_subject(contract)).await?);
        let mut ids: Vec<String> = kept.into_iter().map(|(id, _)| id).collect();
        ids.retain(|id| *id == first || id.starts_with(&format!("{first}/")));
        ids.sort();
        Ok(ids)
    }

    /// 15-1: a cancellation form as a file, with the moment it arrived.
    ///
    /// # Errors
    /// Faults of the form, or a contract number that does not exist.
    pub async fn receive_cancellation_file(
        &self,
        file: &str,
        bytes: &[u8],
        (channel, arrived_at): (Channel, Moment),
        actor: &Actor,
    ) -> Result<Outcome, EngineError> {
        let sheet = match read_cancellation(file, bytes) {
            Ok(sheet) => sheet,
            Err(faults) => return Err(self.refuse_file(faults, None).await?),
        };
        let Some(view) = self.store.view("contract", &sheet.contract).await? else {
            let problem = format!("there is no contract {}", sheet.contract);
            let remedy = "compare the number with the order acceptance";
            let fault = Fault::new(file, "解約申込書", "契約番号", &problem, remedy);
            return Err(self.refuse_file(vec![fault], None).await?);
        };
        let contract = ContractId(sheet.contract.clone());
        let arrived = CancellationArrival {
            contract,
            channel,
            arrived_at,
            desired: sheet.form.desired,
            signed_by: Some(sheet.form.signed_by),
            file: Some((file.to_owned(), bytes.to_vec())),
        };
        let id = format!("cancellation-{}", contract::ids::short_hash(bytes));
        self.receive_cancellation(&id, &view.account, arrived, (file, actor)).await
    }

    /// Nothing of the file is applied; its faults stay visible, and the sender
    /// may get them by mail.
    pub(crate) async fn refuse_file(
        &self,
        faults: Vec<Fault>,
        answer: Option<(String, FormAnswer)>,
    ) -> Result<EngineError, EngineError> {
        let mut step = Transaction { recorded_at: Some(self.now()), ..Transaction::default() };
        for (row, fault) in faults.iter().enumerate() {
            step.refused_rows.push(RefusedRow {
                file: fault.file.clone(),
                row: row as u32,
                reason: fault.to_string(),
                content: fault.place.clone(),
            });
        }
        if let Some((reference, answer)) = answer {
            step.personal.push(answer.kept(&reference));
            let effect = Effect::FormFaultsMail { reference };
            let from =
                self.input("", &operator_account(), &crate::operator::system(), "", Content::Clock);
            step.outbox.push(row(self, &from, effect));
        }
        self.store.commit(&step).await?;
        Ok(EngineError::Faults(faults))
    }

    /// What is to be answered to the sender of a form, while not erased.
    pub(crate) async fn form_answer(&self, reference: &str) -> Result<FormAnswer, EngineError> {
        let id = answer_id(reference);
        let missing = || EngineError::Refused(format!("{id} is erased"));
        let row = self.store.personal(&id).await?.ok_or_else(missing)?;
        serde_json::from_slice(&row.content)
            .map_err(|error| EngineError::Refused(format!("{id}: {error}")))
    }

    /// A person of a contract, while not erased.
    pub(crate) async fn contact(
        &self,
        contract: &ContractId,
        role: &str,
    ) -> Result<Person, EngineError> {
        for role in [role, "responsible_person", ACCOUNTING] {
            let newest = self.contacts(contract, role).await?.pop();
            let id = newest.unwrap_or_else(|| contact_id(contract, role));
            if let Some(row) = self.store.personal(&id).await? {
                return serde_json::from_slice(&row.content).map_err(|error| {
                    EngineError::Refused(format!("contact of {contract}: {error}"))
                });
            }
        }
        Err(EngineError::Refused(format!("{contract} has no {role}: erased, or never named")))
    }
}

/// A form that was refused: who sent it, and what is wrong with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FormAnswer {
    pub to: String,
    pub faults: Vec<Fault>,
}

impl FormAnswer {
    fn kept(&self, reference: &str) -> PersonalRow {
        PersonalRow {
            id: answer_id(reference),
            subject: answer_id(reference),
            account: operator_account(),
            class: "form_answer".to_owned(),
            name: "answer.json".to_owned(),
            content: serde_json::to_vec(self).expect("plain data"),
        }
    }
}

fn answer_id(reference: &str) -> String {
    format!("form-faults/{}", contract::ids::short_hash(reference.as_bytes()))
}

/// Whom to write to about money, kept with the records while they are kept.
const ACCOUNTING: &str = "accounting";

fn contact_id(contract: &ContractId, role: &str) -> String {
    format!("{contract}/contact/{role}")
}

fn keep_people(
    contract: &ContractId,
    account: &AccountId,
    people: &[Person],
) -> (BTreeMap<String, PersonId>, Vec<PersonalRow>) {
    let mut ids = BTreeMap::new();
    let mut rows = Vec::new();
    for person in people {
        let id = contact_id(contract, &person.role.key());
        ids.insert(person.role.key(), PersonId(id.clone()));
        rows.push(PersonalRow {
            id,
            subject: material_subject(contract),
            account: account.clone(),
            class: "contact".to_owned(),
            name: person.role.key(),
            content: serde_json::to_vec(person).expect("plain data"),
        });
    }
    let payer = people.iter().find(|p| p.role == PersonRole::Billing).or(people.first());
    rows.extend(payer.map(|person| PersonalRow {
        id: contact_id(contract, ACCOUNTING),
        subject: records_subject(contract),
        account: account.clone(),
        class: "billing_contact".to_owned(),
        name: ACCOUNTING.to_owned(),
        content: serde_json::to_vec(person).expect("plain data"),
    }));
    (ids, rows)
}
