//! What every answer tells the browser 安全响应头: pages of this house load nothing from elsewhere, run nothing that
//! stands in them, and stand in no frame.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The pages that use a script of this house; all others run none at all.
const WITH_SCRIPT: [&str; 3] = ["/desk/batches/{id}", "/sign-in/second", "/account/passkeys/new"];

/// Nothing but our own style and pictures; forms lead to this house only, and nothing is sent anywhere else. As no
/// script runs, none can be led astray.
const PLAIN: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'",
);

/// The same with the files of script that this house serves. htmx reads pages as text, so
/// `require-trusted-types-for` cannot be asked of it.
const SCRIPTED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'; script-src 'self'",
);

/// What every answer carries beside. With `same-origin` a form of ours names its origin (with `no-referrer` it would
/// say `null`, as a stranger's does), and nobody else learns an address of this house.
const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
             geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
             screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
        ),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("x-permitted-cross-domain-policies"),
        HeaderValue::from_static("none"),
    ),
];

/// For a year this host is only asked by HTTPS; its neighbours decide for themselves.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Puts them on the answer of a route; `is_https` if browsers reach us by HTTPS.
pub(crate) fn put(headers: &mut HeaderMap, route: &str, is_https: bool) {
    let policy = if WITH_SCRIPT.contains(&route) { SCRIPTED } else { PLAIN };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(route: &str, is_https: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        put(&mut headers, route, is_https);
        headers
    }

    #[test]
    fn no_page_runs_what_stands_in_it_and_most_run_nothing() {
        for route in crate::ROUTES {
            let headers = of(route.path, true);
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
                assert!(policy.contains(part), "{}: {policy}", route.path);
            }
            assert!(!policy.contains("unsafe") && !policy.contains("data:"), "{policy}");
            let runs = policy.contains("script-src");
            assert_eq!(runs, WITH_SCRIPT.contains(&route.path), "{}", route.path);
        }
        for route in WITH_SCRIPT {
            assert!(crate::ROUTES.iter().any(|known| known.path == route), "{route} is gone");
        }
    }

    #[test]
    fn https_is_insisted_on_only_where_it_is() {
        assert!(of("/", true).contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert!(!of("/", false).contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
