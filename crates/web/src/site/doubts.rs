//! Doubts 实名疑问: what the identity service and the register do not agree on.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use register::Role;
use register::doubt::{Doubt, DoubtKind, Settled};
use usecases::account::identity;

use crate::answer::{Answer, Refused, page};
use crate::extract::{Path, Posted};
use crate::pages::Here;
use crate::pages::office::{DoubtRow, DoubtsPage};
use crate::session::Office;
use crate::state::WebState;
use crate::view::moment;

/// GET `/office/doubts`
pub(crate) async fn list(office: Office, State(state): State<WebState>) -> Answer {
    let doubts = identity::doubts(&state.cx, &office.actor).await?;
    page(&DoubtsPage {
        shell: office.shell(Here::Office),
        doubts: doubts.iter().map(row).collect(),
        may_act: office.actor.role == Role::OfficeLead,
    })
}

fn row(doubt: &Doubt) -> DoubtRow {
    DoubtRow {
        number: doubt.number.clone(),
        what: doubt.kind.title().to_owned(),
        at: moment(doubt.at),
        settle: format!("/office/doubts/{}", doubt.id),
        may_release: doubt.kind == DoubtKind::BoundToOther,
    }
}

/// POST `/office/doubts/{id}`
pub(crate) async fn settle(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let id = id.parse().map_err(|_| Refused::not_found())?;
    let how = Settled::from_code(posted.get("how"))
        .ok_or_else(|| Refused::unreadable("没有写明怎样了结。"))?;
    identity::settle(&state.cx, &office.actor, id, how).await?;
    Ok(Redirect::to("/office/doubts").into_response())
}
