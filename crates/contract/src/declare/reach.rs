//! How far back an entry reaches: nothing that it adds or takes back is dated before that.

use reckon::{Day, Moment};

use crate::declare::fact::Fact;
use crate::declare::ids::InputId;
use crate::declare::words::Words;
use crate::road::stream::Stream;

/// Further back than the moment at which an entry happened. This law needs hindsight, so
/// it is said of what an entry reads and may change, and is resolved against what is
/// registered ([`crate::Account::reach_of`]).
#[derive(Debug, Clone, PartialEq)]
pub enum Reach<'a> {
    /// The start of the day on which it happened.
    ItsDay,
    /// A moment that it states.
    Stated(Moment),
    /// As far as the entry that it answers, mends or moves.
    Entry(&'a InputId),
    /// As far as the fact that stands instead of a wrong one.
    Instead(&'a Fact, Moment),
    /// Since its application, contract or notice was first heard of.
    Subject(Stream),
    /// From a day, or its moment, on money moves otherwise: since the earliest of what
    /// moved it there.
    Money(Option<Day>),
    /// Since the oldest of the invoices that were owed on a day was issued.
    Owed(Day),
    /// Since an invoice was issued, or money came in that names it.
    Invoice(&'a str),
    /// Since the first payment that was more than what it could settle.
    LeftOver,
    /// Since the first application came in.
    Applications,
}

impl Reach<'_> {
    /// From the start of a day that an entry states.
    pub fn day(day: Day) -> Self {
        Reach::Stated(Moment::start_of(day))
    }

    /// What it is called where all kinds are listed.
    pub fn title(&self) -> Words {
        match self {
            Reach::ItsDay => Words::new("その日の始まり", "the start of its day"),
            Reach::Stated(_) => Words::new("記載の日時", "what it states"),
            Reach::Entry(_) => Words::new("指す登録", "the entry that it names"),
            Reach::Instead(..) => Words::new("正しい事実", "the fact instead"),
            Reach::Subject(_) => Words::new("対象の始まり", "the beginning of its subject"),
            Reach::Money(_) => Words::new("以後の入金と充当", "money moved after it"),
            Reach::Owed(_) => Words::new("未払いの請求", "invoices owed on its day"),
            Reach::Invoice(_) => Words::new("その請求", "its invoice"),
            Reach::LeftOver => Words::new("最初の過入金", "the first overpayment"),
            Reach::Applications => Words::new("最初の申込", "the first application"),
        }
    }
}
