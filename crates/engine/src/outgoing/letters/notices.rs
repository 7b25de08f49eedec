//! Notices that leave by themselves: a suspension, a resumption, an extension.

use contract::AccountState;
use contract::declare::figures::{written_day, yen};
use contract::declare::ids::{ContractId, InputId};
use contract::declare::names;
use contract::declare::words::Language;
use contract::notices::effective::Notice;
use contract::road::case::Case;
use contract::sentence;
use reckon::{Day, Moment};
use terms::NoticeKind;
use typeset::Document;

use super::{Draft, contract_in};
use crate::announcing::{NoticeLetterOf, Passage, at_moment, said_by_itself};
use crate::outgoing::told::{ground_of_stop, when};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// What an automatic notice is about.
pub(super) struct About<'a> {
    pub contract: &'a ContractId,
    pub kind: &'a str,
    /// The entry or the day of what it tells.
    pub about: &'a str,
}

impl Engine {
    /// 12-3, 13-1b: what came about, as the record has it.
    pub(super) async fn contract_notice(
        &self,
        case: &Case,
        state: &AccountState,
        about: &About<'_>,
        at: Moment,
    ) -> Result<Draft, EngineError> {
        let About { contract, kind: code, about } = about;
        let missing = || {
            EngineError::Refused(sentence!(
                "通知の種類{code}はありません。",
                "there is no kind of notices {code}"
            ))
        };
        let kind = NoticeKind::of(code).ok_or_else(missing)?;
        let passages = match *code {
            "suspension" => suspended(case, state, contract, about),
            "resumption" => {
                when(case, about).map(|at| at_moment("再開の日時", at)).into_iter().collect()
            }
            _ => extended(state, contract, about)?,
        };
        let said = said_by_itself(kind, passages, kind.legal.then(|| self.court(at)));
        let notice = Notice::alone(code, (*contract).clone(), InputId((*about).to_owned()), at);
        let number = format!("{}-{contract}", prefix(code));
        let NoticeLetterOf { to, text, paper, contract } =
            self.letter_of(state, &number, &notice, said, at).await?;
        // A paper is usual where the service stops or goes on.
        let paper = (*code != "extension")
            .then(|| (format!("{}_{contract}.pdf", kind.ja), Document::Notice(paper)));
        Ok(Draft { to, text, paper, contract: Some(contract) })
    }
}

fn prefix(kind: &str) -> &'static str {
    match kind {
        "suspension" => "STP",
        "resumption" => "RSM",
        _ => "EXT",
    }
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
