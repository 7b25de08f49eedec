//! 受領通知, the receipt notice of a cancellation (15-1).

use contract::case::{Case, What};
use contract::consequence::Consequence;
use contract::fact::Fact;
use contract::ids::{ContractId, InputId};
use contract::notice::Channel;
use contract::{AccountState, ContractState, Unfolded};
use reckon::{CalendarKind, Day, Decimal, Moment, Month, Yen};
use typeset::{Counting, Deemed, NoticeCharge, ReceiptNotice, Taxed, Unpaid};

use super::{addressee, note, owned};
use crate::engine::{Engine, EngineError};

/// The receipt notice for the cancellation that was determined to take effect on a
/// day; another form may have come to another day since.
pub(crate) fn receipt_notice(
    engine: &Engine,
    (case, unfolded): (&Case, &Unfolded),
    (id, of): (&ContractId, Day),
    attention: &str,
    sent_at: Moment,
) -> Result<ReceiptNotice, EngineError> {
    let determined =
        unfolded.followed.iter().rev().find_map(|followed| match &followed.consequence {
            Consequence::CancellationDetermined {
                contract,
                arrived_on,
                desired,
                effective,
                deemed,
                ..
            } if contract == id && *effective == of => {
                Some(((*arrived_on, *desired), (*effective, *deemed), followed))
            }
            _ => None,
        });
    let contract = unfolded.state.contracts.get(id);
    let (Some(((arrived, desired), (effective, deemed), followed)), Some(contract)) =
        (determined, contract)
    else {
        return Err(EngineError::Refused(format!("{id} has no cancellation to notify")));
    };
    let terms = engine.law.effective(followed.at, &contract.agreements)?;
    let business_days = terms.rules.cancel_deemed_bd;
    let month = Month::of(effective);
    let number = format!("RCV-{}", id.0.trim_start_matches("K-").to_uppercase());
    let addressee = addressee(
        unfolded.state.company_on(contract, sent_at.day()),
        Some(format!("{attention} 様")),
    );
    Ok(ReceiptNotice {
        head: engine.letterhead(number, sent_at.day(), addressee, &contract.version),
        contract_number: id.0.clone(),
        services: contract.lines.iter().map(|line| engine.item_name(&line.item)).collect(),
        arrived,
        channel: channel(case, &followed.because.facts).to_owned(),
        desired,
        deemed: deemed.then(|| Deemed {
            reason: deemed_reason(desired.is_some(), business_days),
            clauses: owned(&["15-1b"]),
        }),
        counting: Counting {
            business_days,
            reached: contract::cancellation::earliest(&terms, arrived),
            calendar: calendar_name(terms.rules.calendar).to_owned(),
            clauses: owned(&["15-1b"]),
        },
        effective,
        effective_clauses: owned(&["15-1"]),
        last_month: month,
        last_month_fee: last_month_fee(engine, contract, month),
        remaining_minimum: remaining(engine, contract, effective)?,
        unpaid: unpaid(engine, &unfolded.state, contract, sent_at)?,
        unpaid_clauses: owned(&["15-3"]),
        interest_to: Some(sent_at.day()),
        notes: month_end(&terms, effective, deemed).map(offer).into_iter().collect(),
    })
}

/// How the form came on which a determination rests.
fn channel(case: &Case, facts: &[InputId]) -> &'static str {
    let came = case.happenings.iter().filter(|h| facts.contains(&h.input));
    let channel = came.into_iter().find_map(|happening| match &happening.what {
        What::Fact(Fact::CancellationFormArrived { channel, .. }) => Some(*channel),
        _ => None,
    });
    match channel {
        None | Some(Channel::Paper) => "書面",
        Some(Channel::Email) => "電子メール",
        Some(Channel::Portal) => "ポータル",
        Some(Channel::Homepage) => "ホームページ",
        Some(Channel::Other) => "その他の方法",
    }
}

/// 15-2: the last day of the month, where the terms deem an earlier one.
pub(crate) fn month_end(
    terms: &terms::Effective,
    effective: reckon::Day,
    deemed: bool,
) -> Option<reckon::Day> {
    let last = Month::of(effective).last_day();
    (terms.rules.offer_month_end && deemed && effective < last).then_some(last)
}

fn offer(day: reckon::Day) -> typeset::Note {
    note(
        "月末までのご利用",
        format!(
            "最終月の料金は全額となるため、ご希望でしたら、追加の料金なしで解除日を{}年{}月{}日に変更できます。解除日までに書面でお申し付けください。",
            day.year(),
            day.month(),
            day.day()
        ),
        &["15-2"],
    )
}

fn calendar_name(kind: CalendarKind) -> &'static str {
    match kind {
        CalendarKind::National => "土曜・日曜・国民の祝日を除く日",
        CalendarKind::YearEnd => "土曜・日曜・国民の祝日・12月29日から1月3日を除く日",
        CalendarKind::Bank => "土曜・日曜・国民の祝日・12月31日から1月3日を除く日",
    }
}

fn deemed_reason(desired: bool, business_days: u32) -> String {
    match desired {
        true => format!(
            "解除希望日が到達日から{business_days}営業日未満のため、到達日の{business_days}営業日後を解除日とみなします。"
        ),
        false => format!(
            "解除希望日の記載がないため、到達日の{business_days}営業日後を解除日とみなします。"
        ),
    }
}

fn taxed(engine: &Engine, net: Yen, day: reckon::Day) -> Taxed {
    let tax = engine.law.tax.at(day).map_or(Yen::ZERO, |rate| rate.on(net));
    Taxed { net, tax, gross: net + tax }
}

fn monthly(engine: &Engine, contract: &ContractState, month: Month) -> Vec<Yen> {
    let fixed = contract.lines.iter().filter(|line| line.started_on.is_some());
    fixed
        .filter(|line| {
            let item = engine.law.prices.item(&line.item);
            item.is_some_and(|item| item.kind == terms::PriceKind::Monthly)
        })
        .filter_map(|line| {
            let version = line.at(month.first_day());
            let quantity = Decimal::whole(i64::from(version.quantity));
            let fee = version.agreed_fee;
            rating::rate(&engine.law.prices, &line.item, month, quantity, fee, None).ok()
        })
        .map(|rated| rated.amount)
        .collect()
}

fn last_month_fee(engine: &Engine, contract: &ContractState, month: Month) -> NoticeCharge {
    let net = monthly(engine, contract, month).into_iter().sum();
    NoticeCharge {
        basis: format!("{}月分の月額料金の全額（日割りなし）", month.number()),
        sum: taxed(engine, net, month.last_day()),
        clauses: owned(&["15-2"]),
    }
}

/// 14-2 as it will come to, if the contract is cancelled on that day.
fn remaining(
    engine: &Engine,
    contract: &ContractState,
    effective: reckon::Day,
) -> Result<Option<NoticeCharge>, EngineError> {
    let terms = engine.law.effective(Moment::start_of(effective), &contract.agreements)?;
    let mut net = Yen::ZERO;
    let month = Month::of(effective);
    for line in &contract.lines {
        let Some(term) = line.minimum_term else { continue };
        let mut single = contract.clone();
        single.lines = vec![line.clone()];
        let fee = monthly(engine, &single, month).into_iter().sum();
        net += contract::minimum_term::remaining_charge(&terms, effective, term.to, fee).amount;
    }
    Ok(net.is_positive().then(|| NoticeCharge {
        basis: "最低利用期間の残余月数分の月額料金".to_owned(),
        sum: taxed(engine, net, effective),
        clauses: owned(&["14-2"]),
    }))
}

fn unpaid(
    engine: &Engine,
    state: &AccountState,
    contract: &ContractState,
    at: Moment,
) -> Result<Vec<Unpaid>, EngineError> {
    let terms = engine.law.effective(at, &contract.agreements)?;
    let open = state.receivables.iter().filter(|(_, r)| r.outstanding.is_positive());
    Ok(open
        .map(|(number, receivable)| Unpaid {
            invoice_number: number.clone(),
            due: receivable.due,
            amount: receivable.outstanding,
            interest: contract::late_interest::on(
                &terms,
                receivable.outstanding,
                receivable.due,
                at.day(),
            )
            .amount,
            clauses: owned(&["26-1"]),
        })
        .collect())
}
