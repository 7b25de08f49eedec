//! Real connections to the served router, of people who mean no good: and a person
//! who wants a page gets it all the while.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{EVERYTHING, Office, Site};
use crate::access::{OneTimeCodes, csrf_of};
use crate::web::Front;
use crate::web::limits::Limits;
use crate::web::looks::STYLE;
use crate::web::routes::{Kind, ROUTES, Route};

const MIB: usize = 1024 * 1024;

/// Far beyond every time that the tests set, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn quick() -> Limits {
    Limits { head_seconds: 1, body_seconds: 1, ..Limits::default() }
}

/// An office with these limits, served.
async fn served(front: Front, limits: Limits) -> (Office, SocketAddr) {
    let first = Office::at("2026-04-01T09:00:00").await;
    let (engine, clock) = (first.engine.clone(), first.clock.clone());
    let site = Site { front, limits, ..Site::default() };
    let office = Office::on(site, engine, clock, OneTimeCodes::Optional);
    let address = office.serve().await;
    (office, address)
}

struct Client(TcpStream);

impl Client {
    async fn at(address: SocketAddr) -> Client {
        Client(TcpStream::connect(address).await.unwrap())
    }

    /// What is sent may find a closed door.
    async fn say(&mut self, text: impl AsRef<[u8]>) -> bool {
        self.0.write_all(text.as_ref()).await.is_ok()
    }

    /// What is answered until the other side closes; a connection that is broken off
    /// counts as closed.
    async fn hear(&mut self) -> String {
        let mut heard = Vec::new();
        let mut part = [0; 4096];
        let whole = async {
            while let Ok(read @ 1..) = self.0.read(&mut part).await {
                heard.extend_from_slice(&part[..read]);
            }
        };
        timeout(PATIENCE, whole).await.expect("the connection is closed");
        String::from_utf8_lossy(&heard).into_owned()
    }
}

/// The answer to a request that asks to be closed.
async fn answer(address: SocketAddr, request: &str) -> String {
    let mut client = Client::at(address).await;
    client.say(request).await;
    client.hear().await
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
}

async fn page_is_served(address: SocketAddr) {
    let page = timeout(PATIENCE, answer(address, &get("/sign-in"))).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("パスワード"), "{page}");
}

/// A head that posts to a route, with further lines.
fn post(path: &str, lines: &str) -> String {
    let path = path.replace(['{', '}', '*'], "");
    format!("POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{lines}\r\n")
}

fn posts() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.method == "POST")
}

/// What the browser of a stranger got with the sign-in page: the lines of its form.
async fn stranger(address: SocketAddr) -> (String, String) {
    let page = answer(address, &get("/sign-in")).await;
    let (_, cookie) = page.split_once("set-cookie: ").unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let (_, token) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let kind = "content-type: application/x-www-form-urlencoded\r\n";
    (format!("cookie: {cookie}\r\n{kind}"), token.split('"').next().unwrap().to_owned())
}

/// Bytes of bodies that this office has read.
fn read(office: &Office) -> usize {
    office.app.gate.room.read.load(Ordering::Relaxed)
}

fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_head_or_half_a_body_is_not_waited_for() {
    let (_office, address) = served(Front::default(), quick()).await;
    let (form, token) = stranger(address).await;
    let whole = post("/sign-in", &format!("{form}content-length: 4000\r\n"));
    let mut clients = JoinSet::new();
    for number in 0..40 {
        let said = match number % 2 {
            0 => "GET /sign-in HTTP/1.1\r\nhost: 127".to_owned(),
            _ => format!("{whole}csrf={token}&person="),
        };
        clients.spawn(async move {
            let mut client = Client::at(address).await;
            client.say(said).await;
            (number, client.hear().await)
        });
    }
    page_is_served(address).await;
    while let Some(ended) = clients.join_next().await {
        let (number, heard) = ended.unwrap();
        match number % 2 {
            0 => assert_eq!(heard, ""),
            _ => assert!(status(&heard) == 408 && heard.contains("送信が途中で"), "{heard}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_not_waited_for_and_a_slow_one_is_taken() {
    let (office, address) = served(Front::default(), quick()).await;
    let (form, token) = stranger(address).await;
    let mut client = Client::at(address).await;
    client.say(post("/sign-in", &format!("{form}content-length: 4000\r\n"))).await;
    client.say(format!("csrf={token}&person=")).await;
    let (mut reader, mut writer) = client.0.into_split();
    let dripping = tokio::spawn(async move {
        while writer.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(100)).await;
        }
    });
    let mut heard = String::new();
    let _ = timeout(PATIENCE, reader.read_to_string(&mut heard)).await.expect("it is closed");
    dripping.abort();
    assert_eq!(status(&heard), 408, "{heard}");
    // What keeps coming has more time than what came first was given.
    let session = office.token(EVERYTHING).await;
    let lines = format!(
        "cookie: yakkan={session}\r\nx-csrf-token: {}\r\ncontent-length: {MIB}\r\n\
         content-type: application/octet-stream\r\nconnection: close\r\n",
        csrf_of(&session).unwrap()
    );
    let mut client = Client::at(address).await;
    client.say(post("/api/v1/usage?name=u.csv", &lines)).await;
    for _ in 0..16 {
        assert!(client.say(vec![b'a'; MIB / 16]).await);
        sleep(Duration::from_millis(150)).await;
    }
    let heard = client.hear().await;
    assert!(![0, 408].contains(&status(&heard)), "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_body_is_read_before_it_is_known_who_sends_it() {
    let (office, address) = served(Front::default(), Limits::default()).await;
    for route in posts() {
        // Answered by the head alone: a body never comes.
        for lines in ["content-length: 41943040\r\n", "transfer-encoding: chunked\r\n"] {
            let mut client = Client::at(address).await;
            client.say(post(route.path, lines)).await;
            let mut begun = [0; 12];
            let heard = timeout(PATIENCE, client.0.read_exact(&mut begun)).await;
            heard.unwrap_or_else(|_| panic!("{} waits for the body", route.path)).unwrap();
            let status = status(&String::from_utf8_lossy(&begun));
            assert!([303, 401, 403, 413].contains(&status), "{} {status}", route.path);
        }
    }
    assert_eq!(read(&office), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_large_bodies_of_strangers_hardly_anything_is_read() {
    let (office, address) = served(Front::default(), Limits::default()).await;
    let (form, token) = stranger(address).await;
    let mut clients = JoinSet::new();
    for _ in 0..24 {
        let (form, token) = (form.clone(), token.clone());
        clients.spawn(async move {
            let mut client = Client::at(address).await;
            let lines = format!("{form}transfer-encoding: chunked\r\n");
            client.say(post("/sign-in", &lines)).await;
            client.say(format!("{:x}\r\ncsrf={token}\r\n", token.len() + 5)).await;
            let part = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
            for _ in 0..40 * MIB / 0x10000 {
                if !client.say(&part).await {
                    break;
                }
            }
            client.hear().await
        });
    }
    page_is_served(address).await;
    while let Some(heard) = clients.join_next().await {
        let heard = heard.unwrap();
        assert!(heard.is_empty() || status(&heard) == 413, "{heard}");
    }
    let read = read(&office);
    // Each is left at the first part that is too much.
    assert!(read <= 24 * 128 * 1024, "{read} bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_its_route_takes_is_refused_with_a_sentence() {
    let (office, address) = served(Front::default(), Limits::default()).await;
    for route in posts() {
        let session = office.token(EVERYTHING).await;
        let lines = format!(
            "cookie: yakkan={session}\r\nx-csrf-token: {}\r\ncontent-length: {}\r\n",
            csrf_of(&session).unwrap(),
            route.limit + 1
        );
        let mut client = Client::at(address).await;
        client.say(post(route.path, &lines)).await;
        // The answer comes through although the client goes on sending.
        client.say(vec![b'a'; MIB]).await;
        let heard = client.hear().await;
        let admitted = ![303, 403].contains(&status(&heard));
        assert!(!admitted || status(&heard) == 413, "{} {heard}", route.path);
        assert!(!admitted || heard.contains("一度に送れるのは"), "{} {heard}", route.path);
        if admitted && route.kind == Kind::Api {
            let (head, body) = heard.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("application/problem+json"), "{heard}");
            assert_eq!(serde_json::from_str::<Value>(body).unwrap()["status"], 413);
        }
    }
}

#[test]
fn every_route_that_takes_a_body_has_a_limit_and_strangers_the_least() {
    for route in ROUTES.iter() {
        assert_eq!(route.limit > 0, route.method == "POST", "{} {}", route.method, route.path);
        let strangers = route.need.admits(None) == crate::web::need::Admission::Enters;
        assert!(!strangers || route.limit <= 8 * 1024, "{} {}", route.path, route.limit);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_so_many_connections_and_a_proxy_as_many_as_there_are() {
    let few = || Limits { per_address: 3, ..Limits::default() };
    let (_office, address) = served(Front::default(), few()).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut client = Client::at(address).await;
        client.say(get("/health").replace("close", "keep-alive")).await;
        assert!(client.0.read(&mut [0; 64]).await.unwrap() > 0);
        held.push(client);
    }
    assert_eq!(answer(address, &get("/health")).await, "", "a fourth is closed at once");
    held.pop();
    let again = async { while answer(address, &get("/health")).await.is_empty() {} };
    timeout(PATIENCE, again).await.expect("whoever leaves makes room");
    let proxies = vec!["127.0.0.1".parse().unwrap()];
    let front = Front::behind("https://desk.example.jp", proxies).unwrap();
    let (_office, address) = served(front, few()).await;
    let mut held = Vec::new();
    for _ in 0..12 {
        held.push(Client::at(address).await);
    }
    assert_eq!(status(&answer(address, &get("/health")).await), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_behind_a_proxy_has_so_many_requests_under_way() {
    let proxies = vec!["127.0.0.1".parse().unwrap()];
    let front = Front::behind("https://desk.example.jp", proxies).unwrap();
    let limits = Limits { per_address: 2, ..Limits::default() };
    let (office, address) = served(front, limits).await;
    let session = office.token(EVERYTHING).await;
    let lines = |client: &str| {
        format!(
            "cookie: __Host-yakkan={session}\r\nx-csrf-token: {}\r\nx-forwarded-proto: https\r\n\
             x-forwarded-for: {client}\r\ncontent-length: 10\r\nexpect: 100-continue\r\n",
            csrf_of(&session).unwrap()
        )
    };
    let stalled = |client: &str| {
        post("/api/v1/acts", &lines(client)).replace("127.0.0.1\r\n", "desk.example.jp\r\n")
    };
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut client = Client::at(address).await;
        client.say(stalled("203.0.113.7")).await;
        // It is under way when the server asks for its body.
        let mut asked = [0; 64];
        let length = client.0.read(&mut asked).await.unwrap();
        assert!(asked[..length].starts_with(b"HTTP/1.1 100"), "{asked:?}");
        held.push(client);
    }
    let seen = |client: &'static str| {
        let head = "host: desk.example.jp\r\nx-forwarded-proto: https\r\nconnection: close\r\n";
        let request =
            format!("GET /sign-in HTTP/1.1\r\n{head}x-forwarded-for: 6.6.6.6, {client}\r\n\r\n");
        async move { answer(address, &request).await }
    };
    let crowded = async { while status(&seen("203.0.113.7").await) != 429 {} };
    timeout(PATIENCE, crowded).await.expect("a third request is refused");
    assert_eq!(status(&seen("203.0.113.8").await), 200, "another client is served");
    drop(held);
    let free = async { while status(&seen("203.0.113.7").await) != 200 {} };
    timeout(PATIENCE, free).await.expect("whoever has left makes room");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_takes_too_long_is_told_so() {
    let limits = Limits { request_seconds: 1, ..Limits::default() };
    let (office, address) = served(Front::default(), limits).await;
    let session = office.token(EVERYTHING).await;
    let _moving = office.app.moving.lock().await;
    let body = r#"{"to": "2026-04-01T10:00:00"}"#;
    let lines = format!(
        "cookie: yakkan={session}\r\nx-csrf-token: {}\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n",
        csrf_of(&session).unwrap(),
        body.len()
    );
    let heard = answer(address, &(post("/api/v1/clock", &lines) + body)).await;
    assert!(status(&heard) == 503 && heard.contains("時間内に終わりませんでした"), "{heard}");
    page_is_served(address).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_nothing_of_an_answer_is_left() {
    let (_office, address) = served(Front::default(), quick()).await;
    let mut client = Client::at(address).await;
    let many = get(&STYLE.path()).replace("close", "keep-alive").repeat(4_000);
    client.say(&many).await;
    sleep(Duration::from_secs(4)).await;
    page_is_served(address).await;
    let heard = client.hear().await;
    assert!(heard.matches("HTTP/1.1 200").count() < 4_000, "not all were answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_files_wait_for_room_while_forms_go_on() {
    let limits = Limits { bodies_mib: 1, body_seconds: 2, ..Limits::default() };
    let (office, address) = served(Front::default(), limits).await;
    let session = office.token(EVERYTHING).await;
    let upload = format!(
        "cookie: yakkan={session}\r\nx-csrf-token: {}\r\ncontent-length: {MIB}\r\n",
        csrf_of(&session).unwrap()
    );
    let mut first = Client::at(address).await;
    first.say(post("/api/v1/usage?name=u.csv", &upload)).await;
    let under_way = async {
        while office.app.gate.room.claim(MIB, Duration::ZERO).await.is_ok() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, under_way).await.expect("the first has the room");
    let mut second = Client::at(address).await;
    second.say(post("/api/v1/usage?name=v.csv", &upload)).await;
    page_is_served(address).await;
    let heard = first.hear().await;
    assert_eq!(status(&heard), 408, "{heard}");
    // It stalled too: refused as busy, or, once the first has left, as too slow.
    assert!([408, 503].contains(&status(&second.hear().await)));
}
