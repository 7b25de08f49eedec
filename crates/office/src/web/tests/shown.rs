//! What pages show of contracts, applications, rights and people, in the words of whoever reads.

use contract::declare::fact::Fact;
use contract::declare::ids::{AccountId, ContractId};
use contract::road::stream::Content;
use contract::who::roles::Role;
use engine::people::Belongs;
use reckon::{Day, Yen};

use super::Office;
use crate::web::{contracts, parts};

const RUNNING: &str = "2026-07-20T10:00:00";
/// June is unpaid: it can be suspended, and nobody has proposed it.
const UNPAID: &str = "2026-09-07T09:00:00";
/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";
const ENDED: &str = "2026-11-07T10:00:00";

#[test]
fn amounts_keep_their_unit_and_have_one_minus() {
    let shown = |markup: maud::Markup| markup.into_string();
    let unit = "<span class=\"unit\">円</span></span>";
    assert_eq!(shown(parts::yen(Yen(98_000))), format!("<span class=\"yen\">98,000{unit}"));
    assert_eq!(shown(parts::yen(Yen(-2_310))), format!("<span class=\"yen\">−2,310{unit}"));
    assert_eq!(shown(parts::difference(Yen(30))), format!("<span class=\"yen\">+30{unit}"));
    assert_eq!(shown(parts::percent(10)), "10％");
}

#[tokio::test]
async fn a_contract_that_has_ended_stays_as_it_was_at_its_end() {
    let office = Office::at(ENDED).await;
    let (contract, account) = office.only("contract").await;
    let known = office.engine.account(&AccountId(account)).await.unwrap();
    let id = ContractId(contract.clone());
    let state = &known.state().contracts[&id];
    let end = state.end.as_ref().expect("it has ended").on;
    let today = office.engine.now().day();
    assert!(end < today);
    let period = contracts::period_of(known.case(), &id, state, today);
    assert!((period.from..=period.to).contains(&end), "{period:?} and {end}");
    assert_eq!(contracts::extended_to(period, state).filter(|to: &Day| *to > end), None);
    let page = office.get(&format!("/contracts/{contract}")).await.text;
    assert!(page.contains("単価（税抜）") && !page.contains("今日の単価"), "{page}");
}

/// Where the row of a right leads.
async fn right(office: &Office, person: &str, page: &str) -> String {
    let page = office.get_as(person, page).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page.text
}

#[tokio::test]
async fn a_right_leads_to_what_it_allows_and_to_suspend_only_what_runs() {
    let office = Office::at(UNPAID).await;
    let contract = office.only("contract").await.0;
    let suspend = format!("/contracts/{contract}/suspend\"");
    let rights = right(&office, "tanaka", "/rights").await;
    assert!(rights.contains("href=\"/terms/12-3\"") && rights.contains(&suspend), "{rights}");
    office.until("2026-11-20T10:00:00").await;
    for page in ["/rights", "/waiting"] {
        // Billing proposes to suspend, not to terminate.
        let billing = right(&office, "takahashi", page).await;
        for row in billing.split("<tr>").filter(|row| row.contains("/terms/16-1")) {
            assert!(!row.contains(&suspend), "{page}: {row}");
        }
    }
    let suspended = Office::at(SUSPENDED).await;
    let text = suspended.get(&format!("/contracts/{contract}")).await.text;
    assert!(!text.contains("<b>提供停止</b>"), "{text}");
    let text = suspended.get("/rights").await.text;
    assert!(text.contains("<b>提供停止</b>") && !text.contains("/suspend\""), "{text}");
}

#[tokio::test]
async fn the_signer_of_a_cancellation_is_named_to_whoever_may_see_people() {
    let office = Office::at(RUNNING).await;
    let contract = office.only("contract").await.0;
    let form = [
        ("channel", "paper"),
        ("at", "2026-07-20T09:30"),
        ("desired", "2026-11-30"),
        ("signed_by", "外部　太郎"),
        ("reason", "書留で届いた"),
    ];
    office.done("sato", &format!("/contracts/{contract}/cancellation"), &form).await;
    let page =
        office.get_as("suzuki", &format!("/contracts/{contract}/confirm-arrival")).await.text;
    assert!(page.contains("外部　太郎"), "{page}");
    let evidence = page.split("/api/v1/evidence/").nth(1).expect("the way to it");
    let evidence = format!("/api/v1/evidence/{}", evidence.split('"').next().unwrap());
    let signer = office.get_as("suzuki", &evidence).await;
    assert_eq!(signer.text, "外部　太郎");
    assert_eq!(signer.headers["content-type"], "text/plain; charset=utf-8");
    let place = signer.headers["content-disposition"].to_str().unwrap();
    assert!(place.ends_with("signer.txt"), "{place}");
}

#[tokio::test]
async fn an_application_shows_who_applies_and_what_was_found_out() {
    let office = Office::at(RUNNING).await;
    let application = office.only("application").await.0;
    let path = format!("/applications/{application}");
    let check = [
        ("kind", "credit"),
        ("result", "conditional"),
        ("on", "2026-07-20"),
        ("expires_on", "2027-07-19"),
        ("by", "調査会社"),
    ];
    let file = ("credit.txt", "条件は前払い".as_bytes());
    let sent = office.upload("suzuki", &format!("{path}/check"), &check, file).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let page = office.get_as("suzuki", &path).await.text;
    for shown in ["〒", "法人番号", "支払方法", "個別合意", "連絡先", "条件付きで問題なし"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(page.contains(">報告書</a>"), "the report is led to: {page}");
    let story = page.split("<h2>経過</h2>").nth(1).expect("a story");
    assert!(story.contains("有効期限 2027-07-19"), "{story}");
    let desk = office.get_as("ito", &path).await.text;
    assert!(!desk.contains(">報告書</a>") && desk.contains("報告書あり"), "{desk}");
}

#[tokio::test]
async fn forms_of_people_choose_nobody_beforehand() {
    let office = Office::at(RUNNING).await;
    let page = office.get_as("mori", "/people").await.text;
    let forms = page.split("action=\"/people\"").skip(1);
    let chosen = forms.flat_map(|form| form.split("<select name=\"").skip(1));
    for select in chosen {
        assert!(select.contains("<option value=\"\" selected>選んでください"), "{select}");
    }
    let first = office.get_as("mori", "/").await;
    let to = first.headers["location"].to_str().unwrap();
    assert!(to != "/restored", "no restore is looked at");
}

#[tokio::test]
async fn a_customer_sees_what_is_overdue_and_where_to_pay() {
    let office = Office::at(SUSPENDED).await;
    let account = office.account().await;
    office.add("own", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    let page = office.get_as("own", "/my").await.text;
    let holder = office.engine.operator.bank.holder_kana.as_str();
    for shown in ["期限を過ぎています", "金額（税込）", "振込先", holder] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}

#[tokio::test]
async fn the_record_names_the_system_once_and_usage_what_was_billed_of_it() {
    let office = Office::at(RUNNING).await;
    let list = office.get("/entries").await.text;
    assert!(!list.contains("システム<span class=\"note\">システム"), "{list}");
    let account = office.account().await;
    let records = office.engine.records(&account).await.unwrap();
    let usage = records
        .iter()
        .find(|record| matches!(record.input.content, Content::Fact(Fact::UsageImported(_))));
    let id = parts::escaped(&usage.expect("usage of the life").input.id.0);
    let page = office.get(&format!("/entries/{account}/{id}")).await.text;
    assert!(page.contains("請求の明細のもとになります"), "{page}");
    assert!(page.contains("請求書 <a class=\"id\" href=\"/invoices/INV-"), "{page}");
}

#[tokio::test]
async fn an_answer_to_why_tells_readings_in_words() {
    let office = Office::at(UNPAID).await;
    let rights = office.get("/rights").await.text;
    let why = rights.split("/why/").nth(1).expect("the reason of a right");
    let why = office.get(&format!("/why/{}", why.split('"').next().unwrap())).await.text;
    let reading = &office.engine.pack.readings["A-31"];
    assert!(why.contains(&reading.question_ja), "{why}");
    assert!(why.contains("<h2>読み方</h2>") && !why.contains("選択肢 "), "{why}");
}
