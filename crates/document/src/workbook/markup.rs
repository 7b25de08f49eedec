//! Counting in XML while it streams by. Nothing is kept but one tag.

use contract::declare::words::{Sentence, Words};
use contract::sentence;

/// Elements within one another; Excel writes fewer than twenty.
const MOST_LEVELS: usize = 100;
/// Between `<` and `>`, attributes and all.
const LONGEST_TAG: usize = 64 << 10;

/// The parser keeps something for each of these, however small it is written.
const MOST: [(&[u8], usize, Words); 9] = [
    (b"c", 1_500_000, Words::new("セル", "cells")),
    (b"row", 500_000, Words::new("行", "rows")),
    (b"si", 500_000, Words::new("文字列", "texts")),
    (b"sheet", 200, Words::new("シート", "sheets")),
    (b"xf", 65_490, Words::new("セルの書式", "cell formats")),
    (b"numFmt", 10_000, Words::new("数値の書式", "number formats")),
    (b"font", 10_000, Words::new("フォント", "fonts")),
    (b"fill", 10_000, Words::new("塗りつぶし", "fills")),
    (b"border", 10_000, Words::new("罫線", "borders")),
];

/// The parser makes room for as many texts as the file says it has.
const STATED_TEXTS: &[u8] = b"uniqueCount";
const MOST_STATED: u64 = 500_000;

/// What has been counted in all entries of an archive.
#[derive(Default)]
pub(super) struct Markup {
    counted: [usize; MOST.len()],
    levels: usize,
    state: State,
    /// What came since the `<`.
    tag: Vec<u8>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Text,
    /// Inside a tag, and inside which quotes.
    Tag(Option<u8>),
    /// Up to a text that ends it: a comment, CDATA or an instruction.
    Until(&'static [u8]),
}

impl Markup {
    /// The next entry begins.
    pub(super) fn begin(&mut self) {
        (self.levels, self.state) = (0, State::Text);
        self.tag.clear();
    }

    /// Counts what stands in the next bytes of the entry.
    ///
    /// # Errors
    /// The bound that is passed.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Sentence> {
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            if self.state == State::Text {
                let Some(at) = rest.iter().position(|b| *b == b'<') else { return Ok(()) };
                rest = &rest[at + 1..];
                self.state = State::Tag(None);
                self.tag.clear();
                continue;
            }
            self.inside(*first)?;
            rest = &rest[1..];
        }
        Ok(())
    }

    fn inside(&mut self, byte: u8) -> Result<(), Sentence> {
        self.tag.push(byte);
        match self.state {
            State::Until(end) => {
                if self.tag.ends_with(end) {
                    self.state = State::Text;
                } else if self.tag.len() > 2 * end.len() {
                    // Only the last bytes matter.
                    self.tag.drain(..end.len());
                }
            }
            State::Tag(Some(quote)) if byte == quote => self.state = State::Tag(None),
            State::Tag(None) if byte == b'>' => {
                self.state = State::Text;
                return self.whole_tag();
            }
            State::Tag(None) => self.begins()?,
            State::Tag(Some(_)) | State::Text => {}
        }
        if self.tag.len() > LONGEST_TAG {
            return Err(sentence!(
                "ファイルに{LONGEST_TAG}バイトを超えるタグがあります",
                "the file has a tag of more than {LONGEST_TAG} bytes",
            ));
        }
        Ok(())
    }

    /// What kind of tag it is, as far as it has come, and where its quotes begin.
    fn begins(&mut self) -> Result<(), Sentence> {
        match self.tag.as_slice() {
            b"?" => self.state = State::Until(b"?>"),
            b"!--" => self.state = State::Until(b"-->"),
            b"![CDATA[" => self.state = State::Until(b"]]>"),
            // No workbook declares a type or entities of its own.
            b"!D" | b"!d" => {
                return Err(sentence!(
                    "様式にない宣言が含まれています",
                    "the file declares a document type",
                ));
            }
            [.., quote @ (b'"' | b'\'')] => self.state = State::Tag(Some(*quote)),
            _ => return Ok(()),
        }
        if let State::Until(_) = self.state {
            self.tag.clear();
        }
        Ok(())
    }

    fn whole_tag(&mut self) -> Result<(), Sentence> {
        if self.tag.starts_with(b"/") {
            self.levels = self.levels.saturating_sub(1);
            return Ok(());
        }
        if !self.tag.ends_with(b"/>") {
            self.levels += 1;
        }
        if self.levels > MOST_LEVELS {
            return Err(sentence!(
                "ファイルの入れ子が{MOST_LEVELS}段を超えています",
                "the file has more than {MOST_LEVELS} elements in one another",
            ));
        }
        let name = local_name(&self.tag);
        for ((known, most, what), counted) in MOST.iter().zip(&mut self.counted) {
            if name == *known {
                *counted += 1;
                if *counted > *most {
                    let Words { ja, en } = what;
                    return Err(sentence!(
                        "ファイルの{ja}が{most}を超えています",
                        "the file has more than {most} {en}",
                    ));
                }
            }
        }
        match stated_texts(&self.tag) {
            Some(stated) if stated > MOST_STATED => Err(sentence!(
                "ファイルの文字列が{stated}個とされています。読み取るのは{MOST_STATED}個までです",
                "the file states {stated} texts, at most {MOST_STATED} are read",
            )),
            _ => Ok(()),
        }
    }
}

/// `x:row r="1">` is a `row`.
fn local_name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || b"/>".contains(b));
    let name = &tag[..end.unwrap_or(tag.len())];
    name.rsplit(|b| *b == b':').next().unwrap_or(name)
}

/// The largest number that follows the attribute in this tag; digits beyond any
/// bound read as the largest there is.
fn stated_texts(tag: &[u8]) -> Option<u64> {
    let named = |at: &usize| tag[*at..].starts_with(STATED_TEXTS);
    let numbers = (0..tag.len()).filter(named).map(|at| {
        let after = tag[at + STATED_TEXTS.len()..].iter();
        let digits = after.skip_while(|b| b"= \t\r\n\"'+".contains(b));
        let digits = digits.take_while(|b| b.is_ascii_digit());
        digits.fold(0_u64, |sum, b| sum.saturating_mul(10).saturating_add(u64::from(b - b'0')))
    });
    numbers.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> Result<Markup, Sentence> {
        let mut markup = Markup::default();
        markup.begin();
        // In pieces, as an archive gives them.
        text.as_bytes().chunks(3).try_for_each(|piece| markup.take(piece))?;
        Ok(markup)
    }

    #[test]
    fn only_tags_are_counted_and_closed_ones_leave_their_level() {
        let text = "<?xml version='1.0'?><x:sst><!-- <c> --><![CDATA[<c>]]><c r='>'/>\
                    <c t=\"</c>\">a</c></x:sst>";
        let markup = counted(text).unwrap();
        assert_eq!((markup.counted[0], markup.levels), (2, 0));
    }

    #[test]
    fn depth_types_tags_and_stated_numbers_are_bounded() {
        let refused = |text: &str| counted(text).err().map_or_else(String::new, |told| told.en);
        assert!(refused(&"<a>".repeat(MOST_LEVELS + 1)).contains("in one another"));
        assert!(refused("<!DOCTYPE x [<!ENTITY a 'b'>]><x/>").contains("document type"));
        assert!(refused(&format!("<a b='{}'>", "x".repeat(LONGEST_TAG))).contains("a tag of"));
        assert!(refused("<sst uniqueCount = \"99999999999999999999\">").contains("texts"));
        assert!(refused("<sst uniqueCount='1' uniqueCount='500001'>").contains("500001 texts"));
        assert!(refused(&"<sheet/>".repeat(201)).contains("200 sheets"));
        assert_eq!(refused("<sst uniqueCount=\"500000\"/>"), "");
    }
}
