//! Quotations (見積書): what the provider offers before an application, and how an
//! application departs from it. A quotation binds nobody under the terms: the
//! contract is formed by Article 9 alone, and what is agreed stands in the form.

use std::collections::BTreeMap;

use reckon::{Decimal, TaxRate};
use terms::{Law, PriceKind};

use crate::application::form::{Company, LineWish, UsePeriod};
use crate::application::receiving::{Change, Wish};
use crate::declare::prelude::*;
use crate::declare::sealed::File;
use crate::money::fees;
use crate::money::invoice::TaxGroup;
use crate::road::state::QuoteState;
use crate::road::unfold::Unfolding;

pub use rating::Unpriced;

/// A quotation as it was issued. It never changes; another one replaces it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Quote {
    /// From a gapless series of its own.
    pub number: String,
    pub issued_on: Day,
    /// The last day of its validity (有効期限).
    pub valid_until: Day,
    pub customer: Company,
    pub lines: Vec<QuoteLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<UsePeriod>,
    /// Monthly fees by tax rate; metered lines are no part of them.
    pub tax_groups: Vec<TaxGroup>,
    /// The monthly fees with tax.
    pub total: Yen,
}

/// One line: what is wished for, and what it costs without tax.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct QuoteLine {
    pub wish: LineWish,
    /// As the price table calls it.
    pub name: String,
    pub unit: String,
    pub unit_price: Decimal,
    /// Of a month; none for a metered item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Yen>,
}

/// The customer's order on a quotation (発注書), by its own number.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct PurchaseOrder {
    pub number: String,
    pub ordered_on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
    /// With tax, if one is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Yen>,
    /// Its file, the name of the filed document, or its reference.
    pub document: Sealed<File>,
}

/// What a quotation offers, before it has a number.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub customer: Company,
    pub lines: Vec<LineWish>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<UsePeriod>,
    pub issued_on: Day,
    pub valid_until: Day,
}

/// Prices an offer by the price table, or by the fees agreed for its lines.
///
/// # Errors
/// When an item has no price in the month in which its line starts.
pub fn draw_up(law: &Law, offer: Offer) -> Result<Quote, Unpriced> {
    let mut lines = Vec::new();
    let mut groups: BTreeMap<u32, Vec<Yen>> = BTreeMap::new();
    for wish in offer.lines {
        let line = priced(law, wish)?;
        let rate = law.tax.at(line.wish.start).ok().map(|rate| rate.percent);
        if let (Some(amount), Some(percent)) = (line.amount, rate) {
            groups.entry(percent).or_default().push(amount);
        }
        lines.push(line);
    }
    let tax_groups: Vec<TaxGroup> = groups
        .into_iter()
        .map(|(percent, amounts)| {
            let tax = fees::tax_on(&amounts, TaxRate { from: Day::MIN, percent });
            TaxGroup { percent: Some(percent), taxable: amounts.into_iter().sum(), tax }
        })
        .collect();
    let total = tax_groups.iter().map(|group| group.taxable + group.tax).sum();
    Ok(Quote {
        number: String::new(),
        issued_on: offer.issued_on,
        valid_until: offer.valid_until,
        customer: offer.customer,
        lines,
        period: offer.period,
        tax_groups,
        total,
    })
}

fn priced(law: &Law, wish: LineWish) -> Result<QuoteLine, Unpriced> {
    let quantity = Decimal::whole(i64::from(wish.quantity));
    let month = Month::of(wish.start);
    let rated = rating::rate(&law.prices, &wish.item, month, quantity, wish.agreed_fee, None)?;
    let metered = law.prices.item(&wish.item).is_some_and(|item| item.kind == PriceKind::Metered);
    Ok(QuoteLine {
        wish,
        name: rated.name,
        unit: rated.unit,
        unit_price: rated.unit_price,
        amount: (!metered).then_some(rated.amount),
    })
}

impl Quote {
    /// Whether it still holds on a day: its last day included.
    pub fn is_valid_on(&self, day: Day) -> bool {
        day <= self.valid_until
    }
}

/// Where an application departs from a quotation: what differs, by a word, and
/// how (`1: 3 / 2` is quoted 3 and applied for 2 in line 1).
pub fn differences(law: &Law, quote: &Quote, wish: &Wish) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let wished: Vec<&LineWish> = match wish {
        Wish::New { form } => {
            if form.applicant.corporate_number != quote.customer.corporate_number {
                let number = form.applicant.corporate_number.clone();
                found.push(("quote_of_another_company", number));
            }
            if let Some(quoted) = quote.period.filter(|quoted| *quoted != form.period) {
                let (from, to) = (form.period.from, form.period.to);
                let detail = format!("{}..{} / {from}..{to}", quoted.from, quoted.to);
                found.push(("quote_period_differs", detail));
            }
            form.lines.iter().collect()
        }
        Wish::Faulty { .. } => return found,
        Wish::Change { changes, .. } => changes
            .iter()
            .filter_map(|change| match change {
                Change::AddLine { line } => Some(line),
                _ => None,
            })
            .collect(),
    };
    for quoted in &quote.lines {
        match wished.iter().find(|line| line.number == quoted.wish.number) {
            Some(line) => found.extend(line_differences(law, quoted, line)),
            None => found.push(("quote_line_missing", quoted.wish.number.to_string())),
        }
    }
    for line in &wished {
        if !quote.lines.iter().any(|quoted| quoted.wish.number == line.number) {
            found.push(("quote_line_added", line.number.to_string()));
        }
    }
    found
}

fn line_differences(law: &Law, quoted: &QuoteLine, line: &LineWish) -> Vec<(&'static str, String)> {
    let wish = &quoted.wish;
    let mut found = Vec::new();
    let mut differ = |code, quoted: String, applied: String| {
        if quoted != applied {
            found.push((code, format!("{}: {quoted} / {applied}", line.number)));
        }
    };
    differ("quote_item_differs", wish.item.clone(), line.item.clone());
    differ("quote_quantity_differs", wish.quantity.to_string(), line.quantity.to_string());
    differ("quote_start_differs", wish.start.to_string(), line.start.to_string());
    let months = |term: Option<u32>| term.map_or("-".to_owned(), |months| months.to_string());
    differ("quote_term_differs", months(wish.min_term_months), months(line.min_term_months));
    if wish.item == line.item {
        let price = priced(law, line.clone()).map_or("-".to_owned(), |l| l.unit_price.to_string());
        differ("quote_price_differs", quoted.unit_price.to_string(), price);
    }
    found
}

impl Entry for Quote {
    const NAME: &'static str = "quote_issued";
    const CLAUSES: &'static [&'static str] = &["9-1"];
    const TITLE: Words = Words::new("見積書の発行", "quotation issued");

    fn stream(&self) -> Stream {
        Stream::Company
    }

    fn line(&self, l: Reader) -> String {
        let (number, until, total) = (&self.number, self.valid_until, yen(self.total, l));
        say!(
            l,
            "見積書{number}を発行（月額 {total}、有効期限 {until}）",
            "quotation {number} issued ({total} a month, valid up to {until})"
        )
    }
}

impl Entry for PurchaseOrder {
    const NAME: &'static str = "purchase_order_received";
    const CLAUSES: &'static [&'static str] = &["9-1"];
    const TITLE: Words = Words::new("発注書の受領", "purchase order received");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);

    fn stream(&self) -> Stream {
        Stream::Company
    }

    fn line(&self, l: Reader) -> String {
        let none = || l.pick("なし", "none").to_owned();
        let (number, quote) = (&self.number, self.quote.clone().unwrap_or_else(none));
        say!(
            l,
            "発注書{number}を受領（見積 {quote}）",
            "purchase order {number} received (on quotation {quote})"
        )
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        vec![Mark::Paper { folder: Folder::Filed, of: None, document: &mut self.document }]
    }
}

impl Unfolding<'_> {
    /// A quotation with the applications and orders on it.
    pub(crate) fn quote(&mut self, number: &str) {
        self.state.quotes.remove(number);
        let issued = self.facts::<Quote>().filter(|(_, quote)| quote.number == number);
        for (happening, quote) in issued {
            let issued_by = happening.input.clone();
            let orders = self.facts::<PurchaseOrder>().map(|(_, order)| order);
            let orders = orders.filter(|order| order.quote.as_deref() == Some(number));
            let orders: Vec<_> = orders.cloned().collect();
            let of_it = self.state.applications.iter().filter(|(_, application)| {
                matches!(&application.content.wish,
                    Wish::New { form } if form.quote.as_deref() == Some(number))
            });
            let mut applications: Vec<_> = of_it.map(|(id, _)| id.clone()).collect();
            applications.extend(orders.iter().filter_map(|order| order.application.clone()));
            applications.sort();
            applications.dedup();
            let quote = quote.clone();
            let state = QuoteState { quote, applications, orders, issued_by };
            self.state.quotes.insert(number.to_owned(), state);
        }
    }
}
