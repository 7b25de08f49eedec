//! Who prevails where the terms and an individual contract differ (1-2, A-41, A-76).

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Prevailing {
    Terms,
    Individual,
}

/// What has to be known of a clause and of the agreement that departs from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Precedence {
    /// The clause says that it holds whatever the contract states (20-3, 9-10).
    pub terms_notwithstanding: bool,
    /// The agreement names the clause it sets aside.
    pub individual_names_clause: bool,
}

/// The individual contract prevails, unless the clause holds notwithstanding
/// and the agreement does not name it.
pub fn prevailing(between: Precedence) -> Prevailing {
    if between.terms_notwithstanding && !between.individual_names_clause {
        Prevailing::Terms
    } else {
        Prevailing::Individual
    }
}
