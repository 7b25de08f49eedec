//! What every paper has: who sends it, and to whom; and the quotation, which goes with no
//! letter. The papers of letters stand beside them.

mod quotation;
mod sender;

pub(crate) use quotation::quotation;
pub(crate) use sender::{Recipient, Sender, addressee, note, owned};
