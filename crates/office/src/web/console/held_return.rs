//! 24-2: money held was transferred back to the customer.

use contract::declare::fact::{Fact, HeldReturned};
use maud::{Markup, html};

use super::desk_form::{Brings, DeskForm, Subject};
use crate::web::bring::morning;
use crate::web::field::{self, must};
use crate::web::form::Form;
use crate::web::{App, parts};

/// The transfer that ends an approved return (仮受金の返還).
pub struct ReturnHeld;

impl DeskForm for ReturnHeld {
    const OF: &'static str = "contract";
    const NAME: &'static str = "held-returned";
    const TITLE: &'static str = "仮受金の返還の実施";

    fn begin(app: &App, subject: &Subject, form: &mut Form) {
        form.set("on", app.engine.now().day());
        if subject.state.to_return.is_positive() {
            form.set("amount", subject.state.to_return);
        }
    }

    fn about(_: &App, subject: &Subject) -> Markup {
        let state = &subject.state;
        html! {
            p.lead { "承認された返還の振込を終えてから登録します。この登録で、返還の作業が終わります。" (parts::clause("24-2")) }
            (parts::list(&[
                ("預かっている額", parts::yen(state.held)),
                ("うち返還を承認済み", parts::yen(state.to_return)),
            ]))
        }
    }

    fn fields(_: &App, _: &Subject, form: &Form) -> Markup {
        html! {
            (field::day(form, must("on", "振り込んだ日", "")))
            (field::number(form, must("amount", "金額（円）", "")))
            (field::text(form, must("reference", "振込の番号", "銀行の受付番号など、あとで探せる名前。")))
        }
    }

    fn read(app: &App, _: &Subject, form: &mut Form) -> Option<Brings> {
        let on = form.past_day("on", app.engine.now().day());
        let amount = form.yen("amount");
        let reference = form.required("reference", "振込の番号を入力してください。");
        let (on, amount, reference) = (on?, amount?, reference?);
        let fact = Fact::HeldReturned(HeldReturned { on, amount, reference });
        Some(Brings::fact(fact, morning(app, on)))
    }
}
