//! Amounts that are owed, charged or paid: one rule for whoever prints them. Somebody
//! who sees no money reads that there is an amount, not which.

use contract::declare::act::Act;
use contract::who::roles::Permission;
use document::wording::{Amounts, Language, Reader};

use crate::access::Visitor;

impl Visitor {
    /// Whether this visitor sees amounts.
    pub fn amounts(&self) -> Amounts {
        let sees = self.holds(Permission::ReadMoney) || self.holds(Permission::ReadOwnMoney);
        if sees { Amounts::Shown } else { Amounts::Hidden }
    }

    /// How sentences read to this visitor.
    pub fn reads(&self, language: Language) -> Reader {
        Reader { language, amounts: self.amounts() }
    }
}

/// What stands where there is an amount of the ledger.
pub const HIDDEN: &str = "非表示";

/// Whether an act as data can be shown: its amounts stand in it.
pub fn may_see(visitor: &Visitor, act: &Act) -> bool {
    visitor.amounts() == Amounts::Shown || act.done().amount().is_none()
}
