//! Names of what stands in an account: dates, states and sums.

use super::Language;

/// The name of a date, state or sum of a preview; as it is when nobody knows it.
pub fn standing(name: &str, language: Language) -> &str {
    match name {
        "status" => language.pick("状態", "status"),
        "period_to" => language.pick("利用期間の末日", "last day of the period"),
        "renewal_limit" => language.pick("更新申出期限", "limit for objections"),
        "last_day" => language.pick("終わる日", "last day"),
        "outstanding" => language.pick("未収", "outstanding"),
        "credited" => language.pick("返還請求書による減額", "credited"),
        "paid_on" => language.pick("完済日", "paid on"),
        "late_interest" => language.pick("延滞利息", "late interest"),
        "rights" => language.pick("生じている権利", "open rights"),
        "held" => language.pick("仮受金", "money held"),
        "to_return" => language.pick("返還の承認済み", "approved for return"),
        "returned" => language.pick("返還済み", "returned"),
        other => other,
    }
}
