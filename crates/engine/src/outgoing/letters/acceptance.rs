//! 承諾メール (9-3): its sending forms the contract (9-4), or the change contract (9-8).

use contract::application::receiving::Wish;
use contract::declare::act::AcceptApplication;
use contract::declare::fact::AcceptanceMailSent;
use contract::declare::task::TaskKind;
use contract::road::stated::{Order, OrderedLine};
use contract::{ApplicationState, ApplicationStatus, Company, Kept, OpenTask, Person};
use document::wording::letters::TO_APPLICANT;

use super::order_acceptance::paper::{
    Accepted, LetterChange, changed, determined, letter_change, order_acceptance,
};
use crate::outgoing::draft::{addressee, contract_in};
use crate::outgoing::papers;
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AcceptanceMail {
    pub application: ApplicationId,
}

impl Outgoing for AcceptanceMail {
    const OF: Of = Of {
        // Only a mail forms the contract (9-4).
        ways: &[Way::Mail],
        is_asked_anew: true,
        ..Of::mail(
            "acceptance-",
            Words::new("承諾メール", "acceptance mail"),
            Object::Application,
            &[Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<AcceptanceMail> {
        let Act::AcceptApplication(AcceptApplication { application }) = asked.act()? else {
            return None;
        };
        Some(AcceptanceMail { application: application.clone() })
    }

    fn about(&self) -> &str {
        &self.application.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        has_status(state, &self.application, ApplicationStatus::Accepting)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let application = self.application.clone();
        Some(Fact::AcceptanceMailSent(AcceptanceMailSent { application, message_id }))
    }
}

impl Letter for AcceptanceMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let id = &self.application;
        let application = application_in(desk.state, id)?;
        let (company, person) = applicant(desk, application).await?;
        let order = determined(desk.case, id)?;
        let contract = order.contract.clone();
        let payment = match &application.content.wish {
            Wish::New { form } => &form.payment,
            Wish::Faulty { .. } => return Err(faulty(id)),
            Wish::Change { .. } => &contract_in(desk.state, &contract)?.form.payment,
        };
        let accepted = Accepted { application, order, payment, formed_at: desk.at };
        let to = papers::Recipient { company: &company, person: &person.name };
        let paper = order_acceptance(desk.sender(), &accepted, to);
        let attachment = format!("申込請書_{contract}.pdf");
        let owed = |open: &OpenTask| open.task == TaskKind::PaperForm && open.about == id.0;
        let stated = Stated {
            order,
            change: letter_change(desk.sender(), order),
            applied_at: application.content.sent_at,
            paper_form_owed: desk.state.tasks.iter().any(owed),
            attachment: &attachment,
        };
        let text = text(&stated, |item| desk.sender().item_name(item));
        let addressee = addressee(&company.name, &person);
        let to = vec![person.mail];
        let draft = Draft { to, addressee, text, paper: None, contract: Some(contract) };
        Ok(draft.with(attachment, paper))
    }
}

/// What the mail states.
pub(super) struct Stated<'a> {
    pub order: &'a Order,
    pub change: Option<LetterChange>,
    pub applied_at: Moment,
    /// True when applied by mail and no paper form has come yet (9-2).
    pub paper_form_owed: bool,
    pub attachment: &'a str,
}

pub(super) fn text(stated: &Stated<'_>, item: impl Fn(&str) -> String) -> Wording {
    let mut remarks = vec![
        format!("利用契約には、利用規約{}版が適用されます。", stated.order.version),
        "申込請書は改めてお送りします。その時期は契約の成立に影響しません（第9条第5項）。"
            .to_owned(),
    ];
    if stated.paper_form_owed {
        remarks.push(
            "メールでのお申し込みでしたので、記名済みの紙の申込書もお早めにお送りください（第9条第2項）。"
                .to_owned(),
        );
    }
    let (subject, greeting, paragraphs) = match stated.change {
        None => (
            "お申し込みを承りました",
            TO_APPLICANT,
            [
                "お申し込みの内容を確認し、下記のとおり承諾いたします。",
                "利用契約は、当社がこのメールを送信した時点で成立しております（第9条第4項）。",
            ],
        ),
        Some(_) => (
            "利用変更のお申し込みを承りました",
            TO_CUSTOMER,
            [
                "ご契約内容の変更のお申し込みを確認し、下記のとおり承諾いたします。",
                "利用変更契約は、当社がこのメールを送信した時点で成立しております（第9条第8項、同条第4項）。",
            ],
        ),
    };
    Wording {
        subject: format!("【承諾】{subject}（契約番号 {}）", stated.order.contract),
        greeting,
        paragraphs: paragraphs.map(str::to_owned).to_vec(),
        records: records(stated, item),
        remarks,
    }
}

fn records(stated: &Stated<'_>, item: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let Stated { order, change, applied_at, attachment, .. } = stated;
    let lines = order.lines.iter().map(|line| service_line(line, item(&line.item)));
    let lines = lines.collect::<Vec<_>>().join("\n");
    let mut records = vec![
        ("申込番号", order.application.to_string()),
        ("契約番号", order.contract.to_string()),
        ("お申込日", written_day(applied_at.day())),
    ];
    match change {
        None => records.push(("サービス", lines)),
        Some(change) => {
            records.extend(changed(change));
            records.push(("変更後", lines));
        }
    }
    let (from, to) = (written_day(order.period.from), written_day(order.period.to));
    records.push(("利用期間", format!("{from}〜{to}")));
    records.push(("添付", format!("申込請書（{attachment}）")));
    records
}

fn service_line(line: &OrderedLine, name: String) -> String {
    let fee = match line.monthly_fee {
        Some(fee) => format!("月額{}（税抜）", yen(fee, Language::Japanese)),
        None => "従量料金".to_owned(),
    };
    let (number, quantity) = (line.number, line.quantity);
    format!("{number}. {name} × {quantity}　{fee}　{}から", written_day(line.start))
}

/// Who applied, as registered today, and the person to write to.
pub(super) async fn applicant(
    desk: &Desk<'_>,
    application: &ApplicationState,
) -> Result<(Company, Person), EngineError> {
    let (state, id) = (desk.state, contract_of(application));
    let company = match &application.content.wish {
        Wish::New { form } => {
            state.parties.company_on(desk.engine.now().day()).unwrap_or(&form.applicant)
        }
        Wish::Faulty { .. } => return Err(faulty(&application.content.application)),
        Wish::Change { .. } => desk.party(contract_in(state, &id)?),
    };
    let person = desk.engine.contact(state, &id, "responsible_person").await?;
    Ok((company.clone(), person))
}

pub(super) fn contract_of(application: &ApplicationState) -> ContractId {
    match &application.content.wish {
        Wish::New { .. } | Wish::Faulty { .. } => application.content.application.contract(),
        Wish::Change { contract, .. } => contract.clone(),
    }
}

pub(super) fn application_in<'a>(
    state: &'a AccountState,
    id: &ApplicationId,
) -> Result<&'a ApplicationState, EngineError> {
    let application = state.applications.get(id).map(Kept::as_ref);
    application.ok_or_else(|| {
        EngineError::Refused(sentence!("申込{id}はありません。", "there is no application {id}"))
    })
}

pub(super) fn has_status(
    state: &AccountState,
    id: &ApplicationId,
    status: ApplicationStatus,
) -> bool {
    state.applications.get(id).is_some_and(|application| application.status == status)
}

fn faulty(application: &ApplicationId) -> EngineError {
    EngineError::Refused(sentence!(
        "申込{application}の申込書に不備があります。",
        "the form of {application} has faults",
    ))
}
