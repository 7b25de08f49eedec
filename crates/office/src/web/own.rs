//! What a customer may see: their own, and there is no way to ask for more.
//!
//! Handlers of customers' routes get [`Own`] and never the whole store; each of its
//! questions carries the account of whoever asks.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use contract::AccountState;
use contract::declare::ids::AccountId;
use engine::{DocumentRow, ListPart, ViewRow};
use serde::de::DeserializeOwned;

use super::App;
use super::answer::Trouble;
use super::rows::{Row, read_rows};
use crate::access::Visitor;

/// How many rows are read at once.
const PART: u32 = 500;

/// The customer's part of the book.
pub struct Own {
    app: Arc<App>,
    account: AccountId,
    pub visitor: Visitor,
}

impl Own {
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Where the account stands.
    pub async fn state(&self) -> Result<Arc<AccountState>, Trouble> {
        Ok(self.app.engine.state(&self.account).await?)
    }

    /// The rows of a kind that are of this account.
    pub async fn rows<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<Row<T>>, Trouble> {
        let mut views: Vec<ViewRow> = Vec::new();
        loop {
            let after = views.last().map_or("", |view| view.id.as_str());
            let part = ListPart { after, account: Some(&self.account), limit: PART };
            let more = self.app.engine.store.views_part(kind, part).await?;
            let last = more.len() < PART as usize;
            views.extend(more);
            if last {
                return read_rows(kind, views);
            }
        }
    }

    /// Whether this account has such a paper.
    pub async fn has_document(&self, id: &str) -> Result<bool, Trouble> {
        let found = self.app.engine.store.document(id).await?;
        Ok(found.is_some_and(|document| document.account == self.account))
    }

    /// A paper of this account; another's is as if it were not there.
    pub async fn document(&self, id: &str) -> Result<DocumentRow, Trouble> {
        let found = self.app.engine.store.document(id).await?;
        let own = found.filter(|document| document.account == self.account);
        own.ok_or_else(|| Trouble::not_found("書類", id, "一覧から開いてください。"))
    }
}

impl FromRequestParts<Arc<App>> for Own {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Own, Trouble> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let account = visitor.account.clone().ok_or_else(|| {
            let detail = "契約者のアカウントに結び付いた利用者だけが開けます。";
            Trouble::new(StatusCode::FORBIDDEN, "no-account", "権限がありません", detail)
        })?;
        Ok(Own { app: app.clone(), account, visitor })
    }
}
