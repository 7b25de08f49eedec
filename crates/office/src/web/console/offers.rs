//! Which steps the page of a contract or application offers, as it stands.

use contract::application::receiving::Wish;
use contract::declare::act::{
    AcceptApplication, Act, ConfirmArrival, OrderErasure, Propose, RefuseApplication, Resume,
    Suspend, VerifyTakeover,
};
use contract::declare::ids::{AccountId, ApplicationId, ContractId};
use contract::{
    ApplicationState, ApplicationStatus, ArrivalStatus, ContractState, ContractStatus, Provision,
};
use maud::Markup;

use super::correct::contract_page;
use crate::access::Visitor;
use crate::web::links::{self, Offer};
use crate::web::parts;

fn offer(of: &str, template: &'static str, words: &'static str, act: Option<Act>) -> Offer {
    let last = template.rsplit('/').next().unwrap_or_default();
    Offer { path: format!("{of}/{last}"), words, template, act }
}

fn filing_of(id: &str) -> Offer {
    let path = super::filing::path_for(id);
    Offer { path, words: "書類を保存", template: "/filed/new", act: None }
}

/// `account` is whose application it is.
pub fn of_application(
    visitor: &Visitor,
    account: &AccountId,
    id: &str,
    application: &ApplicationState,
) -> Markup {
    let of = &parts::path("/applications", id);
    let key = ApplicationId(id.to_owned());
    let mut offers = Vec::new();
    let waits = application.status == ApplicationStatus::Received;
    if waits {
        let accept = Act::AcceptApplication(AcceptApplication { application: key.clone() });
        let refuse =
            Act::RefuseApplication(RefuseApplication { application: key, ground: String::new() });
        offers.push(offer(of, "/applications/{id}/check", "反社・与信の確認を記録", None));
        offers.push(offer(of, "/applications/{id}/accept", "承諾する", Some(accept)));
        offers.push(offer(of, "/applications/{id}/refuse", "承諾しない", Some(refuse)));
    }
    if waits || application.status == ApplicationStatus::Formed {
        offers.push(offer(of, "/applications/{id}/paper", "紙の申込書が届いた", None));
        offers.push(offer(of, "/applications/{id}/withdraw", "撤回が届いた", None));
        if !matches!(application.content.wish, Wish::Change { .. }) {
            offers.push(offer(of, "/applications/{id}/contact", "連絡先を変える", None));
        }
    }
    offers.push(offer(of, "/applications/{id}/order", "発注書が届いた", None));
    offers.push(filing_of(id));
    offers.push(Offer {
        path: super::quote::path_for(account),
        words: "見積書を作る",
        template: "/quotes/new",
        act: None,
    });
    links::row(visitor, &offers)
}

pub fn of_contract(visitor: &Visitor, id: &ContractId, contract: &ContractState) -> Markup {
    let of = &parts::path("/contracts", &id.0);
    let over = matches!(contract.status, ContractStatus::Ended | ContractStatus::Erased);
    let mut offers = Vec::new();
    if contract.is_unverified() {
        let act = Act::VerifyTakeover(VerifyTakeover { contract: id.clone() });
        offers.push(offer(of, "/contracts/{id}/verify", "引き継ぎを確認", Some(act)));
    }
    if !over {
        if contract.lines.iter().any(|line| line.started_on.is_none()) {
            offers.push(offer(of, "/contracts/{id}/start", "利用開始", None));
        }
        offers.push(offer(of, "/contracts/{id}/change", "変更申込", None));
        offers.push(offer(of, "/contracts/{id}/cancellation", "解約申込書が届いた", None));
        offers.push(offer(of, "/contracts/{id}/stop-trial", "解約の試算", None));
        offers.push(offer(of, "/contracts/{id}/non-renewal", "更新しない申出", None));
        offers.push(offer(of, "/contracts/{id}/judgement", "解除の事由を記録", None));
        offers.push(offer(of, "/contracts/{id}/cure-demand", "是正の催告", None));
        offers.push(offer(of, "/contracts/{id}/ground-lifted", "事由が解消した", None));
        if contract.locked_by_insolvency {
            offers.push(offer(of, "/contracts/{id}/insolvency-release", "倒産の制限を解除", None));
        }
        offers.push(offer(of, "/contracts/{id}/upstream", "クラウドの停止・再開", None));
        if contract.provision == Provision::Suspended && !contract.is_resumption_decided() {
            let act = Act::Resume(Resume { contract: id.clone() });
            offers.push(offer(of, "/contracts/{id}/resume", "再開を指示", Some(act)));
        }
        let act = Act::Suspend(Suspend {
            contract: id.clone(),
            ground: String::new(),
            proposed_by: String::new(),
        });
        let act = Act::Propose(Propose { act: Box::new(act) });
        offers.push(offer(of, "/contracts/{id}/propose", "停止・解除を起案", Some(act)));
        if let Some(open) = contract.arrivals.iter().find(|one| one.status == ArrivalStatus::Open) {
            let act = Act::ConfirmArrival(ConfirmArrival {
                contract: id.clone(),
                arrival: open.arrival.clone(),
            });
            offers.push(offer(of, "/contracts/{id}/arrival", "到着を確認", Some(act)));
        }
    } else if contract.status != ContractStatus::Erased {
        offers.push(offer(of, "/contracts/{id}/disposed", "返還・廃棄を確認", None));
        let act = Act::OrderErasure(OrderErasure { contract: id.clone() });
        offers.push(offer(of, "/contracts/{id}/erase", "資料の消去", Some(act)));
    }
    offers.push(filing_of(&id.0));
    offers.push(offer(of, "/contracts/{id}/registered", "登録内容と変更", None));
    if contract_page::is_offered(visitor, id) {
        offers.push(offer(of, "/contracts/{id}/correct", "合意・免除・返金を起案", None));
    }
    links::row(visitor, &offers)
}
