//! Taking connections: how many at once, and for how long.
//!
//! `axum::serve` waits for ever for the rest of a head, and for a reader that takes
//! nothing of its answer. Here either has a time, and so has the body
//! ([`super::body`]).

use std::future::{Future, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::{Router, response::Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::App;
use super::limits::{Crowd, Limits};

/// The largest head.
const HEAD: usize = 64 * 1024;

/// How long requests may still take when the program is told to stop.
const ENDING: Duration = Duration::from_secs(30);

/// How long is read on, unheard, after an answer that came before the body was there:
/// closed at once, the answer would be lost together with the connection.
const LINGER: Duration = Duration::from_secs(5);

type Answer = Result<Response, std::convert::Infallible>;

/// Serves what comes until `ended`, and then what is under way.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    router: Router,
    ended: impl Future<Output = ()>,
) {
    let limits = app.gate.limits.clone();
    let places = Arc::new(Semaphore::new(limits.total));
    let callers = Arc::new(Crowd::of(limits.per_address));
    let (stop, stopped) = watch::channel(false);
    let mut open = JoinSet::new();
    let mut ended = pin!(ended);
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, taken) = tokio::select! {
            next = next => next,
            () = &mut ended => break,
        };
        while open.try_join_next().is_some() {}
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                // No more files may be opened, for one: it passes.
                tracing::warn!("a connection could not be taken: {error}");
                sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let own = match bounds(&app, peer.ip()) {
            true => match callers.enter(peer.ip()) {
                None => continue,
                own => own,
            },
            false => None,
        };
        let one = attend(stream, peer, limits.clone(), router.clone(), stopped.clone());
        open.spawn(async move {
            one.await;
            drop((place, own));
        });
    }
    drop(listener);
    stop.send_replace(true);
    // What is left after that is broken off.
    let _ = timeout(ENDING, async { while open.join_next().await.is_some() {} }).await;
}

/// Behind a proxy there are many, who are counted request by request.
fn bounds(app: &App, peer: IpAddr) -> bool {
    !app.front.may_be_proxy(peer)
}

/// One connection, until it ends.
async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    limits: Limits,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.body()));
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        Box::pin(router.clone().oneshot(request)) as Pin<Box<dyn Future<Output = Answer> + Send>>
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head())
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut told = false;
    let ended = loop {
        tokio::select! {
            ended = poll_fn(|context| connection.poll_without_shutdown(context)) => break ended,
            _ = stopped.changed(), if !told => {
                Pin::new(&mut connection).graceful_shutdown();
                told = true;
            }
        }
    };
    match ended {
        Ok(()) => linger(connection.into_parts().io.into_inner()).await,
        Err(error) => tracing::debug!("a connection ended: {error}"),
    }
}

async fn linger(mut stream: Pin<Box<TimeoutStream<TcpStream>>>) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut scrap = vec![0; 16 * 1024];
    let rest = async { while stream.read(&mut scrap).await.is_ok_and(|read| read > 0) {} };
    let _ = timeout(LINGER, rest).await;
}
