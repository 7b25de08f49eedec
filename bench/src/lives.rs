//! Whole lives, written as scenarios and played.

use std::fmt::Write;

use anyhow::{anyhow, bail};
use engine::scenario::{Player, Scenario};
use reckon::Month;

use crate::desk;
use crate::timed::Timed;

/// One contract that is extended again and again.
pub async fn long(months: u32, named: bool) -> anyhow::Result<()> {
    let mut life = head("one long life");
    formed(&mut life, 1);
    let first: Month = "2026-04".parse()?;
    for at in 0..months {
        let month = first.plus(i64::from(at));
        let billed = month.plus(1);
        let paid = match named {
            true => {
                let number = format!("INV-{}-{:06}", billed.first_day().year(), number(at));
                format!(
                    "do = \"deposits\"\nrows = [{{ payer = \"ﾐﾎﾝ\", amount = 27280, edi = \"{number}\" }}]"
                )
            }
            false => "do = \"payment\"\naccount = \"c1\"\namount = 27280".to_owned(),
        };
        step(
            &mut life,
            &format!("{billed}-05T10:00:00"),
            "takahashi",
            &format!("do = \"bill\"\nmonth = \"{month}\""),
        );
        step(&mut life, &format!("{billed}-20T10:00:00"), "takahashi", &paid);
    }
    let payments = if named { "named" } else { "unnamed" };
    play(&life, &format!("{months} months of one account, payments {payments}")).await
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
    play(&life, &format!("one account with {contracts} contracts, one month")).await
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

async fn play(life: &str, what: &str) -> anyhow::Result<()> {
    let scenario = Scenario::read(life).map_err(|error| anyhow!(error))?;
    let (engine, clock) = desk::open(scenario.start).await?;
    let files = Box::new(|name: &str| Err(format!("{name} is not there")));
    let mut player = Player::new(engine, clock, files, &scenario);
    let timed = Timed::start();
    let report = player.play(&scenario).await?;
    if let Some(step) = report.steps.iter().find(|step| step.error.is_some()) {
        bail!("step {} at {} failed: {:?}", step.number, step.at, step.error);
    }
    timed.print(what);
    Ok(())
}
