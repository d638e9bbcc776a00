//! Deliveries and letters 投递和信函.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use register::delivery::{Channel, DeliveryState};
use register::{DeliveryId, PersonId, Role, china_date};
use usecases::letter::{self, Letter, Progress};
use usecases::my::Subject;
use usecases::{Error, delivery};

use super::mistakes_of;
use super::whole_numbers::office_place;
use crate::answer::{Answer, Refused, page, page_with};
use crate::attachment::attachment;
use crate::extract::{Path, Posted};
use crate::pages::format::{grouped, zh_date};
use crate::pages::office::{DeliveriesPage, FailedRow, LetterPage, LetterRow};
use crate::pages::{Here, Mistakes, Tag, Tint};
use crate::session::Office;
use crate::state::WebState;
use crate::view::{self, moment};

/// GET `/office/deliveries`
pub(crate) async fn overview(office: Office, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let stand = delivery::deliveries(cx, &office.actor).await?;
    let waiting = letter::waiting(cx, &office.actor).await?;
    let failed = stand.failed.iter().map(|one| FailedRow {
        again: if one.channel == Channel::Letter {
            String::new()
        } else {
            format!("/office/deliveries/{}/{}", one.person, one.id)
        },
        what: view::delivery::what(one, &cx.rules),
        channel: one.channel.title().to_owned(),
        fault: one.fault.map(|fault| fault.title().to_owned()).unwrap_or_default(),
        since: moment(one.created_at),
    });
    let new = waiting.iter().map(|one| LetterRow {
        href: format!("/office/letters/{}", one.person),
        since: zh_date(china_date(one.since)),
        what: format!("{} 份告知书", one.notices),
        tag: Tag::new("等待打印", Tint::Open),
    });
    let under_way = stand.letters.iter().map(|one| LetterRow {
        href: format!("/office/letters/{}", one.person),
        since: zh_date(china_date(one.created_at)),
        what: "告知书".to_owned(),
        tag: view::delivery::tag(one),
    });
    let counts = stand.counts.iter().map(|(channel, state, count)| {
        let channel = Channel::from_code(channel).map_or("", Channel::title);
        (channel.to_owned(), view::delivery::state(state).to_owned(), grouped(*count))
    });
    page(&DeliveriesPage {
        shell: office.shell(Here::OfficeDeliveries),
        counts: counts.collect(),
        failed: failed.collect(),
        letters: under_way.chain(new).collect(),
        may_act: office.actor.role != Role::Auditor,
    })
}

fn ids(person: &str, id: &str) -> Answer<(PersonId, DeliveryId)> {
    let read = person.parse().ok().zip(id.parse().ok());
    read.ok_or_else(Refused::not_found)
}

/// POST `/office/deliveries/{person}/{id}`
pub(crate) async fn again(
    office: Office,
    State(state): State<WebState>,
    Path((person, id)): Path<(String, String)>,
    _posted: Posted,
) -> Answer {
    let (person, id) = ids(&person, &id)?;
    delivery::again(&state.cx, &office.actor, person, id).await?;
    Ok(Redirect::to("/office/deliveries").into_response())
}

fn letter_page(
    office: &Office,
    state: &WebState,
    letter: &Letter,
    (address, served_on): (Option<&str>, &str),
    mistakes: Mistakes,
) -> LetterPage {
    let rules = &state.cx.rules;
    let place = format!("/office/letters/{}", letter.person);
    let notices = letter.notices.iter().map(|opened| {
        let title =
            rules.notice(&opened.notice.text).map_or("告知书", |text| text.title.as_str());
        let whose = match &opened.subject {
            Subject::Record { record, .. } => {
                let source = view::agency(rules, record.source.as_str());
                format!("{source}报送，可以向它问送达地址")
            }
            Subject::Inquiry(inquiry) => {
                format!("{}说明", view::agency(rules, inquiry.agency.as_str()))
            }
            Subject::Looks(_) => "信用办认定".to_owned(),
            Subject::Incident(told) => format!("信息安全事件 {}", told.incident.number),
        };
        (title.to_owned(), whose)
    });
    let sent = |state| matches!(state, DeliveryState::Sent { .. });
    let first = letter.notices.first().map(|opened| opened.notice.id.to_string());
    LetterPage {
        whole_number: first
            .map(|id| office_place("letter", &letter.person.to_string(), &id))
            .unwrap_or_default(),
        shell: office.shell(Here::OfficeDeliveries),
        person: format!("{}，证件号码 {}", letter.name.as_str(), letter.number),
        notices: notices.collect(),
        address: address.unwrap_or(&letter.address).to_owned(),
        progress: letter
            .delivery
            .as_ref()
            .map(|one| format!("{place}/{}", one.id))
            .unwrap_or_default(),
        is_posted: letter.delivery.as_ref().is_some_and(|one| sent(one.state)),
        place,
        served_on: served_on.to_owned(),
        mistakes,
    }
}

fn person_id(person: &str) -> Answer<PersonId> {
    person.parse().map_err(|_| Refused::not_found())
}

/// GET `/office/letters/{person}`
pub(crate) async fn letter(
    office: Office,
    State(state): State<WebState>,
    Path(person): Path<String>,
) -> Answer {
    let (letter, _) =
        letter::open(&state.cx, &office.actor, person_id(&person)?).await?.into_parts();
    page(&letter_page(&office, &state, &letter, (None, ""), Mistakes::none()))
}

async fn refused(
    office: &Office,
    state: &WebState,
    person: PersonId,
    typed: (Option<&str>, &str),
    mistakes: Mistakes,
) -> Answer {
    let (letter, _) = letter::open(&state.cx, &office.actor, person).await?.into_parts();
    page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &letter_page(office, state, &letter, typed, mistakes),
    )
}

/// POST `/office/letters/{person}`: the letter as a file.
pub(crate) async fn print(
    office: Office,
    State(state): State<WebState>,
    Path(person): Path<String>,
    posted: Posted,
) -> Answer {
    let (person, address) = (person_id(&person)?, posted.get("address"));
    let printed = letter::print(&state.cx, &office.actor, person, address).await;
    let letter = match printed {
        Ok(letter) => letter.into_parts().0,
        Err(error) => {
            let mistakes = mistakes_of(error, "address")?;
            return refused(&office, &state, person, (Some(address), ""), mistakes).await;
        }
    };
    let cx = state.cx.clone();
    let made = tokio::task::spawn_blocking(move || crate::print::letter(&cx, &letter)).await;
    match made.map_err(|_| Error::Internal("a letter"))? {
        Ok(bytes) => Ok(pdf(bytes, "letter.pdf")),
        Err(report::ReportError::AddressTooLong { .. }) => {
            let says = "地址太长，信封的窗口放不下，请写短一些，或者合并几行。";
            let mistakes = Mistakes::none().and("address", says);
            refused(&office, &state, person, (Some(address), ""), mistakes).await
        }
        Err(_) => Err(Error::Internal("a letter").into()),
    }
}

/// A file to be kept, never shown in the page.
pub(super) fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    let kind = HeaderValue::from_static("application/pdf");
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, attachment(name))];
    (headers, bytes).into_response()
}

/// POST `/office/letters/{person}/{id}`
pub(crate) async fn progress(
    office: Office,
    State(state): State<WebState>,
    Path((person, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (person, id) = ids(&person, &id)?;
    let served_on = posted.get("served_on");
    let step = match posted.get("step") {
        "posted" => Progress::Posted,
        "returned" => Progress::Returned,
        _ => match intake::read_day(served_on.trim()) {
            Some(day) => Progress::Served(day),
            None => {
                let says = "请按 2026-11-24 这样的格式填写送达日期。";
                let mistakes = Mistakes::none().and("served_on", says);
                return refused(&office, &state, person, (None, served_on), mistakes).await;
            }
        },
    };
    match letter::progress(&state.cx, &office.actor, person, id, step).await {
        Ok(()) => Ok(Redirect::to("/office/deliveries").into_response()),
        Err(error) => {
            let mistakes = mistakes_of(error, "served_on")?;
            refused(&office, &state, person, (None, served_on), mistakes).await
        }
    }
}
