//! A contract that was taken over from an earlier book: somebody compares it with
//! its papers and clears the mark "unverified".

use contract::declare::act::{Act, VerifyTakeover};
use maud::{Markup, html};

use super::desk_form::confirm;
use super::desk_form::{Brings, DeskForm, Subject};
use crate::web::field::{self, must};
use crate::web::form::Form;
use crate::web::{App, parts};

pub struct Verify;

impl DeskForm for Verify {
    const OF: &'static str = "contract";
    const NAME: &'static str = "verify";
    const TITLE: &'static str = "引き継いだ契約の確認";
    const VERB: &'static str = "「未確認」を外す";

    fn about(app: &App, subject: &Subject) -> Markup {
        let (_, contract) = subject.contract();
        html! {
            p.lead { "これまでの台帳から引き継いだ内容を、契約書と照らし合わせて確認します。引き継いだ人とは別の人が行います。" }
            @match &contract.taken_over {
                None => p.empty { "引き継いだ契約ではありません。" },
                Some(taken) => (parts::list(&[
                    ("これまでの番号", html! { (taken.number) }),
                    ("引き継いだ人", parts::person(app.engine.name_of(&taken.by))),
                    ("利用期間", html! { (parts::day(contract.period.from)) " 〜 " (parts::day(contract.period.to)) }),
                    ("更新申出期限", parts::day_or_none(contract.renewal_limit)),
                    ("明細", html! { (contract.lines.len()) " 件" }),
                    ("個別合意", html! { (contract.agreements.len()) " 件" }),
                ])),
            }
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        field::check(
            form,
            must("compared", "契約書と照らし合わせ、内容が一致していることを確認しました", ""),
        )
    }

    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings> {
        confirm(form, "compared")?;
        let (contract, _) = subject.contract();
        Some(Brings::act(app, Act::VerifyTakeover(VerifyTakeover { contract })))
    }
}
