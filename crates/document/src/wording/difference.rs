//! Why two ways of charging differ, in words.

use contract::compare::{Difference, Rounding};
use contract::say;
use reckon::Yen;

use super::Language;

/// What the earlier way did otherwise, with the clause by which ours counts.
pub fn difference(difference: &Difference, language: Language) -> String {
    let fixed = |ja: &str, en: &str| language.pick(ja, en).to_owned();
    match difference {
        Difference::NotCharged => fixed(
            "従来の請求に、この料金がない（24-1）",
            "the earlier way does not charge this (24-1)",
        ),
        Difference::NotChargedWhileStopped => fixed(
            "従来は提供停止中の月を請求していない。停止中も料金は生じる（24-3）",
            "the earlier way charges nothing while suspended; the fee runs on (24-3)",
        ),
        Difference::UnknownContract => {
            fixed("この契約は記録にない", "the contract is not in the record")
        }
        Difference::UnknownLine => {
            fixed("契約にこの明細または品目がない", "the contract has no such line or item")
        }
        Difference::OutsideOfUse => fixed(
            "利用開始前、または終了後の月を請求している（24-1）",
            "it charges a month before use began or after its end (24-1)",
        ),
        Difference::NoUsageOnRecord => fixed(
            "取り込んだ利用明細に、この利用がない（23-1）",
            "no usage of this is on record (23-1)",
        ),
        Difference::NothingDue => fixed(
            "規約では、この月にこの料金は生じない",
            "the terms charge nothing of this kind in this month",
        ),
        Difference::OtherPrice { from, yen } => say!(
            language,
            "{from} からの単価 {yen} 円で計算している。月の1日の単価による（A-08）",
            "counted with the price of {yen} yen in force from {from}; that of the 1st holds (A-08)"
        ),
        Difference::ListPrice { yen } => say!(
            language,
            "個別合意の月額でなく料金表の {yen} 円で計算している（1-2）",
            "counted with the list price of {yen} yen, not the fee agreed (1-2)"
        ),
        Difference::Prorated { days, of } => say!(
            language,
            "{of} 日のうち {days} 日で日割りしている。日割りはしない（24-1、15-2）",
            "prorated by {days} of {of} days; months are charged whole (24-1, 15-2)"
        ),
        Difference::NotProrated => fixed(
            "開始月の全額を請求している。料金表はこの品目を日割りとする（A-20）",
            "the whole first month, which the price table prorates for this item (A-20)",
        ),
        Difference::Quantity { theirs } => {
            say!(language, "数量 {theirs} で計算している", "counted with a quantity of {theirs}")
        }
        Difference::WithTax => fixed(
            "税抜の金額に消費税が含まれている（24-1）",
            "the tax is in the amount without tax (24-1)",
        ),
        Difference::NotCapped => fixed(
            "品目の月額上限を適用していない（23-1）",
            "the monthly cap of the item was left out (23-1)",
        ),
        Difference::NotWaived => fixed(
            "ここで承認を得て免除した分を請求している（24-1）",
            "it asks for what was waived here with approval (24-1)",
        ),
        Difference::Months { theirs, ours } => say!(
            language,
            "最低利用期間の残りを {theirs} か月としている。{ours} か月である（14-2）",
            "it counts {theirs} months of the minimum term left; there are {ours} (14-2)"
        ),
        Difference::Unexplained => {
            fixed("理由を特定できない。人の確認が必要", "unexplained: somebody must look")
        }
        of_rounding => rounding_or_tax(of_rounding, language),
    }
}

fn rounding_or_tax(difference: &Difference, language: Language) -> String {
    let fixed = |ja: &str, en: &str| language.pick(ja, en).to_owned();
    match difference {
        Difference::Rounded { how } => {
            let how = rounding(*how, language);
            say!(
                language,
                "端数を{how}。明細ごとに切り捨てる（27-1、A-89）",
                "rounded {how}; each line is rounded down (27-1, A-89)"
            )
        }
        Difference::TaxRounded { how } => {
            let how = rounding(*how, language);
            say!(
                language,
                "消費税の端数を{how}。請求書の税率ごとに1回切り捨てる（27-1）",
                "tax rounded {how}; it is rounded down once per invoice and rate (27-1)"
            )
        }
        Difference::TaxRate { percent } => say!(
            language,
            "消費税率 {percent} % で計算している（A-84）",
            "taxed at {percent} % (A-84)"
        ),
        Difference::TaxOnUntaxed => fixed(
            "消費税の対象でない延滞利息などにも課税している（26-1）",
            "it taxes what bears no tax, such as late interest (26-1)",
        ),
        Difference::TaxByOtherInvoices => fixed(
            "請求書の分け方が異なり、消費税の切捨ての回数が異なる（27-1）",
            "other invoices, so that the tax is rounded another number of times (27-1)",
        ),
        _ => fixed("上の明細の差にかかる消費税", "the tax on the lines that differ"),
    }
}

fn rounding(how: Rounding, language: Language) -> &'static str {
    match how {
        Rounding::HalfUp => language.pick("四捨五入している", "half up"),
        Rounding::Up => language.pick("切り上げている", "up"),
        Rounding::DownOnSum => language.pick("合計で1回だけ切り捨てている", "down once on the sum"),
        Rounding::HalfUpOnSum => {
            language.pick("合計で1回だけ四捨五入している", "half up once on the sum")
        }
        Rounding::DownByLine => language.pick("明細ごとに切り捨てている", "down on each line"),
        Rounding::HalfUpByLine => {
            language.pick("明細ごとに四捨五入している", "half up on each line")
        }
    }
}

/// A difference in yen with its sign: `+1,200` or `−30`.
pub fn signed(amount: Yen) -> String {
    match amount.0 {
        0 => "0".to_owned(),
        more if more > 0 => format!("+{amount}"),
        _ => format!("−{}", -amount),
    }
}
