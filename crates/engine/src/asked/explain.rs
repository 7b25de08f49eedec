//! "Why?": an explanation put together from stored reasons, never computed again.

use std::collections::BTreeMap;

use contract::declare::act::{Act, VerifyTakeover};
use contract::declare::consequence::{Consequence, ReceivableTakenOver};
use contract::declare::fact::Fact;
use contract::declare::ids::{ContractId, InputId};
use contract::declare::reason::{Audience, Because};
use contract::declare::rules::rule;
use contract::money::invoice::Invoice;
use contract::road::stream::{Body, Content, Record};
use contract::{say, sentence};
use document::wording::{self, ExplainedFact, ExplainedReading, Explanation, Language, Reader};
use reckon::{Moment, Yen};
use terms::{Law, Pack};

use crate::keeping::store::Store;
use crate::road::engine::Engine;
use crate::road::outcome::EngineError;

impl Engine {
    /// Explains an invoice (`INV-2026-000431`), one of its lines (`…/1`), a
    /// consequence (`C-…`), an entry, or everything about a contract or
    /// application.
    ///
    /// # Errors
    /// When nothing has that id.
    pub async fn explain(
        &self,
        id: &str,
        reader: impl Into<Reader>,
    ) -> Result<Vec<Explanation>, EngineError> {
        let language: Reader = reader.into();
        let (whole, line) =
            id.split_once('/').map_or((id, None), |(a, b)| (a, b.parse::<u32>().ok()));
        let former = self.store.view("former_number", whole).await?;
        let former = former.and_then(|view| view.content["contract"].as_str().map(str::to_owned));
        let whole = former.as_deref().unwrap_or(whole);
        for kind in ["invoice", "credit_note", "consequence", "contract", "application", "account"]
        {
            let Some(view) = self.store.view(kind, whole).await? else { continue };
            let records = self.records(&view.account).await?;
            let found = match kind {
                "invoice" => self.explain_invoice(&records, whole, line, language).await?,
                "credit_note" => self.explain_note(&records, whole, line, language).await?,
                _ => self.explain_events(&records, whole, kind, language).await?,
            };
            if !found.is_empty() {
                return Ok(found.into_iter().map(|one| one.seen_with(language.amounts)).collect());
            }
        }
        Err(EngineError::Refused(sentence!(
            "「{id}」は登録されていません。",
            "nothing has the id {id}: give an invoice (and /line), a contract, an application or a C-… id",
        )))
    }

    async fn explain_invoice(
        &self,
        records: &[Record],
        number: &str,
        line: Option<u32>,
        language: Reader,
    ) -> Result<Vec<Explanation>, EngineError> {
        let issued = records.iter().find_map(|record| match &record.input.content {
            Content::Fact(Fact::InvoiceIssued(invoice)) if invoice.number == number => {
                Some((record, invoice.as_ref()))
            }
            _ => None,
        });
        let Some((record, invoice)) = issued else {
            return self.explain_opening(records, number, language).await;
        };
        let mut found = Vec::new();
        for one in invoice.lines.iter().filter(|l| line.is_none_or(|number| l.number == number)) {
            let heading =
                format!("{number}/{}  {} {}", one.number, one.charge.name, one.charge.key.month);
            let because = &one.charge.because;
            found.push(
                self.explanation(records, record, because, heading, Some(one.amount), language)
                    .await?,
            );
        }
        if line.is_none() {
            found.extend(self.explain_totals(records, record, invoice, language).await?);
        }
        Ok(found)
    }

    /// An invoice of an earlier book: what was taken over of it.
    async fn explain_opening(
        &self,
        records: &[Record],
        number: &str,
        language: Reader,
    ) -> Result<Vec<Explanation>, EngineError> {
        let Some((record, because, open)) = opening(records, number) else {
            return Ok(Vec::new());
        };
        let heading = number.to_owned();
        Ok(vec![self.explanation(records, record, because, heading, Some(open), language).await?])
    }

    async fn explain_note(
        &self,
        records: &[Record],
        number: &str,
        line: Option<u32>,
        language: Reader,
    ) -> Result<Vec<Explanation>, EngineError> {
        let issued = records.iter().find_map(|record| match &record.input.content {
            Content::Fact(Fact::CreditNoteIssued(note)) if note.number == number => {
                Some((record, note.as_ref()))
            }
            _ => None,
        });
        let Some((record, note)) = issued else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for one in note.lines.iter().filter(|l| line.is_none_or(|number| l.number == number)) {
            let (name, month) = (&one.charge.name, one.charge.key.month);
            let heading = format!("{number}/{}  {name} {month}  ← {}", one.number, note.invoice);
            let (because, amount) = (&one.charge.because, Some(one.amount));
            found
                .push(self.explanation(records, record, because, heading, amount, language).await?);
        }
        if line.is_none() {
            let tax: Yen = note.tax_groups.iter().map(|group| group.tax).sum();
            let (because, heading) = (&note.because_tax, number.to_owned());
            found.push(
                self.explanation(records, record, because, heading, Some(tax), language).await?,
            );
        }
        Ok(found)
    }

    async fn explain_totals(
        &self,
        records: &[Record],
        record: &Record,
        invoice: &Invoice,
        language: Reader,
    ) -> Result<Vec<Explanation>, EngineError> {
        let number = &invoice.number;
        let tax: Yen = invoice.tax_groups.iter().map(|group| group.tax).sum();
        let (tax_because, due_because) = (&invoice.because_tax, &invoice.because_due);
        Ok(vec![
            self.explanation(records, record, tax_because, number.clone(), Some(tax), language)
                .await?,
            self.explanation(records, record, due_because, number.clone(), None, language).await?,
        ])
    }

    /// The consequences with this id, or of this stream.
    async fn explain_events(
        &self,
        records: &[Record],
        wanted: &str,
        kind: &str,
        language: Reader,
    ) -> Result<Vec<Explanation>, EngineError> {
        let retracted = retractions(records);
        let mut found = Vec::new();
        for record in records {
            for event in &record.events {
                let Body::Follows { id, consequence } = &event.body else { continue };
                let suits = match kind {
                    "consequence" => id.0 == wanted,
                    "account" => true,
                    _ => event.stream.to_string().ends_with(wanted),
                };
                if !suits {
                    continue;
                }
                let text = consequence.line(language);
                let heading = format!("{}  {}  [{}]", event.occurred_at.to_minute_text(), text, id);
                let mut explained = self
                    .explanation(records, record, &event.because, heading, None, language)
                    .await?;
                explained.audience = consequence.audience();
                explained.retracted = retracted.get(&id.0).cloned();
                found.push(explained);
            }
        }
        Ok(found)
    }

    async fn explanation(
        &self,
        records: &[Record],
        record: &Record,
        because: &Because,
        heading: String,
        amount: Option<Yen>,
        language: Reader,
    ) -> Result<Explanation, EngineError> {
        let law = law_of(&*self.store, record).await?;
        let rule = rule(because.rule_id());
        let clauses = rule.map(|rule| rule.clauses).unwrap_or_default();
        let readings = rule.map(|rule| rule.readings).unwrap_or_default();
        let at = record.input.known_at;
        Ok(Explanation {
            heading,
            amount,
            because: because.clone(),
            audience: Audience::Everyone,
            law: record.law.to_string(),
            facts: because
                .facts
                .iter()
                .filter_map(|id| explained_fact(records, id, language))
                .collect(),
            terms: terms_text(&law, at, language),
            clauses: clauses
                .iter()
                .filter_map(|id| self.pack.clauses.get(*id))
                .map(|clause| (clause.id.clone(), clause.ja.clone(), clause.en.clone()))
                .collect(),
            readings: readings
                .iter()
                .filter_map(|id| reading(&self.pack, &law, because, id, language))
                .collect(),
            agreements: because.agreements.clone().into_iter().collect(),
            retracted: None,
        })
    }
}

/// A reading as it held when the reason was stored: its option is the one
/// whose value stands there.
fn reading(
    pack: &Pack,
    law: &Law,
    because: &Because,
    id: &str,
    language: Reader,
) -> Option<ExplainedReading> {
    let reading = pack.readings.get(id)?;
    let stored = reading.parameter.as_ref().and_then(|name| because.parameters.get(name));
    let value =
        stored.or_else(|| reading.parameter.as_ref().and_then(|name| law.parameters.get(name)));
    let held = reading.options.iter().find(|o| stored.is_some() && o.value.as_ref() == stored);
    let mine = |parameter: &str| reading.parameter.as_deref() == Some(parameter);
    let later = law.changes.iter().filter(|change| mine(&change.parameter));
    let later = later.filter_map(|change| change.choice.as_ref());
    let choices: Vec<_> = law.readings.get(id).into_iter().chain(later).collect();
    let option = match (held, law.readings.get(id)) {
        (Some(held), _) => &held.key,
        (None, Some(choice)) => &choice.option,
        (None, None) => &reading.default,
    };
    let chosen = choices.into_iter().find(|choice| choice.option == *option);
    let pick = |ja: &String, en: &String| match language.language {
        Language::Japanese => ja.clone(),
        Language::English => en.clone(),
    };
    let text = reading.options.iter().find(|o| o.key == *option).map(|o| pick(&o.ja, &o.en));
    let others = reading.options.iter().filter(|o| o.key != *option);
    Some(ExplainedReading {
        id: id.to_owned(),
        question: pick(&reading.question_ja, &reading.question_en),
        option: option.clone(),
        text: text.unwrap_or_default(),
        value: value.map(ToString::to_string),
        signed: chosen.and_then(|c| c.signed_by.clone().zip(c.signed_on)),
        alternatives: others.map(|o| pick(&o.ja, &o.en)).collect(),
        unverified_law: reading.unverified_law,
    })
}

fn terms_text(law: &Law, at: Moment, reader: Reader) -> String {
    match law.version_at(at) {
        Some(version) => {
            let (pack, from, version) = (&law.pack, version.in_force_from, &version.version);
            say!(
                reader,
                "{pack} {version}（{from} 施行）",
                "{pack} {version} (in force since {from})"
            )
        }
        None => law.pack.clone(),
    }
}

async fn law_of(store: &dyn Store, record: &Record) -> Result<Law, EngineError> {
    let text = store.law(&record.law.0).await?;
    let law = text.and_then(|text| serde_json::from_str(&text).ok());
    let id = &record.law;
    law.ok_or_else(|| {
        EngineError::Refused(sentence!(
            "当時の規約 {id} が保存されていません。",
            "the law {id} is not in the store"
        ))
    })
}

/// Consequences that were taken back and not found again, with the input.
fn retractions(records: &[Record]) -> BTreeMap<String, String> {
    let mut taken_back = BTreeMap::new();
    for record in records {
        for event in &record.events {
            match &event.body {
                Body::Retracted { of } => {
                    taken_back.insert(of.0.clone(), record.input.id.0.clone());
                }
                Body::Follows { id, .. } => {
                    taken_back.remove(&id.0);
                }
                _ => {}
            }
        }
    }
    taken_back
}

/// What was taken over of an invoice of an earlier book, with what was open then.
fn opening<'a>(records: &'a [Record], number: &str) -> Option<(&'a Record, &'a Because, Yen)> {
    for record in records {
        for event in &record.events {
            if let Body::Follows { consequence, .. } = &event.body
                && let Consequence::ReceivableTakenOver(ReceivableTakenOver {
                    number: taken,
                    outstanding,
                    ..
                }) = consequence
                && taken == number
            {
                return Some((record, &event.because, *outstanding));
            }
        }
    }
    None
}

/// Where an entry comes from; of what was taken over, also whether somebody has
/// verified it.
fn source_of(records: &[Record], record: &Record, language: Reader) -> String {
    let source = &record.input.source;
    let contracts = match &record.input.content {
        Content::Fact(Fact::ContractTakenOver(taken)) => std::slice::from_ref(&taken.contract),
        Content::Fact(Fact::ReceivableTakenOver(taken)) => taken.contracts.as_slice(),
        _ => return wording::source(source, language).to_owned(),
    };
    let verified = |id: &ContractId| {
        records.iter().find(|act| {
            let done = act.events.iter().any(|e| matches!(e.body, Body::Done { .. }));
            done && act.input.occurred_at >= record.input.occurred_at
                && matches!(&act.input.content,
                    Content::Act(Act::VerifyTakeover(VerifyTakeover { contract })) if contract == id)
        })
    };
    let acts: Option<Vec<&Record>> = contracts.iter().map(verified).collect();
    let last = acts.and_then(|acts| acts.into_iter().max_by_key(|act| act.input.occurred_at));
    let mark = wording::verification(
        last.map(|act| (act.input.actor.id.as_str(), act.input.occurred_at.day())),
        language,
    );
    format!("{source}{mark}")
}

fn explained_fact(records: &[Record], id: &InputId, language: Reader) -> Option<ExplainedFact> {
    let record = records.iter().find(|record| record.input.id == *id)?;
    let text = match &record.input.content {
        Content::Fact(fact) => fact.line(language),
        Content::Act(act) => act.line(language),
        Content::Clock | Content::Edition => return None,
    };
    Some(ExplainedFact {
        id: id.0.clone(),
        text,
        occurred_at: record.input.occurred_at,
        known_at: record.input.known_at,
        source: source_of(records, record, language),
    })
}
