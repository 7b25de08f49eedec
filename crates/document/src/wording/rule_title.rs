//! The name of every rule.

use super::Language;

/// What a rule of the table decides, as a short name.
pub fn rule_title(rule_id: &str, language: Language) -> &'static str {
    let found = TITLES.iter().find(|(id, _, _)| *id == rule_id);
    found.map_or(language.pick("名称のない規則", "rule without a name"), |(_, ja, en)| {
        language.pick(ja, en)
    })
}

const TITLES: &[(&str, &str, &str)] = &[
    ("recorded", "登録", "registration"),
    ("terms_assent", "利用規約の承諾", "assent to the terms"),
    ("paper_form_duty", "紙の申込書の送付", "duty to send the paper form"),
    ("review", "申込の審査", "review of the application"),
    ("data_change", "登録内容の変更", "change of registered data"),
    ("formation", "契約の成立", "formation of the contract"),
    ("takeover", "契約の引継ぎ", "takeover of a contract"),
    ("receivable_takeover", "売掛金の引継ぎ", "takeover of a receivable"),
    ("minimum_term_takeover", "引き継いだ最低利用期間", "minimum term as taken over"),
    ("change_formation", "変更契約の成立", "formation of a change"),
    ("order_acceptance_duty", "申込請書の送付", "duty to send the order acceptance"),
    ("order_acceptance", "申込請書の内容", "content of the order acceptance"),
    ("refusal", "申込の不承諾", "refusal"),
    ("withdrawal", "申込の撤回", "withdrawal"),
    ("minimum_term", "最低利用期間", "minimum term"),
    ("extension", "自動延長", "automatic extension"),
    ("non_renewal", "延長しない旨の申出", "objection to the extension"),
    ("statement_late", "期限後の申出", "late objection"),
    ("expiry", "期間満了", "expiry"),
    ("cancel_effective", "解除日の決定", "cancellation day"),
    ("arrival_confirmation", "到達の確認", "confirmation of an arrival"),
    ("cancel_channel", "解除の申込方法", "channel of cancellation"),
    ("payable_at_arrival", "申込書到達時の未払い", "payable on arrival of the form"),
    ("receipt_notice", "受領通知の内容", "content of the receipt notice"),
    ("cancelled", "契約者からの解除", "cancellation by the customer"),
    ("cancellation_agreed", "解除についての合意", "agreement on a cancellation"),
    ("month_end_offer", "月末までの利用の案内", "offer of the end of the month"),
    ("terminated", "当社からの解除", "termination by the provider"),
    ("termination_notice", "解除通知の内容", "content of the notice of termination"),
    ("final_settlement", "解除時の清算", "settlement on termination"),
    ("early_termination", "最低利用期間の残余分", "remaining minimum-term charge"),
    ("line_removal", "明細の削除", "removal of a line"),
    ("monthly_fee", "月額料金", "monthly fee"),
    ("last_month_fee", "最終月の料金", "fee of the last month"),
    ("fee_while_stopped", "停止中の料金", "fee while suspended"),
    ("usage_fee", "従量料金", "usage fee"),
    ("cost_recovery", "撤回に伴う費用", "costs of a withdrawal"),
    ("invoice_tax", "消費税", "consumption tax"),
    ("due_date", "支払期日", "due date"),
    ("cash_application", "入金の充当", "application of a payment"),
    ("overpayment", "過入金", "overpayment"),
    ("offset", "仮受金との相殺", "set-off against money held"),
    ("return_of_held", "仮受金の返還", "return of money held"),
    ("application_undone", "充当の取消し", "application taken back"),
    ("credit_note", "返還請求書による減額", "reduction by a credit note"),
    ("waiver", "請求の免除", "waiver"),
    ("overdue", "支払の遅れ", "overdue payment"),
    ("late_interest", "延滞利息", "late interest"),
    ("suspension_right", "提供を停止できる時期", "right to suspend"),
    ("arrears_right", "滞納により解除できる時期", "right to terminate for arrears"),
    ("uncured_breach", "是正催告後の不是正", "breach not cured after a demand"),
    ("judged_ground", "解除の事由の判断", "ground judged by a person"),
    ("suspension", "提供停止", "suspension"),
    ("start_due", "提供開始の登録", "start to be registered"),
    ("resumption", "提供再開", "resumption"),
    ("accounts_closed", "アカウントの閉鎖", "closing of accounts"),
    ("material_disposal", "契約者による資料の廃棄", "disposal by the customer"),
    ("erasure_due", "消去の義務", "duty to erase"),
    ("secrecy", "秘密保持の期間", "period of secrecy"),
    ("erasure", "消去", "erasure"),
    ("correction", "訂正", "correction"),
    ("edition", "規則の改訂", "newer edition of the rules"),
    ("no_effect", "効力なし", "no effect"),
    ("mail_refused", "メールの不送信", "mail that was not sent"),
];

#[cfg(test)]
mod tests {
    use contract::declare::rules::RULES;

    use super::{TITLES, rule_title};
    use crate::wording::Language;

    #[test]
    fn every_rule_has_a_title_in_both_languages() {
        for rule in RULES {
            assert!(TITLES.iter().any(|(id, _, _)| *id == rule.id), "no title for {}", rule.id);
            assert!(!rule_title(rule.id, Language::Japanese).is_ascii(), "{}", rule.id);
            assert!(rule_title(rule.id, Language::English).is_ascii(), "{}", rule.id);
        }
        assert_eq!(TITLES.len(), RULES.len());
    }
}
