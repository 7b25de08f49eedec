//! Putting the rows of all sheets together: what one sheet says of another.

use std::collections::{BTreeMap, BTreeSet};

use contract::declare::words::Sentence;
use contract::sentence;
use contract::takeover::{RunningNotice, StandingAgreement};

use super::layout::{
    AGREEMENTS, CHANGES, CONTRACTS, CONTROL, LINES, NOTICES, NUMBERS, PAYMENTS, RECEIVABLES,
};
use super::read::Rows;
use super::{Book, BookContract, BookReceivable};
use crate::fault::Faults;

/// The book being put together, and where the faults go.
struct Linking<'a> {
    book: Book,
    by_number: BTreeMap<String, usize>,
    /// Contract and number of every line.
    lines: BTreeSet<(usize, u32)>,
    faults: &'a mut Faults,
}

/// `whole` is false when a sheet could not be read: rows that miss another then
/// are no faults of their own.
pub(super) fn book(
    rows: Rows,
    places: BTreeMap<(&'static str, &'static str), u32>,
    whole: bool,
    faults: &mut Faults,
) -> Book {
    let book = Book { places, ..Book::default() };
    let faulty_rows = faults.count() > 0;
    let mut linking = Linking { book, by_number: BTreeMap::new(), lines: BTreeSet::new(), faults };
    linking.contracts(rows.contracts);
    if !whole {
        return linking.book;
    }
    for line in rows.lines {
        let Some(at) = linking.owner(LINES, line.row, &line.contract, faulty_rows) else {
            continue;
        };
        if !linking.lines.insert((at, line.wish.number)) {
            let number = line.wish.number;
            let problem =
                sentence!("明細番号 {number} が二度あります", "the line {number} stands twice");
            let remedy = sentence!("明細番号を振り直してください", "number the lines anew");
            linking.fault(LINES, line.row, "明細番号", problem, remedy);
            continue;
        }
        let contract = &mut linking.book.contracts[at];
        contract.line_rows.push(line.row);
        contract.standing.extend(line.standing);
        contract.form.lines.push(line.wish);
    }
    for (row, number, term, from) in rows.agreements {
        if let Some(at) = linking.owner(AGREEMENTS, row, &number, faulty_rows) {
            let contract = &mut linking.book.contracts[at];
            let from = from.unwrap_or_else(|| term.signed_on.max(contract.formed_on));
            contract.form.special_terms.push(term.clone());
            contract.agreements.push((row, StandingAgreement { term, from }));
        }
    }
    for (row, number, notice) in rows.notices {
        if let Some(at) = linking.owner(NOTICES, row, &number, faulty_rows) {
            linking.notice(at, row, notice);
        }
    }
    linking.changes(rows.changes, faulty_rows);
    linking.receivables(rows.receivables, faulty_rows);
    linking.payments(rows.payments, faulty_rows);
    linking.numbers(rows.numbers);
    if !faulty_rows {
        linking.without_lines();
        linking.sums();
        linking.control(&rows.control);
    }
    linking.book
}

impl Linking<'_> {
    fn fault(
        &mut self,
        sheet: &'static str,
        row: u32,
        head: &'static str,
        problem: Sentence,
        remedy: Sentence,
    ) {
        let place = Sentence::same(self.book.cell(sheet, row, head));
        self.faults.add(place, head, problem, remedy);
    }

    fn contracts(&mut self, contracts: Vec<BookContract>) {
        let mut companies: BTreeMap<String, (u32, String)> = BTreeMap::new();
        for contract in contracts {
            let row = contract.row;
            if let Some(earlier) = self.by_number.get(&contract.number) {
                let first = self.book.contracts[*earlier].row;
                let number = &contract.number;
                let problem = sentence!(
                    "番号 {number} は {first} 行目にもあります",
                    "the number {number} stands in row {first} too"
                );
                let remedy = sentence!(
                    "契約ごとに別の番号を記入してください",
                    "give every contract a number of its own"
                );
                self.fault(CONTRACTS, row, "旧契約番号", problem, remedy);
                continue;
            }
            let applicant = &contract.form.applicant;
            let named = (row, applicant.name.clone());
            let first = companies.entry(applicant.corporate_number.clone()).or_insert(named);
            if first.1 != applicant.name {
                let (other, name) = first;
                let problem = sentence!(
                    "{other} 行目では、この法人番号の会社名は {name} です",
                    "row {other} names this company {name}"
                );
                let remedy = sentence!(
                    "同じ法人番号には同じ会社名を記入してください",
                    "write one name for one 法人番号"
                );
                self.fault(CONTRACTS, row, "会社名", problem, remedy);
            }
            self.by_number.insert(contract.number.clone(), self.book.contracts.len());
            self.book.contracts.push(contract);
        }
    }

    /// The contract that a row belongs to. When rows of 契約 are faulty, one that
    /// is missing is a fault of that sheet only.
    fn owner(
        &mut self,
        sheet: &'static str,
        row: u32,
        number: &str,
        faulty_rows: bool,
    ) -> Option<usize> {
        let found = self.by_number.get(number).copied();
        if found.is_none() && !faulty_rows {
            let problem = sentence!(
                "シート「{CONTRACTS}」に契約 {number} がありません",
                "the sheet 「{CONTRACTS}」 has no contract {number}"
            );
            let remedy = sentence!(
                "番号を直すか、契約を加えてください",
                "correct the number, or add the contract"
            );
            self.fault(sheet, row, "旧契約番号", problem, remedy);
        }
        found
    }

    fn notice(&mut self, at: usize, row: u32, notice: RunningNotice) {
        if let RunningNotice::Cancellation { arrived_at, notified: Some(notified), .. } = &notice {
            if notified.sent_at < *arrived_at {
                let problem = sentence!(
                    "受領通知の送信日が、申込書の到達日より前です",
                    "the receipt notice was sent before the form arrived"
                );
                let remedy = sentence!(
                    "書面で二つの日付を確かめてください",
                    "compare both days with the papers"
                );
                self.fault(NOTICES, row, "受領通知送信日", problem, remedy);
            }
            if notified.effective < arrived_at.day() {
                let problem = sentence!(
                    "解除日が、申込書の到達日より前です",
                    "the cancellation takes effect before its form arrived"
                );
                let remedy = sentence!(
                    "書面で二つの日付を確かめてください",
                    "compare both days with the papers"
                );
                self.fault(NOTICES, row, "受領通知の解除日", problem, remedy);
            }
        }
        self.book.contracts[at].notices.push((row, notice));
    }

    fn changes(&mut self, changes: Vec<super::read::ChangeRow>, faulty_rows: bool) {
        for change in changes {
            let row = change.row;
            let Some(at) = self.owner(CHANGES, row, &change.contract, faulty_rows) else {
                continue;
            };
            let known = self.lines.contains(&(at, change.line));
            let contract = &mut self.book.contracts[at];
            let first = contract.charge_from.first_day();
            let early = change.changes.iter().any(|to_come| to_come.from < first);
            contract.changes.extend(change.changes.into_iter().map(|one| (row, one)));
            if !known && !faulty_rows {
                let line = change.line;
                let problem = sentence!(
                    "この契約に明細 {line} はありません",
                    "the contract has no line {line}"
                );
                let remedy =
                    sentence!("明細番号を直してください", "correct the number of the line");
                self.fault(CHANGES, row, "明細番号", problem, remedy);
            }
            if early {
                let problem = sentence!(
                    "変更日が、ここで請求を始める日 {first} より前です",
                    "the change is before {first}, the first day charged here"
                );
                let remedy = sentence!(
                    "変更後の内容をシート「{LINES}」に記入してください",
                    "write what it changed into the sheet 「{LINES}」 instead"
                );
                self.fault(CHANGES, row, "変更日", problem, remedy);
            }
        }
    }

    fn receivables(&mut self, receivables: Vec<BookReceivable>, faulty_rows: bool) {
        let mut numbers: BTreeSet<String> = BTreeSet::new();
        for receivable in receivables {
            let row = receivable.row;
            if !numbers.insert(receivable.number.clone()) {
                let number = &receivable.number;
                let problem = sentence!(
                    "請求番号 {number} が二度あります",
                    "the invoice {number} stands twice"
                );
                let remedy = sentence!(
                    "請求ごとに別の番号を記入するか、一行を削除してください",
                    "give every invoice a number of its own, or delete one row"
                );
                self.fault(RECEIVABLES, row, "旧請求番号", problem, remedy);
                continue;
            }
            let mut debtors = BTreeSet::new();
            for number in &receivable.contracts {
                if let Some(at) = self.owner(RECEIVABLES, row, number, faulty_rows) {
                    let form = &self.book.contracts[at].form;
                    debtors.insert(form.applicant.corporate_number.clone());
                }
            }
            if debtors.len() > 1 {
                let problem = sentence!(
                    "契約が複数の会社にまたがっています",
                    "the contracts belong to several companies"
                );
                let remedy = sentence!(
                    "一つの請求の相手は一社です。行を分けてください",
                    "one invoice has one debtor: split the row"
                );
                self.fault(RECEIVABLES, row, "旧契約番号", problem, remedy);
            }
            self.book.receivables.push(receivable);
        }
    }

    fn payments(
        &mut self,
        payments: Vec<(u32, String, contract::takeover::PartPayment)>,
        faulty_rows: bool,
    ) {
        let at: BTreeMap<String, usize> = (0..)
            .zip(&self.book.receivables)
            .map(|(at, receivable)| (receivable.number.clone(), at))
            .collect();
        for (row, number, payment) in payments {
            match at.get(&number) {
                Some(at) => self.book.receivables[*at].payments.push(payment),
                None if faulty_rows => {}
                None => {
                    let problem = sentence!(
                        "シート「{RECEIVABLES}」に請求 {number} がありません",
                        "the sheet 「{RECEIVABLES}」 has no invoice {number}"
                    );
                    let remedy = sentence!(
                        "番号を直すか、行を削除してください",
                        "correct the number, or delete the row"
                    );
                    self.fault(PAYMENTS, row, "旧請求番号", problem, remedy);
                }
            }
        }
        for receivable in &mut self.book.receivables {
            receivable.payments.sort_by_key(|payment| payment.on);
        }
    }

    fn numbers(&mut self, numbers: Vec<super::BookNumber>) {
        let mut known = BTreeSet::new();
        for number in numbers {
            if !known.insert((number.series.clone(), number.year)) {
                let (series, year) = (&number.series, number.year);
                let problem = sentence!(
                    "系列 {series} の {year} 年が二度あります",
                    "{series} of {year} stands twice"
                );
                let remedy =
                    sentence!("大きいほうの番号を残してください", "keep the higher number");
                self.fault(NUMBERS, number.row, "系列", problem, remedy);
            }
            self.book.numbers.push(number);
        }
    }

    fn without_lines(&mut self) {
        let empty: Vec<u32> = self
            .book
            .contracts
            .iter()
            .filter(|contract| contract.form.lines.is_empty())
            .map(|contract| contract.row)
            .collect();
        for row in empty {
            let problem = sentence!(
                "シート「{LINES}」にこの契約の明細がありません",
                "the sheet 「{LINES}」 has no line of this contract"
            );
            let remedy = sentence!("明細を加えてください", "add its lines");
            self.fault(CONTRACTS, row, "旧契約番号", problem, remedy);
        }
    }

    /// What is unpaid must be what the part payments leave.
    fn sums(&mut self) {
        let wrong: Vec<_> = self
            .book
            .receivables
            .iter()
            .filter_map(|one| {
                let paid = one.payments.iter().map(|payment| payment.amount).sum();
                (one.total - paid != one.outstanding).then_some((
                    one.row,
                    one.total,
                    paid,
                    one.outstanding,
                ))
            })
            .collect();
        for (row, total, paid, outstanding) in wrong {
            let left = total - paid;
            let problem = sentence!(
                "{total} 円から一部入金 {paid} 円を引くと {left} 円で、{outstanding} 円ではありません",
                "{total} yen less part payments of {paid} yen leave {left} yen, not {outstanding}"
            );
            let remedy = sentence!(
                "「{PAYMENTS}」に足りない入金を加えるか、金額を直してください",
                "add the missing part payments to 「{PAYMENTS}」, or correct it"
            );
            self.fault(RECEIVABLES, row, "未収額(税込)", problem, remedy);
        }
    }

    fn control(&mut self, control: &[(u32, &'static str, u64)]) {
        for (row, what, stated) in control {
            let book = &self.book;
            let found = match *what {
                "契約数" => book.contracts.len() as u64,
                "明細数" => book.contracts.iter().map(|c| c.form.lines.len() as u64).sum(),
                "売掛金件数" => book.receivables.len() as u64,
                _ => book.outstanding().0.unsigned_abs(),
            };
            if found != *stated {
                let problem = sentence!(
                    "{what}は、ここでは {stated}、シートでは {found} です",
                    "{what} is {stated} here and {found} in the sheets"
                );
                let remedy = sentence!(
                    "過不足を探すか、合計を直してください",
                    "find what is missing or too much, or correct the total"
                );
                self.fault(CONTROL, *row, "値", problem, remedy);
            }
        }
    }
}
