//! The letters beside the invoices.

use reckon::Yen;
use typeset::{
    ChangeOfContract, Counting, Deemed, Document, ErasedItem, ErasureCertificate, KeptItem,
    NoticeCharge, NoticePaper, OrderAcceptance, OrderLine, Particular, Quotation, QuotationLine,
    RateSummary, ReceiptNotice, SpecialTerm, Unpaid,
};

use super::{clauses, day, days, head, note, taxed};

fn order_line(service: &str, item: &str, quantity: u32, fee: Option<i64>) -> OrderLine {
    OrderLine {
        service: service.to_owned(),
        item: item.to_owned(),
        quantity,
        start: day("2026-12-01"),
        minimum_term: Some(days("2026-12-01", "2027-11-30")),
        monthly_fee: fee.map(Yen),
        clauses: clauses(&["14-1"]),
    }
}

fn quotation_line(item: &str, quantity: u32, price: &str, fee: Option<i64>) -> QuotationLine {
    QuotationLine {
        service: "Smart Data Platform".to_owned(),
        item: item.to_owned(),
        quantity,
        unit: if fee.is_some() { "台" } else { "hour" }.to_owned(),
        unit_price: price.parse().unwrap(),
        start: day("2026-12-01"),
        minimum_months: fee.map(|_| 12),
        monthly_fee: fee.map(Yen),
    }
}

pub fn quotation() -> Document {
    Document::Quotation(Quotation {
        head: head("QUO-2026-000012", "2026-11-02"),
        valid_until: day("2026-11-30"),
        use_period: Some(days("2026-12-01", "2027-11-30")),
        lines: vec![
            quotation_line("サーバーインスタンス 4vCPU-16GB", 12, "24800", Some(297_600)),
            quotation_line("ブロックストレージ 100GB（従量）", 1, "3.75", None),
        ],
        summary: vec![RateSummary { percent: Some(10), sum: taxed(297_600, 29_760) }],
        monthly_total: Yen(327_360),
        notes: vec![note("契約の成立", "本見積書は申込みではありません。", &["9-4"])],
    })
}

/// The same contract with a change that ends a line and adds to another.
pub fn order_of_a_change() -> Document {
    let Document::OrderAcceptance(order) = order_acceptance() else { unreachable!() };
    let mut lines = order.lines;
    lines.remove(1);
    lines[0].quantity = 15;
    lines[0].monthly_fee = Some(Yen(372_000));
    let change = ChangeOfContract {
        from: day("2027-02-01"),
        what: vec![
            "明細1（サーバーインスタンス 4vCPU-16GB）の数量を15に変更".to_owned(),
            "明細2（インターネット接続 100Mbps）を2027年1月31日（日）をもって終了（最低利用期間の残余分 98,000円、税抜）"
                .to_owned(),
        ],
        clauses: clauses(&["9-7"]),
    };
    Document::OrderAcceptance(OrderAcceptance {
        head: head("ORD-2027-0009", "2027-01-12"),
        formed_at: "2027-01-12T10:02:11".parse().unwrap(),
        formed_clauses: clauses(&["9-8", "9-4"]),
        change: Some(change),
        lines,
        monthly_total: Some(Yen(422_000)),
        special_terms: Vec::new(),
        ..order
    })
}

pub fn order_acceptance() -> Document {
    let mut support = order_line("SDPFサポート", "スタンダード", 1, Some(50_000));
    support.minimum_term = None;
    support.clauses = clauses(&["21-1"]);
    Document::OrderAcceptance(OrderAcceptance {
        head: head("ORD-2026-0117", "2026-11-20"),
        contract_number: "C-2026-0117".to_owned(),
        applied_on: day("2026-11-18"),
        formed_at: "2026-11-20T14:05:33".parse().unwrap(),
        formed_clauses: clauses(&["9-3", "10-1"]),
        change: None,
        use_period: days("2026-12-01", "2027-11-30"),
        use_period_clauses: clauses(&["13-1"]),
        lines: vec![
            order_line("Smart Data Platform", "サーバーインスタンス 4vCPU-16GB", 12, Some(297_600)),
            order_line("Smart Data Platform", "インターネット接続 100Mbps", 1, Some(98_000)),
            order_line("Smart Data Platform", "ブロックストレージ（従量課金）", 1, None),
            support,
        ],
        monthly_total: Some(Yen(445_600)),
        payment_method: "請求書による銀行振込".to_owned(),
        due_rule: "請求書発行日の属する月の翌月末日（金融機関の休業日にあたるときは翌営業日）"
            .to_owned(),
        payment_clauses: clauses(&["25-1"]),
        special_terms: vec![SpecialTerm {
            text: "最低利用期間を1か月から12か月とします。".to_owned(),
            document: "覚書 MOU-2026-0031（SDPF個別契約に関する覚書）".to_owned(),
            signed_on: day("2026-11-17"),
            clauses: clauses(&["1-2", "14-1"]),
        }],
        responsible_person: "情報システム部　髙﨑　一郎 様".to_owned(),
        responsible_clauses: clauses(&["30-1"]),
        notes: Vec::new(),
    })
}

pub fn receipt_notice_deemed() -> Document {
    Document::ReceiptNotice(ReceiptNotice {
        head: head("RCV-2026-0009", "2026-11-20"),
        contract_number: "C-2025-0031".to_owned(),
        services: vec!["Smart Data Platform".to_owned(), "SDPFサポート".to_owned()],
        arrived: day("2026-11-18"),
        channel: "電子メール（解約申込書 1通）".to_owned(),
        desired: Some(day("2026-11-30")),
        deemed: Some(Deemed {
            reason: "解除希望日が、解約申込書の到達日から20営業日を経過する日より前であるため、\
                     20営業日を経過した日の属する月の末日に解除されたものとみなします。"
                .to_owned(),
            clauses: clauses(&["15-1"]),
        }),
        counting: Counting {
            business_days: 20,
            reached: day("2026-12-17"),
            calendar: "日本の祝日（2026年版）および年末年始 12/29～1/3".to_owned(),
            clauses: clauses(&["15-1", "2-1(9)"]),
        },
        effective: day("2026-12-31"),
        effective_clauses: clauses(&["15-1"]),
        last_month: "2026-12".parse().unwrap(),
        last_month_fee: NoticeCharge {
            basis: "月の途中で解除する場合も日割りはしません。".to_owned(),
            sum: taxed(445_600, 44_560),
            clauses: clauses(&["15-2", "24-1"]),
        },
        remaining_minimum: Some(NoticeCharge {
            basis: "2027年1月から2027年3月まで 3か月 × 98,000円".to_owned(),
            sum: taxed(294_000, 29_400),
            clauses: clauses(&["14-3"]),
        }),
        unpaid: vec![
            unpaid("INV-2026-0905-0042", "2026-10-31", 490_160, 3_529),
            unpaid("INV-2026-1005-0042", "2026-11-30", 490_160, 0),
        ],
        unpaid_clauses: clauses(&["15-3"]),
        interest_to: Some(day("2026-11-20")),
        notes: vec![note(
            "データの消去",
            "解除日の後、契約に係るデータは消去します。必要なデータは解除日までに\
             お客様において複製してください。",
            &["16-2"],
        )],
    })
}

fn unpaid(number: &str, due: &str, amount: i64, interest: i64) -> Unpaid {
    Unpaid {
        invoice_number: number.to_owned(),
        due: day(due),
        amount: Yen(amount),
        interest: Yen(interest),
        clauses: clauses(&["15-3", "26-1"]),
    }
}

pub fn receipt_notice_plain() -> Document {
    let Document::ReceiptNotice(mut plain) = receipt_notice_deemed() else { unreachable!() };
    plain.head.number = "RCV-2026-0010".to_owned();
    plain.services.clear();
    plain.desired = None;
    plain.deemed = None;
    plain.remaining_minimum = None;
    plain.unpaid.clear();
    plain.notes.clear();
    Document::ReceiptNotice(plain)
}

pub fn erasure_certificate() -> Document {
    let item = |category: &str, count, unit: &str, method: &str, done_at: &str| ErasedItem {
        category: category.to_owned(),
        count,
        unit: unit.to_owned(),
        method: method.to_owned(),
        done_at: done_at.parse().unwrap(),
        done_by: "湊　次郎".to_owned(),
        approved_by: "𠮷田　千佳".to_owned(),
    };
    let kept = |category: &str, law: &str, until: &str| KeptItem {
        category: category.to_owned(),
        law: law.to_owned(),
        until: day(until),
    };
    Document::ErasureCertificate(ErasureCertificate {
        head: head("ERS-2027-0003", "2027-02-10"),
        contract_number: "C-2025-0031".to_owned(),
        ended: day("2026-12-31"),
        clauses: clauses(&["16-2", "42-5"]),
        erased: vec![
            item("担当者の個人情報", 4, "件", "暗号鍵の廃棄（XChaCha20-Poly1305）", "2027-01-31T10:15:00"),
            item("サーバーのデータ", 1_204, "件", "論理消去および媒体の再初期化", "2027-01-31T10:40:00"),
            item("問い合わせの記録", 38, "件", "レコードの削除", "2027-02-01T09:05:00"),
        ],
        kept: vec![
            kept("請求書の控え", "法人税法施行規則59条、消費税法施行令70条の13", "2034-02-28"),
            kept("電子取引の記録", "電子帳簿保存法7条", "2034-02-28"),
        ],
        last_backup_expires: Some(day("2027-05-01")),
        evidence: vec![
            "消去ログ erasure-2027-01-31.log（BLAKE3 3f1c9a0b7e5d48c2a6f0e1d2c3b4a59687f0e1d2c3b4a5968778695a4b3c2d1e）"
                .to_owned(),
            "承認記録 APR-2027-0012（2027年1月29日）".to_owned(),
        ],
        notes: Vec::new(),
    })
}

pub fn notice() -> Document {
    let particular =
        |label: &str, value: &str| Particular { label: label.to_owned(), value: value.to_owned() };
    Document::Notice(NoticePaper {
        head: head("N-0042", "2026-05-07"),
        title: "是正のお願い（催告）".to_owned(),
        lead: "次の事項は契約に違反していますので、期間内に是正してください。".to_owned(),
        particulars: vec![
            particular("是正を求める事項", "第三者への無断の再提供\n（仮想サーバ 3台）"),
            particular("是正の期間", "14日"),
            particular("対象の契約", "K-045827adcf33"),
        ],
        text: "ご不明な点は、窓口までお問い合わせください。\n\n平日9時から18時まで承ります。"
            .to_owned(),
        clauses: clauses(&["16-1(7)"]),
        notes: vec![note(
            "管轄裁判所",
            "本契約に関する訴訟は、東京地方裁判所を専属的合意管轄裁判所とします。",
            &["6-1"],
        )],
    })
}
