//! `yakkan do`: a command for each entry that has a door, made of what its clause
//! declares.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Subcommand};
use contract::declare::Asked;
use contract::declare::door::{ALL, Ask, Doorway, Field, First, Here, When};
use contract::declare::ids::InputId;
use contract::road::stream::Content;
use contract::who::actor::Actor;
use document::wording::Language;
use engine::Engine;
use reckon::{Day, Moment, Month, Yen};
use serde_json::{Map, Value, json};

use super::{Given, Job, register};

/// What a door asks for, as it was typed.
pub struct Doing {
    doorway: Doorway,
    /// The contract or application that it is done to.
    object: String,
    id: InputId,
    at: Option<Moment>,
    /// Only show what would follow.
    look: bool,
    typed: BTreeMap<&'static str, String>,
    given: Given,
}

/// An entry that is to be brought, without who does it.
pub struct Brought {
    pub doorway: Doorway,
    object: String,
    id: InputId,
    at: Option<Moment>,
    look: bool,
    typed: BTreeMap<&'static str, String>,
}

impl Doing {
    pub(super) fn step(self) -> (Job, Given) {
        let Doing { doorway, object, id, at, look, typed, given } = self;
        (Job::Bring(Box::new(Brought { doorway, object, id, at, look, typed })), given)
    }
}

impl Subcommand for Doing {
    fn augment_subcommands(command: Command) -> Command {
        Doorway::all().fold(command.subcommand_required(true), |command, doorway| {
            command.subcommand(command_of(&doorway))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Doing::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Doorway::of(&name.replace('-', "_")).is_some()
    }
}

impl FromArgMatches for Doing {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Doing, clap::Error> {
        let unknown = || clap::Error::new(clap::error::ErrorKind::InvalidSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(unknown)?;
        let doorway = Doorway::of(&name.replace('-', "_")).ok_or_else(unknown)?;
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let typed = |field: &Field| match field.ask {
            Ask::Flag | Ask::Without => matches.get_flag(field.called).then(|| "yes".to_owned()),
            _ => text(field.called),
        };
        let fields = asked(&doorway).map(|field| Some((field.called, typed(field)?)));
        let at = match doorway.door.when {
            When::Asked(_) => matches.get_one::<Moment>("at").copied(),
            When::Now | When::On(_) => None,
        };
        Ok(Doing {
            object: text("object").unwrap_or_default(),
            id: InputId(text("id").unwrap_or_default()),
            at,
            look: matches.get_flag("look"),
            typed: fields.flatten().collect(),
            given: Given::from_arg_matches(matches)?,
            doorway,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Doing::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The fields of an entry. What is only ticked on a page is confirmed by the password.
fn asked(doorway: &Doorway) -> impl Iterator<Item = &'static Field> {
    doorway.door.fields.iter().filter(|field| field.is_named())
}

fn command_of(doorway: &Doorway) -> Command {
    let door = doorway.door;
    let proposed = if doorway.is_proposed() { " (a proposal)" } else { "" };
    let clauses = doorway.kind.clauses.join(", ");
    let about = format!("{}{proposed} [{clauses}]", doorway.kind.title.en);
    // What stands beside the arguments of everybody would speak of them.
    let command = Given::augment_args(Command::new(doorway.word().replace('_', "-")))
        .about(about)
        .long_about(door.lead.en)
        .arg(Arg::new("object").value_name(door.of.name().to_uppercase()).required(true));
    let command = asked(doorway).fold(command, |command, field| {
        let help = [field.label.en, field.hint.en].join(". ");
        let first = match field.first {
            First::Today => " [today, if it is not said]".to_owned(),
            First::Text(text) => format!(" [{text}, if it is not said]"),
            First::Nothing | First::Shown => String::new(),
        };
        let help = format!("{}{first}", help.trim_end_matches(". "));
        let arg = Arg::new(field.called).long(field.called.replace('_', "-")).help(help);
        command.arg(match field.ask {
            Ask::Flag | Ask::Without => arg.action(clap::ArgAction::SetTrue),
            _ => arg,
        })
    });
    let command = match door.when {
        When::Asked(label) => {
            // What the entry itself holds cannot be another moment when it comes again.
            let owed = !door.stamps.is_empty();
            let now = if owed { "" } else { " [now, if it is not said]" };
            command.arg(
                Arg::new("at")
                    .long("at")
                    .required(owed)
                    .help(format!("{}{now}", label.en))
                    .value_parser(clap::value_parser!(Moment)),
            )
        }
        When::Now | When::On(_) => command,
    };
    command
        .arg(
            Arg::new("id")
                .long("id")
                .required(true)
                .help("Number of this entry: the same one again does nothing"),
        )
        .arg(
            Arg::new("look")
                .long("look")
                .action(clap::ArgAction::SetTrue)
                .help("Only show what would follow. Nothing is registered"),
        )
}

/// Brings it, or shows what it would come to.
pub(super) async fn bring(
    engine: &Engine,
    brought: Brought,
    actor: &Actor,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    let Brought { doorway, object, id, at, look, typed } = brought;
    let of = doorway.door.of.name();
    let view = engine.store.view(of, &object).await?;
    let account = view.with_context(|| format!("there is no {of} {object}"))?.account;
    let known = engine.account(&account).await?;
    let now = engine.now();
    let on = Asked { law: &engine.law, case: known.case(), state: known.state(), at: now };
    let here = doorway.here(&on, &object, Language::English.into());
    let fields = read(&doorway, &here, &typed, now.day())?;
    let happened = match doorway.door.when {
        When::On(field) => {
            let day = fields.get(field).and_then(Value::as_str).and_then(|day| day.parse().ok());
            day.map(|day: Day| Moment::start_of(day).plus_seconds(9 * 3600).min(now))
        }
        When::Now | When::Asked(_) => at,
    };
    if happened.is_some_and(|at| at > now) {
        bail!("--at is later than now, {now}");
    }
    if let Some(first) = happened.and_then(|at| doorway.too_early(&here, at)) {
        bail!("--at is earlier than {first}, when it began");
    }
    if doorway.door.reason_owed && reason.trim().is_empty() && !look {
        bail!("--reason is owed with this: why it is done, in your own words");
    }
    let content = doorway.brought(&object, happened.unwrap_or(now), fields)?;
    if let Content::Fact(fact) = &content
        && !fact.may_be_registered_by(actor.role)
    {
        bail!("{} may not register this in the role of {:?}", actor.id, actor.role);
    }
    if look {
        let mut input = engine.input(id.0, &account, actor, "cli", content);
        input.occurred_at = happened.unwrap_or(input.occurred_at);
        let lines = engine.look_ahead(&input).await?.lines(Language::English);
        println!(
            "{}",
            if lines.is_empty() {
                "recorded, and nothing else".to_owned()
            } else {
                lines.join("\n")
            }
        );
        return Ok(ExitCode::SUCCESS);
    }
    register(engine, id, account, happened, content, actor, reason).await
}

/// What was typed, as the entry holds it.
fn read(
    doorway: &Doorway,
    here: &Here,
    typed: &BTreeMap<&'static str, String>,
    today: Day,
) -> anyhow::Result<Map<String, Value>> {
    let mut fields = Map::new();
    let is_left_out = |field: &Field| {
        let left_out_by = doorway.door.left_out_by(field);
        left_out_by.is_some_and(|one| typed.contains_key(one.called))
    };
    for field in asked(doorway).filter(|field| !here.hidden.contains(&field.name)) {
        if field.ask == Ask::Without || is_left_out(field) {
            continue;
        }
        let shown = here.first.get(field.name).filter(|_| field.first != First::Shown);
        let first = shown.cloned().or(match field.first {
            First::Today => Some(today.to_string()),
            First::Text(text) => Some(text.to_owned()),
            First::Nothing | First::Shown => None,
        });
        let option = format!("--{}", field.called.replace('_', "-"));
        match typed.get(field.called).cloned().or(first.filter(|_| field.must)) {
            Some(text) => {
                let value = one(field, here, &text).with_context(|| option.clone())?;
                if field.ask == Ask::PastDay
                    && value.as_str().is_some_and(|day| *day > *today.to_string())
                {
                    bail!("{option} {text} is to come: today is {today}");
                }
                if field.ask == Ask::ComingDay
                    && value.as_str().is_some_and(|day| *day < *today.to_string())
                {
                    bail!("{option} {text} is over: today is {today}");
                }
                if field.ask != Ask::ContractOrAll || text != ALL {
                    fields.insert(field.name.to_owned(), value);
                }
            }
            None if field.must => bail!("{option} is missing: {}", field.label.en),
            None => {}
        }
    }
    fields.extend(here.fixed.iter().map(|(field, value)| ((*field).to_owned(), json!(value))));
    for field in asked(doorway).filter(|field| field.ask == Ask::Yens) {
        fields.entry(field.name).or_insert_with(|| json!([]));
    }
    Ok(fields)
}

fn one(field: &Field, here: &Here, text: &str) -> anyhow::Result<Value> {
    let yen = || -> anyhow::Result<Yen> {
        let amount: i64 = text.replace(',', "").parse().context("an amount is whole yen")?;
        if amount < 1 {
            bail!("an amount is at least 1 yen");
        }
        Ok(Yen(amount))
    };
    Ok(match field.ask {
        Ask::Line if text.trim().is_empty() => bail!("it must not be empty"),
        Ask::Line if text.chars().any(char::is_control) => bail!("it must be one line"),
        Ask::Line | Ask::Tick | Ask::Without => json!(text),
        Ask::Flag => json!(text == "yes"),
        Ask::Text(form) => {
            let text = document::typed(form, text).map_err(|wrong| anyhow!(wrong.en))?;
            if let Some((only, otherwise)) = here.only.get(field.name)
                && *only != text
            {
                bail!("{}", otherwise.en);
            }
            json!(text)
        }
        Ask::Day | Ask::PastDay | Ask::ComingDay => json!(text.parse::<Day>()?),
        Ask::Month => json!(text.parse::<Month>()?),
        Ask::Yen => json!(yen()?),
        Ask::Yens => json!([yen()?]),
        Ask::Count => json!(text.parse::<u32>().context("a whole number is wanted")?),
        Ask::Choice | Ask::NumberChoice | Ask::ContractOrAll => {
            let choices = here.choices.get(field.name).map(Vec::as_slice).unwrap_or_default();
            if !choices.iter().any(|choice| choice.value == text) {
                let known: Vec<_> = choices.iter().map(|choice| choice.value.as_str()).collect();
                bail!("\"{text}\" cannot be chosen here; there is: {}", known.join(", "));
            }
            match field.ask {
                Ask::NumberChoice => json!(text.parse::<u32>()?),
                _ => json!(text),
            }
        }
    })
}
