//! Supervision of look-ups 查询监督: found, asked, explained, found out; and the month's report.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use register::supervision::{Finding, Pile};
use register::{PaperId, Role, SupervisionId};
use usecases::supervision::{self, NewFinding};
use usecases::{Actor, Error};

use super::{deliveries, mistakes_of, paper};
use crate::answer::{Answer, Refused, page, page_with};
use crate::attachment::attachment;
use crate::extract::{Path, Posted, Query};
use crate::pages::form::KeptPaper;
use crate::pages::format::grouped;
use crate::pages::office::{SupervisionCasePage, SupervisionMonthPage, SupervisionPage};
use crate::pages::{Choice, Here, Link, Mistakes, Shell};
use crate::papers::{self, CaseForm};
use crate::session::{Clerk, Office};
use crate::state::WebState;
use crate::view;

/// Which list is asked for, and which page of it; nothing means the beginning of every list.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    list: String,
    page: u32,
}

/// GET `/office/supervision?list=patterns&page=2`
pub(crate) async fn list(
    office: Office,
    State(state): State<WebState>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let cx = &state.cx;
    let lists = match Pile::from_code(&wanted.list) {
        Some(pile) => vec![supervision::list(cx, &office.actor, pile, wanted.page).await?],
        None => supervision::lists(cx, &office.actor).await?,
    };
    let may_ask = office.actor.role != Role::Auditor;
    let samples = lists.iter().find(|one| may_ask && one.pile == Pile::Samples);
    let is_open = |one: &supervision::Listed| one.pile != Pile::Closed && one.in_all > 0;
    let group = |one| view::supervision::group(one, &cx.rules, cx.today());
    page(&SupervisionPage {
        shell: office.shell(Here::OfficeSupervision),
        is_quiet: wanted.list.is_empty() && !lists.iter().any(is_open),
        groups: lists.iter().filter(|one| !one.cases.is_empty()).map(group).collect(),
        to_ask: samples.map_or(0, |one| one.in_all),
        rules: view::supervision::rules_text(&cx.rules),
    })
}

/// POST `/office/supervision/ask-samples`
pub(crate) async fn ask_samples(
    office: Office,
    State(state): State<WebState>,
    _posted: Posted,
) -> Answer {
    supervision::ask_samples(&state.cx, &office.actor).await?;
    Ok(Redirect::to("/office/supervision").into_response())
}

fn case_id(id: &str) -> Answer<SupervisionId> {
    id.parse().map_err(|_| Refused::not_found())
}

/// What was typed into one of the forms.
#[derive(Default)]
struct Typed {
    ask: String,
    words: String,
    kept: Vec<KeptPaper>,
    finding: String,
    looks: Vec<u64>,
    is_all: bool,
    reasons: String,
}

/// Where the page stands: on a desk, or in the office.
struct At<'a> {
    actor: &'a Actor,
    csrf: &'a str,
    shell: Shell,
    back: Link,
    place: String,
    is_office: bool,
}

impl At<'_> {
    async fn page(
        self,
        state: &WebState,
        id: SupervisionId,
        typed: Typed,
        mistakes: Mistakes,
    ) -> Answer<SupervisionCasePage> {
        let cx = &state.cx;
        let file = if self.is_office {
            supervision::one(cx, self.actor, id).await?
        } else {
            supervision::desk_one(cx, self.actor, id).await?
        };
        let (rules, case) = (&cx.rules, &file.case);
        let shown = u64::try_from(file.looks.len()).unwrap_or(u64::MAX);
        let more = match case.looks.saturating_sub(shown) {
            0 => String::new(),
            left => format!("另有 {} 次没有列出。", grouped(left)),
        };
        let ask_until = match rules.due("supervision_answer", cx.today()) {
            Some(due) if file.may_ask => view::by(due.on, rules),
            Some(_) | None => String::new(),
        };
        let finding = |finding: &Finding| Choice {
            is_chosen: finding.code() == typed.finding,
            ..Choice::new(finding.code(), finding.title())
        };
        let to_tick = if file.findings.contains(&Finding::Wrongful) {
            view::supervision::to_tick(&file.looks, &typed.looks)
        } else {
            Vec::new()
        };
        let all_looks = if case.looks > 1 && !to_tick.is_empty() {
            format!("这件事里的全部 {} 次查询都不应该", grouped(case.looks))
        } else {
            String::new()
        };
        let row = |case| view::supervision::row(case, rules, cx.today());
        Ok(SupervisionCasePage {
            number: case.number.clone(),
            is_of_office: view::supervision::is_of_office(case, rules),
            is_logged: file.is_logged,
            beside: file.beside.iter().map(row).collect(),
            all_looks,
            is_all: typed.is_all,
            about: view::supervision::about(case),
            tag: view::supervision::tag(case, cx.today()),
            facts: view::supervision::facts(&file, rules),
            looks: file.looks.iter().map(|one| view::supervision::look(one, rules)).collect(),
            more,
            steps: view::supervision::steps(&file.steps, case, rules),
            papers: file
                .papers
                .iter()
                .map(|one| view::case::lone_paper(one, &self.place))
                .collect(),
            ask_until,
            ask: typed.ask,
            may_answer: file.may_answer,
            words: typed.words,
            kept: typed.kept,
            findings: file.findings.iter().map(finding).collect(),
            to_tick,
            reasons: typed.reasons,
            mistakes,
            shell: self.shell,
            back: self.back,
            place: self.place,
        })
    }

    /// After something was done: back to the page, or the page with what is wrong.
    async fn done<T>(
        self,
        state: &WebState,
        id: SupervisionId,
        typed: Typed,
        (done, field): (Result<T, Error>, &str),
    ) -> Answer {
        match done {
            Ok(_) => Ok(Redirect::to(&self.place).into_response()),
            Err(error) => {
                let mistakes = mistakes_of(error, field)?;
                let again = self.page(state, id, typed, mistakes).await?;
                page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
            }
        }
    }

    async fn answer(
        self,
        state: &WebState,
        id: SupervisionId,
        form: Result<Multipart, MultipartRejection>,
    ) -> Answer {
        let cx = &state.cx;
        let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
        let form: CaseForm = papers::read(cx, self.actor, self.csrf, form).await?;
        let typed = Typed {
            words: form.get("words").to_owned(),
            kept: form.kept(cx, self.actor),
            ..Typed::default()
        };
        if !form.mistakes.is_empty() {
            let again = self.page(state, id, typed, form.mistakes.clone()).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
        let done = supervision::answer(cx, self.actor, id, form.get("words"), &form.papers).await;
        self.done(state, id, typed, (done, "words")).await
    }
}

fn in_office<'a>(office: &'a Office, id: &str) -> At<'a> {
    At {
        actor: &office.actor,
        csrf: &office.csrf,
        shell: office.shell(Here::OfficeSupervision),
        back: Link::new("/office/supervision", "查询监督"),
        place: format!("/office/supervision/{id}"),
        is_office: true,
    }
}

fn at_desk<'a>(clerk: &'a Clerk, id: &str) -> At<'a> {
    At {
        actor: &clerk.actor,
        csrf: &clerk.csrf,
        shell: clerk.shell(Here::DeskToday),
        back: Link::new("/desk", "今天要办"),
        place: format!("/desk/supervision/{id}"),
        is_office: false,
    }
}

/// GET `/office/supervision/{id}`
pub(crate) async fn one(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let at = in_office(&office, &id);
    page(&at.page(&state, case_id(&id)?, Typed::default(), Mistakes::none()).await?)
}

/// POST `/office/supervision/{id}/ask`
pub(crate) async fn ask(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let case = case_id(&id)?;
    let ask = posted.get("ask");
    let done = supervision::ask(&state.cx, &office.actor, case, ask).await;
    let typed = Typed { ask: ask.to_owned(), ..Typed::default() };
    in_office(&office, &id).done(&state, case, typed, (done, "ask")).await
}

/// POST `/office/supervision/{id}/answer`
pub(crate) async fn answer(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    in_office(&office, &id).answer(&state, case_id(&id)?, form).await
}

/// POST `/office/supervision/{id}/finding`
pub(crate) async fn find(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let case = case_id(&id)?;
    let new = NewFinding {
        finding: posted.get("finding").to_owned(),
        words: posted.get("reasons").to_owned(),
        looks: posted.all("looks").filter_map(|seq| seq.parse().ok()).collect(),
        is_all: posted.get("all_looks") == "yes",
    };
    let done = supervision::find(&state.cx, &office.actor, case, &new).await;
    let NewFinding { finding, words: reasons, looks, is_all } = new;
    let typed = Typed { finding, looks, is_all, reasons, ..Typed::default() };
    in_office(&office, &id).done(&state, case, typed, (done, "finding")).await
}

/// GET `/office/supervision/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    office: Office,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    read(&office.actor, &state, &id, &file).await
}

/// GET `/desk/supervision/{id}`
pub(crate) async fn desk(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let at = at_desk(&clerk, &id);
    page(&at.page(&state, case_id(&id)?, Typed::default(), Mistakes::none()).await?)
}

/// POST `/desk/supervision/{id}/answer`
pub(crate) async fn desk_answer(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    at_desk(&clerk, &id).answer(&state, case_id(&id)?, form).await
}

/// GET `/desk/supervision/{id}/papers/{paper}`
pub(crate) async fn desk_paper(
    clerk: Clerk,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    read(&clerk.actor, &state, &id, &file).await
}

async fn read(actor: &Actor, state: &WebState, id: &str, file: &str) -> Result<Response, Refused> {
    let file: PaperId = file.parse().map_err(|_| Refused::not_found())?;
    let found = supervision::paper(&state.cx, actor, case_id(id)?, file).await?;
    paper(&found.0, found.1).await
}

/// Which month is asked for; nothing means the last one that is over.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    month: String,
}

/// GET `/office/supervision/month?month=2026-11`
pub(crate) async fn month(
    office: Office,
    State(state): State<WebState>,
    Query(Asked { month }): Query<Asked>,
) -> Answer {
    let shell = office.shell(Here::OfficeSupervision);
    let found = match supervision::month(&state.cx, &office.actor, month.trim()).await {
        Ok(found) => found,
        Err(Error::NotFound) => {
            let says = "请按“年-月”填写，例如 2026-11，不能是还没有到的月份。";
            let again = SupervisionMonthPage {
                shell,
                title: String::new(),
                month,
                about: Vec::new(),
                tables: Vec::new(),
                mistakes: Mistakes::none().and("month", says),
            };
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
        Err(error) => return Err(error.into()),
    };
    page(&SupervisionMonthPage {
        shell,
        title: view::supervision::month_title(&found),
        month: view::supervision::month_code(&found),
        about: view::supervision::month_about(&found),
        tables: view::supervision::month_tables(&found, &state.cx.rules),
        mistakes: Mistakes::none(),
    })
}

/// GET `/office/supervision/month.pdf?month=2026-11`
pub(crate) async fn month_pdf(
    office: Office,
    State(state): State<WebState>,
    Query(Asked { month }): Query<Asked>,
) -> Answer {
    let found = supervision::month(&state.cx, &office.actor, month.trim()).await?;
    let name = format!("{}查询监督月报.pdf", view::supervision::month_title(&found));
    let cx = state.cx.clone();
    let printed = tokio::task::spawn_blocking(move || crate::print::supervision(&cx, &found));
    let printed = printed.await.map_err(|_| Error::Internal("a month's report"))?;
    let bytes = printed.map_err(|_| Error::Internal("a month's report"))?;
    Ok(deliveries::pdf(bytes, &name))
}

/// GET `/office/supervision/month.xlsx?month=2026-11`
pub(crate) async fn month_xlsx(
    office: Office,
    State(state): State<WebState>,
    Query(Asked { month }): Query<Asked>,
) -> Answer {
    let found = supervision::month(&state.cx, &office.actor, month.trim()).await?;
    let title = format!("{}查询监督月报", view::supervision::month_title(&found));
    let tables = view::supervision::month_tables(&found, &state.cx.rules);
    let bytes = view::supervision::workbook(&title, &tables)
        .map_err(|_| Error::Internal("a month's workbook"))?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, attachment(&format!("{title}.xlsx"))),
    ];
    Ok((headers, bytes).into_response())
}
