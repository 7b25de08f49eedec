//! The list of effects. Whoever adds one adds a line here, and the rest in its own file.

use contract::declare::fact::Fact;
use contract::declare::ids::short_hash;
use contract::declare::words::{Language, Reader, Words};
use contract::road::account::Account;
use contract::road::case::Case;
use contract::road::stream::{Event, Input, Record};
use contract::{AccountState, sentence};
use reckon::Moment;
use serde::{Deserialize, Serialize};
use terms::Law;

use crate::keeping::store::{OutboxRow, OutboxState};
use crate::outgoing::declare::{Asked, Letter, Of, Outgoing, Work};
use crate::outgoing::draft::{Desk, Draft};
pub use crate::outgoing::letters::acceptance::AcceptanceMail;
pub use crate::outgoing::letters::agreement::AgreementNotice;
pub use crate::outgoing::letters::certificate::CertificateMail;
pub use crate::outgoing::letters::contract_notice::ContractNotice;
pub use crate::outgoing::letters::credit_note::CreditNoteMail;
pub use crate::outgoing::letters::form_faults::FormFaultsMail;
pub use crate::outgoing::letters::invoice::InvoiceMail;
pub use crate::outgoing::letters::matter::MatterMail;
pub use crate::outgoing::letters::non_renewal::NonRenewalNotice;
pub use crate::outgoing::letters::notice::NoticeMail;
pub use crate::outgoing::letters::order_acceptance::OrderAcceptanceMail;
pub use crate::outgoing::letters::receipt::ReceiptNotice;
pub use crate::outgoing::letters::refusal::RefusalMail;
pub use crate::outgoing::letters::termination::TerminationNotice;
use crate::outgoing::replies;
pub use crate::outgoing::works::book_payment::BookPayment;
pub use crate::outgoing::works::cloud::Cloud;
pub use crate::outgoing::works::credit_notes::CreditNotes;
pub use crate::outgoing::works::erase::Erase;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// Makes what goes over the list.
macro_rules! effects {
    (letters: $($letter:ident),+; works: $($work:ident),+ $(;)?) => {
        effects!(@all $($letter),+, $($work),+);

        impl Effect {
            /// The mail as it would leave.
            pub(crate) async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
                match self {
                    $(Effect::$letter(letter) => letter.draft(desk).await,)+
                    $(Effect::$work(_))|+ => Err(EngineError::Refused(sentence!(
                        "これはメールではありません。",
                        "this effect is no mail"
                    ))),
                }
            }

            /// Sends a mail, performs a work.
            pub(crate) async fn perform(
                &self,
                engine: &Engine,
                row: &OutboxRow,
                account: &Account,
            ) -> Result<(), EngineError> {
                match self {
                    $(Effect::$letter(_))|+ => engine.send(row, account, self).await,
                    $(Effect::$work(work) => work.perform(engine, row, account.case()).await,)+
                }
            }

            /// What a work does, for whoever looks ahead.
            pub fn ahead(&self, reader: Reader) -> String {
                match self {
                    $(Effect::$letter(_))|+ => String::new(),
                    $(Effect::$work(work) => work.ahead(reader),)+
                }
            }

            /// How many things of which class it would destroy.
            pub(crate) async fn destroys(
                &self,
                engine: &Engine,
                row: &OutboxRow,
            ) -> Result<Vec<(String, u64)>, EngineError> {
                match self {
                    $(Effect::$letter(_))|+ => Ok(Vec::new()),
                    $(Effect::$work(work) => work.destroys(engine, row).await,)+
                }
            }

            /// The facts that come of it without a person.
            pub(crate) async fn comes_of_it(
                &self,
                desk: &Desk<'_>,
                input: &Input,
            ) -> Result<Vec<Fact>, EngineError> {
                match self {
                    $(Effect::$letter(letter) => {
                        Ok(letter.done(String::new(), desk.at).into_iter().collect())
                    })+
                    $(Effect::$work(work) => work.comes_of_it(desk, input).await,)+
                }
            }
        }
    };
    (@all $($one:ident),+) => {
        /// Something to be performed outside, as the outbox keeps it.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "effect", rename_all = "snake_case")]
        pub enum Effect {
            $($one($one)),+
        }

        $(impl From<$one> for Effect {
            fn from(one: $one) -> Effect {
                Effect::$one(one)
            }
        })+

        impl Effect {
            /// What holds of each kind, in the order of the list.
            pub const KINDS: &'static [&'static Of] = &[$(&$one::OF),+];

            /// What holds of its kind.
            pub fn of(&self) -> &'static Of {
                match self { $(Effect::$one(_) => &$one::OF),+ }
            }

            /// What an event asks for.
            fn asked(asked: Asked<'_>) -> Option<Effect> {
                None$(.or_else(|| $one::asked(asked).map(Effect::$one)))+
            }

            fn names(&self) -> String {
                match self { $(Effect::$one(one) => one.names()),+ }
            }

            /// The one thing that it is about.
            pub(crate) fn about(&self) -> &str {
                match self { $(Effect::$one(one) => one.about()),+ }
            }

            pub(crate) fn is_wanted(&self, case: &Case, state: &AccountState) -> bool {
                match self { $(Effect::$one(one) => one.is_wanted(case, state)),+ }
            }

            /// What stands in the record once it was done, by whatever way.
            pub(crate) fn done(&self, reference: String, at: Moment) -> Option<Fact> {
                match self { $(Effect::$one(one) => one.done(reference, at)),+ }
            }

            fn automatic(&self) -> Option<&str> {
                match self { $(Effect::$one(one) => one.automatic()),+ }
            }
        }
    };
}

effects! {
    letters:
        AcceptanceMail,
        RefusalMail,
        FormFaultsMail,
        OrderAcceptanceMail,
        ReceiptNotice,
        TerminationNotice,
        NonRenewalNotice,
        InvoiceMail,
        CertificateMail,
        CreditNoteMail,
        AgreementNotice,
        MatterMail,
        NoticeMail,
        ContractNotice;
    works:
        CreditNotes,
        BookPayment,
        Cloud,
        Erase;
}

const OTHER: Words = Words::new("その他", "other");

impl Effect {
    /// What it is, for people.
    pub fn title(&self, language: Language) -> &'static str {
        self.of().title.of(language)
    }

    /// What the effect of this name, or row of the outbox, is.
    pub fn titled(name: &str, language: Language) -> &'static str {
        let known = Effect::KINDS.iter().find(|of| name.starts_with(of.begins));
        known.map_or(OTHER, |of| of.title).of(language)
    }

    /// What the row is about, for its id and for people.
    pub fn name(&self) -> String {
        format!("{}{}", self.of().begins, self.names())
    }

    /// The guard: whether it is still wanted, looked at again before it is performed.
    ///
    /// # Errors
    /// Why it is not wanted any more.
    pub(crate) fn still_wanted(&self, case: &Case, state: &AccountState) -> Result<(), String> {
        let wanted = self.is_wanted(case, state);
        wanted.then_some(()).ok_or_else(|| replies::CHANGED.of(&[]))
    }
}

/// The outbox rows that the events of an input ask for.
pub(crate) fn effects(law: &Law, input: &Input, events: &[Event], at: Moment) -> Vec<OutboxRow> {
    let asked = events.iter().filter_map(|event| Effect::asked(Asked { input, event }));
    let terms = law.effective(input.known_at, &[]).ok();
    let leaves = |effect: &Effect| {
        let listed = terms.iter().flat_map(|terms| &terms.rules.notice_automatic);
        effect.automatic().is_none_or(|kind| listed.into_iter().any(|one| one == kind))
    };
    asked.filter(leaves).map(|effect| row(input, effect, at)).collect()
}

/// The ids of the outbox rows that a record asked for.
pub(crate) fn asked_in(record: &Record) -> impl Iterator<Item = String> {
    let input = &record.input;
    let asked = record.events.iter().filter_map(|event| Effect::asked(Asked { input, event }));
    asked.map(|effect| row_id(input, &effect))
}

pub(crate) fn row(input: &Input, effect: Effect, at: Moment) -> OutboxRow {
    OutboxRow {
        id: row_id(input, &effect),
        account: input.account.clone(),
        kind: effect.of().kind.to_owned(),
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
    match effect.of().is_asked_anew {
        true => format!("{}-{}", effect.name(), short_hash(input.id.0.as_bytes())),
        false => effect.name(),
    }
}
