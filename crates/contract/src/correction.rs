//! An entry was wrong: nothing is edited or deleted to mend it.

pub mod entry;
