//! Spans 跨度: by which request a line of the log came about, and what goes to a collector of traces if one is set
//! up. Both carry the number of the request, its route template and its status: no address, nobody.

use tracing::Span;
use tracing::field::Empty;
use uuid::Uuid;

/// The two spans of one request.
pub(crate) struct Spans {
    /// Around every line of the log.
    pub(crate) lines: Span,
    /// For the collector; costs nothing without one, because nobody listens to its target then.
    pub(crate) trace: Span,
}

impl Spans {
    pub(crate) fn of(request: Uuid, method: &'static str, route: &str) -> Self {
        Self {
            lines: tracing::info_span!("request", %request, method, route),
            trace: tracing::debug_span!(
                target: "traced",
                "request",
                otel.name = %format_args!("{method} {route}"),
                otel.kind = "server",
                otel.status_code = Empty,
                request_id = %request,
                http.request.method = method,
                http.route = route,
                http.response.status_code = Empty,
            ),
        }
    }

    /// Notes how it ended.
    pub(crate) fn end(&self, status: u16) {
        self.trace.record("http.response.status_code", status);
        if status >= 500 {
            self.trace.record("otel.status_code", "ERROR");
        }
    }
}
