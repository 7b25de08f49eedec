//! Article 3: the operator writes a notice once, somebody approves it, and each customer whom
//! it concerns is given it. What is written, approved and posted stands in the operator's
//! stream `notices`; what each customer was given stands in the customer's account, where
//! [`contract::notices`] works out from when it holds.

mod addressing;
mod at_work;
mod audience;
mod delivering;
mod draft;
mod entries;
mod fault;
mod held;
mod letter;
mod said;
mod writing;

pub(crate) use at_work::AtWork;
pub use audience::{Addressed, Audience};
pub use draft::Draft;
pub use entries::{Approved, Posted, Written};
pub use fault::DraftFault;
pub use held::{Announcement, Announcements, Standing};
pub(crate) use letter::{NoticeLetterOf, at_moment, said_by_itself};
pub use said::{Passage, Said};
pub use writing::{AudienceAhead, NamedCustomer, NoticeAhead};
