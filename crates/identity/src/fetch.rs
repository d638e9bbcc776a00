//! Over the wire: with limits, without redirects.

use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::fault::{BadSettings, Fault};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take until somebody listens.
const CONNECT: Duration = Duration::from_secs(5);
/// Most bytes of an answer.
const LARGEST: usize = 256 << 10;

/// The client.
pub(crate) struct Fetch(Client);

impl Fetch {
    pub(crate) fn new() -> Result<Self, BadSettings> {
        // Set already: by a carrier.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        let bad = |error: reqwest::Error| BadSettings { what: "issuer", why: error.to_string() };
        client.map(Self).map_err(bad)
    }

    pub(crate) fn get(&self, url: &str) -> RequestBuilder {
        self.0.get(url)
    }

    pub(crate) fn post(&self, url: &str) -> RequestBuilder {
        self.0.post(url)
    }
}

/// Asks; gives status and body. An issuer that is out of order was not reached.
pub(crate) async fn ask(request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), Fault> {
    let sent = request.header(ACCEPT, "application/json").send().await;
    // The error's own words hold the address with all that was asked.
    let mut answer = sent.map_err(|error| {
        tracing::warn!(timeout = error.is_timeout(), "the identity service does not answer");
        Fault::Unreachable
    })?;
    let status = answer.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        tracing::warn!(status = status.as_u16(), "the identity service is out of order");
        return Err(Fault::Unreachable);
    }
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|_| Fault::Unreachable)? {
        if body.len() + part.len() > LARGEST {
            tracing::warn!("the identity service says too much");
            return Err(Fault::Answer);
        }
        body.extend_from_slice(&part);
    }
    Ok((status, body))
}

/// Asks for something that must be there.
pub(crate) async fn document<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Fault> {
    let (status, body) = ask(request).await?;
    if status != StatusCode::OK {
        tracing::warn!(status = status.as_u16(), "the identity service has not what it should");
        return Err(Fault::Answer);
    }
    serde_json::from_slice(&body).map_err(|_| Fault::Answer)
}

/// Only `https`, or this very machine.
pub(crate) fn safe(url: &str) -> Result<(), String> {
    let url: Url = url.parse().map_err(|why| format!("{why}"))?;
    let local = ["127.0.0.1", "localhost", "[::1]"];
    let is_local = url.host_str().is_some_and(|host| local.contains(&host));
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_local => Ok(()),
        _ => Err("must begin with https:// (http:// only to this machine)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nobody_reads_along() {
        for url in
            ["https://a.example/x", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost"]
        {
            assert_eq!(safe(url), Ok(()), "{url}");
        }
        for url in ["http://a.example", "http://127.0.0.1.a.example", "ftp://a.example", "a", ""] {
            assert!(safe(url).is_err(), "{url}");
        }
    }
}
