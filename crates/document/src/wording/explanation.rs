//! The answer to "why?": one decision with its arithmetic, clauses, readings
//! and facts, in aligned columns.

use contract::declare::reason::{Audience, Because, plain};
use contract::declare::rules::rule;
use contract::declare::words::Words;
use contract::say;
use reckon::{Day, Moment, Yen};
use serde::Serialize;

use super::columns::{padded, width};
use super::figures::yen;
use super::{Amounts, Language, Reader};

/// What an explanation rests on, gathered by whoever can read the store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// What is explained, in the reader's language.
    pub heading: String,
    pub amount: Option<Yen>,
    pub because: Because,
    /// Who may see that there is something to explain at all.
    pub audience: Audience,
    /// Id of the law that held.
    pub law: String,
    pub facts: Vec<ExplainedFact>,
    /// `pcs-e 1.1 (in force since 2024-12-18)`.
    pub terms: String,
    /// Id of a clause and our summary of it, in Japanese and English.
    pub clauses: Vec<(String, String, String)>,
    pub readings: Vec<ExplainedReading>,
    /// A parameter and the document that sets it otherwise (1-2).
    pub agreements: Vec<(String, String)>,
    /// Why the decision no longer stands, if so.
    pub retracted: Option<String>,
}

/// A fact on which the decision rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedFact {
    pub id: String,
    pub text: String,
    pub occurred_at: Moment,
    pub known_at: Moment,
    pub source: String,
}

/// A reading of an unclear text as it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedReading {
    pub id: String,
    pub question: String,
    /// Key of the chosen option.
    pub option: String,
    pub text: String,
    pub value: Option<String>,
    /// Who signed it when.
    pub signed: Option<(String, Day)>,
    /// The options that were not chosen.
    pub alternatives: Vec<String>,
    /// Counsel has yet to confirm the law on which it leans.
    pub unverified_law: bool,
}

impl Explanation {
    /// The same as somebody may read it as data: without amounts no number that could
    /// be one is left. Days and words stay.
    pub fn seen_with(mut self, amounts: Amounts) -> Explanation {
        if amounts == Amounts::Hidden {
            self.amount = None;
            self.because.numbers.retain(|_, value| value.is_string() || value.is_boolean());
        }
        self
    }
}

/// A label and what stands beside it; without a label it goes on with the row
/// before.
struct Row {
    label: String,
    text: String,
    /// Stands in a third column.
    detail: String,
}

/// No text pushes the third column further to the right than this.
const WIDEST_TEXT: usize = 48;

/// The explanation as text. What only staff may see (options not chosen, marks
/// of signature, law to be confirmed, stored values) is left out for others.
pub fn explain(explanation: &Explanation, reader: impl Into<Reader>, audience: Audience) -> String {
    let reader = reader.into();
    let language = reader.language;
    let staff = audience == Audience::Staff;
    if !staff && explanation.audience == Audience::Staff {
        return String::new();
    }
    let mut rows = clauses(explanation, language);
    rows.extend(explanation.readings.iter().flat_map(|r| reading(r, language, staff)));
    rows.extend(facts(explanation, language, staff));
    rows.extend(terms(explanation, language));
    if staff {
        rows.extend(values(explanation, language));
    }
    let mut lines = vec![heading(explanation, reader)];
    for (at, line) in explanation.because.arithmetic(reader).iter().enumerate() {
        let sign = if at == 0 { "  = " } else { "    " };
        lines.push(format!("{sign}{line}"));
    }
    lines.extend(aligned(&rows));
    lines.join("\n") + "\n"
}

fn heading(explanation: &Explanation, reader: Reader) -> String {
    let unknown = Words::new("名称のない規則", "rule without a name");
    let title = rule(explanation.because.rule_id()).map_or(unknown, |rule| rule.title);
    let title = title.of(reader.language);
    let amount = explanation.amount.filter(|_| reader.sees_amounts());
    let amount = amount.map(|amount| format!("  {}", yen(amount, reader)));
    let first = format!("{title}{}", amount.unwrap_or_default());
    format!("{}  {}", padded(&first, WIDEST_TEXT), explanation.heading)
}

fn clauses(explanation: &Explanation, language: Language) -> Vec<Row> {
    let row = |(id, ja, en): &(String, String, String)| Row::new(id, language.pick(ja, en));
    explanation.clauses.iter().map(row).collect()
}

fn reading(reading: &ExplainedReading, language: Language, staff: bool) -> Vec<Row> {
    let text = format!("{} {}", reading.question, reading.text);
    if !staff {
        return vec![Row::new(&reading.id, &text)];
    }
    let option = &reading.option;
    let value = reading.value.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
    let mut marks = vec![say!(language, "選択肢 {option}{value}", "option {option}{value}")];
    marks.push(match &reading.signed {
        Some((by, on)) => say!(language, "{on} {by} 署名", "signed {on} by {by}"),
        None => language.pick("未署名", "unsigned").to_owned(),
    });
    if reading.unverified_law {
        marks.push(language.pick("法令の確認待ち", "law to be confirmed by counsel").to_owned());
    }
    let marks = format!("{} {}", marks.join(language.pick("、", ", ")), staff_mark(language));
    let mut rows = vec![Row::new(&reading.id, &text), Row::new("", &marks)];
    for alternative in &reading.alternatives {
        let mark = staff_mark(language);
        let other =
            say!(language, "ほかの読み方：{alternative} {mark}", "or: {alternative} {mark}");
        rows.push(Row::new("", &other));
    }
    rows
}

fn staff_mark(language: Language) -> &'static str {
    language.pick("[社内]", "[staff]")
}

fn facts(explanation: &Explanation, language: Language, staff: bool) -> Vec<Row> {
    let mut label = language.pick("事実", "facts");
    let mut rows = Vec::new();
    for fact in &explanation.facts {
        let (source, known) = (&fact.source, fact.known_at.to_minute_text());
        let id = if staff { format!("  {}", fact.id) } else { String::new() };
        rows.push(Row {
            label: label.to_owned(),
            text: format!("{}  {}", fact.occurred_at.to_minute_text(), fact.text),
            detail: say!(language, "{source}、{known} 了知{id}", "{source}, known {known}{id}"),
        });
        label = "";
    }
    rows
}

fn terms(explanation: &Explanation, language: Language) -> Vec<Row> {
    let mut terms = explanation.terms.clone();
    if explanation.agreements.is_empty() {
        terms += language.pick("、関係する個別合意なし", "; no individual agreement touches this");
    }
    let mut rows = vec![Row::new(language.pick("規約", "terms"), &terms)];
    for (parameter, document) in &explanation.agreements {
        let text = say!(
            language,
            "個別合意 {document} が {parameter} を定める",
            "individual agreement {document} sets {parameter}"
        );
        rows.push(Row::new("", &text));
    }
    rows.push(Row::new(language.pick("規則", "rule"), &explanation.because.rule));
    rows.push(Row::new(language.pick("法", "law"), &explanation.law));
    if let Some(reason) = &explanation.retracted {
        rows.push(Row::new(language.pick("取消", "retracted"), reason));
    }
    rows
}

fn values(explanation: &Explanation, language: Language) -> Vec<Row> {
    let mut label = language.pick("設定値", "values");
    let mut rows = Vec::new();
    for (name, value) in &explanation.because.parameters {
        let text = format!("{name} = {} {}", plain(value), staff_mark(language));
        rows.push(Row::new(label, &text));
        label = "";
    }
    rows
}

impl Row {
    fn new(label: &str, text: &str) -> Row {
        Row { label: label.to_owned(), text: text.to_owned(), detail: String::new() }
    }
}

fn aligned(rows: &[Row]) -> Vec<String> {
    let labels = rows.iter().map(|row| width(&row.label)).max().unwrap_or(0);
    let with_detail = rows.iter().filter(|row| !row.detail.is_empty());
    let texts = with_detail.map(|row| width(&row.text)).max().unwrap_or(0).min(WIDEST_TEXT);
    let line = |row: &Row| {
        let label = padded(&row.label, labels);
        match row.detail.as_str() {
            "" => format!("  {label}  {}", row.text),
            detail => format!("  {label}  {}  {detail}", padded(&row.text, texts)),
        }
    };
    rows.iter().map(line).collect()
}
