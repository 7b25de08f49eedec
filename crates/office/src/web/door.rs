//! The page of an entry that has a door: made of what its clause declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};
use contract::declare::Asked;
use contract::declare::door::{ALL, Ask, Doorway, Field, First, Here, Of, Shown, When, held};
use contract::declare::ids::{InputId, PersonId};
use contract::declare::words::Words;
use contract::road::account::Account;
use contract::road::stream::Content;
use contract::who::roles::Permission;
use document::wording::Language;
use maud::{Markup, html};
use reckon::Moment;
use serde_json::{Map, Value, json};

use super::answer::{Page, Trouble};
use super::api::files::SIGNER;
use super::bring::{Bringing, Taken, hat, morning};
use super::console::desk_form::{Subject, again, confirm, local, told};
use super::console::typed_person;
use super::field::{self, Reached};
use super::form::Form;
use super::{App, parts};
use crate::access::Visitor;

/// The last part of the path of its page.
fn last(doorway: &Doorway) -> String {
    doorway.word().replace('_', "-")
}

pub(super) fn folder(doorway: &Doorway) -> &'static str {
    match doorway.door.of {
        Of::Contract(_) | Of::Customer => "/contracts",
        Of::Application(_) => "/applications",
        Of::Invoice(_) => "/invoices",
        Of::Matter(_) => "/matters",
        Of::Delivery(_) => "/deliveries",
    }
}

/// Where it is brought, of what has this id.
pub fn path(doorway: &Doorway, id: &str) -> String {
    format!("{}/{}", parts::path(folder(doorway), id), last(doorway))
}

/// Whether one of the hats may bring it.
pub fn opens(visitor: &Visitor, doorway: &Doorway) -> bool {
    visitor.hats.iter().any(|hat| doorway.may(hat.role))
}

/// The template of that path.
pub fn template(doorway: &Doorway) -> String {
    let id = match doorway.door.of {
        Of::Invoice(_) => "{number}",
        _ => "{id}",
    };
    format!("{}/{id}/{}", folder(doorway), last(doorway))
}

pub fn get(doorway: Doorway) -> MethodRouter<Arc<App>> {
    routing::get(move |State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>| {
        show(app, visitor, doorway, id)
    })
}

pub fn post(doorway: Doorway) -> MethodRouter<Arc<App>> {
    routing::post(
        move |State(app): State<Arc<App>>, visitor: Visitor, Path(id): Path<String>, form: Form| {
            take(app, visitor, doorway, id, form)
        },
    )
}

/// An entry that is being brought: what it is done to, and what stands there.
pub(super) struct Asking {
    pub doorway: Doorway,
    pub subject: Subject,
    pub here: Here,
    /// Who signed, by the rows that hold it, for whoever may see that.
    signers: BTreeMap<PersonId, String>,
}

impl Asking {
    pub async fn load(
        app: &App,
        visitor: &Visitor,
        doorway: Doorway,
        id: &str,
    ) -> Result<Asking, Trouble> {
        let subject = Subject::load(app, doorway.door.of.name(), id).await?;
        let here = here(app, visitor, &doorway, &subject.known, id);
        Ok(Asking { doorway, subject, here, signers: BTreeMap::new() })
    }

    /// The same for its page, which shows to whom is written now.
    async fn of_page(
        app: &App,
        visitor: &Visitor,
        doorway: Doorway,
        id: &str,
    ) -> Result<Asking, Trouble> {
        let mut asking = Asking::load(app, visitor, doorway, id).await?;
        if doorway.door.person.is_some() {
            asking.subject.show_people(app, visitor, doorway.door.of.name()).await?;
        }
        let sees = doorway.door.opens && visitor.holds(Permission::ReadPersonal);
        let told = asking.here.told.iter().flatten().filter(|_| sees);
        let rows: Vec<PersonId> = told
            .filter_map(|(_, shown)| match shown {
                Shown::Signature { row, .. } => row.clone(),
                _ => None,
            })
            .collect();
        for row in rows {
            let found = app.engine.store.personal(&row.0).await?;
            if let Some(found) = found.filter(|found| found.name == SIGNER) {
                let name = String::from_utf8_lossy(&found.content).into_owned();
                asking.signers.insert(row, name);
            }
        }
        Ok(asking)
    }

    /// The fields that are asked for here.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        let hidden = &self.here.hidden;
        self.doorway.door.fields.iter().filter(move |field| !hidden.contains(&field.name))
    }
}

/// What of an account stands on the page of an entry, as this visitor may see it. It is
/// offered to nobody who did the step before, nor while the same waits for an answer.
pub fn here(app: &App, visitor: &Visitor, doorway: &Doorway, known: &Account, id: &str) -> Here {
    let at = app.engine.now();
    let asked = Asked { law: &app.engine.law, case: known.case(), state: known.state(), at };
    let mut here = doorway.here(&asked, id, visitor.reads(Language::Japanese));
    let earlier = doorway.earlier(&asked, id);
    let own = earlier.is_some_and(|by| visitor.hats.iter().any(|hat| hat.stands_for(&by)));
    let waits = waits(doorway, known, id);
    if waits {
        here = here.note(WAITS);
    }
    here.offered &= !own && !waits;
    here
}

const WAITS: &str = "この手続の起案が、承認を待っています。";

/// Whether the same is proposed already, and nobody has answered.
fn waits(doorway: &Doorway, known: &Account, id: &str) -> bool {
    known.state().proposals.iter().any(|open| {
        let entry = serde_json::to_value(&open.act).unwrap_or_default();
        entry["type"] == doorway.kind.name && *held(&entry, doorway.door.of.field()) == *id
    })
}

async fn show(
    app: Arc<App>,
    visitor: Visitor,
    doorway: Doorway,
    id: String,
) -> Result<Page, Trouble> {
    let asking = Asking::of_page(&app, &visitor, doorway, &id).await?;
    let mut form = Form::fresh()?;
    begin(&app, &asking, &mut form);
    let mut page = page(&app, &visitor, &asking, &form, Reached::Typing);
    if let Some(stopped) = stopped(&app, &visitor, &asking, &form).await? {
        page.body = html! { (stopped) (page.body) };
    }
    Ok(page)
}

/// What stands in the fields at first.
fn begin(app: &App, asking: &Asking, form: &mut Form) {
    if let When::Asked(_) = asking.doorway.door.when {
        form.set("at", local(app));
    }
    for field in asking.fields() {
        match (asking.here.first.get(field.name), field.first) {
            (Some(text), _) => form.set(field.called, text),
            (None, First::Today) => form.set(field.called, app.engine.now().day()),
            (None, First::Text(text)) => form.set(field.called, text),
            (None, First::Nothing | First::Shown) => {}
        }
    }
}

/// What stands against an act that asks for nothing: it is known before anything is
/// typed.
async fn stopped(
    app: &App,
    visitor: &Visitor,
    asking: &Asking,
    form: &Form,
) -> Result<Option<Markup>, Trouble> {
    let asks = asking.fields().any(Field::is_stored);
    let Some(content) = (asking.doorway.is_act() && !asks)
        .then(|| asking.doorway.brought(&asking.subject.id, app.engine.now(), Map::new()).ok())
        .flatten()
    else {
        return Ok(None);
    };
    let actor = hat(visitor, &content)?;
    let bringing = bringing(asking, content, app.engine.now());
    let foreseen = app.foresee(visitor, &app.input_of(form, &actor, &bringing)?).await?;
    Ok(foreseen.is_blocked().then(|| block(foreseen.shown())))
}

fn block(shown: Markup) -> Markup {
    html! { section.foreseen.stopped role="alert" { (shown) } }
}

fn bringing<'a>(asking: &'a Asking, content: Content, occurred_at: Moment) -> Bringing<'a> {
    Bringing { account: &asking.subject.account, content, occurred_at, source: "desk" }
}

async fn take(
    app: Arc<App>,
    visitor: Visitor,
    doorway: Doorway,
    id: String,
    mut form: Form,
) -> Result<Response, Trouble> {
    let asking = Asking::of_page(&app, &visitor, doorway, &id).await?;
    let at = asking.happened(&app, &mut form);
    // Sent twice it is the proposal itself that waits.
    let sent = InputId(format!("form-{}", form.key()?));
    let is_new = !app.engine.store.has_input(&sent).await?;
    let Some((content, at)) = asking.read(&app, &mut form, at, is_new) else {
        return Ok(again(page(&app, &visitor, &asking, &form, Reached::Typing)));
    };
    match app.take(&visitor, &form, bringing(&asking, content, at)).await? {
        Taken::Registered => Ok(told(&asking.subject.page(), &form)),
        Taken::Looked(foreseen) if foreseen.is_blocked() => {
            let mut shown = page(&app, &visitor, &asking, &form, Reached::Typing);
            shown.body = html! { (block(foreseen.shown())) (shown.body) };
            Ok(again(shown))
        }
        Taken::Looked(foreseen) => {
            Ok(page(&app, &visitor, &asking, &form, foreseen.reached()).into_response())
        }
    }
}

impl Asking {
    /// When it happened, as the page was told.
    fn happened(&self, app: &App, form: &mut Form) -> Option<Moment> {
        match self.doorway.door.when {
            When::Asked(_) => form.past_moment("at", app.engine.now()),
            When::Now | When::On(_) => Some(app.engine.now()),
        }
    }

    /// The entry that was typed, and when it happened; nothing where the form has faults.
    pub fn read(
        &self,
        app: &App,
        form: &mut Form,
        at: Option<Moment>,
        is_new: bool,
    ) -> Option<(Content, Moment)> {
        let door = self.doorway.door;
        form.reason(door.reason_owed);
        if is_new && waits(&self.doorway, &self.subject.known, &self.subject.id) {
            form.fault("reason", format!("{WAITS}起案の一覧で確かめてください。"));
        }
        let mut fields = Map::new();
        for field in self.fields() {
            if door.left_out_by(field).is_some_and(|one| form.text(one.called) == "yes") {
                continue;
            }
            if let Some(value) = form.asked(field, &self.here, app.engine.now().day()) {
                fields.insert(field.name.to_owned(), value);
            }
        }
        let fixed = self.here.fixed.iter();
        fields.extend(fixed.map(|(field, value)| ((*field).to_owned(), json!(value))));
        for field in door.fields.iter().filter(|field| field.ask == Ask::Yens) {
            fields.entry(field.name).or_insert_with(|| json!([]));
        }
        let on = match door.when {
            When::On(field) => fields.get(field).and_then(Value::as_str),
            When::Now | When::Asked(_) => None,
        };
        let on = on.and_then(|day| day.parse().ok()).map(|day| morning(app, day));
        let at = on.or(at)?;
        if let Some(first) = self.doorway.too_early(&self.here, at) {
            let (field, first) = match door.when {
                When::On(day) => (day, first.day().to_string()),
                When::Now | When::Asked(_) => ("at", first.to_minute_text()),
            };
            let called = door.fields.iter().find(|one| one.name == field);
            let field = called.map_or(field, |one| one.called);
            form.fault(field, format!("{first} より前にはできません。"));
        }
        if !form.is_good() {
            return None;
        }
        match self.doorway.brought(&self.subject.id, at, fields) {
            Ok(content) => Some((content, at)),
            Err(error) => {
                form.fault("reason", format!("この内容では登録できません（{error}）。"));
                None
            }
        }
    }
}

fn page(app: &App, visitor: &Visitor, asking: &Asking, form: &Form, reached: Reached) -> Page {
    let Asking { doorway, subject, here, .. } = asking;
    let door = doorway.door;
    let inside = html! {
        (grouped(asking, form))
        (field::reason(form, door.reason_owed))
    };
    let body = html! {
        p.subject {
            (parts::name(&subject.name(app))) " " (parts::id_link(folder(doorway), &subject.id)) " "
            a href=(subject.page()) { "内容を見る" }
        }
        p.lead { (door.lead.ja) " " (parts::clauses(doorway.kind.clauses)) (parts::clauses(door.cites)) }
        @for note in &here.notes { p { (note) } }
        @if let Some(contracts) = &here.contracts { (touched(subject, contracts)) }
        (typed_person::now(&subject.people))
        @for cited in &here.cites {
            p { (parts::clause(cited)) @if let Some(clause) = app.engine.pack.clauses.get(cited) { "：" (clause.ja) } }
        }
        @for rows in &here.told { (told_rows(app, asking, rows)) }
        @if !here.invoices.is_empty() {
            p { "もとになる請求書：" @for (at, number) in here.invoices.iter().enumerate() {
                @if at > 0 { "、" } (parts::id_link("/invoices", number))
            } }
        }
        @for (did, person) in &here.people { p { (did.ja) "：" (app.engine.name_of(person)) } }
        (field::frame(visitor, &path(doorway, &subject.id), form, door.verb.ja, reached, inside))
        p.back { a href=(subject.page()) { "登録せずに戻る" } }
    };
    let proposed = if doorway.is_proposed() { "の起案" } else { "" };
    Page::new(format!("{}{proposed}", doorway.title().ja), body)
}

/// What is told of one thing that can be chosen.
fn told_rows(app: &App, asking: &Asking, rows: &[(Words, Shown)]) -> Markup {
    let shown = |shown: &Shown| match shown {
        Shown::Text(text) => html! { (text) },
        Shown::Person(id) => parts::person(app.engine.name_of(id)),
        Shown::Entry(id) => {
            let folder = parts::path("/entries", &asking.subject.account.0);
            parts::link(&parts::path(&folder, &id.0), "登録を見る")
        }
        Shown::Signature { row: None, .. } => parts::none(),
        Shown::Signature { row: Some(row), is_other } => html! {
            @if *is_other { "利用責任者ではない人 " }
            @if let Some(name) = asking.signers.get(row) { (parts::person(name)) "　" }
            (parts::link(&parts::path("/api/v1/evidence", &row.0), "署名した人と申込書を開く"))
        },
    };
    let rows: Vec<_> = rows.iter().map(|(label, told)| (label.ja, shown(told))).collect();
    parts::list(&rows)
}

/// The fields, those under a head together. When it happened is asked for at the end.
fn grouped(asking: &Asking, form: &Form) -> Markup {
    let mut groups: Vec<(Option<Words>, Vec<Markup>)> = vec![(None, Vec::new())];
    for asked in asking.fields() {
        if asked.under.is_some() {
            groups.push((asked.under, Vec::new()));
        }
        let (_, last) = groups.last_mut().expect("the first");
        // A browser would not send what a box leaves out.
        let is_owed = asked.must && !asking.doorway.door.can_leave_out(asked);
        last.push(input(form, &Field { must: is_owed, ..*asked }, &asking.here));
    }
    if let When::Asked(label) = asking.doorway.door.when {
        let (_, last) = groups.last_mut().expect("the first");
        last.push(field::moment(form, field::must("at", label.ja, "")));
    }
    html! {
        @for (head, fields) in groups {
            @let inside = html! { @for field in fields { (field) } };
            @match head {
                Some(head) => (field::group(head.ja, inside)),
                None => (inside),
            }
        }
    }
}

/// The contracts that it touches, and what stays as it is.
fn touched(subject: &Subject, contracts: &[String]) -> Markup {
    let issued = subject.state.receivables.len();
    html! {
        p.note {
            "及ぶ契約："
            @if contracts.is_empty() { "続いている契約はありません" }
            @for id in contracts { (parts::id_link("/contracts", id)) " " }
            @if issued > 0 { "　発行済みの請求書（" (issued) " 通）は変わりません。" }
        }
    }
}

pub fn input(form: &Form, asked: &Field, here: &Here) -> Markup {
    let of = field::Field {
        name: asked.called,
        label: asked.label.ja,
        hint: asked.hint.ja,
        required: asked.must,
    };
    match asked.ask {
        Ask::Line | Ask::Text(_) => field::text(form, of),
        Ask::Day | Ask::PastDay | Ask::ComingDay => field::day(form, of),
        Ask::Month => field::month(form, of),
        Ask::Yen | Ask::Yens | Ask::Count => field::number(form, of),
        Ask::Choice | Ask::NumberChoice | Ask::ContractOrAll => {
            let choices = here.choices.get(asked.name).map(Vec::as_slice).unwrap_or_default();
            let options: Vec<_> =
                choices.iter().map(|choice| (&choice.value, choice.words.clone())).collect();
            match options.is_empty() {
                true => html! { p.empty { (asked.label.ja) "：いま選べるものはありません。" } },
                false => field::choice(form, of, &options),
            }
        }
        Ask::Flag | Ask::Tick | Ask::Without => field::check(form, of),
    }
}

impl Form {
    /// One of those that can be chosen here.
    fn chosen(&mut self, field: &Field, here: &Here) -> Option<Value> {
        let (name, label) = (field.called, field.label.ja);
        let text = self.text(name).to_owned();
        let choices = here.choices.get(field.name).map(Vec::as_slice).unwrap_or_default();
        if !choices.iter().any(|choice| choice.value == text) {
            let gone =
                format!("「{label}」で選んだものは、ここでは選べません。ほかを選んでください。");
            let missing = format!("{label}を選んでください。");
            self.fault(name, if text.is_empty() { missing } else { gone });
            return None;
        }
        match field.ask {
            Ask::NumberChoice => Some(json!(text.parse::<u32>().ok()?)),
            Ask::ContractOrAll if text == ALL => None,
            _ => Some(json!(text)),
        }
    }

    /// What was typed into a field that an entry asks for, as its entry holds it.
    pub fn asked(&mut self, field: &Field, here: &Here, today: reckon::Day) -> Option<Value> {
        let name = field.called;
        if !field.must && !self.is_set(name) {
            return None;
        }
        let label = field.label.ja;
        let is_chosen = matches!(
            field.ask,
            Ask::Choice | Ask::NumberChoice | Ask::ContractOrAll | Ask::Tick | Ask::Without
        );
        if !is_chosen && !self.is_set(name) {
            self.fault(name, format!("{label}を入力してください。"));
            return None;
        }
        Some(match field.ask {
            Ask::Line => json!(self.required(name, &format!("{label}を入力してください。"))?),
            Ask::Text(of) => {
                let text = self.typed(name, of)?;
                if let Some((only, otherwise)) = here.only.get(field.name)
                    && *only != text
                {
                    self.fault(name, otherwise.ja);
                    return None;
                }
                json!(text)
            }
            Ask::Day => json!(self.day(name)?),
            Ask::PastDay => json!(self.past_day(name, today)?),
            Ask::ComingDay => {
                let day = self.day(name)?;
                if day < today {
                    self.fault(name, format!("今日（{today}）より前の日です。"));
                    return None;
                }
                json!(day)
            }
            Ask::Month => json!(
                self.number::<reckon::Month>(name, "月を 2026-04 のように入力してください。")?
            ),
            Ask::Yen => json!(self.yen(name)?),
            Ask::Yens => json!([self.yen(name)?]),
            Ask::Count => {
                json!(self.number::<u32>(name, &format!("{label}を数字で入力してください。"))?)
            }
            Ask::Choice | Ask::NumberChoice | Ask::ContractOrAll => {
                return self.chosen(field, here);
            }
            Ask::Flag => json!(self.text(name) == "yes"),
            Ask::Without => return None,
            Ask::Tick => {
                confirm(self, name);
                return None;
            }
        })
    }
}
