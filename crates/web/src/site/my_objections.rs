//! My objections 我的异议, and my own words beside a record 本人声明.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::objection::{Outcome, State as Stands, deadlines};
use register::{ObjectionId, PaperId, RecordId};
use usecases::my;
use usecases::objection::{self, NewObjection};
use usecases::{Error, statement};

use super::my::frame;
use super::my_cases::{About, person, record};
use super::{mistakes_of, paper, taken_back};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted, Query};
use crate::pages::my::{CasePage, NewObjectionPage, StatementPage};
use crate::pages::{Here, Mistakes};
use crate::papers::{self, CaseForm};
use crate::session::Citizen;
use crate::state::WebState;
use crate::view;

async fn new_page(
    citizen: &Citizen,
    state: &WebState,
    id: &str,
    form: Option<&CaseForm>,
    mistakes: Mistakes,
) -> Answer<NewObjectionPage> {
    let cx = &state.cx;
    let mine = record(citizen, state, id).await?;
    let notices = my::notices(cx, &citizen.actor).await?;
    let typed = |name: &str| form.map_or("", |form| form.get(name));
    let (grounds, requests) = view::objection::choices(typed("ground"), typed("request"));
    let due = deadlines(&cx.rules, cx.today());
    let source = view::agency(&cx.rules, mine.record.source.as_str());
    Ok(NewObjectionPage {
        shell: frame(citizen, Here::MyCases, &notices),
        record: mine.record.id.to_string(),
        title: view::record::title(&mine.record, &cx.rules),
        facts: view::record::facts(&mine.record, &cx.rules),
        grounds,
        requests,
        words: typed("words").to_owned(),
        kept: form.map(|form| form.kept(cx, &citizen.actor)).unwrap_or_default(),
        promise: due.map_or_else(
            || format!("由{source}答复"),
            |due| format!("{source}最迟{}答复", view::by(due.answer.on, &cx.rules)),
        ),
        mistakes,
    })
}

/// GET `/my/objections/new?record=`
pub(crate) async fn form(
    citizen: Citizen,
    State(state): State<WebState>,
    Query(About { record }): Query<About>,
) -> Answer {
    page(&new_page(&citizen, &state, &record, None, Mistakes::none()).await?)
}

/// POST `/my/objections/new?record=`
pub(crate) async fn open(
    citizen: Citizen,
    State(state): State<WebState>,
    Query(About { record }): Query<About>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &citizen.actor, &citizen.csrf, form).await?;
    let id: RecordId = record.parse().map_err(|_| Refused::not_found())?;
    let new = NewObjection {
        ground: form.get("ground").to_owned(),
        request: form.get("request").to_owned(),
        words: form.get("words").to_owned(),
        papers: form.papers.clone(),
    };
    let mut mistakes = form.mistakes.clone();
    if mistakes.is_empty() {
        match objection::open(&state.cx, &citizen.actor, person(&citizen)?, id, new).await {
            Ok(opened) => {
                let to = format!("/my/objections/{}", opened.id);
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => mistakes = mistakes_of(error, "words")?,
        }
    }
    let again = new_page(&citizen, &state, &record, Some(&form), mistakes).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// `/my/objections/{id}`
pub(crate) async fn one(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let cx = &state.cx;
    let id: ObjectionId = id.parse().map_err(|_| Refused::not_found())?;
    let (case, _) = objection::one_of_mine(cx, &citizen.actor, id).await?.into_parts();
    let notices = my::notices(cx, &citizen.actor).await?;
    let place = format!("/my/objections/{id}");
    let again = "办结以后有新情况的，仍然可以重新提出异议。";
    let remedy = match (case.head.state, case.head.outcome) {
        // Of what is deleted nothing is left to object to.
        (Stands::Open | Stands::Suspended, _) | (Stands::Closed, Some(Outcome::Deleted) | None) => {
            String::new()
        }
        (Stands::Withdrawn, _) => "您已撤回，需要时可以重新提出。".to_owned(),
        // Done as it was asked for: there is nothing to go to court about.
        (Stands::Closed, Some(Outcome::Completed)) => again.to_owned(),
        (
            Stands::Closed,
            Some(Outcome::Corrected | Outcome::Confirmed | Outcome::Unconfirmable),
        ) => {
            let remedy = view::notice::remedy_of_case(&cx.rules, case.head.agency.as_str());
            format!("{remedy}{again}")
        }
    };
    page(&CasePage {
        shell: frame(&citizen, Here::MyCases, &notices),
        kind: "异议".to_owned(),
        can_withdraw: case.head.is_open(),
        case: view::case::view(&case, &cx.rules, &place, true),
        place,
        hearing: None,
        remedy,
    })
}

/// `/my/objections/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    citizen: Citizen,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let id: ObjectionId = id.parse().map_err(|_| Refused::not_found())?;
    let file: PaperId = file.parse().map_err(|_| Refused::not_found())?;
    let (about, bytes) = objection::paper_of_mine(&state.cx, &citizen.actor, id, file).await?;
    paper(&about, bytes).await
}

/// POST `/my/objections/{id}/withdraw`
pub(crate) async fn withdraw(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Answer {
    let id: ObjectionId = id.parse().map_err(|_| Refused::not_found())?;
    let done = objection::withdraw(&state.cx, &citizen.actor, person(&citizen)?, id).await;
    taken_back(done, &format!("/my/objections/{id}"))
}

async fn statement_page(
    citizen: &Citizen,
    state: &WebState,
    id: &str,
    typed: Option<&str>,
    mistakes: Mistakes,
) -> Answer<StatementPage> {
    let mine = record(citizen, state, id).await?;
    let notices = my::notices(&state.cx, &citizen.actor).await?;
    let stands = mine.record.statement.clone().unwrap_or_default();
    Ok(StatementPage {
        shell: frame(citizen, Here::MyFile, &notices),
        record: mine.record.id.to_string(),
        title: view::record::title(&mine.record, &state.cx.rules),
        is_there: !stands.is_empty(),
        words: typed.map_or(stands, str::to_owned),
        mistakes,
    })
}

/// GET `/my/records/{id}/statement`
pub(crate) async fn statement_form(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&statement_page(&citizen, &state, &id, None, Mistakes::none()).await?)
}

/// POST `/my/records/{id}/statement`
pub(crate) async fn state_it(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let record: RecordId = id.parse().map_err(|_| Refused::not_found())?;
    let is_removed = posted.get("remove") == "yes";
    let words = if is_removed { "" } else { posted.get("words") };
    let mistakes = if words.trim().is_empty() && !is_removed {
        Mistakes::none().and("words", "请写上您想说的话；不想留的，请按“去掉声明”。")
    } else {
        let person = person(&citizen)?;
        match statement::state(&state.cx, &citizen.actor, person, record, words).await {
            Ok(_) => return Ok(Redirect::to(&format!("/my#r-{record}")).into_response()),
            Err(error @ Error::Mistakes(_)) => mistakes_of(error, "words")?,
            Err(error) => return Err(error.into()),
        }
    };
    let again = statement_page(&citizen, &state, &id, Some(words), mistakes).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}
