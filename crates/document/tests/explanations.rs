//! The answer to "why?", as customers and as staff read it.

use contract::declare::reason::{Audience, Because};
use contract::money::late_interest::Stretch;
use document::wording::{ExplainedFact, ExplainedReading, Explanation, Language, explain};
use reckon::{Day, Yen};
use serde_json::{Value, json};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn stretch(principal: i64, after: &str, paid: &str, days: i64) -> Stretch {
    Stretch { principal: Yen(principal), after: day(after), paid: day(paid), days }
}

fn reason(rule: &str, numbers: Value) -> Because {
    let stored = json!({ "rule": format!("{rule}@1"), "numbers": numbers });
    serde_json::from_value(stored).expect("a stored reason")
}

fn late_interest(stretches: &[Stretch], amount: i64) -> Because {
    let numbers = json!({
        "invoice": "INV-2026-000398",
        "principal": stretches[0].principal,
        "due": stretches[0].after,
        "paid": stretches[stretches.len() - 1].paid,
        "days": stretches.iter().map(|s| s.days).sum::<i64>(),
        "stretches": stretches,
        "amount": amount,
    });
    let mut because = reason("late_interest", numbers);
    because.parameters.insert("interest.rate".into(), json!("14.6"));
    because.parameters.insert("interest.year_basis".into(), json!("fixed365"));
    because.parameters.insert("interest.include_payment_day".into(), json!(false));
    because
}

fn explanation() -> Explanation {
    let fact = |id: &str, text: &str, occurred: &str, known: &str, source: &str| ExplainedFact {
        id: id.into(),
        text: text.into(),
        occurred_at: occurred.parse().expect("an instant"),
        known_at: known.parse().expect("an instant"),
        source: source.into(),
    };
    Explanation {
        heading: "請求書INV-2026-000398の延滞利息".into(),
        amount: Some(Yen(1_188)),
        audience: contract::declare::reason::Audience::Everyone,
        because: late_interest(&[stretch(110_000, "2026-11-30", "2026-12-28", 27)], 1_188),
        law: "0123456789abcdef".into(),
        facts: vec![
            fact(
                "in-1",
                "請求書を発行",
                "2026-11-01T09:00:00",
                "2026-11-01T09:00:00",
                "請求処理 R-1",
            ),
            fact(
                "in-2",
                "110,000円の入金",
                "2026-12-28T10:12:00",
                "2026-12-28T18:00:00",
                "入金ファイル 17行",
            ),
        ],
        terms: "pcs-e 1.1（2024-12-18から施行）".into(),
        clauses: vec![
            (
                "26-1".into(),
                "期日の翌日から支払日の前日まで。".into(),
                "Day after due to day before.".into(),
            ),
            ("27-1".into(), "1円未満は切り捨てる。".into(), "Below one yen rounded down.".into()),
        ],
        readings: vec![ExplainedReading {
            id: "A-45".into(),
            question: "うるう年の日割りはどうするか。".into(),
            option: "a".into(),
            text: "いつも365で割る".into(),
            value: Some("fixed365".into()),
            signed: None,
            alternatives: vec!["うるう年の日は366で割る".into()],
            unverified_law: true,
        }],
        agreements: Vec::new(),
        retracted: None,
    }
}

#[test]
fn a_customer_reads_why_late_interest_is_owed() {
    let text = explain(&explanation(), Language::Japanese, Audience::Everyone);
    let expected = "\
延滞利息  1,188円                                 請求書INV-2026-000398の延滞利息
  = 1円未満切捨て（110,000 × 14.6 % × 27日 ÷ 365）= 1,188
    期日の翌日 … 支払日の前日：2026-12-01 … 2026-12-27 = 27日
  26-1  期日の翌日から支払日の前日まで。
  27-1  1円未満は切り捨てる。
  A-45  うるう年の日割りはどうするか。 いつも365で割る
  事実  2026-11-01 09:00  請求書を発行     請求処理 R-1、2026-11-01 09:00 了知
        2026-12-28 10:12  110,000円の入金  入金ファイル 17行、2026-12-28 18:00 了知
  規約  pcs-e 1.1（2024-12-18から施行）、関係する個別合意なし
  規則  late_interest@1
  法    0123456789abcdef
";
    assert_eq!(text, expected);
}

#[test]
fn staff_alone_read_alternatives_signatures_and_law_to_be_confirmed() {
    let staff = explain(&explanation(), Language::Japanese, Audience::Staff);
    let everyone = explain(&explanation(), Language::Japanese, Audience::Everyone);
    for mark in
        ["ほかの読み方：うるう年の日は366で割る", "未署名", "法令の確認待ち", "[社内]", "in-2"]
    {
        assert!(staff.contains(mark), "{staff}");
        assert!(!everyone.contains(mark), "{everyone}");
    }
}

#[test]
fn every_stretch_is_shown() {
    let stretches = [
        stretch(110_000, "2026-11-30", "2026-12-11", 10),
        stretch(60_000, "2026-12-10", "2026-12-28", 17),
    ];
    assert_eq!(
        late_interest(&stretches, 848).arithmetic(Language::English),
        [
            "rounded down (110,000 × 14.6 % × 10 days ÷ 365 + 60,000 × 14.6 % × 17 days ÷ 365) = 848",
            "the day after the due date … the day before payment: 2026-12-01 … 2026-12-10 = 10 days",
            "after a part payment, on 60,000 yen: 2026-12-11 … 2026-12-27 = 17 days",
        ]
    );
}

#[test]
fn another_year_basis_is_told_in_words() {
    let mut because = late_interest(&[stretch(110_000, "2026-11-30", "2026-12-28", 27)], 1_188);
    because.parameters.insert("interest.year_basis".into(), json!("split366"));
    let lines = because.arithmetic(Language::English);
    assert_eq!(lines[0], "rounded down (110,000 × 14.6 % × 27 days) = 1,188");
    assert_eq!(lines[1], "days in a leap year over 366, the others over 365");
}

#[test]
fn a_cancellation_shows_how_it_was_counted() {
    let numbers = json!({
        "arrived_on": "2026-04-02",
        "earliest": "2026-05-01",
        "calendar_version": Day::MIN,
        "provisional": false,
        "desired": "2026-04-20",
        "business_days": 12,
    });
    let mut because = reason("cancel_effective", numbers);
    for (name, value) in [
        ("cancel.notice_bd", json!(20)),
        ("cancel.deemed_bd", json!(20)),
        ("cancel.count_arrival_day", json!(false)),
        ("calendar.kind", json!("JP")),
    ] {
        because.parameters.insert(name.into(), value);
    }
    assert_eq!(
        because.arithmetic(Language::English),
        [
            "form arrived 2026-04-02 (Thu)",
            "from the day after arrival to the desired day 2026-04-20 (Mon): 12 business days (20 needed)",
            "business day number 20 from the day after arrival: 2026-05-01 (Fri)",
            "business days: Monday to Friday without national holidays",
        ]
    );
}

#[test]
fn fees_tax_and_due_dates_are_shown_as_stored() {
    let fee = |quantity: &str, price: &str, amount: i64, capped: bool| {
        let numbers = json!({
            "quantity": quantity, "unit_price": price, "amount": amount, "capped": capped,
        });
        reason("usage_fee", numbers).arithmetic(Language::English).remove(0)
    };
    assert_eq!(fee("3", "50000", 150_000, false), "3 × 50,000 yen = 150,000 yen");
    assert_eq!(fee("3.5", "12.345", 43, false), "rounded down (3.5 × 12.345 yen) = 43 yen");
    assert_eq!(fee("900", "20", 9_000, true), "900 × 20 yen exceeds the monthly cap: 9,000 yen");
    let groups = json!([{"percent": 10, "taxable": 105, "tax": 10}, {"percent": null, "taxable": 7, "tax": 0}]);
    let tax = reason("invoice_tax", json!({ "groups": groups }));
    assert_eq!(
        tax.arithmetic(Language::Japanese),
        ["10 %対象 105円 × 10 % → 消費税10円（1円未満切捨て）", "7円は課税対象外"]
    );
    let due = reason("due_date", json!({ "nominal_due": "2026-05-31", "due": "2026-06-01" }));
    assert_eq!(
        due.arithmetic(Language::English),
        ["agreed due date 2026-05-31 (Sun) is a closed bank day → next open day 2026-06-01 (Mon)"]
    );
}

#[test]
fn unknown_numbers_are_shown_as_they_are_stored() {
    let because = reason("overdue", json!({ "due": "2026-05-31", "reach": "far" }));
    let lines = because.arithmetic(Language::English);
    assert_eq!(lines, ["unpaid at the end of the due date 2026-05-31 (Sun)", "reach = far"]);
    let broken = reason("due_date", json!({ "due": "soon" }));
    assert_eq!(broken.arithmetic(Language::English), ["due = soon"]);
}
