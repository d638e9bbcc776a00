//! Reminders and calendars 提醒和日历.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use usecases::Actor;
use usecases::duty::{self, Reminder};

use super::here;
use crate::answer::{Answer, Refused, page};
use crate::extract::{Path, Posted};
use crate::pages::desk::{CalendarPage, ReminderRow};
use crate::pages::format::zh_date;
use crate::pages::{Here, Link, Shell};
use crate::session::{Clerk, Office};
use crate::state::WebState;
use crate::view::{self, moment};

/// On a desk, or in the office.
struct Place<'a> {
    actor: &'a Actor,
    shell: Shell,
    back: Link,
    place: &'static str,
}

fn at_desk(clerk: &Clerk) -> Place<'_> {
    Place {
        actor: &clerk.actor,
        shell: clerk.shell(Here::DeskToday),
        back: Link::new("/desk", "今天要办"),
        place: "/desk/calendar",
    }
}

fn in_office(office: &Office) -> Place<'_> {
    Place {
        actor: &office.actor,
        shell: office.shell(Here::OfficeCases),
        back: Link::new("/office/cases", "办件和期限"),
        place: "/office/calendar",
    }
}

impl Place<'_> {
    async fn page(self, state: &WebState, address: String) -> Answer {
        let cx = &state.cx;
        let since = duty::since(cx, self.actor).await?;
        let row = |one: &Reminder| ReminderRow {
            at: moment(one.at),
            agency: view::agency(&cx.rules, one.agency.as_str()),
            what: format!("{} {}", one.kind.title(), one.number).trim().to_owned(),
            stage: view::case::reached(one.stage),
            due: zh_date(one.due),
        };
        let reminders = duty::reminders(cx, self.actor).await?;
        page(&CalendarPage {
            shell: self.shell,
            back: self.back,
            place: self.place.to_owned(),
            address,
            since: since.map(moment).unwrap_or_default(),
            reminders: reminders.iter().map(row).collect(),
        })
    }

    async fn change(self, state: &WebState, host: &str, posted: &Posted) -> Answer {
        if posted.get("do") == "remove" {
            duty::remove(&state.cx, self.actor).await?;
            return Ok(Redirect::to(self.place).into_response());
        }
        // Shown once, in the answer itself: the address is kept nowhere but as a hash.
        let token = duty::make(&state.cx, self.actor).await?;
        let address = format!("{host}/calendar/{}.ics", token.as_str());
        self.page(state, address).await
    }
}

/// GET `/desk/calendar`
pub(crate) async fn desk(clerk: Clerk, State(state): State<WebState>) -> Answer {
    at_desk(&clerk).page(&state, String::new()).await
}

/// POST `/desk/calendar`
pub(crate) async fn desk_change(
    clerk: Clerk,
    State(state): State<WebState>,
    headers: HeaderMap,
    posted: Posted,
) -> Answer {
    at_desk(&clerk).change(&state, &here(&headers), &posted).await
}

/// GET `/office/calendar`
pub(crate) async fn office(office: Office, State(state): State<WebState>) -> Answer {
    in_office(&office).page(&state, String::new()).await
}

/// POST `/office/calendar`
pub(crate) async fn office_change(
    office: Office,
    State(state): State<WebState>,
    headers: HeaderMap,
    posted: Posted,
) -> Answer {
    in_office(&office).change(&state, &here(&headers), &posted).await
}

/// `/calendar/{file}`: for calendar programs, which cannot sign in.
pub(crate) async fn feed(
    State(state): State<WebState>,
    Path(file): Path<String>,
) -> Result<Response, Refused> {
    let token = file.strip_suffix(".ics").ok_or_else(Refused::not_found)?;
    let duties = duty::subscribed(&state.cx, token).await?;
    let text = view::calendar::calendar(&duties, &state.cx.rules, state.cx.now());
    let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
