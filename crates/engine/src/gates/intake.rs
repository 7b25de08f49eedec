//! What comes in by mail or over the desk: applications and forms.

use std::collections::BTreeMap;

use contract::application::receiving::{Change, EarlierTermination, SentDoubt, Wish};
use contract::declare::fact::{Application, ContactChanged, Fact};
use contract::declare::ids::{AccountId, ApplicationId, ContractId};
use contract::declare::sealed::{File, Sealed};
use contract::declare::words::Sentence;
use contract::notices::notice::Channel;
use contract::registered::parties::Parties;
use contract::road::stream::Content;
use contract::sentence;
use contract::who::actor::Actor;
use contract::{AccountState, ApplicationForm, Person, PersonRole};
use document::{
    Enclosed, Fault, FaultyForm, ReceivedMail, read_application_mail, read_cancellation,
    read_faulty_application,
};
use reckon::{Day, Moment};
use serde::{Deserialize, Serialize};

use crate::gates::arrivals::CancellationArrival;
use crate::gates::reading::read_apart;
use crate::keeping::store::{PersonalRow, RefusedRow, Store, StoreError, Transaction};
use crate::keeping::subjects::{material_subject, operator_account, records_subject};
use crate::outgoing::list::{FormFaultsMail, row};
use crate::people::operator::system;
use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};
use crate::road::terminated::terminations_like;

/// How an application came.
#[derive(Debug, Clone)]
pub struct ApplicationCame<'a> {
    /// Message-ID of the mail, or the number stamped on the paper.
    pub reference: &'a str,
    pub channel: Channel,
    pub sent_at: Moment,
    /// When it came in, which may be before it is typed.
    pub received_at: Moment,
    pub sent_doubt: Option<SentDoubt>,
    /// The files that show it.
    pub files: Vec<(String, Vec<u8>)>,
}

/// When an application came that a mail carries, or a mail within it.
fn came_by_mail(
    mail: &ReceivedMail,
    forwarded: Option<&ReceivedMail>,
    now: Moment,
) -> ApplicationCame<'static> {
    let date = forwarded.unwrap_or(mail).date;
    // It came before it is read, and by the clock of the last server.
    let arrived = mail.received.unwrap_or(now).min(now);
    let sent_at = date.filter(|date| *date <= now).unwrap_or(arrived);
    let sent_doubt = match date {
        None => Some(SentDoubt::Unread),
        Some(date) if date > now => Some(SentDoubt::Future),
        Some(_) => forwarded.map(|_| SentDoubt::Forwarded),
    };
    ApplicationCame {
        reference: "",
        channel: Channel::Email,
        sent_at,
        received_at: arrived.max(sent_at),
        sent_doubt,
        files: Vec::new(),
    }
}

/// The class of the files that an application came with.
pub(crate) const APPLICATION_FILE: &str = "application_file";

/// A name that no other file of the application has.
fn unlike(files: &[(String, Vec<u8>)], form: &str, name: String) -> String {
    let taken = |name: &str| name == form || files.iter().any(|(one, _)| one == name);
    let others = (2..).map(|number| format!("{number}-{name}"));
    std::iter::once(name.clone()).chain(others).find(|name| !taken(name)).unwrap_or(name)
}

/// How an application for a change came, and what it wants (9-7).
#[derive(Debug, Clone)]
pub struct ChangeCame<'a> {
    pub reference: &'a str,
    pub channel: Channel,
    pub contract: ContractId,
    pub from: Day,
    pub changes: Vec<Change>,
}

/// What was registered, with the names that it got.
#[derive(Debug, Clone)]
pub struct Registered {
    pub account: AccountId,
    pub application: ApplicationId,
    pub outcome: Outcome,
}

impl Engine {
    /// 9-2: an application mail with the form attached. A form with faults is
    /// answered cell by cell, and registered as what it is (9-10(2)).
    ///
    /// # Errors
    /// [`EngineError::FaultyForm`] or, where nobody can tell who applies,
    /// [`EngineError::Faults`]; the faults stay visible as refused rows.
    pub async fn receive_application_mail(
        &self,
        file: &str,
        bytes: &[u8],
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        let (mail, enclosed) = match read_apart(read_application_mail, file, bytes).await {
            Ok(read) => read,
            Err(faults) => return Err(self.refuse_file(faults, None).await?),
        };
        let Enclosed { form, forwarded, beside } = enclosed;
        let came = came_by_mail(&mail, forwarded.as_ref(), self.now());
        // The customer's own mail, not that of whoever passed it on.
        let own = forwarded.as_ref().unwrap_or(&mail);
        let reference = match own.message_id.as_str() {
            "" => format!("sha:{}", &blake3::hash(bytes).to_hex()[..24]),
            id => id.to_owned(),
        };
        let mut files = vec![(file.to_owned(), bytes.to_vec())];
        for part in beside {
            files.push((unlike(&files, &form.name, part.name), part.bytes));
        }
        let came = ApplicationCame { reference: &reference, files, ..came };
        let answer_to = Some(own.from.clone());
        self.receive_application_form(came, &form.name, &form.bytes, answer_to, actor).await
    }

    /// The files with which an application came, as evidence ids with their names.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn application_files(
        &self,
        application: &ApplicationId,
    ) -> Result<Vec<(String, String)>, EngineError> {
        let contract = application.contract();
        let first = format!("{contract}/application/");
        let kept = self.store.personal_of(&records_subject(&contract)).await?;
        let files = kept.into_iter().filter(|(_, class)| class == APPLICATION_FILE);
        Ok(files
            .filter_map(|(id, _)| id.strip_prefix(&first).map(|name| (id.clone(), name.to_owned())))
            .collect())
    }

    /// 9-2: an application as the file of its form, however it came.
    ///
    /// # Errors
    /// As [`Engine::receive_application_mail`]; nobody is written to.
    pub async fn receive_application_file(
        &self,
        came: ApplicationCame<'_>,
        name: &str,
        bytes: &[u8],
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        self.receive_application_form(came, name, bytes, None, actor).await
    }

    /// `answer_to`: who is told the faults of the form.
    async fn receive_application_form(
        &self,
        mut came: ApplicationCame<'_>,
        name: &str,
        bytes: &[u8],
        answer_to: Option<String>,
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        came.files.push((name.to_owned(), bytes.to_vec()));
        let faulty = match read_apart(read_faulty_application, name, bytes).await {
            Ok((form, people)) => {
                return self.receive_application(came, form, people, actor).await;
            }
            Err(faulty) => faulty,
        };
        let reference = came.reference.to_owned();
        let registered = self.receive_faulty(came, &faulty, bytes, actor).await?;
        let answer = answer_to.map(|to| FormAnswer { to, faults: faulty.faults.clone() });
        let answer = answer.map(|answer| (reference, answer));
        let refused = self.refuse_file(faulty.faults, answer).await?;
        Err(match (registered, refused) {
            (Some(registered), EngineError::Faults(faults)) => {
                EngineError::FaultyForm { application: registered.application, faults }
            }
            (_, refused) => refused,
        })
    }

    /// 9-10(2): who applied, when, and what is wrong with the form. The file names it
    /// too: the form that is sent again, mended, is an application of its own.
    async fn receive_faulty(
        &self,
        came: ApplicationCame<'_>,
        faulty: &FaultyForm,
        bytes: &[u8],
        actor: &Actor,
    ) -> Result<Option<Registered>, EngineError> {
        let Some(applicant) = &faulty.applicant else { return Ok(None) };
        let hash = contract::declare::ids::short_hash(bytes);
        let named = format!("{} {hash}", came.reference);
        let application = ApplicationId::of_reference(&named);
        let account = AccountId::of_company(&applicant.corporate_number);
        // What stood in a cell is not repeated: it may be of a person.
        let faults =
            faulty.faults.iter().map(|fault| format!("{} {}", fault.place.ja, fault.field));
        let whole = Whole {
            application,
            account,
            wish: Wish::Faulty { applicant: applicant.name.clone() },
            form_faults: faults.collect(),
            people: &faulty.people,
            resembles: Vec::new(),
        };
        self.register_application(came, whole, actor).await.map(Some)
    }

    /// A new application, however it came, with the files that show it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn receive_application(
        &self,
        came: ApplicationCame<'_>,
        form: ApplicationForm,
        people: Vec<Person>,
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        let account = AccountId::of_company(&form.applicant.corporate_number);
        let whole = Whole {
            application: ApplicationId::of_reference(came.reference),
            resembles: terminations_like(&*self.store, &account, &form).await?,
            account,
            wish: Wish::New { form },
            form_faults: Vec::new(),
            people: &people,
        };
        self.register_application(came, whole, actor).await
    }

    async fn register_application(
        &self,
        came: ApplicationCame<'_>,
        whole: Whole<'_>,
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        let ApplicationCame { reference, channel, sent_at, received_at, sent_doubt, files } = came;
        let Whole { application, account, wish, form_faults, people, resembles } = whole;
        let people = people.iter().cloned();
        let people = people.map(|person| (person.role.key(), Sealed::Open(person))).collect();
        let files = files.into_iter().map(|(name, bytes)| File { name, bytes }).collect();
        let fact = Fact::ApplicationReceived(Box::new(Application {
            application: application.clone(),
            reference: reference.to_owned(),
            channel,
            sent_at,
            received_at,
            sent_doubt,
            wish,
            form_faults,
            people,
            files,
            registered_by: actor.id.clone(),
            resembles,
        }));
        let mut input = self.input(
            format!("received-{application}"),
            &account,
            actor,
            reference,
            Content::Fact(fact),
        );
        input.occurred_at = sent_at;
        let outcome = self.register(input).await?;
        Ok(Registered { account, application, outcome })
    }

    /// 9-7: an application for a change of a running contract.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn receive_change(
        &self,
        account: &AccountId,
        came: ChangeCame<'_>,
        actor: &Actor,
    ) -> Result<Registered, EngineError> {
        let ChangeCame { reference, channel, contract, from, changes } = came;
        let application = ApplicationId::of_reference(reference);
        let fact = Fact::ApplicationReceived(Box::new(Application {
            application: application.clone(),
            reference: reference.to_owned(),
            channel,
            sent_at: self.now(),
            received_at: self.now(),
            sent_doubt: None,
            wish: Wish::Change { contract, from, changes },
            form_faults: Vec::new(),
            people: BTreeMap::new(),
            files: Vec::new(),
            registered_by: actor.id.clone(),
            resembles: Vec::new(),
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
        reason: &str,
    ) -> Result<Outcome, EngineError> {
        let (application, role) = (application.clone(), person.role);
        let person = Sealed::Open(person);
        let fact = Fact::ContactChanged(ContactChanged { application, role, person, kept: None });
        let input = self.input(id, account, actor, "desk", Content::Fact(fact));
        self.register_because(input, reason).await
    }

    /// 15-1: a cancellation form as a file, with the moment it arrived.
    ///
    /// # Errors
    /// Faults of the form, or a contract number that does not exist.
    pub async fn receive_cancellation_file(
        &self,
        file: &str,
        bytes: &[u8],
        channel: Channel,
        arrived_at: Moment,
        actor: &Actor,
        reason: &str,
    ) -> Result<Outcome, EngineError> {
        let sheet = match read_apart(read_cancellation, file, bytes).await {
            Ok(sheet) => sheet,
            Err(faults) => return Err(self.refuse_file(faults, None).await?),
        };
        let Some(view) = self.contract_named(&sheet.contract).await? else {
            let number = &sheet.contract;
            let problem = sentence!("契約{number}はありません", "there is no contract {number}");
            let remedy = sentence!(
                "申込請書の番号と照らし合わせてください",
                "compare the number with the order acceptance",
            );
            let place = Sentence::same("解約申込書");
            let fault = Fault::new(file, place, "契約番号", problem, remedy);
            return Err(self.refuse_file(vec![fault], None).await?);
        };
        let contract = ContractId(view.id.clone());
        let arrived = CancellationArrival {
            contract,
            channel,
            arrived_at,
            desired: sheet.desired,
            signed_by: Some(sheet.signed_by),
            file: Some((file.to_owned(), bytes.to_vec())),
        };
        let id = format!("cancellation-{}", contract::declare::ids::short_hash(bytes));
        self.receive_cancellation(&id, &view.account, arrived, file, actor, reason).await
    }

    /// Nothing of the file is applied; its faults stay visible, and the sender
    /// may get them by mail. Under one Message-ID there is one answer: another mail
    /// that comes under it is refused with its faults, and its sender hears nothing.
    pub(crate) async fn refuse_file(
        &self,
        faults: Vec<Fault>,
        answer: Option<(String, FormAnswer)>,
    ) -> Result<EngineError, EngineError> {
        let mut transaction =
            Transaction { recorded_at: Some(self.now()), ..Transaction::default() };
        for (row, fault) in faults.iter().enumerate() {
            transaction.refused_rows.push(RefusedRow {
                file: fault.file.clone(),
                row: row as u32,
                reason: fault.told(),
                content: fault.place.ja.clone(),
            });
        }
        if let Some((reference, answer)) = answer {
            transaction.personal.push(answer.kept(&reference));
            let effect = FormFaultsMail { reference }.into();
            let from = self.input("", &operator_account(), &system(), "", Content::Clock);
            transaction.outbox.push(row(&from, effect, self.now()));
        }
        match self.store.commit(&transaction).await {
            Err(StoreError::Duplicate(_)) if !transaction.outbox.is_empty() => {
                (transaction.personal, transaction.outbox) = (Vec::new(), Vec::new());
                self.store.commit(&transaction).await?;
            }
            done => done?,
        }
        Ok(EngineError::Faults(faults))
    }

    /// The people of a contract who are written to now and not erased.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn contract_people(
        &self,
        state: &AccountState,
        contract: &ContractId,
    ) -> Result<Vec<Person>, EngineError> {
        let roles = [
            PersonRole::ResponsiblePerson,
            PersonRole::Billing,
            PersonRole::Technical,
            PersonRole::Emergency,
        ];
        let mut people = Vec::new();
        for role in roles {
            let kept = contacts(&*self.store, contract, &role.key()).await?;
            let newest = counting(kept, &state.parties, self.now());
            let id = newest.unwrap_or_else(|| contact_id(contract, &role.key()));
            if let Some(row) = self.store.personal(&id).await? {
                people.push(
                    serde_json::from_slice(&row.content)
                        .map_err(|error| EngineError::unreadable(&contract.0, &error))?,
                );
            }
        }
        Ok(people)
    }

    /// To which address the invoices of a contract go now, while it is not erased.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn invoices_go_to(
        &self,
        state: &AccountState,
        contract: &ContractId,
    ) -> Result<Option<String>, EngineError> {
        match self.contact(state, contract, "billing").await {
            Ok(person) => Ok(Some(person.mail).filter(|mail| !mail.is_empty())),
            Err(EngineError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Who is written to now for a contract, while not erased.
    pub(crate) async fn contact(
        &self,
        state: &AccountState,
        contract: &ContractId,
        role: &str,
    ) -> Result<Person, EngineError> {
        for role in [role, "responsible_person", ACCOUNTING] {
            let kept = contacts(&*self.store, contract, role).await?;
            let newest = counting(kept, &state.parties, self.now());
            let id = newest.unwrap_or_else(|| contact_id(contract, role));
            if let Some(row) = self.store.personal(&id).await? {
                return serde_json::from_slice(&row.content)
                    .map_err(|error| EngineError::unreadable(&contract.0, &error));
            }
        }
        Err(EngineError::Refused(sentence!(
            "契約{contract}の担当者の連絡先がありません（消去済みか、登録がありません）。",
            "{contract} has no {role}: erased, or never named",
        )))
    }
}

/// The address of the responsible person of a contract, or of whoever stands in their place.
/// Of changes that are still to come nothing is asked here.
pub(crate) async fn mail_address(
    store: &dyn Store,
    contract: &ContractId,
) -> Result<Option<String>, EngineError> {
    for role in ["responsible_person", ACCOUNTING] {
        for id in contacts(store, contract, role).await?.into_iter().rev() {
            let Some(row) = store.personal(&id).await? else { continue };
            let person: Option<Person> = serde_json::from_slice(&row.content).ok();
            if let Some(person) = person.filter(|person| !person.mail.is_empty()) {
                return Ok(Some(person.mail));
            }
        }
    }
    Ok(None)
}

/// What is to be answered to the sender of a form, while not erased.
pub(crate) async fn form_answer(
    store: &dyn Store,
    reference: &str,
) -> Result<FormAnswer, EngineError> {
    let id = answer_id(reference);
    let missing = || EngineError::Refused(sentence!("{id}は消去されています。", "{id} is erased"));
    let row = store.personal(&id).await?.ok_or_else(missing)?;
    serde_json::from_slice(&row.content).map_err(|error| EngineError::unreadable(&id, &error))
}

/// The rows of a role under a contract, the newest last.
async fn contacts(
    store: &dyn Store,
    contract: &ContractId,
    role: &str,
) -> Result<Vec<String>, EngineError> {
    let first = contact_id(contract, role);
    let mut kept = store.personal_of(&material_subject(contract)).await?;
    kept.extend(store.personal_of(&records_subject(contract)).await?);
    let mut ids: Vec<String> = kept.into_iter().map(|(id, _)| id).collect();
    ids.retain(|id| *id == first || id.starts_with(&format!("{first}/")));
    ids.sort();
    Ok(ids)
}

/// What an application says, however much of it could be read.
struct Whole<'a> {
    application: ApplicationId,
    account: AccountId,
    wish: Wish,
    form_faults: Vec<String>,
    people: &'a [Person],
    resembles: Vec<EarlierTermination>,
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
    format!("form-faults/{}", contract::declare::ids::short_hash(reference.as_bytes()))
}

/// Whom to write to about money, kept with the records while they are kept.
pub(crate) const ACCOUNTING: &str = "accounting";

/// The row that counts at a moment: of those whose change is in force and has come,
/// the latest; rows of before changes were dated stand in their order.
fn counting(rows: Vec<String>, parties: &Parties, at: Moment) -> Option<String> {
    let told = |row: &str| parties.contacts.iter().find(|(id, _)| id.0 == row).map(|(_, at)| *at);
    let undated = |row: &str| {
        let is_first = row.rsplit_once('/').is_none_or(|(_, n)| n.parse::<u32>().is_err());
        is_first || row.contains(&format!("/contact/{ACCOUNTING}/"))
    };
    let counts = rows.into_iter().filter_map(|row| match told(&row) {
        Some(from) if from <= at => Some((Some(from), row)),
        None if undated(&row) => Some((None, row)),
        _ => None,
    });
    counts.max().map(|(_, row)| row)
}

pub(crate) fn contact_id(contract: &ContractId, role: &str) -> String {
    format!("{contract}/contact/{role}")
}
