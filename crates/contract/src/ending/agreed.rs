//! What both sides agree on a cancellation before the contract ends, and the
//! month end that is offered where the terms deem an early day.

use reckon::{Day, Moment, Month};

use crate::declare::act::Act;
use crate::declare::consequence::{Consequence, TaskKind};
use crate::declare::ids::{ContractId, InputId};
use crate::declare::reason::Because;
use crate::road::case::Happening;
use crate::road::stream::Stream;
use crate::road::unfold::Unfolding;

/// An agreement on one cancellation form; the last one counts.
pub(crate) struct Agreed<'a> {
    pub act: &'a Happening,
    pub to: Option<Day>,
}

impl<'a> Unfolding<'a> {
    /// The agreement that holds for a form, if there is one.
    pub(crate) fn agreed_on(&self, id: &ContractId, form: &InputId) -> Option<Agreed<'a>> {
        let acts = self.acts_of(id, |act| match act {
            Act::AgreeCancellation { contract, form: of, to, .. }
                if contract == id && of == form =>
            {
                Some(*to)
            }
            _ => None,
        });
        acts.into_iter().next_back().map(|(act, to)| Agreed { act, to })
    }

    /// What was agreed, as an entry of the contract: each agreement, in its order.
    pub(crate) fn agreements(&mut self, id: &ContractId) {
        for (happening, (form, to, document)) in self.acts_of(id, |act| match act {
            Act::AgreeCancellation { contract, form, to, document } if contract == id => {
                Some((form.clone(), *to, document.clone()))
            }
            _ => None,
        }) {
            let because = Because::rule("cancellation_agreed").fact(&happening.input).fact(&form);
            let contract = id.clone();
            let what = Consequence::CancellationAgreed { contract, form, to, document };
            self.follow(happening.occurred_at, Stream::Contract(id.clone()), what, because);
        }
    }

    /// 15-1b, 15-2: a deemed day before the end of its month costs the whole
    /// month, so the customer may as well have the rest of it.
    pub(crate) fn month_end_offer(
        &mut self,
        id: &ContractId,
        form: &Happening,
        (arrived_at, deemed): (Moment, Day),
    ) {
        let month_end = Month::of(deemed).last_day();
        if deemed >= month_end {
            return;
        }
        let stream = Stream::Contract(id.clone());
        let because = Because::rule("month_end_offer")
            .fact(&form.input)
            .number("deemed", deemed)
            .number("month_end", month_end);
        let what = Consequence::MonthEndOffered {
            contract: id.clone(),
            form: form.input.clone(),
            deemed,
            month_end,
        };
        self.follow(arrived_at, stream.clone(), what, because.clone());
        // When the day is over the contract is, and nothing is left to agree.
        let closed = Moment::start_of(crate::ending::ends::after(deemed));
        let task = (TaskKind::MonthEndOffer, id.0.as_str());
        self.task(&stream, task, (arrived_at, deemed), Some(closed), because);
    }
}
