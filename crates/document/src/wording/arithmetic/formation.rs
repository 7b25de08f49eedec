//! Article 9 and 14-1: when something was sent, and from when it counts.

use contract::say;
use reckon::{Day, Moment};

use super::Numbers;
use crate::wording::figures::months;

pub(super) fn assent(n: &Numbers) -> Option<Vec<String>> {
    let sent = n.number::<Moment>("sent_at")?.to_minute_text();
    Some(vec![say!(n.language, "申込の送信 {sent}", "application sent {sent}")])
}

pub(super) fn formed(n: &Numbers) -> Option<Vec<String>> {
    let sent = n.number::<Moment>("sent_at")?.to_minute_text();
    Some(vec![say!(n.language, "承諾メールの送信 {sent}", "acceptance mail sent {sent}")])
}

pub(super) fn changed(n: &Numbers) -> Option<Vec<String>> {
    let from: Day = n.number("from")?;
    Some(vec![say!(n.language, "変更の適用日 {from}", "the change holds from {from}")])
}

pub(super) fn minimum_term(n: &Numbers) -> Option<Vec<String>> {
    let started = n.day("started_on")?;
    let l = n.language;
    let agreed: Option<i64> = n.number("months_agreed");
    let count = months(agreed.or_else(|| n.parameter("min_term.months"))?, l);
    let agreed = match agreed {
        Some(_) => l.pick("（料金表または合意による）", " (by price table or agreement)"),
        None => "",
    };
    let anchor: Option<String> = n.parameter("min_term.anchor");
    let line = match anchor.as_deref() {
        Some("start_day") => say!(
            l,
            "利用開始 {started}、その日から{count}{agreed}",
            "use began {started}: {count} from that day{agreed}"
        ),
        _ => say!(
            l,
            "利用開始 {started}、その月の1日から{count}{agreed}",
            "use began {started}: {count} from the first day of that month{agreed}"
        ),
    };
    Some(vec![line])
}

/// 10-1: when a change was notified, and by when it had to be.
pub(super) fn data_change(n: &Numbers) -> Option<Vec<String>> {
    let l = n.language;
    let (told, planned) = (n.day("notified_on")?, n.day("planned_on")?);
    let mut lines = vec![say!(
        l,
        "届出 {told}、変更予定日 {planned}",
        "notified {told}, planned for {planned}"
    )];
    if let (Some(limit), Some(count)) =
        (n.day("limit"), n.parameter::<u32>("registration.notice_bd"))
    {
        lines.push(say!(
            l,
            "変更予定日の{count}営業日前の期限 {limit}",
            "limit, {count} business days before it: {limit}"
        ));
    }
    Some(lines)
}
