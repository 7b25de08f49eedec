//! The mails that leave the house: text, enclosure, and what is kept of them.

mod corrections;

use contract::act::Act;
use contract::case::{Case, What};
use contract::fact::{Fact, Wish};
use contract::ids::{ApplicationId, ContractId};
use contract::invoice::{Invoice, InvoiceKind};
use contract::{
    AccountState, ApplicationForm, ApplicationState, Company, ContractState, Person, Unfolded,
};
use document::wording::letters::{self, Addressee, LetterLine, LetterText, Signature};
use document::{Attachment, Fault, OutgoingMail, write_mail};
use reckon::{Day, Moment, Yen};
use typeset::{Document, render};

use crate::effects::Effect;
use crate::engine::{Engine, EngineError};
use crate::outbox::records_subject;
use crate::papers;
use crate::store::{DocumentRow, OutboxRow, PersonalRow};

/// A mail that is ready, with the rows that keep it.
pub(crate) struct Composed {
    pub mail: OutgoingMail,
    pub bytes: Vec<u8>,
    pub personal: Vec<PersonalRow>,
    pub documents: Vec<DocumentRow>,
}

/// Text, address and enclosure before they become a mail.
struct Draft {
    to: String,
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
        unfolded: &Unfolded,
        effect: &Effect,
        at: Moment,
    ) -> Result<Composed, EngineError> {
        let state = &unfolded.state;
        let draft = match effect {
            Effect::AcceptanceMail { application } => {
                self.acceptance(state, application, at).await?
            }
            Effect::RefusalMail { application } => self.refusal(state, application).await?,
            Effect::FormFaultsMail { reference } => {
                let answer = self.form_answer(reference).await?;
                self.form_faults(&answer.to, &answer.faults, at)
            }
            Effect::OrderAcceptanceMail { contract } => {
                self.order_acceptance(state, contract).await?
            }
            Effect::ReceiptNotice { contract, effective } => {
                self.receipt(case, unfolded, (contract, *effective), at).await?
            }
            Effect::TerminationNotice { contract } => {
                self.termination(case, state, contract).await?
            }
            Effect::NonRenewalNotice { contract, against } => {
                self.non_renewal(state, contract, *against).await?
            }
            Effect::InvoiceMail { number } => self.invoice(state, number).await?,
            Effect::CertificateMail { contract } => {
                self.certificate(case, state, contract, at).await?
            }
            Effect::CreditNoteMail { number } => self.credit_note(state, number).await?,
            Effect::AgreementNotice { contract, to } => {
                self.agreement(case, state, (contract, *to)).await?
            }
            Effect::Cloud { .. }
            | Effect::Erase { .. }
            | Effect::CreditNotes { .. }
            | Effect::BookPayment { .. } => {
                return Err(EngineError::Refused("this effect is no mail".to_owned()));
            }
        };
        self.finish(row, draft, at)
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
            message_id: self.message_id(row),
            from: self.operator.mail.from.clone(),
            to: vec![draft.to],
            subject: draft.text.subject,
            text: draft.text.body,
            date: at,
            attachments,
        };
        let bytes = write_mail(&mail).map_err(|fault| EngineError::Faults(vec![fault]))?;
        let name = format!("{}.eml", row.id);
        personal.extend(keep(format!("mail/{}", row.id), "mail", name, bytes.clone()));
        Ok(Composed { mail, bytes, personal, documents })
    }

    /// The same at every attempt, so that a second copy can be told.
    pub(crate) fn message_id(&self, row: &OutboxRow) -> String {
        format!("{}@{}", row.id, self.operator.mail.domain)
    }

    /// The contracting party today (10-1(1)).
    fn party<'a>(&self, state: &'a AccountState, contract: &'a ContractState) -> &'a Company {
        state.company_on(contract, self.now().day())
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

    /// The form of an application and the person to write to.
    async fn applicant(
        &self,
        state: &AccountState,
        id: &ApplicationId,
    ) -> Result<(ApplicationState, ApplicationForm, Person), EngineError> {
        let missing = || EngineError::Refused(format!("there is no application {id}"));
        let application = state.applications.get(id).cloned().ok_or_else(missing)?;
        let form = match &application.content.wish {
            Wish::New { form } => form.clone(),
            Wish::Faulty { .. } => {
                return Err(EngineError::Refused(format!("the form of {id} has faults")));
            }
            Wish::Change { contract, .. } => form_as_it_stands(contract_in(state, contract)?),
        };
        let person = self.contact(state, &contract_of(&application), "responsible_person").await?;
        Ok((application, form, person))
    }

    async fn acceptance(
        &self,
        state: &AccountState,
        id: &ApplicationId,
        at: Moment,
    ) -> Result<Draft, EngineError> {
        let (application, form, person) = self.applicant(state, id).await?;
        let contract = contract_of(&application);
        let paper = papers::order_acceptance(self, &application, &form, at, &person.name)?;
        let attachment = format!("申込請書_{contract}.pdf");
        let version = self.law.version_at(at).map(|v| v.version.clone()).unwrap_or_default();
        let text = letters::acceptance_mail(&letters::AcceptanceLetter {
            to: addressee(&form.applicant.name, &person),
            from: self.signature(),
            application: id.0.clone(),
            contract: contract.0.clone(),
            applied_at: application.content.sent_at,
            terms_version: version,
            lines: form.lines.iter().map(|line| self.letter_line(line)).collect(),
            period: form.period,
            paper_form_owed: application.content.channel == contract::notice::Channel::Email,
            attachment: attachment.clone(),
        });
        Ok(Draft {
            to: person.mail,
            text,
            paper: Some((attachment, paper)),
            contract: Some(contract),
        })
    }

    fn letter_line(&self, line: &contract::LineWish) -> LetterLine {
        LetterLine {
            number: line.number,
            name: self.item_name(&line.item),
            quantity: line.quantity,
            start: line.start,
            monthly_fee: papers::monthly_fee(self, line),
        }
    }

    async fn refusal(
        &self,
        state: &AccountState,
        id: &ApplicationId,
    ) -> Result<Draft, EngineError> {
        let missing = || EngineError::Refused(format!("there is no application {id}"));
        let application = state.applications.get(id).ok_or_else(missing)?;
        let contract = contract_of(application);
        let company = match &application.content.wish {
            Wish::New { form } => form.applicant.name.clone(),
            Wish::Faulty { applicant } => applicant.clone(),
            Wish::Change { contract, .. } => {
                self.party(state, contract_in(state, contract)?).name.clone()
            }
        };
        let person = self.contact(state, &contract, "responsible_person").await?;
        let text = letters::refusal_mail(&letters::RefusalLetter {
            to: addressee(&company, &person),
            from: self.signature(),
            application: id.0.clone(),
            applied_at: application.content.sent_at,
        });
        Ok(Draft { to: person.mail, text, paper: None, contract: Some(contract) })
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
        Draft { to: to.to_owned(), text, paper: None, contract: None }
    }

    async fn order_acceptance(
        &self,
        state: &AccountState,
        id: &ContractId,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let application = state.applications.get(&contract.application);
        let application =
            application.ok_or_else(|| EngineError::Refused(format!("{id} has no application")))?;
        let person = self.contact(state, id, "responsible_person").await?;
        let formed_at = contract.formed_at;
        let paper =
            papers::order_acceptance(self, application, &contract.form, formed_at, &person.name)?;
        let attachment = format!("申込請書_{id}.pdf");
        let text = letters::order_acceptance_mail(&letters::OrderAcceptanceLetter {
            to: addressee(&self.party(state, contract).name, &person),
            from: self.signature(),
            application: contract.application.0.clone(),
            contract: id.0.clone(),
            formed_at,
            attachment: attachment.clone(),
        });
        let paper = Some((attachment, paper));
        Ok(Draft { to: person.mail, text, paper, contract: Some(id.clone()) })
    }

    async fn receipt(
        &self,
        case: &Case,
        unfolded: &Unfolded,
        (id, effective): (&ContractId, Day),
        at: Moment,
    ) -> Result<Draft, EngineError> {
        let state = &unfolded.state;
        let contract = contract_in(state, id)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let of = (id, effective);
        let notice = papers::receipt_notice(self, (case, unfolded), of, &person.name, at)?;
        let terms = self.law.effective(at, &contract.agreements)?;
        let counted = notice.desired.map(|day| terms.calendar.count_between(notice.arrived, day));
        let text = letters::cancellation_receipt(&letters::CancellationReceiptLetter {
            to: addressee(&self.party(state, contract).name, &person),
            from: self.signature(),
            contract: id.0.clone(),
            arrived_at: Moment::start_of(notice.arrived),
            desired: notice.desired,
            effective: notice.effective,
            deemed: notice.deemed.is_some(),
            business_days: counted,
            needed: terms.rules.cancel_notice_bd,
            unpaid: notice.unpaid.iter().map(|u| u.amount).sum(),
            interest: notice.unpaid.iter().map(|u| u.interest).sum(),
            month_end: papers::month_end(&terms, notice.effective, notice.deemed.is_some()),
        });
        let paper = Some((format!("解除届受領通知書_{id}.pdf"), Document::ReceiptNotice(notice)));
        Ok(Draft { to: person.mail, text, paper, contract: Some(id.clone()) })
    }

    async fn termination(
        &self,
        case: &Case,
        state: &AccountState,
        id: &ContractId,
    ) -> Result<Draft, EngineError> {
        let contract = contract_in(state, id)?;
        let person = self.contact(state, id, "responsible_person").await?;
        let act = case.in_force().into_iter().find_map(|happening| match &happening.what {
            What::Act(Act::Terminate { contract, ground, on, payable_by, .. })
                if contract == id =>
            {
                Some((ground.clone(), *on, *payable_by))
            }
            _ => None,
        });
        let (ground, on, payable_by) =
            act.ok_or_else(|| EngineError::Refused(format!("{id}: nobody terminated it")))?;
        let text = letters::termination_notice(&letters::TerminationLetter {
            to: addressee(&self.party(state, contract).name, &person),
            from: self.signature(),
            contract: id.0.clone(),
            circumstances: circumstances(state, &ground),
            ground,
            on,
            unpaid: state.receivables.values().map(|r| r.outstanding).sum(),
            payable_by,
        });
        Ok(Draft { to: person.mail, text, paper: None, contract: Some(id.clone()) })
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
        Ok(Draft { to: person.mail, text, paper: None, contract: Some(id.clone()) })
    }

    async fn invoice(&self, state: &AccountState, number: &str) -> Result<Draft, EngineError> {
        let missing = || EngineError::Refused(format!("there is no invoice {number}"));
        let invoice = &state.receivables.get(number).ok_or_else(missing)?.invoice;
        let id = invoice.contracts().first().map(|id| (*id).clone()).ok_or_else(missing)?;
        let contract = contract_in(state, &id)?;
        let person = self.contact(state, &id, "billing").await?;
        let paper = papers::invoice(self, state, number).ok_or_else(missing)?;
        let attachment = format!("{}_{number}.pdf", paper.title());
        let to = billed_to(state, (&id, contract), invoice.issued_on, &person);
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
        Ok(Draft { to: person.mail, text, paper: Some((attachment, paper)), contract: Some(id) })
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
        let paper = papers::certificate(self, state, id, &erasure, at)?;
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
        Ok(Draft { to: person.mail, text, paper, contract: Some(id.clone()) })
    }
}

fn addressee(company: &str, person: &Person) -> Addressee {
    Addressee {
        company: company.to_owned(),
        department: person.department.clone(),
        person: person.name.clone(),
    }
}

/// To whom the papers about money of a contract go, as registered on a day.
fn billed_to(
    state: &AccountState,
    (id, contract): (&ContractId, &ContractState),
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

fn contract_in<'a>(
    state: &'a AccountState,
    id: &ContractId,
) -> Result<&'a ContractState, EngineError> {
    let contract = state.contracts.get(id);
    contract.ok_or_else(|| EngineError::Refused(format!("there is no contract {id}")))
}

/// The form as change contracts left it: its lines and period as they stand now.
fn form_as_it_stands(contract: &ContractState) -> ApplicationForm {
    let mut form = contract.form.clone();
    let lines = contract.lines.iter();
    form.lines = lines
        .map(|line| contract::LineWish { quantity: line.quantity, ..line.wish.clone() })
        .collect();
    form.period = contract.period;
    form
}

/// What a termination for arrears rests on, in words for the notice.
fn circumstances(state: &AccountState, ground: &str) -> String {
    let open = state.rights.iter().filter(|right| right.right == ground);
    let debts: Vec<_> = open
        .filter_map(|right| {
            let receivable = state.receivables.get(&right.about)?;
            let (number, due): (&str, _) = (&right.about, receivable.due);
            let outstanding: Yen = receivable.outstanding;
            Some(format!("請求書 {number}（支払期日 {due}、未払額 {outstanding}円）"))
        })
        .collect();
    match debts.is_empty() {
        true => "当社の記録によります。".to_owned(),
        false => format!("{}が支払われていないこと。", debts.join("、")),
    }
}

fn erasure_of(case: &Case, id: &ContractId) -> Result<papers::Erasure, EngineError> {
    let found = case.in_force().into_iter().find_map(|happening| match &happening.what {
        What::Fact(Fact::MaterialErased { contract, erased, by, confirmed_by })
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
    found.ok_or_else(|| EngineError::Refused(format!("{id}: nothing has been erased")))
}
