//! Openings 启封: what is sealed, opened by two people.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::opening::{Ground, Opening, Relation, Wish};
use register::{OpeningId, PaperId, PersonId, Role};
use usecases::Error;
use usecases::counter::Visit;
use usecases::opening::{self, NewOpening, OpeningFile};

use super::whole_numbers::office_place;
use super::{mistakes_of, paper};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::form::id_kinds;
use crate::pages::format::zh_date;
use crate::pages::office::{OpeningNewPage, OpeningPage, OpeningsPage, PairRow, WhoForm};
use crate::pages::{Choice, Fact, Here, Mistakes, Tag, Tint};
use crate::papers::{self, CaseForm};
use crate::session::Office;
use crate::state::WebState;
use crate::view::{self, moment};

/// Rows in a list; where there are as many, there may be more.
const SHOWN: usize = 200;

/// What is said where a list ends before its end.
pub(super) fn more(rows: usize) -> String {
    if rows < SHOWN {
        return String::new();
    }
    format!("只列出最近的 {SHOWN} 件。")
}

fn tag(opening: &Opening, now: jiff::Timestamp) -> Tag {
    let Some(decision) = opening.decision else {
        return Tag::new("等待第二个人", Tint::Open);
    };
    match decision.open_until {
        None => Tag::new("不同意", Tint::Over),
        Some(_) if opening.wish == Wish::Erase => Tag::new("同意删除", Tint::Good),
        Some(until) if now < until => Tag::new("已启封", Tint::Shown),
        Some(_) => Tag::new("已重新封存", Tint::Over),
    }
}

/// GET `/office/openings`
pub(crate) async fn list(office: Office, State(state): State<WebState>) -> Answer {
    let found = opening::list(&state.cx, &office.actor).await?;
    let may_act = office.actor.role != Role::Auditor;
    let rows = found.iter().map(|one| PairRow {
        href: if may_act {
            format!("/office/openings/{}/{}", one.person, one.id)
        } else {
            String::new()
        },
        number: one.number.clone(),
        what: format!("{}：{}", one.ground.title(), one.wish.title()),
        since: moment(one.asked_at),
        tag: tag(one, state.cx.now()),
    });
    page(&OpeningsPage {
        shell: office.shell(Here::OfficeOpenings),
        more: more(found.len()),
        rows: rows.collect(),
        hours: state.cx.rules.limit("opening_hours").to_string(),
        may_act,
    })
}

pub(super) fn who(form: Option<&CaseForm>) -> WhoForm {
    let typed = |field: &str| form.map_or("", |form| form.get(field));
    let kind = if typed("id_kind").is_empty() { "01" } else { typed("id_kind") };
    WhoForm {
        kinds: id_kinds(kind),
        id_number: typed("id_number").to_owned(),
        typed_name: typed("name").to_owned(),
        matter: typed("matter").to_owned(),
    }
}

pub(super) fn visit(form: &CaseForm) -> Visit {
    Visit {
        id_kind: form.get("id_kind").to_owned(),
        id_number: form.get("id_number").into(),
        name: form.get("name").into(),
        matter: form.get("matter").to_owned(),
    }
}

/// What is wrong with a form about a person; that nobody was found is one of the mistakes.
pub(super) fn mistakes(error: Error, field: &str) -> Result<Mistakes, Refused> {
    if matches!(error, Error::NotFound) {
        let says = "没有查到。请核对号码和姓名；都对的，说明没有关于这个人的信息。";
        return Ok(Mistakes::none().and("id_number", says));
    }
    mistakes_of(error, field)
}

fn new_page(
    office: &Office,
    state: &WebState,
    is_relative: bool,
    form: Option<&CaseForm>,
    mistakes: Mistakes,
) -> OpeningNewPage {
    let typed = |field: &str| form.map_or("", |form| form.get(field));
    let choice = |code: &str, title: &str, chosen: &str| Choice {
        is_chosen: code == chosen,
        ..Choice::new(code, title)
    };
    let grounds = Ground::ALL.iter().filter(|ground| **ground != Ground::Relative);
    let (ground, wish, relation) = (typed("ground"), typed("wish"), typed("relation"));
    OpeningNewPage {
        shell: office.shell(Here::OfficeOpenings),
        place: format!("/office/openings/{}", if is_relative { "relative" } else { "new" }),
        is_relative,
        who: who(form),
        grounds: grounds.map(|one| choice(one.code(), one.title(), ground)).collect(),
        wishes: Wish::ALL.iter().map(|one| choice(one.code(), one.title(), wish)).collect(),
        document_no: typed("document_no").to_owned(),
        relative_name: typed("relative_name").to_owned(),
        relative_number: typed("relative_number").to_owned(),
        relations: Relation::ALL
            .iter()
            .map(|one| choice(one.code(), one.title(), relation))
            .collect(),
        words: typed("words").to_owned(),
        kept: form.map(|form| form.kept(&state.cx, &office.actor)).unwrap_or_default(),
        today: zh_date(state.cx.today()),
        mistakes,
    }
}

/// GET `/office/openings/new`
pub(crate) async fn form(office: Office, State(state): State<WebState>) -> Answer {
    page(&new_page(&office, &state, false, None, Mistakes::none()))
}

/// GET `/office/openings/relative`
pub(crate) async fn relative_form(office: Office, State(state): State<WebState>) -> Answer {
    page(&new_page(&office, &state, true, None, Mistakes::none()))
}

async fn take(
    office: &Office,
    state: &WebState,
    is_relative: bool,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &office.actor, &office.csrf, form).await?;
    let wish = if is_relative && form.get("wish").is_empty() { "none" } else { form.get("wish") };
    let new = NewOpening {
        visit: visit(&form),
        ground: if is_relative { "relative" } else { form.get("ground") }.to_owned(),
        wish: wish.to_owned(),
        document_no: form.get("document_no").to_owned(),
        words: form.get("words").to_owned(),
        relative_name: form.get("relative_name").to_owned(),
        relative_number: form.get("relative_number").to_owned(),
        relation: form.get("relation").to_owned(),
        papers: form.papers.clone(),
    };
    let mut wrong = form.mistakes.clone();
    if wrong.is_empty() {
        match opening::ask(&state.cx, &office.actor, new).await {
            Ok(_) => return Ok(Redirect::to("/office/openings").into_response()),
            Err(error) => wrong = mistakes(error, "words")?,
        }
    }
    let again = new_page(office, state, is_relative, Some(&form), wrong);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// POST `/office/openings/new`
pub(crate) async fn ask(
    office: Office,
    State(state): State<WebState>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    take(&office, &state, false, form).await
}

/// POST `/office/openings/relative`
pub(crate) async fn relative_ask(
    office: Office,
    State(state): State<WebState>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    take(&office, &state, true, form).await
}

fn ids(person: &str, id: &str) -> Answer<(PersonId, OpeningId)> {
    person.parse().ok().zip(id.parse().ok()).ok_or_else(Refused::not_found)
}

fn facts(file: &OpeningFile) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("为了什么", file.opening.ground.title()),
        Fact::new("申请办什么", file.opening.wish.title()),
        Fact::new("受理编号", &file.detail.matter),
        Fact::new("申请于", &moment(file.opening.asked_at)),
    ];
    if let Some(relative) = &file.detail.relative {
        let relation = Relation::from_code(&relative.relation).map_or("", Relation::title);
        let number = register::mask::number(&relative.number);
        facts.push(Fact::new("申请人", &format!("{}，证件号码 {number}", relative.name)));
        facts.push(Fact::new("申请人是本人的", relation));
    }
    if let Some(decision) = file.opening.decision {
        facts.push(Fact::new("决定于", &moment(decision.at)));
    }
    facts
}

async fn one_page(
    office: &Office,
    state: &WebState,
    (person, id): (PersonId, OpeningId),
    (chosen, typed): (&str, &str),
    mistakes: Mistakes,
) -> Answer<OpeningPage> {
    let cx = &state.cx;
    let (file, _) = opening::one(cx, &office.actor, person, id).await?.into_parts();
    let place = format!("/office/openings/{person}/{id}");
    let until = file.opening.decision.and_then(|decision| decision.open_until);
    let (rules, today) = (&cx.rules, cx.today());
    let cards = file.records.as_ref().map(|records| {
        let card = |(record, history): &(register::Record, _)| {
            view::record::at_the_source(record, history, rules, today)
        };
        records.iter().map(card).collect()
    });
    let is_at_work = file.opening.decision.is_none() || file.records.is_some();
    let waits = if file.opening.decision.is_none() && !file.may_decide {
        "要另一位负责人决定。".to_owned()
    } else {
        String::new()
    };
    let held = match (file.opening.wish, until, file.held) {
        (Wish::Erase, Some(_), 0) => "已经全部删除。".to_owned(),
        (Wish::Erase, Some(_), held) => {
            format!("还有 {held} 条在办理异议，或者更正通知没有确认完，办完自动删除。")
        }
        _ => String::new(),
    };
    let choice =
        |code: &str, title: &str| Choice { is_chosen: code == chosen, ..Choice::new(code, title) };
    Ok(OpeningPage {
        shell: office.shell(Here::OfficeOpenings),
        tag: tag(&file.opening, cx.now()),
        number: file.opening.number.clone(),
        person: format!("{}，证件号码 {}", file.name.as_str(), file.number),
        whole_number: if is_at_work {
            office_place("opening", &person.to_string(), &id.to_string())
        } else {
            String::new()
        },
        facts: facts(&file),
        words: file.detail.words.clone(),
        reasons: file.reasons.clone(),
        papers: file.papers.iter().map(|one| view::case::lone_paper(one, &place)).collect(),
        place,
        may_decide: file.may_decide,
        waits,
        erases: file.opening.wish == Wish::Erase,
        decisions: vec![choice("grant", "同意"), choice("refuse", "不同意")],
        typed: typed.to_owned(),
        open: until.map(moment).zip(cards),
        held,
        mistakes,
    })
}

/// GET `/office/openings/{person}/{id}`
pub(crate) async fn one(
    office: Office,
    State(state): State<WebState>,
    Path((person, id)): Path<(String, String)>,
) -> Answer {
    let ids = ids(&person, &id)?;
    page(&one_page(&office, &state, ids, ("", ""), Mistakes::none()).await?)
}

/// POST `/office/openings/{person}/{id}`
pub(crate) async fn decide(
    office: Office,
    State(state): State<WebState>,
    Path((person, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (person, id) = ids(&person, &id)?;
    let (decision, reasons) = (posted.get("decision"), posted.get("reasons"));
    let grants = match decision {
        "grant" => Some(true),
        "refuse" => Some(false),
        _ => None,
    };
    match opening::decide(&state.cx, &office.actor, person, id, grants, reasons).await {
        Ok(_) => Ok(Redirect::to(&format!("/office/openings/{person}/{id}")).into_response()),
        Err(error) => {
            let wrong = mistakes_of(error, "reasons")?;
            let typed = (decision, reasons);
            let again = one_page(&office, &state, (person, id), typed, wrong).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// GET `/office/openings/{person}/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    office: Office,
    State(state): State<WebState>,
    Path((person, id, one)): Path<(String, String, String)>,
) -> Result<Response, Refused> {
    let (person, id) = ids(&person, &id)?;
    let one: PaperId = one.parse().map_err(|_| Refused::not_found())?;
    let (about, bytes) = opening::paper(&state.cx, &office.actor, person, id, one).await?;
    paper(&about, bytes).await
}
