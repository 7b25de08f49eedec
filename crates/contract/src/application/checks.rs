//! Checks before acceptance: 反社 (ties to anti-social forces) and 与信 (credit).
//! The terms ask for neither. 9-10(3) and 9-10(5) let the provider weigh what
//! they find; which ones an acceptance needs, the operator says.

use crate::declare::prelude::*;
use crate::declare::sealed::File;

pub use terms::CheckKind;

/// A check of a company, as somebody made it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Check {
    pub kind: CheckKind,
    /// The day on which it was made.
    pub on: Day,
    pub result: CheckResult,
    /// Who made it: a person of the provider, or an agency.
    pub by: String,
    /// What shows it: a file, the name of a filed document, or its reference.
    pub document: Sealed<File>,
    /// The last day on which it may be relied upon.
    pub expires_on: Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    Passed,
    /// Passed under conditions that stand in the document.
    Conditional,
    Failed,
}

/// What the checks of a kind come to on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Missing,
    Failed,
    /// The last day on which the newest one could be relied upon.
    Expired(Day),
    Valid,
}

/// The newest check of a kind decides; one of a later day does not count yet.
pub fn standing<'a>(
    checks: impl IntoIterator<Item = &'a Check>,
    kind: CheckKind,
    on: Day,
) -> Standing {
    let made = checks.into_iter().filter(|check| check.kind == kind && check.on <= on);
    match made.max_by_key(|check| check.on) {
        None => Standing::Missing,
        Some(check) if check.result == CheckResult::Failed => Standing::Failed,
        Some(check) if check.expires_on < on => Standing::Expired(check.expires_on),
        Some(_) => Standing::Valid,
    }
}

/// The ground of refusal to which a failed or expired check belongs.
pub fn ground(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Credit => "9-10(3)",
        CheckKind::AntiSocial => "9-10(5)",
    }
}

/// The name of a kind, as files and findings have it.
pub fn name(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Credit => "credit",
        CheckKind::AntiSocial => "anti_social",
    }
}

impl Entry for Check {
    const NAME: &'static str = "check_recorded";
    const CLAUSES: &'static [&'static str] = &["9-10(3)", "9-10(5)"];
    const TITLE: Words = Words::new("申込者の確認", "check of an applicant");
    const BY: Option<Permission> = Some(Permission::RegisterJudgement);

    fn stream(&self) -> Stream {
        Stream::Company
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Applications]
    }

    fn line(&self, l: Reader) -> String {
        check_made(self, l)
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        vec![Mark::Paper { folder: Folder::Check, of: None, document: &mut self.document }]
    }
}

fn check_made(check: &Check, language: Reader) -> String {
    let Check { on, by, expires_on, .. } = check;
    let (kind, result) =
        (names::check(check.kind, language), names::check_result(check.result, language));
    say!(
        language,
        "{kind}（{on}）：{result}、有効期限 {expires_on}",
        "{kind} of {on} by {by}: {result}, valid up to {expires_on}"
    )
}
