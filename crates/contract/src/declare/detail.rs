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
    pub const fn new(ja: &'static str, en: &'static str) -> Detail {
        Detail(Words::new(ja, en))
    }

    /// As it is stored.
    pub fn of(self, about: &[&dyn Display]) -> String {
        let about: Vec<_> = about.iter().map(ToString::to_string).collect();
        filled(self.0.en, about.iter().map(String::as_str))
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

/// A stored text, told by whichever of these sentences it is; what is none of them, such as
/// a name, an amount or the words of somebody else, stays as it is.
pub fn told(stored: &str, of: &[Detail], language: Language) -> String {
    let told = of.iter().find_map(|detail| detail.told(stored, language));
    told.unwrap_or_else(|| stored.to_owned())
}

/// Sentences by their names, and all of them: none is forgotten where they are told.
#[macro_export]
macro_rules! details { ($($name:ident: $ja:literal, $en:literal;)+) => {
    $(pub(crate) const $name: $crate::declare::detail::Detail =
        $crate::declare::detail::Detail::new($ja, $en);)+
    const DETAILS: &[$crate::declare::detail::Detail] = &[$($name),+];
} }

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
    fn what_it_is_about_stands_where_it_belongs_in_either_language() {
        let both = Detail::new("{}の後に{}", "{} after {}");
        let stored = both.of(&[&1, &2]);
        assert_eq!(told(&stored, &[both], Japanese), "1の後に2");
        assert_eq!(told(&stored, &[both], English), stored);
        assert_eq!(told("台帳-17", &[both], Japanese), "台帳-17");
    }
}
