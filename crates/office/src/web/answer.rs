//! What handlers answer: a page, or trouble that is told in HTML or in JSON.

use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use contract::declare::reason::Finding;
use contract::declare::words::Sentence;
use contract::sentence;
use engine::{EngineError, StoreError};
use maud::Markup;

/// The inside of a page; [`super::frame::dress`] puts the frame around it.
#[derive(Debug, Clone)]
pub struct Page {
    pub title: String,
    pub body: Markup,
    /// It shows a letter as it was written: ids in it stay.
    pub is_verbatim: bool,
}

/// Why something could not be answered, and what to do about it.
#[derive(Debug, Clone)]
pub struct Trouble {
    pub status: StatusCode,
    /// A word for programs: `not-found`, `refused`, …
    pub code: &'static str,
    pub title: String,
    /// In Japanese on pages, in English for programs where the cause was told in both.
    pub detail: Sentence,
    pub because: Vec<Finding>,
}

impl Page {
    pub fn new(title: impl Into<String>, body: Markup) -> Page {
        Page { title: title.into(), body, is_verbatim: false }
    }

    pub fn verbatim(self) -> Page {
        Page { is_verbatim: true, ..self }
    }
}

impl Trouble {
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &str,
        detail: impl Into<String>,
    ) -> Trouble {
        Trouble {
            status,
            code,
            title: title.to_owned(),
            detail: Sentence::same(detail),
            because: Vec::new(),
        }
    }

    /// Nothing has this id: `remedy` says where to look.
    pub fn not_found(what: &str, id: &str, remedy: &str) -> Trouble {
        let detail = format!("{what}「{id}」は登録されていません。{remedy}");
        Trouble::new(StatusCode::NOT_FOUND, "not-found", "見つかりません", detail)
    }

    /// What a response says as plain text.
    pub async fn told(response: Response) -> Trouble {
        let status = response.status();
        let text = axum::body::to_bytes(response.into_body(), 4_000).await.unwrap_or_default();
        let detail = match String::from_utf8_lossy(&text).trim() {
            "" => status.to_string(),
            text => text.to_owned(),
        };
        Trouble::new(status, "request", "この要求は受け付けられません", detail)
    }

    /// The request cannot be used as it stands.
    pub fn unusable(detail: impl Into<String>) -> Trouble {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Trouble::new(status, "unusable", "この内容は受け付けられません", detail)
    }
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Trouble {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Interrupted(_) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                let detail = error.told();
                Trouble {
                    detail, ..Trouble::new(status, "given-up", "途中でやめました", "")
                }
            }
            other => Trouble { detail: other.told(), ..Trouble::unusable("") },
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        if let StoreError::Duplicate(_) = error {
            let detail = format!(
                "同じ内容がすでに登録されています（{error}）。登録済みのものを確かめてください。"
            );
            return Trouble::new(StatusCode::CONFLICT, "duplicate", "登録済みです", detail);
        }
        tracing::error!("{error}");
        let status = match error {
            StoreError::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let detail = sentence!(
            "保存先が応答しないか、空きがありません。管理者に連絡してください。",
            "{error}"
        );
        Trouble {
            detail, ..Trouble::new(status, "store", "データを読み書きできません", "")
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

pub async fn no_such_page(uri: Uri) -> Trouble {
    Trouble::not_found("ページ", uri.path(), "上の一覧から選んでください。")
}

pub async fn wrong_method(method: Method, uri: Uri) -> Trouble {
    let detail = format!("{} は {method} を受け付けません。", uri.path());
    Trouble::new(StatusCode::METHOD_NOT_ALLOWED, "method", "この操作はできません", detail)
}
