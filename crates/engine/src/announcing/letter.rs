//! A notice as one customer gets it: the mail and the paper, to the responsible person of
//! each contract that it concerns (30-1).

use contract::AccountState;
use contract::Person;
use contract::declare::ids::ContractId;
use contract::notices::effective::Notice;
use contract::notices::given::DeliveryId;
use contract::sentence;
use document::wording::letters::{Addressee, Wording};
use reckon::Moment;
use terms::NoticeKind;
use typeset::{Document, NoticePaper};

use super::said::{Passage, Said, written_moment};
use crate::outgoing::draft::{addressee, contract_in};
use crate::outgoing::letters::notice::written::NoticeOf;
use crate::outgoing::papers;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// A notice as it goes to one customer.
pub(crate) struct NoticeLetterOf {
    pub to: Vec<String>,
    pub addressee: Addressee,
    pub text: Wording,
    pub paper: NoticePaper,
    /// Under whose records it is kept.
    pub contract: ContractId,
}

impl Engine {
    /// A notice of the operator to a customer, as it leaves now.
    ///
    /// # Errors
    /// Why it cannot be written: nobody to write to, or its words are erased.
    pub(crate) async fn notice_letter(
        &self,
        state: &AccountState,
        id: &DeliveryId,
        at: Moment,
    ) -> Result<NoticeLetterOf, EngineError> {
        let missing =
            || EngineError::Refused(sentence!("通知{id}はありません。", "there is no notice {id}"));
        let notice = state.notices.get(id).ok_or_else(missing)?;
        let held = self.announcements().await?;
        let one = notice.notice.as_ref().and_then(|of| held.get(of)).ok_or_else(missing)?;
        let said = self.said_by(one).await?;
        let erased = || {
            let id = &one.id;
            EngineError::Refused(sentence!(
                "{id}の内容は消去されています。",
                "the words of {id} are erased"
            ))
        };
        self.letter_of(state, &one.id.0, notice, said.ok_or_else(erased)?, at).await
    }

    /// The paper of a notice, to be sent by post.
    ///
    /// # Errors
    /// As [`Engine::notice_letter`], and when it cannot be set.
    pub async fn notice_paper(
        &self,
        state: &AccountState,
        id: &DeliveryId,
    ) -> Result<Vec<u8>, EngineError> {
        // Opened again after it left, it has the day on which it left.
        let left = state.notices.get(id).and_then(|one| one.dispatched_at);
        let at = left.unwrap_or_else(|| self.now());
        let letter = self.notice_letter(state, id, at).await?;
        Ok(typeset::render(&Document::Notice(letter.paper), &self.fonts)?)
    }

    pub(crate) async fn letter_of(
        &self,
        state: &AccountState,
        number: &str,
        notice: &Notice,
        said: Said,
        at: Moment,
    ) -> Result<NoticeLetterOf, EngineError> {
        let mut to: Vec<Person> = Vec::new();
        let mut contract = None;
        for id in &notice.contracts {
            let person = self.contact(state, id, "responsible_person").await;
            let Ok(person) = person else { continue };
            contract.get_or_insert_with(|| id.clone());
            if !to.iter().any(|known| known.mail == person.mail) {
                to.push(person);
            }
        }
        let nobody = || {
            EngineError::Refused(sentence!(
                "{number}を送る相手がいません。",
                "{number}: there is nobody to write to"
            ))
        };
        let (contract, person) = contract.zip(to.first()).ok_or_else(nobody)?;
        let stands = contract_in(state, &contract)?;
        let company = state.company_on(stands, at.day());
        let Said { title, lead, passages, text, clause, court } = said;
        let contracts: Vec<_> = notice.contracts.iter().map(|id| id.0.clone()).collect();
        let contracts = contracts.join("、");
        let written = NoticeOf {
            number,
            title: &title,
            lead: &lead,
            passages: &passages,
            text: &text,
            contracts: &contracts,
            clause: &clause,
            court: court.as_deref(),
        };
        let version = stands.version_on(&self.law, at.day());
        let recipient = papers::Recipient { company, person: &person.name };
        let paper = written.paper(self.sender(), recipient, &version, at.day());
        let (addressee, text) = (addressee(&company.name, person), written.mail());
        let to = to.into_iter().map(|person| person.mail).collect();
        Ok(NoticeLetterOf { to, addressee, text, paper, contract })
    }
}

/// What an automatic notice of a kind says.
pub(crate) fn said_by_itself(
    kind: &NoticeKind,
    passages: Vec<Passage>,
    court: Option<String>,
) -> Said {
    Said {
        title: kind.ja.clone(),
        lead: kind.body.clone(),
        passages,
        text: String::new(),
        clause: kind.clause.clone(),
        court,
    }
}

pub(crate) fn at_moment(label: &'static str, at: Moment) -> Passage {
    Passage { label, value: written_moment(at) }
}
