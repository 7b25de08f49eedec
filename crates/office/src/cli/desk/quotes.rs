//! Quotations and the orders on them.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use contract::application::quote::{Offer, PurchaseOrder, Quote};
use contract::declare::ids::{AccountId, ApplicationId, short_hash};
use contract::declare::sealed::Sealed;
use contract::who::actor::Actor;
use contract::{Person, PersonRole};
use engine::{Engine, ListPart};
use reckon::{Day, Yen};

use super::{Given, Job, read_json, told};
use crate::cli::installation::Installation;
use crate::cli::place::Place;
use crate::cli::print;

#[derive(Subcommand)]
pub enum QuoteCommand {
    /// Issue a quotation: it gets the next number and a PDF.
    Issue {
        /// What is offered, as the API takes it in `offer`; `-` reads it from standard input.
        json: String,
        /// Number of this entry: the same one again gives the same quotation.
        #[arg(long)]
        id: String,
        /// To whose attention it is printed.
        #[arg(long)]
        attention: Option<String>,
        #[command(flatten)]
        given: Given,
    },
    /// Every quotation with its validity and what came of it.
    List {
        /// Only of this account.
        #[arg(long)]
        account: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// One quotation as JSON, with its orders and applications.
    Show {
        number: String,
        #[command(flatten)]
        place: Place,
    },
}

/// What a purchase order says.
#[derive(Args)]
pub struct OrderArgs {
    /// Of a purchase order: whose it is.
    #[arg(long)]
    account: Option<String>,
    /// Of a purchase order: its number.
    #[arg(long)]
    number: Option<String>,
    /// Of a purchase order: its day.
    #[arg(long)]
    on: Option<Day>,
    /// Of a purchase order: the quotation that it is on.
    #[arg(long)]
    quote: Option<String>,
    /// Of a purchase order: the application that it belongs to.
    #[arg(long)]
    application: Option<String>,
    /// Of a purchase order: its amount with tax, if one is written.
    #[arg(long)]
    amount: Option<i64>,
}

impl OrderArgs {
    pub(super) fn read(self) -> anyhow::Result<(AccountId, PurchaseOrder)> {
        let missing = |name| format!("say --{name} of the purchase order");
        let account = AccountId(self.account.with_context(|| missing("account"))?);
        let number = self.number.with_context(|| missing("number"))?;
        if number.trim().is_empty() {
            bail!("the purchase order has no number");
        }
        if self.amount.is_some_and(|amount| amount < 1) {
            bail!("--amount is 1 yen or more; leave it out when none is written");
        }
        let order = PurchaseOrder {
            number,
            ordered_on: self.on.with_context(|| missing("on"))?,
            quote: self.quote,
            application: self.application.map(ApplicationId),
            amount: self.amount.map(Yen),
            document: Sealed::row(""),
        };
        Ok((account, order))
    }
}

/// The step that a command comes to, unless it only looks.
pub(super) async fn of(command: QuoteCommand) -> anyhow::Result<Option<(Job, Given)>> {
    match command {
        QuoteCommand::Issue { json, id, attention, given } => {
            let offer: Box<Offer> = read_json(&json)?;
            return Ok(Some((Job::Quote { id, offer, attention }, given)));
        }
        QuoteCommand::List { account, place } => {
            let installation = Installation::at(&place).await?;
            list(&installation.door.engine, account.map(AccountId)).await?;
        }
        QuoteCommand::Show { number, place } => {
            let installation = Installation::at(&place).await?;
            let found = installation.door.engine.store.view("quote", &number).await?;
            let view = found.with_context(|| {
                format!("there is no quotation {number}: `yakkan quote list` lists them")
            })?;
            print(&serde_json::to_string_pretty(&view.content)?)?;
        }
    }
    Ok(None)
}

async fn list(engine: &Engine, account: Option<AccountId>) -> anyhow::Result<()> {
    let today = engine.now().day();
    let mut after = String::new();
    loop {
        let part = ListPart { after: &after, account: account.as_ref(), limit: 200 };
        let views = engine.store.views_part("quote", part).await?;
        let Some(last) = views.last().map(|view| view.id.clone()) else { return Ok(()) };
        after = last;
        for view in views {
            // What was voided has no content any more.
            let quote = serde_json::from_value::<Quote>(view.content["quote"].clone());
            let Ok(quote) = quote else { continue };
            let some = |field: &str| view.content[field].as_array().is_some_and(|l| !l.is_empty());
            let state = match (some("orders"), some("applications"), quote.is_valid_on(today)) {
                (true, _, _) => "ordered",
                (_, true, _) => "applied",
                (_, _, true) => "valid",
                _ => "expired",
            };
            let (number, until, total) = (&quote.number, quote.valid_until, quote.total);
            println!("{number}  {}  until {until}  {total} yen  {state}", view.account);
        }
    }
}

/// Issues a quotation and says its number.
pub(super) async fn issue(
    engine: &Engine,
    id: &str,
    offer: Offer,
    attention: Option<String>,
    actor: &Actor,
) -> anyhow::Result<ExitCode> {
    let person = attention.map(|name| Person {
        role: PersonRole::ResponsiblePerson,
        name,
        department: String::new(),
        mail: String::new(),
        phone: String::new(),
    });
    let (quote, outcome) = engine.issue_quote(id, offer, person.as_ref(), actor).await?;
    let account = AccountId::of_company(&quote.customer.corporate_number);
    println!("{} of {account}: {} yen a month, with tax", quote.number, quote.total);
    Ok(told(&outcome))
}

/// Registers an order; the same file under the same number again does nothing.
pub(super) async fn take_order(
    engine: &Engine,
    account: AccountId,
    order: PurchaseOrder,
    name: &str,
    bytes: &[u8],
    actor: &Actor,
) -> anyhow::Result<ExitCode> {
    if engine.store.view("account", &account.0).await?.is_none() {
        bail!("there is no account {account}");
    }
    let said = serde_json::to_vec(&order)?;
    let id = format!("order-{}", short_hash(&[account.0.as_bytes(), &said, bytes].concat()));
    let document = Sealed::file_or(Some((name.to_owned(), bytes.to_vec())), "");
    let order = PurchaseOrder { document, ..order };
    let found = engine.receive_purchase_order(&id, &account, order, actor).await?;
    Ok(told(&found))
}
