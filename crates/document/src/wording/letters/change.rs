//! What a change contract changes (9-7), in one line each.

use contract::application::receiving::Change;

use crate::wording::Language;
use crate::wording::figures::{written_day, yen};

/// A change in words. `item` gives the printed name of an item code, `line` that of
/// a line of the contract.
pub fn change_in_words(
    change: &Change,
    item: impl Fn(&str) -> String,
    line: impl Fn(u32) -> String,
) -> String {
    let yen = |amount| yen(amount, Language::Japanese);
    match change {
        Change::AddLine { line } => {
            let (number, name, start) = (line.number, item(&line.item), written_day(line.start));
            format!("明細{number}を追加：{name} × {}、{start}から", line.quantity)
        }
        Change::SetQuantity { line: number, quantity } => {
            format!("明細{number}（{}）の数量を{quantity}に変更", line(*number))
        }
        Change::SetAgreedFee { line: number, fee } => {
            format!("明細{number}（{}）の月額単価を{}（税抜）に変更", line(*number), yen(*fee))
        }
        Change::SpecialTerm { term } => format!("特約を追加：{}", term.document),
        Change::RemoveLine { line: number, last_day, residual } => {
            let residual = match residual.is_zero() {
                true => String::new(),
                false => format!("（最低利用期間の残余分 {}、税抜）", yen(*residual)),
            };
            let last_day = written_day(*last_day);
            format!("明細{number}（{}）を{last_day}をもって終了{residual}", line(*number))
        }
    }
}
