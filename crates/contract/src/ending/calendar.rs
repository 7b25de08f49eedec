//! By which calendar a limit in business days was counted.

use terms::Effective;

use crate::declare::prelude::*;

/// Which closures were published then, and whether a day may still become a holiday.
#[derive(Serialize, Deserialize)]
pub(crate) struct Calendar {
    calendar_version: Day,
    provisional: bool,
}

impl Calendar {
    /// As it holds under these terms, up to a day.
    pub(crate) fn of(terms: &Effective, last: Day) -> Calendar {
        let provisional = reckon::is_provisional(last);
        Calendar { calendar_version: terms.calendar_version, provisional }
    }

    /// Which days were business days, and whether that may still change.
    pub(crate) fn lines(&self, because: &Because, l: Reader) -> Vec<String> {
        let kind: Option<String> = because.parameter("calendar.kind");
        let days = match kind.as_deref() {
            Some("JP") => {
                Some(l.pick("土日祝を除く日", "Monday to Friday without national holidays"))
            }
            Some("JP+YE") => Some(l.pick(
                "土日祝と12月29日〜1月3日を除く日",
                "Monday to Friday without national holidays and 29 December to 3 January",
            )),
            Some("BANK") => Some(l.pick("銀行の営業日", "the days on which banks are open")),
            _ => None,
        };
        let published = Some(self.calendar_version).filter(|day| *day > Day::MIN);
        let closures = published.map(|on| {
            say!(l, "、{on}に公表した休業日も除く", ", less the closures published on {on}")
        });
        let closures = closures.unwrap_or_default();
        let counted =
            days.map(|days| say!(l, "営業日＝{days}{closures}", "business days: {days}{closures}"));
        let warning = self.provisional.then(|| {
            l.pick(
                "祝日が官報で確定していない年に及ぶため暫定",
                "provisional: the holidays of that year are not yet official",
            )
            .to_owned()
        });
        counted.into_iter().chain(warning).collect()
    }
}
