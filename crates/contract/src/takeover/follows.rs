//! What was taken over from an earlier book: contracts that had been formed, and
//! invoices that were open.

use std::sync::Arc;

use reckon::Decimal;

use crate::declare::act::VerifyTakeover;
use crate::declare::consequence::{
    Consequence, ContractTakenOver, MinimumTermSet, ReceivableTakenOver,
};
use crate::declare::fact::ReceiptNoticeSent;
use crate::declare::prelude::*;
use crate::declare::task::{self, AlertCode};
use crate::money::invoice::{Charge, ChargeKey, ChargeKind, Invoice, InvoiceKind, InvoiceLine};
use crate::money::ledger::Opened;
use crate::road::case::Happening;
use crate::road::kept::Kept;
use crate::road::unfold::{
    Applied, ContractState, ContractStatus, LineState, OpeningState, Provision, Receivable,
    TakenOverState, Unfolding,
};
use crate::service::contract::{apply_change, new_line};
use crate::service::minimum_term::{Begun, minimum_term};
use crate::takeover::{TakenOverContract, TakenOverReceivable, standing_term};

pub(crate) const TAKEOVER: Rule =
    Rule::new("takeover", 1, "契約の引継ぎ", "takeover of a contract").clauses(&["9-4", "13-1"]);
pub(crate) const RECEIVABLE_TAKEOVER: Rule =
    Rule::new("receivable_takeover", 1, "売掛金の引継ぎ", "takeover of a receivable")
        .clauses(&["24-1", "25-1"]);
pub(crate) const MINIMUM_TERM_TAKEOVER: Rule =
    Rule::new("minimum_term_takeover", 1, "引き継いだ最低利用期間", "minimum term as taken over")
        .clauses(&["14-1", "14-1b"])
        .readings(&["A-26"])
        .parameters(&["min_term.anchor"]);

#[derive(Serialize)]
struct TakenOver {
    formed_at: Moment,
}

#[derive(Serialize)]
struct Debt {
    total: Yen,
    outstanding: Yen,
}

impl<'a> Unfolding<'a> {
    pub(crate) fn taken_over_contracts(&mut self, id: &ContractId) {
        for (happening, taken) in self.facts_of::<TakenOverContract>(id) {
            if self.state.contracts.contains_key(&taken.contract) {
                let (about, detail) = (&taken.contract.0, taken.number.clone());
                self.alert(happening.occurred_at, AlertCode::TakenOverTwice, about, detail);
            } else {
                self.taken_over_contract(happening, taken);
            }
        }
    }

    fn taken_over_contract(&mut self, happening: &Happening, taken: &TakenOverContract) {
        let id = &taken.contract;
        let at = happening.occurred_at;
        let what = Consequence::ContractTakenOver(ContractTakenOver {
            contract: id.clone(),
            number: taken.number.clone(),
            version: taken.version.clone(),
            charge_from: taken.charge_from,
        });
        let because = Because::of(&TAKEOVER).fact(&happening.input);
        let because = because.with(TakenOver { formed_at: taken.formed_at });
        self.follow(at, Stream::Contract(id.clone()), what, because);
        let mut agreements = taken.overrides();
        let mut lines = self.standing_lines(happening, taken);
        for to_come in &taken.changes {
            let change = to_come.change.clone();
            let fact = &happening.input;
            apply_change(change, to_come.from, fact, &mut agreements, &mut lines);
        }
        self.changes(id, &mut agreements, &mut lines);
        self.start_lines(id, &mut lines, &agreements);
        self.unknown_lines(id, &lines);
        let stops = self.stops(id);
        let mut state = ContractState {
            application: id.application(),
            formed_at: taken.formed_at,
            version: taken.version.clone(),
            status: ContractStatus::Formed,
            provision: Provision::NotStarted,
            period: taken.form.period,
            renewal_limit: None,
            lines,
            end: None,
            arrivals: Vec::new(),
            erasure_ordered_by: None,
            taken_over: Some(self.taken_over_state(happening, taken)),
            form: taken.form.clone(),
            agreements,
            stops,
            formed_by: happening.input.clone(),
            locked_by_insolvency: false,
            withdrawal_costs: None,
            amendment_costs: self.amendment_costs(id),
        };
        if taken.form.period.to < at.day() {
            let detail = task::PERIOD_OVER.of(&[&taken.form.period.to]);
            self.alert(at, AlertCode::TakenOverDiffers, &id.0, detail);
        }
        let ends = self.ends(id, &mut state);
        state.arrivals.clone_from(&ends.arrivals);
        self.settle_status(id, &mut state, &ends);
        self.state.contracts.insert(id.clone(), Kept::new(state));
    }

    fn taken_over_state(&self, happening: &Happening, taken: &TakenOverContract) -> TakenOverState {
        // An act for an entry that was voided since says nothing of this one.
        let mut verified = self.acts_of::<VerifyTakeover>(&taken.contract).map(|(act, _)| act);
        let verified = verified.find(|act| act.occurred_at >= happening.occurred_at);
        TakenOverState {
            number: taken.number.clone(),
            origin: taken.origin.clone(),
            on: happening.occurred_at.day(),
            by: happening.actor.id.clone(),
            charge_from: taken.charge_from,
            unverified: verified.is_none(),
            verified_by: verified.map(|act| act.actor.id.clone()),
            verified_on: verified.map(|act| act.occurred_at.day()),
        }
    }

    /// 14-1: lines with the minimum term as it stands.
    fn standing_lines(
        &mut self,
        happening: &Happening,
        taken: &TakenOverContract,
    ) -> Vec<LineState> {
        let agreements = taken.overrides();
        let mut lines = Vec::new();
        for wish in &taken.form.lines {
            let from = taken.standing(wish.number).map_or(wish.start, |line| line.started_on);
            let mut line = new_line(wish, from, &happening.input);
            if let Some(standing) = taken.standing(wish.number) {
                let on = standing.started_on;
                let terms = self.terms(Moment::start_of(on), &agreements, &taken.contract.0);
                let listed = self.law.prices.item(&wish.item).and_then(|i| i.min_term_months);
                let agreed = wish.min_term_months.or(listed);
                let (from, by_rule) = minimum_term(&terms, agreed, on);
                let term = standing_term(from, by_rule, standing.minimum_term_to);
                let what = Consequence::MinimumTermSet(MinimumTermSet {
                    contract: taken.contract.clone(),
                    line: wish.number,
                    from: term.from,
                    to: term.to,
                });
                let because = Because::of(&MINIMUM_TERM_TAKEOVER).fact(&happening.input);
                let because =
                    because.with(Begun { started_on: on, months_agreed: None }).under(&terms);
                let stream = Stream::Contract(taken.contract.clone());
                self.follow(happening.occurred_at, stream, what, because);
                line.started_on = Some(on);
                line.started_by = Some(happening.input.clone());
                line.minimum_term = Some(term);
            }
            lines.push(line);
        }
        lines
    }

    /// The day that a receipt notice of the time before named for this form: it
    /// stands, whatever the rules give; somebody must look where they differ.
    pub(crate) fn day_notified_before(
        &mut self,
        id: &ContractId,
        form: &Happening,
        by_rule: Day,
    ) -> Option<Day> {
        let mut notified = self.facts_of::<ReceiptNoticeSent>(id);
        let (notice, sent) = notified.find(|(notice, _)| notice.input == form.input)?;
        let day = sent.effective;
        if day != by_rule {
            let detail = task::NOTIFIED_OTHERWISE.of(&[&day, &by_rule]);
            self.alert(notice.occurred_at, AlertCode::TakenOverDiffers, &id.0, detail);
        }
        Some(day)
    }

    /// An open invoice of an earlier book, unless there is one of this number.
    pub(crate) fn taken_over_receivable(
        &mut self,
        number: &str,
        mut found: Option<Opened<'a>>,
    ) -> Option<Opened<'a>> {
        let is_of = |one: &Happening| one.sign.number.as_deref() == Some(number);
        let taken: Vec<_> = self.facts_where::<TakenOverReceivable, _>(is_of).collect();
        for (happening, taken) in taken {
            if found.is_some() {
                let (at, detail) = (happening.occurred_at, happening.input.to_string());
                self.alert(at, AlertCode::TakenOverTwice, &taken.number, detail);
                continue;
            }
            let what = Consequence::ReceivableTakenOver(ReceivableTakenOver {
                number: taken.number.clone(),
                outstanding: taken.outstanding(),
                due: taken.due,
            });
            let because = Because::of(&RECEIVABLE_TAKEOVER)
                .fact(&happening.input)
                .with(Debt { total: taken.total, outstanding: taken.outstanding() });
            self.follow(happening.occurred_at, Stream::Ledger, what, because);
            found = Some(Opened { happening, receivable: opening(happening, taken) });
        }
        found
    }
}

fn opening(happening: &Happening, taken: &TakenOverReceivable) -> Receivable {
    let payments = taken.payments.iter().map(|part| Applied {
        payment: happening.input.clone(),
        on: part.on,
        at: Moment::start_of(part.on).min(happening.occurred_at),
        amount: part.amount,
        act: None,
    });
    let mut payments: Vec<_> = payments.collect();
    payments.sort_by_key(|payment| payment.on);
    Receivable {
        total: taken.total,
        credited: Yen::ZERO,
        outstanding: taken.total,
        due: taken.due,
        paid_on: None,
        late_interest: Yen::ZERO,
        taken_over: Some(OpeningState {
            origin: taken.origin.clone(),
            interest_charged: taken.interest_charged,
        }),
        invoice: Arc::new(earlier_invoice(happening, taken)),
        issued_by: happening.input.clone(),
        payments,
        credits: Vec::new(),
        settled_at: None,
        interest: None,
    }
}

/// What is known of an invoice that an earlier book issued: its contracts and
/// its total, none of its lines.
fn earlier_invoice(happening: &Happening, taken: &TakenOverReceivable) -> Invoice {
    let because = || Because::of(&RECEIVABLE_TAKEOVER).fact(&happening.input);
    let line = |(number, contract): (u32, &ContractId)| {
        let amount = if number == 1 { taken.total } else { Yen::ZERO };
        let key = ChargeKey {
            kind: charge_kind(taken.kind),
            contract: contract.clone(),
            line: 0,
            item: String::new(),
            resource: taken.number.clone(),
            month: taken.month,
        };
        let charge = Charge {
            key,
            name: format!("引継ぎ前の請求（{}）", taken.number),
            quantity: Decimal::whole(1),
            unit: "式".to_owned(),
            unit_price: Decimal::whole(amount.0),
            amount,
            tax_point: None,
            because: because(),
        };
        InvoiceLine { number, charge, charged_before: Yen::ZERO, amount }
    };
    Invoice {
        number: taken.number.clone(),
        kind: taken.kind,
        run: String::new(),
        draft: String::new(),
        month: taken.month,
        issued_on: taken.issued_on,
        nominal_due: taken.due,
        due: taken.due,
        lines: (1..).zip(&taken.contracts).map(line).collect(),
        tax_groups: Vec::new(),
        total: taken.total,
        because_tax: because(),
        because_due: because(),
    }
}

fn charge_kind(kind: InvoiceKind) -> ChargeKind {
    match kind {
        InvoiceKind::Fee => ChargeKind::MonthlyFee,
        InvoiceKind::EarlyTermination => ChargeKind::EarlyTermination,
        InvoiceKind::LateInterest => ChargeKind::LateInterest,
        InvoiceKind::CostRecovery => ChargeKind::CostRecovery,
    }
}
