//! The desk 工作台: what was sent and how it fared.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::BatchId;
use register::duty::Kind;
use usecases::{Error, Files, batch, duty};

use crate::answer::{Answer, Refused, page, page_with};
use crate::api::batches::csv;
use crate::extract::{Path, Query};
use crate::pages::desk::{BatchPage, BatchPart, BatchView, TodayPage};
use crate::pages::{Here, Mistakes};
use crate::session::Clerk;
use crate::state::WebState;
use crate::view;

/// `/desk`
pub(crate) async fn today(clerk: Clerk, State(state): State<WebState>) -> Answer {
    page(&today_page(&clerk, &state, "", Mistakes::none()).await?)
}

/// What is looked for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    number: String,
}

/// GET `/desk/cases?number=`: to the case with that number, also one that was decided.
pub(crate) async fn by_number(
    clerk: Clerk,
    State(state): State<WebState>,
    Query(Wanted { number }): Query<Wanted>,
) -> Answer {
    let place = match duty::by_number(&state.cx, &clerk.actor, &number).await {
        Ok((Kind::Objection, id)) => format!("/desk/objections/{id}"),
        Ok((Kind::Repair, id)) => format!("/desk/repairs/{id}"),
        Ok((Kind::Challenge, id)) => format!("/desk/challenges/{id}"),
        Ok((Kind::Inquiry, id)) => format!("/desk/inquiries/{id}"),
        Ok((Kind::Supervision, id)) => format!("/desk/supervision/{id}"),
        Ok((Kind::Correction, _)) | Err(Error::NotFound) => {
            let says = "本单位没有这个编号的办件，请核对编号。";
            let again =
                today_page(&clerk, &state, &number, Mistakes::none().and("number", says)).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Redirect::to(&place).into_response())
}

async fn today_page(
    clerk: &Clerk,
    state: &WebState,
    number: &str,
    mistakes: Mistakes,
) -> Answer<TodayPage> {
    let batches = batch::list(&state.cx, &clerk.actor).await?;
    let rules = &state.cx.rules;
    let agency = clerk.actor.agency.map(|code| view::agency(rules, code.as_str()));
    Ok(TodayPage {
        shell: clerk.shell(Here::DeskToday),
        agency: agency.unwrap_or_default(),
        due: super::due::at_desk(clerk, state).await?,
        number: number.to_owned(),
        mistakes,
        batches: batches.iter().map(|batch| view::batch::row(batch, rules)).collect(),
    })
}

async fn find(clerk: &Clerk, state: &WebState, id: &str) -> Answer<BatchView> {
    let id: BatchId = id.parse().map_err(|_| Refused::not_found())?;
    let most = view::batch::LISTED + 1;
    let (batch, rejections) = batch::rejections(&state.cx, &clerk.actor, id, 0, most).await?;
    let kept_until = state.cx.files.returned_until(id).map_err(Error::from)?;
    let returned = view::batch::returned(&batch, kept_until, state.cx.now());
    let percent = state.percent(id);
    let view = view::batch::view(&batch, rejections, &clerk.actor, &state.cx.rules, percent);
    Ok(BatchView { returned, ..view })
}

/// `/desk/batches/{id}`
pub(crate) async fn batch(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let batch = find(&clerk, &state, &id).await?;
    page(&BatchPage { shell: clerk.shell(Here::DeskSend), batch })
}

/// `/desk/batches/{id}/part`
pub(crate) async fn part(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&BatchPart { batch: find(&clerk, &state, &id).await? })
}

/// `/desk/batches/{id}/rejections.csv`
pub(crate) async fn rejections(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let id: BatchId = id.parse().map_err(|_| Refused::not_found())?;
    match csv(&state.cx, &clerk.actor, id).await {
        Err(refused) if refused.status == StatusCode::NOT_FOUND => {
            // A batch of another body stays not found.
            batch::see(&state.cx, &clerk.actor, id).await?;
            Err(Refused::new(
                StatusCode::GONE,
                "returned-gone",
                &format!(
                    "这份退回清单不在了。清单保存 {} 天，到期自动删除。",
                    Files::RETURNED_DAYS
                ),
                "退回的行号和原因还在这次报送的页面上，请从本单位的原文件改。",
            ))
        }
        answer => answer,
    }
}
