//! Faults of a form in Japanese, for the person who filled it in.

use super::book_faults;
use crate::fault::Fault;

/// What is wrong with a workbook or form and what to do, in Japanese.
pub fn fault(fault: &Fault) -> (String, String) {
    let problem =
        book_faults::problem(&fault.problem).unwrap_or_else(|| problem_words(&fault.problem));
    let remedy = book_faults::remedy(&fault.remedy)
        .unwrap_or_else(|| remedy_words(&fault.remedy, &fault.field));
    (problem, remedy)
}

/// `申込書!C9 法人番号：…。…。`
pub(super) fn fault_line(fault: &Fault) -> String {
    let Fault { place, field, problem, remedy, .. } = fault;
    let place = if place == "whole file" { "ファイル全体" } else { place };
    format!("{place} {field}：{}。{}。", problem_words(problem), remedy_words(remedy, field))
}

fn problem_words(problem: &str) -> String {
    let known = PROBLEMS.iter().find(|(start, _)| problem.starts_with(start));
    if let Some((_, words)) = known {
        return (*words).to_owned();
    }
    if let Some((number, _)) = problem.split_once(" more faults are not listed") {
        return format!("ほかに {number} か所あります");
    }
    match quoted(problem) {
        Some(written) => format!("「{written}」は使えない値です"),
        None => format!("記入に誤りがあります（{problem}）"),
    }
}

/// What the applicant wrote, which stands in the problem.
fn quoted(problem: &str) -> Option<&str> {
    let (_, rest) = problem.split_once('「')?;
    rest.rsplit_once('」').map(|(written, _)| written)
}

fn remedy_words(remedy: &str, field: &str) -> String {
    let known = REMEDIES.iter().find(|(english, _)| *english == remedy);
    match known {
        Some((_, words)) => (*words).to_owned(),
        None if remedy.starts_with("fill in ") => format!("{field}をご記入ください"),
        None => format!("次のとおり直してください：{remedy}"),
    }
}

const PROBLEMS: &[(&str, &str)] = &[
    ("the cell is empty", "記入がありません"),
    ("the text holds a line break", "改行または制御文字が含まれています"),
    ("the check digit of", "検査数字が合いません"),
    ("the period of use ends on", "終了日が開始日より前です"),
    ("no service is applied for", "申し込むサービスの記入がありません"),
    ("the number ", "番号が重複しています"),
    ("the head 「", "表の見出しがありません"),
    ("the label 「", "項目名がありません"),
    ("there is no sheet", "所定のシートがありません"),
    ("this is no readable Excel workbook", "Excelファイルとして開けません"),
    ("the cell shows the Excel error", "Excelのエラーが表示されています"),
    ("the file is damaged", "ファイルが壊れています"),
    ("the file has ", "ファイルが大きすぎます"),
    ("the file unpacks to", "ファイルを展開すると大きすぎます"),
    ("the file states", "ファイルが大きすぎます"),
    ("the file declares", "様式にない宣言が含まれています"),
    ("the cells up to", "記入された文字が多すぎます"),
    ("the cell holds more than", "文字数が多すぎます"),
    ("the field has more than", "文字数が多すぎます"),
    ("the mail has ", "メールが大きすぎるか、部分の数が多すぎます"),
    ("the headers of the mail have", "メールのヘッダーが長すぎます"),
    ("a header has ", "メールのヘッダーが長すぎます"),
    ("more than ", "メールの入れ子が深すぎます"),
];

const REMEDIES: &[(&str, &str)] = &[
    ("write it in one line", "1行でご記入ください"),
    ("write the reading in katakana", "読みをカタカナでご記入ください"),
    (
        "write the name as the bank transfers it, such as ｶ)ｱﾙﾌｱ",
        "振込時の名義をｶ)ｱﾙﾌｱのように半角カナでご記入ください",
    ),
    ("write the 13 digits of the 法人番号", "法人番号13桁をご記入ください"),
    (
        "compare with 法人番号公表サイト and write it again",
        "法人番号公表サイトの番号と照らし合わせてください",
    ),
    (
        "write NNN-NNNN as text, so that Excel keeps a leading 0",
        "セルを文字列にして123-4567の形でご記入ください",
    ),
    ("write one such as name@example.jp", "name@example.jpの形でご記入ください"),
    (
        "write it as text from its leading 0, such as 03-1234-5678",
        "セルを文字列にして03-1234-5678のように0からご記入ください",
    ),
    (
        "write a day such as 2026-04-01 or 令和8年4月1日",
        "2026-04-01または令和8年4月1日の形でご記入ください",
    ),
    ("choose 請求書払い or 口座振替", "請求書払いか口座振替をお選びください"),
    ("write 翌月末日, 翌々月末日 or 翌月N日", "翌月末日、翌々月末日または翌月N日とご記入ください"),
    ("choose 新規", "新規をお選びください"),
    ("choose SDPF or SDPFサポートサービス", "SDPFかSDPFサポートサービスをお選びください"),
    ("write digits such as 2", "2のように数字でご記入ください"),
    ("write digits such as 50000", "50000のように数字でご記入ください"),
    ("write ○ or leave the cell empty", "○を付けるか空欄にしてください"),
    ("write the last day of use", "利用の最終日をご記入ください"),
    ("number the rows anew", "番号を振り直してください"),
    ("fill at least one row of the table", "表に1行以上ご記入ください"),
    (
        "use the form as published and keep its tables",
        "公開中の様式を、表の形を変えずにお使いください",
    ),
    (
        "use the form as published and keep its labels",
        "公開中の様式を、項目名を変えずにお使いください",
    ),
    (
        "use the form as published and keep the name of its sheet",
        "公開中の様式を、シート名を変えずにお使いください",
    ),
    (
        "save the form as .xlsx, without a password, and send it again",
        "パスワードを付けず.xlsx形式で保存し直してください",
    ),
    ("send the form alone, without pictures", "画像などを除いてお送りください"),
    ("write the value itself", "値を直接ご記入ください"),
    ("compare the amount", "金額をお確かめください"),
    ("write a shorter text", "短くご記入ください"),
    ("mend these first, then give it again", "ここまでを直してから、もう一度お送りください"),
    ("give its rows in several files", "行を複数のファイルに分けてください"),
    ("close its quotes, or write less", "引用符を閉じるか、短く書いてください"),
    ("fetch fewer days at once from the bank", "日数を減らして、銀行から取得し直してください"),
    (
        "ask the sender to write a new mail with the files attached to it",
        "新しいメールにファイルを添付して送り直すよう、差出人に依頼してください",
    ),
    ("ask the sender to save and send it again", "ファイルを保存し直してお送りください"),
    (
        "write a JSON value: a number, true, false, or a text in \"quotes\"",
        "数値、true、falseまたは引用符で囲んだ文字列でご記入ください",
    ),
];

#[cfg(test)]
mod tests {
    use super::fault_line;
    use crate::read_application;

    /// Every fault of a blank form is told in Japanese.
    #[test]
    fn a_blank_form_is_answered_without_english() {
        let blank = crate::write_application(None).expect("a blank form");
        for fault in read_application("申込書.xlsx", &blank).expect_err("a blank form has faults")
        {
            let line = fault_line(&fault);
            assert!(!line.contains("write ") && !line.contains("the "), "{line}");
        }
    }
}
