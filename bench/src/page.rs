//! What the desk's page of a contract costs the program that serves it.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, anyhow, bail, ensure};
use argon2::{Argon2, Params, PasswordHasher};
use engine::Engine;
use rustix::param::clock_ticks_per_second;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::desk;
use crate::lives::{self, Payments, Played};

const PERSON: &str = "takahashi";
const PASSWORD: &str = "correct horse battery";
const TIMES: u32 = 100;

/// The page of a contract that has lived for one month, and of one that has for so many:
/// again and again, and as what follows when a payment was looked at and registered.
/// `yakkan` is the program.
pub async fn page(yakkan: &Path, months: u32) -> anyhow::Result<()> {
    for months in [1, months] {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let what = format!("{months} months played");
        let life = lives::long_life(months, Payments::Unnamed)?;
        let Played { engine, .. } = lives::play_in(Some(&data), &life, &what).await?;
        let contract = engine.store.views("contract").await?.remove(0).id;
        let_in(&engine).await?;
        engine.store_all_worked_out(|_| ()).await?;
        drop(engine);
        let serving = Serving::start(yakkan, folder.path(), &data)?;
        let desk = Desk::sign_in(serving.address)?;
        let path = format!("/contracts/{contract}");
        let shown = desk.get(&path)?;
        let each = serving.cost(|_| desk.get(&path).map(drop))?;
        let step = serving.cost(|at| {
            desk.pay(&contract, at)?;
            desk.get(&path).map(drop)
        })?;
        println!(
            "its page of {} kB: {each:.2} ms of processor; a payment looked at and registered, \
             and the page: {step:.2} ms",
            shown.len() / 1_000
        );
    }
    Ok(())
}

/// A password as the person's own link would have set it.
async fn let_in(engine: &Engine) -> anyhow::Result<()> {
    let params = Params::new(64, 1, 1, None).map_err(|error| anyhow!("{error}"))?;
    let argon = Argon2::new(Default::default(), Default::default(), params);
    let hashed = argon
        .hash_password_with_salt(PASSWORD.as_bytes(), b"sixteen bytes...")
        .map_err(|error| anyhow!("{error}"))?;
    let at = engine.now();
    engine.store.identity().set_password(PERSON, &hashed.to_string(), at).await?;
    Ok(())
}

/// The program, serving a data folder on a clock that stands.
struct Serving {
    process: Child,
    address: SocketAddr,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Serving {
    fn start(yakkan: &Path, folder: &Path, data: &Path) -> anyhow::Result<Serving> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let (operator, config) = (folder.join("operator.toml"), folder.join("yakkan.toml"));
        std::fs::write(&operator, desk::OPERATOR)?;
        // No mail leaves: nobody answers there.
        let text = format!(
            "data = {data:?}\noperator = {operator:?}\nlisten = \"{address}\"\nclock = \"manual\"\n\
             [smtp]\nhost = \"127.0.0.1\"\nport = 1\n"
        );
        std::fs::write(&config, text)?;
        let process = Command::new(yakkan)
            .arg("serve")
            .arg("--config")
            .arg(&config)
            .env_remove("YAKKAN_DATABASE")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("log"))?)
            .spawn()
            .with_context(|| format!("{} does not start", yakkan.display()))?;
        let mut serving = Serving { process, address };
        while serving.process.try_wait()?.is_none() {
            if TcpStream::connect(address).is_ok() {
                return Ok(serving);
            }
            sleep(Duration::from_millis(50));
        }
        bail!("it does not serve: {}", std::fs::read_to_string(folder.join("log"))?)
    }

    /// What each of many times costs the program, in milliseconds of processor.
    fn cost(&self, mut what: impl FnMut(u32) -> anyhow::Result<()>) -> anyhow::Result<f64> {
        for at in 0..TIMES / 10 {
            what(at)?;
        }
        let begun = self.used()?;
        for at in TIMES / 10..TIMES / 10 + TIMES {
            what(at)?;
        }
        Ok((self.used()? - begun) * 1_000.0 / f64::from(TIMES))
    }

    /// The seconds of processor that the program took so far.
    fn used(&self) -> anyhow::Result<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let (_, after) = text.rsplit_once(") ").context("a process has a name")?;
        let ticks: Result<Vec<u32>, _> =
            after.split(' ').skip(11).take(2).map(str::parse).collect();
        Ok(f64::from(ticks?.iter().sum::<u32>()) / clock_ticks_per_second() as f64)
    }
}

/// A person at the desk, as far as a browser is needed.
struct Desk {
    agent: Agent,
    address: SocketAddr,
}

type Fields = BTreeMap<String, String>;

impl Desk {
    fn sign_in(address: SocketAddr) -> anyhow::Result<Desk> {
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        let desk = Desk { agent, address };
        let mut fields = hidden(&desk.get("/sign-in")?);
        fields.insert("person".to_owned(), PERSON.to_owned());
        fields.insert("password".to_owned(), PASSWORD.to_owned());
        desk.post("/sign-in", &fields)?;
        Ok(desk)
    }

    fn get(&self, path: &str) -> anyhow::Result<String> {
        let url = format!("http://{}{path}", self.address);
        good(self.agent.get(url).call()?)
    }

    fn post(&self, path: &str, fields: &Fields) -> anyhow::Result<String> {
        let url = format!("http://{}{path}", self.address);
        good(self.agent.post(url).send_form(fields)?)
    }

    /// A payment into the account of a contract.
    fn pay(&self, contract: &str, at: u32) -> anyhow::Result<()> {
        let mut fields = hidden(&self.get(PAYMENT)?);
        for (name, value) in
            [("whose", contract), ("amount", &(at + 1).to_string()), ("step", "look")]
        {
            fields.insert(name.to_owned(), value.to_owned());
        }
        fields.extend(hidden(&self.post(PAYMENT, &fields)?));
        fields.insert("step".to_owned(), "send".to_owned());
        let answer = self.post(PAYMENT, &fields)?;
        ensure!(!answer.contains("role=\"alert\""), "a payment is not registered: {answer}");
        Ok(())
    }
}

fn good(mut answer: Response<Body>) -> anyhow::Result<String> {
    let text = answer.body_mut().read_to_string()?;
    ensure!(answer.status().is_success(), "{}: {text}", answer.status());
    Ok(text)
}

const PAYMENT: &str = "/payments/new";

/// The fields of a form that have a value already.
fn hidden(page: &str) -> Fields {
    let inputs = page.split("<input ").skip(1).filter_map(|rest| rest.split_once('>'));
    let attribute = |of: &str, name: &str| {
        let (_, rest) = of.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value.to_owned())
    };
    inputs.filter_map(|(of, _)| Some((attribute(of, "name")?, attribute(of, "value")?))).collect()
}
