//! The form as it goes out: blank for an applicant, or filled.

use contract::{
    ApplicationForm, DueRule, LineWish, PaymentMethod, Person, PersonRole, Service, SpecialTerm,
    sentence,
};
use reckon::Yen;
use rust_xlsxwriter::XlsxError;

use super::{BILLING, LINE_HEADS, QUOTE, RESPONSIBLE, SHEET, SPECIAL_HEADS, SPECIAL_SECTION};
use crate::fault::Fault;
use crate::paper::{Cell, Entry, Paper, unwritable};

const TITLE: &str = "パートナークラウドサービス 利用申込書";
const FILE: &str = "申込書.xlsx";
const BLANK_LINES: usize = 8;
const BLANK_SPECIAL_TERMS: usize = 3;
const METHODS: [&str; 2] = ["請求書払い", "口座振替"];
const SERVICES: [&str; 2] = ["SDPF", "SDPFサポートサービス"];

/// Writes the application form: blank with `None`, or filled. The same content
/// always gives the same bytes.
///
/// # Errors
/// When a person has a role for which the form has no cells, the due date is
/// neither in 翌月 nor in 翌々月, or a text exceeds what an Excel cell can hold.
pub fn write_application(
    filled: Option<(&ApplicationForm, &[Person])>,
) -> Result<Vec<u8>, Box<Fault>> {
    let (form, people) = filled.unzip();
    let people = people.unwrap_or_default();
    let place = |person: &&Person| {
        !matches!(person.role, PersonRole::ResponsiblePerson | PersonRole::Billing)
    };
    if let Some(homeless) = people.iter().find(place) {
        let role = homeless.role;
        let problem = sentence!(
            "この役割の担当者を書く欄が様式にありません",
            "the form has no cells for a person of the role {role:?}",
        );
        let remedy =
            sentence!("様式とは別に登録してください", "register this person apart from the form");
        return Err(Box::new(Fault::new(FILE, Fault::WHOLE_FILE, "担当者", problem, remedy)));
    }
    if let Some(months) = form.map(|form| form.payment.due.months_after)
        && !(1..=2).contains(&months)
    {
        let problem = sentence!(
            "{months}か月後の支払期日を書く欄が様式にありません",
            "the form cannot say that payment is due {months} months later",
        );
        let remedy = sentence!("翌月か翌々月でご合意ください", "agree on 翌月 or 翌々月");
        return Err(Box::new(Fault::new(FILE, Fault::WHOLE_FILE, "支払期日", problem, remedy)));
    }
    build(form, people).map_err(|error| unwritable(FILE, &error))
}

fn build(form: Option<&ApplicationForm>, people: &[Person]) -> Result<Vec<u8>, XlsxError> {
    let notes = [
        "※ は必須項目です。日付は 2026-04-01 又は 令和8年4月1日 のようにご記入ください。",
        "請求先は、利用責任者と異なる場合に限り、まとめてご記入ください。",
    ];
    let mut paper = Paper::new(SHEET, TITLE, &notes)?;
    applicant(&mut paper, form)?;
    person(&mut paper, "利用責任者", RESPONSIBLE, PersonRole::ResponsiblePerson, people)?;
    person(&mut paper, "請求先（任意）", BILLING, PersonRole::Billing, people)?;
    terms_of_use(&mut paper, form)?;
    paper.section("お申込みサービス")?;
    let lines = form.map(|form| form.lines.as_slice()).unwrap_or_default();
    let none: &[&str] = &[];
    let heads = LINE_HEADS.map(|head| (head, if head == "サービス" { &SERVICES } else { none }));
    paper.table(&heads, &line_rows(lines))?;
    paper.section(SPECIAL_SECTION)?;
    let special = form.map(|form| form.special_terms.as_slice()).unwrap_or_default();
    let heads = SPECIAL_HEADS.map(|head| (head, none));
    let empty = (special.len()..BLANK_SPECIAL_TERMS).map(|_| blank(SPECIAL_HEADS.len()));
    paper.table(&heads, &special.iter().map(special_term).chain(empty).collect::<Vec<_>>())?;
    paper.into_bytes(TITLE)
}

fn applicant(paper: &mut Paper, form: Option<&ApplicationForm>) -> Result<(), XlsxError> {
    let of = |part: fn(&ApplicationForm) -> &str| {
        form.map_or(Entry::Blank, |form| Entry::text(part(form)))
    };
    let kind = form.map_or(Entry::Blank, |_| Entry::text("新規"));
    paper.section("お申込者")?;
    paper.field(&required("会社名", "登記上の名称"), &of(|f| &f.applicant.name))?;
    paper.field(&required("フリガナ", "全角カタカナ"), &of(|f| &f.applicant.kana))?;
    paper.field(&required("法人番号", "13桁"), &of(|f| &f.applicant.corporate_number))?;
    paper.field(&required("郵便番号", "例 100-0001"), &of(|f| &f.applicant.postal_code))?;
    paper.field(&required("住所", "都道府県から"), &of(|f| &f.applicant.address))?;
    let title = of(|f| &f.applicant.representative_title);
    paper.field(&required("代表者役職", "例 代表取締役"), &title)?;
    paper.field(&choice("申込種別", &["新規"]), &kind)
}

fn person(
    paper: &mut Paper,
    title: &str,
    labels: [&str; 4],
    role: PersonRole,
    people: &[Person],
) -> Result<(), XlsxError> {
    let found = people.iter().find(|person| person.role == role);
    let needed = role == PersonRole::ResponsiblePerson;
    let parts: [fn(&Person) -> &str; 4] =
        [|p| &p.name, |p| &p.department, |p| &p.mail, |p| &p.phone];
    let hints = ["", "任意", "例 name@example.jp", "例 03-1234-5678"];
    paper.section(title)?;
    for ((label, part), hint) in labels.into_iter().zip(parts).zip(hints) {
        let required = needed && !label.ends_with("部署");
        let entry = found.map_or(Entry::Blank, |person| Entry::text(part(person)));
        paper.field(&Cell { label, required, hint, choices: &[] }, &entry)?;
    }
    Ok(())
}

fn terms_of_use(paper: &mut Paper, form: Option<&ApplicationForm>) -> Result<(), XlsxError> {
    let day = |part: fn(&ApplicationForm) -> reckon::Day| {
        form.map_or(Entry::Blank, |form| Entry::Day(part(form)))
    };
    let method = form.map_or(Entry::Blank, |form| match form.payment.method {
        PaymentMethod::Transfer => Entry::text(METHODS[0]),
        PaymentMethod::Debit => Entry::text(METHODS[1]),
    });
    let due = form.map_or(Entry::Blank, |form| Entry::Text(due_text(form.payment.due)));
    let kana = form.and_then(|form| form.payment.payer_kana.as_deref()).unwrap_or_default();
    paper.section("ご利用期間・お支払い")?;
    paper.field(&required("利用期間 開始日", "例 2026-04-01"), &day(|f| f.period.from))?;
    paper.field(&required("利用期間 終了日", "例 2027-03-31"), &day(|f| f.period.to))?;
    paper.field(&choice("支払方法", &METHODS), &method)?;
    paper.field(&required("支払期日", "翌月末日、翌々月末日 又は 翌月N日"), &due)?;
    let payer = Cell {
        label: "振込名義カナ",
        required: false,
        hint: "会社名と異なる場合 例 ｶ)ｱﾙﾌｱ",
        choices: &[],
    };
    paper.field(&payer, &Entry::text(kana))?;
    let number = form.and_then(|form| form.quote.as_deref()).unwrap_or_default();
    let quote = Cell {
        label: QUOTE,
        required: false,
        hint: "お見積りによる場合 例 QUO-2026-000012",
        choices: &[],
    };
    paper.field(&quote, &Entry::text(number))
}

fn required<'a>(label: &'a str, hint: &'a str) -> Cell<'a> {
    Cell { label, required: true, hint, choices: &[] }
}

fn choice<'a>(label: &'a str, choices: &'a [&'a str]) -> Cell<'a> {
    Cell { label, required: true, hint: "一覧から選択", choices }
}

fn due_text(due: DueRule) -> String {
    let month = if due.months_after == 2 { "翌々月" } else { "翌月" };
    match due.day {
        Some(day) => format!("{month}{day}日"),
        None => format!("{month}末日"),
    }
}

fn line(line: &LineWish) -> Vec<Entry> {
    let service = match line.service {
        Service::Sdpf => SERVICES[0],
        Service::SdpfSupport => SERVICES[1],
    };
    vec![
        Entry::Number(line.number),
        Entry::text(service),
        Entry::text(&line.item),
        Entry::Number(line.quantity),
        Entry::Day(line.start),
        line.min_term_months.map_or(Entry::Blank, Entry::Number),
        line.agreed_fee.map_or(Entry::Blank, yen),
    ]
}

/// A fee beyond 32 bits is written as its digits: Excel's numbers are floats.
fn yen(amount: Yen) -> Entry {
    match u32::try_from(amount.0) {
        Ok(number) => Entry::Number(number),
        Err(_) => Entry::Text(amount.0.to_string()),
    }
}

/// The lines of the content, then rows for more, numbered on.
fn line_rows(lines: &[LineWish]) -> Vec<Vec<Entry>> {
    let next = lines.iter().map(|line| line.number + 1).max().unwrap_or(1);
    let empty = (next..).take(BLANK_LINES.saturating_sub(lines.len())).map(|number| {
        let mut row = blank(LINE_HEADS.len());
        row[0] = Entry::Number(number);
        row
    });
    lines.iter().map(line).chain(empty).collect()
}

fn special_term(term: &SpecialTerm) -> Vec<Entry> {
    vec![
        Entry::text(&term.parameter),
        Entry::Text(term.value.to_string()),
        Entry::text(&term.document),
        Entry::Day(term.signed_on),
        Entry::text(if term.names_clause { "○" } else { "" }),
    ]
}

fn blank(columns: usize) -> Vec<Entry> {
    (0..columns).map(|_| Entry::Blank).collect()
}
