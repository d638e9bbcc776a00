//! A body that must keep coming 慢传: one that stands still, or only trickles, is given up.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use thiserror::Error;
use tokio::time::{Sleep, sleep};

use crate::door::Door;

/// The body came too slowly.
#[derive(Debug, Error)]
#[error("the body came too slowly")]
pub(crate) struct TooSlow;

/// Whether a body was given up, to be seen when its request is answered.
#[derive(Clone, Default)]
pub(crate) struct Tardy(Arc<AtomicBool>);

impl Tardy {
    pub(crate) fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body under watch. Only time in which we wait for it counts: whatever we do with what came is our affair.
pub(crate) struct Steady {
    body: Body,
    idle: Duration,
    bytes_per_second: u64,
    bytes: u64,
    waited: Duration,
    since: Option<Instant>,
    until: Option<Pin<Box<Sleep>>>,
    tardy: Tardy,
}

impl Steady {
    pub(crate) fn new(body: Body, door: &Door, tardy: Tardy) -> Self {
        Self {
            body,
            idle: door.idle,
            bytes_per_second: door.bytes_per_second,
            bytes: 0,
            waited: Duration::ZERO,
            since: None,
            until: None,
            tardy,
        }
    }

    /// Counts what came and how long it was waited for; whether that is too slow.
    fn came(&mut self, bytes: usize) -> bool {
        self.until = None;
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        let waited = u64::try_from(self.waited.as_millis()).unwrap_or(u64::MAX);
        let least = self.bytes_per_second.saturating_mul(waited) / 1_000;
        self.waited > self.idle && self.bytes < least
    }

    fn too_slow(&self) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.tardy.0.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(TooSlow))))
    }
}

impl HttpBody for Steady {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                if self.came(bytes) { self.too_slow() } else { Poll::Ready(Some(Ok(frame))) }
            }
            Poll::Ready(ended) => Poll::Ready(ended),
            Poll::Pending => {
                if self.since.is_none() {
                    self.since = Some(Instant::now());
                }
                let idle = self.idle;
                let until = self.until.get_or_insert_with(|| Box::pin(sleep(idle)));
                match until.as_mut().poll(cx) {
                    Poll::Ready(()) => self.too_slow(),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
