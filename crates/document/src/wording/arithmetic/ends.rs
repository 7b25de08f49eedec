//! Articles 12 to 16: limits in business days, and the months of arrears.

use contract::say;
use reckon::{Day, Moment, Yen};
use terms::ConfirmGround;

use super::Numbers;
use crate::wording::figures::{day, days, months, yen};
use crate::wording::names;

pub(super) const CANCELLATION: &[&str] =
    &["arrived_on", "desired", "business_days", "earliest", "calendar_version", "provisional"];

pub(super) fn extension(n: &Numbers) -> Option<Vec<String>> {
    let mut lines = vec![limit(n)?];
    if let Some(count) = n.parameter("renewal.extension_months") {
        let count = months(count, n.language);
        lines.push(say!(
            n.language,
            "満了の翌日から{count}延長",
            "extended by {count} from the day after"
        ));
    }
    lines.extend(calendar(n));
    Some(lines)
}

pub(super) fn non_renewal(n: &Numbers) -> Option<Vec<String>> {
    let mut lines = vec![limit(n)?];
    lines.extend(statement(n)?);
    Some(lines)
}

/// The limit of 13-1b, and how it is counted.
fn limit(n: &Numbers) -> Option<String> {
    let (expiry, limit) = (n.day("expiry")?, n.day("limit")?);
    let needed: u32 = n.parameter("renewal.notice_bd")?;
    let l = n.language;
    let mode: Option<String> = n.parameter("bd.before_mode");
    let counted = match mode.as_deref() {
        Some("label") => say!(
            l,
            "満了日より前の{needed}番目の営業日まで",
            "up to business day number {needed} before the expiry"
        ),
        Some("clear") => say!(
            l,
            "満了日との間にまる{needed}営業日",
            "{needed} full business days between it and the expiry"
        ),
        _ => say!(
            l,
            "申出の翌日から満了日までに{needed}営業日以上",
            "at least {needed} business days from the day after it up to the expiry"
        ),
    };
    Some(say!(
        l,
        "満了 {expiry}、申出の期限 {limit}（{counted}）",
        "expiry {expiry}, limit for an objection {limit} ({counted})"
    ))
}

pub(super) fn statement(n: &Numbers) -> Option<Vec<String>> {
    let at = n.number::<Moment>("effective_at")?.to_minute_text();
    Some(vec![say!(n.language, "申出の効力発生 {at}", "the objection took effect {at}")])
}

pub(super) fn cancellation(n: &Numbers) -> Option<Vec<String>> {
    let (arrived, earliest) = (n.day("arrived_on")?, n.day("earliest")?);
    let l = n.language;
    let mut lines = vec![say!(l, "申込書の到達 {arrived}", "form arrived {arrived}")];
    if let (Some(desired), Some(counted)) = (n.day("desired"), n.number::<u32>("business_days")) {
        let needed: Option<u32> = n.parameter("cancel.notice_bd");
        let needed = needed.map_or_else(|| "?".to_owned(), |needed| needed.to_string());
        lines.push(say!(
            l,
            "到達の翌日から希望日 {desired} まで{counted}営業日（必要 {needed}営業日）",
            "from the day after arrival to the desired day {desired}: {counted} business days ({needed} needed)"
        ));
    }
    let deemed: u32 = n.parameter("cancel.deemed_bd")?;
    let first = match n.parameter("cancel.count_arrival_day") {
        Some(true) => l.pick("到達日を含めて", ", the day of arrival counted"),
        _ => l.pick("到達の翌日から", " from the day after arrival"),
    };
    lines.push(say!(
        l,
        "{first}{deemed}営業日目 {earliest}",
        "business day number {deemed}{first}: {earliest}"
    ));
    lines.extend(calendar(n));
    Some(lines)
}

/// Which days were business days, and whether that may still change.
fn calendar(n: &Numbers) -> Vec<String> {
    let l = n.language;
    let kind: Option<String> = n.parameter("calendar.kind");
    let days = match kind.as_deref() {
        Some("JP") => Some(l.pick("土日祝を除く日", "Monday to Friday without national holidays")),
        Some("JP+YE") => Some(l.pick(
            "土日祝と12月29日〜1月3日を除く日",
            "Monday to Friday without national holidays and 29 December to 3 January",
        )),
        Some("BANK") => Some(l.pick("銀行の営業日", "the days on which banks are open")),
        _ => None,
    };
    let published = n.number::<Day>("calendar_version").filter(|day| *day > Day::MIN);
    let closures = published
        .map(|on| say!(l, "、{on}に公表した休業日も除く", ", less the closures published on {on}"));
    let closures = closures.unwrap_or_default();
    let counted =
        days.map(|days| say!(l, "営業日＝{days}{closures}", "business days: {days}{closures}"));
    let provisional = n.number("provisional") == Some(true);
    let warning = provisional.then(|| {
        l.pick(
            "祝日が官報で確定していない年に及ぶため暫定",
            "provisional: the holidays of that year are not yet official",
        )
        .to_owned()
    });
    counted.into_iter().chain(warning).collect()
}

pub(super) fn last_day(n: &Numbers) -> Option<Vec<String>> {
    let on = n.day("on")?;
    Some(vec![say!(n.language, "契約の最終日 {on}", "last day of the contract {on}")])
}

pub(super) fn secrecy(n: &Numbers) -> Option<Vec<String>> {
    let ended = n.day("ended_on")?;
    let years: u32 = n.parameter("secrecy.years")?;
    Some(vec![say!(
        n.language,
        "契約の終了 {ended}、その翌日から{years}年",
        "contract ended {ended}: {years} years from the day after"
    )])
}

pub(super) fn ground(n: &Numbers) -> Option<Vec<String>> {
    let ground = names::clause_and_ground(&n.number::<String>("ground")?, n.language);
    Some(vec![say!(n.language, "事由 {ground}", "ground {ground}")])
}

pub(super) fn suspension_right(n: &Numbers) -> Option<Vec<String>> {
    let (due, outstanding) = (n.day("due")?, yen(n.number::<Yen>("outstanding")?, n.language));
    let l = n.language;
    let grace: i64 = n.parameter("suspension.grace_days").unwrap_or(0);
    let from = match grace {
        0 => l.pick("期日の翌日から", "from the day after the due date").to_owned(),
        _ => {
            let grace = days(grace, l);
            say!(
                l,
                "期日の翌日からさらに{grace}の猶予の後",
                "{grace} of grace after the day after the due date"
            )
        }
    };
    Some(vec![say!(
        l,
        "期日 {due}、未払い{outstanding}、{from}",
        "due {due}, {outstanding} unpaid: {from}"
    )])
}

/// 16-1(7): the days of the demand, the first one not counted.
pub(super) fn uncured(n: &Numbers) -> Option<Vec<String>> {
    let l = n.language;
    let (from, to) = (day(n.number("demand_effective")?, l), day(n.number("cure_by")?, l));
    let days: u32 = n.number("cure_days")?;
    Some(vec![
        say!(
            l,
            "是正の催告 {from} の翌日から{days}日：{to} まで",
            "{days} days from the day after the demand of {from}: until {to}"
        ),
        l.pick(
            "是正されなければその翌日から解除できる",
            "uncured, the right opens on the day after",
        )
        .to_owned(),
    ])
}

pub(super) fn arrears_right(n: &Numbers) -> Option<Vec<String>> {
    let (from, to): (Day, Day) = (n.number("period_from")?, n.number("period_to")?);
    let l = n.language;
    let due = day(n.number("due")?, l);
    let count: Option<i64> = n.parameter("arrears.months");
    let count = count.map(|count| months(count, l)).unwrap_or_default();
    Some(vec![
        say!(
            l,
            "期日 {due} の翌日から{count}：{from} … {to}",
            "{count} from the day after the due date {due}: {from} … {to}"
        ),
        l.pick("その満了の翌日から解除できる", "the right opens on the day after").to_owned(),
    ])
}

pub(super) const ARRIVAL: &[&str] = &["grounds", "arrived_on", "registered_on"];

/// Why somebody looks at an arrival, and when it was registered.
pub(super) fn arrival(n: &Numbers) -> Option<Vec<String>> {
    let l = n.language;
    let grounds: Vec<ConfirmGround> = n.number("grounds")?;
    let grounds: Vec<_> =
        grounds.into_iter().map(|ground| names::confirm_ground(ground, l)).collect();
    let grounds = grounds.join(l.pick("、", ", "));
    let (arrived, registered) = (n.day("arrived_on")?, n.day("registered_on")?);
    Some(vec![
        say!(l, "確認する理由：{grounds}", "to be confirmed: {grounds}"),
        say!(l, "到達 {arrived}、登録 {registered}", "arrived {arrived}, registered {registered}"),
    ])
}
