//! Judged grounds to terminate: how one is found, what it waits for, how it goes away.

use contract::declare::fact::{self, CureDemanded, Fact, InsolvencyReleased, JudgementRecorded};
use maud::{Markup, html};
use terms::Pack;

use super::application_steps::local;
use super::contract_steps::past_day;
use super::desk_form::{Brings, DeskForm, Subject, Why};
use crate::web::field::{self, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// A ground that a person found, with the document that shows it.
pub struct Judgement;

/// 16-1(7): the customer was asked to correct a breach.
pub struct CureDemand;

/// A judged ground is gone.
pub struct GroundLifted;

/// legal lets the rights be used after an insolvency.
pub struct InsolvencyRelease;

/// Items of 16-1 that a person judges; arrears show in the ledger.
fn grounds() -> Vec<(String, String)> {
    let rows = Pack::bundled().lists["16-1"].rows.iter().filter(|row| row.effect.is_judged());
    rows.map(|row| (row.clause.clone(), row.clause.clone())).collect()
}

/// 32-3b opens no right: it lets usage be waived.
fn fault() -> (String, String) {
    ("32-3b".to_owned(), "32-3b 当社の故意・過失による第三者の利用".to_owned())
}

fn document(form: &Form) -> Markup {
    field::text(form, must("document", "裏付けの文書", "文書番号など、あとで探せる名前。"))
}

fn read_document(form: &mut Form) -> Option<String> {
    form.required("document", "裏付けの文書の番号を入力してください。")
}

impl DeskForm for Judgement {
    const OF: &'static str = "contract";
    const NAME: &'static str = "judgement";
    const TITLE: &'static str = "解除の事由の記録";
    const WHY: Why = Why::Owed;

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("at", local(app));
    }

    fn about(_: &App, _: &Subject) -> Markup {
        html! {
            p.lead { "人が確かめた事由を、裏付けとなる文書とともに記録します。解除の権利が生じますが、使うかどうかは別の手続で人が決めます。" (parts::clause("16-1")) }
            p { "契約違反（16-1(7)）の権利は、是正の催告を登録し、その日数が過ぎてから生じます。倒産手続の申立て等（16-1(5)）を記録すると、法務が制限を解除するまで、この契約の停止も解除もできません（A-91）。" }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        let grounds: Vec<_> = grounds().into_iter().chain([fault()]).collect();
        html! {
            (field::choice(form, must("clause", "事由", "未払い（16-1(2)）は請求と入金から自動で分かります。"), &grounds))
            (document(form))
            (field::moment(form, must("at", "生じた日時", "")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let clause = form.required("clause", "事由を選んでください。");
        let document = read_document(form);
        let at = form.past_moment("at", app.engine.now());
        let about = subject.id.clone();
        Some(Brings::fact(
            Fact::JudgementRecorded(JudgementRecorded {
                clause: clause?,
                about,
                document: document?,
            }),
            at?,
        ))
    }
}

impl DeskForm for CureDemand {
    const OF: &'static str = "contract";
    const NAME: &'static str = "cure-demand";
    const TITLE: &'static str = "是正の催告の登録";
    const WHY: Why = Why::Owed;

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("on", app.engine.now().day());
        form.set("days", 14);
    }

    fn about(_: &App, _: &Subject) -> Markup {
        html! { p.lead { "契約違反の是正を求める書面が届いた日と、是正のための日数を登録します。日数が過ぎても是正されなければ、解除の権利が生じます。書面は、この画面からは送られません。" (parts::clause("16-1(7)")) } }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::day(form, must("on", "催告が届いた日", "初日は数えません。")))
            (field::number(form, must("days", "是正のための日数", "書面に書いた日数。14日が目安です（A-29）。")))
            (document(form))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let effective_on = past_day(app, form, "on");
        let cure_days: Option<u32> = form.number("days", "日数を数字で入力してください。");
        let document = read_document(form);
        let (contract, _) = subject.contract();
        let (effective_on, cure_days, document) = (effective_on?, cure_days?, document?);
        let fact = Fact::CureDemanded(CureDemanded { contract, effective_on, cure_days, document });
        Some(Brings::fact(fact, app.engine.now()))
    }
}

impl DeskForm for GroundLifted {
    const OF: &'static str = "contract";
    const NAME: &'static str = "ground-lifted";
    const TITLE: &'static str = "事由の解消の記録";
    const WHY: Why = Why::Owed;

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("at", local(app));
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        let rights = subject.state.rights.iter().filter(|right| right.about == subject.id);
        html! {
            p.lead { "記録した事由がなくなったこと（是正された、差押えが解かれたなど）を登録します。その事由による権利は終わり、停止中なら再開の作業が求められます。" (parts::clause("12-3")) }
            ul { @for right in rights { li { "生じている権利：" (right.right) } } }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::choice(form, must("clause", "解消した事由", ""), &grounds()))
            (document(form))
            (field::moment(form, must("at", "解消した日時", "")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let clause = form.required("clause", "事由を選んでください。");
        let document = read_document(form);
        let at = form.past_moment("at", app.engine.now());
        let (contract, _) = subject.contract();
        let fact = Fact::GroundLifted(fact::GroundLifted {
            clause: clause?,
            contract,
            document: document?,
        });
        Some(Brings::fact(fact, at?))
    }
}

impl DeskForm for InsolvencyRelease {
    const OF: &'static str = "contract";
    const NAME: &'static str = "insolvency-release";
    const TITLE: &'static str = "倒産手続による制限の解除";
    const WHY: Why = Why::Owed;

    fn about(_: &App, subject: &Subject) -> Markup {
        let locked = subject.contract().1.locked_by_insolvency;
        html! {
            @if locked {
                p.lead { "倒産手続の申立て等の記録により、停止と解除が制限されています。法務が権利を使ってよいと確かめたら登録します。" (parts::clause("16-1(5)")) }
            } @else {
                p.empty { "今、この契約に制限はありません。" }
            }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        document(form)
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let document = read_document(form)?;
        let (contract, _) = subject.contract();
        Some(Brings::fact(
            Fact::InsolvencyReleased(InsolvencyReleased { contract, document }),
            app.engine.now(),
        ))
    }
}
