//! My cases 我的办件: what I asked for, and how far it has come.

use axum::extract::State;
use register::{PersonId, RecordId};
use usecases::my::{self, MyRecord};
use usecases::{challenge, inquiry, objection, repair};

use super::my::frame;
use crate::answer::{Answer, Refused, page};
use crate::pages::Here;
use crate::pages::my::CasesPage;
use crate::session::Citizen;
use crate::state::WebState;
use crate::view;

/// Which record a new case is about.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct About {
    pub(crate) record: String,
}

/// `/my/cases`
pub(crate) async fn list(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let notices = my::notices(&state.cx, &citizen.actor).await?;
    let objections = objection::mine(&state.cx, &citizen.actor).await?;
    let repairs = repair::mine(&state.cx, &citizen.actor).await?;
    let challenges = challenge::mine(&state.cx, &citizen.actor).await?;
    let inquiries = inquiry::mine(&state.cx, &citizen.actor).await?;
    let rules = &state.cx.rules;
    page(&CasesPage {
        shell: frame(&citizen, Here::MyCases, &notices),
        objections: objections.iter().map(|one| view::case::mine(one, rules)).collect(),
        repairs: repairs.iter().map(|one| view::case::mine(one, rules)).collect(),
        challenges: challenges.iter().map(|one| view::case::mine(one, rules)).collect(),
        inquiries: inquiries.iter().map(|one| view::case::mine(one, rules)).collect(),
    })
}

/// The person behind the account.
pub(super) fn person(citizen: &Citizen) -> Answer<PersonId> {
    citizen.actor.person.ok_or_else(Refused::not_found)
}

/// One of the person's records; his look at it is logged like any other.
pub(super) async fn record(citizen: &Citizen, state: &WebState, id: &str) -> Answer<MyRecord> {
    let id: RecordId = id.parse().map_err(|_| Refused::not_found())?;
    let (file, _) = my::file(&state.cx, &citizen.actor).await?.into_parts();
    let found = file.records.into_iter().find(|mine| mine.record.id == id);
    found.ok_or_else(Refused::not_found)
}
