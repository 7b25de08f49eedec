//! Rows of an invented book of any size, the same for the same size.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

pub type Rows = BTreeMap<String, Vec<Vec<String>>>;

/// A book of so many contracts as of 20 April 2026, charged here from May.
pub fn rows(contracts: u64) -> Rows {
    rows_of(1..=contracts)
}

/// One of several books: the contracts with these numbers.
pub fn rows_of(contracts: RangeInclusive<u64>) -> Rows {
    let mut rows = Rows::new();
    let mut open = 0;
    let (mut count, mut lines, mut receivables) = (0, 0, 0);
    for at in contracts {
        count += 1;
        add(&mut rows, "契約", &contract(at));
        for line in lines_of(at) {
            lines += 1;
            add(&mut rows, "明細", &line);
        }
        let number = number(at);
        if at % 10 == 3 {
            let document = format!("覚書-{at}");
            let cells = [&number, "renewal.notice_bd", "25", &document, "2025-03-01", "", ""];
            add(&mut rows, "個別合意", &cells);
        }
        if at % 12 == 5 {
            let cells = [&number, "2026-07-01", "1", "5", "", &format!("変更-{at}")];
            add(&mut rows, "変更予定", &cells);
        }
        notice(&mut rows, at);
        if at.is_multiple_of(4) {
            receivables += 1;
            open += receivable(&mut rows, at);
        }
    }
    if count > 0 {
        add(&mut rows, "最終番号", &["INV", "2026", "431"]);
    }
    let totals = [("契約数", count), ("明細数", lines), ("売掛金件数", receivables)];
    for (what, count) in totals {
        add(&mut rows, "検算", &[what, &count.to_string()]);
    }
    add(&mut rows, "検算", &["未収額合計", &open.to_string()]);
    rows
}

pub fn add(rows: &mut Rows, sheet: &str, cells: &[impl AsRef<str>]) {
    let cells = cells.iter().map(|cell| cell.as_ref().to_owned()).collect();
    rows.entry(sheet.to_owned()).or_default().push(cells);
}

pub fn number(at: u64) -> String {
    format!("MC-{at:05}")
}

/// 法人番号 with its check digit.
pub fn corporate_number(at: u64) -> String {
    let rest = format!("{:012}", 100_001_000_000 + at);
    let digits = rest.chars().rev().filter_map(|digit| digit.to_digit(10));
    let weighted = digits.zip([1, 2].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| digit * weight).sum();
    format!("{}{rest}", 9 - sum % 9)
}

fn contract(at: u64) -> Vec<String> {
    let early = at.is_multiple_of(5);
    let (formed, version) = if early { ("2023-06-01", "1.0") } else { ("2025-03-14", "1.1") };
    let (from, to) = match at % 3 {
        0 => ("2026-04-01", "2026-04-30"),
        1 => ("2025-04-01", "2026-06-30"),
        _ => ("2026-03-01", "2027-02-28"),
    };
    let suspended = if at.is_multiple_of(16) { "2026-04-06" } else { "" };
    [
        &number(at),
        &format!("見本{at}株式会社"),
        "ミホン",
        &corporate_number(at),
        "105-0011",
        &format!("東京都港区芝公園九丁目{at}番"),
        "代表取締役",
        formed,
        version,
        from,
        to,
        "請求書払い",
        "翌月末日",
        &format!("ﾐﾎﾝ{at}"),
        "2026-05",
        suspended,
        "見本　太郎",
        "情報システム部",
        &format!("mihon{at}@mihon.example"),
        "03-0000-0000",
        "",
        "",
        "",
        "",
    ]
    .map(str::to_owned)
    .into()
}

fn lines_of(at: u64) -> Vec<Vec<String>> {
    let number = number(at);
    let quantity = (1 + at % 4).to_string();
    let minimum = if at % 6 == 2 { "2026-12-31" } else { "" };
    let agreed = if at % 7 == 4 { "23000" } else { "" };
    let started = "2025-04-10";
    let mut lines = vec![
        [&number, "1", "SDPF", "SV-4C16G", &quantity, started, "", "", minimum, agreed]
            .map(str::to_owned)
            .to_vec(),
    ];
    if at.is_multiple_of(2) {
        let service = "SDPFサポートサービス";
        let line = [&number, "2", service, "SP-STD", "1", started, "", "", "", ""];
        lines.push(line.map(str::to_owned).to_vec());
    }
    if at % 9 == 7 {
        let line = [&number, "3", "SDPF", "NW-100M", "1", "", "2026-06-01", "", "", ""];
        lines.push(line.map(str::to_owned).to_vec());
    }
    lines
}

/// Some customers have declared something.
fn notice(rows: &mut Rows, at: u64) {
    let number = number(at);
    let cells = match at % 11 {
        2 => [
            &number,
            "解約申込",
            "書面",
            "",
            "2026-04-15",
            "2026-06-30",
            "2026-04-16",
            "2026-06-30",
        ],
        7 => [&number, "延長しない旨（契約者）", "メール", "2026-04-02", "2026-04-02", "", "", ""],
        _ => return,
    };
    add(rows, "通知", &cells);
}

/// An unpaid invoice of January, part of it paid now and then; what is open of it.
fn receivable(rows: &mut Rows, at: u64) -> u64 {
    let (number, invoice) = (number(at), format!("INV-2026-{:06}", at % 400 + 1));
    let invoice = if at < 400 { invoice } else { format!("旧-{at}") };
    let total = 27_280 + 1_100 * (at % 50);
    let part = if at.is_multiple_of(8) { 10_000 } else { 0 };
    let open = total - part;
    let cells = [
        &invoice,
        &number,
        "利用料金",
        "2026-01",
        "2026-02-02",
        "2026-03-31",
        &total.to_string(),
        &open.to_string(),
        "",
    ];
    add(rows, "売掛金", &cells);
    if part > 0 {
        add(rows, "一部入金", &[&invoice, "2026-04-03", &part.to_string()]);
    }
    open
}
