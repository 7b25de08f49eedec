//! Reading the deposit file: header, movements, trailer, end, all proven.

use contract::declare::words::Sentence;
use contract::sentence;
use reckon::Yen;

use super::layout::{FETCH_AGAIN, RECORD_KIND, data, end, header, trailer};
use super::record::{Record, records};
use super::{DepositEntry, DepositFile, DepositHeader, DepositStatement, Direction};
use crate::fault::{Fault, Faults};
use crate::guard::guarded;

/// Reads a deposit file (03 入出金取引明細, CP932, records of 200 bytes).
///
/// Counts and totals of every trailer must agree with the entries: a file that
/// disagrees with itself is refused whole, because nobody can say which part of
/// it is wrong. Movements are neither judged nor matched here.
///
/// # Errors
/// Records of a wrong length or unknown kind, fields that are no number or no
/// day, counts or totals with what was found and expected.
pub fn read_deposits(file: &str, bytes: &[u8]) -> Result<DepositFile, Vec<Fault>> {
    guarded(file, || {
        let records = records(file, bytes)?;
        let mut reading = Reading::new(file);
        for record in &records {
            reading.take(record);
        }
        reading.finish(records.len())
    })
}

/// A statement whose trailer has not come yet. The header and the entries are
/// `None` where they could not be read.
struct Open {
    header: Option<DepositHeader>,
    entries: Vec<Option<DepositEntry>>,
}

struct Reading {
    faults: Faults,
    statements: Vec<DepositStatement>,
    /// Trailers seen, including those of statements with faults.
    accounts: u64,
    open: Option<Open>,
    ended: bool,
    /// Records of the files that were put before this one.
    before: u32,
}

impl Reading {
    fn new(file: &str) -> Reading {
        Reading {
            faults: Faults::of(file),
            statements: Vec::new(),
            accounts: 0,
            open: None,
            ended: false,
            before: 0,
        }
    }

    fn take(&mut self, record: &Record<'_>) {
        // Files of several days put together: each is proven by its own end record.
        if self.ended && record.kind() == b'1' {
            (self.ended, self.accounts, self.before) = (false, 0, record.row - 1);
        }
        if self.ended {
            let problem = sentence!(
                "エンドレコードの後にレコードがあります",
                "a record follows the end record",
            );
            self.misplaced(record, problem);
            return;
        }
        match record.kind() {
            b'1' if self.open.is_some() => {
                let problem = sentence!(
                    "前の口座のトレーラレコードがないまま、ヘッダレコードがあります",
                    "a header comes before the trailer of the account above",
                );
                self.misplaced(record, problem);
            }
            b'1' => {
                let header = read_header(record, &mut self.faults);
                self.open = Some(Open { header, entries: Vec::new() });
            }
            b'2' => self.take_entry(record),
            b'8' => self.take_trailer(record),
            b'9' => self.take_end(record),
            _ => {
                let kind = record.shown(RECORD_KIND);
                let problem = sentence!(
                    "「{kind}」はデータ区分ではありません",
                    "「{kind}」 is no kind of record",
                );
                let remedy = sentence!(
                    "1、2、8、9のいずれかです。銀行からファイルを取得し直してください",
                    "expected 1, 2, 8 or 9; fetch the file again from the bank",
                );
                self.faults.add(record.place(), RECORD_KIND.name, problem, remedy);
                // It may be a movement: without it the totals mean nothing.
                if let Some(open) = &mut self.open {
                    open.entries.push(None);
                }
            }
        }
    }

    fn misplaced(&mut self, record: &Record<'_>, problem: Sentence) {
        self.faults.add(record.place(), RECORD_KIND.name, problem, FETCH_AGAIN);
    }

    fn take_entry(&mut self, record: &Record<'_>) {
        let Some(open) = &mut self.open else {
            let problem = sentence!(
                "ヘッダレコードがないまま、データレコードがあります",
                "a movement comes without a header above it",
            );
            self.misplaced(record, problem);
            return;
        };
        let entry = read_entry(record, open.header.as_ref(), &mut self.faults);
        open.entries.push(entry);
    }

    fn take_trailer(&mut self, record: &Record<'_>) {
        let Some(open) = self.open.take() else {
            let problem = sentence!(
                "ヘッダレコードがないまま、トレーラレコードがあります",
                "a trailer comes without a header above it",
            );
            self.misplaced(record, problem);
            return;
        };
        self.accounts += 1;
        record.check(&trailer::ALL, &mut self.faults);
        let count = open.entries.len() as u64;
        self.agree(record, trailer::RECORDS, count);
        let entries: Option<Vec<DepositEntry>> = open.entries.into_iter().collect();
        // With an entry missing its totals would only repeat the fault.
        let (Some(entries), Some(header), Some(closing_balance)) =
            (entries, open.header, record.balance(trailer::SIGN, trailer::BALANCE))
        else {
            return;
        };
        let statement = DepositStatement { header, entries, closing_balance };
        let (count, Yen(total)) = statement.total(Direction::In);
        self.agree(record, trailer::IN_COUNT, count);
        self.agree(record, trailer::IN_TOTAL, total.unsigned_abs());
        let (count, Yen(total)) = statement.total(Direction::Out);
        self.agree(record, trailer::OUT_COUNT, count);
        self.agree(record, trailer::OUT_TOTAL, total.unsigned_abs());
        self.statements.push(statement);
    }

    fn take_end(&mut self, record: &Record<'_>) {
        self.ended = true;
        if self.open.take().is_some() {
            let problem = sentence!(
                "最後の口座のトレーラレコードがないまま、ファイルが終わっています",
                "the file ends before the trailer of its last account",
            );
            self.misplaced(record, problem);
        }
        record.check(&end::ALL, &mut self.faults);
        self.agree(record, end::RECORDS, u64::from(record.row - self.before));
        self.agree(record, end::ACCOUNTS, self.accounts);
    }

    /// Compares a count or total of the bank with our own.
    fn agree(&mut self, record: &Record<'_>, slot: super::layout::Slot, expected: u64) {
        let Some(found) = record.number(slot) else { return };
        if found != expected {
            let problem = sentence!(
                "{found}とありますが、明細からは{expected}です",
                "found {found}, expected {expected} from the records above",
            );
            let remedy = sentence!(
                "このファイルからは何も入金にしていません。銀行からファイルを取得し直してください",
                "nothing of the file is booked; fetch it again from the bank",
            );
            self.faults.add(record.place(), slot.name, problem, remedy);
        }
    }

    fn finish(mut self, count: usize) -> Result<DepositFile, Vec<Fault>> {
        if !self.ended {
            let problem = sentence!(
                "ファイルが途中で切れています（{count}件のレコードにエンドレコード9がありません）",
                "the file is cut off: its {count} records hold no end record 9",
            );
            self.faults.add(Fault::WHOLE_FILE, RECORD_KIND.name, problem, FETCH_AGAIN);
        }
        self.faults.refuse_or(Some(DepositFile { statements: self.statements }))
    }
}

fn read_header(record: &Record<'_>, faults: &mut Faults) -> Option<DepositHeader> {
    record.check(&header::ALL, faults);
    if record.number(header::FILE_KIND) != Some(3) {
        let kind = record.shown(header::FILE_KIND);
        let problem = sentence!("種別「{kind}」のファイルです", "the file is of kind 「{kind}」");
        let remedy = sentence!(
            "銀行から03 入出金取引明細を取得してください",
            "order the file 03 入出金取引明細 from the bank",
        );
        faults.add(record.place(), header::FILE_KIND.name, problem, remedy);
        return None;
    }
    if record.number(header::CODE) == Some(1) {
        let problem =
            sentence!("ファイルがEBCDICで書かれています", "the file is written in EBCDIC");
        let remedy = sentence!(
            "銀行からJIS（CP932）のファイルを取得してください",
            "order the file in JIS (CP932) from the bank",
        );
        faults.add(record.place(), header::CODE.name, problem, remedy);
    }
    let created_on = record.day(header::CREATED, faults);
    let from = record.day(header::FROM, faults);
    let to = record.day(header::TO, faults);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let problem = sentence!(
            "勘定日の範囲が{from}から{to}までです",
            "the statement runs from {from} to {to}"
        );
        faults.add(record.place(), header::TO.name, problem, FETCH_AGAIN);
    }
    Some(DepositHeader {
        created_on: created_on?,
        from: from?,
        to: to?,
        bank_code: record.text(header::BANK_CODE),
        bank_name: record.text(header::BANK_NAME),
        branch_code: record.text(header::BRANCH_CODE),
        branch_name: record.text(header::BRANCH_NAME),
        account_kind: record.text(header::ACCOUNT_KIND),
        account_number: record.text(header::ACCOUNT_NUMBER),
        account_name: record.text(header::ACCOUNT_NAME),
        opening_balance: record.balance(header::SIGN, header::BALANCE)?,
    })
}

fn read_entry(
    record: &Record<'_>,
    header: Option<&DepositHeader>,
    faults: &mut Faults,
) -> Option<DepositEntry> {
    record.check(&data::ALL, faults);
    let booked_on = record.day(data::BOOKED, faults);
    let value_on =
        if record.is_empty_day(data::VALUE) { booked_on } else { record.day(data::VALUE, faults) };
    if let (Some(header), Some(day)) = (header, booked_on)
        && !(header.from..=header.to).contains(&day)
    {
        let (from, to) = (header.from, header.to);
        let problem = sentence!(
            "{day}は明細の範囲（{from}から{to}まで）の外です",
            "{day} lies outside the statement, {from} to {to}",
        );
        faults.add(record.place(), data::BOOKED.name, problem, FETCH_AGAIN);
    }
    let direction = direction(record, faults);
    let amount = record.yen(data::AMOUNT);
    if amount == Some(Yen::ZERO) {
        let problem = sentence!("金額が0か空欄です", "the amount is zero or empty");
        faults.add(record.place(), data::AMOUNT.name, problem, FETCH_AGAIN);
    }
    Some(DepositEntry {
        row: record.row,
        inquiry: record.text(data::INQUIRY),
        booked_on: booked_on?,
        value_on: value_on?,
        direction: direction?,
        kind: record.text(data::KIND),
        amount: amount?,
        uncleared: record.yen(data::UNCLEARED)?,
        payer_code: record.code(data::PAYER_CODE),
        payer_name: record.text(data::PAYER_NAME),
        sending_bank: record.text(data::SENDING_BANK),
        sending_branch: record.text(data::SENDING_BRANCH),
        summary: record.text(data::SUMMARY),
        edi: record.text(data::EDI),
    })
}

fn direction(record: &Record<'_>, faults: &mut Faults) -> Option<Direction> {
    match record.number(data::DIRECTION)? {
        1 => Some(Direction::In),
        2 => Some(Direction::Out),
        _ => {
            let found = record.shown(data::DIRECTION);
            let problem = sentence!(
                "「{found}」は1（入金）でも2（出金）でもありません",
                "「{found}」 is neither 1 入金 nor 2 出金",
            );
            faults.add(record.place(), data::DIRECTION.name, problem, FETCH_AGAIN);
            None
        }
    }
}
