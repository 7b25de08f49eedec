//! Notices: written and approved by pages, read and confirmed in the portal.

use axum::http::StatusCode;
use contract::declare::fact::NoticeConfirmed;
use contract::who::roles::Role;
use engine::people::Belongs;

use super::Office;

const JUNE: &str = "2026-06-06T10:00:00";

/// A notice of maintenance to everybody, by mail.
pub async fn announced(office: &Office) -> String {
    let written = [
        ("to", "all"),
        ("by_email", "yes"),
        ("title", "定期点検のお知らせ"),
        ("f_from", "2026-12-20T02:00"),
        ("f_to", "2026-12-20T05:00"),
        ("f_scope", "東日本リージョン"),
    ];
    office.done("ito", "/announcements/new/maintenance", &written).await;
    let held = office.engine.announcements().await.unwrap();
    held.newest().next().unwrap().id.0.clone()
}

/// The only delivery of a notice.
pub async fn delivery(office: &Office) -> String {
    office.engine.store.views("delivery").await.unwrap().pop().unwrap().id
}

#[tokio::test]
async fn maintenance_is_announced_seen_and_confirmed() {
    let office = Office::at(JUNE).await;
    let own = Belongs::Customer { account: office.account().await };
    office.add("own", own, &[Role::CustomerAdministrator]).await;
    let form = "/announcements/new/maintenance";
    let choose = office.get_as("ito", "/announcements/new").await.text;
    assert!(choose.contains(form) && !choose.contains("/announcements/new/abolition"), "{choose}");
    let refused = office.look("kobayashi", form, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "another role writes it");
    let late = [("to", "all"), ("by_paper", "yes"), ("title", ""), ("f_from", "2026-06-01T02:00")];
    let wrong = office.look("ito", form, &late).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["もう過ぎています", "書面では送れません", "入力してください"]
    {
        assert!(wrong.text.contains(part), "{part}: {}", wrong.text);
    }
    let good = [
        ("to", "all"),
        ("by_email", "yes"),
        ("by_homepage", "yes"),
        ("title", "定期点検のお知らせ"),
        ("f_from", "2026-12-20T02:00"),
        ("f_to", "2026-12-20T05:00"),
        ("f_scope", "東日本リージョン"),
    ];
    let looked = office.look("ito", form, &good).await.text;
    for part in ["1 の契約者、1 の契約に送ります", "取り消せません", "青葉製作所", "この内容で送る"]
    {
        assert!(looked.contains(part), "{part}: {looked}");
    }
    let id = announced(&office).await;
    let page = office.get_as("ito", &format!("/announcements/{id}")).await.text;
    for part in ["送付済み", "1 / 1", "効力あり", "2026年12月20日（日）2時00分"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let delivery = delivery(&office).await;
    let own_page = format!("/my/announcements/{delivery}");
    let listed = office.get_as("own", "/my/notices").await.text;
    assert!(listed.contains(&own_page) && listed.contains("未確認"), "{listed}");
    let shown = office.get_as("own", &own_page).await.text;
    for part in ["東日本リージョン", "認定利用者への転送用の文", "効力の発生"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("\"/terms/"), "no page of the desk is linked: {shown}");
    let key = super::fill::hidden(&shown, "key");
    for _ in 0..2 {
        let sent = office.send_as("own", &own_page, &format!("key={key}")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    }
    let account = office.account().await;
    let case = office.engine.case(&account).await.unwrap();
    assert_eq!(case.in_force().facts::<NoticeConfirmed>().count(), 1, "a double click is one");
    let seen = office.get_as("ito", &format!("/deliveries/{delivery}")).await.text;
    assert!(seen.contains("契約者の確認") && seen.contains("2026-06-06"), "{seen}");
    assert!(!office.get_as("own", "/my/notices").await.text.contains("未確認"));
    let (contract, _) = office.only("contract").await;
    let of_contract = office.get_as("sato", &format!("/contracts/{contract}")).await.text;
    assert!(of_contract.contains(&format!("/deliveries/{delivery}")), "{of_contract}");
}

#[tokio::test]
async fn a_demand_waits_for_another_person_and_goes_on_paper() {
    let office = Office::at(JUNE).await;
    let (contract, _) = office.only("contract").await;
    let form = format!("/announcements/new/cure_demand?contract={contract}");
    let written = [
        ("to", "contract"),
        ("one", contract.as_str()),
        ("by_paper", "yes"),
        ("title", "是正のお願い（催告）"),
        ("f_breach", "第三者への再提供"),
        ("f_days", "14"),
    ];
    office.done("tanaka", &form, &written).await;
    let id = office.engine.announcements().await.unwrap().newest().next().unwrap().id.0.clone();
    let decide = format!("/announcements/{id}/decide");
    let own = office.look("tanaka", &decide, &[("answer", "approve")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "not by who wrote it");
    let waiting = office.get_as("kobayashi", "/waiting").await.text;
    assert!(waiting.contains(&decide), "{waiting}");
    office.done("kobayashi", &decide, &[("answer", "approve")]).await;
    let delivery = delivery(&office).await;
    let page = format!("/deliveries/{delivery}");
    let before = office.get_as("sato", &page).await.text;
    assert!(before.contains("まだ生じていません"), "{before}");
    let waiting = office.get_as("sato", "/waiting").await.text;
    assert!(waiting.contains(&format!("{page}/notice-dispatched")), "{waiting}");
    let paper = office.get_as("sato", &format!("{page}/paper")).await;
    assert_eq!(paper.headers["content-type"], "application/pdf");
    let left = [("document", "書留 1"), ("at", "2026-06-06T10:00")];
    office.done("sato", &format!("{page}/notice-dispatched"), &left).await;
    office.until("2026-06-08T15:00:00").await;
    let came = [("document", "配達証明 1"), ("at", "2026-06-08T11:00")];
    office.done("sato", &format!("{page}/notice-arrived"), &came).await;
    let after = office.get_as("sato", &page).await.text;
    assert!(after.contains("効力あり") && after.contains("2026-06-08 11:00"), "{after}");
}

#[tokio::test]
async fn what_waits_can_be_dropped_and_what_left_is_withdrawn_by_another() {
    let office = Office::at(JUNE).await;
    let written = [
        ("to", "all"),
        ("by_email", "yes"),
        ("title", "利用規約の変更のお知らせ"),
        ("f_from", "2026-09-01"),
        ("f_version", "2.0"),
        ("f_content", "料金表を改めます。"),
    ];
    office.done("kobayashi", "/announcements/new/terms_change", &written).await;
    let decide = "/announcements/N-0001/decide";
    let drop = [("answer", "drop"), ("reason", "書き直します")];
    office.done("kobayashi", decide, &drop).await;
    let page = office.get_as("kobayashi", "/announcements/N-0001").await.text;
    assert!(page.contains("取下げ") && page.contains("書き直します"), "{page}");
    let decided = office.get_as("kobayashi", decide).await.text;
    assert!(decided.contains("もう決まっています") && !decided.contains("name=\"answer\""));
    let id = announced(&office).await;
    let form = format!("/announcements/new/general?withdraws={id}");
    let shown = office.get_as("ito", &form).await.text;
    assert!(shown.contains("を撤回します"), "{shown}");
    let withdraw = [
        ("withdraws", id.as_str()),
        ("by_email", "yes"),
        ("title", "定期点検の取りやめ"),
        ("text", "行いません。"),
    ];
    office.done("ito", &form, &withdraw).await;
    let old = office.get_as("ito", &format!("/announcements/{id}")).await.text;
    assert!(old.contains("N-0003") && old.contains("撤回"), "{old}");
    let listed = office.get_as("ito", "/announcements?state=withdrawn").await.text;
    assert!(listed.contains(&id) && !listed.contains("N-0003"), "{listed}");
}
