//! What is done to an application: paper arrived, accepted or refused, withdrawn.

use contract::application::receiving::Wish;
use contract::declare::act::{AcceptApplication, Act, RefuseApplication};
use contract::declare::fact::{ApplicationWithdrawn, ContactChanged, Fact, PaperFormReceived};
use contract::{ApplicationStatus, PersonRole};
use maud::{Markup, html};
use reckon::Yen;
use terms::Pack;

use super::desk_form::{Brings, DeskForm, How, Subject, Why};
use super::typed_person;
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// 9-2b: the paper that follows an application mail.
pub struct PaperArrived;

/// 9-3: the acceptance mail goes out.
pub struct Accept;

/// 9-3b, 9-10.
pub struct Refuse;

/// The applicant takes the application back.
pub struct Withdraw;

/// 10-1, 30-2: another person to write to.
pub struct Contact;

impl DeskForm for PaperArrived {
    const OF: &'static str = "application";
    const NAME: &'static str = "paper";
    const TITLE: &'static str = "紙の申込書の到着";

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("at", local(app));
    }

    fn about(_: &App, _: &Subject) -> Markup {
        html! { p.lead { "メールでの申込みのあとに届いた紙の申込書を登録します。契約の成立には影響しません。" (parts::clause("9-2b")) } }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        field::moment(form, must("at", "届いた日時", "受領印の日時です。"))
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let at = form.past_moment("at", app.engine.now())?;
        let (application, _) = subject.application();
        Some(Brings::fact(Fact::PaperFormReceived(PaperFormReceived { application }), at))
    }
}

impl DeskForm for Accept {
    const OF: &'static str = "application";
    const NAME: &'static str = "accept";
    const TITLE: &'static str = "申込の承諾";
    const VERB: &'static str = "承諾して承諾メールを送る";

    fn about(app: &App, subject: &Subject) -> Markup {
        html! {
            p.lead { "承諾すると承諾メールが利用責任者に送られます。契約は、そのメールを送信した時に成立します。" (parts::clauses(&["9-3", "9-4", "30-1"])) }
            p.note { "申込を登録した人は承諾できません。" }
            (grounds(subject))
            (what(app, subject))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        field::check(form, must("seen_all", "申込の内容と、上に挙げた事由を確認しました", ""))
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        confirm(form, "seen_all")?;
        let (application, _) = subject.application();
        Some(Brings::act(app, Act::AcceptApplication(AcceptApplication { application })))
    }
}

impl DeskForm for Refuse {
    const OF: &'static str = "application";
    const NAME: &'static str = "refuse";
    const TITLE: &'static str = "申込の不承諾";
    const VERB: &'static str = "承諾せず、通知を送る";
    const WHY: Why = Why::Owed;

    fn about(_: &App, subject: &Subject) -> Markup {
        html! {
            p.lead { "承諾しないことを申込者に通知します。通知には事由を書きません。" (parts::clause("9-3b")) "　不適当を理由にできるのは法務だけです。" (parts::clause("9-10(5)")) }
            (grounds(subject))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        field::choice(
            form,
            must("ground", "事由", "9-10 の各号。9-10(5) は法務だけが使えます。"),
            &ground_options(),
        )
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let ground = form.required("ground", "事由を選んでください。")?;
        let (application, _) = subject.application();
        Some(Brings::act(app, Act::RefuseApplication(RefuseApplication { application, ground })))
    }
}

impl DeskForm for Withdraw {
    const OF: &'static str = "application";
    const NAME: &'static str = "withdraw";
    const TITLE: &'static str = "申込の撤回";

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("at", local(app));
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        let application = subject.application().1;
        let formed = application.status == ApplicationStatus::Formed;
        html! {
            @if formed {
                p.lead { "契約が成立したあとの撤回です。準備に要した費用があれば、契約者に請求します。" (parts::clause("9-9")) }
                p {
                    @match &application.content.wish {
                        Wish::Change { from, .. } => { "変更日（" (parts::day(*from)) "）以後に届いた撤回には効力がなく、費用も請求しません。" }
                        _ => { "利用開始の後に届いた撤回には効力がなく、費用も請求しません。" }
                    }
                    "届いたことは記録に残り、警告が出ます。"
                }
            } @else {
                p.lead { "契約が成立する前の撤回です。費用はかかりません。" }
            }
        }
    }

    fn fields(_: &App, subject: &Subject, form: &Form) -> Markup {
        let formed = subject.application().1.status == ApplicationStatus::Formed;
        html! {
            (field::moment(form, must("at", "撤回が届いた日時", "")))
            @if formed {
                (field::number(form, may("cost", "準備等に要した費用（税抜、円）", "費用がなければ空のままにします。")))
            }
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let at = form.past_moment("at", app.engine.now());
        let cost: Option<Yen> = if form.is_set("cost") { form.yen("cost") } else { None };
        let (application, _) = subject.application();
        let costs = cost.into_iter().collect();
        Some(Brings::fact(
            Fact::ApplicationWithdrawn(ApplicationWithdrawn { application, costs }),
            at?,
        ))
    }
}

impl DeskForm for Contact {
    const OF: &'static str = "application";
    const NAME: &'static str = "contact";
    const TITLE: &'static str = "連絡先の変更";

    fn about(_: &App, _: &Subject) -> Markup {
        html! { p.lead { "これから送る通知の宛先が変わります。すでに送ったものは変わりません。" (parts::clauses(&["10-1", "10-2"])) } }
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
            person: contract::declare::ids::PersonId(String::new()),
            kept: None,
        });
        let brings = Brings::fact(fact, app.engine.now());
        Some(Brings { how: How::Person(person), ..brings })
    }
}

/// The moment now, as fields of the browser have it.
pub fn local(app: &App) -> String {
    app.engine.now().japan().strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A box that has to be ticked.
pub fn confirm(form: &mut Form, name: &str) -> Option<()> {
    if form.text(name) == "yes" {
        return Some(());
    }
    form.fault(name, "確認した上で、チェックを入れてください。");
    None
}

/// 9-10 in its items.
fn ground_options() -> Vec<(String, String)> {
    let rows = Pack::bundled().lists["9-10"].rows.iter();
    rows.map(|row| (row.clause.clone(), format!("{} {}", row.clause, row.ja))).collect()
}

/// What may speak against acceptance; a person decides (9-10).
fn grounds(subject: &Subject) -> Markup {
    let grounds = &subject.application().1.grounds;
    html! {
        @if grounds.is_empty() {
            p { "承諾しないことができる事由は、記録からは見つかっていません。" }
        } @else {
            p { "承諾しないことができる事由があります：" (parts::clauses(grounds)) }
        }
    }
}

fn what(app: &App, subject: &Subject) -> Markup {
    let (_, application) = subject.application();
    let roles = [PersonRole::ResponsiblePerson.key(), PersonRole::Billing.key()];
    let named = roles.iter().filter(|role| application.content.people.contains_key(*role)).count();
    html! {
        @match &application.content.wish {
            Wish::New { form } => p { "利用期間 " (parts::day(form.period.from)) " 〜 " (parts::day(form.period.to)) "、明細 " (form.lines.len()) " 件、連絡先 " (named) " 人。 " a href=(subject.page()) { "申込の内容を見る" } },
            Wish::Faulty { .. } => p { "不備のある申込書です。承諾はできません。" },
            Wish::Change { from, changes, .. } => p { (parts::day(*from)) " からの変更 " (changes.len()) " 件。 " a href=(subject.page()) { "申込の内容を見る" } },
        }
        @for ground in &application.grounds { (ground_note(app, ground)) }
    }
}

fn ground_note(app: &App, ground: &str) -> Markup {
    let clause = app.engine.pack.clauses.get(ground);
    html! { @if let Some(clause) = clause { p.note { (ground) "：" (clause.ja) } } }
}
