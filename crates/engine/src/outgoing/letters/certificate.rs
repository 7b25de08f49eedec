//! 消去証明書 (19-2): what was erased, and what is kept for which reason.

mod paper;

use contract::declare::fact::{CertificateSent, MaterialErased};
use contract::declare::names::erased;
use contract::ending::erasure::ErasedClass;
use typeset::Document;

use self::paper::{certificate, erasure_of};
use crate::outgoing::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CertificateMail {
    pub contract: ContractId,
}

impl Outgoing for CertificateMail {
    const OF: Of = Of::mail(
        "certificate-",
        Words::new("消去証明書", "certificate of erasure"),
        Object::Contract,
        &[Role::PrivacyOfficer],
    );

    fn asked(asked: Asked<'_>) -> Option<CertificateMail> {
        let Fact::MaterialErased(MaterialErased { contract, .. }) = asked.fact()? else {
            return None;
        };
        Some(CertificateMail { contract: contract.clone() })
    }

    fn about(&self) -> &str {
        &self.contract.0
    }

    fn is_wanted(&self, _: &Case, state: &AccountState) -> bool {
        state.contracts.contains_key(&self.contract)
    }

    fn done(&self, message_id: String, _: Moment) -> Option<Fact> {
        Some(Fact::CertificateSent(CertificateSent { contract: self.contract.clone(), message_id }))
    }
}

impl Letter for CertificateMail {
    async fn draft(&self, desk: &Desk<'_>) -> Result<Draft, EngineError> {
        let id = &self.contract;
        let reached = desk.reach_billing(id).await?;
        let erasure = erasure_of(desk.case, id)?;
        let paper = certificate(desk, id, &erasure)?;
        let attachment = format!("消去証明書_{id}.pdf");
        let kept: Vec<_> =
            paper.kept.iter().map(|item| format!("{}（{}）", item.category, item.law)).collect();
        let ended_on = reached.contract.end.as_ref().map_or(desk.at.day(), |end| end.on);
        let text = text(erasure.fact, ended_on, erasure.at.day(), &kept, &attachment);
        let mut draft = reached.draft(text);
        draft.addressee.department = String::new();
        Ok(draft.with(attachment, Document::ErasureCertificate(paper)))
    }
}

/// `kept` is what is kept, each with its reason.
pub(super) fn text(
    fact: &MaterialErased,
    ended_on: Day,
    erased_on: Day,
    kept: &[String],
    attachment: &str,
) -> Wording {
    let erased = |one: &ErasedClass| {
        format!("{}　{}件（{}）", erased(&one.class, Language::Japanese), one.count, one.method)
    };
    let mut records = vec![
        ("契約番号", fact.contract.to_string()),
        ("契約の終了日", written_day(ended_on)),
        ("消去日", written_day(erased_on)),
        ("消去したもの", fact.erased.iter().map(erased).collect::<Vec<_>>().join("\n")),
    ];
    if !kept.is_empty() {
        records.push(("保存するもの", kept.join("\n")));
    }
    records.push(("添付", format!("消去証明書（{attachment}）")));
    Wording {
        subject: format!("【消去証明書】送付のご案内（契約番号 {}）", fact.contract),
        greeting: TO_CUSTOMER,
        paragraphs: vec![
            "終了した利用契約についてお預かりした資料を消去しましたので、証明書をお送りします（第19条第2項）。"
                .to_owned(),
        ],
        records,
        remarks: Vec::new(),
    }
}
