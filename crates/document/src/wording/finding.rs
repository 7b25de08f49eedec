//! One line for every finding of the rules on acts.

use contract::declare::reason::Finding;
use contract::say;

use super::{Language, names};

/// A ground or an obstacle in one line, with its clause. Findings about 9-10
/// are for staff: the caller minds [`Finding::audience`].
pub fn finding(finding: &Finding, language: Language) -> String {
    let Finding { clause, code, detail, .. } = finding;
    let detail = detail_words(code, detail, language);
    let known = WORDS.iter().find(|(known, _, _)| known == code);
    let words = known.map_or(code.as_str(), |(_, ja, en)| language.pick(ja, en));
    let clause = match clause.as_str() {
        "roles" => language.pick("権限", "roles").to_owned(),
        "takeover" => language.pick("引継ぎ", "takeover").to_owned(),
        clause if matches!(code.as_str(), "ground_for_refusal" | "no_open_right") => {
            names::clause_and_ground(clause, language)
        }
        clause => clause.to_owned(),
    };
    match detail.as_str() {
        "" => say!(language, "{words}（{clause}）", "{words} ({clause})"),
        detail => say!(language, "{words}（{clause}、{detail}）", "{words} ({clause}, {detail})"),
    }
}

/// Details that the rules give by an English word.
fn detail_words(code: &str, detail: &str, language: Language) -> String {
    let translated = match code {
        // Who it was stands beside it, by name.
        "not_permitted" | "same_person" => Some(language.pick("", detail)),
        "ends_in_mid_month" => detail.split(' ').next(),
        "check_missing" | "check_failed" | "check_expired" => {
            let (kind, rest) = detail.split_once(' ').unwrap_or((detail, ""));
            let known = CHECKS.iter().find(|(word, _, _)| *word == kind);
            let kind = known.map_or(kind, |(_, ja, en)| language.pick(*ja, *en));
            return [kind, rest].join(" ").trim_end().to_owned();
        }
        "already_answered" | "channel_not_prescribed" => DETAILS
            .iter()
            .find(|(word, _, _)| *word == detail)
            .map(|(_, ja, en)| language.pick(*ja, *en)),
        _ => None,
    };
    translated.unwrap_or(detail).to_owned()
}

const WORDS: &[(&str, &str, &str)] = &[
    ("unknown_subject", "対象が存在しない", "there is no such thing"),
    ("not_permitted", "この役割では行えない", "this role may not do it"),
    (
        "same_person",
        "前の手順と別の人が行う必要がある",
        "somebody other than the person before must do it",
    ),
    ("other_account", "別の契約者に関するものである", "it concerns another customer"),
    ("above_limit", "承認できる金額を超える", "the amount is above what this person may approve"),
    ("not_by_proposal", "起案を要しない行為である", "it is done without a proposal"),
    ("no_open_proposal", "承認待ちの起案がない", "no such proposal waits for an answer"),
    ("not_what_was_proposed", "起案された内容と異なる", "it is not what was proposed"),
    (
        "ground_for_refusal",
        "承諾しないことができる事由がある",
        "there is a ground on which it may be refused",
    ),
    (
        "channel_not_prescribed",
        "定められた申込方法ではない",
        "the application came on a channel that is not prescribed",
    ),
    (
        "ends_in_mid_month",
        "利用期間が月の途中で終わる",
        "the period of use ends in the middle of a month",
    ),
    (
        "agreement_not_applicable",
        "個別合意を適用できない",
        "an individual agreement cannot be applied",
    ),
    (
        "agreement_not_carried_out",
        "記録されるが、この版の計算には反映されない個別合意がある",
        "an individual agreement is recorded, but no rule of this version carries it out",
    ),
    ("item_without_price", "料金表にない品目がある", "an item is not in the price table"),
    (
        "contract_not_running",
        "変更する契約が継続中でない",
        "the contract to be changed is not running",
    ),
    (
        "form_with_faults",
        "申込書に不備があり、承諾できる内容がない",
        "the form has faults: there is nothing in it to accept",
    ),
    ("already_answered", "申込には対応済み", "the application has been answered"),
    ("unverified_takeover", "引継ぎの内容が未確認", "what was taken over has not been verified"),
    ("not_taken_over", "引き継いだ契約ではない", "the contract was not taken over"),
    ("already_transferred", "契約は譲渡済み", "the contract has been transferred"),
    ("no_written_consent", "書面による承諾がない", "there is no consent in writing"),
    ("consent_too_late", "承諾が譲渡の日より後", "the consent is later than the transfer"),
    ("already_verified", "確認済み", "it has been verified already"),
    (
        "fee_paid",
        "支払済みの料金は返還も免除もできない（未払額）",
        "a fee that was paid is neither returned nor waived (still open)",
    ),
    (
        "no_fault_of_provider",
        "当社の故意・過失の記録がないため、利用分の料金は免除できない",
        "no fault of the provider is recorded, so usage is owed",
    ),
    (
        "not_the_expiry",
        "いまの利用期間の満了日ではない",
        "it is not the day on which the present period of use ends",
    ),
    ("already_asked", "既に求めている", "it has been asked for already"),
    (
        "later_usage_rests_on_it",
        "あとから取り込んだ明細が、この取込みの行を置き換え、または訂正している。先にそちらを取り消す",
        "later rows replaced or corrected some of this import: void those first",
    ),
    (
        "ground_taken_away",
        "解除の事由がなくなっている。先に解除を取り消すか、別の事由で解除し直す",
        "the ground of the termination is gone: void the termination first, or terminate on another ground",
    ),
    ("line_exists", "その番号の明細は既にある", "the contract has a line of this number already"),
    ("no_such_line", "その番号の明細がない", "the contract has no line of this number"),
    ("no_such_ground", "不承諾の事由に当たらない", "it is no ground of refusal"),
    ("contract_ended", "契約は終了している", "the contract has ended"),
    ("not_in_service", "サービスを提供中でない", "the service is not being provided"),
    (
        "insolvency_lock",
        "倒産手続の申立て等の判断があり、法務が制限を解除するまで停止も解除もできない",
        "an insolvency was found: neither suspension nor termination before legal releases it",
    ),
    ("not_suspended", "停止中でない", "the service is not suspended"),
    ("contract_running", "契約が継続中である", "the contract is still running"),
    ("check_missing", "承諾の前に要る確認がまだない", "a check that acceptance needs is missing"),
    ("check_failed", "承諾の前に要る確認の結果が否", "a check that acceptance needs failed"),
    (
        "check_expired",
        "承諾の前に要る確認の有効期限が過ぎた",
        "a check that acceptance needs has expired",
    ),
    (
        "resembles_terminated",
        "当社が解除した他の契約者と共通点がある",
        "it resembles a customer whose contract was terminated",
    ),
    ("no_such_quote", "申込書にある見積番号がない", "the quotation that it names does not exist"),
    (
        "quote_expired",
        "申込みが見積の有効期限を過ぎていた",
        "the quotation had expired when it was applied for",
    ),
    (
        "order_amount_differs",
        "発注書と見積の金額が異なる",
        "the purchase order and the quotation state different amounts",
    ),
    (
        "quote_of_another_company",
        "見積は別の会社に宛てたもの",
        "the quotation was made for another company",
    ),
    (
        "quote_period_differs",
        "利用期間が見積と異なる",
        "the period of use differs from the quotation",
    ),
    ("quote_line_missing", "見積の明細が申込にない", "a line of the quotation is not applied for"),
    ("quote_line_added", "見積にない明細が申込にある", "a line is applied for that is not quoted"),
    ("quote_item_differs", "品目が見積と異なる", "an item differs from the quotation"),
    ("quote_quantity_differs", "数量が見積と異なる", "a quantity differs from the quotation"),
    ("quote_start_differs", "開始日が見積と異なる", "a start differs from the quotation"),
    (
        "quote_term_differs",
        "最低利用期間が見積と異なる",
        "a minimum term differs from the quotation",
    ),
    ("quote_price_differs", "単価が見積と異なる", "a price differs from the quotation"),
    ("no_such_arrival", "確認を待つ到達がない", "no such arrival waits for a word"),
    ("arrival_confirmed", "到達は確認済み", "the arrival has been confirmed"),
    ("arrival_declined", "到達は認めないとされた", "the arrival has been declined"),
    ("already_ordered", "消去は指示済み", "the erasure has been ordered"),
    ("not_ordered", "消去の指示がまだない", "no erasure has been ordered"),
    ("already_erased", "消去済み", "everything has been erased"),
    ("no_such_entry", "その登録がない", "there is no such entry"),
    ("already_voided", "既に取り消されている", "it has been voided already"),
    (
        "not_voidable",
        "実際に行われたことであり、取消しではなく新しい文書や行為で改める",
        "it did happen: it is mended by a new document or act, not by voiding it",
    ),
    ("other_kind", "同じ種類の登録ではない", "it is not an entry of the same kind"),
    ("in_the_future", "まだ到来していない日時である", "it lies in the future"),
    ("in_the_past", "既に過ぎた日である", "the day has passed"),
    ("amount_differs", "金額が異なる", "the amount is another"),
    ("no_amount", "金額が正しくない", "the amount makes no sense"),
    ("same_account", "同じ契約者である", "it is the same account"),
    (
        "nothing_to_credit",
        "請求しすぎた金額がない",
        "nothing was charged in excess up to this month",
    ),
    ("not_applied", "その入金は充当されていない", "nothing of this payment was applied to it"),
    ("not_so_much_held", "仮受金が足りない", "not so much is held"),
    ("above_outstanding", "未払額を超える", "it is more than what is unpaid"),
    ("no_such_interest", "その額の延滞利息がない", "not so much late interest is owed"),
    ("no_such_charge", "その額の料金がない", "there is no such charge, or it is smaller"),
    (
        "not_an_amendment",
        "成立した変更契約の申込ではない",
        "it is no application for a change that was accepted",
    ),
    ("already_charged", "既に請求対象である", "its costs are charged already"),
    (
        "service_started",
        "利用開始後の変更には第9条第9項の費用が生じない",
        "the service had begun: 9-9 gives no costs then",
    ),
    ("no_such_form", "その解約申込書がない", "there is no such cancellation form"),
    ("no_consent", "契約者の同意書がない", "the paper with the customer's consent is missing"),
    (
        "last_line",
        "最後の明細であり、契約の解除による",
        "it is the last line: the contract would have to be cancelled",
    ),
    (
        "shorter_than_notice",
        "解除の申込に必要な営業日数より短い",
        "it leaves less than the notice that 15-1 asks for",
    ),
    (
        "residual_differs",
        "最低利用期間の残余分の計算額と異なる",
        "it differs from what the rest of the minimum term comes to",
    ),
    ("no_open_right", "挙げられた事由による権利が生じていない", "no right on this ground is open"),
];

const CHECKS: &[(&str, &str, &str)] = &[
    ("anti_social", "反社会的勢力の確認", "check for anti-social forces"),
    ("credit", "与信の確認", "credit check"),
];

const DETAILS: &[(&str, &str, &str)] = &[
    ("Received", "受付済み", "received"),
    ("Accepting", "承諾メール送信待ち", "acceptance mail on its way"),
    ("Formed", "契約成立済み", "contract formed"),
    ("Refused", "不承諾", "refused"),
    ("Withdrawn", "撤回", "withdrawn"),
    ("WithdrawnAfterFormation", "成立後の撤回", "withdrawn after formation"),
    ("Email", "電子メール", "mail"),
    ("Homepage", "ホームページ", "homepage"),
    ("Paper", "書面", "paper"),
    ("Portal", "ポータル", "portal"),
    ("Other", "その他", "other"),
];

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::WORDS;

    fn sources(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let read = |path: PathBuf| match path.is_dir() {
            true => sources(&path),
            false => vec![std::fs::read_to_string(path).unwrap()],
        };
        entries.flat_map(read).collect()
    }

    /// Every code that a rule gives has words here.
    #[test]
    fn every_code_has_words() {
        let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/src"));
        let calls = sources.iter().flat_map(|source| {
            ["Finding::blocking(", "Finding::warning(", "block("].map(|call| (source, call))
        });
        let mut found = 0;
        for (source, call) in calls {
            for rest in source.split(call).skip(1) {
                let arguments = rest.split(')').next().unwrap_or_default();
                let code = arguments.split(',').nth(1).unwrap_or_default().trim();
                let Some(code) = code.strip_prefix('"').and_then(|c| c.strip_suffix('"')) else {
                    continue;
                };
                found += 1;
                assert!(WORDS.iter().any(|(known, _, _)| *known == code), "no words for {code}");
            }
        }
        // Some codes are picked from several before the call.
        assert!(found > 50, "{found} calls");
    }
}
