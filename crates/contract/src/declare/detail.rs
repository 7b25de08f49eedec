//! A sentence that is stored in English, so that ids made of it stay, and told in both
//! languages: what an alert says besides its code, what came last of a mail.

use std::fmt::Display;

use crate::declare::words::{Language, Words};

/// One such sentence; `{}` stands for what it is about.
///
/// ```
/// use contract::declare::detail::Detail;
/// use contract::declare::words::Language::Japanese;
/// const GONE: Detail = Detail::new("{}に終了", "ended on {}");
/// let stored = GONE.of(&[&"2026-04-01"]);
/// assert_eq!(stored, "ended on 2026-04-01");
/// assert_eq!(GONE.told(&stored, Japanese).unwrap(), "2026-04-01に終了");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Detail(Words);

impl Detail {
    pub(crate) const NAMED_BY: Detail = Detail::new("登録 {}", "input {} names it");
    pub(crate) const LINE_NAMED_BY: Detail = Detail::new("明細 {}、登録 {}", "line {}, input {}");
    pub(crate) const LINE_TO: Detail = Detail::new("明細{}は{}まで", "line {} to {}");
    pub(crate) const CLOSED_BEFORE: Detail = Detail::new(
        "申込を閉じた後に承諾メールが出ました",
        "the acceptance mail left after the application had been closed",
    );
    pub(crate) const PERIOD_OVER: Detail =
        Detail::new("利用期間は{}に終わっています", "the period ended on {}");
    pub(crate) const NOTIFIED_OTHERWISE: Detail = Detail::new(
        "通知した解除の日は{}、規則では{}",
        "cancellation notified for {}, the rules give {}",
    );
    pub(crate) const ORDERED_ON: Detail = Detail::new("{}に指示", "ordered on {}");

    /// Every one of alerts; a stored text that is none is told as it is: a name, an amount.
    pub(crate) const ALL: [Detail; 7] = [
        Detail::NAMED_BY,
        Detail::LINE_NAMED_BY,
        Detail::LINE_TO,
        Detail::CLOSED_BEFORE,
        Detail::PERIOD_OVER,
        Detail::NOTIFIED_OTHERWISE,
        Detail::ORDERED_ON,
    ];

    pub const fn new(ja: &'static str, en: &'static str) -> Detail {
        Detail(Words::new(ja, en))
    }

    /// As it is stored.
    pub fn of(self, about: &[&dyn Display]) -> String {
        let about: Vec<_> = about.iter().map(ToString::to_string).collect();
        filled(self.0.en, about.iter().map(String::as_str))
    }

    /// As it is stored, with what it is about left open.
    pub const fn stored(self) -> &'static str {
        self.0.en
    }

    /// In one's own language, if this is what is stored.
    pub fn told(self, stored: &str, language: Language) -> Option<String> {
        let mut pieces = self.0.en.split("{}");
        let mut rest = stored.strip_prefix(pieces.next()?)?;
        let mut about = Vec::new();
        let mut pieces = pieces.peekable();
        while let Some(piece) = pieces.next() {
            let ends = pieces.peek().is_none();
            let (part, after) = match ends {
                true => (rest.strip_suffix(piece)?, ""),
                false => rest.split_once(piece)?,
            };
            about.push(part);
            rest = after;
        }
        rest.is_empty().then(|| filled(self.0.of(language), about.into_iter()))
    }
}

/// What is stored with an alert, told.
pub(crate) fn told(stored: &str, language: Language) -> String {
    let told = Detail::ALL.iter().find_map(|detail| detail.told(stored, language));
    told.unwrap_or_else(|| stored.to_owned())
}

fn filled<'a>(text: &str, about: impl Iterator<Item = &'a str>) -> String {
    let mut pieces = text.split("{}");
    let first = pieces.next().unwrap_or_default().to_owned();
    about.zip(pieces).fold(first, |text, (part, piece)| text + part + piece)
}

#[cfg(test)]
mod tests {
    use super::{Detail, told};
    use crate::declare::words::Language::{English, Japanese};

    #[test]
    fn every_detail_is_told_in_japanese_and_back_in_english() {
        for detail in Detail::ALL {
            let stored = detail.of(&[&1, &2]);
            assert_eq!(told(&stored, English), stored);
            let japanese = told(&stored, Japanese);
            assert!(!japanese.contains(|c: char| c.is_ascii_alphabetic()), "{japanese}");
        }
    }

    #[test]
    fn a_name_or_an_amount_stays() {
        assert_eq!(told("台帳-17", Japanese), "台帳-17");
        assert_eq!(told("line 1 of nothing", Japanese), "line 1 of nothing");
    }
}
