//! The counter 窗口代办.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use register::RecordId;
use register::event::Cause;
use register::objection::deadlines;
use register::record::History;
use usecases::Error;
use usecases::counter::{self, Archived, Visit, Visitor};
use usecases::objection::NewObjection;

use super::mistakes_of;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Posted, Query};
use crate::pages::form::id_kinds;
use crate::pages::format::zh_date;
use crate::pages::office::{CounterObjectionPage, CounterPage, CounterRecord, CounterVisitor};
use crate::pages::{Here, Mistakes};
use crate::papers::{self, CaseForm};
use crate::session::Office;
use crate::state::WebState;
use crate::view;

fn counter_page(office: &Office, typed: &Visit, mistakes: Mistakes) -> CounterPage {
    let kind = if typed.id_kind.is_empty() { "01" } else { &typed.id_kind };
    CounterPage {
        shell: office.shell(Here::OfficeCounter),
        kinds: id_kinds(kind),
        id_number: typed.id_number.reveal().clone(),
        typed_name: typed.name.reveal().clone(),
        matter: typed.matter.clone(),
        found: None,
        taken: String::new(),
        unsent: Vec::new(),
        mistakes,
    }
}

/// GET `/office/counter`
pub(crate) async fn form(office: Office, State(_): State<WebState>) -> Answer {
    page(&counter_page(&office, &Visit::default(), Mistakes::none()))
}

fn person_of(visitor: &Visitor) -> String {
    format!("{}，证件号码 {}", visitor.name.as_str(), visitor.number)
}

/// POST `/office/counter`
pub(crate) async fn find(office: Office, State(state): State<WebState>, posted: Posted) -> Answer {
    let typed = Visit {
        id_kind: posted.get("id_kind").to_owned(),
        id_number: posted.get("id_number").into(),
        name: posted.get("name").into(),
        matter: posted.get("matter").to_owned(),
    };
    let visitor = match counter::find(&state.cx, &office.actor, &typed).await {
        Ok(visitor) => visitor.into_parts().0,
        Err(error) => {
            let mistakes = if matches!(error, Error::NotFound) {
                let says = "没有查到。请核对号码和姓名；都对的，说明没有关于来人的信息。\
                            替已经去世的亲属来办的，请在“启封”里申请，由两个人办。";
                Mistakes::none().and("id_number", says)
            } else {
                mistakes_of(error, "id_number")?
            };
            let again = counter_page(&office, &typed, mistakes);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    // Name and number leave the form: the next visitor must not see them.
    let blank = counter_page(&office, &Visit::default(), Mistakes::none());
    page(&CounterPage { found: Some(found(&office, &state, &visitor)), ..blank })
}

/// What is shown of whoever was found. The addresses in it name nobody; the letter's is that of the list of letters.
fn found(office: &Office, state: &WebState, visitor: &Visitor) -> CounterVisitor {
    let rules = &state.cx.rules;
    let visit = counter::token(&state.cx, &office.actor, visitor);
    let open = visitor.records.iter().map(|(record, history)| {
        let facts = view::record::facts(record, rules);
        let asked = [("visit", visit.clone()), ("record", record.id.to_string())];
        CounterRecord {
            href: if history.is_contested_by(Cause::Objection) {
                String::new()
            } else {
                super::query(OBJECTION, &asked)
            },
            says: mark(history).to_owned(),
            title: view::record::title(record, rules),
            document: facts.first().map(|fact| fact.value.clone()).unwrap_or_default(),
        }
    });
    CounterVisitor {
        person: person_of(visitor),
        records: open.chain(visitor.archived.iter().map(archived)).collect(),
        letter: if visitor.has_letter {
            format!("/office/letters/{}", visitor.person)
        } else {
            String::new()
        },
        cases: visitor.cases.iter().map(|case| view::any_case::row(case, rules)).collect(),
    }
}

/// Where an objection is taken.
const OBJECTION: &str = "/office/counter/objection";

/// Whose mark stands beside a record; the office's own keeps nobody from objecting.
const fn mark(history: &History) -> &'static str {
    if history.is_contested_by(Cause::Objection) {
        "正在异议中"
    } else if history.is_contested {
        "信用办正在核查这条信息"
    } else {
        ""
    }
}

fn archived(archived: &Archived) -> CounterRecord {
    let no = archived.document_no.as_str();
    CounterRecord {
        href: String::new(),
        says: "已封存，两个人同意才能启封".to_owned(),
        title: archived.kind.title().to_owned(),
        document: if no.is_empty() { "（没有文书号）".to_owned() } else { no.to_owned() },
    }
}

/// In which visit, about which record.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct About {
    visit: String,
    record: String,
}

impl About {
    fn record(&self) -> Result<RecordId, Error> {
        self.record.parse().map_err(|_| Error::NotFound)
    }
}

/// A visit that is over begins again at the form, and what was written is not lost; everything else is what
/// it is.
fn over(office: &Office, error: Error, words: &str) -> Answer {
    let mistakes = mistakes_of(error, "matter")?;
    let blank = counter_page(office, &Visit::default(), mistakes);
    let unsent = words.lines().map(str::to_owned).collect();
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &CounterPage { unsent, ..blank })
}

async fn objection_page(
    office: &Office,
    state: &WebState,
    about: &About,
    form: Option<&CaseForm>,
    mistakes: Mistakes,
) -> Result<CounterObjectionPage, Error> {
    let cx = &state.cx;
    let seen = counter::record(cx, &office.actor, &about.visit, about.record()?).await?;
    let (visitor, _) = seen.into_parts();
    let (record, _) = visitor.records.first().ok_or(Error::NotFound)?;
    let typed = |name: &str| form.map_or("", |form| form.get(name));
    let (grounds, requests) = view::objection::choices(typed("ground"), typed("request"));
    let source = view::agency(&cx.rules, record.source.as_str());
    let due = deadlines(&cx.rules, cx.today());
    let asked = [("visit", about.visit.clone()), ("record", about.record.clone())];
    Ok(CounterObjectionPage {
        shell: office.shell(Here::OfficeCounter),
        place: super::query(OBJECTION, &asked),
        person: person_of(&visitor),
        matter: visitor.matter.clone(),
        title: view::record::title(record, &cx.rules),
        facts: view::record::facts(record, &cx.rules),
        grounds,
        requests,
        words: typed("words").to_owned(),
        kept: form.map(|form| form.kept(cx, &office.actor)).unwrap_or_default(),
        promise: due.map_or_else(
            || format!("由{source}答复"),
            |due| format!("{source}最迟{}答复", view::by(due.answer.on, &cx.rules)),
        ),
        today: zh_date(cx.today()),
        mistakes,
    })
}

/// GET `/office/counter/objection?visit=&record=`
pub(crate) async fn objection(
    office: Office,
    State(state): State<WebState>,
    Query(about): Query<About>,
) -> Answer {
    match objection_page(&office, &state, &about, None, Mistakes::none()).await {
        Ok(made) => page(&made),
        Err(error) => over(&office, error, ""),
    }
}

/// POST `/office/counter/objection?visit=&record=`
pub(crate) async fn object(
    office: Office,
    State(state): State<WebState>,
    Query(about): Query<About>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &office.actor, &office.csrf, form).await?;
    let new = NewObjection {
        ground: form.get("ground").to_owned(),
        request: form.get("request").to_owned(),
        words: form.get("words").to_owned(),
        papers: form.papers.clone(),
    };
    let mut mistakes = form.mistakes.clone();
    if mistakes.is_empty() {
        let record = about.record()?;
        match counter::object(&state.cx, &office.actor, &about.visit, record, new).await {
            Ok(taken) => {
                let blank = counter_page(&office, &Visit::default(), Mistakes::none());
                return page(&CounterPage { taken: taken.number, ..blank });
            }
            Err(error) => mistakes = mistakes_of(error, "words")?,
        }
    }
    match objection_page(&office, &state, &about, Some(&form), mistakes).await {
        Ok(again) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &again),
        Err(error) => over(&office, error, form.get("words")),
    }
}
