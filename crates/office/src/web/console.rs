//! Pages on which staff do the steps of a life.

pub mod announce;
pub mod billing;
pub mod cancellation;
pub mod change_contract;
pub mod check_step;
pub mod compare;
pub mod correct;
pub mod deposits;
pub mod desk_form;
pub mod entries_list;
pub mod filing;
pub mod hub;
pub mod looked_file;
pub mod money;
pub mod new_application;
pub mod offers;
pub mod proposals;
pub mod purchase_order;
pub mod quote;
pub mod search;
pub mod typed_person;
pub mod uploads;
pub mod waiting;
