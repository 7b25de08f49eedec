//! Editions of the rules: what was mended, and in which records it shows.
//!
//! A record names the edition under which it was decided. When a rule is mended, old
//! records keep what they say. What comes out otherwise now is explained by the
//! editions since, if they are about that kind of thing, and enters the record as a
//! step of its own ([`Content::Edition`](crate::road::stream::Content::Edition)), which
//! asks for nothing outside the house.

use serde::{Deserialize, Serialize};

use crate::declare::consequence::Consequence;

/// Which edition decided a record. One that names none is of the first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Edition(pub u32);

impl Edition {
    pub const FIRST: Edition = Edition(1);

    pub(crate) fn is_first(&self) -> bool {
        *self == Edition::FIRST
    }

    /// The one with this number or a later one: the mending holds.
    pub fn has(self, mended: Edition) -> bool {
        self >= mended
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Default for Edition {
    fn default() -> Edition {
        Edition::FIRST
    }
}

/// What an edition mended.
#[derive(Debug, Clone, Copy)]
pub struct Mended {
    pub edition: Edition,
    pub clauses: &'static [&'static str],
    /// What follows now, and what followed before.
    pub effect: &'static str,
    /// Kinds of consequences that may come out otherwise in older records, and codes
    /// of findings that may stand against an act.
    pub touches: &'static [&'static str],
}

/// The edition under which this program decides.
pub const PRESENT: Edition = MENDED[MENDED.len() - 1].edition;

/// A-50 with 25-1b: a set-off that two persons decided stands.
pub const SET_OFF_STANDS: Edition = Edition(2);
/// 13-1b, 15-1: each end keeps what it excluded.
pub const EACH_END_EXCLUDES: Edition = Edition(3);
/// 9-9: a change contract that was formed is withdrawn only before it holds.
pub const WITHDRAWN_CHANGE: Edition = Edition(4);
/// 16-1(7) with: what a judged ground waits for.
pub const JUDGED_GROUNDS: Edition = Edition(5);
/// no default from a debit that the operator did not order.
pub const UNORDERED_DEBIT: Edition = Edition(6);
/// somebody is asked to decide on resuming.
pub const RESUMPTION_ASKED: Edition = Edition(7);
/// 14-1: a wished start waits for its registration.
pub const START_ASKED: Edition = Edition(8);
/// 12-3: a suspension without a decision is told.
pub const UNDECIDED_STOP: Edition = Edition(9);
/// 24-2, 32-3b: what was paid is not waived; usage by the provider's fault.
pub const PAID_STAYS_PAID: Edition = Edition(10);
/// 9-10(2): a judged false entry is a ground.
pub const FAULTS_ARE_A_GROUND: Edition = Edition(11);
/// 9-8, 15-1, 16-1: what letters state is determined by the record.
pub const LETTERS_ARE_DETERMINED: Edition = Edition(12);
/// 15-3, 16-2: what is payable at once is what is invoiced later.
pub const PAYABLE_AS_INVOICED: Edition = Edition(13);
/// 9-6: the version of the terms at formation is by the reading A-10.
pub const VERSION_BY_RULE: Edition = Edition(14);

/// 12-3, 16-1: what rests on a right that is taken away is withdrawn, or looked at.
pub const GROUND_TAKEN_AWAY: Edition = Edition(15);

/// Every edition since the first, in their order.
pub const MENDED: &[Mended] = &[
    Mended {
        edition: SET_OFF_STANDS,
        clauses: &["24-2", "25-1b"],
        effect: "Money that names an invoice to come is held. What two persons then set off of it \
                 against another invoice stays there when the named invoice is issued: only the \
                 rest is for that one. Before, the set-off was undone in silence.",
        touches: CASH,
    },
    Mended {
        edition: EACH_END_EXCLUDES,
        clauses: &["13-1b", "15-1", "16-1"],
        effect: "An extension that a cancellation had excluded stays excluded when the provider \
                 terminates before the day of that cancellation. Before, only the first end over \
                 all time was looked at, and the extension came back.",
        touches: &["contract_extended"],
    },
    Mended {
        edition: WITHDRAWN_CHANGE,
        clauses: &["9-7", "9-9"],
        effect: "A change contract that was formed can be withdrawn only before the day from \
                 which it holds, and what its preparation cost is charged. Before, one that had \
                 been carried out was undone backwards, and the costs were asked for and \
                 vanished. Withdrawals registered under an earlier edition stay what they were.",
        touches: &[],
    },
    Mended {
        edition: JUDGED_GROUNDS,
        clauses: &["12-3", "16-1(5)", "16-1(7)"],
        effect: "A breach opens the right to terminate only after a demand to cure it whose days \
                 have passed (A-29), and an insolvency only after legal has released it, while \
                 every other right on the contract waits too (A-91). Before, the bare judgement \
                 opened both at once. Judgements registered under an earlier edition stay what \
                 they were.",
        touches: &[],
    },
    Mended {
        edition: UNORDERED_DEBIT,
        clauses: &["25-1(1)", "26-1", "12-3", "16-1(2)"],
        effect: "An invoice that is to be paid by direct debit is not late while the operator has \
                 not ordered the debit (A-94): no arrears, no interest, no right. Before, it was \
                 late from the day after its due date.",
        touches: CASH,
    },
    Mended {
        edition: RESUMPTION_ASKED,
        clauses: &["12-3"],
        effect: "A suspension whose ground was retracted, or never was, asks to resume as \
                 one whose ground closed; a resumption that was decided is not decided \
                 again. Before, nobody was asked there.",
        touches: &[
            "task_opened/resume_upstream",
            "task_closed/resume_upstream",
            "finding/already_asked",
        ],
    },
    Mended {
        edition: START_ASKED,
        clauses: &["14-1", "24-1"],
        effect: "A wished start opens a task on the day before, until the start is \
                 registered. Before, a line that nobody started was silently never charged.",
        touches: &["task_opened/register_start", "task_closed/register_start"],
    },
    Mended {
        edition: UNDECIDED_STOP,
        clauses: &["12-3"],
        effect: "A suspension upstream that nobody had decided raises an alert. Before, it \
                 only marked the contract.",
        touches: &["alert/suspended_without_approval"],
    },
    Mended {
        edition: PAID_STAYS_PAID,
        clauses: &["24-2", "32-3b"],
        effect: "A fee that was paid is not waived, and usage is waived only where a fault \
                 of the provider is recorded. Before, a paid fee could be waived and \
                 returned, and usage never.",
        touches: &["finding/fee_paid", "finding/no_fault_of_provider", "finding/no_such_charge"],
    },
    Mended {
        edition: FAULTS_ARE_A_GROUND,
        clauses: &["9-10"],
        effect: "A judgement on 9-10(2) of an application is a ground of refusal. Before, it \
                 was read for other grounds only.",
        touches: &["grounds_found", "finding/ground_for_refusal"],
    },
    Mended {
        edition: LETTERS_ARE_DETERMINED,
        clauses: &["9-5", "9-7", "9-8", "15-1", "16-1"],
        effect: "What an order acceptance, a receipt notice and a notice of termination state \
                 is determined in the record, and a change contract owes an order acceptance of \
                 its own. Of letters that left before, nothing is recorded afterwards. Before, \
                 letters worked it out anew when they were sent.",
        touches: &[
            "order_determined",
            "receipt_notice_determined",
            "termination_notice_determined",
            "task_opened/order_acceptance",
            "task_closed/order_acceptance",
        ],
    },
    Mended {
        edition: PAYABLE_AS_INVOICED,
        clauses: &["15-3", "16-2", "26-1"],
        effect: "What is payable at once counts late interest as it is invoiced later: that of \
                 the days before a part payment too, none on an invoice of interest, and what \
                 is owed of invoices that were paid late. Holds for forms and terminations \
                 registered since. Before, interest was that of the rest alone.",
        touches: &["payable_now"],
    },
    Mended {
        edition: VERSION_BY_RULE,
        clauses: &["9-6", "4-1b"],
        effect: "The version of the terms under which a contract is formed is by the reading \
                 A-10, for acceptance mails sent since. Before, it was the version in force at \
                 formation whatever had been chosen.",
        touches: &["contract_formed"],
    },
    Mended {
        edition: GROUND_TAKEN_AWAY,
        clauses: &["12-3", "16-1", "19-2"],
        effect: "A suspension that was ordered and not done yet is withdrawn when its ground is \
                 gone, which is told. A termination whose ground turns out not to have been \
                 there is looked at by a person, with the notices that left on it, and nothing \
                 of it is erased meanwhile. Before, the order stood, and so did the erasure.",
        touches: &[
            "task_closed/suspend_upstream",
            "task_opened/review_termination",
            "task_closed/review_termination",
            "alert/suspension_withdrawn",
            "finding/ground_taken_away",
            "finding/already_asked",
        ],
    },
];

/// What follows from where money went.
const CASH: &[&str] = &[
    "payment_applied",
    "application_undone",
    "overpaid",
    "receivable_paid",
    "receivable_overdue",
    "late_interest_owed",
    "right_opened",
    "right_closed",
    "task_opened/resume_upstream",
    "task_closed/resume_upstream",
    "task_opened/return_held",
    "task_closed/return_held",
    "payable_now",
    "alert/returned_without_approval",
];

/// The first edition after one that is about this kind of thing.
pub fn explaining(kind: &str, since: Edition) -> Option<Edition> {
    let about = |touched: &&str| {
        kind.strip_prefix(*touched).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut later = MENDED.iter().filter(|mended| mended.edition > since);
    later.find(|mended| mended.touches.iter().any(about)).map(|m| m.edition)
}

/// The kind of a consequence, such as `contract_formed`, `task_opened/erasure` or
/// `right_opened/12-3`.
pub fn kind_of(consequence: &Consequence) -> String {
    let stored = serde_json::to_value(consequence).expect("plain data");
    let kind = stored["type"].as_str().expect("a tagged enum");
    let named = ["task", "right", "code"].into_iter().find_map(|field| stored[field].as_str());
    match named {
        Some(named) => format!("{kind}/{named}"),
        None => kind.to_owned(),
    }
}
