//! Objections to answer 答复异议 and corrections to acknowledge 更正通知.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use register::correction::Change;
use register::field::Shape;
use register::objection::{Outcome, State as Stands};
use register::{CorrectionId, Field, ObjectionId, PaperId, Record, Value};
use usecases::correction::{self, Received};
use usecases::objection::{self, Answer as NewAnswer, DeskCase};

use super::{mistakes_of, paper};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::desk::{CorrectionRow, CorrectionsPage, DeskObjectionPage, FieldInput};
use crate::pages::format::grouped;
use crate::pages::{Choice, Here, Mistakes};
use crate::papers::{self, CaseForm};
use crate::session::Clerk;
use crate::state::WebState;
use crate::view::rules::days;
use crate::view::{self, moment};

fn object(id: &str) -> Answer<ObjectionId> {
    id.parse().map_err(|_| Refused::not_found())
}

async fn objection_page(
    clerk: &Clerk,
    state: &WebState,
    id: ObjectionId,
    form: Option<&CaseForm>,
    mistakes: Mistakes,
) -> Answer<DeskObjectionPage> {
    let cx = &state.cx;
    let (seen, _) = objection::desk_one(cx, &clerk.actor, id).await?.into_parts();
    let DeskCase { case, name, number } = seen;
    let typed = |name: &str| form.map_or("", |form| form.get(name));
    let outcome = |outcome: &Outcome| Choice {
        is_chosen: outcome.code() == typed("outcome"),
        ..Choice::new(outcome.code(), outcome.title())
    };
    let place = format!("/desk/objections/{id}");
    let can_extend = case.head.state == Stands::Open
        && !case.head.is_extended
        && cx.today() <= case.head.answer_due;
    Ok(DeskObjectionPage {
        shell: clerk.shell(Here::DeskToday),
        person: format!("{}，证件号码 {number}", name.as_str()),
        card: view::record::at_the_source(&case.record, &case.history, &cx.rules, cx.today()),
        can_extend,
        silence_days: days(&cx.rules, "objection_silent_delete"),
        extend_hint: format!(
            "写给本人看。延长 {} 个工作日，只有一次。",
            days(&cx.rules, "objection_extend")
        ),
        why: String::new(),
        outcomes: Outcome::ALL.iter().map(outcome).collect(),
        fields: inputs(&case.record, state, form),
        reasons: typed("reasons").to_owned(),
        kept: form.map(|form| form.kept(cx, &clerk.actor)).unwrap_or_default(),
        mistakes,
        case: view::case::view(&case, &cx.rules, &place, false),
    })
}

fn inputs(record: &Record, state: &WebState, form: Option<&CaseForm>) -> Vec<FieldInput> {
    let item = state.cx.rules.item(&record.item);
    let allowed = |field: &&Field| {
        field.can_be_corrected()
            && item.is_some_and(|item| item.fields.iter().any(|of| of == field.code()))
    };
    let input = |field: &Field| {
        let name = format!("field-{}", field.code());
        let stands = record.content.get(*field).map(plain).unwrap_or_default();
        let sent = form.and_then(|form| form.fields().find(|(sent, _)| *sent == name));
        FieldInput {
            title: field.title().to_owned(),
            hint: match field.shape() {
                Shape::Text => "",
                Shape::Day => "例如 2026-03-01",
                Shape::Amount => "以元为单位",
            }
            .to_owned(),
            value: sent.map_or(stands, |(_, value)| value.to_owned()),
            is_long: matches!(field, Field::Facts | Field::PenaltyContent | Field::LicenceContent),
            name,
        }
    };
    Field::ALL.iter().filter(allowed).map(input).collect()
}

/// A value as it is typed.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Day(day) => day.to_string(),
        Value::Fen(fen) if fen % 100 == 0 => (fen / 100).to_string(),
        Value::Fen(fen) => format!("{}.{:02}", fen / 100, (fen % 100).abs()),
    }
}

/// GET `/desk/objections/{id}`
pub(crate) async fn one(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    page(&objection_page(&clerk, &state, object(&id)?, None, Mistakes::none()).await?)
}

/// POST `/desk/objections/{id}`
pub(crate) async fn answer(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let id = object(&id)?;
    let form = form.map_err(|_| Refused::unreadable("提交的表单看不明白。"))?;
    let form = papers::read(&state.cx, &clerk.actor, &clerk.csrf, form).await?;
    let fields = form.fields().filter_map(|(name, value)| {
        let field = Field::from_code(name.strip_prefix("field-")?)?;
        Some((field, value.to_owned()))
    });
    let new = NewAnswer {
        outcome: form.get("outcome").to_owned(),
        reasons: form.get("reasons").to_owned(),
        fields: fields.collect(),
        papers: form.papers.clone(),
    };
    let mut mistakes = form.mistakes.clone();
    if mistakes.is_empty() {
        match objection::answer(&state.cx, &clerk.actor, id, new).await {
            Ok(_) => return Ok(Redirect::to(&format!("/desk/objections/{id}")).into_response()),
            Err(error) => mistakes = mistakes_of(error, "outcome")?,
        }
    }
    let again = objection_page(&clerk, &state, id, Some(&form), mistakes).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// POST `/desk/objections/{id}/extend`
pub(crate) async fn extend(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    let id = object(&id)?;
    match objection::extend(&state.cx, &clerk.actor, id, posted.get("why")).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/objections/{id}")).into_response()),
        Err(error) => {
            let says = mistakes_of(error, "why")?;
            let says = says.iter().map(|mistake| mistake.says.as_str()).collect::<String>();
            let mistakes = Mistakes::none().and("why", &says);
            let mut again = objection_page(&clerk, &state, id, None, mistakes).await?;
            posted.get("why").clone_into(&mut again.why);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// `/desk/objections/{id}/papers/{paper}`
pub(crate) async fn read_paper(
    clerk: Clerk,
    State(state): State<WebState>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let file: PaperId = file.parse().map_err(|_| Refused::not_found())?;
    let found = objection::desk_paper(&state.cx, &clerk.actor, object(&id)?, file).await?;
    paper(&found.0, found.1).await
}

/// GET `/desk/corrections`
pub(crate) async fn corrections(clerk: Clerk, State(state): State<WebState>) -> Answer {
    let today = state.cx.today();
    let received = correction::received(&state.cx, &clerk.actor).await?;
    let row = |Received { correction, looked_at, matter }: Received| {
        CorrectionRow {
        id: correction.id.to_string(),
        change: correction.change.title().to_owned(),
        next: match correction.change {
            Change::Corrected => {
                "请重新核查这件事项，改用更正以后的内容；已经据此作出决定的，请复核。"
            }
            Change::Deleted | Change::Withdrawn => {
                "请停止使用并删去已经保存的内容；已经据此作出决定的，请复核。"
            }
            Change::Annulled => {
                "作出的决定已经不成立，请停止使用并删去已经保存的内容；据此作出的决定、采取的措施，请撤销或者解除。"
            }
            Change::Repaired => "请停止使用并删去已经保存的内容，据此采取的措施请解除。",
            Change::Suspended => {
                "这条信息暂停使用，请不要作为依据；已经据此作出、还没有执行的决定，请等待结果。"
            }
            Change::Resumed => {
                "核查已经结束。仍要使用的，请先重新核查这件事项；查不到的，不得再用。"
            }
            Change::ConsentEnded => "请停止使用并删去已经保存的内容；不得因为本人撤回同意改变对他的办理。",
        }
        .to_owned(),
        matter,
        looked_at: looked_at.map(moment).unwrap_or_default(),
        seq: grouped(correction.look),
        due: view::by(correction.due, &state.cx.rules),
        is_late: correction.due < today,
    }
    };
    page(&CorrectionsPage {
        shell: clerk.shell(Here::DeskCorrections),
        corrections: received.into_iter().map(row).collect(),
    })
}

/// POST `/desk/corrections/{id}`
pub(crate) async fn acknowledge(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Answer {
    let id: CorrectionId = id.parse().map_err(|_| Refused::not_found())?;
    correction::acknowledge(&state.cx, &clerk.actor, id).await?;
    Ok(Redirect::to("/desk/corrections").into_response())
}
