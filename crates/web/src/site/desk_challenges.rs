//! Challenges of decisions of this body 按复议、诉讼结果办理.

use std::io::Read as _;

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::challenge::Ending;
use register::{ChallengeId, PaperId};
use usecases::challenge::{self, DeskCase};

use super::{mistakes_of, paper};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::desk::DeskChallengePage;
use crate::pages::{Choice, Here, Mistakes};
use crate::papers;
use crate::session::Clerk;
use crate::state::WebState;
use crate::view;

fn challenge_id(id: &str) -> Answer<ChallengeId> {
    id.parse().map_err(|_| Refused::not_found())
}

async fn challenge_page(
    clerk: &Clerk,
    state: &WebState,
    id: ChallengeId,
    (ending, words): (&str, &str),
    mistakes: Mistakes,
) -> Answer<DeskChallengePage> {
    let cx = &state.cx;
    let (seen, _) = challenge::desk_one(cx, &clerk.actor, id).await?.into_parts();
    let DeskCase { case, name, number } = seen;
    let choice = |one: &Ending| Choice {
        is_chosen: one.code() == ending,
        ..Choice::new(one.code(), one.title())
    };
    let place = format!("/desk/challenges/{id}");
    Ok(DeskChallengePage {
        shell: clerk.shell(Here::DeskToday),
        person: format!("{}，证件号码 {number}", name.as_str()),
        card: view::record::at_the_source(&case.record, &case.history, &cx.rules, cx.today()),
        endings: Ending::ALL.iter().map(choice).collect(),
        days: view::rules::days(&cx.rules, "withdraw"),
        words: words.to_owned(),
        about: String::new(),
        kept: Vec::new(),
        mistakes,
        case: view::case::view(&case, &cx.rules, &place, false),
    })
}

/// GET `/desk/challenges/{id}`
pub(crate) async fn one(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&challenge_page(&clerk, &state, challenge_id(&id)?, ("", ""), Mistakes::none()).await?)
}

/// GET `/desk/challenges/{id}/bundle.pdf`: what the body puts before the authority that reviews it.
pub(crate) async fn bundle(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let cx = &state.cx;
    let id = challenge_id(&id)?;
    let seen = challenge::desk_bundle(cx, &clerk.actor, id, crate::print::MOST_INSIDE).await?;
    let (DeskCase { case, name, number }, papers) = seen;
    let shown = view::case::view(&case, &cx.rules, "", false);
    let cx = cx.clone();
    let printed = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        for paper in papers {
            let read = |mut paper: usecases::paper::Bytes| {
                let mut bytes = Vec::new();
                paper.read_to_end(&mut bytes).map(|_| bytes)
            };
            bytes.push(paper.map(read).transpose().map_err(usecases::Error::Disk)?);
        }
        let bundle = crate::print::Bundle {
            number: &shown.number,
            issuer: view::agency(&cx.rules, case.record.source.as_str()),
            person: format!("{}（证件号码 {number}）", name.as_str()),
            record: &case.record,
            steps: &shown.steps,
            papers: &case.papers,
            bytes,
        };
        let printed = crate::print::bundle(&cx, bundle);
        let printed = printed.map_err(|_| usecases::Error::Internal("a bundle"))?;
        Ok::<_, usecases::Error>((shown.number, printed))
    });
    let (number, bytes) = printed.await.map_err(|_| usecases::Error::Internal("a bundle"))??;
    Ok(super::deliveries::pdf(bytes, &format!("{number}.pdf")))
}

/// POST `/desk/challenges/{id}/papers`
pub(crate) async fn hand_in(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let id = challenge_id(&id)?;
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &clerk.actor, &clerk.csrf, form).await?;
    let about = form.get("about");
    let mut mistakes = form.mistakes.clone();
    if mistakes.is_empty() {
        match challenge::hand_in(&state.cx, &clerk.actor, id, about, &form.papers).await {
            Ok(_) => return Ok(Redirect::to(&format!("/desk/challenges/{id}")).into_response()),
            Err(error) => mistakes = mistakes_of(error, "papers")?,
        }
    }
    let mut again = challenge_page(&clerk, &state, id, ("", ""), mistakes).await?;
    about.clone_into(&mut again.about);
    again.kept = form.kept(&state.cx, &clerk.actor);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// POST `/desk/challenges/{id}`
pub(crate) async fn settle(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let id = challenge_id(&id)?;
    let (ending, words) = (posted.get("ending"), posted.get("words"));
    match challenge::settle(&state.cx, &clerk.actor, id, ending, words).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/challenges/{id}")).into_response()),
        Err(error) => {
            let mistakes = mistakes_of(error, "ending")?;
            let again = challenge_page(&clerk, &state, id, (ending, words), mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// `/desk/challenges/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    clerk: Clerk,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let file: PaperId = file.parse().map_err(|_| Refused::not_found())?;
    let found = challenge::desk_paper(&state.cx, &clerk.actor, challenge_id(&id)?, file).await?;
    paper(&found.0, found.1).await
}
