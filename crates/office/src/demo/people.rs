//! The people of the demo, with one password for all of them that is drawn anew
//! each time.

use std::sync::Arc;

use contract::declare::ids::AccountId;
use contract::who::roles::Role;
use engine::people::{Belongs, PeopleChange, PersonContact, Wanted};
use engine::{Engine, system};

use crate::access::{Door, OneTimeCodes, Settings, draw_token};
use crate::open::SystemClock;
use crate::web::role_word;

/// A door that asks for no one-time codes, and hashes quickly: the demo is reached
/// from this machine only and its people are invented. Its mails reach nobody, so
/// links are handed over by a second administrator.
pub fn door(engine: Arc<Engine>) -> anyhow::Result<Door> {
    let settings = Settings {
        one_time_codes: OneTimeCodes::Optional,
        password_memory_kib: 4_096,
        password_passes: 1,
        ..Settings::default()
    };
    Ok(Door::new(engine, Arc::new(SystemClock), settings)?.posting_by(None))
}

/// Id, name and roles, for the sign-in page.
type Hint = Vec<(String, String, String)>;

/// Gives everybody the password, and one customer two people.
pub async fn prepare(door: &Door) -> anyhow::Result<(String, Hint)> {
    add_customers(door).await?;
    let password = draw_token()?[..16].to_owned();
    let people = door.people().await?;
    let today = door.engine.now().day();
    let mut hint = Hint::new();
    for member in people.members() {
        door.set_password(&member.id, &password, None).await?;
        let roles: Vec<_> =
            people.hats(&member.id, today).iter().map(|hat| role_word(hat.role)).collect();
        let name = match door.engine.person_contact(&member.id).await? {
            Some(contact) => contact.name,
            None => people.name_of(&member.id),
        };
        hint.push((member.id.clone(), name, roles.join("・")));
    }
    Ok((password, hint))
}

/// The first customer's 利用責任者 and a member of their staff.
async fn add_customers(door: &Door) -> anyhow::Result<()> {
    let engine = &door.engine;
    let Some(row) = engine.store.views("contract").await?.into_iter().next() else { return Ok(()) };
    let account: AccountId = row.account;
    let wanted = [
        ("kyaku-sekinin", "顧客　太郎", Role::CustomerAdministrator),
        ("kyaku-tanto", "顧客　次郎", Role::CustomerStaff),
    ];
    for (person, name, role) in wanted {
        if engine.people().await?.member(person).is_some() {
            continue;
        }
        let person = person.to_owned();
        let belongs = Belongs::Customer { account: account.clone() };
        let added =
            PeopleChange::PersonAdded { person: person.clone(), name: String::new(), belongs };
        let contact = Some(PersonContact { name: name.to_owned(), mail: String::new() });
        let wanted = Wanted { contact, ..Wanted::new(added, "demo", "demo") };
        engine.change_people(&system(), wanted).await?;
        let from = engine.now().day();
        let granted = PeopleChange::RoleGranted { person, role, from, until: None };
        engine.change_people(&system(), Wanted::new(granted, "demo", "demo")).await?;
    }
    Ok(())
}
