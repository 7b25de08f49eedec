//! What is stored of an account: how much of it a step reads, and when it is thrown away.

mod case;

use case::facts::*;
use case::{account, at, day, input};
use contract::Account;
use contract::declare::fact::Fact;
use contract::road::case::Case;
use contract::road::stream::{Content, Record};
use reckon::{Day, Month, Period};
use serde_json::json;
use terms::{CalendarVersion, Law, Price};

/// One contract that is invoiced and paid for so many months, as its records tell it.
struct Life {
    law: Law,
    records: Vec<Record>,
    account: Account,
}

impl Life {
    fn of(months: i64) -> Life {
        let law = case::law();
        let account = Account::new(Case::new(account()));
        let mut life = Life { law, records: Vec::new(), account };
        let mut story = case::Story::new();
        story.running();
        let first = story.invoiced("N-1", "2026-04", "2026-05-01");
        for record in &story.records[..story.records.len() - 1] {
            life.decide(record.input.clone());
        }
        for at in 0..months {
            let issued_on = Month::of(day("2026-05-01")).plus(at).first_day();
            let mut invoice = first.clone();
            invoice.number = format!("N-{:03}", at + 1);
            invoice.issued_on = issued_on;
            invoice.due = Period::days(issued_on, 28).last_day();
            invoice.nominal_due = invoice.due;
            let amount = invoice.total.0;
            life.fact(
                &format!("issued-{at:03}"),
                issued_on,
                Fact::InvoiceIssued(Box::new(invoice)),
            );
            let on = Period::days(issued_on, 10).last_day();
            let unpaid = at == months - 1;
            let amount = if unpaid { 1 } else { amount };
            life.fact(&format!("paid-{at:03}"), on, paid(&on.to_string(), amount, &[]));
        }
        life
    }

    fn fact(&mut self, id: &str, on: Day, fact: Fact) {
        let known = at(&format!("{on}T12:00"));
        self.decide(input(id, (known, known), Content::Fact(fact)));
    }

    fn decide(&mut self, input: contract::road::stream::Input) {
        let events = self.account.decide(&self.law, &input).unwrap().events;
        self.records.push(Record { input, law: self.law.id(), events });
        self.account.take_looked_at();
    }

    /// As somebody else stores it, who has read its records.
    fn stored(&self) -> Vec<u8> {
        let mut account = Account::new(Case::new(account()));
        self.records.iter().for_each(|record| account.apply(record));
        let until = account.case().unfolded_until.expect("it has records");
        account.bring(&self.law, until);
        account.take_looked_at();
        let body = account.stored(&self.law).expect("nothing is to be done");
        assert_eq!(Some(&body), self.account.stored(&self.law).as_ref());
        body
    }
}

#[test]
fn a_payment_into_ten_years_reads_a_few_pieces() {
    let pieces = |months: i64| {
        let life = Life::of(months);
        let body = life.stored();
        let mut read = Account::of_stored(&account(), &life.law, body.clone()).unwrap();
        assert_eq!(read.pieces_read(), 0);
        let on = Month::of(day("2026-05-01")).plus(months).first_day();
        let known = at(&format!("{on}T12:00"));
        let more = input("more", (known, known), Content::Fact(paid(&on.to_string(), 1_000, &[])));
        let step = read.decide(&life.law, &more).unwrap();
        let looked_at = read.pieces_read();
        assert_eq!(step.events, life.account.clone().decide(&life.law, &more).unwrap().events);
        assert!(read.differs_from_whole(&life.law).is_empty());
        (looked_at, body.len())
    };
    let (few, _) = pieces(3);
    let (many, bytes) = pieces(120);
    assert!(many <= few + 20, "{many} pieces after ten years, {few} after three months");
    assert!(bytes < 60_000, "{bytes} bytes");
}

#[test]
fn money_that_was_credited_before_what_is_stored_of_it_moves_all_again() {
    let life = Life::of(70);
    let mut read = Account::of_stored(&account(), &life.law, life.stored()).unwrap();
    let known = at("2033-01-01T12:00");
    let late = input("late", (known, known), Content::Fact(paid("2026-09-02", 30_000, &[])));
    let step = read.decide(&life.law, &late).unwrap();
    assert_eq!(step, life.account.clone().decide(&life.law, &late).unwrap());
    assert!(read.differs_from_whole(&life.law).is_empty());
}

#[test]
fn what_does_not_fit_is_thrown_away() {
    let life = Life::of(4);
    let body = life.stored();
    let read = |body: Vec<u8>| Account::of_stored(&account(), &life.law, body);
    assert!(read(body.clone()).is_some());
    for at in [0, 17, body.len() / 2, body.len() - 1] {
        let mut changed = body.clone();
        changed[at] ^= 1;
        assert!(read(changed).is_none(), "byte {at}");
    }
    for length in [0, 15, 16, 40, body.len() - 1] {
        assert!(read(body[..length].to_vec()).is_none(), "{length} bytes");
    }
}

#[test]
fn what_is_still_to_come_in_the_law_invalidates_nothing() {
    let life = Life::of(12);
    let body = life.stored();
    let with = |change: &dyn Fn(&mut Law)| {
        let mut law = life.law.clone();
        change(&mut law);
        law
    };
    let later = day("2028-04-01");
    let price = with(&|law| {
        law.change(|law| {
            let yen = "99000".parse().unwrap();
            law.prices.item[0].price.push(Price { from: later, yen });
        });
    });
    let closed = with(&|law| {
        let closures = vec![day("2028-05-01")];
        let calendar = CalendarVersion { published_on: later, closures, ..Default::default() };
        law.change(|law| law.calendars.push(calendar));
    });
    let parameter = with(&|law| law.set_from("arrears.months", json!(3), later).unwrap());
    for law in [price, closed, parameter] {
        assert_ne!(law.id(), life.law.id());
        let mut read = Account::of_stored(&account(), &law, body.clone()).expect("it still fits");
        let known = at("2028-06-01T12:00");
        let more = input("more", (known, known), Content::Fact(paid("2028-06-01", 1_000, &[])));
        let step = read.decide(&law, &more).unwrap();
        assert!(read.differs_from_whole(&law).is_empty());
        let case = Case::of(account(), &life.records);
        assert_eq!(step, contract::decide(&law, &case, &more).unwrap());
    }
    let past = with(&|law| {
        law.set_from("arrears.months", json!(3), day("2026-06-01")).unwrap();
    });
    assert!(Account::of_stored(&account(), &past, body).is_none());
}
