//! Signed messages to the systems of bodies 接口推送.
//!
//! ```text
//! POST <url>
//! Content-Type: application/json
//! Idempotency-Key: correction-0193…
//! Chengxin-Timestamp: 1790000000                 seconds
//! Chengxin-Signature: hex, as the heads of the log are signed, over
//!                     timestamp "\n" key "\n" body
//! Chengxin-Key: the public key that checks it
//!
//! {"id":"0193…","record":"…","change":"deleted","log_seq":41,"matter":"…","sent_at":"…","due_on":"…"}
//! ```
//!
//! `2xx` means received. `{"acknowledged": true}` in the answer acknowledges at once; otherwise the system
//! acknowledges by `POST /api/v1/corrections/{id}/acknowledge` when it has acted.

use std::collections::HashMap;

use register::delivery::{Channel, Fault};
use usecases::Cx;
use usecases::delivery::{Load, Parcel, Tried};

use crate::{BadSettings, Carrier, bad, client, tried};

/// Most bytes of an answer that are read.
const ANSWER: usize = 4_096;

/// Where bodies take messages, by the body's code.
#[derive(Clone, Debug, Default)]
pub struct WebhookSettings {
    /// Addresses.
    pub urls: HashMap<String, String>,
}

/// Tells systems.
pub struct Webhook {
    settings: WebhookSettings,
    client: reqwest::Client,
}

impl Webhook {
    /// A carrier to those systems; nothing is sent yet.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(settings: WebhookSettings) -> Result<Self, BadSettings> {
        for url in settings.urls.values() {
            safe(url).map_err(|why| bad("receivers.webhook", why))?;
        }
        Ok(Self { client: client()?, settings })
    }
}

/// Only `https`, or this very machine.
pub(crate) fn safe(url: &str) -> Result<(), String> {
    let url: reqwest::Url = url.parse().map_err(|why| format!("{why}"))?;
    let local = ["127.0.0.1", "localhost", "[::1]"];
    let is_local = url.host_str().is_some_and(|host| local.contains(&host));
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_local => Ok(()),
        _ => Err("must begin with https:// (http:// only to this machine)".to_owned()),
    }
}

/// What is signed, and by what it can be checked.
pub(crate) struct Signed {
    pub(crate) timestamp: String,
    pub(crate) signature: String,
    pub(crate) key: String,
}

pub(crate) fn signed(cx: &Cx, key: &str, body: &[u8]) -> Option<Signed> {
    let timestamp = cx.now().as_second().to_string();
    let mut message = format!("{timestamp}\n{key}\n").into_bytes();
    message.extend_from_slice(body);
    let (signature, public) = usecases::delivery::sign(cx, &message)?;
    Some(Signed { timestamp, signature: hex::encode(signature), key: public })
}

#[async_trait::async_trait]
impl Carrier for Webhook {
    fn channel(&self) -> Channel {
        Channel::Webhook
    }

    async fn carry(&self, cx: &Cx, parcel: &Parcel) -> Tried {
        let Load::Push { receiver, body } = &parcel.load else {
            return Tried::Never(Fault::Refused);
        };
        let Some(url) = self.settings.urls.get(receiver) else {
            return Tried::Again(Fault::NotSetUp);
        };
        let Some(signed) = signed(cx, parcel.key(), body) else {
            return Tried::Again(Fault::NotSetUp);
        };
        let sent = self
            .client
            .post(url)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", parcel.key())
            .header("Chengxin-Timestamp", signed.timestamp)
            .header("Chengxin-Signature", signed.signature)
            .header("Chengxin-Key", signed.key)
            .body(body.clone())
            .send()
            .await;
        let Ok(mut answer) = sent else { return Tried::Again(Fault::Unreachable) };
        let tried = tried(answer.status());
        if tried != Tried::Sent {
            return tried;
        }
        let mut said = Vec::new();
        while let Ok(Some(part)) = answer.chunk().await {
            said.extend_from_slice(&part);
            if said.len() > ANSWER {
                return Tried::Sent;
            }
        }
        if acknowledges(&said) { Tried::Acknowledged } else { Tried::Sent }
    }
}

/// Whether the other side's answer says that it has acted already; anything else is no acknowledgement.
#[must_use]
pub fn acknowledges(said: &[u8]) -> bool {
    let said: serde_json::Value = serde_json::from_slice(said).unwrap_or_default();
    said.get("acknowledged") == Some(&serde_json::Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn messages_go_out_unread_by_others() {
        for url in
            ["https://a.example/x", "http://127.0.0.1:1/x", "http://[::1]:1/", "http://localhost/"]
        {
            assert_eq!(safe(url), Ok(()), "{url}");
        }
        for url in ["http://a.example/", "http://127.0.0.1.a.example/", "ftp://a.example", "a", ""]
        {
            assert!(safe(url).is_err(), "{url}");
        }
    }
}
