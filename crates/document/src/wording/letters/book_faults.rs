//! Faults of the workbook of an earlier book in Japanese, for whoever fills it in.
//! `{}` stands for what the fault names.

/// What is wrong, in Japanese.
pub(super) fn problem(english: &str) -> Option<String> {
    told(PROBLEMS, english)
}

/// A line of what should be looked at (`契約!O2, 請求開始月: …`), in Japanese.
pub fn warning(line: &str) -> String {
    let told = line.split_once(": ").and_then(|(place, what)| Some((place, problem(what)?)));
    told.map_or_else(|| line.to_owned(), |(place, what)| format!("{place}：{what}"))
}

/// What to do about it, in Japanese.
pub(super) fn remedy(english: &str) -> Option<String> {
    told(REMEDIES, english)
}

fn told(table: &[(&str, &str)], english: &str) -> Option<String> {
    table.iter().find_map(|(pattern, japanese)| {
        let named = named(pattern, english)?;
        let filled = |text: String, one: &&str| text.replacen("{}", one, 1);
        Some(named.iter().fold((*japanese).to_owned(), filled))
    })
}

/// What stands at each `{}` of a pattern, when the text follows it.
fn named<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let at = match (part, parts.peek()) {
            ("", None) => rest.len(),
            (part, None) => rest.strip_suffix(part)?.len(),
            (part, Some(_)) => rest.find(part)?,
        };
        found.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(found)
}

const PROBLEMS: &[(&str, &str)] = &[
    (
        "the first run charges {} past months, from {}",
        "最初の請求で、過ぎた {} か月分（{} から）を請求します",
    ),
    (
        "the minimum term to {} outlasts the running period",
        "最低利用期間（{} まで）が、いまの利用期間より長く続きます",
    ),
    (
        "{} is kept, but no rule of this version carries it out",
        "{} は記録しますが、この版の規則はこれを実行しません",
    ),
    (
        "the period of use ends on {}, before it begins on {}",
        "期間の終了日 {} が開始日 {} より前です",
    ),
    ("the line has no day on which its use begins", "明細に利用開始日がありません"),
    (
        "the minimum term ends on {}, before use began on {}",
        "最低利用期間の終了日 {} が利用開始日 {} より前です",
    ),
    (
        "a line that has not started has no minimum term to {} yet",
        "利用開始前の明細に、最低利用期間の終了日 {} は決まりません",
    ),
    (
        "on this channel a notice takes effect when it arrives (3-2)",
        "この方法の通知は、到達した時に効力を生じます（3-2）",
    ),
    ("a receipt notice names a day", "受領通知には解除日が必要です"),
    ("the notice has no day of sending", "受領通知の送信日がありません"),
    ("the row changes nothing", "この行では何も変わりません"),
    ("it was due on {}, before it was issued on {}", "支払期日 {} が発行日 {} より前です"),
    ("nothing of it is unpaid", "未収額がありません"),
    ("a payment is more than nothing", "入金額は 1 円以上です"),
    ("{} is no year", "{} は年ではありません"),
    ("the line {} stands twice", "明細番号 {} が二度あります"),
    ("the number {} stands in row {} too", "番号 {} は {} 行目にもあります"),
    ("row {} names this company {}", "{} 行目では、この法人番号の会社名は {} です"),
    ("the sheet 「{}」 has no contract {}", "シート「{}」に契約 {} がありません"),
    (
        "the receipt notice was sent before the form arrived",
        "受領通知の送信日が、申込書の到達日より前です",
    ),
    ("the cancellation takes effect before its form arrived", "解除日が、申込書の到達日より前です"),
    ("the contract has no line {}", "この契約に明細 {} はありません"),
    (
        "the change is before {}, the first day charged here",
        "変更日が、ここで請求を始める日 {} より前です",
    ),
    ("the invoice {} stands twice", "請求番号 {} が二度あります"),
    ("the contracts belong to several companies", "契約が複数の会社にまたがっています"),
    ("the sheet 「{}」 has no invoice {}", "シート「{}」に請求 {} がありません"),
    ("{} of {} stands twice", "系列 {} の {} 年が二度あります"),
    ("the sheet 「{}」 has no line of this contract", "シート「{}」にこの契約の明細がありません"),
    (
        "{} yen less part payments of {} yen leave {} yen, not {}",
        "{} 円から一部入金 {} 円を引くと {} 円で、{} 円ではありません",
    ),
    ("{} is {} here and {} in the sheets", "{}は、ここでは {}、シートでは {} です"),
    ("nothing is read from a sheet 「{}」", "シート「{}」は読み取りません"),
    ("the heading stands twice", "見出しが二度あります"),
    ("nobody knows this heading", "この見出しはワークブックにありません"),
    ("the heading 「{}」 is missing", "見出し「{}」がありません"),
    ("{} is later than today, {}", "{} は今日（{}）より後です"),
    ("the terms have no version {}", "規約に {} 版はありません"),
    ("the price table has no item {}", "料金表に品目 {} がありません"),
    ("{} has no price on the first of {}", "品目 {} には {} 1日の価格がありません"),
    ("the terms have no parameter {}", "規約に条項パラメータ {} はありません"),
    ("{} was given here already", "{} はここですでに付けた番号です"),
    ("{} is a number that is still to be given here", "{} は、これからここで付ける番号です"),
    ("this contract was over on {}", "この契約は {} に終了しています"),
    ("{} is the number of an invoice here", "{} はここで発行した請求書の番号です"),
    ("the same row was loaded and voided before", "同じ行を前に引き継ぎ、取り消しています"),
    ("it was taken over on {} with another content", "{} に別の内容で引き継いでいます"),
];

const REMEDIES: &[(&str, &str)] = &[
    ("write the last day of the running period", "いまの利用期間の末日を記入してください"),
    (
        "write the day on which use began, or the day planned",
        "利用開始日か利用開始予定日を記入してください",
    ),
    ("write its last day, or leave it empty", "終了日を記入するか、空欄にしてください"),
    ("write the months that are agreed instead", "合意した月数を記入してください"),
    ("write the day on which it arrived", "到達日を記入してください"),
    ("write the day that the notice named", "受領通知に記した解除日を記入してください"),
    (
        "write the day on which the notice was sent, or leave both empty",
        "送信日を記入するか、どちらも空欄にしてください",
    ),
    (
        "write the new quantity or the new fee, or delete the row",
        "変更後の数量か月額を記入するか、行を削除してください",
    ),
    ("compare both days with the invoice", "請求書で二つの日付を確かめてください"),
    ("compare both days with the papers", "書面で二つの日付を確かめてください"),
    (
        "delete the row: what is settled is not taken over",
        "行を削除してください。支払い済みのものは引き継ぎません",
    ),
    ("delete the row", "行を削除してください"),
    ("write four digits such as 2026", "2026 のように4桁で記入してください"),
    ("choose one of {}", "次から選んでください：{}"),
    ("write a month such as 2026-05", "2026-05 のように記入してください"),
    ("number the lines anew", "明細番号を振り直してください"),
    ("give every contract a number of its own", "契約ごとに別の番号を記入してください"),
    ("write one name for one 法人番号", "同じ法人番号には同じ会社名を記入してください"),
    ("correct the number, or add the contract", "番号を直すか、契約を加えてください"),
    ("correct the number of the line", "明細番号を直してください"),
    (
        "write what it changed into the sheet 「{}」 instead",
        "変更後の内容をシート「{}」に記入してください",
    ),
    (
        "give every invoice a number of its own, or delete one row",
        "請求ごとに別の番号を記入するか、一行を削除してください",
    ),
    ("one invoice has one debtor: split the row", "一つの請求の相手は一社です。行を分けてください"),
    ("correct the number, or delete the row", "番号を直すか、行を削除してください"),
    ("keep the higher number", "大きいほうの番号を残してください"),
    ("add its lines", "明細を加えてください"),
    (
        "add the missing part payments to 「{}」, or correct it",
        "「{}」に足りない入金を加えるか、金額を直してください",
    ),
    (
        "find what is missing or too much, or correct the total",
        "過不足を探すか、合計を直してください",
    ),
    ("split the book into several workbooks", "ワークブックを分けてください"),
    ("save it as .xlsx, without a password", "パスワードを付けずに .xlsx 形式で保存してください"),
    (
        "delete the sheet, or give it the name of the template",
        "シートを削除するか、ひな形の名前にしてください",
    ),
    (
        "keep every sheet of the template, also those that stay empty",
        "ひな形のシートは、使わないものも残してください",
    ),
    ("delete one of the columns", "一方の列を削除してください"),
    (
        "use a heading of the template, or delete the column",
        "ひな形の見出しにするか、列を削除してください",
    ),
    ("keep the headings of row 1", "1行目の見出しを残してください"),
    (
        "write what has happened; what is to come has columns of its own",
        "起きたことを記入してください。これからのことには別の列があります",
    ),
    ("write one of {}", "次のいずれかを記入してください：{}"),
    (
        "correct the code, or add the item to the operator's file",
        "品目コードを直すか、事業者の設定に品目を加えてください",
    ),
    (
        "add the price to the operator's file, or write the agreed fee",
        "事業者の設定に価格を加えるか、個別合意月額を記入してください",
    ),
    (
        "see docs/migration.md, or `yakkan terms` for the names",
        "「利用規約」の画面でパラメータの名前を確かめてください",
    ),
    (
        "write a value of the same kind as the terms have",
        "規約の値と同じ種類の値を記入してください",
    ),
    ("write the last number that was given anywhere", "どこかで最後に付けた番号を記入してください"),
    (
        "write the last number of this series and year into 「{}」",
        "この系列と年の最後の番号を「{}」に記入してください",
    ),
    (
        "take over running contracts only: delete its rows",
        "続いている契約だけを引き継ぎます。行を削除してください",
    ),
    ("give it another number, such as {}", "{} のような別の番号にしてください"),
    (
        "register what has changed since, or have the entry voided first",
        "その後の変更を登録するか、先に登録の取消しを起案してください",
    ),
    ("write a value that can have been meant", "あり得る値を記入してください"),
];

#[cfg(test)]
mod tests {
    use super::{named, problem, remedy, warning};

    #[test]
    fn what_a_fault_names_stands_in_its_place() {
        let told =
            problem("110000 yen less part payments of 10000 yen leave 100000 yen, not 90000");
        let told = told.unwrap();
        assert_eq!(
            told,
            "110000 円から一部入金 10000 円を引くと 100000 円で、90000 円ではありません"
        );
        assert_eq!(remedy("choose one of A, B").unwrap(), "次から選んでください：A, B");
        let line = "契約!O2, 請求開始月: the first run charges 6 past months, from 2026-05";
        assert!(warning(line).ends_with("過ぎた 6 か月分（2026-05 から）を請求します"));
        assert_eq!(warning("another: sentence"), "another: sentence");
        assert_eq!(problem("another sentence"), None);
        assert_eq!(
            named("{} of {} stands twice", "INV of 2026 stands twice"),
            Some(vec!["INV", "2026"])
        );
        assert_eq!(named("delete the row", "delete the row now"), None);
    }
}
