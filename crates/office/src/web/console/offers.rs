//! Which steps the page of a contract or application offers, as it stands.

use contract::declare::act::{Act, VoidEntry};
use contract::declare::door::Doorway;
use contract::declare::ids::ContractId;
use contract::road::account::Account;
use contract::{ApplicationState, ApplicationStatus, ContractState, ContractStatus};
use maud::Markup;

use super::correct::{contract_page, proposes};
use crate::access::Visitor;
use crate::web::links::{self, Offer};
use crate::web::{App, door, parts};

fn offer(of: &str, template: &'static str, words: &'static str, act: Option<Act>) -> Offer {
    let last = template.rsplit('/').next().unwrap_or_default();
    Offer { path: format!("{of}/{last}"), words, template, act }
}

fn filing_of(id: &str) -> Offer {
    let path = super::filing::path_for(id);
    Offer { path, words: "書類を保存", template: "/filed/new", act: None }
}

/// The doors of what is done to a contract or application, as far as they lead to
/// something that can be done now.
pub fn doors(app: &App, visitor: &Visitor, known: &Account, of: &str, id: &str) -> Vec<Markup> {
    Doorway::all()
        .filter(|doorway| doorway.door.of.name() == of && door::opens(visitor, doorway))
        .filter(|doorway| door::here(app, visitor, doorway, known, id).offered)
        .map(|doorway| links::action(&door::path(&doorway, id), doorway.door.offer.ja))
        .collect()
}

pub fn of_application(
    app: &App,
    visitor: &Visitor,
    known: &Account,
    id: &str,
    application: &ApplicationState,
) -> Markup {
    let of = &parts::path("/applications", id);
    let mut offers = Vec::new();
    let waits = application.status == ApplicationStatus::Received;
    if waits {
        offers.push(offer(of, "/applications/{id}/check", "反社・与信の確認を記録", None));
    }
    if proposes(visitor, Act::VoidEntry(VoidEntry { of: application.input.clone() })) {
        let folder = format!("/correct/{}", known.case().account);
        offers.push(Offer {
            path: parts::path(&folder, &application.input.0),
            words: "登録の訂正を起案",
            template: "/correct/{account}/{*id}",
            act: None,
        });
    }
    offers.push(offer(of, "/applications/{id}/order", "発注書が届いた", None));
    offers.push(filing_of(id));
    offers.push(Offer {
        path: super::quote::path_for(&known.case().account),
        words: "見積書を作る",
        template: "/quotes/new",
        act: None,
    });
    links::row_with(visitor, doors(app, visitor, known, "application", id), &offers)
}

pub fn of_contract(
    app: &App,
    visitor: &Visitor,
    known: &Account,
    id: &ContractId,
    contract: &ContractState,
) -> Markup {
    let of = &parts::path("/contracts", &id.0);
    let mut offers = Vec::new();
    if !matches!(contract.status, ContractStatus::Ended | ContractStatus::Erased) {
        offers.push(offer(of, "/contracts/{id}/change", "変更申込", None));
        offers.push(offer(of, "/contracts/{id}/cancellation", "解約申込書が届いた", None));
        offers.push(offer(of, "/contracts/{id}/stop-trial", "解約の試算", None));
    }
    if !contract.is_over() {
        offers.push(Offer {
            path: format!("/announcements/new/general?contract={}", parts::escaped(&id.0)),
            words: "通知を書く",
            template: "/announcements/new/{kind}",
            act: None,
        });
    }
    offers.push(filing_of(&id.0));
    offers.push(offer(of, "/contracts/{id}/registered", "登録内容と変更", None));
    if contract_page::is_offered(visitor, id) {
        offers.push(offer(of, "/contracts/{id}/correct", "合意・免除・返金を起案", None));
    }
    links::row_with(visitor, doors(app, visitor, known, "contract", &id.0), &offers)
}
