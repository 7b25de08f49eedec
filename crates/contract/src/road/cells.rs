//! What an account comes to, in cells: one for each application, contract, movement of
//! money, receivable and so on. A step works out only those that it touches, and those
//! that read what came out of them; which these are stands here, and nowhere else.

pub(crate) mod stored;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use reckon::Moment;

use crate::application::receiving::Wish;
use crate::declare::act::Act;
use crate::declare::fact::Fact;
use crate::declare::ids::{ApplicationId, ConsequenceId, ContractId, InputId};
use crate::declare::lists::follow_of_contract;
use crate::money::cash::Place;
use crate::notices::given::DeliveryId;
use crate::road::case::{Happening, What};
use crate::road::found::{Followed, Found};
use crate::road::interrupt::Interrupted;
use crate::road::kept::Kept;
use crate::road::lives::StoredLives;
use crate::road::state::ContractState;
use crate::road::stream::Stream;
use crate::road::unfold::Unfolding;

/// What is worked out in one go, in the order in which each reads those before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    Application(ApplicationId),
    /// The life of a contract up to its end.
    Contract(ContractId),
    /// What the acceptance form of an application states.
    Order(ApplicationId),
    /// That an invoice is owed.
    Opening(String),
    /// Money in the order of its days, from the first change on.
    Cash,
    /// What one movement of money did.
    Movement(Place),
    /// What was left over of a payment.
    Overpaid(Place),
    Returns,
    /// What is left of an invoice, its interest and the rights that rest on it.
    Receivable(String),
    /// What an arrival or a termination made payable.
    Payable(ContractId),
    /// A notice that was given, and from when it holds.
    Notice(DeliveryId),
    /// The grounds that a person found.
    Judged(String),
    Resumption(ContractId),
    /// What receipt notices and notices of termination state.
    Letters(ContractId),
    Checks,
    /// What may speak against an application.
    Grounds(ApplicationId),
    /// What is registered of the company.
    Parties,
    Quote(String),
    /// Transfers and declarations.
    Conduct(ContractId),
    Unknown(Stream),
    RefusedMails,
    Proposal(InputId),
    Usage,
    Waivers,
}

/// All cells of an account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    found: BTreeMap<Cell, Kept<Found>>,
    /// Those with a task, a right or a proposal that is open.
    open: BTreeSet<Cell>,
    /// Those of which a right opened or closed.
    rights: BTreeSet<Cell>,
    /// When something comes of a cell by itself.
    due: BTreeSet<(Moment, Cell)>,
    /// Of how many cells something comes, more than when it was stored: an alert, for
    /// one, may come of several.
    of_cells: HashMap<ConsequenceId, i64>,
    stored: Arc<StoredLives>,
    /// What came or went since it was last compared with the record, and of which cells.
    pub(crate) moved: BTreeMap<ConsequenceId, BTreeSet<Cell>>,
}

impl Cells {
    /// What followed of a cell, and will follow.
    pub(crate) fn followed(&self, cell: &Cell) -> impl Iterator<Item = &Followed> {
        self.found.get(cell).into_iter().flat_map(|found| &found.followed)
    }

    /// As [`Self::followed`], of a cell of which a right opened or closed.
    pub(crate) fn followed_with_rights(&self, cell: &Cell) -> impl Iterator<Item = &Followed> {
        let found = self.rights.get(cell).and_then(|cell| self.found.get(cell));
        found.into_iter().flat_map(|found| &found.followed)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Found> {
        self.found.values().map(Kept::as_ref)
    }

    pub(crate) fn open(&self) -> impl Iterator<Item = &Found> {
        self.open.iter().map(|cell| self.found[cell].as_ref())
    }

    /// When something more will follow if nothing happens.
    pub(crate) fn next_due(&self) -> Option<Moment> {
        self.due.first().map(|(at, _)| *at)
    }

    /// What will still follow after a moment, if nothing happens.
    pub(crate) fn coming(&self, after: Moment) -> impl Iterator<Item = &Followed> {
        let cells = self.due.iter().flat_map(|(_, cell)| self.followed(cell));
        cells.filter(move |followed| followed.at > after)
    }

    /// Of which something comes by a moment.
    pub(crate) fn due_by(&self, until: Moment) -> BTreeSet<Cell> {
        let due = self.due.iter().take_while(|(at, _)| *at <= until);
        due.map(|(_, cell)| cell.clone()).collect()
    }

    /// Those that are not the same in both.
    pub(crate) fn differing(&self, other: &Cells) -> Vec<Cell> {
        let cells: BTreeSet<_> = self.found.keys().chain(other.found.keys()).collect();
        let differ = cells.into_iter().filter(|cell| self.found.get(cell) != other.found.get(cell));
        differ.cloned().collect()
    }

    /// Whether something follows under an id.
    pub(crate) fn follows(&self, id: &ConsequenceId) -> bool {
        let since = self.of_cells.get(id).copied().unwrap_or_default();
        self.stored.count(id) + since > 0
    }

    /// What follows under an id of a cell that was worked out anew.
    pub(crate) fn moved_to(&self, id: &ConsequenceId, until: Moment) -> Option<&Followed> {
        let mut followed = self.moved.get(id)?.iter().flat_map(|cell| self.followed(cell));
        followed.find(|followed| followed.id == *id && followed.at <= until)
    }

    /// Takes down what a cell comes to up to a moment, and what of that is news to
    /// whoever looked at it up to an earlier one.
    pub(crate) fn put(&mut self, cell: &Cell, mut found: Found, looked: Span) {
        let mut ids = HashSet::new();
        found.followed.retain(|followed| ids.insert(followed.id.clone()));
        let old = self.found.remove(cell).map(Kept::into_value).unwrap_or_default();
        let were = ids_by(&old, looked.before);
        let are = ids_by(&found, Some(looked.until));
        for id in were.symmetric_difference(&are) {
            self.moved.entry((*id).clone()).or_default().insert(cell.clone());
        }
        for gone in &old.followed {
            self.count(&gone.id, -1);
        }
        for new in &found.followed {
            self.count(&new.id, 1);
        }
        if let Some(at) = looked.before.and_then(|before| old.next_after(before)) {
            self.due.remove(&(at, cell.clone()));
        }
        self.due.extend(found.next_after(looked.until).map(|at| (at, cell.clone())));
        match found.is_open() {
            true => self.open.insert(cell.clone()),
            false => self.open.remove(cell),
        };
        match found.has_rights() {
            true => self.rights.insert(cell.clone()),
            false => self.rights.remove(cell),
        };
        if found != Found::default() {
            self.found.insert(cell.clone(), Kept::new(found));
        }
    }

    fn count(&mut self, id: &ConsequenceId, more: i64) {
        let since = self.of_cells.entry(id.clone()).or_default();
        *since += more;
        if *since == 0 {
            self.of_cells.remove(id);
        }
    }

    /// A cell of which something comes by itself, and nothing else changes.
    fn put_again(&mut self, cell: &Cell, looked: Span) {
        if let Some(found) = self.found.get(cell) {
            self.put(cell, found.as_ref().clone(), looked);
        }
    }
}

/// Up to when an account was worked out, and up to when it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub before: Option<Moment>,
    pub until: Moment,
}

fn ids_by(found: &Found, until: Option<Moment>) -> BTreeSet<&ConsequenceId> {
    let known = found.followed.iter().filter(|one| until.is_some_and(|until| one.at <= until));
    known.map(|followed| &followed.id).collect()
}

/// The cells that are to be worked out, and from where on money is applied anew.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Touched {
    cells: BTreeSet<Cell>,
    pub(crate) money_from: Option<Place>,
}

impl Touched {
    pub(crate) fn insert(&mut self, cell: Cell) {
        self.cells.insert(cell);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Money moves otherwise from this place on.
    pub(crate) fn money(&mut self, from: Place) {
        self.money_from = Some(self.money_from.take().map_or(from.clone(), |at| at.min(from)));
        self.insert(Cell::Cash);
    }

    fn contract(&mut self, id: &ContractId) {
        // Its end can make its application stand again.
        self.insert(Cell::Application(id.application()));
        self.insert(Cell::Contract(id.clone()));
    }

    /// The grounds on contracts, and what rests on them.
    pub(crate) fn judged(&mut self, contracts: impl IntoIterator<Item = ContractId>) {
        self.cells.extend(contracts.into_iter().map(|id| Cell::Judged(id.0)));
    }

    fn application(&mut self, id: &ApplicationId) {
        self.insert(Cell::Application(id.clone()));
    }

    /// The cells of which something comes by itself.
    pub(crate) fn due(&mut self, cells: BTreeSet<Cell>) {
        for cell in cells {
            match &cell {
                Cell::Contract(id) => self.contract(id),
                _ => self.insert(cell),
            }
        }
    }

    /// What an entry touches that comes in, is voided, or counts again.
    pub(crate) fn by(&mut self, happening: &Happening) {
        match &happening.sign.stream {
            Stream::Application(id) => self.application(id),
            Stream::Contract(id) => self.contract(id),
            Stream::Notice(id) => self.insert(Cell::Notice(id.clone())),
            Stream::Ledger | Stream::Company => {}
        }
        if let Some(place) = &happening.sign.moves {
            self.money(place.clone());
        }
        if let Some(proposal) = &happening.approves {
            self.insert(Cell::Proposal(proposal.clone()));
        }
        match happening.what.as_ref() {
            What::Fact(fact) => self.by_fact(fact),
            What::Act(act) => self.by_act(&happening.input, act),
        }
    }

    fn by_fact(&mut self, fact: &Fact) {
        match fact {
            Fact::MailRefused(refused) => {
                self.application(&ApplicationId(refused.about.clone()));
                self.insert(Cell::RefusedMails);
            }
            Fact::JudgementRecorded(judged) => {
                self.insert(Cell::Judged(judged.about.clone()));
                self.insert(Cell::Grounds(ApplicationId(judged.about.clone())));
            }
            Fact::InvoiceIssued(invoice) => self.insert(Cell::Opening(invoice.number.clone())),
            Fact::ReceivableTakenOver(taken) => self.insert(Cell::Opening(taken.number.clone())),
            Fact::HeldReturned(_) => self.insert(Cell::Returns),
            Fact::UsageImported(_) => self.insert(Cell::Usage),
            Fact::CheckRecorded(_) => self.insert(Cell::Checks),
            Fact::DataChangeNotified(_)
            | Fact::ContactChanged(_)
            | Fact::PayerNameLearned(_)
            | Fact::ContractTakenOver(_) => self.insert(Cell::Parties),
            Fact::QuoteIssued(quote) => self.insert(Cell::Quote(quote.number.clone())),
            Fact::PurchaseOrderReceived(order) => {
                self.cells.extend(order.quote.clone().map(Cell::Quote));
            }
            // All else concerns its application or contract alone, or nothing follows.
            _ => {}
        }
    }

    fn by_act(&mut self, input: &InputId, act: &Act) {
        match act {
            Act::ReturnHeld(_) => self.insert(Cell::Returns),
            Act::WaiveFee(_) => self.insert(Cell::Waivers),
            Act::WaiveInterest(waived) => self.insert(Cell::Receivable(waived.number.clone())),
            Act::Propose(_) => self.insert(Cell::Proposal(input.clone())),
            Act::Decline(declined) => self.insert(Cell::Proposal(declined.proposal.clone())),
            _ => {}
        }
    }
}

impl Unfolding<'_> {
    /// Works out what is touched, and what reads what came of that.
    ///
    /// # Errors
    /// When the caller gave up waiting.
    pub(crate) fn work_out(
        &mut self,
        mut touched: Touched,
        before: Option<Moment>,
    ) -> Result<BTreeSet<Cell>, Interrupted> {
        let looked = Span { before, until: self.until };
        let mut worked_out = BTreeSet::new();
        while let Some(cell) = touched.cells.pop_first() {
            self.caller.check()?;
            match &cell {
                Cell::Cash => {
                    if let Some(from) = touched.money_from.take() {
                        self.move_money(&from, looked, &mut touched);
                    }
                }
                Cell::Movement(_) | Cell::Overpaid(_) => self.cells.put_again(&cell, looked),
                _ => {
                    self.work_out_cell(&cell, &mut touched);
                    let found = std::mem::take(&mut self.found);
                    self.cells.put(&cell, found, looked);
                }
            }
            worked_out.insert(cell);
        }
        Ok(worked_out)
    }

    fn work_out_cell(&mut self, cell: &Cell, touched: &mut Touched) {
        match cell {
            Cell::Application(id) => self.application_and_readers(id, touched),
            Cell::Contract(id) => self.contract_and_readers(id, touched),
            Cell::Order(id) => self.order_of(id),
            Cell::Opening(number) => self.open_receivable(number, touched),
            Cell::Cash | Cell::Movement(_) | Cell::Overpaid(_) => {}
            Cell::Returns => self.return_tasks(),
            Cell::Receivable(number) => self.receivable_and_readers(number, touched),
            Cell::Payable(id) => self.payable_now(id),
            Cell::Notice(id) => self.notice(id, touched),
            Cell::Judged(about) => {
                self.judged_grounds(about);
                touched.insert(Cell::Resumption(ContractId(about.clone())));
                touched.insert(Cell::Letters(ContractId(about.clone())));
            }
            Cell::Resumption(id) => {
                self.suspension_orders(id);
                self.resumptions(id);
                self.groundless_terminations(id);
            }
            Cell::Letters(id) => self.letters(id),
            Cell::Checks => {
                self.checks();
                touched.cells.extend(self.state.applications.keys().cloned().map(Cell::Grounds));
            }
            Cell::Grounds(id) => self.grounds(id),
            Cell::Parties => self.parties(),
            Cell::Quote(number) => self.quote(number),
            Cell::Conduct(id) => follow_of_contract(self, id),
            Cell::Unknown(subject) => self.unknown_subject(subject),
            Cell::RefusedMails => self.refused_mails(),
            Cell::Proposal(id) => self.proposal(id),
            Cell::Usage => self.usage(),
            Cell::Waivers => self.waivers(),
        }
    }

    fn application_and_readers(&mut self, id: &ApplicationId, touched: &mut Touched) {
        let before = self.state.applications.get(id).cloned();
        self.application(id);
        let after = self.state.applications.get(id);
        touched.insert(Cell::Contract(id.contract()));
        for wish in before.iter().chain(after).map(|application| &application.content.wish) {
            match wish {
                Wish::New { form } => touched.cells.extend(form.quote.clone().map(Cell::Quote)),
                Wish::Change { contract, .. } => touched.insert(Cell::Contract(contract.clone())),
                Wish::Faulty { .. } => {}
            }
        }
        touched.insert(Cell::Order(id.clone()));
        touched.insert(Cell::Grounds(id.clone()));
        touched.insert(Cell::Unknown(Stream::Application(id.clone())));
    }

    fn contract_and_readers(&mut self, id: &ContractId, touched: &mut Touched) {
        let before = self.state.contracts.remove(id);
        self.contract(id);
        let after = self.state.contracts.get(id);
        let orders = self.state.applications.iter().filter(|(_, application)| {
            matches!(&application.content.wish, Wish::Change { contract, .. } if contract == id)
        });
        touched.cells.extend(orders.map(|(application, _)| Cell::Order(application.clone())));
        touched.insert(Cell::Order(id.application()));
        touched.insert(Cell::Judged(id.0.clone()));
        touched.insert(Cell::Resumption(id.clone()));
        touched.insert(Cell::Letters(id.clone()));
        touched.insert(Cell::Payable(id.clone()));
        touched.insert(Cell::Conduct(id.clone()));
        touched.insert(Cell::Unknown(Stream::Contract(id.clone())));
        let (before, after) = (before.as_deref(), after.map(Kept::as_ref));
        let read = |contract: Option<&ContractState>| {
            contract.map(|one| (one.agreements.clone(), one.form.payment.method))
        };
        let ended = |contract: Option<&ContractState>| contract.and_then(|one| one.end.clone());
        let terms_differ = read(before) != read(after);
        let end_differs = ended(before) != ended(after);
        if end_differs {
            let applications = self.state.applications.keys().cloned();
            touched.cells.extend(applications.map(Cell::Grounds));
        }
        if !terms_differ && !end_differs {
            return;
        }
        for (number, place) in self.cash.openings_of(id) {
            touched.insert(Cell::Receivable(number));
            if terms_differ {
                touched.money(place);
            }
        }
    }

    fn receivable_and_readers(&mut self, number: &str, touched: &mut Touched) {
        let contracts = |one: &Unfolding<'_>| -> Vec<ContractId> {
            let receivable = one.state.receivables.get(number);
            let contracts = receivable.map(|one| one.invoice.contracts()).unwrap_or_default();
            contracts.into_iter().cloned().collect()
        };
        let before = contracts(self);
        self.receivable(number);
        for id in before.into_iter().chain(contracts(self)) {
            touched.insert(Cell::Payable(id.clone()));
            touched.insert(Cell::Resumption(id.clone()));
            touched.insert(Cell::Letters(id));
        }
    }
}
