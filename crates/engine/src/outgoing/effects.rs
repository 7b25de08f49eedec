//! Which effects an event asks for, and whether they are still wanted.

use contract::declare::act::{
    AcceptApplication, Act, AgreeCancellation, Approve, ConfirmErasure, CorrectInvoices,
    DeclineRenewal, MovePayment, RefuseApplication, Resume, Suspend, Terminate,
};
use contract::declare::consequence::{
    ArrivalConfirmed, CancellationAgreed, CancellationDetermined, Consequence, ContractExtended,
    ContractFormed, TaskOpened,
};
use contract::declare::fact::{Fact, MaterialErased, UpstreamResumed, UpstreamSuspended};
use contract::declare::ids::{AccountId, ApplicationId, ContractId, InputId, short_hash};
use contract::declare::task::TaskKind;
use contract::declare::words::{Language, Words};
use contract::matters::matter::MatterId;
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::Channel;
use contract::road::case::Case;
use contract::road::editions;
use contract::road::stated::Termination;
use contract::road::stream::{Body, Content, Event, Input, Record, Stream};
use contract::{AccountState, ApplicationStatus, ContractStatus};
use reckon::{Day, Moment, Month, Yen};
use serde::{Deserialize, Serialize};
use terms::Law;

use crate::keeping::ports::Wanted;
use crate::keeping::store::{OutboxRow, OutboxState};
use crate::outgoing::determined;
use crate::outgoing::told::is_so;

/// Something to be performed outside, as the outbox keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// 9-3: forms the contract when it is sent.
    AcceptanceMail {
        application: ApplicationId,
    },
    RefusalMail {
        application: ApplicationId,
    },
    /// What is wrong with a form, cell by cell (9-10(2), 36-1); to whom and what
    /// stands in a row of personal data.
    FormFaultsMail {
        reference: String,
    },
    /// 9-5, 9-8; of a change contract with its application.
    OrderAcceptanceMail {
        contract: ContractId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<ApplicationId>,
    },
    ReceiptNotice {
        contract: ContractId,
        effective: Day,
    },
    /// 16-1: carries out one act; older rows do not say which.
    TerminationNotice {
        contract: ContractId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        act: Option<InputId>,
    },
    InvoiceMail {
        number: String,
    },
    CertificateMail {
        contract: ContractId,
    },
    /// draft, number and issue the credit notes that an act approved.
    CreditNotes {
        act: InputId,
        month: Month,
        amount: Yen,
    },
    CreditNoteMail {
        number: String,
    },
    /// What both sides agreed on a cancellation: its new last day, or that the
    /// contract goes on.
    AgreementNotice {
        contract: ContractId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Day>,
    },
    /// The letter of a matter (D-36).
    MatterMail {
        contract: ContractId,
        matter: MatterId,
    },
    /// 3-1: a notice of the operator; once more, where a person ordered it.
    NoticeMail {
        notice: NoticeId,
        delivery: DeliveryId,
    },
    /// A notice that leaves by itself: its kind, and what it tells of (an entry, a day).
    ContractNotice {
        contract: ContractId,
        kind: String,
        about: String,
    },
    /// The second step of moving a payment: it is entered in the other account.
    BookPayment {
        payment: InputId,
        to: AccountId,
    },
    /// 13-1b, 3-2: the provider states that the contract is not extended.
    NonRenewalNotice {
        contract: ContractId,
        against: Day,
    },
    Cloud {
        contract: ContractId,
        wanted: Wanted,
    },
    Erase {
        contract: ContractId,
    },
}

/// With what the names of effects begin, and what they are.
const TITLES: [(&str, Words); 18] = [
    ("acceptance-", Words::new("承諾メール", "acceptance mail")),
    ("refusal-", Words::new("不承諾の通知", "notice of refusal")),
    ("form-faults-", Words::new("申込書の不備の連絡", "faults of a form")),
    ("order-acceptance-", Words::new("申込請書", "order acceptance")),
    ("receipt-", Words::new("解約申込書の受領通知", "receipt notice")),
    ("termination-", Words::new("解除通知", "termination notice")),
    ("non-renewal-", Words::new("更新しない旨の通知", "notice of non-renewal")),
    ("invoice-", Words::new("請求書", "invoice")),
    ("certificate-", Words::new("消去証明書", "certificate of erasure")),
    ("credit-notes-", Words::new("返還請求書", "credit notes")),
    ("credit-note-", Words::new("返還請求書", "credit note")),
    ("agreement-", Words::new("解除についての合意の通知", "notice of an agreed cancellation")),
    ("matter-", Words::new("案件のメール", "mail of a matter")),
    ("notice-", Words::new("通知のメール", "mail of a notice")),
    ("told-", Words::new("契約についての通知", "notice about a contract")),
    ("book-", Words::new("入金の付替え", "payment moved")),
    ("cloud-", Words::new("クラウドの操作", "work in the cloud")),
    ("erase-", Words::new("資料の消去", "erasure")),
];
const OTHER: Words = Words::new("その他", "other");

impl Effect {
    /// Whether it only tells of something: where that is so no longer, nobody needs it, and
    /// nobody has to look.
    pub(crate) fn only_tells(&self) -> bool {
        matches!(self, Effect::NoticeMail { .. } | Effect::ContractNotice { .. })
    }

    /// What it is, for people.
    pub fn title(&self, language: Language) -> &'static str {
        Effect::titled(&self.name(), language)
    }

    /// What the effect of this name, or row of the outbox, is.
    pub fn titled(name: &str, language: Language) -> &'static str {
        let known = TITLES.iter().find(|(begins, _)| name.starts_with(begins));
        known.map_or(OTHER, |(_, title)| *title).of(language)
    }

    /// `mail`, `cloud`, `erase` or `book`.
    pub fn kind(&self) -> &'static str {
        match self {
            Effect::Cloud { .. } => "cloud",
            Effect::Erase { .. } => "erase",
            Effect::CreditNotes { .. } | Effect::BookPayment { .. } => "book",
            _ => "mail",
        }
    }

    /// What the row is about, for its id and for people.
    pub fn name(&self) -> String {
        match self {
            Effect::AcceptanceMail { application } => format!("acceptance-{application}"),
            Effect::RefusalMail { application } => format!("refusal-{application}"),
            Effect::FormFaultsMail { reference } => {
                format!("form-faults-{}", contract::declare::ids::short_hash(reference.as_bytes()))
            }
            Effect::OrderAcceptanceMail { contract, change } => match change {
                Some(application) => format!("order-acceptance-{contract}-{application}"),
                None => format!("order-acceptance-{contract}"),
            },
            Effect::ReceiptNotice { contract, effective, .. } => {
                format!("receipt-{contract}-{effective}")
            }
            Effect::TerminationNotice { contract, .. } => format!("termination-{contract}"),
            Effect::NonRenewalNotice { contract, against } => {
                format!("non-renewal-{contract}-{against}")
            }
            Effect::InvoiceMail { number } => format!("invoice-{number}"),
            Effect::CertificateMail { contract } => format!("certificate-{contract}"),
            Effect::Cloud { contract, wanted } => {
                format!("cloud-{contract}-{wanted:?}").to_lowercase()
            }
            Effect::Erase { contract } => format!("erase-{contract}"),
            Effect::CreditNotes { act, .. } => {
                format!("credit-notes-{}", contract::declare::ids::short_hash(act.0.as_bytes()))
            }
            Effect::CreditNoteMail { number } => format!("credit-note-{number}"),
            Effect::AgreementNotice { contract, .. } => format!("agreement-{contract}"),
            Effect::MatterMail { matter, .. } => format!("matter-{matter}"),
            Effect::NoticeMail { delivery, .. } => format!("notice-{delivery}"),
            Effect::ContractNotice { contract, kind, about } => {
                format!("told-{contract}-{kind}-{}", short_hash(about.as_bytes()))
            }
            Effect::BookPayment { payment, .. } => {
                format!("book-{}", contract::declare::ids::short_hash(payment.0.as_bytes()))
            }
        }
    }
}

/// The outbox rows that the events of an input ask for.
pub(crate) fn effects(law: &Law, input: &Input, events: &[Event], at: Moment) -> Vec<OutboxRow> {
    let asked = events.iter().filter_map(|event| asked_for(input, event));
    let terms = law.effective(input.known_at, &[]).ok();
    let leaves = |effect: &Effect| match effect {
        Effect::ContractNotice { kind, .. } => {
            terms.as_ref().is_some_and(|terms| terms.rules.notice_automatic.contains(kind))
        }
        _ => true,
    };
    let asked = asked.filter(leaves);
    asked.map(|effect| row(input, effect, at)).collect()
}

/// The ids of the outbox rows that a record asked for.
pub(crate) fn asked_in(record: &Record) -> impl Iterator<Item = String> {
    let asked = record.events.iter().filter_map(|event| asked_for(&record.input, event));
    asked.map(|effect| row_id(&record.input, &effect))
}

pub(crate) fn row(input: &Input, effect: Effect, at: Moment) -> OutboxRow {
    OutboxRow {
        id: row_id(input, &effect),
        account: input.account.clone(),
        kind: effect.kind().to_owned(),
        payload: serde_json::to_value(&effect).expect("plain data"),
        state: OutboxState::Waiting,
        attempts: 0,
        next_at: at,
        expires_at: None,
        maybe_sent: false,
        last_reply: String::new(),
    }
}

/// The id of its first try; see [`Engine::mend`] for those after it.
fn row_id(input: &Input, effect: &Effect) -> String {
    // What an act asks for may be asked again: the act tells them apart.
    match effect {
        Effect::Cloud { .. }
        | Effect::AcceptanceMail { .. }
        | Effect::RefusalMail { .. }
        | Effect::TerminationNotice { .. }
        | Effect::NonRenewalNotice { .. }
        | Effect::AgreementNotice { .. }
        | Effect::NoticeMail { .. }
        | Effect::Erase { .. } => {
            format!(
                "{}-{}",
                effect.name(),
                contract::declare::ids::short_hash(input.id.0.as_bytes())
            )
        }
        _ => effect.name(),
    }
}

fn asked_for(input: &Input, event: &Event) -> Option<Effect> {
    match &event.body {
        Body::Registered { .. } => match &input.content {
            Content::Fact(Fact::InvoiceIssued(invoice)) => {
                Some(Effect::InvoiceMail { number: invoice.number.clone() })
            }
            Content::Fact(Fact::CreditNoteIssued(note)) => {
                Some(Effect::CreditNoteMail { number: note.number.clone() })
            }
            Content::Fact(Fact::InformationRequested(asked)) => {
                let (contract, matter) = (asked.contract.clone(), MatterId::of(&input.id));
                (asked.channel == Channel::Email).then_some(Effect::MatterMail { contract, matter })
            }
            Content::Fact(Fact::NoticeGiven(given)) => {
                let (notice, delivery) = (given.notice.clone(), given.delivery.clone());
                let by_mail = given.channels.contains(&Channel::Email);
                by_mail.then_some(Effect::NoticeMail { notice, delivery })
            }
            Content::Fact(Fact::NoticeMailedAgain(again)) => {
                let (notice, delivery) = (again.notice.clone(), again.delivery.clone());
                Some(Effect::NoticeMail { notice, delivery })
            }
            Content::Fact(Fact::UpstreamSuspended(UpstreamSuspended { contract })) => {
                Some(told(contract, "suspension", &input.id.0))
            }
            Content::Fact(Fact::UpstreamResumed(UpstreamResumed { contract })) => {
                Some(told(contract, "resumption", &input.id.0))
            }
            Content::Fact(Fact::MaterialErased(MaterialErased { contract, .. })) => {
                Some(Effect::CertificateMail { contract: contract.clone() })
            }
            _ => None,
        },
        Body::Done { .. } => match &input.content {
            Content::Act(act) => asked_by_act(act, input),
            _ => None,
        },
        Body::Follows { consequence, .. } => match consequence {
            Consequence::ContractFormed(ContractFormed { contract, .. }) => {
                Some(Effect::OrderAcceptanceMail { contract: contract.clone(), change: None })
            }
            Consequence::TaskOpened(TaskOpened {
                task: TaskKind::OrderAcceptance, about, ..
            }) => order_of_a_change(&event.stream, about),
            Consequence::CancellationDetermined(CancellationDetermined { effective, .. })
                if notified_before(input, *effective) =>
            {
                None
            }
            // With a ground to confirm, the notice waits for the second person.
            Consequence::CancellationDetermined(CancellationDetermined {
                contract,
                effective,
                confirm,
                ..
            }) if confirm.is_empty() => {
                Some(Effect::ReceiptNotice { contract: contract.clone(), effective: *effective })
            }
            // What an earlier book extended, its customers heard of from there.
            Consequence::ContractExtended(ContractExtended { contract, period, .. })
                if !matches!(
                    input.content,
                    Content::Edition | Content::Fact(Fact::ContractTakenOver(_))
                ) =>
            {
                Some(told(contract, "extension", &period.to.to_string()))
            }
            Consequence::ArrivalConfirmed(ArrivalConfirmed { contract, effective, .. }) => {
                Some(Effect::ReceiptNotice { contract: contract.clone(), effective: *effective })
            }
            _ => None,
        },
        Body::Refused { .. } | Body::Retracted { .. } => None,
    }
}

fn told(contract: &ContractId, kind: &str, about: &str) -> Effect {
    let (kind, about) = (kind.to_owned(), about.to_owned());
    Effect::ContractNotice { contract: contract.clone(), kind, about }
}

/// 9-8: the task that is about an application is that of a change contract.
fn order_of_a_change(stream: &Stream, about: &str) -> Option<Effect> {
    let Stream::Contract(contract) = stream else { return None };
    let change = (about != contract.0).then(|| ApplicationId(about.to_owned()))?;
    Some(Effect::OrderAcceptanceMail { contract: contract.clone(), change: Some(change) })
}

/// The receipt notice that a taken-over form is owed has left already.
fn notified_before(input: &Input, day: Day) -> bool {
    matches!(&input.content, Content::Fact(Fact::ContractTakenOver(taken)) if taken.has_notified(day))
}

fn asked_by_act(act: &Act, input: &Input) -> Option<Effect> {
    Some(match act.clone() {
        Act::AcceptApplication(AcceptApplication { application }) => {
            Effect::AcceptanceMail { application }
        }
        Act::RefuseApplication(RefuseApplication { application, .. }) => {
            Effect::RefusalMail { application }
        }
        Act::Suspend(Suspend { contract, .. }) => {
            Effect::Cloud { contract, wanted: Wanted::Suspended }
        }
        Act::Resume(Resume { contract }) => Effect::Cloud { contract, wanted: Wanted::Running },
        Act::Terminate(Terminate { contract, .. }) => {
            let named = input.edition.has(editions::LETTERS_ARE_DETERMINED);
            Effect::TerminationNotice { contract, act: named.then(|| input.id.clone()) }
        }
        Act::DeclineRenewal(DeclineRenewal { contract, against }) => {
            Effect::NonRenewalNotice { contract, against }
        }
        Act::ConfirmErasure(ConfirmErasure { contract }) => Effect::Erase { contract },
        Act::CorrectInvoices(CorrectInvoices { month, amount }) => {
            Effect::CreditNotes { act: input.id.clone(), month, amount }
        }
        Act::AgreeCancellation(AgreeCancellation { contract, to, .. }) => {
            Effect::AgreementNotice { contract, to }
        }
        Act::MovePayment(MovePayment { payment, to, .. }) => Effect::BookPayment { payment, to },
        Act::Approve(Approve { act, .. }) => return asked_by_act(&act, input),
        // The others are done by being recorded.
        _ => return None,
    })
}

/// The guard: whether an effect is still wanted, looked at again before it is
/// performed.
///
/// # Errors
/// Why it is not wanted any more.
pub(crate) fn still_wanted(
    case: &Case,
    state: &AccountState,
    effect: &Effect,
) -> Result<(), String> {
    let ended = |contract: &ContractId| {
        let status = state.contracts.get(contract).map(|c| c.status);
        matches!(status, Some(ContractStatus::Ended | ContractStatus::Erased))
    };
    let wanted =
        match effect {
            Effect::AcceptanceMail { application } => state
                .applications
                .get(application)
                .is_some_and(|a| a.status == ApplicationStatus::Accepting),
            Effect::RefusalMail { application } => state
                .applications
                .get(application)
                .is_some_and(|a| a.status == ApplicationStatus::Received),
            Effect::ReceiptNotice { contract, effective, .. } => {
                let mut live = case.live_in(contract);
                live.any(|(_, live)| determines(&live.consequence, contract, *effective))
            }
            Effect::TerminationNotice { contract, act } => {
                !ended(contract)
                    && determined::termination(case, contract, act.as_ref())
                        .is_some_and(|notice| rests_on_open_right(state, notice))
            }
            Effect::Cloud { contract, wanted: Wanted::Suspended } => {
                !ended(contract) && state.rights_on(contract).next().is_some()
            }
            Effect::NonRenewalNotice { contract, against } => {
                let period = state.contracts.get(contract).map(|c| c.period.to);
                !ended(contract) && period == Some(*against)
            }
            Effect::Erase { contract } => ended(contract),
            Effect::InvoiceMail { number } => state.receivables.contains_key(number),
            Effect::OrderAcceptanceMail { contract, change: Some(application) } => {
                state.tasks.iter().any(|open| {
                    open.task == TaskKind::OrderAcceptance && open.about == application.0
                }) && state.contracts.contains_key(contract)
            }
            Effect::OrderAcceptanceMail { contract, change: None }
            | Effect::CertificateMail { contract }
            | Effect::Cloud { contract, .. } => state.contracts.contains_key(contract),
            Effect::MatterMail { matter, .. } => {
                state.matters.get(matter).is_some_and(|matter| matter.closed.is_none())
            }
            Effect::NoticeMail { delivery, .. } => {
                state.notices.get(delivery).is_some_and(|notice| notice.withdrawn.is_none())
            }
            Effect::ContractNotice { contract, kind, about } => {
                is_so(case, state, contract, kind, about)
            }
            Effect::CreditNoteMail { number } => state.credit_notes.contains_key(number),
            Effect::AgreementNotice { contract, to } => agreed(case, contract) == Some(*to),
            // What was approved is looked at again where it is performed.
            Effect::FormFaultsMail { .. }
            | Effect::CreditNotes { .. }
            | Effect::BookPayment { .. } => true,
        };
    if wanted { Ok(()) } else { Err("what it rested on has changed: not performed".to_owned()) }
}

/// Whether the ground of a termination is still there: one of the things that it
/// rested on when the act was done, not another of the same clause.
fn rests_on_open_right(state: &AccountState, notice: &Termination) -> bool {
    let abouts = notice.circumstances.iter().map(|one| one.about(&notice.contract));
    abouts.into_iter().any(|about| {
        state.rights.iter().any(|right| right.right == notice.ground && right.about == about)
    })
}

/// The last day that both sides agreed on last, if they agreed on anything.
fn agreed(case: &Case, id: &ContractId) -> Option<Option<Day>> {
    let mut agreements: Vec<_> = case
        .live
        .values()
        .filter_map(|live| match &live.consequence {
            Consequence::CancellationAgreed(CancellationAgreed { contract, to, .. })
                if contract == id =>
            {
                Some((live.occurred_at, *to))
            }
            _ => None,
        })
        .collect();
    agreements.sort_by_key(|(at, _)| *at);
    agreements.last().map(|(_, to)| *to)
}

/// Whether this is the cancellation of a contract to this day, whatever form it
/// rests on.
fn determines(consequence: &Consequence, id: &ContractId, day: Day) -> bool {
    matches!(
        consequence,
        Consequence::CancellationDetermined(CancellationDetermined { contract, effective, .. })
            if contract == id && *effective == day
    )
}
