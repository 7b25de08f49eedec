//! Checks of a company before acceptance: 反社 and 与信 (9-10(3), 9-10(5)).

use std::collections::BTreeSet;

use contract::application::checks::Check;
use contract::declare::fact::Fact;
use contract::declare::ids::AccountId;
use contract::declare::sealed::Folder;
use contract::road::stream::Content;
use contract::sentence;
use contract::who::actor::Actor;
use reckon::Moment;

use crate::keeping::subjects::company_subject;
use crate::road::engine::Engine;
use crate::road::outcome::{EngineError, Outcome};

impl Engine {
    /// The reports of checks of a company that are kept, by the names of their rows.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reports_kept(&self, account: &AccountId) -> Result<BTreeSet<String>, EngineError> {
        let kept = self.store.personal_of(&company_subject(account)).await?.into_iter();
        let reports = kept.filter(|(_, class)| class == Folder::Check.name());
        Ok(reports.map(|(row, _)| row).collect())
    }

    /// Records a check of the company, with the file that shows it.
    ///
    /// # Errors
    /// When the check is of a later day, or expires before it was made; when the
    /// store fails.
    pub async fn record_check(
        &self,
        id: &str,
        account: &AccountId,
        check: Check,
        actor: &Actor,
    ) -> Result<Outcome, EngineError> {
        let today = self.now().day();
        if check.on > today {
            let on = check.on;
            let problem = sentence!(
                "審査の日{on}は今日（{today}）より後です。",
                "the check is of {on}, later than today, {today}",
            );
            return Err(EngineError::Refused(problem));
        }
        if check.expires_on < check.on {
            let (on, over) = (check.on, check.expires_on);
            let problem = sentence!(
                "審査の有効期限{over}が審査の日{on}より前です。",
                "the check of {on} expires on {over}, before it was made",
            );
            return Err(EngineError::Refused(problem));
        }
        let happened = Moment::start_of(check.on).plus_seconds(9 * 3600).min(self.now());
        let content = Content::Fact(Fact::CheckRecorded(check));
        let mut input = self.input(id, account, actor, "desk", content);
        input.occurred_at = happened;
        self.register(input).await
    }
}
