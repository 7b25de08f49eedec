//! The mails that leave the house: text, enclosure, and what is kept of them.

mod corrections;
mod matters;
mod notices;

use contract::application::receiving::Wish;
use contract::declare::fact::{Fact, MaterialErased};
use contract::declare::ids::{ApplicationId, ContractId, InputId};
use contract::declare::task::TaskKind;
use contract::money::invoice::{Invoice, InvoiceKind};
use contract::road::case::{Case, What};
use contract::road::stated::OrderedLine;
use contract::sentence;
use contract::{AccountState, ApplicationState, Company, ContractState, Kept, OpenTask, Person};
use document::wording::letters::{self, Addressee, LetterLine, LetterText, Signature};
use document::{Attachment, Fault, OutgoingMail, write_mail};
use reckon::{Day, Moment};
use typeset::{Document, render};

use crate::announcing::NoticeLetterOf;
use crate::gates::intake::form_answer;
use crate::keeping::store::{DocumentRow, OutboxRow, PersonalRow};
use crate::keeping::subjects::records_subject;
use crate::outgoing::effects::Effect;
use crate::outgoing::letters::notices::About;
use crate::outgoing::{determined, papers, tries};
use crate::people::operator::Operator;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// A mail that is ready, with the rows that keep it.
pub(crate) struct Composed {
    pub mail: OutgoingMail,
    pub bytes: Vec<u8>,
    pub personal: Vec<PersonalRow>,
    pub documents: Vec<DocumentRow>,
}

/// A mail that would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterAhead {
    pub to: String,
    pub subject: String,
    /// File name of what is enclosed.
    pub paper: Option<String>,
}

/// Text, address and enclosure before they become a mail.
struct Draft {
    to: Vec<String>,
    text: LetterText,
    /// File name and document of the enclosure.
    paper: Option<(String, Document)>,
    /// Under which contract's records the mail is kept.
    contract: Option<ContractId>,
}

impl Engine {
    pub(crate) async fn compose(
        &self,
        row: &OutboxRow,
        case: &Case,
        state: &AccountState,
        effect: &Effect,
        at: Moment,
    ) -> Result<Composed, EngineError> {
        let draft = self.draft(case, state, effect, at).await?;
        self.finish(row, draft, at)
    }

    /// To whom a mail would leave, and under which subject.
    ///
    /// # Errors
    /// Why it cannot be written.
    pub(crate) async fn letter_ahead(
        &self,
        case: &Case,
        state: &AccountState,
        effect: &Effect,
        at: Moment,
    ) -> Result<LetterAhead, EngineError> {
        let Draft { to, text, paper, .. } = self.draft(case, state, effect, at).await?;
        Ok(LetterAhead {
            to: to.join("、"),
            subject: text.subject,
            paper: paper.map(|(name, _)| name),
        })
    }

    async fn draft(
        &self,
        case: &Case,
        state: &AccountState,
        effect: &Effect,
        at: Moment,
    ) -> Result<Draft, EngineError> {
        Ok(match effect {
            Effect::AcceptanceMail { application } => {
                self.acceptance(case, state, application, at).await?
            }
            Effect::RefusalMail { application } => self.refusal(state, application).await?,
            Effect::FormFaultsMail { reference } => {
                let answer = form_answer(&*self.store, reference).await?;
                self.form_faults(&answer.to, &answer.faults, at)
            }
            Effect::OrderAcceptanceMail { contract, change } => {
                self.order_acceptance(case, state, contract, change.as_ref()).await?
            }
            Effect::ReceiptNotice { contract, effective } => {
                self.receipt(case, state, contract, *effective, at).await?
            }
            Effect::TerminationNotice { contract, act } => {
                self.termination(case, state, contract, act.as_ref()).await?
            }
            Effect::NonRenewalNotice { contract, against } => {
                self.non_renewal(state, contract, *against).await?
            }
            Effect::InvoiceMail { number } => self.invoice(state, number).await?,
            Effect::CertificateMail { contract } => {
                self.certificate(case, state, contract, at).await?
            }
            Effect::CreditNoteMail { number } => self.credit_note(state, number).await?,
            Effect::MatterMail { contract, matter } => {
                self.information_request(state, contract, matter).await?
            }
            Effect::AgreementNotice { contract, to } => {
                self.agreement(case, state, contract, *to).await?
            }
            Effect::NoticeMail { delivery, .. } => {
                let NoticeLetterOf { to, text, contract, .. } =
                    self.notice_letter(state, delivery, at).await?;
                Draft { to, text, paper: None, contract: Some(contract) }
            }
            Effect::ContractNotice { contract, kind, about } => {
                self.contract_notice(case, state, &About { contract, kind, about }, at).await?
            }
            Effect::Cloud { .. }
            | Effect::Erase { .. }
            | Effect::CreditNotes { .. }
            | Effect::BookPayment { .. } => {
                return Err(EngineError::Refused(sentence!(
                    "これはメールではありません。",
                    "this effect is no mail"
                )));
            }
        })
    }

    /// Renders the enclosure and writes the mail; both are kept with the contract's
    /// records, an invoice with the tax records, which hold no personal data.
    fn finish(&self, row: &OutboxRow, draft: Draft, at: Moment) -> Result<Composed, EngineError> {
        let mut attachments = Vec::new();
        let (mut personal, mut documents) = (Vec::new(), Vec::new());
        let subject = draft.contract.as_ref().map(records_subject);
        let keep = |id: String, class: &str, name: String, content: Vec<u8>| {
            subject.clone().map(|subject| PersonalRow {
                id,
                subject,
                account: row.account.clone(),
                class: class.to_owned(),
                name,
                content,
            })
        };
        if let Some((name, paper)) = draft.paper {
            let bytes = render(&paper, &self.fonts)?;
            let id = format!("paper/{}", row.id);
            let mime = "application/pdf".to_owned();
            attachments.push(Attachment {
                name: name.clone(),
                mime: mime.clone(),
                bytes: bytes.clone(),
            });
            let kind = match paper {
                Document::Invoice(_) => Some("invoice".to_owned()),
                Document::CreditNote(_) => Some("credit_note".to_owned()),
                _ => None,
            };
            if let Some(kind) = kind {
                let account = row.account.clone();
                documents.push(DocumentRow { id, account, kind, name, mime, bytes });
            } else {
                personal.extend(keep(id, "paper", name, bytes));
            }
        }
        let mail = OutgoingMail {
            message_id: message_id(&self.operator, row),
            from: self.named_sender(),
            to: draft.to,
            reply_to: self.operator.mail.reply_to.clone(),
            automatic: true,
            subject: draft.text.subject,
            text: draft.text.body,
            date: at,
            attachments,
        };
        let bytes = write_mail(&mail).map_err(|fault| EngineError::Faults(vec![*fault]))?;
        let name = format!("{}.eml", row.id);
        personal.extend(keep(format!("mail/{}", row.id), "mail", name, bytes.clone()));
        Ok(Composed { mail, bytes, personal, documents })
    }

    /// The sender as mail programs show it: the company before its address.
    pub(crate) fn named_sender(&self) -> String {
        format!("{} <{}>", self.operator.company.name, self.operator.mail.from)
    }

    /// The contracting party today (10-1(1)).
    fn party<'a>(&self, state: &'a AccountState, contract: &'a ContractState) -> &'a Company {
        state.company_on(contract, self.now().day())
    }

    /// Who sends the papers that go with mails.
    pub(crate) fn sender(&self) -> papers::Sender<'_> {
        papers::Sender { operator: &self.operator, pack: &self.pack, law: &self.law }
    }

    pub(crate) fn signature(&self) -> Signature {
        let company = &self.operator.company;
        Signature {
            company: company.name.clone(),
            department: company.department.clone(),
            mail: self.operator.mail.from.clone(),
            phone: company.phone.clone(),
        }
    }

    /// Who applied, as registered today, and the person to write to.
    async fn applicant(
        &self,
        state: &AccountState,
        application: &ApplicationState,
    ) -> Result<(Company, Person), EngineError> {
        let id = contract_of(application);
        let today = self.now().day();
        let company = match &application.content.wish {
            Wish::New { form } => state.parties.company_on(today).unwrap_or(&form.applicant),
            Wish::Faulty { .. } => return Err(faulty(&application.content.application)),
            Wish::Change { .. } => self.party(state, contract_in(state, &id)?),
        };
        let person = self.contact(state, &id, "responsible_person").await?;
        Ok((company.clone(), person))
    }

    async fn acceptance(
        &self,
        case: &Case,
        state: &AccountState,
        id: &ApplicationId,
        at: Moment,
    ) -> Result<Draft, EngineError> {
        let application = application_in(state, id)?;
        let (company, person) = self.applicant(state, application).await?;
        let order = determined::order(case, id)?;
        let contract = order.contract.clone();
        let payment = match &application.content.wish {
            Wish::New { form } => &form.payment,
            Wish::Faulty { .. } => return Err(faulty(id)),
            Wish::Change { .. } => &contract_in(state, &contract)?.form.payment,
        };
        let accepted = papers::Accepted { application, order, payment, formed_at: at };
        let to = papers::Recipient { company: &company, person: &person.name };
        let paper = papers::order_acceptance(self.sender(), &accepted, to);
        let attachment = format!("申込請書_{contract}.pdf");
        let owed = |open: &OpenTask| open.task == TaskKind::PaperForm && open.about == id.0;
        let text = letters::acceptance_mail(&letters::AcceptanceLetter {
            to: addressee(&company.name, &person),
            from: self.signature(),
            application: id.0.clone(),
            contract: contract.0.clone(),
            applied_at: application.content.sent_at,
            terms_version: order.version.clone(),
            lines: order.lines.iter().map(|line| self.letter_line(line)).collect(),
            change: order
                .change
                .as_ref()
                .map(|change| papers::letter_change(self.sender(), order, change)),
            period: order.period,
            paper_form_owed: state.tasks.iter().any(owed),
            attachment: attachment.clone(),
        });
        Ok(Draft {
            to: vec![person.mail],
            text,
            paper: Some((attachment, paper)),
            contract: Some(contract),
        })
    }

    fn letter_line(&self, line: &OrderedLine) -> LetterLine {
        LetterLine {
            number: line.number,
            name: self.sender().item_name(&line.item),
            quantity: line.quantity,
            start: line.start,
            monthly_fee: line.monthly_fee,
        }
    }

    async fn refusal(
        &self,
        state: &AccountState,
        id: &ApplicationId,
    ) -> Result<Draft, EngineError> {
        let application = application_in(state, id)?;
        let contract = contract_of(application);
        let company = match &application.content.wish {
            Wish::Faulty { applicant } => applicant.clone(),
            _ => self.applicant(state, application).await?.0.name,
        };
        let person = self.contact(state, &contract, "responsible_person").await?;
        let text = letters::refusal_mail(&letters::RefusalLetter {
            to: addressee(&company, &person),
            from: self.signature(),
            application: id.0.clone(),
            applied_at: application.content.sent_at,
        });
        Ok(Draft { to: vec![person.mail], text, paper: None, contract: Some(contract) })
    }

    fn form_faults(&self, to: &str, faults: &[Fault], at: Moment) -> Draft {
        let text = letters::form_faults_mail(&letters::FormFaultsLetter {
            to: Addressee {
                company: String::new(),
                department: String::new(),
                person: String::new(),
            },
            from: self.signature(),
            form: "申込書".to_owned(),
            received_at: at,
            file: faults.first().map(|fault| fault.file.clone()).unwrap_or_default(),
            faults: faults.to_vec(),
        });
        Draft { to: vec![to.to_owned()], text, paper: None, contract: None }
    }

    async fn order_acceptance(
        &self,
        case: &Case,
        state: &AccountState,
        id: &ContractId,
        change: Option<&ApplicationId>,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let application = application_in(state, change.unwrap_or(&contract.application))?;
        let order = determined::order(case, &application.content.application)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let company = self.party(state, contract);
        let formed_at = application.formed_at.unwrap_or(contract.formed_at);
        let payment = &contract.form.payment;
        let accepted = papers::Accepted { application, order, payment, formed_at };
        let to = papers::Recipient { company, person: &person.name };
        let paper = papers::order_acceptance(self.sender(), &accepted, to);
        let attachment = format!("申込請書_{id}.pdf");
        let text = letters::order_acceptance_mail(&letters::OrderAcceptanceLetter {
            to: addressee(&company.name, &person),
            from: self.signature(),
            application: order.application.0.clone(),
            contract: id.0.clone(),
            change: order
                .change
                .as_ref()
                .map(|change| papers::letter_change(self.sender(), order, change)),
            formed_at,
            attachment: attachment.clone(),
        });
        let paper = Some((attachment, paper));
        Ok(Draft { to: vec![person.mail], text, paper, contract: Some(id.clone()) })
    }

    async fn receipt(
        &self,
        case: &Case,
        state: &AccountState,
        id: &ContractId,
        effective: Day,
        at: Moment,
    ) -> Result<Draft, EngineError> {
        let company = self.party(state, contract_in(state, id)?);
        let notice = determined::receipt(case, id, effective)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let to = papers::Recipient { company, person: &person.name };
        let paper = papers::receipt_notice(self.sender(), case, notice, to, at);
        let text = letters::cancellation_receipt(&letters::CancellationReceiptLetter {
            to: addressee(&company.name, &person),
            from: self.signature(),
            contract: id.0.clone(),
            arrived_at: Moment::start_of(notice.arrived_on),
            desired: notice.desired,
            effective,
            deemed: notice.deemed,
            counted: notice.counted,
            unpaid: notice.unpaid.iter().map(|debt| debt.outstanding).sum(),
            interest: notice.unpaid.iter().map(|debt| debt.interest).sum(),
            month_end: notice.month_end,
        });
        let paper =
            Some((format!("解約申込書受領通知書_{id}.pdf"), Document::ReceiptNotice(paper)));
        Ok(Draft { to: vec![person.mail], text, paper, contract: Some(id.clone()) })
    }

    async fn termination(
        &self,
        case: &Case,
        state: &AccountState,
        id: &ContractId,
        act: Option<&InputId>,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let notice = determined::termination(case, id, act).ok_or_else(|| {
            EngineError::Refused(sentence!(
                "契約{id}は解除されていません。",
                "{id}: nobody terminated it"
            ))
        })?;
        let text = letters::termination_notice(&letters::TerminationLetter {
            to: addressee(&self.party(state, contract).name, &person),
            from: self.signature(),
            contract: id.0.clone(),
            circumstances: notice.circumstances.clone(),
            ground: notice.ground.clone(),
            on: notice.on,
            unpaid: notice.unpaid.iter().map(|debt| debt.outstanding).sum(),
            interest: notice.unpaid.iter().map(|debt| debt.interest).sum(),
            interest_to: notice.interest_to,
            payable_by: notice.payable_by,
        });
        Ok(Draft { to: vec![person.mail], text, paper: None, contract: Some(id.clone()) })
    }

    async fn non_renewal(
        &self,
        state: &AccountState,
        id: &ContractId,
        expiry: Day,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let text = letters::non_renewal_notice(&letters::NonRenewalLetter {
            to: addressee(&self.party(state, contract).name, &person),
            from: self.signature(),
            contract: id.0.clone(),
            expiry,
        });
        Ok(Draft { to: vec![person.mail], text, paper: None, contract: Some(id.clone()) })
    }

    async fn invoice(&self, state: &AccountState, number: &str) -> Result<Draft, EngineError> {
        let missing = || {
            EngineError::Refused(sentence!(
                "請求書{number}はありません。",
                "there is no invoice {number}"
            ))
        };
        let invoice = &state.receivables.get(number).ok_or_else(missing)?.invoice;
        let id = invoice.contracts().first().map(|id| (*id).clone()).ok_or_else(missing)?;
        let contract = contract_in(state, &id)?;
        let person = self.contact(state, &id, "billing").await?;
        let paper = papers::invoice(self.sender(), state, number).ok_or_else(missing)?;
        let attachment = format!("{}_{number}.pdf", paper.title());
        let to = billed_to(state, &id, contract, invoice.issued_on, &person);
        let text = match invoice.kind {
            InvoiceKind::LateInterest => {
                self.late_interest_text(state, invoice, to, contract, &attachment)
            }
            _ => letters::invoice_mail(&letters::InvoiceLetter {
                to,
                from: self.signature(),
                number: number.to_owned(),
                month: invoice.month,
                issued_on: invoice.issued_on,
                total: invoice.total,
                tax: invoice.tax_groups.iter().map(|group| group.tax).sum(),
                due: invoice.due,
                method: contract.form.payment.method,
                attachment: attachment.clone(),
            }),
        };
        Ok(Draft {
            to: vec![person.mail],
            text,
            paper: Some((attachment, paper)),
            contract: Some(id),
        })
    }

    fn late_interest_text(
        &self,
        state: &AccountState,
        invoice: &Invoice,
        to: Addressee,
        contract: &ContractState,
        attachment: &str,
    ) -> LetterText {
        let line = &invoice.lines[0];
        let late = state.receivables.get(&line.charge.key.resource);
        letters::late_interest_invoice_mail(&letters::LateInterestLetter {
            to,
            from: self.signature(),
            number: invoice.number.clone(),
            issued_on: invoice.issued_on,
            late_invoice: line.charge.key.resource.clone(),
            late_due: late.map_or(invoice.due, |receivable| receivable.due),
            paid_on: late.and_then(|receivable| receivable.paid_on).unwrap_or(invoice.issued_on),
            amount: invoice.total,
            because: line.charge.because.clone(),
            due: invoice.due,
            method: contract.form.payment.method,
            attachment: attachment.to_owned(),
        })
    }

    async fn certificate(
        &self,
        case: &Case,
        state: &AccountState,
        id: &ContractId,
        at: Moment,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let person = self.contact(state, id, "billing").await?;
        let erasure = erasure_of(case, id)?;
        let paper = papers::certificate(self.sender(), case, state, id, &erasure, at)?;
        let attachment = format!("消去証明書_{id}.pdf");
        let to = Addressee {
            company: self.party(state, contract).name.clone(),
            department: String::new(),
            person: person.name,
        };
        let text = letters::erasure_certificate_mail(&letters::ErasureLetter {
            to,
            from: self.signature(),
            contract: id.0.clone(),
            ended_on: contract.end.as_ref().map_or(at.day(), |end| end.on),
            erased_on: erasure.at.day(),
            erased: erasure.erased.clone(),
            kept: paper
                .kept
                .iter()
                .map(|item| format!("{}（{}）", item.category, item.law))
                .collect(),
            attachment: attachment.clone(),
        });
        let paper = Some((attachment, Document::ErasureCertificate(paper)));
        Ok(Draft { to: vec![person.mail], text, paper, contract: Some(id.clone()) })
    }
}

/// The same at every attempt, and when a person has it sent again though it may have
/// left, so that a second copy can be told.
pub(crate) fn message_id(operator: &Operator, row: &OutboxRow) -> String {
    format!("{}@{}", tries::named_as(&row.id), operator.mail.domain)
}

pub(crate) fn addressee(company: &str, person: &Person) -> Addressee {
    Addressee {
        company: company.to_owned(),
        department: person.department.clone(),
        person: person.name.clone(),
    }
}

/// To whom the papers about money of a contract go, as registered on a day.
fn billed_to(
    state: &AccountState,
    id: &ContractId,
    contract: &ContractState,
    on: reckon::Day,
    person: &Person,
) -> Addressee {
    match state.parties.bill_to_on(id, on) {
        Some(bill_to) => Addressee {
            company: bill_to.name.clone(),
            department: bill_to.department.clone(),
            person: person.name.clone(),
        },
        None => addressee(&state.company_on(contract, on).name, person),
    }
}

fn contract_of(application: &ApplicationState) -> ContractId {
    match &application.content.wish {
        Wish::New { .. } | Wish::Faulty { .. } => application.content.application.contract(),
        Wish::Change { contract, .. } => contract.clone(),
    }
}

fn application_in<'a>(
    state: &'a AccountState,
    id: &ApplicationId,
) -> Result<&'a ApplicationState, EngineError> {
    let application = state.applications.get(id).map(Kept::as_ref);
    application.ok_or_else(|| {
        EngineError::Refused(sentence!("申込{id}はありません。", "there is no application {id}"))
    })
}

pub(crate) fn contract_in<'a>(
    state: &'a AccountState,
    id: &ContractId,
) -> Result<&'a ContractState, EngineError> {
    let contract = state.contracts.get(id).map(Kept::as_ref);
    contract.ok_or_else(|| EngineError::no_contract(id))
}

fn erasure_of(case: &Case, id: &ContractId) -> Result<papers::Erasure, EngineError> {
    let found = case.in_force().iter().find_map(|happening| match happening.what.as_ref() {
        What::Fact(Fact::MaterialErased(MaterialErased { contract, erased, by, confirmed_by }))
            if contract == id =>
        {
            Some(papers::Erasure {
                erased: erased.clone(),
                at: happening.occurred_at,
                by: by.clone(),
                confirmed_by: confirmed_by.clone(),
                record: happening.input.0.clone(),
            })
        }
        _ => None,
    });
    found.ok_or_else(|| {
        EngineError::Refused(sentence!(
            "契約{id}について消去したものはありません。",
            "{id}: nothing has been erased"
        ))
    })
}

fn faulty(application: &ApplicationId) -> EngineError {
    EngineError::Refused(sentence!(
        "申込{application}の申込書に不備があります。",
        "the form of {application} has faults",
    ))
}
