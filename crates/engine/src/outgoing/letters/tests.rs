//! What the letters say, of what the record determined.

use contract::PaymentMethod;
use contract::declare::fact::MaterialErased;
use contract::ending::erasure::ErasedClass;
use contract::money::invoice::Invoice;
use contract::road::stated::{Order, Receipt, Termination};
use document::wording::letters::{Addressee, LetterText, Signature, Wording};
use document::{OutgoingMail, write_mail};
use reckon::{Day, Moment};
use serde_json::{Value, json};

use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn moment(text: &str) -> Moment {
    text.parse().expect("an instant")
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("as it is stored")
}

fn written(wording: Wording) -> LetterText {
    let to = Addressee {
        company: "株式会社アルファ".into(),
        department: "情報システム部".into(),
        person: "青木 花子".into(),
    };
    let from = Signature {
        company: "ベータ株式会社".into(),
        department: "契約窓口".into(),
        mail: "desk@beta.example".into(),
        phone: "03-0000-0000".into(),
    };
    wording.written(&to, &from)
}

fn order() -> Order {
    read(json!({
        "contract": "K-1",
        "application": "P-1",
        "version": "1.1",
        "period": { "from": "2026-04-10", "to": "2026-05-31" },
        "lines": [{
            "number": 1,
            "service": "SDPF",
            "item": "VM",
            "quantity": 2,
            "start": "2026-04-10",
            "minimum_term": { "from": "2026-04-10", "to": "2026-05-31" },
            "monthly_fee": 50_000,
        }],
        "renewal_notice_bd": 25,
        "extension_months": 1,
    }))
}

fn acceptance(paper_form_owed: bool) -> LetterText {
    let stated = acceptance::Stated {
        order: &order(),
        change: None,
        applied_at: moment("2026-04-01T09:00:00"),
        paper_form_owed,
        attachment: "申込請書.pdf",
    };
    written(acceptance::text(&stated, |_| "サーバー".to_owned()))
}

#[test]
fn the_acceptance_mail_says_when_the_contract_is_formed() {
    let expected = "\
株式会社アルファ
情報システム部
青木 花子 様

このたびはお申し込みをいただき、誠にありがとうございます。
ベータ株式会社 契約窓口でございます。

お申し込みの内容を確認し、下記のとおり承諾いたします。

利用契約は、当社がこのメールを送信した時点で成立しております（第9条第4項）。

　　　　　　　　　　記

・申込番号：P-1
・契約番号：K-1
・お申込日：2026年4月1日（水）
・サービス：1. サーバー × 2　月額50,000円（税抜）　2026年4月10日（金）から
・利用期間：2026年4月10日（金）〜2026年5月31日（日）
・添付    ：申込請書（申込請書.pdf）

※ 利用契約には、利用規約1.1版が適用されます。

※ 申込請書は改めてお送りします。その時期は契約の成立に影響しません（第9条第5項）。

※ メールでのお申し込みでしたので、記名済みの紙の申込書もお早めにお送りください（第9条第2項）。

　　　　　　　　　　　　　　　　　　　　以上

----------------------------------------
ベータ株式会社
契約窓口
メール：desk@beta.example
電話　：03-0000-0000
----------------------------------------
";
    assert_eq!(acceptance(true).body, expected);
    assert!(!acceptance(false).body.contains("紙の申込書"));
}

#[test]
fn a_refusal_states_no_ground() {
    let letter = written(refusal::text(&"P-1".into(), day("2026-04-01")));
    assert!(letter.body.contains("不承諾"));
    assert!(!letter.body.contains("第9条第10項"));
}

fn unpaid(outstanding: i64, interest: i64) -> Value {
    json!([{ "number": "INV-1", "due": "2026-05-31", "outstanding": outstanding, "interest": interest }])
}

fn receipt(desired: Option<&str>, deemed: bool, outstanding: i64) -> LetterText {
    let notice: Receipt = read(json!({
        "contract": "K-1",
        "form": "I-1",
        "version": "1.1",
        "items": ["VM"],
        "arrived_on": "2026-04-02",
        "desired": desired,
        "effective": "2026-05-01",
        "deemed": deemed,
        "counted": {
            "left": desired.map(|_| 12),
            "needed": 25,
            "deemed_after": 20,
            "earliest": "2026-05-01",
            "calendar": "JP",
        },
        "last_month": "2026-05",
        "last_month_fee": { "net": 50_000, "tax": 5_000 },
        "unpaid": unpaid(outstanding, 0),
        "interest_to": "2026-04-02",
        "month_end": deemed.then_some("2026-05-31"),
    }));
    written(receipt::text(&notice))
}

#[test]
fn a_receipt_notice_says_why_its_day_holds() {
    let kept = receipt(Some("2026-05-01"), false, 0).body;
    assert!(kept.contains("・解除日        ：2026年5月1日（金）\n"), "{kept}");
    assert!(kept.contains("ご希望のとおり") && !kept.contains("みなし"), "{kept}");
    assert!(kept.contains("2026年5月分まで全額") && !kept.contains("第15条第3項"), "{kept}");
    let deemed = receipt(Some("2026-04-20"), true, 110_000).body;
    assert!(deemed.contains("2026年5月1日（金）（みなし）"), "{deemed}");
    assert!(deemed.contains("2026年4月2日（木）にお支払いの場合"), "{deemed}");
    assert!(
        deemed.contains("必要な25営業日を満たしません。そのため、到達から20営業日後"),
        "{deemed}"
    );
    assert!(deemed.contains("到達から12営業日で") && deemed.contains("110,000円"), "{deemed}");
    assert!(deemed.contains("追加の料金なしで解除日を2026年5月31日（日）"), "{deemed}");
    assert!(!kept.contains("追加の料金なし"), "{kept}");
    assert!(receipt(None, true, 0).body.contains("解除希望日の記載がありません"));
}

#[test]
fn a_termination_notice_names_ground_effect_and_last_day_to_pay() {
    let notice: Termination = read(json!({
        "contract": "K-1",
        "act": "I-8",
        "ground": "16-1(2)",
        "circumstances": [
            { "kind": "arrears", "number": "INV-1", "due": "2026-05-31", "outstanding": 110_000 },
            { "kind": "recorded", "input": "I-1", "on": "2026-09-01" },
        ],
        "unpaid": unpaid(110_000, 4_444),
        "interest_to": "2026-09-10",
        "payable_by": "2026-09-30",
    }));
    let letter = written(termination::text(&notice));
    for words in [
        "第16条第1項第2号",
        "請求書 INV-1（支払期日 2026年5月31日（日）、未払額 110,000円）",
        "2026年9月1日（火）に当社が確認",
        "4,444円（2026年9月10日（木）にお支払いの場合）",
        "このメールの送信時（第3条第2項）",
        "2026年9月30日（水）（第16条第2項）",
    ] {
        assert!(letter.body.contains(words), "{}", letter.body);
    }
}

/// An invoice of one charge, with its reason.
fn invoice(kind: &str, because: Value) -> Invoice {
    let reason = json!({ "rule": "due_date@1" });
    read(json!({
        "number": "INV-2",
        "kind": kind,
        "run": "r-1",
        "draft": "D-1",
        "month": "2026-04",
        "issued_on": "2026-05-01",
        "nominal_due": "2026-06-01",
        "due": "2026-06-01",
        "lines": [{
            "number": 1,
            "charge": {
                "key": {
                    "kind": "late_interest",
                    "contract": "K-1",
                    "line": 0,
                    "item": "",
                    "resource": "INV-1",
                    "month": "2026-04",
                },
                "name": "延滞利息",
                "quantity": "1",
                "unit": "",
                "unit_price": "1188",
                "amount": 1_188,
                "because": because,
            },
            "amount": 1_188,
        }],
        "tax_groups": [{ "percent": 10, "taxable": 100_000, "tax": 10_000 }],
        "total": 110_000,
        "because_tax": reason,
        "because_due": reason,
    }))
}

#[test]
fn invoices_say_what_is_due_when() {
    let invoice = invoice("fee", json!({ "rule": "monthly_fee@1" }));
    let of = |method| written(invoice::text(&invoice, method, "INV-2.pdf"));
    let transfer = of(PaymentMethod::Transfer);
    assert_eq!(transfer.subject, "【請求書】2026年4月分のご請求（INV-2）");
    assert!(transfer.body.contains("110,000円（うち消費税等 10,000円）"));
    let debit = of(PaymentMethod::Debit);
    assert!(debit.body.contains("あらかじめお知らせ") && !debit.body.contains("振込"));
}

#[test]
fn a_late_interest_invoice_shows_its_arithmetic() {
    let because = json!({ "rule": "late_interest@1", "numbers": { "days": 27 } });
    let invoice = invoice("late_interest", because);
    let late = invoice::Late { due: day("2026-11-30"), paid_on: day("2026-12-28") };
    let method = PaymentMethod::Transfer;
    let letter = written(invoice::late_interest_text(&invoice, late, method, "INV-2.pdf"));
    assert!(letter.body.contains("・計算        ：days = 27\n"), "{}", letter.body);
    assert!(letter.body.contains("・対象の請求書：INV-1\n"), "{}", letter.body);
    assert!(letter.body.contains("・ご入金日    ：2026年12月28日（月）\n"), "{}", letter.body);
}

#[test]
fn faults_are_listed_cell_by_cell() {
    let blank = document::write_application(None).expect("a blank form");
    let faults = document::read_application("a.xlsx", &blank).expect_err("it is blank");
    let faults: Vec<_> = faults.into_iter().take(2).collect();
    let letter = written(form_faults::text(&faults, moment("2026-04-01T09:05:00")));
    let expected = "\
・受信日時  ：2026年4月1日（水） 9:05
・ファイル  ：a.xlsx
・不備の箇所：申込書!C7「会社名」：記入がありません。会社名をご記入ください。
              申込書!C8「フリガナ」：記入がありません。フリガナをご記入ください。
";
    assert!(letter.body.contains(expected), "{}", letter.body);
}

#[test]
fn letters_can_be_mailed() {
    let erased = ErasedClass { class: "contact".into(), count: 2, method: "鍵の破棄".into() };
    let fact = MaterialErased {
        contract: "K-1".into(),
        erased: vec![erased],
        by: "sato".into(),
        confirmed_by: "suzuki".into(),
    };
    let kept = ["会計帳簿（法令による保存）".to_owned()];
    let (ended, on) = (day("2026-05-01"), day("2026-05-02"));
    let certificate = written(certificate::text(&fact, ended, on, &kept, "消去証明書.pdf"));
    let formed = day("2026-04-03");
    let order = written(order_acceptance::text(&order(), None, formed, "申込請書.pdf"));
    assert!(certificate.body.contains("連絡先　2件（鍵の破棄）"));
    assert!(order.body.contains("2026年4月3日（金）"));
    for LetterText { subject, body } in [certificate, order] {
        let mail = OutgoingMail {
            from: "desk@beta.example".into(),
            to: vec!["aoki@alpha.example".into()],
            reply_to: None,
            automatic: false,
            subject,
            text: body,
            message_id: "1@beta.example".into(),
            date: moment("2026-05-02T10:00:00"),
            attachments: Vec::new(),
        };
        write_mail(&mail).expect("a mail");
    }
}
