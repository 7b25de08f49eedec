//! `yakkan user`: the people and their roles.

use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use contract::declare::ids::AccountId;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::people::{Belongs, Member, People, PeopleChange, Wanted};
use engine::system;
use reckon::{Day, Yen};

use super::installation::{Installation, came};
use super::place::Place;
use crate::access::{LetIn, Noted};

#[derive(Subcommand)]
pub enum UserCommand {
    /// Add a person; roles come afterwards, with `grant`.
    Add {
        id: String,
        #[arg(long)]
        name: String,
        /// The person is of this account, of a customer.
        #[arg(long)]
        customer: Option<String>,
        #[arg(long, default_value = "")]
        mail: String,
        #[arg(long)]
        subcontractor: bool,
        /// No human: another program, which comes with a key.
        #[arg(long)]
        program: bool,
        /// One of the first two administrators: takes no `--by`.
        #[arg(long)]
        administrator: bool,
        #[command(flatten)]
        given: Given,
    },
    /// Everybody with roles, deputies and limits of today.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Give a role. One that approves waits for a second administrator.
    Grant {
        id: String,
        role: String,
        #[arg(long)]
        from: Option<Day>,
        /// The last day.
        #[arg(long)]
        until: Option<Day>,
        #[command(flatten)]
        given: Given,
    },
    /// Take a role away, from a day on.
    Revoke {
        id: String,
        role: String,
        #[arg(long)]
        from: Option<Day>,
        #[command(flatten)]
        given: Given,
    },
    /// Let somebody exercise a role of somebody else for some days (代理).
    Deputy {
        id: String,
        #[arg(long = "for")]
        stands_for: String,
        #[arg(long)]
        role: String,
        #[arg(long)]
        from: Option<Day>,
        #[arg(long)]
        until: Day,
        #[command(flatten)]
        given: Given,
    },
    /// Set what somebody may approve at the most, in yen; without it, any amount.
    Limit {
        id: String,
        #[arg(long)]
        up_to: Option<i64>,
        #[arg(long)]
        from: Option<Day>,
        #[command(flatten)]
        given: Given,
    },
    /// Agree to a change that another administrator proposed.
    Approve {
        proposal: String,
        #[command(flatten)]
        given: Given,
    },
    /// Turn it down.
    Decline {
        proposal: String,
        #[command(flatten)]
        given: Given,
    },
    /// Have a link with which the person sets a new password mailed to them. Where no
    /// mail can carry it, a second administrator gives the same command and gets the
    /// link, to hand it over. Without --by the machine's own user gets it, for an
    /// administrator whom no two others could let in.
    ResetPassword {
        id: String,
        #[command(flatten)]
        given: Given,
    },
    /// Say where the person's own mails go; waits for a second administrator.
    Address {
        id: String,
        #[arg(long)]
        mail: String,
        #[command(flatten)]
        given: Given,
    },
    /// Have one-time codes set up anew; waits for a second administrator. Without --by
    /// the machine's own user does, for an administrator whom no two others could help.
    ClearCodes {
        id: String,
        #[command(flatten)]
        given: Given,
    },
    /// Wake the roles that sleep since a link set the password: you have made sure that
    /// the person themselves did it. Without --by the machine's own user does, when no
    /// administrator can.
    Wake {
        id: String,
        #[command(flatten)]
        given: Given,
    },
    /// The person is no longer here: roles, sessions and keys end.
    Leave {
        id: String,
        #[arg(long)]
        from: Option<Day>,
        #[command(flatten)]
        given: Given,
    },
    /// Every change there ever was, with who, when and why.
    History {
        #[command(flatten)]
        place: Place,
    },
}

/// Who gives the command, and why.
#[derive(clap::Args, Debug)]
pub struct Given {
    /// The administrator who gives it; asks for the password, or takes it from
    /// YAKKAN_PASSWORD.
    #[arg(long)]
    by: Option<String>,
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    place: Place,
}

pub fn role(text: &str) -> anyhow::Result<Role> {
    let named = serde_json::Value::String(text.replace('-', "_"));
    serde_json::from_value(named).map_err(|_| {
        let all = Role::ALL.iter().map(|role| serde_json::json!(role));
        let all: Vec<_> = all.filter_map(|role| role.as_str().map(str::to_owned)).collect();
        anyhow::anyhow!("\"{text}\" is no role: one of {}", all.join(", "))
    })
}

pub async fn run(command: UserCommand) -> anyhow::Result<ExitCode> {
    match command {
        UserCommand::List { place } => list(&Installation::at(&place).await?).await?,
        UserCommand::History { place } => history(&Installation::at(&place).await?).await?,
        UserCommand::Add { administrator: true, id, name, mail, given, .. } => {
            let here = Installation::at(&given.place).await?;
            first_administrator(&here, &id, &name, &mail).await?;
        }
        UserCommand::Add { id, name, customer, mail, subcontractor, program, given, .. } => {
            let belongs = match (customer, subcontractor, program) {
                (Some(account), false, false) => Belongs::Customer { account: AccountId(account) },
                (None, true, false) => Belongs::Subcontractor,
                (None, false, true) => Belongs::Program,
                (None, false, false) => Belongs::Staff,
                _ => bail!("--customer, --subcontractor and --program exclude each other"),
            };
            let why = (given.reason.as_str(), came().origin);
            let wanted = Wanted::person(&id, &name, belongs, &mail, why.0, &why.1);
            given.make(wanted).await?;
        }
        UserCommand::Address { id, mail, given } => {
            let wanted = Wanted::address(&id, &mail, &given.reason, &came().origin);
            given.make(wanted).await?;
        }
        UserCommand::Wake { id, given } => wake(&given, id).await?,
        UserCommand::ClearCodes { id, given } => clear_codes(&given, id).await?,
        UserCommand::ResetPassword { id, given } => reset_password(&given, &id).await?,
        other => {
            let (change, given) = change_of(other)?;
            given.make(Wanted::new(change, &given.reason, &came().origin)).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Commands that are one entry and no more.
fn change_of(command: UserCommand) -> anyhow::Result<(PeopleChange, Given)> {
    let today = || reckon::Moment::day(engine::Clock::now(&crate::open::SystemClock));
    Ok(match command {
        UserCommand::Grant { id, role: named, from, until, given } => {
            let (role, from) = (role(&named)?, from.unwrap_or_else(today));
            (PeopleChange::RoleGranted { person: id, role, from, until }, given)
        }
        UserCommand::Revoke { id, role: named, from, given } => {
            let (role, from) = (role(&named)?, from.unwrap_or_else(today));
            (PeopleChange::RoleEnded { person: id, role, from }, given)
        }
        UserCommand::Deputy { id, stands_for, role: named, from, until, given } => {
            let (role, from) = (role(&named)?, from.unwrap_or_else(today));
            (PeopleChange::DeputyNamed { deputy: id, stands_for, role, from, until }, given)
        }
        UserCommand::Limit { id, up_to, from, given } => {
            let (up_to, from) = (up_to.map(Yen), from.unwrap_or_else(today));
            (PeopleChange::LimitSet { person: id, up_to, from }, given)
        }
        UserCommand::Approve { proposal, given } => (PeopleChange::Approved { proposal }, given),
        UserCommand::Decline { proposal, given } => (PeopleChange::Declined { proposal }, given),
        UserCommand::Leave { id, from, given } => {
            let from = from.unwrap_or_else(today);
            (PeopleChange::PersonLeft { person: id, from }, given)
        }
        _ => bail!("this command is more than one entry"),
    })
}

impl Given {
    async fn make(&self, wanted: Wanted) -> anyhow::Result<()> {
        let here = Installation::at(&self.place).await?;
        let by = self.administrator(&here).await?;
        record(&here, &by, wanted).await
    }

    async fn administrator(&self, here: &Installation) -> anyhow::Result<Actor> {
        match &self.by {
            Some(by) => here.acting(by, &[Role::Administrator]).await,
            None => bail!("say which administrator gives the command: --by ID"),
        }
    }
}

async fn record(here: &Installation, by: &Actor, wanted: Wanted) -> anyhow::Result<()> {
    let change = &wanted.change;
    let what = format!("{} {}", change.name(), change.person().unwrap_or_default());
    let (key, waits) = here.door.change_people(by, wanted).await?;
    here.door.note(&by.id, "", Noted::Admin, what.trim_end(), &came(), &key).await?;
    match waits {
        true => {
            println!("{key}: waits for a second administrator: yakkan user approve {key} --by ID")
        }
        false => println!("{key}: recorded"),
    }
    Ok(())
}

async fn first_administrator(
    here: &Installation,
    id: &str,
    name: &str,
    mail: &str,
) -> anyhow::Result<()> {
    let people = here.door.people().await?;
    let today = here.today();
    if people.holders(Role::Administrator, today).len() >= 2 {
        bail!("there are two administrators already: they add further ones, with --by");
    }
    let origin = came().origin;
    if people.member(id).is_none() {
        let added = Wanted::person(id, name, Belongs::Staff, mail, "", &origin);
        record(here, &system(), added).await?;
    }
    let (person, role) = (id.to_owned(), Role::Administrator);
    let granted = PeopleChange::RoleGranted { person, role, from: today, until: None };
    record(here, &system(), Wanted::new(granted, "", &origin)).await?;
    let link = here.door.let_in_by_machine(id, &came()).await?;
    print_link(here, id, &link);
    Ok(())
}

fn print_link(here: &Installation, id: &str, link: &str) {
    let hours = here.door.settings.link_hours;
    println!("{link}\n{id} sets a password there, once, within {hours} hours");
}

async fn reset_password(given: &Given, id: &str) -> anyhow::Result<()> {
    let here = Installation::at(&given.place).await?;
    if given.by.is_none() {
        let link = here.door.let_in_by_machine(id, &came()).await?;
        print_link(&here, id, &link);
        return Ok(());
    }
    let by = given.administrator(&here).await?;
    match here.door.let_in(&by, id, &given.reason, &came()).await? {
        LetIn::Mailed => println!("a link was mailed to {id}"),
        LetIn::Waits(key) => println!(
            "{key}: no mail can carry a link to {id}: another administrator hands it over: \
             yakkan user reset-password {id} --by ID"
        ),
        LetIn::Handed(link) => print_link(&here, id, &link),
    }
    Ok(())
}

async fn clear_codes(given: &Given, id: String) -> anyhow::Result<()> {
    let here = Installation::at(&given.place).await?;
    let by = match &given.by {
        Some(_) => given.administrator(&here).await?,
        None => {
            here.door.only_the_machine_helps(&id).await?;
            system()
        }
    };
    let change = PeopleChange::CodesCleared { person: id };
    record(&here, &by, Wanted::new(change, &given.reason, &came().origin)).await
}

async fn wake(given: &Given, id: String) -> anyhow::Result<()> {
    let here = Installation::at(&given.place).await?;
    let by = match &given.by {
        Some(_) => given.administrator(&here).await?,
        None => {
            let people = here.door.people().await?;
            let link_of = people.member(&id).map(|member| &member.link_of);
            let mut but: Vec<_> = link_of.into_iter().flatten().map(String::as_str).collect();
            but.push(&id);
            let can = here.door.administrators_but(&but).await?;
            if !can.is_empty() {
                bail!("say which administrator gives the command: --by {}", can.join(" or "));
            }
            system()
        }
    };
    let change = PeopleChange::RolesWoken { person: id };
    record(&here, &by, Wanted::new(change, &given.reason, &came().origin)).await
}

async fn list(here: &Installation) -> anyhow::Result<()> {
    let people = here.door.people().await?;
    for member in people.members() {
        println!("{}", line(&people, member, here.today()));
    }
    for (key, entry) in people.proposals() {
        if let PeopleChange::Proposed { wanted } = &entry.change {
            let wanted = serde_json::to_string(wanted)?;
            println!(
                "{key} waits for a second administrator, proposed by {}: {wanted}",
                entry.by.id
            );
        }
    }
    Ok(())
}

fn line(people: &People, member: &Member, today: Day) -> String {
    let hats = people.hats(&member.id, today).into_iter().map(|hat| {
        let role = serde_json::json!(hat.role);
        let mut text = role.as_str().unwrap_or_default().to_owned();
        if let Some(person) = hat.deputy_for {
            text += &format!(" for {person}");
        }
        if let Some(limit) = hat.approves_up_to {
            text += &format!(" up to {limit} yen");
        }
        text
    });
    let hats: Vec<_> = hats.collect();
    let side = match &member.belongs {
        Belongs::Staff => String::new(),
        Belongs::Customer { account } => format!("  of {account}"),
        Belongs::Subcontractor => "  subcontractor".to_owned(),
        Belongs::Program => "  program".to_owned(),
    };
    let left = match member.left_from {
        Some(from) if member.has_left(today) => format!("  left {from}"),
        _ => String::new(),
    };
    let asleep = if member.is_asleep() {
        let link_of: Vec<_> = member.link_of.iter().map(String::as_str).collect();
        format!("  asleep: to be woken by an administrator other than {}", link_of.join(", "))
    } else {
        String::new()
    };
    format!("{}  {}  {}{side}{left}{asleep}", member.id, member.name, hats.join(", "))
}

async fn history(here: &Installation) -> anyhow::Result<()> {
    for (key, entry) in here.door.engine.people_entries().await? {
        let reason = here.door.engine.people_reason(&key).await?.unwrap_or_default();
        let change = serde_json::to_string(&entry.change)?;
        println!("{key}  {}  {}  {}  {change}  {reason}", entry.at, entry.by.id, entry.source);
    }
    Ok(())
}
