//! 消去証明書, the certificate of erasure (19-2): only what records prove.

use contract::declare::consequence::SecrecyEnds;
use contract::declare::fact::MaterialErased;
use contract::declare::names::erased;
use contract::road::case::What;
use reckon::Period;
use typeset::{ErasedItem, ErasureCertificate, KeptItem};

use crate::outgoing::determined::latest;
use crate::outgoing::papers::{addressee, note, owned};
use crate::outgoing::prelude::*;

/// What was erased and by whom, when, and the record that the certificate rests on.
pub(super) struct Erasure<'a> {
    pub fact: &'a MaterialErased,
    pub at: Moment,
    pub record: &'a str,
}

pub(super) fn erasure_of<'a>(case: &'a Case, id: &ContractId) -> Result<Erasure<'a>, EngineError> {
    let found = case.in_force().iter().find_map(|happening| match happening.what.as_ref() {
        What::Fact(Fact::MaterialErased(fact)) if fact.contract == *id => {
            Some(Erasure { fact, at: happening.occurred_at, record: &happening.input.0 })
        }
        _ => None,
    });
    found.ok_or_else(|| {
        EngineError::Refused(sentence!(
            "契約{id}について消去したものはありません。",
            "{id}: nothing has been erased"
        ))
    })
}

pub(super) fn certificate(
    desk: &Desk<'_>,
    id: &ContractId,
    erasure: &Erasure<'_>,
) -> Result<ErasureCertificate, EngineError> {
    let (sender, state, sent_at) = (desk.sender(), desk.state, desk.at);
    let contract = state.contracts.get(id);
    let (Some(contract), Some(end)) = (contract, contract.and_then(|c| c.end.as_ref())) else {
        return Err(EngineError::Refused(sentence!(
            "契約{id}は終了していないため、証明するものがありません。",
            "{id} has not ended: nothing to certify",
        )));
    };
    let number = format!("ERS-{}", id.0.trim_start_matches("K-").to_uppercase());
    let items = erasure.fact.erased.iter().map(|class| ErasedItem {
        category: erased(&class.class, Language::Japanese).to_owned(),
        count: class.count,
        unit: "件".to_owned(),
        method: class.method.clone(),
        done_at: erasure.at,
        done_by: sender.operator.name_of(&erasure.fact.by),
        approved_by: sender.operator.name_of(&erasure.fact.confirmed_by),
    });
    // 41-8: up to when secrecy is owed after the end of a contract.
    let secrecy = latest(desk.case, id, |consequence| match consequence {
        Consequence::SecrecyEnds(SecrecyEnds { contract, until }) if contract == id => Some(*until),
        _ => None,
    });
    let secrecy = secrecy.map(|until| {
        let until = format!("{}年{}月{}日", until.year(), until.month(), until.day());
        let text = format!("秘密保持の義務は、契約終了後も{until}まで存続します。");
        note("秘密情報", text, &["41-8"])
    });
    let version = sender.version_of(contract, sent_at.day());
    let backups = sender.operator.invoice.backup_days;
    let addressee = addressee(state.company_on(contract, sent_at.day()), None);
    Ok(ErasureCertificate {
        head: sender.letterhead(number, sent_at.day(), addressee, &version),
        contract_number: id.0.clone(),
        ended: end.on,
        clauses: owned(&["19-2"]),
        erased: items.collect(),
        kept: kept(erasure.at.day()),
        last_backup_expires: Some(Period::days(erasure.at.day(), backups + 1).last_day()),
        evidence: vec![format!("消去記録 {}", erasure.record)],
        notes: secrecy.into_iter().collect(),
    })
}

fn kept(from: Day) -> Vec<KeptItem> {
    let item = |category: &str, law: &str| KeptItem {
        category: category.to_owned(),
        law: law.to_owned(),
        until: ten_years_after(from),
    };
    vec![
        item("請求書の控え・入金の記録", "法人税法施行規則59条、消費税法施行令70条の13"),
        item("申込書・承諾メールなど契約の記録", "会社法432条、電子帳簿保存法7条"),
        item("請求先の連絡先（債権の管理に必要な範囲）", "会社法432条"),
        item("監査記録（個人を示す情報を含まない）", "会社法432条"),
    ]
}

fn ten_years_after(day: Day) -> Day {
    Period::months(day, 120).last_day()
}
