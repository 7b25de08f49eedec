//! A person to write to, as typed.

use contract::declare::door::TextForm;
use contract::registered::doors::roles;
use contract::{Person, PersonRole};
use document::wording::Language;
use maud::{Markup, html};
use serde_json::json;

use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::parts::Column::Text;
use crate::web::{parts, words};

/// To whom is written now.
pub fn now(people: &[Person]) -> Markup {
    let rows: Vec<_> = people
        .iter()
        .map(|person| {
            vec![
                html! { (words::contact_role(person.role)) },
                parts::name(&person.name),
                html! { (person.department) },
                html! { (person.mail) },
                html! { (person.phone) },
            ]
        })
        .collect();
    let columns = [Text("いまの連絡先"), Text("氏名"), Text("部署"), Text("メール"), Text("電話")];
    html! { @if !rows.is_empty() { (parts::table(&columns, &rows, "")) } }
}

/// Of whom it is, and the person.
pub fn fields(form: &Form) -> Markup {
    let roles: Vec<_> =
        roles(Language::Japanese.into()).into_iter().map(|one| (one.value, one.words)).collect();
    html! {
        (field::choice(form, must("role", "どの連絡先か", ""), &roles))
        (of(form, "", true))
    }
}

/// The fields of one person; their names begin with `prefix`.
pub fn of(form: &Form, prefix: &str, required: bool) -> Markup {
    let name = format!("{prefix}name");
    let department = format!("{prefix}department");
    let mail = format!("{prefix}mail");
    let phone = format!("{prefix}phone");
    let field_of = |name, label, hint| field::Field { name, label, hint, required };
    html! {
        (field::text(form, field_of(&name, "氏名", "")))
        (field::text(form, may(&department, "部署", "")))
        (field::text(form, field_of(&mail, "メール", "例 name@example.jp")))
        (field::text(form, field_of(&phone, "電話", "例 03-1234-5678")))
    }
}

pub fn read(form: &mut Form) -> Option<Person> {
    let role = serde_json::from_value::<PersonRole>(json!(form.text("role"))).ok();
    if role.is_none() {
        form.fault("role", "どの連絡先かを選んでください。");
    }
    let person = read_of(form, "", PersonRole::ResponsiblePerson)?;
    Some(Person { role: role?, ..person })
}

pub fn read_of(form: &mut Form, prefix: &str, role: PersonRole) -> Option<Person> {
    let name = form.required(&format!("{prefix}name"), "氏名を入力してください。");
    let department = form.text(&format!("{prefix}department")).to_owned();
    let mail = form.typed(&format!("{prefix}mail"), TextForm::Mail);
    let phone = form.typed(&format!("{prefix}phone"), TextForm::Phone);
    Some(Person { role, name: name?, department, mail: mail?, phone: phone? })
}

/// Whether anything of a person was typed.
pub fn is_typed(form: &Form, prefix: &str) -> bool {
    ["name", "department", "mail", "phone"]
        .iter()
        .any(|part| form.is_set(&format!("{prefix}{part}")))
}
