//! What one field of a form may hold, for forms that are typed on a page: the same
//! readers as for the cells of a file. Each refusal is a problem and what to write.

pub use crate::cell_value::{
    Refusal, corporate_number, katakana, mail_address, payer_kana, phone, postal_code,
};
