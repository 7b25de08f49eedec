//! What the record determined for letters and papers. They print it as it stands
//! there and work out nothing again.

use contract::declare::consequence::{
    Consequence, OrderDetermined, ReceiptNoticeDetermined, SecrecyEnds, TerminationNoticeDetermined,
};
use contract::declare::ids::{ApplicationId, ContractId, InputId};
use contract::road::case::Case;
use contract::road::stated::{Order, Receipt, Termination};
use contract::road::stream::Stream;
use contract::sentence;
use reckon::Day;

use crate::road::outcome::EngineError;

/// The acceptance form of an application.
pub(crate) fn order<'c>(case: &'c Case, id: &ApplicationId) -> Result<&'c Order, EngineError> {
    let found = latest(case, id, |consequence| match consequence {
        Consequence::OrderDetermined(OrderDetermined { order }) if order.application == *id => {
            Some(order.as_ref())
        }
        _ => None,
    });
    found.ok_or_else(|| {
        EngineError::Refused(sentence!(
            "申込{id}は承諾されていません。",
            "{id}: nothing was accepted"
        ))
    })
}

/// The receipt notice for the form that came to a day last.
pub(crate) fn receipt<'c>(
    case: &'c Case,
    id: &ContractId,
    effective: Day,
) -> Result<&'c Receipt, EngineError> {
    let found = latest(case, id, |consequence| match consequence {
        Consequence::ReceiptNoticeDetermined(ReceiptNoticeDetermined { notice })
            if notice.contract == *id && notice.effective == effective =>
        {
            Some(notice.as_ref())
        }
        _ => None,
    });
    found.ok_or_else(|| {
        EngineError::Refused(sentence!(
            "契約{id}に通知すべき解約はありません。",
            "{id} has no cancellation to notify",
        ))
    })
}

/// The notice that carries out an act, or the last act where it is not said which.
pub(crate) fn termination<'c>(
    case: &'c Case,
    id: &ContractId,
    act: Option<&InputId>,
) -> Option<&'c Termination> {
    latest(case, id, |consequence| match consequence {
        Consequence::TerminationNoticeDetermined(TerminationNoticeDetermined { notice })
            if notice.contract == *id && act.is_none_or(|act| notice.act == *act) =>
        {
            Some(notice.as_ref())
        }
        _ => None,
    })
}

/// 41-8: up to when secrecy is owed after the end of a contract.
pub(crate) fn secrecy_until(case: &Case, id: &ContractId) -> Option<Day> {
    latest(case, id, |consequence| match consequence {
        Consequence::SecrecyEnds(SecrecyEnds { contract, until }) if contract == id => Some(*until),
        _ => None,
    })
}

/// The one of a kind that came about last in a stream, and still follows.
fn latest<'c, T>(
    case: &'c Case,
    stream: impl Into<Stream>,
    pick: impl Fn(&'c Consequence) -> Option<T>,
) -> Option<T> {
    let found = case
        .live_in(stream)
        .filter_map(|(id, live)| Some(((live.occurred_at, id), pick(&live.consequence)?)));
    found.max_by_key(|(order, _)| *order).map(|(_, what)| what)
}
