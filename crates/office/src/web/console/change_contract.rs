//! 9-7: an application for a change of a running contract, typed from its paper.

use std::collections::BTreeMap;

use contract::application::receiving::{Change, Wish};
use contract::declare::fact::{Application, Fact};
use contract::declare::ids::ApplicationId;
use contract::notices::notice::Channel;
use contract::{LineWish, Service};
use maud::{Markup, html};
use reckon::Month;

use super::desk_form::local;
use super::desk_form::{Brings, DeskForm, How, Subject};
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

pub struct ChangeContract;

impl DeskForm for ChangeContract {
    const OF: &'static str = "contract";
    const NAME: &'static str = "change";
    const TITLE: &'static str = "変更申込の登録";

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("at", local(app));
        form.set("from", Month::of(app.engine.now().day()).plus(1).first_day());
        form.set("what", "set_quantity");
    }

    fn about(_: &App, _: &Subject) -> Markup {
        html! { p.lead { "契約の変更は、別の人が承諾し、承諾メールを送った時に成立します。今の契約はそれまで変わりません。" (parts::clause("9-7")) } }
    }

    fn fields(app: &App, subject: &Subject, form: &Form) -> Markup {
        let (_, contract) = subject.contract();
        let lines: Vec<_> = contract
            .lines
            .iter()
            .map(|line| {
                (line.number.to_string(), format!("{}　{}", line.number, app.item_name(&line.item)))
            })
            .collect();
        let whats = [
            ("set_quantity", html! { "明細の数量を変える" }),
            ("set_agreed_fee", html! { "明細の月額（税抜）の合意を変える" }),
            ("add_line", html! { "明細を追加する" }),
        ];
        html! {
            (field::text(form, must("reference", "受付番号", "紙に押した番号など。同じ番号は一度だけ登録されます。")))
            (field::moment(form, must("at", "届いた日時", "")))
            (field::day(form, must("from", "変更希望日", "")))
            (field::radios(form, must("what", "変更の内容", ""), &whats))
            (field::choice(form, may("line", "明細（数量・月額の変更）", ""), &lines))
            (field::choice(form, may("item", "品目（追加）", ""), &items(app)))
            (field::number(form, may("quantity", "数量", "数量の変更と追加の時に入力します。")))
            (field::number(form, may("fee", "月額（税抜、円）", "月額の変更の時に入力します。追加の時は個別合意があれば。")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let reference = form.required("reference", "受付番号を入力してください。");
        let at = form.past_moment("at", app.engine.now());
        let from = form.day("from");
        let change = change(app, subject, form);
        let (contract, _) = subject.contract();
        let (reference, at, from, change) = (reference?, at?, from?, change?);
        let fact = Fact::ApplicationReceived(Box::new(Application {
            application: ApplicationId::of_reference(&reference),
            reference,
            channel: Channel::Paper,
            sent_at: at,
            received_at: at,
            sent_doubt: None,
            wish: Wish::Change { contract, from, changes: vec![change] },
            form_faults: Vec::new(),
            people: BTreeMap::new(),
            files: Vec::new(),
            // Set to whoever sends the form.
            registered_by: String::new(),
            resembles: Vec::new(),
        }));
        Some(Brings { how: How::Application, ..Brings::fact(fact, at) })
    }
}

/// The price table as options.
pub fn items(app: &App) -> Vec<(String, String)> {
    let items = app.engine.law.prices.item.iter();
    items
        .map(|item| {
            let price = app.unit_price(&item.code).map(|price| format!("、{price}"));
            let price = price.unwrap_or_default();
            (item.code.clone(), format!("{}（{}{price}）", item.name, item.code))
        })
        .collect()
}

/// Which of the two services an item belongs to.
pub fn service_of(app: &App, code: &str) -> Option<Service> {
    let item = app.engine.law.prices.item(code)?;
    serde_json::from_value(serde_json::json!(item.service)).ok()
}

const QUANTITY: &str = "数量を1以上の整数で入力してください。";

fn quantity(form: &mut Form) -> Option<u32> {
    let quantity: u32 = form.number("quantity", QUANTITY)?;
    if quantity == 0 {
        form.fault("quantity", QUANTITY);
        return None;
    }
    Some(quantity)
}

fn change(app: &App, subject: &Subject, form: &mut Form) -> Option<Change> {
    let (_, contract) = subject.contract();
    match form.text("what") {
        "set_quantity" => {
            let line = form.number("line", "変える明細を選んでください。");
            let quantity = quantity(form);
            Some(Change::SetQuantity { line: line?, quantity: quantity? })
        }
        "set_agreed_fee" => {
            let line = form.number("line", "変える明細を選んでください。");
            let fee = form.yen("fee");
            Some(Change::SetAgreedFee { line: line?, fee: fee? })
        }
        "add_line" => {
            let item = form.required("item", "追加する品目を選んでください。");
            let quantity = quantity(form);
            let agreed_fee = if form.is_set("fee") { form.yen("fee") } else { None };
            let start = form.day("from");
            let number = contract.lines.iter().map(|line| line.number).max().unwrap_or(0) + 1;
            let (item, quantity, start) = (item?, quantity?, start?);
            let Some(service) = service_of(app, &item) else {
                form.fault("item", "料金表にある品目を選んでください。");
                return None;
            };
            let line = LineWish {
                number,
                service,
                item,
                quantity,
                start,
                min_term_months: None,
                agreed_fee,
            };
            Some(Change::AddLine { line })
        }
        _ => {
            form.fault("what", "変更の内容を選んでください。");
            None
        }
    }
}
