//! What the file of every entry speaks of.

pub use reckon::{Day, Moment, Month, Yen};
pub use schemars::JsonSchema;
pub use serde::{Deserialize, Serialize};
pub use terms::LawError;

pub use crate::declare::door::{Choice, Door, Field, First, Here, Of, Shown};
pub use crate::declare::figures::{day, days, months, yen};
pub use crate::declare::ids::{AccountId, ApplicationId, ContractId, InputId};
pub use crate::declare::reach::Reach;
pub(crate) use crate::declare::reason::Told;
pub use crate::declare::reason::{Audience, Because, Finding};
pub use crate::declare::rules::Rule;
pub use crate::declare::sealed::{Folder, Mark, Sealed};
pub use crate::declare::words::{Reader, Words};
pub use crate::declare::{Asked, Deed, Entry, Following, Second, names, unknown};
pub use crate::road::state::AccountState;
pub use crate::road::stream::Stream;
pub use crate::say;
pub use crate::who::roles::{Permission, Role};
