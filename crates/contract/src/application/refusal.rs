//! 9-3b, 9-10: refusing an application, with its ground.

use terms::{ListRow, RowEffect};

use crate::application::acceptance::open_application;
use crate::application::grounds::{ApplicantHistory, grounds_for_refusal};
use crate::application::receiving::judged_application;
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

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
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
    const DOOR: Option<Door> = Some(
        Door::of_application(
            "承諾しないことを申込者に通知します。通知には事由を書きません。不適当を理由にできる（9-10(5)）のは法務だけです。",
            "The applicant is told that the application is not accepted, without the ground. Unsuitability (9-10(5)) is for legal alone.",
        )
        .word("refuse")
        .offer("承諾しない", "refuse")
        .verb("承諾せず、通知を送る", "Refuse and send the notice")
        .asks(&[Field::choice("ground", "事由", "Ground")
            .hint("9-10 の各号。9-10(5) は法務だけが使えます。", "An item of 9-10; 9-10(5) is for legal alone.")])
        .reason_owed()
        .here(refusing),
    );

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
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

fn refusing(asked: &Asked, id: &str, l: Reader) -> Here {
    let grounds = ListRow::all("9-10");
    let grounds = grounds.map(|row| {
        Choice::new(&row.clause, format!("{} {}", row.clause, l.pick(&row.ja, &row.en)))
    });
    judged_application(asked, id, l).choices("ground", grounds)
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
