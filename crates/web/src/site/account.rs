//! One's own account 登录和设备: password, second factor, where one is signed in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use register::sign_in::Device;
use usecases::account::tries::Tried;
use usecases::account::{self, NewPassword};
use zeroize::Zeroizing;

use super::mistakes_of;
use super::sign_in::begin;
use crate::answer::{Answer, page, page_with};
use crate::extract::Posted;
use crate::knock::Knock;
use crate::pages::format::zh_date;
use crate::pages::sign_in::{AccountPage, DeviceRow, EnrolPage, SparePage};
use crate::pages::{Here, Mistakes};
use crate::session::AnyUser;
use crate::state::WebState;
use crate::view::{self, moment};

/// A new password as it was typed.
pub(crate) fn typed(posted: &Posted) -> NewPassword {
    let field = |name: &str| Zeroizing::new(posted.get(name).to_owned());
    NewPassword { current: field("current"), new: field("new"), again: field("again") }
}

pub(super) async fn account_page(
    user: &AnyUser,
    state: &WebState,
    mistakes: Mistakes,
    done: &str,
) -> Answer<AccountPage> {
    let (cx, actor) = (&state.cx, &user.actor);
    let token = user.visit.token.as_deref().unwrap_or_default();
    let factor = account::second_factor_state(cx, actor).await?;
    let agency = actor.agency.map(|code| view::agency(&cx.rules, code.as_str()));
    let row = |device: Device| DeviceRow {
        id: if device.is_this { String::new() } else { device.id.to_string() },
        browser: device.browser,
        since: moment(device.started_at),
        seen: moment(device.seen_at),
    };
    let has_password = account::has_password(cx, actor).await?;
    let events = account::own_events(cx, actor).await?;
    let passkeys = account::passkey::list(cx, actor).await?;
    let spare = match (&factor, passkeys.is_empty()) {
        (None, false) => {
            format!("还有 {} 个备用码。", account::passkey::spare_left(cx, actor).await?)
        }
        (Some(_), _) | (None, true) => String::new(),
    };
    Ok(AccountPage {
        shell: user.visit.shell(Here::Account),
        // Nobody types the name of an account that has no password.
        login: if has_password { actor.login.clone() } else { String::new() },
        has_password,
        role: match agency {
            Some(agency) => format!("{}，{agency}", actor.role.title()),
            None => actor.role.title().to_owned(),
        },
        second_factor: factor.map_or_else(String::new, |(since, spare)| {
            format!("{}设置，还有 {spare} 个备用码", zh_date(register::china_date(since)))
        }),
        passkeys: passkeys.into_iter().map(super::passkeys::row).collect(),
        can_add_passkey: account::passkey::can_add(cx, actor).await?,
        spare,
        devices: account::devices(cx, actor, token).await?.into_iter().map(row).collect(),
        events: events.into_iter().map(|seen| view::account::event(seen, true)).collect(),
        mistakes,
        done: done.to_owned(),
    })
}

/// GET `/account`
pub(crate) async fn show(user: AnyUser, State(state): State<WebState>) -> Answer {
    page(&account_page(&user, &state, Mistakes::none(), "").await?)
}

/// POST `/account`: a new password.
pub(crate) async fn password(
    user: AnyUser,
    knock: Knock,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let token = user.visit.token.clone().unwrap_or_default();
    let tried = begin(&state, &knock, (&user.actor, Tried::Password)).await?;
    let permit = state.password_checks.acquire().await;
    let changed = account::change_password(&state.cx, &user.actor, &token, &typed(&posted)).await;
    drop(permit);
    tried.came_to(&state.cx, &changed).await?;
    match changed {
        Ok(()) => {
            let done = "密码已经修改，其他地方都已退出。";
            page(&account_page(&user, &state, Mistakes::none(), done).await?)
        }
        Err(error) => {
            let mistakes = mistakes_of(error, "current")?;
            let again = account_page(&user, &state, mistakes, "").await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// POST `/account/devices`: signs out in one other place, or in all of them.
pub(crate) async fn devices(
    user: AnyUser,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let token = user.visit.token.clone().unwrap_or_default();
    let done = match posted.get("id").parse() {
        Ok(id) => {
            // Ended meanwhile is ended.
            match account::end_device(&state.cx, &user.actor, id).await {
                Ok(()) | Err(usecases::Error::NotFound) => "那里已经退出。".to_owned(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(_) => {
            let ended = account::end_others(&state.cx, &user.actor, &token).await?;
            format!("已经退出其他 {ended} 个地方。")
        }
    };
    page(&account_page(&user, &state, Mistakes::none(), &done).await?)
}

async fn setup_page(user: &AnyUser, state: &WebState, mistakes: Mistakes) -> Answer<EnrolPage> {
    let setup = account::set_up(&state.cx, &user.actor)?;
    let has_one = account::second_factor_state(&state.cx, &user.actor).await?.is_some();
    let current =
        if has_one { "现在手机上的验证码，或者备用码" } else { "您的密码" };
    Ok(EnrolPage {
        shell: user.visit.shell(Here::Account),
        place: "/account/second-factor".to_owned(),
        next: String::new(),
        secret: super::sign_in::grouped(&setup.secret),
        qr: view::mandate::qr(&setup.uri),
        setup: setup.sealed.clone(),
        current: current.to_owned(),
        needs_code: false,
        why: view::account::why(user.actor.role).to_owned(),
        mistakes,
    })
}

/// GET `/account/second-factor`
pub(crate) async fn setup(user: AnyUser, State(state): State<WebState>) -> Answer {
    // What is shown beside a password is nothing to whoever has none.
    if !account::has_password(&state.cx, &user.actor).await? {
        return Ok(Redirect::to("/account").into_response());
    }
    page(&setup_page(&user, &state, Mistakes::none()).await?)
}

/// POST `/account/second-factor`
pub(crate) async fn replace(
    user: AnyUser,
    knock: Knock,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let tried = begin(&state, &knock, (&user.actor, Tried::Code)).await?;
    let (cx, shown) = (&state.cx, (posted.get("code"), posted.get("current")));
    let here = user.visit.token.clone().unwrap_or_default();
    let (actor, setup) = (&user.actor, posted.get("setup"));
    let replaced = account::replace_second_factor(cx, actor, &here, setup, shown).await;
    tried.came_to(cx, &replaced).await?;
    match replaced {
        Ok(codes) => page(&SparePage {
            shell: user.visit.shell(Here::Account),
            codes: codes.iter().map(|code| code.to_string()).collect(),
            next: "/account".to_owned(),
        }),
        Err(error) => {
            let mistakes = mistakes_of(error, "code")?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &setup_page(&user, &state, mistakes).await?)
        }
    }
}
