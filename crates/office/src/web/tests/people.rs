//! People, the access log and the quarterly review, on their pages.

use axum::http::StatusCode;
use contract::who::roles::Role;
use reckon::Day;

use super::Office;

async fn holds(office: &Office, person: &str, role: Role) -> bool {
    let people = office.engine.people().await.unwrap();
    let today: Day = office.engine.now().day();
    people.hats(person, today).iter().any(|hat| hat.role == role)
}

#[tokio::test]
async fn a_right_to_approve_is_given_by_two_administrators_on_the_page() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let added = "what=add&person=nomura&name=Nomura&side=staff&account=&reason=new";
    assert_eq!(office.send_as("mori", "/people", added).await.status, StatusCode::SEE_OTHER);
    let grant = "what=grant&person=nomura&role=contract_approver&from=2026-04-01&until=&reason=x";
    assert_eq!(office.send_as("mori", "/people", grant).await.status, StatusCode::SEE_OTHER);
    assert!(!holds(&office, "nomura", Role::ContractApprover).await);
    let page = office.get_as("hara", "/people").await.text;
    assert!(page.contains("二人目の管理者") && page.contains("契約の承認"), "{page}");
    let (_, rest) = page.split_once("name=\"proposal\" value=\"").unwrap();
    let approve = format!("what=approve&proposal={}&reason=agreed", &rest[..8]);
    let own = office.send_as("mori", "/people", &approve).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "the proposer cannot approve");
    assert_eq!(office.send_as("hara", "/people", &approve).await.status, StatusCode::SEE_OTHER);
    assert!(holds(&office, "nomura", Role::ContractApprover).await);
    let read_only = office.get_as("kato", "/people").await;
    assert_eq!(read_only.status, StatusCode::OK);
    assert!(!read_only.text.contains("what\" value=\"grant\""), "auditors read");
    assert_eq!(office.send_as("kato", "/people", grant).await.status, StatusCode::FORBIDDEN);
    let kept = office.token("nomura").await;
    let leave = "what=leave&person=nomura&from=2026-04-01&reason=left";
    office.send_as("mori", "/people", leave).await;
    assert_eq!(office.app.door.visitor_of_token(&kept).await.unwrap(), None, "shut out at once");
}

#[tokio::test]
async fn what_was_read_and_refused_stands_in_the_log() {
    let office = Office::at("2026-04-01T10:00:00").await;
    let (application, _) = office.only("application").await;
    let path = format!("/applications/{application}");
    assert_eq!(office.get_as("sato", &path).await.status, StatusCode::OK);
    assert_eq!(office.get_as("sato", "/invoices").await.status, StatusCode::FORBIDDEN);
    let log = office.get_as("kato", "/access-log").await.text;
    for shown in ["個人情報・書類の閲覧", &path, "権限なし", "GET /invoices", "佐藤　花"]
    {
        assert!(log.contains(shown), "{shown}");
    }
    let only = office.get_as("kato", "/access-log?kind=refused&person=sato").await.text;
    assert!(only.contains("GET /invoices") && !only.contains(&path));
    let file = office.get_as("kato", "/access-log.csv").await;
    let heads = "\u{FEFF}日時,誰が,利用者 ID,キー,種類,何を,どこから,備考\n";
    assert!(file.text.starts_with(heads), "{}", file.text);
    assert!(file.text.contains(",佐藤　花,sato,,権限なし,GET /invoices,"), "{}", file.text);
    let after = office.get_as("kato", "/access-log?kind=export").await.text;
    assert!(after.contains("GET /access-log.csv"), "the export itself is noted");
    assert_eq!(office.get_as("sato", "/access-log").await.status, StatusCode::FORBIDDEN);
    let wrong = office.get_as("kato", "/access-log?from=soon").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_quarter_that_is_over_is_signed_and_a_change_of_the_list_shows() {
    let office = Office::at("2026-04-01T10:00:00").await;
    let running = office.send_as("kato", "/access-review", "quarter=2026Q2&reason=").await;
    assert_eq!(running.status, StatusCode::UNPROCESSABLE_ENTITY);
    office.clock.move_to("2026-07-01T09:00:00".parse().unwrap());
    let file = office.get_as("kato", "/access-review.csv?quarter=2026Q2").await.text;
    let line = |person: &str| {
        let found = file.lines().find(|line| line.starts_with(&format!("{person},")));
        found.unwrap_or_else(|| panic!("{person} in {file}")).to_owned()
    };
    assert!(line("sato").ends_with(",1,0,"), "one form registered: {}", line("sato"));
    assert!(line("takahashi").ends_with(",0,0,never_used"), "{}", line("takahashi"));
    assert!(line("everything").contains("proposes_and_approves; watches_itself"));
    let signed = office.send_as("kato", "/access-review", "quarter=2026Q2&reason=seen").await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    let page = office.get_as("mori", "/access-review?quarter=2026Q2").await.text;
    assert!(page.contains("申込窓口") && !page.contains("order_desk"), "roles in Japanese");
    assert!(page.contains("社内") && !page.contains(">staff<"), "and sides");
    assert!(page.contains("点検済み") && !page.contains("その後、一覧の内容が変わりました"));
    let (_, entry) = office.engine.people_entries().await.unwrap().pop().unwrap();
    assert_eq!((entry.by.id.as_str(), entry.change.name()), ("kato", "access_reviewed"));
    assert_eq!(office.get_as("sato", "/access-review").await.status, StatusCode::FORBIDDEN);
    let text = office.app.door.review("2026Q2".parse().unwrap()).await.unwrap().text();
    assert!(text.contains("signed by kato") && text.contains("never_used"), "{text}");
}
