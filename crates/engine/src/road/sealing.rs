//! What an entry marks is kept apart from it (42-3, A-38): the road makes the rows, each
//! under the key of its subject, and puts their names into the entry. No door does it.

use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ContractId, InputId, PersonId, short_hash};
use contract::declare::sealed::{File, Mark, Sealed, Signature};
use contract::registered::parties::RegisteredData;
use contract::road::stream::{Content, Input};
use contract::{CancellationForm, Person, PersonRole};

use crate::gates::intake::{ACCOUNTING, APPLICATION_FILE, contact_id};
use crate::keeping::store::PersonalRow;
use crate::keeping::subjects::{company_subject, material_subject, records_subject};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

impl Engine {
    /// The input as it is stored: what it marks is named by its rows. Nothing is written.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sealed(&self, mut input: Input) -> Result<Input, EngineError> {
        self.seal(&mut input).await?;
        Ok(input)
    }

    /// Seals what an input marks; the rows are to be written with it.
    pub(crate) async fn seal(&self, input: &mut Input) -> Result<Vec<PersonalRow>, EngineError> {
        let Content::Fact(fact) = &mut input.content else { return Ok(Vec::new()) };
        let (id, account) = (input.id.clone(), input.account.clone());
        let marks = fact.marks();
        let mut earlier = None;
        if !marks.is_empty() && self.store.has_input(&id).await? {
            let records = self.records(&account).await?;
            earlier = records.into_iter().map(|record| record.input).find(|one| one.id == id);
        }
        let mut sealing = Sealing { engine: self, id, account, earlier, rows: Vec::new() };
        for mark in marks {
            sealing.mark(mark).await?;
        }
        Ok(sealing.rows)
    }
}

/// The rows of one input.
struct Sealing<'e> {
    engine: &'e Engine,
    id: InputId,
    account: AccountId,
    /// The input as it was registered before under this id.
    earlier: Option<Input>,
    rows: Vec<PersonalRow>,
}

impl Sealing<'_> {
    async fn mark(&mut self, mark: Mark<'_>) -> Result<(), EngineError> {
        match mark {
            Mark::Contact { contract, person, kept } => {
                let Sealed::Open(open) = &*person else { return Ok(()) };
                let open = open.clone();
                let contacts = Contacts::of(self, &contract, Beside::Earlier).await?;
                let row = self.contact(&contacts, &open).await?;
                *person = Sealed::row(&row.id);
                self.rows.push(row);
                if let Some(earlier) = self.earlier_kept() {
                    *kept = earlier;
                } else if contacts.is_payer(open.role) {
                    let row = self.accounting(&contacts, &open).await?;
                    *kept = Some(PersonId(row.id.clone()));
                    self.rows.push(row);
                }
            }
            Mark::Form { contract, people, files } => {
                self.form(&contract, people).await?;
                for file in files.map(std::mem::take).unwrap_or_default() {
                    let row = self.shown(&contract, file);
                    self.rows.push(row);
                }
            }
            Mark::Signature { contract, form } => {
                let Sealed::Open(open) = &form.signed_by else { return Ok(()) };
                let Signature { signer, sheet } = open.clone();
                if let Some(signer) = &signer {
                    form.signed_by_other = match self.earlier_form() {
                        Some(earlier) => earlier.signed_by_other,
                        None => {
                            let engine = self.engine;
                            !engine.is_responsible(&self.account, &contract, signer).await?
                        }
                    };
                }
                let row = match (sheet, signer) {
                    (Some(sheet), _) => Some(self.sheet(&contract, sheet)),
                    (None, Some(signer)) => Some(self.signer(&contract, signer)),
                    (None, None) => None,
                };
                form.signed_by = Sealed::row(row.as_ref().map_or("", |row| &row.id));
                self.rows.extend(row);
            }
            Mark::Paper { folder, of, document } => {
                let Sealed::Open(File { name, bytes }) = &*document else { return Ok(()) };
                let row = PersonalRow {
                    id: format!("{}/{}/{}", self.account, folder.name(), short_hash(bytes)),
                    subject: of.map_or_else(
                        || company_subject(&self.account),
                        |contract| records_subject(&contract),
                    ),
                    account: self.account.clone(),
                    class: folder.name().to_owned(),
                    name: name.clone(),
                    content: bytes.clone(),
                };
                *document = Sealed::row(&row.id);
                self.rows.push(row);
            }
        }
        Ok(())
    }

    /// The form that was registered under this id before.
    fn earlier_form(&self) -> Option<&CancellationForm> {
        match &self.earlier.as_ref()?.content {
            Content::Fact(Fact::CancellationFormArrived(arrived)) => Some(&arrived.form),
            _ => None,
        }
    }

    /// What the accounting records kept of the person whom this input named before.
    fn earlier_kept(&self) -> Option<Option<PersonId>> {
        match &self.earlier.as_ref()?.content {
            Content::Fact(Fact::ContactChanged(changed)) => Some(changed.kept.clone()),
            Content::Fact(Fact::DataChangeNotified(change)) => match &change.what {
                RegisteredData::Contact { kept, .. } => Some(kept.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Everybody whom a form names, and the payer once more.
    async fn form(
        &mut self,
        contract: &ContractId,
        mut people: Vec<&mut Sealed<Person>>,
    ) -> Result<(), EngineError> {
        people.sort_by_key(|person| person.open().map(|open| open.role as u8));
        let contacts = Contacts::of(self, contract, Beside::Nobody).await?;
        let mut named = Vec::new();
        for person in people {
            let Sealed::Open(open) = &*person else { continue };
            let open = open.clone();
            let row = self.contact(&contacts, &open).await?;
            *person = Sealed::row(&row.id);
            self.rows.push(row);
            named.push(open);
        }
        let billing = named.iter().find(|person| person.role == PersonRole::Billing);
        if let Some(payer) = billing.or(named.first()) {
            let row = self.accounting(&contacts, payer).await?;
            self.rows.push(row);
        }
        Ok(())
    }

    /// Whom to write to, beside those of the same role before.
    async fn contact(
        &self,
        contacts: &Contacts,
        person: &Person,
    ) -> Result<PersonalRow, EngineError> {
        let role = person.role.key();
        let content = serde_json::to_vec(person).expect("plain data");
        Ok(PersonalRow {
            id: contacts.place(self.engine, &role, &content).await?,
            subject: material_subject(&contacts.contract),
            account: self.account.clone(),
            class: "contact".to_owned(),
            name: role,
            content,
        })
    }

    /// The payer as the accounting records keep it, beside the earlier ones.
    async fn accounting(
        &self,
        contacts: &Contacts,
        person: &Person,
    ) -> Result<PersonalRow, EngineError> {
        let content = serde_json::to_vec(person).expect("plain data");
        Ok(PersonalRow {
            id: contacts.place(self.engine, ACCOUNTING, &content).await?,
            subject: records_subject(&contacts.contract),
            account: self.account.clone(),
            class: "billing_contact".to_owned(),
            name: ACCOUNTING.to_owned(),
            content,
        })
    }

    /// A file that shows an application.
    fn shown(&self, contract: &ContractId, file: File) -> PersonalRow {
        PersonalRow {
            id: format!("{contract}/application/{}", file.name),
            subject: records_subject(contract),
            account: self.account.clone(),
            class: APPLICATION_FILE.to_owned(),
            name: file.name,
            content: file.bytes,
        }
    }

    fn sheet(&self, contract: &ContractId, file: File) -> PersonalRow {
        PersonalRow {
            id: format!("{contract}/cancellation/{}", short_hash(&file.bytes)),
            subject: records_subject(contract),
            account: self.account.clone(),
            class: APPLICATION_FILE.to_owned(),
            name: file.name,
            content: file.bytes,
        }
    }

    fn signer(&self, contract: &ContractId, signer: String) -> PersonalRow {
        PersonalRow {
            id: format!("{contract}/cancellation/{}", short_hash(self.id.0.as_bytes())),
            subject: records_subject(contract),
            account: self.account.clone(),
            class: "contact".to_owned(),
            name: "signer".to_owned(),
            content: signer.into_bytes(),
        }
    }
}

/// The rows of people that a contract has, and those that this very input made if it was
/// registered before.
struct Contacts {
    contract: ContractId,
    beside: Beside,
    rows: Vec<String>,
    own: Vec<String>,
}

/// Beside whom somebody is named.
#[derive(Clone, Copy)]
enum Beside {
    /// Nobody, in the first form of a contract.
    Nobody,
    /// Whoever was named earlier.
    Earlier,
}

impl Contacts {
    async fn of(
        sealing: &Sealing<'_>,
        contract: &ContractId,
        beside: Beside,
    ) -> Result<Contacts, EngineError> {
        let engine = sealing.engine;
        let mut rows = engine.store.personal_of(&material_subject(contract)).await?;
        rows.extend(engine.store.personal_of(&records_subject(contract)).await?);
        let rows = rows.into_iter().map(|(id, _)| id).collect();
        let own = sealing.earlier.as_ref().map(|input| input.evidence.clone()).unwrap_or_default();
        Ok(Contacts { contract: contract.clone(), beside, rows, own })
    }

    /// Invoices go to the billing contact, or to the responsible person without one.
    fn is_payer(&self, role: PersonRole) -> bool {
        match role {
            PersonRole::Billing => true,
            PersonRole::ResponsiblePerson => {
                self.of_role(&PersonRole::Billing.key()).next().is_none()
            }
            PersonRole::Technical | PersonRole::Emergency => false,
        }
    }

    fn of_role(&self, role: &str) -> impl Iterator<Item = &String> {
        let first = contact_id(&self.contract, role);
        let later = format!("{first}/");
        self.rows.iter().filter(move |row| **row == first || row.starts_with(&later))
    }

    /// The name of a row: that of before, where the same input brings the same again.
    async fn place(
        &self,
        engine: &Engine,
        role: &str,
        content: &[u8],
    ) -> Result<String, EngineError> {
        let first = contact_id(&self.contract, role);
        let is_own = |row: &&String| self.own.contains(*row);
        let own: Vec<_> = self.of_role(role).filter(is_own).cloned().collect();
        for row in own {
            let kept = engine.store.personal(&row).await?;
            if kept.is_some_and(|kept| kept.content == content) {
                return Ok(row);
            }
        }
        Ok(match (self.of_role(role).count(), self.beside) {
            (0, Beside::Nobody) => first,
            (earlier, _) => format!("{first}/{earlier:04}"),
        })
    }
}
