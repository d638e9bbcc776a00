//! Short messages by an HTTP gateway 短信网关.
//!
//! ```text
//! POST <url>
//! Content-Type: application/json
//! Idempotency-Key: notice-0193…
//! X-Timestamp: 1790000000                        seconds
//! X-Signature: hex of HMAC-SHA-256(key, timestamp "\n" key "\n" body)
//!
//! {"id":"notice-0193…","to":"19900000001","sign":"公共信用","text":"…"}
//! ```
//!
//! `2xx` means taken; `408`, `425`, `429` and `5xx` are tried again; anything else never.

use hmac::{Hmac, KeyInit, Mac};
use register::delivery::{Channel, Fault};
use sha2::Sha256;
use usecases::Cx;
use usecases::delivery::{Load, Parcel, Tried};

use crate::{BadSettings, Carrier, bad, client, tried};

/// Where short messages go out.
#[derive(Clone)]
pub struct SmsSettings {
    /// Address of the gateway.
    pub url: String,
    /// The name under which messages are signed (短信签名).
    pub sign: String,
    /// The key that the gateway knows too.
    pub key: Vec<u8>,
}

/// Sends short messages.
pub struct Sms {
    settings: SmsSettings,
    client: reqwest::Client,
}

impl Sms {
    /// A carrier to that gateway; nothing is sent yet.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(settings: SmsSettings) -> Result<Self, BadSettings> {
        if settings.key.is_empty() {
            return Err(bad("sms.key_file", "the key is empty"));
        }
        crate::webhook::safe(&settings.url).map_err(|why| bad("sms.url", why))?;
        Ok(Self { client: client()?, settings })
    }
}

#[async_trait::async_trait]
impl Carrier for Sms {
    fn channel(&self) -> Channel {
        Channel::Sms
    }

    async fn carry(&self, cx: &Cx, parcel: &Parcel) -> Tried {
        let Load::Sms { to, text } = &parcel.load else { return Tried::Never(Fault::Refused) };
        let SmsSettings { url, sign, key } = &self.settings;
        let said = serde_json::json!({ "id": parcel.key(), "to": to, "sign": sign, "text": text });
        let body = said.to_string();
        let timestamp = cx.now().as_second().to_string();
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            return Tried::Never(Fault::NotSetUp);
        };
        for part in [&timestamp, "\n", parcel.key(), "\n", &body] {
            mac.update(part.as_bytes());
        }
        let sent = self
            .client
            .post(url)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", parcel.key())
            .header("X-Timestamp", timestamp)
            .header("X-Signature", hex::encode(mac.finalize().into_bytes()))
            .body(body)
            .send()
            .await;
        sent.map_or(Tried::Again(Fault::Unreachable), |answer| tried(answer.status()))
    }
}
