//! Corrections on pages: proposed after a preview, approved by somebody else, and
//! found again in the record.

use axum::http::StatusCode;
use contract::declare::ids::AccountId;
use serde_json::Value;

use super::Office;
use super::desk::{COMPANY, typed_form};

/// A contract of two servers, typed by one person and accepted by another. Its id.
pub async fn accepted(office: &Office, today: &str) -> String {
    let at = format!("{today}T08:30");
    let mut form = typed_form();
    form.extend([("reference", "紙-0001"), ("at", at.as_str())]);
    let to = office.done("sato", "/applications/new", &form).await;
    let application = to.split('?').next().unwrap().to_owned();
    for (person, kind) in [("kobayashi", "anti_social"), ("tanaka", "credit")] {
        let check = [
            ("kind", kind),
            ("result", "passed"),
            ("on", today),
            ("expires_on", "2027-03-31"),
            ("by", "みほん信用調査"),
        ];
        let path = format!("{application}/check");
        let report = format!("%PDF-1.7 {kind}");
        let sent = office.upload(person, &path, &check, ("報告書.pdf", report.as_bytes())).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    }
    let accept = [("seen_all", "yes"), ("reason", "条件を確かめた")];
    office.done("suzuki", &format!("{application}/accept"), &accept).await;
    let id = application.trim_start_matches("/applications/");
    let view = office.engine.store.view("application", id).await.unwrap().unwrap();
    assert_eq!(view.content["status"], "formed", "the acceptance mail has left");
    format!("K-{}", id.trim_start_matches("P-"))
}

/// Its May is charged and paid, though its use began in June only.
pub async fn charged_too_early(office: &Office, contract: &str) -> String {
    let page = format!("/contracts/{contract}");
    office.until("2026-05-01T10:00:00").await;
    office.done("ito", &format!("{page}/start"), &[("line", "1"), ("on", "2026-05-01")]).await;
    office.until("2026-06-05T10:00:00").await;
    let run = [("month", "2026-05"), ("issued_on", "2026-06-05")];
    office.fill("takahashi", "/billing", &run).await;
    office.until("2026-06-20T10:00:00").await;
    let invoices = office.engine.store.views("invoice").await.unwrap();
    let account = AccountId::of_company(COMPANY);
    let own = invoices.iter().find(|view| view.account == account).expect("an invoice");
    let whose = own.id.clone();
    let payment = [("whose", whose.as_str()), ("on", "2026-06-20"), ("amount", "54,560")];
    office.done("takahashi", "/payments/new", &payment).await;
    whose
}

/// An office after that.
async fn office() -> (Office, String) {
    let office = Office::at("2026-04-01T09:00:00").await;
    let contract = accepted(&office, "2026-04-01").await;
    let number = charged_too_early(&office, &contract).await;
    assert_eq!(number, "INV-2026-000001");
    assert_eq!(invoice(&office).await["outstanding"], 0);
    (office, contract)
}

async fn invoice(office: &Office) -> Value {
    office.engine.store.view("invoice", "INV-2026-000001").await.unwrap().unwrap().content
}

async fn account(office: &Office) -> Value {
    office.engine.store.views("account").await.unwrap()[0].content.clone()
}

/// Where the entry of a kind is corrected.
pub async fn entry(office: &Office, word: &str) -> String {
    let account = AccountId::of_company(COMPANY);
    let records = office.engine.records(&account).await.unwrap();
    let found = records.iter().rev().find(|record| {
        let content = serde_json::to_value(&record.input.content).unwrap();
        content["fact"]["type"] == word
    });
    let id = &found.unwrap_or_else(|| panic!("no entry {word}")).input.id;
    crate::web::parts::path(&format!("/entries/{account}"), &id.0)
}

/// Proposed by one person and approved by another.
pub async fn carried(office: &Office, by: &str, path: &str, fields: &[(&str, &str)]) {
    office.done(by, path, fields).await;
    let waiting = office.get_as("suzuki", "/waiting").await.text;
    let link = waiting.split("href=\"/proposals/").nth(1).expect("the proposal waits");
    let link = format!("/proposals/{}", link.split('"').next().unwrap());
    let shown = office.get_as("suzuki", &link).await.text;
    assert!(shown.contains("起案の時に見込まれた変化"), "{shown}");
    let answer = [("answer", "approve"), ("reason", "確認した")];
    office.done("suzuki", &link, &answer).await;
    // What is done in one second has no order but that of its names.
    office.clock.move_to(office.engine.now().plus_seconds(60));
}

#[tokio::test]
async fn a_paid_invoice_is_corrected_by_new_documents() {
    let (office, _) = office().await;
    let wrong = entry(&office, "service_started").await;
    let shown = office.get_as("takahashi", &wrong).await.text;
    assert!(shown.contains("訂正を起案"), "{shown}");
    assert!(!office.get_as("kato", &wrong).await.text.contains("訂正を起案"), "auditors look only");
    let path = wrong.replacen("/entries/", "/correct/", 1);
    let fields =
        [("what", "instead"), ("on", "2026-06-01"), ("reason", "開始日を一月早く登録していた")];
    let looked = office.look("takahashi", &path, &fields).await;
    for told in ["承認されると", "−49,600円", "INV-2026-000001"] {
        assert!(looked.text.contains(told), "{told}: {}", looked.text);
    }
    assert_eq!(invoice(&office).await["outstanding"], 0, "looking does nothing");
    carried(&office, "takahashi", &path, &fields).await;
    let page = "/invoices/INV-2026-000001/correct";
    let credit = [("what", "credit"), ("reason", "五月分の返還")];
    let looked = office.look("takahashi", page, &credit).await;
    for told in
        ["54,560", "CN-2026-000001", "返還請求書に番号を付けて発行し、送ります", "それによって："]
    {
        assert!(looked.text.contains(told), "{told}: {}", looked.text);
    }
    carried(&office, "takahashi", page, &credit).await;
    assert_eq!(invoice(&office).await["credited"], 54_560);
    assert_eq!(account(&office).await["held"], 54_560);
    let back = [("what", "return"), ("amount", "54,560"), ("reason", "契約者の希望")];
    let contract = office.only("contract").await.0;
    carried(&office, "takahashi", &format!("/contracts/{contract}/correct"), &back).await;
    assert_eq!(account(&office).await["to_return"], 54_560);
    let record = office.get_as("kato", "/entries").await.text;
    for found in ["開始日を一月早く登録していた", "五月分の返還", "確認した", "鈴木", "/terms/14-3"]
    {
        assert!(record.contains(found), "{found}");
    }
}

#[tokio::test]
async fn a_wrong_payment_is_replaced_undone_or_voided() {
    let (office, _) = office().await;
    let path = entry(&office, "payment_credited").await.replacen("/entries/", "/correct/", 1);
    let less = [
        ("what", "instead"),
        ("on", "2026-06-20"),
        ("amount", "50,000"),
        ("reason", "金額の打ち間違い"),
    ];
    carried(&office, "takahashi", &path, &less).await;
    assert_eq!(invoice(&office).await["outstanding"], 4_560);
    let page = "/invoices/INV-2026-000001/correct";
    let shown = office.get_as("takahashi", page).await.text;
    let undo = shown.split("value=\"undo:").nth(1).unwrap().split('"').next().unwrap();
    let undo = format!("undo:{undo}");
    let fields = [("what", undo.as_str()), ("reason", "別の請求書への入金だった")];
    carried(&office, "takahashi", page, &fields).await;
    assert_eq!(invoice(&office).await["outstanding"], 54_560);
    assert_eq!(account(&office).await["held"], 50_000);
    let offset = [("what", "offset"), ("amount", "60,000"), ("reason", "相殺の合意")];
    let blocked = office.look("takahashi", page, &offset).await;
    assert_eq!(blocked.status, StatusCode::UNPROCESSABLE_ENTITY, "not so much is held");
    let offset = [("what", "offset"), ("amount", "50,000"), ("reason", "相殺の合意")];
    carried(&office, "takahashi", page, &offset).await;
    assert_eq!(invoice(&office).await["outstanding"], 4_560);
    let unreasoned = office.look("takahashi", &path, &[("what", "void")]).await;
    assert_eq!(unreasoned.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nothing = office.look("takahashi", page, &[("reason", "x")]).await;
    assert!(nothing.text.contains("どう訂正するかを選んでください"), "{}", nothing.text);
}

#[tokio::test]
async fn a_cancellation_is_moved_and_withdrawn_by_agreement() {
    let (office, contract) = office().await;
    let page = format!("/contracts/{contract}");
    let form = [
        ("channel", "paper"),
        ("at", "2026-06-20T09:30"),
        ("desired", "2026-09-30"),
        ("signed_by", "汐見　渚"),
    ];
    office.done("sato", &format!("{page}/cancellation"), &form).await;
    let end = async || office.engine.store.views("contract").await.unwrap()[0].content.clone();
    assert_eq!(end().await["end"]["on"], "2026-09-30");
    let path = format!("{page}/correct");
    let shown = office.get_as("sato", &path).await.text;
    let way = |kind: &str| {
        let mark = format!("value=\"{kind}:");
        let id = shown.split(&mark).nth(1).unwrap().split('"').next().unwrap();
        format!("{kind}:{id}")
    };
    let (moved, withdrawn) = (way("move"), way("withdraw"));
    let fields = [
        ("what", moved.as_str()),
        ("to", "2026-10-31"),
        ("document", "合意書 26-1"),
        ("reason", "契約者の希望で一月延ばす"),
    ];
    carried(&office, "sato", &path, &fields).await;
    assert_eq!(end().await["end"]["on"], "2026-10-31");
    office.until("2026-06-21T10:00:00").await;
    let fields = [
        ("what", withdrawn.as_str()),
        ("document", "合意書 26-2"),
        ("reason", "契約を続けることになった"),
    ];
    carried(&office, "sato", &path, &fields).await;
    assert!(end().await["end"].is_null());
}
