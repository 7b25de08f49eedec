//! Pages on which customers see and do what is theirs.

pub mod agreement;
pub mod apply;
pub mod contact;
pub mod invoice;
pub mod notices;
pub mod report;
pub mod stop;
pub mod terms;
