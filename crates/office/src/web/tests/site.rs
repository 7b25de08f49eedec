//! The public site: what everybody may read, and nothing besides.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use contract::declare::ids::ContractId;
use contract::notices::given::NoticeId;
use contract::notices::notice::Channel;
use engine::Homepage;
use engine::announcing::{Audience, Draft};
use engine::scenario::Mailbox;
use roxmltree::Document;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{ADDRESS, Answer, EVERYTHING, Office};
use crate::open;
use crate::web::routes::ROUTES;
use crate::web::site::Part;
use crate::web::{Front, OwnPages, connections, router};

/// A contract is formed.
const FORMED: &str = "2026-05-11T09:00:00";

fn draft(kind: &str, title: &str, fields: &[(&str, &str)]) -> Draft {
    Draft {
        kind: kind.to_owned(),
        title: title.to_owned(),
        fields: fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        text: "本文です。".to_owned(),
        audience: Audience::All,
        channels: vec![Channel::Homepage],
        withdraws: None,
    }
}

async fn written(office: &Office, by: &str, draft: Draft) -> NoticeId {
    let by = office.engine.operator.actor(by).unwrap();
    let form = format!("{}-{}", draft.title, draft.kind);
    let id = office.engine.write_notice(&form, &draft, &by).await.unwrap();
    office.engine.settle().await.unwrap();
    id
}

/// A notice for everybody, which needs nobody's approval.
pub async fn told_to_all(office: &Office, title: &str) -> NoticeId {
    written(office, "ito", draft("general", title, &[])).await
}

/// A change of the terms: somebody else has to approve it.
async fn waiting(office: &Office, title: &str) -> NoticeId {
    let fields = [("from", "2026-09-01"), ("version", "1.2"), ("content", "料金の変更")];
    written(office, "kobayashi", draft("terms_change", title, &fields)).await
}

fn asking(path: &str) -> axum::http::request::Builder {
    Request::builder().uri(path).header("host", "localhost")
}

impl Office {
    /// As somebody whom nobody knows.
    async fn read(&self, path: &str) -> Answer {
        self.ask(asking(path).body(Body::empty()).unwrap()).await
    }

    async fn hash_of(&self, id: &NoticeId) -> String {
        let held = self.engine.announcements().await.unwrap();
        held.get(id).unwrap().written.text_hash.clone()
    }

    /// The public site at an address of its own.
    fn apart(&self) -> Office {
        let app = self.app.public_site_at(Front::default());
        let (engine, clock) = (self.engine.clone(), self.clock.clone());
        let router = router(app.clone());
        Office { engine, clock, router, app, told: self.told.clone(), tokens: Default::default() }
    }
}

#[tokio::test]
async fn every_page_of_the_site_opens_without_sign_in_and_leaves_nothing_behind() {
    let office = Office::at(FORMED).await;
    let notice = told_to_all(&office, "お知らせ").await;
    let mut opened = 0;
    for office in [&office, &office.apart()] {
        for route in ROUTES.iter().filter(|route| crate::web::site::owns(route.path)) {
            let path = route.path.replace("{id}", &notice.0).replace("{version}", "1.0");
            let path = path.replace("{name}", "application.xlsx");
            let answer = office.read(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            assert!(!answer.headers.contains_key("set-cookie"), "{path}");
            assert_eq!(answer.headers["cache-control"], "public, max-age=60", "{path}");
            let is_page = answer.headers["content-type"].to_str().unwrap().starts_with("text/html");
            let head = [
                "<html lang=\"ja\">",
                "name=\"viewport\"",
                "<meta name=\"description\" content=\"",
                &format!("<link rel=\"canonical\" href=\"{ADDRESS}{path}\">"),
                "<a class=\"skip\" href=\"#main\">",
            ];
            assert!(!is_page || head.iter().all(|part| answer.text.contains(part)), "{path}");
            assert!(!answer.text.contains("<script") && !answer.text.contains("Yakkan"), "{path}");
            opened += 1;
        }
    }
    assert_eq!(opened, 26);
}

#[tokio::test]
async fn at_its_own_address_there_is_the_site_and_nothing_else() {
    let office = Office::at(FORMED).await;
    let token = office.token(EVERYTHING).await;
    let apart = office.apart();
    let mut closed = 0;
    for route in ROUTES.iter().filter(|route| !Part::Site.has(route.path)) {
        let method: Method = route.method.parse().unwrap();
        let path = route.path.replace(['{', '}', '*'], "");
        let request = asking(&path).method(method).header("cookie", format!("yakkan={token}"));
        let answer = apart.ask(request.body(Body::empty()).unwrap()).await;
        if route.path == "/" {
            assert_eq!(answer.headers["location"], "/site");
            continue;
        }
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{} {path}", route.method);
        assert!(answer.text.contains("トップページへ") && !answer.text.contains("概況"), "{path}");
        closed += 1;
    }
    assert!(closed > 200, "{closed}");
    let style = crate::web::looks::SITE_STYLE.path();
    assert_eq!(apart.read(&style).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_notice_shows_its_hash_and_is_found_over_the_network() {
    let office = Office::at(FORMED).await;
    let (out, waiting) = (told_to_all(&office, "件名").await, waiting(&office, "変更").await);
    let apart = office.apart();
    for address in [office.serve().await, apart.serve().await] {
        let pages = OwnPages::default();
        assert!(pages.shows("/site", "").await.is_err(), "nothing is served yet");
        pages.served_at(SocketAddr::new("0.0.0.0".parse().unwrap(), address.port()));
        let (page, hash) = (format!("/site/notices/{out}"), office.hash_of(&out).await);
        let found = pages.shows(&page, &hash).await.unwrap();
        let shown = office.read(&page).await.text;
        assert_eq!(found, blake3::hash(shown.as_bytes()).to_hex().to_string());
        assert!(shown.contains("<h1>件名</h1>") && shown.contains("本文です。"), "{shown}");
        let page = format!("/site/notices/{waiting}");
        let hash = office.hash_of(&waiting).await;
        assert!(pages.shows(&page, &hash).await.unwrap_err().contains("404"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_posted_once_its_own_page_can_be_read_at_the_site() {
    let played = Office::at(FORMED).await;
    let (pages, clock) = (Arc::new(OwnPages::default()), played.clock.clone());
    let (store, operator) = (played.engine.store.clone(), open::operator(None).unwrap());
    let mail = Arc::new(Mailbox::default());
    let engine = open::engine(store, mail, pages.clone(), clock.clone(), operator).await.unwrap();
    let office = Office::over(Arc::new(engine), clock).await;
    let notice = told_to_all(&office, "件名").await;
    let page = format!("/site/notices/{notice}");
    let before = office.read(&page).await.text;
    assert!(before.contains("掲載の手続き中"), "{before}");
    pages.served_at(office.apart().serve().await);
    office.clock.move_to("2026-05-11T09:01:00".parse().unwrap());
    office.engine.settle().await.unwrap();
    let after = office.read(&page).await.text;
    assert!(after.contains("9:01</time> 掲載"), "{after}");
    let hash = blake3::hash(before.as_bytes()).to_hex().to_string();
    for list in ["/site/notices", "/site/notices.atom"] {
        assert!(office.read(list).await.text.contains(&hash), "{list} has {hash}");
    }
}

#[tokio::test]
async fn what_is_for_one_customer_or_has_not_left_is_not_there() {
    let office = Office::at(FORMED).await;
    let contract = ContractId(office.only("contract").await.0);
    let one = Draft {
        audience: Audience::Contract { contract },
        channels: vec![Channel::Email],
        ..draft("general", "一社だけへ", &[])
    };
    let one = written(&office, "ito", one).await;
    let (waits, dropped) = (waiting(&office, "承認待ち").await, waiting(&office, "取下げ").await);
    let legal = office.engine.operator.actor("kobayashi").unwrap();
    office.engine.drop_notice(&dropped, &legal, "誤り").await.unwrap();
    let lists = ["/site", "/site/notices", "/site/notices.atom", "/site/sitemap.xml"];
    for (id, title) in [(&one, "一社だけへ"), (&waits, "承認待ち"), (&dropped, "取下げ")]
    {
        let answer = office.read(&format!("/site/notices/{id}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
        assert!(!answer.text.contains(title), "{id}");
        for list in lists {
            let text = office.read(list).await.text;
            assert!(!text.contains(title) && !text.contains(&id.0), "{list} has {id}");
        }
    }
    let approver = office.engine.operator.actor("suzuki").unwrap();
    office.engine.approve_notice(&waits, &approver).await.unwrap();
    let page = office.read(&format!("/site/notices/{waits}")).await.text;
    assert!(
        page.contains("掲載の手続き中") && page.contains(&office.hash_of(&waits).await),
        "{page}"
    );
    assert!(page.contains("料金の変更") && page.contains("2026年9月1日（火）"), "{page}");
    office.engine.settle().await.unwrap();
    let page = office.read(&format!("/site/notices/{waits}")).await.text;
    assert!(page.contains("2026年5月11日（月） 9:00</time> 掲載"), "{page}");
    for list in lists {
        assert!(office.read(list).await.text.contains(&format!("/site/notices/{waits}")), "{list}");
    }
}

#[tokio::test]
async fn an_answer_is_kept_until_something_is_written() {
    let office = Office::at(FORMED).await;
    told_to_all(&office, "一つめ").await;
    let again = async |path: &str, tag: &str, method: &str| {
        let request = asking(path).method(method).header("if-none-match", tag);
        office.ask(request.body(Body::empty()).unwrap()).await
    };
    let about = office.read("/site/about").await.headers["etag"].clone();
    let tag = office.read("/site/notices").await.headers["etag"].to_str().unwrap().to_owned();
    for method in ["GET", "HEAD"] {
        let known = again("/site/notices", &tag, method).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{method}");
        assert!(known.text.is_empty() && known.headers["etag"] == tag.as_str(), "{method}");
        assert_eq!(known.headers["cache-control"], "public, max-age=60", "{method}");
    }
    let head = again("/site/notices", "\"another\"", "HEAD").await;
    assert_eq!((head.status, head.headers["etag"].to_str().unwrap()), (StatusCode::OK, &*tag));
    assert!(head.text.is_empty());
    told_to_all(&office, "二つめ").await;
    let new = again("/site/notices", &tag, "GET").await;
    assert!(new.status == StatusCode::OK && new.text.contains("二つめ"));
    assert_ne!(new.headers["etag"], tag.as_str());
    assert_eq!(office.read("/site/about").await.headers["etag"], about);
    let compressed = asking("/site/notices.atom").header("accept-encoding", "gzip");
    let compressed = office.ask(compressed.body(Body::empty()).unwrap()).await;
    assert_eq!(compressed.headers["content-encoding"], "gzip");
    let missing = office.read("/site/notices/N-9999").await;
    assert_eq!(missing.headers["cache-control"], "no-store", "what may come is asked for again");
}

#[tokio::test]
async fn a_notice_that_was_withdrawn_says_what_replaced_it() {
    let office = Office::at(FORMED).await;
    let (from, to) = ("2026-06-01T01:00:00+09:00", "2026-06-01T05:00:00+09:00");
    let fields = [("from", from), ("to", to), ("scope", "東日本")];
    let old = written(&office, "ito", draft("maintenance", "六月の点検", &fields)).await;
    let new = Draft { withdraws: Some(old.clone()), ..draft("general", "点検の中止", &[]) };
    let new = written(&office, "ito", new).await;
    let page = office.read(&format!("/site/notices/{old}")).await.text;
    assert!(page.contains("このお知らせは撤回されました"), "{page}");
    assert!(page.contains(&format!("<a href=\"/site/notices/{new}\">点検の中止</a>")), "{page}");
    let page = office.read(&format!("/site/notices/{new}")).await.text;
    assert!(page.contains("撤回するもの") && page.contains("六月の点検"), "{page}");
    assert!(office.read("/site/notices").await.text.contains("撤回</span>"));
    let work = office.read("/site/maintenance").await.text;
    assert!(work.contains("撤回</span>") && work.contains("六月の点検"), "{work}");
    // A withdrawal that goes by mail alone is not led to.
    let old = told_to_all(&office, "三つめ").await;
    let quiet = draft("general", "ひそかに", &[]);
    let quiet = Draft { withdraws: Some(old.clone()), channels: vec![Channel::Email], ..quiet };
    written(&office, "ito", quiet).await;
    let page = office.read(&format!("/site/notices/{old}")).await.text;
    assert!(page.contains("撤回されました") && !page.contains("ひそかに"), "{page}");
}

#[tokio::test]
async fn planned_work_stands_by_its_start_and_moves_on_with_the_clock() {
    let office = Office::at(FORMED).await;
    for (title, from, to) in [
        ("後の点検", "2026-07-01T01:00:00+09:00", "2026-07-01T05:00:00+09:00"),
        ("先の点検", "2026-06-01T23:00:00+09:00", "2026-06-02T05:30:00+09:00"),
    ] {
        let fields = [("from", from), ("to", to), ("scope", "東日本リージョン")];
        written(&office, "ito", draft("maintenance", title, &fields)).await;
    }
    told_to_all(&office, "点検ではない").await;
    let place =
        |page: &str, words: &str| page.find(words).unwrap_or_else(|| panic!("{words}: {page}"));
    let page = office.read("/site/maintenance").await.text;
    assert!(place(&page, "先の点検") < place(&page, "後の点検"));
    assert!(place(&page, "後の点検") < place(&page, "<h2>これまで"));
    assert!(page.contains("東日本リージョン") && !page.contains("点検ではない"), "{page}");
    assert!(!page.contains("実施中</span>"), "{page}");
    office.clock.move_to("2026-06-02T02:00:00".parse().unwrap());
    let page = office.read("/site/maintenance").await.text;
    assert!(page.contains("実施中</span>"), "{page}");
    office.clock.move_to("2026-06-02T05:30:00".parse().unwrap());
    let page = office.read("/site/maintenance").await.text;
    assert!(!page.contains("実施中</span>"), "{page}");
    assert!(place(&page, "後の点検") < place(&page, "<h2>これまで"));
    assert!(place(&page, "<h2>これまで") < place(&page, "先の点検"));
    assert!(
        !office
            .read("/site")
            .await
            .text
            .contains("<ul class=\"works\"><li><p class=\"span\">2026年6月")
    );
}

#[tokio::test]
async fn the_feed_is_xml_with_names_and_moments_that_stay() {
    let office = Office::at(FORMED).await;
    let empty = office.read("/site/notices.atom").await.text;
    assert!(Document::parse(&empty).unwrap().descendants().all(|one| !one.has_tag_name("entry")));
    let first = told_to_all(&office, "<件名> & \u{7}“引用”").await;
    let before = entries(&office.read("/site/notices.atom").await.text);
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].title, "<件名> & “引用”");
    assert_eq!(before[0].id, format!("tag:minato-cloud.example,2026:yakkan/notices/{first}"));
    assert_eq!(before[0].updated, "2026-05-11T09:00:00+09:00");
    assert_eq!(before[0].link, format!("{ADDRESS}/site/notices/{first}"));
    assert!(before[0].content.contains(&office.hash_of(&first).await));
    office.clock.move_to("2026-05-12T09:00:00".parse().unwrap());
    told_to_all(&office, "あと").await;
    let after = entries(&office.read("/site/notices.atom").await.text);
    assert_eq!(after.len(), 2);
    assert_eq!(after[1], before[0], "what was read stays as it was");
    let text = office.read("/site/notices.atom").await.text;
    let feed = Document::parse(&text).unwrap();
    let updated = feed.root_element().children().find(|one| one.has_tag_name("updated"));
    assert_eq!(updated.unwrap().text(), Some("2026-05-12T09:00:00+09:00"));
    let map = office.read("/site/sitemap.xml").await.text;
    let map = Document::parse(&map).unwrap();
    let named: Vec<_> = map.descendants().filter(|one| one.has_tag_name("loc")).collect();
    assert!(named.len() == 10 && named.iter().all(|one| one.text().unwrap().starts_with(ADDRESS)));
}

#[derive(Debug, PartialEq)]
struct Entry {
    id: String,
    title: String,
    updated: String,
    link: String,
    content: String,
}

fn entries(feed: &str) -> Vec<Entry> {
    let feed = Document::parse(feed).unwrap();
    assert_eq!(feed.root_element().tag_name().namespace(), Some("http://www.w3.org/2005/Atom"));
    let entries = feed.descendants().filter(|one| one.has_tag_name("entry"));
    let read: Vec<_> = entries
        .map(|entry| {
            let of = |name| entry.children().find(|one| one.has_tag_name(name)).unwrap();
            let text = |name| of(name).text().unwrap().to_owned();
            Entry {
                id: text("id"),
                title: text("title"),
                updated: text("updated"),
                link: of("link").attribute("href").unwrap().to_owned(),
                content: text("content"),
            }
        })
        .collect();
    let ids: BTreeSet<_> = read.iter().map(|entry| &entry.id).collect();
    assert_eq!(ids.len(), read.len());
    read
}

#[tokio::test]
async fn twenty_notices_stand_on_a_page_the_newest_first() {
    let office = Office::at(FORMED).await;
    for number in 1..=21 {
        told_to_all(&office, &format!("第{number}号の件")).await;
    }
    let first = office.read("/site/notices").await.text;
    assert!(first.contains("第21号の件") && first.contains("第2号の件"), "{first}");
    assert!(!first.contains("第1号の件") && first.contains("?page=2"), "{first}");
    assert!(first.find("第21号の件") < first.find("第20号の件"));
    let second = office.read("/site/notices?page=2").await.text;
    assert!(second.contains("第1号の件") && !second.contains("第2号の件"), "{second}");
    assert!(second.contains(&format!("href=\"{ADDRESS}/site/notices?page=2\"")));
    let wrong = office.read("/site/notices?page=x").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("トップページへ"), "{}", wrong.text);
}

#[tokio::test]
async fn versions_of_the_terms_have_their_days_and_clauses_their_places() {
    let office = Office::at(FORMED).await;
    let list = office.read("/site/terms").await.text;
    for days in
        ["2016年12月1日（木）</time> から", "2024年12月17日（火）</time> まで", "現行", "旧版"]
    {
        assert!(list.contains(days), "{days}: {list}");
    }
    let old = office.read("/site/terms/1.0").await.text;
    assert!(old.contains("要約は掲載していません") && !old.contains("class=\"clauses\""), "{old}");
    let terms = office.read("/site/terms/1.1").await.text;
    let notice = told_to_all(&office, "件名").await;
    let mut led = 0;
    for page in
        [format!("/site/notices/{notice}"), "/site/apply".into(), "/site/maintenance".into()]
    {
        let page = office.read(&page).await.text;
        for link in page.split("href=\"/site/terms/1.1#").skip(1) {
            let clause = link.split('"').next().unwrap();
            assert!(terms.contains(&format!("<div id=\"{clause}\">")), "{clause}");
            led += 1;
        }
    }
    assert!(led > 8, "{led}");
}

#[tokio::test]
async fn the_forms_that_are_given_out_are_those_that_are_read() {
    let office = Office::at(FORMED).await;
    for (name, written) in [
        ("application.xlsx", document::write_application(None).unwrap()),
        ("cancellation.xlsx", document::write_cancellation(None).unwrap()),
    ] {
        let request = asking(&format!("/site/forms/{name}")).body(Body::empty()).unwrap();
        let answer = tower::ServiceExt::oneshot(office.router.clone(), request).await.unwrap();
        let place = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(place.starts_with("attachment; filename*=UTF-8''%E"), "{place}");
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        assert!(bytes == written, "{name}");
    }
    let guide = office.read("/site/apply").await.text;
    assert!(guide.contains("/site/forms/application.xlsx") && guide.contains("mailto:contract@"));
    assert!(guide.contains("紙の解約申込書またはご契約者の画面でお受けします"), "{guide}");
    let about = office.read("/site/about").await.text;
    for words in
        ["株式会社みなとクラウド", "湊　千尋", "105-0011", "tel:0300001234", "T7123456789012"]
    {
        assert!(about.contains(words), "{words}: {about}");
    }
}

#[tokio::test]
async fn a_crawler_is_led_to_the_site_alone() {
    let office = Office::at(FORMED).await;
    let robots = office.read("/robots.txt").await.text;
    assert!(robots.contains("Allow: /site\n") && robots.contains("\nDisallow: /\n"), "{robots}");
    assert!(robots.contains(&format!("Sitemap: {ADDRESS}/site/sitemap.xml")), "{robots}");
    let lost = office.read("/site/elsewhere").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    let logo = office.read("/site/logo").await;
    assert_eq!(logo.headers["content-type"], "image/svg+xml");
    assert!(logo.headers["content-security-policy"].to_str().unwrap().ends_with("sandbox"));
    assert!(lost.text.contains("src=\"/site/logo\" alt=\"\""), "{}", lost.text);
    assert!(lost.text.contains("noindex") && lost.text.contains("みなとクラウド"), "{}", lost.text);
    let post = asking("/site/notices").method("POST").body(Body::from("x".repeat(100_000)));
    let post = office.ask(post.unwrap()).await;
    assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(office.app.gate.room.read.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_crowd_at_the_site_takes_no_place_at_the_desk() {
    let office = Office::at(FORMED).await;
    let few = crate::web::Limits { per_address: 2, ..Default::default() };
    let site = super::Site { limits: few, ..Default::default() };
    let codes = crate::access::OneTimeCodes::Optional;
    let office = Office::on(site, office.engine.clone(), office.clock.clone(), codes);
    let apart = office.app.public_site_at(Front::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = connections::serve(listener, apart.clone(), router(apart), std::future::pending());
    tokio::spawn(served);
    let desk = office.serve().await;
    let ask = async |at: SocketAddr, close: &str| {
        let mut stream = TcpStream::connect(at).await.unwrap();
        let said = format!("GET /site HTTP/1.1\r\nhost: localhost\r\nconnection: {close}\r\n\r\n");
        let _ = stream.write_all(said.as_bytes()).await;
        let mut heard = [0; 12];
        let read = timeout(Duration::from_secs(60), stream.read(&mut heard)).await.unwrap();
        (read.unwrap_or(0), stream)
    };
    let (one, two) = (ask(address, "keep-alive").await, ask(address, "keep-alive").await);
    assert!(one.0 == 12 && two.0 == 12);
    assert_eq!(ask(address, "close").await.0, 0, "a third of one address is closed at once");
    assert_eq!(ask(desk, "close").await.0, 12);
}
