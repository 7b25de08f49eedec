//! 10-1, 30-2: another person to write to.

use contract::declare::fact::{ContactChanged, Fact};
use contract::declare::sealed::Sealed;
use maud::{Markup, html};

use super::desk_form::{Brings, DeskForm, Subject};
use super::typed_person;
use crate::web::form::Form;
use crate::web::{App, parts};

pub struct Contact;

impl DeskForm for Contact {
    const OF: &'static str = "application";
    const NAME: &'static str = "contact";
    const TITLE: &'static str = "連絡先の変更";
    const PEOPLE: bool = true;

    fn about(_: &App, subject: &Subject) -> Markup {
        html! {
            p.lead { "これから送る通知の宛先が変わります。すでに送ったものは変わりません。" (parts::clauses(&["10-1", "10-2"])) }
            (typed_person::now(&subject.people))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        typed_person::fields(form)
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let person = typed_person::read(form)?;
        let (application, _) = subject.application();
        let fact = Fact::ContactChanged(ContactChanged {
            application,
            role: person.role,
            person: Sealed::Open(person),
            kept: None,
        });
        Some(Brings::fact(fact, app.engine.now()))
    }
}
