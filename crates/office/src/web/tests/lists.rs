//! Lists as people work through them: in an order, with sums, as a file.

use std::collections::BTreeSet;

use contract::declare::ids::AccountId;
use contract::who::roles::{Permission, Role};
use engine::people::Belongs;
use engine::{OutboxState, Transaction, ViewRow};
use serde_json::{Value, json};

use super::amounts::{found_in, propose_a_waiver};
use super::announce::announced;
use super::deposits::unknown_deposits;
use super::matters::reported;
use super::paging::copies;
use super::quotations::quoted;
use super::story::whole_story;
use super::{Answer, Office};
use crate::access::NewKey;
use crate::web::routes::{Kind, ROUTES};

/// June is unpaid and the service is suspended.
const SUSPENDED: &str = "2026-09-08T10:30:00";

/// Where each of these stands in a text, one behind another.
fn in_this_order(text: &str, expected: &[&str]) {
    let places: Vec<_> = expected.iter().map(|one| text.find(one).expect(one)).collect();
    assert!(places.is_sorted(), "{expected:?} at {places:?} in {text}");
}

#[tokio::test]
async fn invoices_are_sorted_summed_filtered_and_given_as_a_file() {
    let office = Office::at(SUSPENDED).await;
    let newest = office.get_as("takahashi", "/invoices").await.text;
    in_this_order(&newest, &[">INV-2026-000003<", ">INV-2026-000002<", ">INV-2026-000001<"]);
    let by_due = office.get_as("takahashi", "/invoices?sort=due").await.text;
    in_this_order(&by_due, &[">INV-2026-000001<", ">INV-2026-000002<", ">INV-2026-000003<"]);
    assert!(by_due.contains("/invoices.csv?sort=due") && by_due.contains(" 通\u{3000}合計 "));
    let start = office.get_as("takahashi", "/").await.text;
    for tile in ["/invoices?status=overdue", "/invoices?status=not_due", "/contracts?status="] {
        assert!(start.contains(tile), "{tile}");
    }
    let late = office.get_as("takahashi", "/invoices.csv?status=overdue").await;
    assert_eq!(late.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<_> = late.text.lines().collect();
    assert!(lines[0].starts_with("\u{FEFF}番号,契約者,月,種類,合計,未収"), "{lines:?}");
    assert!(
        lines.len() > 1 && lines[1..].iter().all(|line| line.ends_with("期限超過")),
        "{lines:?}"
    );
    let not_due = office.get_as("takahashi", "/invoices.csv?status=not_due").await.text;
    assert!(!not_due.contains("期限超過") && !not_due.contains("入金済み"), "{not_due}");
}

#[tokio::test]
async fn contracts_are_given_as_a_file_to_whoever_reads_the_book() {
    let office = Office::at(SUSPENDED).await;
    let file = office.get_as("sato", "/contracts.csv?q=%E9%9D%92%E8%91%89&sort=limit").await.text;
    let lines: Vec<_> = file.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[1].starts_with("CTR-2026-0001,青葉製作所株式会社,K-")
            && lines[1].contains("提供停止中")
    );
    let none = office.get_as("sato", "/contracts.csv?status=ended").await.text;
    assert_eq!(none.lines().count(), 1);
}

#[tokio::test]
async fn the_story_begins_with_the_newest_and_names_who_acted() {
    let office = Office::at(SUSPENDED).await;
    let (contract, _) = office.only("contract").await;
    let story = &whole_story(&office, "sato", &format!("/contracts/{contract}")).await.concat();
    in_this_order(story, &["2026-09-", "2026-06-", "2026-04-"]);
    assert!(story.contains("— 鈴木") && !story.contains("— suzuki"), "{story}");
}

/// The lists of the table of routes: each has its file beside it. What is signed quarter by
/// quarter has an order of its own.
fn lists() -> Vec<&'static str> {
    let files = ROUTES.iter().filter(|route| route.kind == Kind::File);
    let lists = files.filter_map(|route| route.path.strip_suffix(".csv"));
    lists.filter(|path| *path != "/access-review").collect()
}

/// An office in which every list has rows, most of them more than a small part holds.
async fn full_office() -> Office {
    let office = Office::at(SUSPENDED).await;
    reported(&office).await;
    unknown_deposits(&office).await;
    quoted(&office).await;
    propose_a_waiver(&office).await;
    announced(&office).await;
    credit_note(&office).await;
    key(&office).await;
    refused(&office).await;
    for kind in ["contract", "application", "invoice", "matter", "credit_note", "filed", "quote"] {
        copies(&office, kind, 30, |number, content| {
            if content["name"].is_string() {
                content["name"] = json!(format!("見本工業{number:03}"));
            }
            format!("{kind}-{number:03}")
        })
        .await;
    }
    // Each with the rights, tasks and proposals of the first.
    copies(&office, "account", 30, |number, content| {
        content["name"] = json!(format!("見本工業{number:03}"));
        content["held"] = json!(number * 7_001);
        let day = format!("2026-08-{:02}", number % 28 + 1);
        content["rights"][0]["from"] = json!(day);
        let at = format!("{day}T09:00:00+09:00");
        content["tasks"] =
            json!([{ "task": "erasure", "about": "K-1", "opened_at": at, "remind_on": day }]);
        format!("A-{number:013}")
    })
    .await;
    office
}

/// A mail that was refused.
async fn refused(office: &Office) {
    let mut row = office.engine.store.outbox().await.unwrap().pop().expect("something left");
    (row.id, row.state) = ("refused-1".to_owned(), OutboxState::Refused);
    let step = Transaction { outbox: vec![row], ..Transaction::default() };
    office.engine.store.commit(&step).await.unwrap();
}

/// A key of a program.
async fn key(office: &Office) {
    office.add("erp", Belongs::Program, &[Role::Billing]).await;
    let expires_at = office.clock_now().plus_seconds(86_400);
    let (person, label) = ("erp".to_owned(), "ERP".to_owned());
    let wanted = NewKey { person, role: Role::Billing, account: None, label, expires_at };
    office.app.door.new_key("mori", wanted).await.unwrap();
}

/// A credit note, and a contract of a company with an odd name.
async fn credit_note(office: &Office) {
    let account: AccountId = office.account().await;
    let note = json!({ "invoice": "INV-2026-000001", "issued_on": "2026-07-01", "total": -3300 });
    let mut odd = office.engine.store.views("contract").await.unwrap()[0].content.clone();
    odd["name"] = json!("=1+1");
    let row = |kind: &str, id: &str, content: Value| {
        let (kind, id) = (kind.to_owned(), id.to_owned());
        ViewRow { kind, id, account: account.clone(), content }
    };
    let views = vec![row("credit_note", "CN-1", note), row("contract", "K-odd", odd)];
    let step = Transaction { views, ..Transaction::default() };
    office.engine.store.commit(&step).await.unwrap();
}

/// The lines of a file, with their cells. No cell of these tests holds a line end.
fn cells(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let text = answer.text.trim_start_matches('\u{FEFF}');
    let mut lines = vec![vec![String::new()]];
    let mut quoted = false;
    for c in text.trim_end().chars() {
        let line = lines.last_mut().unwrap();
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(String::new()),
            '\n' if !quoted => lines.push(vec![String::new()]),
            c => line.last_mut().unwrap().push(c),
        }
    }
    lines
}

/// How many rows the list on a page shows, and the link to its next part.
fn shown(answer: &Answer) -> (usize, Option<String>) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.text.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next());
    let rows = body.map_or(0, |body| body.matches("<tr>").count());
    let next = answer
        .text
        .split_once("\" rel=\"next\"")
        .map(|(before, _)| before.rsplit("href=\"").next().unwrap().replace("&amp;", "&"));
    (rows, next)
}

/// The orders that a list offers, each with its words.
fn orders(page: &str) -> Vec<(String, String)> {
    let select = page.split("name=\"sort\"").nth(1).expect("a choice of orders");
    let select = select.split("</select>").next().unwrap();
    let options = select.split("<option value=\"").skip(1);
    let options = options.map(|option| {
        let (word, rest) = option.split_once('"').unwrap();
        let words = rest.split_once('>').unwrap().1.split('<').next().unwrap();
        (word.to_owned(), words.to_owned())
    });
    options.filter(|(word, _)| !word.is_empty()).collect()
}

/// Whether what stands in a column is in its order: days, moments and numbers.
fn in_order(values: &[&str], falls: bool, of: &str) {
    let filled = values.iter().position(|value| value.is_empty()).unwrap_or(values.len());
    let (filled, empty) = values.split_at(filled);
    assert!(empty.iter().all(|value| value.is_empty()), "{of}: what is empty is last: {values:?}");
    let numbers: Option<Vec<i64>> = filled.iter().map(|value| value.parse().ok()).collect();
    let mut sorted = filled.to_vec();
    if falls {
        sorted.reverse();
    }
    match numbers {
        Some(mut numbers) => {
            if falls {
                numbers.reverse();
            }
            assert!(numbers.is_sorted(), "{of}: {values:?}");
        }
        None => assert!(sorted.is_sorted(), "{of}: {values:?}"),
    }
}

#[tokio::test]
async fn every_list_has_orders_parts_and_a_file_with_the_same_rows() {
    let office = full_office().await;
    let lists = lists();
    assert!(lists.len() >= 19, "{lists:?}");
    let mut checked = 0;
    for list in lists {
        let page = office.get(list).await;
        assert!(page.text.contains(&format!("{list}.csv")), "{list} leads to its file");
        let whole = cells(&office.get(&format!("{list}.csv")).await);
        let heads = whole[0].clone();
        assert!(whole.iter().all(|line| line.len() == heads.len()), "{list}: {whole:?}");
        let rows: BTreeSet<_> = whole[1..].iter().cloned().collect();
        assert!(!rows.is_empty(), "{list} has rows");

        // A part has as many rows as were asked for, and the parts together all of them.
        let grows = ["/access-log", "/entries"].contains(&list);
        let (mut walked, mut at) = (0, "?rows=20".to_owned());
        loop {
            let (rows, next) = shown(&office.get(&format!("{list}{at}")).await);
            walked += rows;
            assert!(rows <= 20, "{list}{at} shows {rows}");
            match next {
                Some(next) => at = next,
                None => break,
            }
            assert!(rows == 20 && walked < 1_000, "{list}{at} does not end");
        }
        assert!(
            walked == whole.len() - 1 || grows && walked >= whole.len() - 1,
            "{list}: {walked} of {}",
            whole.len() - 1
        );

        let orders = orders(&page.text);
        assert!(orders.len() >= 4, "{list}: {orders:?}");
        for (word, words) in orders {
            let sorted = cells(&office.get(&format!("{list}.csv?sort={word}")).await);
            let same: BTreeSet<_> = sorted[1..].iter().cloned().collect();
            assert!(grows || same == rows, "{list} by {word} has other rows");
            let head = words.trim_end_matches("（昇順）").trim_end_matches("（降順）");
            let Some(column) = heads.iter().position(|one| one == head) else { continue };
            let values: Vec<_> = sorted[1..].iter().map(|line| line[column].as_str()).collect();
            let simple = |value: &&str| value.chars().all(|c| "0123456789-: ".contains(c));
            if values.iter().all(simple) {
                in_order(&values, word.starts_with('-'), &format!("{list} by {word}"));
                checked += 1;
            }
        }
        let wrong = office.get(&format!("{list}.csv?sort=colour")).await;
        assert_eq!(wrong.status, 422, "{list}: {}", wrong.text);
    }
    assert!(checked > 40, "only {checked} orders were looked at");
}

#[tokio::test]
async fn every_list_keeps_its_filter_in_parts_orders_and_file() {
    let office = full_office().await;
    let page = office.get("/contracts?q=%E8%A6%8B%E6%9C%AC&rows=20&sort=-number").await.text;
    for link in [
        "?q=%E8%A6%8B%E6%9C%AC&amp;rows=20&amp;sort=-number&amp;page=2",
        "/contracts.csv?q=%E8%A6%8B%E6%9C%AC&amp;sort=-number",
        "?q=%E8%A6%8B%E6%9C%AC&amp;rows=20&amp;sort=name",
        "aria-sort=\"descending\"",
    ] {
        assert!(page.contains(link), "{link} in {page}");
    }
    let file = cells(&office.get("/contracts.csv?q=%E8%A6%8B%E6%9C%AC&sort=-number").await);
    assert_eq!((file.len(), file[1][0].as_str()), (31, "contract-030"));
    let late = cells(&office.get("/tasks.csv?late=yes&sort=remind").await);
    let all = cells(&office.get("/tasks.csv").await);
    assert!(late.len() > 1 && late.len() <= all.len());
    let over = office.get("/outbox?state=over").await.text;
    let waits = office.get("/outbox").await.text;
    assert!(over.contains("完了") && !shown_text(&waits).contains(">完了<"), "{waits}");
}

/// What stands in the rows of a list.
fn shown_text(page: &str) -> &str {
    page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default()
}

#[tokio::test]
async fn numbers_of_every_list_are_numbers_and_formulas_stay_harmless() {
    let office = full_office().await;
    let notes = office.get("/credit-notes.csv").await.text;
    assert!(notes.contains(",-3300\n") && !notes.contains("'-"), "{notes}");
    let odd = office.get("/contracts.csv?q=k-odd").await.text;
    assert!(odd.contains("\nK-odd,'=1+1,K-odd,"), "{odd}");
    let sum = office.get("/credit-notes?q=CN-1").await.text;
    assert!(sum.contains("1 通\u{3000}金額 ") && sum.contains("3,300"), "{sum}");
}

#[tokio::test]
async fn every_list_hides_amounts_from_roles_without_money() {
    let office = full_office().await;
    let invoices = office.engine.store.views("invoice").await.unwrap();
    let accounts = office.engine.store.views("account").await.unwrap();
    let amounts =
        invoices.iter().flat_map(|row| [&row.content["total"], &row.content["outstanding"]]);
    let amounts = amounts.chain(accounts.iter().map(|row| &row.content["held"]));
    let amounts: BTreeSet<i64> =
        amounts.filter_map(Value::as_i64).filter(|amount| *amount >= 1_000).collect();
    assert!(amounts.len() > 30, "{amounts:?}");
    let mut seen = 0;
    let staff = Role::ALL
        .into_iter()
        .filter(|role| !role.is_customers() && !matches!(role, Role::System | Role::Subcontractor));
    for role in staff.filter(|role| !role.holds(Permission::ReadMoney)) {
        let person = format!("only-{role:?}").to_lowercase();
        office.add(&person, Belongs::Staff, &[role]).await;
        // What was offered stands on quotations, for whoever reads the book.
        for list in lists().into_iter().filter(|list| *list != "/quotes") {
            for path in [format!("{list}.csv"), list.to_owned()] {
                let answer = office.get_as(&person, &path).await;
                if answer.status != 200 {
                    continue;
                }
                seen += 1;
                // Two figures of neighbouring cells are no amount.
                let text = match path.ends_with(".csv") {
                    true => cells(&answer).concat().join("\n"),
                    false => answer.text,
                };
                assert_eq!(found_in(&text, &amounts), None, "{role:?} reads {path}");
            }
            let by_amount = office.get_as(&person, &format!("{list}.csv?sort=-outstanding")).await;
            assert_ne!(by_amount.status, 200, "{role:?} has {list} in the order of amounts");
        }
    }
    assert!(seen > 40, "{seen}");
    let file = cells(&office.get_as("sato", "/customers.csv").await);
    let hidden = file[0].iter().position(|head| head == "未収").unwrap();
    assert!(file.len() > 30 && file[1..].iter().all(|line| line[hidden] == "非表示"), "{file:?}");
}

#[tokio::test]
async fn what_counts_leads_to_the_list_that_it_counts() {
    let office = full_office().await;
    let start = office.get("/").await.text;
    let tiles: Vec<_> = start.split("<a class=\"figure\" href=\"").skip(1).collect();
    assert!(tiles.len() >= 6, "{}", tiles.len());
    let mut chips = Vec::new();
    for (page, page_text) in [("/", &start), ("/outbox", &office.get("/outbox").await.text)] {
        let counts = page_text.split("<p class=\"counts\">").nth(1).expect(page);
        let counts = counts.split("</p>").next().unwrap();
        chips.extend(counts.split("<a href=\"").skip(1).map(str::to_owned));
    }
    let tiles = tiles.into_iter().map(|tile| tile.split("</a>").next().unwrap().to_owned());
    for counted in tiles.chain(chips) {
        let (path, rest) = counted.split_once('"').unwrap();
        let text: String = strip_tags(rest);
        let (list, query) = path.split_once('?').unwrap_or((path, ""));
        let file = cells(&office.get(&format!("{list}.csv?{query}")).await);
        let count = file.len() - 1;
        let found = match text.contains("通の請求書") {
            true => text.contains(&format!("{count} 通の請求書")),
            false => {
                let figures: String = text.chars().filter(char::is_ascii_digit).collect();
                figures == count.to_string()
            }
        };
        assert!(found, "{path} lists {count}: {text}");
    }
}

fn strip_tags(html: &str) -> String {
    let inside = html.split_once('>').map_or(html, |(_, rest)| rest);
    let parts = inside.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect()
}

#[tokio::test]
async fn the_mails_of_a_customer_come_in_parts_and_only_those_shown_are_opened() {
    let office = Office::at(SUSPENDED).await;
    let account = office.account().await;
    office.add("own", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    let sent = |page: &str| page.matches("data-label=\"送信\"").count();
    let before = sent(&office.get_as("own", "/my/notices").await.text);
    assert!(before > 2, "{before}");
    let mut outbox = office.engine.store.outbox().await.unwrap();
    outbox
        .retain(|row| row.state == OutboxState::Done && row.payload["effect"] == "acceptance_mail");
    let first = outbox.pop().expect("an acceptance");
    let copies = (1..=30).map(|number| {
        let mut row = first.clone();
        row.id = format!("copy-{number:02}");
        row
    });
    let step = Transaction { outbox: copies.collect(), ..Transaction::default() };
    office.engine.store.commit(&step).await.unwrap();
    let part = office.get_as("own", "/my/notices?rows=20").await.text;
    assert_eq!(sent(&part), 20);
    assert!(part.contains(&format!("全 {} 件のうち 1〜20 件目", before + 30)), "{part}");
    let last = office.get_as("own", "/my/notices?rows=20&mails=9").await.text;
    assert_eq!(sent(&last), (before + 30) % 20, "{last}");
    // What is kept of a mail that was erased is when it left.
    assert!(part.contains("消去済み") || last.contains("消去済み"));
}
