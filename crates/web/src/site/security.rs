//! Whom to tell of a hole 漏洞报告: `security.txt` as RFC 9116 has it.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use crate::answer::{Answer, Refused};
use crate::door::Security;
use crate::state::WebState;

/// `/.well-known/security.txt`; not there if nobody is named.
pub(crate) async fn txt(State(state): State<WebState>) -> Answer {
    let security = state.door.security.as_ref().ok_or_else(Refused::not_found)?;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text(security, &state.cx.channels.site)).into_response())
}

/// Its lines; `site` is the address under which it is found, if that is configured.
fn text(security: &Security, site: &str) -> String {
    let mut lines: Vec<String> =
        security.contacts.iter().map(|contact| format!("Contact: {contact}")).collect();
    // The end of its last day in China.
    lines.push(format!("Expires: {}T23:59:59+08:00", security.expires));
    lines.push("Preferred-Languages: zh, en".to_owned());
    if !site.is_empty() {
        let site = site.trim_end_matches('/');
        lines.push(format!("Canonical: {site}/.well-known/security.txt"));
    }
    if !security.policy.is_empty() {
        lines.push(format!("Policy: {}", security.policy));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_whom_to_tell_until_when() {
        let mut security = Security {
            contacts: vec![
                "mailto:safe@example.gov.cn".into(),
                "https://example.gov.cn/tell".into(),
            ],
            expires: jiff::civil::date(2027, 6, 30),
            policy: "https://example.gov.cn/policy".to_owned(),
        };
        let said = text(&security, "https://credit.example.gov.cn/");
        let lines = [
            "Contact: mailto:safe@example.gov.cn",
            "Contact: https://example.gov.cn/tell",
            "Expires: 2027-06-30T23:59:59+08:00",
            "Preferred-Languages: zh, en",
            "Canonical: https://credit.example.gov.cn/.well-known/security.txt",
            "Policy: https://example.gov.cn/policy",
            "",
        ];
        assert_eq!(said, lines.join("\n"));
        security.policy = String::new();
        assert!(
            !text(&security, "").contains("Canonical") && !text(&security, "").contains("Policy")
        );
    }
}
