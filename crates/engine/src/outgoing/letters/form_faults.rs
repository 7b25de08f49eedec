//! What is wrong with a form, cell by cell (9-10(2), 36-1). To whom it goes and what it says
//! stands in a row of personal data.

use document::Fault;
use document::wording::letters::Addressee;

use crate::gates::intake::form_answer;
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormFaultsMail {
    pub reference: String,
}

impl Outgoing for FormFaultsMail {
    const OF: Of = Of {
        is_guarded: false,
        ..Of::mail(
            "form-faults-",
            Words::new("申込書の不備の連絡", "faults of a form"),
            Object::File,
            &[Role::OrderDesk, Role::ContractApprover],
        )
    };

    /// No event does: whatever refuses the form puts it into the outbox with its faults.
    fn asked(_: Asked<'_>) -> Option<FormFaultsMail> {
        None
    }

    fn names(&self) -> String {
        short_hash(self.reference.as_bytes())
    }

    fn about(&self) -> &str {
        &self.reference
    }

    fn is_wanted(&self, _: &Case, _: &AccountState) -> bool {
        true
    }
}

impl Letter for FormFaultsMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let answer = form_answer(&*desk.engine.store, &self.reference).await?;
        let (company, department, person) = Default::default();
        let addressee = Addressee { company, department, person };
        let text = text(&answer.faults, desk.at);
        Ok(Draft { to: vec![answer.to], addressee, text, paper: None, contract: None })
    }
}

pub(super) fn text(faults: &[Fault], received_at: Moment) -> Wording {
    let count = faults.len();
    let lines: Vec<String> = faults.iter().map(Fault::line_ja).collect();
    let (on, time) = (written_day(received_at.day()), received_at.japan());
    Wording {
        subject: format!("【要修正】申込書の不備について（{count}件）"),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            format!(
                "申込書をお送りいただきありがとうございます。内容を確認しましたところ、{count}件の不備がございました。"
            ),
            "お手数ですが、下記の箇所を直したファイルを、このメールへの返信でお送りください。"
                .to_owned(),
        ],
        records: vec![
            ("受信日時", format!("{on} {}:{:02}", time.hour(), time.minute())),
            ("ファイル", faults.first().map(|fault| fault.file.clone()).unwrap_or_default()),
            ("不備の箇所", lines.join("\n")),
        ],
        remarks: vec!["この申込書による手続きは、まだ始まっておりません。".to_owned()],
    }
}
