//! Articles 10 and 30: what is registered of a customer, and the papers that are filed.

pub mod contact;
pub mod doors;
pub mod filing;
pub mod notified;
pub mod parties;
pub mod payer_name;
pub mod transfer;
