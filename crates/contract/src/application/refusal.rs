//! 9-3b, 9-10: refusing an application, with its ground.

use terms::RowEffect;

use crate::application::acceptance::open_application;
use crate::application::grounds::{ApplicantHistory, grounds_for_refusal};
use crate::declare::prelude::*;
use crate::road::state::ApplicationState;
use crate::who::roles::Role::{ContractApprover, Legal};

pub(crate) const REFUSAL: Rule =
    Rule::new("refusal", 1, "申込の不承諾", "refusal").clauses(&["9-3b", "9-10"]);

/// 9-3b.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct RefusalSent {
    pub application: ApplicationId,
    pub message_id: String,
}

impl Entry for RefusalSent {
    const NAME: &'static str = "refusal_sent";
    const CLAUSES: &'static [&'static str] = &["9-3b"];
    const TITLE: Words = Words::new("不承諾の通知の送信", "refusal sent");

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn line(&self, l: Reader) -> String {
        let RefusalSent { application, .. } = self;
        say!(l, "申込{application}の不承諾を通知", "refusal of application {application} sent")
    }
}

/// 9-3b, 9-10: decline, naming the ground.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct RefuseApplication {
    pub application: ApplicationId,
    pub ground: String,
}

impl Entry for RefuseApplication {
    const NAME: &'static str = "refuse_application";
    const CLAUSES: &'static [&'static str] = &["9-3b", "9-10"];
    const TITLE: Words = Words::new("申込の不承諾", "refusal of an application");

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn line(&self, l: Reader) -> String {
        let RefuseApplication { application, ground } = self;
        let ground = names::clause_and_ground(ground, l);
        say!(
            l,
            "申込{application}を承諾しない（{ground}）",
            "refuse application {application} ({ground})"
        )
    }
}

impl Deed for RefuseApplication {
    const DOERS: &'static [Role] = &[ContractApprover, Legal];

    // 9-10(5) rests on a judgement alone: it needs legal.
    fn doers(&self) -> &'static [Role] {
        match RowEffect::of(&self.ground) {
            Some(RowEffect::Unsuitable) => &[Legal],
            _ => Self::DOERS,
        }
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        Ok(match asked.state.applications.get(&self.application) {
            Some(found) => refusal(found, &self.ground),
            None => vec![unknown(&self.application.0)],
        })
    }
}

fn refusal(application: &ApplicationState, ground: &str) -> Vec<Finding> {
    let mut findings = open_application(application);
    let every = ApplicantHistory {
        terminated_for_breach_before: true,
        false_or_missing_entry: true,
        default_risk: true,
        infeasible: true,
        unsuitable: true,
    };
    if !grounds_for_refusal(every).contains(&ground) {
        findings.push(Finding::blocking("9-10", "no_such_ground", ground));
    }
    findings
}
