//! A step of a life on a page: what it is about, its fields, what it registers.
//! The road of all of them is here.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{self, MethodRouter};
use contract::application::receiving::Wish;
use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ApplicationId, ContractId};
use contract::matters::matter::MatterId;
use contract::notices::given::DeliveryId;
use contract::road::account::Account;
use contract::road::stream::Content;
use contract::who::roles::Permission;
use contract::{AccountState, ApplicationState, ContractState, Person};
use maud::{Markup, html};
use reckon::Moment;

use super::looked_file;
use crate::access::Visitor;
use crate::web::answer::{Page, Trouble};
use crate::web::bring::{Bringing, Taken, hat};
use crate::web::field::{self, Reached};
use crate::web::form::Form;
use crate::web::{App, parts};

/// What a step is done to.
pub struct Subject {
    pub account: AccountId,
    pub id: String,
    pub state: Arc<AccountState>,
    /// All that is known of the account.
    pub known: Arc<Account>,
    /// `/contracts`, `/applications`, `/invoices` …
    folder: &'static str,
    /// To whom is written about it now, where the step asks about people and whoever does it
    /// may see them.
    pub people: Vec<Person>,
}

/// What a step registers.
pub struct Brings {
    pub content: Content,
    pub occurred_at: Moment,
    pub how: How,
}

/// By which way it is registered.
pub enum How {
    /// As it is, under the key of the form.
    Plain,
    /// Under its own reference: it comes once, whoever types it.
    Application,
}

pub trait DeskForm: Send + Sync + 'static {
    /// `contract`, `application` or `quote`.
    const OF: &'static str;
    /// The last part of the path.
    const NAME: &'static str;
    const TITLE: &'static str;
    /// What stands on the button that registers it.
    const VERB: &'static str = "登録する";
    /// Whether files are chosen on it. A browser does not keep them: what was looked at is
    /// chosen once more, and is the same.
    const FILES: bool = false;

    /// What stands in the fields at first.
    fn begin(_app: &App, _subject: &Subject, _form: &mut Form) {}

    /// What it is for, and what comes of it.
    fn about(app: &App, subject: &Subject) -> Markup;

    fn fields(app: &App, subject: &Subject, form: &Form) -> Markup;

    /// What was typed; `None` when the form has faults.
    fn read(app: &App, subject: &Subject, form: &mut Form) -> Option<Brings>;
}

impl Subject {
    /// # Errors
    /// When there is no such contract, application, invoice …
    pub async fn load(app: &App, of: &'static str, id: &str) -> Result<Subject, Trouble> {
        let (folder, word) = match of {
            "contract" => ("/contracts", "契約"),
            "invoice" => ("/invoices", "請求書"),
            "matter" => ("/matters", "案件"),
            "delivery" => ("/deliveries", "送付"),
            "quote" => ("/quotes", "見積書"),
            _ => ("/applications", "申込"),
        };
        let missing = || Trouble::not_found(word, id, "一覧で番号を確かめてください。");
        let account = app.account_of(of, id).await?.ok_or_else(missing)?;
        let known = app.engine.account(&account).await?;
        let state = known.state().clone();
        let found = match of {
            "contract" => state.contracts.contains_key(&ContractId(id.to_owned())),
            "invoice" => state.receivables.contains_key(id),
            "matter" => state.matters.contains_key(&MatterId(id.to_owned())),
            "delivery" => state.notices.contains_key(&DeliveryId(id.to_owned())),
            "quote" => state.quotes.contains_key(id),
            _ => state.applications.contains_key(&ApplicationId(id.to_owned())),
        };
        let (id, people) = (id.to_owned(), Vec::new());
        let subject = Subject { account, id, state, known, folder, people };
        if found { Ok(subject) } else { Err(missing()) }
    }

    /// To whom is written about it now, for whoever may see that.
    pub async fn show_people(
        &mut self,
        app: &App,
        visitor: &Visitor,
        of: &str,
    ) -> Result<(), Trouble> {
        if visitor.holds(Permission::ReadPersonal) {
            let contract = match of {
                "application" => ApplicationId(self.id.clone()).contract(),
                _ => ContractId(self.id.clone()),
            };
            self.people = app.engine.contract_people(&self.state, &contract).await?;
        }
        Ok(())
    }

    /// Panics for a step on applications; the table of routes keeps them apart.
    pub fn contract(&self) -> (ContractId, &ContractState) {
        let id = ContractId(self.id.clone());
        let contract = &self.state.contracts[&id];
        (id, contract)
    }

    pub fn application(&self) -> (ApplicationId, &ApplicationState) {
        let id = ApplicationId(self.id.clone());
        let application = &self.state.applications[&id];
        (id, application)
    }

    pub fn page(&self) -> String {
        parts::path(self.folder, &self.id)
    }

    /// Who the customer is today.
    pub fn name(&self, app: &App) -> String {
        let registered = self.state.parties.company_on(app.engine.now().day());
        let contract = self.state.contracts.values().next_back();
        let application =
            self.state.applications.values().find_map(|one| match &one.content.wish {
                Wish::New { form } => Some(form.applicant.name.clone()),
                Wish::Faulty { applicant } => Some(applicant.clone()),
                Wish::Change { .. } => None,
            });
        registered
            .or(contract.map(|contract| &contract.form.applicant))
            .map(|company| company.name.clone())
            .or(application)
            .unwrap_or_default()
    }
}

impl Brings {
    pub fn fact(fact: Fact, occurred_at: Moment) -> Brings {
        Brings { content: Content::Fact(fact), occurred_at, how: How::Plain }
    }
}

/// Where a step is done.
pub fn path<S: DeskForm>(subject: &Subject) -> String {
    format!("{}/{}", subject.page(), S::NAME)
}

/// The template of that path, for the table of routes.
pub fn template<S: DeskForm>() -> String {
    let (folder, id) = match S::OF {
        "contract" => ("/contracts", "{id}"),
        "quote" => ("/quotes", "{number}"),
        _ => ("/applications", "{id}"),
    };
    format!("{folder}/{id}/{}", S::NAME)
}

/// The page of a step, for the table of routes.
pub fn get<S: DeskForm>() -> MethodRouter<Arc<App>> {
    routing::get(show::<S>)
}

/// The form of a step, for the table of routes.
pub fn post<S: DeskForm>() -> MethodRouter<Arc<App>> {
    routing::post(take::<S>)
}

pub async fn show<S: DeskForm>(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Trouble> {
    let subject = Subject::load(&app, S::OF, &id).await?;
    let mut form = Form::fresh()?;
    S::begin(&app, &subject, &mut form);
    Ok(page::<S>(&app, &visitor, &subject, &form, Reached::Typing))
}

pub async fn take<S: DeskForm>(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, Trouble> {
    let subject = Subject::load(&app, S::OF, &id).await?;
    form.reason(false);
    if S::FILES {
        looked_file::look(&mut form);
    }
    let brings = S::read(&app, &subject, &mut form).filter(|_| form.is_good());
    let Some(brings) = brings else {
        return Ok(again(page::<S>(&app, &visitor, &subject, &form, Reached::Typing)));
    };
    match register(&app, &visitor, &subject, &form, brings).await? {
        Taken::Registered => Ok(told(&subject.page(), &form)),
        Taken::Looked(foreseen) => {
            let blocked = foreseen.is_blocked();
            let reached = if blocked { Reached::Typing } else { foreseen.reached() };
            let mut shown = page::<S>(&app, &visitor, &subject, &form, reached);
            if blocked {
                let body = shown.body;
                shown.body =
                    html! { section.foreseen.stopped role="alert" { (foreseen.shown()) } (body) };
                return Ok(again(shown));
            }
            Ok(shown.into_response())
        }
    }
}

async fn register(
    app: &App,
    visitor: &Visitor,
    subject: &Subject,
    form: &Form,
    brings: Brings,
) -> Result<Taken, Trouble> {
    let Brings { mut content, occurred_at, how } = brings;
    let actor = hat(visitor, &content)?;
    if let Content::Fact(Fact::ApplicationReceived(application)) = &mut content {
        application.registered_by.clone_from(&actor.id);
    }
    let bringing = Bringing { account: &subject.account, content, occurred_at, source: "desk" };
    if let How::Plain = how {
        return app.take(visitor, form, bringing).await;
    }
    let mut input = app.input_of(form, &actor, &bringing)?;
    if let Content::Fact(Fact::ApplicationReceived(application)) = &input.content {
        input.id.0 = format!("received-{}", application.application);
    }
    if app.is_done(&input).await? {
        return Ok(Taken::Registered);
    }
    app.take_input(visitor, form, input).await
}

fn page<S: DeskForm>(
    app: &App,
    visitor: &Visitor,
    subject: &Subject,
    form: &Form,
    reached: Reached,
) -> Page {
    let inside = html! {
        (S::fields(app, subject, form))
        (field::reason(form, false))
    };
    let body = html! {
        p.subject { (parts::name(&subject.name(app))) " " (parts::id_link(subject.folder, &subject.id)) }
        (S::about(app, subject))
        @if S::FILES {
            (looked_file::frame(visitor, &path::<S>(subject), form, S::VERB, &reached, inside))
        } @else {
            (field::frame(visitor, &path::<S>(subject), form, S::VERB, reached, inside))
        }
        p.back { a href=(subject.page()) { "登録せずに戻る" } }
    };
    Page::new(S::TITLE, body)
}

/// The same page, because it could not be registered as it is.
pub fn again(page: Page) -> Response {
    let mut response = page.into_response();
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// To the page of what was done, which tells what came of it.
pub fn told(path: &str, form: &Form) -> Response {
    let mark = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{mark}done={}", form.text("key"))).into_response()
}

/// To the page of what was done, which says so.
pub fn done(path: &str) -> Response {
    let mark = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{mark}done=1")).into_response()
}

/// The moment now, as fields of the browser have it.
pub fn local(app: &App) -> String {
    app.engine.now().japan().strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A box that has to be ticked.
pub fn confirm(form: &mut Form, name: &str) -> Option<()> {
    if form.text(name) == "yes" {
        return Some(());
    }
    form.fault(name, "確認した上で、チェックを入れてください。");
    None
}
