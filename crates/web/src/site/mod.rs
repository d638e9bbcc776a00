//! Pages 页面: one file a place.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod assessments;
pub(crate) mod calendar;
pub(crate) mod check;
pub(crate) mod contact;
pub(crate) mod counter;
pub(crate) mod deaths;
pub(crate) mod deliveries;
pub(crate) mod desk;
pub(crate) mod desk_challenges;
pub(crate) mod desk_objections;
pub(crate) mod desk_repairs;
pub(crate) mod doubts;
mod due;
pub(crate) mod honours;
pub(crate) mod identity;
pub(crate) mod incidents;
pub(crate) mod inquiries;
pub(crate) mod mandates;
pub(crate) mod my;
pub(crate) mod my_cases;
pub(crate) mod my_challenges;
pub(crate) mod my_copy;
pub(crate) mod my_objections;
pub(crate) mod my_repairs;
pub(crate) mod office;
pub(crate) mod openings;
pub(crate) mod operator;
pub(crate) mod passkeys;
pub(crate) mod portal;
pub(crate) mod reports;
pub(crate) mod security;
pub(crate) mod send;
pub(crate) mod sign_in;
pub(crate) mod supervision;
pub(crate) mod systems;
pub(crate) mod whole_numbers;

use std::io::Read as _;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use register::objection::NotNow;
use register::paper::{LARGEST, Paper};
use tokio::task::spawn_blocking;
use usecases::paper::Bytes;
use usecases::{Error, wording};

use crate::answer::{Answer, Refused};
use crate::attachment::attachment;
use crate::pages::Mistakes;

/// The address of this house as the browser reached it, for links that are used elsewhere. Without TLS
/// only on the machine itself.
pub(crate) fn here(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_local = host.starts_with("127.0.0.1") || host.starts_with("localhost");
    format!("{}://{host}", if is_local { "http" } else { "https" })
}

/// An address with what stands after its question mark.
pub(crate) fn query(path: &str, asked: &[(&str, String)]) -> String {
    format!("{path}?{}", serde_urlencoded::to_string(asked).unwrap_or_default())
}

/// What is wrong with a form; an answer that names no field goes beside `field`.
///
/// # Errors
/// Whatever is no answer to a form.
pub(crate) fn mistakes_of(error: Error, field: &str) -> Result<Mistakes, Refused> {
    if let Error::Mistakes(all) = &error {
        let add = |found: Mistakes, one: &usecases::Mistake| found.and(one.field, &one.says);
        return Ok(all.iter().fold(Mistakes::none(), add));
    }
    if !matches!(
        error,
        Error::ObjectionOpen
            | Error::RepairOpen
            | Error::ChallengeOpen
            | Error::NotNow(_)
            | Error::NotSecond(_)
    ) {
        return Err(error.into());
    }
    let said = wording::said(&error);
    Ok(Mistakes::none().and(field, &format!("{}{}", said.says, said.next)))
}

/// Back to the page of a case that was taken back. Pressed twice, or ended meanwhile, it has ended
/// already, and its page says how.
///
/// # Errors
/// Whatever else kept it from being taken back.
pub(crate) fn taken_back<T>(done: Result<T, Error>, place: &str) -> Answer {
    match done {
        Ok(_) | Err(Error::NotNow(NotNow::Closed)) => Ok(Redirect::to(place).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// A paper as a file to be kept: never shown inside a page, whatever it is.
pub(crate) async fn paper(about: &Paper, bytes: Bytes) -> Result<Response, Refused> {
    let read = move || {
        let mut all = Vec::new();
        bytes.take(LARGEST + 1).read_to_end(&mut all).map(|_| all)
    };
    let all = spawn_blocking(read).await.map_err(|_| Error::Internal("a paper"))?;
    let all = all.map_err(Error::Disk)?;
    let kept = attachment(&about.name);
    let plain = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_DISPOSITION, kept), (header::CONTENT_TYPE, plain)], all).into_response())
}
