//! Notices that leave by themselves: a suspension, a resumption, an extension (12-3, 13-1b).
//! What came about is told as the record has it.

use contract::declare::act::Suspend;
use contract::declare::consequence::ContractExtended;
use contract::declare::fact::{ContractNoticeSent, UpstreamResumed, UpstreamSuspended};
use contract::declare::ids::InputId;
use contract::declare::names;
use contract::notices::effective::Notice;
use contract::notices::given::DeliveryId;
use contract::road::case::What;
use contract::road::stream::Content;
use terms::NoticeKind;
use typeset::Document;

use crate::announcing::{NoticeLetterOf, Passage, at_moment, said_by_itself};
use crate::outgoing::draft::contract_in;
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContractNotice {
    pub contract: ContractId,
    pub kind: String,
    /// The entry or the day of what it tells.
    pub about: String,
}

impl Outgoing for ContractNotice {
    const OF: Of = Of {
        ways: &[Way::Mail],
        only_tells: true,
        of_money: Some("-suspension-"),
        ..Of::mail(
            "told-",
            Words::new("契約についての通知", "notice about a contract"),
            Object::Contract,
            &[Role::OrderDesk, Role::ContractApprover],
        )
    };

    fn asked(asked: Asked<'_>) -> Option<ContractNotice> {
        let entry = &asked.input.id.0;
        let (contract, kind, about) = match (asked.fact(), asked.consequence()) {
            (Some(Fact::UpstreamSuspended(UpstreamSuspended { contract })), _) => {
                (contract, "suspension", entry.clone())
            }
            (Some(Fact::UpstreamResumed(UpstreamResumed { contract })), _) => {
                (contract, "resumption", entry.clone())
            }
            (_, Some(Consequence::ContractExtended(ContractExtended { contract, period, .. })))
                // What an earlier book extended, its customers heard of from there.
                if !matches!(
                    asked.input.content,
                    Content::Edition | Content::Fact(Fact::ContractTakenOver(_))
                ) =>
            {
                (contract, "extension", period.to.to_string())
            }
            _ => return None,
        };
        Some(ContractNotice { contract: contract.clone(), kind: kind.to_owned(), about })
    }

    fn names(&self) -> String {
        format!("{}-{}-{}", self.contract, self.kind, short_hash(self.about.as_bytes()))
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    /// A stop that a person decided and that goes on, a stop that ended, the last of the
    /// extensions.
    fn is_wanted(&self, case: &Case, state: &AccountState) -> bool {
        let Some(contract) = state.contracts.get(&self.contract) else { return false };
        let about = self.about.as_str();
        match self.kind.as_str() {
            "suspension" => {
                let goes_on = |fact: &str, to: Option<Moment>| fact == about && to.is_none();
                contract.stops.iter().any(|stop| goes_on(&stop.fact.0, stop.to))
                    && ground_of_stop(case, state, &self.contract, about).is_some()
            }
            "resumption" => {
                let at = when(case, about);
                at.is_some() && contract.stops.last().is_some_and(|stop| stop.to == at)
            }
            "extension" => {
                let last = about.parse().is_ok_and(|to: Day| contract.period.to == to);
                last && contract.end.is_none()
            }
            _ => false,
        }
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        let ContractNotice { contract, kind, about } = self.clone();
        Some(Fact::ContractNoticeSent(ContractNoticeSent {
            delivery: DeliveryId::of_contract(&kind, &contract, &about),
            title: NoticeKind::of(&kind).map_or_else(String::new, |kind| kind.ja.clone()),
            contract,
            kind,
            message_id,
        }))
    }

    fn automatic(&self) -> Option<&str> {
        Some(&self.kind)
    }
}

impl Letter for ContractNotice {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let ContractNotice { contract: id, kind: code, about } = self;
        let Desk { engine, case, state, at } = *desk;
        let missing = || {
            EngineError::Refused(sentence!(
                "通知の種類{code}はありません。",
                "there is no kind of notices {code}"
            ))
        };
        let kind = NoticeKind::of(code).ok_or_else(missing)?;
        let (prefix, passages) = match code.as_str() {
            "suspension" => ("STP", suspended(case, state, id, about)),
            "resumption" => {
                let ran = when(case, about).map(|at| at_moment("再開の日時", at));
                ("RSM", ran.into_iter().collect())
            }
            _ => ("EXT", extended(state, id, about)?),
        };
        let said = said_by_itself(kind, passages, kind.legal.then(|| engine.court(at)));
        let notice = Notice::alone(code, id.clone(), InputId(about.clone()), at);
        let number = format!("{prefix}-{id}");
        let NoticeLetterOf { to, addressee, text, paper, contract } =
            engine.letter_of(state, &number, &notice, said, at).await?;
        // A paper is usual where the service stops or goes on.
        let paper = (code != "extension")
            .then(|| (format!("{}_{contract}.pdf", kind.ja), Document::Notice(paper)));
        Ok(Draft { to, addressee, text, paper, contract: Some(contract) })
    }
}

/// When an entry that counts happened.
fn when(case: &Case, input: &str) -> Option<Moment> {
    let found = case.in_force().iter().find(|one| one.input.0 == input);
    found.map(|one| one.occurred_at)
}

/// 12-3: the ground on which a person decided a stop: since the service ran last.
fn ground_of_stop(
    case: &Case,
    state: &AccountState,
    id: &ContractId,
    fact: &str,
) -> Option<String> {
    let contract = state.contracts.get(id)?;
    let at = contract.stops.iter().position(|stop| stop.fact.0 == fact)?;
    let from = contract.stops[at].from;
    let ran_from = at.checked_sub(1).and_then(|before| contract.stops[before].to);
    let decided = case
        .in_force()
        .concerning(&id.into())
        .filter(|one| one.occurred_at <= from && ran_from.is_none_or(|ran| one.occurred_at >= ran));
    let mut grounds = decided.filter_map(|one| match one.what.as_ref() {
        What::Act(Act::Suspend(Suspend { ground, .. })) => Some(ground.clone()),
        _ => None,
    });
    grounds.next_back()
}

/// 12-3: since when, on which ground, and what to do about it.
fn suspended(case: &Case, state: &AccountState, id: &ContractId, about: &str) -> Vec<Passage> {
    let Some(at) = when(case, about) else { return Vec::new() };
    let mut passages = vec![at_moment("停止の日時", at)];
    let Some(ground) = ground_of_stop(case, state, id, about) else { return passages };
    let value = names::clause_and_ground(&ground, Language::Japanese);
    passages.push(Passage { label: "停止の事由", value });
    let of_this = |number: &str| {
        state.receivables.get(number).is_some_and(|one| one.invoice.contracts().contains(&id))
    };
    // Of another ground nobody is freed by paying.
    let is_of_arrears = ground == "12-3" || ground == "16-1(2)";
    let open = state.receivables.iter().filter(|(number, one)| {
        is_of_arrears && of_this(number) && one.outstanding.is_positive() && one.due < at.day()
    });
    let open: Vec<_> = open
        .map(|(number, one)| {
            let (due, rest) = (written_day(one.due), yen(one.outstanding, Language::Japanese));
            format!("{number}（支払期日 {due}、未払い {rest}）")
        })
        .collect();
    let value = match open.is_empty() {
        true => "事由を解消し、このメールの差出人までご連絡ください。".to_owned(),
        false => format!("次の請求書をお支払いください。\n{}", open.join("\n")),
    };
    passages.push(Passage { label: "お願いしたいこと", value });
    passages
}

/// 13-1b: to which day, and by when the next extension can be declined.
fn extended(
    state: &AccountState,
    id: &ContractId,
    about: &str,
) -> Result<Vec<Passage>, EngineError> {
    let contract = contract_in(state, id)?;
    let unreadable = || EngineError::damaged(format!("{id}: {about} is no day"));
    let to: Day = about.parse().map_err(|_| unreadable())?;
    let mut passages = vec![Passage { label: "新しい満了日", value: written_day(to) }];
    let limit = contract.renewal_limit.filter(|_| contract.period.to == to);
    passages.extend(limit.map(|limit| Passage {
        label: "次の延長を望まない場合の申し出の期限",
        value: written_day(limit),
    }));
    Ok(passages)
}
