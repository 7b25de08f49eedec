//! What the page of the people says of links for passwords and of roles that sleep.

use engine::people::{Member, People};
use maud::{Markup, html};

use super::parts::{self, Chip, Tone};
use super::{App, csrf};
use crate::access::{LetIn, Visitor};
use contract::who::roles::Permission;

/// To whom a link goes, before it is asked for.
pub fn how_links_go(app: &App) -> Markup {
    html! {
        p.note {
            "リンクは本人のメールアドレスにだけ送られ、この画面には表示されません。アドレスがないかメールを送れない場合は、もう一人の管理者が承認し、受け取って本人に渡します。一度だけ使え、"
            (app.door.settings.link_hours) " 時間で切れます。使われると、承認などの二人目となる役割は、別の管理者が本人に確かめるまで休止します。"
        }
    }
}

/// What became of the wish for a link.
pub fn told(app: &App, person: &str, has_address: bool, done: &LetIn) -> Markup {
    let name = app.engine.name_of(person);
    let why = match has_address {
        true => "いまはメールを送れないため、",
        false => "本人のメールアドレスが登録されていないため、",
    };
    match done {
        LetIn::Mailed => html! {
            div.done role="status" { (name) " 本人のメールアドレスにリンクを送りました。" }
        },
        LetIn::Waits(_) => html! {
            div.done role="status" {
                (why) "もう一人の管理者の承認を待っています。承認した管理者が受け取り、"
                (name) " 本人に渡します。"
            }
        },
        LetIn::Handed(link) => html! {
            div.card role="status" {
                p { (name) " 本人に次のリンクを渡してください。" strong { "この画面でしか表示されません。" }
                    "一度だけ使え、" (app.door.settings.link_hours) " 時間で切れます。自分では開かないでください。" }
                p { code { (link) } }
            }
        },
    }
}

/// That roles of somebody sleep, who may not wake them, and the button for whoever may.
pub fn sleeping(app: &App, visitor: &Visitor, people: &People, member: &Member) -> Markup {
    let all = people.roles(&member.id, app.engine.now().day());
    let slept: Vec<_> =
        all.into_iter().filter(|role| engine::people::sleeps_after_link(*role)).collect();
    if !member.is_asleep() || slept.is_empty() {
        return html! {};
    }
    let names: Vec<_> = member.link_of.iter().map(|id| people.name_of(id)).collect();
    let hat = visitor.hats.iter().find(|hat| hat.role.holds(Permission::ManagePeople));
    let wakes = hat.is_some_and(|hat| {
        !hat.stands_for(&member.id) && !member.link_of.iter().any(|id| hat.stands_for(id))
    });
    html! {
        div {
            (parts::chip(Chip("休止中", Tone::Watch)))
            @for role in &slept { " " (super::words::role(*role)) }
        }
        p.note { "リンクでパスワードが設定されました。" (names.join("、")) " 以外の管理者が、本人が設定したことを確かめて再開します。" }
        @if wakes {
            form method="post" action="/people" {
                (csrf::field(visitor.csrf()))
                input type="hidden" name="person" value=(member.id);
                button type="submit" name="what" value="wake" { "本人に確かめたので再開する" }
            }
        }
    }
}
