//! The API and plain pages for looking, on this machine only.
//!
//! Nothing is decided here: pages and API read what the engine keeps, and bring
//! facts and acts to [`engine::Engine::register`]. This version knows no sign-in
//! and therefore listens on loopback addresses only.

mod answer;
mod api;
mod applications;
mod clock;
mod contracts;
mod dashboard;
mod dates;
mod documents;
mod entries;
mod frame;
mod here;
mod invoice_page;
mod invoices;
mod outbox;
mod parts;
mod routes;
mod rows;
mod terms_index;
mod terms_page;
#[cfg(test)]
mod tests;
mod timeline;
mod todo_lists;
mod why;
mod words;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use axum::middleware::from_fn_with_state;
use engine::{Engine, EngineError, ManualClock};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Mutex;

/// What every handler gets.
pub struct App {
    engine: Arc<Engine>,
    /// Only where people move the clock themselves.
    clock: Option<Arc<ManualClock>>,
    /// One move of the clock at a time.
    moving: Mutex<()>,
}

impl App {
    fn new(engine: Arc<Engine>, clock: Option<Arc<ManualClock>>) -> Arc<App> {
        Arc::new(App { engine, clock, moving: Mutex::new(()) })
    }

    /// Brings what is due before something is looked at. With the system clock
    /// mails are left to the worker, so that no page waits for a mail server.
    async fn bring(&self) -> Result<(), EngineError> {
        match self.clock {
            Some(_) => self.engine.settle().await,
            None => self.engine.catch_up().await.map(|_| ()),
        }
    }
}

/// Serves the pages and the API until Ctrl-C or SIGTERM.
///
/// # Errors
/// When the address is not a loopback address, or cannot be listened on.
pub async fn serve(
    engine: Arc<Engine>,
    clock: Option<Arc<ManualClock>>,
    listen: SocketAddr,
) -> anyhow::Result<()> {
    refuse_other_machines(listen)?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: is another program there?"))?;
    let worker = clock.is_none().then(|| tokio::spawn(work(engine.clone())));
    let mut terminated = signal(SignalKind::terminate())?;
    let ended = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    };
    let served = axum::serve(listener, router(App::new(engine, clock)));
    served.with_graceful_shutdown(ended).await?;
    if let Some(worker) = worker {
        worker.abort();
    }
    Ok(())
}

/// Without sign-in nobody but this machine may look or act.
pub fn refuse_other_machines(listen: SocketAddr) -> anyhow::Result<()> {
    if listen.ip().is_loopback() {
        return Ok(());
    }
    bail!(
        "{listen} can be reached from other machines, and this version has no sign-in: \
         listen on a loopback address such as 127.0.0.1:{}",
        listen.port()
    )
}

fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in routes::ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    router
        .fallback(answer::no_such_page)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(from_fn_with_state(app.clone(), frame::dress))
        .with_state(app)
}

/// Does what is due, every second. A store that fails is tried again: what is
/// due stays in the queue.
async fn work(engine: Arc<Engine>) {
    let mut every = tokio::time::interval(Duration::from_secs(1));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        if let Err(error) = engine.settle().await {
            tracing::error!("what is due could not be done, it is tried again: {error}");
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    }
}
