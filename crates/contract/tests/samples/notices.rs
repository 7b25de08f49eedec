//! One of each fact and consequence about notices.

use contract::declare::consequence::{Consequence, NoticeEffective, NoticeVoid};
use contract::declare::fact::{
    ContractNoticeSent, Fact, NoticeArrived, NoticeBounced, NoticeConfirmed, NoticeDispatched,
    NoticeGiven, NoticeMailSent, NoticeMailedAgain, NoticePosted, NoticeUndeliverable,
    NoticeWithdrawn,
};
use contract::declare::ids::ContractId;
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::Channel;

use crate::case::at;

fn contract() -> ContractId {
    "K-045827adcf33".into()
}

fn delivery() -> DeliveryId {
    DeliveryId("T-0123456789ab".into())
}

pub fn facts() -> Vec<Fact> {
    let (delivery, notice) = (delivery(), NoticeId::numbered(1));
    let document = "doc-12".to_owned();
    vec![
        Fact::NoticeGiven(Box::new(NoticeGiven {
            delivery: delivery.clone(),
            notice: notice.clone(),
            kind: "cure_demand".into(),
            title: "是正のお願い（催告）".into(),
            text_hash: "9f86d081884c7d65".into(),
            contracts: vec![contract()],
            channels: vec![Channel::Email, Channel::Paper],
            takes_effect: Some(at("2026-07-01T00:00")),
            cure_days: Some(14),
        })),
        Fact::NoticeMailSent(NoticeMailSent {
            delivery: delivery.clone(),
            message_id: "notice-1@minato-cloud.example".into(),
        }),
        Fact::NoticePosted(NoticePosted {
            delivery: delivery.clone(),
            page: "/site/notices/N-0001".into(),
            page_hash: "60303ae22b998861".into(),
        }),
        Fact::NoticeWithdrawn(NoticeWithdrawn {
            delivery: delivery.clone(),
            by: NoticeId::numbered(2),
        }),
        Fact::NoticeDispatched(NoticeDispatched {
            delivery: delivery.clone(),
            document: document.clone(),
        }),
        Fact::NoticeArrived(NoticeArrived {
            delivery: delivery.clone(),
            document: document.clone(),
        }),
        Fact::NoticeUndeliverable(NoticeUndeliverable {
            delivery: delivery.clone(),
            document: document.clone(),
        }),
        Fact::NoticeBounced(NoticeBounced { delivery: delivery.clone(), document }),
        Fact::NoticeMailedAgain(NoticeMailedAgain { delivery: delivery.clone(), notice }),
        Fact::NoticeConfirmed(NoticeConfirmed { delivery }),
        Fact::ContractNoticeSent(ContractNoticeSent {
            delivery: DeliveryId::of_contract("extension", &contract(), "2026-07-31"),
            contract: contract(),
            kind: "extension".into(),
            title: "利用期間の延長のお知らせ".into(),
            message_id: "told-1@minato-cloud.example".into(),
        }),
    ]
}

pub fn consequences() -> Vec<Consequence> {
    vec![
        Consequence::NoticeEffective(NoticeEffective {
            delivery: delivery(),
            contract: contract(),
            title: "定期点検のお知らせ".into(),
            clause: "12-2".into(),
            channel: Channel::Homepage,
            in_time: Some(true),
        }),
        Consequence::NoticeVoid(NoticeVoid {
            delivery: delivery(),
            contract: contract(),
            title: "定期点検のお知らせ".into(),
            by: NoticeId::numbered(2),
        }),
    ]
}
