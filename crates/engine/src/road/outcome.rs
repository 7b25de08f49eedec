//! What became of an input, or why nothing could.

use contract::Interrupted;
use contract::declare::ids::{ApplicationId, ContractId};
use contract::declare::reason::Finding;
use contract::declare::words::Sentence;
use contract::road::stream::Event;
use contract::sentence;
use terms::LawError;
use thiserror::Error;

use crate::announcing::DraftFault;
use crate::keeping::store::StoreError;
use crate::outgoing::said::NotMended;

/// What became of an input.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The act was refused; the findings say on which grounds.
    pub refused: bool,
    pub findings: Vec<Finding>,
    pub events: Vec<Event>,
    /// The same input had been registered before: nothing was done.
    pub repeated: bool,
}

#[derive(Debug, Error)]
pub enum EngineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Law(#[from] LawError),
    #[error("{}", listed(.0))]
    Faults(Vec<document::Fault>),
    /// The form of an application has faults; it is registered with them (9-10(2)).
    #[error("{}\nregistered with its faults as {application} (9-10(2))", listed(.faults))]
    FaultyForm { application: ApplicationId, faults: Vec<document::Fault> },
    #[error(transparent)]
    Typeset(#[from] typeset::TypesetError),
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// A notice that somebody writes, approves or drops.
    #[error("{}", said(.0))]
    Draft(Vec<DraftFault>),
    #[error(transparent)]
    NotMended(#[from] NotMended),
    /// Something named does not exist, or a step is not possible now.
    #[error("{}", .0.en)]
    Refused(Sentence),
}

impl EngineError {
    /// What is said of it to people, in both languages.
    pub fn told(self) -> Sentence {
        let en = self.to_string();
        let ja = match self {
            EngineError::Refused(why) => return why,
            EngineError::Faults(faults) | EngineError::FaultyForm { faults, .. } => {
                let lines: Vec<_> = faults.iter().map(document::Fault::line_ja).collect();
                lines.join("\n")
            }
            EngineError::Draft(faults) => {
                let lines: Vec<_> = faults.into_iter().map(|fault| fault.ja).collect();
                lines.join("\n")
            }
            EngineError::Store(_) => "データを読み書きできません。".to_owned(),
            EngineError::Law(_) => "この値では規約を適用できません。".to_owned(),
            EngineError::Typeset(_) => "書面を作成できません。".to_owned(),
            EngineError::Interrupted(_) => "途中でやめました。".to_owned(),
            EngineError::NotMended(_) => "この対応はできません。".to_owned(),
        };
        Sentence { ja, en }
    }

    pub(crate) fn no_contract(id: &ContractId) -> EngineError {
        EngineError::Refused(sentence!("契約{id}はありません。", "there is no contract {id}"))
    }

    /// A value beyond what any rule could count with.
    pub(crate) fn beyond(problem: String) -> EngineError {
        EngineError::Refused(sentence!(
            "扱える範囲を超える値があります（{problem}）。",
            "{problem}"
        ))
    }

    /// What another program changed in the store, or half of a copy.
    pub(crate) fn damaged(problem: String) -> EngineError {
        EngineError::Refused(sentence!("保存された内容が損なわれています。", "{problem}"))
    }

    /// What was kept under an id does not read as what it was written as.
    pub(crate) fn unreadable(id: &str, error: &serde_json::Error) -> EngineError {
        EngineError::Refused(sentence!(
            "保存された内容を読み取れません（{id}）。",
            "{id} cannot be read: {error}"
        ))
    }
}

fn said(faults: &[DraftFault]) -> String {
    let lines: Vec<_> = faults.iter().map(|fault| format!("{}: {}", fault.at, fault.en)).collect();
    lines.join("\n")
}

fn listed(faults: &[document::Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
