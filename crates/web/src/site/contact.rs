//! My contact 联系方式.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use register::delivery::Load;
use usecases::{contact, my};

use super::mistakes_of;
use super::my::frame;
use crate::answer::{Answer, page, page_with};
use crate::extract::Posted;
use crate::pages::my::ContactPage;
use crate::pages::{Choice, Here, Mistakes, Tag, Tint};
use crate::session::Citizen;
use crate::state::WebState;
use crate::view::{delivery, moment};

async fn contact_page(
    citizen: &Citizen,
    state: &WebState,
    (channel, address): (&str, &str),
    mistakes: Mistakes,
) -> Answer<ContactPage> {
    let cx = &state.cx;
    let notices = my::notices(cx, &citizen.actor).await?;
    let mine = contact::mine(cx, &citizen.actor).await?;
    let awaits_code = mine.as_ref().is_some_and(|mine| !mine.is_confirmed);
    let sent = mine.iter().flat_map(|mine| &mine.sent).map(|sent| {
        let what =
            if sent.load == Load::Code { "验证码" } else { "提醒您有新的告知书" };
        (what.to_owned(), moment(sent.created_at), delivery::tag(sent))
    });
    let ways = cx.channels.of_persons().into_iter().map(|way| Choice {
        is_chosen: way.code() == channel,
        ..Choice::new(way.code(), way.title())
    });
    Ok(ContactPage {
        shell: frame(citizen, Here::MyNotices, &notices),
        sent: sent.collect(),
        channels: ways.collect(),
        chosen: mine.as_ref().map(|mine| {
            let tag = if mine.is_confirmed {
                Tag::new("在用", Tint::Good)
            } else {
                Tag::new("等您填写验证码", Tint::Underway)
            };
            (mine.channel.title().to_owned(), mine.address.clone(), tag)
        }),
        awaits_code,
        address: address.to_owned(),
        mistakes,
    })
}

/// GET `/my/contact`
pub(crate) async fn mine(citizen: Citizen, State(state): State<WebState>) -> Answer {
    page(&contact_page(&citizen, &state, ("", ""), Mistakes::none()).await?)
}

/// POST `/my/contact`
pub(crate) async fn choose(
    citizen: Citizen,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let (channel, address) = (posted.get("channel"), posted.get("address"));
    match contact::choose(&state.cx, &citizen.actor, channel, address).await {
        Ok(()) => Ok(Redirect::to("/my/contact").into_response()),
        Err(error) => {
            let mistakes = mistakes_of(error, "address")?;
            let again = contact_page(&citizen, &state, (channel, address), mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// POST `/my/contact/code`
pub(crate) async fn confirm(
    citizen: Citizen,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    match contact::confirm(&state.cx, &citizen.actor, posted.get("code")).await {
        Ok(()) => Ok(Redirect::to("/my/contact").into_response()),
        Err(error) => {
            let mistakes = mistakes_of(error, "code")?;
            let again = contact_page(&citizen, &state, ("", ""), mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// POST `/my/contact/remove`
pub(crate) async fn remove(
    citizen: Citizen,
    State(state): State<WebState>,
    _posted: Posted,
) -> Answer {
    contact::remove(&state.cx, &citizen.actor).await?;
    Ok(Redirect::to("/my/contact").into_response())
}
