//! `yakkan key`: the keys of programs.

use std::process::ExitCode;

use clap::Subcommand;
use contract::declare::ids::AccountId;
use contract::who::roles::Role;

use super::installation::{Installation, came};
use super::place::Place;
use super::user::role;
use crate::access::{NewKey, Noted};

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key; it is printed once. Of a program an administrator makes it, of a
    /// person that person.
    New {
        /// The program or person that acts by it.
        #[arg(long)]
        person: String,
        #[arg(long)]
        role: String,
        /// Only this account, for the role of a customer.
        #[arg(long)]
        account: Option<String>,
        #[arg(long, default_value = "")]
        label: String,
        #[arg(long, default_value_t = 90)]
        days: u32,
        #[arg(long)]
        by: String,
        #[command(flatten)]
        place: Place,
    },
    /// All keys, without their secrets.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// End a key at once.
    Revoke {
        id: String,
        #[arg(long)]
        by: String,
        #[command(flatten)]
        place: Place,
    },
}

pub async fn run(command: KeyCommand) -> anyhow::Result<ExitCode> {
    match command {
        KeyCommand::New { person, role: named, account, label, days, by, place } => {
            let here = Installation::at(&place).await?;
            if by == person {
                here.confirm(&by).await?;
            } else {
                here.acting(&by, &[Role::Administrator]).await?;
            }
            let expires_at = here.door.engine.now().plus_seconds(i64::from(days) * 86_400);
            let account = account.map(AccountId);
            let role = role(&named)?;
            let wanted = NewKey { person, role, account, label, expires_at };
            let (text, key) = here.door.new_key(&by, wanted).await?;
            let what = format!("key {} of {}", key.id, key.person);
            here.door.note(&by, "", Noted::Admin, &what, &came(), "made").await?;
            println!("{text}");
            eprintln!("holds until {}; it cannot be shown again", key.expires_at);
        }
        KeyCommand::List { place } => {
            let here = Installation::at(&place).await?;
            let now = here.door.engine.now();
            for key in here.door.keys().await? {
                let state = match key.revoked_at {
                    Some(at) => format!("revoked {at}"),
                    None if key.expires_at <= now => format!("expired {}", key.expires_at),
                    None => format!("until {}", key.expires_at),
                };
                let role = serde_json::json!(key.role);
                let role = role.as_str().unwrap_or_default();
                let used = key.used_at.map_or("never used".to_owned(), |at| format!("used {at}"));
                println!("{}  {}  {role}  {state}  {used}  {}", key.id, key.person, key.label);
            }
        }
        KeyCommand::Revoke { id, by, place } => {
            let here = Installation::at(&place).await?;
            here.acting(&by, &[Role::Administrator]).await?;
            here.door.revoke_key(&id).await?;
            let what = format!("key {id}");
            here.door.note(&by, "", Noted::Admin, &what, &came(), "revoked").await?;
            println!("{id}: revoked");
        }
    }
    Ok(ExitCode::SUCCESS)
}
