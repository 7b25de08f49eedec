//! The bundled pack is whole, and its law is put together from it.

use std::collections::BTreeSet;

use reckon::{Day, Moment};
use serde_json::{Value, json};
use terms::{
    CalendarVersion, ChosenReading, Extent, Law, LawError, Obligation, Override, Pack, PackError,
    PackFiles, PriceTable, Rules, Sighting, Source,
};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn at(text: &str) -> Moment {
    text.parse().expect("a moment")
}

fn law() -> Law {
    Law::of(Pack::bundled(), PriceTable::default())
}

fn agreement(parameter: &str, value: Value) -> Override {
    Override {
        parameter: parameter.to_owned(),
        value,
        document: "S-1".into(),
        signed_on: day("2026-03-01"),
        from: at("2026-04-01T00:00"),
        names_clause: false,
    }
}

fn chosen(option: &str) -> ChosenReading {
    ChosenReading { option: option.to_owned(), value: None, signed_by: None, signed_on: None }
}

#[test]
fn everything_that_the_pack_names_is_in_the_pack() {
    let pack = Pack::bundled();
    let mut missing = Vec::new();
    for clause in pack.clauses.values() {
        let readings = clause.readings.iter().filter(|id| !pack.readings.contains_key(*id));
        let parameters = clause.parameters.iter().filter(|id| !pack.parameters.contains_key(*id));
        missing.extend(readings.chain(parameters).map(|id| format!("clause {}: {id}", clause.id)));
        assert!(pack.articles.contains_key(&clause.article), "{}", clause.id);
    }
    for parameter in pack.parameters.values() {
        if !pack.clauses.contains_key(&parameter.clause) {
            missing.push(format!("parameter {}: {}", parameter.name, parameter.clause));
        }
        if let Some(id) = parameter.reading.as_ref().filter(|id| !pack.readings.contains_key(*id)) {
            missing.push(format!("parameter {}: {id}", parameter.name));
        }
    }
    for reading in pack.readings.values() {
        if let Some(name) = reading.parameter.as_ref().filter(|n| !pack.parameters.contains_key(*n))
        {
            missing.push(format!("reading {}: {name}", reading.id));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_clause_states_its_duties_in_both_languages() {
    let pack = Pack::bundled();
    let rows = pack.coverage();
    let clauses: Vec<_> = rows.iter().map(|row| row.clause).collect();
    assert_eq!((clauses[0], clauses.last()), ("1-1", Some(&"附則1.1")), "in the order of the text");
    for row in &rows {
        assert!(!row.met.is_empty() || !row.missing.is_empty(), "{} states no duty", row.clause);
    }
    let told: usize = rows.iter().map(|row| row.met.len() + row.missing.len()).sum();
    assert_eq!(told, pack.obligations.len(), "a duty of a clause that the pack does not have");
    for duty in pack.obligations.values() {
        assert!(duty.id.contains('/'), "{} has no name after its clause", duty.id);
        assert!(duty.ja.ends_with('。') && duty.en.ends_with('.'), "{}", duty.id);
    }
}

#[test]
fn a_duty_is_met_when_all_that_it_names_was_seen_to_cite_its_clause() {
    let mut pack = Pack::bundled().clone();
    let duty = |id: &str, shown_by: &[&str]| Obligation {
        id: id.to_owned(),
        ja: String::new(),
        en: String::new(),
        shown_by: shown_by.iter().map(|&by| by.to_owned()).collect(),
    };
    let duties = [
        duty("9-4/formed", &["follows:contract_formed"]),
        duty("9-4/told", &["follows:contract_formed", "mail:acceptance_mail"]),
        duty("9-4/later", &[]),
        duty("9-5/sent", &["follows:contract_formed"]),
    ];
    pack.obligations = duties.into_iter().map(|duty| (duty.id.clone(), duty)).collect();
    pack.sightings = BTreeSet::from([Sighting {
        clause: "9-4".to_owned(),
        by: "follows:contract_formed".to_owned(),
        rule: Some("formation".to_owned()),
    }]);
    let ids =
        |duties: &[&Obligation]| duties.iter().map(|duty| duty.id.clone()).collect::<Vec<_>>();
    let row = pack.coverage_of("9-4");
    assert_eq!(ids(&row.met), ["9-4/formed"]);
    assert_eq!(ids(&row.missing), ["9-4/later", "9-4/told"]);
    assert_eq!(row.extent(), Extent::Part);
    assert_eq!(pack.coverage_of("9-5").extent(), Extent::Not, "seen, and citing another clause");
}

#[test]
fn every_default_reading_is_an_option_and_agrees_with_its_parameter() {
    let pack = Pack::bundled();
    for reading in pack.readings.values() {
        let default = reading.options.iter().find(|option| option.key == reading.default);
        let default =
            default.unwrap_or_else(|| panic!("{} has no option {}", reading.id, reading.default));
        if let (Some(name), Some(value)) = (&reading.parameter, &default.value) {
            assert_eq!(&pack.parameters[name].value, value, "{} {name}", reading.id);
        }
    }
}

#[test]
fn an_option_can_be_chosen_or_is_refused_at_once_and_changes_nothing() {
    let pack = Pack::bundled();
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for reading in pack.readings.values() {
        for option in &reading.options {
            let mut law = law();
            let name = format!("{} {}", reading.id, option.key);
            let answer = law.choose(pack, &reading.id, chosen(&option.key));
            assert!(law.effective(at("2026-04-01T00:00"), &[]).is_ok());
            if answer.is_ok() {
                taken.push(name);
            } else {
                assert_ne!(option.key, reading.default, "a default can always be signed");
                assert_eq!(law, self::law());
                refused.push(name);
            }
        }
    }
    // What rules carry out can be chosen; what none carries out is refused.
    for name in ["A-02 b", "A-03 b", "A-19 b", "A-43 b", "A-45 c", "A-47 b", "A-85 b"] {
        assert!(taken.iter().any(|t| t == name), "{name}");
    }
    for name in ["A-17 b", "A-47 c", "A-93 b", "A-24 a"] {
        assert!(refused.iter().any(|r| r == name), "{name}");
    }
}

#[test]
fn every_parameter_that_the_rules_read_exists_in_the_pack() {
    let pack = Pack::bundled();
    let rules = &law().effective(at("2026-04-01T00:00"), &[]).expect("a law").rules;
    let Value::Object(read) = serde_json::to_value(rules).expect("plain data") else {
        panic!("rules are an object")
    };
    assert!(read.len() > 25);
    let missing: Vec<_> = read.keys().filter(|name| !pack.parameters.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let back: Rules = serde_json::from_value(Value::Object(read)).expect("what was written");
    assert_eq!(back, *rules);
}

#[test]
fn equal_laws_have_one_id_and_every_parameter_changes_it() {
    let law = law();
    assert_eq!(law.id(), self::law().id());
    let text = serde_json::to_string(&law).expect("plain data");
    let read: Law = serde_json::from_str(&text).expect("what was written");
    assert_eq!(read.id(), law.id());
    for name in law.parameters.keys() {
        let mut other = law.clone();
        other.change(|law| {
            law.parameters.insert(name.clone(), json!({"changed": name}));
        });
        assert_ne!(other.id(), law.id(), "{name}");
    }
    let mut other = law.clone();
    let calendar =
        CalendarVersion { published_on: day("2026-01-01"), ..CalendarVersion::default() };
    other.change(|law| law.calendars.push(calendar));
    assert_ne!(other.id(), law.id());
}

#[test]
fn an_agreement_prevails_from_its_day_and_is_named_as_the_source() {
    let agreements = [agreement("cancel.notice_bd", json!(10))];
    let before = law().effective(at("2026-03-31T23:59:59"), &agreements).expect("a law");
    assert_eq!(before.rules.cancel_notice_bd, 20);
    assert_eq!(before.sources["cancel.notice_bd"], Source::Text);
    let from = law().effective(at("2026-04-01T00:00"), &agreements).expect("a law");
    assert_eq!(from.rules.cancel_notice_bd, 10);
    let source = Source::Agreement { document: "S-1".into(), signed_on: day("2026-03-01") };
    assert_eq!(from.sources["cancel.notice_bd"], source);
    assert_eq!(from.rules.cancel_deemed_bd, 20);
}

#[test]
fn a_clause_that_holds_notwithstanding_yields_only_to_an_agreement_that_names_it() {
    let mut departing = agreement("sdpf_cap", json!(50_000));
    let terms = law().effective(at("2026-04-01T00:00"), &[departing.clone()]).expect("a law");
    assert_eq!(terms.values["sdpf_cap"], json!("none"));
    departing.names_clause = true;
    let terms = law().effective(at("2026-04-01T00:00"), &[departing]).expect("a law");
    assert_eq!(terms.values["sdpf_cap"], json!(50_000));
}

#[test]
fn an_unknown_parameter_or_an_unusable_value_is_an_error() {
    let unknown = LawError::UnknownParameter("cancel.notice".into());
    let wrong = law().effective(at("2026-04-01T00:00"), &[agreement("cancel.notice", json!(1))]);
    assert_eq!(wrong.map(|_| ()), Err(unknown.clone()));
    assert_eq!(law().set("cancel.notice", json!(1)), Err(unknown));
    let text =
        law().effective(at("2026-04-01T00:00"), &[agreement("cancel.notice_bd", json!("ten"))]);
    assert!(matches!(text, Err(LawError::UnusableValue(_))));
    let mut law = law();
    let id = law.id();
    assert!(matches!(law.set("cancel.notice_bd", json!(-1)), Err(LawError::UnusableValue(_))));
    assert_eq!(law.id(), id);
}

#[test]
fn a_reading_that_counsel_chose_sets_its_parameter_and_is_named() {
    let pack = Pack::bundled();
    let mut law = law();
    let mut choice = chosen("b");
    choice.signed_by = Some("counsel".into());
    choice.signed_on = Some(day("2026-01-15"));
    law.choose(pack, "A-02", choice).expect("an option");
    let terms = law.effective(at("2026-04-01T00:00"), &[]).expect("a law");
    assert_eq!(terms.rules.before_mode, reckon::CountingBack::Label);
    let signed = Some(("counsel".to_owned(), day("2026-01-15")));
    let source = Source::Reading { id: "A-02".into(), option: "b".into(), signed };
    assert_eq!(terms.sources["bd.before_mode"], source);
    assert_eq!(
        law.choose(pack, "A-999", chosen("a")),
        Err(LawError::UnknownReading("A-999".into()))
    );
    let known = law.choose(pack, "A-02", chosen("z"));
    assert!(matches!(known, Err(LawError::UnknownOption { .. })));
}

#[test]
fn each_version_is_in_force_from_its_first_second() {
    let law = law();
    let version = |text: &str| law.version_at(at(text)).map(|v| v.version.clone());
    assert_eq!(version("2016-11-30T23:59:59"), None);
    assert_eq!(version("2016-12-01T00:00:00"), Some("1.0".into()));
    assert_eq!(version("2024-12-17T23:59:59"), Some("1.0".into()));
    assert_eq!(version("2024-12-18T00:00:00"), Some("1.1".into()));
    assert_eq!(version("2024-12-17T15:00:00Z"), Some("1.1".into()));
}

#[test]
fn what_was_worked_out_before_is_what_would_be_worked_out_anew() {
    let pack = Pack::bundled();
    let mut law = law();
    law.choose_from(pack, "A-02", chosen("b"), day("2026-04-01")).expect("an option");
    let closed = CalendarVersion {
        published_on: day("2026-06-01"),
        closures: vec![day("2026-06-15")],
        ..CalendarVersion::default()
    };
    let agreed = [agreement("cancel.notice_bd", json!(10))];
    let moments = ["2025-12-31T00:00", "2026-04-01T00:00", "2026-06-01T00:00", "2026-12-01T00:00"];
    for with_closures in [false, true] {
        if with_closures {
            law.change(|law| law.calendars.push(closed.clone()));
        }
        for agreements in [&[][..], &agreed] {
            for moment in moments {
                let fresh: Law = serde_json::from_str(&law.text()).expect("what was written");
                let anew = fresh.effective(at(moment), agreements);
                assert_eq!(law.effective(at(moment), agreements), anew, "{moment}");
                assert_eq!(law.effective(at(moment), agreements), anew, "{moment}");
            }
        }
        assert_eq!(law.id(), serde_json::from_str::<Law>(&law.text()).expect("a law").id());
    }
}

#[test]
fn a_deadline_stands_with_the_calendar_that_was_published_then() {
    let mut law = law();
    let closed = |date: &str| vec![day(date)];
    let calendars = vec![
        CalendarVersion {
            published_on: day("2026-01-01"),
            closures: closed("2026-08-13"),
            ..CalendarVersion::default()
        },
        CalendarVersion {
            published_on: day("2026-06-01"),
            closures: closed("2026-08-14"),
            ..CalendarVersion::default()
        },
    ];
    law.change(|law| law.calendars = calendars);
    let on = |text: &str| law.effective(at(text), &[]).expect("a law");
    assert!(on("2025-12-31T00:00").calendar.closures.is_empty());
    let first = on("2026-05-31T23:59:59");
    assert!(
        !first.calendar.is_open(day("2026-08-13")) && first.calendar.is_open(day("2026-08-14"))
    );
    let second = on("2026-06-01T00:00");
    assert_eq!(second.calendar_version, day("2026-06-01"));
    assert!(second.calendar.is_open(day("2026-08-13")));
}

#[test]
fn a_pack_that_cannot_be_read_says_which_file_and_what() {
    let files = PackFiles {
        pack: "id = \"x\"\ntitle_ja = \"x\"\ntitle_en = \"x\"\nversion = []\ntax = []",
        clauses: "clause = []",
        parameters: "parameter = []",
        readings: "reading = []",
        obligations: "obligation = []",
        sightings: "",
        notices: "kind = []",
        lists: &[],
    };
    assert!(Pack::read(files).is_ok());
    let broken = Pack::read(PackFiles { readings: "reading = [", ..files });
    assert!(matches!(broken, Err(PackError::Syntax { file: "readings.toml", .. })));
    let row = "[[parameter]]\nname = \"a\"\nclause = \"1-1\"\nvalue = 1\n";
    let twice = row.repeat(2);
    let twice = Pack::read(PackFiles { parameters: &twice, ..files });
    let expected = PackError::Twice { file: "parameters.toml", id: "a".into() };
    assert_eq!(twice.map(|_| ()), Err(expected));
}

#[test]
fn calendar_data_opens_and_closes_business_days_and_banking_days_each() {
    let mut law = law();
    law.change(|law| {
        law.calendars = vec![CalendarVersion {
            published_on: day("2026-11-28"),
            closures: vec![day("2027-08-13")],
            // A law that moved the day of the sea to the 22nd, and made the 23rd a holiday.
            holidays: vec![day("2027-07-22"), day("2027-07-23")],
            openings: vec![day("2027-07-19")],
            bank_closures: vec![day("2027-08-16")],
            bank_openings: vec![day("2027-12-31")],
        }];
    });
    let terms = |on: &str| law.effective(on.parse().unwrap(), &[]).unwrap();
    let (before, after) = (terms("2026-11-27T12:00"), terms("2026-11-28T12:00"));
    for (date, open, bank) in [
        ("2027-07-19", true, true),
        ("2027-07-22", false, false),
        ("2027-07-23", false, false),
        ("2027-08-13", false, true),
        ("2027-08-16", true, false),
        ("2027-12-31", true, true),
    ] {
        let day = day(date);
        let seen = (after.calendar.is_open(day), after.due_calendar().is_open(day));
        assert_eq!(seen, (open, bank), "{date}");
    }
    assert!(!before.calendar.is_open(day("2027-07-19")));
    assert!(!before.due_calendar().is_open(day("2027-07-19")));
    let twice = CalendarVersion {
        holidays: vec![day("2027-07-19")],
        openings: vec![day("2027-07-19")],
        ..CalendarVersion::default()
    };
    assert_eq!(twice.contradiction(), Some(day("2027-07-19")));
}
