//! 9-2: the paper form, typed. The same fields serve the customer's own form.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contract::application::receiving::Wish;
use contract::declare::door::TextForm;
use contract::declare::fact::{Application, Fact};
use contract::declare::ids::{AccountId, ApplicationId};
use contract::notices::notice::Channel;
use contract::road::stream::Content;
use contract::who::roles::Permission;
use contract::{
    ApplicationForm, Company, DueRule, LineWish, Payment, PaymentMethod, Person, PersonRole,
    UsePeriod,
};
use engine::ApplicationCame;
use maud::{Markup, html};
use reckon::Month;

use super::change_contract::{items, service_of};
use super::desk_form::local;
use super::desk_form::{again, told};
use super::typed_person;
use super::uploads::hat_with;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::Bringing;
use crate::web::field::{self, Reached, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// How many lines the form offers.
const LINES: usize = 4;

const TITLE: &str = "紙の申込書の入力";

pub async fn show(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Page, Trouble> {
    let mut form = Form::fresh()?;
    form.set("at", local(&app));
    begin(&app, &mut form);
    Ok(page(&app, &visitor, &form, Reached::Typing))
}

/// What stands in the fields at first: from next month on, one month.
pub fn begin(app: &App, form: &mut Form) {
    let month = Month::of(app.engine.now().day()).plus(1);
    form.suggest("from", month.first_day());
    form.suggest("to", month.last_day());
    form.suggest("due_months", "1");
    form.suggest("method", "transfer");
}

fn page(app: &App, visitor: &Visitor, form: &Form, reached: Reached) -> Page {
    let inside = html! {
        (field::group("受付", html! {
            (field::text(form, must("reference", "受付番号", "紙に押した番号。同じ番号は一度だけ登録されます。")))
            (field::moment(form, must("at", "申込者が送った日時", "この時の規約に同意したものとみなされます（9-6）。")))
            (field::moment(form, may("received", "受け取った日時", "空欄なら今です。")))
        }))
        (fields(app, form, Asks::Desk))
    };
    let body = html! {
        p.lead { "紙の申込書のとおりに入力してください。特別条件のある申込書は、.xlsx で読み込みます。" (parts::clause("9-2")) }
        (field::frame(visitor, "/applications/new", form, "登録する", reached, inside))
        p.back { a href="/applications/file" { "ファイルから登録する" } }
    };
    Page::new(TITLE, body)
}

pub async fn take(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    mut form: Form,
) -> Result<Response, Trouble> {
    let actor = hat_with(&visitor, Permission::RegisterArrival)?;
    let reference = form.required("reference", "受付番号を入力してください。");
    let now = app.engine.now();
    let at = form.past_moment("at", now);
    let received_at =
        if form.is_set("received") { form.past_moment("received", now) } else { Some(now) };
    let typed = read(&app, &mut form);
    let (Some(reference), Some(at), Some(received_at), Some((content, people)), true) =
        (reference, at, received_at, typed, form.is_good())
    else {
        return Ok(again(page(&app, &visitor, &form, Reached::Typing)));
    };
    let application = ApplicationId::of_reference(&reference);
    let came = ApplicationCame {
        reference: &reference,
        channel: Channel::Paper,
        sent_at: at,
        received_at: received_at.max(at),
        sent_doubt: None,
        files: Vec::new(),
    };
    let account = AccountId::of_company(&content.applicant.corporate_number);
    let month_end = app.engine.ends_in_mid_month(&content);
    let fact = received(&came, content.clone(), &actor.id);
    let bringing = Bringing {
        account: &account,
        content: Content::Fact(fact),
        occurred_at: at,
        source: "desk",
    };
    let foreseen = app.foresee(&visitor, &app.input_of(&form, &actor, &bringing)?).await?;
    if form.is_confirmed() {
        app.engine.receive_application(came, content, people, &actor).await?;
        app.bring().await?;
        app.afterwards.keep(form.key()?, &visitor.person, foreseen.afterwards());
        return Ok(told(&parts::path("/applications", &application.0), &form));
    }
    let reached = Reached::Looked(html! {
        @if let Some(end) = month_end {
            p.warning { "利用期間が月の途中で終わるため、このままでは承諾できません。終わりは月末（" (parts::day(end)) " など）です。申込者に確かめてください。 " (parts::clause("13-2")) }
        }
        (foreseen.shown())
    });
    Ok(page(&app, &visitor, &form, reached).into_response())
}

/// The fact that a typed form comes to, to see what would follow.
pub fn received(came: &ApplicationCame<'_>, form: ApplicationForm, by: &str) -> Fact {
    Fact::ApplicationReceived(Box::new(Application {
        application: ApplicationId::of_reference(came.reference),
        reference: came.reference.to_owned(),
        channel: came.channel,
        sent_at: came.sent_at,
        received_at: came.received_at,
        sent_doubt: came.sent_doubt,
        wish: Wish::New { form },
        form_faults: Vec::new(),
        people: Default::default(),
        files: Vec::new(),
        registered_by: by.to_owned(),
        resembles: Vec::new(),
    }))
}

/// Who fills the form: what was agreed is written down by the provider alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    Desk,
    Customer,
}

/// Everything that the form asks for, 9-2.
pub fn fields(app: &App, form: &Form, asks: Asks) -> Markup {
    let months = [("1", "翌月".to_owned()), ("2", "翌々月".to_owned())];
    let methods = [("transfer", "請求書払い（振込）".to_owned()), ("debit", "口座振替".to_owned())];
    html! {
        (field::group("申込者", company_fields(form)))
        (field::group("利用責任者（30-1）", typed_person::of(form, "r_", true)))
        (field::group("請求先（利用責任者と異なる場合だけ）", typed_person::of(form, "b_", false)))
        (field::group("利用期間と支払い", html! {
            (field::day(form, must("from", "利用期間の開始日", "")))
            (field::day(form, must("to", "利用期間の終了日", "月末の日にします（13-2）。")))
            (field::choice(form, must("method", "支払方法", ""), &methods))
            (field::choice(form, must("due_months", "支払期日の月", "請求書の日付の月から数えます。"), &months))
            (field::number(form, may("due_day", "支払期日の日", "空なら月末です。")))
            (field::text(form, may("payer_kana", "振込名義カナ", "会社名のフリガナと異なる場合。")))
        }))
        (lines_fields(app, form, asks))
    }
}

/// What is asked of a company, 9-2.
pub fn company_fields(form: &Form) -> Markup {
    html! {
        (field::text(form, must("company", "会社名", "登記上の名称")))
        (field::text(form, must("kana", "フリガナ", "全角カタカナ")))
        (field::text(form, must("corporate_number", "法人番号", "13桁")))
        (field::text(form, must("postal_code", "郵便番号", "例 100-0001")))
        (field::text(form, must("address", "住所", "都道府県から")))
        (field::text(form, must("title", "代表者の役職", "例 代表取締役")))
    }
}

/// A company that is known stands in its fields.
pub fn set_company(form: &mut Form, company: &Company) {
    form.set("company", &company.name);
    form.set("kana", &company.kana);
    form.set("corporate_number", &company.corporate_number);
    form.set("postal_code", &company.postal_code);
    form.set("address", &company.address);
    form.set("title", &company.representative_title);
}

/// The lines that a form offers.
pub fn lines_fields(app: &App, form: &Form, asks: Asks) -> Markup {
    let items = items(app);
    html! { @for line in 1..=LINES { (line_fields(form, line, &items, asks)) } }
}

/// The lines of which anything was typed.
pub fn read_lines(app: &App, form: &mut Form) -> Vec<LineWish> {
    (1..=LINES).filter_map(|number| line(app, form, number)).collect()
}

fn line_fields(form: &Form, line: usize, items: &[(String, String)], asks: Asks) -> Markup {
    let name = |part: &str| format!("l{line}_{part}");
    let (item, quantity, start) = (name("item"), name("quantity"), name("start"));
    let (months, fee) = (name("months"), name("fee"));
    let required = line == 1;
    field::group(
        &format!("サービス {line}"),
        html! {
            (field::choice(form, field::Field { name: &item, label: "品目", hint: "", required }, items))
            (field::number(form, field::Field { name: &quantity, label: "数量", hint: "", required }))
            (field::day(form, field::Field { name: &start, label: "利用開始希望日", hint: "", required }))
            @if asks == Asks::Desk {
                (field::number(form, may(&months, "最低利用期間（月）", "合意した場合だけ。")))
                (field::number(form, may(&fee, "合意した月額（税抜、円）", "合意した場合だけ。")))
            }
        },
    )
}

/// The form and the people that it names; `None` when it has faults.
pub fn read(app: &App, form: &mut Form) -> Option<(ApplicationForm, Vec<Person>)> {
    let applicant = company(form);
    let responsible = typed_person::read_of(form, "r_", PersonRole::ResponsiblePerson);
    let billing = match typed_person::is_typed(form, "b_") {
        true => typed_person::read_of(form, "b_", PersonRole::Billing),
        false => None,
    };
    let period = period(form);
    let payment = payment(form);
    let lines = read_lines(app, form);
    let (applicant, responsible) = (applicant?, responsible?);
    let people = [responsible].into_iter().chain(billing).collect();
    let read = ApplicationForm {
        applicant,
        lines,
        period: period?,
        payment: payment?,
        special_terms: Vec::new(),
        quote: None,
    };
    form.is_good().then_some((read, people))
}

pub fn company(form: &mut Form) -> Option<Company> {
    let name = form.required("company", "会社名を入力してください。");
    let kana = form.typed("kana", TextForm::Katakana);
    let corporate_number = form.typed("corporate_number", TextForm::CorporateNumber);
    let postal_code = form.typed("postal_code", TextForm::PostalCode);
    let address = form.required("address", "住所を都道府県から入力してください。");
    let title = form.required("title", "代表者の役職を入力してください。");
    Some(Company {
        name: name?,
        kana: kana?,
        corporate_number: corporate_number?,
        postal_code: postal_code?,
        address: address?,
        representative_title: title?,
    })
}

fn period(form: &mut Form) -> Option<UsePeriod> {
    let (from, to) = (form.day("from"), form.day("to"));
    let (from, to) = (from?, to?);
    if to < from {
        form.fault("to", "利用期間の終了日は、開始日より後の日にしてください。");
    }
    Some(UsePeriod { from, to })
}

fn payment(form: &mut Form) -> Option<Payment> {
    let method = match form.text("method") {
        "transfer" => Some(PaymentMethod::Transfer),
        "debit" => Some(PaymentMethod::Debit),
        _ => None,
    };
    if method.is_none() {
        form.fault("method", "支払方法を選んでください。");
    }
    let months: Option<u32> = form.number("due_months", "支払期日の月を選んでください。");
    let day: Option<u32> = match form.is_set("due_day") {
        true => form.number("due_day", "支払期日の日を1から31の数字で入力してください。"),
        false => None,
    };
    if day.is_some_and(|day| !(1..=31).contains(&day)) {
        form.fault("due_day", "支払期日の日を1から31の数字で入力してください。");
    }
    if months.is_some_and(|months| !(1..=2).contains(&months)) {
        form.fault("due_months", "翌月か翌々月を選んでください。");
    }
    let payer_kana = form.typed_if_set("payer_kana", TextForm::PayerKana);
    let due = DueRule { months_after: months?, day };
    Some(Payment { method: method?, due, payer_kana })
}

/// A line, if anything of it was typed; the first must be there.
fn line(app: &App, form: &mut Form, number: usize) -> Option<LineWish> {
    let name = |part: &str| format!("l{number}_{part}");
    let typed =
        ["item", "quantity", "start", "months", "fee"].iter().any(|part| form.is_set(&name(part)));
    if !typed && number > 1 {
        return None;
    }
    let item = form.required(&name("item"), "品目を選んでください。");
    let quantity = count(form, &name("quantity"), "数量を1以上の整数で入力してください。");
    let start = form.day(&name("start"));
    let months = match form.is_set(&name("months")) {
        true => count(form, &name("months"), "最低利用期間を月数で入力してください。"),
        false => None,
    };
    let agreed_fee = if form.is_set(&name("fee")) { form.yen(&name("fee")) } else { None };
    let (item, quantity, start) = (item?, quantity?, start?);
    let Some(service) = service_of(app, &item) else {
        form.fault(&name("item"), "料金表にある品目を選んでください。");
        return None;
    };
    let number = number as u32;
    Some(LineWish { number, service, item, quantity, start, min_term_months: months, agreed_fee })
}

fn count(form: &mut Form, name: &str, what_to_do: &str) -> Option<u32> {
    let count: u32 = form.number(name, what_to_do)?;
    if count == 0 {
        form.fault(name, what_to_do);
        return None;
    }
    Some(count)
}
