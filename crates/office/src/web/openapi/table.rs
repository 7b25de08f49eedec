//! What every operation of the API takes and gives.

use std::sync::LazyLock;

use contract::declare::act::Act;
use contract::declare::door::Doorway;
use contract::declare::fact::Fact;
use contract::matters::matter::Matter;
use contract::notices::effective::Notice;
use contract::registered::filing::FiledDocument;
use contract::road::shown;
use contract::road::stream::Record;
use contract::{OpenProposal, OpenRight, OpenTask};
use engine::{Comparison, EntryPreview, OutboxRow, RefusedRow};
use serde_json::Value;

use super::operation::Gives::{Bytes, Done, Json, State};
use super::operation::{
    Operation, bare, door, fields, file, get, list, looking, of, perhaps_file, post, unkeyed,
};
use crate::web::api::files::{CancellationFile, ChargedFile, FormFile, Named};
use crate::web::api::filing::{FiledTaken, NewFiled};
use crate::web::api::lists::{
    Applications, Contracts, Dates, Deliveries, Effects, Filed, Invoices, Matters, OfAccount,
    Plain, Quotations, Refused, Tasks,
};
use crate::web::api::notices::{NewNotice, NoticeAnswer, NoticeForeseen, NoticeItem, NoticeTaken};
use crate::web::api::paging::Listing;
use crate::web::api::people::{
    KeyEnded, KeyItem, KeyMade, LinkAsked, NewPeopleStep, PeopleChanged, PeopleProposal,
    PersonItem, SessionsEnded, WantedKey,
};
use crate::web::api::quotations::{NewQuotation, OrderFile, QuotationDetail, QuotationTaken};
use crate::web::api::read::StoryAsked;
use crate::web::api::register::Brought;
use crate::web::api::registered::NewDataChange;
use crate::web::api::restored::{Decided, NewDecision, RestoreReview};
use crate::web::api::shapes::{
    AccountItem, ApplicationTaken, ClockMoved, ContractDetail, DateToCome, DepositsTaken,
    DocumentItem, Health, IndexItem, InvoiceDetail, InvoiceRow, Item, Me, NumberedItem, Of, People,
    Ready, RunTaken, StoryLine, Taken, UsageTaken, WaitingMovementItem, Why,
};
use crate::web::api::steps::{
    Approval, CheckFile, Foreseen, NewApplication, NewChange, NewCheck, NewContact, NewRun,
    ProposalAnswer,
};
use crate::web::api::stop_trial::{Desired, Trial};
use crate::web::api::takeovers::{BookFile, BookTaken, CheckedBook};
use crate::web::clock::Target;
use crate::web::mending::{Mended, NewMending};
use crate::web::registered::Registered;
use crate::web::why;

type FiledItems = Listing<Item<FiledDocument>>;
type QuotationItems = Listing<Item<shown::Quotation>>;
type ContractItems = Listing<NumberedItem<shown::Contract>>;
type InvoiceItems = Listing<Item<InvoiceRow>>;
type ApplicationItems = Listing<NumberedItem<shown::Application>>;

/// What is written here, and what each door makes.
pub static OPERATIONS: LazyLock<Vec<Operation>> =
    LazyLock::new(|| WRITTEN.iter().copied().chain(Doorway::all().map(door)).collect());

#[rustfmt::skip]
static WRITTEN: &[Operation] = &[
    get("/health", "health", "service", "Is the service up?", Json(of::<Health>)),
    get("/ready", "ready", "service", "Can work be given to this process?", State(of::<Ready>)),
    get("/api/v1/openapi.json", "openapi", "service", "This document", Json(of::<Value>)),
    get("/api/v1", "index", "service", "What the caller may use", Json(of::<Listing<IndexItem>>)),
    get("/api/v1/me", "me", "service", "Who is asking, in which roles", Json(of::<Me>)),
    unkeyed(post("/api/v1/clock", "move_clock", "Move a clock that people move by hand", of::<Target>, of::<ClockMoved>)),
    list("/api/v1/accounts", "accounts", "book", "Accounts, by id", fields::<Plain>, Json(of::<Listing<AccountItem>>)),
    list("/api/v1/contracts", "contracts", "book", "Contracts, by id", fields::<Contracts>, Json(of::<ContractItems>)),
    get("/api/v1/contracts/{id}", "contract", "book", "One contract as it stands now", Json(of::<ContractDetail>)),
    list("/api/v1/contracts/{id}/timeline", "timeline", "book", "What happened to a contract: what was registered last comes first, each page in the order of time from its newest line on", fields::<StoryAsked>, Json(of::<Listing<StoryLine>>)),
    get("/api/v1/contracts/{id}/people", "people", "book", "The people of a contract", Json(of::<People>)),
    list("/api/v1/contracts/{id}/stop-trial", "stop_trial", "book", "What a wish to stop would come to by both roads; nothing is registered", fields::<Desired>, Json(of::<Trial>)),
    get("/api/v1/contracts/{id}/registered", "registered", "book", "What is registered of a customer today, and every change of it", Json(of::<Registered>)),
    list("/api/v1/applications", "applications", "book", "Applications, by id", fields::<Applications>, Json(of::<ApplicationItems>)),
    list("/api/v1/quotations", "quotations", "book", "Quotations, by number", fields::<Quotations>, Json(of::<QuotationItems>)),
    get("/api/v1/quotations/{number}", "quotation", "book", "One quotation, the orders and applications on it", Json(of::<QuotationDetail>)),
    list("/api/v1/rights", "rights", "book", "Rights that are open", fields::<OfAccount>, Json(of::<Listing<Of<OpenRight>>>)),
    list("/api/v1/tasks", "tasks", "book", "Tasks that are open", fields::<Tasks>, Json(of::<Listing<Of<OpenTask>>>)),
    list("/api/v1/matters", "matters", "book", "Matters, by id", fields::<Matters>, Json(of::<Listing<NumberedItem<Matter>>>)),
    list("/api/v1/notices", "notices", "book", "Notices of the operator, by id, and how far each is", fields::<Plain>, Json(of::<Listing<NoticeItem>>)),
    list("/api/v1/deliveries", "deliveries", "book", "Notices as they went to customers, each with the moment from which it holds", fields::<Deliveries>, Json(of::<Listing<Item<Notice>>>)),
    list("/api/v1/movements", "movements", "money", "Movements of the bank that wait for a person", fields::<Plain>, Json(of::<Listing<WaitingMovementItem>>)),
    list("/api/v1/dates", "dates", "book", "Days to come: limits, ends, due dates, reminders", fields::<Dates>, Json(of::<Listing<DateToCome>>)),
    list("/api/v1/why/{*id}", "why", "book", "Why: the stored reasons", fields::<why::Asked>, Json(of::<Why>)),
    list("/api/v1/invoices", "invoices", "money", "Invoices, by number", fields::<Invoices>, Json(of::<InvoiceItems>)),
    get("/api/v1/invoices/{number}", "invoice", "money", "One invoice, its lines and payments", Json(of::<InvoiceDetail>)),
    list("/api/v1/accounts/{id}/entries", "entries", "record", "What was registered for an account, in that order", fields::<Plain>, Json(of::<Listing<Record>>)),
    list("/api/v1/accounts/{id}/documents", "documents", "record", "What was issued to an account", fields::<Plain>, Json(of::<Listing<DocumentItem>>)),
    get("/api/v1/documents/{*id}", "document", "record", "One issued document as it was sent", Bytes),
    get("/api/v1/evidence/{*id}", "evidence", "record", "A form, mail or paper as it came", Bytes),
    list("/api/v1/filed", "filed", "record", "Filed documents by day, counterparty, amount and kind, as far as the caller may see them; by id", fields::<Filed>, Json(of::<FiledItems>)),
    get("/api/v1/filed/{*id}", "filed_document", "record", "One filed document: a form, paper or letter as it was received or sent", Bytes),
    list("/api/v1/outbox", "outbox", "record", "Mails and changes of the cloud: waiting, done, refused", fields::<Effects>, Json(of::<Listing<OutboxRow>>)),
    post("/api/v1/outbox/{id}/mending", "mend_effect", "Say of an effect that was refused: try it again, it was done in another way, or nobody needs it", of::<NewMending>, of::<Mended>),
    list("/api/v1/refused", "refused", "record", "Rows of files that were not taken", fields::<Refused>, Json(of::<Listing<RefusedRow>>)),
    get("/api/v1/export", "export", "record", "Everything recorded", Json(of::<Value>)),
    post("/api/v1/facts", "register_fact", "Register something that happened", of::<Brought<Fact>>, of::<Taken>),
    post("/api/v1/acts", "register_act", "Do something; what speaks against it is answered with its grounds", of::<Brought<Act>>, of::<Taken>),
    post("/api/v1/applications", "new_application", "Register an application as data", of::<NewApplication>, of::<ApplicationTaken>),
    file("/api/v1/applications/file", "application_file", "Register an application mail or form as it came", fields::<FormFile>, of::<ApplicationTaken>),
    post("/api/v1/applications/{id}/contacts", "new_contact", "Register whom to write to from now on", of::<NewContact>, of::<Taken>),
    post("/api/v1/accounts/{id}/checks", "new_check", "Record a check of a company before acceptance", of::<NewCheck>, of::<Taken>),
    post("/api/v1/quotations", "new_quotation", "Issue a quotation; it gets the next number and a PDF", of::<NewQuotation>, of::<QuotationTaken>),
    perhaps_file("/api/v1/accounts/{id}/purchase-orders", "new_purchase_order", "Register a customer's order with its file", fields::<OrderFile>, of::<Taken>),
    file("/api/v1/accounts/{id}/filed", "file_document", "File a document or its scan", fields::<NewFiled>, of::<FiledTaken>),
    file("/api/v1/accounts/{id}/checks/file", "check_file", "Record a check of a company with its report", fields::<CheckFile>, of::<Taken>),
    post("/api/v1/contracts/{id}/data-changes", "new_data_change", "Register a change of what is registered, from a day on", of::<NewDataChange>, of::<Taken>),
    post("/api/v1/contracts/{id}/changes", "new_change", "Register an application for a change of a contract", of::<NewChange>, of::<ApplicationTaken>),
    file("/api/v1/cancellations/file", "cancellation_file", "Register a cancellation form as it came", fields::<CancellationFile>, of::<Taken>),
    file("/api/v1/deposits", "deposits", "Read a deposit file of the bank", fields::<Named>, of::<DepositsTaken>),
    file("/api/v1/usage", "usage", "Read a usage file of the cloud", fields::<Named>, of::<UsageTaken>),
    post("/api/v1/billing-runs", "billing_run", "Charge everything up to a month", of::<NewRun>, of::<RunTaken>),
    looking(file("/api/v1/comparisons", "compare_charges", "Compare what an earlier way charged for a month with what the terms charge", fields::<ChargedFile>, of::<Comparison>)),
    list("/api/v1/proposals", "proposals", "steps", "What waits for a second person", fields::<OfAccount>, Json(of::<Listing<Of<OpenProposal>>>)),
    looking(post("/api/v1/previews", "preview", "What an act or a fact would change, and what has been sent already", of::<Foreseen>, of::<EntryPreview>)),
    post("/api/v1/notices", "new_notice", "Write a notice to customers; it leaves at once, or waits for its approval", of::<NewNotice>, of::<NoticeTaken>),
    looking(post("/api/v1/notices/preview", "preview_notice", "To whom a notice would go and by when it has to take effect; nothing is written", of::<NewNotice>, of::<NoticeForeseen>)),
    post("/api/v1/notices/{id}/answer", "answer_notice", "Approve a notice that somebody else wrote, or drop it", of::<NoticeAnswer>, of::<NoticeTaken>),
    post("/api/v1/proposals", "propose", "Put an act before a second person", of::<Brought<Act>>, of::<Taken>),
    post("/api/v1/proposals/{id}/approve", "approve", "Approve what somebody else proposed, by repeating it", of::<Approval>, of::<Taken>),
    post("/api/v1/proposals/{id}/decline", "decline", "Turn a proposal down, or take back one's own", of::<ProposalAnswer>, of::<Taken>),
    list("/api/v1/people", "persons", "people", "The people, with their roles of today", fields::<Plain>, Json(of::<Listing<PersonItem>>)),
    list("/api/v1/people/proposals", "people_proposals", "people", "Changes of the people that wait for a second administrator", fields::<Plain>, Json(of::<Listing<PeopleProposal>>)),
    post("/api/v1/people", "change_people", "Add a person; give or end roles, deputies, limits; set an address, clear codes, wake roles; approve or decline what another administrator proposed", of::<NewPeopleStep>, of::<PeopleChanged>),
    bare("/api/v1/people/{person}/set-up-link", "set_up_link", "people", "Have a link with which a person sets a password mailed to them, or handed over by a second administrator; not with a key", Done(of::<LinkAsked>)),
    bare("/api/v1/people/{person}/sessions/end", "end_sessions", "people", "End every session of a person", Json(of::<SessionsEnded>)),
    list("/api/v1/keys", "keys", "people", "The keys of programs, without their secrets", fields::<Plain>, Json(of::<Listing<KeyItem>>)),
    unkeyed(post("/api/v1/keys", "new_key", "Make a key, which is answered this once; not with a key", of::<WantedKey>, of::<KeyMade>)),
    bare("/api/v1/keys/{key}/revoke", "revoke_key", "people", "End a key at once", Json(of::<KeyEnded>)),
    get("/api/v1/takeovers/template", "takeover_template", "service", "The empty workbook for an existing book", Bytes),
    looking(file("/api/v1/takeovers/check", "check_takeover", "Read a workbook and say what loading it would come to; nothing is written", fields::<BookFile>, of::<engine::Preview>)),
    file("/api/v1/takeovers", "takeover", "Load a workbook that was checked; the same one again goes on where a load stopped", fields::<CheckedBook>, of::<BookTaken>),
    get("/api/v1/restore-review", "restore_review", "service", "What waits for a decision after a restore", Json(of::<RestoreReview>)),
    post("/api/v1/restore-review/decisions", "decide_restored", "Say what left the house since the backup, which numbers are free, or that all is decided", of::<NewDecision>, of::<Decided>),
    list("/api/v1/my/contracts", "own_contracts", "own", "A customer's own contracts", fields::<Plain>, Json(of::<ContractItems>)),
    list("/api/v1/my/invoices", "own_invoices", "own", "A customer's own invoices", fields::<Plain>, Json(of::<InvoiceItems>)),
];
