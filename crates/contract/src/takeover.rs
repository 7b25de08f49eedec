//! What an earlier book (既存の台帳) says of contracts and debts that began before
//! this record: taken over as facts, each with the row that it comes from.
//!
//! A contract that is taken over has no application and no acceptance mail here.
//! What the earlier book says stands until somebody has compared it with the
//! papers; until then it carries the mark "unverified".

pub(crate) mod follows;

use std::collections::BTreeMap;

use terms::Override;

use crate::application::form::{ApplicationForm, CancellationForm, Person, SpecialTerm, UsePeriod};
use crate::application::receiving::{Change, PersonRoleKey};
use crate::declare::fact::Fact;
use crate::declare::ids::short_hash;
use crate::declare::prelude::*;
use crate::ending::cancellation::CancellationFormArrived;
use crate::ending::letters::ReceiptNoticeSent;
use crate::ending::renewal::NonRenewalStated;
use crate::ending::renewal::Statement;
use crate::money::invoice::InvoiceKind;
use crate::notices::notice::Channel;
use crate::road::case::{Circumstances, Happening, What};
use crate::service::suspension::UpstreamSuspended;
use crate::who::roles::Role::{ContractApprover, OrderDesk};

/// Where in which file it was read. The hash is of the whole file (SHA-256).
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Origin {
    pub file: String,
    pub sha256: String,
    pub sheet: String,
    /// Row of the sheet, from 1.
    pub row: u32,
}

/// A running contract as the earlier book has it.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TakenOverContract {
    pub contract: ContractId,
    /// Its number in the earlier book, by which people go on looking for it.
    pub number: String,
    pub origin: Origin,
    pub formed_at: Moment,
    /// The version of the terms under which it was formed.
    pub version: String,
    /// Customer, lines, payment; the period is the one that runs now.
    pub form: ApplicationForm,
    /// The first service month that is charged here: nothing before is.
    pub charge_from: Month,
    /// What is known of lines whose use has begun.
    pub standing: Vec<LineStanding>,
    /// Agreements (1-2) with the day from which each holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreements: Vec<StandingAgreement>,
    /// Change contracts (9-7) that have been formed and begin later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeToCome>,
    /// Declarations that are under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<RunningNotice>,
    /// Since when the service has been suspended (12-3), if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<Moment>,
    #[serde(default)]
    pub people: BTreeMap<PersonRoleKey, Sealed<Person>>,
}

/// A line in service.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct LineStanding {
    pub line: u32,
    pub started_on: Day,
    /// Last day of the minimum term as the earlier book has it; by 14-1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_term_to: Option<Day>,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct StandingAgreement {
    pub term: SpecialTerm,
    pub from: Day,
}

#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ChangeToCome {
    pub from: Day,
    /// The signed document, or the number of the order acceptance.
    pub document: String,
    pub change: Change,
}

/// A declaration that has arrived and has not had its full effect yet.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum RunningNotice {
    /// 15-1: a cancellation form, and the receipt notice if one has been sent.
    Cancellation {
        channel: Channel,
        arrived_at: Moment,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        desired: Option<Day>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notified: Option<Notified>,
    },
    /// 13-1b: a statement that the contract shall not be extended.
    NonRenewal { statement: Statement },
}

/// A receipt notice of the time before. The day that it names stands.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct Notified {
    pub sent_at: Moment,
    pub effective: Day,
}

/// An open invoice of the earlier book. It keeps its number and is not issued here.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct TakenOverReceivable {
    pub number: String,
    pub origin: Origin,
    pub kind: InvoiceKind,
    pub contracts: Vec<ContractId>,
    /// Its service month, as the earlier book has it.
    pub month: Month,
    pub issued_on: Day,
    pub due: Day,
    /// With tax, as it was issued.
    pub total: Yen,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<PartPayment>,
    /// Late interest (26-1) that has been invoiced for it already.
    #[serde(default, skip_serializing_if = "Yen::is_zero")]
    pub interest_charged: Yen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct PartPayment {
    pub on: Day,
    pub amount: Yen,
}

impl ContractId {
    /// The contract of this account that the earlier book knows by this number.
    pub fn taken_over(account: &AccountId, number: &str) -> ContractId {
        let name = format!("taken over {account} {number}");
        ContractId(format!("K-{}", short_hash(name.as_bytes())))
    }

    /// The application that would have formed it: none is recorded for a contract
    /// that was taken over.
    pub fn application(&self) -> ApplicationId {
        ApplicationId(self.0.replacen('K', "P", 1))
    }
}

impl TakenOverContract {
    /// Hash of what was read, whatever file it was read from: the same row in a
    /// file that was saved again is the same row.
    pub fn content_hash(&self) -> String {
        let origin = self.origin.elsewhere();
        // People count by what they are: who they are must not be found out from an id.
        let row = |role: &PersonRoleKey| Sealed::row(format!("{}/contact/{role}", self.contract));
        let people = self.people.keys().map(|role| (role.clone(), row(role))).collect();
        hash_of(&TakenOverContract { origin, people, ..self.clone() })
    }

    /// Every agreement as it is laid over the terms (1-2).
    pub fn overrides(&self) -> Vec<Override> {
        let standing = self.agreements.iter();
        standing.map(|agreed| agreed.term.from(Moment::start_of(agreed.from))).collect()
    }

    /// Whether a receipt notice naming this day went out before the takeover.
    pub fn has_notified(&self, day: Day) -> bool {
        self.notices.iter().any(|notice| match notice {
            RunningNotice::Cancellation { notified, .. } => {
                notified.as_ref().is_some_and(|notified| notified.effective == day)
            }
            RunningNotice::NonRenewal { .. } => false,
        })
    }

    pub fn standing(&self, line: u32) -> Option<&LineStanding> {
        self.standing.iter().find(|standing| standing.line == line)
    }

    /// Facts of the time before that the rules know by themselves.
    fn earlier_facts(&self) -> Vec<(Moment, Fact)> {
        let contract = || self.contract.clone();
        let mut facts = Vec::new();
        for notice in &self.notices {
            match notice {
                RunningNotice::Cancellation { channel, arrived_at, desired, notified } => {
                    // Who signed stands in the paper, which stays where it is.
                    let signed_by = Sealed::row(format!("{} {}", self.origin.file, self.number));
                    let form =
                        CancellationForm { desired: *desired, signed_by, signed_by_other: false };
                    facts.push((
                        *arrived_at,
                        Fact::CancellationFormArrived(CancellationFormArrived {
                            contract: contract(),
                            channel: *channel,
                            arrived_at: *arrived_at,
                            form,
                        }),
                    ));
                    facts.extend(notified.as_ref().map(|notified| {
                        let fact = Fact::ReceiptNoticeSent(ReceiptNoticeSent {
                            contract: contract(),
                            effective: notified.effective,
                            message_id: String::new(),
                        });
                        (notified.sent_at, fact)
                    }));
                }
                RunningNotice::NonRenewal { statement } => {
                    let at = statement.effective_at().unwrap_or(statement.sent_at);
                    let statement = statement.clone();
                    facts.push((
                        at,
                        Fact::NonRenewalStated(NonRenewalStated {
                            contract: contract(),
                            statement,
                        }),
                    ));
                }
            }
        }
        let suspended =
            |at| (at, Fact::UpstreamSuspended(UpstreamSuspended { contract: contract() }));
        facts.extend(self.suspended_at.map(suspended));
        facts
    }
}

impl TakenOverReceivable {
    /// As [`TakenOverContract::content_hash`].
    pub fn content_hash(&self) -> String {
        let origin = self.origin.elsewhere();
        hash_of(&TakenOverReceivable { origin, ..self.clone() })
    }

    /// What the part payments left.
    pub fn outstanding(&self) -> Yen {
        self.total - self.payments.iter().map(|part| part.amount).sum()
    }
}

impl Origin {
    fn elsewhere(&self) -> Origin {
        Origin { file: String::new(), sha256: String::new(), sheet: String::new(), row: 0 }
    }
}

fn hash_of(content: &impl Serialize) -> String {
    short_hash(&serde_json::to_vec(content).expect("plain data"))
}

/// What taken-over contracts say of earlier declarations, told as the facts that
/// they were, under the input that took them over. What the earlier book dates
/// after the takeover counts from the takeover.
pub(crate) fn earlier_facts(happening: &Happening) -> impl Iterator<Item = Happening> {
    let taken = happening.fact::<TakenOverContract>();
    let earlier = taken.map(TakenOverContract::earlier_facts).unwrap_or_default();
    earlier.into_iter().map(|(at, fact)| {
        let known = Circumstances {
            occurred_at: at.min(happening.occurred_at),
            place: 0,
            approves: None,
            ..Circumstances::of(happening)
        };
        known.of_what(What::Fact(fact))
    })
}

/// The minimum term of a line as it stands: its first day by 14-1, its last as
/// the earlier book has it.
pub(crate) fn standing_term(from: Day, by_rule: Day, stated: Option<Day>) -> UsePeriod {
    UsePeriod { from, to: stated.unwrap_or(by_rule) }
}

impl Entry for TakenOverContract {
    const NAME: &'static str = "contract_taken_over";
    const CLAUSES: &'static [&'static str] = &["9-4", "13-1"];
    const TITLE: Words = Words::new("既存契約の引継ぎ", "contract taken over");

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        let earlier = self.earlier_facts().into_iter().map(|(at, _)| Reach::Stated(at));
        let standing = self.standing.iter().map(|line| Reach::day(line.started_on));
        let of_it = [Reach::Subject(self.stream()), Reach::Stated(self.formed_at)];
        of_it.into_iter().chain(standing).chain(earlier).collect()
    }

    fn line(&self, l: Reader) -> String {
        let (contract, number, from) = (&self.contract, &self.number, self.charge_from);
        say!(
            l,
            "既存の台帳から契約{number}を契約{contract}として引継ぎ（請求は{from}分から）",
            "contract {number} of the earlier book taken over as {contract} (charged from {from})"
        )
    }

    fn marks(&mut self) -> Vec<Mark<'_>> {
        let contract = self.contract.clone();
        vec![Mark::Form { contract, people: self.people.values_mut().collect(), files: None }]
    }
}

impl Entry for TakenOverReceivable {
    const NAME: &'static str = "receivable_taken_over";
    const CLAUSES: &'static [&'static str] = &["24-1", "25-1"];
    const TITLE: Words = Words::new("既存の請求の引継ぎ", "receivable taken over");

    fn stream(&self) -> Stream {
        Stream::Ledger
    }

    fn reaches_back_to(&self) -> Vec<Reach<'_>> {
        let paid = self.payments.iter().map(|part| Reach::day(part.on));
        [Reach::day(self.issued_on), Reach::Invoice(&self.number)].into_iter().chain(paid).collect()
    }

    fn line(&self, l: Reader) -> String {
        let (number, due) = (&self.number, self.due);
        let (total, open) = (yen(self.total, l), yen(self.outstanding(), l));
        say!(
            l,
            "既存の台帳から請求{number}を引継ぎ（請求額 {total}、未収 {open}、期日 {due}）",
            "invoice {number} of the earlier book taken over ({total}, {open} unpaid, due {due})"
        )
    }
}

/// A contract that was taken over has been compared with its papers: clears
/// the mark "unverified".
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct VerifyTakeover {
    pub contract: ContractId,
}

impl Entry for VerifyTakeover {
    const NAME: &'static str = "verify_takeover";
    const CLAUSES: &'static [&'static str] = &["9-4", "13-1"];
    const TITLE: Words = Words::new("引継ぎの確認", "takeover verified");
    const DOOR: Option<Door> = Some(
        Door::of_contract(
            "これまでの台帳から引き継いだ内容を、契約書と照らし合わせて確認します。引き継いだ人とは別の人が行います。",
            "What was taken over from the earlier book is compared with the papers of the contract, by another person than whoever took it over.",
        )
        .word("verify")
        .title("引き継いだ契約の確認", "Verify a contract that was taken over")
        .offer("引き継ぎを確認", "verify the takeover")
        .verb("「未確認」を外す", "Clear \"unverified\"")
        .asks(&[Field::tick(
            "compared",
            "契約書と照らし合わせ、内容が一致していることを確認しました",
            "I compared it with the papers, and it is the same",
        )])
        .here(taken_over),
    );

    fn stream(&self) -> Stream {
        Stream::Contract(self.contract.clone())
    }

    fn line(&self, l: Reader) -> String {
        let VerifyTakeover { contract } = self;
        say!(
            l,
            "引き継いだ契約{contract}の内容を確認済みとする",
            "mark the taken-over contract {contract} as verified"
        )
    }
}

/// What there is to compare.
fn taken_over(asked: &Asked, id: &str, l: Reader) -> Here {
    let Some((contract, taken)) =
        asked.contract(id).and_then(|contract| Some((contract, contract.taken_over.as_ref()?)))
    else {
        return Here::default().note(say!(
            l,
            "引き継いだ契約ではありません。",
            "This contract was not taken over."
        ));
    };
    let (from, to) = (day(contract.period.from, l), day(contract.period.to, l));
    let limit = contract.renewal_limit.map_or_else(|| "—".to_owned(), |limit| day(limit, l));
    let (lines, agreements) = (contract.lines.len(), contract.agreements.len());
    let number = &taken.number;
    Here::offered(contract.is_unverified())
        .note(say!(l, "これまでの番号：{number}", "Earlier number: {number}"))
        .note(say!(l, "利用期間：{from} 〜 {to}", "Period of use: {from} to {to}"))
        .note(say!(l, "更新申出期限：{limit}", "Limit for an objection to extension: {limit}"))
        .note(say!(l, "明細：{lines} 件", "Lines: {lines}"))
        .note(say!(l, "個別合意：{agreements} 件", "Agreements: {agreements}"))
        .person(Words::new("引き継いだ人", "Taken over by"), taken.by.clone())
}

impl Deed for VerifyTakeover {
    const DOERS: &'static [Role] = &[ContractApprover, OrderDesk];
    const SECOND: Second = Second::Other;

    fn earlier<'a>(&'a self, state: &'a AccountState) -> Option<&'a str> {
        Some(state.contracts.get(&self.contract)?.taken_over.as_ref()?.by.as_str())
    }

    fn against(&self, asked: &Asked) -> Result<Vec<Finding>, LawError> {
        let Some(found) = asked.state.contracts.get(&self.contract) else {
            return Ok(vec![unknown(&self.contract.0)]);
        };
        let block = |code: &str| vec![Finding::blocking("takeover", code, self.contract.0.clone())];
        Ok(match () {
            () if found.taken_over.is_none() => block("not_taken_over"),
            () if !found.is_unverified() => block("already_verified"),
            () => Vec::new(),
        })
    }
}

/// A contract that had been formed before this record began.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ContractTakenOver {
    pub contract: ContractId,
    pub number: String,
    pub version: String,
    pub charge_from: Month,
}

impl Following for ContractTakenOver {
    fn line(&self, l: Reader) -> String {
        let ContractTakenOver { contract, number, version, charge_from } = self;
        say!(
            l,
            "契約{contract}を引継ぎ（旧番号 {number}、規約{version}版、請求は{charge_from}分から）",
            "contract {contract} taken over (formerly {number}, terms {version}, charged from {charge_from})"
        )
    }
}

/// An invoice of an earlier book that was open when it was taken over.
#[derive(Debug, Clone, PartialEq, JsonSchema, Serialize, Deserialize)]
pub struct ReceivableTakenOver {
    pub number: String,
    pub outstanding: Yen,
    pub due: Day,
}

impl Following for ReceivableTakenOver {
    fn line(&self, l: Reader) -> String {
        let ReceivableTakenOver { number, outstanding, due } = self;
        let outstanding = yen(*outstanding, l);
        say!(
            l,
            "請求{number}の未収{outstanding}を引継ぎ（期日 {due}）",
            "invoice {number} taken over, {outstanding} unpaid (due {due})"
        )
    }
}
