//! The parameters that decisions read, typed. Their values stand in the pack;
//! a wrong or missing one is found when the law is put together, not later.

use reckon::{CalendarKind, CountingBack, Day, Decimal, InterestRule, Ratio, Roll, YearBasis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Section by section, by the name that the parameter has in the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    #[serde(rename = "application.channels")]
    pub application_channels: Vec<String>,
    #[serde(rename = "assent.version_rule", default)]
    pub version_rule: VersionRule,
    #[serde(rename = "arrears.months")]
    pub arrears_months: u32,
    /// A law of before this was decided asks for no confirmation.
    #[serde(rename = "arrival.confirm", default)]
    pub arrival_confirm: Vec<ConfirmGround>,
    #[serde(rename = "bd.before_mode")]
    pub before_mode: CountingBack,
    #[serde(rename = "calendar.closures")]
    pub closures: Vec<Day>,
    #[serde(rename = "calendar.kind")]
    pub calendar: CalendarKind,
    #[serde(rename = "cancel.channels")]
    pub cancel_channels: Vec<String>,
    #[serde(rename = "cancel.count_arrival_day")]
    pub count_arrival_day: bool,
    #[serde(rename = "cancel.deemed_bd")]
    pub cancel_deemed_bd: u32,
    #[serde(rename = "cancel.notice_bd")]
    pub cancel_notice_bd: u32,
    #[serde(rename = "cancel.receipt_required")]
    pub receipt_required: bool,
    #[serde(rename = "cancel.offer_month_end", default)]
    pub offer_month_end: bool,
    #[serde(rename = "cancel.threshold")]
    pub cancel_threshold: CountingBack,
    #[serde(rename = "checks.missing", default)]
    pub missing_check: MissingCheck,
    #[serde(rename = "checks.required", default)]
    pub required_checks: Vec<CheckKind>,
    #[serde(rename = "due.calendar")]
    pub due_calendar: CalendarKind,
    #[serde(rename = "due.roll")]
    pub due_roll: Roll,
    /// 14-2: by the provider's date. A law of before this was asked has the due date of
    /// the fees.
    #[serde(rename = "early_termination.due_days", default)]
    pub early_termination_due_days: u32,
    #[serde(rename = "early_termination.overlap")]
    pub overlap: Overlap,
    #[serde(rename = "fee.prorate_last_month")]
    pub prorate_last_month: bool,
    #[serde(rename = "interest.include_payment_day")]
    pub include_payment_day: bool,
    #[serde(rename = "interest.on_interest")]
    pub interest_on_interest: bool,
    #[serde(rename = "interest.rate")]
    pub interest_rate: Decimal,
    #[serde(rename = "interest.year_basis")]
    pub year_basis: YearBasis,
    #[serde(rename = "min_term.anchor")]
    pub min_term_anchor: MinTermAnchor,
    #[serde(rename = "min_term.months")]
    pub min_term_months: u32,
    #[serde(rename = "payment.allocation")]
    pub allocation: Allocation,
    #[serde(rename = "period.must_end_at_month_end")]
    pub period_must_end_at_month_end: bool,
    #[serde(rename = "prompt.speedily_bd")]
    pub speedily_bd: u32,
    #[serde(rename = "prompt.without_delay_bd")]
    pub without_delay_bd: u32,
    /// Which notices leave by themselves, by their kind. A law of before this was asked
    /// sends none.
    #[serde(rename = "notice.automatic", default)]
    pub notice_automatic: Vec<String>,
    #[serde(rename = "notice.channels", default = "every_channel")]
    pub notice_channels: Vec<String>,
    #[serde(rename = "registration.notice_bd")]
    pub registration_notice_bd: u32,
    #[serde(rename = "renewal.extension_months")]
    pub extension_months: u32,
    #[serde(rename = "renewal.notice_bd")]
    pub renewal_notice_bd: u32,
    /// whether an invoice is late although the operator ordered no debit.
    #[serde(rename = "debit.default_without_order", default)]
    pub late_without_debit: bool,
    /// what an insolvency locks until legal releases it.
    #[serde(rename = "insolvency.lock", default = "locked")]
    pub insolvency_lock: bool,
    #[serde(rename = "resume.monitor_bd")]
    pub resume_monitor_bd: u32,
    #[serde(rename = "secrecy.years")]
    pub secrecy_years: u32,
    #[serde(rename = "suspension.grace_days")]
    pub grace_days: u32,
    #[serde(rename = "suspension.min_amount")]
    pub suspension_min_amount: i64,
}

/// Which version an applicant assents to when a new one comes into force between
/// sending and acceptance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum VersionRule {
    #[serde(rename = "a")]
    AtSending,
    #[serde(rename = "b")]
    AtFormation,
    /// At formation, if it could be read when the form was sent; else at sending.
    #[default]
    #[serde(rename = "c")]
    IfPublished,
}

/// From which day the minimum term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinTermAnchor {
    FirstOfStartMonth,
    StartDay,
}

/// Whether the remaining charge counts the rest of the cancellation month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    Exclude,
    Include,
}

/// Laws that do not know the parameter yet.
fn locked() -> bool {
    true
}

/// Laws of before the channels of notices were read.
fn every_channel() -> Vec<String> {
    ["email", "paper", "homepage", "other"].map(str::to_owned).to_vec()
}

/// What a part payment settles first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allocation {
    PrincipalFirst,
    /// Interest first, then principal (Civil Code 489).
    Civil489,
}

/// Why a second person looks at the arrival of a cancellation form before its
/// receipt notice goes out (15-1, 30-1).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmGround {
    /// It is said to have arrived before the day on which it was registered.
    BackDated,
    /// The terms put another day in place of the desired one (15-1b).
    Deemed,
    /// The everyday way of counting would have decided otherwise.
    LabelZone,
    /// Signed by somebody else than the responsible person (30-1, A-81).
    OtherSigner,
}

/// What is looked into before an application is accepted (9-10(3), 9-10(5)).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Ties to anti-social forces (反社).
    AntiSocial,
    /// Credit (与信).
    Credit,
}

/// Whether an application without a required check can be accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingCheck {
    #[default]
    Block,
    Warn,
}

impl Rules {
    /// Article 26 with its readings.
    pub fn interest(&self) -> InterestRule {
        InterestRule {
            rate: self.interest_rate.ratio() * Ratio::new(1, 100),
            year_basis: self.year_basis,
            include_payment_day: self.include_payment_day,
        }
    }
}
