//! Acts on a contract: proposed by one person and approved by another, or done at
//! once where the terms need no second person.

use contract::declare::act::{
    self, Act, ConfirmErasure, DeclineRenewal, OrderErasure, Suspend, Terminate,
};
use contract::{ContractStatus, OpenRight};
use maud::{Markup, html};
use reckon::{Day, Month};

use super::application_steps::confirm;
use super::desk_form::{Brings, DeskForm, Subject, Why};
use crate::web::field::{self, may, must};
use crate::web::form::Form;
use crate::web::{App, parts, words};

/// Puts a suspension or termination on an open right, or that the contract is not
/// extended, before a second person.
pub struct Propose;

/// the service runs again.
pub struct Resume;

/// 19-2: what the contract left is erased, in two steps by two persons.
pub struct Erase;

impl DeskForm for Propose {
    const OF: &'static str = "contract";
    const NAME: &'static str = "propose";
    const TITLE: &'static str = "提供停止・解除・更新しないことの起案";
    const VERB: &'static str = "起案する";
    const WHY: Why = Why::Owed;

    fn begin(app: &App, subject: &Subject, form: &mut Form) {
        if let [only] = choices(subject).as_slice() {
            form.set("what", only.key());
        }
        // 16-2: a day by which what is unpaid shall be paid.
        form.set("payable_by", Month::of(app.engine.now().day()).plus(1).last_day());
    }

    fn about(app: &App, subject: &Subject) -> Markup {
        html! {
            p.lead { "生じている権利にもとづく停止や解除を、承認する人に諮ります。起案しただけでは何も起こりません。" }
            @if choices(subject).is_empty() { p.empty { "この契約には、いま使える権利がありません。" } }
            ul { @for Choice { right, .. } in choices(subject) {
                li { (words::right(&right.right)) " " (parts::clause(&right.right)) " " (parts::day(right.from)) " から：" (parts::about(&right.about, app.prefix())) }
            } }
        }
    }

    fn fields(_: &App, subject: &Subject, form: &Form) -> Markup {
        let mut options: Vec<_> = choices(subject)
            .into_iter()
            .map(|choice| {
                let words = format!(
                    "{}（{}、{} から）",
                    if choice.stops { "提供の停止" } else { "契約の解除" },
                    choice.right.right,
                    choice.right.from
                );
                (choice.key(), html! { (words) })
            })
            .collect();
        if let Some(expiry) = not_extended(subject) {
            let words = format!("更新しないことの通知（13-1b、{expiry} で終了）");
            options.push((EXPIRY.to_owned(), html! { (words) }));
        }
        html! {
            (field::radios(form, must("what", "何を起案するか", ""), &options))
            (field::day(form, may("payable_by", "解除の場合：未払いの支払期日", "解除の通知に書く期日です（16-2）。")))
            (field::day(form, may("on", "解除の場合：効力の日", "空なら通知の時に効力が生じます。")))
        }
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        let (contract, _) = subject.contract();
        if let Some(against) = not_extended(subject).filter(|_| form.text("what") == EXPIRY) {
            let act = Act::DeclineRenewal(DeclineRenewal { contract, against });
            return Some(Brings::act(app, Act::Propose(act::Propose { act: Box::new(act) })));
        }
        let chosen = choices(subject).into_iter().find(|choice| choice.key() == form.text("what"));
        if chosen.is_none() {
            form.fault("what", "どの権利を使うかを選んでください。");
        }
        let payable_by = form.day_if_set("payable_by");
        let on = form.day_if_set("on");
        let Choice { right, stops } = chosen?;
        let (ground, proposed_by) = (right.right.clone(), String::new());
        let act = match stops {
            true => Act::Suspend(Suspend { contract, ground, proposed_by }),
            false => {
                let Some(payable_by) = payable_by else {
                    form.fault("payable_by", "解除には、未払いの支払期日を入力してください。");
                    return None;
                };
                Act::Terminate(Terminate { contract, ground, proposed_by, on, payable_by })
            }
        };
        Some(Brings::act(app, Act::Propose(act::Propose { act: Box::new(act) })))
    }
}

const EXPIRY: &str = "expiry";

/// 13-1b: the day on which the contract ends if the provider does not extend it.
fn not_extended(subject: &Subject) -> Option<Day> {
    let (_, contract) = subject.contract();
    let over = matches!(
        contract.status,
        ContractStatus::Ended | ContractStatus::Erased | ContractStatus::ExpiryScheduled
    );
    (!over).then_some(contract.period.to)
}

/// What may be proposed: a right, and whether to stop or to end.
struct Choice<'a> {
    right: &'a OpenRight,
    stops: bool,
}

fn choices(subject: &Subject) -> Vec<Choice<'_>> {
    let id = contract::declare::ids::ContractId(subject.id.clone());
    let mut choices = Vec::new();
    for right in &subject.state.rights {
        let concerns = right.about == subject.id
            || subject
                .state
                .receivables
                .get(&right.about)
                .is_some_and(|r| r.invoice.contracts().contains(&&id));
        if !concerns {
            continue;
        }
        choices.push(Choice { right, stops: true });
        if right.right.starts_with("16-1") {
            choices.push(Choice { right, stops: false });
        }
    }
    let mut seen = Vec::new();
    choices.retain(|choice| {
        let known = seen.contains(&choice.key());
        seen.push(choice.key());
        !known
    });
    choices
}

impl Choice<'_> {
    fn key(&self) -> String {
        format!("{}:{}", if self.stops { "suspend" } else { "terminate" }, self.right.right)
    }
}

impl DeskForm for Resume {
    const OF: &'static str = "contract";
    const NAME: &'static str = "resume";
    const TITLE: &'static str = "提供再開の指示";
    const VERB: &'static str = "再開を指示する";

    fn about(_: &App, subject: &Subject) -> Markup {
        let (_, contract) = subject.contract();
        html! {
            p.lead { "停止の事由がなくなった時などに、提供の再開を指示します。クラウドでの作業は運用の人が行います。" }
            p { "今の提供：" (parts::chip(words::provision(&words::word(&contract.provision)))) }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        field::check(form, must("sure", "再開してよいことを確認しました", ""))
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        confirm(form, "sure")?;
        let (contract, _) = subject.contract();
        Some(Brings::act(app, Act::Resume(act::Resume { contract })))
    }
}

impl DeskForm for Erase {
    const OF: &'static str = "contract";
    const NAME: &'static str = "erase";
    const TITLE: &'static str = "契約者の資料の消去";
    const VERB: &'static str = "進める";
    const WHY: Why = Why::Owed;

    fn about(app: &App, subject: &Subject) -> Markup {
        let (_, contract) = subject.contract();
        html! {
            p.lead { "終わった契約の連絡先や利用明細を、鍵ごと消去します。元には戻せません。" (parts::clause("19-2")) }
            p.note { "請求書・会計・契約の記録は、法定の期間は残ります。" }
            @match (&contract.erasure_ordered_by, contract.status) {
                (_, ContractStatus::Erased) => p { "この契約の資料は消去済みです。" },
                (None, _) => p { b { "1. 指示" } "　ここで指示し、別の人が承認すると消去されます。" },
                (Some(person), _) => p { b { "2. 承認" } "　" (app.engine.name_of(person)) " が指示しました。別の人の承認で消去されます。" },
            }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        field::check(form, must("sure", "元に戻せないことを確認しました", ""))
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        confirm(form, "sure")?;
        let (contract, state) = subject.contract();
        let act = match state.erasure_ordered_by {
            None => Act::OrderErasure(OrderErasure { contract }),
            Some(_) => Act::ConfirmErasure(ConfirmErasure { contract }),
        };
        Some(Brings::act(app, act))
    }
}
