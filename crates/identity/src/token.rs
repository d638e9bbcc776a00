//! From a code to claims that the issuer has signed or handed to us alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreClientAuthMethod, CoreGenderClaim, CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AdditionalClaims, ClaimsVerificationError, ClientId, IdToken, JwsSigningAlgorithm, Nonce,
    SignatureVerificationError,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::Fault;
use crate::fetch::{self, Fetch};
use crate::known::Known;
use crate::{Back, Claims, Settings};

/// How far the two clocks may differ, in seconds.
const LEEWAY: i64 = 60;
/// How old a token may be, in seconds: it was made for the code that we have just handed in.
const OLDEST: i64 = 600;

/// What the token endpoint gave; it goes when the sign-in is done.
#[derive(Deserialize)]
pub(crate) struct Tokens {
    pub(crate) id_token: Option<String>,
    pub(crate) access_token: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

/// Hands in the code.
pub(crate) async fn exchange(
    fetch: &Fetch,
    settings: &Settings,
    known: &Known,
    back: &Back<'_>,
) -> Result<Tokens, Fault> {
    let endpoint = known.metadata.token_endpoint().ok_or(Fault::Answer)?;
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", back.code),
        ("redirect_uri", back.redirect),
        ("code_verifier", back.verifier),
    ];
    let methods = known.metadata.token_endpoint_auth_methods_supported();
    // What an issuer can do if it does not say.
    let basic =
        methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let mut request = fetch.post(endpoint.as_str());
    match &settings.client_secret {
        Some(secret) if basic => {
            request =
                request.basic_auth(encoded(&settings.client_id), Some(encoded(secret.as_str())));
        }
        Some(secret) => {
            form.push(("client_id", settings.client_id.as_str()));
            form.push(("client_secret", secret.as_str()));
        }
        None => form.push(("client_id", settings.client_id.as_str())),
    }
    let (status, body) = fetch::ask(request.form(&form)).await?;
    if status == reqwest::StatusCode::OK {
        return serde_json::from_slice(&body).map_err(|_| Fault::Answer);
    }
    let refused = serde_json::from_slice::<Refused>(&body).ok();
    let fault = match refused.as_ref().map(|refused| refused.error.as_str()) {
        Some("invalid_grant") => Fault::Code,
        Some("invalid_client" | "unauthorized_client") => Fault::Client,
        Some(_) | None => Fault::Answer,
    };
    tracing::warn!(status = status.as_u16(), fault = fault.code(), "no token for the code");
    Err(fault)
}

/// As RFC 6749 2.3.1 wants number and secret before they become a header.
fn encoded(text: &str) -> String {
    let pair = serde_urlencoded::to_string([("", text)]).unwrap_or_default();
    pair.trim_start_matches('=').to_owned()
}

/// All claims beside those that OpenID Connect names.
#[derive(Deserialize, Serialize)]
struct Rest {
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rest(…)")
    }
}

impl AdditionalClaims for Rest {}

type Token =
    IdToken<Rest, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// Why an id token is not believed.
pub(crate) enum Unverified {
    /// It names a key that we do not know.
    UnknownKey,
    /// Anything else.
    Fault(Fault),
}

impl Unverified {
    pub(crate) fn fault(self) -> Fault {
        match self {
            Self::UnknownKey => Fault::Signature,
            Self::Fault(fault) => fault,
        }
    }
}

/// Verifies an id token; gives its claims.
pub(crate) fn verify(
    settings: &Settings,
    known: &Known,
    id_token: &str,
    back: &Back<'_>,
) -> Result<Value, Unverified> {
    let answer = || Unverified::Fault(Fault::Answer);
    let at = |seconds: i64| {
        DateTime::<Utc>::from_timestamp(seconds, 0).ok_or(Unverified::Fault(Fault::Clock))
    };
    let token: Token = id_token.parse().map_err(|_| answer())?;
    // What is signed with our secret could have been signed by whoever knows it.
    let algorithms = known.metadata.id_token_signing_alg_values_supported();
    let algorithms: Vec<CoreJwsSigningAlgorithm> =
        algorithms.iter().filter(|one| !one.uses_shared_secret()).cloned().collect();
    let (slow, fast) = (at(back.now - LEEWAY)?, at(back.now + LEEWAY)?);
    let oldest = at(back.now - OLDEST)?;
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(settings.client_id.clone()),
        known.metadata.issuer().clone(),
        known.keys.clone(),
    )
    .set_allowed_algs(algorithms)
    .set_time_fn(move || slow)
    .set_issue_time_verifier_fn(move |issued| {
        if issued < oldest || issued > fast { Err("out of date".to_owned()) } else { Ok(()) }
    });
    let nonce = Nonce::new(back.nonce.to_owned());
    match token.claims(&verifier, &nonce) {
        Ok(claims) => serde_json::to_value(claims).map_err(|_| answer()),
        Err(error) => Err(why(&error)),
    }
}

fn why(error: &ClaimsVerificationError) -> Unverified {
    use ClaimsVerificationError as Claim;
    if let Claim::SignatureVerification(signature) = error {
        let is_unknown = matches!(signature, SignatureVerificationError::NoMatchingKey);
        return if is_unknown {
            Unverified::UnknownKey
        } else {
            Unverified::Fault(Fault::Signature)
        };
    }
    // Other editions of the library may know other reasons.
    let fault = if matches!(error, Claim::Expired(_)) {
        Fault::Clock
    } else if matches!(error, Claim::InvalidNonce(_)) {
        Fault::Nonce
    } else if matches!(error, Claim::InvalidAudience(_) | Claim::InvalidIssuer(_)) {
        Fault::Audience
    } else {
        Fault::Answer
    };
    Unverified::Fault(fault)
}

/// Picks what is needed out of what was verified; asks for the rest where something is missing.
pub(crate) async fn claims(
    fetch: &Fetch,
    settings: &Settings,
    known: &Known,
    verified: Value,
    access_token: Option<String>,
) -> Result<Claims, Fault> {
    let subject = text(&verified, "sub").ok_or(Fault::Answer)?;
    let names = &settings.claims;
    let is_whole = |value: &Value| {
        text(value, &names.name).is_some() && text(value, &names.id_number).is_some()
    };
    let mut sources = vec![verified];
    if !sources.iter().any(is_whole)
        && let (Some(place), Some(token)) = (known.metadata.userinfo_endpoint(), access_token)
    {
        let more: Value = fetch::document(fetch.get(place.as_str()).bearer_auth(token)).await?;
        // A token of somebody else is no token of his.
        if text(&more, "sub").as_ref() != Some(&subject) {
            return Err(Fault::Answer);
        }
        sources.push(more);
    }
    let find = |name: &str| sources.iter().find_map(|source| text(source, name));
    let (Some(name), Some(id_number)) = (find(&names.name), find(&names.id_number)) else {
        return Err(Fault::Claims);
    };
    Ok(Claims {
        issuer: settings.issuer.clone(),
        subject,
        name,
        id_number,
        id_kind: find(&names.id_kind).unwrap_or_default(),
        birthdate: find(&names.birthdate).unwrap_or_default(),
    })
}

/// A claim that is a text and says something.
fn text(claims: &Value, name: &str) -> Option<String> {
    let value = if name.starts_with('/') { claims.pointer(name) } else { claims.get(name) };
    let text = value?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_are_found_by_name_and_by_pointer() {
        let claims = json!({ "name": " 柳𬭚 ", "empty": " ", "real": { "no": "1" }, "n": 1 });
        assert_eq!(text(&claims, "name").as_deref(), Some("柳𬭚"));
        assert_eq!(text(&claims, "/real/no").as_deref(), Some("1"));
        for name in ["empty", "n", "real", "/real/x", ""] {
            assert_eq!(text(&claims, name), None, "{name}");
        }
    }

    #[test]
    fn a_secret_with_signs_is_encoded_before_it_is_a_header() {
        assert_eq!(encoded("a:b c=%"), "a%3Ab+c%3D%25");
    }
}
