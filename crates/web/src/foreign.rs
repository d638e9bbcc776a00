//! Requests that another site's page makes 跨站请求: refused before anything is read, beside the token of each form.

use axum::http::{HeaderMap, Method, header};

/// Whether a request that may change something was made by a page that is not of this house.
///
/// Browsers say so themselves (`Sec-Fetch-Site`; no page can write it), older ones at least name the page's origin.
/// What says neither is no page: machines are known by their token, forms by theirs. `site` is the configured address,
/// because a proxy may have changed the `Host`.
pub(crate) fn is_foreign(method: &Method, headers: &HeaderMap, site: &str) -> bool {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return false;
    }
    if let Some(said) = headers.get("sec-fetch-site") {
        // `none`: the person himself, without any page. A neighbour (`same-site`) is a stranger too.
        return !["same-origin", "none"].iter().any(|ours| said == ours);
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let authority = |address: &str| {
        address.split_once("://").map(|(_, rest)| rest.trim_end_matches('/').to_ascii_lowercase())
    };
    let Some(origin) = origin.to_str().ok().and_then(authority) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_host = host.is_some_and(|host| host.eq_ignore_ascii_case(&origin));
    !is_host && authority(site).is_none_or(|site| site != origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "https://credit.example.gov.cn";

    fn asked(method: &Method, said: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.insert(*name, value.parse().unwrap());
        }
        is_foreign(method, &headers, SITE)
    }

    #[test]
    fn only_pages_of_this_house_change_something() {
        for (said, is_foreign) in [
            (&[("sec-fetch-site", "same-origin")][..], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "whatever")], true),
            // What the browser says itself has the last word.
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", SITE)], true),
            (&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")], false),
            (&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:9090")], true),
            (&[("host", "127.0.0.1:8080"), ("origin", SITE)], false),
            (&[("host", "127.0.0.1:8080"), ("origin", "https://evil.example")], true),
            (&[("host", "evil.example"), ("origin", "null")], true),
            (&[("host", "127.0.0.1:8080")], false),
            (&[], false),
        ] {
            assert_eq!(asked(&Method::POST, said), is_foreign, "{said:?}");
            assert!(!asked(&Method::GET, said), "a link from elsewhere may be followed");
        }
        assert!(asked(&Method::DELETE, &[("sec-fetch-site", "cross-site")]));
    }
}
