//! One record of 200 bytes: its fields as digits, texts and days.

use encoding_rs::SHIFT_JIS;
use reckon::{Day, Yen};

use super::layout::{Kind, RECORD, RECORD_KIND, Slot};
use crate::fault::{Fault, Faults};

/// What a bank delivers for a day fits many times into what the door takes.
const MOST_RECORDS: usize = (32 << 20) / RECORD;

/// A record and its number in the file, from 1.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub row: u32,
    bytes: &'a [u8],
}

/// The records of a file: one after another, or each followed by CR LF. A last
/// 0x1A is the end mark of old systems.
///
/// # Errors
/// Every record that has not 200 bytes; a file whose line ends were changed.
pub(super) fn records<'a>(file: &str, bytes: &'a [u8]) -> Result<Vec<Record<'a>>, Vec<Fault>> {
    let mut faults = Faults::of(file);
    let bytes = bytes.strip_suffix(b"\x1A").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
    let in_lines = bytes.windows(2).any(|pair| pair == b"\r\n");
    let pieces: Vec<&[u8]> = if in_lines {
        lines(bytes).take(MOST_RECORDS + 1).collect()
    } else {
        bytes.chunks(RECORD).take(MOST_RECORDS + 1).collect()
    };
    if pieces.len() > MOST_RECORDS {
        let problem = format!("the file has more than {MOST_RECORDS} records");
        let remedy = "fetch fewer days at once from the bank";
        faults.add("whole file", "ファイル", problem, remedy);
        return faults.refuse_or(None);
    }
    let bare = |b: &u8| matches!(b, b'\r' | b'\n');
    if pieces.iter().any(|piece| piece.iter().any(bare)) {
        let problem = "a line ends with CR or LF alone, which no bank writes";
        faults.add("whole file", "改行", problem, "fetch the file again and do not edit it");
        return faults.refuse_or(None);
    }
    let mut records = Vec::new();
    for (row, bytes) in (1..).zip(pieces) {
        if bytes.len() == RECORD {
            records.push(Record { row, bytes });
        } else {
            let problem = format!("the record has {} bytes, expected {RECORD}", bytes.len());
            let remedy = "fetch the file again from the bank, it is cut off or was edited";
            faults.add(format!("row {row}"), "レコード長", problem, remedy);
        }
    }
    faults.refuse_or(Some(records))
}

/// Parted at CR LF; a CR or LF alone stays in its line.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let all = rest?;
        let end = all.windows(2).position(|pair| pair == b"\r\n");
        rest = end.map(|end| &all[end + 2..]);
        Some(&all[..end.unwrap_or(all.len())])
    })
}

impl<'a> Record<'a> {
    pub(super) fn kind(self) -> u8 {
        self.raw(RECORD_KIND)[0]
    }

    pub(super) fn place(self) -> String {
        format!("row {}", self.row)
    }

    /// The bytes of a field as text, for showing what was found.
    pub(super) fn shown(self, slot: Slot) -> String {
        String::from_utf8_lossy(self.raw(slot)).into_owned()
    }

    /// Reports each digit field that is neither all digits nor all spaces, and
    /// each text field that is not CP932.
    pub(super) fn check(self, slots: &[Slot], faults: &mut Faults) {
        for slot in slots {
            match slot.kind {
                Kind::N if !self.is_blank(*slot) && !self.is_digits(*slot) => {
                    let problem = format!("「{}」 is not all digits", self.shown(*slot));
                    faults.add(
                        self.place(),
                        slot.name,
                        problem,
                        "fetch the file again from the bank",
                    );
                }
                Kind::C if SHIFT_JIS.decode_without_bom_handling(self.raw(*slot)).1 => {
                    let problem = "the field holds bytes that are no CP932 text";
                    faults.add(
                        self.place(),
                        slot.name,
                        problem,
                        "fetch the file again from the bank",
                    );
                }
                _ => {}
            }
        }
    }

    /// The number in a digit field; spaces stand for zero. `None` when
    /// it is not digits, which [`Record::check`] reports.
    pub(super) fn number(self, slot: Slot) -> Option<u64> {
        if self.is_blank(slot) {
            return Some(0);
        }
        // At most 14 digits stand in any field.
        self.is_digits(slot).then(|| self.shown(slot).parse().ok())?
    }

    pub(super) fn yen(self, slot: Slot) -> Option<Yen> {
        i64::try_from(self.number(slot)?).ok().map(Yen)
    }

    /// The balance in a field whose sign stands in another (1 plus, 2 minus).
    pub(super) fn balance(self, sign: Slot, slot: Slot) -> Option<Yen> {
        let amount = self.yen(slot)?;
        Some(if self.raw(sign) == b"2" { -amount } else { amount })
    }

    /// A text without the spaces that fill it; empty when it is not CP932,
    /// which [`Record::check`] reports.
    pub(super) fn text(self, slot: Slot) -> String {
        let (text, damaged) = SHIFT_JIS.decode_without_bom_handling(self.raw(slot));
        if damaged { String::new() } else { text.trim_end().to_owned() }
    }

    /// A code that is empty when the bank fills it with zeros.
    pub(super) fn code(self, slot: Slot) -> String {
        let code = self.text(slot);
        if code.bytes().all(|b| b == b'0') { String::new() } else { code }
    }

    /// A day written YYMMDD of the Japanese era; reported when it is none.
    pub(super) fn day(self, slot: Slot, faults: &mut Faults) -> Option<Day> {
        let number = self.number(slot)?;
        let day = era_day(number);
        if day.is_none() {
            let problem = format!("「{}」 is no day YYMMDD of 令和", self.shown(slot));
            let remedy = "fetch the file again from the bank; years are those of the era";
            faults.add(self.place(), slot.name, problem, remedy);
        }
        day
    }

    pub(super) fn is_empty_day(self, slot: Slot) -> bool {
        self.number(slot) == Some(0)
    }

    fn raw(self, slot: Slot) -> &'a [u8] {
        &self.bytes[slot.first - 1..slot.first - 1 + slot.length]
    }

    fn is_blank(self, slot: Slot) -> bool {
        self.raw(slot).iter().all(|b| *b == b' ')
    }

    fn is_digits(self, slot: Slot) -> bool {
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
