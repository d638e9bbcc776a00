//! Identity 身份服务: asks an OpenID Connect issuer who somebody is. Knows neither the register nor the pages.
//!
//! ```text
//!   begin ─▶ the browser goes to the issuer, the person signs in and agrees ─▶ it comes back with a code
//!   finish ─▶ token endpoint (code, verifier) ─▶ id token: signature, issuer, audience, time, nonce ─▶ Claims
//!                                                └▶ user info, where the token lacks a claim
//! ```
//!
//! What goes over the wire goes by one client: with a time limit, a size limit, without redirects, to `https` only
//! (or to this machine). Tokens live as long as [`Provider::finish`]; nothing of them is logged.

mod fault;
mod fetch;
mod known;
mod token;

pub use fault::{BadSettings, Fault};

use std::sync::Arc;

use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient};
use openidconnect::{
    ClientId, CsrfToken, JsonWebKeySet, LanguageTag, LogoutRequest, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, Scope,
};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::fetch::Fetch;
use crate::known::Cache;

/// What is configured of an issuer.
#[derive(Clone)]
pub struct Settings {
    /// Its identifier, `https://…`, exactly as it calls itself.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// What proves it; a client without a secret is protected by PKCE alone.
    pub client_secret: Option<Zeroizing<String>>,
    /// What people call it, in Chinese.
    pub title: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Where the claims are.
    pub claims: ClaimNames,
}

/// Names of claims; one that begins with `/` is a JSON pointer to a nested one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNames {
    /// The verified name.
    pub name: String,
    /// Kind of the document, by code or title; where it is missing, it is a citizen's card.
    pub id_kind: String,
    /// Number of the document.
    pub id_number: String,
    /// Date of birth, `2000-01-31`; needed only where the number does not carry it.
    pub birthdate: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            name: "name".to_owned(),
            id_kind: "id_kind".to_owned(),
            id_number: "id_number".to_owned(),
            birthdate: "birthdate".to_owned(),
        }
    }
}

/// What only this sign-in knows, made by the caller from true randomness: 43 to 128 letters and digits each.
#[derive(Clone)]
pub struct Secrets {
    /// Comes back in the address.
    pub state: String,
    /// Comes back in the id token.
    pub nonce: String,
    /// Proves that whoever hands in the code began (PKCE).
    pub verifier: String,
}

/// What came back, and what is needed to make something of it.
pub struct Back<'a> {
    /// The code.
    pub code: &'a str,
    /// The issuer that says it answers (RFC 9207); empty if it does not say.
    pub issuer: &'a str,
    /// The address that was named at the beginning.
    pub redirect: &'a str,
    /// See [`Secrets`].
    pub nonce: &'a str,
    /// See [`Secrets`].
    pub verifier: &'a str,
    /// This instant, in seconds since 1970.
    pub now: i64,
}

/// Who somebody is, by what the issuer has verified.
pub struct Claims {
    /// The issuer.
    pub issuer: String,
    /// What it calls him, for ever.
    pub subject: String,
    /// His name.
    pub name: String,
    /// Kind of his document; empty if it does not say.
    pub id_kind: String,
    /// Its number.
    pub id_number: String,
    /// His date of birth; empty if it does not say.
    pub birthdate: String,
}

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Claims(…)")
    }
}

/// An issuer as we know it. Cheap to clone.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    settings: Settings,
    fetch: Fetch,
    cache: Mutex<Cache>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Provider").field(&self.0.settings.issuer).finish()
    }
}

impl Provider {
    /// An issuer by its settings. It is not asked anything before somebody signs in: one that is down at the moment
    /// stops no start.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        fetch::safe(&settings.issuer).map_err(|why| BadSettings { what: "issuer", why })?;
        let names = &settings.claims;
        for (what, value) in [
            ("client_id", &settings.client_id),
            ("title", &settings.title),
            ("name_claim", &names.name),
            ("id_number_claim", &names.id_number),
        ] {
            if value.trim().is_empty() {
                return Err(BadSettings { what, why: "is empty".to_owned() });
            }
        }
        let fetch = Fetch::new()?;
        Ok(Self(Arc::new(Inner { settings, fetch, cache: Mutex::default() })))
    }

    /// What people call it.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.0.settings.title
    }

    /// The address to which the browser goes; it comes back to `redirect`. `again` asks the person to sign in there
    /// once more, also if he is signed in.
    ///
    /// # Errors
    /// [`Fault`] if the issuer cannot be asked what it can do.
    pub async fn begin(
        &self,
        redirect: &str,
        secrets: &Secrets,
        again: bool,
    ) -> Result<String, Fault> {
        let known = self.known().await?;
        let settings = &self.0.settings;
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| Fault::Answer)?;
        let client = CoreClient::new(
            ClientId::new(settings.client_id.clone()),
            known.metadata.issuer().clone(),
            JsonWebKeySet::default(),
        )
        .set_auth_uri(known.metadata.authorization_endpoint().clone())
        .set_redirect_uri(redirect);
        let (state, nonce) =
            (CsrfToken::new(secrets.state.clone()), Nonce::new(secrets.nonce.clone()));
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_ui_locale(LanguageTag::new("zh-CN".to_owned()));
        for scope in &settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if again {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        let (url, _, _) = request.url();
        Ok(url.to_string())
    }

    /// Makes of the code who it is.
    ///
    /// # Errors
    /// [`Fault`]: nobody is known then.
    pub async fn finish(&self, back: Back<'_>) -> Result<Claims, Fault> {
        if !back.issuer.is_empty() && back.issuer != self.0.settings.issuer {
            return Err(Fault::Audience);
        }
        let known = self.known().await?;
        let tokens = token::exchange(&self.0.fetch, &self.0.settings, &known, &back).await?;
        let id_token = tokens.id_token.as_deref().ok_or(Fault::Answer)?;
        let settings = &self.0.settings;
        let verified = match token::verify(settings, &known, id_token, &back) {
            Err(token::Unverified::UnknownKey) => {
                // The issuer may have a new key since we asked.
                let anew = self.known_anew().await?;
                token::verify(settings, &anew, id_token, &back)
            }
            verified => verified,
        };
        let verified = verified.map_err(token::Unverified::fault)?;
        token::claims(&self.0.fetch, settings, &known, verified, tokens.access_token).await
    }

    /// The address at which the person signs out at the issuer too; `None` if it has none, or cannot be asked.
    pub async fn goodbye(&self, back_to: &str) -> Option<String> {
        let known = self.known().await.ok()?;
        let endpoint = known.metadata.additional_metadata().end_session_endpoint.clone()?;
        let back_to = PostLogoutRedirectUrl::new(back_to.to_owned()).ok()?;
        let request = LogoutRequest::from(endpoint)
            .set_client_id(ClientId::new(self.0.settings.client_id.clone()))
            .set_post_logout_redirect_uri(back_to);
        Some(request.http_get_url().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            issuer: "https://id.example.gov.cn".to_owned(),
            client_id: "chengxin".to_owned(),
            client_secret: None,
            title: "省身份服务".to_owned(),
            scopes: vec!["profile".to_owned()],
            claims: ClaimNames::default(),
        }
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        assert!(Provider::new(settings()).is_ok());
        for (what, bad) in [
            ("issuer", Settings { issuer: "http://id.example.gov.cn".to_owned(), ..settings() }),
            ("client_id", Settings { client_id: String::new(), ..settings() }),
            ("title", Settings { title: " ".to_owned(), ..settings() }),
        ] {
            assert_eq!(Provider::new(bad).unwrap_err().what, what);
        }
    }

    #[test]
    fn what_is_printed_of_claims_says_nothing() {
        let text = || "柳𬭚".to_owned();
        let claims = Claims {
            issuer: text(),
            subject: text(),
            name: text(),
            id_kind: text(),
            id_number: text(),
            birthdate: text(),
        };
        assert_eq!(format!("{claims:?}"), "Claims(…)");
    }
}
