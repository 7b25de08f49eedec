//! What customers see and do on their own pages.

use axum::http::StatusCode;
use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::people::Belongs;

use super::Office;
use super::desk::{COMPANY, typed_form};
use super::fill::hidden;
use crate::web::parts::escaped;

/// One contract runs; one invoice is paid, one open.
const RUNNING: &str = "2026-07-20T10:00:00";

async fn with_customers(at: &str) -> (Office, String) {
    let office = Office::at(at).await;
    let account = office.account().await;
    let of = |account: &AccountId| Belongs::Customer { account: account.clone() };
    office.add("own-admin", of(&account), &[Role::CustomerAdministrator]).await;
    office.add("own-staff", of(&account), &[Role::CustomerStaff]).await;
    office.add("own-user", of(&account), &[Role::AuthorisedUser]).await;
    let contract = office.only("contract").await.0;
    (office, contract)
}

/// 38-1(2): the contract ends with 4 November, and no other one runs.
#[tokio::test]
async fn the_people_of_an_ended_contract_come_in_no_more() {
    let mut settled = Vec::new();
    for at in ["2026-11-04T23:00:00", "2026-11-05T10:00:00", "2027-02-01T10:00:00"] {
        let (office, _) = with_customers(at).await;
        let account = office.account().await;
        let state = office.engine.state(&account).await.unwrap();
        let comes_in = async |person: &str| {
            let status = office.get_as(person, "/my").await.status;
            status == StatusCode::OK
        };
        assert_eq!(comes_in("own-staff").await, !state.is_over(), "{at}");
        let speaks = !state.is_over() || state.is_unsettled();
        assert_eq!(comes_in("own-admin").await, speaks, "{at}: what is open can be looked at");
        settled.push((state.is_over(), speaks));
    }
    assert_eq!(settled[0], (false, true));
    assert!(settled[1].0 && settled[2].0, "{settled:?}");
}

#[tokio::test]
async fn each_role_of_a_customer_sees_its_own_part() {
    let (office, contract) = with_customers(RUNNING).await;
    let path = format!("/my/contracts/{contract}");
    let admin = office.get_as("own-admin", &path).await.text;
    for shown in ["令和8年", "更新しない申出の期限", "最低利用期間", "INV-2026-000002", "/stop\""]
    {
        assert!(admin.contains(shown), "{shown}: {admin}");
    }
    let staff = office.get_as("own-staff", &path).await.text;
    assert!(
        !staff.contains("INV-2026-")
            && !staff.contains("/stop\"")
            && staff.contains("更新しない申出")
    );
    assert!(
        !admin.contains("督促") && !admin.contains("/why/") && !admin.contains("/contracts/K-\"")
    );
    for (person, money) in [("own-admin", true), ("own-staff", false)] {
        let notices = office.get_as(person, "/my/notices").await.text;
        assert!(notices.contains("/my/notices/mail/acceptance-"), "{notices}");
        assert_eq!(notices.contains("mail/invoice-"), money, "{person}");
        let invoice = "/my/notices/mail/invoice-INV-2026-000001";
        let expected = if money { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(office.get_as(person, invoice).await.status, expected, "{person}");
        let enclosed = "/my/enclosures/0/mail/invoice-INV-2026-000001";
        assert_eq!(office.get_as(person, enclosed).await.status, expected, "{person}");
    }
    for closed in ["/my", "/my/notices", path.as_str(), "/contracts", "/my/apply"] {
        assert_eq!(
            office.get_as("own-user", closed).await.status,
            StatusCode::FORBIDDEN,
            "{closed}"
        );
    }
    assert_eq!(office.get_as("own-user", "/account").await.status, StatusCode::OK);
    assert_eq!(
        office.get_as("own-staff", &format!("{path}/stop")).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_customer_reads_an_invoice_and_why_it_is_what_it_is() {
    let (office, _) = with_customers(RUNNING).await;
    let number = "INV-2026-000001";
    let list = office.get_as("own-admin", "/my").await.text;
    assert!(list.contains(&format!("href=\"/my/invoices/{number}\"")), "{list}");
    let page = office.get_as("own-admin", &format!("/my/invoices/{number}")).await.text;
    for shown in ["令和8年", "113,565", "消費税", "お支払い", "PDF", "第2条", "CTR-2026-0001"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for within in ["href=\"/why/", "href=\"/terms/", "href=\"/contracts/", "href=\"/entries/"] {
        assert!(!page.contains(within), "{within} is of the staff: {page}");
    }
    let line = format!("/my/why/{number}/1");
    assert!(page.contains(&format!("href=\"{line}\"")), "{page}");
    let why = office.get_as("own-admin", &line).await;
    assert_eq!(why.status, StatusCode::OK, "{}", why.text);
    for shown in ["24,800", "月額料金", "利用規約", "読み方", "事実", "#article-", "CTR-2026-0001"]
    {
        assert!(why.text.contains(shown), "{shown}: {}", why.text);
    }
    assert!(!why.text.contains("署名"), "who signed a reading is told to staff: {}", why.text);
    let whole = office.get_as("own-admin", &format!("/my/why/{number}")).await;
    assert!(whole.text.contains("支払期日"), "{}", whole.text);
    for path in [format!("/my/invoices/{number}"), line] {
        let status = office.get_as("own-staff", &path).await.status;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    for none in ["/my/invoices/INV-2099-000001", "/my/why/INV-2099-000001", "/my/why/C-1"] {
        let status = office.get_as("own-admin", none).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn a_wish_to_stop_shows_both_ways_with_their_yen_before_it_is_sent() {
    let (office, contract) = with_customers(RUNNING).await;
    let path = format!("/my/contracts/{contract}/stop");
    let looked =
        office.look("own-admin", &path, &[("way", "cancel"), ("desired", "2026-09-15")]).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    for shown in
        ["2026-09-15", "2026-09-30", "第15条1項", "第13条1項", "最低利用期間の残余分", "合計"]
    {
        assert!(looked.text.contains(shown), "{shown}: {}", looked.text);
    }
    let state = |office: &Office| {
        let engine = office.engine.clone();
        async move { engine.store.views("contract").await.unwrap()[0].content.clone() }
    };
    assert!(state(&office).await["end"].is_null(), "looking does nothing");
    office.done("own-admin", &path, &[("way", "cancel"), ("desired", "2026-09-15")]).await;
    assert_eq!(state(&office).await["end"]["on"], "2026-09-15");
    let mails = office.get_as("own-admin", "/my/notices").await.text;
    assert!(mails.contains("mail/receipt-"), "the receipt notice went out: {mails}");
    let again = office.look("own-admin", &path, &[("way", "expire")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answered = office.get_as("own-admin", &format!("/my/contracts/{contract}")).await.text;
    assert!(answered.contains("に終わります（契約者からの解除）"), "{answered}");
    assert!(!answered.contains("/stop\"") && !answered.contains("自動で延長"), "{answered}");
}

#[tokio::test]
async fn a_wish_that_a_person_looks_at_is_answered_with_its_day_and_not_offered_again() {
    let (office, contract) = with_customers(RUNNING).await;
    let (own, arrival) =
        (format!("/my/contracts/{contract}"), format!("/contracts/{contract}/confirm-arrival"));
    office.done("own-admin", &format!("{own}/stop"), &[("way", "cancel")]).await;
    let answered = office.get_as("own-admin", &own).await.text;
    for shown in ["に解約のお申込みを受け付けました", "解除の日は", "2026-08-18", "通知の宛先"]
    {
        assert!(answered.contains(shown), "{shown}: {answered}");
    }
    assert!(!answered.contains("/stop\"") && !answered.contains("自動で延長"), "{answered}");
    // Whoever confirms it sees what was wished and who signed.
    let asked = office.get_as("suzuki", &arrival).await.text;
    for shown in ["解除を希望する日", "書かれていません", "署名", "登録を見る"]
    {
        assert!(asked.contains(shown), "{shown}: {asked}");
    }
    let trial = office.get_as("sato", &format!("/contracts/{contract}/stop-trial")).await.text;
    assert!(!trial.contains("希望する日には間に合わない"), "no day was wished: {trial}");
}

#[tokio::test]
async fn a_customer_sees_prices_and_types_no_agreement() {
    let (office, _) = with_customers(RUNNING).await;
    let page = office.get_as("own-admin", "/my/apply").await.text;
    assert!(page.contains("月額 ") && page.contains("お申込みの内容"), "{page}");
    assert!(!page.contains("合意した月額") && !page.contains("最低利用期間（月）"), "{page}");
    let desk = office.get_as("sato", "/applications/new").await.text;
    assert!(desk.contains("合意した月額") && desk.contains("最低利用期間（月）"));
}

#[tokio::test]
async fn a_statement_against_extension_ends_with_the_period() {
    let (office, contract) = with_customers(RUNNING).await;
    office.done("own-admin", &format!("/my/contracts/{contract}/stop"), &[("way", "expire")]).await;
    let view = office.engine.store.views("contract").await.unwrap()[0].content.clone();
    assert_eq!(view["end"]["on"], "2026-08-31");
}

#[tokio::test]
async fn an_application_of_the_portal_states_the_terms_and_needs_the_own_number() {
    let (office, _) = with_customers(RUNNING).await;
    let page = office.get_as("own-admin", "/my/apply").await.text;
    assert!(page.contains("1.1版（2024-12-18 施行）"), "{page}");
    let mut form = typed_form();
    form.retain(|(name, _)| !["from", "to", "l1_start"].contains(name));
    form.extend([
        ("from", "2026-08-01"),
        ("to", "2026-08-31"),
        ("l1_start", "2026-08-01"),
        ("assent", "yes"),
    ]);
    let other = office.look("own-admin", "/my/apply", &form).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text.contains("サインインしている会社の法人番号"), "{}", other.text);
    let own = hidden(&page, "corporate_number");
    form.retain(|(name, _)| *name != "corporate_number");
    form.push(("corporate_number", &own));
    let before = office.engine.store.views("application").await.unwrap().len();
    let mut short = form.clone();
    short.retain(|(name, _)| *name != "to");
    short.push(("to", "2026-08-15"));
    let refused = office.look("own-admin", "/my/apply", &short).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("月末の日にしてください（2026-08-31"), "{}", refused.text);
    office.done("own-admin", "/my/apply", &form).await;
    let views = office.engine.store.views("application").await.unwrap();
    assert_eq!(views.len(), before + 1);
}

/// Nobody has heard of the company but for the person whom an administrator added.
#[tokio::test]
async fn a_new_company_applies_in_the_portal() {
    let office = Office::at("2026-04-01T10:00:00").await;
    let account = AccountId::of_company(COMPANY);
    office.add("new", Belongs::Customer { account: account.clone() }, &[Role::Applicant]).await;
    let page = office.get_as("new", "/my/apply").await;
    assert_eq!(hidden(&page.text, "corporate_number"), COMPANY);
    assert_eq!(office.get_as("new", "/my").await.status, StatusCode::OK);
    let mut form = typed_form();
    form.push(("assent", "yes"));
    office.done("new", "/my/apply", &form).await;
    let views = office.engine.store.views("application").await.unwrap();
    assert!(views.iter().any(|view| view.account == account), "it waits for the desk");
}

#[tokio::test]
async fn with_the_channel_off_the_page_gives_the_filled_form_and_says_so() {
    let mut operator = crate::open::operator(None).unwrap();
    let paper = serde_json::json!(["paper", "email"]);
    operator.parameters.insert("application.channels".to_owned(), paper);
    let office = Office::of(operator, "2026-04-01T10:00:00").await;
    let account = AccountId(office.only("application").await.1);
    office.add("new", Belongs::Customer { account }, &[Role::Applicant]).await;
    let page = office.get_as("new", "/my/apply").await;
    assert!(page.text.contains("届くまでは申込みになりません"), "{}", page.text);
    let own = hidden(&page.text, "corporate_number");
    let mut form = typed_form();
    form.retain(|(name, _)| *name != "corporate_number");
    form.extend([("corporate_number", own.as_str()), ("assent", "yes")]);
    let looked = office.look("new", "/my/apply", &form).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    assert!(!looked.text.contains("value=\"send\""), "it cannot be sent from here");
    let key = hidden(&looked.text, "key");
    form.extend([("key", key.as_str()), ("step", "paper")]);
    let body: Vec<_> =
        form.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let filled = office.send_as("new", "/my/apply", &body.join("&")).await;
    assert_eq!(filled.status, StatusCode::OK);
    let kind = filled.headers["content-disposition"].to_str().unwrap();
    assert!(kind.starts_with("attachment"), "{kind}");
    assert_eq!(office.engine.store.views("application").await.unwrap().len(), 1);
}

/// The sum of a way on the page, with tax.
fn shown_total(page: &str, way: &str) -> reckon::Yen {
    let column = page.split(&format!("<h3>{way}")).nth(1).expect("the way is shown");
    let sum = column.split("これから請求する合計").nth(1).expect("its sum is shown");
    let figure = sum.split("class=\"yen\">").nth(1).unwrap().split('<').next().unwrap();
    reckon::Yen(figure.replace(',', "").parse().unwrap())
}

/// Everything that was invoiced since, month by month until the contract is over.
async fn invoiced_until_the_end(office: &Office) -> (reckon::Yen, String) {
    let totals = |office: &Office| {
        let engine = office.engine.clone();
        async move {
            let views = engine.store.views("invoice").await.unwrap();
            views.iter().map(|view| view.content["total"].as_i64().unwrap()).sum::<i64>()
        }
    };
    let before = totals(office).await;
    for month in ["2026-07", "2026-08", "2026-09", "2026-10"] {
        let month: reckon::Month = month.parse().unwrap();
        let issued_on = month.plus(1).first_day();
        office.until(&format!("{issued_on}T10:00:00")).await;
        let by = contract::who::actor::Actor::new("takahashi", Role::Billing);
        office.engine.bill(month, issued_on, &by).await.unwrap();
    }
    let view = office.engine.store.views("contract").await.unwrap()[0].content.clone();
    assert_eq!(view["status"], "ended");
    let end = view["end"]["on"].as_str().unwrap().to_owned();
    (reckon::Yen(totals(office).await - before), end)
}

#[tokio::test]
async fn what_is_shown_is_what_is_invoiced_to_the_yen() {
    let ways: [(&str, &str, Option<&str>, &str); 5] = [
        ("cancel", "解約する", Some("2026-09-15"), "2026-09-15"),
        ("cancel", "解約する", None, "2026-08-18"),
        ("expire", "更新しない", Some("2026-09-15"), "2026-09-30"),
        ("expire", "更新しない", Some("2026-08-31"), "2026-08-31"),
        ("expire", "更新しない", None, "2026-08-31"),
    ];
    for (way, title, desired, end) in ways {
        let (office, contract) = with_customers(RUNNING).await;
        let path = format!("/my/contracts/{contract}/stop");
        let fields: Vec<_> =
            [("way", way)].into_iter().chain(desired.map(|day| ("desired", day))).collect();
        let looked = office.look("own-admin", &path, &fields).await;
        let shown = shown_total(&looked.text, title);
        assert!(shown.is_positive());
        office.done("own-admin", &path, &fields).await;
        if way == "cancel" && desired.is_none() {
            // A deemed day is looked at by a second person before the notice leaves.
            let arrival = format!("/contracts/{contract}/confirm-arrival");
            let page = office.get_as("suzuki", &arrival).await.text;
            let select = page.split("name=\"arrival\"").nth(1).expect("an arrival waits");
            let open = select.split("option value=\"form-").nth(1).unwrap();
            let open = format!("form-{}", open.split('"').next().unwrap());
            let confirmed = [("arrival", open.as_str()), ("reason", "確認")];
            office.done("suzuki", &arrival, &confirmed).await;
        }
        let (invoiced, ended) = invoiced_until_the_end(&office).await;
        assert_eq!((invoiced, ended.as_str()), (shown, end), "{way} {desired:?}");
    }
}

#[tokio::test]
async fn a_result_that_has_changed_meanwhile_is_shown_again() {
    let (office, contract) = with_customers(RUNNING).await;
    let path = format!("/my/contracts/{contract}/stop");
    let looked = office.look("own-admin", &path, &[("way", "expire")]).await;
    let (key, seen) = (hidden(&looked.text, "key"), hidden(&looked.text, "seen"));
    office.until("2026-08-10T10:00:00").await;
    let body = format!("way=expire&key={key}&seen={seen}&step=send");
    let sent = office.send_as("own-admin", &path, &body).await;
    assert_eq!(sent.status, StatusCode::OK, "the limit for 31 August is over: {}", sent.text);
    assert!(sent.text.contains("2026-09-30"), "{}", sent.text);
    let view = office.engine.store.views("contract").await.unwrap()[0].content.clone();
    assert!(view["end"].is_null(), "nothing was registered");
}
