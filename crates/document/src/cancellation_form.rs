//! The cancellation form (解約申込書, 15-1) as an .xlsx file, read and written.

use reckon::Day;
use rust_xlsxwriter::XlsxError;
use serde::{Deserialize, Serialize};

use crate::cell_value;
use crate::fault::{Fault, Faults};
use crate::form_reader::FormReader;
use crate::paper::{Cell, Entry, Paper, unwritable};
use crate::sheet::Sheet;

const SHEET: &str = "解約申込書";
const TITLE: &str = "パートナークラウドサービス 解約申込書";
const FILE: &str = "解約申込書.xlsx";

/// A cancellation form with the names by which its contract is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancellationSheet {
    /// 会社名 as written: the caller compares it with the contract's.
    pub company: String,
    /// 契約番号.
    pub contract: String,
    /// 解除希望日, if one is written.
    pub desired: Option<Day>,
    /// 署名者 as written, perhaps with a title.
    pub signed_by: String,
}

/// Reads a filled cancellation form. 解除希望日 may be empty (15-1).
///
/// # Errors
/// Every missing or false field with its cell, such as `解約申込書!C5`.
pub fn read_cancellation(file: &str, bytes: &[u8]) -> Result<CancellationSheet, Vec<Fault>> {
    let sheet = Sheet::open(file, bytes, SHEET)?;
    let mut form = FormReader { sheet: &sheet, faults: Faults::of(file) };
    let company = form.required("会社名", cell_value::text);
    let contract = form.required("契約番号", cell_value::text);
    let desired = form.optional("解除希望日", cell_value::day);
    let signed_by = form.required("署名者", cell_value::text);
    let content = match (company, contract, signed_by) {
        (Some(company), Some(contract), Some(signed_by)) => {
            Some(CancellationSheet { company, contract, desired, signed_by })
        }
        _ => None,
    };
    form.faults.refuse_or(content)
}

/// Writes the cancellation form: blank with `None`, or filled.
///
/// ```
/// let blank = document::write_cancellation(None).unwrap();
/// let faults = document::read_cancellation("blank.xlsx", &blank).unwrap_err();
/// let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
/// assert_eq!(fields, ["会社名", "契約番号", "署名者"]);
/// ```
///
/// # Errors
/// When a text exceeds what an Excel cell can hold.
pub fn write_cancellation(filled: Option<&CancellationSheet>) -> Result<Vec<u8>, Box<Fault>> {
    build(filled).map_err(|error| unwritable(FILE, &error))
}

fn build(filled: Option<&CancellationSheet>) -> Result<Vec<u8>, XlsxError> {
    let text = |part: fn(&CancellationSheet) -> &str| {
        filled.map_or(Entry::Blank, |sheet| Entry::text(part(sheet)))
    };
    let desired = filled.and_then(|sheet| sheet.desired).map_or(Entry::Blank, Entry::Day);
    let cell = |label, required, hint| Cell { label, required, hint, choices: &[] };
    let mut paper = Paper::new(SHEET, TITLE, &["※ は必須項目です。"])?;
    paper.section("ご契約")?;
    paper.field(&cell("会社名", true, "登記上の名称"), &text(|sheet| &sheet.company))?;
    paper
        .field(&cell("契約番号", true, "承諾メールに記載の番号"), &text(|sheet| &sheet.contract))?;
    paper.section("解除")?;
    paper.field(&cell("解除希望日", false, "任意 例 2026-04-01"), &desired)?;
    paper.field(&cell("署名者", true, "役職及び氏名"), &text(|sheet| &sheet.signed_by))?;
    paper.into_bytes(TITLE)
}
