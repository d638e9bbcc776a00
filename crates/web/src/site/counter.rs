//! The counter 窗口代办.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use register::objection::deadlines;
use register::{PersonId, RecordId};
use usecases::Error;
use usecases::counter::{self, Visit, Visitor};
use usecases::objection::NewObjection;

use super::mistakes_of;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted, Query};
use crate::pages::form::id_kinds;
use crate::pages::format::zh_date;
use crate::pages::office::{CounterObjectionPage, CounterPage, CounterRecord};
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
        id_number: typed.id_number.clone(),
        typed_name: typed.name.clone(),
        matter: typed.matter.clone(),
        found: None,
        taken: String::new(),
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
        id_number: posted.get("id_number").to_owned(),
        name: posted.get("name").to_owned(),
        matter: posted.get("matter").to_owned(),
    };
    let visitor = match counter::find(&state.cx, &office.actor, &typed).await {
        Ok(visitor) => visitor.into_parts().0,
        Err(error) => {
            let mistakes = if matches!(error, Error::NotFound) {
                let says = "没有查到。请核对号码和姓名；都对的，说明没有关于来人的信息。";
                Mistakes::none().and("id_number", says)
            } else {
                mistakes_of(error, "id_number")?
            };
            let again = counter_page(&office, &typed, mistakes);
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    let rules = &state.cx.rules;
    let records = visitor.records.iter().map(|(record, history)| {
        let facts = view::record::facts(record, rules);
        let place = format!("/office/counter/{}/objection", visitor.person);
        let asked = [("record", record.id.to_string()), ("matter", visitor.matter.clone())];
        CounterRecord {
            href: if history.is_contested { String::new() } else { super::query(&place, &asked) },
            title: view::record::title(record, rules),
            document: facts.first().map(|fact| fact.value.clone()).unwrap_or_default(),
        }
    });
    // Name and number leave the form: the next visitor must not see them.
    let blank = counter_page(&office, &Visit::default(), Mistakes::none());
    page(&CounterPage { found: Some((person_of(&visitor), records.collect())), ..blank })
}

/// About which record, in which visit.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct About {
    record: String,
    matter: String,
}

fn ids(person: &str, about: &About) -> Answer<(PersonId, RecordId)> {
    person.parse().ok().zip(about.record.parse().ok()).ok_or_else(Refused::not_found)
}

async fn objection_page(
    office: &Office,
    state: &WebState,
    (person, about): (&str, &About),
    form: Option<&CaseForm>,
    mistakes: Mistakes,
) -> Answer<CounterObjectionPage> {
    let cx = &state.cx;
    let (whom, record) = ids(person, about)?;
    let seen = counter::record(cx, &office.actor, whom, record, &about.matter).await?;
    let (visitor, _) = seen.into_parts();
    let (record, _) = visitor.records.first().ok_or_else(Refused::not_found)?;
    let typed = |name: &str| form.map_or("", |form| form.get(name));
    let (grounds, requests) = view::objection::choices(typed("ground"), typed("request"));
    let source = view::agency(&cx.rules, record.source.as_str());
    let due = deadlines(&cx.rules, cx.today());
    let place = format!("/office/counter/{person}/objection");
    let asked = [("record", about.record.clone()), ("matter", about.matter.clone())];
    Ok(CounterObjectionPage {
        shell: office.shell(Here::OfficeCounter),
        place: super::query(&place, &asked),
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

/// GET `/office/counter/{person}/objection?record=&matter=`
pub(crate) async fn objection(
    office: Office,
    State(state): State<WebState>,
    Path(person): Path<String>,
    Query(about): Query<About>,
) -> Answer {
    let none = Mistakes::none();
    page(&objection_page(&office, &state, (&person, &about), None, none).await?)
}

/// POST `/office/counter/{person}/objection?record=&matter=`
pub(crate) async fn object(
    office: Office,
    State(state): State<WebState>,
    Path(person): Path<String>,
    Query(about): Query<About>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &office.actor, &office.csrf, form).await?;
    let (whom, record) = ids(&person, &about)?;
    let new = NewObjection {
        ground: form.get("ground").to_owned(),
        request: form.get("request").to_owned(),
        words: form.get("words").to_owned(),
        papers: form.papers.clone(),
    };
    let mut mistakes = form.mistakes.clone();
    if mistakes.is_empty() {
        match counter::object(&state.cx, &office.actor, whom, record, new).await {
            Ok(taken) => {
                let blank = counter_page(&office, &Visit::default(), Mistakes::none());
                return page(&CounterPage { taken: taken.number, ..blank });
            }
            Err(error) => mistakes = mistakes_of(error, "words")?,
        }
    }
    let about = (person.as_str(), &about);
    let again = objection_page(&office, &state, about, Some(&form), mistakes).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}
