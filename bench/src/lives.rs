//! Whole lives, written as scenarios and played.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{anyhow, bail, ensure};
use contract::declare::fact::{Fact, Payment};
use contract::road::stream::Content;
use engine::scenario::{Player, Scenario};
use engine::{AccountCache, Engine};
use reckon::{Month, Yen};

use crate::desk;
use crate::timed::{Timed, used};

/// How the invoices of a long life are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Payments {
    /// The oldest due first.
    Unnamed,
    /// By a bank file in which each names its invoice.
    Named,
    /// Credited two days before it is read, so that it is applied before what is
    /// registered already.
    Late,
    /// In two parts, of which one is entered wrongly and voided; every third month too
    /// much, which is set off in the month after.
    Parts,
}

/// One contract that is extended again and again, played so many times. Prints what each
/// costs, what its tenth year costs over its second with the median of it, and what the
/// audit of the last costs.
pub async fn long(months: u32, payments: Payments, times: u32) -> anyhow::Result<()> {
    let life = long_life(months, payments)?;
    let what = format!("{months} months of one account, payments {payments:?}");
    let mut ratios = Vec::new();
    for at in 1..=times {
        let Played { engine, years } = play(&life, &what).await?;
        let of_year = |year: usize| years.get(year).map(Duration::as_secs_f64);
        if let (Some(second), Some(tenth)) = (of_year(1), of_year(9)) {
            let ratio = tenth / second;
            println!("the tenth year {tenth:.2} s over the second {second:.2} s: {ratio:.2}");
            ratios.push(ratio);
        }
        if at == times {
            audit(&engine).await?;
        }
    }
    ratios.sort_by(f64::total_cmp);
    if let [least, .., most] = ratios.as_slice() {
        let median = ratios[ratios.len() / 2];
        println!("of {times} times: {least:.2} to {most:.2}, in the middle {median:.2}");
    }
    Ok(())
}

async fn audit(engine: &Engine) -> anyhow::Result<()> {
    let begun = used();
    let audit = engine.audit().await?;
    ensure!(audit.differences.is_empty(), "{:?}", audit.differences);
    let an_input = (used() - begun).as_secs_f64() * 1_000.0 / audit.inputs as f64;
    println!("its audit: {an_input:.2} ms of processor for each of {} inputs", audit.inputs);
    Ok(())
}

/// What one more payment costs an account of one month, and one of so many: read again
/// from the store, and carried on.
pub async fn one_step(months: u32) -> anyhow::Result<()> {
    for months in [1, months] {
        let what = format!("{months} months played");
        let Played { mut engine, .. } = play(&long_life(months, Payments::Unnamed)?, &what).await?;
        let account = engine.store.accounts().await?.remove(0);
        let by = engine.operator.actor("takahashi").ok_or_else(|| anyhow!("nobody bills"))?;
        let pay = async |engine: &Engine, at: u32| {
            let payment = Payment {
                on: engine.now().day(),
                amount: Yen(1),
                payer: "ﾐﾎﾝ".to_owned(),
                names: Vec::new(),
            };
            let content = Content::Fact(Fact::PaymentCredited(payment));
            let input = engine.input(format!("one-more-{at}"), &account, &by, "bench", content);
            let begun = used();
            engine.register(input).await?;
            anyhow::Ok((used() - begun).as_secs_f64() * 1_000.0)
        };
        let mut carried_on = 0.0;
        for at in 0..50 {
            carried_on += pay(&engine, at).await? / 50.0;
        }
        // As after a start of the program, without and with what is stored.
        let mut again = 0.0;
        for at in 50..60 {
            Arc::get_mut(&mut engine).ok_or_else(held)?.accounts = AccountCache::default();
            again += pay(&engine, at).await? / 10.0;
        }
        engine.store_all_worked_out(|_| ()).await?;
        let row = engine.store.worked_out(&account).await?;
        let bytes = row.as_ref().map_or(0, |row| row.body.len());
        let mut stored = 0.0;
        for at in 60..70 {
            Arc::get_mut(&mut engine).ok_or_else(held)?.accounts = AccountCache::default();
            stored += pay(&engine, at).await? / 10.0;
        }
        println!(
            "one more payment: carried on {carried_on:.2} ms of processor, read from its records \
             {again:.2} ms, from what is stored in {bytes} bytes {stored:.2} ms"
        );
    }
    Ok(())
}

fn held() -> anyhow::Error {
    anyhow!("somebody holds the engine")
}

pub fn long_life(months: u32, payments: Payments) -> anyhow::Result<String> {
    let mut life = head("one long life");
    formed(&mut life, 1);
    let first: Month = "2026-04".parse()?;
    for at in 0..months {
        let month = first.plus(i64::from(at));
        let billed = month.plus(1);
        let bill = format!("do = \"bill\"\nmonth = \"{month}\"");
        step(&mut life, &format!("{billed}-05T10:00:00"), "takahashi", &bill);
        let invoice = format!("INV-{}-{:06}", billed.first_day().year(), number(at));
        paid(&mut life, Paid { billed, at, invoice, fee: fee(month) }, payments);
    }
    Ok(life)
}

/// The fee of a month with tax: the sample reseller's price rises once.
fn fee(month: Month) -> i64 {
    let rises: Month = "2026-11".parse().expect("a month");
    if month < rises { 27_280 } else { 28_600 }
}

/// An invoice that is paid: the one of the life's month `at`.
struct Paid {
    billed: Month,
    at: u32,
    invoice: String,
    fee: i64,
}

fn paid(life: &mut String, of: Paid, payments: Payments) {
    let Paid { billed, at, invoice, fee } = of;
    let payment = |amount: i64| format!("do = \"payment\"\naccount = \"c1\"\namount = {amount}");
    let mut steps = life.matches("[[step]]").count();
    let mut on = |day: u32, by: &str, action: &str| {
        step(life, &format!("{billed}-{day:02}T10:00:00"), by, action);
        steps += 1;
        steps
    };
    match payments {
        Payments::Unnamed => {
            on(20, "takahashi", &payment(fee));
        }
        Payments::Named => {
            let row = format!("{{ payer = \"ﾐﾎﾝ\", amount = {fee}, edi = \"{invoice}\" }}");
            on(20, "takahashi", &format!("do = \"deposits\"\nrows = [{row}]"));
        }
        Payments::Late => {
            on(20, "takahashi", &format!("{}\non = \"{billed}-18\"", payment(fee)));
        }
        Payments::Parts => {
            // An overpayment of the month before is set off first.
            let held = at % 3 == 1;
            let proposed = "proposed_by = \"takahashi\"";
            if held {
                let invoice = format!("account = \"c1\"\ninvoice = \"{}\"\namount = 1000", at + 1);
                on(8, "kobayashi", &format!("do = \"offset_held\"\n{invoice}\n{proposed}"));
            }
            on(12, "takahashi", &payment(15_000));
            let wrong = on(13, "takahashi", &payment(15_000));
            on(14, "kobayashi", &format!("do = \"void_entry\"\nstep = {wrong}\n{proposed}"));
            let rest =
                fee - 15_000 - if held { 1_000 } else { 0 } + if at % 3 == 0 { 1_000 } else { 0 };
            on(20, "takahashi", &payment(rest));
        }
    }
}

/// The invoice of the month `at` among those of its year: the first is dated May.
fn number(at: u32) -> u32 {
    match at {
        0..8 => at + 1,
        _ => (at - 8) % 12 + 1,
    }
}

/// Many contracts of one company.
pub async fn wide(contracts: u32) -> anyhow::Result<()> {
    let mut life = head("one wide account");
    for at in 1..=contracts {
        formed(&mut life, at);
    }
    step(&mut life, "2026-05-05T10:00:00", "takahashi", "do = \"bill\"\nmonth = \"2026-04\"");
    play(&life, &format!("one account with {contracts} contracts, one month")).await?;
    Ok(())
}

fn head(title: &str) -> String {
    format!("title = \"{title}\"\nstart = \"2026-03-25T09:00:00\"\n")
}

/// An application that is accepted, and whose server starts.
fn formed(life: &mut String, at: u32) {
    let second =
        |of: u32| format!("2026-03-25T{:02}:{:02}:{:02}", 10 + of / 3_600, of / 60 % 60, of % 60);
    let form = r#"{ company = "見本株式会社", kana = "ミホン", corporate_number = "1990002000006", person = "下田　光", mail = "hikaru@mihon.example", from = "2026-04-01", to = "2026-04-30", lines = [{ service = "SDPF", item = "SV-4C16G", start = "2026-04-01" }] }"#;
    step(
        life,
        &second(at * 10),
        "sato",
        &format!("do = \"application\"\nname = \"c{at}\"\nform = {form}"),
    );
    step(
        life,
        &second(at * 10 + 1),
        "suzuki",
        &format!("do = \"accept\"\napplication = \"c{at}\""),
    );
    step(
        life,
        &second(at * 10 + 2),
        "ito",
        &format!("do = \"start\"\ncontract = \"c{at}\"\nline = 1\non = \"2026-04-01\""),
    );
}

fn step(life: &mut String, at: &str, by: &str, action: &str) {
    write!(life, "\n[[step]]\nat = \"{at}\"\nby = \"{by}\"\n{action}\n").expect("a text grows");
}

pub struct Played {
    pub engine: Arc<Engine>,
    /// What each year cost.
    years: Vec<Duration>,
}

async fn play(life: &str, what: &str) -> anyhow::Result<Played> {
    play_in(None, life, what).await
}

/// As [`play`], in a data folder if there is one.
pub async fn play_in(folder: Option<&Path>, life: &str, what: &str) -> anyhow::Result<Played> {
    let scenario = Scenario::read(life).map_err(|error| anyhow!(error))?;
    let (engine, clock) = desk::open(folder, scenario.start).await?;
    clock.move_to(scenario.start);
    let files = Box::new(|name: &str| Err(format!("{name} is not there")));
    let mut player = Player::new(engine.clone(), clock, files, &scenario);
    let first = Month::of(scenario.start.day()).plus(2);
    let timed = Timed::start();
    let (mut years, mut begun) = (Vec::new(), used());
    for (at, step) in scenario.steps.iter().enumerate() {
        let year = first.plus(12 * (years.len() as i64 + 1));
        if Month::of(step.at.day()) >= year {
            years.push(used() - begun);
            begun = used();
        }
        let played = player.step(at + 1, step).await?;
        if let Some(error) = played.error {
            bail!("step {} at {} failed: {error}", played.number, played.at);
        }
    }
    years.push(used() - begun);
    timed.print(what);
    Ok(Played { engine, years })
}
