//! A life done wholly on pages: from the typed application to the erasure.

use axum::http::StatusCode;
use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::people::Belongs;
use serde_json::Value;

use super::Office;
use crate::web::parts::escaped;

pub const COMPANY: &str = "9010001000007";

/// The paper form of a customer, as it is typed.
pub fn typed_form() -> Vec<(&'static str, &'static str)> {
    vec![
        ("company", "株式会社しおかぜ"),
        ("kana", "カブシキガイシャシオカゼ"),
        ("corporate_number", COMPANY),
        ("postal_code", "231-0001"),
        ("address", "神奈川県横浜市中区新港一丁目1番1号"),
        ("title", "代表取締役"),
        ("r_name", "汐見　渚"),
        ("r_mail", "shiomi@shiokaze.example"),
        ("r_phone", "045-000-1234"),
        ("from", "2026-05-01"),
        ("to", "2026-05-31"),
        ("method", "transfer"),
        ("due_months", "1"),
        ("l1_item", "SV-4C16G"),
        ("l1_quantity", "2"),
        ("l1_start", "2026-05-01"),
    ]
}

async fn view(office: &Office, kind: &str) -> Value {
    office.engine.store.views(kind).await.unwrap()[0].content.clone()
}

#[tokio::test]
async fn a_whole_life_is_done_on_pages() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let contract = formed(&office).await;
    suspended(&office, &contract).await;
    resumed(&office, &contract).await;
    cancelled(&office, &contract).await;
    erased(&office, &contract).await;
    recorded(&office).await;
}

/// Typed by one person, checked and accepted by others; the mail forms it.
async fn formed(office: &Office) -> String {
    let mut form = typed_form();
    form.extend([("reference", "紙-0001"), ("at", "2026-04-01T08:30")]);
    let to = office.done("sato", "/applications/new", &form).await;
    let application = to.split('?').next().unwrap().to_owned();
    let own = office.get_as("sato", &application).await;
    assert!(!own.text.contains("/accept\""), "who registered it is offered no acceptance");
    let barred = office.get_as("takahashi", "/applications/new").await;
    assert_eq!(barred.status, StatusCode::FORBIDDEN);
    for (person, kind) in [("kobayashi", "anti_social"), ("tanaka", "credit")] {
        let check = [
            ("kind", kind),
            ("result", "passed"),
            ("on", "2026-04-01"),
            ("expires_on", "2027-03-31"),
            ("by", "みほん信用調査"),
        ];
        let path = format!("{application}/check");
        let unshown = office.upload(person, &path, &check, ("", b"")).await;
        assert_eq!(unshown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unshown.text.contains("報告書のファイルを選ぶか"), "{}", unshown.text);
        let words = [&check[..], &[("document", "報告 17")]].concat();
        let looked = office.look(person, &path, &words).await.text;
        assert!(looked.contains("登録すると") && !looked.contains("name=\"sha256\""), "{looked}");
        let report = ("報告書.pdf", format!("%PDF-1.7 {kind}"));
        let sent = office.upload(person, &path, &check, (report.0, report.1.as_bytes())).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let reports = office.get_as("suzuki", "/filed?kind=check_report").await.text;
        assert!(reports.contains("株式会社しおかぜ"), "{reports}");
    }
    let accept = format!("{application}/accept");
    let looked = office.look("suzuki", &accept, &[("seen_all", "yes")]).await;
    assert!(looked.text.contains("承諾して承諾メールを送る"), "{}", looked.text);
    for foretold in ["お申し込みを承りました", "が成立（申込", "申込請書の送付"]
    {
        assert!(looked.text.contains(foretold), "{foretold}: {}", looked.text);
    }
    assert_eq!(view(office, "application").await["status"], "received", "looking does nothing");
    let to =
        office.fill("suzuki", &accept, &[("seen_all", "yes")]).await.headers["location"].clone();
    let told = office.get_as("suzuki", to.to_str().unwrap()).await.text;
    for after in ["登録しました", "が成立（申込", "お申し込みを承りました"] {
        assert!(told.contains(after), "{after}: {told}");
    }
    let again = office.get_as("suzuki", to.to_str().unwrap()).await.text;
    assert!(!again.contains("お申し込みを承りました"), "it is told once");
    let contract = view(office, "application").await;
    assert_eq!(contract["status"], "formed", "the acceptance mail has left");
    office.only("contract").await.0
}

async fn suspended(office: &Office, contract: &str) {
    let page = format!("/contracts/{contract}");
    office.until("2026-05-01T10:00:00").await;
    office.done("ito", &format!("{page}/start"), &[("line", "1"), ("on", "2026-05-01")]).await;
    office.until("2026-06-05T10:00:00").await;
    let run = [("month", "2026-05"), ("issued_on", "2026-06-05")];
    let looked = office.look("takahashi", "/billing", &run).await;
    assert!(looked.text.contains("49,600") && looked.text.contains("54,560"), "{}", looked.text);
    assert!(office.engine.store.views("invoice").await.unwrap().is_empty(), "only a preview");
    let issued = office.fill("takahashi", "/billing", &run).await;
    assert!(issued.text.contains("INV-2026-000001"), "{}", issued.text);
    office.until("2026-08-03T10:00:00").await;
    let what = [("ground", "12-3"), ("reason", "催告しても支払いがない")];
    let looked = office.look("tanaka", &format!("{page}/suspend"), &what).await;
    assert!(looked.text.contains("別の人が承認すると"), "{}", looked.text);
    assert!(looked.text.contains("提供の停止を、運用の人が行って"), "{}", looked.text);
    office.done("tanaka", &format!("{page}/suspend"), &what).await;
    let shown = office.get_as("tanaka", &page).await.text;
    assert!(shown.contains("承認を待つ起案") && !shown.contains("/suspend\""), "{shown}");
    let twice = office.look("tanaka", &format!("{page}/suspend"), &what).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "it is proposed already");
    let waiting = office.get_as("watanabe", "/waiting").await.text;
    let path = waiting.split("href=\"/proposals/").nth(1).expect("the proposal waits");
    let path = format!("/proposals/{}", path.split('"').next().unwrap());
    let shown = office.get_as("watanabe", &path).await.text;
    assert!(shown.contains("催告しても支払いがない") && shown.contains("田中"), "{shown}");
    let own = office.get_as("tanaka", "/waiting").await.text;
    assert!(!own.contains("/proposals/A-"), "nobody is asked to approve their own proposal");
    let unreasoned = office.look("watanabe", &path, &[("answer", "approve")]).await;
    assert_eq!(unreasoned.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unreasoned.text.contains("理由を入力してください"), "{}", unreasoned.text);
    let answer = [("answer", "approve"), ("reason", "やむを得ない")];
    office.done("watanabe", &path, &answer).await;
    let stopped = [("at", "2026-08-03T10:00"), ("checked", "yes")];
    let looked = office.look("ito", &format!("{page}/suspended"), &stopped).await;
    assert!(looked.text.contains("提供停止中"), "the state that comes: {}", looked.text);
    office.done("ito", &format!("{page}/suspended"), &stopped).await;
    let shown = office.get_as("ito", &page).await.text;
    assert!(!shown.contains("/resumed\""), "nobody has ordered it to resume");
    assert_eq!(view(office, "contract").await["provision"], "suspended");
}

async fn resumed(office: &Office, contract: &str) {
    let page = format!("/contracts/{contract}");
    office.until("2026-08-03T11:00:00").await;
    let payment = [("whose", "INV-2026-000001"), ("on", "2026-08-03"), ("amount", "54,560")];
    office.done("takahashi", "/payments/new", &payment).await;
    assert_eq!(view(office, "invoice").await["outstanding"], 0);
    let shown = office.get_as("ito", &page).await.text;
    assert!(shown.contains("/resumed\""), "what it was stopped for is gone");
    let running = [("at", "2026-08-03T11:00"), ("checked", "yes")];
    office.done("ito", &format!("{page}/resumed"), &running).await;
    assert_eq!(view(office, "contract").await["provision"], "in_service");
}

async fn cancelled(office: &Office, contract: &str) {
    let page = format!("/contracts/{contract}");
    let form = [
        ("channel", "paper"),
        ("at", "2026-08-03T09:30"),
        ("desired", "2026-09-30"),
        ("signed_by", "汐見　渚"),
    ];
    let looked = office.look("sato", &format!("{page}/cancellation"), &form).await;
    assert!(looked.text.contains("2026-09-30"), "{}", looked.text);
    office.done("sato", &format!("{page}/cancellation"), &form).await;
    assert_eq!(view(office, "contract").await["end"]["on"], "2026-09-30");
}

async fn erased(office: &Office, contract: &str) {
    office.until("2026-10-01T10:00:00").await;
    let page = |step: &str| format!("/contracts/{contract}/{step}");
    let sure = [("sure", "yes"), ("reason", "契約が終わった")];
    let ordered = office.look("yamamoto", &page("order-erasure"), &sure).await;
    assert!(ordered.text.contains("別の人が承認すると"), "{}", ordered.text);
    office.done("yamamoto", &page("order-erasure"), &sure).await;
    let of = format!("/contracts/{contract}");
    assert!(!office.get_as("yamamoto", &of).await.text.contains("/confirm-erasure\""));
    assert!(office.get_as("nakamura", &of).await.text.contains("/confirm-erasure\""));
    let page = page("confirm-erasure");
    let alone = office.look("yamamoto", &page, &sure).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alone.text.contains("前の手順と別の人"), "{}", alone.text);
    let looked = office.look("nakamura", &page, &sure).await;
    assert!(looked.text.contains("担当者の連絡先 1 件"), "{}", looked.text);
    assert!(looked.text.contains("消去証明書"), "{}", looked.text);
    office.done("nakamura", &page, &sure).await;
    assert_eq!(view(office, "contract").await["status"], "erased");
}

/// Every step is found again with who, why and by which clause.
async fn recorded(office: &Office) {
    let record = office.get_as("kato", "/entries").await.text;
    for found in ["田中", "渡辺", "催告しても支払いがない", "href=\"/terms/9-4\"", "/entries/A-"]
    {
        assert!(record.contains(found), "{found}");
    }
    let own = office.get_as("kato", "/entries?person=watanabe&from=2026-08-01&to=2026-08-31").await;
    assert!(own.text.contains("やむを得ない") && !own.text.contains("催告しても"));
    for (typed, found) in [("ｼｵｶｾﾞ", "株式会社しおかぜ"), ("54,560円", "INV-2026-000001")]
    {
        let page = office.get_as("kato", &format!("/search?q={}", escaped(typed))).await.text;
        assert!(page.contains(found), "{typed}: {page}");
    }
    let unseen = office.get_as("sato", "/search?q=54560").await.text;
    assert!(!unseen.contains("INV-2026-000001"), "who sees no money finds none by it");
    let found = office.get_as("kato", "/search?q=%E3%81%97%E3%81%8A%E3%81%8B%E3%81%9C").await.text;
    assert!(found.contains("/contracts/K-") && found.contains("INV-2026-000001"));
    assert_eq!(office.get_as("sato", "/entries").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_was_typed_stays_and_the_fault_stands_beside_the_field() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let mut form = typed_form();
    form.retain(|(name, _)| *name != "corporate_number");
    form.extend([
        ("corporate_number", "9010001000008"),
        ("reference", "紙-2"),
        ("at", "2026-04-01T08:30"),
    ]);
    let answer = office.look("sato", "/applications/new", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text.contains("株式会社しおかぜ")
            && answer.text.contains("id=\"w-corporate_number\"")
    );
    assert!(office.engine.store.views("application").await.unwrap().is_empty());
}

#[tokio::test]
async fn files_are_read_whole_or_not_at_all() {
    let office = Office::at("2026-04-01T09:00:00").await;
    let path = "/applications/file";
    let bad = office.upload("sato", path, &[], ("x.eml", b"no mail at all")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
    assert!(bad.text.contains("登録していません"), "{}", bad.text);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/minato/files/application.eml");
    let mail = std::fs::read(file).unwrap();
    for _ in 0..2 {
        let read = office.upload("sato", path, &[], ("application.eml", &mail)).await;
        assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.text);
    }
    assert_eq!(office.engine.store.views("application").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_dispute_is_noted_on_its_invoice_and_changes_nothing() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let (number, before) = office.only("invoice").await;
    let page = format!("/invoices/{number}");
    let shown = office.get_as("takahashi", &page).await.text;
    assert!(shown.contains("/payment-disputed\"") && !shown.contains("/payment-dispute-settled\""));
    let told = [("with", "みほん銀行"), ("about", "振込の組戻し"), ("document", "連絡-1")];
    let told = [told.as_slice(), &[("at", "2026-06-06T09:30")]].concat();
    let form = format!("{page}/payment-disputed");
    let looked = office.look("takahashi", &form, &told).await;
    assert!(looked.text.contains("メールは出ず、契約・料金・クラウドは変わりません"));
    office.done("takahashi", &form, &told).await;
    let shown = office.get_as("takahashi", &page).await.text;
    assert!(
        shown.contains("みほん銀行") && shown.contains("/payment-dispute-settled\""),
        "{shown}"
    );
    assert_eq!(office.only("invoice").await, (number.clone(), before));
    let over = [("outcome", "組戻しの取消し"), ("document", "連絡-2"), ("at", "2026-06-06T10:00")];
    office.done("takahashi", &format!("{page}/payment-dispute-settled"), &over).await;
    let shown = office.get_as("takahashi", &page).await.text;
    assert!(shown.contains("組戻しの取消し") && !shown.contains("/payment-dispute-settled\""));
    let desk = office.get_as("sato", &form).await;
    assert_eq!(desk.status, StatusCode::FORBIDDEN, "it is for whoever registers money");
}

#[tokio::test]
async fn pages_offer_only_what_may_be_done() {
    let office = Office::at("2026-06-06T10:00:00").await;
    let (contract, _) = office.only("contract").await;
    let page = |person: &'static str| {
        let path = format!("/contracts/{contract}");
        let office = &office;
        async move { office.get_as(person, &path).await.text }
    };
    let (desk, legal) = (page("sato").await, page("kobayashi").await);
    assert!(desk.contains("/cancellation\"") && !desk.contains("/judgement\""));
    assert!(legal.contains("/judgement\"") && !legal.contains("/cancellation\""));
    assert!(!legal.contains("/insolvency-released\""), "nothing is locked");
    assert!(!office.get_as("sato", "/do").await.text.contains("/billing"));
    let account = office.account().await;
    office.add("own", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    assert_eq!(office.get_as("own", "/do").await.status, StatusCode::FORBIDDEN);
    let mut form = typed_form();
    form.extend([("reference", "紙-9"), ("at", "2026-06-05T09:30")]);
    office.done("sato", "/applications/new", &form).await;
    let stranger = Belongs::Customer { account: AccountId::of_company(COMPANY) };
    office.add("stranger", stranger, &[Role::CustomerAdministrator]).await;
    let other = office.get_as("stranger", &format!("/my/contracts/{contract}")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}
