//! What is known of the issuer: asked for when it is needed, for an hour, and anew when it signs with a new key.

use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::ProviderMetadataWithLogout;
use openidconnect::core::CoreJsonWebKeySet;

use crate::fault::Fault;
use crate::{Provider, fetch};

/// How long what was asked for is believed.
const KEPT: Duration = Duration::from_secs(3_600);
/// How often a key that we do not know may make us ask anew: whoever invents keys makes nobody busy.
const ANEW: Duration = Duration::from_secs(60);

/// Endpoints and keys.
pub(crate) struct Known {
    pub(crate) metadata: ProviderMetadataWithLogout,
    pub(crate) keys: CoreJsonWebKeySet,
    asked: Instant,
}

#[derive(Default)]
pub(crate) struct Cache {
    known: Option<Arc<Known>>,
    /// When an unknown key last made us ask.
    anew: Option<Instant>,
}

impl Provider {
    /// What is known; many who ask at the same moment wait for one answer.
    pub(crate) async fn known(&self) -> Result<Arc<Known>, Fault> {
        let mut cache = self.0.cache.lock().await;
        if let Some(known) = cache.known.as_ref().filter(|known| known.asked.elapsed() < KEPT) {
            return Ok(known.clone());
        }
        let known = Arc::new(self.discover().await?);
        cache.known = Some(known.clone());
        Ok(known)
    }

    /// The same asked for anew, unless that was a moment ago.
    pub(crate) async fn known_anew(&self) -> Result<Arc<Known>, Fault> {
        let mut cache = self.0.cache.lock().await;
        if cache.anew.is_some_and(|at| at.elapsed() < ANEW) {
            return Err(Fault::Signature);
        }
        cache.anew = Some(Instant::now());
        let known = Arc::new(self.discover().await?);
        cache.known = Some(known.clone());
        Ok(known)
    }

    async fn discover(&self) -> Result<Known, Fault> {
        let (issuer, fetch) = (&self.0.settings.issuer, &self.0.fetch);
        let at = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: ProviderMetadataWithLogout = fetch::document(fetch.get(&at)).await?;
        if metadata.issuer().as_str() != issuer {
            tracing::warn!("the identity service calls itself otherwise than identity.issuer");
            return Err(Fault::Answer);
        }
        let mut places =
            vec![metadata.authorization_endpoint().as_str(), metadata.jwks_uri().as_str()];
        places.extend(metadata.token_endpoint().map(|place| place.as_str()));
        places.extend(metadata.userinfo_endpoint().map(|place| place.as_str()));
        let end = metadata.additional_metadata().end_session_endpoint.as_ref();
        places.extend(end.map(|place| place.as_str()));
        if places.iter().any(|place| fetch::safe(place).is_err()) {
            tracing::warn!("the identity service names an address that others can read along");
            return Err(Fault::Answer);
        }
        let keys = fetch::document(fetch.get(metadata.jwks_uri().as_str())).await?;
        Ok(Known { metadata, keys, asked: Instant::now() })
    }
}
