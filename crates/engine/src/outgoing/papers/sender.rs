//! Who sends a paper, to whom, and what every paper has.

use contract::{Company, ContractState};
use reckon::{Day, Moment};
use serde_json::Value;
use terms::{Law, Pack};
use typeset::{Addressee, BankAccount, Issuer, Letterhead, Note, TermsName};

use crate::people::operator::Operator;

/// Who sends it: the reseller, with its terms and prices.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'a> {
    pub operator: &'a Operator,
    pub pack: &'a Pack,
    law: &'a Law,
}

impl<'a> Sender<'a> {
    pub(crate) fn new(operator: &'a Operator, pack: &'a Pack, law: &'a Law) -> Sender<'a> {
        Sender { operator, pack, law }
    }

    pub(crate) fn letterhead(
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

    pub(crate) fn bank_account(&self) -> BankAccount {
        let bank = &self.operator.bank;
        BankAccount {
            bank: bank.bank.clone(),
            branch: bank.branch.clone(),
            kind: bank.kind.clone(),
            number: bank.number.clone(),
            holder_kana: bank.holder_kana.clone(),
        }
    }

    /// The version of the terms that a paper of this day names.
    pub(crate) fn version_on(&self, day: Day) -> String {
        let version = self.law.version_at(Moment::start_of(day));
        version.map(|v| v.version.clone()).unwrap_or_default()
    }

    /// The printed rate of tax of a day.
    pub(crate) fn tax_percent(&self, day: Day) -> Option<u32> {
        self.law.tax.at(day).ok().map(|rate| rate.percent)
    }

    /// A parameter as the terms list it, for reasons of earlier versions that lack it.
    pub(crate) fn listed(&self, parameter: &str) -> Option<&'a Value> {
        self.law.parameters.get(parameter)
    }

    /// The version of the terms that holds for a contract on a day.
    pub(crate) fn version_of(&self, contract: &ContractState, day: Day) -> String {
        contract.version_on(self.law, day)
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
    pub(crate) fn addressee(self) -> Addressee {
        addressee(self.company, Some(format!("{} 様", self.person)))
    }
}

pub(crate) fn addressee(company: &Company, attention: Option<String>) -> Addressee {
    Addressee {
        postal_code: company.postal_code.clone(),
        address: company.address.clone(),
        name: company.name.clone(),
        honorific: "御中".to_owned(),
        attention,
    }
}

pub(crate) fn note(label: &str, text: impl Into<String>, clauses: &[&str]) -> Note {
    Note { label: Some(label.to_owned()), text: text.into(), clauses: owned(clauses) }
}

pub(crate) fn owned(clauses: &[&str]) -> Vec<String> {
    clauses.iter().map(|clause| (*clause).to_owned()).collect()
}
