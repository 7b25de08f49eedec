//! Articles 10 and 30-2: registered data and its changes; and what concerns the
//! company before a contract: quotations and orders on them.

use crate::declare::consequence::Consequence;
use crate::declare::prelude::*;
use crate::registered::contact::ContactChanged;
use crate::registered::doors;
use crate::registered::parties::{
    BillToOf, DataChange, Parties, RegisteredData, RegisteredItem, Since,
};
use crate::registered::payer_name::PayerNameLearned;
use crate::road::case::Happening;
use crate::road::unfold::Unfolding;
use crate::takeover::TakenOverContract;

pub(crate) const DATA_CHANGE: Rule =
    Rule::new("data_change", 1, "登録内容の変更", "change of registered data")
        .clauses(&["10-1", "10-1(1)", "10-1(2)", "30-2"])
        .readings(&["A-01", "A-02", "A-35"])
        .parameters(&["registration.notice_bd", "bd.before_mode", "calendar.kind"])
        .told_by::<Notice>();

/// 10-1: when a change was notified, and by when it had to be.
#[derive(Serialize, Deserialize)]
struct Notice {
    notified_on: Day,
    planned_on: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Day>,
}

impl Told for Notice {
    fn lines(&self, because: &Because, l: Reader) -> Option<Vec<String>> {
        let (told, planned) = (day(self.notified_on, l), day(self.planned_on, l));
        let mut lines = vec![say!(
            l,
            "届出 {told}、変更予定日 {planned}",
            "notified {told}, planned for {planned}"
        )];
        if let (Some(limit), Some(count)) =
            (self.limit, because.parameter::<u32>("registration.notice_bd"))
        {
            let limit = day(limit, l);
            lines.push(say!(
                l,
                "変更予定日の{count}営業日前の期限 {limit}",
                "limit, {count} business days before it: {limit}"
            ));
        }
        Some(lines)
    }
}

impl<'a> Unfolding<'a> {
    pub(crate) fn parties(&mut self) {
        self.state.parties = Parties::default();
        for (happening, change) in self.facts::<DataChange>() {
            self.data_change(happening, change);
        }
        for (happening, learned) in self.facts::<PayerNameLearned>() {
            let (from, fact) = (happening.occurred_at.day(), happening.input.clone());
            self.state.parties.learned.push(Since { from, value: learned.name.clone(), fact });
        }
        // Before any change of them: whom an earlier book names, as it was loaded last.
        for (_, taken) in self.facts::<TakenOverContract>() {
            let rows = taken.people.values().filter_map(Sealed::kept);
            self.state.parties.contacts.extend(rows.map(|row| (row.clone(), taken.formed_at)));
        }
        for (happening, changed) in self.facts::<ContactChanged>() {
            let rows = changed.person.kept().into_iter().chain(&changed.kept);
            let from = happening.occurred_at;
            self.state.parties.contacts.extend(rows.map(|row| (row.clone(), from)));
        }
    }

    /// 10-1: notified in time or late, and in force on the planned day.
    fn data_change(&mut self, happening: &'a Happening, change: &'a DataChange) {
        let (at, planned_on) = (happening.occurred_at, change.planned_on);
        let (item, about) = (change.what.item(), happening.input.0.clone());
        let terms = self.terms(at, &[], &about);
        let limit = crate::registered::parties::has_limit(change)
            .then(|| crate::registered::parties::notice_limit(&terms, planned_on).latest_day);
        let late = limit.is_some_and(|limit| at.day() > limit);
        let what = Consequence::DataChangeNoted(DataChangeNoted {
            item,
            planned_on,
            limit,
            late,
            unplanned: change.unplanned,
        });
        let because = Because::of(&DATA_CHANGE)
            .fact(&happening.input)
            .with(Notice { notified_on: at.day(), planned_on, limit })
            .under(&terms);
        self.follow(at, Stream::Company, what, because.clone());
        let begins = Moment::start_of(planned_on).max(at);
        let what = Consequence::DataChanged(DataChanged { item, from: planned_on });
        self.follow(begins, Stream::Company, what, because);
        self.remember(happening, change);
    }

    fn remember(&mut self, happening: &Happening, change: &DataChange) {
        let (from, fact) = (change.planned_on, happening.input.clone());
        let known = &mut self.state.parties;
        match change.what.clone() {
            RegisteredData::Company { company } => {
                known.companies.push(Since { from, value: company, fact });
            }
            RegisteredData::BillTo { contract, to } => {
                known.bill_to.push(Since { from, value: BillToOf { contract, to }, fact });
            }
            RegisteredData::Payers { names } => {
                known.payers.push(Since { from, value: names, fact });
            }
            RegisteredData::Contact { person, kept, .. } => {
                let rows = person.kept().cloned().into_iter().chain(kept);
                let from = Moment::start_of(from);
                known.contacts.extend(rows.map(|row| (row, from)));
            }
        }
    }
}

impl Entry for DataChange {
    const NAME: &'static str = "data_change_notified";
    const CLAUSES: &'static [&'static str] = &["10-1"];
    const TITLE: Words = Words::new("登録内容の変更の届出", "change of registered data notified");
    const BY: Option<Permission> = Some(Permission::RegisterArrival);
    const DOORS: &'static [Door] = doors::CHANGES;

    fn stream(&self) -> Stream {
        Stream::Company
    }

    fn line(&self, l: Reader) -> String {
        let (item, on) = (names::registered(self.what.item(), l), self.planned_on);
        say!(
            l,
            "登録内容の変更の届出（{item}、変更予定日 {on}）",
            "change of registered data notified ({item}, planned for {on})"
        )
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        match &mut self.what {
            RegisteredData::Contact { contract, person, kept, .. } => {
                vec![Mark::Contact { contract: contract.clone(), person, kept }]
            }
            RegisteredData::Company { .. }
            | RegisteredData::BillTo { .. }
            | RegisteredData::Payers { .. } => Vec::new(),
        }
    }
}

/// 10-1: a change was notified; `limit` is the last day in time, where there
/// is one.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct DataChangeNoted {
    pub item: RegisteredItem,
    pub planned_on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Day>,
    pub late: bool,
    pub unplanned: bool,
}

impl Following for DataChangeNoted {
    fn line(&self, l: Reader) -> String {
        let DataChangeNoted { item, planned_on, limit, late, unplanned } = self;
        let item = names::registered(*item, l);
        match limit {
            Some(limit) if *late => say!(
                l,
                "登録内容（{item}）の変更届：変更予定日 {planned_on}の期限 {limit} に遅れた",
                "change of registered data ({item}) for {planned_on} notified late (limit {limit})"
            ),
            Some(limit) => say!(
                l,
                "登録内容（{item}）の変更届：変更予定日 {planned_on}、期限 {limit} 内",
                "change of registered data ({item}) for {planned_on} notified in time (limit {limit})"
            ),
            None if *unplanned => say!(
                l,
                "登録内容（{item}）の予定外の変更（{planned_on}）の届出",
                "unplanned change of registered data ({item}) of {planned_on} notified"
            ),
            None => say!(
                l,
                "登録内容（{item}）の変更届：変更日 {planned_on}",
                "change of registered data ({item}) for {planned_on} notified"
            ),
        }
    }
}

/// 10-1: what was notified holds from this day.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct DataChanged {
    pub item: RegisteredItem,
    pub from: Day,
}

impl Following for DataChanged {
    fn line(&self, l: Reader) -> String {
        let DataChanged { item, from } = self;
        let item = names::registered(*item, l);
        say!(
            l,
            "登録内容（{item}）の変更が{from}から有効",
            "registered data ({item}) as notified hold from {from}"
        )
    }
}
