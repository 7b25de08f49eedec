//! 15-1, 16-2: what the receipt notice (受領通知) and the notice of termination (解除通知)
//! state, as the record determines it.

use crate::declare::act::WaiveInterest;
use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::ending::cancellation;
use crate::ending::cancellation::{CancellationDetermined, CancellationFormArrived};
use crate::ending::judgement::{RightClosed, RightOpened};
use crate::ending::termination::{Terminate, TerminationNoticeDetermined};
use crate::money::ledger::unpaid_before;
use crate::money::{charges, late_interest};
use crate::road::case::Happening;
use crate::road::cells::Cell;
use crate::road::editions;
use crate::road::state::Applied;
use crate::road::stated::{Circumstance, Counted, Receipt, Termination, UnpaidInvoice};
use crate::road::unfold::{Unfolding, accrued};

pub(crate) const RECEIPT_NOTICE: Rule =
    Rule::new("receipt_notice", 1, "受領通知の内容", "content of the receipt notice")
        .clauses(&["15-1", "15-1b", "15-2", "15-3", "14-2"])
        .readings(&["A-18", "A-46", "A-48"])
        .parameters(&[
            "cancel.notice_bd",
            "cancel.deemed_bd",
            "early_termination.overlap",
            "interest.rate",
        ]);
pub(crate) const TERMINATION_NOTICE: Rule =
    Rule::new("termination_notice", 1, "解除通知の内容", "content of the notice of termination")
        .clauses(&["16-1", "16-2", "3-2"])
        .readings(&["A-30", "A-48"])
        .parameters(&["interest.rate"]);

/// The day to which a cancellation form comes, as it was determined.
struct Determined<'a> {
    contract: ContractId,
    form: &'a Happening,
    arrived_at: Moment,
    desired: Option<Day>,
    effective: Day,
    deemed: bool,
}

impl<'a> Unfolding<'a> {
    pub(crate) fn letters(&mut self, id: &ContractId) {
        for determined in self.determined_cancellations(id) {
            self.receipt_notice(&determined);
        }
        for (happening, act) in self.acts_of::<Terminate>(id) {
            self.notice_of_termination(happening, act);
        }
    }

    fn determined_cancellations(&self, id: &ContractId) -> Vec<Determined<'a>> {
        let arrivals = self.facts_of::<CancellationFormArrived>(id);
        arrivals.filter_map(|(form, arrived)| self.determined(form, arrived)).collect()
    }

    /// What came of a form: nothing, where the channel or a second person did not let it.
    fn determined(
        &self,
        form: &'a Happening,
        arrived: &CancellationFormArrived,
    ) -> Option<Determined<'a>> {
        let contract = Cell::Contract(arrived.contract.clone());
        let mut of_form = self
            .cells
            .followed(&contract)
            .filter(|followed| followed.because.facts.contains(&form.input));
        of_form.find_map(|followed| match &followed.consequence {
            Consequence::CancellationDetermined(CancellationDetermined {
                contract,
                desired,
                effective,
                deemed,
                ..
            }) => Some(Determined {
                contract: contract.clone(),
                form,
                arrived_at: arrived.arrived_at,
                desired: *desired,
                effective: *effective,
                deemed: *deemed,
            }),
            _ => None,
        })
    }

    /// 15-1 to 15-3, 14-2: the day, the fees up to it, and what is payable at once.
    fn receipt_notice(&mut self, found: &Determined<'_>) {
        let (id, arrived_at) = (&found.contract, found.arrived_at);
        if !may_state(self.receipt_of(id, found.effective)) {
            return;
        }
        let Some(contract) = self.state.contracts.get(id) else { return };
        let mut contract = contract.as_ref().clone();
        contract.lines = self.lines_as_of(id, &contract.lines, arrived_at);
        let arrived_on = arrived_at.day();
        let terms = self.terms(arrived_at, &contract.agreements, &id.0);
        // An agreement that cannot be laid over the law has its alert above.
        let Ok(closing) = charges::on_cancellation(self.law, id, &contract, found.effective) else {
            return;
        };
        let lines = contract.lines.iter().filter(|line| line.runs_on(found.effective));
        let counted = Counted {
            left: found.desired.map(|day| terms.calendar.count_between(arrived_on, day)),
            needed: terms.rules.cancel_notice_bd,
            deemed_after: terms.rules.cancel_deemed_bd,
            earliest: cancellation::earliest(&terms, arrived_on),
            calendar: terms.rules.calendar,
        };
        let month_end = found.month_end().filter(|_| terms.rules.offer_month_end);
        let notice = Receipt {
            contract: id.clone(),
            form: found.form.input.clone(),
            version: contract.version_on(self.law, arrived_on),
            items: lines.map(|line| line.item.clone()).collect(),
            arrived_on,
            desired: found.desired,
            effective: found.effective,
            deemed: found.deemed,
            counted,
            last_month: cancellation::final_month(found.effective),
            last_month_fee: closing.last_month,
            remaining: closing.remaining,
            unpaid: self.unpaid_of(id, arrived_at, found.form),
            interest_to: arrived_on,
            month_end,
        };
        let because = Because::of(&RECEIPT_NOTICE)
            .fact(&found.form.input)
            .facts(self.issued_by(&notice.unpaid))
            .under(&terms);
        let what = Consequence::ReceiptNoticeDetermined(ReceiptNoticeDetermined {
            notice: Box::new(notice),
        });
        self.follow(arrived_at, Stream::Contract(id.clone()), what, because);
    }

    /// 16-1, 16-2: the ground as it stood when the act was done.
    fn notice_of_termination(&mut self, happening: &Happening, act: &Terminate) {
        let Terminate { contract: id, ground, on, payable_by, .. } = act;
        let Some(contract) = self.state.contracts.get(id) else { return };
        if !may_state(self.termination_notice(id, happening)) {
            return;
        }
        let (at, agreements) = (happening.occurred_at, contract.agreements.clone());
        let terms = self.terms(at, &agreements, &id.0);
        let unpaid = self.unpaid_of(id, at, happening);
        let because = Because::of(&TERMINATION_NOTICE)
            .fact(&happening.input)
            .facts(self.issued_by(&unpaid))
            .under(&terms);
        let notice = Termination {
            circumstances: self.circumstances(id, ground, at),
            contract: id.clone(),
            act: happening.input.clone(),
            ground: ground.clone(),
            on: *on,
            unpaid,
            interest_to: at.day(),
            payable_by: *payable_by,
        };
        let what = Consequence::TerminationNoticeDetermined(TerminationNoticeDetermined {
            notice: Box::new(notice),
        });
        self.follow(at, Stream::Contract(id.clone()), what, because);
    }

    /// What the rights of a ground rest on that were open at a moment.
    fn circumstances(&self, id: &ContractId, ground: &str, at: Moment) -> Vec<Circumstance> {
        let so_far = || self.rights_concerning(id).filter(|followed| followed.at <= at);
        let opened = so_far().filter_map(|followed| match &followed.consequence {
            Consequence::RightOpened(RightOpened { right, about, .. }) if right == ground => {
                Some((about, &followed.because.facts))
            }
            _ => None,
        });
        let is_closed = |about: &String, facts: &[InputId]| {
            so_far().any(|followed| match &followed.consequence {
                Consequence::RightClosed(RightClosed { right, about: of, .. }) => {
                    right == ground
                        && of == about
                        && followed.because.facts.first() == facts.first()
                }
                _ => false,
            })
        };
        opened
            .filter(|(about, facts)| !is_closed(about, facts))
            .filter_map(|(about, facts)| self.circumstance(about, facts, at))
            .collect()
    }

    fn circumstance(&self, about: &str, facts: &[InputId], at: Moment) -> Option<Circumstance> {
        if let Some(receivable) = self.state.receivables.get(about) {
            let paid = |applied: &&Applied| applied.at <= at;
            let paid: Yen = receivable.payments.iter().filter(paid).map(|p| p.amount).sum();
            let number = about.to_owned();
            let outstanding = (receivable.total - receivable.credited - paid).max(Yen::ZERO);
            return Some(Circumstance::Arrears { number, due: receivable.due, outstanding });
        }
        let mut recorded = self.happenings.iter().filter(|one| one.occurred_at <= self.until);
        let recorded = recorded.find(|happening| facts.contains(&happening.input))?;
        let (input, on) = (recorded.input.clone(), recorded.occurred_at.day());
        Some(Circumstance::Recorded { input, on })
    }

    fn issued_by<'u>(&'u self, unpaid: &'u [UnpaidInvoice]) -> impl Iterator<Item = &'u InputId> {
        unpaid.iter().map(|debt| &self.state.receivables[&debt.number].issued_by)
    }

    /// 15-3, 16-2: what was unpaid of a contract at a moment, each invoice for itself
    /// as an arrival or act makes it payable.
    pub(crate) fn unpaid_of(
        &mut self,
        id: &ContractId,
        at: Moment,
        by: &Happening,
    ) -> Vec<UnpaidInvoice> {
        let contract = &self.state.contracts[id];
        let terms = self.terms(at, &contract.agreements.clone(), &id.0);
        let numbers = self.cash.openings_of(id).map(|(number, _)| number);
        let issued = |number: &String| {
            self.state.receivables.get(number).is_some_and(|r| r.invoice.issued_on <= at.day())
        };
        let numbers: Vec<String> = numbers.filter(issued).collect();
        let mut unpaid = Vec::new();
        for number in numbers {
            let receivable = &self.state.receivables[&number];
            let due = receivable.due;
            let outstanding = unpaid_before(&terms, receivable, at.day());
            let interest = match by.edition.has(editions::PAYABLE_AS_INVOICED) {
                true => self.interest_to(&number, at.day()),
                false => late_interest::on(&terms, outstanding, due, at.day()).amount,
            };
            if (outstanding + interest).is_positive() {
                unpaid.push(UnpaidInvoice { number, due, outstanding, interest });
            }
        }
        unpaid
    }

    /// What will be invoiced of its interest if the rest is paid on a day, less what
    /// a person waived by then.
    fn interest_to(&self, number: &str, day: Day) -> Yen {
        let accrued = accrued(self.law, &self.state, number, day).unwrap_or(Yen::ZERO);
        let waived = self.acts::<WaiveInterest>();
        let waived =
            waived.filter(|(act, waived)| waived.number == number && act.occurred_at.day() <= day);
        let waived: Yen = waived.map(|(_, waived)| waived.amount).sum();
        (accrued - waived).max(Yen::ZERO)
    }
}

impl Determined<'_> {
    /// 15-2: the last day of the month, where the terms deem an earlier one.
    fn month_end(&self) -> Option<Day> {
        let last = Month::of(self.effective).last_day();
        (self.deemed && self.effective < last).then_some(last)
    }
}

/// Whether a letter is still to leave, or left as the record determined it: what an
/// older one stated is not made up afterwards.
pub(crate) fn may_state(letter: Option<&Happening>) -> bool {
    letter.is_none_or(|letter| letter.edition.has(editions::LETTERS_ARE_DETERMINED))
}

/// 15-1: the receipt notice went out, naming this day.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ReceiptNoticeSent {
    pub contract: ContractId,
    pub effective: Day,
    pub message_id: String,
}

impl Entry for ReceiptNoticeSent {
    const NAME: &'static str = "receipt_notice_sent";
    const CLAUSES: &'static [&'static str] = &["15-1"];
    const TITLE: Words = Words::new("受領通知の送信", "receipt notice sent");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let ReceiptNoticeSent { contract, effective, .. } = self;
        say!(
            l,
            "契約{contract}の受領通知を送信（解除日 {effective}）",
            "receipt notice for contract {contract} sent (cancellation on {effective})"
        )
    }
}

/// 15-1: what the receipt notice (受領通知) of a form states.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ReceiptNoticeDetermined {
    pub notice: Box<Receipt>,
}

impl Following for ReceiptNoticeDetermined {
    fn line(&self, l: Reader) -> String {
        let ReceiptNoticeDetermined { notice } = self;
        receipt_line(notice, l)
    }
}

fn receipt_line(notice: &Receipt, language: Reader) -> String {
    let fee = yen(notice.last_month_fee.net, language);
    let unpaid = yen(notice.unpaid.iter().map(|debt| debt.outstanding).sum(), language);
    let (effective, month) = (notice.effective, notice.last_month);
    say!(
        language,
        "受領通知の内容を確定（解除日 {effective}、{month}分の月額料金 {fee}、未払い {unpaid}）",
        "content of the receipt notice determined (cancellation on {effective}, fee of {month} {fee}, unpaid {unpaid})"
    )
}
