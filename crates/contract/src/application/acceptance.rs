//! 9-3, 9-4: the acceptance mail, which forms the contract when it has been sent.

use terms::Law;
use terms::{TermsVersion, VersionRule};

use crate::application::before_acceptance;
use crate::application::receiving::judged_application;
use crate::application::receiving::{Change, Wish};
use crate::declare::prelude::*;
use crate::ending::renewal::may_end_on;
use crate::road::state::{ApplicationState, ApplicationStatus, ContractState, LineState};
use crate::service::removal::removal_terms;
use crate::who::roles::Role::ContractApprover;

pub(crate) const FORMATION: Rule =
    Rule::new("formation", 1, "契約の成立", "formation of the contract")
        .clauses(&["9-4"])
        .readings(&["A-05", "A-10"])
        .parameters(&["mail.sent_means", "assent.version_rule"])
        .told_by::<Formed>();
pub(crate) const CHANGE_FORMATION: Rule =
    Rule::new("change_formation", 1, "変更契約の成立", "formation of a change")
        .clauses(&["9-7", "9-8", "9-4"])
        .readings(&["A-11"])
        .parameters(&["mail.sent_means"])
        .told_by::<Changed>();

#[derive(Serialize, Deserialize)]
pub(crate) struct Formed {
    pub sent_at: Moment,
}

impl Told for Formed {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let sent = self.sent_at.to_minute_text();
        Some(vec![say!(l, "承諾メールの送信 {sent}", "acceptance mail sent {sent}")])
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Changed {
    pub from: Day,
}

impl Told for Changed {
    fn lines(&self, _: &Because, l: Reader) -> Option<Vec<String>> {
        let from = self.from;
        Some(vec![say!(l, "変更の適用日 {from}", "the change holds from {from}")])
    }
}

/// 9-4: the outgoing server took the acceptance mail. Forms the contract.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AcceptanceMailSent {
    pub application: ApplicationId,
    pub message_id: String,
}

impl Entry for AcceptanceMailSent {
    const NAME: &'static str = "acceptance_mail_sent";
    const CLAUSES: &'static [&'static str] = &["9-3", "9-4"];
    const TITLE: Words = Words::new("承諾メールの送信", "acceptance mail sent");

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let AcceptanceMailSent { application, .. } = self;
        say!(
            l,
            "申込{application}の承諾メールを送信",
            "acceptance mail for application {application} sent"
        )
    }
}

/// 9-3: let the acceptance mail go out. The contract is formed when it has
/// been sent, not by this.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct AcceptApplication {
    pub application: ApplicationId,
}

impl Entry for AcceptApplication {
    const NAME: &'static str = "accept_application";
    const CLAUSES: &'static [&'static str] = &["9-3"];
    const TITLE: Words = Words::new("申込の承諾", "acceptance of an application");
    const DOOR: Option<Door> = Some(
        Door::of_application(
            "承諾すると承諾メールが利用責任者に送られます。契約は、そのメールを送信した時に成立します。申込を登録した人は承諾できません。",
            "The acceptance mail goes to the responsible person; the contract forms when it is sent. Whoever registered the application cannot accept it.",
        )
        .cites(&["9-4", "30-1"])
        .word("accept")
        .offer("承諾する", "accept")
        .verb("承諾して承諾メールを送る", "Accept and send the mail")
        .asks(&[Field::tick(
            "seen_all",
            "申込の内容と、上に挙げた事由を確認しました",
            "I have looked at the application and the grounds above",
        )])
        .here(judged_application),
    );

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let AcceptApplication { application } = self;
        say!(l, "申込{application}を承諾する", "accept application {application}")
    }
}

impl Deed for AcceptApplication {
    const DOERS: &'static [Role] = &[ContractApprover];
    const SECOND: Second = Second::Other;

    fn earlier<'a>(&'a self, state: &'a AccountState) -> Option<&'a str> {
        Some(state.applications.get(&self.application)?.registered_by.as_str())
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let Asked { law, state, at, .. } = *asked;
        let Some(found) = state.applications.get(&self.application) else {
            return Ok(vec![unknown(&self.application.0)]);
        };
        let mut findings = acceptance(law, state, found)?;
        findings.extend(before_acceptance::check_findings(law, state, found, at)?);
        findings.extend(before_acceptance::quote_findings(law, state, found));
        findings.extend(before_acceptance::resemblances(found));
        Ok(findings)
    }
}

/// 9-4.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContractFormed {
    pub contract: ContractId,
    pub application: ApplicationId,
    pub version: String,
}

impl Following for ContractFormed {
    fn line(&self, l: Reader) -> String {
        let ContractFormed { contract, application, version } = self;
        say!(
            l,
            "契約{contract}が成立（申込{application}、利用規約{version}版）",
            "contract {contract} formed (application {application}, terms {version})"
        )
    }
}

/// 9-7, 9-8, 9-4.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContractChanged {
    pub contract: ContractId,
    pub application: ApplicationId,
    pub from: Day,
}

impl Following for ContractChanged {
    fn line(&self, l: Reader) -> String {
        let ContractChanged { application, from, .. } = self;
        say!(
            l,
            "契約内容を{from}から変更（変更申込{application}）",
            "contract changed from {from} (application {application})"
        )
    }
}

fn acceptance(
    law: &Law,
    state: &AccountState,
    application: &ApplicationState,
) -> Result<Vec<Finding>, LawError> {
    let mut findings = open_application(application);
    for ground in &application.grounds {
        findings.push(Finding::warning(ground, "ground_for_refusal", ""));
    }
    let channel = application.content.channel;
    let terms = law.effective(application.received_at, &[])?;
    if !channel.is_among(&terms.rules.application_channels) {
        findings.push(Finding::blocking("9-2", "channel_not_prescribed", format!("{channel:?}")));
    }
    match &application.content.wish {
        Wish::New { form } => {
            let agreements = form.agreements(application.received_at);
            match law.effective(application.received_at, &agreements) {
                Ok(terms) if !may_end_on(&terms, form.period.to) => {
                    let detail = format!("{} is not the end of a month", form.period.to);
                    findings.push(Finding::blocking("13-2", "ends_in_mid_month", detail));
                }
                Ok(_) => findings.extend(
                    form.special_terms
                        .iter()
                        .filter(|term| !law.is_carried_out(&term.parameter))
                        .map(|term| {
                            let what = term.parameter.clone();
                            Finding::warning("1-2", "agreement_not_carried_out", what)
                        }),
                ),
                Err(error) => {
                    findings.push(Finding::blocking(
                        "1-2",
                        "agreement_not_applicable",
                        error.to_string(),
                    ));
                }
            }
            for line in form.lines.iter().filter(|line| law.prices.item(&line.item).is_none()) {
                findings.push(Finding::blocking("23-1", "item_without_price", line.item.clone()));
            }
        }
        Wish::Faulty { .. } => {
            findings.push(Finding::blocking("9-2", "form_with_faults", ""));
        }
        Wish::Change { contract, changes, .. } => {
            let received_on = application.received_at.day();
            findings.extend(change(law, state, contract, changes, received_on)?);
        }
    }
    Ok(findings)
}

/// 9-7: what stands against a change contract.
fn change(
    law: &Law,
    state: &AccountState,
    contract: &ContractId,
    changes: &[Change],
    received_on: Day,
) -> Result<Vec<Finding>, LawError> {
    let Some(running) = state.contracts.get(contract).filter(|c| !c.is_over()) else {
        return Ok(vec![Finding::blocking("9-7", "contract_not_running", contract.0.clone())]);
    };
    let known = |number: u32| running.lines.iter().any(|line| line.number == number);
    let mut findings = Vec::new();
    if let Some(taken) = running.taken_over.as_ref().filter(|taken| taken.unverified) {
        findings.push(Finding::warning("takeover", "unverified_takeover", taken.number.clone()));
    }
    for change in changes {
        match change {
            Change::AddLine { line } if law.prices.item(&line.item).is_none() => {
                findings.push(Finding::blocking("23-1", "item_without_price", line.item.clone()));
            }
            Change::AddLine { line } if known(line.number) => {
                findings.push(Finding::blocking("9-7", "line_exists", line.number.to_string()));
            }
            Change::SetQuantity { line, .. } | Change::SetAgreedFee { line, .. }
                if !known(*line) =>
            {
                findings.push(Finding::blocking("9-7", "no_such_line", line.to_string()));
            }
            Change::RemoveLine { line, last_day, residual } => {
                let found = line_removal(law, running, *line, *last_day, *residual, received_on)?;
                findings.extend(found);
            }
            _ => {}
        }
    }
    Ok(findings)
}

/// One line ends while the contract goes on: other terms than those of 14-2 and
/// 15-1 can be agreed, and whoever accepts is told.
fn line_removal(
    law: &Law,
    running: &ContractState,
    number: u32,
    last_day: Day,
    residual: Yen,
    received_on: Day,
) -> Result<Vec<Finding>, LawError> {
    let about = number.to_string();
    let open = |line: &&LineState| line.removal.is_none();
    let Some(line) = running.lines.iter().find(|line| line.number == number).filter(open) else {
        return Ok(vec![Finding::blocking("9-7", "no_such_line", about)]);
    };
    let mut findings = Vec::new();
    if running.lines.iter().filter(open).count() == 1 {
        findings.push(Finding::blocking("15-1", "last_line", about));
    }
    if let Some(terms) = removal_terms(law, running, line, received_on, Some(last_day))? {
        if terms.deemed {
            let earliest = terms.earliest.to_string();
            findings.push(Finding::warning("15-1", "shorter_than_notice", earliest));
        }
        if terms.residual != residual {
            let computed = terms.residual.to_string();
            findings.push(Finding::warning("14-2", "residual_differs", computed));
        }
    }
    Ok(findings)
}

/// 9-3: an application is answered once.
pub(crate) fn open_application(application: &ApplicationState) -> Vec<Finding> {
    if application.status == ApplicationStatus::Received {
        return Vec::new();
    }
    let detail = format!("{:?}", application.status);
    vec![Finding::blocking("9-3", "already_answered", detail)]
}

/// 9-6, A-10: the version under which a contract is formed, when a new one may have
/// come into force between the sending of the form and the acceptance.
///
/// # Errors
/// When the law has no rules for the moment of sending.
pub fn version_assented(
    law: &Law,
    sent_at: Moment,
    formed_at: Moment,
) -> Result<Option<&TermsVersion>, LawError> {
    let (read, later) = (law.version_at(sent_at), law.version_at(formed_at));
    let published = |version: &&TermsVersion| {
        version.published_on.is_some_and(|day| Moment::start_of(day) <= sent_at)
    };
    Ok(match law.effective(sent_at, &[])?.rules.version_rule {
        VersionRule::AtSending => read,
        VersionRule::AtFormation => later,
        VersionRule::IfPublished => later.filter(published).or(read),
    })
}
