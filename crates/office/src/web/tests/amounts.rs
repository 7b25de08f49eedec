//! No amount that is owed, charged or paid reaches whoever sees no money, on any page or
//! by the API.

use std::collections::BTreeSet;

use contract::declare::act::{Act, Propose, WaiveInterest};
use contract::declare::fact::Fact;
use contract::road::stream::Content;
use contract::who::roles::{Permission, Role};
use engine::people::Belongs;
use reckon::Yen;

use super::Office;
use super::ids::Ids;
use crate::web::routes::{Kind, ROUTES};

/// Late in the life: invoices, payments, interest, a suspension and a cancellation.
const LATE: &str = "2026-11-20T10:00:00";

/// Amounts too small or too round to be told from counts and years.
const LEAST: i64 = 3_000;

/// Roles of the provider that see no money.
fn without_money() -> Vec<Role> {
    let staff =
        |role: &Role| !role.is_customers() && !matches!(role, Role::System | Role::Subcontractor);
    let blind = |role: &Role| staff(role) && !role.holds(Permission::ReadMoney);
    Role::ALL.into_iter().filter(blind).collect()
}

/// Everything in the ledger of every account.
async fn ledger(office: &Office) -> BTreeSet<i64> {
    let mut amounts = BTreeSet::new();
    for account in office.engine.store.accounts().await.unwrap() {
        let state = office.engine.state(&account).await.unwrap();
        for receivable in state.receivables.values() {
            let taxes = receivable.invoice.tax_groups.iter().map(|group| group.tax);
            let paid = receivable.payments.iter().map(|paid| paid.amount);
            amounts.extend(taxes.chain(paid).map(|amount| amount.0));
            let Yen(total) = receivable.total;
            amounts.extend([total, receivable.outstanding.0, receivable.late_interest.0]);
        }
        for record in office.engine.records(&account).await.unwrap() {
            if let Content::Fact(Fact::PaymentCredited(payment)) = &record.input.content {
                amounts.insert(payment.amount.0);
            }
        }
    }
    amounts.retain(|amount| *amount >= LEAST);
    amounts
}

/// A text without what is drawn at random, in which any figure may stand by chance.
fn without_tokens(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(at) = TOKENS.iter().filter_map(|of| Some(rest.find(of)? + of.len())).min() {
        kept += &rest[..at];
        rest = rest[at..].split_once('"').map_or("", |(_, after)| after);
    }
    kept + rest
}

/// What stands before a token of a form.
const TOKENS: [&str; 2] = [r#"name="csrf" value=""#, r#"name="key" value=""#];

/// An amount that stands in a text by itself, as pages or as data write it.
pub(super) fn found_in(text: &str, amounts: &BTreeSet<i64>) -> Option<i64> {
    let text = without_tokens(text);
    let figure = |c: char| c.is_ascii_digit() || c == ',';
    let figures = text.split(|c: char| !figure(c)).filter(|part| !part.is_empty());
    figures
        .filter_map(|part| part.trim_matches(',').replace(',', "").parse().ok())
        .find(|figure| amounts.contains(figure))
}

/// A waiver that somebody of billing has put before a second person.
pub(super) async fn propose_a_waiver(office: &Office) {
    let account = office.account().await;
    let state = office.engine.state(&account).await.unwrap();
    let (number, receivable) = state.receivables.iter().next().unwrap();
    let act =
        Act::WaiveInterest(WaiveInterest { number: number.clone(), amount: receivable.total });
    let by = office.engine.operator.actor("takahashi").unwrap();
    let content = Content::Act(Act::Propose(Propose { act: Box::new(act) }));
    let input = office.engine.input("waiver", &account, &by, "desk", content);
    office.engine.register(input).await.unwrap();
}

#[tokio::test]
async fn no_amount_of_the_ledger_reaches_whoever_sees_no_money() {
    let office = Office::at(LATE).await;
    propose_a_waiver(&office).await;
    let (amounts, ids) = (ledger(&office).await, Ids::of(&office).await);
    assert!(amounts.len() > 5, "{amounts:?}");
    let blind = without_money();
    office.add("blind", Belongs::Staff, &blind).await;
    for role in &blind {
        office.add(&format!("only-{role:?}").to_lowercase(), Belongs::Staff, &[*role]).await;
    }
    let mut shown = Vec::new();
    let mut opened = 0;
    let read = ROUTES.iter().filter(|route| route.method == "GET" && route.kind != Kind::File);
    // The document's examples are of the sample, and open to everybody.
    let apart = |path: &str| path.contains("/my/") || path == "/api/v1/openapi.json";
    for route in read.filter(|route| !apart(route.path)) {
        let paths = ids.paths(route);
        // All roles at once see what any of them sees; each alone looks at one of each.
        let mut asked: Vec<_> = paths.iter().map(|path| ("blind".to_owned(), path)).collect();
        for role in &blind {
            asked.extend(paths.last().map(|path| (format!("only-{role:?}").to_lowercase(), path)));
        }
        for (person, path) in asked {
            let answer = office.get_as(&person, path).await;
            opened += usize::from(answer.status.is_success());
            if let Some(amount) = found_in(&answer.text, &amounts) {
                shown.push(format!("{person} {path}: {amount}"));
            }
        }
    }
    assert!(opened > 300, "{opened}");
    assert!(shown.is_empty(), "{} of {opened}:\n{}", shown.len(), shown.join("\n"));
}

/// The other side of it: whoever sees money sees the same pages with their amounts.
#[tokio::test]
async fn whoever_sees_money_reads_the_amounts() {
    let office = Office::at(LATE).await;
    let amounts = ledger(&office).await;
    let (contract, _) = office.only("contract").await;
    for path in [format!("/contracts/{contract}"), format!("/api/v1/contracts/{contract}/timeline")]
    {
        let story = office.get_as("takahashi", &path).await;
        assert!(found_in(&story.text, &amounts).is_some(), "{path}");
    }
}
