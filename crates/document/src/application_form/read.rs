//! The form as it comes back: every missing or false field by its cell.

use contract::{
    ApplicationForm, Company, LineWish, Payment, Person, PersonRole, SpecialTerm, UsePeriod,
    sentence,
};

use super::{BILLING, LINE_HEADS, QUOTE, RESPONSIBLE, SHEET, SPECIAL_HEADS, SPECIAL_SECTION};
use crate::cell_value;
use crate::fault::{Fault, Faults};
use crate::form_reader::FormReader;
use crate::sheet::{LABELS, Sheet};

/// Reads a filled application form: its content, and apart from it the people
/// it names (42-3). Cells are found by their labels in column B, so that moved
/// rows do no harm. Nothing is compared with the terms.
///
/// ```
/// let blank = document::write_application(None).unwrap();
/// let faults = document::read_application("blank.xlsx", &blank).unwrap_err();
/// assert_eq!(faults[0].place.en, "申込書!C7");
/// assert_eq!(faults[0].field, "会社名");
/// ```
///
/// # Errors
/// Every missing or false field with its cell, such as `申込書!C7`; or one fault
/// when the bytes are no workbook with the sheet 申込書.
pub fn read_application(
    file: &str,
    bytes: &[u8],
) -> Result<(ApplicationForm, Vec<Person>), Vec<Fault>> {
    read_faulty_application(file, bytes).map_err(|form| form.faults)
}

/// A form that has faults, and what can be said of it all the same: who applies, and
/// whom to write to.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultyForm {
    pub faults: Vec<Fault>,
    /// The company, by its corporate number (法人番号) and its name as far as it is
    /// written; none without a number, since nobody can tell then who applies.
    pub applicant: Option<FaultyApplicant>,
    /// The people whose entries are whole.
    pub people: Vec<Person>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultyApplicant {
    pub corporate_number: String,
    pub name: String,
}

/// Whether the bytes are a workbook with the sheet of the form.
pub(crate) fn is_application_form(bytes: &[u8]) -> bool {
    Sheet::stands_in(bytes, SHEET)
}

/// As [`read_application`]; of a form with faults, what can be read of it (9-10(2)).
///
/// # Errors
/// The faults with what can be read beside them.
pub fn read_faulty_application(
    file: &str,
    bytes: &[u8],
) -> Result<(ApplicationForm, Vec<Person>), FaultyForm> {
    let none = |faults| FaultyForm { faults, applicant: None, people: Vec::new() };
    let sheet = Sheet::open(file, bytes, SHEET).map_err(none)?;
    let mut form = FormReader { sheet: &sheet, faults: Faults::of(file) };
    let applicant = company(&mut form);
    form.required("申込種別", cell_value::application_kind);
    let responsible = person(&mut form, PersonRole::ResponsiblePerson, RESPONSIBLE);
    let billing = billing(&mut form);
    let period = period(&mut form);
    let payment = payment(&mut form);
    let lines = lines(&mut form);
    let special_terms = special_terms(&mut form);
    // A form of before the field existed has no such row.
    let quote = match form.is_filled(QUOTE) {
        true => form.optional(QUOTE, cell_value::text),
        false => None,
    };
    let readable: Vec<_> = responsible.iter().chain(&billing).cloned().collect();
    let people = responsible.map(|one| [one].into_iter().chain(billing).collect::<Vec<_>>());
    let content = match (applicant, period, payment, people) {
        (Some(applicant), Some(period), Some(payment), Some(people)) => {
            let content =
                ApplicationForm { applicant, lines, period, payment, special_terms, quote };
            Some((content, people))
        }
        _ => None,
    };
    let number = form.readable("法人番号", cell_value::corporate_number);
    let name = form.readable("会社名", cell_value::text).unwrap_or_default();
    form.faults.refuse_or(content).map_err(|faults| FaultyForm {
        faults,
        applicant: number.map(|corporate_number| FaultyApplicant { corporate_number, name }),
        people: readable,
    })
}

fn company(form: &mut FormReader<'_>) -> Option<Company> {
    let name = form.required("会社名", cell_value::text);
    let kana = form.required("フリガナ", cell_value::katakana);
    let corporate_number = form.required("法人番号", cell_value::corporate_number);
    let postal_code = form.required("郵便番号", cell_value::postal_code);
    let address = form.required("住所", cell_value::text);
    let representative_title = form.required("代表者役職", cell_value::text);
    Some(Company {
        name: name?,
        kana: kana?,
        corporate_number: corporate_number?,
        postal_code: postal_code?,
        address: address?,
        representative_title: representative_title?,
    })
}

fn person(form: &mut FormReader<'_>, role: PersonRole, labels: [&str; 4]) -> Option<Person> {
    let name = form.required(labels[0], cell_value::text);
    let department = form.optional(labels[1], cell_value::text).unwrap_or_default();
    let mail = form.required(labels[2], cell_value::mail_address);
    let phone = form.required(labels[3], cell_value::phone);
    Some(Person { role, name: name?, department, mail: mail?, phone: phone? })
}

/// All of it or nothing: a billing contact without a mail address helps nobody.
fn billing(form: &mut FormReader<'_>) -> Option<Person> {
    let any = BILLING.iter().any(|label| form.is_filled(label));
    if any { person(form, PersonRole::Billing, BILLING) } else { None }
}

fn period(form: &mut FormReader<'_>) -> Option<UsePeriod> {
    let from = form.required("利用期間 開始日", cell_value::day);
    let to = form.required("利用期間 終了日", cell_value::day);
    let (from, to) = (from?, to?);
    if to < from {
        let problem = sentence!(
            "利用期間の終了日{to}が開始日{from}より前です",
            "the period of use ends on {to}, before it begins on {from}",
        );
        let remedy = sentence!("利用の最終日をご記入ください", "write the last day of use");
        form.refuse("利用期間 終了日", (problem, remedy));
    }
    Some(UsePeriod { from, to })
}

fn payment(form: &mut FormReader<'_>) -> Option<Payment> {
    let method = form.required("支払方法", cell_value::payment_method);
    let due = form.required("支払期日", cell_value::due_rule);
    let payer_kana = form.optional("振込名義カナ", cell_value::payer_kana);
    Some(Payment { method: method?, due: due?, payer_kana })
}

fn lines(form: &mut FormReader<'_>) -> Vec<LineWish> {
    let Some(head) = form.table_head(&LINE_HEADS) else { return Vec::new() };
    let sheet = form.sheet;
    let end = sheet.row_of(SPECIAL_SECTION).unwrap_or(sheet.last_row() + 1);
    let mut lines: Vec<LineWish> = Vec::new();
    let faults_before = form.faults.count();
    for row in head + 1..end {
        // The numbers are printed in advance; a row with nothing else is empty.
        if (LABELS + 1..LABELS + 7).all(|column| sheet.text(row, column).is_none()) {
            continue;
        }
        let Some(line) = line(form, row) else { continue };
        if lines.iter().any(|earlier| earlier.number == line.number) {
            let number = line.number;
            let problem =
                sentence!("番号{number}が重複しています", "the number {number} stands twice");
            let remedy = sentence!("番号を振り直してください", "number the rows anew");
            form.refuse_cell(row, LABELS, LINE_HEADS[0], (problem, remedy));
        }
        lines.push(line);
    }
    if lines.is_empty() && form.faults.count() == faults_before {
        let problem = sentence!("申し込むサービスの記入がありません", "no service is applied for");
        let remedy = sentence!("表に1行以上ご記入ください", "fill at least one row of the table");
        form.refuse_cell(head + 1, LABELS + 1, LINE_HEADS[1], (problem, remedy));
    }
    lines
}

fn line(form: &mut FormReader<'_>, row: u32) -> Option<LineWish> {
    let [number, service, item, quantity, start, min_term, fee] = LINE_HEADS;
    let number = form.required_cell(row, 0, number, cell_value::count);
    let service = form.required_cell(row, 1, service, cell_value::service);
    let item = form.required_cell(row, 2, item, cell_value::text);
    let quantity = form.required_cell(row, 3, quantity, cell_value::count);
    let start = form.required_cell(row, 4, start, cell_value::day);
    let min_term_months = form.optional_cell(row, 5, min_term, cell_value::count);
    let agreed_fee = form.optional_cell(row, 6, fee, cell_value::yen);
    Some(LineWish {
        number: number?,
        service: service?,
        item: item?,
        quantity: quantity?,
        start: start?,
        min_term_months,
        agreed_fee,
    })
}

fn special_terms(form: &mut FormReader<'_>) -> Vec<SpecialTerm> {
    let Some(head) = form.table_head(&SPECIAL_HEADS) else { return Vec::new() };
    let sheet = form.sheet;
    let mut terms = Vec::new();
    for row in head + 1..=sheet.last_row() {
        let empty = (LABELS..LABELS + 5).all(|column| sheet.text(row, column).is_none());
        if !empty {
            terms.extend(special_term(form, row));
        }
    }
    terms
}

fn special_term(form: &mut FormReader<'_>, row: u32) -> Option<SpecialTerm> {
    let [parameter, value, document, signed_on, names_clause] = SPECIAL_HEADS;
    let parameter = form.required_cell(row, 0, parameter, cell_value::text);
    let value = form.required_cell(row, 1, value, cell_value::json);
    let document = form.required_cell(row, 2, document, cell_value::text);
    let signed_on = form.required_cell(row, 3, signed_on, cell_value::day);
    let names_clause = form.optional_cell(row, 4, names_clause, cell_value::mark);
    Some(SpecialTerm {
        parameter: parameter?,
        value: value?,
        document: document?,
        signed_on: signed_on?,
        names_clause: names_clause.unwrap_or(false),
    })
}
