//! Coverage of the terms is what was seen, and falls with what showed it.

pub mod seen;

use std::collections::BTreeSet;

use contract::declare::rules::{RULES, rule};
use contract::who::roles::Role;
use engine::people::Belongs;
use terms::{Extent, Pack, Sighting};

use self::seen::{Noted, Notes, Played, all_scenarios, play, sightings};
use super::ids::Ids;
use super::{EVERYTHING, Office};
use crate::web::parts;
use crate::web::routes::{Kind, ROUTES};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/pcs-e/1.1/sightings.tsv");

/// Everything that cites a clause while all that comes with the program is played.
async fn everything_noted(pack: &Pack) -> BTreeSet<Noted> {
    let mut notes = Notes { pack, noted: BTreeSet::new() };
    notes.of_examples();
    for (name, scenario) in all_scenarios() {
        let played = play(&name, &scenario).await;
        notes.of_entries(&played).await;
        notes.of_letters(&played).await;
        look_at_pages(&mut notes, played).await;
    }
    notes.noted
}

/// Pages that tell each entry or mail again: these count themselves.
const TOLD_AGAIN: [&str; 5] = [
    "/entries",
    "/entries/{account}/{*id}",
    "/correct/{account}/{*id}",
    "/why/{*id}",
    "/my/notices/{*id}",
];

/// Opens every page with every id that the life brought about.
async fn look_at_pages(notes: &mut Notes<'_>, played: Played) {
    let office = Office::over(played.engine, played.clock).await;
    let staff = Role::ALL
        .into_iter()
        .filter(|role| !role.is_customers() && !matches!(role, Role::System | Role::Subcontractor));
    office.add(EVERYTHING, Belongs::Staff, &staff.collect::<Vec<_>>()).await;
    let account = office.account().await;
    let customers = Belongs::Customer { account };
    office.add("own", customers, &[Role::CustomerAdministrator, Role::Applicant]).await;
    let ids = Ids::of(&office).await;
    let pages = ROUTES.iter().filter(|route| route.kind == Kind::Page && route.method == "GET");
    for route in pages.filter(|route| !TOLD_AGAIN.contains(&route.path)) {
        let person = if route.path.starts_with("/my") { "own" } else { EVERYTHING };
        for path in ids.paths(route) {
            let answer = office.get_as(person, &path).await;
            if answer.status.is_success() {
                notes.of_page(route.path, &answer.text);
            }
        }
    }
}

fn written(seen: &BTreeSet<Sighting>) -> String {
    let mut lines: Vec<_> = seen.iter().collect();
    lines.sort_by_cached_key(|one| (terms::in_text_order(&one.clause), (*one).clone()));
    let line = |one: &&Sighting| {
        format!("{}\t{}\t{}\n", one.clause, one.by, one.rule.as_deref().unwrap_or("-"))
    };
    lines.iter().map(line).collect()
}

#[tokio::test]
async fn the_kept_sightings_are_those_of_playing_everything() {
    let pack = Pack::bundled();
    let noted = everything_noted(pack).await;
    let seen = written(&sightings(&noted, &rule));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(FILE, seen).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(FILE).unwrap();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (kept, seen) = (lines(&kept), lines(&seen));
    let gone: Vec<_> = kept.difference(&seen).collect();
    let new: Vec<_> = seen.difference(&kept).collect();
    assert!(
        gone.is_empty() && new.is_empty(),
        "UPDATE_GOLDEN=1 keeps them anew.\nseen no more: {gone:#?}\nnew: {new:#?}"
    );
}

/// What entries alone say; the sample year says no more than the shorter lives.
async fn entries_noted(pack: &Pack) -> BTreeSet<Noted> {
    let mut notes = Notes { pack, noted: BTreeSet::new() };
    for (name, scenario) in
        all_scenarios().into_iter().filter(|(name, _)| !name.ends_with("book.toml"))
    {
        notes.of_entries(&play(&name, &scenario).await).await;
    }
    notes.noted
}

/// The clauses of which less is met when this rule stands in the table no more.
fn fallen_without(pack: &Pack, noted: &BTreeSet<Noted>, out: &str) -> BTreeSet<String> {
    let whole = sightings(noted, &rule);
    let less = sightings(noted, &|id| if id == out { None } else { rule(id) });
    let (whole, less) = (pack.coverage_by(&whole), pack.coverage_by(&less));
    let rows = whole.iter().zip(&less);
    let fell = rows.filter(|(before, after)| after.met.len() < before.met.len());
    fell.map(|(before, _)| before.clause.to_owned()).collect()
}

#[tokio::test]
async fn the_rows_that_rest_on_a_rule_fall_with_it() {
    let pack = Pack::bundled();
    let noted = entries_noted(pack).await;
    let mut showing: Vec<_> =
        RULES.iter().filter(|rule| !fallen_without(pack, &noted, rule.id).is_empty()).collect();
    assert!(showing.len() > 20, "{showing:?}");
    showing.sort_by_key(|rule| *blake3::hash(rule.id.as_bytes()).as_bytes());
    for out in &showing[..10] {
        let fallen = fallen_without(pack, &noted, out.id);
        for clause in &fallen {
            assert!(out.clauses.contains(&clause.as_str()), "{}: {clause} fell too", out.id);
        }
        // What nothing else shows is met no more.
        let seen = sightings(&noted, &rule);
        let only = |clause: &str, by: &String| {
            let mut of = seen.iter().filter(|one| one.clause == clause && one.by == *by);
            of.all(|one| one.rule.as_deref() == Some(out.id))
        };
        for row in pack.coverage_by(&seen) {
            let rests = |by: &String| only(row.clause, by);
            let rests = row.met.iter().any(|duty| duty.shown_by.iter().any(rests));
            assert_eq!(rests, fallen.contains(row.clause), "{} and {}", out.id, row.clause);
        }
    }
}

/// A name in `shown_by` that nothing bears is a slip, and one that does not cite the
/// clause shows nothing: what is not built yet names nothing.
#[test]
fn every_duty_that_names_something_is_shown_by_it() {
    let pack = Pack::bundled();
    let claims = |row: &terms::Coverage<'_>| {
        let named = row.missing.iter().filter(|duty| !duty.shown_by.is_empty());
        named.map(|duty| format!("{}: {:?}", duty.id, duty.shown_by)).collect::<Vec<_>>()
    };
    let unmet: Vec<_> = pack.coverage().iter().flat_map(claims).collect();
    assert!(unmet.is_empty(), "not seen to cite their clause: {unmet:#?}");
}

#[tokio::test]
async fn pages_of_the_terms_show_what_was_worked_out() {
    let office = Office::at("2026-04-01T10:00:00").await;
    let account = contract::declare::ids::AccountId(office.only("application").await.1);
    office.add("own", Belongs::Customer { account }, &[Role::CustomerAdministrator]).await;
    let (index, own) = (office.get("/terms").await.text, office.get_as("own", "/my/terms").await);
    let count = |text: &str, word: &str| text.matches(&format!(">{word}</span>")).count();
    for (extent, word) in
        [(Extent::Whole, "全部対応"), (Extent::Part, "一部対応"), (Extent::Not, "未対応")]
    {
        let rows = office.app.engine.pack.coverage();
        let rows = rows.iter().filter(|row| row.extent() == extent).count();
        assert_eq!(count(&index, word), rows + 1, "{word}, and once in the totals");
    }
    for row in office.app.engine.pack.coverage() {
        let page = office.get(&parts::path("/terms", row.clause)).await.text;
        for duty in row.met.iter().chain(&row.missing) {
            assert!(page.contains(&duty.ja), "{}: {page}", duty.id);
        }
    }
    // Customers read what they agree to, not how far a program is.
    let site = office.get("/site/terms/1.1").await.text;
    for text in [own.text, site] {
        assert!(text.contains("要約") && !text.contains("対応</span>") && !text.contains("未対応"));
    }
    for (id, is) in [("court", true), ("A-92", true), ("renewal.notice_bd", false), ("A-02", false)]
    {
        let page = office.get(&parts::path("/terms", id)).await.text;
        assert_eq!(page.contains("読む規則なし"), is, "{id}");
    }
}
