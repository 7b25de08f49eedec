//! Writing a notice, looking at it before it leaves, approving or dropping it.

use contract::ending::cancellation;
use contract::ending::cure::cure;
use contract::notices::effective::latest_for;
use contract::notices::given::{DeliveryId, NoticeId};
use contract::notices::notice::Channel;
use contract::who::actor::Actor;
use reckon::Moment;
use std::sync::Arc;

use super::addressing::Named;
use super::audience::{Addressed, Audience};
use super::draft::{Draft, Sound, is_named};
use super::entries::{
    Approved, NOTICES, NoticeEntry, NoticeStep, Words, Written, addressed_entries,
};
use super::fault::DraftFault;
use super::held::{Announcement, Announcements, Standing};
use super::said::{Said, written_moment};
use crate::keeping::store::{PersonalRow, StoreError, Transaction};
use crate::keeping::subjects::{company_subject, records_subject};
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

/// Customers whose names a preview gives.
const NAMED: usize = 100;

/// What will happen if a draft leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeAhead {
    pub said: Said,
    pub audience: AudienceAhead,
    /// The last moment at which it may take effect and be in time.
    pub latest: Option<Moment>,
    /// What to know before sending it, in Japanese and English.
    pub warnings: Vec<DraftFault>,
    /// Whether somebody else has to approve it.
    pub waits: bool,
}

/// To whom it would go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudienceAhead {
    pub customers: u64,
    pub contracts: u64,
    /// The first of them, each with its name.
    pub first: Vec<NamedCustomer>,
    /// Those who have no address for mails, where it goes by mail.
    pub without_address: Vec<NamedCustomer>,
}

/// A customer by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCustomer {
    pub name: String,
    pub to: Addressed,
}

/// A draft that may be written, with those to whom it goes.
struct Checked {
    sound: Sound,
    named: Named,
    /// The audience: that of the notice which it withdraws, if it withdraws one.
    audience: Audience,
    /// Whether somebody else approves it.
    waits: bool,
}

impl Engine {
    /// Every notice of the operator.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn announcements(&self) -> Result<Arc<Announcements>, EngineError> {
        Ok(self.announcing.cache.announcements(&*self.store).await?)
    }

    /// What would come of a draft; nothing is written.
    ///
    /// # Errors
    /// [`EngineError::Draft`] with everything that is wrong with it.
    pub async fn notice_ahead(
        &self,
        draft: &Draft,
        by: &Actor,
    ) -> Result<NoticeAhead, EngineError> {
        let Checked { sound, named, audience, waits } = self.checked(draft, by).await?;
        let words = Words { fields: sound.fields.clone(), text: draft.text.trim().to_owned() };
        let (latest, warnings) = self.timing(&sound)?;
        let written = written(draft, &sound, &words, audience, "");
        Ok(NoticeAhead {
            said: self.said_of(&written, &words, self.now()),
            audience: self.audience_ahead(named, &draft.channels).await?,
            latest,
            warnings,
            waits,
        })
    }

    async fn audience_ahead(
        &self,
        named: Named,
        channels: &[Channel],
    ) -> Result<AudienceAhead, EngineError> {
        let mut ahead = AudienceAhead::default();
        for (account, (name, contracts)) in named {
            ahead.customers += 1;
            ahead.contracts += contracts.len() as u64;
            let reached =
                !channels.contains(&Channel::Email) || self.can_be_mailed(&contracts).await?;
            let customer = NamedCustomer { name, to: Addressed { account, contracts } };
            if !reached {
                ahead.without_address.push(customer.clone());
            }
            if ahead.first.len() < NAMED {
                ahead.first.push(customer);
            }
        }
        Ok(ahead)
    }

    /// The last moment at which a notice may take effect and be in time for what it
    /// announces.
    ///
    /// # Errors
    /// When the law cannot be put together.
    pub fn announce_by(&self, one: &Announcement) -> Result<Option<Moment>, EngineError> {
        let lead = one.kind().and_then(|kind| kind.lead.as_ref());
        let Some((takes_effect, lead)) = one.written.takes_effect.zip(lead) else {
            return Ok(None);
        };
        let terms = self.law.effective(self.now(), &[])?;
        Ok(Some(latest_for(lead, takes_effect, &terms)))
    }

    /// To whom a notice goes: as it was approved, or as it would be now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audience_of(&self, one: &Announcement) -> Result<AudienceAhead, EngineError> {
        let named = match (&one.approved, &one.written.withdraws) {
            (Some(_), _) => self.customers_told(&one.id).await?,
            (None, Some(old)) => self.customers_told(old).await?,
            (None, None) => self.customers_of(&one.written.audience, self.now()).await?,
        };
        self.audience_ahead(named, &one.written.channels).await
    }

    /// By when it has to take effect, and what to know about that.
    fn timing(&self, sound: &Sound) -> Result<(Option<Moment>, Vec<DraftFault>), EngineError> {
        let Some((takes_effect, lead)) = sound.takes_effect.zip(sound.kind.lead.as_ref()) else {
            return Ok((None, Vec::new()));
        };
        let now = self.now();
        let terms = self.law.effective(now, &[])?;
        let latest = latest_for(lead, takes_effect, &terms);
        let mut warnings = Vec::new();
        if now > latest {
            let by = written_moment(latest);
            warnings.push(DraftFault::new(
                "timing",
                format!("この通知は{by}までに効力を生じている必要があり、もう間に合いません。送っても、予告の期間には足りません。"),
                format!("It had to take effect by {}: it is too late for what it announces.", latest.to_minute_text()),
            ));
        }
        if sound.kind.leaves_time_to_cancel {
            let earliest = cancellation::earliest(&terms, now.day());
            if earliest >= takes_effect.day() {
                warnings.push(DraftFault::new(
                    "timing",
                    format!("契約者が今日解除を申し出ても、解除日は早くて{}です。変更の前に解除する余裕がありません（A-07）。", contract::declare::figures::written_day(earliest)),
                    format!("A customer who cancels today leaves on {earliest} at the earliest: not before it holds (A-07)."),
                ));
            }
        }
        Ok((Some(latest), warnings))
    }

    async fn checked(&self, draft: &Draft, by: &Actor) -> Result<Checked, EngineError> {
        let now = self.now();
        let held = self.announcements().await?;
        let mut faults = Vec::new();
        let mut audience = draft.audience.clone();
        let old = match &draft.withdraws {
            None => None,
            Some(old) => match held.get(old) {
                Some(old) => {
                    faults.extend(withdrawable(old, by, now));
                    faults.extend(self.has_run_out(old).await?);
                    // It goes to those to whom that one went.
                    audience = old.written.audience.clone();
                    Some(old)
                }
                None => {
                    faults.push(DraftFault::new(
                        "withdraws",
                        "その通知はありません。",
                        "There is no such notice.",
                    ));
                    None
                }
            },
        };
        let draft = Draft { audience: audience.clone(), ..draft.clone() };
        let sound = match draft.sound(now) {
            Ok(sound) => sound,
            Err(more) => {
                faults.extend(more);
                return Err(EngineError::Draft(faults));
            }
        };
        faults.extend(self.not_admitted(&draft, &sound, by)?);
        if !faults.is_empty() {
            return Err(EngineError::Draft(faults));
        }
        let named = match old {
            None => self.customers_of(&audience, now).await?,
            Some(old) => self.customers_told(&old.id).await?,
        };
        if named.is_empty() {
            return Err(refused(
                "宛先になる契約がありません。",
                "There is no contract to which it would go.",
            ));
        }
        let approvers = held.approvers(&draft.kind, draft.withdraws.as_ref());
        Ok(Checked { sound, named, audience, waits: !approvers.is_empty() })
    }

    /// What the roles and the operator's channels say against a draft.
    fn not_admitted(
        &self,
        draft: &Draft,
        sound: &Sound,
        by: &Actor,
    ) -> Result<Vec<DraftFault>, EngineError> {
        let mut faults = Vec::new();
        if !is_named(&sound.kind.write, by.role) {
            faults.push(DraftFault::new(
                "kind",
                "この役割では、この種類の通知を書けません。",
                "This role does not write notices of this kind.",
            ));
        }
        let admitted = self.law.effective(self.now(), &[])?.rules.notice_channels.clone();
        if let Some(other) = draft.channels.iter().find(|one| !one.is_among(&admitted)) {
            faults.push(DraftFault::new(
                "channels",
                format!(
                    "{}は、通知の方法として定められていません（notice.channels）。",
                    super::draft::channel_ja(*other)
                ),
                format!("{} is no channel of notices here (notice.channels).", other.name()),
            ));
        }
        Ok(faults)
    }

    /// 16-1(7): a demand whose days have run out opened a right; taking it back now would
    /// close it backwards.
    async fn has_run_out(&self, old: &Announcement) -> Result<Option<DraftFault>, EngineError> {
        let Some(days) = old.written.cure_days else { return Ok(None) };
        for account in self.customers_told(&old.id).await?.into_keys() {
            let delivery = DeliveryId::of(&old.id, &old.written.text_hash, &account);
            let state = self.state(&account).await?;
            let effective = state.notices.get(&delivery).and_then(|one| one.effective.as_ref());
            let over = |at: Moment| cure(at.day(), days).0 < self.now().day();
            if effective.is_some_and(|effective| over(effective.at)) {
                return Ok(Some(DraftFault::new(
                    "withdraws",
                    "是正の期間が過ぎた催告は撤回できません。是正されたときは、事由の解消を登録してください。",
                    "The days of the demand have run out: register that the ground is lifted instead.",
                )));
            }
        }
        Ok(None)
    }

    /// After a restore nothing is announced before somebody has looked at what left since.
    async fn not_in_review(&self) -> Result<(), EngineError> {
        match self.review().await? {
            None => Ok(()),
            Some(_) => Err(refused(
                "復元の後の確認が終わるまで、通知は書けず、送られません。",
                "Until what left since the backup is looked at, nothing is announced.",
            )),
        }
    }

    /// Writes a notice. One that needs nobody's approval leaves at once; the others wait. A
    /// form that is sent twice writes one notice.
    ///
    /// # Errors
    /// [`EngineError::Draft`] with everything that is wrong with it.
    pub async fn write_notice(
        &self,
        form: &str,
        draft: &Draft,
        by: &Actor,
    ) -> Result<NoticeId, EngineError> {
        loop {
            match self.try_write_notice(form, draft, by).await {
                // Somebody else wrote meanwhile: look again.
                Err(EngineError::Store(StoreError::Duplicate(_) | StoreError::Conflict(_))) => {}
                other => return other,
            }
        }
    }

    async fn try_write_notice(
        &self,
        form: &str,
        draft: &Draft,
        by: &Actor,
    ) -> Result<NoticeId, EngineError> {
        let held = self.announcements().await?;
        if let Some(known) = held.of_form(form) {
            return Ok(known.id.clone());
        }
        self.not_in_review().await?;
        let Checked { sound, named, audience, waits } = self.checked(draft, by).await?;
        let (id, at) = (held.next_id(), self.now());
        let words = Words { fields: sound.fields.clone(), text: draft.text.trim().to_owned() };
        let mut written = written(draft, &sound, &words, audience, form);
        let mut transaction = Transaction::default();
        // What one customer is told may name people: it goes with that customer's records.
        if written.audience.is_one()
            && let Some(account) = named.keys().next()
        {
            let row = format!("notice/{id}");
            let subject = match &written.audience {
                Audience::Contract { contract } => records_subject(contract),
                _ => company_subject(account),
            };
            transaction.personal.push(PersonalRow {
                id: row.clone(),
                subject,
                account: account.clone(),
                class: "notice".to_owned(),
                name: id.0.clone(),
                content: serde_json::to_vec(&words).expect("plain data"),
            });
            (written.sealed, written.words) = (Some(row), None);
        }
        let entry = |what| NoticeEntry { notice: id.clone(), by: by.clone(), at, what };
        transaction.operator.push(entry(NoticeStep::Written(Box::new(written))).stored());
        if !waits {
            approve_with(&mut transaction, &id, &named, entry);
        }
        self.commit_notice(transaction, &held, at).await?;
        Ok(id)
    }

    async fn commit_notice(
        &self,
        mut transaction: Transaction,
        held: &Announcements,
        at: Moment,
    ) -> Result<(), EngineError> {
        transaction.recorded_at = Some(at);
        // Numbers follow one another, and a notice is withdrawn once: nobody wrote meanwhile.
        transaction.operator_after.push((NOTICES.to_owned(), held.entries));
        Ok(self.store.commit(&transaction).await?)
    }

    /// Lets a notice leave, as another person than who wrote it.
    ///
    /// # Errors
    /// [`EngineError::Draft`] with what stands against it.
    pub async fn approve_notice(&self, id: &NoticeId, by: &Actor) -> Result<(), EngineError> {
        self.not_in_review().await?;
        loop {
            let held = self.announcements().await?;
            let waiting = approvable(&held, id, by)?;
            if waiting.approved.is_some() {
                return Ok(());
            }
            let at = self.now();
            if waiting.written.takes_effect.is_some_and(|from| from <= at) {
                return Err(refused(
                    "予告した日時がもう過ぎています。取り下げて、書き直してください。",
                    "What it announces has come: drop it and write another.",
                ));
            }
            let named = match &waiting.written.withdraws {
                None => self.customers_of(&waiting.written.audience, at).await?,
                Some(old) => {
                    let old = held.get(old).ok_or_else(no_such)?;
                    let stands = withdrawable_now(old, at);
                    if let Some(fault) = stands.or(self.has_run_out(old).await?) {
                        return Err(EngineError::Draft(vec![fault]));
                    }
                    let old = &old.id;
                    self.customers_told(old).await?
                }
            };
            let mut transaction = Transaction::default();
            let entry = |what| NoticeEntry { notice: id.clone(), by: by.clone(), at, what };
            approve_with(&mut transaction, id, &named, entry);
            match self.commit_notice(transaction, &held, at).await {
                Err(EngineError::Store(StoreError::Duplicate(_) | StoreError::Conflict(_))) => {}
                other => return other,
            }
        }
    }

    /// A notice that waits does not leave.
    ///
    /// # Errors
    /// [`EngineError::Draft`] with what stands against it.
    pub async fn drop_notice(
        &self,
        id: &NoticeId,
        by: &Actor,
        reason: &str,
    ) -> Result<(), EngineError> {
        loop {
            let held = self.announcements().await?;
            let Some(waiting) = held.get(id) else { return Err(no_such()) };
            if !may_drop(waiting, by) {
                return Err(refused(
                    "書いた人か、承認できる人だけが取り下げられます。",
                    "Only who wrote it, or may approve it, drops it.",
                ));
            }
            match waiting.standing() {
                Standing::Waiting => {}
                Standing::Dropped => return Ok(()),
                _ => {
                    return Err(refused(
                        "もう送られています。撤回の通知を書いてください。",
                        "It has left: write a notice that withdraws it.",
                    ));
                }
            }
            let at = self.now();
            let what = NoticeStep::Dropped { reason: reason.trim().to_owned() };
            let entry = NoticeEntry { notice: id.clone(), by: by.clone(), at, what };
            let operator = vec![entry.stored()];
            let transaction = Transaction { operator, ..Transaction::default() };
            match self.commit_notice(transaction, &held, at).await {
                Err(EngineError::Store(StoreError::Duplicate(_) | StoreError::Conflict(_))) => {}
                other => return other,
            }
        }
    }
}

fn written(draft: &Draft, sound: &Sound, words: &Words, audience: Audience, form: &str) -> Written {
    let said = serde_json::to_vec(&(&sound.title, words)).expect("plain data");
    let mut channels = draft.channels.clone();
    channels.sort_unstable();
    channels.dedup();
    Written {
        form: form.to_owned(),
        kind: draft.kind.clone(),
        title: sound.title.clone(),
        words: Some(words.clone()),
        sealed: None,
        text_hash: blake3::hash(&said).to_hex().to_string(),
        audience,
        channels,
        takes_effect: sound.takes_effect,
        cure_days: sound.cure_days,
        withdraws: draft.withdraws.clone(),
    }
}

/// The approval, with everybody to whom it goes.
fn approve_with(
    transaction: &mut Transaction,
    id: &NoticeId,
    named: &Named,
    entry: impl Fn(NoticeStep) -> NoticeEntry,
) {
    let to: Vec<Addressed> = named
        .iter()
        .map(|(account, (_, contracts))| Addressed {
            account: account.clone(),
            contracts: contracts.clone(),
        })
        .collect();
    let contracts = to.iter().map(|one| one.contracts.len() as u64).sum();
    let approved = Approved { customers: to.len() as u64, contracts };
    transaction.operator.push(entry(NoticeStep::Approved(approved)).stored());
    transaction.operator.extend(addressed_entries(id, &to));
}

/// What stands against withdrawing a notice: who may neither write nor approve one of its kind
/// does not undo it.
fn withdrawable(old: &Announcement, by: &Actor, now: Moment) -> Option<DraftFault> {
    let writes = old.kind().is_some_and(|kind| is_named(&kind.write, by.role));
    if !writes && !is_named(&old.approvers, by.role) {
        return Some(DraftFault::new(
            "withdraws",
            "この役割では、その種類の通知を撤回できません。",
            "This role does not withdraw notices of that kind.",
        ));
    }
    withdrawable_now(old, now)
}

/// Only before what it announces holds.
fn withdrawable_now(old: &Announcement, now: Moment) -> Option<DraftFault> {
    let fault = |ja, en| Some(DraftFault::new("withdraws", ja, en));
    if old.written.withdraws.is_some() {
        return fault(
            "撤回の通知は撤回できません。もう一度知らせるときは、新しい通知を書いてください。",
            "What withdraws a notice is not withdrawn: write a new notice.",
        );
    }
    match old.standing() {
        Standing::Waiting | Standing::Dropped => fault(
            "その通知はまだ送られていません。取り下げてください。",
            "It has not left: drop it.",
        ),
        Standing::Withdrawn => {
            fault("その通知はもう撤回されています。", "It is withdrawn already.")
        }
        Standing::Leaving | Standing::Out
            if old.written.takes_effect.is_some_and(|from| from <= now) =>
        {
            fault(
                "予告した日時を過ぎた通知は撤回できません。",
                "What it announced has come: it cannot be withdrawn any more.",
            )
        }
        Standing::Leaving | Standing::Out => None,
    }
}

/// The notice, if this person may approve it.
fn approvable<'a>(
    held: &'a Announcements,
    id: &NoticeId,
    by: &Actor,
) -> Result<&'a Announcement, EngineError> {
    let waiting = held.get(id).ok_or_else(no_such)?;
    if waiting.dropped.is_some() {
        return Err(refused("取り下げられています。", "It was dropped."));
    }
    if !is_named(&waiting.approvers, by.role) {
        return Err(refused(
            "この役割では、この種類の通知を承認できません。",
            "This role does not approve notices of this kind.",
        ));
    }
    if waiting.written_by.stands_for(&by.id) || by.stands_for(&waiting.written_by.id) {
        return Err(refused(
            "書いた人とは別の人が承認します。",
            "Somebody else than who wrote it approves it.",
        ));
    }
    Ok(waiting)
}

fn may_drop(waiting: &Announcement, by: &Actor) -> bool {
    by.stands_for(&waiting.written_by.id) || is_named(&waiting.approvers, by.role)
}

fn no_such() -> EngineError {
    refused("その通知はありません。", "There is no such notice.")
}

fn refused(ja: &str, en: &str) -> EngineError {
    EngineError::Draft(vec![DraftFault::new("notice", ja, en)])
}
