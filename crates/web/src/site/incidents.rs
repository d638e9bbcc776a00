//! Incidents 信息安全事件: anybody reports, the office handles.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use register::incident::{Incident, Kind, People, State as Stands};
use register::{IncidentId, Role};
use usecases::account::tries::{self, Place, Tried};
use usecases::incident::{
    self, Announcement, Criteria, IncidentFile, NewAnnouncement, NewIncident, NewTask, Sent, Task,
};
use usecases::{Actor, Error};

use super::mistakes_of;
use super::openings::more;
use crate::answer::{Answer, Refused, page, page_with};
use crate::cookies::Cookie;
use crate::extract::{Path, Posted};
use crate::knock::Knock;
use crate::pages::format::{grouped, zh_date};
use crate::pages::office::{
    IncidentMay, IncidentPage, IncidentSearch, IncidentStep, IncidentTask, IncidentsPage, PairRow,
    Typed,
};
use crate::pages::portal::{IncidentReportPage, IncidentTasksPage, TechnicalTask};
use crate::pages::{Choice, Fact, Here, Mistakes, Tag, Tint};
use crate::session::{AnyUser, Office, Visit};
use crate::state::WebState;
use crate::view::incident::{self as words, DRILL, by, criteria, facts, step_title, tag};
use crate::view::{self, moment};

/// How long the form may lie before it is sent, in seconds.
const PRE_LASTS: u32 = 3_600;

/// What reports are counted under: no account can have this name.
const COUNTED: &str = "/incident";

fn report_page(visit: &Visit, posted: Option<&Posted>, mistakes: Mistakes) -> IncidentReportPage {
    let typed = |field: &str| posted.map_or("", |posted| posted.get(field)).to_owned();
    let role = visit.actor.as_ref().map(|actor| actor.role);
    let is_office = matches!(role, Some(Role::OfficeClerk | Role::OfficeLead));
    let kind = typed("kind");
    let choice = |one: &Kind| Choice {
        is_chosen: one.code() == kind,
        ..Choice::new(one.code(), one.title())
    };
    IncidentReportPage {
        shell: visit.shell(Here::Elsewhere),
        kinds: Kind::ALL.iter().map(choice).collect(),
        what: typed("what"),
        since: typed("since"),
        until: typed("until"),
        systems: typed("systems"),
        measures: typed("measures"),
        contact: typed("contact"),
        is_staff: role.is_some_and(|role| role != Role::Citizen),
        is_citizen: role == Some(Role::Citizen),
        has_tasks: role == Some(Role::Operator),
        may_drill: is_office,
        is_drill: typed("drill") == "yes",
        number: String::new(),
        case: String::new(),
        mistakes,
    }
}

/// A form that is sent back needs the token of a browser that has not signed in.
fn with_token(visit: &Visit, state: &WebState, mut response: Response) -> Response {
    if let Some(pre) = &visit.new_pre {
        let cookie = Cookie::Pre.set(pre, Some(PRE_LASTS), state.secure_cookies);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// GET `/incident`
pub(crate) async fn form(visit: Visit, State(state): State<WebState>) -> Answer {
    let response = page(&report_page(&visit, None, Mistakes::none()))?;
    Ok(with_token(&visit, &state, response))
}

/// POST `/incident`: the fifth report from one place within the hour has to wait, each further one longer. Whoever is
/// signed in is counted by himself: no crowd of strangers keeps him from reporting.
pub(crate) async fn report(
    visit: Visit,
    knock: Knock,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let from = match &visit.actor {
        Some(actor) => Place::Browser(actor.account.to_string()),
        None => knock.place(&state.cx, COUNTED),
    };
    let tried = tries::begin(&state.cx, Tried::Report, COUNTED, &from).await?;
    let get = |field: &str| posted.get(field).to_owned();
    let new = NewIncident {
        kind: get("kind"),
        what: get("what"),
        since: get("since"),
        until: get("until"),
        systems: get("systems"),
        measures: get("measures"),
        contact: get("contact"),
        is_drill: posted.get("drill") == "yes",
    };
    match incident::report(&state.cx, visit.actor.as_ref(), new).await {
        Ok(entered) => {
            let mut done = report_page(&visit, None, Mistakes::none());
            if done.may_drill {
                done.case = format!("/office/incidents/{}", entered.id);
            }
            done.number = entered.number;
            page(&done)
        }
        Err(error) => {
            tried.was_none(&state.cx).await?;
            let wrong = mistakes_of(error, "what")?;
            let again = report_page(&visit, Some(&posted), wrong);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// GET `/incident/tasks`
pub(crate) async fn tasks(user: AnyUser, State(state): State<WebState>) -> Answer {
    let today = state.cx.today();
    let tasks = incident::technical_tasks(&state.cx, &user.actor).await?;
    let tasks = tasks.into_iter().map(|task| TechnicalTask {
        action: if task.may_finish {
            format!("/incident/tasks/{}/{}", task.incident, task.id)
        } else {
            String::new()
        },
        due: zh_date(task.due),
        is_late: task.due < today,
        what: words::task(&task),
        owner: task.owner,
    });
    let is_operator = user.actor.role == Role::Operator;
    let here = if is_operator { Here::OperatorTasks } else { Here::Elsewhere };
    page(&IncidentTasksPage { shell: user.shell(here), tasks: tasks.collect() })
}

/// POST `/incident/tasks/{id}/{task}`
pub(crate) async fn finish_task(
    user: AnyUser,
    State(state): State<WebState>,
    Path((id, task)): Path<(String, String)>,
    _posted: Posted,
) -> Answer {
    let task = task.parse().map_err(|_| Refused::not_found())?;
    incident::finish_task(&state.cx, &user.actor, incident_id(&id)?, task).await?;
    Ok(Redirect::to("/incident/tasks").into_response())
}

fn incident_id(id: &str) -> Answer<IncidentId> {
    id.parse().map_err(|_| Refused::not_found())
}

/// GET `/office/incidents`
pub(crate) async fn list(office: Office, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let found = incident::list(cx, &office.actor).await?;
    let rows = found.iter().map(|one| PairRow {
        href: format!("/office/incidents/{}", one.id),
        number: one.number.clone(),
        what: what(one),
        since: moment(one.reported_at),
        tag: tag(one, cx.now()),
    });
    page(&IncidentsPage {
        shell: office.shell(Here::OfficeIncidents),
        more: more(found.len()),
        rows: rows.collect(),
        hours: (u64::from(view::rules::days(&cx.rules, "incident_notice")) * 24).to_string(),
    })
}

/// What it is, with the mark of a drill.
fn what(one: &Incident) -> String {
    if one.is_drill {
        format!("{DRILL}：{}", one.kind.title())
    } else {
        one.kind.title().to_owned()
    }
}

fn may(file: &IncidentFile) -> IncidentMay {
    let one = &file.incident;
    let (acts, works) = (file.may_handle, file.may_handle && one.is_worked_on());
    let waits = matches!(one.state, Stands::Notified | Stands::Dismissed);
    // Whoever is in it himself goes on with the work, and judges nothing.
    let judges = acts && !file.is_involved;
    IncidentMay {
        triage: judges && one.state == Stands::Reported,
        withdraw: judges && one.may_withdraw(),
        announce: works && one.may_announce(),
        is_involved: acts && file.is_involved && one.state != Stands::Closed,
        contain: acts && one.state == Stands::Confirmed,
        work: works,
        tell: works && one.people != People::Told,
        waive: judges && works && one.people == People::Open && file.may_waive,
        authority: works && one.authority_at.is_none(),
        notify: judges && one.state == Stands::Contained,
        close: file.may_close,
        waits: judges && waits && !file.may_close,
        tasks: acts && one.state != Stands::Closed,
    }
}

/// What is kept of the texts, for the page.
fn announced(said: &Announcement) -> Vec<Fact> {
    vec![
        Fact::new("涉及的信息种类", &said.information),
        Fact::new("原因", &said.causes),
        Fact::new("可能造成的危害", &said.harm),
        Fact::new("已经采取的措施", &said.measures),
        Fact::new("个人可以采取的措施", &said.advice),
        Fact::new("联系方式", &said.contact),
        Fact::new("向哪个部门报告", &said.recipient),
    ]
}

fn task_row(task: &Task, today: jiff::civil::Date, may: bool) -> IncidentTask {
    let (id, tag, about) = match &task.done_by {
        Some(by) => (String::new(), Tag::new("已办完", Tint::Good), format!("{by} 办完")),
        None => {
            let tag = if task.due < today {
                Tag::new("已逾期", Tint::Wrong)
            } else {
                Tag::new("正在办", Tint::Underway)
            };
            let id = if may && task.may_finish { task.id.to_string() } else { String::new() };
            (id, tag, format!("{}，最迟 {}", task.owner, zh_date(task.due)))
        }
    };
    let technical = if task.is_technical { "（技术任务）" } else { "" };
    IncidentTask { id, what: format!("{}{technical}", words::task(task)), about, tag }
}

/// The fields of the forms on the page, which come back as they were typed.
const FIELDS: [&str; 23] = [
    "triage_words",
    "withdraw_words",
    "contain_words",
    "login",
    "from",
    "to",
    "first",
    "last",
    "batch",
    "since",
    "until",
    "information",
    "causes",
    "harm",
    "measures",
    "advice",
    "contact",
    "recipient",
    "sent_on",
    "sent_time",
    "how",
    "waive_words",
    "close_words",
];
const TASK_FIELDS: [&str; 3] = ["task_what", "task_owner", "task_due"];

fn typed(posted: Option<&Posted>, file: &IncidentFile) -> Typed {
    let mut fields: Vec<(String, String)> = Vec::new();
    for name in FIELDS.into_iter().chain(TASK_FIELDS) {
        let sent = posted.map_or("", |posted| posted.get(name));
        if !sent.is_empty() {
            fields.push((name.to_owned(), sent.to_owned()));
        }
    }
    // What is kept stands in the form, so that it is mended and not typed again.
    let (_, since, until) = found(file);
    for (name, day) in [("since", since), ("until", until)] {
        fields.push((name.to_owned(), day.map(|day| day.to_string()).unwrap_or_default()));
    }
    if let Some(said) = &file.announcement {
        for (name, text) in [
            ("information", &said.information),
            ("causes", &said.causes),
            ("harm", &said.harm),
            ("measures", &said.measures),
            ("advice", &said.advice),
            ("contact", &said.contact),
            ("recipient", &said.recipient),
        ] {
            fields.push((name.to_owned(), text.clone()));
        }
    }
    Typed(fields)
}

/// What happened and when, as far as it is known.
fn found(file: &IncidentFile) -> (Kind, Option<jiff::civil::Date>, Option<jiff::civil::Date>) {
    incident::found_out(&file.incident, &file.detail, file.announcement.as_ref())
}

/// By what those affected are found.
const BY: [(&str, &str); 3] = [
    ("looks", "谁的信息在查询里给了出去（从查询存证里找）"),
    ("records", "谁的信息被改动、丢失（按事项、批次、入库的日期找）"),
    ("everybody", "所有在册的人（整个数据库，或者备份连同密钥被拿走）"),
];

async fn one_page(
    office: &Office,
    state: &WebState,
    id: IncidentId,
    posted: Option<&Posted>,
    mistakes: Mistakes,
) -> Answer<IncidentPage> {
    let cx = &state.cx;
    let file = incident::one(cx, &office.actor, id).await?;
    let sent = |field: &str| posted.map_or("", |posted| posted.get(field));
    let choice = |code: &str, title: &str, field: &str| Choice {
        is_chosen: code == sent(field),
        ..Choice::new(code, title)
    };
    let may = may(&file);
    let steps = file.steps.iter().map(|step| IncidentStep {
        title: step_title(&step.kind).to_owned(),
        at: format!("{}，{}", moment(step.at), by(step)),
        words: step.words.clone(),
    });
    let searches = file.searches.iter().map(|search| IncidentSearch {
        at: format!("{}，{}", moment(search.at), search.by),
        criteria: criteria(&search.criteria, &cx.rules),
        affected: grouped(search.affected),
    });
    let (agencies, purposes) = (cx.rules.agencies().iter(), cx.rules.purposes().iter());
    let items = cx.rules.items().iter().filter(|item| item.layout != "none");
    let (kind, ..) = found(&file);
    let kind = if sent("kind").is_empty() { kind.code() } else { sent("kind") };
    let by_now = if sent("by").is_empty() { "looks" } else { sent("by") };
    let chosen = |code: &str, title: &str, now: &str| Choice {
        is_chosen: code == now,
        ..Choice::new(code, title)
    };
    Ok(IncidentPage {
        shell: office.shell(Here::OfficeIncidents),
        place: format!("/office/incidents/{id}"),
        number: file.incident.number.clone(),
        tag: tag(&file.incident, cx.now()),
        is_drill: file.incident.is_drill,
        facts: facts(&file, &file.detail),
        what: file.detail.what.clone(),
        steps: steps.collect(),
        searches: searches.collect(),
        affected: grouped(file.affected),
        announced: file.announcement.as_ref().map(announced).unwrap_or_default(),
        tasks: file.tasks.iter().map(|task| task_row(task, cx.today(), may.tasks)).collect(),
        findings: vec![
            choice("yes", "是信息安全事件", "finding"),
            choice("no", "不是信息安全事件", "finding"),
        ],
        agencies: agencies.map(|one| choice(&one.uscc, &one.name, "agency")).collect(),
        purposes: purposes.map(|one| choice(&one.code, &one.title, "purpose")).collect(),
        items: items.map(|one| choice(&one.code, &one.title, "item")).collect(),
        searched_by: BY.into_iter().map(|(code, title)| chosen(code, title, by_now)).collect(),
        with_own: sent("own") == "yes",
        kinds: Kind::ALL.iter().map(|one| chosen(one.code(), one.title(), kind)).collect(),
        is_technical: sent("task_technical") == "yes",
        typed: typed(posted, &file),
        may,
        mistakes,
    })
}

/// GET `/office/incidents/{id}`
pub(crate) async fn one(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&one_page(&office, &state, incident_id(&id)?, None, Mistakes::none()).await?)
}

/// Takes a step; the field beside which an answer goes that names none.
async fn take(
    state: &WebState,
    actor: &Actor,
    id: IncidentId,
    step: &str,
    posted: &Posted,
) -> Result<&'static str, (&'static str, Error)> {
    let cx = &state.cx;
    let get = |field: &str| posted.get(field).to_owned();
    let (field, done) = match step {
        "triage" => {
            let is_one = match posted.get("finding") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            let words = posted.get("triage_words");
            ("triage_words", incident::triage(cx, actor, id, is_one, words).await.map(drop))
        }
        "withdraw" => {
            let words = posted.get("withdraw_words");
            ("withdraw_words", incident::withdraw(cx, actor, id, words).await.map(drop))
        }
        "contain" => {
            let words = posted.get("contain_words");
            ("contain_words", incident::contain(cx, actor, id, words).await.map(drop))
        }
        "search" => {
            let criteria = Criteria {
                by: get("by"),
                own: get("own"),
                item: get("item"),
                batch: get("batch"),
                login: get("login"),
                agency: get("agency"),
                purpose: get("purpose"),
                from: get("from"),
                to: get("to"),
                first: get("first"),
                last: get("last"),
            };
            ("login", incident::search(cx, actor, id, &criteria).await.map(drop))
        }
        "announce" => {
            let new = NewAnnouncement {
                information: get("information"),
                causes: get("causes"),
                harm: get("harm"),
                measures: get("measures"),
                advice: get("advice"),
                contact: get("contact"),
                recipient: get("recipient"),
                kind: get("kind"),
                since: get("since"),
                until: get("until"),
            };
            ("information", incident::announce(cx, actor, id, new).await)
        }
        "authority" => {
            let sent = Sent { on: get("sent_on"), time: get("sent_time"), how: get("how") };
            ("how", incident::authority(cx, actor, id, &sent).await.map(drop))
        }
        "tell" => ("tell", incident::tell(cx, actor, id).await.map(drop)),
        "waive" => {
            let words = posted.get("waive_words");
            ("waive_words", incident::waive(cx, actor, id, words).await.map(drop))
        }
        "notified" => ("notify", incident::notify(cx, actor, id).await.map(drop)),
        "close" => {
            let words = posted.get("close_words");
            ("close_words", incident::close(cx, actor, id, words).await.map(drop))
        }
        "task" => {
            let new = NewTask {
                what: get("task_what"),
                owner: get("task_owner"),
                is_technical: posted.get("task_technical") == "yes",
                due: get("task_due"),
            };
            ("task_what", incident::add_task(cx, actor, id, &new).await)
        }
        "task-done" => {
            let task = posted.get("task").parse().map_err(|_| ("task_what", Error::NotFound))?;
            ("task_what", incident::finish_task(cx, actor, id, task).await)
        }
        _ => ("triage_words", Err(Error::NotFound)),
    };
    done.map(|()| field).map_err(|error| (field, error))
}

/// POST `/office/incidents/{id}/{step}`
pub(crate) async fn step(
    office: Office,
    State(state): State<WebState>,
    Path((id, step)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let id = incident_id(&id)?;
    match take(&state, &office.actor, id, &step, &posted).await {
        Ok(_) => Ok(Redirect::to(&format!("/office/incidents/{id}")).into_response()),
        Err((field, error)) => {
            let wrong = mistakes_of(error, field)?;
            let again = one_page(&office, &state, id, Some(&posted), wrong).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// Prints one of the two papers of an incident.
async fn print(
    office: &Office,
    state: &WebState,
    id: &str,
    print: fn(&usecases::Cx, &IncidentFile) -> Result<Vec<u8>, report::ReportError>,
    name: &str,
) -> Answer {
    let file = incident::one(&state.cx, &office.actor, incident_id(id)?).await?;
    let number = file.incident.number.clone();
    let cx = state.cx.clone();
    let made = tokio::task::spawn_blocking(move || print(&cx, &file)).await;
    let bytes = made.map_err(|_| Error::Internal("a paper"))?;
    let bytes = bytes.map_err(|_| Error::Internal("a paper"))?;
    Ok(super::deliveries::pdf(bytes, &format!("{number}-{name}.pdf")))
}

/// GET `/office/incidents/{id}/notice.pdf`: what the authority is told, as it is sent.
pub(crate) async fn notice(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let file = incident::one(&state.cx, &office.actor, incident_id(&id)?).await?;
    if file.announcement.is_none() {
        return Err(Refused::not_found());
    }
    print(&office, &state, &id, crate::print::incident_notice, "notice").await
}

/// GET `/office/incidents/{id}/report.pdf`
pub(crate) async fn closing_report(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    print(&office, &state, &id, crate::print::incident_report, "report").await
}
