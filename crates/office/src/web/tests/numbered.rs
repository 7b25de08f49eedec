//! Short numbers: what the desk and the customer read in place of an id.

use axum::http::StatusCode;
use contract::who::roles::Role;
use engine::people::Belongs;

use super::Office;
use super::matters::reported;
use crate::web::parts::escaped;

/// One contract runs, of one application.
const RUNNING: &str = "2026-07-20T10:00:00";

/// What is read of a page: the texts between its tags.
fn read(page: &str) -> String {
    let mut texts = String::new();
    for part in page.split('<') {
        texts += part.split_once('>').map_or(part, |(_, text)| text);
        texts.push(' ');
    }
    texts
}

#[tokio::test]
async fn pages_and_lists_tell_the_number_and_keep_the_id() {
    let office = Office::at(RUNNING).await;
    let matter = reported(&office).await;
    let (contract, application) =
        (office.only("contract").await.0, office.only("application").await.0);
    for (folder, id, number) in [
        ("/contracts", &contract, "CTR-2026-0001"),
        ("/applications", &application, "APP-2026-0001"),
        ("/matters", &matter, "MAT-2026-0001"),
    ] {
        let page = office.get(&format!("{folder}/{id}")).await.text;
        assert!(page.contains(&format!("<h1>{number} ")), "{folder}: {page}");
        assert!(page.contains(&format!("<title>{number} ")), "{folder}");
        assert_eq!(read(&page).matches(id.as_str()).count(), 1, "{folder}: once, small");
        let list = office.get(&format!("{folder}?sort=-number")).await.text;
        let link = format!("href=\"{folder}/{id}\">{number}</a>");
        assert!(list.contains(&link), "{folder}: {list}");
        assert!(!read(&list).contains(id.as_str()), "{folder}");
        let file = office.get(&format!("{folder}.csv")).await.text;
        assert!(
            file.starts_with("\u{FEFF}番号,") && file.contains(&format!("\n{number},")),
            "{file}"
        );
        assert!(file.contains(id.as_str()), "{folder}: the id for programs: {file}");
        for typed in [number.to_owned(), number.to_lowercase(), number.replace("-000", "-")] {
            let found = office.get(&format!("{folder}?q={typed}")).await.text;
            assert!(found.contains(&link), "{typed}: {found}");
        }
        let other = office.get(&format!("{folder}?q={}", number.replace("0001", "0002"))).await;
        assert!(!other.text.contains(&link), "{folder}");
    }
    for (typed, address) in [
        ("/contracts/CTR-2026-0001", format!("/contracts/{contract}")),
        ("/contracts/ctr-2026-1/start", format!("/contracts/{contract}/start")),
        ("/applications/APP-2026-0001", format!("/applications/{application}")),
    ] {
        assert_eq!(office.get(typed).await.headers["location"], address, "{typed}");
    }
    let kept = office.get("/contracts/CTR-2026-0001?lang=en").await;
    assert_eq!(kept.headers["location"], format!("/contracts/{contract}?lang=en"));
    let account = office.account().await;
    office.add("kyaku", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    let outside = office.get_as("kyaku", "/my/contracts/CTR-2026-0001").await;
    assert_eq!(outside.status, StatusCode::NOT_FOUND, "a customer learns nothing by a number");
    let untrue = office.get("/contracts?done=0").await.text;
    assert!(!untrue.contains("登録しました"), "an address alone says nothing");
    let nobody = office.get("/contracts/CTR-2026-0009").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    // What names a contract is found by its number, and names it.
    let found = office.get("/matters?q=CTR-2026-0001").await.text;
    assert!(found.contains("MAT-2026-0001"), "{found}");
    let invoice = office.get("/invoices/INV-2026-000001").await.text;
    assert!(invoice.contains(">CTR-2026-0001<") && !read(&invoice).contains(&contract));
}

#[tokio::test]
async fn the_search_takes_a_number_as_it_is_typed() {
    let office = Office::at(RUNNING).await;
    let contract = office.only("contract").await.0;
    for typed in ["CTR-2026-0001", "ctr-2026-0001", "ＣＴＲ－２０２６－０００１", "ctrー2026ー1"]
    {
        let page = office.get(&format!("/search?q={}", escaped(typed))).await.text;
        assert!(page.contains(&format!("href=\"/contracts/{contract}\">CTR-2026-0001")), "{page}");
    }
    let none = office.get("/search?q=CTR-2025-0001").await.text;
    assert!(!none.contains(&contract));
    // A form that asks whose something is.
    let account = office.account().await;
    let named = office.app.account_named("ａｐｐ-2026-1").await.unwrap();
    assert_eq!(named, Some(account));
}

#[tokio::test]
async fn customers_read_their_number() {
    let office = Office::at(RUNNING).await;
    let (contract, account) = (office.only("contract").await.0, office.account().await);
    office.add("own", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    let list = office.get_as("own", "/my").await.text;
    assert!(
        list.contains(&format!("href=\"/my/contracts/{contract}\">CTR-2026-0001</a>")),
        "{list}"
    );
    let page = read(&office.get_as("own", &format!("/my/contracts/{contract}")).await.text);
    assert!(page.contains("CTR-2026-0001") && page.contains(&contract), "{page}");
}

#[tokio::test]
async fn the_api_gives_the_number_beside_the_id() {
    let office = Office::at(RUNNING).await;
    let matter = reported(&office).await;
    let contract = office.only("contract").await.0;
    for (list, number) in [
        ("contracts", "CTR-2026-0001"),
        ("applications", "APP-2026-0001"),
        ("matters", "MAT-2026-0001"),
    ] {
        let rows = office.get(&format!("/api/v1/{list}")).await.json();
        assert_eq!(rows["items"][0]["number"], number, "{list}: {rows}");
    }
    assert!(matter.starts_with("M-"));
    let one = office.get(&format!("/api/v1/contracts/{contract}")).await.json();
    assert_eq!((&one["id"], &one["number"]), (&contract.into(), &"CTR-2026-0001".into()));
    let account = office.account().await;
    office.add("own", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    let own = office.get_as("own", "/api/v1/my/contracts").await;
    assert_eq!(own.status, StatusCode::OK);
    assert_eq!(own.json()["items"][0]["number"], "CTR-2026-0001");
}
