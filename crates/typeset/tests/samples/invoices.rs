//! Invoices of every kind, and the hard cases of their layout.

use reckon::{Decimal, Yen};
use typeset::{
    BankAccount, Document, InterestLine, Invoice, InvoiceKind, InvoiceLine, Note, RateSummary,
};

use super::{clauses, day, days, head, note, taxed};

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

fn line(item: &str, quantity: &str, unit: &str, price: &str, amount: i64) -> InvoiceLine {
    InvoiceLine {
        item: item.to_owned(),
        detail: None,
        period: Some(days("2026-10-01", "2026-10-31")),
        corrects: None,
        quantity: decimal(quantity),
        unit: unit.to_owned(),
        unit_price: decimal(price),
        amount: Yen(amount),
        percent: Some(10),
        clauses: clauses(&["20-2", "24-1"]),
    }
}

fn bank() -> BankAccount {
    BankAccount {
        bank: "みなと銀行".to_owned(),
        branch: "芝支店（012）".to_owned(),
        kind: "普通".to_owned(),
        number: "1234567".to_owned(),
        holder_kana: "カ）ミナトクラウド".to_owned(),
    }
}

fn usual_notes() -> Vec<Note> {
    vec![
        note("振込手数料", "お振込みに要する手数料は、お客様のご負担となります。", &["25-1"]),
        note(
            "入金の充当順",
            "ご入金額が債務の全額に満たないときは、費用、延滞利息、元本の順に、\
             元本は支払期日の早いものから充当します。",
            &["25-4"],
        ),
    ]
}

fn invoice(number: &str, subject: &str, lines: Vec<InvoiceLine>) -> Invoice {
    let of = |percent| lines.iter().filter(|l| l.percent == percent).map(|l| l.amount.0).sum();
    let taxable: i64 = of(Some(10));
    let mut summary = vec![RateSummary { percent: Some(10), sum: taxed(taxable, taxable / 10) }];
    if lines.iter().any(|line| line.percent.is_none()) {
        summary.push(RateSummary { percent: None, sum: taxed(of(None), 0) });
    }
    Invoice {
        head: head(number, "2026-11-05"),
        kind: InvoiceKind::Fee,
        subject: subject.to_owned(),
        service_month: Some("2026-10".parse().unwrap()),
        amount_due: summary.iter().map(|row| row.sum.gross).sum(),
        due: day("2026-12-31"),
        due_clauses: clauses(&["25-1"]),
        lines,
        interest: Vec::new(),
        summary,
        bank: Some(bank()),
        notes: usual_notes(),
    }
}

const SUBJECT: &str = "Smart Data Platform ご利用料金（2026年10月分）";

pub fn fee() -> Document {
    let mut correction = line("サーバーインスタンス 4vCPU-16GB", "-1", "台", "24800", -24_800);
    correction.period = Some(days("2026-09-16", "2026-09-30"));
    correction.corrects = Some("2026-09".parse().unwrap());
    correction.detail = Some("停止日の登録誤りによる減額".to_owned());
    correction.clauses = clauses(&["24-3", "27-1"]);
    let mut support = line("SDPFサポート スタンダード", "1", "式", "50000", 50_000);
    support.clauses = clauses(&["21-1"]);
    let mut interest = line("延滞利息（INV-2026-0912）", "10", "日", "44", 440);
    interest.percent = None;
    interest.period = Some(days("2026-10-31", "2026-11-09"));
    interest.clauses = clauses(&["26-1"]);
    let lines = vec![
        line("サーバーインスタンス 4vCPU-16GB", "12", "台", "24800", 297_600),
        line("ブロックストレージ 100GB", "717.25", "時間", "0.35", 251),
        line("インターネット接続 100Mbps", "1", "回線", "98000", 98_000),
        support,
        correction,
        interest,
    ];
    Document::Invoice(invoice("INV-2026-1105-0042", SUBJECT, lines))
}

pub fn forty_lines() -> Document {
    let lines = (1..=40)
        .map(|n| {
            let mut l =
                line(&format!("サーバーインスタンス 第{n}号機"), "1", "台", "24800", 24_800);
            l.detail = (n % 7 == 0).then(|| "メモリー増設 32GBを含む".to_owned());
            l
        })
        .collect();
    Document::Invoice(invoice("INV-2026-1105-0043", SUBJECT, lines))
}

pub fn long_names() -> Document {
    let mut long = invoice(
        "INV-2026-1105-0044-再発行-0001",
        "Smart Data Platform ならびにSDPFサポートのご利用料金（2026年10月分・東日本第一\
         データセンターおよび西日本第二データセンター合算）",
        vec![line(
            "専用線接続サービス（東日本第一データセンター～西日本第二データセンター間、\
             冗長構成、帯域保証型10Gbps）Enterprise-Interconnect-Premium-Redundant-10G",
            "1234567.125",
            "時間",
            "1234.5678",
            1_524_156_650,
        )],
    );
    let customer = &mut long.head.customer;
    customer.name =
        "独立行政法人国際情報通信技術研究開発推進機構関東甲信越地域統括本部株式会社".to_owned();
    customer.address = "北海道虻田郡ニセコ町字ニセコ九百九十九番地の九十九 \
        グランドニセコ・インターナショナルビジネスセンター ノースウエストタワー 38階 3801号室"
        .to_owned();
    customer.attention = Some("情報システム統括本部 経理財務部 購買管理課　ご担当者様".to_owned());
    let issuer = &mut long.head.issuer;
    issuer.name = "みなとクラウドテクノロジーズアンドコンサルティングジャパン株式会社".to_owned();
    issuer.address = "東京都港区芝公園九丁目8番7号 みなとインターナショナルビジネスタワー\
        イーストウイング 12階"
        .to_owned();
    let bank = long.bank.as_mut().expect("it is paid by transfer");
    bank.bank = "みなとインターナショナル信託銀行".to_owned();
    bank.holder_kana = "ミナトクラウドテクノロジーズアンドコンサルティングジャパン（カ".to_owned();
    Document::Invoice(long)
}

pub fn zero_and_negative() -> Document {
    let mut back = line("サーバーインスタンス 4vCPU-16GB", "-2", "台", "24800", -49_600);
    back.corrects = Some("2026-08".parse().unwrap());
    back.period = Some(days("2026-08-01", "2026-08-31"));
    let free = line("無料枠 データ転送", "10", "GB", "0", 0);
    let lines = vec![free, back];
    Document::Invoice(invoice("INV-2026-1105-0045", "ご利用料金の訂正（2026年8月分）", lines))
}

pub fn rare_characters() -> Document {
    let item = "髙﨑①㈱～−¥々〆ヶ𠮷";
    let mut rare = invoice("INV-2026-1105-0046", item, vec![line(item, "1", "式", "1000", 1_000)]);
    rare.head.customer.name = "㈱髙﨑𠮷野家〆鯖".to_owned();
    Document::Invoice(rare)
}

pub fn early_termination() -> Document {
    let mut rest = line("インターネット接続 100Mbps", "5", "か月", "98000", 490_000);
    rest.period = Some(days("2026-11-01", "2027-03-31"));
    rest.detail = Some("最低利用期間 2026/04/01 ～ 2027/03/31 の残余".to_owned());
    rest.clauses = clauses(&["14-1", "14-3"]);
    let mut early = invoice("INV-2026-1105-0047", "最低利用期間の残余期間に係る料金", vec![rest]);
    early.kind = InvoiceKind::EarlyTermination;
    early.service_month = None;
    Document::Invoice(early)
}

pub fn cost_recovery() -> Document {
    let mut cost = line("滞納債権の回収に要した実費（内容証明郵便）", "2", "通", "1512", 3_024);
    cost.period = None;
    cost.percent = None;
    cost.clauses = clauses(&["26-2"]);
    let mut recovery = invoice("INV-2026-1105-0048", "債権の回収に要した費用", vec![cost]);
    recovery.summary.remove(0);
    recovery.kind = InvoiceKind::CostRecovery;
    recovery.service_month = None;
    Document::Invoice(recovery)
}

pub fn late_interest() -> Document {
    let line = |number: &str, principal, interest, formula: &str| InterestLine {
        invoice_number: number.to_owned(),
        principal: Yen(principal),
        due: day("2026-09-30"),
        paid: day("2026-10-11"),
        counted: Some(days("2026-10-01", "2026-10-10")),
        days: 10,
        annual_percent: "14.6".parse().unwrap(),
        formula: formula.to_owned(),
        interest: Yen(interest),
        clauses: clauses(&["26-1", "27-1"]),
    };
    let mut late = invoice("INV-2026-1105-0049", "お支払遅延に伴う延滞利息", Vec::new());
    late.kind = InvoiceKind::LateInterest;
    late.service_month = None;
    late.interest = vec![
        line("INV-2026-0805-0042", 110_000, 440, "110,000 × 14.6% × 10日 ÷ 365日 = 440"),
        line(
            "INV-2026-0805-0051",
            12_345_678,
            49_382,
            "12,345,678 × 14.6% × 10日 ÷ 365日 = 49,382.712（1円未満切捨て）",
        ),
    ];
    late.summary = vec![RateSummary { percent: None, sum: taxed(49_822, 0) }];
    late.amount_due = Yen(49_822);
    late.notes.insert(
        0,
        note("消費税", "延滞利息は、消費税の課税の対象となりません（不課税）。", &["26-1"]),
    );
    Document::Invoice(late)
}
