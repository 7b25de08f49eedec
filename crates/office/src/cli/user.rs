//! `yakkan user`: the people and their roles.

use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use contract::act::Actor;
use contract::ids::AccountId;
use contract::roles::Role;
use engine::people::{Belongs, Member, People, PeopleChange, PersonContact, Wanted};
use engine::system;
use reckon::{Day, Yen};

use super::installation::{Installation, came};
use super::place::Place;
use crate::access::Noted;

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
    /// Print a link with which the person sets a new password, once.
    ResetPassword {
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
        UserCommand::Add { administrator: true, id, name, given, .. } => {
            first_administrator(&Installation::at(&given.place).await?, &id, &name).await?;
        }
        UserCommand::Add { id, name, customer, mail, subcontractor, program, given, .. } => {
            let belongs = match (customer, subcontractor, program) {
                (Some(account), false, false) => Belongs::Customer { account: AccountId(account) },
                (None, true, false) => Belongs::Subcontractor,
                (None, false, true) => Belongs::Program,
                (None, false, false) => Belongs::Staff,
                _ => bail!("--customer, --subcontractor and --program exclude each other"),
            };
            let sealed = matches!(belongs, Belongs::Customer { .. });
            let contact = sealed.then(|| PersonContact { name: name.clone(), mail });
            let name = if sealed { String::new() } else { name };
            let change = PeopleChange::PersonAdded { person: id, name, belongs };
            given.make(change, contact).await?;
        }
        UserCommand::ResetPassword { id, given } => reset_password(&given, &id).await?,
        UserCommand::Leave { id, from, given } => leave(&given, id, from).await?,
        other => {
            let (change, given) = change_of(other)?;
            given.make(change, None).await?;
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
        _ => bail!("this command is more than one entry"),
    })
}

impl Given {
    async fn make(
        &self,
        change: PeopleChange,
        contact: Option<PersonContact>,
    ) -> anyhow::Result<()> {
        let here = Installation::at(&self.place).await?;
        let by = self.administrator(&here).await?;
        record(&here, &by, change, &self.reason, contact).await
    }

    async fn administrator(&self, here: &Installation) -> anyhow::Result<Actor> {
        match &self.by {
            Some(by) => here.acting(by, &[Role::Administrator]).await,
            None => bail!("say which administrator gives the command: --by ID"),
        }
    }
}

async fn record(
    here: &Installation,
    by: &Actor,
    change: PeopleChange,
    reason: &str,
    contact: Option<PersonContact>,
) -> anyhow::Result<()> {
    let what = format!("{} {}", change.name(), change.person().unwrap_or_default());
    let wanted = Wanted { contact, ..Wanted::new(change, reason, &came().origin) };
    let (key, waits) = here.door.engine.change_people(by, wanted).await?;
    here.door.note(&by.id, "", Noted::Admin, what.trim_end(), &came(), &key).await?;
    match waits {
        true => {
            println!("{key}: waits for a second administrator: yakkan user approve {key} --by ID")
        }
        false => println!("{key}: recorded"),
    }
    Ok(())
}

async fn first_administrator(here: &Installation, id: &str, name: &str) -> anyhow::Result<()> {
    let people = here.door.people().await?;
    let today = here.today();
    if people.holders(Role::Administrator, today).len() >= 2 {
        bail!("there are two administrators already: they add further ones, with --by");
    }
    let (person, name) = (id.to_owned(), name.to_owned());
    if people.member(id).is_none() {
        let belongs = Belongs::Staff;
        let added = PeopleChange::PersonAdded { person: person.clone(), name, belongs };
        record(here, &system(), added, "", None).await?;
    }
    let role = Role::Administrator;
    let granted = PeopleChange::RoleGranted { person, role, from: today, until: None };
    record(here, &system(), granted, "", None).await?;
    print_link(here, id).await
}

async fn print_link(here: &Installation, id: &str) -> anyhow::Result<()> {
    let token = here.door.new_link(id).await?;
    let hours = here.door.settings.link_hours;
    println!("{}/set-up/{token}", here.address);
    println!("{id} sets a password there, once, within {hours} hours");
    Ok(())
}

/// Before any administrator can sign in, the machine's own user may give the link
/// to one of them.
async fn reset_password(given: &Given, id: &str) -> anyhow::Result<()> {
    let here = Installation::at(&given.place).await?;
    let by = match &given.by {
        Some(_) => given.administrator(&here).await?,
        None => {
            let people = here.door.people().await?;
            let administrators = people.holders(Role::Administrator, here.today());
            if !administrators.contains(&id) || here.door.can_any_sign_in(&administrators).await? {
                bail!("say which administrator gives the command: --by ID");
            }
            system()
        }
    };
    print_link(&here, id).await?;
    let what = format!("set-up link for {id}");
    here.door.note(&by.id, "", Noted::Admin, &what, &came(), "").await?;
    Ok(())
}

async fn leave(given: &Given, id: String, from: Option<Day>) -> anyhow::Result<()> {
    let here = Installation::at(&given.place).await?;
    let by = given.administrator(&here).await?;
    let from = from.unwrap_or_else(|| here.today());
    let change = PeopleChange::PersonLeft { person: id.clone(), from };
    record(&here, &by, change, &given.reason, None).await?;
    if from <= here.today() {
        here.door.shut_out(&id).await?;
    }
    Ok(())
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
    format!("{}  {}  {}{side}{left}", member.id, member.name, hats.join(", "))
}

async fn history(here: &Installation) -> anyhow::Result<()> {
    for (key, entry) in here.door.engine.people_entries().await? {
        let reason = here.door.engine.people_reason(&key).await?.unwrap_or_default();
        let change = serde_json::to_string(&entry.change)?;
        println!("{key}  {}  {}  {}  {change}  {reason}", entry.at, entry.by.id, entry.source);
    }
    Ok(())
}
