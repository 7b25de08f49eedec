//! What became of an input, or why nothing could.

use contract::Interrupted;
use contract::declare::ids::ApplicationId;
use contract::declare::reason::Finding;
use contract::road::stream::Event;
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
    #[error("{0}")]
    Refused(String),
}

fn said(faults: &[DraftFault]) -> String {
    let lines: Vec<_> = faults.iter().map(|fault| format!("{}: {}", fault.at, fault.en)).collect();
    lines.join("\n")
}

fn listed(faults: &[document::Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
