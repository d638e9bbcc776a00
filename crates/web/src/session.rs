//! Who is there 会话: the type of a handler's first argument says who may enter.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use register::Role;
use register::sign_in::Stage;
use usecases::{Actor, account};

use crate::answer::Refused;
use crate::cookies::Cookie;
use crate::knock;
use crate::pace::Payer;
use crate::pages::{Here, Nav, Shell, SignedIn};
use crate::routes::Who;
use crate::state::WebState;

/// One visit: who, and how pages are to look.
#[derive(Clone)]
pub(crate) struct Visit {
    /// Who is signed in.
    pub(crate) actor: Option<Actor>,
    /// Who has shown only a part of what he signs in by, and what is asked of him next.
    pub(crate) midway: Option<(Actor, Stage)>,
    /// What every form must send back.
    pub(crate) csrf: String,
    /// The session's token.
    pub(crate) token: Option<String>,
    agency: Option<String>,
    text_large: bool,
    /// The page that is open, to come back to it; empty after a form was sent.
    here: String,
    flash: Option<&'static str>,
    demo: bool,
    /// The form token that must still be given to the browser.
    pub(crate) new_pre: Option<String>,
}

impl Visit {
    /// The frame of a page.
    pub(crate) fn shell(&self, here: Here) -> Shell {
        Shell {
            who: self.actor.as_ref().map(|actor| SignedIn {
                name: match actor.role {
                    Role::Citizen => String::new(),
                    Role::AgencyClerk
                    | Role::AgencyLead
                    | Role::OfficeClerk
                    | Role::OfficeLead
                    | Role::Auditor
                    | Role::Operator
                    | Role::Institution
                    | Role::System => actor.login.clone(),
                },
                role: actor.role,
                agency: self.agency.clone(),
            }),
            csrf: self.csrf.clone(),
            nav: Nav::at(here),
            text_large: self.text_large,
            text_href: self.text_href(),
            flash: self.flash.map(str::to_owned),
            demo: self.demo,
        }
    }

    /// Where the other size of letters is: this page with all that was asked of it.
    fn text_href(&self) -> String {
        if self.here.is_empty() {
            return String::new();
        }
        let size = if self.text_large { "normal" } else { "large" };
        let and = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{and}text={size}", self.here)
    }

    /// Somebody of whom nobody has asked who he is.
    pub(crate) fn unknown(parts: &Parts, state: &WebState) -> Self {
        let (headers, secure) = (&parts.headers, state.secure_cookies);
        Self {
            actor: None,
            midway: None,
            csrf: String::new(),
            token: None,
            agency: None,
            text_large: Cookie::Text.get(headers, secure) == Some("large"),
            here: page_of(parts),
            flash: Cookie::Flash.get(headers, secure).and_then(flash),
            demo: state.demo.is_some(),
            new_pre: None,
        }
    }

    async fn load(parts: &Parts, state: &WebState) -> Result<Self, Refused> {
        let (headers, secure) = (&parts.headers, state.secure_cookies);
        let token = Cookie::Session.get(headers, secure).map(str::to_owned);
        let signed_in = match &token {
            Some(token) => account::by_session(&state.cx, token).await?,
            None => None,
        };
        match &signed_in {
            Some(known) => knock::pay(parts, state, Payer::Account(known.actor.account))?,
            None if token.is_some() => knock::stranger(parts, state)?,
            None => {}
        }
        let mut visit = Self::unknown(parts, state);
        if let Some(signed_in) = signed_in {
            visit.csrf = signed_in.csrf;
            visit.token = token;
            if signed_in.stage == Stage::In {
                let code = signed_in.actor.agency;
                let agency = code.and_then(|code| state.cx.rules.agency(code.as_str()));
                visit.agency = agency.map(|agency| agency.name.clone());
                visit.actor = Some(signed_in.actor);
            } else {
                visit.midway = Some((signed_in.actor, signed_in.stage));
            }
        } else if let Some(pre) = Cookie::Pre.get(headers, secure) {
            pre.clone_into(&mut visit.csrf);
        } else {
            visit.csrf = hex::encode(state.cx.bytes::<16>());
            visit.new_pre = Some(visit.csrf.clone());
        }
        Ok(visit)
    }
}

/// The address of the page that was asked for, if it can be asked for again.
fn page_of(parts: &Parts) -> String {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    match local(path) {
        Some(path) if parts.method == Method::GET => path.to_owned(),
        Some(_) | None => String::new(),
    }
}

/// The page that asked for a part of itself.
fn part_of(parts: &Parts) -> Option<String> {
    parts.headers.get("hx-request")?;
    let page = parts.headers.get("hx-current-url")?.to_str().ok()?;
    let (_, page) = page.split_once("://")?;
    let (_, path) = page.split_once('/')?;
    Some(format!("/{path}"))
}

/// What a message after a redirect says; the cookie holds only its code.
fn flash(code: &str) -> Option<&'static str> {
    match code {
        "signed-in" => Some("您已登录。"),
        "signed-out" => Some("您已退出。"),
        _ => None,
    }
}

impl FromRequestParts<WebState> for Visit {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Refused> {
        if let Some(visit) = parts.extensions.get::<Self>() {
            return Ok(visit.clone());
        }
        let visit = Self::load(parts, state).await?;
        parts.extensions.insert(visit.clone());
        Ok(visit)
    }
}

/// Why somebody may not enter.
pub(crate) enum Stop {
    /// He must sign in first.
    SignIn(String),
    /// The same, where only a part of a page was asked for: the whole page is left.
    SignInAnew(String),
    /// His role has nothing to do here, or it could not be found out.
    Refused(Refused),
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(to) => Redirect::to(&to).into_response(),
            Self::SignInAnew(to) => [("hx-redirect", to)].into_response(),
            Self::Refused(refused) => refused.into_response(),
        }
    }
}

async fn enter(
    parts: &mut Parts,
    state: &WebState,
    may: fn(Role) -> bool,
) -> Result<(Visit, Actor), Stop> {
    let visit = Visit::from_request_parts(parts, state).await?;
    let Some(actor) = visit.actor.clone() else {
        if parts.method == Method::POST && parts.headers.get("hx-request").is_none() {
            return Err(Refused::session_expired().into());
        }
        return Err(match part_of(parts) {
            Some(page) => Stop::SignInAnew(sign_in_address(&page)),
            None => Stop::SignIn(sign_in_address(&page_of(parts))),
        });
    };
    if may(actor.role) {
        Ok((visit, actor))
    } else {
        let denied = Refused::new(
            StatusCode::FORBIDDEN,
            "not-allowed",
            "这一页不属于您的账号。",
            "没有任何内容被打开。如果工作需要，请联系本单位负责人或者信用办。",
        );
        Err(denied.into())
    }
}

macro_rules! enter {
    ($($(#[$doc:meta])* $name:ident: $may:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name {
            pub(crate) visit: Visit,
            pub(crate) actor: Actor,
        }

        impl Deref for $name {
            type Target = Visit;

            fn deref(&self) -> &Visit {
                &self.visit
            }
        }

        impl FromRequestParts<WebState> for $name {
            type Rejection = Stop;

            async fn from_request_parts(
                parts: &mut Parts,
                state: &WebState,
            ) -> Result<Self, Stop> {
                let (visit, actor) = enter(parts, state, $may).await?;
                Ok(Self { visit, actor })
            }
        }
    )*};
}

enter! {
    /// A person, about himself.
    Citizen: |role| role == Role::Citizen;
    /// Who works for an agency.
    Clerk: |role| matches!(role, Role::AgencyClerk | Role::AgencyLead);
    /// Who works in the credit office, or audits it.
    Office: |role| matches!(role, Role::OfficeClerk | Role::OfficeLead | Role::Auditor);
    /// Who keeps the machine running, and who answers for that or audits it.
    Operator: |role| matches!(role, Role::Operator | Role::OfficeLead | Role::Auditor);
}

/// Whoever is signed in, whoever he is.
pub(crate) struct AnyUser {
    pub(crate) visit: Visit,
    pub(crate) actor: Actor,
}

impl Deref for AnyUser {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequestParts<WebState> for AnyUser {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Stop> {
        let (visit, actor) = enter(parts, state, |_| true).await?;
        Ok(Self { visit, actor })
    }
}

/// Where the step is that is asked of somebody who is half-way in.
pub(crate) fn step_address(stage: Stage) -> &'static str {
    match stage {
        Stage::Second => "/sign-in/second",
        Stage::Enrol => "/sign-in/enrol",
        Stage::Password => "/sign-in/password",
        Stage::In => "/",
    }
}

/// Somebody who is half-way in.
pub(crate) struct Midway {
    pub(crate) visit: Visit,
    pub(crate) actor: Actor,
    pub(crate) stage: Stage,
    pub(crate) token: String,
}

impl FromRequestParts<WebState> for Midway {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Stop> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let found = visit.midway.clone().zip(visit.token.clone());
        let ((actor, stage), token) = found.ok_or_else(|| Stop::SignIn(sign_in_address("")))?;
        Ok(Self { visit, actor, stage, token })
    }
}

/// A machine that acts for an agency, known by its bearer token.
pub(crate) struct ApiCaller(pub(crate) Actor);

/// The token of a machine, as it was sent.
fn sent_token(parts: &Parts) -> Option<&str> {
    let sent = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = sent?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Whether a request shows what is looked at where `who` may enter: then it is found out whose it is, or that it is
/// none, and counted by that.
pub(crate) fn shows(who: Who, parts: &Parts, state: &WebState) -> bool {
    let session = || Cookie::Session.get(&parts.headers, state.secure_cookies).is_some();
    let token = || sent_token(parts).is_some();
    match who {
        Who::Anyone | Who::Key => false,
        Who::Midway | Who::SignedIn | Who::Citizen | Who::Clerk | Who::Office | Who::Operator => {
            session()
        }
        Who::Api => token(),
        Who::Log => token() || session(),
    }
}

async fn bearer(parts: &Parts, state: &WebState) -> Result<Option<Actor>, Refused> {
    let Some(token) = sent_token(parts) else { return Ok(None) };
    let known = match account::by_token(&state.cx, token).await {
        Ok(known) => known,
        // One that has ended was looked up all the same.
        Err(error) => {
            knock::stranger(parts, state)?;
            return Err(error.into());
        }
    };
    match &known {
        Some(actor) => knock::pay(parts, state, Payer::Client(actor.account))?,
        None => knock::stranger(parts, state)?,
    }
    Ok(known)
}

fn unknown_caller() -> Refused {
    Refused::new(
        StatusCode::UNAUTHORIZED,
        "token",
        "没有令牌，或者令牌不对、已经停用。",
        "请在 Authorization 头里写 Bearer 和本单位系统的令牌；令牌由信用办发给。",
    )
}

impl FromRequestParts<WebState> for ApiCaller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Refused> {
        bearer(parts, state).await?.map(Self).ok_or_else(unknown_caller)
    }
}

/// Who may read the log's proofs: a machine, or somebody who is signed in.
pub(crate) struct LogReader(pub(crate) Actor);

impl FromRequestParts<WebState> for LogReader {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Refused> {
        if let Some(actor) = bearer(parts, state).await? {
            return Ok(Self(actor));
        }
        let visit = Visit::from_request_parts(parts, state).await?;
        visit.actor.map(Self).ok_or_else(unknown_caller)
    }
}

/// Compares secrets without telling by the time how much of them fits; an empty one fits nothing.
pub(crate) fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let differs = left.iter().zip(right).fold(0, |differs, (l, r)| differs | (l ^ r));
    !left.is_empty() && left.len() == right.len() && std::hint::black_box(differs) == 0
}

/// Where to go after signing in: only to pages of this house.
pub(crate) fn local(next: &str) -> Option<&str> {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.chars().all(|c| c.is_ascii_graphic());
    is_local.then_some(next)
}

/// The sign-in page that leads back.
pub(crate) fn sign_in_address(back: &str) -> String {
    match local(back) {
        Some(back) if back != "/" => {
            let mut to = "/sign-in?next=".to_owned();
            for byte in back.bytes() {
                if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
                    to.push(char::from(byte));
                } else {
                    to.push_str(&format!("%{byte:02X}"));
                }
            }
            to
        }
        Some(_) | None => "/sign-in".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_compare() {
        assert!(same("abc", "abc"));
        for (left, right) in [("abc", "abd"), ("", ""), ("ab", "abc"), ("abc", "")] {
            assert!(!same(left, right));
        }
    }

    #[test]
    fn the_way_back_stays_in_the_house() {
        assert_eq!(local("/my/looks?before=3"), Some("/my/looks?before=3"));
        for next in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb"] {
            assert_eq!(local(next), None, "{next:?}");
        }
        assert_eq!(sign_in_address("/my?a=1"), "/sign-in?next=/my%3Fa%3D1");
        assert_eq!(sign_in_address("//evil.example"), "/sign-in");
    }
}
