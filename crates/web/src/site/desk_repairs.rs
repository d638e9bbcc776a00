//! Repairs to decide 办理修复.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::{PaperId, RepairId};
use usecases::repair::{self, DeskCase};

use super::{mistakes_of, paper};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::desk::DeskRepairPage;
use crate::pages::{Choice, Here, Mistakes};
use crate::session::Clerk;
use crate::state::WebState;
use crate::view;

fn repair_id(id: &str) -> Answer<RepairId> {
    id.parse().map_err(|_| Refused::not_found())
}

async fn repair_page(
    clerk: &Clerk,
    state: &WebState,
    id: RepairId,
    (decision, reasons): (&str, &str),
    mistakes: Mistakes,
) -> Answer<DeskRepairPage> {
    let cx = &state.cx;
    let (seen, _) = repair::desk_one(cx, &clerk.actor, id).await?.into_parts();
    let DeskCase { case, name, number } = seen;
    let choice = |step: &register::repair::Move| Choice {
        is_chosen: step.code() == decision,
        ..Choice::new(step.code(), step.title())
    };
    let place = format!("/desk/repairs/{id}");
    Ok(DeskRepairPage {
        shell: clerk.shell(Here::DeskToday),
        person: format!("{}，证件号码 {number}", name.as_str()),
        card: view::record::at_the_source(&case.record, &case.history, &cx.rules, cx.today()),
        decisions: case.head.moves(&cx.rules, cx.today()).iter().map(choice).collect(),
        reasons: reasons.to_owned(),
        mistakes,
        case: view::case::view(&case, &cx.rules, &place, false),
    })
}

/// GET `/desk/repairs/{id}`
pub(crate) async fn one(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&repair_page(&clerk, &state, repair_id(&id)?, ("", ""), Mistakes::none()).await?)
}

/// POST `/desk/repairs/{id}`
pub(crate) async fn decide(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let id = repair_id(&id)?;
    let (decision, reasons) = (posted.get("decision"), posted.get("reasons"));
    match repair::decide(&state.cx, &clerk.actor, id, decision, reasons).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/repairs/{id}")).into_response()),
        Err(error) => {
            let mistakes = mistakes_of(error, "decision")?;
            let again = repair_page(&clerk, &state, id, (decision, reasons), mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// `/desk/repairs/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    clerk: Clerk,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let file: PaperId = file.parse().map_err(|_| Refused::not_found())?;
    let found = repair::desk_paper(&state.cx, &clerk.actor, repair_id(&id)?, file).await?;
    paper(&found.0, found.1).await
}
