//! Serving until somebody says stop.
//!
//! ```text
//!   accept ─▶ crowd (how many) ─▶ patient (who reads nothing) ─▶ tls ─▶ HTTP/1.1 (slow heads) ─▶ routes
//! ```

mod crowd;
mod patient;
mod tls;
mod validity;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::{Service, ServiceExt};

use crate::routes::router;
use crate::state::WebState;
use crowd::{Crowd, Guest};
use patient::Patient;
pub use tls::{Certificates, Pem, ReadPem, TlsError};

/// Longest head of a request, in bytes; a longer one is answered with 431.
const LARGEST_HEAD: usize = 32 << 10;

/// How long open requests may take to end once we are told to stop. The service manager kills after 90 seconds, and log and
/// database come after us.
const GOODBYE: Duration = Duration::from_secs(45);

/// What every connection shares.
#[derive(Clone)]
struct Way {
    app: Router,
    acceptor: Option<TlsAcceptor>,
    state: WebState,
    stopping: watch::Receiver<bool>,
}

/// Serves on `listener`, by TLS if there are certificates, until `shutdown` is done.
///
/// Then no new connection is taken, open requests end, and batches stop at their next transaction; they go on with the next start.
///
/// # Errors
/// The mathematics of TLS are not there.
pub async fn serve(
    listener: TcpListener,
    state: WebState,
    certificates: Option<Certificates>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let acceptor = certificates.as_ref().map(Certificates::acceptor).transpose();
    let acceptor = acceptor.map_err(io::Error::other)?;
    let tending = certificates.map(|certificates| tokio::spawn(certificates.tend()));
    let (stop, stopping) = watch::channel(false);
    let way = Way { app: router(state.clone()), acceptor, state, stopping };
    let crowd = Crowd::new(&way.state.door);
    let mut open = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = open.join_next() => continue,
            accepted = accept(&listener) => accepted,
        };
        // Whoever is too many is hung up on.
        if let Some(guest) = crowd.enter(&way.state.door, peer.ip()) {
            open.spawn(receive(stream, peer, way.clone(), guest));
        }
    }
    drop(listener);
    way.state.stop();
    stop.send_replace(true);
    let gone = async { while open.join_next().await.is_some() {} };
    if timeout(GOODBYE, gone).await.is_err() {
        // What is in the log is in the log; who still waits is hung up on.
        tracing::warn!(connections = open.len(), "connections that did not end are cut");
    }
    if let Some(tending) = tending {
        tending.abort();
    }
    Ok(())
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_other_side(&error) => {}
            Err(error) => {
                // No file left to open, for example: those who are inside give some back.
                tracing::error!(%error, "no connection can be taken; tried again in a second");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_of_the_other_side(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// One connection from its first byte to its last.
async fn receive(stream: TcpStream, peer: SocketAddr, way: Way, guest: Guest) {
    // Only a matter of speed.
    let _ = stream.set_nodelay(true);
    let stream = Patient::new(stream, way.state.door.idle);
    match way.acceptor.clone() {
        None => talk(stream, peer, way).await,
        Some(acceptor) => match timeout(way.state.door.head, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => talk(stream, peer, way).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
            Err(_) => tracing::debug!("TLS took too long"),
        },
    }
    drop(guest);
}

async fn talk<S>(stream: S, peer: SocketAddr, way: Way)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Way { app, state, mut stopping, .. } = way;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    http.header_read_timeout(state.door.head);
    http.max_header_size(LARGEST_HEAD);
    let service = TowerToHyperService::new(known_peer(app, peer));
    let mut line = pin!(http.serve_connection(TokioIo::new(stream), service));
    let told = async {
        // Gone is as good as told.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let ended = tokio::select! {
        ended = line.as_mut() => ended,
        () = told => {
            line.as_mut().graceful_shutdown();
            line.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// The house with the address of the other side beside each request.
fn known_peer(
    app: Router,
    peer: SocketAddr,
) -> impl Service<
    Request<Incoming>,
    Response = Response,
    Error = Infallible,
    Future = <Router as Service<Request<Body>>>::Future,
> + Clone {
    ServiceExt::<Request<Body>>::map_request(app, move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    })
}
