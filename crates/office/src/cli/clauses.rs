//! `yakkan terms`: what the pack says, and how far the program carries it out.

use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use contract::declare::rules::{Reliance, reliance_on_parameter, reliance_on_reading};
use serde_json::{Value, json};
use terms::{CodeList, Coverage, Extent, Law, Obligation, Pack, PriceTable, in_text_order};

use super::print;

/// The terms pack: what a clause, reading or parameter says.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    /// A clause (9-4), a reading or a parameter (renewal.notice_bd).
    id: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// How far each clause is carried out, by what the program was seen to do, with
    /// the obligations that are missing.
    Coverage {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// The lists of the terms: grounds, prohibited acts, exceptions, exemptions.
    List {
        /// The paragraph of one list (16-1).
        id: Option<String>,
    },
}

pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let pack = Pack::bundled();
    match (&options.command, &options.id) {
        (Some(Command::Coverage { json: true }), _) => {
            print(&serde_json::to_string_pretty(&as_json(pack))?)
        }
        (Some(Command::Coverage { json: false }), _) => print(&as_text(pack)),
        (Some(Command::List { id }), _) => print(&lists(pack, id.as_deref())?),
        (None, Some(id)) => print(&of(pack, id)?),
        (None, None) => print(&at_a_glance(pack)),
    }
}

fn at_a_glance(pack: &Pack) -> String {
    let mut text = format!("{} {}\n", pack.id, pack.title_ja);
    for version in &pack.versions {
        text += &format!("  {} in force from {}\n", version.version, version.in_force_from);
    }
    let (clauses, parameters) = (pack.clauses.len(), pack.parameters.len());
    let readings = pack.readings.len();
    text + &format!("  {clauses} clauses, {parameters} parameters, {readings} readings")
}

fn of(pack: &Pack, id: &str) -> anyhow::Result<String> {
    let law = Law::of(pack, PriceTable::default());
    if let Some(clause) = pack.clauses.get(id) {
        let duties = row(&pack.coverage_of(id));
        Ok(format!(
            "{id}  {}\n{}\n{}\nreadings {:?}  parameters {:?}\n{duties}",
            clause.modality, clause.ja, clause.en, clause.readings, clause.parameters
        ))
    } else if let Some(reading) = pack.readings.get(id) {
        let mut text = format!("{id}  {}\n    {}\n", reading.question_ja, reading.question_en);
        for option in &reading.options {
            let mark = if option.key == reading.default { "*" } else { " " };
            text += &format!("{mark} ({}) {}\n      {}\n", option.key, option.ja, option.en);
        }
        let reliance = worded(reliance_on_reading(&law, reading));
        Ok(format!("{text}{}\n{}\n{reliance}", reading.reason_ja, reading.reason_en))
    } else if let Some(parameter) = pack.parameters.get(id) {
        let reliance = worded(reliance_on_parameter(&law, id));
        let (value, kind, clause) = (&parameter.value, &parameter.kind, &parameter.clause);
        let (ja, en) = (&parameter.ja, &parameter.en);
        Ok(format!("{id} = {value}  ({kind}, {clause})\n{ja}\n{en}\n{reliance}"))
    } else {
        Err(anyhow!("the pack has no clause, reading or parameter {id}"))
    }
}

/// Every list in the order of the text, or that of one paragraph.
fn lists(pack: &Pack, of: Option<&str>) -> anyhow::Result<String> {
    let wanted = |list: &&CodeList| of.is_none_or(|of| of == list.clause);
    let mut lists: Vec<_> = pack.lists.values().filter(wanted).collect();
    lists.sort_by_cached_key(|list| in_text_order(&list.clause));
    match (lists.is_empty(), of) {
        (true, Some(id)) => Err(anyhow!("the pack has no list {id}: `yakkan terms list` has all")),
        _ => Ok(lists.into_iter().map(table).collect::<Vec<_>>().join("\n\n")),
    }
}

/// A list, and a line for each row with its code, clause, effect and words.
fn table(list: &CodeList) -> String {
    let mut text = format!("{}  {}  {}", list.clause, list.ja, list.en);
    for row in &list.rows {
        let (effect, words) = (json!(row.effect), format!("{}  {}", row.ja, row.en));
        let effect = effect.as_str().unwrap_or_default();
        text += &format!("\n  {:<20} {:<8} {effect:<28} {words}", row.code, row.clause);
    }
    text
}

fn worded(reliance: Reliance) -> &'static str {
    match reliance {
        Reliance::Chosen => "read by rules",
        Reliance::Fixed => "rules rest on it as it stands; nothing else can be chosen",
        Reliance::Nothing => "no rule reads it",
    }
}

fn extent(extent: Extent) -> &'static str {
    match extent {
        Extent::Whole => "whole",
        Extent::Part => "part",
        Extent::Not => "not",
    }
}

/// One clause on a line, and a line for each obligation that is missing.
fn row(coverage: &Coverage<'_>) -> String {
    let (met, all) = (coverage.met.len(), coverage.met.len() + coverage.missing.len());
    let mut text = format!("{:<10} {:<5} {met}/{all}", coverage.clause, extent(coverage.extent()));
    for Obligation { id, en, .. } in &coverage.missing {
        text += &format!("\n    - {id}: {en}");
    }
    text
}

/// The names of parameters and readings that rules rest on so far.
fn resting(pack: &Pack, wanted: Reliance) -> (Vec<&str>, Vec<&str>) {
    let law = Law::of(pack, PriceTable::default());
    let parameters = pack.parameters.keys().map(String::as_str);
    let readings = pack.readings.values();
    (
        parameters.filter(|name| reliance_on_parameter(&law, name) == wanted).collect(),
        readings
            .filter(|reading| reliance_on_reading(&law, reading) == wanted)
            .map(|reading| reading.id.as_str())
            .collect(),
    )
}

fn count(rows: &[Coverage<'_>], wanted: Extent) -> usize {
    rows.iter().filter(|row| row.extent() == wanted).count()
}

fn as_text(pack: &Pack) -> String {
    let rows = pack.coverage();
    let lines: Vec<String> = rows.iter().map(row).collect();
    let (parameters, readings) = resting(pack, Reliance::Nothing);
    let met: usize = rows.iter().map(|row| row.met.len()).sum();
    format!(
        "{}\n\nno rule reads the parameters: {}\nno rule reads the readings: {}\n\n\
         {} clauses: {} whole, {} part, {} not; {met} of {} obligations",
        lines.join("\n"),
        parameters.join(" "),
        readings.join(" "),
        rows.len(),
        count(&rows, Extent::Whole),
        count(&rows, Extent::Part),
        count(&rows, Extent::Not),
        pack.obligations.len(),
    )
}

fn as_json(pack: &Pack) -> Value {
    let rows = pack.coverage();
    let obligation = |duty: &&Obligation| json!({ "id": duty.id, "ja": duty.ja, "en": duty.en, "shown_by": duty.shown_by });
    let row = |row: &Coverage<'_>| {
        json!({
            "clause": row.clause,
            "extent": row.extent(),
            "met": row.met.iter().map(obligation).collect::<Vec<_>>(),
            "missing": row.missing.iter().map(obligation).collect::<Vec<_>>(),
        })
    };
    let resting = |reliance| {
        let (parameters, readings) = resting(pack, reliance);
        json!({ "parameters": parameters, "readings": readings })
    };
    json!({
        "totals": {
            "clauses": rows.len(),
            "whole": count(&rows, Extent::Whole),
            "part": count(&rows, Extent::Part),
            "not": count(&rows, Extent::Not),
            "obligations": pack.obligations.len(),
            "met": rows.iter().map(|row| row.met.len()).sum::<usize>(),
        },
        "clauses": rows.iter().map(row).collect::<Vec<_>>(),
        "read_by_no_rule": resting(Reliance::Nothing),
        "fixed": resting(Reliance::Fixed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_tells_every_clause_once_and_names_what_is_missing() {
        let pack = Pack::bundled();
        let (text, json) = (as_text(pack), as_json(pack));
        let totals = &json["totals"];
        let sum = ["whole", "part", "not"].map(|extent| totals[extent].as_u64().unwrap());
        assert_eq!(sum.iter().sum::<u64>(), pack.clauses.len() as u64);
        for row in json["clauses"].as_array().unwrap() {
            let (clause, extent) = (row["clause"].as_str().unwrap(), &row["extent"]);
            let line = format!("{clause:<10} {:<5} ", extent.as_str().unwrap());
            assert_eq!(text.lines().filter(|one| one.starts_with(&line)).count(), 1, "{line}");
            let missing = row["missing"].as_array().unwrap();
            assert_eq!(missing.is_empty(), extent == "whole", "{clause}");
            for duty in missing {
                assert!(text.contains(duty["id"].as_str().unwrap()), "{duty}");
            }
        }
        assert!(of(pack, "9-3").unwrap().contains("9-3/designated-address"));
        assert!(of(pack, "court").unwrap().ends_with("no rule reads it"));
        assert!(of(pack, "no-such").is_err());
    }

    #[test]
    fn lists_are_told_in_the_order_of_the_text_or_one_alone() {
        let pack = Pack::bundled();
        let all = lists(pack, None).unwrap();
        let heads = all.lines().filter(|line| !line.starts_with(' ') && !line.is_empty());
        let heads: Vec<_> = heads.map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(heads, ["9-10", "12-1", "16-1", "35-1", "41-1", "42-3", "44-1"]);
        let one = lists(pack, Some("16-1")).unwrap();
        assert!(all.contains(&one) && one.lines().count() == 11, "{one}");
        assert!(one.contains("16-1(5)  insolvency_lock "), "{one}");
        assert!(lists(pack, Some("12-3")).is_err());
    }
}
