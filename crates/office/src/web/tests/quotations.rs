//! Before and around the contract: quotations and orders on them.

use axum::http::StatusCode;
use contract::who::roles::Role;
use engine::people::Belongs;
use serde_json::{Value, json};

use super::desk::typed_form;
use super::{EVERYTHING, Office};

const RECEIVED: &str = "2026-04-01T10:00:00";

/// One quotation by the API, as the examples show it.
pub async fn quoted(office: &Office) -> (&'static str, Value, Value) {
    let customer = json!({
        "name": "株式会社しおかぜ", "kana": "カブシキガイシャシオカゼ",
        "corporate_number": "9010001000007", "postal_code": "231-0001",
        "address": "神奈川県横浜市中区新港一丁目1番1号", "representative_title": "代表取締役",
    });
    let today = office.clock_now().day();
    let start = reckon::Month::of(today).plus(1).first_day();
    let body = json!({
        "offer": {
            "customer": customer,
            "lines": [
                { "number": 1, "service": "SDPF", "item": "SV-4C16G", "quantity": 2, "start": start },
                {
                    "number": 2, "service": "SDPF", "item": "NW-100M", "quantity": 1,
                    "start": start, "agreed_fee": 9_000,
                },
            ],
            "issued_on": today, "valid_until": reckon::Period::months(today, 1).last_day(),
        },
        "attention": "汐見　渚",
    });
    let answer = office.post_keyed("/api/v1/quotations", "new_quotation", body.clone()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    ("new_quotation", body, answer.json())
}

impl Office {
    /// A file to the API.
    pub(super) async fn post_file(&self, path: &str, key: &str, bytes: &[u8]) -> super::Answer {
        let body = (bytes.to_vec(), "application/octet-stream");
        self.post_keyed_as(EVERYTHING, path, key, body).await
    }
}

fn offer() -> Vec<(&'static str, &'static str)> {
    let not_asked = ["from", "to", "method", "due_months", "r_name", "r_mail", "r_phone"];
    let mut form = typed_form();
    form.retain(|(name, _)| !not_asked.contains(name));
    form.extend([("issued_on", "2026-04-01"), ("valid_until", "2026-04-30")]);
    form
}

#[tokio::test]
async fn a_quotation_is_priced_before_it_gets_its_number() {
    let office = Office::at(RECEIVED).await;
    let mut form = offer();
    form.extend([("attention", "汐見　渚"), ("l2_item", "NW-100M"), ("l2_quantity", "1")]);
    form.extend([("l2_start", "2026-05-01"), ("l2_fee", "9,000")]);
    let looked = office.look("sato", "/quotes/new", &form).await;
    // 2 × 24,800 + 9,000, and 10 % on it.
    for part in ["24,800", "49,600", "58,600", "5,860", "64,460", "番号を付けて発行する"]
    {
        assert!(looked.text.contains(part), "{part}: {}", looked.text);
    }
    assert!(office.engine.store.views("quote").await.unwrap().is_empty(), "only looked at");
    let to = office.done("sato", "/quotes/new", &form).await;
    assert_eq!(to, "/quotes/QUO-2026-000001?done=1");
    let page = office.get_as("sato", "/quotes/QUO-2026-000001").await.text;
    assert!(page.contains("64,460") && page.contains("まだ届いていません"), "{page}");
    assert!(!page.contains("汐見"), "who it is addressed to stands in the paper only");
    let paper = office.get_as("sato", "/papers/paper/QUO-2026-000001").await;
    assert_eq!(paper.headers["content-type"], "application/pdf");
    assert!(office.get_as("sato", "/quotes").await.text.contains("株式会社しおかぜ"));
    let support = [Role::Support];
    office.add("listens", Belongs::Staff, &support).await;
    let page = office.get_as("listens", "/quotes/QUO-2026-000001").await;
    assert!(page.status.is_success() && !page.text.contains("/papers/"), "{}", page.text);
    let paper = office.get_as("listens", "/papers/paper/QUO-2026-000001").await;
    assert_eq!(paper.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_cannot_be_offered_is_said_at_its_field() {
    let office = Office::at(RECEIVED).await;
    let mut form = offer();
    form.retain(|(name, _)| !["issued_on", "valid_until", "l1_quantity"].contains(name));
    form.extend([
        ("issued_on", "2026-04-02"),
        ("valid_until", "2026-03-31"),
        ("from", "2026-05-01"),
    ]);
    let looked = office.look("sato", "/quotes/new", &form).await;
    assert_eq!(looked.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["今日以前の日", "発行日以後の日", "数量を1以上", "両方を入力"]
    {
        assert!(looked.text.contains(part), "{part}: {}", looked.text);
    }
    let mut early = offer();
    early.retain(|(name, _)| *name != "l1_start");
    early.push(("l1_start", "2001-04-01"));
    let looked = office.look("sato", "/quotes/new", &early).await;
    assert!(looked.text.contains("2001-04 の価格がありません"), "{}", looked.text);
    assert!(office.engine.store.views("quote").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_order_arrives_on_a_quotation_with_its_file() {
    let office = Office::at(RECEIVED).await;
    office.done("sato", "/quotes/new", &offer()).await;
    let path = "/quotes/QUO-2026-000001/order";
    let fields = [("number", "PO-77"), ("on", "2026-04-01"), ("quote", "QUO-2026-000001")];
    let none = office.upload("sato", path, &fields, ("", b"")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("ファイルを選ぶか") && none.text.contains("PO-77"), "{}", none.text);
    let scan = ("発注書.pdf", b"%PDF-1.7 order".as_slice());
    let sent = office.upload("sato", path, &fields, scan).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = office.get_as("sato", "/quotes/QUO-2026-000001").await.text;
    assert!(page.contains("PO-77") && page.contains("発注あり"), "{page}");
    let paper = page.split("href=\"/papers/A-").nth(1).expect("the order can be opened");
    let paper = format!("/papers/A-{}", paper.split('"').next().unwrap());
    let opened = office.get_as("sato", &paper).await;
    assert_eq!((opened.status, opened.text.as_str()), (StatusCode::OK, "%PDF-1.7 order"));
    assert_eq!(office.get_as("ito", &paper).await.status, StatusCode::FORBIDDEN);
    let (application, _) = office.only("application").await;
    let foreign = format!("/applications/{application}/order");
    let fields = [("number", "PO-78"), ("on", "2026-04-01"), ("quote", "QUO-2026-000001")];
    let sent = office.upload("sato", &foreign, &fields, scan).await;
    assert!(sent.text.contains("この会社の見積書を選んでください"), "{}", sent.text);
}

#[tokio::test]
async fn programs_quote_and_order_once() {
    let office = Office::at(RECEIVED).await;
    let (_, body, first) = quoted(&office).await;
    let again = office.post_keyed("/api/v1/quotations", "new_quotation", body.clone()).await;
    assert_eq!((again.status.as_u16(), &again.json()["number"]), (200, &first["number"]));
    let mut other = body.clone();
    other["offer"]["lines"][0]["quantity"] = json!(3);
    let used = office.post_keyed("/api/v1/quotations", "new_quotation", other.clone()).await;
    assert_eq!(used.status, 409);
    let second = office.post_keyed("/api/v1/quotations", "second", other).await.json();
    assert_eq!(second["number"], "QUO-2026-000002");
    let account = first["account"].as_str().unwrap();
    let path =
        format!("/api/v1/accounts/{account}/purchase-orders?number=PO-1&ordered_on=2026-04-01");
    let neither = office.post_file(&path, "po-0", b"").await;
    assert_eq!(neither.status, 422, "{}", neither.text);
    let foreign = format!("{path}&quote=QUO-2026-000009&name=po.pdf");
    let foreign = office.post_file(&foreign, "po-1", b"%PDF-").await;
    assert_eq!(foreign.status, 422, "{}", foreign.text);
    let path = format!("{path}&quote=QUO-2026-000001&amount=64460&name=po.pdf");
    let taken = office.post_file(&path, "po-2", b"%PDF-").await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    assert_eq!(office.post_file(&path, "po-2", b"%PDF-").await.status, 200);
    let one = office.get("/api/v1/quotations/QUO-2026-000001").await.json();
    assert_eq!(one["orders"][0]["number"], "PO-1");
    assert_eq!(one["orders"].as_array().unwrap().len(), 1);
    let document = one["orders"][0]["document"].as_str().unwrap();
    assert_eq!(office.get(&format!("/api/v1/filed/{document}")).await.text, "%PDF-");
    let ids = |answer: super::Answer| answer.json()["items"].as_array().unwrap().len();
    let list = "/api/v1/quotations?valid_on";
    assert_eq!(ids(office.get(&format!("{list}=2026-04-30")).await), 2);
    assert_eq!(ids(office.get(&format!("{list}=2026-05-01")).await), 0);
}

#[tokio::test]
async fn a_scan_is_filed_and_found_by_day_counterparty_amount_and_kind() {
    let office = Office::at("2026-09-07T09:00:00").await;
    let (contract, account) = office.only("contract").await;
    let path = "/filed/new";
    let fields = [
        ("kind", "letter"),
        ("about", contract.as_str()),
        ("dated", "2026-09-01"),
        ("amount", "33,000"),
        ("original", "書庫A-12"),
        ("stamp", "第41号"),
    ];
    let scan = ("覚書.pdf", b"%PDF-1.7 memo".as_slice());
    let unknown = [("kind", "letter"), ("about", "K-000000000000"), ("dated", "2026-09-08")];
    let sent = office.upload("sato", path, &unknown, scan).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        sent.text.contains("番号か、法人番号を") && sent.text.contains("2026-09-07"),
        "{}",
        sent.text
    );
    let sent = office.upload("sato", path, &fields, scan).await;
    assert!(sent.text.contains("届いた日時も入力してください"), "{}", sent.text);
    let mut fields = fields.to_vec();
    fields.push(("arrived_at", "2026-09-02T11:05"));
    let sent = office.upload("sato", path, &fields, scan).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    for (query, finds) in [
        ("kind=letter&from=2026-09-01&to=2026-09-01", true),
        ("counterparty=%E9%9D%92%E8%91%89&least=33000&most=33000", true),
        ("from=2026-09-02", false),
        ("least=33001", false),
        ("without_amount=yes", false),
        ("kind=agreement", false),
    ] {
        let page = office.get_as("sato", &format!("/filed?{query}")).await.text;
        assert_eq!(page.contains("書庫A-12") && page.contains("第41号"), finds, "{query}: {page}");
    }
    let wrong = office.get_as("sato", "/filed?from=2026-09-02&to=2026-09-01").await.text;
    assert!(wrong.contains("始まりの日以後"), "{wrong}");
    // The order desk sees no money, suspension no papers with personal data.
    let sees = |text: &str| {
        (
            text.contains(">請求書</td>") || text.contains("請求書</div></td>"),
            text.contains("書庫A-12"),
        )
    };
    assert_eq!(sees(&office.get_as("sato", "/filed").await.text), (false, true));
    assert_eq!(sees(&office.get_as("watanabe", "/filed").await.text), (true, false));
    assert_eq!(sees(&office.get_as("suzuki", "/filed").await.text), (true, true));
    an_invoice_is_for_those_who_see_money(&office, &account).await;
    let by_program = format!(
        "/api/v1/accounts/{account}/filed?name=note.txt&kind=other&dated=2026-09-03&about={contract}"
    );
    let taken = office.post_file(&by_program, "file-1", b"note").await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    assert_eq!(office.post_file(&by_program, "file-1", b"note").await.status, 200);
    let found = office.get("/api/v1/filed?kind=other&from=2026-09-03").await.json();
    assert_eq!(found["items"][0]["counterparty"], "青葉製作所株式会社");
    assert_eq!(found["items"][0]["document"], taken.json()["document"]);
    let foreign = by_program.replace(&contract, "K-000000000000");
    assert_eq!(office.post_file(&foreign, "file-2", b"note").await.status, 422);
}

/// By every way to the paper, and in the list.
async fn an_invoice_is_for_those_who_see_money(office: &Office, account: &str) {
    for folder in ["/papers", "/documents", "/api/v1/documents", "/api/v1/filed"] {
        let invoice = format!("{folder}/paper/invoice-INV-2026-000001");
        assert_eq!(office.get_as("sato", &invoice).await.status, StatusCode::NOT_FOUND, "{folder}");
        assert_eq!(office.get_as("watanabe", &invoice).await.status, StatusCode::OK, "{folder}");
    }
    let issued = format!("/api/v1/accounts/{account}/documents");
    let lists = async |person: &str| {
        office.get_as(person, &issued).await.text.contains("paper/invoice-INV-2026-000001")
    };
    assert_eq!((lists("sato").await, lists("watanabe").await), (false, true));
}

fn change_of_company() -> Vec<(&'static str, &'static str)> {
    vec![
        ("company", "青葉テクノロジー株式会社"),
        ("kana", "アオバテクノロジーカブシキガイシャ"),
        ("corporate_number", "2010001034837"),
        ("postal_code", "231-0001"),
        ("address", "神奈川県横浜市中区新港二丁目2番2号"),
        ("title", "代表取締役"),
        ("at", "2026-09-07T08:30"),
        ("planned_on", "2026-10-01"),
    ]
}

#[tokio::test]
async fn a_changed_name_holds_from_its_day() {
    let office = Office::at("2026-09-07T09:00:00").await;
    let (contract, _) = office.only("contract").await;
    let page = format!("/contracts/{contract}");
    let path = format!("{page}/change-company");
    let mut other = change_of_company();
    other.retain(|(name, _)| *name != "corporate_number");
    other.push(("corporate_number", "9010001000007"));
    let refused = office.look("sato", &path, &other).await;
    assert!(refused.text.contains("別の法人番号は別の会社です"), "{}", refused.text);
    let form = change_of_company();
    let looked = office.look("sato", &path, &form).await;
    assert!(looked.text.contains("変更日以後の日付の請求書"), "{}", looked.text);
    office.done("sato", &path, &form).await;
    let told = office.get_as("sato", &format!("{page}/registered")).await.text;
    assert!(told.contains("青葉テクノロジー株式会社") && told.contains("予定"), "{told}");
    assert!(told.contains("期限内"), "{told}");
    let today = office.get_as("sato", &page).await.text;
    assert!(today.contains("青葉製作所株式会社") && !today.contains("青葉テクノロジー"), "{today}");
    office.until("2026-10-01T09:00:00").await;
    let then = office.get_as("sato", &page).await.text;
    assert!(then.contains("青葉テクノロジー株式会社") && then.contains("新港二丁目"), "{then}");
    let late = [("payer1", "ｱｵﾊﾞﾃｸﾉ"), ("at", "2026-10-01T09:00"), ("planned_on", "2026-10-01")];
    office.done("sato", &format!("{page}/change-payers"), &late).await;
    let told = office.get_as("sato", &format!("{page}/registered")).await.text;
    assert!(told.contains("遅れ") && told.contains("ｱｵﾊﾞﾃｸﾉ"), "{told}");
    assert_eq!(office.get_as("ito", &path).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_new_contact_is_sealed_and_written_to_from_its_day() {
    let office = Office::at("2026-09-07T09:00:00").await;
    let (contract, account) = office.only("contract").await;
    let page = format!("/contracts/{contract}");
    let person = [
        ("contact", "billing"),
        ("name", "新井　経理"),
        ("mail", "arai@aoba.example"),
        ("phone", "045-000-9999"),
        ("at", "2026-09-07T08:30"),
        ("planned_on", "2026-10-01"),
        ("reason", "電話で確認した"),
    ];
    office.done("sato", &format!("{page}/change-contact"), &person).await;
    let records =
        office.engine.records(&contract::declare::ids::AccountId(account.clone())).await.unwrap();
    let told = records.iter().rev().find(|one| one.input.id.0.starts_with("form-")).unwrap();
    let reason = office.engine.reason_given(&told.input.id).await.unwrap();
    assert_eq!(reason.as_deref(), Some("電話で確認した"), "it is kept");
    let people = format!("/api/v1/contracts/{contract}/people");
    assert!(!office.get(&people).await.text.contains("arai@"), "not before its day");
    let entries = office.get(&format!("/api/v1/accounts/{account}/entries?limit=200")).await.text;
    assert!(!entries.contains("arai@") && !entries.contains("新井"), "the record names a row only");
    assert!(office.get_as("sato", &format!("{page}/registered")).await.text.contains("arai@"));
    office.add("listens", Belongs::Staff, &[Role::Support]).await;
    let seen = office.get_as("listens", &format!("{page}/registered")).await.text;
    assert!(!seen.contains("arai@") && seen.contains("請求先の担当者"), "{seen}");
    office.until("2026-10-01T09:00:00").await;
    assert!(office.get(&people).await.text.contains("arai@"));
}

#[tokio::test]
async fn programs_tell_changes_and_checks() {
    let office = Office::at("2026-09-07T09:00:00").await;
    let (contract, account) = office.only("contract").await;
    let path = format!("/api/v1/contracts/{contract}/data-changes");
    let to = json!({
        "name": "青葉ホールディングス株式会社", "department": "経理部",
        "postal_code": "100-0001", "address": "東京都千代田区千代田一丁目1番1号",
    });
    let change = |of: &str| {
        json!({
            "change": { "item": "bill_to", "contract": of, "to": to },
            "planned_on": "2026-09-20",
        })
    };
    let foreign = office.post_keyed(&path, "change-0", change("K-000000000000")).await;
    assert_eq!(foreign.status, 422, "{}", foreign.text);
    let taken = office.post_keyed(&path, "change-1", change(&contract)).await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    let shown = office.get(&format!("/api/v1/contracts/{contract}/registered")).await.json();
    assert_eq!(shown["bill_to"], Value::Null, "not before its day");
    assert_eq!(shown["changes"][0]["what"]["to"]["department"], "経理部");
    let raw = json!({
        "account": account,
        "content": {
            "type": "data_change_notified", "planned_on": "2026-09-20",
            "what": { "item": "contact", "contract": contract, "role": "billing", "person": "x" },
        },
    });
    let raw = office.post_keyed("/api/v1/facts", "raw-1", raw).await;
    assert_eq!(raw.status, 422, "no row stands behind it: {}", raw.text);
    let check = format!(
        "/api/v1/accounts/{account}/checks/file?name=report.pdf&kind=credit&result=passed&on=2026-09-07&expires_on=2027-09-06&by=agency"
    );
    let taken = office.post_file(&check, "check-1", b"%PDF-1.7 report").await;
    assert_eq!(taken.status, 201, "{}", taken.text);
    let found = office.get("/api/v1/filed?kind=check_report&from=2026-09-07").await.json();
    let document = found["items"][0]["document"].as_str().unwrap();
    assert_eq!(office.get(&format!("/api/v1/filed/{document}")).await.text, "%PDF-1.7 report");
}
