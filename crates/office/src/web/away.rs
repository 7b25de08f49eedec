//! Work away from the threads that listen, so that no account, however large, keeps
//! a request from being heard.
//!
//! Whatever looks at accounts runs on threads of its own. What can take long runs a
//! few at a time, a few more wait for their turn, and whoever comes then is asked to
//! come again. Looking ends with whoever asked: when the connection drops, or when
//! it takes too long, what waits is dropped, and what computes finds its
//! [`Interrupt`] set. Doing goes on to its end.

use std::any::Any;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contract::Interrupt;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use super::App;
use super::answer::Trouble;
use super::routes::Work;

/// So many at once, and so many more that wait: of work with accounts, and of work
/// that can take long.
const ACCOUNTS: (usize, usize) = (16, 200);
const LONG: (usize, usize) = (2, 8);
/// Of the public site: strangers wait for each other, and for nobody else.
const SITE: (usize, usize) = (8, 64);

/// After so many seconds it is worth asking again.
const RETRY_AFTER: &str = "5";

/// How much of each kind of work is done at once.
pub struct Away {
    accounts: Queue,
    looking: Queue,
    doing: Queue,
    site: Queue,
    /// How long anybody waits for something to be looked at.
    patience: Duration,
}

/// A few at work, and a few more who wait for their turn.
#[derive(Clone)]
struct Queue {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Queue {
    fn of(at_once: usize, waiting: usize) -> Queue {
        let places = Arc::new(Semaphore::new(at_once + waiting));
        Queue { places, turns: Arc::new(Semaphore::new(at_once)) }
    }

    /// A place in the queue; `None` when it is full.
    fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }

    async fn turn(&self) -> OwnedSemaphorePermit {
        self.turns.clone().acquire_owned().await.expect("the queue is never closed")
    }
}

impl Away {
    pub fn with_patience(patience: Duration) -> Away {
        let [accounts, looking, doing, site] =
            [ACCOUNTS, LONG, LONG, SITE].map(|(at_once, waiting)| Queue::of(at_once, waiting));
        Away { accounts, looking, doing, site, patience }
    }

    /// How much is being looked at, by somebody who still waits or not.
    #[cfg(test)]
    pub fn looking(&self) -> usize {
        LONG.0 - self.looking.turns.available_permits()
    }

    fn queue(&self, work: Work) -> Option<&Queue> {
        match work {
            Work::Here => None,
            Work::Away => Some(&self.accounts),
            Work::Looking => Some(&self.looking),
            Work::Doing => Some(&self.doing),
            Work::Site => Some(&self.site),
        }
    }
}

/// Whoever waits for the answer. Dropped, they are gone: what is under way is told.
struct Caller {
    interrupt: Interrupt,
    _here: oneshot::Sender<()>,
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.interrupt.set();
    }
}

/// Has a route worked on where the table of routes says.
pub async fn send(
    State((app, work)): State<(Arc<App>, Work)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(queue) = app.away.queue(work) else { return next.run(request).await };
    let Some(place) = queue.place() else { return busy() };
    let interrupt = Interrupt::default();
    request.extensions_mut().insert(interrupt.clone());
    let Ok(turn) = timeout(app.away.patience, queue.turn()).await else { return busy() };
    let (here, gone) = oneshot::channel();
    let caller = Caller { interrupt, _here: here };
    let runtime = Handle::current();
    let working = tokio::task::spawn_blocking(move || {
        let _held = (place, turn);
        runtime.block_on(async move {
            let answer = pin!(next.run(request));
            match work {
                Work::Doing => Some(answer.await),
                _ => tokio::select! {
                    biased;
                    _ = gone => None,
                    answer = answer => Some(answer),
                },
            }
        })
    });
    let answered = match work {
        Work::Looking => timeout(app.away.patience, working).await,
        _ => Ok(working.await),
    };
    drop(caller);
    match answered {
        Ok(Ok(Some(response))) => response,
        // Nobody is there to be answered.
        Ok(Ok(None)) => StatusCode::NO_CONTENT.into_response(),
        Ok(Err(_)) => broken(),
        Err(_) => too_long(),
    }
}

fn busy() -> Response {
    let detail = "いま時間のかかる処理が多く、順番を待つ場所がありません。少し待って、もう一度送ってください。";
    again_later("busy", "混み合っています", detail)
}

fn too_long() -> Response {
    let detail =
        "時間がかかりすぎるため、途中でやめました。日付や期間を近くして、もう一度試してください。";
    again_later("too-long", "時間内に終わりませんでした", detail)
}

fn again_later(code: &'static str, title: &str, detail: &str) -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let mut response = Trouble::new(status, code, title, detail).into_response();
    let after = HeaderValue::from_static(RETRY_AFTER);
    response.headers_mut().insert(header::RETRY_AFTER, after);
    response
}

/// A handler that panics takes only its own request with it.
pub fn catching() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| broken())
}

/// What whoever asked is told when a handler panics; what it was stands in the log.
fn broken() -> Response {
    let detail = "この要求の処理中に障害が起きました。ほかの操作には影響しません。続くときは管理者に知らせてください。";
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Trouble::new(status, "broken", "障害が起きました", detail).into_response()
}
