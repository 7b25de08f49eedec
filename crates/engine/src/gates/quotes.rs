//! Quotations (見積書) and the customer's orders on them (発注書).

use contract::Person;
use contract::application::quote::{Offer, PurchaseOrder, Quote, draw_up};
use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, InputId};
use contract::road::stream::Content;
use contract::sentence;
use contract::who::actor::Actor;
use serde_json::json;

use crate::keeping::store::{OperatorEntry, PersonalRow, StoreError, Transaction};
use crate::keeping::subjects::company_subject;
use crate::outgoing::papers;
use crate::road::engine::Engine;
use crate::road::evidence::evidence;
use crate::road::outcome::{EngineError, Outcome};
use crate::road::plausible::check_entry;

impl Engine {
    /// Issues a quotation to a company, which need not be a customer: its account
    /// is that of its corporate number. The number, the fact and the PDF are
    /// written together, so that the series has no gap. The same id again gives
    /// the same quotation.
    ///
    /// # Errors
    /// An offer that cannot be meant, or an item without a price; a failing store.
    pub async fn issue_quote(
        &self,
        id: &str,
        offer: Offer,
        attention: Option<&Person>,
        actor: &Actor,
    ) -> Result<(Quote, Outcome), EngineError> {
        check_offer(&offer, self.now().day())?;
        let account = AccountId::of_company(&offer.customer.corporate_number);
        let drawn = draw_up(&self.law, offer).map_err(|unpriced| {
            let problem = "料金表に価格のない品目があります。";
            EngineError::Refused(sentence!("{problem}", "{unpriced}"))
        })?;
        loop {
            if let Some(earlier) = self.quote_of(&account, id).await? {
                return Ok((earlier, Outcome { repeated: true, ..Outcome::default() }));
            }
            let (quote, entry) = self.next_quote(&drawn, &account, actor).await?;
            let paper =
                papers::quotation(self.sender(), &quote, attention.map(|p| p.name.as_str()));
            let bytes = typeset::render(&paper, &self.fonts)?;
            let row = PersonalRow {
                id: format!("paper/{}", quote.number),
                subject: company_subject(&account),
                account: account.clone(),
                class: "paper".to_owned(),
                name: format!("見積書_{}.pdf", quote.number),
                content: bytes,
            };
            let transaction = Transaction {
                operator: vec![entry],
                personal: vec![row],
                ..Transaction::default()
            };
            let fact = Fact::QuoteIssued(Box::new(quote.clone()));
            let mut input = self.input(id, &account, actor, "desk", Content::Fact(fact));
            input.evidence = evidence(&transaction);
            check_entry(&input)?;
            match self.register_with(input, transaction).await {
                // Somebody else took the number meanwhile.
                Err(EngineError::Store(StoreError::Duplicate(key))) if key.contains("numbers/") => {
                }
                Ok(outcome) if outcome.repeated => {}
                other => return other.map(|outcome| (quote, outcome)),
            }
        }
    }

    async fn quote_of(&self, account: &AccountId, id: &str) -> Result<Option<Quote>, EngineError> {
        if !self.store.has_input(&InputId(id.to_owned())).await? {
            return Ok(None);
        }
        let records = self.records(account).await?;
        let quote = records.into_iter().find_map(|record| match record.input.content {
            Content::Fact(Fact::QuoteIssued(quote)) if record.input.id.0 == id => Some(*quote),
            _ => None,
        });
        let taken = || {
            EngineError::Refused(sentence!(
                "{id}は別の登録の番号です。",
                "{id} is the id of another entry"
            ))
        };
        quote.map(Some).ok_or_else(taken)
    }

    /// The next number of the year's series, and the entry that takes it.
    async fn next_quote(
        &self,
        drawn: &Quote,
        account: &AccountId,
        actor: &Actor,
    ) -> Result<(Quote, OperatorEntry), EngineError> {
        let (prefix, year) = (&self.operator.quote.prefix, drawn.issued_on.year());
        let stream = format!("numbers/{prefix}-{year}");
        let given = self.store.operator_stream(&stream).await?;
        let last = given.last().and_then(|entry| entry.payload["last"].as_u64()).unwrap_or(0);
        let number = format!("{prefix}-{year}-{:06}", last + 1);
        let entry = OperatorEntry {
            stream,
            key: number.clone(),
            kind: "number".to_owned(),
            payload: json!({ "last": last + 1, "account": account, "by": actor.id }),
        };
        Ok((Quote { number, ..drawn.clone() }, entry))
    }

    /// The customer's order on a quotation, with its file.
    ///
    /// # Errors
    /// An order of a later day, a quotation or application that this account does
    /// not have, or a failing store.
    pub async fn receive_purchase_order(
        &self,
        id: &str,
        account: &AccountId,
        order: PurchaseOrder,
        actor: &Actor,
    ) -> Result<Outcome, EngineError> {
        let state = self.state(account).await?;
        let problem = match &order {
            _ if order.ordered_on > self.now().day() => {
                let day = order.ordered_on;
                Some(sentence!(
                    "発注日{day}は今日より後です。",
                    "the order is of {day}, later than today"
                ))
            }
            PurchaseOrder { quote: Some(number), .. } if !state.quotes.contains_key(number) => {
                Some(sentence!(
                    "この契約者に見積書{number}はありません。",
                    "{account} has no quotation {number}"
                ))
            }
            PurchaseOrder { application: Some(id), .. } if !state.applications.contains_key(id) => {
                Some(sentence!(
                    "この契約者に申込{id}はありません。",
                    "{account} has no application {id}"
                ))
            }
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(EngineError::Refused(problem));
        }
        let fact = Fact::PurchaseOrderReceived(Box::new(order));
        self.register(self.input(id, account, actor, "desk", Content::Fact(fact))).await
    }
}

fn check_offer(offer: &Offer, today: reckon::Day) -> Result<(), EngineError> {
    let number = &offer.customer.corporate_number;
    let (issued, until) = (offer.issued_on, offer.valid_until);
    let problem = if issued > today {
        sentence!(
            "見積日{issued}は今日（{today}）より後です。",
            "the quotation is of {issued}, later than today, {today}",
        )
    } else if until < issued {
        sentence!(
            "有効期限{until}が見積日{issued}より前です。",
            "valid up to {until}, before its own day {issued}",
        )
    } else if offer.lines.is_empty() {
        sentence!("見積書には明細が一つ以上必要です。", "a quotation has at least one line")
    } else if number.len() != 13 || !number.bytes().all(|b| b.is_ascii_digit()) {
        sentence!(
            "「{number}」は13桁の法人番号ではありません。",
            "\"{number}\" is no corporate number (法人番号) of 13 digits",
        )
    } else {
        return Ok(());
    };
    Err(EngineError::Refused(problem))
}
