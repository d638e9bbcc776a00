//! Whole identity numbers 完整证件号码: once, for whoever says why and proves himself anew.

use axum::extract::State;
use axum::http::StatusCode;
use usecases::Actor;
use usecases::account::Proof;
use usecases::whole_number::{self, Affair, Ask, WholeNumber};
use zeroize::Zeroizing;

use super::mistakes_of;
use super::sign_in::demo_code;
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted};
use crate::knock::Knock;
use crate::pages::format::grouped;
use crate::pages::{Here, Link, Mistakes, WholeNumberPage, WholeNumberShownPage};
use crate::session::{Clerk, Office, Visit};
use crate::state::WebState;

/// An affair as its pages know it.
struct Where {
    affair: Affair,
    /// What it is called before its number.
    title: &'static str,
    /// Its own page.
    back: String,
    /// Where the form is.
    place: String,
    here: Here,
    /// Reasons that are usual in it.
    usual: [&'static str; 2],
}

/// Whoever stands at this door.
struct At<'a> {
    visit: &'a Visit,
    actor: &'a Actor,
    state: &'a WebState,
}

fn read<T: std::str::FromStr>(id: &str) -> Answer<T> {
    id.parse().map_err(|_| Refused::not_found())
}

/// Where the whole number is shown in an affair of the office.
pub(super) fn office_place(kind: &str, person: &str, id: &str) -> String {
    format!("/office/number/{kind}/{person}/{id}")
}

fn at_the_desk(kind: &str, id: &str) -> Answer<Where> {
    let (affair, title, folder) = match kind {
        "objection" => (Affair::Objection(read(id)?), "异议", "objections"),
        "repair" => (Affair::Repair(read(id)?), "修复", "repairs"),
        "challenge" => (Affair::Challenge(read(id)?), "复议、诉讼", "challenges"),
        _ => return Err(Refused::not_found()),
    };
    Ok(Where {
        affair,
        title,
        back: format!("/desk/{folder}/{id}"),
        place: format!("/desk/number/{kind}/{id}"),
        here: Here::DeskToday,
        usual: ["核对文书原件上的证件号码", "在本单位业务系统里查找这个人的案卷"],
    })
}

fn at_the_office(kind: &str, (person, id): (&str, &str)) -> Answer<Where> {
    let whose = read(person)?;
    let (affair, title, back) = match kind {
        "letter" => (Affair::Letter(whose, read(id)?), "", format!("/office/letters/{person}")),
        "opening" => {
            (Affair::Opening(whose, read(id)?), "启封", format!("/office/openings/{person}/{id}"))
        }
        "death" => {
            (Affair::Death(whose, read(id)?), "去世登记", format!("/office/deaths/{person}/{id}"))
        }
        _ => return Err(Refused::not_found()),
    };
    let is_letter = kind == "letter";
    Ok(Where {
        affair,
        title,
        back,
        place: office_place(kind, person, id),
        here: if is_letter { Here::OfficeDeliveries } else { Here::OfficeOpenings },
        usual: if is_letter {
            ["向报送单位问送达地址", "核对退回的信件是不是这个人的"]
        } else {
            ["核对材料原件上的证件号码", "向公安、民政部门核对这个人"]
        },
    })
}

fn title(of: &Where, number: &str) -> String {
    format!("{} {number}", of.title).trim().to_owned()
}

async fn form_page(
    at: &At<'_>,
    of: &Where,
    (number, reason): (&str, &str),
    mistakes: Mistakes,
) -> Answer<WholeNumberPage> {
    let affair = title(of, number);
    let code = demo_code(at.state, at.actor).await?;
    Ok(WholeNumberPage {
        shell: at.visit.shell(of.here),
        back: Link::new(&of.back, &affair),
        place: of.place.clone(),
        affair,
        usual: of.usual.map(str::to_owned).to_vec(),
        reason: reason.to_owned(),
        is_demo: code.is_some(),
        demo_code: code.unwrap_or_default(),
        mistakes,
    })
}

async fn form(at: At<'_>, of: Where) -> Answer {
    let number = whole_number::about(&at.state.cx, at.actor, of.affair).await?;
    page(&form_page(&at, &of, (&number, ""), Mistakes::none()).await?)
}

async fn show(at: At<'_>, of: Where, knock: &Knock, posted: &Posted) -> Answer {
    let cx = &at.state.cx;
    let field = |name: &str| Zeroizing::new(posted.get(name).to_owned());
    let ask = Ask {
        reason: posted.get("reason").to_owned(),
        proof: Proof { password: field("password"), code: field("code") },
    };
    let place = knock.place(cx, &at.actor.login);
    let permit = at.state.password_checks.acquire().await;
    let shown = whole_number::show(cx, at.actor, of.affair, &place, &ask).await;
    drop(permit);
    match shown {
        Ok(shown) => {
            let (WholeNumber { name, document, affair }, position) = shown.into_parts();
            let affair = title(&of, &affair);
            page(&WholeNumberShownPage {
                shell: at.visit.shell(of.here),
                back: Link::new(&of.back, &affair),
                affair,
                name: name.as_str().to_owned(),
                kind: document.kind().title().to_owned(),
                number: document.number().to_owned(),
                log_seq: grouped(position.seq),
            })
        }
        Err(error) => {
            let mistakes = mistakes_of(error, "reason")?;
            let number = whole_number::about(cx, at.actor, of.affair).await?;
            let again = form_page(&at, &of, (&number, &ask.reason), mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// GET `/desk/number/{kind}/{id}`
pub(crate) async fn desk(
    clerk: Clerk,
    State(state): State<WebState>,
    Path((kind, id)): Path<(String, String)>,
) -> Answer {
    let at = At { visit: &clerk.visit, actor: &clerk.actor, state: &state };
    form(at, at_the_desk(&kind, &id)?).await
}

/// POST `/desk/number/{kind}/{id}`
pub(crate) async fn desk_show(
    clerk: Clerk,
    knock: Knock,
    State(state): State<WebState>,
    Path((kind, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let at = At { visit: &clerk.visit, actor: &clerk.actor, state: &state };
    show(at, at_the_desk(&kind, &id)?, &knock, &posted).await
}

/// GET `/office/number/{kind}/{person}/{id}`
pub(crate) async fn office(
    office: Office,
    State(state): State<WebState>,
    Path((kind, person, id)): Path<(String, String, String)>,
) -> Answer {
    let at = At { visit: &office.visit, actor: &office.actor, state: &state };
    form(at, at_the_office(&kind, (&person, &id))?).await
}

/// POST `/office/number/{kind}/{person}/{id}`
pub(crate) async fn office_show(
    office: Office,
    knock: Knock,
    State(state): State<WebState>,
    Path((kind, person, id)): Path<(String, String, String)>,
    posted: Posted,
) -> Answer {
    let at = At { visit: &office.visit, actor: &office.actor, state: &state };
    show(at, at_the_office(&kind, (&person, &id))?, &knock, &posted).await
}
