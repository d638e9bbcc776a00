//! What is due 到期: everything that a desk or the office has to keep in sight, soonest first.

use jiff::civil::Date;
use register::duty::Duty;
use usecases::correction::{self, Received};
use usecases::{challenge, inquiry, objection, repair, supervision};

use crate::answer::Answer;
use crate::pages::Tag;
use crate::pages::desk::DueRow;
use crate::pages::format::grouped;
use crate::pages::office::OpenCase;
use crate::session::{Clerk, Office};
use crate::state::WebState;
use crate::view;
use crate::view::case::Shown;

/// What is due at this desk.
pub(super) async fn at_desk(clerk: &Clerk, state: &WebState) -> Answer<Vec<DueRow>> {
    let (cx, actor) = (&state.cx, &clerk.actor);
    let mut rows = Vec::new();
    for one in objection::desk(cx, actor).await? {
        let detail = format!("{}，希望{}", one.ground.title(), one.request.title());
        rows.push(case_row(&one, "异议", detail, state));
    }
    for one in repair::desk(cx, actor).await? {
        rows.push(case_row(&one, "修复", one.state.title().to_owned(), state));
    }
    for one in challenge::desk(cx, actor).await? {
        let detail = one.ending.map_or(one.state.title(), |ending| ending.title());
        rows.push(case_row(&one, one.course.title(), detail.to_owned(), state));
    }
    for one in inquiry::desk(cx, actor).await? {
        rows.push(case_row(&one, "查询疑问", one.about(), state));
    }
    for one in supervision::desk(cx, actor).await? {
        let (day, due, stage) = left(one.duty(&cx.rules).as_ref(), state);
        let row = DueRow {
            title: format!("查询监督 {}", one.number),
            detail: format!("{}，{} 次查询", view::supervision::about(&one), grouped(one.looks)),
            due,
            stage,
            href: format!("/desk/supervision/{}", one.id),
        };
        rows.push((day, row));
    }
    for Received { correction, matter, .. } in correction::received(cx, actor).await? {
        let (day, due, stage) = left(correction.duty(&cx.rules).as_ref(), state);
        let row = DueRow {
            title: format!("更正通知：{}", correction.change.title()),
            detail: format!("事项 {matter}"),
            due,
            stage,
            href: format!("/desk/corrections#c-{}", correction.id),
        };
        rows.push((day, row));
    }
    Ok(sorted(rows))
}

fn case_row<T: Shown>(
    case: &T,
    kind: &str,
    detail: String,
    state: &WebState,
) -> (Option<Date>, DueRow) {
    let (day, due, stage) = left(case.duty(&state.cx.rules).as_ref(), state);
    let row = DueRow {
        title: format!("{kind} {}", case.number()),
        detail,
        due,
        stage,
        href: format!("/desk/{}/{}", T::PLACE, case.id()),
    };
    (day, row)
}

/// The last day, how long is left and how far it has come; where nothing has to be done yet, that.
fn left(duty: Option<&Duty>, state: &WebState) -> (Option<Date>, String, Option<Tag>) {
    let Some(duty) = duty else { return (None, "还不需要办理".to_owned(), None) };
    let (rules, today) = (&state.cx.rules, state.cx.today());
    let stage = duty.stage(rules, today).map(view::case::reached);
    (Some(duty.due), view::case::left(duty.due, rules, today), stage)
}

/// Soonest due first; what has no day yet comes last.
fn sorted<T>(mut rows: Vec<(Option<Date>, T)>) -> Vec<T> {
    rows.sort_by_key(|(due, _)| (due.is_none(), *due));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// What is open anywhere; whose it is the office does not learn here.
pub(super) async fn anywhere(office: &Office, state: &WebState) -> Answer<Vec<OpenCase>> {
    let (cx, actor) = (&state.cx, &office.actor);
    let mut rows = Vec::new();
    for one in objection::office(cx, actor).await? {
        let about = format!("异议：{}，希望{}", one.ground.title(), one.request.title());
        rows.push(open(&one, about, state));
    }
    for one in repair::office(cx, actor).await? {
        let about = format!("修复：{}", one.state.title());
        rows.push(open(&one, about, state));
    }
    for one in challenge::office(cx, actor).await? {
        let about = format!("{}：{}", one.course.title(), one.state.title());
        rows.push(open(&one, about, state));
    }
    for one in inquiry::office(cx, actor).await? {
        let about = format!("查询疑问：{}", one.about());
        rows.push(open(&one, about, state));
    }
    for one in supervision::office(cx, actor).await? {
        let about = format!("查询监督：{}", view::supervision::about(&one));
        let duty = one.duty(&cx.rules);
        let (day, shown) =
            row(one.number.clone(), one.agency.as_str(), about, duty.as_ref(), state);
        let href = format!("/office/supervision/{}", one.id);
        rows.push((day, OpenCase { href, ..shown }));
    }
    Ok(sorted(rows))
}

fn open<T: Shown>(case: &T, about: String, state: &WebState) -> (Option<Date>, OpenCase) {
    let number = case.number().to_owned();
    row(number, case.agency(), about, case.duty(&state.cx.rules).as_ref(), state)
}

fn row(
    number: String,
    agency: &str,
    about: String,
    duty: Option<&Duty>,
    state: &WebState,
) -> (Option<Date>, OpenCase) {
    let (day, due, stage) = left(duty, state);
    let agency = view::agency(&state.cx.rules, agency);
    (day, OpenCase { number, agency, about, due, stage, href: String::new() })
}

/// Looks that the office itself has to explain, and those that a body says it should not have made.
pub(super) async fn looks(
    office: &Office,
    state: &WebState,
) -> Answer<(Vec<OpenCase>, Vec<OpenCase>)> {
    let (cx, actor) = (&state.cx, &office.actor);
    // An auditor sees what there is; he explains nothing.
    let own = match inquiry::desk(cx, actor).await {
        Ok(own) => own,
        Err(usecases::Error::Denied(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let own = own.iter().map(|one| OpenCase {
        href: format!("/office/inquiries/{}", one.id),
        ..open(one, one.about(), state).1
    });
    let mistaken = inquiry::mistaken(cx, actor).await?;
    let mistaken = mistaken.iter().map(|one| OpenCase {
        due: one.closed_at.map(view::moment).unwrap_or_default(),
        stage: None,
        ..open(one, one.about(), state).1
    });
    Ok((own.collect(), mistaken.collect()))
}

/// Corrections that nobody acknowledged in time.
pub(super) async fn unacknowledged(office: &Office, state: &WebState) -> Answer<Vec<OpenCase>> {
    let overdue = correction::overdue(&state.cx, &office.actor).await?;
    let rows = overdue.into_iter().map(|one| {
        let number = format!("存证 {}", grouped(one.look));
        let duty = one.duty(&state.cx.rules);
        row(number, one.receiver.as_str(), one.change.title().to_owned(), duty.as_ref(), state).1
    });
    Ok(rows.collect())
}
