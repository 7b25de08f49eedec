//! What a workbook must not say: days to come, items without a price, agreements
//! that cannot be applied, numbers that would be given twice.

use std::collections::BTreeMap;

use contract::declare::ids::AccountId;
use contract::declare::words::Sentence;
use contract::sentence;
use contract::takeover::{LineStanding, RunningNotice};
use document::{Book, BookContract, BookNumber, BookReceivable, Fault};
use reckon::{Day, Moment, Month};
use terms::{Law, PriceKind};

use super::Entry;
use crate::gates::takeover::load::{dry_run, taken_number};
use crate::people::operator::Operator;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// A book under examination.
pub(super) struct Checked<'a> {
    pub file: &'a str,
    pub book: &'a Book,
    pub faults: Vec<Fault>,
    pub warnings: Vec<Sentence>,
}

type Place = (&'static str, u32, &'static str);

impl<'a> Checked<'a> {
    pub(super) fn new(file: &'a str, book: &'a Book) -> Checked<'a> {
        Checked { file, book, faults: Vec::new(), warnings: Vec::new() }
    }

    pub(super) fn refuse(&mut self, place: Place, problem: Sentence, remedy: impl Into<Sentence>) {
        let (sheet, row, head) = place;
        let cell = Sentence::same(self.book.cell(sheet, row, head));
        self.faults.push(Fault::new(self.file, cell, head, problem, remedy));
    }

    fn warn(&mut self, place: Place, what: Sentence) {
        let (sheet, row, head) = place;
        let cell = self.book.cell(sheet, row, head);
        let Sentence { ja, en } = what;
        self.warnings.push(sentence!("{cell}「{head}」：{ja}", "{cell}, {head}: {en}"));
    }

    /// What has happened cannot lie in the future.
    fn not_later(&mut self, place: Place, day: Option<Day>, today: Day) {
        if let Some(day) = day.filter(|day| *day > today) {
            let problem = sentence!(
                "{day} は今日（{today}）より後です",
                "{day} is later than today, {today}",
            );
            let remedy = sentence!(
                "起きたことを記入してください。これからのことには別の列があります",
                "write what has happened; what is to come has columns of its own",
            );
            self.refuse(place, problem, remedy);
        }
    }
}

impl Engine {
    pub(super) fn check_rows(&self, checked: &mut Checked<'_>) {
        let book = checked.book;
        for contract in &book.contracts {
            self.check_contract(checked, contract);
            self.check_lines(checked, contract);
            check_agreements(&self.law, checked, contract);
            check_notices(self.now(), checked, contract);
        }
        let today = self.now().day();
        for receivable in &book.receivables {
            let row = receivable.row;
            checked.not_later(("売掛金", row, "発行日"), Some(receivable.issued_on), today);
            let last = receivable.payments.last().map(|payment| payment.on);
            checked.not_later(("売掛金", row, "未収額(税込)"), last, today);
        }
    }

    fn check_contract(&self, checked: &mut Checked<'_>, contract: &BookContract) {
        let (row, today) = (contract.row, self.now().day());
        checked.not_later(("契約", row, "契約成立日"), Some(contract.formed_on), today);
        checked.not_later(("契約", row, "停止日"), contract.suspended_on, today);
        if !self.law.versions.iter().any(|version| version.version == contract.version) {
            let known: Vec<_> = self.law.versions.iter().map(|v| v.version.as_str()).collect();
            let (known, version) = (known.join(", "), &contract.version);
            let remedy =
                sentence!("次のいずれかを記入してください：{known}", "write one of {known}");
            let problem =
                sentence!("規約に {version} 版はありません", "the terms have no version {version}");
            checked.refuse(("契約", row, "規約の版"), problem, remedy);
        }
        let past = Month::of(today).since(contract.charge_from);
        if past > 1 {
            let from = contract.charge_from;
            let what = sentence!(
                "最初の請求で、過ぎた {past} か月分（{from} から）を請求します",
                "the first run charges {past} past months, from {from}",
            );
            checked.warn(("契約", row, "請求開始月"), what);
        }
    }

    fn check_lines(&self, checked: &mut Checked<'_>, contract: &BookContract) {
        let today = self.now().day();
        for (row, line) in contract.line_rows.iter().zip(&contract.form.lines) {
            let standing = contract.standing.iter().find(|known| known.line == line.number);
            let started = standing.map(|line: &LineStanding| line.started_on);
            checked.not_later(("明細", *row, "利用開始日"), started, today);
            let Some(item) = self.law.prices.item(&line.item) else {
                let item = &line.item;
                let problem = sentence!(
                    "料金表に品目 {item} がありません",
                    "the price table has no item {item}",
                );
                let remedy = sentence!(
                    "品目コードを直すか、事業者の設定に品目を加えてください",
                    "correct the code, or add the item to the operator's file",
                );
                checked.refuse(("明細", *row, "品目コード"), problem, remedy);
                continue;
            };
            let month = contract.charge_from.max(Month::of(line.start));
            let agreed = line.agreed_fee.is_some() && item.kind == PriceKind::Monthly;
            if !agreed && item.at(month.first_day()).is_none() {
                let item = &line.item;
                let problem = sentence!(
                    "品目 {item} には {month} 1日の価格がありません",
                    "{item} has no price on the first of {month}",
                );
                let remedy = sentence!(
                    "事業者の設定に価格を加えるか、個別合意月額を記入してください",
                    "add the price to the operator's file, or write the agreed fee",
                );
                checked.refuse(("明細", *row, "品目コード"), problem, remedy);
            }
            let min_term = standing.and_then(|line| line.minimum_term_to);
            if let Some(to) = min_term.filter(|to| *to > contract.form.period.to) {
                let what = sentence!(
                    "最低利用期間（{to} まで）が、いまの利用期間より長く続きます",
                    "the minimum term to {to} outlasts the running period",
                );
                checked.warn(("明細", *row, "最低利用期間終了日"), what);
            }
        }
    }

    /// Numbers of the earlier book and our own must never meet.
    pub(super) async fn check_numbers(&self, checked: &mut Checked<'_>) -> Result<(), EngineError> {
        let book = checked.book;
        for number in &book.numbers {
            let problem = taken_number(&*self.store, number).await?;
            if let Err(given) = problem {
                let remedy = sentence!(
                    "どこかで最後に付けた番号を記入してください",
                    "write the last number that was given anywhere",
                );
                let given = number_text(number, given);
                let problem = sentence!(
                    "{given} はここですでに付けた番号です",
                    "{given} was given here already",
                );
                checked.refuse(("最終番号", number.row, "最終番号"), problem, remedy);
            }
        }
        for receivable in &book.receivables {
            self.check_number(checked, receivable);
        }
        Ok(())
    }

    fn check_number(&self, checked: &mut Checked<'_>, receivable: &BookReceivable) {
        let Some((year, number)) = own_number(&self.operator, &receivable.number) else { return };
        let prefix = &self.operator.invoice.prefix;
        let series = |one: &&BookNumber| one.series == *prefix && one.year == year;
        let last = checked.book.numbers.iter().find(series).map(|one| one.last);
        if last.is_none_or(|last| number > last) {
            let number = &receivable.number;
            let problem = sentence!(
                "{number} は、これからここで付ける番号です",
                "{number} is a number that is still to be given here",
            );
            let remedy = sentence!(
                "この系列と年の最後の番号を「最終番号」に記入してください",
                "write the last number of this series and year into 「最終番号」",
            );
            checked.refuse(("売掛金", receivable.row, "旧請求番号"), problem, remedy);
        }
    }

    /// Contracts that are over when they arrive are no running contracts.
    pub(super) fn check_what_follows(
        &self,
        checked: &mut Checked<'_>,
        accounts: &BTreeMap<AccountId, Vec<Entry>>,
    ) -> Result<(), EngineError> {
        if !checked.faults.is_empty() {
            return Ok(());
        }
        let book = checked.book;
        let rows: BTreeMap<&str, u32> =
            book.contracts.iter().map(|one| (one.number.as_str(), one.row)).collect();
        for (account, entries) in accounts {
            let (_, state) = dry_run(&self.law, account, entries)?;
            for contract in state.iter().flat_map(|state| state.contracts.values()) {
                let taken = contract.taken_over.as_ref();
                let row = taken.and_then(|taken| rows.get(taken.number.as_str()));
                let over = contract.end.as_ref().filter(|end| end.at <= self.now());
                if let (Some(row), Some(end)) = (row, over) {
                    let on = end.on;
                    let problem = sentence!(
                        "この契約は {on} に終了しています",
                        "this contract was over on {on}",
                    );
                    let remedy = sentence!(
                        "続いている契約だけを引き継ぎます。行を削除してください",
                        "take over running contracts only: delete its rows",
                    );
                    checked.refuse(("契約", *row, "旧契約番号"), problem, remedy);
                }
            }
        }
        Ok(())
    }
}

fn check_agreements(law: &Law, checked: &mut Checked<'_>, contract: &BookContract) {
    for (row, agreement) in &contract.agreements {
        let from = Moment::start_of(agreement.from);
        let (name, over) = (&agreement.term.parameter, agreement.term.from(from));
        if !law.parameters.contains_key(name) {
            let problem = sentence!(
                "規約に条項パラメータ {name} はありません",
                "the terms have no parameter {name}",
            );
            let remedy = sentence!(
                "「利用規約」の画面でパラメータの名前を確かめてください",
                "see docs/migration.md, or `yakkan terms` for the names",
            );
            checked.refuse(("個別合意", *row, "条項パラメータ"), problem, remedy);
        } else if let Err(error) = law.effective(from, &[over]) {
            let problem = sentence!("条項パラメータ {name} の値になりません", "{error}");
            let remedy = sentence!(
                "規約の値と同じ種類の値を記入してください",
                "write a value of the same kind as the terms have",
            );
            checked.refuse(("個別合意", *row, "値(JSON)"), problem, remedy);
        } else if !law.is_carried_out(name) {
            let what = sentence!(
                "{name} は記録しますが、この版の規則はこれを実行しません",
                "{name} is kept, but no rule of this version carries it out",
            );
            checked.warn(("個別合意", *row, "条項パラメータ"), what);
        }
    }
}

pub(super) fn number_text(number: &BookNumber, last: u64) -> String {
    format!("{}-{}-{last:06}", number.series, number.year)
}

/// Year and number, when a text has the form of our own invoice numbers.
fn own_number(operator: &Operator, text: &str) -> Option<(i16, u64)> {
    let rest = text.strip_prefix(&operator.invoice.prefix)?.strip_prefix('-')?;
    let (year, number) = rest.split_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

fn check_notices(now: Moment, checked: &mut Checked<'_>, contract: &BookContract) {
    let today = now.day();
    for (row, notice) in &contract.notices {
        let (arrived, sent, sent_head) = match notice {
            RunningNotice::Cancellation { arrived_at, notified, .. } => {
                let sent = notified.as_ref().map(|n| n.sent_at.day());
                (Some(arrived_at.day()), sent, "受領通知送信日")
            }
            RunningNotice::NonRenewal { statement } => {
                let sent = Some(statement.sent_at.day());
                (statement.arrived_at.map(Moment::day), sent, "発信日")
            }
        };
        checked.not_later(("通知", *row, "到達日"), arrived, today);
        checked.not_later(("通知", *row, sent_head), sent, today);
    }
}
