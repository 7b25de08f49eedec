//! Articles 9-3, 9-5, 9-7 and 9-8: what the acceptance form (申込請書) of a
//! contract or change contract states, from the acceptance on.

use std::collections::BTreeSet;

use reckon::Decimal;
use terms::{Effective, Override, PriceKind};

use crate::application::form::{ApplicationForm, SpecialTerm, UsePeriod};
use crate::application::receiving::{Change, Wish};
use crate::declare::act::AcceptApplication;
use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::ending::letters::may_state;
use crate::ending::renewal::ContractExtended;
use crate::road::case::Happening;
use crate::road::cells::Cell;
use crate::road::kept::Kept;
use crate::road::state::{ApplicationState, ApplicationStatus, LineState, Removal};
use crate::road::stated::{Order, OrderedChange, OrderedLine};
use crate::road::unfold::Unfolding;
use crate::service::contract::{apply_change, first_lines};
use crate::service::minimum_term::minimum_term;

pub(crate) const ORDER_ACCEPTANCE_DUTY: Rule =
    Rule::new("order_acceptance_duty", 1, "申込請書の送付", "duty to send the order acceptance")
        .clauses(&["9-5"])
        .readings(&["A-37"])
        .parameters(&["prompt.speedily_bd"]);
pub(crate) const ORDER_ACCEPTANCE: Rule =
    Rule::new("order_acceptance", 1, "申込請書の内容", "content of the order acceptance")
        .clauses(&["9-3", "9-5", "9-8", "14-1", "13-1b"])
        .readings(&["A-11", "A-26"])
        .parameters(&[
            "min_term.months",
            "min_term.anchor",
            "renewal.notice_bd",
            "renewal.extension_months",
        ]);

/// An application that somebody accepted, when, and on which entries that rests.
struct Accepted {
    application: Kept<ApplicationState>,
    at: Moment,
    facts: Vec<InputId>,
}

/// How a contract stands: what an order is written of.
struct Stands {
    contract: ContractId,
    version: String,
    period: UsePeriod,
    special_terms: Vec<SpecialTerm>,
    lines: Vec<LineState>,
}

impl Accepted {
    /// Once formed, the version is that of the formation (9-4).
    fn formed_at(&self) -> Moment {
        self.application.formed_at.unwrap_or(self.at)
    }

    /// Whether a change contract was formed before this acceptance.
    fn comes_after(&self, change: &ApplicationState) -> bool {
        change.formed_at.is_some_and(|formed_at| formed_at <= self.at)
            && change.input != self.application.input
    }
}

impl<'a> Unfolding<'a> {
    pub(crate) fn order_of(&mut self, id: &ApplicationId) {
        use ApplicationStatus::{Accepting, Formed, WithdrawnAfterFormation};
        let Some(application) = self.state.applications.get(id).cloned() else { return };
        let is_accepted =
            matches!(application.status, Accepting | Formed | WithdrawnAfterFormation);
        if !is_accepted || !may_state(self.states_order(&application)) {
            return;
        }
        let Some(accepted) = self.accepted(application) else { return };
        let stands = match &accepted.application.content.wish {
            Wish::New { form } => Some(self.stands_new(&accepted, form)),
            Wish::Faulty { .. } => None,
            Wish::Change { contract, .. } => self.stands_changed(&accepted, contract),
        };
        if let Some(stands) = stands {
            self.order(&accepted, stands);
        }
    }

    /// The letter by which it is told whether an order was determined: the order
    /// acceptance itself, which change contracts did not owe before the acceptance
    /// mail of this edition.
    fn states_order(&self, application: &ApplicationState) -> Option<&'a Happening> {
        match &application.content.wish {
            Wish::New { .. } => {
                let id = application.content.application.contract();
                let mut sent = self.facts_of::<OrderAcceptanceSent>(&id);
                sent.find(|(_, sent)| sent.change.is_none()).map(|(sent, _)| sent)
            }
            Wish::Faulty { .. } => None,
            Wish::Change { .. } => self.acceptance_mail(application),
        }
    }

    /// By the last act before the mail; a mail without an act was sent otherwise.
    fn accepted(&self, application: Kept<ApplicationState>) -> Option<Accepted> {
        let mut acts = self.acts_of::<AcceptApplication>(&application.content.application);
        let in_time = |act: &Happening| {
            application.formed_at.is_none_or(|formed_at| act.occurred_at <= formed_at)
        };
        let act = acts.rfind(|(act, _)| in_time(act)).map(|(act, _)| act);
        let at = act.map(|act| act.occurred_at).or(application.formed_at)?;
        let facts = [Some(application.input.clone()), act.map(|act| act.input.clone())];
        let facts = facts.into_iter().flatten().collect();
        Some(Accepted { application, at, facts })
    }

    fn stands_new(&mut self, accepted: &Accepted, form: &ApplicationForm) -> Stands {
        let application = &accepted.application;
        Stands {
            contract: application.content.application.contract(),
            version: self.version_assented(application, accepted.formed_at()),
            period: form.period,
            special_terms: form.special_terms.clone(),
            lines: first_lines(form, &application.input),
        }
    }

    /// A running contract with one more change contract.
    fn stands_changed(&self, accepted: &Accepted, id: &ContractId) -> Option<Stands> {
        let running = self.state.contracts.get(id)?;
        let Accepted { application, at, .. } = accepted;
        let Wish::Change { from, changes, .. } = &application.content.wish else { return None };
        let mut lines = self.lines_after(id, &running.lines, |change| accepted.comes_after(change));
        for change in changes {
            let input = &application.input;
            apply_change(change.clone(), *from, input, &mut Vec::new(), &mut lines);
        }
        let ends_now = |removal: &Removal| removal.fact == application.input;
        lines.retain(|line| line.removal.as_ref().is_none_or(ends_now));
        for line in &mut lines {
            if line.started_on.is_some_and(|on| Moment::start_of(on) > *at) {
                (line.started_on, line.minimum_term) = (None, None);
            }
        }
        let earlier = self.formed_changes(id).filter(|change| accepted.comes_after(change));
        let agreed = earlier.flat_map(|earlier| earlier.content.wish.changes()).chain(changes);
        let agreed = agreed.filter_map(|change| match change {
            Change::SpecialTerm { term } => Some(term.clone()),
            _ => None,
        });
        Some(Stands {
            contract: id.clone(),
            version: running.version_on(self.law, accepted.formed_at().day()),
            period: self.period_as_of(id, &running.form, *at),
            special_terms: running.form.special_terms.iter().cloned().chain(agreed).collect(),
            lines,
        })
    }

    fn order(&mut self, accepted: &Accepted, stands: Stands) {
        let Accepted { application, at, facts } = accepted;
        let agreements: Vec<Override> =
            stands.special_terms.iter().map(|term| term.from(*at)).collect();
        let terms = self.terms(*at, &agreements, &stands.contract.0);
        let from = match &application.content.wish {
            Wish::Change { from, .. } => Some(*from),
            Wish::New { .. } | Wish::Faulty { .. } => None,
        };
        let (ended, stay): (Vec<_>, Vec<_>) =
            stands.lines.iter().partition(|line| line.removal.is_some());
        let ordered = |lines: Vec<&LineState>| {
            lines.into_iter().map(|line| self.ordered(line, from, &terms)).collect()
        };
        let changes = application.content.wish.changes().to_vec();
        let order = Order {
            contract: stands.contract,
            application: application.content.application.clone(),
            version: stands.version,
            change: from.map(|from| OrderedChange { from, changes, ended: ordered(ended) }),
            period: stands.period,
            lines: ordered(stay),
            special_terms: stands.special_terms,
            renewal_notice_bd: terms.rules.renewal_notice_bd,
            extension_months: terms.rules.extension_months,
        };
        let because = Because::of(&ORDER_ACCEPTANCE).facts(facts).under(&terms);
        let stream = Stream::Application(order.application.clone());
        let what = Consequence::OrderDetermined(OrderDetermined { order: Box::new(order) });
        self.follow(*at, stream, what, because);
    }

    /// A line with its minimum term, as it runs or as it is to run, and its fee.
    fn ordered(&self, line: &LineState, from: Option<Day>, terms: &Effective) -> OrderedLine {
        let item = self.law.prices.item(&line.item);
        let start = line.started_on.unwrap_or(line.wish.start);
        let agreed = line.wish.min_term_months.or(item.and_then(|item| item.min_term_months));
        let planned = || {
            let (from, to) = minimum_term(terms, agreed, start);
            UsePeriod { from, to }
        };
        let on = from.map_or(start, |from| from.max(start));
        let version = line.at(on);
        let metered = item.is_some_and(|item| item.kind == PriceKind::Metered);
        OrderedLine {
            number: line.number,
            service: line.wish.service,
            item: line.item.clone(),
            quantity: version.quantity,
            start,
            minimum_term: line.minimum_term.unwrap_or_else(planned),
            monthly_fee: if metered { None } else { self.fee_from(line, on) },
        }
    }

    /// The fee of a whole month, by the first price that holds from a day on.
    fn fee_from(&self, line: &LineState, on: Day) -> Option<Yen> {
        let version = line.at(on);
        let quantity = Decimal::whole(i64::from(version.quantity));
        let (prices, month) = (&self.law.prices, Month::of(on));
        let rated =
            rating::rate(prices, &line.item, month, quantity, version.agreed_fee, None).ok()?;
        Some(rated.amount)
    }

    fn period_as_of(&self, id: &ContractId, form: &ApplicationForm, at: Moment) -> UsePeriod {
        let contract = Cell::Contract(id.clone());
        let extended = self.cells.followed(&contract).filter(|followed| followed.at <= at);
        let periods = extended.filter_map(|followed| match &followed.consequence {
            Consequence::ContractExtended(ContractExtended { contract, period, .. })
                if contract == id =>
            {
                Some(*period)
            }
            _ => None,
        });
        periods.max_by_key(|period| period.to).unwrap_or(form.period)
    }

    fn formed_changes(&self, id: &ContractId) -> impl Iterator<Item = &ApplicationState> {
        let applications = self.state.applications.values().map(Kept::as_ref);
        applications.filter(|a| a.status == ApplicationStatus::Formed).filter(
            move |a| matches!(&a.content.wish, Wish::Change { contract, .. } if contract == id),
        )
    }

    /// The lines of a contract as they stood when a moment was over.
    pub(crate) fn lines_as_of(
        &self,
        id: &ContractId,
        lines: &[LineState],
        at: Moment,
    ) -> Vec<LineState> {
        self.lines_after(id, lines, |change| change.formed_at.is_some_and(|formed| formed <= at))
    }

    /// The lines of a contract with what only these change contracts made of them.
    fn lines_after(
        &self,
        id: &ContractId,
        lines: &[LineState],
        counts: impl Fn(&ApplicationState) -> bool,
    ) -> Vec<LineState> {
        let others = self.formed_changes(id).filter(|change| !counts(change));
        let others: BTreeSet<&InputId> = others.map(|change| &change.input).collect();
        lines.iter().filter_map(|line| without(line, &others)).collect()
    }
}

/// A line before some change contracts, if it was there.
fn without(line: &LineState, others: &BTreeSet<&InputId>) -> Option<LineState> {
    let mut line = line.clone();
    line.versions.retain(|version| !others.contains(&version.fact));
    line.quantity = line.versions.last()?.quantity;
    line.removal = line.removal.filter(|removal| !others.contains(&removal.fact));
    Some(line)
}

/// 9-5, 9-8: the order acceptance (申込請書) went out, for a change contract
/// that of its application.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OrderAcceptanceSent {
    pub contract: ContractId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ApplicationId>,
    pub message_id: String,
}

impl Entry for OrderAcceptanceSent {
    const NAME: &'static str = "order_acceptance_sent";
    const CLAUSES: &'static [&'static str] = &["9-5", "9-8"];
    const TITLE: Words = Words::new("申込請書の送付", "order acceptance sent");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        match self {
            OrderAcceptanceSent { contract, change: Some(application), .. } => {
                say!(
                    l,
                    "契約{contract}の変更（申込{application}）の申込請書を送付",
                    "order acceptance for the change {application} of contract {contract} sent"
                )
            }
            OrderAcceptanceSent { contract, .. } => {
                say!(
                    l,
                    "契約{contract}の申込請書を送付",
                    "order acceptance for contract {contract} sent"
                )
            }
        }
    }
}

/// 9-3, 9-5, 9-8: what the acceptance form (申込請書) states.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct OrderDetermined {
    pub order: Box<Order>,
}

impl Following for OrderDetermined {
    fn line(&self, l: Reader) -> String {
        let OrderDetermined { order } = self;
        order_line(order, l)
    }
}

fn order_line(order: &Order, language: Reader) -> String {
    let application = &order.application;
    match order.change.as_ref().map(|change| change.from) {
        None => say!(
            language,
            "申込請書の内容を確定（申込{application}）",
            "content of the order acceptance determined (application {application})"
        ),
        Some(from) => say!(
            language,
            "変更契約の申込請書の内容を確定（申込{application}、{from}から）",
            "content of the order acceptance of a change determined (application {application}, from {from})"
        ),
    }
}
