//! Deaths 去世登记.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::death::Death;
use register::{DeathId, PaperId, PersonId, Role};
use usecases::death::{self, NewDeath};

use super::openings::{mistakes, more, visit, who};
use super::paper;
use super::whole_numbers::office_place;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::format::zh_date;
use crate::pages::office::{DeathPage, DeathsPage, PairRow};
use crate::pages::{Fact, Here, Mistakes, Tag, Tint};
use crate::papers::{self, CaseForm};
use crate::session::Office;
use crate::state::WebState;
use crate::view::{self, moment};

fn tag(death: &Death) -> Tag {
    match (death.confirmed, death.ended_at) {
        (_, Some(_)) => Tag::new("已撤销", Tint::Over),
        (Some(_), None) => Tag::new("已核对", Tint::Good),
        (None, None) => Tag::new("等待核对", Tint::Open),
    }
}

async fn list_page(
    office: &Office,
    state: &WebState,
    form: Option<&CaseForm>,
    mistakes: Mistakes,
) -> Answer<DeathsPage> {
    let found = death::list(&state.cx, &office.actor).await?;
    let may_act = office.actor.role != Role::Auditor;
    let typed = |field: &str| form.map_or("", |form| form.get(field)).to_owned();
    let rows = found.iter().map(|one| PairRow {
        href: if may_act {
            format!("/office/deaths/{}/{}", one.person, one.id)
        } else {
            String::new()
        },
        number: one.number.clone(),
        what: zh_date(one.died_on),
        since: moment(one.noted_at),
        tag: tag(one),
    });
    Ok(DeathsPage {
        shell: office.shell(Here::OfficeOpenings),
        who: who(form),
        died_on: typed("died_on"),
        document: typed("document"),
        kept: form.map(|form| form.kept(&state.cx, &office.actor)).unwrap_or_default(),
        more: more(found.len()),
        rows: rows.collect(),
        may_act,
        mistakes,
    })
}

/// GET `/office/deaths`
pub(crate) async fn list(office: Office, State(state): State<WebState>) -> Answer {
    page(&list_page(&office, &state, None, Mistakes::none()).await?)
}

/// POST `/office/deaths`
pub(crate) async fn note(
    office: Office,
    State(state): State<WebState>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &office.actor, &office.csrf, form).await?;
    let new = NewDeath {
        visit: visit(&form),
        died_on: intake::read_day(form.get("died_on").trim()),
        document: form.get("document").to_owned(),
        papers: form.papers.clone(),
    };
    let mut wrong = form.mistakes.clone();
    if wrong.is_empty() {
        match death::note(&state.cx, &office.actor, new).await {
            Ok(_) => return Ok(Redirect::to("/office/deaths").into_response()),
            Err(error) => wrong = mistakes(error, "document")?,
        }
    }
    let again = list_page(&office, &state, Some(&form), wrong).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

fn ids(person: &str, id: &str) -> Answer<(PersonId, DeathId)> {
    person.parse().ok().zip(id.parse().ok()).ok_or_else(Refused::not_found)
}

/// GET `/office/deaths/{person}/{id}`
pub(crate) async fn one(
    office: Office,
    State(state): State<WebState>,
    Path((person, id)): Path<(String, String)>,
) -> Answer {
    let (person, id) = ids(&person, &id)?;
    let (file, _) = death::one(&state.cx, &office.actor, person, id).await?.into_parts();
    let place = format!("/office/deaths/{person}/{id}");
    let mut facts = vec![
        Fact::new("去世日期", &zh_date(file.death.died_on)),
        Fact::new("依据", &file.document),
        Fact::new("登记于", &moment(file.death.noted_at)),
    ];
    if let Some((_, at)) = file.death.confirmed {
        facts.push(Fact::new("核对于", &moment(at)));
    }
    if let Some(at) = file.death.ended_at {
        facts.push(Fact::new("撤销于", &moment(at)));
    }
    page(&DeathPage {
        shell: office.shell(Here::OfficeOpenings),
        tag: tag(&file.death),
        number: file.death.number.clone(),
        person: format!("{}，证件号码 {}", file.name.as_str(), file.number),
        whole_number: if file.death.confirmed.is_none() && file.death.ended_at.is_none() {
            office_place("death", &person.to_string(), &id.to_string())
        } else {
            String::new()
        },
        facts,
        papers: file.papers.iter().map(|one| view::case::lone_paper(one, &place)).collect(),
        place,
        may_confirm: file.may_confirm,
        may_end: file.may_end,
    })
}

/// POST `/office/deaths/{person}/{id}`
pub(crate) async fn settle(
    office: Office,
    State(state): State<WebState>,
    Path((person, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (person, id) = ids(&person, &id)?;
    match posted.get("step") {
        "confirm" => death::confirm(&state.cx, &office.actor, person, id).await?,
        "end" => death::end(&state.cx, &office.actor, person, id).await?,
        _ => return Err(Refused::not_found()),
    }
    Ok(Redirect::to("/office/deaths").into_response())
}

/// GET `/office/deaths/{person}/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    office: Office,
    State(state): State<WebState>,
    Path((person, id, one)): Path<(String, String, String)>,
) -> Result<Response, Refused> {
    let (person, id) = ids(&person, &id)?;
    let one: PaperId = one.parse().map_err(|_| Refused::not_found())?;
    let (about, bytes) = death::paper(&state.cx, &office.actor, person, id, one).await?;
    paper(&about, bytes).await
}
