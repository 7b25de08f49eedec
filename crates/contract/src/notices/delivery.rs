//! 3-1, 3-2, 10-2: what becomes of a notice on its way to a customer, as people record it:
//! a paper that left, arrived or came back, a mail that bounced, a reader who confirms.

use crate::declare::prelude::*;
use crate::notices::effective::Notice;
use crate::notices::given::{DeliveryId, NoticeId};

const OF: Of = Of::Delivery("delivery");

/// The notice that this is about, if it may still be recorded on.
fn known<'a>(asked: &'a Asked, id: &str) -> Option<&'a Notice> {
    asked.state.notices.get(&DeliveryId(id.to_owned())).map(crate::road::kept::Kept::as_ref)
}

/// Where a person may record on a notice that was given.
fn here(asked: &Asked, id: &str, offered: impl Fn(&Notice) -> bool) -> Here {
    let Some(notice) = known(asked, id) else { return Here::default() };
    Here { not_before: Some(notice.given_at), ..Here::offered(offered(notice)) }
}

/// As [`here`], of a paper that is on its way.
fn after_dispatch(asked: &Asked, id: &str) -> Here {
    let here = here(asked, id, |notice| notice.dispatched_at.is_some() && !notice.has_arrived());
    let dispatched = known(asked, id).and_then(|notice| notice.dispatched_at);
    Here { not_before: dispatched.or(here.not_before), ..here }
}

/// A notice left on paper.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeDispatched {
    pub delivery: DeliveryId,
    pub document: String,
}

impl Entry for NoticeDispatched {
    const NAME: &'static str = "notice_dispatched";
    const CLAUSES: &'static [&'static str] = &["3-1"];
    const TITLE: Words = Words::new("通知の書面の発送", "notice dispatched on paper");
    const BY: Option<Permission> = Some(Permission::Announce);
    const DOOR: Option<Door> = Some(
        Door::of(
            OF,
            Words::new(
                "書面の通知を発送したことを記録します。書面の通知は、届いた時に効力を生じます（民法97条）。",
                "The notice left on paper. It takes effect when it arrives (Civil Code 97).",
            ),
        )
        .offer("書面を発送した", "it left on paper")
        .asks(&[Field::document("追跡番号など", "Tracking number or another name")])
        .at("発送した日時", "When it left")
        .here(|asked, id, _| here(asked, id, Notice::may_leave_on_paper)),
    );

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let NoticeDispatched { delivery, document } = self;
        say!(
            l,
            "通知{delivery}の書面を発送（{document}）",
            "notice {delivery} left on paper ({document})"
        )
    }
}

/// A notice arrived that does not take effect by being sent (Civil Code 97).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeArrived {
    pub delivery: DeliveryId,
    pub document: String,
}

impl Entry for NoticeArrived {
    const NAME: &'static str = "notice_arrived";
    const CLAUSES: &'static [&'static str] = &["3-1", "3-2"];
    const TITLE: Words = Words::new("通知の書面の到達", "notice arrived");
    const BY: Option<Permission> = Some(Permission::Announce);
    const DOOR: Option<Door> = Some(
        Door::of(
            OF,
            Words::new(
                "書面の通知が相手に届いたことを、配達の記録とともに登録します。届いた日時に効力を生じます（民法97条）。",
                "The notice arrived, with the proof of its delivery: it takes effect then (Civil Code 97).",
            ),
        )
        .offer("書面が届いた", "it arrived")
        .asks(&[Field::document("配達の記録", "Proof of delivery")])
        .at("届いた日時", "When it arrived")
        .here(|asked, id, _| after_dispatch(asked, id)),
    );

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let NoticeArrived { delivery, document } = self;
        say!(
            l,
            "通知{delivery}の書面が到達（{document}）",
            "notice {delivery} arrived ({document})"
        )
    }
}

/// A paper came back: the notice reached nobody by it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeUndeliverable {
    pub delivery: DeliveryId,
    pub document: String,
}

impl Entry for NoticeUndeliverable {
    const NAME: &'static str = "notice_undeliverable";
    const CLAUSES: &'static [&'static str] = &["3-1", "10-2"];
    const TITLE: Words = Words::new("通知の書面の返戻", "notice came back");
    const BY: Option<Permission> = Some(Permission::Announce);
    const DOOR: Option<Door> = Some(
        Door::of(
            OF,
            Words::new(
                "書面の通知が届かずに戻ったことを記録します。別の方法で届ける作業が開きます。",
                "The paper came back. A task asks for another way.",
            ),
        )
        .offer("書面が戻ってきた", "it came back")
        .asks(&[Field::document("返戻の記録", "What shows it")])
        .at("戻ってきた日時", "When it came back")
        .here(|asked, id, _| after_dispatch(asked, id)),
    );

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let NoticeUndeliverable { delivery, document } = self;
        say!(
            l,
            "通知{delivery}の書面が返戻（{document}）",
            "notice {delivery} came back ({document})"
        )
    }
}

/// A mail that was sent came back. Its effect stays, also where the customer did not
/// tell of another address (10-2).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeBounced {
    pub delivery: DeliveryId,
    pub document: String,
}

impl Entry for NoticeBounced {
    const NAME: &'static str = "notice_bounced";
    const CLAUSES: &'static [&'static str] = &["3-2", "10-2"];
    const TITLE: Words = Words::new("通知のメールの不達", "mail of a notice bounced");
    const BY: Option<Permission> = Some(Permission::Announce);
    const DOOR: Option<Door> = Some(
        Door::of(
            OF,
            Words::new(
                "送信した通知のメールが不達で戻ったことを記録します。通知の効力は、送信の時のまま変わりません（A-05）。宛先を確かめて送り直す作業が開きます。",
                "The mail bounced. The notice keeps its effect from when it was sent (A-05). A task asks to look at the address and to send it again.",
            ),
        )
        .offer("メールが不達になった", "the mail bounced")
        .asks(&[Field::document("不達の記録", "What shows it")])
        .at("不達が分かった日時", "When it came back")
        .here(|asked, id, _| here(asked, id, |notice| notice.sent_at.is_some())),
    );

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let NoticeBounced { delivery, document } = self;
        say!(
            l,
            "通知{delivery}のメールが不達（{document}）",
            "mail of notice {delivery} bounced ({document})"
        )
    }
}

/// The mail of a notice is sent once more, to the address that is registered now.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeMailedAgain {
    pub delivery: DeliveryId,
    pub notice: NoticeId,
}

impl Entry for NoticeMailedAgain {
    const NAME: &'static str = "notice_mailed_again";
    const CLAUSES: &'static [&'static str] = &["3-1", "10-2"];
    const TITLE: Words = Words::new("通知のメールの再送", "mail of a notice again");
    const BY: Option<Permission> = Some(Permission::Announce);
    const DOOR: Option<Door> = Some(
        Door::of(
            OF,
            Words::new(
                "同じ通知を、いま登録されている宛先にメールでもう一度送ります。先に送信されていれば、効力の時は変わりません。",
                "Sends the same notice once more, to the address that is registered now. What was sent before keeps its effect.",
            ),
        )
        .offer("メールを送り直す", "send the mail again")
        .verb("もう一度送る", "Send it again")
        .asks(&[Field::tick(
            "sure",
            "宛先を確かめました",
            "I have looked at the address",
        )])
        .here(|asked, id, _| {
            let here = here(asked, id, |notice| {
                notice.notice.is_some() && notice.withdrawn.is_none()
            });
            match known(asked, id).and_then(|notice| notice.notice.as_ref()) {
                Some(notice) => here.fixed("notice", notice),
                None => here,
            }
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let delivery = &self.delivery;
        say!(l, "通知{delivery}のメールの再送を指示", "mail of notice {delivery} ordered again")
    }
}

/// The reader confirms a notice in the portal.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct NoticeConfirmed {
    pub delivery: DeliveryId,
}

impl Entry for NoticeConfirmed {
    const NAME: &'static str = "notice_confirmed";
    const CLAUSES: &'static [&'static str] = &["3-1"];
    const TITLE: Words = Words::new("通知の確認", "notice confirmed");
    const BY: Option<Permission> = Some(Permission::ReadOwn);

    fn stream(&self) -> Stream {
        Stream::Notice(self.delivery.clone())
    }

    fn line(&self, l: Reader) -> String {
        let delivery = &self.delivery;
        say!(l, "通知{delivery}を契約者が確認", "notice {delivery} confirmed by the customer")
    }
}
