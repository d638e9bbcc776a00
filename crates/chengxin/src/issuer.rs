//! The identity service 身份服务: from the configuration to whom persons are sent to sign in.

use identity::{ClaimNames, Provider, Settings};
use zeroize::Zeroizing;

use crate::carriers::secret;
use crate::command::Failure;
use crate::config::Config;

/// The service, if one is set up. It is not asked anything yet.
///
/// `is_demo`: a demonstration is where its browser says it is; all others must say so themselves, because the service
/// sends people back there.
pub(crate) fn provider(config: &Config, is_demo: bool) -> Result<Option<Provider>, Failure> {
    let Some(set) = &config.identity else { return Ok(None) };
    if config.site.is_empty() && !is_demo {
        return Err(Failure::Refused(
            "identity: set `site` too, the service sends people back to SITE/sign-in/identity/back"
                .to_owned(),
        ));
    }
    let client_secret = if set.client_secret_file.as_os_str().is_empty() {
        None
    } else {
        let bytes = secret(&set.client_secret_file, "identity.client_secret_file")?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::Refused("identity.client_secret_file: not text".to_owned()))?;
        Some(Zeroizing::new(text))
    };
    let settings = Settings {
        issuer: set.issuer.clone(),
        client_id: set.client_id.clone(),
        client_secret,
        title: set.title.clone(),
        scopes: set.scopes.clone(),
        claims: ClaimNames {
            name: set.name_claim.clone(),
            id_kind: set.id_kind_claim.clone(),
            id_number: set.id_number_claim.clone(),
            birthdate: set.birthdate_claim.clone(),
        },
    };
    Provider::new(settings).map(Some).map_err(Failure::refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::IdentityConfig;

    fn config(issuer: &str, site: &str) -> Config {
        let identity = IdentityConfig {
            issuer: issuer.to_owned(),
            client_id: "chengxin".to_owned(),
            client_secret_file: std::path::PathBuf::new(),
            title: "省身份服务".to_owned(),
            scopes: vec!["profile".to_owned()],
            name_claim: "name".to_owned(),
            id_kind_claim: "id_kind".to_owned(),
            id_number_claim: "id_number".to_owned(),
            birthdate_claim: "birthdate".to_owned(),
        };
        Config { identity: Some(identity), site: site.to_owned(), ..Config::default() }
    }

    #[test]
    fn a_service_is_set_up_whole_or_stops_the_start() {
        let (issuer, site) = ("https://id.example.gov.cn", "https://credit.example.gov.cn");
        assert!(provider(&config(issuer, site), false).unwrap().is_some());
        assert!(provider(&config(issuer, ""), true).unwrap().is_some());
        for bad in [config(issuer, ""), config("http://id.example.gov.cn", site)] {
            assert!(provider(&bad, false).is_err());
        }
        let mut unreadable = config(issuer, site);
        if let Some(set) = &mut unreadable.identity {
            set.client_secret_file = "/nowhere/secret".into();
        }
        assert!(provider(&unreadable, false).is_err());
        assert!(provider(&Config::default(), false).unwrap().is_none());
    }
}
