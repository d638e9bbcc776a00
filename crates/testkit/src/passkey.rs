//! A passkey in memory 软件通行密钥: what a browser and a device do together, as they should or not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Where the register is found in cities and houses that have passkeys.
pub const SITE: &str = "https://credit.example";

/// The user is present.
const PRESENT: u8 = 0x01;
/// The device made sure that it is its holder.
const VERIFIED: u8 = 0x04;
/// A new credential follows.
const NEW: u8 = 0x40;

/// One passkey of a device. What a test wants to spoil can be set.
pub struct SoftPasskey {
    key: SigningKey,
    id: Vec<u8>,
    /// How often it was used; a device that does not count says 0.
    pub counter: u32,
    /// Whether it counts.
    pub counts: bool,
    /// Whether the device makes sure of its holder.
    pub verifies: bool,
    /// The page that the browser believes to be at.
    pub origin: String,
    /// The name that the device signs for.
    pub signs_for: String,
}

impl SoftPasskey {
    /// One that is unlike all with another number, which is not 0.
    #[must_use]
    pub fn new(number: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[number; 32]).unwrap(),
            id: vec![number; 20],
            counter: 0,
            counts: true,
            verifies: true,
            origin: SITE.to_owned(),
            signs_for: "credit.example".to_owned(),
        }
    }

    /// The same key in another device, counting on from where it is now.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self {
            key: self.key.clone(),
            id: self.id.clone(),
            origin: self.origin.clone(),
            signs_for: self.signs_for.clone(),
            ..*self
        }
    }

    /// What the browser answers to `navigator.credentials.create` with these options.
    #[must_use]
    pub fn create(&self, options: &str) -> String {
        self.create_of(options, &self.attested())
    }

    /// The same of a device that says this.
    #[must_use]
    pub fn create_of(&self, options: &str, attested: &[u8]) -> String {
        self.answer(&json!({
            "clientDataJSON": in_text(&self.client("webauthn.create", options)),
            "attestationObject": in_text(attested),
            "transports": ["internal"],
        }))
    }

    /// What the device says of a new passkey, without proof of what device it is.
    #[must_use]
    pub fn attested(&self) -> Vec<u8> {
        let mut data = self.data(NEW);
        // Of no model that says which.
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        let mut attested = vec![0xA3];
        attested.extend(text("fmt"));
        attested.extend(text("none"));
        attested.extend(text("attStmt"));
        attested.push(0xA0);
        attested.extend(text("authData"));
        attested.extend(bytes(&data));
        attested
    }

    /// What the browser answers to `navigator.credentials.get` with these options.
    #[must_use]
    pub fn get(&mut self, options: &str) -> String {
        if self.counts {
            self.counter += 1;
        }
        let client = self.client("webauthn.get", options);
        let data = self.data(0);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client));
        let signature: Signature = self.key.sign(&signed);
        self.answer(&json!({
            "clientDataJSON": in_text(&client),
            "authenticatorData": in_text(&data),
            "signature": in_text(signature.to_der().as_bytes()),
            "userHandle": null,
        }))
    }

    fn answer(&self, response: &Value) -> String {
        let id = in_text(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response }).to_string()
    }

    fn client(&self, kind: &str, options: &str) -> Vec<u8> {
        let options: Value = serde_json::from_str(options).unwrap();
        let challenge = options.pointer("/publicKey/challenge").unwrap();
        let client = json!({
            "type": kind,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": false,
        });
        client.to_string().into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.signs_for.as_bytes()).to_vec();
        data.push(flags | PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// As COSE writes a key on P-256 for ES256.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        // One byte says that both coordinates follow.
        let (x, y) = point.as_bytes().split_first().unwrap().1.split_at(32);
        let mut key = vec![0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21];
        key.extend(bytes(x));
        key.push(0x22);
        key.extend(bytes(y));
        key
    }
}

fn in_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Short text as CBOR.
fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 24);
    [&[0x60 | length][..], text.as_bytes()].concat()
}

/// Some bytes as CBOR.
fn bytes(bytes: &[u8]) -> Vec<u8> {
    [&[0x58, u8::try_from(bytes.len()).unwrap()][..], bytes].concat()
}
