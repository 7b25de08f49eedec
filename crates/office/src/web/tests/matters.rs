//! Matters: a customer reports, the desk sees to it, both see what came of it.

use axum::http::StatusCode;
use contract::who::roles::Role;
use engine::people::Belongs;

use super::Office;

/// Something that is reported by the desk, so that there is a matter.
pub async fn reported(office: &Office) -> String {
    let (contract, _) = office.only("contract").await;
    let told = [("symptom", "仮想サーバに接続できない"), ("at", "2026-06-01T09:00")];
    let form = format!("/contracts/{contract}/abnormality-reported");
    office.done("ito", &form, &told).await;
    office.only("matter").await.0
}

#[tokio::test]
async fn an_abnormality_goes_from_the_customer_to_its_result() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let account = office.account().await;
    let own = Belongs::Customer { account };
    office.add("own", own.clone(), &[Role::CustomerAdministrator]).await;
    office.add("own-staff", own, &[Role::CustomerStaff]).await;
    let (contract, _) = office.only("contract").await;
    let form = format!("/my/contracts/{contract}/report");
    let refused = office.get_as("own-staff", &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let empty = office.look("own", &form, &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = [("symptom", "仮想サーバに接続できない"), ("since", "今朝から")];
    office.done("own", &form, &told).await;
    let (matter, _) = office.only("matter").await;
    let seen = office.get_as("own", &form).await.text;
    assert!(seen.contains("MAT-2026-0001") && seen.contains("対応中"), "{seen}");

    let page = format!("/matters/{matter}");
    let waiting = office.get_as("ito", "/waiting").await.text;
    assert!(waiting.contains(&page) && waiting.contains("仮想サーバに接続できない"), "{waiting}");
    let of_billing = office.get_as("takahashi", "/waiting").await.text;
    assert!(!of_billing.contains(&page), "it is not for whoever bills");
    let start = office.get_as("ito", "/").await.text;
    assert!(start.contains(&page), "what waits stands on the start page");
    let listed = office.get_as("ito", "/matters?state=open&kind=abnormality_reported").await.text;
    assert!(listed.contains(&matter));
    let of_contract = office.get_as("sato", &format!("/contracts/{contract}")).await.text;
    assert!(of_contract.contains(&page), "{of_contract}");

    let note = [("what", "回線の切断を確認"), ("at", "2026-06-06T10:00")];
    office.done("ito", &format!("{page}/matter-noted"), &note).await;
    let close = [("result", "customer_side"), ("what", "回線の障害"), ("at", "2026-06-06T10:00")];
    let unknown = [("result", "answered"), ("what", "回線の障害"), ("at", "2026-06-06T10:00")];
    let form = format!("{page}/matter-closed");
    let wrong = office.look("ito", &form, &unknown).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "another kind's result");
    let before = [("result", "customer_side"), ("what", "回線の障害"), ("at", "2026-06-06T09:00")];
    let early = office.look("ito", &form, &before).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "before it began");
    office.done("ito", &form, &close).await;
    let shown = office.get_as("ito", &page).await.text;
    for part in ["回線の切断を確認", "契約者側の原因", "回線の障害"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("/matter-closed\""), "it is closed");
    assert!(!office.get_as("ito", "/waiting").await.text.contains(&page));
    let listed = office.get_as("ito", "/matters?state=open").await.text;
    assert!(!listed.contains(&matter));
    let seen = office.get_as("own", &format!("/my/contracts/{contract}/report")).await.text;
    assert!(seen.contains("契約者側の原因"), "{seen}");
}

#[tokio::test]
async fn a_request_for_information_runs_late_on_the_day_after_its_last() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let (contract, _) = office.only("contract").await;
    let form = format!("/contracts/{contract}/information-requested");
    let asked = [
        ("question", "接続元のIPアドレス"),
        ("reply_by", "2026-06-10"),
        ("channel", "email"),
        ("at", "2026-06-06T10:00"),
    ];
    let mut over = asked;
    over[1].1 = "2026-06-05";
    let past = office.look("sato", &form, &over).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY, "a day that is over");
    let looked = office.look("sato", &form, &asked).await;
    assert!(looked.text.contains("その後こうなります"), "{}", looked.text);
    office.done("sato", &form, &asked).await;
    assert!(looked.text.contains("情報のご提供について"), "which mail leaves: {}", looked.text);
    let (matter, _) = office.only("matter").await;
    let row = office.engine.store.view("matter", &matter).await.unwrap().unwrap().content;
    assert!(row["sent_at"].is_string(), "the mail has left: {row}");
    office.until("2026-06-10T23:59:59").await;
    assert!(!office.get_as("sato", "/matters?state=late").await.text.contains(&matter));
    office.until("2026-06-11T00:00:00").await;
    let late = office.get_as("sato", "/matters?state=late").await.text;
    assert!(late.contains(&matter) && late.contains("期限超過"), "{late}");
}
