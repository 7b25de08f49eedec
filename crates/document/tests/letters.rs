//! Letters to applicants and customers.

use contract::road::stated::{Circumstance, Counted};
use contract::{PaymentMethod, UsePeriod};
use document::wording::letters::*;
use document::{OutgoingMail, write_mail};
use reckon::{CalendarKind, Day, Moment, Yen};
use serde_json::json;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn moment(text: &str) -> Moment {
    text.parse().expect("an instant")
}

fn to() -> Addressee {
    Addressee {
        company: "株式会社アルファ".into(),
        department: "情報システム部".into(),
        person: "青木 花子".into(),
    }
}

fn from() -> Signature {
    Signature {
        company: "ベータ株式会社".into(),
        department: "契約窓口".into(),
        mail: "desk@beta.example".into(),
        phone: "03-0000-0000".into(),
    }
}

fn acceptance(paper_form_owed: bool) -> LetterText {
    acceptance_mail(&AcceptanceLetter {
        to: to(),
        from: from(),
        application: "P-1".into(),
        contract: "K-1".into(),
        applied_at: moment("2026-04-01T09:00:00"),
        terms_version: "1.1".into(),
        lines: vec![LetterLine {
            number: 1,
            name: "サーバー".into(),
            quantity: 2,
            start: day("2026-04-10"),
            monthly_fee: Some(Yen(50_000)),
        }],
        change: None,
        period: UsePeriod { from: day("2026-04-10"), to: day("2026-05-31") },
        paper_form_owed,
        attachment: "申込請書.pdf".into(),
    })
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
    let letter = refusal_mail(&RefusalLetter {
        to: to(),
        from: from(),
        application: "P-1".into(),
        applied_at: moment("2026-04-01T09:00:00"),
    });
    assert!(letter.body.contains("不承諾"));
    assert!(!letter.body.contains("第9条第10項"));
}

fn receipt(desired: Option<&str>, deemed: bool, unpaid: Yen) -> LetterText {
    cancellation_receipt(&CancellationReceiptLetter {
        to: to(),
        from: from(),
        contract: "K-1".into(),
        arrived_at: moment("2026-04-02T10:00:00"),
        desired: desired.map(day),
        effective: day("2026-05-01"),
        deemed,
        counted: Counted {
            left: desired.map(|_| 12),
            needed: 25,
            deemed_after: 20,
            earliest: day("2026-05-01"),
            calendar: CalendarKind::National,
        },
        unpaid,
        interest: Yen::ZERO,
        month_end: deemed.then(|| day("2026-05-31")),
    })
}

#[test]
fn a_receipt_notice_says_why_its_day_holds() {
    let kept = receipt(Some("2026-05-01"), false, Yen::ZERO).body;
    assert!(kept.contains("・解除日        ：2026年5月1日（金）\n"), "{kept}");
    assert!(kept.contains("ご希望のとおり") && !kept.contains("みなし"), "{kept}");
    assert!(kept.contains("2026年5月分まで全額") && !kept.contains("第15条第3項"), "{kept}");
    let deemed = receipt(Some("2026-04-20"), true, Yen(110_000)).body;
    assert!(deemed.contains("2026年5月1日（金）（みなし）"), "{deemed}");
    assert!(deemed.contains("2026年4月2日（木）にお支払いの場合"), "{deemed}");
    assert!(
        deemed.contains("必要な25営業日を満たしません。そのため、到達から20営業日後"),
        "{deemed}"
    );
    assert!(deemed.contains("到達から12営業日で") && deemed.contains("110,000円"), "{deemed}");
    assert!(deemed.contains("追加の料金なしで解除日を2026年5月31日（日）"), "{deemed}");
    assert!(!kept.contains("追加の料金なし"), "{kept}");
    assert!(receipt(None, true, Yen::ZERO).body.contains("解除希望日の記載がありません"));
}

#[test]
fn a_termination_notice_names_ground_effect_and_last_day_to_pay() {
    let letter = termination_notice(&TerminationLetter {
        to: to(),
        from: from(),
        contract: "K-1".into(),
        ground: "16-1(2)".into(),
        circumstances: vec![
            Circumstance::Arrears {
                number: "INV-1".into(),
                due: day("2026-05-31"),
                outstanding: Yen(110_000),
            },
            Circumstance::Recorded { input: "I-1".into(), on: day("2026-09-01") },
        ],
        on: None,
        unpaid: Yen(110_000),
        interest: Yen(4_444),
        interest_to: day("2026-09-10"),
        payable_by: day("2026-09-30"),
    });
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

#[test]
fn invoices_say_what_is_due_when() {
    let invoice = InvoiceLetter {
        to: to(),
        from: from(),
        number: "INV-1".into(),
        month: "2026-04".parse().expect("a month"),
        issued_on: day("2026-05-01"),
        total: Yen(110_000),
        tax: Yen(10_000),
        due: day("2026-06-01"),
        method: PaymentMethod::Transfer,
        attachment: "INV-1.pdf".into(),
    };
    let transfer = invoice_mail(&invoice);
    assert_eq!(transfer.subject, "【請求書】2026年4月分のご請求（INV-1）");
    assert!(transfer.body.contains("110,000円（うち消費税等 10,000円）"));
    let debit = invoice_mail(&InvoiceLetter { method: PaymentMethod::Debit, ..invoice });
    assert!(debit.body.contains("あらかじめお知らせ") && !debit.body.contains("振込"));
}

#[test]
fn a_late_interest_invoice_shows_its_arithmetic() {
    let because = json!({ "rule": "late_interest@1", "numbers": { "days": 27 } });
    let because = serde_json::from_value(because).expect("a stored reason");
    let letter = late_interest_invoice_mail(&LateInterestLetter {
        to: to(),
        from: from(),
        number: "INV-2".into(),
        issued_on: day("2027-01-04"),
        late_invoice: "INV-1".into(),
        late_due: day("2026-11-30"),
        paid_on: day("2026-12-28"),
        amount: Yen(1_188),
        because,
        due: day("2027-02-26"),
        method: PaymentMethod::Transfer,
        attachment: "INV-2.pdf".into(),
    });
    assert!(letter.body.contains("・計算        ：days = 27\n"), "{}", letter.body);
}

#[test]
fn faults_are_listed_cell_by_cell() {
    let blank = document::write_application(None).expect("a blank form");
    let faults = document::read_application("a.xlsx", &blank).expect_err("it is blank");
    let letter = form_faults_mail(&FormFaultsLetter {
        to: to(),
        from: from(),
        form: "申込書".into(),
        received_at: moment("2026-04-01T09:05:00"),
        file: "a.xlsx".into(),
        faults: faults.into_iter().take(2).collect(),
    });
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
    let erased = contract::ending::erasure::ErasedClass {
        class: "contact".into(),
        count: 2,
        method: "鍵の破棄".into(),
    };
    let certificate = erasure_certificate_mail(&ErasureLetter {
        to: to(),
        from: from(),
        contract: "K-1".into(),
        ended_on: day("2026-05-01"),
        erased_on: day("2026-05-02"),
        erased: vec![erased],
        kept: vec!["会計帳簿（法令による保存）".into()],
        attachment: "消去証明書.pdf".into(),
    });
    let order = order_acceptance_mail(&OrderAcceptanceLetter {
        to: to(),
        from: from(),
        application: "P-1".into(),
        contract: "K-1".into(),
        change: None,
        formed_at: moment("2026-04-03T10:00:00"),
        attachment: "申込請書.pdf".into(),
    });
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
