//! The link with which a person sets a password. It reaches that person alone: by mail
//! to the address on record, or from the hand of a second administrator. Whoever asked
//! for it never sees it, and neither of them can use it.

use contract::declare::words::Sentence;
use contract::sentence;
use contract::who::actor::Actor;
use contract::who::roles::Role;
use engine::people::{Belongs, PeopleChange, Wanted};
use engine::{Delivery, EngineError, OwnMail, SetUpLink, system};
use reckon::Moment;
use thiserror::Error;

use super::log::{Came, Noted};
use super::visitor::Visitor;
use super::{Door, DoorError, token};

/// What became of the wish for a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetIn {
    /// The mail server took the mail to the person.
    Mailed,
    /// No mail could carry it: the proposal with this key waits for a second
    /// administrator, who asks for the same link and gets it in hand.
    Waits(String),
    /// Another administrator asked before: the link, to be handed to the person.
    Handed(String),
}

/// Why there is no link for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoLink {
    #[error("nobody has this id, or they have left")]
    NotHere,
    #[error("a program comes with a key, not with a password")]
    Program,
    #[error("one's own password is changed on the page of the account, with the present one")]
    Own,
    #[error("a link was asked for already: another administrator hands it over")]
    Asked,
    #[error("only an administrator asks for a link")]
    NoAdministrator,
    #[error("two administrators can do this for this person: name one of them (--by)")]
    NotForTheMachine,
}

impl Door {
    /// An administrator wants a person to set a password anew.
    ///
    /// # Errors
    /// [`DoorError::Link`] when there can be none.
    pub async fn let_in(
        &self,
        by: &Actor,
        person: &str,
        reason: &str,
        came: &Came,
    ) -> Result<LetIn, DoorError> {
        self.could_be_let_in(by, person).await?;
        let people = self.people().await?;
        let wish = people.wish_for_link(person);
        let done = match wish {
            Some((_, asked)) if by.stands_for(asked) => return Err(NoLink::Asked.into()),
            Some((proposal, asked)) => {
                let proposal = proposal.to_owned();
                let agreed = PeopleChange::Approved { proposal };
                let wanted = Wanted::new(agreed, reason, &came.origin);
                self.engine.change_people(by, wanted).await?;
                LetIn::Handed(self.keep_link(person, asked, Some(&by.id)).await?.0)
            }
            None if self.mails_link(by, person).await? => LetIn::Mailed,
            None => {
                let change = PeopleChange::LinkWanted { person: person.to_owned() };
                let wanted = Wanted::new(change, reason, &came.origin);
                LetIn::Waits(self.engine.change_people(by, wanted).await?.0)
            }
        };
        let how = match &done {
            LetIn::Mailed => "mailed",
            LetIn::Waits(_) => "waits for a second administrator",
            LetIn::Handed(_) => "handed over",
        };
        self.note(&by.id, "", Noted::Admin, &format!("set-up link for {person}"), came, how)
            .await?;
        Ok(done)
    }

    async fn could_be_let_in(&self, by: &Actor, person: &str) -> Result<(), DoorError> {
        let people = self.people().await?;
        let member = people.member(person).filter(|member| !member.has_left(self.today()));
        let member = member.ok_or(NoLink::NotHere)?;
        if member.belongs == Belongs::Program {
            return Err(NoLink::Program.into());
        }
        if by.stands_for(person) {
            return Err(NoLink::Own.into());
        }
        if by.role != Role::Administrator {
            return Err(NoLink::NoAdministrator.into());
        }
        Ok(())
    }

    /// The machine's own user, who reads and writes the data folder, lets in an
    /// administrator whom no two others could let in: the first ones, and one of two.
    ///
    /// # Errors
    /// [`DoorError::Link`] when administrators have to do it.
    pub async fn let_in_by_machine(&self, person: &str, came: &Came) -> Result<String, DoorError> {
        self.only_the_machine_helps(person).await?;
        let link = self.keep_link(person, &system().id, None).await?.0;
        let what = format!("set-up link for {person}");
        self.note("", "", Noted::Admin, &what, came, "printed").await?;
        Ok(link)
    }

    /// What takes two administrators cannot be had for one of two: it falls to the
    /// machine's own user.
    ///
    /// # Errors
    /// [`DoorError::Link`] for everybody else.
    pub async fn only_the_machine_helps(&self, person: &str) -> Result<(), DoorError> {
        let people = self.people().await?;
        let is_administrator = people.roles(person, self.today()).contains(&Role::Administrator);
        if is_administrator && self.administrators_but(&[person]).await?.len() < 2 {
            return Ok(());
        }
        Err(NoLink::NotForTheMachine.into())
    }

    /// Administrators who are awake and have a password, without some.
    pub async fn administrators_but(&self, but: &[&str]) -> Result<Vec<String>, DoorError> {
        let people = self.people().await?;
        let mut found = Vec::new();
        for person in people.holders(Role::Administrator, self.today()) {
            if !but.contains(&person) && self.identity().credential(person).await?.is_some() {
                found.push(person.to_owned());
            }
        }
        Ok(found)
    }

    /// The whole address of a new link, and how long it holds; earlier links of the
    /// person end.
    async fn keep_link(
        &self,
        person: &str,
        made_by: &str,
        handed_by: Option<&str>,
    ) -> Result<(String, Moment), DoorError> {
        let token = token::draw()?;
        let hours = i64::from(self.settings.link_hours);
        let expires_at = self.now().plus_seconds(hours * 3_600);
        let link = SetUpLink {
            token_hash: token::hash_of(&token),
            person: person.to_owned(),
            expires_at,
            made_by: made_by.to_owned(),
            handed_by: handed_by.map(str::to_owned),
        };
        self.identity().keep_set_up_link(&link).await?;
        Ok((format!("{}/set-up/{token}", self.address), expires_at))
    }

    /// Whether the mail server took a new link for the person.
    async fn mails_link(&self, by: &Actor, person: &str) -> Result<bool, DoorError> {
        if self.post.is_none() || self.engine.address_of(person).await?.is_none() {
            return Ok(false);
        }
        let (link, until) = self.keep_link(person, &by.id, None).await?;
        let token = link.rsplit('/').next().unwrap_or_default().to_owned();
        let made_by = self.engine.name_of(&by.id);
        let sent = self.tell(person, OwnMail::SetUpLink { link, made_by, until }).await?;
        if !sent {
            self.identity().use_set_up_link(&token::hash_of(&token)).await?;
        }
        Ok(sent)
    }

    /// Whether the mail server took a mail to somebody about their own way in.
    async fn tell(&self, person: &str, told: OwnMail) -> Result<bool, DoorError> {
        let Some(post) = &self.post else { return Ok(false) };
        let Some(address) = self.engine.address_of(person).await? else { return Ok(false) };
        let id = format!("way-in-{}", &token::draw()?[..24]);
        let letter = self.engine.own_mail(person, &address, told, &id, self.now())?;
        Ok(matches!(post.send(&letter).await, Delivery::Accepted { .. }))
    }

    /// The link that a browser shows, while it holds.
    ///
    /// # Errors
    /// [`DoorError::Refused`] when it holds no longer, or somebody else is signed in
    /// there; when that is one of those who brought it about, it ends.
    pub async fn link_of(
        &self,
        token: &str,
        visitor: Option<&Visitor>,
        came: &Came,
    ) -> Result<SetUpLink, DoorError> {
        let refuse = |why: &str| Err(DoorError::Refused(Sentence::same(why)));
        let token_hash = token::hash_of(token);
        let link = self.identity().set_up_link(&token_hash).await?;
        let Some(link) = link.filter(|link| self.now() < link.expires_at) else {
            return refuse(
                "このリンクは使用済みか、期限が過ぎています。管理者に新しいリンクを求めてください。",
            );
        };
        let Some(visitor) = visitor.filter(|visitor| visitor.person != link.person) else {
            return Ok(link);
        };
        if link.is_of(&visitor.person) {
            self.identity().use_set_up_link(&token_hash).await?;
            let what = format!("set-up link for {}", link.person);
            self.note_of(visitor, Noted::Refused, &what, came, "its own maker").await?;
            return refuse(
                "このリンクを発行した人や渡した人は使えません。リンクは無効になりました。",
            );
        }
        refuse("ほかの利用者がサインインしています。サインアウトしてから開いてください。")
    }

    /// Sets the password of the person of a link. Sessions and keys end, one-time
    /// codes stay, and what is done as a second person sleeps.
    pub async fn use_link(
        &self,
        token: &str,
        password: &str,
        visitor: Option<&Visitor>,
        came: &Came,
    ) -> Result<String, DoorError> {
        let link = self.link_of(token, visitor, came).await?;
        let SetUpLink { token_hash, person, made_by, handed_by, .. } = link;
        if let Some(why) = self.unfit(&person, password).await? {
            return Err(DoorError::Refused(Sentence::same(why)));
        }
        if !self.identity().use_set_up_link(&token_hash).await? {
            let why = "このリンクは今使われたところです。サインインしてください。";
            return Err(DoorError::Refused(Sentence::same(why)));
        }
        // Asleep first: no moment is left in which the new password approves.
        let used = PeopleChange::LinkUsed {
            person: person.clone(),
            made_by: made_by.clone(),
            handed_by: handed_by.clone(),
        };
        self.engine.change_people(&system(), Wanted::new(used, "", "set-up link")).await?;
        self.shut_out(&person).await?;
        self.set_password(&person, password, None).await?;
        let name = |id: &str| self.engine.name_of(id);
        let made_by = handed_by.map_or_else(
            || name(&made_by),
            |hand| format!("{}（手渡し：{}）", name(&made_by), name(&hand)),
        );
        let origin = came.origin.clone();
        let told = self.tell(&person, OwnMail::PasswordSet { made_by, origin }).await?;
        let told = if told { "the person was told by mail" } else { "no mail told the person" };
        self.note(&person, "", Noted::Admin, "set-up link used", came, told).await?;
        Ok(person)
    }

    /// Records a change of the people, and does at the door what it asks for: whoever
    /// left is shut out, and codes that two administrators cleared are gone. Returns
    /// the key of the entry and whether it waits for a second person.
    ///
    /// # Errors
    /// With the ground, when it is turned down.
    pub async fn change_people(
        &self,
        by: &Actor,
        wanted: Wanted,
    ) -> Result<(String, bool), DoorError> {
        let mut change = wanted.change.clone();
        if let PeopleChange::Approved { proposal } = &wanted.change {
            let people = self.people().await?;
            let open = people.proposals().find(|(key, _)| key == proposal);
            if let Some(PeopleChange::Proposed { wanted }) = open.map(|(_, open)| &open.change) {
                change = (**wanted).clone();
            }
        }
        if matches!(
            (&change, &wanted.change),
            (PeopleChange::LinkWanted { .. }, PeopleChange::Approved { .. })
        ) {
            let why = sentence!(
                "この利用者の設定リンクを求めてください。それが承認となり、リンクが渡されます。",
                "ask for the set-up link of this person: that agrees to it and hands it over",
            );
            return Err(EngineError::Refused(why).into());
        }
        let (key, waits) = self.engine.change_people(by, wanted).await?;
        if !waits {
            self.follow(&change).await?;
        }
        Ok((key, waits))
    }

    async fn follow(&self, change: &PeopleChange) -> Result<(), DoorError> {
        match change {
            PeopleChange::PersonLeft { person, from } if *from <= self.today() => {
                self.shut_out(person).await
            }
            PeopleChange::CodesCleared { person } => {
                self.identity().end_sessions(person, None).await?;
                self.stop_codes(person).await
            }
            _ => Ok(()),
        }
    }
}
