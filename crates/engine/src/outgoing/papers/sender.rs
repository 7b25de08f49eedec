//! Who sends a paper, to whom, and what every paper has.

use contract::Company;
use reckon::Day;
use terms::{Law, Pack};
use typeset::{Addressee, BankAccount, Issuer, Letterhead, Note, TermsName};

use crate::people::operator::Operator;

/// Who sends it: the reseller, with its terms and prices.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'a> {
    pub operator: &'a Operator,
    pub pack: &'a Pack,
    pub law: &'a Law,
}

impl Sender<'_> {
    pub(super) fn letterhead(
        &self,
        number: String,
        date: Day,
        customer: Addressee,
        version: &str,
    ) -> Letterhead {
        let company = &self.operator.company;
        Letterhead {
            number,
            date,
            issuer: Issuer {
                name: company.name.clone(),
                representative: Some(company.representative.clone()),
                postal_code: company.postal_code.clone(),
                address: company.address.clone(),
                phone: company.phone.clone(),
                mail: Some(self.operator.mail.from.clone()),
                registration_number: company.registration_number.clone(),
            },
            customer,
            terms: TermsName { name: self.pack.title_ja.clone(), version: version.to_owned() },
        }
    }

    pub(super) fn bank_account(&self) -> BankAccount {
        let bank = &self.operator.bank;
        BankAccount {
            bank: bank.bank.clone(),
            branch: bank.branch.clone(),
            kind: bank.kind.clone(),
            number: bank.number.clone(),
            holder_kana: bank.holder_kana.clone(),
        }
    }

    /// The printed name of an item of the price table.
    pub(crate) fn item_name(&self, code: &str) -> String {
        self.law.prices.item(code).map_or_else(|| code.to_owned(), |item| item.name.clone())
    }
}

/// To whom a paper goes: a company, for the attention of a person.
#[derive(Clone, Copy)]
pub(crate) struct Recipient<'a> {
    pub company: &'a Company,
    pub person: &'a str,
}

impl Recipient<'_> {
    pub(super) fn addressee(self) -> Addressee {
        addressee(self.company, Some(format!("{} 様", self.person)))
    }
}

pub(super) fn addressee(company: &Company, attention: Option<String>) -> Addressee {
    Addressee {
        postal_code: company.postal_code.clone(),
        address: company.address.clone(),
        name: company.name.clone(),
        honorific: "御中".to_owned(),
        attention,
    }
}

pub(super) fn note(label: &str, text: impl Into<String>, clauses: &[&str]) -> Note {
    Note { label: Some(label.to_owned()), text: text.into(), clauses: owned(clauses) }
}

pub(super) fn owned(clauses: &[&str]) -> Vec<String> {
    clauses.iter().map(|clause| (*clause).to_owned()).collect()
}
