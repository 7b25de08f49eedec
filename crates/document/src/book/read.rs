//! The rows of the workbook as values: every missing or false cell by its place.

use std::collections::BTreeMap;

use contract::ending::renewal::{Side, Statement};
use contract::money::invoice::InvoiceKind;
use contract::notices::notice::Channel;
use contract::takeover::{ChangeToCome, LineStanding, Notified, PartPayment, RunningNotice};
use contract::{
    ApplicationForm, Company, LineWish, Payment, Person, PersonRole, SpecialTerm, UsePeriod,
    sentence,
};
use reckon::{Day, Moment, Month, Yen};

use super::layout::{
    AGREEMENTS, BOOK_SHEETS, CHANGES, CHANNELS, CONTRACTS, CONTROL, CONTROLS, LINES, NOTICE_KINDS,
    NOTICES, NUMBERS, PAYMENTS, RECEIVABLE_KINDS, RECEIVABLES,
};
use super::table::{RowReader, Table, tables};
use super::{Book, BookContract, BookNumber, BookReceivable, link};
use crate::cell_value::{self, Refusal};
use crate::fault::{Fault, Faults};
use crate::form_reader::empty;
use crate::guard::guarded;
use crate::written_day::narrow;

/// Rows that belong to a contract or receivable, before they are put together.
#[derive(Default)]
pub(super) struct Rows {
    pub contracts: Vec<BookContract>,
    pub lines: Vec<LineRow>,
    pub agreements: Vec<(u32, String, SpecialTerm, Option<Day>)>,
    pub notices: Vec<(u32, String, RunningNotice)>,
    pub changes: Vec<ChangeRow>,
    pub receivables: Vec<BookReceivable>,
    pub payments: Vec<(u32, String, PartPayment)>,
    pub numbers: Vec<BookNumber>,
    pub control: Vec<(u32, &'static str, u64)>,
}

pub(super) struct LineRow {
    pub row: u32,
    pub contract: String,
    pub wish: LineWish,
    pub standing: Option<LineStanding>,
}

pub(super) struct ChangeRow {
    pub row: u32,
    pub contract: String,
    pub line: u32,
    pub changes: Vec<ChangeToCome>,
}

/// Reads a workbook of an existing book. Nothing is compared with prices, terms
/// or what is recorded already: that is the engine's.
///
/// # Errors
/// Every fault with its sheet and cell, such as `契約!C7`. A workbook with any
/// fault is refused whole.
pub fn read_book(file: &str, bytes: &[u8]) -> Result<Book, Vec<Fault>> {
    guarded(file, || {
        let mut faults = Faults::of(file);
        let tables = tables(bytes, BOOK_SHEETS, &mut faults);
        let mut places = BTreeMap::new();
        let mut rows = Rows::default();
        for table in &tables {
            places.extend(table.heads.iter().map(|(head, at)| ((table.sheet, *head), *at)));
            for row in table.rows.keys() {
                let mut reader = RowReader { table, row: *row, faults: &mut faults };
                rows.read(table, *row, &mut reader);
            }
        }
        let whole = tables.len() == BOOK_SHEETS.len();
        let book = link::book(rows, places, whole, &mut faults);
        faults.refuse_or(Some(book))
    })
}

impl Rows {
    fn read(&mut self, table: &Table, row: u32, reader: &mut RowReader<'_>) {
        match table.sheet {
            CONTRACTS => self.contracts.extend(contract(row, reader)),
            LINES => self.lines.extend(line(row, reader)),
            AGREEMENTS => self.agreements.extend(agreement(row, reader)),
            NOTICES => self.notices.extend(notice(row, reader)),
            CHANGES => self.changes.extend(change(row, reader)),
            RECEIVABLES => self.receivables.extend(receivable(row, reader)),
            PAYMENTS => self.payments.extend(payment(row, reader)),
            NUMBERS => self.numbers.extend(number(row, reader)),
            CONTROL => self.control.extend(control(row, reader)),
            _ => {}
        }
    }
}

fn contract(row: u32, reader: &mut RowReader<'_>) -> Option<BookContract> {
    let number = reader.required("旧契約番号", cell_value::text);
    let applicant = company(reader);
    let formed_on = reader.required("契約成立日", cell_value::day);
    let version = reader.required("規約の版", cell_value::text);
    let from = reader.required("利用期間開始日", cell_value::day);
    let to = reader.required("利用期間終了日", cell_value::day);
    let method = reader.required("支払方法", cell_value::payment_method);
    let due = reader.required("支払期日", cell_value::due_rule);
    let payer_kana = reader.optional("振込名義カナ", cell_value::payer_kana);
    let charge_from = reader.required("請求開始月", month);
    let suspended_on = reader.optional("停止日", cell_value::day);
    let responsible = person(reader, PersonRole::ResponsiblePerson, "利用責任者");
    let named = ["氏名", "部署", "メール", "電話"].map(|part| format!("請求先{part}"));
    let billed_apart = named.iter().any(|head| reader.text(head).is_some());
    let billing = billed_apart.then(|| person(reader, PersonRole::Billing, "請求先")).flatten();
    let (from, to) = (from?, to?);
    if to < from {
        let problem = sentence!(
            "期間の終了日 {to} が開始日 {from} より前です",
            "the period of use ends on {to}, before it begins on {from}"
        );
        let remedy = sentence!(
            "いまの利用期間の末日を記入してください",
            "write the last day of the running period"
        );
        reader.refuse("利用期間終了日", problem, remedy);
    }
    let form = ApplicationForm {
        applicant: applicant?,
        lines: Vec::new(),
        period: UsePeriod { from, to },
        payment: Payment { method: method?, due: due?, payer_kana },
        special_terms: Vec::new(),
        quote: None,
    };
    Some(BookContract {
        row,
        number: number?,
        form,
        people: [responsible?].into_iter().chain(billing).collect(),
        formed_on: formed_on?,
        version: version?,
        charge_from: charge_from?,
        suspended_on,
        line_rows: Vec::new(),
        standing: Vec::new(),
        agreements: Vec::new(),
        changes: Vec::new(),
        notices: Vec::new(),
    })
}

fn company(reader: &mut RowReader<'_>) -> Option<Company> {
    let name = reader.required("会社名", cell_value::text);
    let kana = reader.required("フリガナ", cell_value::katakana);
    let corporate_number = reader.required("法人番号", cell_value::corporate_number);
    let postal_code = reader.required("郵便番号", cell_value::postal_code);
    let address = reader.required("住所", cell_value::text);
    let representative_title = reader.required("代表者役職", cell_value::text);
    Some(Company {
        name: name?,
        kana: kana?,
        corporate_number: corporate_number?,
        postal_code: postal_code?,
        address: address?,
        representative_title: representative_title?,
    })
}

fn person(reader: &mut RowReader<'_>, role: PersonRole, of: &str) -> Option<Person> {
    let name = reader.required(&format!("{of}氏名"), cell_value::text);
    let department = reader.optional(&format!("{of}部署"), cell_value::text).unwrap_or_default();
    let mail = reader.required(&format!("{of}メール"), cell_value::mail_address);
    let phone = reader.required(&format!("{of}電話"), cell_value::phone);
    Some(Person { role, name: name?, department, mail: mail?, phone: phone? })
}

fn line(row: u32, reader: &mut RowReader<'_>) -> Option<LineRow> {
    let contract = reader.required("旧契約番号", cell_value::text);
    let number = reader.required("明細番号", cell_value::count);
    let service = reader.required("サービス", cell_value::service);
    let item = reader.required("品目コード", cell_value::text);
    let quantity = reader.required("数量", cell_value::count);
    let started_on = reader.optional("利用開始日", cell_value::day);
    let planned = reader.optional("利用開始予定日", cell_value::day);
    let min_term_months = reader.optional("最低利用期間(月)", cell_value::count);
    let minimum_term_to = reader.optional("最低利用期間終了日", cell_value::day);
    let agreed_fee = reader.optional("個別合意月額(税抜)", cell_value::yen);
    let empty = ["利用開始日", "利用開始予定日"].iter().all(|head| reader.text(head).is_none());
    if empty {
        let problem = sentence!(
            "明細に利用開始日がありません",
            "the line has no day on which its use begins"
        );
        let remedy = sentence!(
            "利用開始日か利用開始予定日を記入してください",
            "write the day on which use began, or the day planned"
        );
        reader.refuse("利用開始日", problem, remedy);
    }
    if let (Some(on), Some(to)) = (started_on, minimum_term_to)
        && to < on
    {
        let problem = sentence!(
            "最低利用期間の終了日 {to} が利用開始日 {on} より前です",
            "the minimum term ends on {to}, before use began on {on}"
        );
        let remedy = sentence!(
            "終了日を記入するか、空欄にしてください",
            "write its last day, or leave it empty"
        );
        reader.refuse("最低利用期間終了日", problem, remedy);
    }
    if let (None, Some(to)) = (started_on, minimum_term_to) {
        let problem = sentence!(
            "利用開始前の明細に、最低利用期間の終了日 {to} は決まりません",
            "a line that has not started has no minimum term to {to} yet"
        );
        let remedy =
            sentence!("合意した月数を記入してください", "write the months that are agreed instead");
        reader.refuse("最低利用期間終了日", problem, remedy);
    }
    let (number, start) = (number?, started_on.or(planned)?);
    let standing =
        started_on.map(|started_on| LineStanding { line: number, started_on, minimum_term_to });
    let wish = LineWish {
        number,
        service: service?,
        item: item?,
        quantity: quantity?,
        start,
        min_term_months,
        agreed_fee,
    };
    Some(LineRow { row, contract: contract?, wish, standing })
}

type AgreementRow = (u32, String, SpecialTerm, Option<Day>);

fn agreement(row: u32, reader: &mut RowReader<'_>) -> Option<AgreementRow> {
    let contract = reader.required("旧契約番号", cell_value::text);
    let parameter = reader.required("条項パラメータ", cell_value::text);
    let value = reader.required("値(JSON)", cell_value::json);
    let document = reader.required("合意文書番号", cell_value::text);
    let signed_on = reader.required("締結日", cell_value::day);
    let from = reader.optional("適用開始日", cell_value::day);
    let names_clause = reader.optional("条項の明示(○)", cell_value::mark).unwrap_or(false);
    let term = SpecialTerm {
        parameter: parameter?,
        value: value?,
        document: document?,
        signed_on: signed_on?,
        names_clause,
    };
    Some((row, contract?, term, from))
}

fn notice(row: u32, reader: &mut RowReader<'_>) -> Option<(u32, String, RunningNotice)> {
    let contract = reader.required("旧契約番号", cell_value::text);
    let kind = reader.required("種別", notice_kind);
    let channel = reader.required("方法", channel);
    let sent_on = reader.optional("発信日", cell_value::day);
    let arrived_on = reader.optional("到達日", cell_value::day);
    let day = reader.optional("指定日", cell_value::day);
    let notified_on = reader.optional("受領通知送信日", cell_value::day);
    let effective = reader.optional("受領通知の解除日", cell_value::day);
    let (kind, channel) = (kind?, channel?);
    let by_provider = kind == NOTICE_KINDS[2];
    let needed = if by_provider { "発信日" } else { "到達日" };
    if reader.text(needed).is_none() {
        let (problem, remedy) = empty(needed);
        reader.refuse(needed, problem, remedy);
    }
    let notice = if kind == NOTICE_KINDS[0] {
        RunningNotice::Cancellation {
            channel,
            arrived_at: Moment::start_of(arrived_on?),
            desired: day,
            notified: notified(reader, notified_on, effective),
        }
    } else {
        let sent_on = sent_on.or(arrived_on.filter(|_| !by_provider))?;
        RunningNotice::NonRenewal {
            statement: Statement {
                by: if by_provider { Side::Provider } else { Side::Customer },
                channel,
                sent_at: Moment::start_of(sent_on),
                arrived_at: arrived_on.map(Moment::start_of),
                against: day,
            },
        }
    };
    if let (RunningNotice::NonRenewal { statement }, true) = (&notice, by_provider)
        && statement.effective_at().is_none()
    {
        let problem = sentence!(
            "この方法の通知は、到達した時に効力を生じます（3-2）",
            "on this channel a notice takes effect when it arrives (3-2)"
        );
        let remedy = sentence!("到達日を記入してください", "write the day on which it arrived");
        reader.refuse("到達日", problem, remedy);
    }
    Some((row, contract?, notice))
}

fn notified(
    reader: &mut RowReader<'_>,
    sent_on: Option<Day>,
    effective: Option<Day>,
) -> Option<Notified> {
    match (sent_on, effective) {
        (Some(sent_on), Some(effective)) => {
            Some(Notified { sent_at: Moment::start_of(sent_on), effective })
        }
        (Some(_), None) => {
            let problem = sentence!("受領通知には解除日が必要です", "a receipt notice names a day");
            let remedy = sentence!(
                "受領通知に記した解除日を記入してください",
                "write the day that the notice named"
            );
            reader.refuse("受領通知の解除日", problem, remedy);
            None
        }
        (None, Some(_)) => {
            let problem =
                sentence!("受領通知の送信日がありません", "the notice has no day of sending");
            let remedy = sentence!(
                "送信日を記入するか、どちらも空欄にしてください",
                "write the day on which the notice was sent, or leave both empty"
            );
            reader.refuse("受領通知送信日", problem, remedy);
            None
        }
        (None, None) => None,
    }
}

fn change(row: u32, reader: &mut RowReader<'_>) -> Option<ChangeRow> {
    let contract = reader.required("旧契約番号", cell_value::text);
    let from = reader.required("変更日", cell_value::day);
    let line = reader.required("明細番号", cell_value::count);
    let quantity = reader.optional("変更後数量", cell_value::count);
    let fee = reader.optional("変更後月額(税抜)", cell_value::yen);
    let document = reader.required("合意文書番号", cell_value::text);
    let unchanged = ["変更後数量", "変更後月額(税抜)"].iter().all(|h| reader.text(h).is_none());
    if unchanged {
        let problem = sentence!("この行では何も変わりません", "the row changes nothing");
        let remedy = sentence!(
            "変更後の数量か月額を記入するか、行を削除してください",
            "write the new quantity or the new fee, or delete the row"
        );
        reader.refuse("変更後数量", problem, remedy);
    }
    let (from, line, document) = (from?, line?, document?);
    use contract::application::receiving::Change;
    let quantity = quantity.map(|quantity| Change::SetQuantity { line, quantity });
    let fee = fee.map(|fee| Change::SetAgreedFee { line, fee });
    let to_come = |change| ChangeToCome { from, document: document.clone(), change };
    let changes = quantity.into_iter().chain(fee).map(to_come).collect();
    Some(ChangeRow { row, contract: contract?, line, changes })
}

fn receivable(row: u32, reader: &mut RowReader<'_>) -> Option<BookReceivable> {
    let number = reader.required("旧請求番号", cell_value::text);
    let contracts = reader.required("旧契約番号", numbers_of);
    let kind = reader.required("種別", receivable_kind);
    let month = reader.required("対象月", month);
    let issued_on = reader.required("発行日", cell_value::day);
    let due = reader.required("支払期日", cell_value::day);
    let total = reader.required("請求額(税込)", cell_value::yen);
    let outstanding = reader.required("未収額(税込)", cell_value::yen);
    let interest_charged = reader.optional("請求済延滞利息", cell_value::yen);
    let (issued_on, due, outstanding) = (issued_on?, due?, outstanding?);
    if due < issued_on {
        let problem = sentence!(
            "支払期日 {due} が発行日 {issued_on} より前です",
            "it was due on {due}, before it was issued on {issued_on}"
        );
        let remedy =
            sentence!("請求書で二つの日付を確かめてください", "compare both days with the invoice");
        reader.refuse("支払期日", problem, remedy);
    }
    if !outstanding.is_positive() {
        let problem = sentence!("未収額がありません", "nothing of it is unpaid");
        let remedy = sentence!(
            "行を削除してください。支払い済みのものは引き継ぎません",
            "delete the row: what is settled is not taken over"
        );
        reader.refuse("未収額(税込)", problem, remedy);
    }
    Some(BookReceivable {
        row,
        number: number?,
        contracts: contracts?,
        kind: kind?,
        month: month?,
        issued_on,
        due,
        total: total?,
        outstanding,
        interest_charged: interest_charged.unwrap_or(Yen::ZERO),
        payments: Vec::new(),
    })
}

fn payment(row: u32, reader: &mut RowReader<'_>) -> Option<(u32, String, PartPayment)> {
    let number = reader.required("旧請求番号", cell_value::text);
    let on = reader.required("入金日", cell_value::day);
    let amount = reader.required("金額", cell_value::yen);
    if amount.is_some_and(|amount| !amount.is_positive()) {
        let problem = sentence!("入金額は 1 円以上です", "a payment is more than nothing");
        let remedy = sentence!("行を削除してください", "delete the row");
        reader.refuse("金額", problem, remedy);
    }
    Some((row, number?, PartPayment { on: on?, amount: amount? }))
}

fn number(row: u32, reader: &mut RowReader<'_>) -> Option<BookNumber> {
    let series = reader.required("系列", cell_value::text);
    let year = reader.required("年", cell_value::count);
    let last = reader.required("最終番号", cell_value::count);
    let year = year?;
    let Some(year) = i16::try_from(year).ok().filter(|year| (1990..=2199).contains(year)) else {
        let problem = sentence!("{year} は年ではありません", "{year} is no year");
        let remedy =
            sentence!("2026 のように4桁で記入してください", "write four digits such as 2026");
        reader.refuse("年", problem, remedy);
        return None;
    };
    Some(BookNumber { row, series: series?, year, last: u64::from(last?) })
}

fn control(row: u32, reader: &mut RowReader<'_>) -> Option<(u32, &'static str, u64)> {
    let what = reader.required("項目", |text| chosen(text, &CONTROLS));
    let value = reader.required("値", cell_value::yen);
    Some((row, what?, value?.0.unsigned_abs()))
}

pub(super) fn chosen(
    text: &str,
    choices: &'static [&'static str],
) -> Result<&'static str, Refusal> {
    let found = choices.iter().copied().find(|choice| *choice == text);
    found.ok_or_else(|| {
        let choices = choices.join("、");
        (
            sentence!("「{text}」は選べる値ではありません", "「{text}」 is none of the values"),
            sentence!("次から選んでください：{choices}", "choose one of {choices}"),
        )
    })
}

fn notice_kind(text: &str) -> Result<&'static str, Refusal> {
    chosen(text, &NOTICE_KINDS)
}

fn channel(text: &str) -> Result<Channel, Refusal> {
    Ok(match chosen(text, &CHANNELS)? {
        "書面" => Channel::Paper,
        "メール" => Channel::Email,
        "ポータル" => Channel::Portal,
        "ホームページ" => Channel::Homepage,
        _ => Channel::Other,
    })
}

fn receivable_kind(text: &str) -> Result<InvoiceKind, Refusal> {
    Ok(match chosen(text, &RECEIVABLE_KINDS)? {
        "利用料金" => InvoiceKind::Fee,
        "最低利用期間残余分" => InvoiceKind::EarlyTermination,
        "延滞利息" => InvoiceKind::LateInterest,
        _ => InvoiceKind::CostRecovery,
    })
}

/// Numbers of contracts, parted by 、 or a comma.
fn numbers_of(text: &str) -> Result<Vec<String>, Refusal> {
    let numbers = text.split(['、', ',', '\n']).map(str::trim).filter(|one| !one.is_empty());
    Ok(numbers.map(str::to_owned).collect())
}

/// `2026-05`, `2026/5`, `2026年5月`, or any day of the month.
pub(crate) fn month(text: &str) -> Result<Month, Refusal> {
    let bare = narrow(text).replace(' ', "");
    let bare = bare.trim_end_matches('月').replace(['/', '年'], "-");
    let parts: Option<(i16, i8)> = bare
        .split_once('-')
        .and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
    let first = parts.and_then(|(year, month)| Day::new(year, month, 1).ok());
    let day = first.filter(|day| day.year() >= 1990).or_else(|| crate::read_day(text));
    day.map(Month::of).ok_or_else(|| {
        (
            sentence!("「{text}」は月ではありません", "「{text}」 is no month"),
            sentence!("2026-05 のように記入してください", "write a month such as 2026-05"),
        )
    })
}
