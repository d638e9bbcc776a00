//! My copy 我的副本: everything that is kept about a person, for him to take away (个人信息保护法 45).

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use usecases::{Error, my};

use crate::answer::Answer;
use crate::attachment::attachment;
use crate::session::Citizen;
use crate::state::WebState;
use crate::view;

fn kept(kind: &'static str, name: &str) -> [(header::HeaderName, HeaderValue); 2] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, attachment(name)),
    ]
}

/// `/my/copy.json`
pub(crate) async fn json(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let (copy, position) = my::copy(cx, &citizen.actor).await?.into_parts();
    let json = view::copy::json(&copy, &cx.rules, cx.now(), position.seq);
    let text = serde_json::to_string_pretty(&json).map_err(|_| Error::Internal("a copy"))?;
    let name = "chengxin-my-copy.json";
    Ok((kept("application/json; charset=utf-8", name), text).into_response())
}

/// `/my/copy.csv`
pub(crate) async fn table(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let (copy, _) = my::copy(cx, &citizen.actor).await?.into_parts();
    let table = view::copy::table(&copy, &cx.rules).map_err(|_| Error::Internal("a copy"))?;
    let name = "chengxin-my-records.csv";
    Ok((kept("text/csv; charset=utf-8", name), table).into_response())
}
