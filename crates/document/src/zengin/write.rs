//! Writing the deposit file, for tests, demonstrations and exchange.

use contract::declare::words::Sentence;
use contract::sentence;
use encoding_rs::SHIFT_JIS;
use reckon::{Day, Yen};

use super::layout::{Kind, RECORD, RECORD_KIND, Slot, data, end, header, trailer};
use super::record::era_digits;
use super::{DepositEntry, DepositFile, DepositHeader, DepositStatement, Direction, bank_text};
use crate::fault::{Fault, Faults};

const FILE: &str = "03_入出金取引明細.txt";

/// Writes a deposit file in CP932 with CR LF after each record. Counts, totals
/// and row numbers come from the content; `row` of an entry is not read. Texts
/// are written in half-width kana, as banks do.
///
/// # Errors
/// Every field that is too long, has a character that no bank file may hold, or
/// is a day outside the eras 平成 and 令和.
pub fn write_deposits(file: &DepositFile) -> Result<Vec<u8>, Vec<Fault>> {
    let mut faults = Faults::of(FILE);
    let mut bytes = Vec::new();
    let mut row = 0;
    let mut add = |record: Vec<u8>| {
        bytes.extend(record);
        bytes.extend(b"\r\n");
    };
    for statement in &file.statements {
        row += 1;
        add(write_header(row, &statement.header, &mut faults));
        for entry in &statement.entries {
            row += 1;
            add(write_entry(row, entry, &mut faults));
        }
        row += 1;
        add(write_trailer(row, statement, &mut faults));
    }
    row += 1;
    let mut last = Writing::new(row, b'9', &end::ALL, &mut faults);
    last.number(end::RECORDS, u64::from(row));
    last.number(end::ACCOUNTS, file.statements.len() as u64);
    add(last.bytes);
    faults.refuse_or(Some(bytes))
}

fn write_header(row: u32, content: &DepositHeader, faults: &mut Faults) -> Vec<u8> {
    let mut record = Writing::new(row, b'1', &header::ALL, faults);
    record.number(header::FILE_KIND, 3);
    record.day(header::CREATED, content.created_on);
    record.day(header::FROM, content.from);
    record.day(header::TO, content.to);
    record.code(header::BANK_CODE, &content.bank_code);
    record.text(header::BANK_NAME, &content.bank_name);
    record.code(header::BRANCH_CODE, &content.branch_code);
    record.text(header::BRANCH_NAME, &content.branch_name);
    record.code(header::ACCOUNT_KIND, &content.account_kind);
    record.code(header::ACCOUNT_NUMBER, &content.account_number);
    record.text(header::ACCOUNT_NAME, &content.account_name);
    record.balance(header::SIGN, header::BALANCE, content.opening_balance);
    record.bytes
}

fn write_entry(row: u32, entry: &DepositEntry, faults: &mut Faults) -> Vec<u8> {
    let mut record = Writing::new(row, b'2', &data::ALL, faults);
    record.code(data::INQUIRY, &entry.inquiry);
    record.day(data::BOOKED, entry.booked_on);
    record.day(data::VALUE, entry.value_on);
    record.number(data::DIRECTION, if entry.direction == Direction::In { 1 } else { 2 });
    record.code(data::KIND, &entry.kind);
    record.amount(data::AMOUNT, entry.amount);
    record.amount(data::UNCLEARED, entry.uncleared);
    record.code(data::PAYER_CODE, &entry.payer_code);
    record.text(data::PAYER_NAME, &entry.payer_name);
    record.text(data::SENDING_BANK, &entry.sending_bank);
    record.text(data::SENDING_BRANCH, &entry.sending_branch);
    record.text(data::SUMMARY, &entry.summary);
    record.text(data::EDI, &entry.edi);
    record.bytes
}

fn write_trailer(row: u32, statement: &DepositStatement, faults: &mut Faults) -> Vec<u8> {
    let (in_count, in_total) = statement.total(Direction::In);
    let (out_count, out_total) = statement.total(Direction::Out);
    let mut record = Writing::new(row, b'8', &trailer::ALL, faults);
    record.number(trailer::IN_COUNT, in_count);
    record.amount(trailer::IN_TOTAL, in_total);
    record.number(trailer::OUT_COUNT, out_count);
    record.amount(trailer::OUT_TOTAL, out_total);
    record.balance(trailer::SIGN, trailer::BALANCE, statement.closing_balance);
    record.number(trailer::RECORDS, statement.entries.len() as u64);
    record.bytes
}

/// A record being filled.
struct Writing<'a> {
    row: u32,
    bytes: Vec<u8>,
    faults: &'a mut Faults,
}

impl<'a> Writing<'a> {
    fn new(row: u32, kind: u8, slots: &[Slot], faults: &'a mut Faults) -> Writing<'a> {
        let mut record = Writing { row, bytes: vec![b' '; RECORD], faults };
        for slot in slots.iter().filter(|slot| slot.kind == Kind::N) {
            record.number(*slot, 0);
        }
        record.bytes[RECORD_KIND.first - 1] = kind;
        record
    }

    fn number(&mut self, slot: Slot, number: u64) {
        let digits = format!("{number:0width$}", width = slot.length);
        self.put(slot, digits.as_bytes());
    }

    fn amount(&mut self, slot: Slot, amount: Yen) {
        match u64::try_from(amount.0) {
            Ok(number) => self.number(slot, number),
            Err(_) => {
                let problem =
                    sentence!("金額{amount}が負の数です", "the amount {amount} is negative");
                self.refuse(slot, problem);
            }
        }
    }

    fn balance(&mut self, sign: Slot, slot: Slot, amount: Yen) {
        self.number(sign, if amount.0 < 0 { 2 } else { 1 });
        self.number(slot, amount.0.unsigned_abs());
    }

    fn code(&mut self, slot: Slot, code: &str) {
        if code.bytes().all(|b| b.is_ascii_digit()) {
            let digits = format!("{code:0>width$}", width = slot.length);
            self.put(slot, digits.as_bytes());
        } else {
            let problem =
                sentence!("「{code}」は数字だけではありません", "「{code}」 is not all digits");
            self.refuse(slot, problem);
        }
    }

    fn day(&mut self, slot: Slot, day: Day) {
        match era_digits(day) {
            Some(digits) => self.number(slot, digits),
            None => {
                let problem = sentence!(
                    "{day}の年をファイルに書けません",
                    "{day} has no year that the file can name",
                );
                self.refuse(slot, problem);
            }
        }
    }

    fn text(&mut self, slot: Slot, text: &str) {
        match bank_text(text) {
            Ok(text) => self.put(slot, &SHIFT_JIS.encode(&text).0),
            Err(bad) => {
                let problem = sentence!(
                    "「{bad}」は銀行のファイルに使えない文字です",
                    "「{bad}」 cannot stand in a bank file",
                );
                self.refuse(slot, problem);
            }
        }
    }

    fn put(&mut self, slot: Slot, bytes: &[u8]) {
        if bytes.len() > slot.length {
            let (length, most) = (bytes.len(), slot.length);
            let problem = sentence!(
                "{length}バイトあり、項目の{most}バイトを超えています",
                "{length} bytes are too many for {most}",
            );
            self.refuse(slot, problem);
            return;
        }
        self.bytes[slot.first - 1..slot.first - 1 + bytes.len()].copy_from_slice(bytes);
    }

    fn refuse(&mut self, slot: Slot, problem: Sentence) {
        let remedy =
            sentence!("項目に収まる値にしてください", "give a value that the field can hold");
        self.faults.add(Fault::row(self.row), slot.name, problem, remedy);
    }
}
