//! Mandates 授权查询: given and taken back by the person, redeemed by the body that he named.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use register::MandateId;
use register::mandate::{Mandate, days};
use usecases::mandate::{self, NewMandate, Redeemed};
use usecases::my;

use super::my::frame;
use super::{here, mistakes_of};
use crate::answer::{Answer, Refused, page, page_with};
use crate::extract::{Path, Posted, Query};
use crate::pages::format::grouped;
use crate::pages::my::{MandateCodePage, MandatesPage, NewMandatePage, RedeemPage, RedeemedPage};
use crate::pages::{Choice, Here, Link, Mistakes};
use crate::session::{Citizen, Clerk};
use crate::state::WebState;
use crate::view;

/// `/my/mandates`
pub(crate) async fn list(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let cx = &state.cx;
    let notices = my::notices(cx, &citizen.actor).await?;
    let mandates = mandate::mine(cx, &citizen.actor).await?;
    let card = |one: &Mandate| view::mandate::card(one, &cx.rules, cx.today());
    page(&MandatesPage {
        shell: frame(&citizen, Here::MyMandates, &notices),
        mandates: mandates.iter().map(card).collect(),
    })
}

async fn new_page(
    citizen: &Citizen,
    state: &WebState,
    typed: NewMandate,
    mistakes: Mistakes,
) -> Answer<NewMandatePage> {
    let cx = &state.cx;
    let notices = my::notices(cx, &citizen.actor).await?;
    let bodies = cx.rules.agencies().iter().map(|body| Choice {
        is_chosen: body.uscc == typed.grantee,
        ..Choice::new(&body.uscc, &body.name)
    });
    let kept = cx.rules.items().iter().filter(|item| item.layout != "none");
    let items = kept.map(|item| Choice {
        is_chosen: typed.items.contains(&item.code),
        ..Choice::new(&item.code, &item.title)
    });
    Ok(NewMandatePage {
        shell: frame(citizen, Here::MyMandates, &notices),
        grantees: bodies.collect(),
        items: items.collect(),
        purpose: typed.purpose,
        until: typed.until,
        uses: typed.uses,
        mistakes,
    })
}

/// GET `/my/mandates/new`
pub(crate) async fn form(citizen: Citizen, State(state): State<WebState>) -> Answer {
    let offered = days(&state.cx.rules, state.cx.today()).map(|(offered, _)| offered.to_string());
    let fresh = NewMandate {
        until: offered.unwrap_or_default(),
        uses: state.cx.rules.limit("mandate_uses").to_string(),
        ..NewMandate::default()
    };
    page(&new_page(&citizen, &state, fresh, Mistakes::none()).await?)
}

/// POST `/my/mandates/new`
pub(crate) async fn give(
    citizen: Citizen,
    State(state): State<WebState>,
    headers: HeaderMap,
    posted: Posted,
) -> Answer {
    let new = NewMandate {
        grantee: posted.get("grantee").to_owned(),
        purpose: posted.get("purpose").to_owned(),
        items: posted.all("items").map(str::to_owned).collect(),
        until: posted.get("until").to_owned(),
        uses: posted.get("uses").to_owned(),
    };
    match mandate::give(&state.cx, &citizen.actor, new.clone()).await {
        Ok((given, code)) => code_page(&citizen, &state, &headers, &given, &code).await,
        Err(error) => {
            let mistakes = mistakes_of(error, "grantee")?;
            let again = new_page(&citizen, &state, new, mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// The code in the answer itself: it stands in no address and is kept nowhere.
async fn code_page(
    citizen: &Citizen,
    state: &WebState,
    headers: &HeaderMap,
    given: &Mandate,
    code: &str,
) -> Answer {
    let cx = &state.cx;
    let notices = my::notices(cx, &citizen.actor).await?;
    let address = format!("{}/desk/mandates?code={code}", here(headers));
    page(&MandateCodePage {
        shell: frame(citizen, Here::MyMandates, &notices),
        mandate: view::mandate::card(given, &cx.rules, cx.today()),
        code: code.to_owned(),
        qr: view::mandate::qr(&address),
    })
}

fn mandate_id(id: &str) -> Answer<MandateId> {
    id.parse().map_err(|_| Refused::not_found())
}

/// POST `/my/mandates/{id}/code`
pub(crate) async fn new_code(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    _posted: Posted,
) -> Answer {
    let id = mandate_id(&id)?;
    let (given, code) = mandate::new_code(&state.cx, &citizen.actor, id).await?;
    code_page(&citizen, &state, &headers, &given, &code).await
}

/// POST `/my/mandates/{id}/revoke`
pub(crate) async fn revoke(
    citizen: Citizen,
    State(state): State<WebState>,
    Path(id): Path<String>,
    _posted: Posted,
) -> Answer {
    mandate::revoke(&state.cx, &citizen.actor, mandate_id(&id)?).await?;
    Ok(Redirect::to("/my/mandates").into_response())
}

/// A code that came with the address: somebody scanned it.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Scanned {
    code: String,
}

/// GET `/desk/mandates`
pub(crate) async fn redeem_form(
    clerk: Clerk,
    State(_): State<WebState>,
    Query(Scanned { code }): Query<Scanned>,
) -> Answer {
    page(&RedeemPage {
        shell: clerk.shell(Here::DeskMandates),
        code,
        matter: String::new(),
        mistakes: Mistakes::none(),
    })
}

/// POST `/desk/mandates`
pub(crate) async fn redeem(clerk: Clerk, State(state): State<WebState>, posted: Posted) -> Answer {
    let cx = &state.cx;
    let (code, matter) = (posted.get("code"), posted.get("matter"));
    let shell = clerk.shell(Here::DeskMandates);
    let seen = match mandate::redeem(cx, &clerk.actor, code, matter).await {
        Ok(seen) => seen,
        Err(error) => {
            let mistakes = if matches!(error, usecases::Error::NotFound) {
                let says = "没有这份授权，或者它不是给本单位的。请和本人核对授权码。";
                Mistakes::none().and("code", says)
            } else {
                mistakes_of(error, "code")?
            };
            let (code, matter) = (code.to_owned(), matter.to_owned());
            let again = RedeemPage { shell, code, matter, mistakes };
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    let (seen, position) = seen.into_parts();
    let Redeemed { mandate, name, number, facts } = seen;
    page(&RedeemedPage {
        shell,
        person: format!("{}，证件号码 {number}", name.as_str()),
        mandate: view::mandate::card(&mandate, &cx.rules, cx.today()),
        matter: matter.trim().to_owned(),
        facts: facts.iter().map(|fact| view::record::told(fact, &cx.rules)).collect(),
        log_seq: grouped(position.seq),
        again: Link::new("/desk/mandates", "再查一份授权"),
    })
}
