//! What happens to a contract, as somebody registers it by hand.

use contract::declare::fact::{
    Fact, MaterialDisposed, NonRenewalStated, ServiceStarted, UpstreamResumed, UpstreamSuspended,
};
use contract::ending::renewal::{Side, Statement};
use contract::notices::notice::Channel;
use contract::{LineState, Provision};
use maud::{Markup, html};
use reckon::{Day, Moment};

use super::application_steps::{confirm, local};
use super::desk_form::{Brings, DeskForm, Subject};
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts, words};

/// The use of a line began (14-1).
pub struct Started;

/// 13-1b: the contract shall not be extended.
pub struct NonRenewal;

/// 19-1: the customer has given back or destroyed what it was lent.
pub struct Disposed;

/// The upstream was stopped, or runs again.
pub struct Upstream;

impl DeskForm for Started {
    const OF: &'static str = "contract";
    const NAME: &'static str = "start";
    const TITLE: &'static str = "利用開始の登録";

    fn begin(app: &App, subject: &Subject, form: &mut Form) {
        form.set("on", app.engine.now().day());
        if let Some(line) = waiting(subject).next() {
            form.set("line", line.number);
        }
    }

    fn about(_: &App, _: &Subject) -> Markup {
        html! {
            p.lead { "明細の利用が始まった日を登録します。最低利用期間と料金は、この日から数えます。" (parts::clause("14-1")) }
            p.note { "契約が成立する前の利用開始には、効力がありません。" (parts::clauses(&["1-1", "9-1"])) }
        }
    }

    fn fields(app: &App, subject: &Subject, form: &Form) -> Markup {
        let lines: Vec<_> = waiting(subject)
            .map(|line| {
                (line.number.to_string(), format!("{}　{}", line.number, app.item_name(&line.item)))
            })
            .collect();
        html! {
            @if lines.is_empty() { p.empty { "利用開始を待っている明細はありません。" } }
            @else { (field::choice(form, must("line", "明細", ""), &lines)) }
            (field::day(form, must("on", "利用開始日", "")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let line: Option<u32> = form.number("line", "明細を選んでください。");
        let on = past_day(app, form, "on");
        let (contract, _) = subject.contract();
        let (line, on) = (line?, on?);
        if !waiting(subject).any(|waiting| waiting.number == line) {
            form.fault("line", "この明細は利用開始を待っていません。ほかの明細を選んでください。");
            return None;
        }
        Some(Brings::fact(
            Fact::ServiceStarted(ServiceStarted { contract, line, on }),
            morning(app, on),
        ))
    }
}

fn waiting(subject: &Subject) -> impl Iterator<Item = &LineState> {
    subject.contract().1.lines.iter().filter(|line| line.started_on.is_none())
}

/// A day that is not to come.
pub fn past_day(app: &App, form: &mut Form, name: &str) -> Option<Day> {
    let day = form.day(name)?;
    let today = app.engine.now().day();
    if day > today {
        form.fault(name, format!("今日（{today}）より後の日です。起きた日を入力してください。"));
        return None;
    }
    Some(day)
}

/// What is known by its day only stands at nine in the morning.
pub fn morning(app: &App, on: Day) -> Moment {
    Moment::start_of(on).plus_seconds(9 * 3600).min(app.engine.now())
}

impl DeskForm for NonRenewal {
    const OF: &'static str = "contract";
    const NAME: &'static str = "non-renewal";
    const TITLE: &'static str = "更新しない旨の申出";

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("channel", "paper");
        form.set("at", local(app));
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        let (_, contract) = subject.contract();
        html! {
            p.lead { "契約者から届いた、利用期間を自動で延長しない旨の申出です。期限までに届けば、その期間の末日で契約が終わります。" (parts::clause("13-1b")) }
            p.note { "当社が延長しないときは、" a href={ (subject.page()) "/propose" } { "起案" } "し、承認の後に通知が送られます。" }
            p { "今の期間の末日 " (parts::day(contract.period.to)) "、申出の期限 " (parts::day_or_none(contract.renewal_limit)) }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::choice(form, must("channel", "方法", "方式は問いません（A-14）。"), &channels()))
            (field::moment(form, must("at", "届いた日時", "")))
            (field::day(form, may("against", "どの末日での終了か", "空なら、期限に間に合う最初の末日です。")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let channel = channel(form, "channel");
        let at = form.past_moment("at", app.engine.now());
        let against = form.day_if_set("against");
        let (contract, _) = subject.contract();
        let (by, channel, at) = (Side::Customer, channel?, at?);
        let statement = Statement { by, channel, sent_at: at, arrived_at: Some(at), against };
        Some(Brings::fact(Fact::NonRenewalStated(NonRenewalStated { contract, statement }), at))
    }
}

const CHANNELS: [(&str, &str, Channel); 4] = [
    ("paper", "書面", Channel::Paper),
    ("email", "電子メール", Channel::Email),
    ("portal", "ポータル", Channel::Portal),
    ("other", "その他（口頭など）", Channel::Other),
];

pub fn channels() -> Vec<(&'static str, String)> {
    CHANNELS.iter().map(|(key, words, _)| (*key, (*words).to_owned())).collect()
}

pub fn channel(form: &mut Form, name: &str) -> Option<Channel> {
    let found = CHANNELS.iter().find(|(key, _, _)| *key == form.text(name));
    if found.is_none() {
        form.fault(name, "方法を選んでください。");
    }
    found.map(|(_, _, channel)| *channel)
}

impl DeskForm for Disposed {
    const OF: &'static str = "contract";
    const NAME: &'static str = "disposed";
    const TITLE: &'static str = "貸与資料等の返還・廃棄の確認";

    fn begin(app: &App, _: &Subject, form: &mut Form) {
        form.set("on", app.engine.now().day());
    }

    fn about(_: &App, _: &Subject) -> Markup {
        html! { p.lead { "契約者が、貸与した資料等とその複製を返還または廃棄したことを登録します。この契約の返還・廃棄の確認の作業が終わります。" (parts::clause("19-1")) } }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::day(form, must("on", "返還・廃棄の日", "")))
            (field::text(form, must("document", "確認した書面", "契約者からの連絡など、あとで探せる名前。")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let on = past_day(app, form, "on");
        let document = form.required("document", "確認した書面の番号を入力してください。");
        let (contract, _) = subject.contract();
        let (on, document) = (on?, document?);
        Some(Brings::fact(
            Fact::MaterialDisposed(MaterialDisposed { contract, on, document }),
            morning(app, on),
        ))
    }
}

impl DeskForm for Upstream {
    const OF: &'static str = "contract";
    const NAME: &'static str = "upstream";
    const TITLE: &'static str = "クラウドの停止・再開の登録";

    fn begin(app: &App, subject: &Subject, form: &mut Form) {
        let running = subject.contract().1.provision == Provision::InService;
        form.set("what", if running { "suspended" } else { "resumed" });
        form.set("at", local(app));
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        let (_, contract) = subject.contract();
        let tasks = subject.state.tasks.iter().filter(|task| task.about == subject.id);
        html! {
            p.lead { "クラウドの側で停止または再開の作業を終えてから登録します。停止の間も料金は発生します。" (parts::clause("24-3")) }
            p { "今の提供：" (parts::chip(words::provision(&words::word(&contract.provision)))) }
            ul { @for task in tasks { li { "残っている作業：" (words::task(task.task)) } } }
            h2 { "作業の確認" }
            ol.steps {
                li { "契約番号と、上流のテナントの番号が一致している。" }
                li { "停止または再開の指示（承認済みの起案）がある。" }
                li { "クラウドの管理画面で状態が変わったことを見た。" }
            }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        let whats = [("suspended", "停止した".to_owned()), ("resumed", "再開した".to_owned())];
        html! {
            (field::choice(form, must("what", "何をしたか", ""), &whats))
            (field::moment(form, must("at", "作業を終えた日時", "")))
            (field::check(form, must("checked", "上の三つを確認しました", "")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let (contract, _) = subject.contract();
        let fact = match form.text("what") {
            "suspended" => Some(Fact::UpstreamSuspended(UpstreamSuspended { contract })),
            "resumed" => Some(Fact::UpstreamResumed(UpstreamResumed { contract })),
            _ => None,
        };
        if fact.is_none() {
            form.fault("what", "停止か再開かを選んでください。");
        }
        let at = form.past_moment("at", app.engine.now());
        confirm(form, "checked")?;
        Some(Brings::fact(fact?, at?))
    }
}
