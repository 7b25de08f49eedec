//! The facts that the stories are made of.

use std::collections::BTreeMap;

use contract::application::receiving::{Change, Wish};
use contract::declare::act::{AcceptApplication, Act};
use contract::declare::fact::{
    AcceptanceMailSent, Application, CancellationFormArrived, Fact, NonRenewalStated, Payment,
    ReceiptNoticeSent, ServiceStarted, UsageImported,
};
use contract::declare::ids::{ApplicationId, ContractId};
use contract::ending::renewal::{Side, Statement};
use contract::money::charges::{Drafts, Run, draft};
use contract::money::invoice::Invoice;
use contract::notices::notice::Channel;
use contract::service::usage::UsageTotal;
use contract::who::roles::Role;
use contract::{
    ApplicationForm, CancellationForm, Company, DueRule, LineWish, PaymentMethod, Service,
    SpecialTerm, UsePeriod,
};

use super::{Brought, Story, account, at, day, yen};

pub fn line(number: u32, item: &str, start: &str) -> LineWish {
    LineWish {
        number,
        service: Service::Sdpf,
        item: item.to_owned(),
        quantity: 1,
        start: day(start),
        min_term_months: None,
        agreed_fee: None,
    }
}

pub fn form(from: &str, to: &str, lines: Vec<LineWish>) -> ApplicationForm {
    ApplicationForm {
        applicant: Company {
            name: "見本商事株式会社".into(),
            kana: "ミホンショウジ".into(),
            corporate_number: "7000012050002".into(),
            postal_code: "100-0001".into(),
            address: "東京都千代田区1-1".into(),
            representative_title: "代表取締役".into(),
        },
        lines,
        period: UsePeriod { from: day(from), to: day(to) },
        payment: contract::Payment {
            method: PaymentMethod::Transfer,
            due: DueRule { months_after: 1, day: None },
            payer_kana: None,
        },
        special_terms: Vec::new(),
        quote: None,
    }
}

pub fn special(parameter: &str, value: serde_json::Value) -> SpecialTerm {
    SpecialTerm {
        parameter: parameter.to_owned(),
        value,
        document: "S-1".into(),
        signed_on: day("2026-03-01"),
        names_clause: false,
    }
}

pub fn application(reference: &str, when: &str, wish: Wish) -> Fact {
    Fact::ApplicationReceived(Box::new(Application {
        application: ApplicationId::of_reference(reference),
        reference: reference.to_owned(),
        channel: Channel::Paper,
        sent_at: at(when),
        received_at: at(when),
        sent_doubt: None,
        wish,
        form_faults: Vec::new(),
        people: BTreeMap::new(),
        files: Vec::new(),
        registered_by: "desk-1".into(),
        resembles: Vec::new(),
    }))
}

pub fn accept(application: &ApplicationId) -> Act {
    Act::AcceptApplication(AcceptApplication { application: application.clone() })
}

pub fn mail_sent(application: &ApplicationId) -> Fact {
    let message_id = "m-accept".into();
    Fact::AcceptanceMailSent(AcceptanceMailSent { application: application.clone(), message_id })
}

pub fn started(contract: &ContractId, line: u32, on: &str) -> Fact {
    Fact::ServiceStarted(ServiceStarted { contract: contract.clone(), line, on: day(on) })
}

pub fn cancellation(
    contract: &ContractId,
    channel: Channel,
    when: &str,
    desired: Option<&str>,
) -> Fact {
    Fact::CancellationFormArrived(CancellationFormArrived {
        contract: contract.clone(),
        channel,
        arrived_at: at(when),
        form: CancellationForm {
            desired: desired.map(day),
            signed_by: "person-1".into(),
            signed_by_other: false,
        },
    })
}

pub fn receipt(contract: &ContractId, effective: &str) -> Fact {
    let message_id = "m-receipt".into();
    Fact::ReceiptNoticeSent(ReceiptNoticeSent {
        contract: contract.clone(),
        effective: day(effective),
        message_id,
    })
}

pub fn non_renewal(contract: &ContractId, arrived: &str, against: Option<&str>) -> Fact {
    Fact::NonRenewalStated(NonRenewalStated {
        contract: contract.clone(),
        statement: Statement {
            by: Side::Customer,
            channel: Channel::Email,
            sent_at: at(arrived),
            arrived_at: Some(at(arrived)),
            against: against.map(day),
        },
    })
}

pub fn paid(on: &str, amount: i64, names: &[&str]) -> Fact {
    Fact::PaymentCredited(Payment {
        on: day(on),
        amount: yen(amount),
        payer: "ﾐﾎﾝｼﾖｳｼﾞ".into(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    })
}

pub fn usage(file: &str, contract: &ContractId, month: &str, quantity: &str) -> Fact {
    Fact::UsageImported(UsageImported {
        file: file.to_owned(),
        segment: format!("{file}.parquet"),
        sha256: "0".repeat(64),
        accepted: 1,
        refused: 0,
        totals: vec![UsageTotal {
            contract: contract.clone(),
            line: 2,
            resource: "gw-1".into(),
            item: "TRAFFIC".into(),
            month: month.parse().expect("a month"),
            quantity: quantity.parse().expect("a quantity"),
            time: None,
            rests_on: Default::default(),
        }],
    })
}

pub fn change(contract: &ContractId, from: &str, changes: Vec<Change>) -> Wish {
    Wish::Change { contract: contract.clone(), from: day(from), changes }
}

impl Story {
    /// Application on 2 March 2026, accepted on the 5th, the mail out on the 6th.
    pub fn formed(&mut self, reference: &str, form: ApplicationForm) -> ContractId {
        let application = ApplicationId::of_reference(reference);
        let received = self::application(reference, "2026-03-02T10:00", Wish::New { form });
        self.fact("2026-03-02T10:00", received);
        let accepted = self.act(
            "2026-03-05T10:00",
            ("approver-1", Role::ContractApprover),
            accept(&application),
        );
        assert!(!accepted.refused, "{:?}", accepted.findings);
        self.fact("2026-03-06T10:00", mail_sent(&application));
        application.contract()
    }

    /// One `VM` from 1 April 2026 for a month at a time, started.
    pub fn running(&mut self) -> ContractId {
        self.running_until("2026-04-30")
    }

    pub fn running_until(&mut self, to: &str) -> ContractId {
        let form = form("2026-04-01", to, vec![line(1, "VM", "2026-04-01")]);
        let id = self.formed("ref-1", form);
        self.fact("2026-04-01T09:00", started(&id, 1, "2026-04-01"));
        id
    }

    pub fn drafts(&self, run: &str, month: &str, issued_on: &str) -> Drafts {
        let month = month.parse().expect("a month");
        let run = Run { id: run.to_owned(), month, issued_on: day(issued_on) };
        draft(&self.law, &account(), &self.state, &run).expect("the law applies")
    }

    /// Issues the only draft of a run under this number.
    pub fn invoiced(&mut self, number: &str, month: &str, issued_on: &str) -> Invoice {
        let drafts = self.drafts(number, month, issued_on);
        assert_eq!(drafts.invoices.len(), 1, "{drafts:#?}");
        let mut invoice = drafts.invoices[0].clone();
        invoice.number = number.to_owned();
        self.issue(invoice.clone());
        invoice
    }

    pub fn issue(&mut self, invoice: Invoice) -> Brought {
        let when = format!("{}T12:00", invoice.issued_on);
        self.fact(&when, Fact::InvoiceIssued(Box::new(invoice)))
    }
}
