//! 10-1, 30-2: a person to write to changed.

use crate::application::form::{Person, PersonRole};
use crate::declare::ids::PersonId;
use crate::declare::prelude::*;
use crate::registered::doors;

/// 10-1, 30-2: a person to write to changed; the row holds who it is now.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContactChanged {
    pub application: ApplicationId,
    pub role: PersonRole,
    pub person: Sealed<Person>,
    /// The row that stays with the accounting records, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<PersonId>,
}

impl Entry for ContactChanged {
    const NAME: &'static str = "contact_changed";
    const CLAUSES: &'static [&'static str] = &["10-1", "30-2"];
    const TITLE: Words = Words::new("連絡先の変更", "contact changed");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);
    const DOOR: Option<Door> = Some(doors::NOW);

    fn stream(&self) -> Stream {
        Stream::Application(self.application.clone())
    }

    fn line(&self, l: Reader) -> String {
        let ContactChanged { application, .. } = self;
        say!(
            l,
            "申込{application}の連絡先の変更を登録",
            "change of a contact of application {application} registered"
        )
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        let contract = self.application.contract();
        vec![Mark::Contact { contract, person: &mut self.person, kept: &mut self.kept }]
    }
}
