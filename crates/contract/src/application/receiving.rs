//! Article 9: what follows from an application up to the contract.

use reckon::{Day, Moment, Yen};

use crate::application::formation;
use crate::declare::act::Act;
use crate::declare::consequence::{AlertCode, Consequence, TaskKind};
use crate::declare::fact::{Application, Fact, Wish};
use crate::declare::ids::ApplicationId;
use crate::declare::reason::Because;
use crate::notices::notice::Channel;
use crate::road::case::Happening;
use crate::road::editions;
use crate::road::stream::Stream;
use crate::road::unfold::{
    ApplicationState, ApplicationStatus, Unfolding, acts_among, facts_among,
};

impl<'a> Unfolding<'a> {
    pub(crate) fn applications(&mut self) {
        let received = self.facts(|fact| match fact {
            Fact::ApplicationReceived(application) => Some(application.as_ref()),
            _ => None,
        });
        for (happening, application) in received {
            if !self.state.applications.contains_key(&application.application) {
                self.application(happening, application);
            }
        }
    }

    fn application(&mut self, happening: &'a Happening, application: &'a Application) {
        let id = &application.application;
        let stream = Stream::Application(id.clone());
        self.assent(&stream, happening, application);
        let closed = self.closed_before_formation(id);
        let withdrawn_too_late = self.withdrawn_after_it_holds(application);
        let is_sent = |fact: &Fact| matches!(fact, Fact::AcceptanceMailSent { .. });
        let sent = self.first(stream.clone(), is_sent);
        let formed = sent.filter(|sent| closed.is_none_or(|(at, _)| sent.occurred_at <= at));
        if let (Some(sent), None) = (sent, formed) {
            let detail = "the acceptance mail left after the application had been closed".into();
            self.alert(sent.occurred_at, AlertCode::FormedThoughClosed, &id.0, detail);
        }
        let formed_at = formation::formed_at(formed.map(|sent| sent.occurred_at));
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
        self.state.applications.insert(id.clone(), state);
    }

    /// Accepted by a person, and the own server has not refused the mail since: a
    /// refused mail was never sent, so the application is open again.
    fn waits_for_its_mail(&self, id: &ApplicationId) -> bool {
        let accepted = acts_among(self.concerning(Stream::Application(id.clone())), |act| {
            matches!(act, Act::AcceptApplication { .. }).then_some(())
        });
        if accepted.is_empty() {
            return false;
        }
        let refused = self.facts(|fact| match fact {
            Fact::MailRefused { about, .. } if *about == id.0 => Some(()),
            _ => None,
        });
        let last = |found: Option<&(&Happening, ())>| found.map(|(h, ())| h.occurred_at);
        let (accepted, refused) = (last(accepted.last()), last(refused.last()));
        accepted.is_some_and(|at| refused.is_none_or(|refused| refused < at))
    }

    fn assent(&mut self, stream: &Stream, happening: &Happening, application: &Application) {
        let at = formation::assent_at(application.sent_at);
        let version = self.law.version_at(at).map(|v| v.version.clone());
        let what = Consequence::TermsAssented {
            application: application.application.clone(),
            version: version.unwrap_or_default(),
        };
        let because = Because::rule("terms_assent").fact(&happening.input).number("sent_at", at);
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
        let because = Because::rule("review").fact(&happening.input).under(&terms);
        let review = (TaskKind::ReviewApplication, id.0.as_str());
        self.task(stream, review, (received, remind), answered, because);
        let is_whole = !matches!(application.wish, Wish::Faulty { .. });
        if application.channel == Channel::Email && is_whole {
            let paper = self.first(stream.clone(), |fact| match fact {
                Fact::PaperFormReceived { application } => application == id,
                _ => false,
            });
            let remind = terms.calendar.after(received.day(), terms.rules.speedily_bd);
            let because = Because::rule("paper_form_duty").fact(&happening.input).under(&terms);
            let done = paper.map(|h| h.occurred_at);
            self.task(stream, (TaskKind::PaperForm, &id.0), (received, remind), done, because);
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
        let concerning = self.concerning(Stream::Application(id.clone()));
        let withdrawn = facts_among(concerning, |fact| match fact {
            Fact::ApplicationWithdrawn { costs, .. } => Some(costs),
            _ => None,
        });
        withdrawn.into_iter().next()
    }

    /// A refusal that was sent, or a withdrawal, whichever came first.
    pub(crate) fn closed_before_formation(
        &self,
        id: &ApplicationId,
    ) -> Option<(Moment, ApplicationStatus)> {
        let concerning = self.concerning(Stream::Application(id.clone()));
        let closings = facts_among(concerning, |fact| match fact {
            Fact::RefusalSent { .. } => Some(ApplicationStatus::Refused),
            Fact::ApplicationWithdrawn { .. } => Some(ApplicationStatus::Withdrawn),
            _ => None,
        });
        closings
            .into_iter()
            .map(|(happening, status)| (happening.occurred_at, status))
            .min_by_key(|c| c.0)
    }
}
