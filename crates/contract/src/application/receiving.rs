//! Article 9: what follows from an application up to the contract.

use std::collections::BTreeMap;

use crate::application::form::{ApplicationForm, LineWish, Person, PersonRole, SpecialTerm};
use crate::application::withdrawal::ApplicationWithdrawn;
use crate::declare::act::AcceptApplication;
use crate::declare::consequence::Consequence;
use crate::declare::fact::{AcceptanceMailSent, Fact};
use crate::declare::prelude::*;
use crate::declare::sealed::File;
use crate::declare::task::{self, AlertCode, TaskKind};
use crate::notices::notice::Channel;
use crate::notices::refused::MailRefused;
use crate::road::case::{Happening, What};
use crate::road::editions;
use crate::road::kept::Kept;
use crate::road::state::{ApplicationState, ApplicationStatus, OpenTask};
use crate::road::unfold::Unfolding;

pub(crate) const TERMS_ASSENT: Rule =
    Rule::new("terms_assent", 1, "利用規約の承諾", "assent to the terms")
        .clauses(&["9-6"])
        .readings(&["A-10"])
        .parameters(&["assent.version_rule"])
        .told_by::<Assent>();
pub(crate) const PAPER_FORM_DUTY: Rule =
    Rule::new("paper_form_duty", 1, "紙の申込書の送付", "duty to send the paper form")
        .clauses(&["9-2b"])
        .readings(&["A-12", "A-37"])
        .parameters(&["prompt.speedily_bd"]);
pub(crate) const REVIEW: Rule = Rule::new("review", 1, "申込の審査", "review of the application")
    .clauses(&["9-3", "9-10"])
    .readings(&["A-37"])
    .parameters(&["prompt.without_delay_bd"]);

#[derive(Serialize, Deserialize)]
pub(crate) struct Assent {
    pub sent_at: Moment,
}

impl Told for Assent {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let sent = self.sent_at.to_minute_text();
        Some(vec![say!(l, "申込の送信 {sent}", "application sent {sent}")])
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct Application {
    pub application: ApplicationId,
    /// Message-ID of the mail, or the number stamped on the paper.
    pub reference: String,
    pub channel: Channel,
    pub sent_at: Moment,
    pub received_at: Moment,
    /// Why `sent_at` is not what the mail says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_doubt: Option<SentDoubt>,
    pub wish: Wish,
    /// False, mistaken or missing entries (9-10(2)), by place in the form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form_faults: Vec<String>,
    #[serde(default)]
    pub people: BTreeMap<PersonRoleKey, Sealed<Person>>,
    /// The files that show it, until they are sealed: the evidence names them.
    #[serde(skip)]
    #[schemars(skip)]
    pub files: Vec<File>,
    pub registered_by: String,
    /// Terminated contracts of other accounts that resemble this applicant, as
    /// the register showed them at registration: hints, no ground (9-10(1)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resembles: Vec<EarlierTermination>,
}

/// What is doubtful of the moment at which a mail was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentDoubt {
    /// It has no date that can be read, or one in a zone that nobody knows: when it
    /// came counts (RFC 5322, 4.3).
    Unread,
    /// Its date was still to come when it was read.
    Future,
    /// It came in a mail of somebody else, which says when that one was sent.
    Forwarded,
}

/// A contract that the provider terminated (16-1, 39-2(2)).
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct EarlierTermination {
    pub account: AccountId,
    pub contract: ContractId,
    pub on: Day,
    pub same: Vec<Resemblance>,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Resemblance {
    /// The trade name, now or earlier, without its legal form.
    Name,
    Address,
    /// A name under which money came.
    Payer,
}

/// Roles as map keys: their text is stored.
pub type PersonRoleKey = String;

impl PersonRole {
    pub fn key(self) -> PersonRoleKey {
        match self {
            PersonRole::ResponsiblePerson => "responsible_person",
            PersonRole::Billing => "billing",
            PersonRole::Technical => "technical",
            PersonRole::Emergency => "emergency",
        }
        .to_owned()
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "an application stands in a box of its own")]
pub enum Wish {
    /// A new contract.
    New { form: ApplicationForm },
    /// A form with faults, as far as it can be read: who applies. It is answered with
    /// its faults and can be refused (9-10(2)); there is nothing in it to accept.
    Faulty { applicant: String },
    /// A change contract (利用変更契約, 9-7).
    Change { contract: ContractId, from: Day, changes: Vec<Change> },
}

impl Wish {
    /// What a change contract changes.
    pub fn changes(&self) -> &[Change] {
        match self {
            Wish::New { .. } | Wish::Faulty { .. } => &[],
            Wish::Change { changes, .. } => changes,
        }
    }
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    AddLine {
        line: LineWish,
    },
    SetQuantity {
        line: u32,
        quantity: u32,
    },
    SetAgreedFee {
        line: u32,
        fee: Yen,
    },
    SpecialTerm {
        term: SpecialTerm,
    },
    /// The line ends with this day, its fee with that month; what it then owes
    /// of its minimum term (14-2) is as agreed here, without tax.
    RemoveLine {
        line: u32,
        last_day: Day,
        #[serde(default, skip_serializing_if = "Yen::is_zero")]
        residual: Yen,
    },
}

impl<'a> Unfolding<'a> {
    /// 9-2 to 9-10: an application as it came in first, and its answer.
    pub(crate) fn application(&mut self, id: &ApplicationId) {
        self.state.applications.remove(id);
        let stream = Stream::Application(id.clone());
        let Some((happening, application)) = self.facts_of::<Application>(&stream).next() else {
            return;
        };
        self.assent(&stream, happening, application);
        let closed = self.closed_before_formation(id);
        let withdrawn_too_late = self.withdrawn_after_it_holds(application);
        let sent = self.facts_of::<AcceptanceMailSent>(&stream).next().map(|(sent, _)| sent);
        let formed = sent.filter(|sent| closed.is_none_or(|(at, _)| sent.occurred_at <= at));
        if let (Some(sent), None) = (sent, formed) {
            let detail = task::CLOSED_BEFORE.of(&[]);
            self.alert(sent.occurred_at, AlertCode::FormedThoughClosed, &id.0, detail);
        }
        let formed_at = formed_at(formed.map(|sent| sent.occurred_at));
        let status = match (formed_at, closed) {
            (Some(_), Some((_, ApplicationStatus::Withdrawn))) if withdrawn_too_late.is_none() => {
                ApplicationStatus::WithdrawnAfterFormation
            }
            (Some(_), _) => ApplicationStatus::Formed,
            (None, Some((_, status))) => status,
            (None, None) if self.waits_for_its_mail(id) => ApplicationStatus::Accepting,
            (None, None) => ApplicationStatus::Received,
        };
        if let (ApplicationStatus::Formed, Some(at)) = (status, withdrawn_too_late) {
            self.alert(at, AlertCode::WithdrawalTooLate, &id.0, at.day().to_string());
        }
        let answered = formed_at.or(closed.map(|(at, _)| at));
        self.duties(&stream, happening, application, answered);
        let state = ApplicationState {
            status,
            received_at: application.received_at,
            formed_at,
            registered_by: application.registered_by.clone(),
            grounds: Vec::new(),
            content: application.clone(),
            input: happening.input.clone(),
        };
        self.state.applications.insert(id.clone(), Kept::new(state));
    }

    /// Accepted by a person, and the own server has not refused the mail since: a
    /// refused mail was never sent, so the application is open again.
    fn waits_for_its_mail(&self, id: &ApplicationId) -> bool {
        let accepted = self.acts_of::<AcceptApplication>(id).next_back();
        let Some((accepted, _)) = accepted else { return false };
        let mut refused = self.facts::<MailRefused>().filter(|(_, mail)| mail.about == id.0);
        refused.next_back().is_none_or(|(refused, _)| refused.occurred_at < accepted.occurred_at)
    }

    fn assent(&mut self, stream: &Stream, happening: &Happening, application: &Application) {
        let at = crate::application::receiving::assent_at(application.sent_at);
        let version = self.law.version_at(at).map(|v| v.version.clone());
        let what = Consequence::TermsAssented(TermsAssented {
            application: application.application.clone(),
            version: version.unwrap_or_default(),
        });
        let because =
            Because::of(&TERMS_ASSENT).fact(&happening.input).with(Assent { sent_at: at });
        self.follow(at.max(happening.occurred_at), stream.clone(), what, because);
    }

    /// 9-3 review and 9-2b paper form, as tasks with a reminder and no effect.
    fn duties(
        &mut self,
        stream: &Stream,
        happening: &Happening,
        application: &Application,
        answered: Option<Moment>,
    ) {
        let id = &application.application;
        let received = application.received_at.max(happening.occurred_at);
        let terms = self.terms(received, &[], &id.0);
        let remind: Day = terms.calendar.after(received.day(), terms.rules.without_delay_bd);
        let because = Because::of(&REVIEW).fact(&happening.input).under(&terms);
        let open = |task, remind_on| OpenTask {
            task,
            about: id.0.clone(),
            opened_at: received,
            remind_on,
        };
        self.task(stream, open(TaskKind::ReviewApplication, remind), answered, because);
        let is_whole = !matches!(application.wish, Wish::Faulty { .. });
        if application.channel == Channel::Email && is_whole {
            let paper = self.facts_of::<PaperFormReceived>(stream).next();
            let remind = terms.calendar.after(received.day(), terms.rules.speedily_bd);
            let because = Because::of(&PAPER_FORM_DUTY).fact(&happening.input).under(&terms);
            let done = paper.map(|(paper, _)| paper.occurred_at);
            self.task(stream, open(TaskKind::PaperForm, remind), done, because);
        }
    }

    /// 9-9: a change that is carried out cannot be withdrawn any more.
    fn withdrawn_after_it_holds(&self, application: &Application) -> Option<Moment> {
        let Wish::Change { from, .. } = &application.wish else { return None };
        let (withdrawn, _) = self.withdrawal_of(&application.application)?;
        let mended = withdrawn.edition.has(editions::WITHDRAWN_CHANGE);
        (mended && withdrawn.occurred_at.day() >= *from).then_some(withdrawn.occurred_at)
    }

    /// The withdrawal of an application, and what it costs.
    pub(crate) fn withdrawal_of(
        &self,
        id: &ApplicationId,
    ) -> Option<(&'a Happening, &'a Vec<Yen>)> {
        let mut withdrawn = self.facts_of::<ApplicationWithdrawn>(id);
        withdrawn.next().map(|(happening, withdrawn)| (happening, &withdrawn.costs))
    }

    /// A refusal that was sent, or a withdrawal, whichever came first.
    pub(crate) fn closed_before_formation(
        &self,
        id: &ApplicationId,
    ) -> Option<(Moment, ApplicationStatus)> {
        let closings = self.concerning(id).filter_map(|one| {
            let status = match one.what.as_ref() {
                What::Fact(Fact::RefusalSent(_)) => ApplicationStatus::Refused,
                What::Fact(Fact::ApplicationWithdrawn(_)) => ApplicationStatus::Withdrawn,
                _ => return None,
            };
            Some((one.occurred_at, status))
        });
        closings.min_by_key(|(at, _)| *at)
    }
}

impl Entry for Application {
    const NAME: &'static str = "application_received";
    const CLAUSES: &'static [&'static str] = &["9-2", "9-7"];
    const TITLE: Words = Words::new("申込の受領", "application received");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        let changed = match &self.wish {
            Wish::Change { contract, .. } => Some(Stream::Contract(contract.clone())),
            Wish::New { .. } | Wish::Faulty { .. } => None,
        };
        let of_it = [self.stream()].into_iter().chain(changed).map(Reach::Subject);
        let stated = [self.sent_at, self.received_at].map(Reach::Stated);
        // From the day before a line is wished somebody sees to it.
        let starts = self.wish.changes().iter().filter_map(|change| match change {
            Change::AddLine { line } => Some(Moment::start_of(line.start).plus_seconds(-86_400)),
            _ => None,
        });
        of_it.chain(stated).chain(starts.map(Reach::Stated)).collect()
    }

    fn line(&self, l: Reader) -> String {
        received(self, l)
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        let contract = self.application.contract();
        let Application { people, files, .. } = self;
        vec![Mark::Form { contract, people: people.values_mut().collect(), files: Some(files) }]
    }
}

/// 9-2b: the paper that follows an application mail.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct PaperFormReceived {
    pub application: ApplicationId,
}

/// On the page of an application that is neither refused nor withdrawn.
pub(crate) fn while_open(asked: &Asked, id: &str, _: Reader) -> Here {
    let open = [ApplicationStatus::Received, ApplicationStatus::Formed];
    Here::offered(asked.application(id).is_some_and(|one| open.contains(&one.status)))
}

/// On the page of an application that waits for a decision: what is asked for, and what
/// may speak against it (9-10). A person decides.
pub(crate) fn judged_application(asked: &Asked, id: &str, l: Reader) -> Here {
    let Some(application) = asked.application(id) else { return Here::default() };
    let here = Here::offered(application.status == ApplicationStatus::Received);
    let content = &application.content;
    let here = match &content.wish {
        Wish::New { form } => {
            let (from, to) = (day(form.period.from, l), day(form.period.to, l));
            let (lines, people) = (form.lines.len(), content.people.len());
            let here = here.note(say!(
                l,
                "利用期間 {from} 〜 {to}、明細 {lines} 件、連絡先 {people} 人。",
                "Period {from} to {to}, {lines} lines, {people} contacts."
            ));
            let today = asked.at.day();
            match () {
                () if form.period.to < today => here.note(say!(
                    l,
                    "注意：この利用期間は {to} に終わっています。承諾すると、成立した時にはもう過ぎている期間の契約になります。",
                    "Mind: this period ended on {to}. The contract would form for a period that is over."
                )),
                () if form.period.from < today => here.note(say!(
                    l,
                    "注意：利用期間は {from} に始まっています。契約は、承諾メールを送信した時から成立します。",
                    "Mind: this period began on {from}. The contract forms when the acceptance mail is sent."
                )),
                () => here,
            }
        }
        Wish::Faulty { .. } => here.note(l.pick(
            "不備のある申込書です。承諾はできません。",
            "The form is faulty: it cannot be accepted.",
        )),
        Wish::Change { from, changes, .. } => {
            let (from, count) = (day(*from, l), changes.len());
            here.note(say!(l, "{from} からの変更 {count} 件。", "{count} changes from {from}."))
        }
    };
    let mut refused = asked.case.in_force().facts::<MailRefused>();
    let here = match refused.any(|(_, mail)| mail.about == id) {
        true => here.note(l.pick(
            "この申込についての前のメールは、送信サーバに拒まれました。連絡先を確かめてください。",
            "An earlier mail about it was refused by the mail server: look at the contact first.",
        )),
        false => here,
    };
    let none = l.pick(
        "承諾しないことができる事由は、記録からは見つかっていません。",
        "The record shows no ground to refuse.",
    );
    if application.grounds.is_empty() {
        return here.note(none);
    }
    application.grounds.iter().fold(here, |here, clause| {
        let ground = names::clause_and_ground(clause, l);
        let told = say!(l, "承諾しないことができる事由：{ground}", "A ground to refuse: {ground}");
        here.note(told).cite(clause)
    })
}

impl Entry for PaperFormReceived {
    const NAME: &'static str = "paper_form_received";
    const CLAUSES: &'static [&'static str] = &["9-2b"];
    const TITLE: Words = Words::new("紙の申込書の受領", "paper form received");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);
    const DOOR: Option<Door> = Some(
        Door::of_application(
            "メールでの申込みのあとに届いた紙の申込書を登録します。契約の成立には影響しません。",
            "The paper that follows an application by mail has arrived. The contract forms without it.",
        )
        .word("paper_form")
        .offer("紙の申込書が届いた", "the paper form arrived")
        .at("届いた日時（受領印の日時）", "When it arrived, by the receipt stamp")
        .here(while_open),
    );

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn line(&self, l: Reader) -> String {
        let PaperFormReceived { application } = self;
        say!(
            l,
            "申込{application}の紙の申込書を受領",
            "paper form of application {application} received"
        )
    }
}

/// 9-6: deemed acceptance of this version of the terms.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TermsAssented {
    pub application: ApplicationId,
    pub version: String,
}

impl Following for TermsAssented {
    fn line(&self, l: Reader) -> String {
        match self {
            TermsAssented { application, version } if version.is_empty() => {
                say!(
                    l,
                    "申込{application}：送信の時に施行中の利用規約がなく、承諾とみなす版なし",
                    "application {application}: no terms were in force when it was sent, so none are deemed accepted"
                )
            }
            TermsAssented { application, version } => {
                say!(
                    l,
                    "申込{application}の送信により利用規約{version}版を承諾済みとみなす",
                    "application {application}: terms {version} deemed accepted by sending it"
                )
            }
        }
    }
}

fn received(application: &Application, language: Reader) -> String {
    let (id, at) = (&application.application, application.received_at.to_minute_text());
    let channel = names::channel(application.channel, language);
    match &application.wish {
        Wish::New { form } => {
            let company = &form.applicant.name;
            say!(
                language,
                "{company}の申込{id}を{at}に受領（{channel}）",
                "application {id} of {company} received {at} (by {channel})"
            )
        }
        Wish::Faulty { applicant } => {
            let faults = application.form_faults.len();
            say!(
                language,
                "{applicant}の不備のある申込{id}を{at}に受領（{channel}、不備 {faults} か所）",
                "application {id} of {applicant} received {at} with {faults} faults (by {channel})"
            )
        }
        Wish::Change { contract, from, .. } => say!(
            language,
            "契約{contract}を{from}から変更する申込{id}を{at}に受領（{channel}）",
            "application {id} to change contract {contract} from {from} received {at} (by {channel})"
        ),
    }
}

/// 9-6: the terms are deemed accepted when the applicant sent the form.
pub fn assent_at(application_sent_at: Moment) -> Moment {
    application_sent_at
}

/// 9-2b: whoever applied by mail owes the paper form; without effect on 9-4.
pub fn owes_paper_form(paper_received_at: Option<Moment>) -> bool {
    paper_received_at.is_none()
}

/// 9-4: the contract is formed at the moment the acceptance mail is sent, and by
/// nothing else; 9-5b: the order acceptance does not change that moment.
pub fn formed_at(acceptance_mail_sent_at: Option<Moment>) -> Option<Moment> {
    acceptance_mail_sent_at
}
