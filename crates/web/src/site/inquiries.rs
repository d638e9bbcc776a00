//! Inquiries 查询疑问: asked by the person, explained by the body that looked, or by the office.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use register::InquiryId;
use register::inquiry::State as Stands;
use usecases::inquiry::{self, DeskCase};
use usecases::{Actor, my};

use super::mistakes_of;
use super::my::{frame, row};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::pages::desk::InquiryPage;
use crate::pages::format::grouped;
use crate::pages::my::{CasePage, NewInquiryPage};
use crate::pages::{Choice, Here, Link, Mistakes, Shell};
use crate::session::{Citizen, Clerk, Office};
use crate::state::WebState;
use crate::view;

async fn new_page(
    citizen: &Citizen,
    state: &WebState,
    seq: u64,
    words: &str,
    mistakes: Mistakes,
) -> Answer<NewInquiryPage> {
    let cx = &state.cx;
    let look = row(&my::look(cx, &citizen.actor, seq).await?, &cx.rules);
    let notices = my::notices(cx, &citizen.actor).await?;
    let due = cx.rules.due("inquiry_answer", cx.today());
    Ok(NewInquiryPage {
        shell: frame(citizen, Here::MyLooks, &notices),
        seq,
        seq_text: grouped(seq),
        says: format!("{}，{}，{}", look.agency, look.at, look.purpose),
        due: due.map(|due| view::by(due.on, &cx.rules)).unwrap_or_default(),
        words: words.to_owned(),
        mistakes,
    })
}

/// GET `/my/looks/{seq}/inquiry`
pub(crate) async fn form(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(seq): Path<u64>,
) -> Answer {
    if let Some(asked) = inquiry::about_look(&state.cx, &citizen.actor, seq).await? {
        return Ok(Redirect::to(&format!("/my/inquiries/{}", asked.id)).into_response());
    }
    page(&new_page(&citizen, &state, seq, "", Mistakes::none()).await?)
}

/// POST `/my/looks/{seq}/inquiry`
pub(crate) async fn ask(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(seq): Path<u64>,
    posted: Posted,
) -> Answer {
    let words = posted.get("words");
    match inquiry::ask(&state.cx, &citizen.actor, seq, words).await {
        Ok(asked) => Ok(Redirect::to(&format!("/my/inquiries/{}", asked.id)).into_response()),
        Err(error) => {
            let mistakes = mistakes_of(error, "words")?;
            let again = new_page(&citizen, &state, seq, words, mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

fn inquiry_id(id: &str) -> Answer<InquiryId> {
    id.parse().map_err(|_| Refused::not_found())
}

/// `/my/inquiries/{id}`
pub(crate) async fn one(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let cx = &state.cx;
    let (case, _) = inquiry::one_of_mine(cx, &citizen.actor, inquiry_id(&id)?).await?.into_parts();
    let notices = my::notices(cx, &citizen.actor).await?;
    let agency = cx.rules.agency(case.inquiry.agency.as_str());
    let is_of_the_office = agency.is_some_and(|agency| agency.kind == "credit-office");
    let remedy = remedy(case.inquiry.state, is_of_the_office).to_owned();
    page(&CasePage {
        shell: frame(&citizen, Here::MyCases, &notices),
        kind: "查询疑问".to_owned(),
        place: format!("/my/inquiries/{id}"),
        case: view::inquiry::view(&case, &cx.rules, true),
        can_withdraw: false,
        hearing: None,
        remedy,
    })
}

/// What the person can do against an answer; for its own looks the office is not its own judge.
const fn remedy(state: Stands, is_of_the_office: bool) -> &'static str {
    match (state, is_of_the_office) {
        (Stands::Asked, _) => "",
        (Stands::Explained, false) => {
            "不同意的，可以写信或者打电话向信用办反映（地址、电话见“您的权利”），请写明编号。"
        }
        (Stands::Explained, true) => {
            "不同意的，可以写信或者打电话反映（地址、电话见“您的权利”），请写明编号，并注明“请转审计单位”。"
        }
        (Stands::Mistaken, false) => {
            "这个单位不应该查询，已报信用办，信用办会了解情况。因此受到损害的，可以要求这个单位赔偿。"
        }
        (Stands::Mistaken, true) => {
            "信用办不应该查询，已报审计单位。因此受到损害的，可以要求信用办赔偿。"
        }
    }
}

/// Where the page stands: on a desk, or in the office.
struct Desk<'a> {
    actor: &'a Actor,
    shell: Shell,
    back: Link,
    place: String,
}

impl Desk<'_> {
    async fn page(
        self,
        state: &WebState,
        id: InquiryId,
        (chosen, words): (&str, &str),
        mistakes: Mistakes,
    ) -> Answer<InquiryPage> {
        let (seen, _) = inquiry::desk_one(&state.cx, self.actor, id).await?.into_parts();
        let DeskCase { case, login } = seen;
        let mistaken = match self.actor.agency {
            Some(_) => "不应该查询，报信用办",
            None => "不应该查询，报审计单位",
        };
        let choice = |state: Stands, text: &str| Choice {
            is_chosen: state.code() == chosen,
            ..Choice::new(state.code(), text)
        };
        Ok(InquiryPage {
            shell: self.shell,
            back: self.back,
            place: self.place,
            case: view::inquiry::view(&case, &state.cx.rules, false),
            login: login.unwrap_or_else(|| "（已注销）".to_owned()),
            states: vec![
                choice(Stands::Explained, "应该查询，下面说明理由"),
                choice(Stands::Mistaken, mistaken),
            ],
            words: words.to_owned(),
            mistakes,
        })
    }

    async fn answer(self, state: &WebState, id: InquiryId, posted: Posted) -> Answer {
        let (chosen, words) = (posted.get("state"), posted.get("words"));
        match inquiry::answer(&state.cx, self.actor, id, chosen, words).await {
            Ok(_) => Ok(Redirect::to(&self.place).into_response()),
            Err(error) => {
                let mistakes = mistakes_of(error, "state")?;
                let again = self.page(state, id, (chosen, words), mistakes).await?;
                page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
            }
        }
    }
}

fn at_desk<'a>(clerk: &'a Clerk, id: &str) -> Desk<'a> {
    Desk {
        actor: &clerk.actor,
        shell: clerk.shell(Here::DeskToday),
        back: Link::new("/desk", "今天要办"),
        place: format!("/desk/inquiries/{id}"),
    }
}

fn in_office<'a>(office: &'a Office, id: &str) -> Desk<'a> {
    Desk {
        actor: &office.actor,
        shell: office.shell(Here::OfficeCases),
        back: Link::new("/office/cases", "办件和期限"),
        place: format!("/office/inquiries/{id}"),
    }
}

/// GET `/desk/inquiries/{id}`
pub(crate) async fn desk(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let desk = at_desk(&clerk, &id);
    page(&desk.page(&state, inquiry_id(&id)?, ("", ""), Mistakes::none()).await?)
}

/// POST `/desk/inquiries/{id}`
pub(crate) async fn desk_answer(
    clerk: Clerk,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    at_desk(&clerk, &id).answer(&state, inquiry_id(&id)?, posted).await
}

/// GET `/office/inquiries/{id}`
pub(crate) async fn office(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer {
    let desk = in_office(&office, &id);
    page(&desk.page(&state, inquiry_id(&id)?, ("", ""), Mistakes::none()).await?)
}

/// POST `/office/inquiries/{id}`
pub(crate) async fn office_answer(
    office: Office,
    State(state): State<WebState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Answer {
    in_office(&office, &id).answer(&state, inquiry_id(&id)?, posted).await
}
