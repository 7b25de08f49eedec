//! 9-10: grounds on which an application may be refused, and checks of the company.

use reckon::Period;
use terms::RowEffect;
use terms::{ListRow, Pack};

use crate::application::checks::{Check, CheckResult};
use crate::application::receiving::REVIEW;
use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::ending::judgement::JudgementRecorded;
use crate::road::case::Happening;
use crate::road::unfold::Unfolding;
use crate::service::minimum_term::EndCause;

impl<'a> Unfolding<'a> {
    /// 9-10: what may speak against each application, for a person to weigh.
    pub(crate) fn grounds(&mut self, id: &ApplicationId) {
        let Some(application) = self.state.applications.get(id) else { return };
        let received_at = application.received_at;
        let answered = application.formed_at.or(self.closed_before_formation(id).map(|(at, _)| at));
        let mut judged = self.judgements(&id.0);
        judged.extend(self.failed_checks(answered));
        let expired = self.expired_checks(received_at, answered);
        let holds = |ground| judged.iter().any(|(_, found)| RowEffect::of(found) == Some(ground));
        let history = crate::application::grounds::ApplicantHistory {
            terminated_for_breach_before: self.terminated_before(received_at),
            false_or_missing_entry: !application.content.form_faults.is_empty()
                || holds(RowEffect::FalseOrMissingEntry),
            default_risk: holds(RowEffect::DefaultRisk),
            infeasible: holds(RowEffect::Infeasible),
            unsuitable: holds(RowEffect::Unsuitable),
        };
        let mut grounds: Vec<String> = crate::application::grounds::grounds_for_refusal(history)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let at = judged.iter().map(|(judgement, _)| judgement.occurred_at).max();
        let at = at.map_or(received_at, |at| at.max(received_at));
        let facts: Vec<_> = judged.iter().map(|(judgement, _)| &judgement.input).collect();
        self.find(id, at, grounds.clone(), &facts);
        let mut standing = grounds.clone();
        for (at, check, clause) in expired {
            if grounds.iter().any(|known| known == clause) {
                continue;
            }
            grounds.push(clause.to_owned());
            grounds.sort();
            self.find(id, at, grounds.clone(), &[&check.input]);
            if at <= self.until {
                standing.clone_from(&grounds);
            }
        }
        if let Some(state) = self.state.applications.get_mut(id) {
            state.make_mut().grounds = standing;
        }
    }

    /// Says which grounds are there from a moment on.
    fn find(&mut self, id: &ApplicationId, at: Moment, grounds: Vec<String>, facts: &[&InputId]) {
        if grounds.is_empty() {
            return;
        }
        let application = &self.state.applications[id];
        let because = Because::of(&REVIEW).fact(&application.input).facts(facts.iter().copied());
        let what = Consequence::GroundsFound(GroundsFound { application: id.clone(), grounds });
        self.follow(at, Stream::Application(id.clone()), what, because);
    }

    /// The newest check of each kind that was made before an answer.
    fn newest_checks(&self, answered: Option<Moment>) -> Vec<(&'a Happening, &'a Check)> {
        let mut newest: Vec<(&'a Happening, &'a Check)> = Vec::new();
        for (happening, check) in self.facts::<Check>() {
            if answered.is_some_and(|at| happening.occurred_at > at) {
                continue;
            }
            match newest.iter_mut().find(|(_, known)| known.kind == check.kind) {
                Some(known) if known.1.on <= check.on => *known = (happening, check),
                Some(_) => {}
                None => newest.push((happening, check)),
            }
        }
        newest
    }

    fn failed_checks(&self, answered: Option<Moment>) -> Vec<(&'a Happening, &'a str)> {
        let newest = self.newest_checks(answered).into_iter();
        let failed = newest.filter(|(_, check)| check.result == CheckResult::Failed);
        failed
            .map(|(happening, check)| (happening, crate::application::checks::ground(check.kind)))
            .collect()
    }

    /// Checks that run out, or had run out, while an application is open: from
    /// when on that is a ground.
    fn expired_checks(
        &self,
        received_at: Moment,
        answered: Option<Moment>,
    ) -> Vec<(Moment, &'a Happening, &'static str)> {
        let newest = self.newest_checks(answered).into_iter();
        let passed = newest.filter(|(_, check)| check.result != CheckResult::Failed);
        let mut expired: Vec<_> = passed
            .map(|(happening, check)| {
                let over = Moment::start_of(Period::days(check.expires_on, 2).last_day());
                let at = over.max(received_at).max(happening.occurred_at);
                (at, happening, crate::application::checks::ground(check.kind))
            })
            .filter(|(at, _, _)| answered.is_none_or(|answered| *at < answered))
            .collect();
        expired.sort_by_key(|(at, happening, _)| (*at, happening.input.clone()));
        expired
    }

    /// Every check, for pages and for acceptance.
    pub(crate) fn checks(&mut self) {
        let made = self.facts::<Check>();
        self.state.checks =
            made.map(|(happening, check)| (happening.input.clone(), check.clone())).collect();
    }

    fn judgements(&self, about: &str) -> Vec<(&'a Happening, &'a str)> {
        let judged = self.facts::<JudgementRecorded>();
        let of_this = judged.filter(|(_, judged)| judged.about == about);
        of_this.map(|(happening, judged)| (happening, judged.clause.as_str())).collect()
    }

    /// 9-10(1): an earlier contract of this company ended by termination.
    fn terminated_before(&self, at: Moment) -> bool {
        self.state.contracts.values().filter_map(|contract| contract.end.as_ref()).any(|end| {
            matches!(end.cause, EndCause::ProviderTermination | EndCause::UserBreach)
                && Moment::start_of(end.on) <= at
        })
    }
}

/// 9-10: grounds that a person weighs when deciding.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct GroundsFound {
    pub application: ApplicationId,
    pub grounds: Vec<String>,
}

impl Following for GroundsFound {
    const AUDIENCE: Audience = Audience::Staff;

    fn line(&self, l: Reader) -> String {
        let GroundsFound { application, grounds } = self;
        let grounds: Vec<_> = grounds.iter().map(|g| names::clause_and_ground(g, l)).collect();
        let grounds = grounds.join(l.pick("、", "; "));
        say!(
            l,
            "申込{application}について判断を要する事由：{grounds}",
            "application {application}: grounds to weigh: {grounds}"
        )
    }
}

/// What is known of an applicant that may speak against a contract (9-10).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplicantHistory {
    pub terminated_for_breach_before: bool,
    pub false_or_missing_entry: bool,
    pub default_risk: bool,
    pub infeasible: bool,
    pub unsuitable: bool,
}

/// 9-10: every ground on which the provider may refuse; a person decides.
pub fn grounds_for_refusal(applicant: ApplicantHistory) -> Vec<&'static str> {
    let holds = |row: &&ListRow| match row.effect {
        RowEffect::TerminatedForBreachBefore => applicant.terminated_for_breach_before,
        RowEffect::FalseOrMissingEntry => applicant.false_or_missing_entry,
        RowEffect::DefaultRisk => applicant.default_risk,
        RowEffect::Infeasible => applicant.infeasible,
        RowEffect::Unsuitable => applicant.unsuitable,
        _ => false,
    };
    let grounds = Pack::bundled().lists["9-10"].rows.iter().filter(holds);
    grounds.map(|row| row.clause.as_str()).collect()
}
