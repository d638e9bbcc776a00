//! Serving until somebody says stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::routes::router;
use crate::state::WebState;

/// Serves on `listener` until `shutdown` is done: then no new connection is taken, open requests end,
/// and batches stop at their next transaction; they go on with the next start.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: WebState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let app = router(state.clone());
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            shutdown.await;
            state.stop();
        })
        .await
}
