//! A mail as its letter drafts it: what it says, to whom it goes, and what is enclosed.

use contract::declare::ids::ContractId;
use contract::road::case::Case;
use contract::{AccountState, Company, ContractState, Kept, Person};
use document::wording::letters::{Addressee, Wording};
use reckon::{Day, Moment};
use typeset::Document;

use crate::outgoing::papers;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// Text, address and enclosure before they become a mail.
pub(crate) struct Draft {
    pub to: Vec<String>,
    pub addressee: Addressee,
    pub text: Wording,
    /// File name and document of the enclosure.
    pub paper: Option<(String, Document)>,
    /// Under which contract's records the mail is kept.
    pub contract: Option<ContractId>,
}

/// Where a letter is written: an account as the record has it, and a moment.
pub(crate) struct Desk<'a> {
    pub engine: &'a Engine,
    pub case: &'a Case,
    pub state: &'a AccountState,
    pub at: Moment,
}

/// A contract, its contracting party today (10-1(1)), and the person who is written to.
pub(crate) struct Reached<'a> {
    pub id: ContractId,
    pub contract: &'a ContractState,
    pub company: &'a Company,
    pub person: Person,
}

impl<'a> Desk<'a> {
    /// The responsible person (30-1).
    pub async fn reach(&self, id: &ContractId) -> Result<Reached<'a>, EngineError> {
        self.reach_as(id, "responsible_person").await
    }

    /// Whoever gets the papers about money.
    pub async fn reach_billing(&self, id: &ContractId) -> Result<Reached<'a>, EngineError> {
        self.reach_as(id, "billing").await
    }

    async fn reach_as(&self, id: &ContractId, role: &str) -> Result<Reached<'a>, EngineError> {
        let contract = contract_in(self.state, id)?;
        let company = self.party(contract);
        let person = self.engine.contact(self.state, id, role).await?;
        Ok(Reached { id: id.clone(), contract, company, person })
    }

    pub fn party(&self, contract: &'a ContractState) -> &'a Company {
        self.state.company_on(contract, self.engine.now().day())
    }

    pub fn sender(&self) -> papers::Sender<'a> {
        self.engine.sender()
    }
}

impl Reached<'_> {
    pub fn recipient(&self) -> papers::Recipient<'_> {
        papers::Recipient { company: self.company, person: &self.person.name }
    }

    pub fn draft(self, text: Wording) -> Draft {
        let addressee = addressee(&self.company.name, &self.person);
        let to = vec![self.person.mail];
        Draft { to, addressee, text, paper: None, contract: Some(self.id) }
    }

    /// To whom the papers about money of a contract go, as registered on a day.
    pub fn draft_of_money(self, state: &AccountState, on: Day, text: Wording) -> Draft {
        let addressee = match state.parties.bill_to_on(&self.id, on) {
            Some(bill_to) => Addressee {
                company: bill_to.name.clone(),
                department: bill_to.department.clone(),
                person: self.person.name.clone(),
            },
            None => addressee(&state.company_on(self.contract, on).name, &self.person),
        };
        Draft { addressee, ..self.draft(text) }
    }
}

impl Draft {
    pub fn with(self, name: String, paper: Document) -> Draft {
        Draft { paper: Some((name, paper)), ..self }
    }
}

pub(crate) fn addressee(company: &str, person: &Person) -> Addressee {
    Addressee {
        company: company.to_owned(),
        department: person.department.clone(),
        person: person.name.clone(),
    }
}

pub(crate) fn contract_in<'a>(
    state: &'a AccountState,
    id: &ContractId,
) -> Result<&'a ContractState, EngineError> {
    let contract = state.contracts.get(id).map(Kept::as_ref);
    contract.ok_or_else(|| EngineError::no_contract(id))
}
