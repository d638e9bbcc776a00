//! Cookies 小型文本: the session, the token of the form before signing in, large text, one message, a known browser.

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookies of this house; with HTTPS their names pin them to this very host, so that no neighbour sets one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session.
    Session,
    /// The form token before signing in.
    Pre,
    /// Large text.
    Text,
    /// What has just been done.
    Flash,
    /// This browser has signed in to an account before.
    Known,
    /// A sign-in that is under way at the identity service, sealed.
    Identity,
    /// Whoever signed in here did so by the identity service.
    ByIdentity,
}

impl Cookie {
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-cx",
            (Self::Session, false) => "cx",
            (Self::Pre, true) => "__Host-cx-pre",
            (Self::Pre, false) => "cx-pre",
            (Self::Known, true) => "__Host-cx-known",
            (Self::Known, false) => "cx-known",
            (Self::Identity, true) => "__Host-cx-identity",
            (Self::Identity, false) => "cx-identity",
            (Self::ByIdentity, true) => "__Host-cx-by-identity",
            (Self::ByIdentity, false) => "cx-by-identity",
            (Self::Text, true) => "__Host-cx-text",
            (Self::Text, false) => "cx-text",
            (Self::Flash, true) => "__Host-cx-flash",
            (Self::Flash, false) => "cx-flash",
        }
    }

    /// Its value in a request.
    pub(crate) fn get(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        let name = self.name(secure);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty())
    }

    /// The header that sets it, for `max_age` seconds or until the browser closes; `value` is plain
    /// letters and digits.
    pub(crate) fn set(self, value: &str, max_age: Option<u32>, secure: bool) -> HeaderValue {
        let (name, https) = (self.name(secure), if secure { "; Secure" } else { "" });
        let age = max_age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{https}");
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The header that removes it.
    pub(crate) fn remove(self, secure: bool) -> HeaderValue {
        self.set("", Some(0), secure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_own_and_insists_on_https() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; cx=token; __Host-cx=other"));
        assert_eq!(Cookie::Session.get(&headers, false), Some("token"));
        assert_eq!(Cookie::Session.get(&headers, true), Some("other"));
        assert_eq!(Cookie::Pre.get(&headers, true), None);
        let set = Cookie::Session.set("token", None, true);
        assert_eq!(set, "__Host-cx=token; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
