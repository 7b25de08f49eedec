//! The table of editions, and what it explains.

use contract::road::editions::{Edition, MENDED, PRESENT, explaining};

#[test]
fn every_edition_has_the_next_number_and_is_the_present_one_at_last() {
    let numbers: Vec<_> = MENDED.iter().map(|mended| mended.edition.0).collect();
    let wanted: Vec<_> = (2..).take(MENDED.len()).collect();
    assert_eq!(numbers, wanted);
    assert_eq!(MENDED.last().unwrap().edition, PRESENT);
}

#[test]
fn every_edition_stands_in_the_documents_as_in_the_program() {
    let page = include_str!("../../../docs/editions.md");
    for mended in MENDED {
        let clauses = mended.clauses.join(", ");
        let row = format!("| {} | {clauses} | {} |", mended.edition, mended.effect);
        assert!(page.contains(&row), "docs/editions.md lacks\n{row}");
    }
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| edition"));
    assert_eq!(rows.count(), MENDED.len());
}

#[test]
fn an_edition_explains_older_entries_of_its_own_kind_only() {
    let first = MENDED[0];
    let kind = first.touches[0];
    assert_eq!(explaining(kind, Edition::FIRST), Some(first.edition));
    assert_ne!(explaining(kind, first.edition), Some(first.edition));
    assert_eq!(explaining("contract_ended", Edition::FIRST), None);
    assert_eq!(explaining(&format!("{kind}ly"), Edition::FIRST), None);
    assert_eq!(explaining(&format!("{kind}/of a sort"), Edition::FIRST), Some(first.edition));
}
