//! Filing: papers and files under seal, and the index by which they are found:
//! day, counterparty, amount, kind (電子帳簿保存法施行規則 4条). What the house
//! sends and receives by itself is indexed too.

use contract::AccountState;
use contract::application::quote::PurchaseOrder;
use contract::application::receiving::Wish;
use contract::declare::fact::{
    AgreementNoticeSent, Application, CancellationFormArrived, CertificateSent, ContractNoticeSent,
    CreditNoteSent, Fact, InvoiceSent, OrderAcceptanceSent, ReceiptNoticeSent,
    TerminationNoticeSent,
};
use contract::declare::ids::{AccountId, ContractId};
use contract::declare::sealed::{File, Sealed};
use contract::registered::filing::{ArrivalEvidence, DocumentKind, FiledDocument};
use contract::road::stream::{Content, Input};
use contract::sentence;
use contract::who::actor::Actor;
use reckon::{Day, Yen};
use serde::{Deserialize, Serialize};

use crate::keeping::store::ViewRow;
use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};

/// Something to be filed, with its bytes.
#[derive(Debug, Clone)]
pub struct NewDocument {
    pub kind: DocumentKind,
    pub dated: Day,
    pub counterparty: String,
    pub amount: Option<Yen>,
    pub about: Option<String>,
    pub original: Option<String>,
    pub arrival: Option<ArrivalEvidence>,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What is looked for: every condition that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentQuery {
    /// First and last day.
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// A part of the counterparty's name.
    pub counterparty: Option<String>,
    /// Least and most, with tax.
    pub least: Option<Yen>,
    pub most: Option<Yen>,
    /// Only documents that state no amount.
    pub without_amount: bool,
    pub kind: Option<DocumentKind>,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub account: AccountId,
    #[serde(flatten)]
    pub filed: FiledDocument,
}

impl Engine {
    /// Files a paper or file. It stays for its statutory time, under the
    /// records of the contract that it is about, or of the company.
    ///
    /// # Errors
    /// A document of a later day or without a counterparty; a failing store.
    pub async fn file_document(
        &self,
        id: &str,
        account: &AccountId,
        new: NewDocument,
        actor: &Actor,
    ) -> Result<(String, Outcome), EngineError> {
        let today = self.now().day();
        let arrived = new.arrival.as_ref().map(|arrival| arrival.at);
        let problem = if new.counterparty.trim().is_empty() {
            Some(sentence!(
                "取引先の名称を入力してください。",
                "a document is filed under its counterparty: write the name",
            ))
        } else if new.dated > today {
            let dated = new.dated;
            Some(sentence!(
                "書類の日付{dated}は今日（{today}）より後です。",
                "the document is of {dated}, later than today, {today}",
            ))
        } else {
            arrived.filter(|at| *at > self.now()).map(|at| {
                sentence!("到達日時{at}は今より後です。", "it arrives later than now, {at}")
            })
        };
        let problem = match (problem, &new.about) {
            (None, Some(about)) if !concerns(&*self.state(account).await?, about) => {
                Some(sentence!(
                    "この契約者に、契約・申込・見積書・請求書の{about}はありません。",
                    "{account} has no contract, application, quotation or invoice {about}",
                ))
            }
            (problem, _) => problem,
        };
        if let Some(problem) = problem {
            return Err(EngineError::Refused(problem));
        }
        let filed = FiledDocument {
            document: Sealed::Open(File { name: new.name, bytes: new.bytes }),
            kind: new.kind,
            dated: new.dated,
            counterparty: new.counterparty,
            amount: new.amount,
            about: new.about,
            original: new.original,
            arrival: new.arrival,
        };
        let fact = Fact::DocumentFiled(Box::new(filed));
        let input = self.input(id, account, actor, "desk", Content::Fact(fact));
        let document = match self.sealed(input.clone()).await?.content {
            Content::Fact(Fact::DocumentFiled(filed)) => filed.document.name().to_owned(),
            _ => String::new(),
        };
        Ok((document, self.register(input).await?))
    }

    /// Everything filed, sent or received that fits, by day.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn search_documents(&self, query: &DocumentQuery) -> Result<Vec<Found>, EngineError> {
        let rows = self.store.views("filed").await?.into_iter();
        let filed = rows.filter_map(|row| {
            let filed: FiledDocument = serde_json::from_value(row.content).ok()?;
            Some(Found { account: row.account, filed })
        });
        let mut found: Vec<_> = filed.filter(|found| query.fits(&found.filed)).collect();
        found.sort_by(|a, b| {
            (a.filed.dated, a.filed.document.name()).cmp(&(b.filed.dated, b.filed.document.name()))
        });
        Ok(found)
    }
}

impl DocumentQuery {
    /// Whether a document is looked for.
    pub fn fits(&self, filed: &FiledDocument) -> bool {
        let amount = filed.amount;
        self.from.is_none_or(|from| filed.dated >= from)
            && self.to.is_none_or(|to| filed.dated <= to)
            && self.counterparty.as_ref().is_none_or(|name| filed.counterparty.contains(name))
            && self.least.is_none_or(|least| amount.is_some_and(|amount| amount >= least))
            && self.most.is_none_or(|most| amount.is_some_and(|amount| amount <= most))
            && (!self.without_amount || amount.is_none())
            && self.kind.is_none_or(|kind| filed.kind == kind)
    }
}

/// Whether an id is one of this account; a contract may still be to come.
fn concerns(state: &AccountState, id: &str) -> bool {
    let mut applications = state.applications.keys();
    state.contracts.keys().any(|contract| contract.0 == id)
        || applications.any(|application| application.0 == id || application.contract().0 == id)
        || state.quotes.contains_key(id)
        || state.receivables.contains_key(id)
        || state.credit_notes.contains_key(id)
}

/// The index rows of an input: what it filed, and what it sent or brought in.
pub(crate) fn filed_views(input: &Input, state: &AccountState) -> Vec<ViewRow> {
    let Content::Fact(fact) = &input.content else { return Vec::new() };
    filed_by(input, fact, state)
        .into_iter()
        .map(|filed| ViewRow {
            kind: "filed".to_owned(),
            id: filed.document.name().to_owned(),
            account: input.account.clone(),
            content: serde_json::to_value(&filed).expect("plain data"),
        })
        .collect()
}

fn filed_by(input: &Input, fact: &Fact, state: &AccountState) -> Vec<FiledDocument> {
    let on = input.occurred_at.day();
    let of_contract = |word, kind, contract: &ContractId| {
        let name = company_name(state, Some(contract), on);
        kept(input, word, kind, on, name, None, contract.0.clone())
    };
    match fact {
        Fact::DocumentFiled(filed) => vec![filed.as_ref().clone()],
        Fact::PurchaseOrderReceived(order) => order_filed(order, state).into_iter().collect(),
        Fact::QuoteIssued(quote) => {
            let name = quote.customer.name.clone();
            let kind = DocumentKind::Quotation;
            let number = quote.number.clone();
            kept(input, "paper/", kind, quote.issued_on, name, Some(quote.total), number)
        }
        Fact::CheckRecorded(check) => {
            let kind = DocumentKind::CheckReport;
            let name = company_name(state, None, check.on);
            kept(input, "/check/", kind, check.on, name, None, input.account.0.clone())
        }
        Fact::ApplicationReceived(application) => {
            let kind = DocumentKind::ApplicationForm;
            let about = application.application.0.clone();
            kept(input, "/application/", kind, on, applicant(state, application), None, about)
        }
        Fact::CancellationFormArrived(CancellationFormArrived { contract, .. }) => {
            of_contract("/cancellation/", DocumentKind::CancellationForm, contract)
        }
        Fact::OrderAcceptanceSent(OrderAcceptanceSent { contract, .. }) => {
            of_contract("paper/", DocumentKind::OrderAcceptance, contract)
        }
        Fact::ReceiptNoticeSent(ReceiptNoticeSent { contract, .. })
        | Fact::TerminationNoticeSent(TerminationNoticeSent { contract, .. })
        | Fact::AgreementNoticeSent(AgreementNoticeSent { contract, .. })
        | Fact::ContractNoticeSent(ContractNoticeSent { contract, .. })
        | Fact::CertificateSent(CertificateSent { contract, .. }) => {
            of_contract("paper/", DocumentKind::Letter, contract)
        }
        Fact::InvoiceSent(InvoiceSent { number, .. }) => invoice_filed(input, number, state),
        Fact::CreditNoteSent(CreditNoteSent { number, .. }) => {
            credit_note_filed(input, number, state)
        }
        // No paper of ours or theirs goes with the others. The order acceptance that goes
        // with the acceptance mail (9-3) goes out once more by itself (9-5).
        _ => Vec::new(),
    }
}

/// An order whose file came with it.
fn order_filed(order: &PurchaseOrder, state: &AccountState) -> Option<FiledDocument> {
    let about = order.application.as_ref().map(|id| id.0.clone());
    order.document.name().contains("/filed/").then(|| FiledDocument {
        document: order.document.clone(),
        kind: DocumentKind::PurchaseOrder,
        dated: order.ordered_on,
        counterparty: company_name(state, None, order.ordered_on),
        amount: order.amount,
        about: about.or(order.quote.clone()),
        original: None,
        arrival: None,
    })
}

fn invoice_filed(input: &Input, number: &str, state: &AccountState) -> Vec<FiledDocument> {
    let Some(receivable) = state.receivables.get(number) else { return Vec::new() };
    let invoice = &receivable.invoice;
    let first = invoice.contracts().first().map(|id| (*id).clone());
    let name = company_name(state, first.as_ref(), invoice.issued_on);
    let (kind, total) = (DocumentKind::Invoice, Some(invoice.total));
    kept(input, "paper/", kind, invoice.issued_on, name, total, number.to_owned())
}

fn credit_note_filed(input: &Input, number: &str, state: &AccountState) -> Vec<FiledDocument> {
    let Some(note) = state.credit_notes.get(number) else { return Vec::new() };
    let first = note.lines.first().map(|line| line.charge.key.contract.clone());
    let name = company_name(state, first.as_ref(), note.issued_on);
    // Found by what the paper says: the amount given back.
    let (kind, total) = (DocumentKind::CreditNote, Some(-note.total));
    kept(input, "paper/", kind, note.issued_on, name, total, number.to_owned())
}

/// The rows kept with an input whose names hold a word.
fn kept(
    input: &Input,
    word: &str,
    kind: DocumentKind,
    dated: Day,
    counterparty: String,
    amount: Option<Yen>,
    about: String,
) -> Vec<FiledDocument> {
    let names = input.evidence.iter().filter_map(|name| name.split_once(" blake3:"));
    let names = names.map(|(id, _)| id).filter(|id| id.contains(word));
    names
        .map(|id| FiledDocument {
            document: Sealed::row(id),
            kind,
            dated,
            counterparty: counterparty.clone(),
            amount,
            about: Some(about.clone()),
            original: None,
            arrival: None,
        })
        .collect()
}

fn applicant(state: &AccountState, application: &Application) -> String {
    match &application.wish {
        Wish::New { form } => form.applicant.name.clone(),
        Wish::Faulty { applicant } => applicant.clone(),
        Wish::Change { contract, .. } => {
            company_name(state, Some(contract), application.received_at.day())
        }
    }
}

/// The company on a day: as registered, by the contract, an application or a
/// quotation, whichever is there.
fn company_name(state: &AccountState, contract: Option<&ContractId>, day: Day) -> String {
    let registered = state.parties.company_on(day).map(|company| company.name.clone());
    let contract = contract.and_then(|id| state.contracts.get(id));
    let contract = contract.map(|contract| contract.form.applicant.name.clone());
    let applied = state.applications.values().find_map(|application| {
        form_of(&application.content.wish).map(|form| form.applicant.name.clone())
    });
    let quoted = state.quotes.values().next().map(|quoted| quoted.quote.customer.name.clone());
    registered.or(contract).or(applied).or(quoted).unwrap_or_default()
}

/// The form of a new application; a change has none of its own.
pub(crate) fn form_of(wish: &Wish) -> Option<&contract::ApplicationForm> {
    match wish {
        Wish::New { form } => Some(form),
        Wish::Change { .. } | Wish::Faulty { .. } => None,
    }
}
