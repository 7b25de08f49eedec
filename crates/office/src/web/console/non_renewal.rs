//! What happens to a contract, as somebody registers it by hand.

use contract::declare::fact::{Fact, NonRenewalStated};
use contract::ending::renewal::{Side, Statement, no_end_on};
use contract::notices::notice::Channel;
use maud::{Markup, html};

use super::desk_form::local;
use super::desk_form::{Brings, DeskForm, Subject};
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// 13-1b: the contract shall not be extended.
pub struct NonRenewal;

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
            p.note { "当社が延長しないときは、" a href={ (subject.page()) "/decline-renewal" } { "起案" } "し、承認の後に通知が送られます。" }
            p { "決まっている利用期間の末日 " (parts::day(contract.period.to)) "、申出の期限 " (parts::day_or_none(contract.renewal_limit)) }
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
        let (contract, state) = subject.contract();
        let (law, now) = (&app.engine.law, app.engine.now());
        if let Some(expiry) = against.and_then(|day| no_end_on(law, state, now, day)) {
            form.fault(
                "against",
                format!("利用期間の末日ではありません。この日以後で最初の末日は {expiry} です。"),
            );
        }
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
