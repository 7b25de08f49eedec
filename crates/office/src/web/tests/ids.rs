//! Every id that a life has brought about, and the paths of a route with them.

use contract::declare::ids::AccountId;
use contract::road::stream::Body;
use terms::NoticeKind;

use super::Office;
use crate::web::routes::Route;

/// What there is to ask for.
pub struct Ids {
    pub accounts: Vec<AccountId>,
    pub contracts: Vec<String>,
    pub applications: Vec<String>,
    pub invoices: Vec<String>,
    pub matters: Vec<String>,
    pub notices: Vec<String>,
    pub deliveries: Vec<String>,
    pub entries: Vec<(AccountId, String)>,
    pub evidence: Vec<String>,
    pub reasons: Vec<String>,
    pub proposals: Vec<(AccountId, String)>,
    pub effects: Vec<String>,
    pub movements: Vec<String>,
}

impl Ids {
    pub async fn of(office: &Office) -> Ids {
        let store = &office.engine.store;
        let views = async |kind: &str| -> Vec<String> {
            store.views(kind).await.unwrap().into_iter().map(|view| view.id).collect()
        };
        let accounts = store.accounts().await.unwrap();
        let (mut entries, mut evidence, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        let mut proposals = Vec::new();
        for account in &accounts {
            for record in office.engine.records(account).await.unwrap() {
                entries.push((account.clone(), record.input.id.0.clone()));
                evidence.extend(record.input.evidence.iter().cloned());
                for event in &record.events {
                    if let Body::Follows { id, .. } = &event.body {
                        reasons.push(id.0.clone());
                    }
                }
            }
            let state = office.engine.state(account).await.unwrap();
            proposals.extend(state.proposals.iter().map(|one| (account.clone(), one.id.0.clone())));
        }
        let mut effects = Vec::new();
        for row in store.outbox().await.unwrap() {
            evidence.extend([format!("mail/{}", row.id), format!("paper/{}", row.id)]);
            effects.push(row.id);
        }
        evidence.extend(proposals.iter().map(|(_, id)| format!("preview/{id}")));
        let (contracts, applications) = (views("contract").await, views("application").await);
        let (invoices, matters) = (views("invoice").await, views("matter").await);
        reasons.extend(contracts.iter().chain(&applications).chain(&invoices).cloned());
        reasons.extend(accounts.iter().map(|account| account.0.clone()));
        let held = office.engine.announcements().await.unwrap();
        let (notices, deliveries) =
            (held.all.keys().map(|id| id.0.clone()).collect(), views("delivery").await);
        let waiting = store.waiting_movements().await.unwrap();
        let movements = waiting.into_iter().map(|movement| movement.id).collect();
        Ids {
            movements,
            accounts,
            contracts,
            applications,
            invoices,
            matters,
            notices,
            deliveries,
            entries,
            evidence,
            reasons,
            proposals,
            effects,
        }
    }

    /// Every path of a route, so that a route with another kind of id has to be thought
    /// of here.
    pub fn paths(&self, route: &Route) -> Vec<String> {
        let path = route.path;
        let escaped = |id: &String| crate::web::parts::escaped(id);
        let within = |ids: &[(AccountId, String)]| -> Vec<String> {
            let one = |(account, id): &(AccountId, String)| {
                path.replace("{account}", &account.0).replace("{*id}", &escaped(id))
            };
            ids.iter().map(one).collect()
        };
        let (name, ids): (&str, Vec<String>) = match path {
            path if !path.contains('{') => return vec![path.to_owned()],
            path if path.starts_with("/entries/") => return within(&self.entries),
            path if path.starts_with("/correct/") => return within(&self.entries),
            path if path.starts_with("/proposals/") => return within(&self.proposals),
            path if path.starts_with("/site/terms/") => {
                let versions = &terms::Pack::bundled().versions;
                ("{version}", versions.iter().map(|one| one.version.clone()).collect())
            }
            path if path.contains("/accounts/{id}") || path.starts_with("/customers/") => {
                ("{id}", self.accounts.iter().map(|account| account.0.clone()).collect())
            }
            path if path.contains("/contracts/{id}") => ("{id}", self.contracts.clone()),
            path if path.contains("/applications/{id}") => ("{id}", self.applications.clone()),
            path if path.contains("/invoices/{number}") => ("{number}", self.invoices.clone()),
            path if path.contains("/matters/{id}") => ("{id}", self.matters.clone()),
            path if path.contains("/my/announcements/{id}") => ("{id}", self.deliveries.clone()),
            path if path.contains("/deliveries/{id}") => ("{id}", self.deliveries.clone()),
            path if path.contains("/announcements/{id}") => ("{id}", self.notices.clone()),
            path if path.contains("/notices/{id}") => ("{id}", self.notices.clone()),
            path if path.starts_with("/announcements/new/") => {
                ("{kind}", NoticeKind::written().map(|kind| kind.code.clone()).collect())
            }
            path if path.starts_with("/deposits/") => ("{id}", self.movements.clone()),
            path if path.contains("/why/") => ("{*id}", self.reasons.clone()),
            path if path.starts_with("/outbox/") => ("{id}", self.effects.clone()),
            path if path.contains("/evidence/") => ("{*id}", self.evidence.clone()),
            path if path.contains("/documents/") || path.contains("/filed/") => {
                ("{*id}", self.evidence.clone())
            }
            path if path.contains("/papers/") || path.contains("/my/notices/") => {
                ("{*id}", self.evidence.clone())
            }
            path if path.starts_with("/my/enclosures/") => {
                let one =
                    |id: &String| path.replace("{number}", "1").replace("{*id}", &escaped(id));
                return self.evidence.iter().map(one).collect();
            }
            // What is offered is no debt, and the terms name no customer.
            path if path.contains("/quotes/") || path.contains("/quotations/") => return vec![],
            path if path.starts_with("/terms/") || path.starts_with("/set-up/") => return vec![],
            other => panic!("say which ids {other} takes"),
        };
        ids.iter().map(|id| path.replace(name, &escaped(id))).collect()
    }
}
