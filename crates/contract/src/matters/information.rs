//! 36-1: the provider may ask for information, and the customer gives it unless it has a
//! good reason (正当な理由) not to.

use crate::declare::prelude::*;
use crate::matters::matter::Opening;
use crate::notices::notice::Channel;
use crate::who::roles::Role::{Legal, OrderDesk, Support};

pub(crate) const INFORMATION_OVERDUE: Rule =
    Rule::new("information_overdue", 1, "情報提供の期限の経過", "information not given in time")
        .clauses(&["36-1"]);

/// 36-1: the customer was asked for information (D-36).
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct InformationRequested {
    pub contract: ContractId,
    pub question: String,
    /// The last day for an answer.
    pub reply_by: Day,
    /// By mail it leaves from here (D-36); else it was asked already.
    pub channel: Channel,
}

impl Entry for InformationRequested {
    const NAME: &'static str = "information_requested";
    const CLAUSES: &'static [&'static str] = &["36-1"];
    const TITLE: Words = Words::new("情報提供の依頼", "information requested");
    const BY: Option<Permission> = Some(Permission::SeeToMatters);
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "契約者に情報の提供を、回答の期限を付けて依頼します。正当な理由のない拒否は契約違反になりえますが、停止や解除には別に事由の判断が要ります。",
            "Asks the customer for information by a day. A refusal without good reason can be a breach; suspension or termination takes a judgement of its own.",
        )
        .offer("情報提供を依頼", "ask for information")
        .verb("依頼する", "Ask for it")
        .asks(&[
            Field::line("question", "依頼の内容", "What was asked"),
            Field::coming_day("reply_by", "回答の期限", "To be answered by"),
            Field::choice("channel", "依頼の方法", "How it is asked"),
        ])
        .at("依頼した日時", "When it was asked")
        .here(|asked, id, l| {
            let by_mail = l.pick("ここから利用責任者にメールで送る", "by mail, from here");
            let otherwise = l.pick("別の方法で依頼した", "it was asked another way");
            let choices = [Choice::new("email", by_mail), Choice::new("other", otherwise)];
            Here::going_on(asked, id).choices("channel", choices).first("channel", "email")
        }),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let InformationRequested { contract, question, reply_by, .. } = self;
        say!(
            l,
            "契約{contract}について情報提供を依頼（{question}、回答期限 {reply_by}）",
            "information on contract {contract} asked for ({question}, by {reply_by})"
        )
    }
}

impl Opening for InformationRequested {
    const RESULTS: &'static [(&'static str, Words)] = &[
        ("answered", Words::new("回答を受けた", "answered")),
        ("refused_with_reason", Words::new("正当な理由により断られた", "refused for good reason")),
        ("refused", Words::new("理由なく断られた", "refused without good reason")),
        ("no_longer_needed", Words::new("不要になった", "no longer needed")),
    ];
    const ROLES: &'static [Role] = &[OrderDesk, Legal, Support];
    const OVERDUE: Option<&'static Rule> = Some(&INFORMATION_OVERDUE);

    fn contract(&self) -> &ContractId {
        &self.contract
    }

    fn about(&self) -> String {
        self.question.clone()
    }

    fn due(&self) -> Option<Day> {
        Some(self.reply_by)
    }
}
