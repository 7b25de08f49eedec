//! One record of 200 bytes: its fields as digits, texts and days.

use std::borrow::Cow;
use std::iter::repeat;

use contract::declare::words::{Sentence, Words};
use contract::sentence;
use encoding_rs::SHIFT_JIS;
use reckon::{Day, Yen};

use super::layout::header::FILE_KIND;
use super::layout::{FETCH_AGAIN, Kind, RECORD, RECORD_KIND, Slot};
use crate::encoding::UTF_16;
use crate::fault::{Fault, Faults};

/// What a bank delivers for a day fits many times into what the door takes.
const MOST_RECORDS: usize = (32 << 20) / RECORD;

/// A record and its number in the file, from 1.
pub(super) struct Record<'a> {
    pub row: u32,
    bytes: Cow<'a, [u8]>,
}

/// The records of a file: one after another, or in lines. A 0x1A is the end mark of
/// old systems; where an editor changed the line ends, or took the spaces from the end
/// of every line, the records say the same as before.
///
/// # Errors
/// A file of another kind, or saved in another encoding; every record that has not 200
/// bytes.
pub(super) fn records<'a>(file: &str, bytes: &'a [u8]) -> Result<Vec<Record<'a>>, Vec<Fault>> {
    let mut faults = Faults::of(file);
    if let Some((field, problem, remedy)) = other_file(bytes) {
        faults.add(Fault::WHOLE_FILE, field, problem, remedy);
        return faults.refuse_or(None);
    }
    let is_mark = |b: &u8| matches!(b, b'\r' | b'\n' | 0x1A);
    let lines: Vec<&[u8]> =
        bytes.split(is_mark).filter(|line| !line.is_empty()).take(MOST_RECORDS + 1).collect();
    // The last field of each record is filled with spaces, unless an editor took them.
    let trimmed =
        lines.len() > 1 && lines.iter().all(|line| line.len() <= RECORD && !line.ends_with(b" "));
    let mut pieces: Vec<Cow<'_, [u8]>> = Vec::new();
    for line in &lines {
        if trimmed {
            let filled = line.iter().copied().chain(repeat(b' ')).take(RECORD);
            pieces.push(Cow::Owned(filled.collect()));
        } else if lines.len() == 1 || line.len().is_multiple_of(RECORD) {
            pieces.extend(line.chunks(RECORD).map(Cow::Borrowed));
        } else {
            pieces.push(Cow::Borrowed(line));
        }
    }
    if pieces.len() > MOST_RECORDS {
        let problem = sentence!(
            "ファイルのレコードが{MOST_RECORDS}件を超えています",
            "the file has more than {MOST_RECORDS} records",
        );
        let remedy = sentence!(
            "日数を減らして、銀行から取得し直してください",
            "fetch fewer days at once from the bank",
        );
        faults.add(Fault::WHOLE_FILE, "ファイル", problem, remedy);
        return faults.refuse_or(None);
    }
    let mut records = Vec::new();
    let lengths_fit = pieces.iter().all(|piece| piece.len() == RECORD);
    if !lengths_fit && is_utf8_kana(bytes) {
        let problem = sentence!(
            "ファイルがUTF-8で保存され、レコードの長さが変わっています。銀行はUTF-8で出力しません",
            "the file was saved as UTF-8, which no bank writes: its records have other lengths",
        );
        faults.add(Fault::WHOLE_FILE, "文字コード", problem, UNEDITED);
        return faults.refuse_or(None);
    }
    for (row, bytes) in (1..).zip(pieces) {
        if bytes.len() == RECORD {
            records.push(Record { row, bytes });
        } else {
            let length = bytes.len();
            let problem = sentence!(
                "レコードが{length}バイトです。{RECORD}バイトであるはずです",
                "the record has {length} bytes, expected {RECORD}",
            );
            let remedy = sentence!(
                "途中で切れているか編集されています。銀行からファイルを取得し直してください",
                "fetch the file again from the bank, it is cut off or was edited",
            );
            faults.add(Fault::row(row), "レコード長", problem, remedy);
        }
    }
    faults.refuse_or(Some(records))
}

const UNEDITED: Words = Words::new(
    "銀行からファイルを取得し直し、編集ソフトで保存せずにお使いください",
    "fetch the file again from the bank and do not save it in an editor",
);

/// What a bank or an editor gave instead of the deposit file: field, problem, remedy.
fn other_file(bytes: &[u8]) -> Option<(&'static str, Sentence, Words)> {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Some(("文字コード", UTF_16.into(), UNEDITED));
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        let problem = sentence!(
            "ファイルの先頭にUTF-8の印があります。銀行はUTF-8で出力しません",
            "the file begins with the mark of UTF-8, which no bank writes",
        );
        return Some(("文字コード", problem, UNEDITED));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let problem =
            sentence!("圧縮ファイルかExcelファイルです", "the file is an archive or a workbook");
        let remedy = Words::new(
            "展開して、銀行の03のファイルを選んでください",
            "unpack it, and give the file 03 of the bank",
        );
        return Some(("ファイル", problem, remedy));
    }
    let kind = KINDS.iter().find(|(code, _)| bytes.starts_with(format!("1{code}").as_bytes()));
    if let Some((code, name)) = kind {
        let problem =
            sentence!("種別{code} {name}のファイルです", "the file is of kind {code} {name}");
        let order = Words::new(
            "銀行から03 入出金取引明細を取得してください",
            "order the file 03 入出金取引明細 from the bank",
        );
        return Some((FILE_KIND.name, problem, order));
    }
    let first = &bytes[..bytes.len().min(RECORD)];
    let first = first.split(|b| *b == b'\n').next().unwrap_or_default();
    (first.iter().filter(|b| **b == b',').count() > 3).then(|| {
        let problem =
            sentence!("コンマ区切り（CSV）のファイルです", "the file is comma-separated (CSV)");
        let remedy = Words::new(
            "銀行から全銀の固定長（200バイト）で取得してください",
            "order it with records of 200 bytes (全銀 固定長) from the bank",
        );
        ("ファイル", problem, remedy)
    })
}

/// Files of 全銀 that are taken for the deposit file by their look.
const KINDS: [(&str, &str); 8] = [
    ("01", "振込入金通知"),
    ("11", "給与振込"),
    ("12", "賞与振込"),
    ("21", "総合振込"),
    ("71", "給与振込（公務員）"),
    ("72", "賞与振込（公務員）"),
    ("91", "口座振替（依頼・結果）"),
    ("98", "口座振替（依頼・結果）"),
];

fn is_utf8_kana(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.is_ascii())
}

impl Record<'_> {
    pub(super) fn kind(&self) -> u8 {
        self.raw(RECORD_KIND)[0]
    }

    pub(super) fn place(&self) -> Sentence {
        Fault::row(self.row)
    }

    /// The bytes of a field as text, for showing what was found.
    pub(super) fn shown(&self, slot: Slot) -> String {
        String::from_utf8_lossy(self.raw(slot)).into_owned()
    }

    /// Reports each digit field that is neither all digits nor all spaces, and
    /// each text field that is not CP932.
    pub(super) fn check(&self, slots: &[Slot], faults: &mut Faults) {
        for slot in slots {
            match slot.kind {
                Kind::N if !self.is_blank(*slot) && !self.is_digits(*slot) => {
                    let shown = self.shown(*slot);
                    let problem = sentence!(
                        "「{shown}」は数字だけではありません",
                        "「{shown}」 is not all digits"
                    );
                    faults.add(self.place(), slot.name, problem, FETCH_AGAIN);
                }
                Kind::C if SHIFT_JIS.decode_without_bom_handling(self.raw(*slot)).1 => {
                    let problem = sentence!(
                        "CP932の文字として読めません",
                        "the field holds bytes that are no CP932 text",
                    );
                    faults.add(self.place(), slot.name, problem, FETCH_AGAIN);
                }
                _ => {}
            }
        }
    }

    /// The number in a digit field; spaces stand for zero. `None` when
    /// it is not digits, which [`Record::check`] reports.
    pub(super) fn number(&self, slot: Slot) -> Option<u64> {
        if self.is_blank(slot) {
            return Some(0);
        }
        // At most 14 digits stand in any field.
        self.is_digits(slot).then(|| self.shown(slot).parse().ok())?
    }

    pub(super) fn yen(&self, slot: Slot) -> Option<Yen> {
        i64::try_from(self.number(slot)?).ok().map(Yen)
    }

    /// The balance in a field whose sign stands in another (1 plus, 2 minus).
    pub(super) fn balance(&self, sign: Slot, slot: Slot) -> Option<Yen> {
        let amount = self.yen(slot)?;
        Some(if self.raw(sign) == b"2" { -amount } else { amount })
    }

    /// A text without the spaces that fill it; empty when it is not CP932,
    /// which [`Record::check`] reports.
    pub(super) fn text(&self, slot: Slot) -> String {
        let (text, damaged) = SHIFT_JIS.decode_without_bom_handling(self.raw(slot));
        if damaged { String::new() } else { text.trim_end().to_owned() }
    }

    /// A code that is empty when the bank fills it with zeros.
    pub(super) fn code(&self, slot: Slot) -> String {
        let code = self.text(slot);
        if code.bytes().all(|b| b == b'0') { String::new() } else { code }
    }

    /// A day written YYMMDD of the Japanese era; reported when it is none.
    pub(super) fn day(&self, slot: Slot, faults: &mut Faults) -> Option<Day> {
        let number = self.number(slot)?;
        let day = era_day(number);
        if day.is_none() {
            let shown = self.shown(slot);
            let problem = sentence!(
                "「{shown}」は令和の年月日（YYMMDD）ではありません",
                "「{shown}」 is no day YYMMDD of 令和",
            );
            let remedy = sentence!(
                "年は和暦です。銀行からファイルを取得し直してください",
                "fetch the file again from the bank; years are those of the era",
            );
            faults.add(self.place(), slot.name, problem, remedy);
        }
        day
    }

    pub(super) fn is_empty_day(&self, slot: Slot) -> bool {
        self.number(slot) == Some(0)
    }

    fn raw(&self, slot: Slot) -> &[u8] {
        &self.bytes[slot.first - 1..slot.first - 1 + slot.length]
    }

    fn is_blank(&self, slot: Slot) -> bool {
        self.raw(slot).iter().all(|b| *b == b' ')
    }

    fn is_digits(&self, slot: Slot) -> bool {
        self.raw(slot).iter().all(u8::is_ascii_digit)
    }
}

/// The file names no era. Years 1 to 29 are 令和 (to 2047); 30 and 31 can only
/// be the last of 平成, because no bank file of 令和30年 exists yet.
fn era_day(yymmdd: u64) -> Option<Day> {
    let year = i16::try_from(yymmdd / 10_000).ok()?;
    let month = i8::try_from(yymmdd / 100 % 100).ok()?;
    let day = i8::try_from(yymmdd % 100).ok()?;
    let reiwa = Day::constant(2019, 5, 1);
    match year {
        1..=29 => Day::new(2018 + year, month, day).ok().filter(|day| *day >= reiwa),
        30..=31 => Day::new(1988 + year, month, day).ok().filter(|day| *day < reiwa),
        _ => None,
    }
}

/// The same day as the file writes it; `None` outside the years it can name.
pub(super) fn era_digits(day: Day) -> Option<u64> {
    let digits = |year: i16| {
        Some(u64::try_from(year).ok()? * 10_000 + day.month() as u64 * 100 + day.day() as u64)
    };
    let written = [digits(day.year() - 2018), digits(day.year() - 1988)];
    written.into_iter().flatten().find(|number| era_day(*number) == Some(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_the_file_is_a_year_of_the_era_and_never_of_the_century() {
        let day = |yymmdd| era_day(yymmdd).map(|day| day.to_string());
        assert_eq!(day(81_102).as_deref(), Some("2026-11-02"));
        assert_eq!(day(10_507).as_deref(), Some("2019-05-07"));
        assert_eq!(day(300_430).as_deref(), Some("2018-04-30"));
        assert_eq!(day(310_430).as_deref(), Some("2019-04-30"));
        for no_day in [0, 10_430, 310_501, 320_101, 80_231, 81_301, 990_101] {
            assert_eq!(day(no_day), None, "{no_day}");
        }
        for text in ["2019-04-30", "2019-05-01", "2026-11-02"] {
            let day: Day = text.parse().unwrap();
            assert_eq!(era_digits(day).and_then(era_day), Some(day));
        }
    }
}
