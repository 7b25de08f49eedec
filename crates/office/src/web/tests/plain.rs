//! What somebody reads who is new here: days, names and files in words.

use axum::http::StatusCode;

use super::Office;
use super::deposits::bank_file;
use super::fill::Picked;

/// June is unpaid and the service is suspended; the period is extended ahead.
const SUSPENDED: &str = "2026-09-08T10:30:00";

/// 13-1b: October follows by itself since the limit has passed, and today lies in September.
#[tokio::test]
async fn the_period_is_that_of_today_and_says_how_far_it_is_extended() {
    let office = Office::at(SUSPENDED).await;
    let (contract, account) = office.only("contract").await;
    let row = office.engine.store.view("contract", &contract).await.unwrap().unwrap();
    let last = row.content["period"]["to"].as_str().unwrap().to_owned();
    assert!(last.as_str() > "2026-09-30", "it is extended ahead: {last}");
    let known = office.engine.account(&account.as_str().into()).await.unwrap();
    let id = contract.as_str().into();
    let state = &known.state().contracts[&id];
    let period = |day: &str| {
        let day = day.parse().unwrap();
        let period = crate::web::contracts::period_of(known.case(), &id, state, day);
        (period.from <= day && day <= period.to).then_some(period)
    };
    let today = period("2026-09-08").expect("a period of today");
    assert!(today.to < state.period.to);
    assert_eq!(period("2026-04-10"), Some(state.form.period), "the first is that of the form");
    let page = office.get(&format!("/contracts/{contract}")).await.text;
    assert!(page.contains(&format!("{last}</time> まで延長済み")), "{page}");
    assert!(page.contains(&format!("{}</time> 〜 ", today.from)), "{page}");
}

#[tokio::test]
async fn a_wish_in_the_middle_of_a_period_says_which_day_it_becomes() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let (contract, _) = office.only("contract").await;
    let form = format!("/contracts/{contract}/non-renewal");
    let wish = |day| [("channel", "paper"), ("at", "2026-06-05T10:00"), ("against", day)];
    let middle = office.look("sato", &form, &wish("2027-01-15")).await;
    assert_eq!(middle.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(middle.text.contains("ここでは選べません"), "{}", middle.text);
    let ends = middle.text.matches("<option value=\"20").count();
    assert_eq!(ends, 12, "the ends to come can be chosen: {}", middle.text);
    let end = office.look("sato", &form, &wish("2027-01-31")).await;
    assert_eq!(end.status, StatusCode::OK, "{}", end.text);
    let trial = office.get(&format!("/contracts/{contract}/stop-trial?desired=2027-01-15")).await;
    assert!(trial.text.contains("その後で最初に間に合う末日の "), "{}", trial.text);
    assert!(trial.text.contains("月の途中で終わります"), "{}", trial.text);
    let trial = office.get(&format!("/contracts/{contract}/stop-trial?desired=2027-01-31")).await;
    assert!(!trial.text.contains("その後で最初に間に合う"), "{}", trial.text);
    assert!(!trial.text.contains("月の途中で終わります"), "{}", trial.text);
}

#[tokio::test]
async fn an_acceptance_for_a_period_that_is_over_is_warned_of() {
    let office = Office::at("2026-04-02T10:00:00").await;
    let (application, _) = office.only("application").await;
    let path = format!("/applications/{application}/accept");
    let warned =
        |text: &str| (text.contains("に始まっています"), text.contains("に終わっています"));
    let now = office.get_as("suzuki", &path).await.text;
    assert!(!warned(&now).1, "{now}");
    office.clock.move_to("2031-04-02T10:00:00".parse().unwrap());
    let late = office.get_as("suzuki", &path).await.text;
    assert_eq!(warned(&late), (false, true), "{late}");
}

#[tokio::test]
async fn a_payment_is_named_by_its_day_and_payer() {
    let office = Office::at("2026-07-20T10:00:00").await;
    let (contract, account) = office.only("contract").await;
    let records = office.engine.records(&account.as_str().into()).await.unwrap();
    let paid = records.iter().find(|one| one.input.id.0.starts_with("movement-")).unwrap();
    let page = office.get_as("takahashi", &format!("/contracts/{contract}")).await.text;
    assert!(page.contains("入金「2026-06-30 "), "{page}");
    assert!(!page.contains(&format!("入金{}", paid.input.id)), "{page}");
    let invoice = office.get_as("takahashi", "/invoices/INV-2026-000001").await.text;
    assert!(!invoice.contains(&format!(">{}<", paid.input.id)), "{invoice}");
}

#[tokio::test]
async fn a_file_of_the_bank_is_looked_at_and_its_result_names_payer_and_invoice() {
    let office = Office::at("2026-07-20T10:00:00").await;
    let file = bank_file(&office, &[("ｱｵﾊﾞｾｲｻｸｼﾖ(ｶ", 1_000)]);
    let page = office.get_as("takahashi", "/deposits").await.text;
    let key = super::fill::hidden(&page, "key");
    let fields = [("key", key.as_str()), ("step", "look")];
    let looked = office
        .send_file("takahashi", "/deposits", &fields, Picked { name: "bank.txt", bytes: &file })
        .await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(looked.text.contains("1,000") && looked.text.contains("この入出金を読み込みます"));
    let count = async || office.engine.export().await.unwrap().to_string().len();
    let before = count().await;
    // Another file than that which was looked at is looked at in its turn.
    let (sha256, seen) =
        (super::fill::hidden(&looked.text, "sha256"), super::fill::hidden(&looked.text, "seen"));
    let other = bank_file(&office, &[("ｱｵﾊﾞｾｲｻｸｼﾖ(ｶ", 2_000)]);
    let sent = [("key", key.as_str()), ("sha256", &sha256), ("seen", &seen), ("step", "send")];
    let changed = office
        .send_file("takahashi", "/deposits", &sent, Picked { name: "bank.txt", bytes: &other })
        .await;
    assert!(changed.text.contains("先ほど確かめた内容と違います"), "{}", changed.text);
    assert_eq!(count().await, before, "nothing is registered by looking");
    let taken = office
        .send_file("takahashi", "/deposits", &sent, Picked { name: "bank.txt", bytes: &file })
        .await;
    for shown in ["今回登録した入金", "青葉製作所株式会社", "/invoices/INV-2026-000002\""]
    {
        assert!(taken.text.contains(shown), "{shown}: {}", taken.text);
    }
    assert!(count().await > before);
}

#[tokio::test]
async fn a_file_of_another_kind_says_what_to_choose() {
    let office = Office::at("2026-07-20T10:00:00").await;
    let csv: (&str, &[u8]) = ("台帳.csv", b"a,b\n1,2\n");
    let bank = office.upload("takahashi", "/deposits", &[], csv).await;
    assert!(bank.text.contains("「全銀形式」の「入出金取引明細」を選び"), "{}", bank.text);
    let paper = [("reference", "紙-1"), ("at", "2026-07-20T09:00")];
    let applied = office.upload("sato", "/applications/file", &paper, csv).await;
    assert!(applied.text.contains("「画面に入力して登録」から書き写して"), "{}", applied.text);
}

#[tokio::test]
async fn an_application_file_is_looked_at_before_it_is_registered() {
    let office = Office::at("2026-03-31T09:00:00").await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/files/application.eml");
    let mail = std::fs::read(file).unwrap();
    let page = office.get_as("sato", "/applications/file").await.text;
    let key = super::fill::hidden(&page, "key");
    let fields = [("key", key.as_str()), ("step", "look")];
    let mail = Picked { name: "application.eml", bytes: &mail };
    let looked = office.send_file("sato", "/applications/file", &fields, mail).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    for shown in ["青葉製作所株式会社", "利用期間", "利用責任者：", "契約は成立しません"]
    {
        assert!(looked.text.contains(shown), "{shown}: {}", looked.text);
    }
    assert!(office.engine.store.views("application").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_application_leads_to_where_its_entry_is_corrected() {
    let office = Office::at("2026-07-20T10:00:00").await;
    let (application, account) = office.only("application").await;
    let page = format!("/applications/{application}");
    let link = format!("/correct/{account}/");
    let mut shown = Vec::new();
    for person in ["sato", "suzuki", "takahashi"] {
        shown.push(office.get_as(person, &page).await.text.contains(&link));
    }
    assert!(shown.contains(&true), "{shown:?}");
}

#[tokio::test]
async fn a_preview_of_a_void_names_each_mail_that_left_and_who_got_it() {
    let office = Office::at("2026-07-20T10:00:00").await;
    let (application, account) = office.only("application").await;
    let state = office.engine.state(&account.as_str().into()).await.unwrap();
    let entry = &state.applications[&application.as_str().into()].input;
    let form = format!("/correct/{account}/{entry}");
    let void = [("what", "void"), ("reason", "試しの登録")];
    let seen = office.look("sato", &form, &void).await.text;
    let (_, sent) = seen.split_once("これに基づいてすでに送ったもの").expect("what was sent");
    for shown in ["承諾メール（APP-2026-0001）", "請求書（INV-2026-000001）", "宛先 "]
    {
        assert!(sent.contains(shown), "{shown}: {sent}");
    }
    assert!(sent.contains("@aoba"), "{sent}");
    // Whoever reads no personal data reads which mails, and not to whom.
    let hidden = office.look("ito", &form, &void).await.text;
    assert!(hidden.contains("承諾メール（") && !hidden.contains("@aoba"), "{hidden}");
}

/// Interest is charged when it is known, in whatever month the debt was paid.
#[tokio::test]
async fn late_interest_says_that_its_month_is_that_of_the_payment() {
    let office = Office::at("2026-11-20T10:00:00").await;
    let run = office.get("/billing").await.text;
    assert!(run.contains("完済した月を問わず合わせて請求します"), "{run}");
    let mut seen = 0;
    for view in office.engine.store.views("invoice").await.unwrap() {
        let page = office.get(&format!("/invoices/{}", view.id)).await.text;
        let is_interest = view.content["kind"] == "late_interest";
        assert_eq!(page.contains("完済した月"), is_interest, "{}", view.id);
        seen += usize::from(is_interest);
    }
    assert!(seen > 0);
}

#[tokio::test]
async fn a_usage_file_is_looked_at_by_its_customers() {
    let office = Office::at("2026-07-20T10:00:00").await;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/files/usage-2026-05.csv");
    let bytes = std::fs::read(file).unwrap();
    let page = office.get_as("ito", "/usage").await.text;
    let key = super::fill::hidden(&page, "key");
    let fields = [("key", key.as_str()), ("step", "look")];
    let usage = Picked { name: "usage.csv", bytes: &bytes };
    let looked = office.send_file("ito", "/usage", &fields, usage).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    for shown in ["3 行、契約 1 件", "青葉製作所株式会社", "CTR-2026-0001"] {
        assert!(looked.text.contains(shown), "{shown}: {}", looked.text);
    }
}
