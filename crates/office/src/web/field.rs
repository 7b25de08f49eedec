//! The fields of forms: a label, a hint, what was typed, and what is wrong with it.

use maud::{Markup, html};

use super::csrf;
use super::form::Form;
use crate::access::Visitor;

/// What a field asks for.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub hint: &'a str,
    pub required: bool,
}

/// A field that has to be filled.
pub const fn must<'a>(name: &'a str, label: &'a str, hint: &'a str) -> Field<'a> {
    Field { name, label, hint, required: true }
}

/// A field that may stay empty.
pub const fn may<'a>(name: &'a str, label: &'a str, hint: &'a str) -> Field<'a> {
    Field { name, label, hint, required: false }
}

pub fn text(form: &Form, field: Field<'_>) -> Markup {
    input(form, field, "text")
}

pub fn day(form: &Form, field: Field<'_>) -> Markup {
    input(form, field, "date")
}

pub fn month(form: &Form, field: Field<'_>) -> Markup {
    input(form, field, "month")
}

pub fn moment(form: &Form, field: Field<'_>) -> Markup {
    input(form, field, "datetime-local")
}

/// A whole number, perhaps with separators.
pub fn number(form: &Form, field: Field<'_>) -> Markup {
    labelled(
        form,
        field,
        html! {
            input.figure-in type="text" inputmode="numeric" id=(id(field)) name=(field.name) value=(form.text(field.name))
                required[field.required] aria-describedby=[described(form, field)] aria-invalid[is_wrong(form, field)];
        },
    )
}

fn input(form: &Form, field: Field<'_>, kind: &str) -> Markup {
    labelled(
        form,
        field,
        html! {
            input type=(kind) id=(id(field)) name=(field.name) value=(form.text(field.name)) maxlength=[(kind == "text").then_some("200")]
                required[field.required] aria-describedby=[described(form, field)] aria-invalid[is_wrong(form, field)];
        },
    )
}

pub fn area(form: &Form, field: Field<'_>) -> Markup {
    labelled(
        form,
        field,
        html! {
            textarea id=(id(field)) name=(field.name) rows="3" maxlength="2000" required[field.required]
                aria-describedby=[described(form, field)] aria-invalid[is_wrong(form, field)] { (form.text(field.name)) }
        },
    )
}

/// A text of many lines.
pub fn long(form: &Form, field: Field<'_>) -> Markup {
    labelled(
        form,
        field,
        html! {
            textarea id=(id(field)) name=(field.name) rows="8" maxlength="10000" required[field.required]
                aria-describedby=[described(form, field)] aria-invalid[is_wrong(form, field)] { (form.text(field.name)) }
        },
    )
}

/// One of a few: each with its value and its words.
pub fn choice<T: AsRef<str>>(form: &Form, field: Field<'_>, options: &[(T, String)]) -> Markup {
    labelled(
        form,
        field,
        html! {
            select id=(id(field)) name=(field.name) required[field.required] aria-describedby=[described(form, field)] aria-invalid[is_wrong(form, field)] {
                @if !options.iter().any(|(value, _)| value.as_ref() == form.text(field.name)) {
                    option value="" selected { @if field.required { "選んでください" } @else { "選ばない" } }
                }
                @for (value, words) in options {
                    option value=(value.as_ref()) selected[value.as_ref() == form.text(field.name)] { (words) }
                }
            }
        },
    )
}

/// One of a few that are all shown, with more words to each.
pub fn radios<T: AsRef<str>>(form: &Form, field: Field<'_>, options: &[(T, Markup)]) -> Markup {
    let wrong = form.faults().get(field.name);
    html! {
        fieldset.field.wrong-field[wrong.is_some()] id=(id(field)) {
            legend { (field.label) @if field.required { (must_mark()) } }
            @if !field.hint.is_empty() { p.note { (field.hint) } }
            @for (value, words) in options {
                label.radio {
                    input type="radio" name=(field.name) value=(value.as_ref()) required[field.required]
                        checked[value.as_ref() == form.text(field.name)];
                    span { (words) }
                }
            }
            @if let Some(what_to_do) = wrong { p.why-not { (what_to_do) } }
        }
    }
}

/// A box to tick.
pub fn check(form: &Form, field: Field<'_>) -> Markup {
    let wrong = form.faults().get(field.name);
    html! {
        div.field.wrong-field[wrong.is_some()] {
            label.radio {
                input type="checkbox" id=(id(field)) name=(field.name) value="yes" required[field.required]
                    checked[form.text(field.name) == "yes"] aria-describedby=[described(form, field)];
                span { (field.label) }
            }
            (beside(form, field))
        }
    }
}

pub fn file(form: &Form, field: Field<'_>, accept: &str) -> Markup {
    labelled(
        form,
        field,
        html! {
            input type="file" id=(id(field)) name=(field.name) accept=(accept) required[field.required]
                aria-describedby=[described(form, field)] aria-invalid[is_wrong(form, field)];
        },
    )
}

/// The reason in the person's own words: it is sealed and named in the record.
pub fn reason(form: &Form, owed: bool) -> Markup {
    let hint = "記録に残り、権限のある人だけが読めます。";
    area(form, Field { name: "reason", label: "理由", hint, required: owed })
}

fn id(field: Field<'_>) -> String {
    format!("f-{}", field.name)
}

/// The ids of what stands beside it.
fn described(form: &Form, field: Field<'_>) -> Option<String> {
    let hint = (!field.hint.is_empty()).then(|| format!("h-{}", field.name));
    let wrong = is_wrong(form, field).then(|| format!("w-{}", field.name));
    let ids: Vec<_> = hint.into_iter().chain(wrong).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn is_wrong(form: &Form, field: Field<'_>) -> bool {
    form.faults().contains_key(field.name)
}

fn must_mark() -> Markup {
    html! { " " span.must { "必須" } }
}

fn labelled(form: &Form, field: Field<'_>, inside: Markup) -> Markup {
    html! {
        div.field.wrong-field[is_wrong(form, field)] {
            label for=(id(field)) { (field.label) @if field.required { (must_mark()) } }
            (inside)
            (beside(form, field))
        }
    }
}

/// The hint, and what is wrong.
fn beside(form: &Form, field: Field<'_>) -> Markup {
    html! {
        @if !field.hint.is_empty() { p.note id={ "h-" (field.name) } { (field.hint) } }
        @if let Some(what_to_do) = form.faults().get(field.name) {
            p.why-not id={ "w-" (field.name) } { (what_to_do) }
        }
    }
}

/// Fields that belong together.
pub fn group(title: &str, inside: Markup) -> Markup {
    html! { fieldset.group { legend { (title) } div.pair { (inside) } } }
}

/// Where a form stands.
pub enum Reached {
    /// Being filled, or to be mended.
    Typing,
    /// It can be sent as it is: this would follow.
    Looked(Markup),
    /// It would do, but not from here: the filled form can be fetched.
    Paper(Markup),
}

/// A form that is looked at before it is sent. `verb` stands on the last button.
pub fn frame(
    visitor: &Visitor,
    action: &str,
    form: &Form,
    verb: &str,
    reached: Reached,
    inside: Markup,
) -> Markup {
    let looked = matches!(reached, Reached::Looked(_));
    html! {
        (wrong(form))
        form.sheet method="post" action=(action) {
            (hidden(visitor, form))
            @if looked { input type="hidden" name="seen" value=(form.digest()); }
            (inside)
            @match &reached {
                Reached::Typing => div.buttons {
                    button.strong name="step" value="look" { "内容を確かめる" }
                },
                Reached::Looked(foreseen) => {
                    section.foreseen aria-label="登録すると" { (foreseen) }
                    div.buttons {
                        button.strong name="step" value="send" autofocus { (verb) }
                        button name="step" value="look" { "もう一度確かめる" }
                    }
                },
                Reached::Paper(foreseen) => {
                    section.foreseen aria-label="内容" { (foreseen) }
                    div.buttons {
                        button.strong name="step" value="paper" { "記入済みの用紙（.xlsx）を受け取る" }
                        button name="step" value="look" { "もう一度確かめる" }
                    }
                },
            }
        }
    }
}

/// A form with files, which goes straight to its reader: nothing of a file with a
/// fault is applied.
pub fn frame_with_files(
    visitor: &Visitor,
    action: &str,
    form: &Form,
    verb: &str,
    inside: Markup,
) -> Markup {
    html! {
        (wrong(form))
        form.sheet method="post" action=(action) enctype="multipart/form-data" {
            (hidden(visitor, form))
            (inside)
            div.buttons { button.strong name="step" value="send" { (verb) } }
        }
    }
}

fn hidden(visitor: &Visitor, form: &Form) -> Markup {
    html! {
        (csrf::field(visitor.csrf()))
        input type="hidden" name="key" value=(form.text("key"));
    }
}

pub fn wrong(form: &Form) -> Markup {
    html! {
        @if !form.is_good() {
            div.wrong role="alert" {
                "登録していません。次の " (form.faults().len()) " か所を直してください。"
                ul { @for (name, what_to_do) in form.faults() {
                    li { a href={ "#f-" (name) } { (what_to_do) } }
                } }
            }
        }
    }
}
