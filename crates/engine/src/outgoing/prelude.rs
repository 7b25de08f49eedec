//! What the file of a letter or work needs to declare it.

pub(crate) use contract::AccountState;
pub(crate) use contract::declare::act::Act;
pub(crate) use contract::declare::consequence::Consequence;
pub(crate) use contract::declare::fact::Fact;
pub(crate) use contract::declare::figures::{written_day, yen};
pub(crate) use contract::declare::ids::{ApplicationId, ContractId, short_hash};
pub(crate) use contract::declare::words::{Language, Words};
pub(crate) use contract::road::case::Case;
pub(crate) use contract::sentence;
pub(crate) use contract::who::roles::Role;
pub(crate) use document::wording::letters::{TO_CUSTOMER, Wording};
pub(crate) use reckon::{Day, Moment};
pub(crate) use serde::{Deserialize, Serialize};

pub(crate) use super::declare::{Asked, Letter, Object, Of, Outgoing, Work, has_ended};
pub(crate) use super::draft::{Desk, Draft};
pub(crate) use super::said::Way;
pub(crate) use crate::road::outcome::EngineError;
