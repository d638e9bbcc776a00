//! Telemetry 运行记录: lines of the log as text or JSON, and traces for a collector if one is set up.
//!
//! Lines go to standard error. To the collector go spans of the target `traced` alone, which carry route, numbers and
//! counts (`web/src/spans.rs`, `usecases/src/access_log.rs`, `command/serve.rs`); no line of the log, no other span and
//! no address ever does. A collector that is slow or gone slows nobody down: what does not fit into the queue is lost.

use std::time::Duration;

use clap::ValueEnum;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::command::Failure;

/// The target of spans that may leave the house.
const TRACED: &str = "traced";

/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is written if `CHENGXIN_LOG` does not say otherwise.
const USUAL: &str = "info,sqlx=warn,sea_orm_migration=warn,opentelemetry=warn";

/// How lines of the log look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What has to be brought to its end.
pub(crate) struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Begins to write; to a collector only if `collector` names one.
    ///
    /// Outside the asynchronous runtime: the exporter has a thread of its own and waits in it.
    pub(crate) fn begin(format: LogFormat, collector: &str) -> Result<Self, Failure> {
        let lines: Box<dyn Layer<Registry> + Send + Sync> = match format {
            LogFormat::Text => fmt::layer().with_writer(std::io::stderr).boxed(),
            LogFormat::Json => {
                let json = fmt::layer().json().flatten_event(true).with_span_list(false);
                json.with_writer(std::io::stderr).boxed()
            }
        };
        let wanted = EnvFilter::try_from_env("CHENGXIN_LOG");
        let wanted = wanted.unwrap_or_else(|_| EnvFilter::new(USUAL));
        let registry = tracing_subscriber::registry().with(lines.with_filter(wanted));
        if collector.is_empty() {
            registry.init();
            return Ok(Self { traces: None });
        }
        let traces = provider(collector)?;
        let spans = tracing_opentelemetry::layer()
            .with_tracer(traces.tracer("chengxin"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        let traced = filter_fn(|metadata| metadata.is_span() && metadata.target() == TRACED);
        registry.with(spans.with_filter(traced)).init();
        Ok(Self { traces: Some(traces) })
    }

    /// Sends what still waits, for a few seconds at most.
    pub(crate) fn end(self) {
        if let Some(traces) = self.traces
            && let Err(error) = traces.shutdown()
        {
            eprintln!("the last traces did not reach the collector: {error}");
        }
    }
}

fn provider(collector: &str) -> Result<SdkTracerProvider, Failure> {
    let is_web = collector.starts_with("http://") || collector.starts_with("https://");
    if !is_web || collector.contains('@') {
        let says = "otlp_endpoint must be like http://127.0.0.1:4318, without user and password";
        return Err(Failure::Usage(says.to_owned()));
    }
    // Whoever was first: they are the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
        .with_timeout(PATIENCE)
        .build()
        .map_err(|error| Failure::Usage(format!("otlp_endpoint: {error}")))?;
    // Only what stands here: nothing is taken from the machine or its variables.
    let resource = Resource::builder_empty()
        .with_service_name("chengxin")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_named_by_its_address_alone() {
        for bad in ["127.0.0.1:4318", "ftp://x", "http://user:word@127.0.0.1:4318"] {
            assert!(matches!(provider(bad), Err(Failure::Usage(_))), "{bad}");
        }
        let traces = provider("http://127.0.0.1:9/").unwrap();
        let _ = traces.shutdown();
    }
}
