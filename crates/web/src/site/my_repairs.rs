//! My repairs 我的修复: asked for with a pledge signed in the page, followed, taken back.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::repair::{PLEDGE, State as Stands, is_of_the_court};
use register::{PaperId, RecordId, RepairId};
use usecases::my;
use usecases::repair::{self, NewRepair};

use super::my::frame;
use super::my_cases::{About, person, record};
use super::{mistakes_of, paper, taken_back};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted, Query};
use crate::pages::format::zh_date;
use crate::pages::my::{CasePage, Hearing, NewRepairPage};
use crate::pages::{Fact, Here, Mistakes};
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
) -> Answer<NewRepairPage> {
    let cx = &state.cx;
    let mine = record(citizen, state, id).await?;
    let notices = my::notices(cx, &citizen.actor).await?;
    let typed = |name: &str| form.map_or("", |form| form.get(name));
    let source = view::agency(&cx.rules, mine.record.source.as_str());
    let is_of_the_court = is_of_the_court(&mine.record, &cx.rules);
    let mut facts = view::record::facts(&mine.record, &cx.rules);
    if let Some(class) = mine.record.severity.filter(|_| !is_of_the_court) {
        let from = cx.rules.display(class, mine.record.document.decided_on).repair_from;
        facts.push(Fact::new("可以申请修复", &format!("{}起", zh_date(from))));
    }
    let by = |kind: &str| {
        let due = cx.rules.due(kind, cx.today());
        due.map(|due| view::by(due.on, &cx.rules)).unwrap_or_default()
    };
    let promise = if is_of_the_court {
        format!("{source}最迟{}核对", by("court_delete"))
    } else {
        let (accept, result) = (by("repair_accept"), by("repair_result"));
        format!("{source}最迟{accept}决定是否受理，最迟{result}告知结果")
    };
    Ok(NewRepairPage {
        shell: frame(citizen, Here::MyCases, &notices),
        record: mine.record.id.to_string(),
        title: view::record::title(&mine.record, &cx.rules),
        facts,
        pledge: PLEDGE.to_owned(),
        words: typed("words").to_owned(),
        is_performed: typed("performed") == "yes",
        has_pledged: typed("pledge") == "yes",
        kept: form.map(|form| form.kept(cx, &citizen.actor)).unwrap_or_default(),
        promise,
        court_days: view::rules::days(&cx.rules, "court_delete"),
        is_of_the_court,
        mistakes,
    })
}

/// GET `/my/repairs/new?record=`
pub(crate) async fn form(
    citizen: Citizen,
    State(state): State<WebState>,
    Query(About { record }): Query<About>,
) -> Answer {
    page(&new_page(&citizen, &state, &record, None, Mistakes::none()).await?)
}

/// POST `/my/repairs/new?record=`
pub(crate) async fn ask(
    citizen: Citizen,
    State(state): State<WebState>,
    Query(About { record }): Query<About>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &citizen.actor, &citizen.csrf, form).await?;
    let id: RecordId = record.parse().map_err(|_| Refused::not_found())?;
    let new = NewRepair {
        words: form.get("words").to_owned(),
        is_performed: form.get("performed") == "yes",
        has_pledged: form.get("pledge") == "yes",
        papers: form.papers.clone(),
    };
    let mut mistakes = form.mistakes.clone();
    if mistakes.is_empty() {
        match repair::ask(&state.cx, &citizen.actor, person(&citizen)?, id, new).await {
            Ok(asked) => {
                return Ok(Redirect::to(&format!("/my/repairs/{}", asked.id)).into_response());
            }
            Err(error) => mistakes = mistakes_of(error, "words")?,
        }
    }
    let again = new_page(&citizen, &state, &record, Some(&form), mistakes).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

fn repair_id(id: &str) -> Answer<RepairId> {
    id.parse().map_err(|_| Refused::not_found())
}

async fn case_page(
    citizen: &Citizen,
    state: &WebState,
    id: RepairId,
    typed: Hearing,
) -> Answer<CasePage> {
    let cx = &state.cx;
    let (case, _) = repair::one_of_mine(cx, &citizen.actor, id).await?.into_parts();
    let notices = my::notices(cx, &citizen.actor).await?;
    let place = format!("/my/repairs/{id}");
    let asked = &case.head;
    let is_over = asked.state != Stands::Hearing;
    let ends = repair::hearing_ends(cx, &citizen.actor, asked).await?;
    let until = ends.map(|due| view::by(due.on, &cx.rules)).unwrap_or_default();
    Ok(CasePage {
        shell: frame(citizen, Here::MyCases, &notices),
        kind: "修复".to_owned(),
        can_withdraw: asked.is_open(),
        hearing: (!is_over || !typed.mistakes.is_empty()).then_some(Hearing {
            until,
            is_over,
            ..typed
        }),
        remedy: match asked.state {
            Stands::Refused | Stands::Revoked => {
                let remedy = view::notice::remedy_of_case(&cx.rules, asked.agency.as_str());
                format!("{remedy}补齐以后可以随时再次申请，不收任何费用。")
            }
            Stands::Asked
            | Stands::Accepted
            | Stands::Hearing
            | Stands::Granted
            | Stands::Withdrawn => String::new(),
        },
        case: view::case::view(&case, &cx.rules, &place, true),
        place,
    })
}

/// GET `/my/repairs/{id}`
pub(crate) async fn one(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&case_page(&citizen, &state, repair_id(&id)?, Hearing::default()).await?)
}

/// `/my/repairs/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    citizen: Citizen,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let file: PaperId = file.parse().map_err(|_| Refused::not_found())?;
    let found = repair::paper_of_mine(&state.cx, &citizen.actor, repair_id(&id)?, file).await?;
    paper(&found.0, found.1).await
}

/// POST `/my/repairs/{id}/withdraw`
pub(crate) async fn withdraw(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Answer {
    let id = repair_id(&id)?;
    let done = repair::withdraw(&state.cx, &citizen.actor, person(&citizen)?, id).await;
    taken_back(done, &format!("/my/repairs/{id}"))
}

/// POST `/my/repairs/{id}/hearing`
pub(crate) async fn hear(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let id = repair_id(&id)?;
    let words = posted.get("words").to_owned();
    match repair::hear(&state.cx, &citizen.actor, person(&citizen)?, id, &words).await {
        Ok(_) => Ok(Redirect::to(&format!("/my/repairs/{id}")).into_response()),
        Err(error) => {
            let mistakes = mistakes_of(error, "words")?;
            let typed = Hearing { words, mistakes, ..Hearing::default() };
            let again = case_page(&citizen, &state, id, typed).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}
