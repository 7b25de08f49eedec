//! The API: what pages show, as JSON, and the road in for facts and acts.

mod read;
mod register;

pub use read::{
    applications, contract, contracts, index, invoice, invoices, me, outbox, own_contracts,
    own_invoices, rights, tasks, timeline, why,
};
pub use register::{register_act, register_fact};
