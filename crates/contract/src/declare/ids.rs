//! Names of things, made from what they rest on so that any order of
//! registration gives the same ones.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $name(text.to_owned())
            }
        }
    };
}

id!(
    /// The debtor, and the partition of all data: `A-` and the corporate number.
    AccountId
);
id!(
    /// An application or application for a change: `P-` and a hash of its form.
    ApplicationId
);
id!(
    /// A contract: `K-` and the hash of the application that formed it.
    ContractId
);
id!(
    /// One registration, which is also its idempotency key.
    InputId
);
id!(
    /// A consequence: a hash of what follows.
    ConsequenceId
);
id!(
    /// A row of personal data, kept under the key of its subject.
    PersonId
);

impl AccountId {
    /// The account of the company with this 法人番号.
    pub fn of_company(corporate_number: &str) -> AccountId {
        AccountId(format!("A-{corporate_number}"))
    }
}

impl ApplicationId {
    /// The application that arrived with this reference (a Message-ID, or the
    /// number stamped on a paper form).
    pub fn of_reference(reference: &str) -> ApplicationId {
        ApplicationId(format!("P-{}", short_hash(reference.as_bytes())))
    }

    /// The contract that this application forms when it is accepted.
    pub fn contract(&self) -> ContractId {
        ContractId(self.0.replacen('P', "K", 1))
    }
}

/// Twelve hexadecimal digits (48 bits): among a million things the chance that
/// any two share them is one in five hundred.
pub fn short_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..12].to_owned()
}
