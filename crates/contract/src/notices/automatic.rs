//! 3-1, 12-3, 13-1b: notices that leave by themselves once what they tell of came about: a
//! suspension, a resumption, an extension. The terms do not owe them, so that
//! `notice.automatic` says which leave.

use crate::declare::prelude::*;
use crate::notices::given::DeliveryId;

/// A notice about one contract left by mail.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContractNoticeSent {
    pub delivery: DeliveryId,
    pub contract: ContractId,
    /// A kind of the pack.
    pub kind: String,
    pub title: String,
    pub message_id: String,
}

impl Entry for ContractNoticeSent {
    const NAME: &'static str = "contract_notice_sent";
    const CLAUSES: &'static [&'static str] = &["3-1", "3-2"];
    const TITLE: Words = Words::new("契約についての通知の送信", "notice about a contract sent");

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let ContractNoticeSent { contract, title, .. } = self;
        say!(
            l,
            "契約{contract}についての「{title}」を送信",
            "\"{title}\" sent for contract {contract}"
        )
    }
}
