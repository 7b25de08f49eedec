//! The API: what pages show, as JSON, and the road in for facts, acts and files.

pub mod asked;
pub mod doors;
pub mod files;
pub mod filing;
pub mod lists;
pub mod notices;
pub mod once;
pub mod paging;
pub mod people;
pub mod quotations;
pub mod read;
pub mod register;
pub mod registered;
pub mod restored;
pub mod shapes;
pub mod steps;
pub mod stop_trial;
pub mod takeovers;

pub use read::{contract, export, index, invoice, me, timeline, why};
pub use register::{register_act, register_fact};
pub use stop_trial::stop_trial;
