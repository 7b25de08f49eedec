//! 10-1, 30-2: a change of what is registered arrives, with the day from which it
//! holds.

use contract::ContractStatus;
use contract::declare::fact::Fact;
use contract::declare::ids::ContractId;
use contract::declare::sealed::Sealed;
use contract::registered::parties::{BillTo, DataChange, RegisteredData};
use document::field as reader;
use maud::{Markup, html};
use reckon::Day;

use super::desk_form::local;
use super::desk_form::{Brings, DeskForm, Subject};
use super::new_application as typed;
use super::typed_person;
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// Trade name, head office, representative.
pub struct ChangeCompany;

/// To whom invoices are addressed.
pub struct ChangeBillTo;

/// Under which names money comes.
pub struct ChangePayers;

/// Whom to write to, from a day on.
pub struct ChangeContact;

/// When it was told, and from when it holds.
fn when(app: &App, form: &mut Form) {
    form.set("at", local(app));
    form.set("planned_on", app.engine.now().day());
}

fn when_fields(form: &Form) -> Markup {
    html! {
        (field::moment(form, must("at", "変更届が届いた日時", "")))
        (field::day(form, must("planned_on", "変更日", "この日の始めから、新しい内容になります。先の日でも登録できます。")))
        (field::check(form, may("unplanned", "前もって予定していた変更ではない（5営業日前の期限がない）", "")))
    }
}

fn read_when(app: &App, form: &mut Form) -> Option<(reckon::Moment, Day, bool)> {
    let at = form.past_moment("at", app.engine.now());
    let planned_on = form.day("planned_on");
    Some((at?, planned_on?, form.text("unplanned") == "yes"))
}

fn told(what: RegisteredData, planned_on: Day, unplanned: bool) -> Fact {
    Fact::DataChangeNotified(Box::new(DataChange { what, planned_on, unplanned }))
}

/// The contracts that go on, and what stays as it is.
fn reaches(subject: &Subject, only: Option<&ContractId>, what: &str) -> Markup {
    let going = subject.state.contracts.iter().filter(|(id, contract)| {
        only.is_none_or(|only| only == *id)
            && !matches!(contract.status, ContractStatus::Ended | ContractStatus::Erased)
    });
    let going: Vec<_> = going.map(|(id, _)| id).collect();
    let issued = subject.state.receivables.len();
    html! {
        p { (what) }
        p.note {
            "及ぶ契約："
            @if going.is_empty() { "続いている契約はありません" }
            @for id in going { (parts::id_link("/contracts", &id.0)) " " }
            @if issued > 0 { "　発行済みの請求書（" (issued) " 通）は変わりません。" }
        }
    }
}

impl DeskForm for ChangeCompany {
    const OF: &'static str = "contract";
    const NAME: &'static str = "change-company";
    const TITLE: &'static str = "会社名・住所などの変更";

    fn begin(app: &App, subject: &Subject, form: &mut Form) {
        let (_, contract) = subject.contract();
        when(app, form);
        typed::set_company(form, subject.state.company_on(contract, app.engine.now().day()));
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        html! {
            p.lead { "登録されている会社の内容を、変更日から改めます。法人番号が変わる場合は別の会社としての申込みになります。" (parts::clause("10-1")) }
            (reaches(subject, None, "変更日以後の日付の請求書と、変更日以後に送る通知・受領通知・消去証明書の宛名が変わります。請求先を別に登録している契約の請求書は、その請求先のままです。"))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::group("変更後の内容", typed::company_fields(form)))
            (field::group("変更届", when_fields(form)))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let company = typed::company(form);
        let (at, planned_on, unplanned) = read_when(app, form)?;
        let company = company?;
        let (_, contract) = subject.contract();
        if company.corporate_number != contract.form.applicant.corporate_number {
            form.fault("corporate_number", "法人番号は変えられません。別の法人番号は別の会社です。新しい申込みとして登録してください（5-1）。");
            return None;
        }
        let what = RegisteredData::Company { company };
        Some(Brings::fact(told(what, planned_on, unplanned), at))
    }
}

impl DeskForm for ChangeBillTo {
    const OF: &'static str = "contract";
    const NAME: &'static str = "change-bill-to";
    const TITLE: &'static str = "請求先の変更";

    fn begin(app: &App, subject: &Subject, form: &mut Form) {
        let (id, _) = subject.contract();
        when(app, form);
        form.set("of", "this");
        form.set("whom", "other");
        let now = subject.state.parties.bill_to_on(&id, app.engine.now().day());
        if let Some(to) = now {
            form.set("name", &to.name);
            form.set("department", &to.department);
            form.set("postal_code", &to.postal_code);
            form.set("address", &to.address);
        }
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        html! {
            p.lead { "請求書の宛名と住所を、変更日から改めます。契約者と支払いの義務は変わりません。" (parts::clause("10-1")) }
            (reaches(subject, None, "変更日以後の日付の請求書の宛名が変わります。この契約だけの請求先にすると、この契約の請求書は別に発行されます。"))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        let of = [("this", html! { "この契約だけ" }), ("all", html! { "すべての契約" })];
        let whom = [
            ("other", html! { "次の請求先に送る" }),
            ("customer", html! { "契約者に戻す（次の欄は空でかまいません）" }),
        ];
        html! {
            (field::radios(form, must("of", "どの契約の請求書か", ""), &of))
            (field::radios(form, must("whom", "宛先", ""), &whom))
            (field::group("請求先", html! {
                (field::text(form, may("name", "会社・組織の名前", "")))
                (field::text(form, may("department", "部署", "")))
                (field::text(form, may("postal_code", "郵便番号", "例 100-0001")))
                (field::text(form, may("address", "住所", "都道府県から")))
            }))
            (field::group("変更届", when_fields(form)))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let contract = match form.text("of") {
            "this" => Some(subject.contract().0),
            "all" => None,
            _ => {
                form.fault("of", "どの契約の請求書かを選んでください。");
                None
            }
        };
        let to = match form.text("whom") {
            "customer" => Some(None),
            "other" => bill_to(form).map(Some),
            _ => {
                form.fault("whom", "宛先を選んでください。");
                None
            }
        };
        let (at, planned_on, unplanned) = read_when(app, form)?;
        let what = RegisteredData::BillTo { contract, to: to? };
        Some(Brings::fact(told(what, planned_on, unplanned), at))
    }
}

fn bill_to(form: &mut Form) -> Option<BillTo> {
    let name = form.required("name", "請求先の名前を入力してください。");
    let code = "郵便番号を 100-0001 のように入力してください。";
    let postal_code = form.read("postal_code", reader::postal_code, code);
    let address = form.required("address", "住所を都道府県から入力してください。");
    let department = form.text("department").to_owned();
    Some(BillTo { name: name?, department, postal_code: postal_code?, address: address? })
}

impl DeskForm for ChangePayers {
    const OF: &'static str = "contract";
    const NAME: &'static str = "change-payers";
    const TITLE: &'static str = "振込名義の変更";

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        when(app, form);
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        html! {
            p.lead { "この名義の入金を、この契約者からのものとして消し込みます。これまでの名義も引き続き見分けます。" (parts::clause("10-1")) }
            (reaches(subject, None, "変更日以後に読み込む入金ファイルの照合に使います。書類や宛先は変わりません。"))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::text(form, must("payer1", "振込名義カナ", "銀行の明細に出るとおり。例 ｶ)ｱｵﾊﾞｼｮｳｼﾞ")))
            (field::text(form, may("payer2", "振込名義カナ（ほかにもあれば）", "")))
            (field::text(form, may("payer3", "振込名義カナ（ほかにもあれば）", "")))
            (field::group("変更届", when_fields(form)))
        }
    }

    fn read(app: &App, _: &Subject, form: &mut Form) -> Option<Brings> {
        let kana = "振込名義を ｶ)ｱﾙﾌｱ のように、銀行の振込に使える文字で入力してください。";
        let first = form.read("payer1", reader::payer_kana, kana);
        let more =
            ["payer2", "payer3"].map(|name| form.read_if_set(name, reader::payer_kana, kana));
        let (at, planned_on, unplanned) = read_when(app, form)?;
        let names = std::iter::once(first?).chain(more.into_iter().flatten()).collect();
        let what = RegisteredData::Payers { names };
        Some(Brings::fact(told(what, planned_on, unplanned), at))
    }
}

impl DeskForm for ChangeContact {
    const OF: &'static str = "contract";
    const NAME: &'static str = "change-contact";
    const TITLE: &'static str = "連絡先の変更（変更日を決める）";
    const PEOPLE: bool = true;

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        when(app, form);
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        let (id, _) = subject.contract();
        html! {
            p.lead { "変更日からの連絡先です。利用責任者の変更は、5営業日前の期限によらず速やかに知らせてもらいます。" (parts::clauses(&["10-1", "30-2"])) }
            (reaches(subject, Some(&id), "変更日以後に送るメールの宛先が変わります。請求書は請求先の担当者に、ほかの通知は利用責任者に送ります。氏名などは暗号化して保存し、記録には残しません。"))
            (typed_person::now(&subject.people))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::group("新しい連絡先", typed_person::fields(form)))
            (field::group("変更届", when_fields(form)))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let person = typed_person::read(form);
        let (at, planned_on, unplanned) = read_when(app, form)?;
        let person = person?;
        let what = RegisteredData::Contact {
            contract: subject.contract().0,
            role: person.role,
            person: Sealed::Open(person),
            kept: None,
        };
        Some(Brings::fact(told(what, planned_on, unplanned), at))
    }
}
