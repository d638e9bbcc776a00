//! Passkeys of one's own account 通行密钥: adding and removing. Signing in by one stands in `sign_in`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use register::passkey::Passkey;
use usecases::account::passkey::{self, Challenge};
use usecases::account::tries::Tried;

use super::account::account_page;
use super::mistakes_of;
use super::sign_in::begin as begin_try;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::knock::Knock;
use crate::pages::format::zh_date;
use crate::pages::passkey::{PasskeyAsk, PasskeyNewPage, PasskeyPage, PasskeyRow};
use crate::pages::sign_in::SparePage;
use crate::pages::{Here, Mistakes};
use crate::session::AnyUser;
use crate::state::WebState;
use crate::view::moment;

/// A challenge as a page hands it on.
pub(super) fn ask(challenge: Challenge) -> PasskeyAsk {
    PasskeyAsk { options: challenge.options, sealed: challenge.sealed }
}

pub(super) fn row(passkey: Passkey) -> PasskeyRow {
    PasskeyRow {
        id: passkey.id.to_string(),
        name: passkey.name.reveal().clone(),
        added: zh_date(register::china_date(passkey.added_at)),
        used: passkey.used_at.map(moment).unwrap_or_default(),
    }
}

fn new_page(user: &AnyUser, name: &str, mistakes: Mistakes) -> PasskeyNewPage {
    let shell = user.visit.shell(Here::Account);
    PasskeyNewPage { shell, name: name.trim().to_owned(), ask: None, mistakes }
}

/// GET `/account/passkeys/new`
pub(crate) async fn form(user: AnyUser, State(state): State<WebState>) -> Answer {
    if !passkey::can_add(&state.cx, &user.actor).await? {
        return Ok(Redirect::to("/account").into_response());
    }
    page(&new_page(&user, "", Mistakes::none()))
}

/// POST `/account/passkeys/new`: the password is right, now the browser is asked.
pub(crate) async fn begin(
    user: AnyUser,
    knock: Knock,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let (cx, token) = (&state.cx, user.visit.token.clone().unwrap_or_default());
    let tried = begin_try(&state, &knock, (&user.actor, Tried::Password)).await?;
    let permit = state.password_checks.acquire().await;
    let typed = (posted.get("name"), posted.get("current"));
    let begun = passkey::begin(cx, &user.actor, &token, typed).await;
    drop(permit);
    tried.came_to(cx, &begun).await?;
    match begun {
        Ok(challenge) => {
            let first = new_page(&user, posted.get("name"), Mistakes::none());
            page(&PasskeyNewPage { ask: Some(ask(challenge)), ..first })
        }
        Err(error) => {
            let mistakes = mistakes_of(error, "name")?;
            let again = new_page(&user, posted.get("name"), mistakes);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// POST `/account/passkeys`: the browser has answered.
pub(crate) async fn add(user: AnyUser, State(state): State<WebState>, posted: Posted) -> Answer {
    let token = user.visit.token.clone().unwrap_or_default();
    let answered = (posted.get("challenge"), posted.get("passkey"));
    match passkey::add(&state.cx, &user.actor, &token, answered).await {
        Ok(codes) if codes.is_empty() => {
            let done = "通行密钥已经添加，其他地方都已退出。";
            page(&account_page(&user, &state, Mistakes::none(), done).await?)
        }
        Ok(codes) => page(&SparePage {
            shell: user.visit.shell(Here::Account),
            codes: codes.iter().map(|code| code.to_string()).collect(),
            next: "/account".to_owned(),
        }),
        Err(error) => {
            let mistakes = mistakes_of(error, "passkey")?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&user, "", mistakes))
        }
    }
}

async fn one(
    user: &AnyUser,
    state: &WebState,
    id: &str,
    mistakes: Mistakes,
) -> Answer<PasskeyPage> {
    let id = id.parse().map_err(|_| Refused::not_found())?;
    let passkey = row(passkey::one(&state.cx, &user.actor, id).await?);
    Ok(PasskeyPage { shell: user.visit.shell(Here::Account), passkey, mistakes })
}

/// GET `/account/passkeys/{id}`
pub(crate) async fn show(
    user: AnyUser,
    Path(id): Path<String>,
    State(state): State<WebState>,
) -> Answer {
    page(&one(&user, &state, &id, Mistakes::none()).await?)
}

/// POST `/account/passkeys/{id}`: removes it.
pub(crate) async fn remove(
    user: AnyUser,
    knock: Knock,
    Path(id): Path<String>,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let (cx, token) = (&state.cx, user.visit.token.clone().unwrap_or_default());
    let which = id.parse().map_err(|_| Refused::not_found())?;
    let tried = begin_try(&state, &knock, (&user.actor, Tried::Password)).await?;
    let permit = state.password_checks.acquire().await;
    let removed = passkey::remove(cx, &user.actor, &token, which, posted.get("current")).await;
    drop(permit);
    tried.came_to(cx, &removed).await?;
    match removed {
        Ok(()) => {
            let done = "通行密钥已经移除，其他地方都已退出。";
            page(&account_page(&user, &state, Mistakes::none(), done).await?)
        }
        Err(error) => {
            let mistakes = mistakes_of(error, "current")?;
            let again = one(&user, &state, &id, mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}
