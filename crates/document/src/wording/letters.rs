//! Letters: the frame of every business mail in Japanese, and the mails to people about
//! their own way in. What the other letters say stands with each of them.

mod frame;
mod way_in;

pub use frame::{
    Addressee, LetterText, PLAIN, Signature, TO_APPLICANT, TO_CUSTOMER, Wording, cited,
};
pub use way_in::{PasswordSetLetter, SetUpLinkLetter, password_set_mail, set_up_link_mail};
