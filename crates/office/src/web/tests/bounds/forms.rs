//! Every field of every form that a page shows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use contract::declare::ids::AccountId;
use contract::declare::task::TaskKind;
use contract::road::stream::Content;
use contract::who::roles::Role;
use engine::Stage;
use engine::people::Belongs;
use serde_json::json;

use super::{Answer, Asked, DAYS, Office, ask_all, long_text};
use crate::access::{Came, csrf_of};
use crate::web::parts::escaped;
use crate::web::routes::{Kind, ROUTES, Route};
use crate::web::tests::EVERYTHING;
use crate::web::tests::announce::announced;
use crate::web::tests::deposits::unknown_deposits;
use crate::web::tests::fill::hidden;
use crate::web::tests::matters::reported;
use crate::web::tests::mending::refused;
use crate::web::tests::quotations::quoted;

const UNPAID: &str = "2026-09-07T09:00:00";

/// Forms whose page needs what this office has not: a link that was sent, codes that
/// are set up, a restore.
const ELSEWHERE: [&str; 3] = ["/set-up/{token}", "/account/codes/stop", "/restored"];

/// Who looks at a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    /// Has given a password, and owes a code.
    Owing(&'static str),
    Person(&'static str),
}

const EVERYBODY: [Who; 4] =
    [Who::Person(EVERYTHING), Who::Person("customer"), Who::Nobody, Who::Owing("customer")];

/// The cookie of a browser, and what its forms carry.
#[derive(Debug, Clone)]
struct Browser {
    cookie: String,
    csrf: String,
}

/// A form as a page shows it.
#[derive(Debug, Clone)]
struct Shown {
    who: Who,
    post: bool,
    with_files: bool,
    action: String,
    /// Names with what stands in them.
    fields: Vec<(String, String)>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_of_every_form_is_bounded() {
    let office = Arc::new(furnished().await);
    let mut shown = BTreeMap::new();
    for who in EVERYBODY {
        for form in forms_of(&office, who).await {
            let names: BTreeSet<_> = form.fields.iter().map(|(name, _)| name.clone()).collect();
            shown.entry((pattern(&form.action), form.post, names)).or_insert(form);
        }
    }
    let posts = shown.values().filter(|form| form.post);
    let reached: BTreeSet<_> = posts.map(|form| pattern(&form.action)).collect();
    let posts = ROUTES.iter().filter(|route| route.method == "POST" && route.kind == Kind::Page);
    let paths = posts.map(|route| route.path);
    let missed: Vec<_> = paths.filter(|path| !reached.contains(*path)).collect();
    assert_eq!(missed, ELSEWHERE, "forms that no page of this office shows");
    let mut all = Vec::new();
    for form in shown.values() {
        // A session of its own: some forms end the one that they are sent in.
        form.ask(&browser(&office, form.who).await, &mut all);
    }
    ask_all(office, all).await.verdict();
}

/// With a customer, a program, a quotation, a matter, notices and a proposal.
async fn furnished() -> Office {
    let office = Office::at(UNPAID).await;
    let account = office.account().await;
    let roles = [Role::CustomerAdministrator, Role::Applicant];
    office.add("customer", Belongs::Customer { account: account.clone() }, &roles).await;
    office.add("program", Belongs::Program, &[Role::Auditor]).await;
    quoted(&office).await;
    reported(&office).await;
    with_notices(&office).await;
    let waiting = unknown_deposits(&office).await;
    let aside = format!("/deposits/{}/set-aside", waiting[0]);
    office.done("takahashi", &aside, &[("reason", "銀行の誤り")]).await;
    let contract = office.only("contract").await.0;
    let act = json!({ "type": "suspend", "contract": contract, "ground": "12-3" });
    let proposal = json!({ "account": account, "role": "collections", "content": act });
    let proposed = office.post_keyed("/api/v1/proposals", "propose-1", proposal).await;
    assert_eq!(proposed.status, StatusCode::CREATED, "{}", proposed.text);
    refused(&office, "invoice-a").await;
    office
}

/// One by mail, one that waits, one on paper, and one whose paper left.
async fn with_notices(office: &Office) {
    announced(office).await;
    let changed = [
        ("to", "all"),
        ("by_email", "yes"),
        ("title", "利用規約の変更のお知らせ"),
        ("f_from", "2026-12-01"),
        ("f_version", "2.0"),
        ("f_content", "料金表を改めます。"),
    ];
    office.done("kobayashi", "/announcements/new/terms_change", &changed).await;
    let paper = [("to", "all"), ("by_paper", "yes"), ("title", "お知らせ"), ("text", "休業日")];
    for _ in 0..2 {
        office.done("sato", "/announcements/new/general", &paper).await;
    }
    let account = office.account().await;
    let state = office.engine.state(&account).await.unwrap();
    let task = state.tasks.iter().find(|open| open.task == TaskKind::DispatchNotice).unwrap();
    let left = [("document", "書留 1"), ("at", "2026-09-07T09:00")];
    let form = format!("/deliveries/{}/notice-dispatched", task.about);
    office.done("sato", &form, &left).await;
}

async fn browser(office: &Office, who: Who) -> Browser {
    let opened = |person, stage| async move {
        let opened = office.app.door.open_session(person, stage, &Came::default()).await;
        let token = opened.unwrap().token;
        Browser { csrf: csrf_of(&token).unwrap(), cookie: format!("yakkan={token}") }
    };
    match who {
        Who::Person(person) => opened(person, Stage::Full).await,
        Who::Owing(person) => opened(person, Stage::Code).await,
        Who::Nobody => {
            let none = Browser { cookie: String::new(), csrf: String::new() };
            let page = none.open(office, "/sign-in").await;
            let set = page.headers["set-cookie"].to_str().unwrap();
            let cookie = set.split(';').next().unwrap().to_owned();
            Browser { cookie, csrf: hidden(&page.text, "csrf") }
        }
    }
}

impl Browser {
    async fn open(&self, office: &Office, path: &str) -> Answer {
        let request = Request::get(path).header("host", "127.0.0.1:8080");
        office.ask(request.header("cookie", &self.cookie).body(Body::empty()).unwrap()).await
    }
}

/// The route that a path leads to.
fn pattern(path: &str) -> String {
    let fits = |route: &&Route| {
        let mut parts = path.split('/');
        for part in route.path.split('/') {
            match part {
                part if part.starts_with("{*") => return parts.next().is_some(),
                part if part.starts_with('{') && parts.next().is_some() => {}
                part if part.starts_with('{') || parts.next() != Some(part) => return false,
                _ => {}
            }
        }
        parts.next().is_none()
    };
    // A word of its own goes before a name that stands there.
    let found = ROUTES.iter().filter(fits).min_by_key(|route| route.path.matches('{').count());
    found.map_or_else(|| path.to_owned(), |route| route.path.to_owned())
}

/// Every form on the pages that this person can come to, a few of each route.
async fn forms_of(office: &Office, who: Who) -> Vec<Shown> {
    // The second session is shown with a form that ends it.
    let (browser, _other) = (browser(office, who).await, browser(office, who).await);
    let mut next: VecDeque<_> = begin(office).await.into();
    let (mut seen, mut count) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let mut found = Vec::new();
    while let Some(path) = next.pop_front() {
        let times = count.entry(pattern(&path)).or_default();
        if *times >= 12 || !seen.insert(path.clone()) {
            continue;
        }
        *times += 1;
        let answer = browser.open(office, &path).await;
        if answer.status == StatusCode::OK {
            let links = answer
                .text
                .split("href=\"/")
                .skip(1)
                .filter_map(|rest| rest.split(['"', '#']).next());
            next.extend(links.map(|path| format!("/{}", plain(path))));
            found.extend(shown_on(who, path.split('?').next().unwrap(), &answer.text));
        }
    }
    found
}

/// Every page of the table, of what the office has.
async fn begin(office: &Office) -> Vec<String> {
    let [contract, application, invoice, quote, account] = [
        office.only("contract").await.0,
        office.only("application").await.0,
        office.only("invoice").await.0,
        office.only("quote").await.0,
        office.account().await.0,
    ];
    let records = office.engine.records(&AccountId(account.clone())).await.unwrap();
    let people = records.iter().filter(|record| record.input.content != Content::Clock);
    let entries: Vec<_> = people.rev().map(|record| record.input.id.0.clone()).collect();
    let pages = ROUTES.iter().filter(|route| route.method == "GET" && route.kind == Kind::Page);
    let with_ids = |route: &Route| -> Vec<String> {
        let path = route.path.replace("{account}", &account);
        let number = if path.starts_with("/quotes") { &quote } else { &invoice };
        let id = if path.starts_with("/applications") { &application } else { &contract };
        let path = path.replace("{number}", number).replace("{id}", id);
        match path.contains("{*id}") {
            true => entries.iter().map(|entry| path.replace("{*id}", entry)).collect(),
            false => vec![path],
        }
    };
    pages.flat_map(with_ids).collect()
}

fn plain(text: &str) -> String {
    let pairs = [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(plain)
}

fn shown_on(who: Who, path: &str, page: &str) -> Vec<Shown> {
    let forms = page.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    forms.map(|form| read(who, path, form)).collect()
}

fn read(who: Who, path: &str, form: &str) -> Shown {
    let head = format!(" {}", form.split('>').next().unwrap_or_default());
    let mut fields: Vec<(String, String)> = Vec::new();
    for part in form.split('<').skip(1) {
        let (tag, after) = part.split_once('>').unwrap_or((part, ""));
        let kind = tag.split([' ', '/']).next().unwrap_or_default();
        let value = attribute(tag, "value").unwrap_or_default();
        match (kind, attribute(tag, "name")) {
            ("textarea", Some(name)) => fields.push((name, plain(after))),
            ("select", Some(name)) => fields.push((name, String::new())),
            // The first that is offered and means something.
            ("option", _) => {
                if let Some((_, chosen)) = fields.last_mut().filter(|(_, value)| value.is_empty()) {
                    *chosen = value;
                }
            }
            ("input" | "button", Some(name)) if !fields.iter().any(|(known, _)| *known == name) => {
                fields.push((name, value));
            }
            _ => {}
        }
    }
    fields.retain(|(name, _)| name != "csrf");
    Shown {
        who,
        post: head.contains("method=\"post\""),
        with_files: head.contains("multipart/form-data"),
        action: attribute(&head, "action").unwrap_or_else(|| path.to_owned()),
        fields,
    }
}

impl Shown {
    fn ask(&self, browser: &Browser, all: &mut Vec<Asked>) {
        let numbers = [i64::MAX.to_string(), i64::MIN.to_string()];
        let months = DAYS.map(|day| day[..7].to_owned());
        let moments = DAYS.map(|day| format!("{day}T10:00"));
        let short: Vec<_> = DAYS
            .map(str::to_owned)
            .into_iter()
            .chain(numbers)
            .chain(months)
            .chain(moments)
            .chain(["長".repeat(4_001)])
            .collect();
        for (name, _) in &self.fields {
            for value in &short {
                all.push(self.asked(browser, name, Some(value.clone())));
            }
            // What is asked for in an address has the length of an address.
            if self.post {
                all.push(self.asked(browser, name, None));
            }
        }
    }

    /// The form as it is shown, but for one field; without a value, it is 10 MB.
    fn asked(&self, browser: &Browser, field: &str, value: Option<String>) -> Asked {
        let shown: String = value.as_deref().unwrap_or("10 MB").chars().take(30).collect();
        let what = format!("{:?} {} {field}={shown}", self.who, self.action);
        let (form, field, browser) = (self.clone(), field.to_owned(), browser.clone());
        let request = move || {
            let value = value.unwrap_or_else(long_text);
            let csrf = ("csrf".to_owned(), browser.csrf);
            let fields = form.fields.into_iter().map(|(name, shown)| match name == field {
                true => (name, value.clone()),
                false => (name, shown),
            });
            let head = Request::builder()
                .header("host", "127.0.0.1:8080")
                .header("origin", "http://127.0.0.1:8080")
                .header("cookie", browser.cookie);
            if !form.post {
                let uri = format!("{}?{}", form.action, pairs(fields));
                return head.uri(uri).body(Body::empty()).unwrap();
            }
            let head = head.method("POST").uri(form.action);
            let fields = std::iter::once(csrf).chain(fields);
            let (kind, body) = match form.with_files {
                true => ("multipart/form-data; boundary=x", parts(fields)),
                false => ("application/x-www-form-urlencoded", pairs(fields)),
            };
            head.header("content-type", kind).body(Body::from(body)).unwrap()
        };
        Asked { what, request: Box::new(request) }
    }
}

fn pairs(fields: impl Iterator<Item = (String, String)>) -> String {
    let pairs = fields.map(|(name, value)| format!("{}={}", escaped(&name), escaped(&value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn parts(fields: impl Iterator<Item = (String, String)>) -> String {
    let part = |(name, value): (String, String)| {
        let file = if name.contains("file") { "; filename=\"f.xlsx\"" } else { "" };
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    };
    fields.map(part).collect::<String>() + "--x--\r\n"
}
