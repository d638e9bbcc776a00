//! Impact assessments 影响评估: one writes, another approves.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::ToSpan;
use jiff::civil::Date;
use register::AssessmentId;
use register::impact::{ImpactAssessment, Scope};
use usecases::impact::{self, NewAssessment};

use super::mistakes_of;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::format::zh_date;
use crate::pages::office::{
    AssessmentNewPage, AssessmentPage, AssessmentsPage, PairRow, RulesAssessment,
};
use crate::pages::{Choice, Fact, Here, Mistakes, Tag, Tint};
use crate::session::Office;
use crate::state::WebState;
use crate::view::impact::{about, about_own};
use crate::view::moment;

fn tag(one: &ImpactAssessment, today: Date, grace: i64) -> Tag {
    match &one.decision {
        None => Tag::new("等待第二个人", Tint::Open),
        Some(decision) if !decision.is_approved => Tag::new("没有批准", Tint::Over),
        Some(_) => in_time(one.review_by, today, grace),
    }
}

fn in_time(review_by: Date, today: Date, grace: i64) -> Tag {
    if today <= review_by {
        Tag::new("有效", Tint::Good)
    } else if today <= review_by.saturating_add(grace.days()) {
        Tag::new("已过复核日期", Tint::Open)
    } else {
        Tag::new("已停用，要重新评估", Tint::Wrong)
    }
}

/// GET `/office/assessments`
pub(crate) async fn list(office: Office, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let found = impact::list(cx, &office.actor).await?;
    let (today, grace) = (cx.today(), cx.rules.limit("assessment_grace_days"));
    let own = found.iter().map(|one| PairRow {
        href: format!("/office/assessments/{}", one.id),
        number: one.number.clone(),
        what: one.title.clone(),
        since: moment(one.written_at),
        tag: tag(one, today, grace),
    });
    let of_rules = cx.rules.assessments().iter().map(|one| RulesAssessment {
        code: one.code.clone(),
        title: one.title.clone(),
        about: about(&one.code, &cx.rules),
        review_by: zh_date(one.review_by.0),
        tag: if one.approved_on.0 > today {
            Tag::new("还没有到批准的日期", Tint::Open)
        } else {
            in_time(one.review_by.0, today, grace)
        },
    });
    page(&AssessmentsPage {
        shell: office.shell(Here::OfficeAssessments),
        own: own.collect(),
        of_rules: of_rules.collect(),
        grace_days: grace,
        may_act: office.actor.role != register::Role::Auditor,
    })
}

fn new_page(
    office: &Office,
    cx: &usecases::Cx,
    posted: Option<&Posted>,
    mistakes: Mistakes,
) -> AssessmentNewPage {
    let most = cx.rules.limit("assessment_most_months");
    let typed = |field: &str| posted.map_or("", |posted| posted.get(field)).to_owned();
    let choice = |code: &str, title: &str, field: &str| Choice {
        is_chosen: code == typed(field),
        ..Choice::new(code, title)
    };
    AssessmentNewPage {
        shell: office.shell(Here::OfficeAssessments),
        scopes: Scope::ALL.iter().map(|one| choice(one.code(), one.title(), "scope")).collect(),
        code: typed("code"),
        title: typed("title"),
        lawfulness: typed("lawfulness"),
        effects: typed("effects"),
        measures: typed("measures"),
        fits: vec![choice("yes", "相适应", "fit"), choice("no", "不相适应", "fit")],
        conclusion: typed("conclusion"),
        review_by: typed("review_by"),
        example: cx.today().saturating_add(most.months()).to_string(),
        mistakes,
    }
}

/// GET `/office/assessments/new`
pub(crate) async fn form(office: Office, State(state): State<WebState>) -> Answer {
    page(&new_page(&office, &state.cx, None, Mistakes::none()))
}

/// POST `/office/assessments/new`
pub(crate) async fn write(office: Office, State(state): State<WebState>, posted: Posted) -> Answer {
    let get = |field: &str| posted.get(field).to_owned();
    let new = NewAssessment {
        scope: get("scope"),
        code: get("code"),
        title: get("title"),
        lawfulness: get("lawfulness"),
        effects: get("effects"),
        measures: get("measures"),
        fit: get("fit"),
        conclusion: get("conclusion"),
        review_by: get("review_by"),
    };
    match impact::write(&state.cx, &office.actor, new).await {
        Ok(written) => {
            Ok(Redirect::to(&format!("/office/assessments/{}", written.id)).into_response())
        }
        Err(error) => {
            let wrong = mistakes_of(error, "scope")?;
            let again = new_page(&office, &state.cx, Some(&posted), wrong);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

fn assessment_id(id: &str) -> Answer<AssessmentId> {
    id.parse().map_err(|_| Refused::not_found())
}

async fn one_page(
    office: &Office,
    state: &WebState,
    id: AssessmentId,
    (chosen, typed): (&str, &str),
    mistakes: Mistakes,
) -> Answer<AssessmentPage> {
    let cx = &state.cx;
    let (found, may_decide) = impact::one(cx, &office.actor, id).await?;
    let choice =
        |code: &str, title: &str| Choice { is_chosen: code == chosen, ..Choice::new(code, title) };
    let mut facts = vec![
        Fact::new(
            "评估的是",
            &format!("{}：{}", found.scope.title(), about_own(&found, &cx.rules)),
        ),
        Fact::new("写于", &moment(found.written_at)),
        Fact::new("最迟重新评估", &zh_date(found.review_by)),
    ];
    if let Some(decision) = &found.decision {
        facts.push(Fact::new("决定于", &moment(decision.at)));
    }
    let fit =
        if found.is_fit { "和风险程度相适应。" } else { "和风险程度不相适应。" };
    Ok(AssessmentPage {
        shell: office.shell(Here::OfficeAssessments),
        place: format!("/office/assessments/{id}"),
        tag: tag(&found, cx.today(), cx.rules.limit("assessment_grace_days")),
        facts,
        parts: vec![
            Fact::new("合法、正当、必要", &found.lawfulness),
            Fact::new("对人的影响和风险", &found.effects),
            Fact::new("保护措施", &format!("{}\n{fit}", found.measures)),
            Fact::new("结论", &found.conclusion),
        ],
        reasons: found.decision.as_ref().map(|one| one.reasons.clone()).unwrap_or_default(),
        waits: found.decision.is_none() && !may_decide,
        may_decide,
        decisions: vec![choice("approve", "批准"), choice("refuse", "不批准")],
        typed: typed.to_owned(),
        number: found.number,
        title: found.title,
        mistakes,
    })
}

/// GET `/office/assessments/{id}`
pub(crate) async fn one(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let id = assessment_id(&id)?;
    page(&one_page(&office, &state, id, ("", ""), Mistakes::none()).await?)
}

/// POST `/office/assessments/{id}`
pub(crate) async fn decide(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let id = assessment_id(&id)?;
    let (decision, reasons) = (posted.get("decision"), posted.get("reasons"));
    let approves = match decision {
        "approve" => Some(true),
        "refuse" => Some(false),
        _ => None,
    };
    match impact::decide(&state.cx, &office.actor, id, approves, reasons).await {
        Ok(_) => Ok(Redirect::to(&format!("/office/assessments/{id}")).into_response()),
        Err(error) => {
            let wrong = mistakes_of(error, "reasons")?;
            let again = one_page(&office, &state, id, (decision, reasons), wrong).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}
