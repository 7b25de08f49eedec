//! Articles 10 and 30-2: registered data and its changes; and what concerns the
//! company before a contract: quotations and orders on them.

use reckon::Moment;

use crate::declare::consequence::Consequence;
use crate::declare::fact::{Fact, Wish};
use crate::declare::reason::Because;
use crate::registered::parties::{self, BillToOf, DataChange, RegisteredData, Since};
use crate::road::case::Happening;
use crate::road::stream::Stream;
use crate::road::unfold::{QuoteState, Unfolding};

impl<'a> Unfolding<'a> {
    pub(crate) fn parties(&mut self) {
        let changes = self.facts(|fact| match fact {
            Fact::DataChangeNotified(change) => Some(change.as_ref()),
            _ => None,
        });
        for (happening, change) in changes {
            self.data_change(happening, change);
        }
        let contacts = self.facts(|fact| match fact {
            Fact::ContactChanged { person, kept, .. } => Some((person, kept)),
            _ => None,
        });
        for (happening, (person, kept)) in contacts {
            let rows = std::iter::once(person).chain(kept);
            let from = happening.occurred_at;
            self.state.parties.contacts.extend(rows.map(|row| (row.clone(), from)));
        }
    }

    /// 10-1: notified in time or late, and in force on the planned day.
    fn data_change(&mut self, happening: &'a Happening, change: &'a DataChange) {
        let (at, planned_on) = (happening.occurred_at, change.planned_on);
        let (item, about) = (change.what.item(), happening.input.0.clone());
        let terms = self.terms(at, &[], &about);
        let limit = parties::has_limit(change)
            .then(|| parties::notice_limit(&terms, planned_on).latest_day);
        let late = limit.is_some_and(|limit| at.day() > limit);
        let what = Consequence::DataChangeNoted {
            item,
            planned_on,
            limit,
            late,
            unplanned: change.unplanned,
        };
        let mut because = Because::rule("data_change")
            .fact(&happening.input)
            .number("notified_on", at.day())
            .number("planned_on", planned_on);
        if let Some(limit) = limit {
            because = because.number("limit", limit);
        }
        let because = because.under(&terms);
        self.follow(at, Stream::Company, what, because.clone());
        let begins = Moment::start_of(planned_on).max(at);
        let what = Consequence::DataChanged { item, from: planned_on };
        self.follow(begins, Stream::Company, what, because);
        self.remember(happening, change);
    }

    fn remember(&mut self, happening: &Happening, change: &DataChange) {
        let (from, fact) = (change.planned_on, happening.input.clone());
        let known = &mut self.state.parties;
        match change.what.clone() {
            RegisteredData::Company { company } => {
                known.companies.push(Since { from, value: company, fact });
            }
            RegisteredData::BillTo { contract, to } => {
                known.bill_to.push(Since { from, value: BillToOf { contract, to }, fact });
            }
            RegisteredData::Payers { names } => {
                known.payers.push(Since { from, value: names, fact });
            }
            RegisteredData::Contact { person, kept, .. } => {
                let rows = std::iter::once(person).chain(kept);
                let from = Moment::start_of(from);
                known.contacts.extend(rows.map(|row| (row, from)));
            }
        }
    }

    /// Each quotation with the applications and orders on it.
    pub(crate) fn quotes(&mut self) {
        let issued = self.facts(|fact| match fact {
            Fact::QuoteIssued(quote) => Some(quote.as_ref().clone()),
            _ => None,
        });
        let orders = self.facts(|fact| match fact {
            Fact::PurchaseOrderReceived(order) => Some(order.as_ref().clone()),
            _ => None,
        });
        for (happening, quote) in issued {
            let number = quote.number.clone();
            let issued_by = happening.input.clone();
            let orders: Vec<_> = orders
                .iter()
                .filter(|(_, order)| order.quote.as_ref() == Some(&number))
                .map(|(_, order)| order.clone())
                .collect();
            let mut applications: Vec<_> = self
                .state
                .applications
                .iter()
                .filter(|(_, application)| match &application.content.wish {
                    Wish::New { form } => form.quote.as_ref() == Some(&number),
                    Wish::Change { .. } | Wish::Faulty { .. } => false,
                })
                .map(|(id, _)| id.clone())
                .collect();
            applications.extend(orders.iter().filter_map(|order| order.application.clone()));
            applications.sort();
            applications.dedup();
            let state = QuoteState { quote, applications, orders, issued_by };
            self.state.quotes.insert(number, state);
        }
    }
}
