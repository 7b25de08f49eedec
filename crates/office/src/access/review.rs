//! The quarterly review: who had which right, who used it, and what stands out.
//!
//! The list is made as of the last day of the quarter, from what is recorded; its
//! hash is what the reviewer signs.

use std::fmt;
use std::str::FromStr;

use contract::sentence;
use contract::who::roles::Role;
use engine::people::{Belongs, Hat, Member, PeopleChange, PeopleEntry};
use engine::{ApiKey, Doings};
use reckon::{Day, Moment, Month};

use super::{Door, DoorError};
use crate::csv;

/// A quarter of the calendar year: `2026Q4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    first: Month,
}

impl Quarter {
    /// The last one that has ended before a day.
    pub fn before(day: Day) -> Quarter {
        let month = Month::of(day);
        let into = i64::from((month.number() - 1) % 3);
        Quarter { first: month.plus(-into - 3) }
    }

    pub fn first_day(self) -> Day {
        self.first.first_day()
    }

    pub fn last_day(self) -> Day {
        self.first.plus(2).last_day()
    }
}

impl FromStr for Quarter {
    type Err = String;

    fn from_str(text: &str) -> Result<Quarter, String> {
        let wrong = || format!("\"{text}\" is no quarter such as 2026Q4");
        let (year, number) = text.split_once('Q').ok_or_else(wrong)?;
        let number: u32 = number.parse().map_err(|_| wrong())?;
        if year.len() != 4 || !(1..=4).contains(&number) {
            return Err(wrong());
        }
        let first = format!("{year}-{:02}", number * 3 - 2).parse().map_err(|_| wrong())?;
        Ok(Quarter { first })
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.first.year(), (self.first.number() + 2) / 3)
    }
}

/// What a reviewer should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Rights, but neither a sign-in nor an entry in the quarter.
    NotUsed,
    /// Rights, and never a sign-in or an entry at all.
    NeverUsed,
    /// Left, and a key still holds.
    LeftWithKey,
    /// Roles that propose and that approve the same.
    BothHands,
    /// Looks after the record or the people, and works with contracts too.
    WatchesItself,
    ExpiredKey,
}

impl Flag {
    pub fn word(self) -> &'static str {
        match self {
            Flag::NotUsed => "not_used",
            Flag::NeverUsed => "never_used",
            Flag::LeftWithKey => "left_with_key",
            Flag::BothHands => "proposes_and_approves",
            Flag::WatchesItself => "watches_itself",
            Flag::ExpiredKey => "expired_key",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    pub person: String,
    pub name: String,
    pub side: String,
    /// Role, first and last day, as text.
    pub roles: Vec<String>,
    pub limit: String,
    pub deputies: Vec<String>,
    pub keys: Vec<String>,
    pub last_sign_in: Option<Moment>,
    pub facts: u64,
    pub acts: u64,
    pub flags: Vec<Flag>,
}

#[derive(Debug, Clone)]
pub struct Review {
    pub quarter: Quarter,
    pub rows: Vec<ReviewRow>,
    /// Who has signed it, when, and whether the list is still the same.
    pub signed: Vec<(PeopleEntry, bool)>,
}

fn word(role: Role) -> String {
    serde_json::json!(role).as_str().unwrap_or_default().to_owned()
}

fn hat_text(hat: &Hat) -> String {
    let mut text = format!("{} {}", word(hat.role), hat.from);
    match (hat.ended_from, hat.until) {
        (Some(from), _) => text += &format!(" (ended {from})"),
        (None, Some(until)) => text += &format!("/{until}"),
        (None, None) => {}
    }
    text
}

/// Held on at least one day of the quarter.
fn was_held(hat: &Hat, quarter: Quarter) -> bool {
    hat.from <= quarter.last_day()
        && hat.until.is_none_or(|until| until >= quarter.first_day())
        && hat.ended_from.is_none_or(|ended| ended > quarter.first_day() && ended > hat.from)
}

fn hands(roles: &[Role]) -> Vec<Flag> {
    use Role as R;
    let has = |role: R| roles.contains(&role);
    let mut flags = Vec::new();
    let proposes = [R::Billing, R::Collections, R::Security, R::Legal];
    if (has(R::OrderDesk) && has(R::ContractApprover))
        || (has(R::SuspensionApprover) && proposes.into_iter().any(has))
    {
        flags.push(Flag::BothHands);
    }
    let watches = |role: &R| matches!(role, R::Auditor | R::Administrator);
    if roles.iter().any(watches) && !roles.iter().all(watches) {
        flags.push(Flag::WatchesItself);
    }
    flags
}

impl ReviewRow {
    fn of(
        member: &Member,
        quarter: Quarter,
        keys: &[&ApiKey],
        last_sign_in: Option<Moment>,
        ever: bool,
        doings: &Doings,
    ) -> ReviewRow {
        let (first, last) = (quarter.first_day(), quarter.last_day());
        let end = Moment::end_of(last);
        let held: Vec<_> = member.hats.iter().filter(|hat| was_held(hat, quarter)).collect();
        let roles: Vec<Role> = held.iter().map(|hat| hat.role).collect();
        let stands_in = member.deputies.iter().filter(|d| d.from <= last && d.until >= first);
        let deputies: Vec<_> = stands_in
            .map(|d| format!("{} for {} {}/{}", word(d.role), d.stands_for, d.from, d.until))
            .collect();
        let live = |key: &&&ApiKey| key.revoked_at.is_none_or(|at| at > end);
        let mut flags = hands(&roles);
        let in_quarter = last_sign_in.is_some_and(|at| at >= Moment::start_of(first));
        let used = in_quarter || doings.facts + doings.acts > 0;
        let left = member.has_left(last);
        let has_rights = !roles.is_empty() || !deputies.is_empty();
        if has_rights && !left && !used {
            flags.push(if ever { Flag::NotUsed } else { Flag::NeverUsed });
        }
        if keys.iter().any(|key| live(&key) && key.expires_at <= end) {
            flags.push(Flag::ExpiredKey);
        }
        if left && keys.iter().any(|key| live(&key) && key.expires_at > end) {
            flags.push(Flag::LeftWithKey);
        }
        let limit = member.limits.iter().filter(|limit| limit.from <= last);
        let limit = limit.max_by_key(|limit| limit.from).and_then(|limit| limit.up_to);
        ReviewRow {
            person: member.id.clone(),
            name: member.name.clone(),
            side: match &member.belongs {
                Belongs::Staff => "staff".to_owned(),
                Belongs::Customer { account } => account.0.clone(),
                Belongs::Subcontractor => "subcontractor".to_owned(),
                Belongs::Program => "program".to_owned(),
            } + if left { " (left)" } else { "" },
            roles: held.into_iter().map(hat_text).collect(),
            limit: limit.map(|yen| yen.0.to_string()).unwrap_or_default(),
            deputies,
            keys: keys.iter().filter(live).map(|key| key_text(key)).collect(),
            last_sign_in,
            facts: doings.facts,
            acts: doings.acts,
            flags,
        }
    }

    fn cells(&self) -> [String; 11] {
        let flags: Vec<_> = self.flags.iter().map(|flag| flag.word()).collect();
        [
            self.person.clone(),
            self.name.clone(),
            self.side.clone(),
            self.roles.join("; "),
            self.limit.clone(),
            self.deputies.join("; "),
            self.keys.join("; "),
            self.last_sign_in.map(|at| at.to_string()).unwrap_or_default(),
            self.facts.to_string(),
            self.acts.to_string(),
            flags.join("; "),
        ]
    }
}

fn key_text(key: &ApiKey) -> String {
    format!("{} {} until {}", key.id, word(key.role), key.expires_at.day())
}

impl Review {
    pub fn csv(&self) -> String {
        let mut text =
            "person,name,side,roles,limit,deputy,keys,last_sign_in,facts,acts,flags\n".to_owned();
        for row in &self.rows {
            text += &csv::line(&row.cells().each_ref().map(String::as_str));
        }
        text
    }

    /// The hash of the list, which a reviewer signs.
    pub fn digest(&self) -> String {
        blake3::hash(self.csv().as_bytes()).to_hex().to_string()
    }

    /// For a terminal: one person a block.
    pub fn text(&self) -> String {
        let titles =
            ["", "", "", "roles", "limit", "deputy", "keys", "last sign-in", "facts", "acts", "!"];
        let mut text = format!("access review {}\n", self.quarter);
        for row in &self.rows {
            let cells = row.cells();
            text += &format!("\n{}  {}  {}\n", cells[0], cells[1], cells[2]);
            let told = titles.iter().zip(&cells).skip(3).filter(|(_, cell)| !cell.is_empty());
            for (title, cell) in told {
                text += &format!("  {title:<13} {cell}\n");
            }
        }
        for (entry, same) in &self.signed {
            let changed = if *same { "" } else { "; the list has changed since" };
            text += &format!("\nsigned by {} on {}{changed}\n", entry.by.id, entry.at);
        }
        text
    }
}

impl Door {
    /// The list of a quarter.
    pub async fn review(&self, quarter: Quarter) -> Result<Review, DoorError> {
        let (from, until) =
            (Moment::start_of(quarter.first_day()), Moment::end_of(quarter.last_day()));
        let people = self.people().await?;
        let identity = self.identity();
        let sign_ins = identity.last_sign_ins(until).await?;
        let doings = identity.doings(from, until).await?;
        let before = identity.doings(Moment::from_unix_seconds(0), until).await?;
        let all_keys = identity.keys().await?;
        let nothing = Doings::default();
        let known = |member: &&Member| {
            member.hats.is_empty() || member.hats.iter().any(|hat| hat.from <= quarter.last_day())
        };
        let rows = people.members().filter(known).map(|member| {
            let id = &member.id;
            let made = |key: &&ApiKey| key.person == *id && key.made_at <= until;
            let keys: Vec<_> = all_keys.iter().filter(made).collect();
            let sign_in = sign_ins.iter().find(|(person, _)| person == id).map(|(_, at)| *at);
            let own = doings.iter().find(|(person, _)| person == id);
            let own = own.map_or(&nothing, |(_, doings)| doings);
            let ever = sign_in.is_some() || before.iter().any(|(person, _)| person == id);
            ReviewRow::of(member, quarter, &keys, sign_in, ever, own)
        });
        let mut review = Review { quarter, rows: rows.collect(), signed: Vec::new() };
        let digest = review.digest();
        for (_, entry) in self.engine.people_entries().await? {
            if let PeopleChange::AccessReviewed { quarter: of, digest: signed } = &entry.change
                && *of == quarter.to_string()
            {
                let same = *signed == digest;
                review.signed.push((entry, same));
            }
        }
        Ok(review)
    }

    /// The entry with which a reviewer signs, once the quarter is over.
    pub async fn signing(&self, quarter: Quarter) -> Result<PeopleChange, DoorError> {
        if self.today() <= quarter.last_day() {
            return Err(DoorError::Refused(sentence!(
                "{quarter} はまだ終わっていません。",
                "{quarter} is not over"
            )));
        }
        let digest = self.review(quarter).await?.digest();
        Ok(PeopleChange::AccessReviewed { quarter: quarter.to_string(), digest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_have_a_first_and_a_last_day() {
        let fourth: Quarter = "2026Q4".parse().unwrap();
        assert_eq!(fourth.first_day().to_string(), "2026-10-01");
        assert_eq!(fourth.last_day().to_string(), "2026-12-31");
        assert_eq!(fourth.to_string(), "2026Q4");
        assert_eq!(Quarter::before("2027-01-01".parse().unwrap()), fourth);
        assert_eq!(Quarter::before("2026-12-31".parse().unwrap()).to_string(), "2026Q3");
        for wrong in ["2026", "2026Q5", "2026Q0", "26Q1", "2026Qx", ""] {
            assert!(wrong.parse::<Quarter>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn roles_that_should_not_meet_are_flagged() {
        use Role as R;
        assert_eq!(hands(&[R::OrderDesk, R::ContractApprover]), [Flag::BothHands]);
        assert_eq!(hands(&[R::SuspensionApprover, R::Collections]), [Flag::BothHands]);
        assert_eq!(hands(&[R::Auditor, R::Billing]), [Flag::WatchesItself]);
        assert!(hands(&[R::Auditor, R::Administrator]).is_empty());
        assert!(hands(&[R::OrderDesk, R::Support]).is_empty() && hands(&[]).is_empty());
    }
}
