//! An application form as a scenario writes it: the same content, with defaults
//! for what most forms leave alone.

use contract::application::quote::Offer;
use contract::{
    ApplicationForm, Company, DueRule, LineWish, Payment, PaymentMethod, Person, PersonRole,
    Service, SpecialTerm, UsePeriod,
};
use reckon::{Day, Yen};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormText {
    pub company: String,
    pub kana: String,
    pub corporate_number: String,
    #[serde(default = "postal_code")]
    pub postal_code: String,
    #[serde(default = "address")]
    pub address: String,
    /// 利用責任者.
    pub person: String,
    pub mail: String,
    #[serde(default = "phone")]
    pub phone: String,
    pub from: Day,
    pub to: Day,
    #[serde(default = "transfer")]
    pub method: PaymentMethod,
    #[serde(default = "next_month")]
    pub due_months_after: u32,
    #[serde(default)]
    pub due_day: Option<u32>,
    #[serde(default)]
    pub payer_kana: Option<String>,
    pub lines: Vec<LineText>,
    #[serde(default)]
    pub special_terms: Vec<SpecialTerm>,
    /// The quotation on which it rests: a name that a step gave, or a number.
    #[serde(default)]
    pub quote: Option<String>,
}

/// A quotation as a scenario writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteText {
    pub company: String,
    pub kana: String,
    pub corporate_number: String,
    #[serde(default = "postal_code")]
    pub postal_code: String,
    #[serde(default = "address")]
    pub address: String,
    /// For whose attention, by name.
    #[serde(default)]
    pub person: Option<String>,
    pub valid_until: Day,
    #[serde(default)]
    pub from: Option<Day>,
    #[serde(default)]
    pub to: Option<Day>,
    pub lines: Vec<LineText>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineText {
    pub service: Service,
    pub item: String,
    #[serde(default = "one")]
    pub quantity: u32,
    pub start: Day,
    #[serde(default)]
    pub min_term_months: Option<u32>,
    #[serde(default)]
    pub agreed_fee: Option<Yen>,
}

fn postal_code() -> String {
    "100-0001".to_owned()
}

fn address() -> String {
    "東京都千代田区千代田1番1号".to_owned()
}

fn phone() -> String {
    "03-0000-0000".to_owned()
}

fn transfer() -> PaymentMethod {
    PaymentMethod::Transfer
}

fn next_month() -> u32 {
    1
}

fn one() -> u32 {
    1
}

fn wishes(lines: &[LineText]) -> Vec<LineWish> {
    let wish = |(line, number): (&LineText, u32)| LineWish {
        number,
        service: line.service,
        item: line.item.clone(),
        quantity: line.quantity,
        start: line.start,
        min_term_months: line.min_term_months,
        agreed_fee: line.agreed_fee,
    };
    lines.iter().zip(1..).map(wish).collect()
}

impl QuoteText {
    /// What is offered on a day, and for whose attention.
    pub fn offer(&self, issued_on: Day) -> (Offer, Option<Person>) {
        let customer = Company {
            name: self.company.clone(),
            kana: self.kana.clone(),
            corporate_number: self.corporate_number.clone(),
            postal_code: self.postal_code.clone(),
            address: self.address.clone(),
            representative_title: "代表取締役".to_owned(),
        };
        let period = self.from.zip(self.to).map(|(from, to)| UsePeriod { from, to });
        let attention = self.person.as_ref().map(|name| Person {
            role: PersonRole::ResponsiblePerson,
            name: name.clone(),
            department: String::new(),
            mail: String::new(),
            phone: String::new(),
        });
        let lines = wishes(&self.lines);
        (Offer { customer, lines, period, issued_on, valid_until: self.valid_until }, attention)
    }
}

impl FormText {
    pub fn content(&self) -> (ApplicationForm, Vec<Person>) {
        let form = ApplicationForm {
            applicant: Company {
                name: self.company.clone(),
                kana: self.kana.clone(),
                corporate_number: self.corporate_number.clone(),
                postal_code: self.postal_code.clone(),
                address: self.address.clone(),
                representative_title: "代表取締役".to_owned(),
            },
            lines: wishes(&self.lines),
            period: UsePeriod { from: self.from, to: self.to },
            payment: Payment {
                method: self.method,
                due: DueRule { months_after: self.due_months_after, day: self.due_day },
                payer_kana: self.payer_kana.clone(),
            },
            special_terms: self.special_terms.clone(),
            quote: self.quote.clone(),
        };
        let person = Person {
            role: PersonRole::ResponsiblePerson,
            name: self.person.clone(),
            department: String::new(),
            mail: self.mail.clone(),
            phone: self.phone.clone(),
        };
        (form, vec![person])
    }
}
