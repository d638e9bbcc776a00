//! Honours and volunteering 荣誉和志愿服务: allowed and removed by the person.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use register::{RecordId, Standing};
use usecases::consent::{self, Kind};
use usecases::my::{self, MyRecord};

use super::my::frame;
use crate::answer::{Answer, Refused, page};
use crate::extract::{Path, Posted};
use crate::pages::format::zh_date;
use crate::pages::my::{HonourKind, HonourRow, HonoursPage};
use crate::pages::{Fact, Here, Tag, Tint};
use crate::session::Citizen;
use crate::state::WebState;
use crate::view;

/// GET `/my/honours`
pub(crate) async fn list(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let notices = my::notices(cx, &citizen.actor).await?;
    let kinds = consent::mine(cx, &citizen.actor).await?;
    let (file, _) = my::file(cx, &citizen.actor).await?.into_parts();
    let years = cx.rules.limit("consent_years").to_string();
    let kind = |kind: &Kind| {
        let today = cx.today();
        let runs = kind.consent.as_ref().filter(|consent| consent.runs_on(today));
        let (tag, gives) = match (&kind.consent, runs) {
            (_, Some(_)) => (Tag::new("已同意", Tint::Good), format!("再同意 {years} 年")),
            (Some(_), None) => (Tag::new("已经到期", Tint::Over), "再次同意".to_owned()),
            (None, None) => (Tag::new("没有同意", Tint::Plain), "同意".to_owned()),
        };
        let suppliers: Vec<_> = cx
            .rules
            .agencies()
            .iter()
            .filter(|body| kind.item.supplied_by.contains(&body.kind))
            .map(|body| body.name.clone())
            .collect();
        let mut facts = vec![
            Fact::new("是什么", &kind.item.what),
            Fact::new("谁报送", &suppliers.join("、")),
            Fact::new("谁能看", "您自己，和您授权的单位；您出具的信用报告里也有"),
        ];
        if let Some(consent) = &kind.consent {
            facts.push(Fact::new("同意到", &zh_date(consent.until)));
        }
        let of_kind = |mine: &&MyRecord| {
            mine.record.item == kind.item.code
                && !matches!(mine.standing, Standing::Withdrawn { .. })
        };
        HonourKind {
            code: kind.item.code.clone(),
            title: kind.item.title.clone(),
            tag,
            facts,
            can_end: kind.consent.is_some(),
            gives,
            records: file.records.iter().filter(of_kind).map(|mine| row(mine, cx)).collect(),
        }
    };
    page(&HonoursPage {
        shell: frame(&citizen, Here::MyHonours, &notices),
        kinds: kinds.iter().map(kind).collect(),
        years: years.clone(),
    })
}

fn row(mine: &MyRecord, cx: &usecases::Cx) -> HonourRow {
    HonourRow {
        id: mine.record.id.to_string(),
        title: view::record::title(&mine.record, &cx.rules),
        tag: if mine.standing.is_shown() {
            Tag::new("经您同意展示", Tint::Good)
        } else {
            Tag::new("同意到期，没有展示", Tint::Over)
        },
        facts: view::record::facts(&mine.record, &cx.rules),
    }
}

/// POST `/my/honours/{item}/{step}`
pub(crate) async fn settle(
    citizen: Citizen,
    State(state): State<WebState>,
    Path((item, step)): Path<(String, String)>,
    _posted: Posted,
) -> Answer {
    match step.as_str() {
        "give" => drop(consent::give(&state.cx, &citizen.actor, &item).await?),
        "end" => drop(consent::end(&state.cx, &citizen.actor, &item).await?),
        _ => return Err(Refused::not_found()),
    }
    Ok(Redirect::to("/my/honours").into_response())
}

/// POST `/my/honours/records/{id}/remove`
pub(crate) async fn remove(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(record): Path<String>,
    _posted: Posted,
) -> Answer {
    let record: RecordId = record.parse().map_err(|_| Refused::not_found())?;
    consent::remove(&state.cx, &citizen.actor, record).await?;
    Ok(Redirect::to("/my/honours").into_response())
}
