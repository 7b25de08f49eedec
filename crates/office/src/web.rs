//! The API and plain pages.
//!
//! Nothing is decided here: pages and API read what the engine keeps, and bring
//! facts and acts to [`engine::Engine::register`]. Who may open what stands in the
//! table of [`routes`]; without a proxy that keeps TLS only this machine is heard.

mod access_log;
mod access_review;
mod account;
mod afterwards;
mod amounts;
mod announcements;
mod answer;
mod api;
mod applications;
mod away;
mod body;
mod bounded;
mod bring;
mod clock;
mod compressed;
mod connections;
mod console;
mod contracts;
mod cookie;
mod credit_notes;
mod csrf;
mod customers;
mod dashboard;
mod dates;
mod documents;
mod door;
mod entries;
mod entry;
mod field;
mod filed;
mod form;
mod frame;
mod here;
mod homepage;
mod invoice_page;
mod invoices;
mod keys;
mod limits;
mod links;
mod list;
mod looks;
mod matters;
mod mending;
mod monitoring;
mod my;
mod need;
mod next;
mod numbered;
mod openapi;
mod outbox;
mod own;
mod paged;
mod parts;
mod people;
mod portal;
mod quotes;
mod registered;
mod restored;
mod routes;
mod rows;
mod sign_in;
mod site;
mod stop_trial;
mod takeovers;
mod terms_coverage;
mod terms_index;
mod terms_page;
#[cfg(test)]
mod tests;
mod timeline;
mod todo_lists;
mod unsent;
mod way_in;
mod why;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::get;
use engine::{Engine, EngineError, ManualClock};
use outside::Secret;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, watch};
use tokio::task::{AbortHandle, JoinHandle};

use self::away::Away;
use crate::access::Door;
use crate::metered;
pub use here::Front;
pub use homepage::OwnPages;
use limits::Gate;
pub use limits::Limits;
pub use openapi::document as openapi_document;
use site::Part;
pub use site::logo::Logo;
pub use words::role as role_word;

/// What every handler gets.
pub struct App {
    engine: Arc<Engine>,
    /// Only where people move the clock themselves.
    clock: Option<Arc<ManualClock>>,
    /// One move of the clock at a time.
    moving: Mutex<()>,
    door: Arc<Door>,
    front: Front,
    gate: Gate,
    /// The folder of the data; none for a store in memory.
    data: Option<PathBuf>,
    /// Does what is due; none where people move the clock.
    worker: Option<AbortHandle>,
    away: Away,
    waits: console::waiting::Counts,
    afterwards: afterwards::Afterwards,
    /// Opens `/ready` and `/metrics` to other machines.
    monitoring_token: Option<Secret>,
    /// What is served at the address where this is heard.
    part: Part,
    /// What the addresses of the public site begin with.
    site: String,
    logo: Option<Logo>,
    /// The people of the demo, whom the sign-in page lists: id, name, role.
    hint: Option<Vec<(String, String, String)>>,
}

impl App {
    /// Brings what is due before something is looked at. With the system clock
    /// mails are left to the worker, so that no page waits for a mail server.
    async fn bring(&self) -> Result<(), EngineError> {
        match self.clock {
            Some(_) => self.engine.settle().await,
            None => self.engine.bring_due().await,
        }
    }

    /// The public site at an address of its own: under another name, with places and turns
    /// that are none of the desk's.
    fn public_site_at(&self, front: Front) -> Arc<App> {
        Arc::new(App {
            engine: self.engine.clone(),
            clock: self.clock.clone(),
            moving: Mutex::new(()),
            door: self.door.clone(),
            front,
            gate: Gate::new(self.gate.limits.clone()),
            data: None,
            worker: None,
            away: Away::with_patience(PATIENCE),
            waits: Default::default(),
            afterwards: Default::default(),
            monitoring_token: None,
            part: Part::Site,
            site: self.site.clone(),
            logo: self.logo.clone(),
            hint: None,
        })
    }
}

/// Where people find the public site.
#[derive(Debug)]
pub struct PublicSite {
    /// What its addresses begin with.
    pub address: String,
    /// Its own address, apart from console and portal.
    pub apart: Option<(SocketAddr, Front)>,
    /// The operator's.
    pub logo: Option<Logo>,
}

/// How an installation is served.
pub struct Serving {
    pub listen: SocketAddr,
    pub data: Option<PathBuf>,
    pub front: Front,
    pub limits: Limits,
    pub door: Door,
    /// Told where the pages are served, so that notices can be posted.
    pub pages: Arc<OwnPages>,
    /// The clock that people move, if the business does not follow the machine's.
    pub clock: Option<Arc<ManualClock>>,
    pub hint: Option<Vec<(String, String, String)>>,
    pub monitoring_token: Option<Secret>,
    pub site: PublicSite,
}

/// Serves the pages and the API until Ctrl-C or SIGTERM.
///
/// # Errors
/// When an address may not or cannot be listened on.
pub async fn serve(serving: Serving) -> anyhow::Result<()> {
    let Serving { listen, data, front, limits, door, pages, clock, hint, monitoring_token, site } =
        serving;
    metered::handle();
    let listener = listened(listen, &front).await?;
    let apart = match site.apart {
        Some((listen, front)) => Some((listened(listen, &front).await?, front)),
        None => None,
    };
    let public = apart.as_ref().map_or(&listener, |(listener, _)| listener);
    pages.served_at(public.local_addr()?);
    let engine = door.engine.clone();
    let (stop, stopped) = watch::channel(false);
    let at_work = clock.is_none().then(|| tokio::spawn(work(engine.clone(), stopped)));
    let mut terminated = signal(SignalKind::terminate())?;
    let (end, mut ending) = watch::channel(());
    let ended = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        end.send_replace(());
    };
    let app = Arc::new(App {
        engine,
        clock,
        moving: Mutex::new(()),
        door: Arc::new(door),
        front: front.listening_on(listen.ip()),
        gate: Gate::new(limits),
        away: Away::with_patience(PATIENCE),
        data,
        waits: Default::default(),
        afterwards: Default::default(),
        worker: at_work.as_ref().map(JoinHandle::abort_handle),
        monitoring_token,
        part: Part::Whole,
        site: site.address,
        logo: site.logo,
        hint,
    });
    let forgetting = tokio::spawn(forget(app.clone()));
    let at_site = apart.map(|(listener, front)| {
        let app = app.public_site_at(front);
        let ended = async move { drop(ending.changed().await) };
        tokio::spawn(connections::serve(listener, app.clone(), router(app), ended))
    });
    connections::serve(listener, app.clone(), router(app), ended).await;
    if let Some(at_site) = at_site {
        at_site.await?;
    }
    forgetting.abort();
    stop.send_replace(true);
    if let Some(mut worker) = at_work
        && tokio::time::timeout(LAST_ROUND, &mut worker).await.is_err()
    {
        worker.abort();
    }
    Ok(())
}

async fn listened(listen: SocketAddr, front: &Front) -> anyhow::Result<TcpListener> {
    refuse_other_machines(listen, front)?;
    TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: is another program there?"))
}

/// Passwords and cookies must not travel in clear: other machines are heard only
/// through a proxy that keeps TLS.
pub fn refuse_other_machines(listen: SocketAddr, front: &Front) -> anyhow::Result<()> {
    if listen.ip().is_loopback() || front.admits_others() {
        return Ok(());
    }
    bail!(
        "{listen} can be reached from other machines: set public_url (https://…) and \
         trusted_proxies in the configuration, or listen on a loopback address such as \
         127.0.0.1:{}",
        listen.port()
    )
}

fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in routes::ROUTES.iter().filter(|route| app.part.has(route.path)) {
        let guard = from_fn_with_state((app.clone(), route), entry::guard);
        let counted = from_fn(move |request, next| monitoring::count(route.path, request, next));
        let sent = from_fn_with_state((app.clone(), route.work), away::send);
        let bounded = from_fn_with_state(route, bounded::check);
        let kept = from_fn_with_state(route, site::kept::keep);
        let handler = route
            .answers
            .router()
            .route_layer(kept)
            .route_layer(sent)
            .route_layer(bounded)
            .route_layer(guard)
            .route_layer(counted);
        router = router.route(route.path, handler);
    }
    if app.part == Part::Site {
        router = router.route("/", get(|| async { Redirect::temporary("/site") }));
    }
    router
        .fallback(answer::no_such_page)
        .method_not_allowed_fallback(answer::wrong_method)
        .layer(away::catching())
        .layer(from_fn_with_state(app.clone(), frame::dress))
        // The guard has read the body, up to the limit of the route.
        .layer(DefaultBodyLimit::disable())
        .layer(compressed::layer())
        .with_state(app)
}

/// So long anybody waits for what can take long to look at.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ends lines of the access log whose time is over, every hour.
async fn forget(app: Arc<App>) {
    let mut every = tokio::time::interval(Duration::from_secs(3_600));
    loop {
        every.tick().await;
        if let Err(error) = app.door.forget_old().await {
            tracing::error!("old lines of the access log could not be removed: {error}");
        }
    }
}

/// How long the worker may take to end its round, so that no mail that has left is
/// left without its record. A service manager has some more patience.
const LAST_ROUND: Duration = Duration::from_secs(75);

/// Does what is due, every second, until it is told to stop. A store that fails is
/// tried again: what is due stays in the queue.
async fn work(engine: Arc<Engine>, mut stopped: watch::Receiver<bool>) {
    let mut wait = Duration::ZERO;
    while !*stopped.borrow() {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopped.changed() => continue,
        }
        wait = match round(&engine).await {
            Ok(0) => Duration::from_secs(1),
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::error!("what is due could not be done, it is tried again: {error}");
                Duration::from_secs(10)
            }
        };
    }
}

/// What follows up to now, and a few effects; how many of either there were.
async fn round(engine: &Engine) -> Result<u64, EngineError> {
    let brought = engine.catch_up().await?;
    // A notice that cannot be given keeps no mail of somebody else waiting.
    let told = engine.deliver_notices().await.unwrap_or_else(|error| {
        tracing::error!("notices could not be given, it is tried again: {error}");
        0
    });
    let done = brought + told + engine.perform_due().await?;
    if done > 0 {
        return Ok(done);
    }
    // Only where nothing else is to be done: it is of no account to anybody but the clock.
    engine.store_next_chapter().await
}
