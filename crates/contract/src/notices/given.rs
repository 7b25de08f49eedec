//! 3-1: a notice of the provider goes to a customer, by mail, on the homepage or on paper.
//! What it says stands once, with the operator; here is what one customer was given.

use std::fmt;

use crate::declare::ids::short_hash;
use crate::declare::prelude::*;
use crate::notices::notice::Channel;

/// A notice of the operator: `N-` and its number.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct NoticeId(pub String);

/// A notice as it goes to one customer: `T-` and a hash.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct DeliveryId(pub String);

impl NoticeId {
    /// The notice of this number.
    ///
    /// ```
    /// use contract::notices::given::NoticeId;
    /// assert_eq!(NoticeId::numbered(12).0, "N-0012");
    /// ```
    pub fn numbered(number: u64) -> NoticeId {
        NoticeId(format!("N-{number:04}"))
    }
}

impl DeliveryId {
    /// Of what a notice says: after a restore its number may be given to another.
    pub fn of(notice: &NoticeId, text_hash: &str, account: &AccountId) -> DeliveryId {
        DeliveryId::hashed(&format!("{notice} {text_hash} {account}"))
    }

    /// Of a notice that leaves by itself: of its kind, contract, and what it tells of.
    pub fn of_contract(kind: &str, contract: &ContractId, about: &str) -> DeliveryId {
        DeliveryId::hashed(&format!("{kind} {contract} {about}"))
    }

    fn hashed(text: &str) -> DeliveryId {
        DeliveryId(format!("T-{}", short_hash(text.as_bytes())))
    }
}

impl fmt::Display for NoticeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// 3-1: a notice is given to a customer. It never changes.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeGiven {
    pub delivery: DeliveryId,
    pub notice: NoticeId,
    /// A kind of the pack.
    pub kind: String,
    pub title: String,
    /// Of what it says, as it was approved.
    pub text_hash: String,
    /// The contracts that it is about.
    pub contracts: Vec<ContractId>,
    pub channels: Vec<Channel>,
    /// From when what it announces holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_effect: Option<Moment>,
    /// 16-1(7): the days that it gives to cure a breach, from its effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure_days: Option<u32>,
}

impl Entry for NoticeGiven {
    const NAME: &'static str = "notice_given";
    const CLAUSES: &'static [&'static str] = &["3-1"];
    const TITLE: Words = Words::new("通知の発出", "notice given");

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        vec![Reach::Subject(self.stream())]
    }

    fn line(&self, l: Reader) -> String {
        let NoticeGiven { notice, title, channels, .. } = self;
        let by: Vec<_> = channels.iter().map(|channel| names::channel(*channel, l)).collect();
        let by = by.join(l.pick("・", ", "));
        say!(
            l,
            "通知{notice}「{title}」を発出（{by}）",
            "notice {notice} \"{title}\" given by {by}"
        )
    }
}

/// 3-2: the own server took the mail of a notice: it is sent (A-05).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeMailSent {
    pub delivery: DeliveryId,
    pub message_id: String,
}

impl Entry for NoticeMailSent {
    const NAME: &'static str = "notice_mail_sent";
    const CLAUSES: &'static [&'static str] = &["3-2"];
    const TITLE: Words = Words::new("通知のメールの送信", "mail of a notice sent");

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let delivery = &self.delivery;
        say!(l, "通知{delivery}のメールを送信", "mail of notice {delivery} sent")
    }
}

/// 3-2: a notice could be read on the homepage: the server fetched its own page, and found
/// in it what was to be posted.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticePosted {
    pub delivery: DeliveryId,
    /// The path of the page.
    pub page: String,
    /// BLAKE3 of the page as it was fetched.
    pub page_hash: String,
}

impl Entry for NoticePosted {
    const NAME: &'static str = "notice_posted";
    const CLAUSES: &'static [&'static str] = &["3-2"];
    const TITLE: Words = Words::new("通知の掲載", "notice posted");

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let NoticePosted { delivery, page, .. } = self;
        say!(l, "通知{delivery}を{page}に掲載", "notice {delivery} posted at {page}")
    }
}

/// A notice is withdrawn by a later one, before what it announced came to hold.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeWithdrawn {
    pub delivery: DeliveryId,
    /// The notice that says so.
    pub by: NoticeId,
}

impl Entry for NoticeWithdrawn {
    const NAME: &'static str = "notice_withdrawn";
    const CLAUSES: &'static [&'static str] = &["3-1"];
    const TITLE: Words = Words::new("通知の撤回", "notice withdrawn");

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let NoticeWithdrawn { delivery, by } = self;
        say!(l, "通知{delivery}を{by}により撤回", "notice {delivery} withdrawn by {by}")
    }
}
