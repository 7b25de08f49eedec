//! The workbook of what an earlier way charged for one service month (並行請求の
//! 照合), to be compared with what the terms say. Format: `docs/migration.md`.

use std::collections::BTreeMap;

use contract::declare::words::Sentence;
use contract::money::invoice::ChargeKind;
use contract::sentence;
use reckon::Yen;

use super::layout::{CHARGE_KINDS, CHARGED, CHARGED_INVOICES, CHARGED_SHEETS};
use super::read::chosen;
use super::table::{RowReader, tables};
use super::write::{KEEP_HEADINGS, build};
use crate::cell_value::{self, Refusal};
use crate::fault::{Fault, Faults};
use crate::guard::guarded;
use crate::paper::unwritable;

/// A row of the sheet 請求書 with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargedInvoice {
    /// Row of the sheet, from 1.
    pub row: u32,
    pub number: String,
    pub tax: Yen,
    /// With tax.
    pub total: Yen,
    pub lines: Vec<ChargedLine>,
}

/// A row of the sheet 請求明細.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargedLine {
    pub row: u32,
    /// As it is written: of the earlier book or of this one.
    pub contract: String,
    pub line: Option<u32>,
    pub kind: ChargeKind,
    pub item: String,
    /// Without tax.
    pub amount: Yen,
}

/// Reads a workbook of what was charged.
///
/// # Errors
/// Every fault with its sheet and cell. A workbook with any fault is refused whole,
/// so that no comparison rests on half of it.
pub fn read_charged(file: &str, bytes: &[u8]) -> Result<Vec<ChargedInvoice>, Vec<Fault>> {
    guarded(file, || {
        let mut faults = Faults::of(file);
        let tables = tables(bytes, CHARGED_SHEETS, &mut faults);
        let (mut invoices, mut lines) = (Vec::new(), Vec::new());
        let mut places = BTreeMap::new();
        for table in &tables {
            for row in table.rows.keys() {
                let mut reader = RowReader { table, row: *row, faults: &mut faults };
                match table.sheet {
                    CHARGED => lines.extend(line(*row, &mut reader)),
                    _ => invoices.extend(invoice(*row, &mut reader)),
                }
            }
            places.insert(table.sheet, table);
        }
        if faults.count() == 0 {
            put_together(&mut invoices, lines, &mut |(sheet, row, head), problem, remedy| {
                if let Some(table) = places.get(sheet) {
                    RowReader { table, row, faults: &mut faults }.refuse(head, problem, remedy);
                }
            });
        }
        faults.refuse_or(Some(invoices))
    })
}

fn invoice(row: u32, reader: &mut RowReader<'_>) -> Option<ChargedInvoice> {
    let number = reader.required("旧請求番号", cell_value::text);
    let tax = reader.required("消費税額", cell_value::signed_yen);
    let total = reader.required("請求額(税込)", cell_value::signed_yen);
    Some(ChargedInvoice { row, number: number?, tax: tax?, total: total?, lines: Vec::new() })
}

fn line(row: u32, reader: &mut RowReader<'_>) -> Option<(String, ChargedLine)> {
    let invoice = reader.required("旧請求番号", cell_value::text);
    let contract = reader.required("契約番号", cell_value::text);
    let line = reader.optional("明細番号", cell_value::count);
    let kind = reader.required("種別", charge_kind);
    let item = reader.optional("品目コード", cell_value::text);
    let amount = reader.required("金額(税抜)", cell_value::signed_yen);
    let item = item.or(match kind? {
        ChargeKind::LateInterest => Some("LATE-INTEREST".to_owned()),
        ChargeKind::CostRecovery => Some("COST-RECOVERY".to_owned()),
        _ => None,
    });
    if item.is_none() {
        let problem = sentence!("料金には品目が必要です", "a fee is charged for an item");
        let remedy =
            sentence!("料金表の品目コードを記入してください", "write the code of the price table");
        reader.refuse("品目コード", problem, remedy);
    }
    let line =
        ChargedLine { row, contract: contract?, line, kind: kind?, item: item?, amount: amount? };
    Some((invoice?, line))
}

fn charge_kind(text: &str) -> Result<ChargeKind, Refusal> {
    Ok(match chosen(text, &CHARGE_KINDS)? {
        "月額料金" => ChargeKind::MonthlyFee,
        "従量料金" => ChargeKind::Usage,
        "最低利用期間残余分" => ChargeKind::EarlyTermination,
        "延滞利息" => ChargeKind::LateInterest,
        _ => ChargeKind::CostRecovery,
    })
}

type Cell = (&'static str, u32, &'static str);

/// Lines under their invoices; `refuse` hears what does not fit together.
fn put_together(
    invoices: &mut [ChargedInvoice],
    lines: Vec<(String, ChargedLine)>,
    refuse: &mut dyn FnMut(Cell, Sentence, Sentence),
) {
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    for (at, invoice) in invoices.iter().enumerate() {
        let earlier = rows.insert(invoice.number.clone(), at);
        if let Some(earlier) = earlier {
            let other = invoices[earlier].row;
            let problem =
                sentence!("{other} 行目にも同じ番号があります", "it stands in row {other} too");
            let remedy = sentence!(
                "請求ごとに別の番号を記入してください",
                "give every invoice its own number"
            );
            refuse((CHARGED_INVOICES, invoice.row, "旧請求番号"), problem, remedy);
        }
    }
    for (number, line) in lines {
        match rows.get(&number) {
            Some(at) => invoices[*at].lines.push(line),
            None => {
                let problem = sentence!(
                    "シート「請求書」に請求 {number} がありません",
                    "the sheet 請求書 has no invoice {number}",
                );
                let remedy = sentence!(
                    "消費税額と請求額を添えて、その行を加えてください",
                    "add its row there, with its tax and total",
                );
                refuse((CHARGED, line.row, "旧請求番号"), problem, remedy);
            }
        }
    }
    for invoice in invoices {
        let net: Yen = invoice.lines.iter().map(|line| line.amount).sum();
        if net + invoice.tax != invoice.total {
            let (tax, total) = (invoice.tax, invoice.total);
            let problem = sentence!(
                "明細の合計 {net} 円と消費税 {tax} 円を足しても {total} 円になりません",
                "its lines come to {net} and the tax to {tax}, which is not {total}",
            );
            let remedy = sentence!(
                "請求書で明細、消費税、請求額を確かめてください",
                "compare lines, tax and total with the invoice",
            );
            refuse((CHARGED_INVOICES, invoice.row, "請求額(税込)"), problem, remedy);
        }
    }
}

/// Writes the workbook of what was charged: the documented template when `rows` is
/// empty, or with these rows, by sheet and in the order of its columns.
///
/// ```
/// let template = document::write_charged(&Default::default()).unwrap();
/// assert!(document::read_charged("template.xlsx", &template).unwrap().is_empty());
/// ```
///
/// # Errors
/// When a text exceeds what an Excel cell can hold.
pub fn write_charged(rows: &BTreeMap<String, Vec<Vec<String>>>) -> Result<Vec<u8>, Box<Fault>> {
    let notes = [
        KEEP_HEADINGS,
        "1つの利用月の請求だけを書いてください。対象の月は照合する時に指定します。",
        "1か所でも誤りがあれば照合しません。このファイルからは何も登録されません。",
    ];
    build("並行請求の照合", &notes, CHARGED_SHEETS, rows)
        .map_err(|error| unwritable("請求の照合.xlsx", &error))
}
